//! `clock_res_get`, `clock_time_get`.

use crate::guest::{END, Guest, outside};
use ahead_wasi::types::{Clockid, Errno, Version};
use ahead_wasi::{Clocks, WasiConfig};
use std::time::{Duration, SystemTime};

#[test]
fn every_clock_tells_time_and_resolution() {
    for version in Version::ALL {
        let mut guest = Guest::of(version, WasiConfig::default());
        for clock in Clockid::ALL {
            let id = i64::from(clock.code());
            assert_eq!(guest.call("clock_res_get", &[id, 100]), Errno::Success);
            let resolution = guest.long(100);
            assert!(
                (1..1_000_000_000).contains(&resolution),
                "{clock:?}: {resolution}"
            );
            assert_eq!(guest.call("clock_time_get", &[id, 0, 200]), Errno::Success);
            let first = guest.long(200);
            assert_eq!(
                guest.call("clock_time_get", &[id, i64::MAX, 200]),
                Errno::Success
            );
            assert!(first <= guest.long(200), "{clock:?}");
            guest.only_wrote(&[100..108, 200..208]);
        }
    }
}

#[test]
fn realtime_counts_from_1970() {
    let mut guest = Guest::new(WasiConfig::default());
    assert_eq!(guest.call("clock_time_get", &[0, 0, 0]), Errno::Success);
    let guest_time = SystemTime::UNIX_EPOCH + Duration::from_nanos(guest.long(0));
    let now = SystemTime::now();
    assert!(guest_time <= now && now < guest_time + Duration::from_secs(600));
}

#[test]
fn unknown_clocks_are_invalid() {
    let mut guest = Guest::new(WasiConfig::default());
    for id in [4, 5, i64::from(u32::MAX)] {
        guest.refuse("clock_res_get", &[id, 0], Errno::Inval);
        guest.refuse("clock_time_get", &[id, 0, 0], Errno::Inval);
    }
}

#[test]
fn results_up_to_the_last_byte() {
    let mut guest = Guest::new(WasiConfig::default());
    let last = i64::from(END - 8);
    assert_eq!(guest.call("clock_res_get", &[0, last]), Errno::Success);
    assert_eq!(guest.call("clock_time_get", &[0, 0, last]), Errno::Success);
    guest.only_wrote(&[END - 8..END]);
    for address in outside(8) {
        guest.refuse("clock_res_get", &[0, address], Errno::Fault);
        guest.refuse("clock_time_get", &[0, 0, address], Errno::Fault);
    }
}

/// Clocks of an embedder that allows no more than the time of day, in seconds.
#[derive(Debug)]
struct Coarse;

impl Clocks for Coarse {
    fn resolution_ns(&self, clock: Clockid) -> Result<u64, Errno> {
        match clock {
            Clockid::Realtime => Ok(1_000_000_000),
            _ => Err(Errno::Notsup),
        }
    }

    fn now_ns(&self, clock: Clockid) -> Result<u64, Errno> {
        self.resolution_ns(clock).map(|resolution| 77 * resolution)
    }
}

#[test]
fn the_embedder_s_clocks_are_the_guest_s() {
    let mut guest = Guest::new(WasiConfig {
        clocks: Box::new(Coarse),
        ..WasiConfig::default()
    });
    assert_eq!(guest.call("clock_time_get", &[0, 0, 0]), Errno::Success);
    assert_eq!(guest.long(0), 77_000_000_000);
    guest.written();
    guest.refuse("clock_time_get", &[1, 0, 0], Errno::Notsup);
    guest.refuse("clock_res_get", &[1, 0], Errno::Notsup);
}
