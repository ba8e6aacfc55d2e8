//! Requests that belong to no stream: from ticks, from queues, from the end of a stream. Envoy lets a module send them
//! from its main thread only, on behalf of a filter configuration, so workers order them here and get the events in
//! their mailboxes.

use crate::callout::CalloutEvent;
use crate::mailbox::{Delivery, Mailbox, VmNumber, lock};
use crate::sys::{HttpConfig, callout_init};
use ahead_proxy_wasm::{CalloutId, Header, HttpRequest};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A request's number with its hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HubNumber(u64);

/// What threads ask of the main thread.
#[derive(Debug)]
pub enum Order {
    /// With somebody who waits to hear whether the cluster is there.
    Start(HubNumber, Box<Request>, Recipient, Option<Arc<Question>>),
    Send(HubNumber, Vec<u8>, bool),
    Reset(HubNumber),
}

/// Whether a cluster is there: asked by a worker, answered by the main thread.
#[derive(Debug, Default)]
pub struct Question {
    state: Mutex<Answer>,
    answered: Condvar,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Answer {
    #[default]
    None,
    Given(bool),
    /// Nobody waits any more.
    Late,
}

impl Question {
    /// A question to be asked, unless the answer is known.
    pub fn about(cluster: &[u8]) -> Option<Arc<Question>> {
        (!lock(&KNOWN).contains(cluster)).then(Arc::default)
    }

    /// Answers; false if nobody waits any more.
    fn answer(&self, has_cluster: bool) -> bool {
        let mut state = lock(&self.state);
        let in_time = *state == Answer::None;
        if in_time {
            *state = Answer::Given(has_cluster);
            self.answered.notify_all();
        }
        in_time
    }

    /// Waits for the answer; `None` if it takes too long.
    pub fn wait(&self) -> Option<bool> {
        let state = lock(&self.state);
        let unanswered = |state: &mut Answer| *state == Answer::None;
        let waited = self
            .answered
            .wait_timeout_while(state, PATIENCE, unanswered);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match *state {
            Answer::Given(has_cluster) => Some(has_cluster),
            _ => {
                *state = Answer::Late;
                None
            }
        }
    }
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
    /// Envoy is about to end, and takes no request any more.
    is_closed: AtomicBool,
}

/// Clusters that Envoy had when they were last asked for. A filter that names another waits until the main thread has
/// looked: it is to be told at once that there is no such cluster.
static KNOWN: Mutex<BTreeSet<Vec<u8>>> = Mutex::new(BTreeSet::new());

/// How long a worker waits for the main thread. If it takes longer, the filter is told later.
const PATIENCE: Duration = Duration::from_millis(100);

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
                Order::Start(number, request, recipient, question) => {
                    self.start(config, number, &request, recipient, question.as_deref());
                }
                Order::Send(number, bytes, end) => {
                    if let Some(id) = self.envoy_number(number) {
                        config.outgoing().send_data(id, &bytes, end);
                    }
                }
                Order::Reset(number) => {
                    if let Some(id) = self.envoy_number(number) {
                        lock(&self.open).remove(&id);
                        config.outgoing().reset(id);
                    }
                }
            }
        }
    }

    /// Gives up all requests, and those that are ordered from now on. On the main thread, when Envoy is about to end:
    /// what it sends requests with goes before its configurations do, and must not find any.
    pub fn close(&self, config: &HttpConfig) {
        self.is_closed.store(true, Ordering::Relaxed);
        // Envoy comes back with a reset for each, so no lock is held.
        let open: Vec<u64> = lock(&self.open).keys().copied().collect();
        let outgoing = config.outgoing();
        for id in open {
            outgoing.reset(id);
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
        question: Option<&Question>,
    ) {
        if self.is_closed.load(Ordering::Relaxed) {
            // Whether there is such a cluster is no question any more.
            if let Some(question) = question {
                question.answer(true);
            }
            recipient.tell(CalloutEvent::Reset);
            return;
        }
        let end = request.whole && request.trailers.is_empty();
        let (cluster, headers) = (&request.cluster, &request.headers);
        *lock(&self.early) = Some(Vec::new());
        let started =
            config
                .outgoing()
                .start(cluster, headers, &request.body, end, request.timeout);
        let early = lock(&self.early).take().unwrap_or_default();
        let has_cluster = started != Err(callout_init::CLUSTER_NOT_FOUND);
        match has_cluster {
            true => drop(lock(&KNOWN).insert(request.cluster.clone())),
            false => drop(lock(&KNOWN).remove(&request.cluster)),
        }
        let heard = question.is_some_and(|question| question.answer(has_cluster));
        if heard && !has_cluster {
            return;
        }
        match started {
            Ok(id) => {
                lock(&self.open).insert(id, (number, recipient));
                if request.whole && !request.trailers.is_empty() {
                    config.outgoing().send_trailers(id, &request.trailers);
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
