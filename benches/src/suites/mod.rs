//! One file a question, and one for all programs under all engines: how dear is compiling, how fast is the code, how
//! soon does a program start, what does a large artefact cost to open, what does a proxy's filter cost, what do files,
//! what do vectors, tail calls and exceptions.

pub mod compile;
#[cfg(feature = "envoy")]
pub mod envoy;
pub mod files;
pub mod filter;
pub mod load;
pub mod operators;
pub mod programs;
pub mod run;
pub mod start;

/// Told on stderr while a suite runs.
fn progress(what: &str) {
    eprintln!("... {what}");
}
