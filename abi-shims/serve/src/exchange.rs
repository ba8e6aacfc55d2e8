//! One request and its response: what there is of both, seen by filters, by the two connections and by the log.
//!
//! An exchange is shared on one thread. What drives it is in `driver.rs`, how it passes the filters in `chain.rs`; here
//! is what they work on and where the two ends of the chain are. No borrow of anything here is held while a filter runs.

use crate::config::Upstream;
use crate::filter::Attached;
use crate::forward;
use crate::headers::{Headers, Pseudo};
use crate::local_reply::LocalReply;
use crate::pipe::{PipeBody, PipeWriter, pipe, whole};
use crate::stream_info::{Connection, Flags, StreamInfo};
use crate::worker::Worker;
use bytes::{Bytes, BytesMut};
use http::{Response, StatusCode, Version};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::task::Waker;
use tokio::sync::oneshot;

/// A direction through the filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Request,
    Response,
}

/// Where a filter stands with a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// What comes goes on.
    #[default]
    Open,
    /// It goes no further than this filter, which is asked about what follows.
    Stopped,
    /// What follows is held back before this filter.
    StoppedAll,
}

/// A message at one filter.
#[derive(Debug, Default)]
pub struct Step {
    pub flow: Flow,
    /// The headers have gone on.
    pub headers_passed: bool,
    /// The end has come here, and gone on.
    pub ended: bool,
    pub end_passed: bool,
    pub trailers_here: bool,
    /// What is held back.
    pub held: BytesMut,
    /// The filter is shown what is held and what comes as one.
    pub gathering: bool,
    /// What is held beyond the limit makes the other side wait, and is no error.
    pub watermark: bool,
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    #[default]
    NotHere,
    /// The filters have its headers.
    InFilters,
    /// Its headers have left the filters.
    Sent,
}

/// A message on its way through the filters.
#[derive(Debug, Default)]
pub struct Message {
    pub headers: RefCell<Headers>,
    pub trailers: RefCell<Option<Headers>>,
    /// The piece of the body that a filter is asked about; `None` outside such a question.
    pub piece: RefCell<Option<BytesMut>>,
    pub steps: RefCell<Vec<Step>>,
    pub phase: Cell<Phase>,
    /// Nothing of it passes filters any more.
    pub abandoned: Cell<bool>,
    /// The end has left the filters.
    pub complete: Cell<bool>,
}

/// What filters, or an exchange's own failure, want done with it when no filter runs.
#[derive(Debug)]
pub enum Command {
    Continue { filter: usize, way: Way },
    Respond(LocalReply),
    Reset(Cow<'static, str>),
}

#[derive(Debug)]
pub struct Exchange {
    pub worker: Rc<Worker>,
    pub connection: Rc<Connection>,
    pub info: RefCell<StreamInfo>,
    pub request: Message,
    pub response: Message,
    pub filters: Vec<Attached>,
    pub commands: RefCell<VecDeque<Command>>,
    pub waker: RefCell<Option<Waker>>,
    /// Where the response goes, until its headers do.
    pub answer: RefCell<Option<oneshot::Sender<Response<PipeBody>>>>,
    pub to_downstream: RefCell<Option<PipeWriter>>,
    /// The body of the request that is to be sent, when filters have let its headers pass and until it is sent.
    pub to_send: RefCell<Option<PipeBody>>,
    pub to_upstream: RefCell<Option<PipeWriter>>,
    /// The response comes from here and not from the upstream.
    pub answered_here: Cell<bool>,
    /// Both sides are to be given up.
    pub reset: Cell<bool>,
    /// What filters have set, by name.
    pub filter_state: RefCell<HashMap<Vec<u8>, Vec<u8>>>,
}

impl Exchange {
    pub fn new(
        worker: Rc<Worker>,
        connection: Rc<Connection>,
        protocol: Version,
        filters: Vec<Attached>,
        answer: oneshot::Sender<Response<PipeBody>>,
    ) -> Rc<Exchange> {
        let message = || Message {
            steps: RefCell::new(filters.iter().map(|_| Step::default()).collect()),
            ..Message::default()
        };
        Rc::new(Exchange {
            info: RefCell::new(StreamInfo::new(protocol)),
            request: message(),
            response: message(),
            worker,
            connection,
            filters,
            commands: RefCell::default(),
            waker: RefCell::default(),
            answer: RefCell::new(Some(answer)),
            to_downstream: RefCell::default(),
            to_send: RefCell::default(),
            to_upstream: RefCell::default(),
            answered_here: Cell::new(false),
            reset: Cell::new(false),
            filter_state: RefCell::default(),
        })
    }

    pub fn message(&self, way: Way) -> &Message {
        match way {
            Way::Request => &self.request,
            Way::Response => &self.response,
        }
    }

    /// Where the request goes, as it stands.
    pub fn upstream(&self) -> &Upstream {
        let route = self.info.borrow().route;
        let route = route.unwrap_or_else(|| {
            let headers = self.request.headers.borrow();
            self.worker.route(headers.text(Pseudo::Path))
        });
        &self.worker.config().upstreams[route]
    }

    /// Has `command` done as soon as no filter of this exchange runs.
    pub fn command(&self, command: Command) {
        self.commands.borrow_mut().push_back(command);
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    // --- the ends of the chain ------------------------------------------------------------------------------------

    pub fn headers_out(&self, way: Way, end: bool) {
        self.message(way).phase.set(Phase::Sent);
        match way {
            Way::Request => {
                let (writer, body) = pipe();
                *self.to_upstream.borrow_mut() = Some(writer);
                *self.to_send.borrow_mut() = Some(body);
            }
            Way::Response => self.response_out(),
        }
        if end {
            self.end_out(way);
        }
    }

    pub fn data_out(&self, way: Way, bytes: Bytes, end: bool) {
        if way == Way::Response {
            self.info.borrow_mut().sent_bytes += bytes.len() as u64;
        }
        if let Some(writer) = &mut *self.writer(way).borrow_mut() {
            writer.data(bytes);
        }
        if end {
            self.end_out(way);
        }
    }

    pub fn trailers_out(&self, way: Way) {
        let trailers = self.message(way).trailers.borrow().clone();
        if let (Some(writer), Some(trailers)) = (&mut *self.writer(way).borrow_mut(), trailers) {
            writer.trailers(trailers.into_trailers());
        }
        self.end_out(way);
    }

    fn end_out(&self, way: Way) {
        self.message(way).complete.set(true);
        if let Some(writer) = &mut *self.writer(way).borrow_mut() {
            writer.finish();
        }
    }

    pub fn writer(&self, way: Way) -> &RefCell<Option<PipeWriter>> {
        match way {
            Way::Request => &self.to_upstream,
            Way::Response => &self.to_downstream,
        }
    }

    fn response_out(&self) {
        let mut headers = self.response.headers.borrow().clone();
        let protocol = self.info.borrow().protocol;
        forward::response_out(&mut headers, &self.connection, protocol);
        let (writer, body) = pipe();
        *self.to_downstream.borrow_mut() = Some(writer);
        let response = headers.into_response(body).unwrap_or_else(|malformed| {
            // A filter left no status, or one that is none: there is nothing that could be sent.
            let mut response = Response::new(whole(Bytes::new()));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            self.info.borrow_mut().details =
                Cow::Owned(format!("malformed_response{{{malformed}}}"));
            self.reset.set(true);
            response
        });
        let status = response.status();
        self.info.borrow_mut().status = Some(status.as_u16());
        let class = usize::from(status.as_u16() / 100).min(5);
        self.worker.metrics().responses[class].add(1);
        if let Some(answer) = self.answer.borrow_mut().take()
            && answer.send(response).is_err()
        {
            self.downstream_gone();
        }
    }

    pub fn downstream_gone(&self) {
        let mut info = self.info.borrow_mut();
        info.flags.add(Flags::DOWNSTREAM_GONE);
        info.details = Cow::Borrowed("downstream_remote_disconnect");
        self.reset.set(true);
    }
}
