//! The C header of a relocatable object: the module and its exports as C declarations.

use super::c_name::{check_prefix, identifier};
use crate::error::Error;
use crate::link::Linked;
use ahead_artifact::ValType;
use std::fmt::Write;

/// Declares what [`object()`](super::object()) defines for the same prefix.
pub fn c_header(linked: &Linked, prefix: &str) -> Result<String, Error> {
    check_prefix(prefix)?;
    let guard = format!("AHEAD_MODULE_{}_H", prefix.to_ascii_uppercase());
    let version = env!("CARGO_PKG_VERSION");
    let mut out = format!(
        "\
/* Made by ahead {version}. Declares what the object of the same prefix defines.
 *
 * Pass `{prefix}_module` to ahead_module_adopt() and instantiate it. Each function below is an export:
 * it returns NULL, or a trap that the caller owns; results go where the last parameters point.
 *
 * Names: ASCII letters, digits and `_` of an export's name stay, any other byte is `_x` and two
 * hexadecimal digits; an `_` that would read like that is `_x5f`.
 */
#ifndef {guard}
#define {guard}

#include <ahead.h>
#include <stdint.h>

#ifdef __cplusplus
extern \"C\" {{
#endif

/* The module. */
extern const uint8_t {prefix}_module[];
"
    );
    for export in &linked.exports {
        let _ = write!(
            out,
            "\n/* {} {} */\nahead_trap_t *{prefix}_{}(ahead_instance_t *instance",
            commented(&export.name),
            export.ty,
            identifier(&export.name)
        );
        for (number, &ty) in export.ty.params.iter().enumerate() {
            let _ = write!(out, ", {}param{number}", declarator(ty));
        }
        for (number, &ty) in export.ty.results.iter().enumerate() {
            let _ = write!(out, ", {}*result{number}", declarator(ty));
        }
        out.push_str(");\n");
    }
    let _ = write!(
        out,
        "\n#ifdef __cplusplus\n}}\n#endif\n\n#endif /* {guard} */\n"
    );
    Ok(out)
}

/// The C type, up to where the name starts.
fn declarator(ty: ValType) -> &'static str {
    match ty {
        ValType::I32 => "int32_t ",
        ValType::I64 => "int64_t ",
        ValType::F32 => "float ",
        ValType::F64 => "double ",
        ValType::V128 => "ahead_v128_t ",
        ValType::Ref(_) => "void *",
    }
}

/// A name from the guest inside a comment: quoted, and unable to end the comment.
fn commented(name: &str) -> String {
    let plain = |c: char| c == ' ' || c.is_ascii_graphic() && !matches!(c, '*' | '\\' | '"');
    let mut out = String::from("\"");
    for char in name.chars() {
        if plain(char) {
            out.push(char);
        } else {
            out.extend(char.escape_unicode());
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_cannot_be_left() {
        assert_eq!(commented("add"), "\"add\"");
        assert_eq!(commented("*/ int x;"), "\"\\u{2a}/ int x;\"");
        assert_eq!(commented("a\nb\\"), "\"a\\u{a}b\\u{5c}\"");
        // A trigraph for a backslash, which would join lines, has no newline to join.
        assert_eq!(commented("??/"), "\"??/\"");
    }
}
