//! Comparisons. Their results stay `i8` on the stack, see [`crate::function::stack`].

use crate::function::translator::Translator;
use cranelift_codegen::ir::condcodes::{CondCode, FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, InstructionData, Value, types};

macro_rules! comparisons {
    ($instruction:ident: $($visit:ident $condition:expr;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let (left, right) = self.pop2();
                let value = self.ins().$instruction($condition, left, right);
                self.push(value);
            })*
        }
    };
}

comparisons! { icmp:
    visit_i32_eq IntCC::Equal;
    visit_i32_ne IntCC::NotEqual;
    visit_i32_lt_s IntCC::SignedLessThan;
    visit_i32_lt_u IntCC::UnsignedLessThan;
    visit_i32_gt_s IntCC::SignedGreaterThan;
    visit_i32_gt_u IntCC::UnsignedGreaterThan;
    visit_i32_le_s IntCC::SignedLessThanOrEqual;
    visit_i32_le_u IntCC::UnsignedLessThanOrEqual;
    visit_i32_ge_s IntCC::SignedGreaterThanOrEqual;
    visit_i32_ge_u IntCC::UnsignedGreaterThanOrEqual;
    visit_i64_eq IntCC::Equal;
    visit_i64_ne IntCC::NotEqual;
    visit_i64_lt_s IntCC::SignedLessThan;
    visit_i64_lt_u IntCC::UnsignedLessThan;
    visit_i64_gt_s IntCC::SignedGreaterThan;
    visit_i64_gt_u IntCC::UnsignedGreaterThan;
    visit_i64_le_s IntCC::SignedLessThanOrEqual;
    visit_i64_le_u IntCC::UnsignedLessThanOrEqual;
    visit_i64_ge_s IntCC::SignedGreaterThanOrEqual;
    visit_i64_ge_u IntCC::UnsignedGreaterThanOrEqual;
}

comparisons! { fcmp:
    visit_f32_eq FloatCC::Equal;
    visit_f32_ne FloatCC::NotEqual;
    visit_f32_lt FloatCC::LessThan;
    visit_f32_gt FloatCC::GreaterThan;
    visit_f32_le FloatCC::LessThanOrEqual;
    visit_f32_ge FloatCC::GreaterThanOrEqual;
    visit_f64_eq FloatCC::Equal;
    visit_f64_ne FloatCC::NotEqual;
    visit_f64_lt FloatCC::LessThan;
    visit_f64_gt FloatCC::GreaterThan;
    visit_f64_le FloatCC::LessThanOrEqual;
    visit_f64_ge FloatCC::GreaterThanOrEqual;
}

impl Translator<'_, '_> {
    pub fn visit_i32_eqz(&mut self) {
        let value = self.pop_condition();
        let value = match self.negated(value) {
            Some(negated) => negated,
            None => self.is_zero(value),
        };
        self.push(value);
    }

    pub fn visit_i64_eqz(&mut self) {
        let value = self.pop();
        let value = self.is_zero(value);
        self.push(value);
    }

    /// `i8`: 1 if `value` is zero.
    pub fn is_zero(&mut self, value: Value) -> Value {
        self.ins().icmp_imm_u(IntCC::Equal, value, 0)
    }

    /// The opposite of a comparison, if `value` is one.
    fn negated(&mut self, value: Value) -> Option<Value> {
        if self.builder.func.dfg.value_type(value) != types::I8 {
            return None;
        }
        match self.definition(value)? {
            InstructionData::IntCompare { cond, args, .. } => {
                Some(self.ins().icmp(cond.complement(), args[0], args[1]))
            }
            InstructionData::FloatCompare { cond, args, .. } => {
                Some(self.ins().fcmp(cond.complement(), args[0], args[1]))
            }
            _ => None,
        }
    }
}
