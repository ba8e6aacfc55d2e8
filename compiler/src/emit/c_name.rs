//! Names of exports as C identifiers, and prefixes that keep objects apart.

use crate::error::Error;
use std::fmt::Write;

/// The part of an export's symbol behind the prefix and its `_`.
///
/// ASCII letters, digits and `_` stay; any other byte of the name's UTF-8 becomes `_x` and two lower-case
/// hexadecimal digits. So that no two names become one, an `_` that reads like the start of that is written
/// so itself; so is the first letter of `module`, because `<prefix>_module` is the module.
pub fn identifier(export: &str) -> String {
    let bytes = export.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    for (position, &byte) in bytes.iter().enumerate() {
        let plain = match byte {
            b'_' => !reads_like_an_escape(&bytes[position + 1..]),
            b'm' => export != "module",
            byte => byte.is_ascii_alphanumeric(),
        };
        if plain {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "_x{byte:02x}");
        }
    }
    out
}

fn reads_like_an_escape(rest: &[u8]) -> bool {
    let hexadecimal = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    matches!(rest, [b'x', high, low, ..] if hexadecimal(high) && hexadecimal(low))
}

/// Refuses a prefix that is no identifier or belongs to the library.
pub fn check_prefix(prefix: &str) -> Result<(), Error> {
    let mut chars = prefix.chars();
    let starts = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !starts || !chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        let prefix = prefix.escape_debug();
        return Err(Error::Output(format!(
            "the symbol prefix `{prefix}` is not a C identifier"
        )));
    }
    if prefix == "ahead" || prefix.starts_with("ahead_") {
        return Err(Error::Output(format!(
            "the symbol prefix `{prefix}` belongs to the runtime library"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers_and_stay_apart() {
        let cases = [
            ("add", "add"),
            ("_start", "_start"),
            ("a b", "a_x20b"),
            ("a_x20b", "a_x5fx20b"),
            ("a_x2", "a_x2"),
            ("a_xyz", "a_xyz"),
            (
                "wasi:cli/run@0.2.0#run",
                "wasi_x3acli_x2frun_x400_x2e2_x2e0_x23run",
            ),
            ("ü", "_xc3_xbc"),
            ("module", "_x6dodule"),
            ("module2", "module2"),
            ("", ""),
            ("\0", "_x00"),
        ];
        for (name, expected) in cases {
            assert_eq!(identifier(name), expected, "{name:?}");
        }
    }

    #[test]
    fn prefixes_are_identifiers_of_their_own() {
        for good in ["filter", "_x", "m2"] {
            assert!(check_prefix(good).is_ok(), "{good}");
        }
        for bad in ["", "2m", "a-b", "ä", "ahead", "ahead_x", "a b", "\u{1b}"] {
            let message = check_prefix(bad).unwrap_err().to_string();
            assert!(!message.contains('\u{1b}'), "{bad:?}");
        }
    }
}
