//! Foreign functions that need Envoy.
//!
//! | name | argument | |
//! |---|---|---|
//! | `set_envoy_filter_state` | a serialised `SetEnvoyFilterStateArguments` | sets an object of a registered type |

use crate::host::EnvoyStream;
use ahead_proxy_wasm::abi::Status;

pub fn call(stream: Option<&EnvoyStream>, name: &[u8], argument: &[u8]) -> Result<(), Status> {
    match name {
        b"set_envoy_filter_state" => {
            let (path, value) = path_and_value(argument).ok_or(Status::BadArgument)?;
            let set = match stream {
                Some(EnvoyStream::Http(stream)) if stream.is_alive() => {
                    stream.filter().set_typed_filter_state(path, value)
                }
                _ => return Err(Status::NotFound),
            };
            set.then_some(()).ok_or(Status::NotFound)
        }
        _ => Err(Status::NotFound),
    }
}

/// The fields `path = 1` and `value = 2` of a message; what else is in it is skipped.
fn path_and_value(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut path, mut value) = (&b""[..], &b""[..]);
    let mut rest = message;
    while !rest.is_empty() {
        let tag = varint(&mut rest)?;
        match tag & 7 {
            0 => {
                varint(&mut rest)?;
            }
            2 => {
                let bytes = usize::try_from(varint(&mut rest)?).ok()?;
                let (field, behind) = rest.split_at_checked(bytes)?;
                rest = behind;
                match tag >> 3 {
                    1 => path = field,
                    2 => value = field,
                    _ => {}
                }
            }
            _ => return None,
        }
    }
    Some((path, value))
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_and_damage_is_seen() {
        let message = b"\x0a\x03key\x12\x02vv\x18\x01";
        assert_eq!(path_and_value(message), Some((&b"key"[..], &b"vv"[..])));
        assert_eq!(path_and_value(b""), Some((&b""[..], &b""[..])));
        for damaged in [&b"\x0a\x7f"[..], b"\x0a", b"\x80", b"\x0b\x01"] {
            assert_eq!(path_and_value(damaged), None);
        }
        assert_eq!(call(None, b"sign", b""), Err(Status::NotFound));
        assert_eq!(
            call(None, b"set_envoy_filter_state", b"\x80"),
            Err(Status::BadArgument)
        );
    }
}
