//! Wasm values as arguments and results on the command line.

use crate::report::Usage;
use ahead_artifact::ValType;
use ahead_runtime::Val;
use anyhow::Result;

/// Reads `text` as a value of the given type. Integers may be decimal or hexadecimal, signed or not; a vector
/// is hexadecimal, its first lane in the last digits; a reference can only be `null`.
pub fn parse(text: &str, ty: ValType) -> Result<Val> {
    let value = match ty {
        ValType::I32 => integer(text, 32).map(|bits| Val::I32(bits as i32)),
        ValType::I64 => integer(text, 64).map(|bits| Val::I64(bits as i64)),
        ValType::F32 => text
            .parse::<f32>()
            .ok()
            .map(|value| Val::F32(value.to_bits())),
        ValType::F64 => text
            .parse::<f64>()
            .ok()
            .map(|value| Val::F64(value.to_bits())),
        ValType::V128 => vector(text).map(Val::V128),
        ValType::Ref(_) => (text == "null").then_some(Val::default_for(ty)),
    };
    value.ok_or_else(|| Usage(format!("`{text}` is not a value of type {ty}")).into())
}

/// The bits of an integer that fits `width` bits as a signed or as an unsigned number.
fn integer(text: &str, width: u32) -> Option<u64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    // The parser of integers takes a sign of its own.
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = match digits.strip_prefix("0x") {
        Some(hex) => i128::from_str_radix(hex, 16).ok()?,
        None => digits.parse::<i128>().ok()?,
    };
    let value = if negative { -magnitude } else { magnitude };
    let fits = (-(1 << (width - 1))..1 << width).contains(&value);
    fits.then_some(value as u64)
}

/// The 16 bytes of a vector as one number.
fn vector(text: &str) -> Option<u128> {
    let digits = text.strip_prefix("0x")?;
    // The parser of integers takes a sign.
    let unsigned = digits.starts_with(|c: char| c.is_ascii_hexdigit());
    unsigned.then(|| u128::from_str_radix(digits, 16).ok())?
}

/// A result as it is printed: integers signed, numbers with a point in their shortest exact form, vectors with
/// all their digits.
pub fn show(value: &Val) -> String {
    match value {
        Val::I32(value) => value.to_string(),
        Val::I64(value) => value.to_string(),
        Val::F32(bits) => format!("{:?}", f32::from_bits(*bits)),
        Val::F64(bits) => format!("{:?}", f64::from_bits(*bits)),
        Val::V128(bits) => format!("{bits:#034x}"),
        Val::FuncRef(None) | Val::ExternRef(None) | Val::ExnRef(None) => "null".into(),
        Val::FuncRef(Some(_)) => "funcref".into(),
        Val::ExternRef(Some(_)) => "externref".into(),
        Val::ExnRef(Some(_)) => "exnref".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_fit_either_way() {
        assert_eq!(integer("-1", 32), Some(u64::MAX));
        assert_eq!(integer("4294967295", 32), Some(0xffff_ffff));
        assert_eq!(integer("4294967296", 32), None);
        assert_eq!(integer("-2147483649", 32), None);
        assert_eq!(integer("0xff", 32), Some(255));
        assert_eq!(integer("-0x80", 64), Some((-128i64) as u64));
        assert_eq!(integer("18446744073709551615", 64), Some(u64::MAX));
        for nonsense in ["", "-", "--1", "+-1", "1.0", "0x", "x"] {
            assert_eq!(integer(nonsense, 64), None, "{nonsense}");
        }
    }

    #[test]
    fn values_are_read_and_shown() {
        for (text, ty) in [
            ("-7", ValType::I32),
            ("7", ValType::I64),
            ("1.5", ValType::F64),
        ] {
            assert_eq!(show(&parse(text, ty).unwrap()), text);
        }
        assert_eq!(show(&parse("nan", ValType::F32).unwrap()), "NaN");
        assert_eq!(show(&parse("null", ValType::FUNCREF).unwrap()), "null");
        let ones = format!("0x{}1", "0".repeat(31));
        assert_eq!(show(&parse("0x1", ValType::V128).unwrap()), ones);
        for nonsense in ["1", "0x", "0x+1", &format!("0x1{}", "0".repeat(32))] {
            assert!(parse(nonsense, ValType::V128).is_err(), "{nonsense}");
        }
        assert!(parse("1", ValType::EXTERNREF).unwrap_err().is::<Usage>());
    }
}
