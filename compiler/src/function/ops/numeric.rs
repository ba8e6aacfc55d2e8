//! Arithmetic on integers and floats, and sign extension: a row per operator.
//!
//! CLIF's instructions mean what Wasm's mean, traps included: division by zero, `INT_MIN / -1`; the
//! remainder of that is 0. Shift counts wrap.

use crate::function::translator::Translator;
use cranelift_codegen::ir::{InstBuilder, types};

macro_rules! binary {
    ($($visit:ident $instruction:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let (left, right) = self.pop2();
                let value = self.ins().$instruction(left, right);
                self.push(value);
            })*
        }
    };
}

macro_rules! unary {
    ($($visit:ident $instruction:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let operand = self.pop();
                let value = self.ins().$instruction(operand);
                self.push(value);
            })*
        }
    };
}

/// Sign extension from a part of an integer.
macro_rules! extend {
    ($($visit:ident $from:ident $to:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let operand = self.pop();
                let part = self.ins().ireduce(types::$from, operand);
                let value = self.ins().sextend(types::$to, part);
                self.push(value);
            })*
        }
    };
}

binary! {
    visit_i32_add iadd;
    visit_i32_sub isub;
    visit_i32_mul imul;
    visit_i32_div_s sdiv;
    visit_i32_div_u udiv;
    visit_i32_rem_s srem;
    visit_i32_rem_u urem;
    visit_i32_and band;
    visit_i32_or bor;
    visit_i32_xor bxor;
    visit_i32_shl ishl;
    visit_i32_shr_s sshr;
    visit_i32_shr_u ushr;
    visit_i32_rotl rotl;
    visit_i32_rotr rotr;
    visit_i64_add iadd;
    visit_i64_sub isub;
    visit_i64_mul imul;
    visit_i64_div_s sdiv;
    visit_i64_div_u udiv;
    visit_i64_rem_s srem;
    visit_i64_rem_u urem;
    visit_i64_and band;
    visit_i64_or bor;
    visit_i64_xor bxor;
    visit_i64_shl ishl;
    visit_i64_shr_s sshr;
    visit_i64_shr_u ushr;
    visit_i64_rotl rotl;
    visit_i64_rotr rotr;
    visit_f32_add fadd;
    visit_f32_sub fsub;
    visit_f32_mul fmul;
    visit_f32_div fdiv;
    visit_f32_min fmin;
    visit_f32_max fmax;
    visit_f32_copysign fcopysign;
    visit_f64_add fadd;
    visit_f64_sub fsub;
    visit_f64_mul fmul;
    visit_f64_div fdiv;
    visit_f64_min fmin;
    visit_f64_max fmax;
    visit_f64_copysign fcopysign;
}

unary! {
    visit_i32_clz clz;
    visit_i32_ctz ctz;
    visit_i32_popcnt popcnt;
    visit_i64_clz clz;
    visit_i64_ctz ctz;
    visit_i64_popcnt popcnt;
    visit_f32_abs fabs;
    visit_f32_neg fneg;
    visit_f32_ceil ceil;
    visit_f32_floor floor;
    visit_f32_trunc trunc;
    visit_f32_nearest nearest;
    visit_f32_sqrt sqrt;
    visit_f64_abs fabs;
    visit_f64_neg fneg;
    visit_f64_ceil ceil;
    visit_f64_floor floor;
    visit_f64_trunc trunc;
    visit_f64_nearest nearest;
    visit_f64_sqrt sqrt;
}

extend! {
    visit_i32_extend8_s I8 I32;
    visit_i32_extend16_s I16 I32;
    visit_i64_extend8_s I8 I64;
    visit_i64_extend16_s I16 I64;
    visit_i64_extend32_s I32 I64;
}
