//! `clock_time_get`: `inval`, `fault`, and what an embedder's clocks say.

use crate::guest::Guest;
use ahead_wasi::types::{Clockid, Errno, Version};
use ahead_wasi::{Clocks, WasiConfig};
use std::time::{Duration, SystemTime};

#[test]
fn every_clock_goes_forward() {
    for version in Version::ALL {
        let mut guest = Guest::of(version, WasiConfig::default());
        for clock in Clockid::ALL {
            let id = i64::from(clock.code());
            let mut times = [0; 2];
            for (time, precision) in times.iter_mut().zip([0, -1]) {
                let told = guest.call("clock_time_get", &[id, precision, 200]);
                assert_eq!(told, Errno::Success);
                *time = guest.long(200);
                guest.only_wrote(&[200..208]);
            }
            assert!(times[0] <= times[1], "{clock:?}: {times:?}");
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
        guest.refuse("clock_time_get", &[id, 0, 100], Errno::Inval);
    }
}

#[test]
fn the_result_has_to_fit() {
    Guest::new(WasiConfig::default()).edges("clock_time_get", &[0, 0, 100], &[(2, 8)]);
}

/// Clocks of an embedder that allows no more than the time of day, in seconds.
#[derive(Debug)]
struct Coarse;

impl Clocks for Coarse {
    fn resolution_ns(&self, _: Clockid) -> Result<u64, Errno> {
        Ok(1_000_000_000)
    }

    fn now_ns(&self, clock: Clockid) -> Result<u64, Errno> {
        match clock {
            Clockid::Realtime => Ok(77_000_000_000),
            _ => Err(Errno::Notsup),
        }
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
}
