//! Section `grpc`: calls and streams that a filter opens. They are HTTP/2 streams of the proxy; what gRPC puts on
//! top is in `crate::grpc`.

use super::headers::check_all;
use super::http_call::room;
use crate::abi::Status;
use crate::callout::{Callout, Kind};
use crate::effect::{Outcome, Refusal};
use crate::grpc::{GrpcCall, frame};
use crate::host::{CalloutId, Header, HttpRequest, ProxyHost};
use crate::pairs;
use crate::state::{Call, State};
use ahead_runtime::GuestMemory;
use std::time::Duration;

/// Where in the guest the parts of a call are: address and length.
struct Target {
    upstream: (u32, u32),
    service: (u32, u32),
    method: (u32, u32),
    metadata: (u32, u32),
}

/// Opens the HTTP stream of a call. `ParseFailure` for an upstream that the proxy does not know.
fn open<H: ProxyHost>(
    memory: &GuestMemory<'_>,
    state: &mut State<H>,
    target: &Target,
    timeout: Duration,
) -> Result<CalloutId, Refusal> {
    let slice = |(address, bytes)| memory.slice(address, bytes);
    let upstream = upstream_name(slice(target.upstream)?);
    let path = [b"/", slice(target.service)?, b"/", slice(target.method)?].concat();
    let metadata = pairs::parse(slice(target.metadata)?, &state.config.limits)?;
    let fixed = |name: &[u8], value: &[u8]| (name.to_vec(), value.to_vec());
    let mut headers: Vec<Header> = vec![
        fixed(b":method", b"POST"),
        fixed(b":path", &path),
        fixed(b":authority", upstream),
        fixed(b":scheme", b"http"),
        fixed(b"te", b"trailers"),
    ];
    if !timeout.is_zero() {
        let milliseconds = timeout.as_millis();
        // The protocol allows eight digits.
        let value = match milliseconds {
            ..100_000_000 => format!("{milliseconds}m"),
            _ => format!("{}S", milliseconds / 1000),
        };
        headers.push(fixed(b"grpc-timeout", value.as_bytes()));
    }
    headers.push(fixed(b"content-type", b"application/grpc"));
    // The call's own fields are not the guest's to say twice.
    let is_own = |name: &[u8]| name.starts_with(b":") || name.eq_ignore_ascii_case(b"content-type");
    headers.extend(metadata.into_iter().filter(|(name, _)| !is_own(name)));
    check_all(&headers)?;
    let request = HttpRequest {
        upstream,
        headers: &headers,
        body: &[],
        trailers: &[],
        timeout,
    };
    let (host, stream) = state.host_and_stream();
    host.open_http_stream(stream, &request)
        .map_err(|status| match status {
            Status::BadArgument | Status::NotFound => Status::ParseFailure.into(),
            status => status.into(),
        })
}

/// The name of the upstream: itself, or the cluster's name in a serialised `envoy.config.core.v3.GrpcService`
/// that says nothing but `envoy_grpc { cluster_name }`, which SDKs of C++ send.
///
/// ```text
/// 0a <len> (0a <len> name ...)      field 1: envoy_grpc, in it field 1: cluster_name
/// ```
fn upstream_name(upstream: &[u8]) -> &[u8] {
    fn field_1(bytes: &[u8]) -> Option<&[u8]> {
        let (&[tag, len], rest) = bytes.split_first_chunk::<2>()?;
        // One byte is enough for the length of any name that a cluster has.
        (tag == 0x0a && len < 0x80).then(|| rest.get(..usize::from(len)))?
    }
    field_1(upstream)
        .and_then(field_1)
        .filter(|name| !name.is_empty())
        .unwrap_or(upstream)
}

/// Enters a stream that the proxy opened.
fn enter<H: ProxyHost>(
    state: &mut State<H>,
    id: CalloutId,
    kind: Kind,
    closed_here: bool,
) -> Result<u32, Status> {
    let token = state.callouts.next_token(kind);
    let callout = Callout {
        token,
        root: state.root()?,
        kind,
        grpc: Some(GrpcCall::new(closed_here)),
    };
    state.callouts.add(id, callout);
    Ok(token)
}

/// Sends one message and writes the call's number to `return_call_id`. One callback of the root context tells of
/// the end: `proxy_on_grpc_receive` with the response, or `proxy_on_grpc_close` with what went wrong.
///
/// `ParseFailure` for an upstream that the proxy does not know, `BadArgument` for metadata or names that could not
/// stand in a message, `InternalFailure` if there are too many callouts or the proxy cannot send.
pub(crate) fn proxy_grpc_call<H: ProxyHost>(
    call: &mut Call<'_, H>,
    upstream_name_data: u32,
    upstream_name_size: u32,
    service_name_data: u32,
    service_name_size: u32,
    method_name_data: u32,
    method_name_size: u32,
    serialized_initial_metadata_data: u32,
    serialized_initial_metadata_size: u32,
    message_data: u32,
    message_size: u32,
    timeout: u32,
    return_call_id: u32,
) -> Outcome {
    let (mut memory, state) = call.parts();
    memory.slice(return_call_id, 4)?;
    let message = memory.slice(message_data, message_size)?;
    if message.len() > state.config.limits.body_bytes_max {
        return Err(Status::InternalFailure.into());
    }
    room(state)?;
    let target = Target {
        upstream: (upstream_name_data, upstream_name_size),
        service: (service_name_data, service_name_size),
        method: (method_name_data, method_name_size),
        metadata: (
            serialized_initial_metadata_data,
            serialized_initial_metadata_size,
        ),
    };
    let timeout = Duration::from_millis(u64::from(timeout));
    let id = open(&memory, state, &target, timeout)?;
    if let Err(status) = state.host.send_on_http_stream(id, &frame(message), true) {
        state.host.reset_callout(id);
        return Err(status.into());
    }
    let token = enter(state, id, Kind::GrpcCall, true)?;
    memory.write_u32(return_call_id, token)?;
    Ok(())
}

/// Opens a stream and writes its number to `return_stream_id`. Callbacks of the root context tell of metadata,
/// messages and the end. Refused as `proxy_grpc_call` is.
pub(crate) fn proxy_grpc_stream<H: ProxyHost>(
    call: &mut Call<'_, H>,
    upstream_name_data: u32,
    upstream_name_size: u32,
    service_name_data: u32,
    service_name_size: u32,
    method_name_data: u32,
    method_name_size: u32,
    serialized_initial_metadata_data: u32,
    serialized_initial_metadata_size: u32,
    return_stream_id: u32,
) -> Outcome {
    let (mut memory, state) = call.parts();
    memory.slice(return_stream_id, 4)?;
    room(state)?;
    let target = Target {
        upstream: (upstream_name_data, upstream_name_size),
        service: (service_name_data, service_name_size),
        method: (method_name_data, method_name_size),
        metadata: (
            serialized_initial_metadata_data,
            serialized_initial_metadata_size,
        ),
    };
    let id = open(&memory, state, &target, Duration::ZERO)?;
    let token = enter(state, id, Kind::GrpcStream, false)?;
    memory.write_u32(return_stream_id, token)?;
    Ok(())
}

/// Sends a message on a stream; `end_stream` ends the sending side. What is sent on a stream that the other side
/// ended is dropped. `BadArgument` for a number that is no stream's or a side that was ended, `NotFound` for a
/// stream that is gone.
pub(crate) fn proxy_grpc_send<H: ProxyHost>(
    call: &mut Call<'_, H>,
    stream_id: u32,
    message_data: u32,
    message_size: u32,
    end_stream: u32,
) -> Outcome {
    if Kind::of(stream_id) != Some(Kind::GrpcStream) {
        return Err(Status::BadArgument.into());
    }
    let (memory, state) = call.parts();
    let message = memory.slice(message_data, message_size)?;
    if message.len() > state.config.limits.body_bytes_max {
        return Err(Status::InternalFailure.into());
    }
    if state.callouts.is_half_open(stream_id) {
        if end_stream != 0 {
            state.callouts.close_half_open(stream_id);
        }
        return Ok(());
    }
    let (id, grpc) = find(state, stream_id)?;
    if grpc.closed_here {
        return Err(Status::BadArgument.into());
    }
    grpc.closed_here = end_stream != 0;
    Ok(state
        .host
        .send_on_http_stream(id, &frame(message), end_stream != 0)?)
}

fn find<H: ProxyHost>(
    state: &mut State<H>,
    token: u32,
) -> Result<(CalloutId, &mut GrpcCall), Status> {
    let id = state.callouts.by_token(token).ok_or(Status::NotFound)?;
    let callout = state.callouts.get_mut(id).ok_or(Status::NotFound)?;
    let grpc = callout.grpc.as_mut().ok_or(Status::BadArgument)?;
    Ok((id, grpc))
}

/// A number of a call or stream; `BadArgument` for what is none.
fn check_kind(token: u32) -> Result<Kind, Status> {
    match Kind::of(token) {
        Some(kind @ (Kind::GrpcCall | Kind::GrpcStream)) => Ok(kind),
        _ => Err(Status::BadArgument),
    }
}

/// Gives up a call or stream; no callback tells of it any more. `BadArgument` for a number that is neither's,
/// `NotFound` for one that is gone.
pub(crate) fn proxy_grpc_cancel<H: ProxyHost>(
    call: &mut Call<'_, H>,
    call_or_stream_id: u32,
) -> Outcome {
    check_kind(call_or_stream_id)?;
    let state = call.state();
    if state.callouts.close_half_open(call_or_stream_id) {
        return Ok(());
    }
    let (id, _) = find(state, call_or_stream_id)?;
    state.callouts.remove(id);
    state.host.reset_callout(id);
    Ok(())
}

/// Ends a stream's sending side, or gives up a call. Refused as `proxy_grpc_cancel` is.
pub(crate) fn proxy_grpc_close<H: ProxyHost>(
    call: &mut Call<'_, H>,
    call_or_stream_id: u32,
) -> Outcome {
    if check_kind(call_or_stream_id)? == Kind::GrpcCall {
        return proxy_grpc_cancel(call, call_or_stream_id);
    }
    let state = call.state();
    if state.callouts.close_half_open(call_or_stream_id) {
        return Ok(());
    }
    let (id, grpc) = find(state, call_or_stream_id)?;
    if !std::mem::replace(&mut grpc.closed_here, true) {
        state.host.send_on_http_stream(id, &[], true)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upstream_is_a_name_or_a_message_with_one() {
        assert_eq!(upstream_name(b"cluster"), b"cluster");
        assert_eq!(upstream_name(b"\x0a\x05\x0a\x03abc"), b"abc");
        assert_eq!(
            upstream_name(b"\x0a\x05\x0a\x09abc"),
            b"\x0a\x05\x0a\x09abc"
        );
        assert_eq!(upstream_name(b""), b"");
    }
}
