//! A filter's part in an exchange: its context in a virtual machine, and the calls into it.
//!
//! The context is made when the request first comes to the filter. One that a request never came to, because another
//! filter answered, gets its context for the log alone, as in Envoy.

use crate::exchange::{Command, Exchange, Way};
use crate::host::{Host, StreamHandle};
use crate::local_reply::LocalReply;
use ahead_proxy_wasm::abi::{DataStatus, HeadersStatus, TrailersStatus};
use ahead_proxy_wasm::{Admission, ContextId, Failed, Plugin, Vm, VmHandle};
use http::StatusCode;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

/// One filter of an exchange.
#[derive(Debug)]
pub struct Attached {
    plugin: Rc<Plugin<Host>>,
    /// Its place in the chain.
    index: usize,
    place: RefCell<Place>,
}

#[derive(Debug)]
enum Place {
    /// Nothing has come to it.
    Unasked,
    In(VmHandle<Host>, ContextId),
    /// It is passed by.
    Skipped,
}

/// What becomes of a request whose filter has failed.
pub fn failure() -> LocalReply {
    let mut reply = LocalReply::new(StatusCode::SERVICE_UNAVAILABLE, "", "wasm_fail_stream");
    reply.grpc_status = Some(14);
    reply
}

impl Attached {
    pub fn new(plugin: Rc<Plugin<Host>>, index: usize) -> Attached {
        let place = RefCell::new(Place::Unasked);
        Attached {
            plugin,
            index,
            place,
        }
    }

    /// Whether messages pass it by.
    pub fn is_detached(&self) -> bool {
        !matches!(*self.place.borrow(), Place::In(..))
    }

    pub fn on_headers(
        &self,
        exchange: &Rc<Exchange>,
        way: Way,
        count: usize,
        end: bool,
    ) -> HeadersStatus {
        if way == Way::Request && !self.enter(exchange) {
            exchange.command(Command::Respond(failure()));
            return HeadersStatus::StopAllIterationAndWatermark;
        }
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let status = self.call(exchange, |vm, id| match way {
            Way::Request => vm.on_request_headers(id, count, end),
            Way::Response => vm.on_response_headers(id, count, end),
        });
        status.unwrap_or(HeadersStatus::Continue)
    }

    pub fn on_data(
        &self,
        exchange: &Rc<Exchange>,
        way: Way,
        length: usize,
        end: bool,
    ) -> DataStatus {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        let status = self.call(exchange, |vm, id| match way {
            Way::Request => vm.on_request_body(id, length, end),
            Way::Response => vm.on_response_body(id, length, end),
        });
        status.unwrap_or(DataStatus::Continue)
    }

    pub fn on_trailers(&self, exchange: &Rc<Exchange>, way: Way, count: usize) -> TrailersStatus {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let status = self.call(exchange, |vm, id| match way {
            Way::Request => vm.on_request_trailers(id, count),
            Way::Response => vm.on_response_trailers(id, count),
        });
        status.unwrap_or(TrailersStatus::Continue)
    }

    pub fn on_log(&self, exchange: &Rc<Exchange>) {
        let unasked = matches!(*self.place.borrow(), Place::Unasked);
        if unasked && !self.enter(exchange) {
            return;
        }
        self.call(exchange, Vm::on_log);
    }

    /// Ends the context: done, then delete.
    pub fn close(&self, exchange: &Rc<Exchange>) {
        let place = self.place.replace(Place::Skipped);
        if let Place::In(vm, id) = place {
            // What the adapter kept is the exchange itself, which goes on without it.
            drop(vm.borrow_mut().close_stream(id));
            exchange.worker.settle(&vm);
        }
    }

    /// Makes the context; `false` if the filter has failed and says that requests fail with it.
    fn enter(&self, exchange: &Rc<Exchange>) -> bool {
        let (vm, root) = match self.plugin.admit(Instant::now()) {
            Admission::Filter(vm, root) => (vm, root),
            Admission::Skip => {
                *self.place.borrow_mut() = Place::Skipped;
                return true;
            }
            Admission::Refuse => {
                *self.place.borrow_mut() = Place::Skipped;
                return false;
            }
        };
        let stream = StreamHandle {
            exchange: exchange.clone(),
            filter: self.index,
        };
        let opened = vm.borrow_mut().open_stream(root, stream);
        exchange.worker.settle(&vm);
        match opened {
            Ok(id) => {
                *self.place.borrow_mut() = Place::In(vm, id);
                true
            }
            Err(_) => {
                *self.place.borrow_mut() = Place::Skipped;
                false
            }
        }
    }

    /// Calls the virtual machine; `None` if the filter is passed by or has just failed, of which the exchange is told.
    fn call<T>(
        &self,
        exchange: &Rc<Exchange>,
        call: impl FnOnce(&mut Vm<Host>, ContextId) -> Result<T, Failed>,
    ) -> Option<T> {
        let (vm, id) = match &*self.place.borrow() {
            Place::In(vm, id) => (vm.clone(), *id),
            _ => return None,
        };
        let answer = call(&mut vm.borrow_mut(), id);
        exchange.worker.settle(&vm);
        answer.ok()
    }
}
