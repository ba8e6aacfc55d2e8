//! `proxy_dequeue_shared_queue`: `NotFound`, `Empty`, `InvalidMemoryAccess`.

use crate::guest::calls;
use crate::probe::Probe;

const PROBE: Probe<'_> = Probe {
    name: "proxy_dequeue_shared_queue",
    args: "#1 OUT",
    before: r#"(drop (call $proxy_register_shared_queue "queue" #0x208))
        (drop (call $proxy_enqueue_shared_queue #1 "item"))"#,
    ..Probe::NONE
};

#[test]
fn a_queue_without_items_is_empty() {
    let told = calls(
        r#"(call $is (call $proxy_register_shared_queue "q" #0x208))
           (call $is (call $proxy_dequeue_shared_queue #1 OUT))
           (call $is (call $proxy_enqueue_shared_queue #1 "item"))
           (call $got (call $proxy_dequeue_shared_queue #1 OUT))
           (call $is (call $proxy_dequeue_shared_queue #1 OUT))"#,
    );
    assert_eq!(told, ["Ok", "Empty", "Ok", "Ok", "item", "Empty"]);
}

#[test]
fn an_item_that_cannot_be_handed_over_stays() {
    let told = calls(
        r#"(call $is (call $proxy_register_shared_queue "q" #0x208))
           (call $is (call $proxy_enqueue_shared_queue #1 "item"))
           (call $is (call $proxy_dequeue_shared_queue #1 #-4 #0x204))
           (call $is (call $proxy_dequeue_shared_queue #1 #0x200 #0x1ffff))
           (call $got (call $proxy_dequeue_shared_queue #1 OUT))"#,
    );
    let refused = "InvalidMemoryAccess";
    assert_eq!(told, ["Ok", "Ok", refused, refused, "Ok", "item"]);
}

#[test]
fn a_number_that_is_no_queue_is_not_found() {
    let told = calls(
        "(call $is (call $proxy_dequeue_shared_queue #0 OUT))
         (call $is (call $proxy_dequeue_shared_queue #1 OUT))
         (call $is (call $proxy_dequeue_shared_queue #-1 OUT))",
    );
    assert_eq!(told, ["NotFound"; 3]);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn a_queue_is_there_once_a_root_registered_it() {
    PROBE.phases("Ok", &[("_initialize", "NotFound")]);
}
