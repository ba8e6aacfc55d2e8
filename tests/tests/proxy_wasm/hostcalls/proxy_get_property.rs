//! `proxy_get_property`: `NotFound`, `InvalidMemoryAccess`.

use crate::guest::{calls, each, root_calls};
use crate::probe::Probe;

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_property",
    args: r#""plugin_name" OUT"#,
    ..Probe::NONE
};

#[test]
fn a_plugin_knows_its_names() {
    let body = r#"(call $got (call $proxy_get_property "plugin_name" OUT))
        (call $got (call $proxy_get_property "plugin_root_id" OUT))
        (call $got (call $proxy_get_property "plugin_vm_id\00" OUT))"#;
    for told in [calls(body), root_calls(body)] {
        assert_eq!(told, ["Ok", "plugin", "Ok", "root", "Ok", "vm"]);
    }
}

#[test]
fn the_proxy_s_are_found_by_path() {
    let body = r#"(call $got (call $proxy_get_property "request\00path" OUT))
        (call $got (call $proxy_get_property "request\00path\00" OUT))
        (call $got (call $proxy_get_property "request.path" OUT))
        (call $got (call $proxy_get_property "request\00\00path" OUT))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        let properties = &mut guest.vm.host_mut().properties;
        properties.insert("request.path".into(), b"/a\xff".into());
        let expected = [
            "Ok", r"/a\xff", "Ok", r"/a\xff", "Ok", r"/a\xff", "NotFound",
        ];
        assert_eq!(guest.headers(), expected);
    });
}

#[test]
fn what_is_no_path_is_not_found() {
    let told = calls(
        r#"(call $got (call $proxy_get_property "request" OUT))
           (call $got (call $proxy_get_property "" OUT))
           (call $got (call $proxy_get_property "\00" OUT))
           (call $got (call $proxy_get_property "a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a" OUT))"#,
    );
    assert_eq!(told, ["NotFound"; 4]);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_may_ask() {
    PROBE.phases("Ok", &[]);
}
