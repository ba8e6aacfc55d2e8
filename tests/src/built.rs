//! Finds the programs and libraries under test; builds them if a plain `cargo test` comes before any build.
//!
//! `scripts/test.sh` builds release artefacts first and names them in `AHEAD_BIN` and `AHEAD_LIB_DIR`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The root of the repository.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the workspace")
}

/// The `ahead` program.
pub fn ahead() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match std::env::var_os("AHEAD_BIN") {
        Some(path) => existing(path.into()),
        None => existing(built().join("ahead")),
    })
}

/// The folder of `libahead.a`, `libahead.so` and `libahead_envoy.so`.
pub fn libraries() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| match std::env::var_os("AHEAD_LIB_DIR") {
        Some(path) => existing(path.into()),
        None => built().to_owned(),
    })
}

fn existing(path: PathBuf) -> PathBuf {
    assert!(path.exists(), "`{}` is not there", path.display());
    path
}

/// Builds program and libraries in the profile of this test, in whose folder they then are.
fn built() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let test = std::env::current_exe().expect("a test knows its own path");
        let folder = test
            .ancestors()
            .nth(2)
            .expect("a test lies in <target>/<profile>/deps");
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(workspace()).arg("build").arg("--quiet");
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        cargo.args(["-p", "ahead", "-p", "ahead-capi", "-p", "ahead-envoy"]);
        cargo.arg("--target-dir");
        cargo.arg(folder.parent().expect("a profile's folder has a parent"));
        let status = cargo.status().expect("cargo can be started");
        assert!(status.success(), "{cargo:?} failed");
        folder.to_owned()
    })
}
