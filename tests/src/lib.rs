//! What the tests of the whole share: finding the built programs, running them within bounds, finding a
//! corpus, running under qemu.
//!
//! Not here: tests (`tests/tests`, one file per matter), nor anything that judges an output.

#![forbid(unsafe_code)]

use std::io::Write as _;

pub mod aarch64;
pub mod binary;
pub mod built;
pub mod corpus;
pub mod envoy;
pub mod expected;
pub mod filters;
pub mod golden;
pub mod http;
pub mod process;
pub mod samples;
pub mod serve;
pub mod upstream;

pub use built::{ahead, workspace};
pub use process::{Finished, Limits, run};

/// Whether the long tests run too: `scripts/test.sh --full`.
pub fn full() -> bool {
    std::env::var_os("AHEAD_TEST_FULL").is_some()
}

/// Prints why a test does nothing here. A skipped test passes, so the build server makes sure that nothing
/// is missing there.
pub fn skip(why: &str) {
    // Not `eprintln!`: the test harness would keep it to itself.
    writeln!(std::io::stderr(), "skipped: {why}").ok();
}
