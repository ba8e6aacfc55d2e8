//! Requests that belong to no stream: from ticks, from queues, from the end of a stream. Envoy lets a module send them
//! from its main thread only, on behalf of a filter configuration, so workers order them here and get the events in
//! their mailboxes.

use crate::callout::CalloutEvent;
use crate::mailbox::{Delivery, Mailbox, VmNumber, lock};
use crate::sys::HttpConfig;
use ahead_proxy_wasm::{CalloutId, Header, HttpRequest};
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request's number with its hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HubNumber(u64);

/// What threads ask of the main thread.
#[derive(Debug)]
pub enum Order {
    Start(HubNumber, Box<Request>, Recipient),
    Send(HubNumber, Vec<u8>, bool),
    Reset(HubNumber),
}

/// A request to be sent.
#[derive(Debug)]
pub struct Request {
    pub cluster: Vec<u8>,
    pub headers: Vec<Header>,
    pub body: Vec<u8>,
    pub trailers: Vec<Header>,
    pub timeout: Duration,
    /// Whether the sending side ends with what is here.
    pub whole: bool,
}

impl Request {
    pub fn of(request: &HttpRequest<'_>, whole: bool) -> Self {
        let mut headers = request.headers.to_vec();
        if !request.body.is_empty() {
            add_content_length(&mut headers, request.body.len());
        }
        Request {
            cluster: request.upstream.to_vec(),
            headers,
            body: request.body.to_vec(),
            trailers: request.trailers.to_vec(),
            timeout: request.timeout,
            whole,
        }
    }
}

/// Says how long a body is, as Envoy's own host does.
pub fn add_content_length(headers: &mut Vec<Header>, bytes: usize) {
    headers.retain(|(name, _)| !name.eq_ignore_ascii_case(b"content-length"));
    headers.push((b"content-length".to_vec(), bytes.to_string().into_bytes()));
}

/// Who is told of a request's events.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub mailbox: Arc<Mailbox>,
    pub vm: VmNumber,
    pub callout: CalloutId,
}

impl Recipient {
    fn tell(&self, event: CalloutEvent) {
        self.mailbox.deliver(Delivery {
            vm: self.vm,
            callout: self.callout,
            event,
        });
    }
}

/// The requests of one filter configuration.
#[derive(Debug, Default)]
pub struct Hub {
    orders: Mutex<VecDeque<Order>>,
    /// By Envoy's number; used by the main thread.
    open: Mutex<HashMap<u64, (HubNumber, Recipient)>>,
    /// Events that came before Envoy had said the number of the request that is being started.
    early: Mutex<Option<Vec<(u64, CalloutEvent)>>>,
}

impl Hub {
    pub fn number() -> HubNumber {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        HubNumber(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// Leaves an order. The main thread has to be woken for it.
    pub fn order(&self, order: Order) {
        lock(&self.orders).push_back(order);
    }

    /// Does what was ordered. On the main thread.
    pub fn run(&self, config: &HttpConfig) {
        loop {
            // Envoy may come back from what is done here, so no lock is held.
            let Some(order) = lock(&self.orders).pop_front() else {
                return;
            };
            match order {
                Order::Start(number, request, recipient) => {
                    self.start(config, number, &request, recipient);
                }
                Order::Send(number, bytes, end) => {
                    if let Some(id) = self.envoy_number(number) {
                        config.send_data(id, &bytes, end);
                    }
                }
                Order::Reset(number) => {
                    if let Some(id) = self.envoy_number(number) {
                        lock(&self.open).remove(&id);
                        config.reset_stream(id);
                    }
                }
            }
        }
    }

    fn envoy_number(&self, number: HubNumber) -> Option<u64> {
        let open = lock(&self.open);
        let mut open = open.iter();
        open.find(|(_, (other, _))| *other == number)
            .map(|(id, _)| *id)
    }

    fn start(
        &self,
        config: &HttpConfig,
        number: HubNumber,
        request: &Request,
        recipient: Recipient,
    ) {
        let end = request.whole && request.trailers.is_empty();
        let (cluster, headers) = (&request.cluster, &request.headers);
        *lock(&self.early) = Some(Vec::new());
        let started = config.start_stream(cluster, headers, &request.body, end, request.timeout);
        let early = lock(&self.early).take().unwrap_or_default();
        match started {
            Ok(id) => {
                lock(&self.open).insert(id, (number, recipient));
                if request.whole && !request.trailers.is_empty() {
                    config.send_trailers(id, &request.trailers);
                }
                for (_, event) in early.into_iter().filter(|(other, _)| *other == id) {
                    self.on_event(id, event);
                }
            }
            Err(_) => recipient.tell(CalloutEvent::Reset),
        }
    }

    /// Passes an event on. On the main thread.
    pub fn on_event(&self, id: u64, event: CalloutEvent) {
        let over = matches!(event, CalloutEvent::Complete | CalloutEvent::Reset);
        let recipient = {
            let mut open = lock(&self.open);
            let found = open.get(&id).map(|(_, recipient)| recipient.clone());
            if over {
                open.remove(&id);
            }
            found
        };
        if let Some(recipient) = recipient {
            recipient.tell(event);
        } else if let Some(early) = &mut *lock(&self.early) {
            early.push((id, event));
        }
    }
}
