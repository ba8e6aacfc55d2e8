//! Section `http_call`: requests that a filter sends on its own, and what became of them.

use super::headers::check_all;
use crate::abi::Status;
use crate::callout::{Callout, Kind};
use crate::effect::Outcome;
use crate::host::{Header, HttpRequest, ProxyHost};
use crate::pairs;
use crate::state::{Call, State};
use std::time::Duration;

/// Sends a request and writes its number to `return_call_id`, or 0 if it is not sent; `proxy_on_http_call_response`
/// of the root context tells of its end.
///
/// `BadArgument` for an upstream that the proxy does not know, for maps that are not well-formed or could not
/// stand in a message, and if one of `:method`, `:path`, `:authority` is not there; `InternalFailure` if there
/// are too many under way or the proxy cannot send.
pub(crate) fn proxy_http_call<H: ProxyHost>(
    call: &mut Call<'_, H>,
    upstream_name_data: u32,
    upstream_name_size: u32,
    serialized_headers_data: u32,
    serialized_headers_size: u32,
    body_data: u32,
    body_size: u32,
    serialized_trailers_data: u32,
    serialized_trailers_size: u32,
    timeout: u32,
    return_call_id: u32,
) -> Outcome {
    let (mut memory, state) = call.parts();
    memory.slice(return_call_id, 4)?;
    let parts = RequestParts {
        upstream: memory.slice(upstream_name_data, upstream_name_size)?,
        headers: memory.slice(serialized_headers_data, serialized_headers_size)?,
        body: memory.slice(body_data, body_size)?,
        trailers: memory.slice(serialized_trailers_data, serialized_trailers_size)?,
        timeout: Duration::from_millis(u64::from(timeout)),
    };
    let sent = send(state, &parts);
    memory.write_u32(return_call_id, sent.unwrap_or(0))?;
    sent?;
    Ok(())
}

/// A request as the guest has it in its memory.
struct RequestParts<'a> {
    upstream: &'a [u8],
    headers: &'a [u8],
    body: &'a [u8],
    trailers: &'a [u8],
    timeout: Duration,
}

fn send<H: ProxyHost>(state: &mut State<H>, parts: &RequestParts<'_>) -> Result<u32, Status> {
    let headers = pairs::parse(parts.headers, &state.config.limits)?;
    let trailers = pairs::parse(parts.trailers, &state.config.limits)?;
    check_all(&headers)?;
    check_all(&trailers)?;
    for name in [&b":method"[..], b":path", b":authority"] {
        if value_of(&headers, name).is_none_or(<[u8]>::is_empty) {
            return Err(Status::BadArgument);
        }
    }
    if parts.body.len() > state.config.limits.body_bytes_max {
        return Err(Status::InternalFailure);
    }
    let request = HttpRequest {
        upstream: parts.upstream,
        headers: &headers,
        body: parts.body,
        trailers: &trailers,
        timeout: parts.timeout,
    };
    let root = room(state)?;
    let (host, stream) = state.host_and_stream();
    let id = host.http_call(stream, &request)?;
    let token = state.callouts.next_token(Kind::Http);
    let callout = Callout {
        token,
        root,
        kind: Kind::Http,
        grpc: None,
    };
    state.callouts.add(id, callout);
    Ok(token)
}

/// The root context that a new callout belongs to. `BadArgument` while the VM starts, `InternalFailure` if there
/// are too many callouts.
pub(crate) fn room<H: ProxyHost>(state: &State<H>) -> Result<crate::context::ContextId, Status> {
    if state.callouts.len() >= state.config.limits.callouts_max {
        return Err(Status::InternalFailure);
    }
    state.root()
}

/// The first value of a name.
pub(crate) fn value_of<'a>(headers: &'a [Header], name: &[u8]) -> Option<&'a [u8]> {
    let found = headers
        .iter()
        .find(|header| header.0.eq_ignore_ascii_case(name));
    found.map(|(_, value)| &value[..])
}

/// Writes how the callout ended that the running callback tells of to `return_status_code`, and hands its message
/// over: a gRPC status, or `BrokenConnection` and `reset` for a request without a response. 0 and nothing
/// otherwise.
pub(crate) fn proxy_get_status<H: ProxyHost>(
    call: &mut Call<'_, H>,
    return_status_code: u32,
    return_status_message_data: u32,
    return_status_message_size: u32,
) -> Outcome {
    call.check(return_status_code, 4)?;
    call.produce(
        return_status_message_data,
        return_status_message_size,
        |_, state, into| {
            into.extend_from_slice(&state.message.status_message);
            Ok(())
        },
    )?;
    let status = call.state().message.status;
    call.write_u32(return_status_code, status)
}
