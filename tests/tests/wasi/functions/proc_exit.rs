//! `proc_exit`, which returns nothing.

use crate::guest::Guest;
use ahead_wasi::WasiConfig;
use ahead_wasi::types::Version;

#[test]
fn the_guest_ends_with_its_code() {
    for version in Version::ALL {
        let mut guest = Guest::of(version, WasiConfig::default());
        for code in [0, 1, 134, 255, i32::MAX, i32::MIN, -1] {
            let trap = guest.try_call("proc_exit", &[i64::from(code)]).unwrap_err();
            assert_eq!(trap.exit_status(), Some(code));
            assert_eq!(guest.written(), []);
        }
    }
}
