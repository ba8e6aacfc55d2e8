//! A filter in a real Envoy: in its own host with V8, beside ours, and an Envoy without a filter to subtract.
//!
//! All Envoys run at once with one worker each, and take turns under requests of the mix, which one connection sends
//! and a server in this process answers. What they do to the responses is compared first. What is told is CPU time of
//! the worker's thread: waking up and waiting for each other is most of the time on the clock.

mod http;
mod process;

use super::Mix;
use crate::session::Doing;
use crate::statistics::{self, Comparison, Interval};
use anyhow::{Context, Result, bail, ensure};
use http::{Client, Message, Requests};
use process::Envoy;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Who runs the filter.
#[derive(Clone, Debug)]
pub enum Host {
    Nothing,
    /// Ours, from `libahead_envoy.so`.
    Ahead {
        adapter: PathBuf,
        artefact: PathBuf,
    },
    V8 {
        module: PathBuf,
    },
}

impl Host {
    fn name(&self) -> &'static str {
        match self {
            Host::Nothing => "no filter",
            Host::Ahead { .. } => "ahead",
            Host::V8 { .. } => "V8",
        }
    }
}

/// What is measured, and how.
#[derive(Clone, Debug)]
pub struct EnvoyPlan {
    pub program: PathBuf,
    pub mix: Mix,
    /// The first is [`Host::Nothing`], the second the reference.
    pub hosts: Vec<Host>,
    pub rounds: u32,
    /// Under requests, of each host in each round.
    pub time: Duration,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnvoyReport {
    pub version: String,
    /// As those of [`EnvoyPlan`].
    pub hosts: Vec<HostReport>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HostReport {
    pub name: String,
    /// CPU time of the worker for each request, in nanoseconds, by round.
    pub request_cpu_ns: Vec<f64>,
    /// What of it is the filter's: without what the Envoy without a filter took in the same round.
    pub filter_cpu_ns: Option<Interval>,
    /// That, beside the reference's.
    pub compared: Option<Comparison>,
    /// CPU time of all threads until it served.
    pub start_cpu_ns: u64,
    pub resident_bytes: u64,
}

struct Running {
    host: Host,
    envoy: Envoy,
    client: Client,
    start_cpu_ns: u64,
    cpu: Vec<f64>,
}

/// Measures all hosts.
pub fn measure(plan: &EnvoyPlan, progress: &dyn Fn(Doing<'_>)) -> Result<EnvoyReport> {
    let server = http::serve(&plan.mix)?;
    let requests = Requests::of(&plan.mix);
    let mut running = Vec::new();
    let mut expected: Option<(&str, Vec<Message>)> = None;
    for host in &plan.hosts {
        let name = host.name();
        progress(Doing {
            what: &format!("Envoy, {name}: start"),
            turns: None,
        });
        let started = || format!("Envoy, {name}");
        let envoy = Envoy::start(&plan.program, host, &plan.mix, server).with_context(started)?;
        let start_cpu_ns = envoy.cpu_ns()?;
        let mut client = Client::connect(envoy.listener)?;
        let got = responses(&mut client, &requests)
            .with_context(|| format!("Envoy, {name}: {}", envoy.complaint()))?;
        match &expected {
            _ if matches!(host, Host::Nothing) => {}
            None => expected = Some((name, got)),
            Some((reference, expected)) => same(reference, expected, name, &got)?,
        }
        let mut one = Running {
            host: host.clone(),
            envoy,
            client,
            start_cpu_ns,
            cpu: Vec::new(),
        };
        // V8 is to have compiled for good what it will run.
        one.load(&requests, plan.time)?;
        one.cpu.clear();
        running.push(one);
    }
    let (rounds, count) = (plan.rounds as usize, running.len());
    for round in 0..rounds {
        for turn in 0..count {
            let one = &mut running[(round + turn) % count];
            let name = one.host.name();
            progress(Doing {
                what: &format!("round {} of {rounds}: Envoy, {name}", round + 1),
                turns: Some((round * count + turn, rounds * count)),
            });
            one.load(&requests, plan.time)?;
        }
    }
    report(plan, &running)
}

impl Running {
    fn load(&mut self, requests: &Requests, time: Duration) -> Result<()> {
        let cpu = self.envoy.worker_cpu_ns()?;
        let (start, mut count) = (Instant::now(), 0u32);
        while start.elapsed() < time || count == 0 {
            for _ in 0..requests.once_through() {
                let response = self.client.send(requests);
                response.with_context(|| self.envoy.complaint())?;
                count += 1;
            }
        }
        let cpu = self.envoy.worker_cpu_ns()? - cpu;
        self.cpu.push(cpu as f64 / f64::from(count));
        Ok(())
    }
}

/// Once through the mix. Headers that differ from time to time are left out, and so is the order in which headers of
/// different names come.
fn responses(client: &mut Client, requests: &Requests) -> Result<Vec<Message>> {
    let mut all = Vec::new();
    for _ in 0..requests.once_through() {
        let mut response = client.send(requests)?;
        ensure!(
            !response.start.contains(" 503"),
            "a request failed: {}",
            response.start
        );
        let varies = ["date", "x-envoy-upstream-service-time"];
        response
            .headers
            .retain(|header| !varies.contains(&header.0.as_str()));
        response.headers.sort_by(|one, other| one.0.cmp(&other.0));
        all.push(response);
    }
    Ok(all)
}

fn same(reference: &str, expected: &[Message], host: &str, got: &[Message]) -> Result<()> {
    for (number, (expected, got)) in expected.iter().zip(got).enumerate() {
        if expected != got {
            let shown = |message: &Message| {
                let (start, headers) = (&message.start, &message.headers);
                format!("{start:?} {headers:?}, {} bytes", message.body.len())
            };
            bail!(
                "in Envoy `{reference}` and `{host}` do not answer request {} the same: `{reference}` {}; `{host}` {}",
                number + 1,
                shown(expected),
                shown(got)
            );
        }
    }
    Ok(())
}

fn report(plan: &EnvoyPlan, running: &[Running]) -> Result<EnvoyReport> {
    let of_filter = |one: &Running| -> Vec<f64> {
        let pairs = one.cpu.iter().zip(&running[0].cpu);
        pairs.map(|(with, without)| with - without).collect()
    };
    let reference = running.get(1).map(of_filter).unwrap_or_default();
    let hosts = running.iter().enumerate().map(|(place, one)| {
        let filter = of_filter(one);
        let compared = statistics::compare(&reference, &filter, statistics::LEAST_NOISE);
        Ok(HostReport {
            name: one.host.name().to_owned(),
            request_cpu_ns: one.cpu.clone(),
            filter_cpu_ns: statistics::interval(&filter).filter(|_| place > 0),
            compared: compared.filter(|_| place > 1),
            start_cpu_ns: one.start_cpu_ns,
            resident_bytes: one.envoy.resident_bytes()?,
        })
    });
    Ok(EnvoyReport {
        version: version(&plan.program)?,
        hosts: hosts.collect::<Result<_>>()?,
    })
}

/// The version that Envoy tells, between the commit and how it was built: `version: COMMIT/1.40.0/Clean/RELEASE/...`.
fn version(program: &Path) -> Result<String> {
    let output = Command::new(program).arg("--version").output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.split_once("version:"));
    let version = line.and_then(|line| line.1.split('/').nth(1));
    let version = version.with_context(|| format!("`{}` is no Envoy", program.display()))?;
    Ok(version.replace(char::is_control, "\u{fffd}"))
}
