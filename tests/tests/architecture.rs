//! The walls of the house: who depends on whom, where unsafe code may stand, what every file begins with.
//!
//! Reads manifests and sources, runs nothing of ours. ARCHITECTURE.md tells the same in words.

use ahead_tests::workspace;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which crates of ours each crate may depend on, in whatever kind of dependency. `None`: any.
const EDGES: &[(&str, Option<&[&str]>)] = &[
    ("ahead-artifact", Some(&[])),
    ("ahead-targets", Some(&[])),
    ("ahead-compiler", Some(&["ahead-artifact", "ahead-targets"])),
    ("ahead-runtime", Some(&["ahead-artifact", "ahead-targets"])),
    ("ahead-wasi", Some(&["ahead-artifact", "ahead-runtime"])),
    (
        "ahead-proxy-wasm",
        Some(&["ahead-artifact", "ahead-runtime", "ahead-wasi"]),
    ),
    ("ahead-envoy", Some(&["ahead-runtime", "ahead-proxy-wasm"])),
    ("ahead-serve", Some(&["ahead-runtime", "ahead-proxy-wasm"])),
    (
        "ahead-capi",
        Some(&["ahead-artifact", "ahead-runtime", "ahead-wasi"]),
    ),
    (
        "ahead-bench",
        Some(&[
            "ahead-compiler",
            "ahead-proxy-wasm",
            "ahead-runtime",
            "ahead-targets",
            "ahead-wasi",
        ]),
    ),
    ("ahead", None),
    ("ahead-tests", None),
    (
        "ahead-filter-host",
        Some(&["ahead-runtime", "ahead-proxy-wasm"]),
    ),
    ("ahead-benches", None),
    ("ahead-fuzz", None),
];

/// What `cargo metadata` says of the workspace's own crates.
fn members() -> Vec<serde_json::Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(workspace())
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

#[test]
fn crates_depend_only_downwards() {
    let mut seen = BTreeSet::new();
    for package in members() {
        let name = package["name"].as_str().unwrap();
        let rule = EDGES.iter().find(|rule| rule.0 == name);
        let allowed = rule
            .unwrap_or_else(|| panic!("`{name}` has no row in EDGES"))
            .1;
        seen.insert(name.to_owned());
        let Some(allowed) = allowed else { continue };
        for dependency in package["dependencies"].as_array().unwrap() {
            let on = dependency["name"].as_str().unwrap();
            let ours = on == "ahead" || on.starts_with("ahead-");
            assert!(
                !ours || allowed.contains(&on),
                "`{name}` must not depend on `{on}`"
            );
        }
    }
    assert_eq!(
        seen.len(),
        EDGES.len(),
        "EDGES names a crate that is not there"
    );
}

#[test]
fn the_artefact_crate_needs_nothing() {
    for package in members() {
        if package["name"] == "ahead-artifact" {
            assert_eq!(package["dependencies"].as_array().unwrap().len(), 0);
        }
    }
}

/// Crates in which the compiler refuses unsafe code altogether.
const WITHOUT_UNSAFE: &[&str] = &[
    "artifact/src/lib.rs",
    "compiler/src/lib.rs",
    "abi-shims/wasi/src/lib.rs",
    "abi-shims/proxy-wasm/src/lib.rs",
    "abi-shims/serve/src/lib.rs",
    "tests/src/lib.rs",
    "tests/filter-host/src/lib.rs",
];

#[test]
fn safe_crates_forbid_unsafe_code() {
    for file in WITHOUT_UNSAFE {
        let source = std::fs::read_to_string(workspace().join(file)).unwrap();
        assert!(source.contains("#![forbid(unsafe_code)]"), "{file}");
    }
}

/// Where unsafe code may stand outside `runtime-support/`, `targets/src/<isa>/host.rs` and the C edges of proxies'
/// adapters, and how many blocks: opening an artefact is unsafe, since nothing can prove that its code keeps inside
/// the sandbox.
const OPENERS: &[(&str, usize)] = &[
    // And the symbol that it is found by, whose name is not Rust's.
    ("abi-shims/envoy/src/artefact.rs", 3),
    ("cli/src/open.rs", 1),
    ("bench/src/engines/ahead.rs", 1),
    ("benches/src/bin/ahead-bench-wasmtime/main.rs", 2),
    ("benches/src/bin/wasmtime-run.rs", 1),
    // Two to open; and a view of a slice that wasmtime lends, for as long as that.
    ("peers/wasmtime/runtime/src/module.rs", 2),
    ("peers/wasmtime/runtime/src/store.rs", 1),
    ("tests/filter-host/src/main.rs", 1),
    ("tests/tests/proxy_wasm_allocations.rs", 6),
    ("fuzz/src/ahead.rs", 1),
    ("tests/tests/embedder/mod.rs", 2),
];

/// Where adapters meet their proxies, which are C to them.
const EDGES_TO_C: &[&str] = &["abi-shims/envoy/src/sys/", "abi-shims/envoy/src/hooks/"];

#[test]
fn unsafe_code_stands_where_it_may() {
    let mut wrong = BTreeMap::new();
    for file in sources() {
        let name = relative(&file);
        let free = name.starts_with("runtime-support/")
            || (name.starts_with("targets/src/") && name.ends_with("/host.rs"))
            || EDGES_TO_C.iter().any(|edge| name.starts_with(edge));
        if free {
            continue;
        }
        let allowed = OPENERS.iter().find(|opener| opener.0 == name);
        let allowed = allowed.map_or(0, |opener| opener.1);
        let count = words(&code_of(&std::fs::read_to_string(&file).unwrap()))
            .filter(|word| *word == "unsafe")
            .count();
        if count > allowed {
            wrong.insert(name, count);
        }
    }
    assert!(wrong.is_empty(), "unsafe code in {wrong:?}");
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in sources() {
        let source = std::fs::read_to_string(&file).unwrap();
        assert!(
            source.starts_with("//!"),
            "{} does not begin with `//!`",
            relative(&file)
        );
    }
}

#[test]
fn files_are_named_after_things() {
    for file in sources() {
        let stem = file.file_stem().unwrap().to_str().unwrap();
        let vague = ["util", "utils", "helper", "helpers", "common", "misc"];
        assert!(!vague.contains(&stem), "{}", relative(&file));
    }
}

#[test]
fn no_source_knows_the_machine_it_was_written_on() {
    let this = Path::new(file!()).file_name().unwrap();
    for file in sources()
        .into_iter()
        .filter(|file| file.file_name() != Some(this))
    {
        let source = std::fs::read_to_string(&file).unwrap();
        for place in ["/work/", "/root/", "/home/"] {
            assert!(
                !source.contains(place),
                "{} mentions {place}",
                relative(&file)
            );
        }
    }
}

/// All Rust sources of the repository.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![workspace().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                if !name.starts_with('.') && !name.starts_with("target") || name == "targets" {
                    folders.push(path);
                }
            } else if name.ends_with(".rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 50, "the sources were not found");
    found.sort();
    found
}

fn relative(file: &Path) -> String {
    file.strip_prefix(workspace())
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned()
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// The source without comments, strings and character literals.
fn code_of(source: &str) -> String {
    let mut out = String::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("r\"") || rest.starts_with("r#") {
            raw_string(rest)
        } else if first == '"' {
            string(rest)
        } else if first == '\'' {
            character(rest)
        } else {
            0
        };
        if skipped == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            out.push(' ');
            rest = &rest[skipped..];
        }
    }
    out
}

fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Length of a raw string; 0 if this is a raw identifier.
fn raw_string(rest: &str) -> usize {
    let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
    if !rest[1 + hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let body = 2 + hashes;
    rest[body..]
        .find(&end)
        .map_or(rest.len(), |at| body + at + end.len())
}

/// Length of a character literal; 0 if this is a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => rest[3..].find('\'').map_or(rest.len(), |at| 3 + at + 1),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

#[test]
fn comments_and_strings_are_not_code() {
    let source = r##"// unsafe
        let a = "unsafe \" unsafe"; let b = 'u'; let c = '\''; fn f<'unsafe_life>() {}
        /* unsafe */ let d = r#"unsafe " unsafe"#; unsafe { x() }"##;
    let code = code_of(source);
    assert_eq!(
        words(&code).filter(|word| *word == "unsafe").count(),
        1,
        "{code}"
    );
}
