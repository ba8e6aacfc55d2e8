//! Numbers that go into an export and come out of it, as every engine can be given them and compared: a type and
//! bits, written `i32:0xff`.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    I32,
    I64,
    F32,
    F64,
}

impl Type {
    pub fn name(self) -> &'static str {
        match self {
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::F32 => "f32",
            Type::F64 => "f64",
        }
    }

    /// `None`: a vector or a reference, which not every engine's host can pass.
    pub fn of(ty: wasmparser::ValType) -> Option<Type> {
        match ty {
            wasmparser::ValType::I32 => Some(Type::I32),
            wasmparser::ValType::I64 => Some(Type::I64),
            wasmparser::ValType::F32 => Some(Type::F32),
            wasmparser::ValType::F64 => Some(Type::F64),
            _ => None,
        }
    }
}

/// A number. Two NaN are equal whatever their payload, which engines may choose.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Value {
    pub ty: Type,
    /// Zero beyond the type's width.
    pub bits: u64,
}

impl Value {
    /// Reads what a user wrote. Integers may be decimal or hexadecimal, signed or not.
    pub fn parse(text: &str, ty: Type) -> Result<Value> {
        let bits = match ty {
            Type::I32 => integer(text, 32).map(|bits| bits & u64::from(u32::MAX)),
            Type::I64 => integer(text, 64),
            Type::F32 => text
                .parse::<f32>()
                .ok()
                .map(|value| u64::from(value.to_bits())),
            Type::F64 => text.parse::<f64>().ok().map(f64::to_bits),
        };
        let bits =
            bits.with_context(|| format!("`{text}` is not a value of type {}", ty.name()))?;
        Ok(Value { ty, bits })
    }

    fn is_nan(self) -> bool {
        match self.ty {
            Type::F32 => f32::from_bits(self.bits as u32).is_nan(),
            Type::F64 => f64::from_bits(self.bits).is_nan(),
            Type::I32 | Type::I64 => false,
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        self.ty == other.ty && (self.bits == other.bits || self.is_nan() && other.is_nan())
    }
}

/// As a person reads it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ty {
            Type::I32 => write!(f, "{}", self.bits as u32 as i32),
            Type::I64 => write!(f, "{}", self.bits as i64),
            Type::F32 => write!(f, "{:?}", f32::from_bits(self.bits as u32)),
            Type::F64 => write!(f, "{:?}", f64::from_bits(self.bits)),
        }
    }
}

impl From<Value> for String {
    fn from(value: Value) -> String {
        format!("{}:{:#x}", value.ty.name(), value.bits)
    }
}

impl TryFrom<String> for Value {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Value> {
        let (ty, bits) = text.split_once(":0x").context("no type and bits")?;
        let all = [Type::I32, Type::I64, Type::F32, Type::F64];
        let Some(ty) = all.into_iter().find(|known| known.name() == ty) else {
            bail!("no type `{ty}`");
        };
        let bits = u64::from_str_radix(bits, 16)?;
        Ok(Value { ty, bits })
    }
}

/// The bits of an integer that fits `width` bits as a signed or as an unsigned number.
fn integer(text: &str, width: u32) -> Option<u64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
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
    let fits = (-(1i128 << (width - 1))..1i128 << width).contains(&value);
    fits.then_some(value as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_went() {
        for (text, ty, written) in [
            ("-1", Type::I32, "i32:0xffffffff"),
            ("0xff", Type::I64, "i64:0xff"),
            ("1.5", Type::F64, "f64:0x3ff8000000000000"),
        ] {
            let value = Value::parse(text, ty).unwrap();
            assert_eq!(String::from(value), written);
            assert_eq!(Value::try_from(written.to_owned()).unwrap(), value);
        }
        assert!(Value::parse("4294967296", Type::I32).is_err());
        assert!(Value::try_from("i32".to_owned()).is_err());
    }

    #[test]
    fn one_nan_is_as_good_as_another() {
        let nan = |bits| Value {
            ty: Type::F64,
            bits,
        };
        assert_eq!(nan(0x7ff8_0000_0000_0000), nan(0xfff8_0000_0000_0001));
        assert_ne!(nan(0x7ff8_0000_0000_0000), nan(0));
    }
}
