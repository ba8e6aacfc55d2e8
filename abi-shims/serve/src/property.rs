//! What filters can ask about a request by path, in Envoy's names and encoding.
//!
//! Text and bytes are as they are, numbers 8 bytes, truth 1 byte, times and durations nanoseconds in 8 bytes, maps
//! pairs as hostcalls have them; all little-endian. What only Envoy has (`xds.*` beyond the cluster's name, metadata) is
//! not found. Unlike in Envoy the request can be read in every phase.

use crate::exchange::{Exchange, Phase};
use crate::headers::{Headers, Pseudo};
use ahead_proxy_wasm::PropertyPath;
use ahead_proxy_wasm::abi::Status;
use http::header::{CONTENT_LENGTH, HeaderName, REFERER, USER_AGENT};
use std::time::{Duration, UNIX_EPOCH};

/// Appends a property to `into`.
pub fn read(
    exchange: &Exchange,
    path: &PropertyPath<'_>,
    into: &mut Vec<u8>,
) -> Result<(), Status> {
    let value = match path {
        [b"request", rest @ ..] => request(exchange, rest),
        [b"response", rest @ ..] => response(exchange, rest),
        [b"connection", name] => connection(exchange, name),
        [b"connection_id"] => Some(Value::Number(exchange.connection.id)),
        [b"source", b"address"] => Some(Value::text(exchange.connection.peer)),
        [b"source", b"port"] => Some(Value::Number(exchange.connection.peer.port().into())),
        [b"destination", b"address"] => Some(Value::text(exchange.connection.local)),
        [b"destination", b"port"] => Some(Value::Number(exchange.connection.local.port().into())),
        [b"upstream", name] => upstream(exchange, name),
        [b"xds", b"cluster_name"] => Some(Value::text(&exchange.upstream().name)),
        _ => None,
    };
    match value {
        Some(value) => {
            value.encode(into);
            Ok(())
        }
        None => set_by_filters(exchange, path, into),
    }
}

/// What a filter has set is found by its name, whatever filter it was.
fn set_by_filters(
    exchange: &Exchange,
    path: &PropertyPath<'_>,
    into: &mut Vec<u8>,
) -> Result<(), Status> {
    let state = exchange.filter_state.borrow();
    let value = state.get(&path.join(&0)).ok_or(Status::NotFound)?;
    into.extend_from_slice(value);
    Ok(())
}

enum Value {
    Bytes(Vec<u8>),
    Number(u64),
    Truth(bool),
    Map(Vec<u8>),
}

impl Value {
    fn text(text: impl ToString) -> Value {
        Value::Bytes(text.to_string().into_bytes())
    }

    fn duration(duration: Duration) -> Value {
        Value::Number(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX))
    }

    fn encode(self, into: &mut Vec<u8>) {
        match self {
            Value::Bytes(bytes) | Value::Map(bytes) => into.extend_from_slice(&bytes),
            Value::Number(number) => into.extend_from_slice(&number.to_le_bytes()),
            Value::Truth(truth) => into.push(truth.into()),
        }
    }
}

fn request(exchange: &Exchange, path: &[&[u8]]) -> Option<Value> {
    let headers = exchange.request.headers.borrow();
    let info = exchange.info.borrow();
    let pseudo = |pseudo| {
        let value = headers.pseudo(pseudo)?;
        Some(Value::Bytes(value.as_bytes().to_vec()))
    };
    let field = |name: &HeaderName| {
        let value = headers.field(name)?;
        Some(Value::Bytes(value.as_bytes().to_vec()))
    };
    let (before, query) = match headers.text(Pseudo::Path).split_once('?') {
        Some((before, query)) => (before, query),
        None => (headers.text(Pseudo::Path), ""),
    };
    match path {
        [b"path"] => pseudo(Pseudo::Path),
        [b"url_path"] => Some(Value::text(before)),
        [b"query"] => Some(Value::text(query)),
        [b"host"] => pseudo(Pseudo::Authority),
        [b"scheme"] => pseudo(Pseudo::Scheme),
        [b"method"] => pseudo(Pseudo::Method),
        [b"headers"] => Some(Value::Map(pairs(&headers))),
        [b"headers", name] => header(&headers, name),
        [b"referer"] => field(&REFERER),
        [b"useragent"] => field(&USER_AGENT),
        [b"id"] => field(&crate::forward::REQUEST_ID),
        [b"time"] => {
            let since = info.start_time.duration_since(UNIX_EPOCH);
            Some(Value::duration(since.unwrap_or_default()))
        }
        [b"protocol"] => Some(Value::text(info.protocol_name())),
        [b"duration"] => info.end.map(Value::duration),
        [b"size"] => {
            // What the client promised counts, as in Envoy, and if it did not, what it has sent.
            let promised = headers.field(&CONTENT_LENGTH);
            let promised = promised.and_then(|value| value.to_str().ok()?.parse().ok());
            Some(Value::Number(promised.unwrap_or(info.received_bytes)))
        }
        [b"total_size"] => {
            let total = info.received_bytes + info.request_headers_bytes as u64;
            Some(Value::Number(total))
        }
        _ => None,
    }
}

fn response(exchange: &Exchange, path: &[&[u8]]) -> Option<Value> {
    let info = exchange.info.borrow();
    let there = exchange.response.phase.get() != Phase::NotHere;
    let headers = exchange.response.headers.borrow();
    let trailers = exchange.response.trailers.borrow();
    let empty = Headers::default();
    let trailers = trailers.as_ref().unwrap_or(&empty);
    match path {
        [b"code"] => {
            let status = headers.status().ok().map(|status| status.as_u16());
            let status = info.status.or(status.filter(|_| there))?;
            Some(Value::Number(status.into()))
        }
        [b"code_details"] if there => Some(Value::text(&info.details)),
        [b"flags"] => Some(Value::Number(info.flags.0)),
        [b"grpc_status"] if there => {
            let status = trailers
                .first(b"grpc-status")
                .or(headers.first(b"grpc-status"))?;
            Some(Value::Number(status.to_str().ok()?.parse().ok()?))
        }
        [b"headers"] => Some(Value::Map(pairs(&headers))),
        [b"headers", name] => header(&headers, name),
        [b"trailers"] => Some(Value::Map(pairs(trailers))),
        [b"trailers", name] => header(trailers, name),
        [b"size"] => Some(Value::Number(info.sent_bytes)),
        [b"total_size"] => {
            let headers = if there { headers.bytes() as u64 } else { 0 };
            Some(Value::Number(info.sent_bytes + headers))
        }
        [b"backend_latency"] => info.upstream_end.map(Value::duration),
        _ => None,
    }
}

fn connection(exchange: &Exchange, name: &[u8]) -> Option<Value> {
    let tls = exchange.connection.tls.as_ref();
    match name {
        b"id" => Some(Value::Number(exchange.connection.id)),
        b"mtls" => Some(Value::Truth(tls.is_some_and(|tls| tls.mutual))),
        b"requested_server_name" => Some(Value::text(
            tls.and_then(|tls| tls.server_name.as_deref()).unwrap_or(""),
        )),
        b"tls_version" => tls.map(|tls| Value::text(tls.version)),
        _ => None,
    }
}

fn upstream(exchange: &Exchange, name: &[u8]) -> Option<Value> {
    let info = exchange.info.borrow();
    let peer = info.peer.as_ref();
    match name {
        b"address" => peer.map(|peer| Value::text(peer.address)),
        b"port" => peer.map(|peer| Value::Number(peer.address.port().into())),
        b"local_address" => peer.map(|peer| Value::text(peer.local)),
        b"tls_version" => peer.and_then(|peer| peer.tls_version).map(Value::text),
        b"transport_failure_reason" => peer.map(|_| Value::text("")),
        b"request_attempt_count" => Some(Value::Number(info.attempts)),
        b"cx_pool_ready_duration" => info.upstream_connected.map(Value::duration),
        _ => None,
    }
}

fn header(headers: &Headers, name: &[u8]) -> Option<Value> {
    let value = headers.first(name)?;
    Some(Value::Bytes(value.as_bytes().to_vec()))
}

/// A map in the ABI's form.
///
/// ```text
/// count | name bytes, value bytes (of each) | name, 0, value, 0 (of each)     numbers: u32
/// ```
fn pairs(headers: &Headers) -> Vec<u8> {
    let mut out = Vec::with_capacity(4 + headers.len() * 10 + headers.bytes());
    let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    out.extend(number(headers.len()));
    for (name, value) in headers.iter() {
        out.extend(number(name.len()));
        out.extend(number(value.len()));
    }
    for (name, value) in headers.iter() {
        out.extend_from_slice(name.as_bytes());
        out.push(0);
        out.extend_from_slice(value.as_bytes());
        out.push(0);
    }
    out
}
