//! `clock_res_get`: `inval`, `fault`, and what an embedder's clocks say.

use crate::guest::Guest;
use ahead_wasi::types::{Clockid, Errno, Version};
use ahead_wasi::{Clocks, WasiConfig};

#[test]
fn every_clock_has_a_resolution() {
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
            guest.only_wrote(&[100..108]);
        }
    }
}

#[test]
fn unknown_clocks_are_invalid() {
    let mut guest = Guest::new(WasiConfig::default());
    for id in [4, 5, i64::from(u32::MAX)] {
        guest.refuse("clock_res_get", &[id, 100], Errno::Inval);
        // Told before the address is looked at.
        guest.refuse("clock_res_get", &[id, -1], Errno::Inval);
    }
}

#[test]
fn the_result_has_to_fit() {
    Guest::new(WasiConfig::default()).edges("clock_res_get", &[0, 100], &[(1, 8)]);
}

/// An embedder's clocks that show whole days.
#[derive(Debug)]
struct Days;

impl Clocks for Days {
    fn resolution_ns(&self, clock: Clockid) -> Result<u64, Errno> {
        match clock {
            Clockid::Realtime => Ok(86_400_000_000_000),
            _ => Err(Errno::Notsup),
        }
    }

    fn now_ns(&self, _: Clockid) -> Result<u64, Errno> {
        Ok(0)
    }
}

#[test]
fn the_embedder_s_clocks_are_the_guest_s() {
    let mut guest = Guest::new(WasiConfig {
        clocks: Box::new(Days),
        ..WasiConfig::default()
    });
    assert_eq!(guest.call("clock_res_get", &[0, 100]), Errno::Success);
    assert_eq!(guest.long(100), 86_400_000_000_000);
    guest.written();
    guest.refuse("clock_res_get", &[1, 100], Errno::Notsup);
}
