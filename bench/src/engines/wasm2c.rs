//! wasm2c and a C compiler: the module as C, compiled together with `wasm2c.c`, which gives it WASI without files and
//! measures as a worker does.
//!
//! `-march=native` is as fair as our `--cpu native`, but then C compilers contract a multiplication and an addition to
//! one rounding, which WebAssembly does not allow: `-ffp-contract=off`.

use super::{Engine, Way, on_path};
use crate::child::Step;
use crate::program::{Declared, Entry, Program};
use crate::value::Type;
use crate::worker::Repeat;
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const DRIVER: &str = include_str!("wasm2c.c");

/// The version whose symbols the driver knows: later ones name them otherwise.
const KNOWN: &str = "1.0.32";

/// Where packages put the part of wasm2c that is C.
const RUNTIMES: &[&str] = &["/usr/share/wabt/wasm2c", "/usr/local/share/wabt/wasm2c"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    Clang,
    Gcc,
}

impl Variant {
    pub const ALL: [Variant; 2] = [Variant::Clang, Variant::Gcc];

    pub fn name(self) -> &'static str {
        match self {
            Variant::Clang => "wasm2c-clang",
            Variant::Gcc => "wasm2c-gcc",
        }
    }

    fn compilers(self) -> &'static [&'static str] {
        match self {
            Variant::Clang => &["clang", "clang-19"],
            Variant::Gcc => &["gcc"],
        }
    }
}

#[derive(Clone, Debug)]
pub struct Wasm2c {
    program: PathBuf,
    compiler: PathBuf,
    runtime: PathBuf,
    variant: Variant,
    about: String,
}

impl Wasm2c {
    pub fn find(variant: Variant) -> Result<Wasm2c, String> {
        let program = on_path("wasm2c")?;
        let version = super::version(&program, &["--version"])?;
        if version != KNOWN {
            return Err(format!(
                "the driver knows wasm2c {KNOWN}, and this is {version}"
            ));
        }
        let runtime = RUNTIMES
            .iter()
            .map(Path::new)
            .find(|folder| folder.join("wasm-rt-impl.c").is_file())
            .ok_or("no `wasm-rt-impl.c` where packages put it")?;
        let compilers = variant.compilers();
        let compiler = compilers.iter().find_map(|name| on_path(name).ok());
        let compiler =
            compiler.ok_or_else(|| format!("no `{}` on the search path", compilers[0]))?;
        let c = super::version(&compiler, &["--version"])?;
        Ok(Wasm2c {
            about: format!("wasm2c {version}, {c}, -O3 -march=native -ffp-contract=off"),
            program,
            compiler,
            runtime: runtime.to_owned(),
            variant,
        })
    }

    /// The words of the driver's command line behind its program.
    fn driver(&self, program: &Program, code: &Path, folder: &Path, how: Option<&Repeat>) -> Step {
        let record = folder.join("record.json");
        // One that an earlier step left would be taken for this one's.
        let _ = std::fs::remove_file(&record);
        let mut command = Command::new(code);
        command.arg(&record);
        command.arg(if how.is_some() { "repeat" } else { "once" });
        command.arg(folder.join("stdout"));
        command.arg(program.stdin.as_deref().unwrap_or(Path::new("/dev/null")));
        let how = how.copied().unwrap_or(Repeat {
            seconds: 0.0,
            iterations_min: 1,
            iterations_max: 1,
            instances: 0,
        });
        command.arg(how.seconds.to_string());
        command
            .args([how.iterations_min, how.iterations_max, how.instances].map(|n| n.to_string()));
        command.arg(program.env.len().to_string());
        let variables = program.env.iter();
        command.args(variables.map(|(name, value)| format!("{name}={value}")));
        command.args(program.words());
        Step {
            stdin: program.stdin.clone(),
            record: Some(record),
            ..Step::new(command)
        }
    }
}

/// What the driver provides.
const IMPORTS: [&str; 3] = ["bench", "wasi_snapshot_preview1", "wasi_unstable"];

/// The lines before the driver.
fn preamble(program: &Program) -> Result<String> {
    let declared = Declared::read(&std::fs::read(&program.module)?)?;
    let mut c = String::from("#include \"guest.h\"\n#include \"wasm-rt-impl.h\"\n");
    let mut imports = declared.imports.clone();
    imports.sort();
    let mut arguments = String::new();
    for module in &imports {
        // The name becomes C; and there is nothing behind another one anyway.
        if !IMPORTS.contains(&&**module) {
            anyhow::bail!("its driver does not know imports from {module:?}");
        }
        write!(arguments, ", (struct Z_{module}_instance_t *)&guest")?;
    }
    for module in IMPORTS {
        writeln!(c, "struct Z_{module}_instance_t;")?;
    }
    writeln!(c, "#define GUEST_IMPORTS {arguments}")?;
    if declared.exports_memory {
        writeln!(c, "#define GUEST_HAS_MEMORY")?;
    }
    if imports.iter().any(|module| module == "wasi_unstable") {
        writeln!(c, "#define GUEST_UNSTABLE")?;
    }
    if let Entry::Export {
        name,
        args,
        results,
    } = &program.entry
    {
        let args: Vec<String> = args
            .iter()
            .map(|value| match value.ty {
                Type::I32 => format!(", {:#x}u", value.bits),
                Type::I64 => format!(", {:#x}ull", value.bits),
                Type::F32 => format!(", as_f32({:#x}u)", value.bits),
                Type::F64 => format!(", as_f64({:#x}ull)", value.bits),
            })
            .collect();
        c += "static inline f32 as_f32(u32 bits) { f32 x; memcpy(&x, &bits, 4); return x; }\n\
              static inline f64 as_f64(u64 bits) { f64 x; memcpy(&x, &bits, 8); return x; }\n";
        let call = format!("Z_guestZ_{name}(&guest{})", args.concat());
        match results[..] {
            [] => {
                writeln!(c, "#define GUEST_EXPORT {call}")?;
                writeln!(c, "#define RESULTS")?;
            }
            [ty] => {
                let (c_type, width) = match ty {
                    Type::I32 => ("u32", 4),
                    Type::I64 => ("u64", 8),
                    Type::F32 => ("f32", 4),
                    Type::F64 => ("f64", 8),
                };
                writeln!(c, "static volatile {c_type} given;")?;
                writeln!(c, "#define GUEST_EXPORT given = {call}")?;
                writeln!(
                    c,
                    "#define RESULTS u64 bits = 0; {c_type} copy = given; memcpy(&bits, &copy, {width}); \
                     snprintf(results, sizeof results, \"\\\"{}:%#llx\\\"\", (unsigned long long)bits)",
                    ty.name()
                )?;
            }
            _ => anyhow::bail!("the driver takes one result"),
        }
        let initialize = declared
            .functions
            .iter()
            .any(|known| known.name == "_initialize");
        let initialize = if initialize {
            "Z_guestZ__initialize(&guest)"
        } else {
            "(void)0"
        };
        writeln!(c, "#define GUEST_INITIALIZE {initialize}")?;
    }
    Ok(c)
}

impl Engine for Wasm2c {
    fn name(&self) -> &str {
        self.variant.name()
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn way(&self) -> Way {
        Way::Ahead
    }

    fn refuses(&self, program: &Program) -> Option<String> {
        if !program.dirs.is_empty() {
            return Some("its driver gives programs no directories".into());
        }
        match &program.entry {
            Entry::Export { name, results, .. } => {
                // Others are mangled.
                let plain = |c: char| c.is_ascii_alphanumeric() && c != 'Z' || c == '_';
                (!name.chars().all(plain) || results.len() > 1)
                    .then(|| format!("its driver cannot call `{name}`"))
            }
            Entry::Command { .. } => None,
            Entry::Filter { .. } => super::refuses_filters(program),
        }
    }

    fn compile(&self, program: &Program, output: &Path, folder: &Path) -> Result<Option<Step>> {
        let driver = folder.join("driver.c");
        let c = preamble(program)?;
        std::fs::write(&driver, format!("{c}\n{DRIVER}"))?;
        let mut command = Command::new("/bin/sh");
        // Two programs, one after the other: both are what compiling takes.
        command.args([
            "-ec",
            "wasm2c=$1 module=$2 folder=$3 cc=$4 runtime=$5 output=$6\n\
             \"$wasm2c\" \"$module\" -n guest -o \"$folder/guest.c\"\n\
             exec \"$cc\" -O3 -march=native -ffp-contract=off -w -Werror=incompatible-pointer-types \
             -I\"$folder\" -I\"$runtime\" -o \"$output\" \"$folder/driver.c\" \"$folder/guest.c\" \
             \"$runtime/wasm-rt-impl.c\" -lm",
            "sh",
        ]);
        command.arg(&self.program).arg(&program.module).arg(folder);
        command.arg(&self.compiler).arg(&self.runtime).arg(output);
        Ok(Some(Step::new(command)))
    }

    fn once(&self, program: &Program, code: &Path, folder: &Path) -> Result<Step> {
        let code = std::path::absolute(code).context("no working directory")?;
        Ok(self.driver(program, &code, folder, None))
    }

    fn repeat(
        &self,
        program: &Program,
        code: &Path,
        how: &Repeat,
        folder: &Path,
    ) -> Result<Option<Step>> {
        let code = std::path::absolute(code).context("no working directory")?;
        Ok(Some(self.driver(program, &code, folder, Some(how))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module's names must not become C of the module's choice.
    #[test]
    fn names_are_not_code() {
        let folder = tempfile::tempdir().unwrap();
        let module = folder.path().join("module.wasm");
        let text = r#"(module (import "x; int evil" "f" (func)) (func (export "_start")))"#;
        std::fs::write(&module, wat::parse_str(text).unwrap()).unwrap();
        let program = |entry| Program {
            module: module.clone(),
            name: "module.wasm".into(),
            entry,
            env: Vec::new(),
            dirs: Vec::new(),
            stdin: None,
        };
        let command = program(Entry::Command { args: Vec::new() });
        assert!(
            preamble(&command)
                .unwrap_err()
                .to_string()
                .contains("imports from")
        );

        let engine = Wasm2c {
            program: "wasm2c".into(),
            compiler: "cc".into(),
            runtime: "/".into(),
            variant: Variant::Gcc,
            about: String::new(),
        };
        let named = |name: &str| {
            program(Entry::Export {
                name: name.into(),
                args: Vec::new(),
                results: Vec::new(),
            })
        };
        assert!(engine.refuses(&named("f(); evil")).is_some());
        assert!(engine.refuses(&named("fib_30")).is_none());
    }
}
