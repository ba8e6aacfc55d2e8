//! Section `buffers`: bodies, data of connections, messages, configurations.

use crate::abi::{BufferType, Status, StreamBuffer};
use crate::effect::Outcome;
use crate::host::ProxyHost;
use crate::state::{Call, State};

/// A buffer that this crate holds. `NotFound` if it is not there in this callback.
fn held<H: ProxyHost>(state: &State<H>, buffer: BufferType) -> Result<&[u8], Status> {
    match buffer {
        BufferType::VmConfiguration => Some(&state.config.vm_configuration[..]),
        BufferType::PluginConfiguration => state
            .configuring
            .as_ref()
            .map(|plugin| &plugin.configuration[..]),
        _ => state.message.buffer(buffer),
    }
    .ok_or(Status::NotFound)
}

/// Bytes in a buffer. `NotFound` if it is not there in this phase, or the effective context has none.
fn length<H: ProxyHost>(state: &mut State<H>, buffer: BufferType) -> Result<usize, Status> {
    let Some(of_stream) = StreamBuffer::from_number(buffer.number()) else {
        return held(state, buffer).map(<[u8]>::len);
    };
    let (host, stream) = state.stream().map_err(|_| Status::NotFound)?;
    host.buffer_len(&mut stream.proxy, of_stream)
}

/// Writes the buffer's bytes to `return_buffer_size`, and 0 to `return_unused`.
pub(crate) fn proxy_get_buffer_status<H: ProxyHost>(
    call: &mut Call<'_, H>,
    buffer_id: u32,
    return_buffer_size: u32,
    return_unused: u32,
) -> Outcome {
    let buffer = BufferType::from_number(buffer_id).ok_or(Status::BadArgument)?;
    call.check(return_buffer_size, 4)?;
    call.check(return_unused, 4)?;
    let bytes = length(call.state(), buffer)?;
    call.write_u32(return_buffer_size, u32::try_from(bytes).unwrap_or(u32::MAX))?;
    call.write_u32(return_unused, 0)
}

/// Hands over up to `max_size` bytes from `start`; nothing, if `start` is at or beyond the end.
pub(crate) fn proxy_get_buffer_bytes<H: ProxyHost>(
    call: &mut Call<'_, H>,
    buffer_id: u32,
    start: u32,
    max_size: u32,
    return_value_data: u32,
    return_value_size: u32,
) -> Outcome {
    let buffer = BufferType::from_number(buffer_id).ok_or(Status::BadArgument)?;
    call.produce(return_value_data, return_value_size, |_, state, into| {
        let bytes = length(state, buffer)?;
        let end = start as usize + max_size as usize;
        let start = (start as usize).min(bytes);
        let length = end.min(bytes).saturating_sub(start);
        if length > state.config.limits.body_bytes_max {
            return Err(Status::InternalFailure.into());
        }
        match StreamBuffer::from_number(buffer.number()) {
            Some(_) if length == 0 => {}
            Some(of_stream) => {
                let (host, stream) = state.stream()?;
                host.buffer(&mut stream.proxy, of_stream, start, length, into)?;
            }
            None => into.extend_from_slice(&held(state, buffer)?[start..start + length]),
        }
        Ok(())
    })
}

/// Puts the value in the place of `size` bytes from `start`, which are cut to what is there: `0, 0` prepends,
/// a `start` at or beyond the end appends. Only a stream's buffers can be changed (`BadArgument`).
pub(crate) fn proxy_set_buffer_bytes<H: ProxyHost>(
    call: &mut Call<'_, H>,
    buffer_id: u32,
    start: u32,
    size: u32,
    value_data: u32,
    value_size: u32,
) -> Outcome {
    let buffer = BufferType::from_number(buffer_id).ok_or(Status::BadArgument)?;
    let (memory, state) = call.parts();
    let value = memory.slice(value_data, value_size)?;
    let bytes = length(state, buffer)?;
    let of_stream = StreamBuffer::from_number(buffer_id).ok_or(Status::BadArgument)?;
    let start = (start as usize).min(bytes);
    let length = (size as usize).min(bytes - start);
    if bytes - length + value.len() > state.config.limits.body_bytes_max {
        return Err(Status::InternalFailure.into());
    }
    let (host, stream) = state.stream()?;
    Ok(host.splice_buffer(&mut stream.proxy, of_stream, start, length, value)?)
}

/// ABI 0.1.0: hands over the plugin's configuration in `proxy_on_configure`, the VM's otherwise.
pub(crate) fn proxy_get_configuration<H: ProxyHost>(
    call: &mut Call<'_, H>,
    return_value_data: u32,
    return_value_size: u32,
) -> Outcome {
    call.produce(return_value_data, return_value_size, |_, state, into| {
        let configuration = match &state.configuring {
            Some(plugin) => &plugin.configuration,
            None => &state.config.vm_configuration,
        };
        into.extend_from_slice(configuration);
        Ok(())
    })
}
