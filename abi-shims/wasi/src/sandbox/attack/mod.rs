//! Attacks on the sandbox: paths that lead out of a directory, in every operation, with either resolver and with
//! none.
//!
//! ```text
//! base/
//!   outside/            nothing in here may be opened, seen, changed, moved or linked to
//!   given/              what the guest was given, with links to everywhere
//! ```
//!
//! An escape is a descriptor or an inode from outside, or any change there. With no resolver the same tests find
//! escapes in every operation: that is what they would look like.

mod operations;
mod paths;
mod race;
mod scene;

use super::{PathLookup, Resolver};
use crate::types::Errno;
use operations::OPERATIONS;
use scene::Scene;
use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::time::Duration;

/// Runs every operation on every path and counts the escapes of each operation.
fn attack(resolver: Resolver) -> BTreeMap<&'static str, usize> {
    let mut scene = Scene::new();
    let mut escapes = BTreeMap::new();
    for path in paths::all(scene.base()) {
        for (name, operation) in OPERATIONS {
            let seen = operation(&scene.directory(resolver), &path);
            // What fails may have done harm outside all the same, but it brings nothing in.
            let escaped = if seen.is_ok() {
                scene.is_foreign(seen.as_ref()) || scene.has_leaked()
            } else {
                scene.has_changed_outside()
            };
            *escapes.entry(*name).or_default() += usize::from(escaped);
            if escaped || seen.is_ok() {
                scene.restore();
            }
        }
    }
    escapes
}

fn none_escapes(resolver: Resolver) {
    for (name, escapes) in attack(resolver) {
        assert_eq!(escapes, 0, "`{name}` escaped");
    }
}

#[test]
fn no_path_leads_out_by_the_kernel_s_lookup() {
    none_escapes(Resolver::Kernel);
}

#[test]
fn no_path_leads_out_by_the_walk() {
    none_escapes(Resolver::Walk);
}

#[test]
fn without_a_check_every_operation_escapes() {
    for (name, escapes) in attack(Resolver::Unchecked) {
        assert!(escapes > 0, "`{name}` did not escape");
    }
}

/// How often an operation is tried that is told to try again.
const DISTURBED_MAX: u32 = 10_000;

/// Both resolvers come to the same end, error and all, wherever a path leads.
#[test]
fn the_walk_agrees_with_the_kernel() {
    let mut scene = Scene::new();
    let given = scene.directory(Resolver::Kernel).host;
    if Resolver::choose(PathLookup::Kernel, given.as_fd()).is_err() {
        // There is nothing to agree with.
        return;
    }
    let paths = paths::all(scene.base());
    assert!(paths.len() >= 300, "{} paths", paths.len());
    for path in paths {
        for (name, operation) in OPERATIONS {
            let outcomes = [Resolver::Kernel, Resolver::Walk].map(|resolver| {
                let mut seen = operation(&scene.directory(resolver), &path);
                // Any renaming on the machine disturbs the kernel, that of the races beside this test for one.
                for _ in 0..DISTURBED_MAX {
                    if seen.as_ref().err() != Some(&Errno::Again) {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(1));
                    seen = operation(&scene.directory(resolver), &path);
                }
                if seen.is_ok() {
                    scene.restore();
                }
                seen.map(|_| ())
            });
            let [kernel, walk] = outcomes;
            assert_eq!(kernel, walk, "`{name}` of `{}`", path.escape_ascii());
        }
    }
}
