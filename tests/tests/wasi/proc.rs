//! `proc_exit`, `proc_raise`.

use crate::guest::Guest;
use ahead_wasi::WasiConfig;
use ahead_wasi::types::{Errno, Signal};

#[test]
fn proc_exit_ends_the_guest() {
    let mut guest = Guest::new(WasiConfig::default());
    for code in [0, 1, 134, 255, i32::MAX, -1] {
        let trap = guest.try_call("proc_exit", &[i64::from(code)]).unwrap_err();
        assert_eq!(trap.exit_status(), Some(code));
    }
}

#[test]
fn proc_raise_ends_the_guest_where_a_signal_ends_a_process() {
    let mut guest = Guest::new(WasiConfig::default());
    for (signal, code) in [
        (Signal::Hup, 129),
        (Signal::Abrt, 134),
        (Signal::Kill, 137),
        (Signal::Segv, 139),
        (Signal::Term, 143),
        (Signal::Sys, 159),
    ] {
        let trap = guest
            .try_call("proc_raise", &[i64::from(signal.code())])
            .unwrap_err();
        assert_eq!(trap.exit_status(), Some(code), "{signal:?}");
    }
}

#[test]
fn proc_raise_of_the_others() {
    let mut guest = Guest::new(WasiConfig::default());
    for signal in [
        Signal::None,
        Signal::Pipe,
        Signal::Chld,
        Signal::Cont,
        Signal::Urg,
        Signal::Winch,
    ] {
        assert_eq!(
            guest.call("proc_raise", &[i64::from(signal.code())]),
            Errno::Success,
            "{signal:?}"
        );
    }
    for signal in [Signal::Stop, Signal::Tstp, Signal::Ttin, Signal::Ttou] {
        guest.refuse("proc_raise", &[i64::from(signal.code())], Errno::Notsup);
    }
    for number in [31, 256, i64::from(u32::MAX)] {
        guest.refuse("proc_raise", &[number], Errno::Inval);
    }
}
