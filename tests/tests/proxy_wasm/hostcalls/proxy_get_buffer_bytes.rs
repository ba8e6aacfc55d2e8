//! `proxy_get_buffer_bytes`: `NotFound`, `BadArgument`, `InvalidMemoryAccess`.

use crate::guest::{calls, each, root_calls, with_body};
use crate::probe::Probe;

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_buffer_bytes",
    args: "#0 #0 #4 OUT",
    body: Some(b"body"),
    ..Probe::NONE
};

#[test]
fn a_range_is_cut_to_what_is_there() {
    for (start, size, bytes) in [
        ("0", "10", "0123456789"),
        ("3", "4", "3456"),
        ("8", "100", "89"),
        ("10", "1", ""),
        ("11", "0", ""),
        ("0", "-1", "0123456789"),
        ("1", "-1", "123456789"),
        ("-1", "-1", ""),
    ] {
        let body = format!("(call $got (call $proxy_get_buffer_bytes #0 #{start} #{size} OUT))");
        let (told, _) = with_body(b"0123456789", &body);
        assert_eq!(told, ["Ok", bytes], "{start} {size}");
    }
}

#[test]
fn a_buffer_is_there_in_its_phase_only() {
    let ask =
        |buffer: &str| format!("(call $is (call $proxy_get_buffer_bytes #{buffer} #0 #1 OUT))");
    for buffer in ["0", "1", "2", "3", "4", "5", "7", "8"] {
        assert_eq!(calls(&ask(buffer)), ["NotFound"], "{buffer}");
    }
    assert_eq!(root_calls(&ask("0")), ["NotFound"]);
}

#[test]
fn a_number_that_is_no_buffer_is_refused() {
    let told = calls(
        "(call $is (call $proxy_get_buffer_bytes #9 #0 #1 OUT))
         (call $is (call $proxy_get_buffer_bytes #-1 #0 #1 OUT))",
    );
    assert_eq!(told, ["BadArgument"; 2]);
}

#[test]
fn configurations_can_be_read() {
    let look = r#"(call $number (i64.extend_i32_u (local.get 1)))
        (call $got (call $proxy_get_buffer_bytes #6 #0 #100 OUT))
        (call $got (call $proxy_get_buffer_bytes #7 #0 #100 OUT))"#;
    let callbacks = [("proxy_on_vm_start", look), ("proxy_on_configure", look)];
    each(&callbacks, |guest| {
        let start = ["9", "Ok", "of the VM", "NotFound"];
        let configure = ["13", "Ok", "of the VM", "Ok", "of the plugin"];
        assert_eq!(guest.told(), [&start[..], &configure].concat());
    });
}

#[test]
fn arguments_of_a_call_are_there_in_its_callback() {
    let body = r#"(call $number (i64.extend_i32_u (local.get 0)))
        (call $number (i64.extend_i32_u (local.get 1)))
        (call $number (i64.extend_i32_u (local.get 2)))
        (call $got (call $proxy_get_buffer_bytes #8 #1 #100 OUT))"#;
    let tick = "(call $is (call $proxy_get_buffer_bytes #8 #1 #100 OUT))";
    each(
        &[("proxy_on_foreign_function", body), ("proxy_on_tick", tick)],
        |guest| {
            let argument = b"abc".into();
            guest
                .vm
                .on_foreign_function(guest.root, 7, argument)
                .unwrap();
            assert_eq!(guest.told(), ["1", "7", "3", "Ok", "bc"]);
            assert_eq!(guest.tick(), ["NotFound"]);
        },
    );
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn a_body_is_there_in_its_callback() {
    PROBE.phases("NotFound", &[("proxy_on_request_body", "Ok")]);
}
