//! `proxy_get_buffer_status`: `NotFound`, `BadArgument`, `InvalidMemoryAccess`.

use crate::guest::{calls, root_calls, with_body};
use crate::probe::Probe;

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_buffer_status",
    args: "#0 #0x200 #0x204",
    body: Some(b"body"),
    ..Probe::NONE
};

#[test]
fn a_buffer_s_length_is_told_and_no_flags() {
    for (bytes, length) in [(&b"0123456789"[..], "10"), (b"", "0")] {
        let (told, _) = with_body(
            bytes,
            "(i32.store #0x204 #7)
             (call $is (call $proxy_get_buffer_status #0 #0x200 #0x204))
             (call $word #0x200) (call $word #0x204)",
        );
        assert_eq!(told, ["Ok", length, "0"]);
    }
}

#[test]
fn a_buffer_is_there_in_its_phase_only() {
    let ask = |buffer: &str| {
        format!("(call $is (call $proxy_get_buffer_status #{buffer} #0x200 #0x204))")
    };
    for buffer in ["0", "1", "2", "3", "4", "5", "7", "8"] {
        assert_eq!(calls(&ask(buffer)), ["NotFound"], "{buffer}");
    }
    assert_eq!(root_calls(&ask("0")), ["NotFound"]);
}

#[test]
fn a_number_that_is_no_buffer_is_refused() {
    let told = calls(
        "(call $is (call $proxy_get_buffer_status #9 #0x200 #0x204))
         (call $is (call $proxy_get_buffer_status #-1 #0x200 #0x204))",
    );
    assert_eq!(told, ["BadArgument"; 2]);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn a_body_is_there_in_its_callback() {
    PROBE.phases("NotFound", &[("proxy_on_request_body", "Ok")]);
}
