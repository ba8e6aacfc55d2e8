//! Section `foreign`: functions by name. These are the ones that need no proxy; others are the adapter's.
//!
//! | name | argument | result |
//! |---|---|---|
//! | `compress` | bytes | the same in zlib's format |
//! | `uncompress` | what `compress` made | bytes |
//! | `clear_route_cache` | nothing | nothing |
//! | `declare_property` | a serialised `DeclarePropertyArguments` | nothing |

use super::properties::Declaration;
use super::stream::clear_route;
use crate::abi::Status;
use crate::effect::{Outcome, Refusal};
use crate::host::ProxyHost;
use crate::state::{Call, State};
use flate2::read::{ZlibDecoder, ZlibEncoder};
use std::io::Read;

/// Calls a function. Its result is handed over unless both addresses are 0. `NotFound` if there is no such
/// function.
pub(crate) fn proxy_call_foreign_function<H: ProxyHost>(
    call: &mut Call<'_, H>,
    name_data: u32,
    name_size: u32,
    arguments_data: u32,
    arguments_size: u32,
    return_results_data: u32,
    return_results_size: u32,
) -> Outcome {
    let wants_result = return_results_data != 0 || return_results_size != 0;
    if !wants_result {
        let (memory, state) = call.parts();
        let name = memory.slice(name_data, name_size)?;
        let argument = memory.slice(arguments_data, arguments_size)?;
        return run(state, name, argument, &mut Vec::new());
    }
    call.produce(
        return_results_data,
        return_results_size,
        |memory, state, into| {
            let name = memory.slice(name_data, name_size)?;
            let argument = memory.slice(arguments_data, arguments_size)?;
            run(state, name, argument, into)
        },
    )
}

fn run<H: ProxyHost>(
    state: &mut State<H>,
    name: &[u8],
    argument: &[u8],
    into: &mut Vec<u8>,
) -> Result<(), Refusal> {
    let bytes_max = state.config.limits.body_bytes_max;
    match name {
        b"compress" => bounded(
            ZlibEncoder::new(argument, flate2::Compression::default()),
            bytes_max,
            into,
        ),
        b"uncompress" => bounded(ZlibDecoder::new(argument), bytes_max, into),
        b"clear_route_cache" => clear_route(state),
        b"declare_property" => declare_property(state, argument),
        _ => {
            let (host, stream) = state.host_and_stream();
            Ok(host.foreign_function(stream, name, argument, into)?)
        }
    }
}

/// Reads all there is. `SerializationFailure` for what is no such format, `InternalFailure` beyond `bytes_max`.
fn bounded(reader: impl Read, bytes_max: usize, into: &mut Vec<u8>) -> Result<(), Refusal> {
    let read = reader.take(bytes_max as u64 + 1).read_to_end(into);
    match read {
        Ok(bytes) if bytes <= bytes_max => Ok(()),
        Ok(_) => Err(Status::InternalFailure.into()),
        Err(_) => Err(Status::SerializationFailure.into()),
    }
}

/// Declares a property that the filter sets itself, and tells the proxy's adapter, which may keep its type.
///
/// ```text
/// 1 name: string | 2 readonly: bool | 3 type: enum | 4 schema: bytes | 5 span: enum      (protobuf)
/// ```
/// `BadArgument` for what is no such message or has no name, or a name that was declared; `InternalFailure` if
/// there are too many.
fn declare_property<H: ProxyHost>(state: &mut State<H>, argument: &[u8]) -> Result<(), Refusal> {
    let (name, declaration) = parse_declaration(argument).ok_or(Status::BadArgument)?;
    let limits = &state.config.limits;
    if state.properties.contains_key(name) {
        return Err(Status::BadArgument.into());
    }
    if name.len() > limits.name_bytes_max || state.properties.len() >= limits.pairs_max {
        return Err(Status::InternalFailure.into());
    }
    state.properties.insert(name.to_vec(), declaration);
    let (host, stream) = state.host_and_stream();
    match host.foreign_function(stream, b"declare_property", argument, &mut Vec::new()) {
        Ok(()) | Err(Status::NotFound) => Ok(()),
        Err(status) => Err(status.into()),
    }
}

fn parse_declaration(message: &[u8]) -> Option<(&[u8], Declaration)> {
    let mut rest = message;
    let (mut name, mut declaration) = (None, Declaration::default());
    while !rest.is_empty() {
        let tag = varint(&mut rest)?;
        let value = match tag & 7 {
            0 => (varint(&mut rest)?, &[][..]),
            2 => {
                let bytes = usize::try_from(varint(&mut rest)?).ok()?;
                let (value, behind) = rest.split_at_checked(bytes)?;
                rest = behind;
                (0, value)
            }
            _ => return None,
        };
        match tag {
            0x0a => name = Some(value.1),
            0x10 => declaration.read_only = value.0 != 0,
            _ => {}
        }
    }
    name.filter(|name| !name.is_empty())
        .map(|name| (name, declaration))
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, behind) = rest.split_first()?;
        *rest = behind;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_is_read() {
        let message = b"\x0a\x03abc\x10\x01\x18\x02\x22\x01x\x28\x00";
        let (name, declaration) = parse_declaration(message).unwrap();
        assert_eq!((name, declaration.read_only), (&b"abc"[..], true));
        for end in 0..message.len() {
            // No prefix is taken for more than it says.
            let _ = parse_declaration(&message[..end]);
        }
        assert!(parse_declaration(b"").is_none());
        assert!(parse_declaration(b"\x0a\x00").is_none());
        assert!(parse_declaration(b"\x0a\x05abc").is_none());
        assert!(parse_declaration(&[0xff; 20]).is_none());
    }

    #[test]
    fn compression_is_undone_and_bounded() {
        let text = vec![b'a'; 10_000];
        let mut small = Vec::new();
        let encoder = ZlibEncoder::new(&text[..], flate2::Compression::default());
        bounded(encoder, 1000, &mut small).unwrap();
        let decode = |bytes_max| {
            let mut out = Vec::new();
            bounded(ZlibDecoder::new(&small[..]), bytes_max, &mut out).map(|()| out)
        };
        assert_eq!(decode(10_000).unwrap(), text);
        assert!(matches!(
            decode(9_999),
            Err(Refusal::Status(Status::InternalFailure))
        ));
        assert!(bounded(ZlibDecoder::new(&b"nonsense"[..]), 10, &mut Vec::new()).is_err());
    }
}
