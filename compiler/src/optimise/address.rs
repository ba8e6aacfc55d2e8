//! Address arithmetic in 64 bits where it cannot wrap in 32.
//!
//! ```text
//! +--------------------------------------------------------------------------------------------------+
//! |  THE SANDBOX RESTS ON THIS, TOO. `function/address.rs` relies on an index below 2^32. What is     |
//! |  rewritten here stays below it only because the bound says so.                                   |
//! +--------------------------------------------------------------------------------------------------+
//! ```
//! A Wasm address is 32 bits wide and extended to 64 before it is added to the memory's base. That
//! separates `x << 2` and `x + 8` from the load, which both machines could do in the same instruction:
//! they add in 64 bits, and the 32-bit result may have wrapped. Where [`bound`] shows that it has not, the
//! extension moves to the operand:
//!
//! ```text
//! uextend.i64(ishl.i32(x, 1..=3))    ->   ishl.i64(uextend.i64(x), same)      if x << n < 2^32
//! uextend.i64(iadd.i32(x, constant)) ->   iadd.i64(uextend.i64(x), constant)  if x + constant < 2^32
//! ```
//! Look-ups in tables with a masked or loaded index are the usual case.

use super::bound;
use crate::module::ModuleInfo;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{Function, Inst, InstBuilder, Opcode, Value, ValueDef, types};

/// The largest shift that is part of an address on either machine.
const SCALE_MAX: u64 = 3;

pub fn run(function: &mut Function, _: &ModuleInfo<'_>) -> bool {
    let mut changed = false;
    let mut cursor = FuncCursor::new(function);
    while cursor.next_block().is_some() {
        while let Some(mut inst) = cursor.next_inst() {
            // The new extension stands in front of the instruction, and may move on.
            while let Some(inner) = widen(&mut cursor, inst) {
                changed = true;
                inst = inner;
            }
        }
    }
    changed
}

/// What is done to the operand.
enum Shape {
    /// A shift by a value that is constant.
    Shift(Value),
    /// A sum with a constant.
    Sum(u64),
}

/// Moves an extension to the operand of what it extends; returns the extension of the operand.
fn widen(cursor: &mut FuncCursor<'_>, inst: Inst) -> Option<Inst> {
    let function = &*cursor.func;
    let dfg = &function.dfg;
    if dfg.insts[inst].opcode() != Opcode::Uextend {
        return None;
    }
    let narrow = dfg.resolve_aliases(dfg.inst_args(inst)[0]);
    let wide = dfg.first_result(inst);
    if dfg.value_type(narrow) != types::I32 || dfg.value_type(wide) != types::I64 {
        return None;
    }
    let (operand, shape) = shape(function, narrow)?;

    let position = cursor.position();
    cursor.goto_inst(inst);
    cursor.use_srcloc(inst);
    let operand = cursor.ins().uextend(types::I64, operand);
    match shape {
        Shape::Shift(shift) => {
            cursor.func.replace(inst).ishl(operand, shift);
        }
        Shape::Sum(constant) => {
            let constant = cursor.ins().iconst(types::I64, constant.cast_signed());
            cursor.func.replace(inst).iadd(operand, constant);
        }
    }
    cursor.set_position(position);
    match cursor.func.dfg.value_def(operand) {
        ValueDef::Result(inner, _) => Some(inner),
        _ => None,
    }
}

/// The operand of what makes `narrow`, and what is done to it, if that cannot have wrapped.
fn shape(function: &Function, narrow: Value) -> Option<(Value, Shape)> {
    const NARROW_MAX: u64 = u32::MAX as u64;
    let dfg = &function.dfg;
    let ValueDef::Result(inst, _) = dfg.value_def(narrow) else {
        return None;
    };
    match dfg.insts[inst].opcode() {
        Opcode::Ishl => {
            let [x, shift] = *dfg.inst_args(inst) else {
                return None;
            };
            let count = bound::constant(function, shift)?;
            let fits = (1..=SCALE_MAX).contains(&count)
                && bound::upper(function, x) <= NARROW_MAX >> count;
            fits.then_some((x, Shape::Shift(shift)))
        }
        Opcode::Iadd => {
            let [x, y] = *dfg.inst_args(inst) else {
                return None;
            };
            let (x, constant) = match bound::constant(function, y) {
                Some(constant) => (x, constant),
                None => (y, bound::constant(function, x)?),
            };
            let sum = bound::upper(function, x).checked_add(constant)?;
            (sum <= NARROW_MAX).then_some((x, Shape::Sum(constant)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Config, OptLevel, clif};
    use ahead_targets::Isa;

    /// The CLIF of a function that loads from `index`, which may use parameter 0.
    fn loading(index: &str, opt: OptLevel) -> String {
        let wat = format!(
            "(module (memory 1) (func (param i32) (result i32) (i32.load offset=4 {index})))"
        );
        let config = Config {
            opt,
            verify_clif: true,
            ..Config::for_target(Isa::X86_64)
        };
        let text = clif(&wat::parse_str(wat).unwrap(), &config, &|_, _| true).unwrap();
        // Just the instructions, without numbers of values.
        text.lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(_, instruction)| instruction.split_whitespace().next().unwrap_or_default())
            .filter(|name| name.contains('.') || name.starts_with('i'))
            .collect::<Vec<_>>()
            .join(" ")
    }

    const MASKED: &str = "(i32.and (local.get 0) (i32.const 255))";

    #[test]
    fn what_cannot_wrap_is_wide() {
        let text = loading(
            &format!("(i32.shl {MASKED} (i32.const 2))"),
            OptLevel::Speed,
        );
        assert!(text.contains("uextend.i64 ishl"), "{text}");
        let text = loading(
            &format!("(i32.add {MASKED} (i32.const 64))"),
            OptLevel::Speed,
        );
        assert!(text.contains("uextend.i64 iconst.i64 iadd"), "{text}");
        // Through both.
        let both = format!("(i32.add (i32.const 64) (i32.shl {MASKED} (i32.const 3)))");
        let text = loading(&both, OptLevel::Speed);
        assert!(text.contains("uextend.i64 ishl iconst.i64 iadd"), "{text}");
        assert!(!loading(&both, OptLevel::None).contains("iconst.i64"));
    }

    #[test]
    fn what_can_wrap_stays_narrow() {
        for index in [
            "(local.get 0)".to_owned(),
            "(i32.shl (local.get 0) (i32.const 2))".into(),
            "(i32.add (local.get 0) (i32.const 1))".into(),
            format!("(i32.add {MASKED} (i32.const -1))"),
            // One more than fits, and the most that does.
            "(i32.shl (i32.shr_u (local.get 0) (i32.const 1)) (i32.const 2))".into(),
            format!("(i32.shl {MASKED} (i32.const 4))"),
        ] {
            let text = loading(&index, OptLevel::Speed);
            assert!(
                text.ends_with("uextend.i64 iadd load.i32"),
                "{index}: {text}"
            );
        }
        let fits = "(i32.shl (i32.shr_u (local.get 0) (i32.const 2)) (i32.const 2))";
        let text = loading(fits, OptLevel::Speed);
        assert!(text.contains("uextend.i64 ishl"), "{text}");
    }
}
