//! Filters of our own and what is asked of them, independent of the proxy that they run in.
//!
//! A *scenario* is a filter, its configuration and requests; what comes of it, the *outcome*, is text that is
//! compared whole. `tests/filters/` holds the scenarios, with the outcome that Envoy's own host, V8, gave beside
//! each of them. Where ours may differ, and why, is in `tests/filters/differences.txt`.

mod bad;
mod differences;
mod module;
mod outcome;
mod scenario;

pub use bad::{Bad, bad_artefacts};
pub use differences::Differences;
pub use module::{Built, assemble};
pub use outcome::{Exchange, Outcome};
pub use scenario::{LogScope, Scenario, Source, Step};

use crate::http::{Client, Message, Protocol};
use crate::upstream::Upstream;
use crate::workspace;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The folder of filters and scenarios.
pub fn folder() -> PathBuf {
    workspace().join("tests/filters")
}

/// A proxy in which the filter of a scenario runs.
pub trait Route {
    fn address(&self, scenario: &Scenario) -> SocketAddr;
    /// Statistics whose names match a regular expression.
    fn stats(&mut self, pattern: &str) -> BTreeMap<String, String>;
    /// How many messages of the scenario's filter contain `text` by now, on all workers.
    fn messages(&mut self, scenario: &Scenario, text: &str) -> usize;
    /// Waits until all connections of clients are closed and everything that they cause has happened.
    fn wait_until_idle(&mut self);
    /// Whether the upstream got the message from a client, not from a filter.
    fn is_forwarded(&self, message: &Message) -> bool;
}

/// Does all that a scenario says. What the filter logged is not part of the outcome yet: it is known when the
/// proxy has ended.
pub fn perform(scenario: &Scenario, route: &mut impl Route, upstream: &Upstream) -> Outcome {
    let mut clients: Vec<(Protocol, Client)> = Vec::new();
    let (mut exchanges, mut callouts, mut in_vain) = (Vec::new(), Vec::new(), Vec::new());
    // What is left of others. Who is alone may have sent something already.
    if !scenario.alone {
        upstream.take_received();
    }
    for step in &scenario.steps {
        match step {
            Step::Requests(protocol, requests) => {
                let at = clients.iter().position(|client| client.0 == *protocol);
                let at = at.unwrap_or_else(|| {
                    let client = Client::connect(route.address(scenario), *protocol);
                    clients.push((*protocol, client));
                    clients.len() - 1
                });
                let responses = clients[at].1.send_together(requests);
                let (forwarded, own) = sorted(route, upstream);
                callouts.extend(own);
                exchanges.push(Exchange {
                    requests: requests.clone(),
                    responses,
                    upstream: forwarded,
                });
            }
            Step::AwaitStat(name, least) => {
                let pattern = format!("^{name}$");
                let reached = wait_until(route, |route| {
                    let value = route.stats(&pattern).remove(name);
                    value.and_then(|value| value.parse().ok()).unwrap_or(0) >= *least
                });
                if !reached {
                    in_vain.push(format!("`{name}` is not {least}"));
                }
            }
            Step::AwaitLog(text, count) => {
                let reached = wait_until(route, |route| route.messages(scenario, text) >= *count);
                if !reached {
                    in_vain.push(format!("`{text}` is not logged"));
                }
            }
        }
    }
    drop(clients);
    route.wait_until_idle();
    let stats = match &scenario.stats {
        Some(pattern) => route.stats(pattern),
        None => BTreeMap::new(),
    };
    callouts.extend(sorted(route, upstream).1);
    callouts.sort_by(|a, b| (&a.head, &a.body).cmp(&(&b.head, &b.body)));
    if scenario.callouts_distinct {
        callouts.dedup();
    }
    Outcome {
        exchanges,
        callouts,
        in_vain,
        log: Vec::new(),
        stats,
    }
}

/// What the upstream received: what clients sent, and what filters sent on their own. Requests that were broken off
/// are left out: how much of them arrives, and when, is not always the same.
fn sorted(route: &impl Route, upstream: &Upstream) -> (Vec<Message>, Vec<Message>) {
    let mut received = upstream.take_received();
    received.retain(|message| message.broken.is_none());
    received
        .into_iter()
        .partition(|message| route.is_forwarded(message))
}

/// Whether it happened. That it does not is part of the outcome, so that one scenario does not end the others.
fn wait_until<R: Route>(route: &mut R, happened: impl Fn(&mut R) -> bool) -> bool {
    const PATIENCE: Duration = Duration::from_secs(15);
    let start = Instant::now();
    while !happened(route) {
        if start.elapsed() > PATIENCE {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}
