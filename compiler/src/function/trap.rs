//! Why code traps: Cranelift's codes and the artefact's kinds.
//!
//! Codes of our own are the kind's number. Cranelift's reserved codes, which its instructions raise
//! themselves, map to the kind that the specification gives them.

use ahead_artifact::TrapKind;
use cranelift_codegen::ir::TrapCode;

/// The code that CLIF carries for a kind.
pub const fn code(kind: TrapKind) -> TrapCode {
    match kind {
        TrapKind::StackOverflow => TrapCode::STACK_OVERFLOW,
        TrapKind::IntegerOverflow => TrapCode::INTEGER_OVERFLOW,
        TrapKind::MemoryOutOfBounds => TrapCode::HEAP_OUT_OF_BOUNDS,
        TrapKind::IntegerDivideByZero => TrapCode::INTEGER_DIVISION_BY_ZERO,
        TrapKind::InvalidConversionToInteger => TrapCode::BAD_CONVERSION_TO_INTEGER,
        other => TrapCode::unwrap_user(other.code()),
    }
}

/// The kind that a code in machine code stands for; `None` for one that nothing here makes.
pub fn kind(code: TrapCode) -> Option<TrapKind> {
    match code {
        TrapCode::STACK_OVERFLOW => Some(TrapKind::StackOverflow),
        TrapCode::INTEGER_OVERFLOW => Some(TrapKind::IntegerOverflow),
        TrapCode::HEAP_OUT_OF_BOUNDS => Some(TrapKind::MemoryOutOfBounds),
        TrapCode::INTEGER_DIVISION_BY_ZERO => Some(TrapKind::IntegerDivideByZero),
        TrapCode::BAD_CONVERSION_TO_INTEGER => Some(TrapKind::InvalidConversionToInteger),
        other => TrapKind::from_code(other.as_raw().get()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_the_code() {
        for &kind in TrapKind::ALL {
            assert_eq!(super::kind(code(kind)), Some(kind));
        }
        for &reserved in TrapCode::non_user_traps() {
            assert!(kind(reserved).is_some(), "{reserved}");
        }
        assert_eq!(kind(TrapCode::unwrap_user(200)), None);
    }
}
