//! Artefacts that no proxy here can run, and what it says of each.

use crate::{Limits, ahead, run, workspace};
use ahead_artifact::header::{ABI_MAJOR, MAGIC, ModuleHeader};
use std::fs;
use std::mem::offset_of;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file that is to be refused.
#[derive(Clone, Debug)]
pub struct Bad {
    pub path: PathBuf,
    /// Part of the message.
    pub says: &'static str,
}

/// Makes one of each kind in a folder.
///
/// # Panics
/// If the compiler does not do its part.
pub fn bad_artefacts(folder: &Path) -> Vec<Bad> {
    let good = fs::read_to_string(workspace().join("examples/filter/filter.wat"));
    let good = good.expect("the example's filter");
    let mut all = Vec::new();
    let mut add = |name: &str, bytes: &[u8], says| {
        let path = folder.join(name).with_extension("so");
        fs::write(&path, bytes).expect("a new file");
        all.push(Bad { path, says });
    };
    // What a module's own text says wrong.
    for (name, from, to, says) in [
        (
            "no-marker",
            "\"proxy_abi_version_0_2_1\"",
            "\"marker\"",
            "not a Proxy-Wasm filter: it exports none of",
        ),
        (
            "newer-marker",
            "proxy_abi_version_0_2_1",
            "proxy_abi_version_9_9_9",
            "it exports `proxy_abi_version_9_9_9`",
        ),
        (
            "no-allocator",
            "\"proxy_on_memory_allocate\"",
            "\"allocate\"",
            "exports neither `proxy_on_memory_allocate` nor `malloc`",
        ),
        (
            "no-memory",
            "(export \"memory\")",
            "",
            "exports no memory of the name `memory`",
        ),
        (
            "unknown-import",
            "\"proxy_add_header_map_value\"",
            "\"proxy_fly\"",
            "imports `env`.`proxy_fly`, which ABI 0.2.1 does not have",
        ),
        (
            "mistyped-import",
            "(func $add (param i32 i32 i32 i32 i32) (result i32))",
            "(func $add (param i32 i32 i32 i32 i64) (result i32))",
            "incompatible import type for `env`.`proxy_add_header_map_value`",
        ),
        (
            "mistyped-export",
            "(func (export \"proxy_on_configure\") (param $root i32)",
            "(func (export \"proxy_on_configure\") (param $more i32) (param $root i32)",
            "exports `proxy_on_configure` with type",
        ),
        (
            "refuses",
            "(global.set $length (i32.load (i32.const 20)))\n    (i32.const 1)",
            "(i32.const 0)",
            "`proxy_on_configure` returned false",
        ),
    ] {
        assert!(good.contains(from), "the filter has no `{from}`");
        // `i64` in place of an `i32` wants another argument, too.
        let text = good.replace(from, to).replace(
            "(global.get $length)))",
            match name {
                "mistyped-import" => "(i64.const 0)))",
                _ => "(global.get $length)))",
            },
        );
        add(name, &compiled(folder, &text, &[]), says);
    }
    // What another machine or version wrote.
    let other = match cfg!(target_arch = "x86_64") {
        true => ("aarch64", "the artefact is for aarch64"),
        false => ("x86-64", "the artefact is for x86-64"),
    };
    let foreign = compiled(folder, &good, &["--target", other.0]);
    add("other-machine", &foreign, other.1);
    let artefact = compiled(folder, &good, &[]);
    let at = artefact.windows(8).position(|window| window == MAGIC);
    let header = at.expect("a header");
    let with = |field: usize, bytes: &[u8]| {
        let mut artefact = artefact.clone();
        artefact[header + field..][..bytes.len()].copy_from_slice(bytes);
        artefact
    };
    let version = (ABI_MAJOR + 1).to_le_bytes();
    let newer = with(offset_of!(ModuleHeader, abi_major), &version);
    add("other-abi", &newer, "the artefact has ABI version");
    let features = with(offset_of!(ModuleHeader, cpu_features), &[0xff; 8]);
    add(
        "other-cpu",
        &features,
        "needs CPU features that this machine lacks",
    );
    // What is no artefact, or not a whole one.
    add("text", b"no ELF", "not an Ahead artefact");
    add("empty", b"", "not an Ahead artefact");
    for (name, part) in [("half", 2), ("beginning", 50)] {
        let cut = &artefact[..artefact.len() / part];
        add(name, cut, "not an Ahead artefact");
    }
    let sections = with(size_of::<ModuleHeader>(), &[0xff; 64]);
    add("garbled", &sections, "at offset");
    all
}

fn compiled(folder: &Path, text: &str, options: &[&str]) -> Vec<u8> {
    let (source, artefact) = (folder.join("source.wat"), folder.join("compiled.so"));
    fs::write(&source, text).expect("a new file");
    let mut compile = Command::new(ahead());
    compile.arg("compile").arg(&source).args(options);
    run(compile.arg("-o").arg(&artefact), Limits::default()).ok();
    fs::read(&artefact).expect("what was compiled")
}
