//! Properties: what Envoy knows of a stream or connection, by path, in the encoding that Envoy's own Wasm host has
//! for each type: text as it is, numbers in 8 bytes, truth in one, times and durations in nanoseconds, messages in
//! protobuf, maps as serialised pairs.
//!
//! Most are *attributes*, which Envoy gives modules by number. Some it does not, and they are put together here from
//! headers, times and metadata. `docs/guides/envoy.md` says which are left out.

use crate::config::FilterConfig;
use crate::protobuf;
use crate::stream::HttpStream;
use crate::sys::{Connection, EnvoyHeader, HttpFilter, MetadataSource, MetadataValue};
use ahead_proxy_wasm::PropertyPath;
use ahead_proxy_wasm::abi::{Status, StreamMap};
use serde_json::Value;

/// How an attribute is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Truth,
}
use Kind::{Number, Text, Truth};

/// Attributes of a group: name, number and kind. The numbers are those of Envoy's `attribute_id`.
type Group = &'static [(&'static [u8], u32, Kind)];

const REQUEST: Group = &[
    (b"path", 0, Text),
    (b"url_path", 1, Text),
    (b"host", 2, Text),
    (b"scheme", 3, Text),
    (b"method", 4, Text),
    (b"referer", 6, Text),
    (b"useragent", 7, Text),
    (b"id", 9, Text),
    (b"protocol", 10, Text),
    (b"query", 11, Text),
    (b"size", 13, Number),
    (b"total_size", 14, Number),
];

const RESPONSE: Group = &[
    (b"code", 15, Number),
    (b"code_details", 16, Text),
    (b"flags", 17, Number),
    (b"grpc_status", 18, Number),
    (b"size", 21, Number),
    (b"total_size", 22, Number),
];

const SOURCE: Group = &[(b"address", 24, Text), (b"port", 25, Number)];

const DESTINATION: Group = &[(b"address", 26, Text), (b"port", 27, Number)];

const CONNECTION: Group = &[
    (b"id", 28, Number),
    (b"mtls", 29, Truth),
    (b"requested_server_name", 30, Text),
    (b"tls_version", 31, Text),
    (b"subject_local_certificate", 32, Text),
    (b"subject_peer_certificate", 33, Text),
    (b"dns_san_local_certificate", 34, Text),
    (b"dns_san_peer_certificate", 35, Text),
    (b"uri_san_local_certificate", 36, Text),
    (b"uri_san_peer_certificate", 37, Text),
    (b"sha256_peer_certificate_digest", 38, Text),
    (b"transport_failure_reason", 39, Text),
    (b"termination_details", 40, Text),
];

const UPSTREAM: Group = &[
    (b"address", UPSTREAM_ADDRESS, Text),
    (b"port", 42, Number),
    (b"tls_version", 43, Text),
    (b"subject_local_certificate", 44, Text),
    (b"subject_peer_certificate", 45, Text),
    (b"dns_san_local_certificate", 46, Text),
    (b"dns_san_peer_certificate", 47, Text),
    (b"uri_san_local_certificate", 48, Text),
    (b"uri_san_peer_certificate", 49, Text),
    (b"sha256_peer_certificate_digest", 50, Text),
    (b"local_address", 51, Text),
    (b"transport_failure_reason", 52, Text),
    (b"request_attempt_count", 53, Number),
];

const XDS: Group = &[
    (b"cluster_name", 57, Text),
    (b"listener_direction", 59, Number),
    (b"route_name", 61, Text),
    (b"virtual_host_name", 63, Text),
    (b"filter_chain_name", 66, Text),
];

/// The attributes of a group; none if there is no such group.
fn attributes(group: &[u8]) -> Group {
    match group {
        b"request" => REQUEST,
        b"response" => RESPONSE,
        b"source" => SOURCE,
        b"destination" => DESTINATION,
        b"connection" => CONNECTION,
        b"upstream" => UPSTREAM,
        b"xds" => XDS,
        _ => &[],
    }
}

const UPSTREAM_ADDRESS: u32 = 41;
const CONNECTION_ID: u32 = 28;

/// Who has attributes.
trait Attributes {
    fn text(&self, id: u32, into: &mut Vec<u8>) -> bool;
    fn number(&self, id: u32) -> Option<u64>;
    fn truth(&self, id: u32) -> Option<bool>;
}

impl Attributes for HttpFilter {
    fn text(&self, id: u32, into: &mut Vec<u8>) -> bool {
        self.attribute_string(id, |text| into.extend_from_slice(text))
    }

    fn number(&self, id: u32) -> Option<u64> {
        self.attribute_int(id)
    }

    fn truth(&self, id: u32) -> Option<bool> {
        self.attribute_bool(id)
    }
}

impl Attributes for Connection {
    fn text(&self, id: u32, into: &mut Vec<u8>) -> bool {
        self.attribute_string(id, |text| into.extend_from_slice(text))
    }

    fn number(&self, id: u32) -> Option<u64> {
        self.attribute_int(id)
    }

    fn truth(&self, id: u32) -> Option<bool> {
        self.attribute_bool(id)
    }
}

type Found = Result<(), Status>;

/// Properties that are read from the request's headers.
const OF_REQUEST_HEADERS: [&[u8]; 9] = [
    b"path",
    b"url_path",
    b"host",
    b"scheme",
    b"method",
    b"referer",
    b"useragent",
    b"id",
    b"query",
];

/// The size of a body with those headers and trailers that are there.
fn total_size(
    of: &HttpStream,
    body: &PropertyPath<'_>,
    maps: &[StreamMap],
    scratch: &mut Vec<EnvoyHeader>,
    into: &mut Vec<u8>,
) -> Found {
    let mut bytes = Vec::new();
    attribute(&of.filter(), body, &mut bytes)?;
    let mut total = bytes.try_into().map_or(0, u64::from_le_bytes);
    for map in maps.iter().filter(|map| of.maps.can_read(**map)) {
        of.filter().headers(*map, scratch, &mut |name, value| {
            total += (name.len() + value.len()) as u64;
        });
    }
    number(total, into)
}

/// Headers that are not there now.
fn no_headers(rest: &PropertyPath<'_>, into: &mut Vec<u8>) -> Found {
    match rest {
        [] => {
            pairs(&[], into);
            Ok(())
        }
        _ => Err(Status::NotFound),
    }
}

/// A property without a stream: what the configuration says of the node.
pub fn of_process(config: &FilterConfig, path: &PropertyPath<'_>, into: &mut Vec<u8>) -> Found {
    match path {
        [b"xds", b"node", rest @ ..] => json(config.node.as_ref(), rest, protobuf::json_node, into),
        [b"xds", b"listener_metadata", rest @ ..] => json(
            config.listener_metadata.as_ref(),
            rest,
            protobuf::json_metadata,
            into,
        ),
        _ => Err(Status::NotFound),
    }
}

/// A property of an HTTP stream.
pub fn of_stream(
    of: &HttpStream,
    config: &FilterConfig,
    path: &PropertyPath<'_>,
    scratch: &mut Vec<EnvoyHeader>,
    into: &mut Vec<u8>,
) -> Found {
    let stream = of.filter();
    let sees = |map| of.maps.can_read(map);
    let sees_request = sees(StreamMap::RequestHeaders);
    match path {
        // A group is a map of values of all kinds, which nothing can hold.
        [group] | [group, b""] if !attributes(group).is_empty() => {
            Err(Status::SerializationFailure)
        }
        [b"request", b"headers", rest @ ..] if !sees_request => no_headers(rest, into),
        [b"response", b"headers", rest @ ..] if !sees(StreamMap::ResponseHeaders) => {
            no_headers(rest, into)
        }
        [b"response", b"trailers", rest @ ..] if !sees(StreamMap::ResponseTrailers) => {
            no_headers(rest, into)
        }
        [b"request", name] if !sees_request && OF_REQUEST_HEADERS.contains(name) => {
            Err(Status::NotFound)
        }
        [b"request", b"total_size"] => {
            let maps = [StreamMap::RequestHeaders];
            total_size(of, &[b"request", b"size"], &maps, scratch, into)
        }
        [b"response", b"total_size"] => {
            let maps = [StreamMap::ResponseHeaders, StreamMap::ResponseTrailers];
            total_size(of, &[b"response", b"size"], &maps, scratch, into)
        }
        // Known to be so, where Envoy's modules are told nothing.
        [b"connection", b"mtls"] => attribute(&stream, path, into).or_else(|_| {
            into.push(0);
            Ok(())
        }),
        [b"connection", b"requested_server_name"] => attribute(&stream, path, into).or(Ok(())),
        [b"request", b"headers", rest @ ..] => {
            headers(stream, StreamMap::RequestHeaders, rest, scratch, into)
        }
        [b"response", b"headers", rest @ ..] => {
            headers(stream, StreamMap::ResponseHeaders, rest, scratch, into)
        }
        [b"response", b"trailers", rest @ ..] => {
            headers(stream, StreamMap::ResponseTrailers, rest, scratch, into)
        }
        [b"request", b"time"] => {
            nanoseconds(stream.timing().and_then(|timing| timing.start()), into)
        }
        [b"request", b"duration"] => {
            nanoseconds(stream.timing().and_then(|timing| timing.duration()), into)
        }
        [b"response", b"backend_latency"] => nanoseconds(
            stream.timing().and_then(|timing| timing.upstream_latency()),
            into,
        ),
        // What the request says of itself counts more than what has come so far.
        [b"request", b"size"] if sees_request => {
            let mut said = None;
            stream.header(StreamMap::RequestHeaders, b"content-length", |text| {
                said = std::str::from_utf8(text)
                    .ok()
                    .and_then(|text| text.parse::<u64>().ok());
            });
            match said {
                Some(bytes) => number(bytes, into),
                None => attribute(&stream, path, into),
            }
        }
        // Known to be empty, where Envoy's modules are told nothing.
        [b"upstream", b"transport_failure_reason"] => match attribute(&stream, path, into) {
            Err(Status::NotFound) if stream.text(UPSTREAM_ADDRESS, &mut Vec::new()) => Ok(()),
            found => found,
        },
        [b"xds", b"cluster_metadata", rest @ ..] => {
            metadata(stream, MetadataSource::Cluster, rest, into)
        }
        [b"xds", b"route_metadata", rest @ ..] => {
            metadata(stream, MetadataSource::Route, rest, into)
        }
        [b"xds", b"upstream_host_metadata", rest @ ..] => match rest {
            [] if !stream.text(UPSTREAM_ADDRESS, &mut Vec::new()) => Err(Status::NotFound),
            _ => metadata(stream, MetadataSource::Host, rest, into),
        },
        [b"metadata", rest @ ..] => metadata(stream, MetadataSource::Dynamic, rest, into),
        [b"filter_state"] => Err(Status::SerializationFailure),
        [b"filter_state", key] => {
            found(stream.filter_state(key, |value| into.extend_from_slice(value)))
        }
        [_] => own(
            path,
            &stream,
            |key, into| stream.filter_state(key, |value| into.extend_from_slice(value)),
            into,
        ),
        _ => attribute(&stream, path, into).or_else(|_| of_process(config, path, into)),
    }
}

/// A property of a connection.
pub fn of_connection(
    connection: Connection,
    config: &FilterConfig,
    path: &PropertyPath<'_>,
    into: &mut Vec<u8>,
) -> Found {
    match path {
        [b"filter_state"] => Err(Status::SerializationFailure),
        [b"filter_state", key] => {
            found(connection.filter_state(key, |value| into.extend_from_slice(value)))
        }
        [b"connection_id"] | [b"connection", b"id"] => match connection.id() {
            Some(id) => number(id, into),
            None => Err(Status::NotFound),
        },
        [_] => own(
            path,
            &connection,
            |key, into| connection.filter_state(key, |value| into.extend_from_slice(value)),
            into,
        ),
        _ => attribute(&connection, path, into).or_else(|_| of_process(config, path, into)),
    }
}

/// Where a property that a filter sets is kept: the key of the filter state. Only a path of one segment is found
/// again.
pub fn filter_state_key(path: &PropertyPath<'_>) -> Vec<u8> {
    [b"wasm.", &path.join(&0)[..]].concat()
}

/// A path of one segment: the connection's number, or what a filter has set.
fn own(
    path: &PropertyPath<'_>,
    of: &impl Attributes,
    state: impl FnOnce(&[u8], &mut Vec<u8>) -> bool,
    into: &mut Vec<u8>,
) -> Found {
    if let [b"connection_id"] = path {
        return match of.number(CONNECTION_ID) {
            Some(id) => number(id, into),
            None => Err(Status::NotFound),
        };
    }
    found(state(&filter_state_key(path), into))
}

fn attribute(of: &impl Attributes, path: &PropertyPath<'_>, into: &mut Vec<u8>) -> Found {
    let [group, name] = path else {
        return Err(Status::NotFound);
    };
    let mut rows = attributes(group).iter();
    let &(_, id, kind) = rows.find(|row| row.0 == *name).ok_or(Status::NotFound)?;
    match kind {
        Text => found(of.text(id, into)),
        Number => number(of.number(id).ok_or(Status::NotFound)?, into),
        Truth => {
            into.push(u8::from(of.truth(id).ok_or(Status::NotFound)?));
            Ok(())
        }
    }
}

fn found(found: bool) -> Found {
    found.then_some(()).ok_or(Status::NotFound)
}

fn number(number: u64, into: &mut Vec<u8>) -> Found {
    into.extend_from_slice(&number.to_le_bytes());
    Ok(())
}

fn nanoseconds(time: Option<i64>, into: &mut Vec<u8>) -> Found {
    into.extend_from_slice(&time.ok_or(Status::NotFound)?.to_le_bytes());
    Ok(())
}

fn headers(
    stream: HttpFilter,
    map: StreamMap,
    rest: &PropertyPath<'_>,
    scratch: &mut Vec<EnvoyHeader>,
    into: &mut Vec<u8>,
) -> Found {
    match rest {
        [name] => found(stream.header(map, name, |value| into.extend_from_slice(value))),
        [] => {
            let mut all = Vec::new();
            stream.headers(map, scratch, &mut |name, value| {
                all.push((name.to_vec(), value.to_vec()));
            });
            pairs(&all, into);
            Ok(())
        }
        _ => Err(Status::NotFound),
    }
}

/// Serialises pairs as the ABI does: their number, their lengths, then each name and value with a NUL behind.
fn pairs(pairs: &[(Vec<u8>, Vec<u8>)], into: &mut Vec<u8>) {
    let mut word = |bytes: usize| into.extend_from_slice(&(bytes as u32).to_le_bytes());
    word(pairs.len());
    for (name, value) in pairs {
        word(name.len());
        word(value.len());
    }
    for part in pairs.iter().flat_map(|(name, value)| [name, value]) {
        into.extend_from_slice(part);
        into.push(0);
    }
}

fn metadata(
    stream: HttpFilter,
    source: MetadataSource,
    rest: &PropertyPath<'_>,
    into: &mut Vec<u8>,
) -> Found {
    let fields = |namespace: &[u8]| -> Vec<(Vec<u8>, MetadataValue)> {
        let keys = stream.metadata_keys(source, namespace);
        let field = |key: Vec<u8>| {
            let value = stream.metadata(source, namespace, &key)?;
            Some((key, value))
        };
        keys.into_iter().filter_map(field).collect()
    };
    match rest {
        [] | [b"filter_metadata"] => {
            let of = |namespace: Vec<u8>| {
                let fields = protobuf::metadata_struct(&fields(&namespace));
                (namespace, fields)
            };
            let namespaces: Vec<_> = stream
                .metadata_namespaces(source)
                .into_iter()
                .map(of)
                .collect();
            match rest {
                [] => into.extend_from_slice(&protobuf::metadata(&namespaces)),
                _ => pairs(&namespaces, into),
            }
            Ok(())
        }
        [b"filter_metadata", namespace] => {
            if !stream
                .metadata_namespaces(source)
                .iter()
                .any(|name| name == namespace)
            {
                return Err(Status::NotFound);
            }
            let fields = fields(namespace);
            let encode = |(name, value): &(Vec<u8>, MetadataValue)| {
                let mut encoded = Vec::new();
                encode(value, &mut encoded);
                (name.clone(), encoded)
            };
            pairs(&fields.iter().map(encode).collect::<Vec<_>>(), into);
            Ok(())
        }
        [b"filter_metadata", namespace, key] => {
            let value = stream
                .metadata(source, namespace, key)
                .ok_or(Status::NotFound)?;
            encode(&value, into);
            Ok(())
        }
        _ => Err(Status::NotFound),
    }
}

fn encode(value: &MetadataValue, into: &mut Vec<u8>) {
    match value {
        MetadataValue::String(text) => into.extend_from_slice(text),
        MetadataValue::Number(number) => into.extend_from_slice(&number.to_le_bytes()),
        MetadataValue::Bool(value) => into.push(u8::from(*value)),
        MetadataValue::List(items) => {
            let item = |item: &MetadataValue| {
                let mut encoded = Vec::new();
                encode(item, &mut encoded);
                (encoded, Vec::new())
            };
            pairs(&items.iter().map(item).collect::<Vec<_>>(), into);
        }
    }
}

/// A value of the configuration: the whole as a message, a part as its type has it.
fn json(
    value: Option<&Value>,
    rest: &PropertyPath<'_>,
    whole: impl FnOnce(&Value) -> Vec<u8>,
    into: &mut Vec<u8>,
) -> Found {
    let value = value.ok_or(Status::NotFound)?;
    if rest.is_empty() {
        into.extend_from_slice(&whole(value));
        return Ok(());
    }
    let mut part = value;
    for name in rest {
        let name = std::str::from_utf8(name).map_err(|_| Status::NotFound)?;
        part = part.get(name).ok_or(Status::NotFound)?;
    }
    json_part(part, into);
    Ok(())
}

fn json_part(value: &Value, into: &mut Vec<u8>) {
    match value {
        Value::Null => {}
        Value::String(text) => into.extend_from_slice(text.as_bytes()),
        Value::Number(number) => {
            into.extend_from_slice(&number.as_f64().unwrap_or(f64::NAN).to_le_bytes());
        }
        Value::Bool(value) => into.push(u8::from(*value)),
        Value::Array(items) => {
            let item = |item: &Value| {
                let mut encoded = Vec::new();
                json_part(item, &mut encoded);
                (encoded, Vec::new())
            };
            pairs(&items.iter().map(item).collect::<Vec<_>>(), into);
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                let mut encoded = Vec::new();
                json_part(value, &mut encoded);
                (name.clone().into_bytes(), encoded)
            };
            pairs(&fields.iter().map(field).collect::<Vec<_>>(), into);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_node_is_what_the_configuration_says() {
        let config = FilterConfig {
            node: Some(json!({"id": "node1", "metadata": {"ROLE": "gateway", "N": 2, "L": ["a"]}})),
            ..FilterConfig::default()
        };
        let get = |path: &PropertyPath<'_>| {
            let mut value = Vec::new();
            of_process(&config, path, &mut value).map(|()| value)
        };
        assert_eq!(get(&[b"xds", b"node", b"id"]).unwrap(), b"node1");
        assert_eq!(
            get(&[b"xds", b"node", b"metadata", b"ROLE"]).unwrap(),
            b"gateway"
        );
        assert_eq!(
            get(&[b"xds", b"node", b"metadata", b"N"]).unwrap(),
            2_f64.to_le_bytes()
        );
        assert_eq!(
            get(&[b"xds", b"node", b"metadata", b"L"]).unwrap(),
            b"\x01\0\0\0\x01\0\0\0\0\0\0\0a\0\0"
        );
        assert!(
            get(&[b"xds", b"node"])
                .unwrap()
                .starts_with(b"\x0a\x05node1\x1a")
        );
        assert_eq!(get(&[b"xds", b"node", b"cluster"]), Err(Status::NotFound));
        assert_eq!(get(&[b"xds", b"listener_metadata"]), Err(Status::NotFound));
        assert_eq!(get(&[b"node"]), Err(Status::NotFound));
    }

    #[test]
    fn attributes_are_listed_once_in_order() {
        let groups = [
            REQUEST,
            RESPONSE,
            SOURCE,
            DESTINATION,
            CONNECTION,
            UPSTREAM,
            XDS,
        ];
        for rows in groups.concat().windows(2) {
            assert!(rows[0].1 < rows[1].1, "{rows:?}");
        }
    }
}
