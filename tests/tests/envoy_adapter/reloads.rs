//! Configurations that come and go under traffic leave nothing behind.

use crate::{adapter, artefact, filters, get, http_filter};
use ahead_tests::envoy::configuration::{Bootstrap, http_listener};
use ahead_tests::envoy::{self, Envoy};
use ahead_tests::filters::bad_artefacts;
use ahead_tests::http::Message;
use ahead_tests::upstream::Upstream;
use serde_json::{Value, json};
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use tempfile::TempDir;

const RELOADS: u32 = 200;

/// An Envoy with one listener, which is configured again and again.
struct Reloading {
    folder: TempDir,
    upstream: Upstream,
    address: SocketAddr,
}

impl Reloading {
    fn new() -> Reloading {
        // Envoy wants the same address each time.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        Reloading {
            folder: tempfile::tempdir().unwrap(),
            upstream: Upstream::start(),
            address: free.local_addr().unwrap(),
        }
    }

    /// Compiles a filter in the text format.
    fn artefact(&self, text: &str) -> PathBuf {
        artefact(self.folder.path(), "filter", text)
    }

    /// Gives Envoy its listener anew: with the filter of a configuration, and a name by which it can be told from others
    /// that do the same.
    fn publish(&self, name: &str, config: &Value) {
        let mut listener = http_listener("tested", &[http_filter(&adapter(), config)]);
        listener["@type"] = "type.googleapis.com/envoy.config.listener.v3.Listener".into();
        listener["stat_prefix"] = name.into();
        listener["address"]["socket_address"]["port_value"] = self.address.port().into();
        let new = self.listeners().with_extension("new");
        fs::write(&new, json!({"resources": [listener]}).to_string()).unwrap();
        // Envoy watches for files that are moved there.
        fs::rename(new, self.listeners()).unwrap();
    }

    fn listeners(&self) -> PathBuf {
        self.folder.path().join("listeners.json")
    }

    fn start(&self, program: &Path) -> Envoy {
        let bootstrap = Bootstrap::new(self.upstream.address());
        let source = json!({"path_config_source": {"path": self.listeners()}});
        let dynamic = json!({"dynamic_resources": {"lds_config": source}});
        Envoy::start_with(program, &bootstrap, |command| {
            command.arg("--config-yaml").arg(dynamic.to_string());
            // Old listeners are to go at once.
            command.args(["--drain-time-s", "1", "--drain-strategy", "immediate"]);
        })
    }

    fn get(&self) -> Message {
        get(self.address)
    }
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
    let reloading = Reloading::new();
    let configure = |number: u32| {
        // Every other time the code is another file as well.
        let artefact = reloading.artefact(&filters::adds_header());
        let unique = artefact.with_file_name(format!("filter-{}.so", number / 2));
        fs::rename(artefact, &unique).unwrap();
        let config = json!({"artifact": unique, "configuration": number.to_string()});
        reloading.publish("tested", &config);
    };
    configure(0);
    let mut envoy = reloading.start(&program);
    let (stop, requests) = (AtomicBool::new(false), AtomicU32::new(0));
    let mut after_some = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                assert_eq!(reloading.get().status(), 200);
                requests.fetch_add(1, Ordering::Relaxed);
            }
        });
        for number in 1..=RELOADS {
            configure(number);
            let wanted = number.to_string();
            envoy.wait_until("the new configuration serves", |_| {
                reloading.get().header("x-filter") == Some(&wanted)
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
        reloading.get();
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
fn what_is_bad_leaves_the_old_configuration_serving() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let reloading = Reloading::new();
    let filter = reloading.artefact(&filters::adds_header());
    let good = |configuration: &str| json!({"artifact": filter, "configuration": configuration});
    reloading.publish("good", &good("good"));
    let mut envoy = reloading.start(&program);
    let folder = reloading.folder.path();
    let mut bad = vec![(
        json!({"artifact": filter, "configuration": 7}),
        "`configuration` must be a string",
    )];
    let artefacts = bad_artefacts(folder).into_iter();
    bad.extend(artefacts.map(|bad| (json!({"artifact": bad.path}), bad.says)));
    for (number, (config, says)) in bad.iter().enumerate() {
        let refused = |envoy: &mut Envoy| {
            let stats = envoy.stats("^listener_manager.lds.update_rejected$");
            let count = stats["listener_manager.lds.update_rejected"].parse::<usize>();
            count.unwrap() == number + 1
        };
        let before = envoy.log_text().len();
        reloading.publish(&format!("bad-{number}"), config);
        envoy.wait_until(&format!("{config} is refused"), refused);
        let log = envoy.log_text();
        assert!(
            log[before..].contains(says),
            "no `{says}` in {}",
            &log[before..]
        );
        assert_eq!(reloading.get().header("x-filter"), Some("good"), "{config}");
    }
    reloading.publish("better", &good("better"));
    envoy.wait_until("a good one serves", |_| {
        reloading.get().header("x-filter") == Some("better")
    });
    envoy.stop();
}

#[test]
fn a_plugin_that_stays_the_same_goes_on_counting() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let reloading = Reloading::new();
    let config = json!({"artifact": reloading.artefact(&filters::counts())});
    // A listener that differs in nothing is not loaded anew.
    reloading.publish("first", &config);
    let mut envoy = reloading.start(&program);
    let counted = |envoy: &Envoy| {
        let stats = envoy.stats("^wasmcustom.seen$");
        stats
            .get("wasmcustom.seen")
            .map_or(0, |count| count.parse::<u32>().unwrap())
    };
    reloading.get();
    assert_eq!(counted(&envoy), 1);
    reloading.publish("second", &config);
    envoy.wait_until("the second one serves", |envoy| {
        reloading.get();
        !envoy
            .stats("^listener.second.downstream_cx_total$")
            .is_empty()
            && envoy.stats("^listener.first").is_empty()
    });
    let before = counted(&envoy);
    reloading.get();
    assert_eq!(counted(&envoy), before + 1);
    envoy.stop();
}
