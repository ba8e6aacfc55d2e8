//! Every function with arguments that nobody would choose: none may panic, trap or hang, whatever it is given.

use crate::guest::{END, Guest};
use ahead_wasi::table::FUNCTIONS;
use ahead_wasi::types::Version;
use ahead_wasi::{Access, Blocking, PathLookup, Preopen, WasiConfig};
use std::path::Path;

/// Calls for each version if `AHEAD_RANDOM_CALLS` does not say; a second or so in all.
const CALLS: usize = 100_000;

/// What lies at the start of the memory: paths, wherever one starts and ends.
const PATHS: &[u8] = b"a/b/../../a\0../x/./b//..a/../../outside/";

/// Calls that share a guest, before it has closed what it had.
const CALLS_OF_A_GUEST: usize = 200;

/// A generator of numbers that are no secret: xorshift.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Small numbers, the neighbours of the memory's end, of powers of two and of the types' ends, and any.
    fn argument(&mut self) -> i64 {
        let small = self.next() % 9;
        match self.next() % 8 {
            0..3 => small as i64,
            3 => i64::from(END) - small as i64,
            4 => (1i64 << (self.next() % 64)).wrapping_add(small as i64 - 4),
            5 => i64::from(u32::MAX) - small as i64,
            6 => (self.next() % u64::from(END)) as i64,
            _ => self.next() as i64,
        }
    }
}

/// A guest with directories and a socket, which must not wait for anybody.
fn guest(version: Version, given: &Path) -> Guest {
    let preopen = |access| Preopen::open(given, b"/".to_vec(), access).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut guest = Guest::of(
        version,
        WasiConfig {
            preopens: vec![preopen(Access::ReadWrite), preopen(Access::ReadOnly)],
            listeners: vec![listener.into()],
            path_lookup: PathLookup::KernelOrWalk,
            blocking: Blocking::Forbidden,
            ..WasiConfig::default()
        },
    );
    guest.put(0, PATHS);
    guest
}

#[test]
fn no_argument_does_harm() {
    let calls = std::env::var("AHEAD_RANDOM_CALLS").ok();
    let calls = calls.map_or(CALLS, |calls| calls.parse().unwrap());
    let base = tempfile::tempdir().unwrap();
    let given = base.path().join("given");
    std::fs::create_dir(&given).unwrap();
    std::fs::write(base.path().join("outside"), "outside").unwrap();
    for version in Version::ALL {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let mut guest = guest(version, &given);
        for call in 0..calls {
            if call % CALLS_OF_A_GUEST == 0 {
                guest = self::guest(version, &given);
            }
            let function = &FUNCTIONS[(numbers.next() % FUNCTIONS.len() as u64) as usize];
            if !function.is_in(version) {
                continue;
            }
            // What other calls left in the memory could be a subscription that is never due.
            if function.name == "poll_oneoff" {
                guest.put(0, &[0xff; END as usize]);
                guest.put(0, PATHS);
            }
            let args: Vec<i64> = function.params.iter().map(|_| numbers.argument()).collect();
            if let Err(trap) = guest.try_call(function.name, &args) {
                assert_eq!(
                    function.section, "proc",
                    "{}{args:?}: {trap}",
                    function.name
                );
                assert!(
                    trap.exit_status().is_some(),
                    "{}{args:?}: {trap}",
                    function.name
                );
            }
        }
    }
    let outside = std::fs::read_to_string(base.path().join("outside"));
    assert_eq!(outside.unwrap(), "outside");
    let above = std::fs::read_dir(base.path()).unwrap().count();
    assert_eq!(above, 2, "something came to lie beside what was given");
}
