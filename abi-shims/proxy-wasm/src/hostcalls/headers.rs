//! Section `headers`: the header maps, of streams and of the messages that callbacks bring.
//!
//! A stream's maps are the proxy's; a message's maps can only be read. What a guest puts into a map is checked
//! here, because a line break in it would forge the proxy's own output.

use crate::abi::{AbiVersion, MapType, Status, StreamMap};
use crate::effect::Outcome;
use crate::host::{Header, ProxyHost};
use crate::pairs;
use crate::state::Call;

/// Whose a map is.
enum Owner {
    Stream(StreamMap),
    Message(MapType),
}

/// `BadArgument` for a number that is no map.
#[inline]
fn owner(map_id: u32) -> Result<Owner, Status> {
    let map = MapType::from_number(map_id).ok_or(Status::BadArgument)?;
    Ok(match StreamMap::from_number(map_id) {
        Some(map) => Owner::Stream(map),
        None => Owner::Message(map),
    })
}

/// A map that can be changed: a stream's.
#[inline]
fn mutable(map_id: u32) -> Result<StreamMap, Status> {
    match owner(map_id)? {
        Owner::Stream(map) => Ok(map),
        Owner::Message(_) => Err(Status::BadArgument),
    }
}

/// Writes the bytes of all names and values together to `return_serialized_pairs_size`. `BadArgument` if the map is
/// not there in this phase.
pub(crate) fn proxy_get_header_map_size<H: ProxyHost>(
    call: &mut Call<'_, H>,
    map_id: u32,
    return_serialized_pairs_size: u32,
) -> Outcome {
    let owner = owner(map_id)?;
    call.check(return_serialized_pairs_size, 4)?;
    let mut bytes = 0;
    let mut count = |name: &[u8], value: &[u8]| bytes += name.len() + value.len();
    let state = call.state();
    match owner {
        Owner::Stream(map) => {
            let mut value = std::mem::take(&mut state.scratch);
            let (host, stream) = state.stream()?;
            // Whether the map is there is said of a single header only.
            host.header(&mut stream.proxy, map, b":", &mut value)?;
            host.headers(&mut stream.proxy, map, &mut count)?;
            state.scratch = value;
        }
        Owner::Message(map) => {
            for (name, value) in state.message.map(map).ok_or(Status::BadArgument)? {
                count(name, value);
            }
        }
    }
    call.write_u32(return_serialized_pairs_size, bytes as u32)
}

/// Hands over all names and values, serialised (see `pairs.rs`). A map that is empty or not there is address 0
/// and 0 bytes.
pub(crate) fn proxy_get_header_map_pairs<H: ProxyHost>(
    call: &mut Call<'_, H>,
    map_id: u32,
    return_serialized_pairs_data: u32,
    return_serialized_pairs_size: u32,
) -> Outcome {
    let owner = owner(map_id)?;
    call.check(return_serialized_pairs_data, 4)?;
    call.check(return_serialized_pairs_size, 4)?;
    let state = call.state();
    let mut pairs = std::mem::take(&mut state.pairs);
    pairs.clear();
    let read = match owner {
        Owner::Stream(map) => match state.stream() {
            Ok((host, stream)) => host.headers(&mut stream.proxy, map, &mut |name, value| {
                pairs.push(name, value);
            }),
            Err(_) => Ok(()),
        },
        Owner::Message(map) => {
            for (name, value) in state.message.map(map).unwrap_or_default() {
                pairs.push(name, value);
            }
            Ok(())
        }
    };
    pairs.finish();
    let parts: [&[u8]; 2] = match pairs.is_empty() {
        true => [&[], &[]],
        false => [&pairs.head, &pairs.body],
    };
    let given = read.map_err(Into::into).and_then(|()| {
        call.give(
            return_serialized_pairs_data,
            return_serialized_pairs_size,
            parts,
        )
    });
    call.state().pairs = pairs;
    given
}

/// Puts the given names and values in the place of all that the map has. `BadArgument` if they are not
/// well-formed, or a name or value could not stand in a message: then the map stays as it is.
pub(crate) fn proxy_set_header_map_pairs<H: ProxyHost>(
    call: &mut Call<'_, H>,
    map_id: u32,
    serialized_pairs_data: u32,
    serialized_pairs_size: u32,
) -> Outcome {
    let map = mutable(map_id)?;
    let (memory, state) = call.parts();
    let bytes = memory.slice(serialized_pairs_data, serialized_pairs_size)?;
    let pairs = pairs::parse(bytes, &state.config.limits)?;
    check_all(&pairs)?;
    let (host, stream) = state.stream()?;
    let mut old: Vec<Vec<u8>> = Vec::new();
    host.headers(&mut stream.proxy, map, &mut |name, _| {
        old.push(name.to_vec());
    })?;
    for name in &old {
        host.remove_header(&mut stream.proxy, map, name)?;
    }
    for (name, value) in &pairs {
        host.add_header(&mut stream.proxy, map, name, value)?;
    }
    Ok(())
}

/// Hands over the first value of a name. `NotFound` if there is none; ABI 0.1.0 has an empty value instead.
/// `BadArgument` if the map is not there in this phase.
pub(crate) fn proxy_get_header_map_value<H: ProxyHost>(
    call: &mut Call<'_, H>,
    map_id: u32,
    key_data: u32,
    key_size: u32,
    return_value_data: u32,
    return_value_size: u32,
) -> Outcome {
    let owner = owner(map_id)?;
    call.produce(
        return_value_data,
        return_value_size,
        |memory, state, into| {
            let name = memory.slice(key_data, key_size)?;
            let found = match owner {
                Owner::Stream(map) => {
                    let (host, stream) = state.stream()?;
                    host.header(&mut stream.proxy, map, name, into)?
                }
                Owner::Message(map) => {
                    let map = state.message.map(map).ok_or(Status::BadArgument)?;
                    let first = map
                        .iter()
                        .find(|header| header.0.eq_ignore_ascii_case(name));
                    first
                        .map(|(_, value)| into.extend_from_slice(value))
                        .is_some()
                }
            };
            if found || state.abi == AbiVersion::V0_1_0 {
                return Ok(());
            }
            Err(Status::NotFound.into())
        },
    )
}

/// Adds a value, behind those that the name has. `BadArgument` for what could not stand in a message.
pub(crate) fn proxy_add_header_map_value<H: ProxyHost>(
    call: &mut Call<'_, H>,
    map_id: u32,
    key_data: u32,
    key_size: u32,
    value_data: u32,
    value_size: u32,
) -> Outcome {
    let map = mutable(map_id)?;
    let (memory, state) = call.parts();
    let name = memory.slice(key_data, key_size)?;
    let value = memory.slice(value_data, value_size)?;
    check(name, value)?;
    let (host, stream) = state.stream()?;
    Ok(host.add_header(&mut stream.proxy, map, name, value)?)
}

/// Puts one value in the place of all that the name has, or adds it. `BadArgument` for what could not stand in
/// a message.
pub(crate) fn proxy_replace_header_map_value<H: ProxyHost>(
    call: &mut Call<'_, H>,
    map_id: u32,
    key_data: u32,
    key_size: u32,
    value_data: u32,
    value_size: u32,
) -> Outcome {
    let map = mutable(map_id)?;
    let (memory, state) = call.parts();
    let name = memory.slice(key_data, key_size)?;
    let value = memory.slice(value_data, value_size)?;
    check(name, value)?;
    let (host, stream) = state.stream()?;
    Ok(host.replace_header(&mut stream.proxy, map, name, value)?)
}

/// Removes all values of a name; there need be none.
pub(crate) fn proxy_remove_header_map_value<H: ProxyHost>(
    call: &mut Call<'_, H>,
    map_id: u32,
    key_data: u32,
    key_size: u32,
) -> Outcome {
    let map = mutable(map_id)?;
    let (memory, state) = call.parts();
    let name = memory.slice(key_data, key_size)?;
    let (host, stream) = state.stream()?;
    Ok(host.remove_header(&mut stream.proxy, map, name)?)
}

/// `BadArgument` if one of the headers could not stand in a message.
pub(crate) fn check_all(headers: &[Header]) -> Result<(), Status> {
    headers
        .iter()
        .try_for_each(|(name, value)| check(name, value))
}

/// A name is a token (RFC 9110, section 5.6.2), or one behind a colon; a value has no line break and no NUL.
fn check(name: &[u8], value: &[u8]) -> Result<(), Status> {
    let token = name.strip_prefix(b":").unwrap_or(name);
    let is_token = |byte: &u8| TOKEN[usize::from(*byte)];
    let breaks = |byte: u8| matches!(byte, b'\r' | b'\n' | 0);
    // The whole of the value, so that many bytes are looked at at once.
    let has_break = value
        .iter()
        .fold(false, |found, byte| found | breaks(*byte));
    if token.is_empty() || !token.iter().all(is_token) || has_break {
        return Err(Status::BadArgument);
    }
    Ok(())
}

/// Which bytes a token consists of.
static TOKEN: [bool; 256] = {
    let mut token = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        token[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut marks: &[u8] = b"!#$%&'*+-.^_`|~";
    while let [mark, rest @ ..] = marks {
        token[*mark as usize] = true;
        marks = rest;
    }
    token
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_be_forged() {
        for (name, value) in [
            (&b"x-a"[..], &b""[..]),
            (b":path", b"/a b\x80\t"),
            (b"X_A.b~", b"\"v\""),
        ] {
            assert_eq!(check(name, value), Ok(()));
        }
        for name in [
            &b""[..],
            b":",
            b"a b",
            b"a:b",
            b"a\n",
            b"a\r",
            b"a\0",
            b"\x80",
            b"::a",
        ] {
            assert_eq!(check(name, b"v"), Err(Status::BadArgument), "{name:?}");
        }
        for value in [&b"a\nb"[..], b"\r", b"\0", b"a\r\nset-cookie: b"] {
            assert_eq!(check(b"a", value), Err(Status::BadArgument), "{value:?}");
        }
    }
}
