//! The real Envoy, with filters in it.

mod differential;
mod routes;
mod traps;

use ahead_tests::envoy::configuration::{Bootstrap, http_listener};
use ahead_tests::envoy::{self, Envoy};
use ahead_tests::http::{Client, Outgoing, Protocol};
use ahead_tests::upstream::Upstream;

/// What the other tests take for granted.
#[test]
fn without_filters_it_is_a_plain_proxy() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let upstream = Upstream::start();
    let mut bootstrap = Bootstrap::new(upstream.address());
    bootstrap.listeners.push(http_listener("plain", &[]));
    let mut envoy = Envoy::start(&program, &bootstrap);
    assert!(
        envoy.ask("/server_info").text().contains(envoy::VERSION),
        "another version than the tests are about"
    );
    let mut client = Client::connect(envoy.listener("plain"), Protocol::Http2);
    let mut outgoing = Outgoing::get("/?echo&trailer=t:2");
    outgoing.method = "POST".into();
    outgoing.chunks = vec![b"ab".to_vec(), b"cd".to_vec()];
    outgoing.trailers = vec![("t".into(), "1".into())];
    let response = client.send(&outgoing);
    assert_eq!((response.status(), response.text().as_str()), (200, "abcd"));
    assert_eq!(response.trailers, [("t".to_owned(), "2".to_owned())]);
    let received = upstream.take_received();
    assert_eq!(received[0].header("x-listener"), Some("plain"));
    assert_eq!(received[0].trailers, [("t".to_owned(), "1".to_owned())]);
    drop(client);
    envoy.wait_until_idle();
    assert_eq!(
        envoy.stats("^http.plain.downstream_rq_total$")["http.plain.downstream_rq_total"],
        "1"
    );
    let log = envoy.stop();
    assert!(log.iter().any(|line| line.logger == "main"), "{log:?}");
}
