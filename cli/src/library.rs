//! Finds the prebuilt libraries that outputs are made with: the runtime of executables, the adapters of proxies.

use ahead_targets::Isa;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// What is looked for.
pub struct Library {
    /// Its file's name.
    pub name: &'static str,
    /// What messages call it.
    pub what: &'static str,
    /// The package that builds it.
    pub package: &'static str,
}

/// The library for `target`: in `directory` if it is given, else in `$AHEAD_LIB_DIR` and around this program.
/// `machine_of` says what a file is for.
pub fn find(
    library: &Library,
    target: Isa,
    directory: Option<&Path>,
    machine_of: fn(&Path) -> Option<Isa>,
) -> Result<PathBuf> {
    let directories = match directory {
        Some(directory) => vec![directory.to_owned()],
        None => {
            let program = std::env::current_exe().context("cannot find my own executable")?;
            let named = std::env::var_os("AHEAD_LIB_DIR").map(PathBuf::from);
            let beside = program.parent().map(|home| candidates(home, target));
            named
                .into_iter()
                .chain(beside.into_iter().flatten())
                .collect()
        }
    };
    let found = directories
        .iter()
        .map(|directory| directory.join(library.name))
        .find(|file| machine_of(file) == Some(target));
    found.ok_or_else(|| {
        let searched: Vec<_> = directories
            .iter()
            .map(|directory| format!("`{}`", directory.display()))
            .collect();
        anyhow::anyhow!(
            "no {} `{}` for {target} in {}\n\nhint: build it with `cargo build --release -p {} --target {}` and \
             name its directory with `--runtime-lib`",
            library.what,
            library.name,
            searched.join(", "),
            library.package,
            target.triple()
        )
    })
}

/// Where libraries are, seen from the directory of this program: beside it, as in a target directory of
/// cargo; in the library directory of an installation; in cargo's directory for another target, either in
/// the same target directory or in one of its own, `target/<isa>` or `target-<isa>`.
fn candidates(home: &Path, target: Isa) -> Vec<PathBuf> {
    let profile = home.file_name().unwrap_or_default();
    let triple = target.triple();
    let mut found = vec![home.to_owned()];
    if let Some(up) = home.parent() {
        found.push(up.join("lib/ahead").join(triple));
        found.push(up.join(triple).join(profile));
        // This program may itself have been built with `--target`, one directory deeper.
        found.push(up.with_file_name(triple).join(profile));
        found.push(up.join(target.name()).join(triple).join(profile));
        let separate = up.with_file_name(format!("target-{target}"));
        found.push(separate.join(triple).join(profile));
        found.push(separate.join(profile));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_is_looked_for_where_cargo_and_installers_put_it() {
        let places = candidates(Path::new("/src/target/release"), Isa::Aarch64);
        for expected in [
            "/src/target/release",
            "/src/target/lib/ahead/aarch64-unknown-linux-gnu",
            "/src/target/aarch64-unknown-linux-gnu/release",
            "/src/target/aarch64/aarch64-unknown-linux-gnu/release",
            "/src/target-aarch64/aarch64-unknown-linux-gnu/release",
        ] {
            assert!(places.contains(&PathBuf::from(expected)), "{expected}");
        }
        let installed = candidates(Path::new("/usr/bin"), Isa::X86_64);
        assert!(installed.contains(&"/usr/lib/ahead/x86_64-unknown-linux-gnu".into()));
    }
}
