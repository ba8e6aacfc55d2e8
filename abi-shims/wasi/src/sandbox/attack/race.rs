//! The same while somebody else swaps what the paths go through: a directory with a link to the outside, and a
//! directory deep down with one at the top.

use super::operations::OPERATIONS;
use super::scene::Scene;
use crate::sandbox::Resolver;
use rustix::fs::{CWD, RenameFlags};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// For each operation: `AHEAD_RACE_SECONDS`, or a moment.
fn time_of_each() -> Duration {
    let seconds = std::env::var("AHEAD_RACE_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    seconds.map_or(Duration::from_millis(60), Duration::from_secs)
}

/// Where the race goes through. The first two change between a directory and a link out of the root; in the last,
/// `..` leads to the root's parent if `moving` comes to the top at the right moment.
const PATHS: &[&[u8]] = &[
    b"swapped/secret",
    b"swapped/new",
    b"swapped/empty",
    b"swapped/link",
    b"last",
    b"dir/sub/moving/../../outside/secret",
    b"dir/sub/moving/../../outside/new",
];

fn prepare(base: &Path) {
    let root = base.join("given");
    for directory in ["swapped/empty", "dir/sub/moving", "shelf"] {
        std::fs::create_dir_all(root.join(directory)).unwrap();
    }
    for file in ["swapped/secret", "last"] {
        std::fs::write(root.join(file), "mine").unwrap();
    }
    std::os::unix::fs::symlink("../outside", root.join("swapped_link")).unwrap();
    std::os::unix::fs::symlink("../outside/secret", root.join("last_link")).unwrap();
}

fn swap(base: &Path) {
    let root = base.join("given");
    let exchange = |one: &str, other: &str| {
        // The attacked operations may have taken one of the two away.
        let _ = rustix::fs::renameat_with(
            CWD,
            root.join(one),
            CWD,
            root.join(other),
            RenameFlags::EXCHANGE,
        );
    };
    exchange("swapped", "swapped_link");
    exchange("last", "last_link");
    let _ = std::fs::rename(root.join("dir/sub/moving"), root.join("moving"));
    let _ = std::fs::rename(root.join("moving"), root.join("dir/sub/moving"));
}

/// The operations that escaped.
fn race(resolver: Resolver, time: Duration) -> BTreeSet<&'static str> {
    let mut escaped = BTreeSet::new();
    for (name, operation) in OPERATIONS {
        let mut scene = Scene::new();
        prepare(scene.base());
        let base = scene.base().to_owned();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    swap(&base);
                }
            });
            let directory = scene.directory(resolver);
            let start = Instant::now();
            while start.elapsed() < time {
                for path in PATHS {
                    let seen = operation(&directory, path);
                    if scene.is_known_foreign(seen.as_ref()) || scene.has_changed_outside() {
                        escaped.insert(*name);
                    }
                }
                if escaped.contains(name) {
                    break;
                }
            }
            stop.store(true, Ordering::Relaxed);
        });
        if scene.has_leaked() {
            escaped.insert(name);
        }
        scene.restore();
    }
    escaped
}

#[test]
fn no_race_leads_out_by_the_kernel_s_lookup() {
    assert_eq!(race(Resolver::Kernel, time_of_each()), BTreeSet::new());
}

#[test]
fn no_race_leads_out_by_the_walk() {
    assert_eq!(race(Resolver::Walk, time_of_each()), BTreeSet::new());
}

#[test]
fn without_a_check_the_race_is_lost() {
    let escaped = race(Resolver::Unchecked, Duration::from_millis(500));
    // Removing what is already gone needs luck; what reads does not.
    for name in [
        "open",
        "stat",
        "truncate",
        "set times",
        "read link",
        "create",
    ] {
        assert!(
            escaped.contains(name),
            "`{name}` did not escape: {escaped:?}"
        );
    }
}
