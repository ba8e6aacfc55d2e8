//! `proc_raise`: `inval`, `notsup`.

use crate::guest::Guest;
use ahead_wasi::WasiConfig;
use ahead_wasi::types::{Errno, Signal, Version};

#[test]
fn what_ends_a_process_ends_the_guest() {
    for version in Version::ALL {
        let mut guest = Guest::of(version, WasiConfig::default());
        for (signal, code) in [
            (Signal::Hup, 129),
            (Signal::Abrt, 134),
            (Signal::Kill, 137),
            (Signal::Segv, 139),
            (Signal::Term, 143),
            (Signal::Sys, 159),
        ] {
            let number = i64::from(signal.code());
            let trap = guest.try_call("proc_raise", &[number]).unwrap_err();
            assert_eq!(trap.exit_status(), Some(code), "{signal:?}");
        }
    }
}

#[test]
fn the_others_are_ignored_or_not_supported() {
    let mut guest = Guest::new(WasiConfig::default());
    for signal in [
        Signal::None,
        Signal::Pipe,
        Signal::Chld,
        Signal::Cont,
        Signal::Urg,
        Signal::Winch,
    ] {
        let raised = guest.call("proc_raise", &[i64::from(signal.code())]);
        assert_eq!(raised, Errno::Success, "{signal:?}");
    }
    for signal in [Signal::Stop, Signal::Tstp, Signal::Ttin, Signal::Ttou] {
        guest.refuse("proc_raise", &[i64::from(signal.code())], Errno::Notsup);
    }
    for number in [31, 256, i64::from(u32::MAX)] {
        guest.refuse("proc_raise", &[number], Errno::Inval);
    }
}
