//! Names for code: what `nm`, `perf` and `gdb` show.
//!
//! A name that comes from the guest is data: it stands behind a prefix that no C symbol has, and whatever
//! could confuse a terminal or a tool is escaped.

use super::layout::Layout;
use super::{CodeSymbol, ExportedFunction, Pieces};
use crate::config::Config;
use crate::module::ModuleInfo;
use ahead_artifact::functions::FunctionEntry;
use ahead_artifact::interface::ExportItem;
use ahead_artifact::{DefinedFuncIndex, FuncIndex};
use std::fmt::Write;

/// Longer names are cut: C++ has names of many kilobytes, and no reader for them.
const NAME_CHARS_MAX: usize = 400;

/// Symbols for all code, ascending by start.
pub fn symbols(
    module: &ModuleInfo<'_>,
    pieces: &Pieces<'_>,
    layout: &Layout,
    functions: &[FunctionEntry],
    config: &Config,
) -> Vec<CodeSymbol> {
    let mut symbols = Vec::with_capacity(layout.starts.len());
    let names = config.names.then(|| names(module));
    for (defined, entry) in (0..).zip(functions) {
        let function = module.func_index(DefinedFuncIndex(defined));
        let name = names.as_ref().and_then(|names| names[function.index()]);
        symbols.push(CodeSymbol {
            name: match name {
                Some(name) => format!("wasm[{function}]::{}", escaped(name)),
                None => format!("wasm[{function}]"),
            },
            start: entry.text_offset,
            bytes: entry.bytes,
        });
    }
    let mut trampoline = |name: String, piece: u32| {
        // Trampolines lie one behind the other: each ends where the next one starts.
        let start = layout.starts[piece as usize];
        let end = layout.starts.get(piece as usize + 1);
        symbols.push(CodeSymbol {
            name,
            start,
            bytes: end.copied().unwrap_or(layout.bytes).saturating_sub(start),
        });
    };
    let facts = &module.facts;
    for &function in &facts.thunks {
        if let Some(piece) = pieces.code_of(function) {
            trampoline(format!("wasm[{function}]::(import)"), piece);
        }
    }
    for (number, ty) in facts.entry_types.iter().enumerate() {
        trampoline(format!("wasm::(enter)[{ty}]"), pieces.entry(number));
    }
    for (number, ty) in facts.hostcall_types.iter().enumerate() {
        trampoline(format!("wasm::(hostcall)[{ty}]"), pieces.hostcall(number));
    }
    symbols
}

/// The name of each function: its own, or that of its first export.
pub fn names<'a>(module: &'a ModuleInfo<'_>) -> Vec<Option<&'a str>> {
    let mut names: Vec<Option<&str>> = (0..module.functions.len())
        .map(|function| module.function_name(FuncIndex::new(function)))
        .collect();
    for export in &module.interface.exports {
        if let ExportItem::Func(function) = export.item {
            names[function.index()].get_or_insert(&export.name);
        }
    }
    names
}

pub fn exported_functions(module: &ModuleInfo<'_>) -> Vec<ExportedFunction> {
    let exports = (0..).zip(&module.interface.exports);
    let functions = exports.filter_map(|(number, export)| match export.item {
        ExportItem::Func(function) => Some(ExportedFunction {
            name: export.name.clone(),
            export: number,
            ty: module.func_type(function).clone(),
        }),
        _ => None,
    });
    functions.collect()
}

/// Without control characters, spaces and what reads as something else than it is.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (count, char) in name.chars().enumerate() {
        if count == NAME_CHARS_MAX {
            out.push_str("...");
            break;
        }
        match char {
            // A version would follow an `@`.
            '@' | '\\' => {
                let _ = write!(out, "\\x{:02x}", char as u32);
            }
            ' ' => out.push('_'),
            '!'..='~' => out.push(char),
            char if char.is_alphanumeric() => out.push(char),
            char => out.extend(char.escape_unicode()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_harmless() {
        assert_eq!(escaped("core::fmt<T>"), "core::fmt<T>");
        assert_eq!(escaped("a b"), "a_b");
        assert_eq!(escaped("größe"), "größe");
        assert_eq!(escaped("x@GLIBC_2.0\\"), "x\\x40GLIBC_2.0\\x5c");
        assert_eq!(escaped("\u{1b}[2J\0\n"), "\\u{1b}[2J\\u{0}\\u{a}");
        // Right-to-left override, zero-width space.
        assert_eq!(escaped("\u{202e}\u{200b}"), "\\u{202e}\\u{200b}");
        let long = escaped(&"x".repeat(100_000));
        assert_eq!(long.len(), NAME_CHARS_MAX + 3);
    }
}
