//! `sched_yield`, which always succeeds.

use crate::guest::Guest;
use ahead_wasi::WasiConfig;
use ahead_wasi::types::Errno;

#[test]
fn sched_yield_comes_back() {
    let mut guest = Guest::new(WasiConfig::default());
    assert_eq!(guest.call("sched_yield", &[]), Errno::Success);
    assert_eq!(guest.written(), []);
}
