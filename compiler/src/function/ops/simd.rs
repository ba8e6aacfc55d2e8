//! Vectors of 128 bits: a row per operator.
//!
//! A `v128` has no shape of its own; each operator says how it looks at its operands. CLIF's vectors do have
//! one, so operands are cast to it, which costs nothing: a value stays in the shape it was made in, and
//! [`Translator::in_shape`] sees through a cast. Combinations that the code generators know as one
//! instruction (`pmaddwd`, `pmin`, widening multiplications, ...) are written here in the form that they
//! look for.
//!
//! Every operator is instructions: at the lowest CPU level of either target nothing here becomes a call.

use crate::function::signature::VECTOR;
use crate::function::translator::Translator;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{
    ConstantData, Endianness, InstBuilder, InstructionData, MemFlagsData, Opcode, Type, Value,
    types,
};
use types::{F32X4, F64X2, I8X16, I16X8, I32X4, I64X2};
use wasmparser::MemArg;

impl Translator<'_, '_> {
    /// A vector looked at in another shape.
    pub fn in_shape(&mut self, value: Value, shape: Type) -> Value {
        if self.builder.func.dfg.value_type(value) == shape {
            return value;
        }
        if let Some(InstructionData::LoadNoOffset {
            opcode: Opcode::Bitcast,
            arg,
            ..
        }) = self.definition(value)
            && self.builder.func.dfg.value_type(arg) == shape
        {
            return arg;
        }
        let flags = MemFlagsData::new().with_endianness(Endianness::Little);
        self.ins().bitcast(shape, flags, value)
    }

    /// Pops a vector in a shape.
    pub fn pop_shaped(&mut self, shape: Type) -> Value {
        let value = self.pop_condition();
        self.in_shape(value, shape)
    }

    /// Pops two vectors in a shape, the upper one second.
    pub fn pop2_shaped(&mut self, shape: Type) -> (Value, Value) {
        let second = self.pop_shaped(shape);
        (self.pop_shaped(shape), second)
    }

    /// The vector of these 16 bytes, as a little-endian number.
    pub fn vector_constant(&mut self, bits: u128) -> Value {
        let data = ConstantData::from(&bits.to_le_bytes()[..]);
        let constant = self.builder.func.dfg.constants.insert(data);
        self.ins().vconst(VECTOR, constant)
    }

    /// Zero in a shape, as the patterns of the code generators want it: not a cast of another shape's.
    pub fn vector_zero(&mut self, shape: Type) -> Value {
        let data = ConstantData::from(&[0; 16][..]);
        let constant = self.builder.func.dfg.constants.insert(data);
        self.ins().vconst(shape, constant)
    }
}

macro_rules! unary {
    ($($visit:ident $shape:ident $instruction:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let operand = self.pop_shaped($shape);
                let value = self.ins().$instruction(operand);
                self.push(value);
            })*
        }
    };
}

macro_rules! binary {
    ($($visit:ident $shape:ident $instruction:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let (left, right) = self.pop2_shaped($shape);
                let value = self.ins().$instruction(left, right);
                self.push(value);
            })*
        }
    };
}

macro_rules! compare {
    ($instruction:ident: $($visit:ident $shape:ident $condition:expr;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let (left, right) = self.pop2_shaped($shape);
                let value = self.ins().$instruction($condition, left, right);
                self.push(value);
            })*
        }
    };
}

/// Shifts by a scalar, which wraps at the lanes' width in CLIF as it does in Wasm.
macro_rules! shift {
    ($($visit:ident $shape:ident $instruction:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let amount = self.pop();
                let vector = self.pop_shaped($shape);
                let value = self.ins().$instruction(vector, amount);
                self.push(value);
            })*
        }
    };
}

/// Conversions whose result type is said.
macro_rules! convert {
    ($($visit:ident $from:ident $instruction:ident $to:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let operand = self.pop_shaped($from);
                let value = self.ins().$instruction($to, operand);
                self.push(value);
            })*
        }
    };
}

/// A scalar, narrowed to the lanes' width, in each lane.
macro_rules! splat {
    ($($visit:ident $shape:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let scalar = self.pop();
                let lane = self.lane_of(scalar, $shape);
                let value = self.ins().splat($shape, lane);
                self.push(value);
            })*
        }
    };
}

macro_rules! replace_lane {
    ($($visit:ident $shape:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self, lane: u8) {
                let scalar = self.pop();
                let scalar = self.lane_of(scalar, $shape);
                let vector = self.pop_shaped($shape);
                let value = self.ins().insertlane(vector, scalar, lane);
                self.push(value);
            })*
        }
    };
}

macro_rules! extract_lane {
    ($($visit:ident $shape:ident $($extend:ident)?;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self, lane: u8) {
                let vector = self.pop_shaped($shape);
                let value = self.ins().extractlane(vector, lane);
                $(let value = self.ins().$extend(types::I32, value);)?
                self.push(value);
            })*
        }
    };
}

/// The product of the lower or upper halves' lanes in twice their width.
macro_rules! multiply_wide {
    ($($visit:ident $shape:ident $widen:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let (left, right) = self.pop2_shaped($shape);
                let left = self.ins().$widen(left);
                let right = self.ins().$widen(right);
                let value = self.ins().imul(left, right);
                self.push(value);
            })*
        }
    };
}

/// Sums of neighbours in twice their width.
macro_rules! add_pairwise {
    ($($visit:ident $shape:ident $widen_low:ident $widen_high:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let operand = self.pop_shaped($shape);
                let low = self.ins().$widen_low(operand);
                let high = self.ins().$widen_high(operand);
                let value = self.ins().iadd_pairwise(low, high);
                self.push(value);
            })*
        }
    };
}

/// `$smaller` of two operands is chosen where the one is less than the other; else the first operand, which
/// also answers for NaN and for zeros of either sign.
macro_rules! pseudo_extremum {
    ($($visit:ident $shape:ident ($less:ident < $greater:ident);)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self) {
                let (first, second) = self.pop2_shaped($shape);
                let ($less, $greater) = ($less!(first second), $greater!(first second));
                let chosen = self.ins().fcmp(FloatCC::LessThan, $less, $greater);
                let chosen = self.in_shape(chosen, $shape);
                let value = self.ins().bitselect(chosen, second, first);
                self.push(value);
            })*
        }
    };
}

macro_rules! first {
    ($first:ident $second:ident) => {
        $first
    };
}

macro_rules! second {
    ($first:ident $second:ident) => {
        $second
    };
}

macro_rules! load_splat {
    ($($visit:ident $shape:ident $width:literal;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self, argument: MemArg) {
                let lane = self.load_value(Opcode::Load, $shape.lane_type(), $width, argument);
                let value = self.ins().splat($shape, lane);
                self.push(value);
            })*
        }
    };
}

macro_rules! load_zero {
    ($($visit:ident $shape:ident $width:literal;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self, argument: MemArg) {
                let lane = self.load_value(Opcode::Load, $shape.lane_type(), $width, argument);
                let value = self.ins().scalar_to_vector($shape, lane);
                self.push(value);
            })*
        }
    };
}

macro_rules! load_lane {
    ($($visit:ident $shape:ident $width:literal;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self, argument: MemArg, lane: u8) {
                let vector = self.pop_shaped($shape);
                let scalar = self.load_value(Opcode::Load, $shape.lane_type(), $width, argument);
                let value = self.ins().insertlane(vector, scalar, lane);
                self.push(value);
            })*
        }
    };
}

macro_rules! store_lane {
    ($($visit:ident $shape:ident $width:literal;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self, argument: MemArg, lane: u8) {
                let vector = self.pop_shaped($shape);
                let scalar = self.ins().extractlane(vector, lane);
                self.store_value(Opcode::Store, $shape.lane_type(), $width, argument, scalar);
            })*
        }
    };
}

/// Half a vector, each lane widened. The controlling type of these loads is the address's.
macro_rules! load_widened {
    ($($visit:ident $opcode:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self, argument: MemArg) {
                let value = self.load_value(Opcode::$opcode, types::I64, 8, argument);
                self.push(value);
            })*
        }
    };
}

load_splat! {
    visit_v128_load8_splat I8X16 1;
    visit_v128_load16_splat I16X8 2;
    visit_v128_load32_splat I32X4 4;
    visit_v128_load64_splat I64X2 8;
}

load_zero! {
    visit_v128_load32_zero I32X4 4;
    visit_v128_load64_zero I64X2 8;
}

load_lane! {
    visit_v128_load8_lane I8X16 1;
    visit_v128_load16_lane I16X8 2;
    visit_v128_load32_lane I32X4 4;
    visit_v128_load64_lane I64X2 8;
}

store_lane! {
    visit_v128_store8_lane I8X16 1;
    visit_v128_store16_lane I16X8 2;
    visit_v128_store32_lane I32X4 4;
    visit_v128_store64_lane I64X2 8;
}

load_widened! {
    visit_v128_load8x8_s Sload8x8;
    visit_v128_load8x8_u Uload8x8;
    visit_v128_load16x4_s Sload16x4;
    visit_v128_load16x4_u Uload16x4;
    visit_v128_load32x2_s Sload32x2;
    visit_v128_load32x2_u Uload32x2;
}

splat! {
    visit_i8x16_splat I8X16;
    visit_i16x8_splat I16X8;
    visit_i32x4_splat I32X4;
    visit_i64x2_splat I64X2;
    visit_f32x4_splat F32X4;
    visit_f64x2_splat F64X2;
}

replace_lane! {
    visit_i8x16_replace_lane I8X16;
    visit_i16x8_replace_lane I16X8;
    visit_i32x4_replace_lane I32X4;
    visit_i64x2_replace_lane I64X2;
    visit_f32x4_replace_lane F32X4;
    visit_f64x2_replace_lane F64X2;
}

extract_lane! {
    visit_i8x16_extract_lane_s I8X16 sextend;
    visit_i8x16_extract_lane_u I8X16 uextend;
    visit_i16x8_extract_lane_s I16X8 sextend;
    visit_i16x8_extract_lane_u I16X8 uextend;
    visit_i32x4_extract_lane I32X4;
    visit_i64x2_extract_lane I64X2;
    visit_f32x4_extract_lane F32X4;
    visit_f64x2_extract_lane F64X2;
}

compare! { icmp:
    visit_i8x16_eq I8X16 IntCC::Equal;
    visit_i8x16_ne I8X16 IntCC::NotEqual;
    visit_i8x16_lt_s I8X16 IntCC::SignedLessThan;
    visit_i8x16_lt_u I8X16 IntCC::UnsignedLessThan;
    visit_i8x16_gt_s I8X16 IntCC::SignedGreaterThan;
    visit_i8x16_gt_u I8X16 IntCC::UnsignedGreaterThan;
    visit_i8x16_le_s I8X16 IntCC::SignedLessThanOrEqual;
    visit_i8x16_le_u I8X16 IntCC::UnsignedLessThanOrEqual;
    visit_i8x16_ge_s I8X16 IntCC::SignedGreaterThanOrEqual;
    visit_i8x16_ge_u I8X16 IntCC::UnsignedGreaterThanOrEqual;
    visit_i16x8_eq I16X8 IntCC::Equal;
    visit_i16x8_ne I16X8 IntCC::NotEqual;
    visit_i16x8_lt_s I16X8 IntCC::SignedLessThan;
    visit_i16x8_lt_u I16X8 IntCC::UnsignedLessThan;
    visit_i16x8_gt_s I16X8 IntCC::SignedGreaterThan;
    visit_i16x8_gt_u I16X8 IntCC::UnsignedGreaterThan;
    visit_i16x8_le_s I16X8 IntCC::SignedLessThanOrEqual;
    visit_i16x8_le_u I16X8 IntCC::UnsignedLessThanOrEqual;
    visit_i16x8_ge_s I16X8 IntCC::SignedGreaterThanOrEqual;
    visit_i16x8_ge_u I16X8 IntCC::UnsignedGreaterThanOrEqual;
    visit_i32x4_eq I32X4 IntCC::Equal;
    visit_i32x4_ne I32X4 IntCC::NotEqual;
    visit_i32x4_lt_s I32X4 IntCC::SignedLessThan;
    visit_i32x4_lt_u I32X4 IntCC::UnsignedLessThan;
    visit_i32x4_gt_s I32X4 IntCC::SignedGreaterThan;
    visit_i32x4_gt_u I32X4 IntCC::UnsignedGreaterThan;
    visit_i32x4_le_s I32X4 IntCC::SignedLessThanOrEqual;
    visit_i32x4_le_u I32X4 IntCC::UnsignedLessThanOrEqual;
    visit_i32x4_ge_s I32X4 IntCC::SignedGreaterThanOrEqual;
    visit_i32x4_ge_u I32X4 IntCC::UnsignedGreaterThanOrEqual;
    visit_i64x2_eq I64X2 IntCC::Equal;
    visit_i64x2_ne I64X2 IntCC::NotEqual;
    visit_i64x2_lt_s I64X2 IntCC::SignedLessThan;
    visit_i64x2_gt_s I64X2 IntCC::SignedGreaterThan;
    visit_i64x2_le_s I64X2 IntCC::SignedLessThanOrEqual;
    visit_i64x2_ge_s I64X2 IntCC::SignedGreaterThanOrEqual;
}

compare! { fcmp:
    visit_f32x4_eq F32X4 FloatCC::Equal;
    visit_f32x4_ne F32X4 FloatCC::NotEqual;
    visit_f32x4_lt F32X4 FloatCC::LessThan;
    visit_f32x4_gt F32X4 FloatCC::GreaterThan;
    visit_f32x4_le F32X4 FloatCC::LessThanOrEqual;
    visit_f32x4_ge F32X4 FloatCC::GreaterThanOrEqual;
    visit_f64x2_eq F64X2 FloatCC::Equal;
    visit_f64x2_ne F64X2 FloatCC::NotEqual;
    visit_f64x2_lt F64X2 FloatCC::LessThan;
    visit_f64x2_gt F64X2 FloatCC::GreaterThan;
    visit_f64x2_le F64X2 FloatCC::LessThanOrEqual;
    visit_f64x2_ge F64X2 FloatCC::GreaterThanOrEqual;
}

shift! {
    visit_i8x16_shl I8X16 ishl;
    visit_i8x16_shr_s I8X16 sshr;
    visit_i8x16_shr_u I8X16 ushr;
    visit_i16x8_shl I16X8 ishl;
    visit_i16x8_shr_s I16X8 sshr;
    visit_i16x8_shr_u I16X8 ushr;
    visit_i32x4_shl I32X4 ishl;
    visit_i32x4_shr_s I32X4 sshr;
    visit_i32x4_shr_u I32X4 ushr;
    visit_i64x2_shl I64X2 ishl;
    visit_i64x2_shr_s I64X2 sshr;
    visit_i64x2_shr_u I64X2 ushr;
}

unary! {
    visit_v128_not I8X16 bnot;
    // What these two give is a condition, `i8`, as comparisons are.
    visit_v128_any_true I8X16 vany_true;
    visit_i8x16_all_true I8X16 vall_true;
    visit_i16x8_all_true I16X8 vall_true;
    visit_i32x4_all_true I32X4 vall_true;
    visit_i64x2_all_true I64X2 vall_true;
    visit_i8x16_abs I8X16 iabs;
    visit_i16x8_abs I16X8 iabs;
    visit_i32x4_abs I32X4 iabs;
    visit_i64x2_abs I64X2 iabs;
    visit_i8x16_neg I8X16 ineg;
    visit_i16x8_neg I16X8 ineg;
    visit_i32x4_neg I32X4 ineg;
    visit_i64x2_neg I64X2 ineg;
    visit_i8x16_popcnt I8X16 popcnt;
    visit_i16x8_extend_low_i8x16_s I8X16 swiden_low;
    visit_i16x8_extend_high_i8x16_s I8X16 swiden_high;
    visit_i16x8_extend_low_i8x16_u I8X16 uwiden_low;
    visit_i16x8_extend_high_i8x16_u I8X16 uwiden_high;
    visit_i32x4_extend_low_i16x8_s I16X8 swiden_low;
    visit_i32x4_extend_high_i16x8_s I16X8 swiden_high;
    visit_i32x4_extend_low_i16x8_u I16X8 uwiden_low;
    visit_i32x4_extend_high_i16x8_u I16X8 uwiden_high;
    visit_i64x2_extend_low_i32x4_s I32X4 swiden_low;
    visit_i64x2_extend_high_i32x4_s I32X4 swiden_high;
    visit_i64x2_extend_low_i32x4_u I32X4 uwiden_low;
    visit_i64x2_extend_high_i32x4_u I32X4 uwiden_high;
    visit_f32x4_ceil F32X4 ceil;
    visit_f32x4_floor F32X4 floor;
    visit_f32x4_trunc F32X4 trunc;
    visit_f32x4_nearest F32X4 nearest;
    visit_f32x4_abs F32X4 fabs;
    visit_f32x4_neg F32X4 fneg;
    visit_f32x4_sqrt F32X4 sqrt;
    visit_f64x2_ceil F64X2 ceil;
    visit_f64x2_floor F64X2 floor;
    visit_f64x2_trunc F64X2 trunc;
    visit_f64x2_nearest F64X2 nearest;
    visit_f64x2_abs F64X2 fabs;
    visit_f64x2_neg F64X2 fneg;
    visit_f64x2_sqrt F64X2 sqrt;
    visit_f32x4_demote_f64x2_zero F64X2 fvdemote;
    visit_f64x2_promote_low_f32x4 F32X4 fvpromote_low;
}

binary! {
    visit_i8x16_swizzle I8X16 swizzle;
    visit_v128_and I8X16 band;
    visit_v128_andnot I8X16 band_not;
    visit_v128_or I8X16 bor;
    visit_v128_xor I8X16 bxor;
    visit_i8x16_narrow_i16x8_s I16X8 snarrow;
    visit_i8x16_narrow_i16x8_u I16X8 unarrow;
    visit_i16x8_narrow_i32x4_s I32X4 snarrow;
    visit_i16x8_narrow_i32x4_u I32X4 unarrow;
    visit_i8x16_add I8X16 iadd;
    visit_i8x16_add_sat_s I8X16 sadd_sat;
    visit_i8x16_add_sat_u I8X16 uadd_sat;
    visit_i8x16_sub I8X16 isub;
    visit_i8x16_sub_sat_s I8X16 ssub_sat;
    visit_i8x16_sub_sat_u I8X16 usub_sat;
    visit_i8x16_min_s I8X16 smin;
    visit_i8x16_min_u I8X16 umin;
    visit_i8x16_max_s I8X16 smax;
    visit_i8x16_max_u I8X16 umax;
    visit_i8x16_avgr_u I8X16 avg_round;
    visit_i16x8_q15mulr_sat_s I16X8 sqmul_round_sat;
    visit_i16x8_add I16X8 iadd;
    visit_i16x8_add_sat_s I16X8 sadd_sat;
    visit_i16x8_add_sat_u I16X8 uadd_sat;
    visit_i16x8_sub I16X8 isub;
    visit_i16x8_sub_sat_s I16X8 ssub_sat;
    visit_i16x8_sub_sat_u I16X8 usub_sat;
    visit_i16x8_mul I16X8 imul;
    visit_i16x8_min_s I16X8 smin;
    visit_i16x8_min_u I16X8 umin;
    visit_i16x8_max_s I16X8 smax;
    visit_i16x8_max_u I16X8 umax;
    visit_i16x8_avgr_u I16X8 avg_round;
    visit_i32x4_add I32X4 iadd;
    visit_i32x4_sub I32X4 isub;
    visit_i32x4_mul I32X4 imul;
    visit_i32x4_min_s I32X4 smin;
    visit_i32x4_min_u I32X4 umin;
    visit_i32x4_max_s I32X4 smax;
    visit_i32x4_max_u I32X4 umax;
    visit_i64x2_add I64X2 iadd;
    visit_i64x2_sub I64X2 isub;
    visit_i64x2_mul I64X2 imul;
    visit_f32x4_add F32X4 fadd;
    visit_f32x4_sub F32X4 fsub;
    visit_f32x4_mul F32X4 fmul;
    visit_f32x4_div F32X4 fdiv;
    visit_f32x4_min F32X4 fmin;
    visit_f32x4_max F32X4 fmax;
    visit_f64x2_add F64X2 fadd;
    visit_f64x2_sub F64X2 fsub;
    visit_f64x2_mul F64X2 fmul;
    visit_f64x2_div F64X2 fdiv;
    visit_f64x2_min F64X2 fmin;
    visit_f64x2_max F64X2 fmax;
}

pseudo_extremum! {
    visit_f32x4_pmin F32X4 (second < first);
    visit_f32x4_pmax F32X4 (first < second);
    visit_f64x2_pmin F64X2 (second < first);
    visit_f64x2_pmax F64X2 (first < second);
}

multiply_wide! {
    visit_i16x8_extmul_low_i8x16_s I8X16 swiden_low;
    visit_i16x8_extmul_high_i8x16_s I8X16 swiden_high;
    visit_i16x8_extmul_low_i8x16_u I8X16 uwiden_low;
    visit_i16x8_extmul_high_i8x16_u I8X16 uwiden_high;
    visit_i32x4_extmul_low_i16x8_s I16X8 swiden_low;
    visit_i32x4_extmul_high_i16x8_s I16X8 swiden_high;
    visit_i32x4_extmul_low_i16x8_u I16X8 uwiden_low;
    visit_i32x4_extmul_high_i16x8_u I16X8 uwiden_high;
    visit_i64x2_extmul_low_i32x4_s I32X4 swiden_low;
    visit_i64x2_extmul_high_i32x4_s I32X4 swiden_high;
    visit_i64x2_extmul_low_i32x4_u I32X4 uwiden_low;
    visit_i64x2_extmul_high_i32x4_u I32X4 uwiden_high;
}

add_pairwise! {
    visit_i16x8_extadd_pairwise_i8x16_s I8X16 swiden_low swiden_high;
    visit_i16x8_extadd_pairwise_i8x16_u I8X16 uwiden_low uwiden_high;
    visit_i32x4_extadd_pairwise_i16x8_s I16X8 swiden_low swiden_high;
    visit_i32x4_extadd_pairwise_i16x8_u I16X8 uwiden_low uwiden_high;
}

convert! {
    visit_i32x4_trunc_sat_f32x4_s F32X4 fcvt_to_sint_sat I32X4;
    visit_i32x4_trunc_sat_f32x4_u F32X4 fcvt_to_uint_sat I32X4;
    visit_f32x4_convert_i32x4_s I32X4 fcvt_from_sint F32X4;
    visit_f32x4_convert_i32x4_u I32X4 fcvt_from_uint F32X4;
}

impl Translator<'_, '_> {
    pub fn visit_v128_load(&mut self, argument: MemArg) {
        let value = self.load_value(Opcode::Load, VECTOR, 16, argument);
        self.push(value);
    }

    pub fn visit_v128_store(&mut self, argument: MemArg) {
        // In the shape it has: a store is the same for all of them.
        let value = self.pop_condition();
        let shape = self.builder.func.dfg.value_type(value);
        self.store_value(Opcode::Store, shape, 16, argument, value);
    }

    pub fn visit_v128_const(&mut self, value: wasmparser::V128) {
        let value = self.vector_constant(u128::from_le_bytes(*value.bytes()));
        self.push(value);
    }

    pub fn visit_i8x16_shuffle(&mut self, lanes: [u8; 16]) {
        let (left, right) = self.pop2_shaped(I8X16);
        let lanes = ConstantData::from(&lanes[..]);
        let lanes = self.builder.func.dfg.immediates.push(lanes);
        let value = self.ins().shuffle(left, right, lanes);
        self.push(value);
    }

    pub fn visit_v128_bitselect(&mut self) {
        let mask = self.pop_condition();
        // In the mask's own shape: where it is a comparison, that is what the code generators look for.
        let shape = match self.builder.func.dfg.value_type(mask) {
            shape if shape.lane_type().is_int() => shape,
            _ => VECTOR,
        };
        let mask = self.in_shape(mask, shape);
        let (set, clear) = self.pop2_shaped(shape);
        let value = self.ins().bitselect(mask, set, clear);
        self.push(value);
    }

    pub fn visit_i8x16_bitmask(&mut self) {
        self.bitmask(I8X16);
    }

    pub fn visit_i16x8_bitmask(&mut self) {
        self.bitmask(I16X8);
    }

    pub fn visit_i32x4_bitmask(&mut self) {
        self.bitmask(I32X4);
    }

    pub fn visit_i64x2_bitmask(&mut self) {
        self.bitmask(I64X2);
    }

    fn bitmask(&mut self, shape: Type) {
        let vector = self.pop_shaped(shape);
        let bits = self.ins().vhigh_bits(types::I32, vector);
        self.push(bits);
    }

    pub fn visit_i32x4_dot_i16x8_s(&mut self) {
        let (left, right) = self.pop2_shaped(I16X8);
        let value = self.dot(left, right);
        self.push(value);
    }

    /// Sums of the products of neighbours, in twice their width.
    pub fn dot(&mut self, left: Value, right: Value) -> Value {
        let (left_low, right_low) = (self.ins().swiden_low(left), self.ins().swiden_low(right));
        let low = self.ins().imul(left_low, right_low);
        let (left_high, right_high) = (self.ins().swiden_high(left), self.ins().swiden_high(right));
        let high = self.ins().imul(left_high, right_high);
        self.ins().iadd_pairwise(low, high)
    }

    pub fn visit_i32x4_trunc_sat_f64x2_s_zero(&mut self) {
        let operand = self.pop_shaped(F64X2);
        let wide = self.ins().fcvt_to_sint_sat(I64X2, operand);
        let zero = self.vector_zero(I64X2);
        let value = self.ins().snarrow(wide, zero);
        self.push(value);
    }

    pub fn visit_i32x4_trunc_sat_f64x2_u_zero(&mut self) {
        let operand = self.pop_shaped(F64X2);
        let wide = self.ins().fcvt_to_uint_sat(I64X2, operand);
        let zero = self.vector_zero(I64X2);
        let value = self.ins().uunarrow(wide, zero);
        self.push(value);
    }

    pub fn visit_f64x2_convert_low_i32x4_s(&mut self) {
        let operand = self.pop_shaped(I32X4);
        let wide = self.ins().swiden_low(operand);
        let value = self.ins().fcvt_from_sint(F64X2, wide);
        self.push(value);
    }

    pub fn visit_f64x2_convert_low_i32x4_u(&mut self) {
        let operand = self.pop_shaped(I32X4);
        let wide = self.ins().uwiden_low(operand);
        let value = self.ins().fcvt_from_uint(F64X2, wide);
        self.push(value);
    }

    /// A scalar as Wasm has it as one of a shape's lanes.
    fn lane_of(&mut self, scalar: Value, shape: Type) -> Value {
        match shape.lane_type() {
            narrow @ (types::I8 | types::I16) => self.ins().ireduce(narrow, scalar),
            _ => scalar,
        }
    }
}
