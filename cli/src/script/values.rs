//! Arguments and expected results of a script, against the runtime's values.

use ahead_runtime::{ExternRef, Val};
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::token::{F32, F64};
use wast::{WastArg, WastRet};

/// The quiet bit of a NaN, and everything but the sign of the canonical one.
const F32_CANONICAL: u32 = 0x7fc0_0000;
const F64_CANONICAL: u64 = 0x7ff8_0000_0000_0000;

/// An argument as a value.
pub fn argument(arg: &WastArg<'_>) -> Result<Val, String> {
    let WastArg::Core(arg) = arg else {
        return Err("an argument that is not of core WebAssembly".into());
    };
    Ok(match arg {
        WastArgCore::I32(value) => Val::I32(*value),
        WastArgCore::I64(value) => Val::I64(*value),
        WastArgCore::F32(value) => Val::F32(value.bits),
        WastArgCore::F64(value) => Val::F64(value.bits),
        WastArgCore::V128(value) => Val::V128(u128::from_le_bytes(value.to_le_bytes())),
        WastArgCore::RefNull(HeapType::Abstract { shared: false, ty }) => match ty {
            AbstractHeapType::Func => Val::FuncRef(None),
            AbstractHeapType::Extern => Val::ExternRef(None),
            AbstractHeapType::Exn => Val::ExnRef(None),
            // Bottoms belong to a proposal that is not built; what they are asked for here is null.
            AbstractHeapType::NoFunc => Val::FuncRef(None),
            AbstractHeapType::NoExtern => Val::ExternRef(None),
            other => return Err(format!("a null of type {other:?} is not supported")),
        },
        WastArgCore::RefNull(HeapType::Concrete(_)) => Val::FuncRef(None),
        WastArgCore::RefExtern(number) => Val::ExternRef(external(*number)),
        other => return Err(format!("the argument {other:?} is not supported")),
    })
}

/// External reference number `number` of a script. 0 is a number like others, and no null.
fn external(number: u32) -> Option<ExternRef> {
    ExternRef::from_word(u64::from(number) + 1)
}

/// Whether `value` is what is expected.
pub fn matches(value: &Val, expected: &WastRet<'_>) -> Result<bool, String> {
    match expected {
        WastRet::Core(expected) => matches_core(value, expected),
        _ => Err("a result that is not of core WebAssembly".into()),
    }
}

fn matches_core(value: &Val, expected: &WastRetCore<'_>) -> Result<bool, String> {
    Ok(match (expected, value) {
        (WastRetCore::Either(choices), _) => {
            for choice in choices {
                if matches_core(value, choice)? {
                    return Ok(true);
                }
            }
            false
        }
        (WastRetCore::I32(expected), Val::I32(value)) => expected == value,
        (WastRetCore::I64(expected), Val::I64(value)) => expected == value,
        (WastRetCore::F32(pattern), Val::F32(bits)) => matches_f32(*bits, pattern),
        (WastRetCore::F64(pattern), Val::F64(bits)) => matches_f64(*bits, pattern),
        (WastRetCore::V128(pattern), Val::V128(bits)) => matches_vector(*bits, pattern),
        (
            WastRetCore::RefNull(None),
            Val::FuncRef(None) | Val::ExternRef(None) | Val::ExnRef(None),
        ) => true,
        (WastRetCore::RefNull(Some(HeapType::Abstract { shared: false, ty })), value) => {
            matches!(
                (ty, value),
                (
                    AbstractHeapType::Func | AbstractHeapType::NoFunc,
                    Val::FuncRef(None)
                ) | (
                    AbstractHeapType::Extern | AbstractHeapType::NoExtern,
                    Val::ExternRef(None)
                ) | (
                    AbstractHeapType::Exn | AbstractHeapType::NoExn,
                    Val::ExnRef(None)
                )
            )
        }
        (WastRetCore::RefNull(Some(HeapType::Concrete(_))), Val::FuncRef(None)) => true,
        (WastRetCore::RefFunc(None), Val::FuncRef(Some(_))) => true,
        (WastRetCore::RefExtern(None), Val::ExternRef(Some(_))) => true,
        (WastRetCore::RefExtern(Some(number)), Val::ExternRef(value)) => {
            *value == external(*number)
        }
        (
            WastRetCore::RefFunc(Some(_))
            | WastRetCore::RefHost(_)
            | WastRetCore::RefAny
            | WastRetCore::RefEq
            | WastRetCore::RefArray
            | WastRetCore::RefStruct
            | WastRetCore::RefI31
            | WastRetCore::RefI31Shared,
            _,
        ) => return Err(format!("the result {expected:?} is not supported")),
        _ => false,
    })
}

fn matches_f32(bits: u32, pattern: &NanPattern<F32>) -> bool {
    match pattern {
        NanPattern::CanonicalNan => bits & 0x7fff_ffff == F32_CANONICAL,
        NanPattern::ArithmeticNan => bits & F32_CANONICAL == F32_CANONICAL,
        NanPattern::Value(expected) => bits == expected.bits,
    }
}

fn matches_f64(bits: u64, pattern: &NanPattern<F64>) -> bool {
    match pattern {
        NanPattern::CanonicalNan => bits & !(1 << 63) == F64_CANONICAL,
        NanPattern::ArithmeticNan => bits & F64_CANONICAL == F64_CANONICAL,
        NanPattern::Value(expected) => bits == expected.bits,
    }
}

fn matches_vector(bits: u128, pattern: &V128Pattern) -> bool {
    let lane = |width: usize, lane: usize| bits >> (width * lane);
    let mut lanes = 0..;
    let mut each = |width| lane(width, lanes.next().unwrap_or_default());
    match pattern {
        V128Pattern::I8x16(lanes) => lanes.iter().all(|&want| want == each(8) as i8),
        V128Pattern::I16x8(lanes) => lanes.iter().all(|&want| want == each(16) as i16),
        V128Pattern::I32x4(lanes) => lanes.iter().all(|&want| want == each(32) as i32),
        V128Pattern::I64x2(lanes) => lanes.iter().all(|&want| want == each(64) as i64),
        V128Pattern::F32x4(lanes) => lanes.iter().all(|want| matches_f32(each(32) as u32, want)),
        V128Pattern::F64x2(lanes) => lanes.iter().all(|want| matches_f64(each(64) as u64, want)),
    }
}

/// A value as messages show it: a float with its bits, since NaNs look alike otherwise.
pub fn show(value: &Val) -> String {
    match value {
        Val::F32(bits) => format!("f32 {} ({bits:#010x})", f32::from_bits(*bits)),
        Val::F64(bits) => format!("f64 {} ({bits:#018x})", f64::from_bits(*bits)),
        Val::I32(value) => format!("i32 {value}"),
        Val::I64(value) => format!("i64 {value}"),
        Val::V128(bits) => format!("v128 {bits:#034x}"),
        Val::FuncRef(func) => format!(
            "funcref {}",
            if func.is_some() { "not null" } else { "null" }
        ),
        Val::ExternRef(None) => "externref null".into(),
        Val::ExnRef(reference) => format!(
            "exnref {}",
            if reference.is_some() {
                "not null"
            } else {
                "null"
            }
        ),
        Val::ExternRef(Some(reference)) => format!("externref {}", reference.word() - 1),
    }
}

/// An expected result as messages show it.
pub fn show_expected(expected: &WastRet<'_>) -> String {
    match expected {
        WastRet::Core(expected) => show_core(expected),
        other => format!("{other:?}"),
    }
}

fn show_core(expected: &WastRetCore<'_>) -> String {
    match expected {
        WastRetCore::I32(value) => show(&Val::I32(*value)),
        WastRetCore::I64(value) => show(&Val::I64(*value)),
        WastRetCore::F32(NanPattern::Value(value)) => show(&Val::F32(value.bits)),
        WastRetCore::F64(NanPattern::Value(value)) => show(&Val::F64(value.bits)),
        WastRetCore::F32(NanPattern::CanonicalNan) => "f32 nan:canonical".into(),
        WastRetCore::F64(NanPattern::CanonicalNan) => "f64 nan:canonical".into(),
        WastRetCore::F32(NanPattern::ArithmeticNan) => "f32 nan:arithmetic".into(),
        WastRetCore::F64(NanPattern::ArithmeticNan) => "f64 nan:arithmetic".into(),
        WastRetCore::RefExtern(Some(number)) => format!("externref {number}"),
        WastRetCore::Either(choices) => {
            let choices: Vec<_> = choices.iter().map(show_core).collect();
            choices.join(" or ")
        }
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nans_match_by_pattern() {
        let is = |bits, pattern| matches_core(&Val::F32(bits), &WastRetCore::F32(pattern)).unwrap();
        assert!(is(0xffc0_0000, NanPattern::CanonicalNan));
        assert!(!is(0x7fc0_0001, NanPattern::CanonicalNan));
        assert!(is(0x7fc0_0001, NanPattern::ArithmeticNan));
        assert!(!is(0x7fa0_0000, NanPattern::ArithmeticNan));
        assert!(is(
            0x8000_0000,
            NanPattern::Value(F32 { bits: 0x8000_0000 })
        ));
        assert!(!is(0, NanPattern::Value(F32 { bits: 0x8000_0000 })));
    }

    #[test]
    fn vectors_match_lane_by_lane() {
        let halves = V128Pattern::I16x8([1, 2, 3, 4, 5, 6, 7, -1]);
        let bits = 0xffff_0007_0006_0005_0004_0003_0002_0001;
        assert!(matches_vector(bits, &halves));
        assert!(!matches_vector(bits ^ 1 << 127, &halves));
        let number = |bits| NanPattern::Value(F64 { bits });
        let nans = V128Pattern::F64x2([number(1), NanPattern::CanonicalNan]);
        assert!(matches_vector(0xfff8 << 112 | 1, &nans));
        assert!(!matches_vector(0xfff8 << 112, &nans));
    }

    #[test]
    fn either_takes_any_of_its_choices() {
        let either = WastRetCore::Either(vec![WastRetCore::I32(1), WastRetCore::I32(2)]);
        assert!(matches_core(&Val::I32(2), &either).unwrap());
        assert!(!matches_core(&Val::I32(3), &either).unwrap());
        assert!(!matches_core(&Val::I64(2), &either).unwrap());
    }

    #[test]
    fn external_reference_zero_is_not_null() {
        let zero = argument(&WastArg::Core(WastArgCore::RefExtern(0))).unwrap();
        assert!(matches!(zero, Val::ExternRef(Some(_))));
        assert!(matches_core(&zero, &WastRetCore::RefExtern(Some(0))).unwrap());
        assert!(!matches_core(&zero, &WastRetCore::RefNull(None)).unwrap());
    }
}
