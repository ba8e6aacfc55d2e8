//! What a filter costs in the real Envoy, beside Envoy's own host: CPU time of the worker thread for each request,
//! requests per second, CPU time of starting, resident memory.
//!
//! Envoy answers by itself, so that nothing else is measured. An Envoy without filters is measured too: what a filter
//! costs is what a request costs more with it, divided by how many copies are in the chain. So is one with the same
//! filter in C, as a module of Envoy's own, with no Wasm and no host of it: no host can cost less than that. All Envoys
//! run at once and take turns under load. Load comes from `wrk`, filters are compiled by `clang-19`; `scripts/setup.sh` installs
//! both.

use super::progress;
use crate::compared::{beside_this, build, done};
use crate::report::{Row, Suite, Target, Unit};
use ahead_tests::corpus::Corpus;
use ahead_tests::envoy::configuration::{
    Adapter, Bootstrap, Plugin, ahead_http, http_listener, v8_http,
};
use ahead_tests::envoy::{self, Envoy};
use ahead_tests::http::{Client, Outgoing, Protocol};
use ahead_tests::workspace;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Copies of a filter in the chain.
const COPIES: usize = 10;

/// How long each is under load in a round.
const LOAD: Duration = Duration::from_secs(2);

/// A filter of several megabytes.
const LARGE: &str = "proxy-wasm/kong/spec__fixtures__wasm__hostcalls.wasm";

/// Filters under load: source, subject, ratio to V8 that is to be kept.
const FILTERS: [(&str, &str, f64); 3] = [
    ("header", "one header", 0.45),
    ("hostcalls", "27 hostcalls", 0.25),
    ("sha256", "SHA-256 of 8 KiB", 1.0),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    None,
    /// No host at all: the filter in C, as a module.
    Module,
    Ahead,
    V8,
}

const HOSTS: [Host; 4] = [Host::None, Host::Module, Host::Ahead, Host::V8];

/// What is needed, found once.
struct Tools {
    envoy: PathBuf,
    adapter: PathBuf,
    folder: tempfile::TempDir,
    ahead: PathBuf,
}

/// A filter in all forms.
struct Filter {
    module: PathBuf,
    artefact: PathBuf,
    /// As a module of Envoy's own, if its source is here.
    shared_object: Option<PathBuf>,
}

pub fn measure_all(rounds: usize) -> Result<Suite> {
    let tools = Tools::find()?;
    let (mut rows, mut targets) = (Vec::new(), Vec::new());
    for (source, subject, at_most) in FILTERS {
        progress(&format!("envoy: {subject}"));
        let filter = tools.filter(source)?;
        let [none, module, ahead, v8] = under_load(&tools, &filter, rounds)?;
        let cost = |load: &Load| (load.cpu - none.cpu) / COPIES as f64;
        let row = Row {
            subject: subject.into(),
            quantity: "CPU of one filter, for each request",
            unit: Unit::Seconds,
            ours: cost(&ahead),
            theirs: Some(cost(&v8)),
        };
        targets.push(Target {
            what: format!("CPU of a filter, {subject}"),
            at_most,
            ratio: row.ratio(),
        });
        rows.push(row);
        rows.push(Row {
            subject: subject.into(),
            quantity: "of which the same in C has",
            unit: Unit::Seconds,
            ours: cost(&module),
            theirs: None,
        });
        rows.push(Row {
            subject: subject.into(),
            quantity: "CPU of a request with ten of them",
            unit: Unit::Seconds,
            ours: ahead.cpu,
            theirs: Some(v8.cpu),
        });
        rows.push(Row {
            subject: subject.into(),
            quantity: "requests with ten of them",
            unit: Unit::PerSecond,
            ours: ahead.rate,
            theirs: Some(v8.rate),
        });
    }
    start_up(&tools, rounds, &mut rows, &mut targets)?;
    memory(&tools, &mut rows, &mut targets)?;
    Ok(Suite {
        name: "envoy",
        title: format!(
            "Envoy {}, one worker; median of {rounds} turns of {LOAD:?} under load, or least of {rounds} starts; \
             an Envoy without filters is subtracted",
            envoy::VERSION
        ),
        ours: "ahead",
        theirs: "V8".into(),
        rows,
        targets,
    })
}

impl Tools {
    fn find() -> Result<Tools> {
        let envoy = envoy::find_or_skip().context("no Envoy")?;
        // Whatever lies beside this program may be of another commit.
        build(&["-p", "ahead", "-p", "ahead-envoy"])?;
        Ok(Tools {
            envoy,
            adapter: beside_this("libahead_envoy.so")?,
            ahead: beside_this("ahead")?,
            folder: tempfile::tempdir()?,
        })
    }

    /// Builds one of the filters in `benches/filters`.
    fn filter(&self, name: &str) -> Result<Filter> {
        let module = self.folder.path().join(name).with_extension("wasm");
        let shared_object = self.folder.path().join(format!("lib{name}.so"));
        let source = workspace().join(format!("benches/filters/{name}.c"));
        let compile = |options: &[&str], output: &Path| {
            let mut clang = Command::new("clang-19");
            done(
                clang
                    .arg("-O2")
                    .args(options)
                    .arg(&source)
                    .arg("-o")
                    .arg(output),
            )
        };
        compile(&["--target=wasm32", "-nostdlib", "-Wl,--no-entry"], &module)?;
        compile(&["-shared", "-fPIC", "-fvisibility=hidden"], &shared_object)?;
        Ok(Filter {
            shared_object: Some(shared_object),
            ..self.compiled(&module)?
        })
    }

    fn compiled(&self, module: &Path) -> Result<Filter> {
        let name = module.file_stem().context("a file with a name")?;
        let artefact = self.folder.path().join(name).with_extension("so");
        let mut compile = Command::new(&self.ahead);
        done(compile.arg("compile").arg(module).arg("-o").arg(&artefact))?;
        Ok(Filter {
            module: module.to_owned(),
            artefact,
            shared_object: None,
        })
    }

    fn start(&self, host: Host, filter: &Filter, copies: usize) -> Envoy {
        let plugin = Plugin {
            name: "measured".into(),
            root_id: "measured".into(),
            ..Plugin::default()
        };
        let adapter = Adapter {
            library: &self.adapter,
            artifact: Some(&filter.artefact),
        };
        let filters = match host {
            Host::None => Vec::new(),
            Host::Module => {
                let library = filter.shared_object.as_deref().expect("its source is here");
                let artifact = None;
                vec![ahead_http(&plugin, Adapter { library, artifact }); copies]
            }
            Host::Ahead => vec![ahead_http(&plugin, adapter); copies],
            Host::V8 => vec![v8_http(&plugin, &filter.module); copies],
        };
        let nobody = SocketAddr::from(([127, 0, 0, 1], 9));
        let mut bootstrap = Bootstrap::new(nobody);
        bootstrap.workers = Some(1);
        let mut listener = http_listener("measured", &filters);
        let manager = &mut listener["filter_chains"][0]["filters"][0]["typed_config"];
        manager["route_config"]["virtual_hosts"][0]["routes"] = json!([{
            "match": { "prefix": "/" },
            "direct_response": { "status": 200, "body": { "inline_string": "a".repeat(4096) + &"b".repeat(4096) } },
        }]);
        // A direct response may have a body of 4 KiB by default.
        manager["route_config"]["max_direct_response_body_size_bytes"] = json!(8192);
        bootstrap.listeners.push(listener);
        Envoy::start(&self.envoy, &bootstrap)
    }
}

/// What a request took under load.
#[derive(Clone, Copy)]
struct Load {
    /// CPU time of the worker, in seconds.
    cpu: f64,
    /// Requests in a second.
    rate: f64,
}

/// Medians of all rounds, in the order of [`HOSTS`].
fn under_load(tools: &Tools, filter: &Filter, rounds: usize) -> Result<[Load; HOSTS.len()]> {
    let envoys = HOSTS.map(|host| tools.start(host, filter, COPIES));
    for envoy in &envoys {
        let mut client = Client::connect(envoy.listener("measured"), Protocol::Http1);
        let response = client.send(&Outgoing::get("/"));
        ensure!(
            response.status() == 200,
            "{response:?}\n{}",
            envoy.log_tail()
        );
        // V8 is to have compiled for good what it will run.
        load(envoy, Duration::from_secs(1))?;
    }
    let mut loads = HOSTS.map(|_| Vec::new());
    for round in 0..rounds {
        for turn in 0..envoys.len() {
            let at = (round + turn) % envoys.len();
            loads[at].push(load(&envoys[at], LOAD)?);
        }
    }
    let median = |of: fn(&Load) -> f64, loads: &[Load]| {
        let mut values: Vec<_> = loads.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    };
    Ok(loads.map(|loads| Load {
        cpu: median(|load| load.cpu, &loads),
        rate: median(|load| load.rate, &loads),
    }))
}

fn load(envoy: &Envoy, time: Duration) -> Result<Load> {
    let count = |what: &str| -> Result<f64> {
        let name = format!("http.measured.{what}");
        let mut stats = envoy.stats(&format!("^{name}$"));
        Ok(stats.remove(&name).context("a statistic")?.parse()?)
    };
    const DONE: &str = "downstream_rq_completed";
    let worker = worker_thread(envoy)?;
    let (requests, cpu) = (count(DONE)?, cpu_of(&worker)?);
    done(
        Command::new("wrk")
            .args(["-t1", "-c4", "-d"])
            .arg(format!("{}s", time.as_secs()))
            .args(["-H", "authorization: Bearer 0123456789abcdef"])
            .args(["-H", "cookie: session=0123456789abcdef; theme=dark"])
            .args(["-H", "user-agent: measurement"])
            .arg(format!(
                "http://{}/measured?a=b",
                envoy.listener("measured")
            )),
    )?;
    let (requests, cpu) = (count(DONE)? - requests, cpu_of(&worker)? - cpu);
    // A filter that has failed costs nothing.
    ensure!(
        requests > 0.0 && count("downstream_rq_5xx")? == 0.0,
        "requests failed\n{}",
        envoy.log_tail()
    );
    Ok(Load {
        cpu: cpu / requests,
        rate: requests / time.as_secs_f64(),
    })
}

/// The folder of the worker's thread in `/proc`.
fn worker_thread(envoy: &Envoy) -> Result<PathBuf> {
    for entry in std::fs::read_dir(format!("/proc/{}/task", envoy.pid()))? {
        let path = entry?.path();
        if std::fs::read_to_string(path.join("comm"))?.starts_with("wrk:worker_0") {
            return Ok(path);
        }
    }
    anyhow::bail!("Envoy has no thread `wrk:worker_0`")
}

/// CPU time of a thread, in seconds.
fn cpu_of(thread: &Path) -> Result<f64> {
    let text = std::fs::read_to_string(thread.join("schedstat"))?;
    let nanoseconds: u64 = text
        .split_whitespace()
        .next()
        .context("schedstat has fields")?
        .parse()?;
    Ok(nanoseconds as f64 / 1e9)
}

/// CPU time from exec until it serves, with one large filter.
fn start_up(
    tools: &Tools,
    rounds: usize,
    rows: &mut Vec<Row>,
    targets: &mut Vec<Target>,
) -> Result<()> {
    let what = "start with a filter of 3.6 MB";
    let Some(corpus) = Corpus::find_or_skip() else {
        targets.push(Target {
            what: what.into(),
            at_most: 0.01,
            ratio: None,
        });
        return Ok(());
    };
    progress(&format!("envoy: {what}"));
    let filter = tools.compiled(&corpus.path(LARGE))?;
    let hosts = [Host::None, Host::Ahead, Host::V8];
    let mut least = hosts.map(|_| f64::INFINITY);
    for round in 0..rounds {
        for turn in 0..hosts.len() {
            let at = (round + turn) % hosts.len();
            let envoy = tools.start(hosts[at], &filter, 1);
            least[at] = least[at].min(cpu_of_all(&envoy)?);
        }
    }
    let [none, ahead, v8] = least;
    let row = Row {
        subject: what.into(),
        quantity: "CPU, more than without",
        unit: Unit::Seconds,
        // Two starts differ by more than a start of ours takes.
        ours: (ahead - none).max(0.0),
        theirs: Some(v8 - none),
    };
    targets.push(Target {
        what: format!("CPU of a {what}"),
        at_most: 0.01,
        ratio: row.ratio(),
    });
    rows.push(row);
    Ok(())
}

/// CPU time of all threads that there are, in seconds.
fn cpu_of_all(envoy: &Envoy) -> Result<f64> {
    let mut sum = 0.0;
    for entry in std::fs::read_dir(format!("/proc/{}/task", envoy.pid()))? {
        // A thread may be gone by now.
        sum += cpu_of(&entry?.path()).unwrap_or(0.0);
    }
    Ok(sum)
}

/// Resident memory with the least filter, after a request.
fn memory(tools: &Tools, rows: &mut Vec<Row>, targets: &mut Vec<Target>) -> Result<()> {
    progress("envoy: memory");
    let filter = tools.filter("header")?;
    let mut resident = HOSTS.map(|_| 0.0);
    for (host, bytes) in HOSTS.into_iter().zip(&mut resident) {
        let mut least = f64::INFINITY;
        for _ in 0..5 {
            let envoy = tools.start(host, &filter, 1);
            let mut client = Client::connect(envoy.listener("measured"), Protocol::Http1);
            for _ in 0..100 {
                client.send(&Outgoing::get("/"));
            }
            least = least.min(resident_bytes(&envoy)?);
        }
        *bytes = least;
    }
    let [none, module, ahead, v8] = resident;
    rows.push(Row {
        subject: "the least filter".into(),
        quantity: "resident memory, more than without",
        unit: Unit::Bytes,
        ours: (ahead - none).max(0.0),
        theirs: Some(v8 - none),
    });
    rows.push(Row {
        subject: "the least filter".into(),
        quantity: "of which the same in C has",
        unit: Unit::Bytes,
        ours: (module - none).max(0.0),
        theirs: None,
    });
    targets.push(Target {
        what: "resident memory of the least filter, in MB".into(),
        at_most: 1.0,
        ratio: Some((ahead - none) / 1e6),
    });
    Ok(())
}

fn resident_bytes(envoy: &Envoy) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", envoy.pid()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: f64 = line
        .and_then(|line| line.split_whitespace().next())
        .context("no VmRSS")?
        .parse()?;
    Ok(kilobytes * 1024.0)
}
