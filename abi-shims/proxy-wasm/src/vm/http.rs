//! The events of an HTTP stream.
//!
//! A filter without the callback lets everything pass. A number that no answer has stops the message, and so does
//! every answer to a callback in which the filter responded by itself.

use super::Vm;
use crate::abi::{DataStatus, HeadersStatus, TrailersStatus};
use crate::callbacks::HeadersCallback;
use crate::context::ContextId;
use crate::error::Failed;
use crate::host::ProxyHost;

impl<H: ProxyHost> Vm<H> {
    /// `proxy_on_request_headers`, with the number of headers.
    pub fn on_request_headers(
        &mut self,
        id: ContextId,
        count: u32,
        end_of_stream: bool,
    ) -> Result<HeadersStatus, Failed> {
        let callback = self.callbacks.proxy_on_request_headers;
        self.headers(
            id,
            "proxy_on_request_headers",
            callback,
            count,
            end_of_stream,
        )
    }

    /// `proxy_on_response_headers`, with the number of headers.
    pub fn on_response_headers(
        &mut self,
        id: ContextId,
        count: u32,
        end_of_stream: bool,
    ) -> Result<HeadersStatus, Failed> {
        let callback = self.callbacks.proxy_on_response_headers;
        self.headers(
            id,
            "proxy_on_response_headers",
            callback,
            count,
            end_of_stream,
        )
    }

    fn headers(
        &mut self,
        id: ContextId,
        name: &'static str,
        callback: HeadersCallback,
        count: u32,
        end_of_stream: bool,
    ) -> Result<HeadersStatus, Failed> {
        let answer = match callback {
            HeadersCallback::Absent => self.call::<(), u32>(id, name, None, ()),
            HeadersCallback::Count(func) => self.call(id, name, Some(func), (id.0, count)),
            HeadersCallback::CountAndEnd(func) => {
                let params = (id.0, count, u32::from(end_of_stream));
                self.call(id, name, Some(func), params)
            }
        }?;
        let Some(answer) = answer else {
            return Ok(HeadersStatus::Continue);
        };
        let stopped = HeadersStatus::StopAllIterationAndWatermark;
        if self.store.data().stop {
            return Ok(stopped);
        }
        Ok(match HeadersStatus::from_number(answer) {
            Some(HeadersStatus::StopIteration) if !self.may_stop_headers_alone(id) => stopped,
            Some(status) => status,
            None => stopped,
        })
    }

    fn may_stop_headers_alone(&self, id: ContextId) -> bool {
        let contexts = &self.store.data().contexts;
        let root = contexts.root_of(id).and_then(|root| contexts.root(root));
        root.is_some_and(|root| root.plugin.allow_on_headers_stop_iteration)
    }

    /// `proxy_on_request_body`, with the bytes that can be read.
    pub fn on_request_body(
        &mut self,
        id: ContextId,
        bytes: u32,
        end_of_stream: bool,
    ) -> Result<DataStatus, Failed> {
        let params = (id.0, bytes, u32::from(end_of_stream));
        let callback = self.callbacks.proxy_on_request_body;
        let answer = self.call(id, "proxy_on_request_body", callback, params)?;
        Ok(self.data_status(answer))
    }

    /// `proxy_on_response_body`, with the bytes that can be read.
    pub fn on_response_body(
        &mut self,
        id: ContextId,
        bytes: u32,
        end_of_stream: bool,
    ) -> Result<DataStatus, Failed> {
        let params = (id.0, bytes, u32::from(end_of_stream));
        let callback = self.callbacks.proxy_on_response_body;
        let answer = self.call(id, "proxy_on_response_body", callback, params)?;
        Ok(self.data_status(answer))
    }

    fn data_status(&self, answer: Option<u32>) -> DataStatus {
        let Some(answer) = answer else {
            return DataStatus::Continue;
        };
        match DataStatus::from_number(answer) {
            Some(status) if !self.store.data().stop => status,
            _ => DataStatus::StopIterationNoBuffer,
        }
    }

    /// `proxy_on_request_trailers`, with the number of trailers.
    pub fn on_request_trailers(
        &mut self,
        id: ContextId,
        count: u32,
    ) -> Result<TrailersStatus, Failed> {
        let callback = self.callbacks.proxy_on_request_trailers;
        let answer = self.call(id, "proxy_on_request_trailers", callback, (id.0, count))?;
        Ok(self.trailers_status(answer))
    }

    /// `proxy_on_response_trailers`, with the number of trailers.
    pub fn on_response_trailers(
        &mut self,
        id: ContextId,
        count: u32,
    ) -> Result<TrailersStatus, Failed> {
        let callback = self.callbacks.proxy_on_response_trailers;
        let answer = self.call(id, "proxy_on_response_trailers", callback, (id.0, count))?;
        Ok(self.trailers_status(answer))
    }

    pub(super) fn trailers_status(&self, answer: Option<u32>) -> TrailersStatus {
        match answer {
            None => TrailersStatus::Continue,
            Some(0) if !self.store.data().stop => TrailersStatus::Continue,
            Some(_) => TrailersStatus::StopIteration,
        }
    }

    /// `proxy_on_request_metadata`: an HTTP/2 METADATA frame. The answer is of no consequence.
    pub fn on_request_metadata(&mut self, id: ContextId, elements: u32) -> Result<(), Failed> {
        let callback = self.callbacks.proxy_on_request_metadata;
        self.call(id, "proxy_on_request_metadata", callback, (id.0, elements))?;
        Ok(())
    }

    /// `proxy_on_response_metadata`: an HTTP/2 METADATA frame. The answer is of no consequence.
    pub fn on_response_metadata(&mut self, id: ContextId, elements: u32) -> Result<(), Failed> {
        let callback = self.callbacks.proxy_on_response_metadata;
        self.call(id, "proxy_on_response_metadata", callback, (id.0, elements))?;
        Ok(())
    }
}
