//! Configurations that come and go under traffic leave nothing behind.

use crate::{adapter, artefact, filters, get, http_filter};
use ahead_tests::envoy::configuration::{Bootstrap, http_listener};
use ahead_tests::envoy::{self, Envoy};
use ahead_tests::upstream::Upstream;
use serde_json::{Value, json};
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

const RELOADS: u32 = 200;

/// Gives Envoy its listeners anew; it watches for files that are moved there.
fn publish(file: &Path, mut listener: Value, address: SocketAddr) {
    listener["@type"] = "type.googleapis.com/envoy.config.listener.v3.Listener".into();
    listener["address"]["socket_address"]["port_value"] = address.port().into();
    let new = file.with_extension("new");
    fs::write(&new, json!({"resources": [listener]}).to_string()).unwrap();
    fs::rename(new, file).unwrap();
}

fn start(program: &Path, upstream: &Upstream, listeners: &Path) -> Envoy {
    let bootstrap = Bootstrap::new(upstream.address());
    let source = json!({"path_config_source": {"path": listeners}});
    let dynamic = json!({"dynamic_resources": {"lds_config": source}});
    Envoy::start_with(program, &bootstrap, |command| {
        command.arg("--config-yaml").arg(dynamic.to_string());
        // Old listeners are to go at once.
        command.args(["--drain-time-s", "1", "--drain-strategy", "immediate"]);
    })
}

/// Resident memory, in KiB.
fn resident(envoy: &Envoy) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", envoy.pid())).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Mappings whose line contains a text.
fn mappings(envoy: &Envoy, text: &str) -> usize {
    let maps = fs::read_to_string(format!("/proc/{}/maps", envoy.pid())).unwrap();
    maps.lines().filter(|line| line.contains(text)).count()
}

#[test]
fn two_hundred_reloads_lose_no_request_and_leave_no_mapping() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let listeners = folder.path().join("listeners.json");
    let upstream = Upstream::start();
    // Envoy wants the same address each time.
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let configure = |number: u32| {
        // Every other time the code is another file as well.
        let artefact = artefact(folder.path(), "filter", &filters::adds_header());
        let unique = folder.path().join(format!("filter-{}.so", number / 2));
        fs::rename(artefact, &unique).unwrap();
        let config = json!({"artifact": unique, "configuration": number.to_string()});
        let listener = http_listener("tested", &[http_filter(&adapter(), &config)]);
        publish(&listeners, listener, address);
    };
    configure(0);
    let mut envoy = start(&program, &upstream, &listeners);
    let (stop, requests) = (AtomicBool::new(false), AtomicU32::new(0));
    let mut after_some = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                assert_eq!(get(address).status(), 200);
                requests.fetch_add(1, Ordering::Relaxed);
            }
        });
        for number in 1..=RELOADS {
            configure(number);
            let wanted = number.to_string();
            envoy.wait_until("the new configuration serves", |_| {
                get(address).header("x-filter") == Some(&wanted)
            });
            if number == RELOADS / 4 {
                after_some = resident(&envoy);
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(
        requests.load(Ordering::Relaxed) > RELOADS,
        "there was no traffic"
    );
    let last = format!("filter-{}.so", RELOADS / 2);
    // A worker lets go of the old with its next event.
    envoy.wait_until("only the last artefact is mapped", |envoy| {
        get(address);
        mappings(envoy, "filter-") == mappings(envoy, &last)
    });
    let grown = resident(&envoy).saturating_sub(after_some);
    assert!(
        grown < 8 << 10,
        "{grown} KiB more after {} more reloads",
        RELOADS * 3 / 4
    );
    envoy.stop();
}

#[test]
fn a_bad_configuration_leaves_the_old_one_serving() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let listeners = folder.path().join("listeners.json");
    let upstream = Upstream::start();
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let filter = artefact(folder.path(), "filter", &filters::adds_header());
    let good = json!({"artifact": filter, "configuration": "good"});
    publish(
        &listeners,
        http_listener("tested", &[http_filter(&adapter(), &good)]),
        address,
    );
    let mut envoy = start(&program, &upstream, &listeners);
    let bad = json!({"artifact": filter, "configuration": 7});
    publish(
        &listeners,
        http_listener("tested", &[http_filter(&adapter(), &bad)]),
        address,
    );
    envoy.wait_until("the bad one is refused", |envoy| {
        envoy
            .log_text()
            .contains("`configuration` must be a string")
    });
    assert_eq!(get(address).header("x-filter"), Some("good"));
    envoy.stop();
}

#[test]
fn a_plugin_that_stays_the_same_goes_on_counting() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let listeners = folder.path().join("listeners.json");
    let upstream = Upstream::start();
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let filter = artefact(folder.path(), "filter", &filters::counts());
    let configure = |name: &str| {
        let filter = http_filter(&adapter(), &json!({"artifact": filter}));
        let mut listener = http_listener("tested", &[filter]);
        // A listener that differs in nothing is not loaded anew.
        listener["stat_prefix"] = name.into();
        publish(&listeners, listener, address);
    };
    configure("first");
    let mut envoy = start(&program, &upstream, &listeners);
    let counted = |envoy: &Envoy| {
        let stats = envoy.stats("^wasmcustom.seen$");
        stats
            .get("wasmcustom.seen")
            .map_or(0, |count| count.parse::<u32>().unwrap())
    };
    get(address);
    assert_eq!(counted(&envoy), 1);
    configure("second");
    envoy.wait_until("the second one serves", |envoy| {
        get(address);
        !envoy
            .stats("^listener.second.downstream_cx_total$")
            .is_empty()
            && envoy.stats("^listener.first").is_empty()
    });
    let before = counted(&envoy);
    get(address);
    assert_eq!(counted(&envoy), before + 1);
    envoy.stop();
}
