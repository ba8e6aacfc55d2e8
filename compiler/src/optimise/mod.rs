//! Phase 3: CLIF to better CLIF, by what Cranelift does not know or does not do.
//!
//! A pass is a row of [`PASSES`] and a file next to this one. It sees one function and the facts of the
//! whole module, and leaves a function that means the same. Cranelift's own mid-end (constant folding,
//! common subexpressions, redundant loads, hoisting of what cannot trap) runs after these, so a pass does
//! not clean up behind itself.

mod address;
mod bound;
mod tail_recursion;

use crate::config::{Config, OptLevel};
use crate::module::ModuleInfo;
use cranelift_codegen::ir::Function;
use std::fmt;

/// A pass over one function.
pub struct Pass {
    /// As it is named on the command line and in `docs/`.
    pub name: &'static str,
    /// Returns whether it changed anything.
    pub run: fn(&mut Function, &ModuleInfo<'_>) -> bool,
}

/// All passes, in the order in which they run.
pub const PASSES: &[Pass] = &[
    Pass {
        name: "tail-recursion",
        run: tail_recursion::run,
    },
    Pass {
        name: "address",
        run: address::run,
    },
];

/// Which passes run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passes {
    /// By place in [`PASSES`].
    bits: u32,
}

impl Passes {
    pub const ALL: Passes = Passes {
        bits: (1 << PASSES.len()) - 1,
    };

    /// Without the pass of that name; `None` if there is none.
    pub fn without(self, name: &str) -> Option<Self> {
        let pass = PASSES.iter().position(|pass| pass.name == name)?;
        Some(Passes {
            bits: self.bits & !(1 << pass),
        })
    }

    /// Names of all passes there are.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PASSES.iter().map(|pass| pass.name)
    }

    fn chosen(self) -> impl Iterator<Item = &'static Pass> {
        let passes = PASSES.iter().enumerate();
        passes
            .filter(move |(place, _)| self.bits & (1 << place) != 0)
            .map(|(_, pass)| pass)
    }
}

impl fmt::Display for Passes {
    /// `all`, or the names of those that run.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Passes::ALL {
            return f.write_str("all");
        }
        let names: Vec<_> = self.chosen().map(|pass| pass.name).collect();
        f.write_str(if names.is_empty() { "none" } else { "" })?;
        f.write_str(&names.join(" "))
    }
}

/// Runs the passes that the configuration asks for.
pub fn run(function: &mut Function, module: &ModuleInfo<'_>, config: &Config) {
    if config.opt == OptLevel::None {
        return;
    }
    for pass in config.passes.chosen() {
        let changed = (pass.run)(function, module);
        log::trace!(
            "pass {}: {}",
            pass.name,
            if changed { "changed" } else { "nothing" }
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_are_switched_off_by_name() {
        assert_eq!(Passes::ALL.to_string(), "all");
        assert_eq!(Passes::ALL.without("nothing"), None);
        let mut none = Passes::ALL;
        for name in Passes::names() {
            none = none.without(name).unwrap();
        }
        assert_eq!(none.to_string(), "none");
        assert_eq!(none.chosen().count(), 0);
    }
}
