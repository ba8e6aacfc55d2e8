//! Properties.

use crate::guest::{calls, each, root_calls};

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
        (call $got (call $proxy_get_property "request" OUT))
        (call $got (call $proxy_get_property "" OUT))
        (call $got (call $proxy_get_property "a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a\00a" OUT))
        (call $is (call $proxy_set_property "mine" "value"))
        (call $got (call $proxy_get_property "mine" OUT))
        (call $is (call $proxy_set_property "" "value"))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        let properties = &mut guest.vm.host_mut().properties;
        properties.insert("request.path".into(), b"/a\xff".into());
        let expected = [
            "Ok", r"/a\xff", "NotFound", "NotFound", "NotFound", "Ok", "Ok", "value", "NotFound",
        ];
        assert_eq!(guest.headers(), expected);
    });
}

#[test]
fn what_was_declared_read_only_is_set_once() {
    // name: "once", readonly: true
    let told = calls(
        r#"(call $is (call $proxy_call_foreign_function "declare_property" "\0a\04once\10\01" #0 #0))
           (call $is (call $proxy_call_foreign_function "declare_property" "\0a\04once" #0 #0))
           (call $is (call $proxy_call_foreign_function "declare_property" "\0a\ff" #0 #0))
           (call $is (call $proxy_set_property "once" "first"))
           (call $is (call $proxy_set_property "once" "second"))
           (call $got (call $proxy_get_property "once" OUT))"#,
    );
    let expected = [
        "Ok",
        "BadArgument",
        "BadArgument",
        "Ok",
        "BadArgument",
        "Ok",
        "first",
    ];
    assert_eq!(told, expected);
}
