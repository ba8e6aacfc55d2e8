//! Relaxed vector operators: those that may differ from machine to machine where the result would cost much
//! to make alike.
//!
//! [`RelaxedSimd::Deterministic`] gives each the meaning of the operator of the fixed set that it relaxes, with
//! two roundings for a multiplication and an addition: any CPU of any target gives the same. With
//! [`RelaxedSimd::Fast`] each is what the target has, where that is one of the meanings it may have.

use crate::config::RelaxedSimd;
use crate::function::translator::Translator;
use ahead_targets::Isa;
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};
use types::{F32X4, F64X2, I8X16, I16X8, I32X4, I64X2};

impl Translator<'_, '_> {
    /// Whether to use what only x86-64 has.
    fn relaxed_for_x86_64(&self) -> bool {
        self.env.relaxed_simd == RelaxedSimd::Fast && self.env.cpu.isa() == Isa::X86_64
    }

    pub fn visit_i8x16_relaxed_swizzle(&mut self) {
        if !self.relaxed_for_x86_64() {
            return self.visit_i8x16_swizzle();
        }
        let (vector, lanes) = self.pop2_shaped(I8X16);
        let value = self.ins().x86_pshufb(vector, lanes);
        self.push(value);
    }

    pub fn visit_i32x4_relaxed_trunc_f32x4_s(&mut self) {
        if !self.relaxed_for_x86_64() {
            return self.visit_i32x4_trunc_sat_f32x4_s();
        }
        let operand = self.pop_shaped(F32X4);
        let value = self.ins().x86_cvtt2dq(I32X4, operand);
        self.push(value);
    }

    /// No x86-64 below AVX-512 has it.
    pub fn visit_i32x4_relaxed_trunc_f32x4_u(&mut self) {
        self.visit_i32x4_trunc_sat_f32x4_u();
    }

    pub fn visit_i32x4_relaxed_trunc_f64x2_s_zero(&mut self) {
        if !self.relaxed_for_x86_64() {
            return self.visit_i32x4_trunc_sat_f64x2_s_zero();
        }
        let operand = self.pop_shaped(F64X2);
        let wide = self.ins().x86_cvtt2dq(I64X2, operand);
        let zero = self.vector_zero(I64X2);
        let value = self.ins().snarrow(wide, zero);
        self.push(value);
    }

    /// As for `f32x4`.
    pub fn visit_i32x4_relaxed_trunc_f64x2_u_zero(&mut self) {
        self.visit_i32x4_trunc_sat_f64x2_u_zero();
    }

    pub fn visit_f32x4_relaxed_madd(&mut self) {
        self.multiply_add(F32X4, false);
    }

    pub fn visit_f32x4_relaxed_nmadd(&mut self) {
        self.multiply_add(F32X4, true);
    }

    pub fn visit_f64x2_relaxed_madd(&mut self) {
        self.multiply_add(F64X2, false);
    }

    pub fn visit_f64x2_relaxed_nmadd(&mut self) {
        self.multiply_add(F64X2, true);
    }

    /// `left * right + addend`, with `left` negated if `negated`.
    fn multiply_add(&mut self, shape: Type, negated: bool) {
        let addend = self.pop_shaped(shape);
        let (mut left, right) = self.pop2_shaped(shape);
        if negated {
            left = self.ins().fneg(left);
        }
        // Without the instruction a fused operation would be a call for each lane.
        let cpu = self.env.cpu;
        let fused = self.env.relaxed_simd == RelaxedSimd::Fast
            && (cpu.isa() != Isa::X86_64 || (cpu.contains("fma") && cpu.contains("avx")));
        let value = if fused {
            self.ins().fma(left, right, addend)
        } else {
            let product = self.ins().fmul(left, right);
            self.ins().fadd(product, addend)
        };
        self.push(value);
    }

    pub fn visit_i8x16_relaxed_laneselect(&mut self) {
        self.lane_select(I8X16);
    }

    /// x86-64 selects bytes by their own highest bit, which is not the lane's.
    pub fn visit_i16x8_relaxed_laneselect(&mut self) {
        self.visit_v128_bitselect();
    }

    pub fn visit_i32x4_relaxed_laneselect(&mut self) {
        self.lane_select(I32X4);
    }

    pub fn visit_i64x2_relaxed_laneselect(&mut self) {
        self.lane_select(I64X2);
    }

    fn lane_select(&mut self, shape: Type) {
        if !self.relaxed_for_x86_64() {
            return self.visit_v128_bitselect();
        }
        let mask = self.pop_shaped(shape);
        let (set, clear) = self.pop2_shaped(shape);
        let value = self.ins().blendv(mask, set, clear);
        self.push(value);
    }

    pub fn visit_f32x4_relaxed_min(&mut self) {
        match self.relaxed_for_x86_64() {
            true => self.visit_f32x4_pmin(),
            false => self.visit_f32x4_min(),
        }
    }

    pub fn visit_f32x4_relaxed_max(&mut self) {
        match self.relaxed_for_x86_64() {
            true => self.visit_f32x4_pmax(),
            false => self.visit_f32x4_max(),
        }
    }

    pub fn visit_f64x2_relaxed_min(&mut self) {
        match self.relaxed_for_x86_64() {
            true => self.visit_f64x2_pmin(),
            false => self.visit_f64x2_min(),
        }
    }

    pub fn visit_f64x2_relaxed_max(&mut self) {
        match self.relaxed_for_x86_64() {
            true => self.visit_f64x2_pmax(),
            false => self.visit_f64x2_max(),
        }
    }

    pub fn visit_i16x8_relaxed_q15mulr_s(&mut self) {
        if !self.relaxed_for_x86_64() {
            return self.visit_i16x8_q15mulr_sat_s();
        }
        let (left, right) = self.pop2_shaped(I16X8);
        let value = self.ins().x86_pmulhrsw(left, right);
        self.push(value);
    }

    pub fn visit_i16x8_relaxed_dot_i8x16_i7x16_s(&mut self) {
        let value = self.dot_bytes();
        self.push(value);
    }

    pub fn visit_i32x4_relaxed_dot_i8x16_i7x16_add_s(&mut self) {
        let addend = self.pop_shaped(I32X4);
        let sums = self.dot_bytes();
        let low = self.ins().swiden_low(sums);
        let high = self.ins().swiden_high(sums);
        let sums = self.ins().iadd_pairwise(low, high);
        let value = self.ins().iadd(sums, addend);
        self.push(value);
    }

    /// Sums of the products of neighbouring bytes. The second operand's have seven bits; whether an eighth is
    /// a sign or not is the machine's.
    fn dot_bytes(&mut self) -> Value {
        let (left, right) = self.pop2_shaped(I8X16);
        match self.relaxed_for_x86_64() {
            true => self.ins().x86_pmaddubsw(left, right),
            false => self.dot(left, right),
        }
    }
}
