//! Section `properties`: what the proxy knows, by path. The plugin's own names are answered here.

use crate::abi::Status;
use crate::effect::Outcome;
use crate::host::ProxyHost;
use crate::state::Call;
use std::collections::HashMap;

/// More segments than any property has.
const SEGMENTS_MAX: usize = 16;

/// A path in segments, which NULs separate; one NUL at the end does not count.
struct Path<'a> {
    segments: [&'a [u8]; SEGMENTS_MAX],
    count: usize,
}

impl<'a> Path<'a> {
    /// `NotFound` for a path that no property can have.
    fn parse(path: &'a [u8]) -> Result<Self, Status> {
        let mut segments: [&[u8]; SEGMENTS_MAX] = [&[]; SEGMENTS_MAX];
        let mut count = 0;
        let path = path.strip_suffix(&[0]).unwrap_or(path);
        if path.is_empty() {
            return Err(Status::NotFound);
        }
        for segment in path.split(|byte| *byte == 0) {
            *segments.get_mut(count).ok_or(Status::NotFound)? = segment;
            count += 1;
        }
        Ok(Path { segments, count })
    }

    fn segments(&self) -> &[&'a [u8]] {
        &self.segments[..self.count]
    }
}

/// Properties that the filter declared (`declare_property`), by name.
pub(crate) type Declared = HashMap<Vec<u8>, Declaration>;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Declaration {
    /// Can be set once only in a stream.
    pub read_only: bool,
}

/// Hands over a property: bytes whose form depends on its type. `NotFound` if there is none of the path.
pub(crate) fn proxy_get_property<H: ProxyHost>(
    call: &mut Call<'_, H>,
    path_data: u32,
    path_size: u32,
    return_value_data: u32,
    return_value_size: u32,
) -> Outcome {
    call.produce(
        return_value_data,
        return_value_size,
        |memory, state, into| {
            let path = Path::parse(memory.slice(path_data, path_size)?)?;
            let plugin = state.plugin();
            let own = match path.segments() {
                [b"plugin_name"] => Some(&plugin.name),
                [b"plugin_root_id"] => Some(&plugin.root_id),
                [b"plugin_vm_id"] => Some(&plugin.vm_id),
                _ => None,
            };
            if let Some(own) = own {
                into.extend_from_slice(own.as_bytes());
                return Ok(());
            }
            let (host, stream) = state.host_and_stream();
            Ok(host.property(stream, path.segments(), into)?)
        },
    )
}

/// Sets a property. `NotFound` for a path that the proxy cannot set, `BadArgument` for a value that is too long
/// or a property that was declared read-only and is there.
pub(crate) fn proxy_set_property<H: ProxyHost>(
    call: &mut Call<'_, H>,
    path_data: u32,
    path_size: u32,
    value_data: u32,
    value_size: u32,
) -> Outcome {
    let (memory, state) = call.parts();
    let path = memory.slice(path_data, path_size)?;
    let value = memory.slice(value_data, value_size)?;
    if value.len() > state.config.limits.body_bytes_max
        || path.len() > state.config.limits.name_bytes_max
    {
        return Err(Status::BadArgument.into());
    }
    let path = Path::parse(path)?;
    let read_only = match path.segments() {
        [name] => state.properties.get(*name).is_some_and(|of| of.read_only),
        _ => false,
    };
    let (host, mut stream) = state.host_and_stream();
    if read_only {
        let mut there = Vec::new();
        if host
            .property(stream.as_deref_mut(), path.segments(), &mut there)
            .is_ok()
        {
            return Err(Status::BadArgument.into());
        }
    }
    Ok(host.set_property(stream, path.segments(), value)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_segments() {
        let parse = |path: &'static [u8]| Path::parse(path).map(|path| path.segments().to_vec());
        assert_eq!(parse(b"a\0bc"), Ok(vec![&b"a"[..], b"bc"]));
        assert_eq!(parse(b"a\0bc\0"), Ok(vec![&b"a"[..], b"bc"]));
        assert_eq!(parse(b"a\0\0b"), Ok(vec![&b"a"[..], b"", b"b"]));
        assert_eq!(parse(b""), Err(Status::NotFound));
        assert_eq!(parse(b"\0"), Err(Status::NotFound));
        assert_eq!(parse(&[0; 64]), Err(Status::NotFound));
    }
}
