//! Sends a mix of requests through a filter: the events of each request in the order in which a proxy tells of them.
//!
//! What takes no part in a request's time: making it, and writing down what became of it.

use super::abi::abi::{DataStatus, HeadersStatus};
use super::abi::{
    ContextId, Effect, Filter, Header, HttpResponse, LocalResponse, PluginConfig, Shared, Vm,
};
use super::mix::{self, Mix};
use super::proxy::{Proxy, Stream};
use super::{LoadedFilter, RunningFilter, fingerprint};
use anyhow::{Context, Result};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A filter with what is sent through it.
pub struct Driver {
    filter: Filter<Proxy>,
    config: Arc<PluginConfig>,
    shared: Arc<Shared>,
    /// Of each kind.
    prepared: Vec<Prepared>,
    order: Vec<usize>,
}

/// A kind of request, ready to be sent.
struct Prepared {
    stream: Stream,
    bodies: [Vec<u8>; 2],
    piece_bytes: usize,
}

impl Driver {
    pub fn new(filter: Filter<Proxy>, mix: &Mix) -> Driver {
        let headers = |headers: Vec<(String, String)>| -> Vec<Header> {
            let bytes = headers.into_iter();
            bytes
                .map(|(name, value)| (name.into_bytes(), value.into_bytes()))
                .collect()
        };
        let prepared = mix.requests.iter().map(|request| Prepared {
            stream: Stream {
                maps: [
                    headers(request.request_headers()),
                    Vec::new(),
                    headers(request.all_response_headers()),
                    Vec::new(),
                ],
                ..Stream::default()
            },
            bodies: [request.body_bytes, request.response_body_bytes].map(mix::body),
            piece_bytes: match request.piece_bytes {
                0 => usize::MAX,
                bytes => bytes,
            },
        });
        Driver {
            filter,
            config: Arc::new(PluginConfig {
                name: "measured".into(),
                root_id: mix.root_id.clone(),
                configuration: mix.configuration.clone().into_bytes(),
                vm_configuration: mix.vm_configuration.clone().into_bytes(),
                ..PluginConfig::default()
            }),
            shared: Shared::new(),
            prepared: prepared.collect(),
            order: mix.order(),
        }
    }
}

impl LoadedFilter for Driver {
    fn vm(&self) -> Result<Box<dyn RunningFilter + '_>> {
        let (config, proxy) = (&self.config, Proxy::default());
        let mut vm = Vm::new(&self.filter, config, &self.shared, || {}, proxy)?;
        let root = vm.start_root(config)?;
        Ok(Box::new(Running {
            driver: self,
            vm,
            root,
            next: 0,
            seen: Vec::new(),
        }))
    }

    fn requests(&self) -> u32 {
        self.order.len() as u32
    }
}

struct Running<'a> {
    driver: &'a Driver,
    vm: Vm<Proxy>,
    root: ContextId,
    /// Requests sent so far.
    next: usize,
    seen: Vec<String>,
}

/// What became of a request.
struct Done {
    stream: Stream,
    /// Bodies as they were passed on.
    sent: [Vec<u8>; 2],
    ended: Ended,
}

enum Ended {
    /// It went to the server, and the answer back.
    Passed,
    /// The filter holds it, and nothing comes that could make it go on.
    Held(&'static str),
    Answered(LocalResponse),
    Closed,
}

/// Request and response, as places of what a stream has two of.
const REQUEST: usize = 0;
const RESPONSE: usize = 1;

impl RunningFilter for Running<'_> {
    fn send(&mut self, count: u32) -> Result<Duration> {
        let order = &self.driver.order;
        let kinds: Vec<usize> = (0..count as usize)
            .map(|n| order[(self.next + n) % order.len()])
            .collect();
        let streams = kinds
            .iter()
            .map(|kind| self.driver.prepared[*kind].stream.clone());
        let streams: Vec<_> = streams.collect();
        let mut done = Vec::with_capacity(kinds.len());
        let start = Instant::now();
        for (kind, stream) in kinds.iter().zip(streams) {
            let number = self.next;
            self.next += 1;
            self.vm.host_mut().requests += 1;
            let kind = &self.driver.prepared[*kind];
            done.push(
                self.exchange(kind, stream)
                    .with_context(|| format!("request {}", number + 1))?,
            );
        }
        let time = start.elapsed();
        if self.vm.host().watches {
            let first = self.next - done.len();
            for (number, done) in done.into_iter().enumerate() {
                self.note(first + number + 1, done);
            }
        }
        Ok(time)
    }

    fn watch(&mut self) {
        self.vm.host_mut().watches = true;
    }

    fn seen(&mut self) -> Vec<String> {
        self.vm.host_mut().watches = false;
        std::mem::take(&mut self.seen)
    }
}

impl Running<'_> {
    /// One request, from its headers to its log.
    fn exchange(&mut self, kind: &Prepared, stream: Stream) -> Result<Done> {
        let id = self.vm.open_stream(self.root, stream)?;
        let mut sent = [Vec::new(), Vec::new()];
        let ended = self.through(id, kind, &mut sent)?;
        self.vm.on_log(id)?;
        let stream = self.vm.close_stream(id).context("an open stream")?;
        // A failure in its last callbacks is known by now.
        if let Some(failed) = self.vm.failed() {
            return Err(failed.clone().into());
        }
        Ok(Done {
            stream,
            sent,
            ended,
        })
    }

    fn through(
        &mut self,
        id: ContextId,
        kind: &Prepared,
        sent: &mut [Vec<u8>; 2],
    ) -> Result<Ended> {
        for way in [REQUEST, RESPONSE] {
            let body = &kind.bodies[way];
            let stream = self.vm.stream_mut(id).context("an open stream")?;
            stream.has_response = way == RESPONSE;
            let count = stream.maps[way * 2].len() as u32;
            let end = body.is_empty();
            let status = match way {
                REQUEST => self.vm.on_request_headers(id, count, end)?,
                _ => self.vm.on_response_headers(id, count, end)?,
            };
            let goes_on = match self.after(id)? {
                After::Ended(ended) => return Ok(ended),
                After::Continued => true,
                After::Nothing => matches!(
                    status,
                    HeadersStatus::Continue | HeadersStatus::ContinueAndEndStream
                ),
            };
            // A filter that waits for the body is shown it; one that waits for something else is not.
            let waits_for_body = status == HeadersStatus::StopIteration && !end;
            if !goes_on && !waits_for_body {
                return Ok(Ended::Held("headers"));
            }
            let mut held = false;
            let mut rest = &body[..];
            while !rest.is_empty() {
                let (piece, behind) = rest.split_at(kind.piece_bytes.min(rest.len()));
                rest = behind;
                let stream = self.vm.stream_mut(id).context("an open stream")?;
                stream.bodies[way].extend_from_slice(piece);
                stream.readable[way] = true;
                let bytes = stream.bodies[way].len() as u32;
                let status = match way {
                    REQUEST => self.vm.on_request_body(id, bytes, rest.is_empty())?,
                    _ => self.vm.on_response_body(id, bytes, rest.is_empty())?,
                };
                held = match self.after(id)? {
                    After::Ended(ended) => return Ok(ended),
                    After::Continued => false,
                    After::Nothing => status != DataStatus::Continue,
                };
                if !held {
                    let stream = self.vm.stream_mut(id).context("an open stream")?;
                    sent[way].append(&mut stream.bodies[way]);
                }
            }
            if held {
                return Ok(Ended::Held("body"));
            }
            let stream = self.vm.stream_mut(id).context("an open stream")?;
            stream.readable[way] = false;
        }
        Ok(Ended::Passed)
    }

    /// Does what the filter asked for in a callback, and answers its own requests at once.
    fn after(&mut self, id: ContextId) -> Result<After> {
        let mut continued = false;
        loop {
            for effect in self.vm.take_effects() {
                match effect {
                    Effect::Continue { stream, .. } => continued |= stream == id,
                    Effect::Close { .. } => return Ok(After::Ended(Ended::Closed)),
                    Effect::Respond { response, .. } => {
                        return Ok(After::Ended(Ended::Answered(response)));
                    }
                }
            }
            let Some(callout) = self.vm.host_mut().callouts.pop() else {
                break;
            };
            let response = HttpResponse {
                headers: vec![
                    (b":status".to_vec(), b"200".to_vec()),
                    (b"content-type".to_vec(), b"text/plain".to_vec()),
                ],
                body: b"measured".to_vec(),
                trailers: Vec::new(),
            };
            self.vm.on_http_response(callout, Some(response))?;
        }
        Ok(match continued {
            true => After::Continued,
            false => After::Nothing,
        })
    }

    /// Writes down what became of a request.
    fn note(&mut self, number: usize, done: Done) {
        let mut lines = std::mem::take(&mut self.vm.host_mut().log);
        let Done {
            stream,
            sent,
            ended,
        } = done;
        let mut headers = |which: &str, headers: &[Header]| {
            for (name, value) in headers {
                let (name, value) = (
                    String::from_utf8_lossy(name),
                    String::from_utf8_lossy(value),
                );
                lines.push(format!("{which} {name}: {value}"));
            }
        };
        headers("request", &stream.maps[0]);
        match &ended {
            Ended::Answered(response) => {
                headers("answer", &response.headers);
                let print = fingerprint::of(&response.body);
                lines.push(format!("answered with {}, body {print}", response.status));
            }
            _ => headers("response", &stream.maps[2]),
        }
        for (which, body) in ["request", "response"].iter().zip(&sent) {
            let print = fingerprint::of(body);
            lines.push(format!("{which} body of {} bytes, {print}", body.len()));
        }
        lines.push(match ended {
            Ended::Passed => "passed".into(),
            Ended::Held(what) => format!("held: {what}"),
            Ended::Answered(_) => "answered by the filter".into(),
            Ended::Closed => "closed".into(),
        });
        let lines = lines.into_iter();
        self.seen
            .extend(lines.map(|line| format!("request {number}: {line}")));
    }
}

/// What a callback leads to.
enum After {
    Nothing,
    Continued,
    Ended(Ended),
}
