//! `proxy_done`: `NotFound`.

use crate::guest::each;
use crate::probe::Probe;

const PROBE: Probe<'_> = Probe {
    name: "proxy_done",
    ..Probe::NONE
};

#[test]
fn a_root_that_asked_to_wait_ends_when_it_says_so() {
    let callbacks = [
        (
            "proxy_on_done",
            "(call $number (i64.const 1)) (return (i32.const 0))",
        ),
        ("proxy_on_delete", "(call $number (i64.const 2))"),
        (
            "proxy_on_tick",
            "(call $is (call $proxy_done)) (call $is (call $proxy_done))",
        ),
    ];
    each(&callbacks, |guest| {
        assert!(!guest.vm.end_root(guest.root).unwrap());
        assert!(guest.vm.has_root(guest.root));
        assert_eq!(guest.told(), ["1"]);
        // Once is enough; the end comes when the callback has returned.
        assert_eq!(guest.tick(), ["Ok", "NotFound", "2"]);
        assert!(!guest.vm.has_root(guest.root));
        assert!(guest.vm.end_root(guest.root).unwrap());
        assert_eq!(guest.told(), [""; 0]);
    });
}

#[test]
fn a_root_that_is_done_ends_at_once() {
    for done in [
        "(call $number (i64.const 1))",
        // Not waiting for itself.
        "(drop (call $proxy_done)) (call $number (i64.const 1)) (return (i32.const 0))",
    ] {
        let callbacks = [
            ("proxy_on_done", done),
            ("proxy_on_delete", "(call $number (i64.const 2))"),
        ];
        each(&callbacks, |guest| {
            assert!(guest.vm.end_root(guest.root).unwrap());
            assert!(!guest.vm.has_root(guest.root));
            assert_eq!(guest.told(), ["1", "2"]);
        });
    }
}

#[test]
fn it_is_for_who_asked_to_wait() {
    PROBE.phases("NotFound", &[]);
}
