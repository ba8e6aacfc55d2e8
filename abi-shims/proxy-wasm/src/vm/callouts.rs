//! The events of requests and gRPC calls that filters have under way. An event of one that is gone is nothing.

use super::Vm;
use crate::abi::Status;
use crate::callout::{Callout, HttpResponse, Kind};
use crate::context::ContextId;
use crate::error::Failed;
use crate::grpc::{self, code};
use crate::host::{CalloutId, Header, ProxyHost};
use crate::hostcalls::http_call::value_of;
use crate::state::Message;
use ahead_runtime::TypedFunc;

fn count<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

impl<H: ProxyHost> Vm<H> {
    /// Whether a callout is still waited for.
    pub fn expects(&self, id: CalloutId) -> bool {
        self.store.data().callouts.contains(id)
    }

    /// A request ended: with a response, or without, when it could not be sent, was reset or took too long.
    /// `proxy_on_http_call_response`.
    pub fn on_http_response(
        &mut self,
        id: CalloutId,
        response: Option<HttpResponse>,
    ) -> Result<(), Failed> {
        let Some(callout) = self.store.data_mut().callouts.remove(id) else {
            return Ok(());
        };
        let (message, counts) = match response {
            Some(response) => {
                let counts = (
                    count(&response.headers),
                    count(&response.body),
                    count(&response.trailers),
                );
                let message = Message {
                    http_headers: Some(response.headers),
                    http_body: Some(response.body),
                    http_trailers: Some(response.trailers),
                    ..Message::default()
                };
                (message, counts)
            }
            None => {
                let message = Message {
                    status: Status::BrokenConnection.number(),
                    status_message: b"reset".to_vec(),
                    ..Message::default()
                };
                (message, (0, 0, 0))
            }
        };
        let root = callout.root;
        self.store.data_mut().message = message;
        let params = (root.0, callout.token, counts.0, counts.1, counts.2);
        let callback = self.callbacks.proxy_on_http_call_response;
        let called = self.call(root, "proxy_on_http_call_response", callback, params);
        self.store.data_mut().message = Message::default();
        called.map(drop)
    }

    /// The headers of the answer on an HTTP stream; `end` if it has nothing else.
    pub fn on_http_stream_headers(
        &mut self,
        id: CalloutId,
        headers: Vec<Header>,
        end: bool,
    ) -> Result<(), Failed> {
        let Some((root, token, kind)) = self.grpc(id) else {
            return Ok(());
        };
        let ok = value_of(&headers, b":status").is_none_or(|status| status == b"200");
        if !ok && value_of(&headers, b"grpc-status").is_none() {
            let (status, message) = grpc::status(&headers, &[]);
            return self.break_off(id, status, message);
        }
        if kind == Kind::GrpcStream && !end {
            let message = Message {
                initial_metadata: Some(headers.clone()),
                ..Message::default()
            };
            let callback = self.callbacks.proxy_on_grpc_receive_initial_metadata;
            let name = "proxy_on_grpc_receive_initial_metadata";
            self.tell(root, name, callback, token, count(&headers), message)?;
        }
        if let Some(grpc) = self.store.data_mut().callouts.grpc_mut(id) {
            grpc.headers = headers;
        }
        match end {
            true => self.end_grpc(id, &[]),
            false => Ok(()),
        }
    }

    /// Bytes of the answer on an HTTP stream.
    pub fn on_http_stream_data(
        &mut self,
        id: CalloutId,
        bytes: &[u8],
        end: bool,
    ) -> Result<(), Failed> {
        let Some((root, token, kind)) = self.grpc(id) else {
            return Ok(());
        };
        let state = self.store.data_mut();
        let bytes_max = state.config.limits.body_bytes_max;
        let Some(grpc) = state.callouts.grpc_mut(id) else {
            return Ok(());
        };
        let messages = match grpc.receive(bytes, bytes_max) {
            Ok(messages) => messages,
            Err(error) => {
                let (status, message) = error.status();
                return self.break_off(id, status, message.into());
            }
        };
        for message in messages {
            // The filter may give the stream up in between.
            let Some(grpc) = self.store.data_mut().callouts.grpc_mut(id) else {
                return Ok(());
            };
            match kind {
                Kind::GrpcCall => grpc.response = Some(message),
                _ => self.receive(root, token, message)?,
            }
        }
        match end {
            true => self.end_grpc(id, &[]),
            false => Ok(()),
        }
    }

    /// The trailers of the answer on an HTTP stream, which end it.
    pub fn on_http_stream_trailers(
        &mut self,
        id: CalloutId,
        trailers: Vec<Header>,
    ) -> Result<(), Failed> {
        let Some((root, token, kind)) = self.grpc(id) else {
            return Ok(());
        };
        if kind == Kind::GrpcStream {
            let message = Message {
                trailing_metadata: Some(trailers.clone()),
                ..Message::default()
            };
            let callback = self.callbacks.proxy_on_grpc_receive_trailing_metadata;
            let name = "proxy_on_grpc_receive_trailing_metadata";
            self.tell(root, name, callback, token, count(&trailers), message)?;
        }
        self.end_grpc(id, &trailers)
    }

    /// An HTTP stream ended on both sides. Nothing if its end was told already.
    pub fn on_http_stream_end(&mut self, id: CalloutId) -> Result<(), Failed> {
        self.end_grpc(id, &[])
    }

    /// An HTTP stream was reset, could not be opened, or took too long.
    pub fn on_http_stream_reset(&mut self, id: CalloutId) -> Result<(), Failed> {
        let Some(callout) = self.store.data_mut().callouts.remove(id) else {
            return Ok(());
        };
        self.close(&callout, code::UNAVAILABLE, b"reset".to_vec())
    }

    /// Root, guest's number and kind of a gRPC callout.
    fn grpc(&self, id: CalloutId) -> Option<(ContextId, u32, Kind)> {
        let callout = self.store.data().callouts.get(id)?;
        callout.grpc.as_ref()?;
        Some((callout.root, callout.token, callout.kind))
    }

    /// Calls one of the gRPC callbacks, which are all alike.
    fn tell(
        &mut self,
        root: ContextId,
        name: &'static str,
        callback: Option<TypedFunc<(u32, u32, u32), ()>>,
        token: u32,
        number: u32,
        message: Message,
    ) -> Result<(), Failed> {
        self.store.data_mut().message = message;
        let called = self.call(root, name, callback, (root.0, token, number));
        self.store.data_mut().message = Message::default();
        called.map(drop)
    }

    fn receive(&mut self, root: ContextId, token: u32, message: Vec<u8>) -> Result<(), Failed> {
        let bytes = count(&message);
        let message = Message {
            grpc_message: Some(message),
            ..Message::default()
        };
        let callback = self.callbacks.proxy_on_grpc_receive;
        let name = "proxy_on_grpc_receive";
        self.tell(root, name, callback, token, bytes, message)
    }

    fn close(&mut self, callout: &Callout, status: u32, text: Vec<u8>) -> Result<(), Failed> {
        let message = Message {
            status,
            status_message: text,
            ..Message::default()
        };
        let callback = self.callbacks.proxy_on_grpc_close;
        let (root, token) = (callout.root, callout.token);
        self.tell(
            root,
            "proxy_on_grpc_close",
            callback,
            token,
            status,
            message,
        )
    }

    /// Ends a call or stream that this side finds fault with.
    fn break_off(&mut self, id: CalloutId, status: u32, text: Vec<u8>) -> Result<(), Failed> {
        let state = self.store.data_mut();
        let Some(callout) = state.callouts.remove(id) else {
            return Ok(());
        };
        state.host.reset_callout(id);
        self.close(&callout, status, text)
    }

    /// The other side has said all it has to say.
    fn end_grpc(&mut self, id: CalloutId, trailers: &[Header]) -> Result<(), Failed> {
        let state = self.store.data_mut();
        let Some(mut callout) = state.callouts.remove(id) else {
            return Ok(());
        };
        let Some(grpc) = callout.grpc.take() else {
            // A plain request ends with its response.
            state.callouts.add(id, callout);
            return Ok(());
        };
        let (status, text) = grpc::status(&grpc.headers, trailers);
        if callout.kind == Kind::GrpcStream && !grpc.closed_here {
            // Nobody listens any more; but the filter may close its side yet, and is not wrong to.
            state.host.reset_callout(id);
            let most = state.config.limits.callouts_max;
            state.callouts.keep_open(callout.token, most);
        }
        match (callout.kind, grpc.response) {
            (Kind::GrpcCall, Some(response)) if status == code::OK => {
                self.receive(callout.root, callout.token, response)
            }
            (Kind::GrpcCall, None) if status == code::OK => {
                let text = b"the response has no message".to_vec();
                self.close(&callout, code::INTERNAL, text)
            }
            _ => self.close(&callout, status, text),
        }
    }
}
