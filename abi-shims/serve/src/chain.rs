//! How messages pass the filters: Envoy's filter manager, as far as filters can tell.
//!
//! Requests pass the filters in their order, responses in the reverse one. A filter that stops a message is asked about
//! what follows, or not, as it said; what it holds back goes on when it is continued. All of this is synchronous: what
//! waits for something else is in `driver.rs`.

use crate::exchange::{Command, Exchange, Flow, Phase, Way};
use crate::local_reply::LocalReply;
use ahead_proxy_wasm::abi::{DataStatus, HeadersStatus, TrailersStatus};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use std::borrow::Cow;
use std::rc::Rc;

impl Exchange {
    /// The filter at a place on the way.
    fn filter_at(&self, way: Way, at: usize) -> usize {
        match way {
            Way::Request => at,
            Way::Response => self.filters.len() - 1 - at,
        }
    }

    /// Where a filter is on the way.
    pub fn place_of(&self, way: Way, filter: usize) -> usize {
        self.filter_at(way, filter)
    }

    /// Starts a message whose headers have been put in place.
    pub fn message_in(self: &Rc<Self>, way: Way, end: bool) {
        self.message(way).phase.set(Phase::InFilters);
        self.headers_from(way, 0, end);
    }

    /// More of a message's body has come.
    pub fn data_in(self: &Rc<Self>, way: Way, bytes: Bytes, end: bool) {
        if !self.message(way).abandoned.get() {
            self.data_from(way, 0, bytes, end);
        }
    }

    /// A message ends with trailers, which have been put in place.
    pub fn trailers_in(self: &Rc<Self>, way: Way) {
        if !self.message(way).abandoned.get() {
            self.trailers_from(way, 0);
        }
    }

    /// Whether a filter holds back so much that the other side has to wait.
    pub fn is_over_watermark(&self, way: Way) -> bool {
        let limit = self.worker.config().limits.buffer_bytes_max;
        let steps = self.message(way).steps.borrow();
        steps.iter().any(|step| step.held.len() > limit)
    }

    /// Does what filters asked for, when none of this exchange runs.
    pub fn do_commands(self: &Rc<Self>) {
        loop {
            let command = self.commands.borrow_mut().pop_front();
            match command {
                None => return,
                Some(Command::Continue { filter, way }) => {
                    self.resume(way, self.place_of(way, filter))
                }
                Some(Command::Respond(reply)) => self.respond(reply),
                Some(Command::Reset(details)) => self.abandon(details),
            }
        }
    }

    /// Does what ends a message at once. Whatever continues waits until the answer of the filter is known.
    fn do_urgent_commands(self: &Rc<Self>) {
        loop {
            let mut commands = self.commands.borrow_mut();
            let urgent = |command: &Command| !matches!(command, Command::Continue { .. });
            let Some(at) = commands.iter().position(urgent) else {
                return;
            };
            let command = commands.remove(at);
            drop(commands);
            match command {
                Some(Command::Respond(reply)) => self.respond(reply),
                Some(Command::Reset(details)) => self.abandon(details),
                _ => return,
            }
        }
    }

    fn headers_from(self: &Rc<Self>, way: Way, from: usize, mut end: bool) {
        let message = self.message(way);
        for at in from..self.filters.len() {
            if end {
                message.steps.borrow_mut()[at].ended = true;
            }
            let filter = self.filter_at(way, at);
            let count = message.headers.borrow().len();
            let status = self.filters[filter].on_headers(self, way, count, end);
            self.do_urgent_commands();
            if message.abandoned.get() || self.reset.get() {
                return;
            }
            let mut steps = message.steps.borrow_mut();
            let step = &mut steps[at];
            match status {
                HeadersStatus::Continue => step.pass_headers(end),
                // By its name it would end the message; in Envoy, which we follow, it does the opposite.
                HeadersStatus::ContinueAndEndStream => {
                    step.pass_headers(false);
                    end = false;
                }
                HeadersStatus::StopIteration => {
                    step.flow = Flow::Stopped;
                    return;
                }
                HeadersStatus::StopAllIterationAndBuffer => {
                    step.flow = Flow::StoppedAll;
                    step.watermark = false;
                    return;
                }
                HeadersStatus::StopAllIterationAndWatermark => {
                    step.flow = Flow::StoppedAll;
                    step.watermark = true;
                    return;
                }
            }
        }
        self.headers_out(way, end);
    }

    fn data_from(self: &Rc<Self>, way: Way, from: usize, mut bytes: Bytes, mut end: bool) {
        let message = self.message(way);
        for at in from..self.filters.len() {
            let piece = {
                let mut steps = message.steps.borrow_mut();
                let step = &mut steps[at];
                step.ended |= end;
                if step.flow == Flow::StoppedAll {
                    step.held.extend_from_slice(&bytes);
                    drop(steps);
                    self.check_held(way, at);
                    return;
                }
                if step.gathering {
                    let mut held = std::mem::take(&mut step.held);
                    held.extend_from_slice(&bytes);
                    held
                } else {
                    bytes
                        .try_into_mut()
                        .unwrap_or_else(|bytes| BytesMut::from(&bytes[..]))
                }
            };
            if self.filters[self.filter_at(way, at)].is_detached() {
                bytes = piece.freeze();
                if self.pass_data(way, at, &mut bytes, end) {
                    continue;
                }
                return;
            }
            if self.is_gathering(way, at) && self.refuse_if_too_large(way, piece.len()) {
                return;
            }
            let length = piece.len();
            *message.piece.borrow_mut() = Some(piece);
            let status = self.filters[self.filter_at(way, at)].on_data(self, way, length, end);
            let piece = message.piece.borrow_mut().take().unwrap_or_default();
            self.do_urgent_commands();
            if message.abandoned.get() || self.reset.get() {
                return;
            }
            let trailers = end && self.trailers_added(way, at);
            end &= !trailers;
            match status {
                DataStatus::Continue if trailers => {
                    bytes = piece.freeze();
                    if self.pass_data(way, at, &mut bytes, false) {
                        self.data_from(way, at + 1, bytes, false);
                        if !message.abandoned.get() && !self.reset.get() {
                            message.steps.borrow_mut()[at].end_passed = true;
                            self.trailers_from(way, at + 1);
                        }
                    }
                    return;
                }
                DataStatus::Continue => {
                    bytes = piece.freeze();
                    if !self.pass_data(way, at, &mut bytes, end) {
                        return;
                    }
                }
                DataStatus::StopIterationNoBuffer => {
                    let mut steps = message.steps.borrow_mut();
                    steps[at].flow = Flow::Stopped;
                    steps[at].gathering = false;
                    return;
                }
                status => {
                    {
                        let mut steps = message.steps.borrow_mut();
                        let step = &mut steps[at];
                        step.flow = Flow::Stopped;
                        step.gathering = status == DataStatus::StopIterationAndBuffer;
                        step.watermark = !step.gathering;
                        if step.held.is_empty() {
                            step.held = piece;
                        } else {
                            step.held.extend_from_slice(&piece);
                        }
                    }
                    self.check_held(way, at);
                    return;
                }
            }
        }
        self.data_out(way, bytes, end);
    }

    /// Whether a filter, asked about the end of a body, lets trailers follow that were not there.
    fn trailers_added(&self, way: Way, at: usize) -> bool {
        let message = self.message(way);
        let mut steps = message.steps.borrow_mut();
        let added = message.trailers.borrow().is_some() && !steps[at].trailers_here;
        steps[at].trailers_here |= added;
        added
    }

    fn is_gathering(&self, way: Way, at: usize) -> bool {
        self.message(way).steps.borrow()[at].gathering
    }

    /// Lets data pass that a filter is content with. If the message was stopped there, all of it is resumed, and
    /// `false` says that nothing is left to do; else `bytes` is what goes to the next filter.
    fn pass_data(self: &Rc<Self>, way: Way, at: usize, bytes: &mut Bytes, end: bool) -> bool {
        let mut steps = self.message(way).steps.borrow_mut();
        let step = &mut steps[at];
        if step.flow == Flow::Open {
            step.end_passed |= end;
            return true;
        }
        step.held.extend_from_slice(bytes);
        drop(steps);
        self.resume(way, at);
        false
    }

    fn trailers_from(self: &Rc<Self>, way: Way, from: usize) {
        let message = self.message(way);
        for at in from..self.filters.len() {
            {
                let mut steps = message.steps.borrow_mut();
                let step = &mut steps[at];
                step.trailers_here = true;
                step.ended = true;
                if step.flow == Flow::StoppedAll {
                    return;
                }
            }
            let count = message
                .trailers
                .borrow()
                .as_ref()
                .map_or(0, |trailers| trailers.len());
            let status = self.filters[self.filter_at(way, at)].on_trailers(self, way, count);
            self.do_urgent_commands();
            if message.abandoned.get() || self.reset.get() {
                return;
            }
            let mut steps = message.steps.borrow_mut();
            let step = &mut steps[at];
            match (status, step.flow) {
                (TrailersStatus::Continue, Flow::Open) => step.end_passed = true,
                (TrailersStatus::Continue, _) => {
                    drop(steps);
                    self.resume(way, at);
                    return;
                }
                (TrailersStatus::StopIteration, _) => {
                    step.flow = Flow::Stopped;
                    return;
                }
            }
        }
        self.trailers_out(way);
    }

    /// Lets what a filter has stopped go on: headers, what is held, the end.
    fn resume(self: &Rc<Self>, way: Way, at: usize) {
        let message = self.message(way);
        if message.abandoned.get() || self.reset.get() || message.phase.get() == Phase::NotHere {
            return;
        }
        let (next, with_headers, only_headers) = {
            let mut steps = message.steps.borrow_mut();
            let step = &mut steps[at];
            // A filter that stopped everything has not seen what was held.
            let next = match step.flow {
                Flow::Open => return,
                Flow::Stopped => at + 1,
                Flow::StoppedAll => at,
            };
            step.flow = Flow::Open;
            step.gathering = false;
            let with_headers = !step.headers_passed;
            let only_headers = step.ended && step.held.is_empty() && !step.trailers_here;
            if with_headers {
                step.pass_headers(only_headers);
            }
            (next, with_headers, only_headers)
        };
        if with_headers {
            self.headers_from(way, at + 1, only_headers);
            if only_headers || message.abandoned.get() || self.reset.get() {
                return;
            }
        }
        let (held, end, trailers) = {
            let mut steps = message.steps.borrow_mut();
            let step = &mut steps[at];
            let end = step.ended && !step.trailers_here && !step.end_passed;
            if next > at {
                step.end_passed |= end;
            }
            (
                std::mem::take(&mut step.held).freeze(),
                end,
                step.trailers_here && !step.end_passed,
            )
        };
        if !held.is_empty() || end {
            self.data_from(way, next, held, end);
        }
        if trailers && !message.abandoned.get() && !self.reset.get() {
            if next > at {
                message.steps.borrow_mut()[at].end_passed = true;
            }
            self.trailers_from(way, next);
        }
    }

    fn check_held(self: &Rc<Self>, way: Way, at: usize) {
        let (length, watermark) = {
            let steps = self.message(way).steps.borrow();
            (steps[at].held.len(), steps[at].watermark)
        };
        if !watermark {
            self.refuse_if_too_large(way, length);
        }
    }

    fn refuse_if_too_large(self: &Rc<Self>, way: Way, length: usize) -> bool {
        if length <= self.worker.config().limits.buffer_bytes_max {
            return false;
        }
        self.respond(match way {
            Way::Request => LocalReply::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "Payload Too Large",
                "request_payload_too_large",
            ),
            Way::Response => LocalReply::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Internal Server Error",
                "response_payload_too_large",
            ),
        });
        true
    }

    /// Answers in the upstream's place. Before there is a response, the answer passes the filters as one; while
    /// filters have the response's headers, it takes their place; later the exchange can only be given up.
    pub fn respond(self: &Rc<Self>, reply: LocalReply) {
        if self.reset.get() {
            return;
        }
        self.request.abandoned.set(true);
        self.answered_here.set(true);
        *self.to_send.borrow_mut() = None;
        *self.to_upstream.borrow_mut() = None;
        let phase = self.response.phase.get();
        if phase == Phase::Sent {
            self.abandon(reply.details);
            return;
        }
        self.info.borrow_mut().details = reply.details.clone();
        let (headers, body) = reply.response(&self.request.headers.borrow());
        *self.response.headers.borrow_mut() = headers;
        *self.response.trailers.borrow_mut() = None;
        let end = body.is_empty();
        if phase == Phase::NotHere {
            self.message_in(Way::Response, end);
            if !end {
                self.data_in(Way::Response, body, true);
            }
        } else {
            self.response.abandoned.set(true);
            self.headers_out(Way::Response, end);
            if !end {
                self.data_out(Way::Response, body, true);
            }
        }
    }

    /// Gives both sides up.
    pub fn abandon(&self, details: Cow<'static, str>) {
        if !self.reset.replace(true) {
            self.info.borrow_mut().details = details;
        }
        self.request.abandoned.set(true);
        self.response.abandoned.set(true);
        *self.to_upstream.borrow_mut() = None;
        if let Some(writer) = &mut *self.to_downstream.borrow_mut() {
            writer.abort();
        }
        // Without an answer hyper closes the connection, or resets the stream.
        self.answer.borrow_mut().take();
    }
}

impl crate::exchange::Step {
    fn pass_headers(&mut self, end: bool) {
        self.headers_passed = true;
        self.end_passed |= end;
    }
}
