//! What is measured: a module, what of it is called, and what it is given.

use crate::filter::Mix;
use crate::value::{Type, Value};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use wasmparser::{CompositeInnerType, ExternalKind, Parser, Payload, TypeRef};

/// Everything an engine needs to know of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Program {
    /// The binary module.
    pub module: PathBuf,
    /// What the program is called: its first argument.
    pub name: String,
    pub entry: Entry,
    /// Variables, as name and value.
    pub env: Vec<(String, String)>,
    pub dirs: Vec<Dir>,
    /// Empty input if there is none.
    pub stdin: Option<PathBuf>,
}

/// A directory that the program is given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dir {
    pub host: PathBuf,
    pub guest: String,
    pub read_only: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// A WASI command.
    Command { args: Vec<String> },
    /// One export, called again and again in one instance.
    Export {
        name: String,
        args: Vec<Value>,
        results: Vec<Type>,
    },
    /// A Proxy-Wasm filter: requests go through one VM of it.
    Filter { mix: Mix },
}

impl Program {
    /// The command's words, its name first; of a function's module only the name.
    pub fn words(&self) -> Vec<String> {
        let mut words = vec![self.name.clone()];
        if let Entry::Command { args } = &self.entry {
            words.extend(args.iter().cloned());
        }
        words
    }

    pub fn is_command(&self) -> bool {
        matches!(self.entry, Entry::Command { .. })
    }

    pub fn is_filter(&self) -> bool {
        matches!(self.entry, Entry::Filter { .. })
    }
}

/// A function that a module exports. `None`: not all of these are numbers.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    pub params: Option<Vec<Type>>,
    pub results: Option<Vec<Type>>,
}

/// What a module says of itself.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    pub bytes: usize,
    /// Those that are exported.
    pub functions: Vec<Function>,
    /// The modules that are imported from.
    pub imports: Vec<String>,
    /// Whether there is a memory `memory`.
    pub exports_memory: bool,
    /// Whether the program marks what is to be measured, as those of Sightglass do.
    pub marks_region: bool,
}

impl Declared {
    /// Reads the parts of a module that are before its code.
    pub fn read(wasm: &[u8]) -> Result<Declared> {
        let mut declared = Declared {
            bytes: wasm.len(),
            ..Declared::default()
        };
        let (mut types, mut functions) = (Vec::new(), Vec::new());
        let mut exports = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => {
                    for group in section {
                        for ty in group?.into_types() {
                            types.push(match ty.composite_type.inner {
                                CompositeInnerType::Func(ty) => Some(ty),
                                _ => None,
                            });
                        }
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(ty) | TypeRef::FuncExact(ty) = import.ty {
                            functions.push(ty);
                        }
                        declared.marks_region |= import.module == "bench";
                        if !declared.imports.iter().any(|known| known == import.module) {
                            declared.imports.push(import.module.to_owned());
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        functions.push(ty?);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        declared.exports_memory |=
                            export.kind == ExternalKind::Memory && export.name == "memory";
                        if export.kind == ExternalKind::Func {
                            exports.push((export.name.to_owned(), export.index));
                        }
                    }
                }
                _ => {}
            }
        }
        for (name, index) in exports {
            let ty = functions.get(index as usize);
            let ty = ty.and_then(|&ty| types.get(ty as usize)?.as_ref());
            let ty = ty.with_context(|| format!("export `{name}` has no type"))?;
            let numbers =
                |types: &[wasmparser::ValType]| types.iter().map(|&ty| Type::of(ty)).collect();
            let (params, results) = (numbers(ty.params()), numbers(ty.results()));
            declared.functions.push(Function {
                name,
                params,
                results,
            });
        }
        Ok(declared)
    }

    /// The call of an export with the arguments that a user gave.
    pub fn call(&self, name: &str, args: &[String]) -> Result<Entry> {
        let Some(function) = self.functions.iter().find(|known| known.name == name) else {
            let known = self.functions.iter();
            let known = known.map(|known| format!("`{}`", known.name.escape_debug()));
            let known = known.collect::<Vec<_>>().join(", ");
            bail!("no function `{name}` is exported\n\nhint: there is {known}");
        };
        let (Some(params), Some(results)) = (&function.params, &function.results) else {
            bail!(
                "`{name}` takes or gives something that is no number, which not every engine can pass"
            );
        };
        if params.len() != args.len() {
            bail!(
                "`{name}` was given {} arguments and takes {}",
                args.len(),
                params.len()
            );
        }
        let values = args.iter().zip(params);
        Ok(Entry::Export {
            name: name.to_owned(),
            args: values
                .map(|(text, &ty)| Value::parse(text, ty))
                .collect::<Result<_>>()?,
            results: results.clone(),
        })
    }

    pub fn is_command(&self) -> bool {
        self.functions.iter().any(|known| known.name == "_start")
    }
}

/// What a file is called without its folders and its ending.
pub fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_are_found_behind_imports() {
        let wasm = wat::parse_str(
            r#"(module (import "env" "f" (func (param f32)))
                 (func (export "add") (param i32 i64) (result i64) (local.get 1))
                 (func (export "odd") (param externref)))"#,
        )
        .unwrap();
        let declared = Declared::read(&wasm).unwrap();
        let Entry::Export { args, results, .. } =
            declared.call("add", &["1".into(), "-2".into()]).unwrap()
        else {
            panic!("no export");
        };
        assert_eq!((args.len(), results), (2, vec![Type::I64]));
        assert!(declared.call("add", &[]).is_err());
        assert!(declared.call("odd", &["null".into()]).is_err());
        assert!(declared.call("none", &[]).is_err());
        assert!(!declared.is_command());
        assert_eq!(declared.imports, ["env"]);
    }
}
