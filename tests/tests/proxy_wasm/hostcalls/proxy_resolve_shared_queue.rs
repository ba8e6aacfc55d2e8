//! `proxy_resolve_shared_queue`: `NotFound`, `InvalidMemoryAccess`.

use crate::guest::calls;
use crate::probe::Probe;

const PROBE: Probe<'_> = Probe {
    name: "proxy_resolve_shared_queue",
    args: r#""vm" "queue" #0x20c"#,
    before: r#"(drop (call $proxy_register_shared_queue "queue" #0x208))"#,
    ..Probe::NONE
};

#[test]
fn a_queue_is_found_by_vm_and_name() {
    let told = calls(
        r#"(call $is (call $proxy_resolve_shared_queue "vm" "q" #0x208))
           (call $is (call $proxy_register_shared_queue "q" #0x208))
           (call $is (call $proxy_resolve_shared_queue "vm" "q" #0x20c)) (call $word #0x20c)
           (call $is (call $proxy_resolve_shared_queue "" "q" #0x210)) (call $word #0x210)
           (call $is (call $proxy_resolve_shared_queue "other" "q" #0x210))
           (call $is (call $proxy_resolve_shared_queue "\ff" "q" #0x210))
           (call $is (call $proxy_resolve_shared_queue "vm" "" #0x210)) (call $word #0x210)"#,
    );
    let found = ["NotFound", "Ok", "Ok", "1", "Ok", "1"];
    let expected = [&found[..], &["NotFound", "NotFound", "NotFound", "1"]].concat();
    assert_eq!(told, expected);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn a_queue_is_there_once_a_root_registered_it() {
    PROBE.phases("Ok", &[("_initialize", "NotFound")]);
}
