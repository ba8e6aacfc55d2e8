//! Arithmetic on integers of 128 bits, each as two `i64`s, the lower half first.

use crate::function::translator::Translator;
use cranelift_codegen::ir::{InstBuilder, Value, types};

impl Translator<'_, '_> {
    pub fn visit_i64_add128(&mut self) {
        let (left, right) = self.pop2_wide();
        let sum = self.ins().iadd(left, right);
        self.push_wide(sum);
    }

    pub fn visit_i64_sub128(&mut self) {
        let (left, right) = self.pop2_wide();
        let difference = self.ins().isub(left, right);
        self.push_wide(difference);
    }

    pub fn visit_i64_mul_wide_s(&mut self) {
        let (left, right) = self.pop2();
        let left = self.ins().sextend(types::I128, left);
        let right = self.ins().sextend(types::I128, right);
        let product = self.ins().imul(left, right);
        self.push_wide(product);
    }

    pub fn visit_i64_mul_wide_u(&mut self) {
        let (left, right) = self.pop2();
        let left = self.ins().uextend(types::I128, left);
        let right = self.ins().uextend(types::I128, right);
        let product = self.ins().imul(left, right);
        self.push_wide(product);
    }

    fn pop2_wide(&mut self) -> (Value, Value) {
        let right = self.pop2();
        let left = self.pop2();
        let left = self.ins().iconcat(left.0, left.1);
        (left, self.ins().iconcat(right.0, right.1))
    }

    fn push_wide(&mut self, value: Value) {
        let (low, high) = self.ins().isplit(value);
        self.push(low);
        self.push(high);
    }
}
