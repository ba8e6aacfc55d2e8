//! Section `stream`: taking a stream onward, ending it, answering it. All of it happens when the guest has
//! returned. A root context has no stream, and asking for these there is asking for nothing.

use super::headers::check_all;
use crate::abi::{Status, StreamType};
use crate::context::ContextId;
use crate::effect::{Effect, LocalResponse, Outcome};
use crate::host::ProxyHost;
use crate::pairs;
use crate::state::{Call, State};

/// Answers the request; the filter's callbacks for this stream stop the message whatever they return. A second
/// answer is dropped.
///
/// `BadArgument` for a status that is none (200 to 599), and for headers that are not well-formed or could not stand
/// in a message; `InternalFailure` for a body that is too long.
/// `grpc_status` -1 is none.
pub(crate) fn proxy_send_local_response<H: ProxyHost>(
    call: &mut Call<'_, H>,
    status_code: u32,
    status_code_details_data: u32,
    status_code_details_size: u32,
    body_data: u32,
    body_size: u32,
    serialized_headers_data: u32,
    serialized_headers_size: u32,
    grpc_status: u32,
) -> Outcome {
    let (memory, state) = call.parts();
    let details = memory.slice(status_code_details_data, status_code_details_size)?;
    let body = memory.slice(body_data, body_size)?;
    let headers = memory.slice(serialized_headers_data, serialized_headers_size)?;
    let limits = &state.config.limits;
    if !(200..600).contains(&status_code) {
        return Err(Status::BadArgument.into());
    }
    if body.len() > limits.body_bytes_max {
        return Err(Status::InternalFailure.into());
    }
    let headers = pairs::parse(headers, limits)?;
    check_all(&headers)?;
    // They end up in the proxy's log.
    let details = &details[..details.len().min(limits.name_bytes_max)];
    let printable = |byte: &u8| if byte.is_ascii_graphic() { *byte } else { b'_' };
    let response = LocalResponse {
        status: status_code as u16,
        details: details.iter().map(printable).collect(),
        headers,
        body: body.to_vec(),
        grpc_status: (grpc_status != u32::MAX).then_some(grpc_status),
    };
    let id = state.effective;
    let Ok((_, stream)) = state.stream() else {
        return Ok(());
    };
    if !std::mem::replace(&mut stream.answered, true) {
        state.push_effect(Effect::Respond {
            stream: id,
            response,
        })?;
    }
    if id == state.current {
        state.stop = true;
    }
    Ok(())
}

/// Resumes what waits. `BadArgument` for an unknown type; `Unimplemented` for data of the upstream, which is never
/// held back.
pub(crate) fn proxy_continue_stream<H: ProxyHost>(
    call: &mut Call<'_, H>,
    stream_type: u32,
) -> Outcome {
    let direction = StreamType::from_number(stream_type).ok_or(Status::BadArgument)?;
    proceed(call, direction)
}

/// ABI 0.1.0: resumes the request.
pub(crate) fn proxy_continue_request<H: ProxyHost>(call: &mut Call<'_, H>) -> Outcome {
    proceed(call, StreamType::HttpRequest)
}

/// ABI 0.1.0: resumes the response.
pub(crate) fn proxy_continue_response<H: ProxyHost>(call: &mut Call<'_, H>) -> Outcome {
    proceed(call, StreamType::HttpResponse)
}

fn proceed<H: ProxyHost>(call: &mut Call<'_, H>, direction: StreamType) -> Outcome {
    if direction == StreamType::Upstream {
        return Err(Status::Unimplemented.into());
    }
    ask(call, |stream| Effect::Continue { stream, direction })
}

/// Notes what is to be done to the effective context, if it is a stream.
fn ask<H: ProxyHost>(call: &mut Call<'_, H>, effect: impl FnOnce(ContextId) -> Effect) -> Outcome {
    let state = call.state();
    let id = state.effective;
    if state.stream().is_err() {
        return Ok(());
    }
    Ok(state.push_effect(effect(id))?)
}

/// Closes or resets. `BadArgument` for an unknown type.
pub(crate) fn proxy_close_stream<H: ProxyHost>(
    call: &mut Call<'_, H>,
    stream_type: u32,
) -> Outcome {
    let direction = StreamType::from_number(stream_type).ok_or(Status::BadArgument)?;
    ask(call, |stream| Effect::Close { stream, direction })
}

/// ABI 0.1.0: forgets which route was chosen. Later versions have a foreign function for it.
pub(crate) fn proxy_clear_route_cache<H: ProxyHost>(call: &mut Call<'_, H>) -> Outcome {
    clear_route(call.state())
}

/// Forgets the effective context's route, if it is a stream.
pub(crate) fn clear_route<H: ProxyHost>(state: &mut State<H>) -> Outcome {
    match state.stream() {
        Ok((host, stream)) => Ok(host.clear_route_cache(&mut stream.proxy)?),
        Err(_) => Ok(()),
    }
}
