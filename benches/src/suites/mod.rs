//! One file a question: how dear is compiling, how fast is the code, how soon does a program start, what does a
//! large artefact cost to open, what does a proxy's filter cost, what do files,
//! what do vectors, tail calls and exceptions.

pub mod compile;
#[cfg(feature = "envoy")]
pub mod envoy;
pub mod files;
pub mod filter;
pub mod load;
pub mod operators;
pub mod run;
pub mod start;

use crate::engines::Name;
use anyhow::Result;
use std::path::Path;

/// Told on stderr while a suite runs.
fn progress(what: &str) {
    eprintln!("... {what}");
}

/// Compiles `wasm` with each engine into `folder`; the artefacts are named after the engines.
fn compile_with_all(folder: &Path, name: &str, wasm: &[u8]) -> Result<Vec<std::path::PathBuf>> {
    let compile = |engine: &Name| {
        let path = folder.join(format!("{name}.{}", engine.as_str()));
        std::fs::write(&path, engine.engine()?.compile(wasm)?)?;
        Ok(path)
    };
    Name::BUILT.iter().map(compile).collect()
}

/// What the column of the peer is called.
fn peer_title() -> String {
    match Name::BUILT.get(1) {
        Some(peer) => format!("{} 48", peer.as_str()),
        None => "no peer".into(),
    }
}
