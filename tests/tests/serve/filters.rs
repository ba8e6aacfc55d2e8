//! Filters in the chain: their order, what they hold back, answers of their own, what becomes of requests when one
//! fails.

use crate::serve;
use ahead_tests::ahead;
use ahead_tests::filters::assemble;
use ahead_tests::http::{Message, Outgoing, Protocol};
use ahead_tests::process::{Limits, run};
use ahead_tests::upstream::Upstream;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// A folder with filters, made of the text format.
pub struct Filters(TempDir);

impl Filters {
    pub fn new() -> Filters {
        Filters(tempfile::tempdir().unwrap())
    }

    /// A module of callbacks, with the hostcalls and texts of `tests/filters/prelude.wat` and some more.
    pub fn write(&self, name: &str, callbacks: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, module(callbacks)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

pub fn module(callbacks: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
          (import "env" "proxy_get_property" (func $property (param i32 i32 i32 i32) (result i32)))
          (import "env" "proxy_get_buffer_bytes" (func $buffer (param i32 i32 i32 i32 i32) (result i32)))
          (import "env" "proxy_set_buffer_bytes" (func $set_buffer (param i32 i32 i32 i32 i32) (result i32)))
          (import "env" "proxy_add_header_map_value" (func $add (param i32 i32 i32 i32 i32) (result i32)))
          (import "env" "proxy_replace_header_map_value" (func $replace (param i32 i32 i32 i32 i32) (result i32)))
          (import "env" "proxy_get_header_map_value" (func $header (param i32 i32 i32 i32 i32) (result i32)))
          (import "env" "proxy_send_local_response"
            (func $respond (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
          (import "env" "proxy_continue_stream" (func $continue (param i32) (result i32)))
          (import "env" "proxy_set_effective_context" (func $context (param i32) (result i32)))
          (import "env" "proxy_set_tick_period_milliseconds" (func $tick (param i32) (result i32)))
          (import "env" "proxy_define_metric" (func $metric (param i32 i32 i32 i32) (result i32)))
          (import "env" "proxy_increment_metric" (func $increment (param i32 i64) (result i32)))
          (import "env" "proxy_record_metric" (func $record (param i32 i64) (result i32)))
          (import "env" "proxy_http_call"
            (func $call (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
          (import "env" "proxy_register_shared_queue" (func $queue (param i32 i32 i32) (result i32)))
          (import "env" "proxy_enqueue_shared_queue" (func $enqueue (param i32 i32 i32) (result i32)))
          (import "env" "proxy_dequeue_shared_queue" (func $dequeue (param i32 i32 i32) (result i32)))
          (; prelude ;)
          (func (export "proxy_abi_version_0_2_1"))
          ;; Puts a header with the plugin's name into a map.
          (func $mark (param $map i32)
            (drop (call $property (s "plugin_name") (out)))
            (drop (call $add (local.get $map) (s "x-order")
              (i32.load (global.get $out0)) (i32.load (global.get $out1)))))
          {callbacks})"#
    );
    assemble(&text).unwrap_or_else(|error| panic!("{error}\n{callbacks}"))
}

const MARK_BOTH: &str = r#"
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (call $mark (i32.const 0)) (i32.const 0))
  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (call $mark (i32.const 2)) (i32.const 0))"#;

fn order(message: &Message) -> Vec<&str> {
    let marks = message.head.iter().filter(|field| field.0 == "x-order");
    marks.map(|field| field.1.as_str()).collect()
}

#[test]
fn requests_pass_in_order_and_responses_in_reverse() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let file = filters.write("mark.wasm", MARK_BOTH);
    let args = [
        "--filter", &file, "--name", "a", "--filter", &file, "--name", "b", "--filter", &file,
        "--name", "c",
    ];
    let proxy = serve(&upstream, &args);
    for protocol in [Protocol::Http1, Protocol::Http2] {
        let response = proxy.client(protocol).send(&Outgoing::get("/"));
        assert_eq!(order(&response), ["c", "b", "a"]);
        assert_eq!(order(&upstream.take_received()[0]), ["a", "b", "c"]);
    }
    proxy.stop();
}

#[test]
fn an_artefact_serves_as_its_module_does() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let module = filters.write("mark.wasm", MARK_BOTH);
    for bounds in ["guard", "explicit"] {
        let artefact = filters.path("mark.so");
        let mut compile = Command::new(ahead());
        compile
            .args(["compile", "--bounds", bounds, &module, "-o"])
            .arg(&artefact);
        run(&mut compile, Limits::default()).ok();
        let proxy = serve(&upstream, &["--filter", artefact.to_str().unwrap()]);
        assert_eq!(order(&proxy.get("/")), ["mark"], "{bounds}");
        let log = proxy.stop().log;
        assert!(
            log.iter()
                .any(|line| line.starts_with("filter")
                    && line.contains("mark.so (Proxy-Wasm 0.2.1)")),
            "{log:?}"
        );
    }
}

/// What a filter answers passes the response's way like any other response, through the filters that saw the request.
#[test]
fn an_answer_of_a_filter_passes_the_others() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let mark = filters.write("mark.wasm", MARK_BOTH);
    let answer = filters.write(
        "answer.wasm",
        r#"(func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
             (drop (call $respond (i32.const 403) (s "why not") (s "no") (s "\01\00\00\00\01\00\00\00\01\00\00\00x\00y\00") (i32.const -1)))
             (i32.const 0))
           (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
             (call $mark (i32.const 2)) (i32.const 0))
           (func (export "proxy_on_log") (param i32) (call $note (s "answer logs")))"#,
    );
    let late = filters.write(
        "late.wasm",
        r#"(func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) (unreachable))
           (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32) (unreachable))
           (func (export "proxy_on_log") (param i32) (call $note (s "late logs")))"#,
    );
    let proxy = serve(
        &upstream,
        &["--filter", &mark, "--filter", &answer, "--filter", &late],
    );
    let response = proxy.get("/");
    assert_eq!((response.status(), response.text().as_str()), (403, "no"));
    assert_eq!(response.header("x"), Some("y"));
    assert_eq!(order(&response), ["answer", "mark"]);
    assert!(upstream.take_received().is_empty());
    let stopped = proxy.stop();
    assert!(
        stopped.access_log[0].contains("\" 403 - 0 2 "),
        "{:?}",
        stopped.access_log
    );
    assert!(
        stopped.access_log[0].ends_with(" why_not"),
        "{:?}",
        stopped.access_log
    );
    // One that a request never came to is there for the log.
    for text in ["answer logs", "late logs"] {
        assert_eq!(
            stopped
                .log
                .iter()
                .filter(|line| line.contains(text))
                .count(),
            1,
            "{text}"
        );
    }
}

/// Holds each body back until it is whole, and logs how much of it there is.
const GATHER: &str = r#"
  (func $gather (param $bytes i32) (param $end i32) (result i32)
    (call $is (s "bytes") (local.get $bytes))
    (i32.eqz (local.get $end)))
  (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
    (call $gather (local.get 1) (local.get 2)))
  (func (export "proxy_on_response_body") (param i32 i32 i32) (result i32)
    (call $gather (local.get 1) (local.get 2)))"#;

fn post(path: &str, chunks: &[&str]) -> Outgoing {
    Outgoing {
        method: "POST".into(),
        chunks: chunks
            .iter()
            .map(|chunk| chunk.as_bytes().to_vec())
            .collect(),
        ..Outgoing::get(path)
    }
}

#[test]
fn what_is_held_back_is_shown_as_a_whole_and_has_a_limit() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let gather = filters.write("gather.wasm", GATHER);
    let proxy = serve(
        &upstream,
        &[
            "--filter",
            &gather,
            "--buffer-limit",
            "20",
            "--workers",
            "1",
        ],
    );
    let response = proxy
        .client(Protocol::Http2)
        .send(&post("/?chunk=12345&chunk=67890", &["abc", "def", "ghi"]));
    assert_eq!(
        (response.status(), response.text().as_str()),
        (200, "1234567890"),
        "{response:?} {:?}",
        proxy.log()
    );
    assert_eq!(upstream.take_received()[0].text(), "abcdefghi");
    let large = proxy
        .client(Protocol::Http2)
        .send(&post("/", &["0123456789", "0123456789", "0"]));
    assert_eq!(
        (large.status(), large.text().as_str()),
        (413, "Payload Too Large")
    );
    // Of the request that the headers began, nothing came whole.
    let received = upstream.take_received();
    assert!(
        received.iter().all(|message| message.broken.is_some()),
        "{received:?}"
    );
    let large = proxy.get("/?fill=150000");
    // Its headers were on their way before the body came, and may have got through.
    assert!(
        [0, 200].contains(&large.status()) && large.broken.is_some(),
        "{large:?}"
    );
    let log = proxy.stop().log;
    let shown: Vec<_> = log
        .iter()
        .filter_map(|line| line.split("gather: bytes: ").nth(1))
        .collect();
    assert_eq!(shown[..3], ["3", "6", "9"], "{log:?}");
}

#[test]
fn a_response_that_is_held_from_its_headers_on_has_a_limit() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let hold = filters.write(
        "hold.wasm",
        r#"(func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32) (i32.const 3))"#,
    );
    let proxy = serve(&upstream, &["--filter", &hold, "--buffer-limit", "20"]);
    let large = proxy.get("/?fill=30");
    assert_eq!(
        (large.status(), large.text().as_str()),
        (500, "Internal Server Error")
    );
    proxy.stop();
}

/// Held with a watermark, a body makes its sender wait instead: a tick lets it go.
#[test]
fn a_watermark_makes_the_sender_wait() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let wait = filters.write(
        "wait.wasm",
        r#"(global $stream (mut i32) (i32.const 0))
           (func (export "proxy_on_configure") (param i32 i32) (result i32)
             (drop (call $tick (i32.const 20))) (i32.const 1))
           (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
             (global.set $stream (local.get 0)) (i32.const 4))
           (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
             (call $is (s "bytes") (local.get 1)) (i32.const 0))
           (func (export "proxy_on_tick") (param i32)
             (if (global.get $stream) (then
               (drop (call $context (global.get $stream)))
               (drop (call $continue (i32.const 0)))
               (global.set $stream (i32.const 0)))))"#,
    );
    let proxy = serve(
        &upstream,
        &[
            "--filter",
            &wait,
            "--buffer-limit",
            "1000",
            "--workers",
            "1",
        ],
    );
    let chunk = "x".repeat(100_000);
    let chunks: Vec<&str> = (0..50).map(|_| chunk.as_str()).collect();
    let response = proxy.client(Protocol::Http2).send(&post("/", &chunks));
    assert_eq!(response.status(), 200);
    assert_eq!(upstream.take_received()[0].body.len(), 5_000_000);
    let log = proxy.stop().log;
    // What was held is shown first, and it is not all.
    let first = log
        .iter()
        .find_map(|line| line.split("wait: bytes: ").nth(1))
        .unwrap();
    assert!(first.parse::<usize>().unwrap() < 2_000_000, "{first}");
}

/// Traps if the path is `/trap`; counts requests in the instance.
const TRAP: &str = r#"
  (global $count (mut i32) (i32.const 0))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop (call $header (i32.const 0) (s ":path") (out)))
    (if (i32.eq (i32.load (global.get $out1)) (i32.const 5)) (then (unreachable)))
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (call $mark (i32.const 0))
    (call $is (s "request") (global.get $count))
    (i32.const 0))"#;

#[test]
fn a_trap_does_what_the_policy_says() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let trap = filters.write("trap.wasm", TRAP);
    for (policy, after) in [("closed", 503), ("open", 200), ("reload", 503)] {
        let mut proxy = serve(
            &upstream,
            &["--filter", &trap, "--fail", policy, "--workers", "1"],
        );
        assert_eq!(proxy.get("/").status(), 200);
        assert_eq!(order(&upstream.take_received()[0]), ["trap"]);
        assert_eq!(proxy.get("/trap").status(), 503, "{policy}");
        assert_eq!(proxy.get("/").status(), after, "{policy}");
        for received in upstream.take_received() {
            assert!(order(&received).is_empty(), "{policy}");
        }
        if policy == "reload" {
            proxy.wait_until("the filter is back", |proxy| proxy.get("/").status() == 200);
            assert_eq!(order(&upstream.take_received()[0]), ["trap"]);
        }
        assert_eq!(proxy.stat("ahead_filter_failures_total"), 1, "{policy}");
        let stopped = proxy.stop();
        let told = stopped
            .log
            .iter()
            .find(|line| line.contains("the filter failed in `proxy_on_request_headers`"));
        assert!(
            told.is_some_and(|line| line.contains("unreachable")),
            "{:?}",
            stopped.log
        );
        assert!(
            stopped.access_log[1].ends_with(" wasm_fail_stream"),
            "{:?}",
            stopped.access_log
        );
    }
}

/// Requests that wait in a virtual machine fail with it.
#[test]
fn requests_that_wait_in_a_failed_filter_are_answered() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let file = filters.write(
        "wait.wasm",
        r#"(func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
             (drop (call $header (i32.const 0) (s ":path") (out)))
             (if (i32.eq (i32.load (global.get $out1)) (i32.const 5)) (then (unreachable)))
             (call $note (s "waits"))
             (i32.const 1))"#,
    );
    let mut proxy = serve(&upstream, &["--filter", &file, "--workers", "1"]);
    let address = proxy.address();
    let waiting = std::thread::spawn(move || {
        ahead_tests::http::Client::connect(address, Protocol::Http1).send(&Outgoing::get("/"))
    });
    proxy.wait_for_log("waits", 1);
    assert_eq!(proxy.get("/trap").status(), 503);
    assert_eq!(waiting.join().unwrap().status(), 503);
    proxy.stop();
}

#[test]
fn a_filter_asks_an_upstream_by_name_and_goes_on() {
    let (upstream, auth, filters) = (Upstream::start(), Upstream::start(), Filters::new());
    let ask = filters.write(
        "ask.wasm",
        r#"(global $stream (mut i32) (i32.const 0))
           (func (export "proxy_on_context_create") (param i32 i32))
           (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
             (global.set $stream (local.get 0))
             (call $is (s "asked") (call $call (s "auth")
               (s "\03\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\0c\00\00\00\0a\00\00\00\01\00\00\00:method\00GET\00:path\00/?chunk=yes!\00:authority\00a\00")
               (s "") (s "") (i32.const 5000) (global.get $out0)))
             (i32.const 1))
           (func (export "proxy_on_http_call_response") (param i32 i32 i32 i32 i32)
             (drop (call $buffer (i32.const 4) (i32.const 0) (i32.const 100) (out)))
             (drop (call $context (global.get $stream)))
             (drop (call $add (i32.const 0) (s "x-answer") (i32.load (global.get $out0)) (i32.load (global.get $out1))))
             (drop (call $continue (i32.const 0))))"#,
    );
    let named = format!("auth=http://{}", auth.address());
    let proxy = serve(&upstream, &["--upstream", &named, "--filter", &ask]);
    assert_eq!(proxy.get("/?chunk=x").text(), "x");
    assert_eq!(upstream.take_received()[0].header("x-answer"), Some("yes!"));
    assert_eq!(auth.take_received()[0].header("host"), Some("a"));
    proxy.stop();
}

#[test]
fn metrics_of_filters_are_among_the_statistics() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let count = filters.write(
        "count.wasm",
        r#"(func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
             (drop (call $metric (i32.const 0) (s "my.requests") (i32.const 8)))
             (drop (call $increment (i32.load (i32.const 8)) (i64.const 2)))
             (drop (call $metric (i32.const 1) (s "level") (i32.const 8)))
             (drop (call $record (i32.load (i32.const 8)) (i64.const 7)))
             (drop (call $metric (i32.const 2) (s "times") (i32.const 8)))
             (drop (call $record (i32.load (i32.const 8)) (i64.const 30)))
             (i32.const 0))"#,
    );
    let proxy = serve(&upstream, &["--filter", &count, "--workers", "2"]);
    for _ in 0..3 {
        proxy.get("/");
    }
    assert_eq!(proxy.stat("wasmcustom_my_requests"), 6);
    assert_eq!(proxy.stat("wasmcustom_level"), 7);
    assert_eq!(proxy.stat("wasmcustom_times_bucket{le=\"25\"}"), 0);
    assert_eq!(proxy.stat("wasmcustom_times_bucket{le=\"50\"}"), 3);
    assert_eq!(proxy.stat("wasmcustom_times_sum"), 90);
    proxy.stop();
}

/// A queue wakes the worker that registered it, on whatever worker something is put in.
#[test]
fn queues_wake_other_workers() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let queue = filters.write(
        "queue.wasm",
        r#"(func (export "proxy_on_configure") (param i32 i32) (result i32)
             (drop (call $queue (s "q") (i32.const 8))) (i32.const 1))
           (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
             (drop (call $enqueue (i32.load (i32.const 8)) (s "item"))) (i32.const 0))
           (func (export "proxy_on_queue_ready") (param i32 i32)
             (if (i32.eqz (call $dequeue (local.get 1) (out))) (then (call $note (s "taken")))))"#,
    );
    let mut proxy = serve(
        &upstream,
        &["--filter", &queue, "--vm-id", "q", "--workers", "3"],
    );
    for _ in 0..6 {
        assert_eq!(proxy.get("/").status(), 200);
    }
    proxy.wait_for_log("taken", 6);
    proxy.stop();
}

#[test]
fn bad_filters_are_refused_before_anything_is_served() {
    let filters = Filters::new();
    let refused = |args: &[&str]| {
        let mut command = Command::new(ahead());
        command.args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--upstream",
            "http://127.0.0.1:9",
        ]);
        run(command.args(args), Limits::default()).refused()
    };
    let other = filters.path("other.wasm");
    std::fs::write(&other, wat::parse_str("(module)").unwrap()).unwrap();
    let said = refused(&["--filter", other.to_str().unwrap()]);
    assert!(
        said.contains("other.wasm`: not a Proxy-Wasm filter"),
        "{said}"
    );
    let no = filters.write(
        "no.wasm",
        r#"(func (export "proxy_on_configure") (param i32 i32) (result i32) (i32.const 0))"#,
    );
    let said = refused(&["--filter", &no]);
    assert_eq!(
        said,
        "error: filter `no`: `proxy_on_configure` returned false\n"
    );
    let trap = filters.write(
        "trap.wasm",
        r#"(func (export "proxy_on_vm_start") (param i32 i32) (result i32) (unreachable))"#,
    );
    assert!(refused(&["--filter", &trap]).contains("failed in `proxy_on_vm_start`"));
    let said = refused(&["--filter", &no, "--config", "@/nonexistent"]);
    assert!(
        said.starts_with("error: cannot read `/nonexistent`"),
        "{said}"
    );
    std::fs::write(filters.path("broken.wasm"), b"\0asm\x01\0\0\0\x01").unwrap();
    let said = refused(&["--filter", filters.path("broken.wasm").to_str().unwrap()]);
    assert!(said.contains("broken.wasm"), "{said}");
}
