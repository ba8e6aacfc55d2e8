//! From an executable's object to a program: the one thing that needs a linker.
//!
//! The C compiler drives the linker, since it knows where the C library is. The result is static, so that
//! starting it costs a few page faults and no dynamic linking, and it runs on any Linux of its kind.

use crate::library::{self, Library};
use crate::limits::LimitOptions;
use crate::report::Usage;
use ahead_targets::Isa;
use ahead_wasi::{BakedGrants, Grant, PathLookup};
use anyhow::{Context, Result, bail};
use object::write::{Object, StandardSection, Symbol, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, SectionKind, SymbolFlags, SymbolKind, SymbolScope,
};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, Once};

/// File name of the runtime that is linked in.
const RUNTIME: &str = "libahead.a";

/// Where the linker and the runtime come from.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Executables")]
pub struct LinkOptions {
    /// C compiler that links executables; `$CC`, or the usual one for the target, if not given
    #[arg(long, value_name = "PROGRAM")]
    linker: Option<OsString>,

    /// Directory of the runtime, `libahead.a`, for the target; otherwise it is looked for in
    /// `$AHEAD_LIB_DIR` and around this program
    #[arg(long, value_name = "DIR")]
    runtime_lib: Option<PathBuf>,

    /// Directory for the program: `HOST[::GUEST][:ro]`, as for `ahead run`. It is kept in the executable, whose
    /// command line is the program's alone, and opened when the program starts: `--dir .` is the directory
    /// where that happens, `--dir /` is everything. Without any, the program has no files. What follows is kept
    /// in the same way
    #[arg(long = "dir", value_name = "DIR")]
    dirs: Vec<OsString>,

    /// Let the program resolve paths component by component where the system has no `openat2`, which is
    /// slower; otherwise it does not start there if it has directories
    #[arg(long)]
    fs_fallback: bool,

    /// TCP address that the program listens on from its start, as for `ahead run`
    #[arg(long, value_name = "ADDRESS")]
    listen: Vec<String>,

    #[command(flatten)]
    limits: LimitOptions,
}

impl LinkOptions {
    /// The first option given that says what the program gets.
    pub fn given(&self) -> Option<&'static str> {
        let limits = self.limits.limits();
        let given = [
            (!self.dirs.is_empty(), "--dir"),
            (self.fs_fallback, "--fs-fallback"),
            (!self.listen.is_empty(), "--listen"),
            (limits.memory_bytes_max.is_some(), "--max-memory"),
            (limits.stack_bytes_max.is_some(), "--max-stack"),
            (limits.descriptors_max.is_some(), "--max-fds"),
            (limits.written_bytes_max.is_some(), "--max-written"),
            (limits.files_max.is_some(), "--max-files"),
            (limits.threads_max.is_some(), "--max-threads"),
        ];
        let found = given.iter().find(|(given, _)| *given);
        found.map(|(_, option)| *option)
    }

    /// The directory that is to be searched for libraries, instead of the usual ones.
    pub fn runtime_lib(&self) -> Option<&Path> {
        self.runtime_lib.as_deref()
    }

    fn grants(&self) -> Result<BakedGrants> {
        let grants = self.dirs.iter().map(|dir| Grant::parse(dir));
        let grants = grants.collect::<Result<_, _>>();
        Ok(BakedGrants {
            grants: grants.map_err(|error| Usage(format!("`--dir`: {error}")))?,
            path_lookup: if self.fs_fallback {
                PathLookup::KernelOrWalk
            } else {
                PathLookup::Kernel
            },
            listen: self.listen.clone(),
            limits: self.limits.limits(),
        })
    }
}

/// The symbol by which the runtime finds the grants: a length of 4 bytes and what `BakedGrants` encodes to.
const GRANTS: &[u8] = b"ahead_command_grants";

/// An object with the grants.
fn grants_object(grants: &BakedGrants, target: Isa) -> Result<Vec<u8>> {
    let architecture = match target {
        Isa::X86_64 => Architecture::X86_64,
        Isa::Aarch64 => Architecture::Aarch64,
    };
    let mut object = Object::new(BinaryFormat::Elf, architecture, Endianness::Little);
    let encoded = grants
        .encode()
        .map_err(|error| Usage(format!("`--listen`: {error}")))?;
    let length = u32::try_from(encoded.len()).context("too many directories")?;
    let contents = [&length.to_le_bytes()[..], &encoded].concat();
    let section = object.section_id(StandardSection::ReadOnlyData);
    let value = object.append_section_data(section, &contents, 4);
    object.add_symbol(Symbol {
        name: GRANTS.to_vec(),
        value,
        size: contents.len() as u64,
        kind: SymbolKind::Data,
        scope: SymbolScope::Linkage,
        weak: false,
        section: SymbolSection::Section(section),
        flags: SymbolFlags::None,
    });
    // The linker is not to make the stack executable for want of this.
    object.add_section(vec![], b".note.GNU-stack".to_vec(), SectionKind::Other);
    Ok(object.write()?)
}

/// Links `object` and the runtime; gives the program's bytes.
pub fn link(object: &[u8], target: Isa, options: &LinkOptions) -> Result<Vec<u8>> {
    let grants = options.grants()?;
    let runtime = find_runtime(target, options)?;
    let linker = linker(target, options);
    let scratch = Scratch::new()?;
    let object_path = scratch.path().join("module.o");
    let grants_path = scratch.path().join("grants.o");
    let program = scratch.path().join("program");
    for (path, contents) in [
        (&object_path, object),
        (&grants_path, &grants_object(&grants, target)?),
    ] {
        std::fs::write(path, contents)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }

    let mut command = Command::new(&linker);
    command
        .args(LINK_FLAGS)
        .args([&object_path, &grants_path, &runtime])
        .args(["-lm", "-lpthread", "-o"])
        .arg(&program)
        .stdin(Stdio::null());
    let output = command.output().map_err(|error| {
        anyhow::anyhow!(
            "cannot run the linker `{}`: {error}\n\nhint: an executable needs a C compiler for {target}; \
             name one with `--linker`, or make a `.so` and run it with `ahead run`",
            linker.display()
        )
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "the linker `{}` failed ({}): {}",
            linker.display(),
            output.status,
            match said.trim_end() {
                "" => "it does not say why",
                said => said,
            }
        );
    }
    std::fs::read(&program).with_context(|| format!("cannot read `{}`", program.display()))
}

/// Static, and without what nobody calls: the program starts faster than a dynamically linked one.
/// Debug information of the runtime is of no use to the guest's users; symbols are, in a profiler.
const LINK_FLAGS: &[&str] = &[
    "-static-pie",
    "-Wl,--gc-sections",
    "-Wl,--strip-debug",
    "-Wl,-z,relro",
    "-Wl,-z,now",
    "-Wl,-z,noexecstack",
    "-Wl,--build-id",
];

fn linker(target: Isa, options: &LinkOptions) -> OsString {
    if let Some(linker) = &options.linker {
        return linker.clone();
    }
    if Isa::host() != Some(target) {
        return format!("{target}-linux-gnu-gcc").into();
    }
    std::env::var_os("CC")
        .filter(|cc| !cc.is_empty())
        .unwrap_or_else(|| "cc".into())
}

fn find_runtime(target: Isa, options: &LinkOptions) -> Result<PathBuf> {
    let wanted = Library {
        name: RUNTIME,
        what: "runtime",
        package: "ahead-capi",
    };
    library::find(&wanted, target, options.runtime_lib(), machine_of)
}

/// The instruction set of the first object in an archive.
fn machine_of(archive: &Path) -> Option<Isa> {
    use object::read::{archive::ArchiveFile, elf::ElfFile64};
    use object::{Endianness, ReadCache};
    let cache = ReadCache::new(std::fs::File::open(archive).ok()?);
    let archive = ArchiveFile::parse(&cache).ok()?;
    archive
        .members()
        .filter_map(|member| {
            let data = member.ok()?.data(&cache).ok()?;
            let elf = ElfFile64::<Endianness>::parse(data).ok()?;
            Isa::from_machine(elf.elf_header().e_machine.get(elf.endian()))
        })
        .next()
}

/// A directory for the linker's files that goes away with us, also when the user interrupts.
struct Scratch(tempfile::TempDir);

static INTERRUPTIBLE: Mutex<Option<PathBuf>> = Mutex::new(None);
static HANDLER: Once = Once::new();

impl Scratch {
    fn new() -> Result<Self> {
        HANDLER.call_once(|| {
            // Without the handler an interrupt still stops us, it only leaves the directory.
            let _ = ctrlc::set_handler(|| {
                if let Ok(Some(path)) = INTERRUPTIBLE.lock().as_deref() {
                    let _ = std::fs::remove_dir_all(path);
                }
                std::process::exit(EXIT_INTERRUPTED);
            });
        });
        let directory = tempfile::Builder::new()
            .prefix("ahead-")
            .tempdir()
            .context("cannot make a temporary directory")?;
        Self::announce(Some(directory.path().to_owned()));
        Ok(Scratch(directory))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn announce(path: Option<PathBuf>) {
        if let Ok(mut slot) = INTERRUPTIBLE.lock() {
            *slot = path;
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        Self::announce(None);
    }
}

/// What shells report for a program that an interrupt ended.
const EXIT_INTERRUPTED: i32 = 130;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_where_it_was_looked_for() {
        let options = LinkOptions {
            linker: None,
            runtime_lib: Some("/nowhere".into()),
            dirs: Vec::new(),
            fs_fallback: false,
            listen: Vec::new(),
            limits: LimitOptions::default(),
        };
        let message = link(b"", Isa::Aarch64, &options).unwrap_err().to_string();
        assert!(message.contains("no runtime `libahead.a` for aarch64 in `/nowhere`"));
        assert!(message.contains("\n\nhint: "));
    }
}
