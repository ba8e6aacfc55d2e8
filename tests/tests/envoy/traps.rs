//! Traps in every callback and in every way, all at once: Envoy goes on, and the next stream gets a filter that works.
//! Beside them a filter traps in Envoy's own host, whose V8 has a handler for faults too.

use crate::routes::Host;
use ahead_tests::envoy::configuration::{Bootstrap, Failure, Plugin, helper_cluster};
use ahead_tests::envoy::{self, Envoy};
use ahead_tests::filters::{Built, LogScope, Scenario, Source};
use ahead_tests::http::{Client, Outgoing, Protocol};
use ahead_tests::upstream::Upstream;
use std::net::SocketAddr;
use std::thread;

/// What becomes of the request that sets off a trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is answered in the filter's place.
    Refused,
    /// Its response ends before its end.
    BrokenOff,
    /// It is over by then.
    Over,
    /// It is over by then, and the trap comes when it comes.
    Later,
    /// It waits for what does not come, until Envoy has had enough.
    Abandoned,
}

/// The letters of `tests/filters/traps/traps.wat`, and what they lead to.
const CALLBACKS: [(char, Fate); 14] = [
    ('C', Fate::Over),
    ('H', Fate::Refused),
    ('B', Fate::Refused),
    ('T', Fate::Refused),
    ('1', Fate::Refused),
    ('2', Fate::BrokenOff),
    ('3', Fate::BrokenOff),
    ('L', Fate::Over),
    ('D', Fate::Over),
    ('E', Fate::Over),
    ('K', Fate::Later),
    ('Q', Fate::Later),
    ('R', Fate::Abandoned),
    ('M', Fate::Refused),
];

const WAYS: [char; 4] = ['U', 'O', 'D', 'S'];

/// How often each filter traps.
const TIMES: usize = 5;

fn scenario(name: String, configuration: String) -> Scenario {
    Scenario {
        source: Source::Ours("traps/traps.wat".into()),
        plugin: Plugin {
            vm_id: format!("vm.{name}"),
            name: name.clone(),
            configuration,
            failure: Failure::Reload,
            ..Plugin::default()
        },
        name,
        steps: Vec::new(),
        stats: None,
        log: LogScope::Serving,
        omitted: Vec::new(),
        callouts_distinct: false,
        clusters: Vec::new(),
        tcp: false,
        alone: false,
        with_v8: true,
    }
}

/// A request with a body and trailers, and such a response, so that all callbacks are called.
fn request(traps: bool) -> Outgoing {
    let mut outgoing = Outgoing::get("/?chunk=x&trailer=t:1");
    outgoing.method = "POST".into();
    outgoing.chunks = vec![b"a".to_vec()];
    outgoing.trailers = vec![("t".into(), "1".into())];
    if traps {
        outgoing.headers = vec![("x-trap".into(), "1".into())];
    }
    outgoing
}

/// Traps over and over; says what was not as expected.
fn try_filter(address: SocketAddr, name: &str, fate: Fate) -> Vec<String> {
    let mut client = Client::connect(address, Protocol::Http2);
    let mut wrong = Vec::new();
    let times = if fate == Fate::Abandoned { 1 } else { TIMES };
    for time in 0..times {
        let response = client.send(&request(true));
        let as_expected = match fate {
            Fate::Refused | Fate::Abandoned => response.status() == 503,
            Fate::BrokenOff => response.status() == 200 && response.broken.is_some(),
            Fate::Over => response.status() == 200 && response.broken.is_none(),
            // A trap of the time before may have met it.
            Fate::Later => true,
        };
        if !as_expected {
            wrong.push(format!("{name}, trap {time}: {response:?}"));
        }
        // The filter that fails as it is made for a stream fails with this one.
        client.send(&request(false));
        let mut response = client.send(&request(false));
        if fate == Fate::Later && response.status() != 200 {
            response = client.send(&request(false));
        }
        if response.status() != 200 || response.text() != "x" {
            wrong.push(format!("{name}, after trap {time}: {response:?}"));
        }
    }
    wrong
}

#[test]
fn envoy_and_its_other_filters_survive_every_trap() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let mut filters = Vec::new();
    for (callback, fate) in CALLBACKS {
        for way in WAYS {
            let name = format!("{callback}{way}");
            filters.push((Host::Ahead, scenario(name.clone(), name), fate));
        }
    }
    for way in WAYS {
        filters.push((
            Host::V8,
            scenario(format!("v8 {way}"), format!("H{way}")),
            Fate::Refused,
        ));
    }
    let scenarios: Vec<_> = filters.iter().map(|filter| filter.1.clone()).collect();
    let built = Built::new(&scenarios).compiled(&[]);
    let upstream = Upstream::start();
    let mut bootstrap = Bootstrap::new(upstream.address());
    bootstrap
        .clusters
        .push(helper_cluster(&crate::routes::adapter()));
    for (host, scenario, _) in &filters {
        let listener = host.listener(scenario, &host.code(&built, scenario));
        bootstrap.listeners.push(listener);
    }
    let envoy = Envoy::start(&program, &bootstrap);
    let wrong: Vec<String> = thread::scope(|scope| {
        let envoy = &envoy;
        let tries = filters.iter().map(|(host, scenario, fate)| {
            let address = envoy.listener(&scenario.name);
            let (name, fate) = (scenario.name.as_str(), *fate);
            scope.spawn(move || match host {
                Host::Ahead => try_filter(address, name, fate),
                // Envoy's own host takes a second before it tries again.
                Host::V8 => {
                    let mut client = Client::connect(address, Protocol::Http2);
                    let trapped = client.send(&request(true));
                    let refused = trapped.status() == 503;
                    (!refused)
                        .then(|| format!("{name}: {trapped:?}"))
                        .into_iter()
                        .collect()
                }
            })
        });
        let tries: Vec<_> = tries.collect();
        let joined = tries.into_iter().map(|one| one.join().expect("no panic"));
        joined.flatten().collect()
    });
    assert!(
        wrong.is_empty(),
        "{}\n{}",
        wrong.join("\n"),
        envoy.log_tail()
    );
    envoy.stop();
}
