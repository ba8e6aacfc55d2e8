//! Phase 3: CLIF to better CLIF, by what Cranelift does not know or does not do.
//!
//! A pass is a row of [`PASSES`] and a file next to this one. It sees one function and the facts of the
//! whole module, and leaves a function that means the same. Cranelift's own mid-end (constant folding,
//! common subexpressions, redundant loads, hoisting of what cannot trap) runs after these, so a pass does
//! not clean up behind itself.

mod address;
mod bound;

use crate::config::{Config, OptLevel};
use crate::module::ModuleInfo;
use cranelift_codegen::ir::Function;

/// A pass over one function.
pub struct Pass {
    /// As it is named on the command line and in `docs/`.
    pub name: &'static str,
    /// Returns whether it changed anything.
    pub run: fn(&mut Function, &ModuleInfo<'_>) -> bool,
}

/// All passes, in the order in which they run.
pub const PASSES: &[Pass] = &[Pass {
    name: "address",
    run: address::run,
}];

/// Runs the passes that the configuration asks for.
pub fn run(function: &mut Function, module: &ModuleInfo<'_>, config: &Config) {
    if config.opt == OptLevel::None {
        return;
    }
    for pass in PASSES {
        let changed = (pass.run)(function, module);
        log::trace!(
            "pass {}: {}",
            pass.name,
            if changed { "changed" } else { "nothing" }
        );
    }
}
