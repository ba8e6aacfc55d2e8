//! The largest number that a value can be.
//!
//! Bounds follow from the instructions that make a value, a few steps back: masks, shifts, narrow loads,
//! remainders, comparisons. Values that come around a loop have none. A bound that is too low would let
//! [`super::address`] build an address outside a memory, so an instruction that is not listed here has the
//! bound of its type, and the tests compare bounds with what expressions compute.

use cranelift_codegen::ir::{Function, InstructionData, Opcode, Type, Value, ValueDef};

/// Steps back. Each may look at two operands, so this bounds the work for one value.
const DEPTH_MAX: u32 = 6;

/// An upper bound of `value` as an unsigned integer.
pub fn upper(function: &Function, value: Value) -> u64 {
    bound(function, value, DEPTH_MAX)
}

/// The constant that `value` is, as an unsigned integer of its type.
pub fn constant(function: &Function, value: Value) -> Option<u64> {
    let dfg = &function.dfg;
    let ValueDef::Result(inst, _) = dfg.value_def(dfg.resolve_aliases(value)) else {
        return None;
    };
    match dfg.insts[inst] {
        InstructionData::UnaryImm {
            opcode: Opcode::Iconst,
            imm,
        } => Some(imm.bits().cast_unsigned() & type_max(dfg.value_type(value))),
        _ => None,
    }
}

/// The largest number of an integer type.
fn type_max(ty: Type) -> u64 {
    if !ty.is_int() || ty.bits() >= 64 {
        return u64::MAX;
    }
    (1 << ty.bits()) - 1
}

fn bound(function: &Function, value: Value, depth: u32) -> u64 {
    let dfg = &function.dfg;
    let value = dfg.resolve_aliases(value);
    let ty = dfg.value_type(value);
    let most = type_max(ty);
    let (ValueDef::Result(inst, _), true) = (dfg.value_def(value), ty.is_int() && ty.bits() <= 64)
    else {
        return most;
    };
    if let Some(constant) = constant(function, value) {
        return constant;
    }
    if depth == 0 {
        return most;
    }
    let args = dfg.inst_args(inst);
    let of = |arg: usize| bound(function, args[arg], depth - 1);
    // A shift by a constant, which counts modulo the width.
    let shift = || constant(function, args[1]).map(|shift| shift % u64::from(ty.bits()));
    let found = match dfg.insts[inst].opcode() {
        Opcode::Band => of(0).min(of(1)),
        // No bit above the highest of either.
        Opcode::Bor | Opcode::Bxor => all_bits_below(of(0).max(of(1))),
        Opcode::Ushr => shift().map_or(of(0), |shift| of(0) >> shift),
        Opcode::Ishl => shift()
            .and_then(|shift| of(0).checked_mul(1 << shift))
            .unwrap_or(most),
        Opcode::Iadd => of(0).checked_add(of(1)).unwrap_or(most),
        Opcode::Imul => of(0).checked_mul(of(1)).unwrap_or(most),
        Opcode::Udiv => match constant(function, args[1]) {
            Some(divisor) if divisor > 0 => of(0) / divisor,
            _ => of(0),
        },
        Opcode::Urem => match constant(function, args[1]) {
            Some(divisor) if divisor > 0 => of(0).min(divisor - 1),
            _ => of(0),
        },
        Opcode::Umin => of(0).min(of(1)),
        Opcode::Umax => of(0).max(of(1)),
        Opcode::Select => of(1).max(of(2)),
        Opcode::Uextend => of(0),
        Opcode::Ireduce => of(0),
        Opcode::Uload8 => u64::from(u8::MAX),
        Opcode::Uload16 => u64::from(u16::MAX),
        Opcode::Uload32 => u64::from(u32::MAX),
        Opcode::Icmp | Opcode::Fcmp => 1,
        Opcode::Popcnt | Opcode::Clz | Opcode::Ctz => u64::from(ty.bits()),
        _ => most,
    };
    // What does not fit the type wraps, and can be anything.
    if found > most { most } else { found }
}

/// All bits up to the highest one of `value`.
fn all_bits_below(value: u64) -> u64 {
    match value {
        0 => 0,
        value => u64::MAX >> value.leading_zeros(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cranelift_codegen::cursor::{Cursor, FuncCursor};
    use cranelift_codegen::ir::condcodes::IntCC;
    use cranelift_codegen::ir::{InstBuilder, types};

    /// Numbers without a pattern, the same in each run.
    struct Random(u64);

    impl Random {
        fn below(&mut self, count: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 33) % count
        }

        /// Small numbers, numbers near powers of two, any numbers.
        fn number(&mut self) -> u32 {
            let bits = self.below(33);
            let number = self.below(1 << 32) & ((1 << bits) - 1);
            match self.below(4) {
                0 => u32::MAX - number as u32,
                _ => number as u32,
            }
        }
    }

    /// Builds a random expression and computes it. Its leaves are parameters and constants.
    fn expression(
        cursor: &mut FuncCursor<'_>,
        params: &[(Value, u32)],
        random: &mut Random,
        depth: u32,
    ) -> (Value, u32) {
        if depth == 0 || random.below(8) == 0 {
            if random.below(2) == 0 {
                return params[random.below(params.len() as u64) as usize];
            }
            let number = random.number();
            let value = cursor.ins().iconst(types::I32, i64::from(number));
            return (value, number);
        }
        let (x, a) = expression(cursor, params, random, depth - 1);
        let (y, b) = expression(cursor, params, random, depth - 1);
        let ins = cursor.ins();
        match random.below(16) {
            0 | 1 => (ins.band(x, y), a & b),
            2 => (ins.bor(x, y), a | b),
            3 => (ins.bxor(x, y), a ^ b),
            4 => (ins.ushr(x, y), a.wrapping_shr(b)),
            5 => (ins.ishl(x, y), a.wrapping_shl(b)),
            6 => (ins.iadd(x, y), a.wrapping_add(b)),
            7 => (ins.isub(x, y), a.wrapping_sub(b)),
            8 => (ins.imul(x, y), a.wrapping_mul(b)),
            9 if b > 0 => (ins.udiv(x, y), a / b),
            10 if b > 0 => (ins.urem(x, y), a % b),
            11 => (ins.umin(x, y), a.min(b)),
            12 => (ins.umax(x, y), a.max(b)),
            13 => (ins.clz(x), a.leading_zeros()),
            14 => {
                let less = ins.icmp(IntCC::UnsignedLessThan, x, y);
                let value = cursor.ins().select(less, x, y);
                (value, if a < b { a } else { b })
            }
            _ => {
                let narrow = ins.ireduce(types::I8, x);
                (cursor.ins().uextend(types::I32, narrow), a & 0xff)
            }
        }
    }

    #[test]
    fn no_expression_exceeds_its_bound() {
        let mut random = Random(7);
        let mut tight = 0;
        for _ in 0..20_000 {
            let mut function = Function::new();
            let block = function.dfg.make_block();
            let params: Vec<_> = (0..3)
                .map(|_| {
                    let value = function.dfg.append_block_param(block, types::I32);
                    (value, random.number())
                })
                .collect();
            let mut cursor = FuncCursor::new(&mut function);
            cursor.insert_block(block);
            let (value, number) = expression(&mut cursor, &params, &mut random, 5);
            let bound = upper(&function, value);
            assert!(
                u64::from(number) <= bound,
                "{number} > {bound} in {function}"
            );
            tight += u32::from(bound < u64::from(u32::MAX));
        }
        assert!(tight > 5_000, "{tight} bounds say something");
    }

    #[test]
    fn bounds_of_instructions() {
        let mut function = Function::new();
        let block = function.dfg.make_block();
        let x = function.dfg.append_block_param(block, types::I32);
        let mut cursor = FuncCursor::new(&mut function);
        cursor.insert_block(block);
        let constant =
            |cursor: &mut FuncCursor<'_>, number: i64| cursor.ins().iconst(types::I32, number);
        let (mask, two, large) = (
            constant(&mut cursor, 255),
            constant(&mut cursor, 2),
            constant(&mut cursor, -16),
        );
        let masked = cursor.ins().band(x, mask);
        let scaled = cursor.ins().ishl(masked, two);
        let wide = cursor.ins().ishl(x, two);
        let sum = cursor.ins().iadd(masked, large);
        for (value, expected) in [
            (x, u64::from(u32::MAX)),
            (mask, 255),
            (large, 0xffff_fff0),
            (masked, 255),
            (scaled, 1020),
            (wide, u64::from(u32::MAX)),
            (sum, u64::from(u32::MAX)),
        ] {
            assert_eq!(upper(&function, value), expected);
        }
    }
}
