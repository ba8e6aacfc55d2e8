//! What came of a scenario, as text: what the upstream saw, what the client got, what the filter logged and counted.

use crate::expected::hash;
use crate::http::{Field, Message, Outgoing};
use std::collections::BTreeMap;
use std::fmt::{self, Display};

/// Requests that were sent at once, and what came of them.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub requests: Vec<Outgoing>,
    pub responses: Vec<Message>,
    /// What reached the upstream of them.
    pub upstream: Vec<Message>,
}

#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub exchanges: Vec<Exchange>,
    /// What the filter sent on its own, sorted.
    pub callouts: Vec<Message>,
    /// What the scenario waited for, and did not happen.
    pub in_vain: Vec<String>,
    /// `level message`, one for each message.
    pub log: Vec<String>,
    pub stats: BTreeMap<String, String>,
}

impl Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for exchange in &self.exchanges {
            for request in &exchange.requests {
                writeln!(f, "-> {} {}", request.method, request.path)?;
            }
            upstream(f, &exchange.upstream, exchange.requests.len())?;
            for response in &exchange.responses {
                writeln!(f, "<- {}", response.status())?;
                message(f, response)?;
            }
        }
        for callout in &self.callouts {
            let field = |name| callout.header(name).unwrap_or_default();
            writeln!(f, "callout {} {}", field(":method"), field(":path"))?;
            message(f, callout)?;
        }
        for what in &self.in_vain {
            writeln!(f, "in vain: {what}")?;
        }
        if !self.log.is_empty() {
            writeln!(f, "log")?;
        }
        for line in &self.log {
            writeln!(f, "    {}", line.replace('\n', "\n        "))?;
        }
        if !self.stats.is_empty() {
            writeln!(f, "stats")?;
        }
        for (name, value) in &self.stats {
            writeln!(f, "    {name}: {value}")?;
        }
        Ok(())
    }
}

/// Requests at once arrive in any order, so those are sorted.
fn upstream(f: &mut fmt::Formatter<'_>, received: &[Message], at_once: usize) -> fmt::Result {
    let mut received: Vec<_> = received.iter().collect();
    if at_once > 1 {
        received.sort_by_key(|message| (&message.head, &message.body));
    }
    for one in received {
        let field = |name| one.header(name).unwrap_or_default();
        writeln!(f, "   upstream {} {}", field(":method"), field(":path"))?;
        message(f, one)?;
    }
    Ok(())
}

fn message(f: &mut fmt::Formatter<'_>, message: &Message) -> fmt::Result {
    const SHOWN: [&str; 3] = [":status", ":method", ":path"];
    let head = message.head.iter();
    fields(
        f,
        "",
        head.filter(|field| !SHOWN.contains(&field.0.as_str())),
    )?;
    const BODY_SHOWN_BYTES: usize = 400;
    match message.body.len() {
        0 => {}
        length if length <= BODY_SHOWN_BYTES => {
            writeln!(f, "    | {}", message.body.escape_ascii())?;
        }
        length => writeln!(f, "    | {length} bytes, hash {:016x}", hash(&message.body))?,
    }
    fields(f, "trailer ", message.trailers.iter())?;
    match &message.broken {
        Some(why) => writeln!(f, "    broken: {why}"),
        None => Ok(()),
    }
}

/// Without the date, and without the address of this machine, by which Envoy says where a request came from.
fn fields<'a>(
    f: &mut fmt::Formatter<'_>,
    kind: &str,
    fields: impl Iterator<Item = &'a Field>,
) -> fmt::Result {
    for (name, value) in fields {
        match name.as_str() {
            "date" if value.ends_with(" GMT") => {}
            "x-forwarded-for" => writeln!(f, "    {kind}{name}: (an address)")?,
            _ => writeln!(f, "    {kind}{name}: {value}")?,
        }
    }
    Ok(())
}
