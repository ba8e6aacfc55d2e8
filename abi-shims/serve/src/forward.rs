//! Which headers a proxy adds and removes on the way, as Envoy does it by default; `docs/guides/serve.md` lists them
//! for users.
//!
//! Before the filters see a request, what concerns only one connection is taken out of it and where it comes from is
//! written in. What filters add of that kind is taken out again before anything is sent, since it could change where a
//! message ends.

use crate::config::Forwarded;
use crate::headers::{Headers, Name, Pseudo};
use crate::stream_info::Connection;
use http::header::{self, HeaderName};
use http::{HeaderValue, Version};
use rustix::rand::{GetRandomFlags, getrandom};
use std::fmt::Write;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a client may say of its connection, and no further.
const HOP_BY_HOP: [HeaderName; 6] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("http2-settings"),
];

/// Makes of what a client sent what filters see.
pub fn request_in(headers: &mut Headers, connection: &Connection, forwarded: Forwarded) {
    remove_hop_by_hop(headers);
    // It has been answered for the client by then, or will be when the body is asked for.
    headers.remove_field(&header::EXPECT);
    if forwarded.client {
        append_forwarded_for(headers, connection);
    }
    if headers.field(&FORWARDED_PROTO).is_none() {
        let scheme = if connection.tls.is_some() {
            "https"
        } else {
            "http"
        };
        headers.append(
            Name::Field(FORWARDED_PROTO),
            HeaderValue::from_static(scheme),
        );
    }
    if forwarded.request_id
        && headers.field(&REQUEST_ID).is_none()
        && let Some(id) = request_id()
    {
        headers.append(Name::Field(REQUEST_ID), id);
    }
}

/// Makes of what filters left what is sent to the upstream.
pub fn request_out(headers: &mut Headers) {
    remove_hop_by_hop(headers);
}

/// Makes of what the upstream answered what filters see.
pub fn response_in(headers: &mut Headers) {
    remove_hop_by_hop(headers);
}

/// Makes of what filters left what is sent to the client.
pub fn response_out(headers: &mut Headers, connection: &Connection, protocol: Version) {
    remove_hop_by_hop(headers);
    headers.replace(
        Name::Field(header::SERVER),
        HeaderValue::from_static("ahead"),
    );
    // HTTP/2 says it in a frame.
    if connection.closing.get() && protocol < Version::HTTP_2 {
        headers.append(
            Name::Field(header::CONNECTION),
            HeaderValue::from_static("close"),
        );
    }
}

fn remove_hop_by_hop(headers: &mut Headers) {
    let named: Vec<HeaderName> = headers
        .fields(&header::CONNECTION)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        // These say what the message is, and a client must not have them removed.
        .filter(|name| {
            *name != header::CONTENT_LENGTH && *name != header::TE && *name != FORWARDED_FOR
        })
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove_field(name);
    }
    let trailers = HeaderValue::from_static("trailers");
    let is_plain = headers.fields(&header::TE).eq([&trailers]);
    if is_plain || headers.field(&header::TE).is_none() {
        return;
    }
    let wants_trailers = headers
        .fields(&header::TE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.trim().eq_ignore_ascii_case("trailers"));
    headers.remove_field(&header::TE);
    if wants_trailers {
        headers.append(Name::Field(header::TE), trailers);
    }
}

fn append_forwarded_for(headers: &mut Headers, connection: &Connection) {
    let mut all = Vec::new();
    for value in headers.fields(&FORWARDED_FOR) {
        all.extend_from_slice(value.as_bytes());
        all.extend_from_slice(b",");
    }
    all.extend_from_slice(connection.peer.ip().to_string().as_bytes());
    if let Ok(value) = HeaderValue::from_bytes(&all) {
        headers.replace(Name::Field(FORWARDED_FOR), value);
    }
}

/// A random UUID, version 4.
fn request_id() -> Option<HeaderValue> {
    let mut bytes = [0u8; 16];
    if getrandom(&mut bytes, GetRandomFlags::empty()).ok()? != bytes.len() {
        return None;
    }
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    HeaderValue::from_str(&text).ok()
}

/// Whether a request is a call of gRPC, whose errors are told in another way.
pub fn is_grpc(headers: &Headers) -> bool {
    let content_type = headers.field(&header::CONTENT_TYPE);
    let content_type = content_type.map_or(&b""[..], HeaderValue::as_bytes);
    content_type
        .strip_prefix(b"application/grpc")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"+"))
}

pub fn is_head(headers: &Headers) -> bool {
    headers.text(Pseudo::Method) == "HEAD"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;

    fn headers(fields: &[(&'static str, &'static str)]) -> Headers {
        let mut headers = Headers::default();
        for (name, value) in fields {
            let name = Name::parse(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    fn names(headers: &Headers) -> Vec<&str> {
        headers.iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_connections_own_headers_stay_there() {
        let mut request = headers(&[
            ("connection", "keep-alive, X-Own, content-length"),
            ("x-own", "1"),
            ("keep-alive", "1"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("te", "gzip;q=0.5"),
            ("content-length", "3"),
            ("x", "1"),
        ]);
        remove_hop_by_hop(&mut request);
        assert_eq!(names(&request), ["content-length", "x"]);
        let mut request = headers(&[("te", "gzip, trailers")]);
        remove_hop_by_hop(&mut request);
        assert_eq!(request.field(&header::TE).unwrap(), "trailers");
    }

    #[test]
    fn where_a_request_comes_from_is_written_in() {
        let local: SocketAddr = "[::1]:80".parse().unwrap();
        let connection = Connection {
            id: 0,
            peer: "10.1.2.3:4".parse().unwrap(),
            local,
            tls: None,
            closing: Default::default(),
        };
        let mut request = headers(&[("x-forwarded-for", "1.1.1.1"), ("expect", "100-continue")]);
        let forwarded = Forwarded {
            client: true,
            request_id: true,
        };
        request_in(&mut request, &connection, forwarded);
        assert_eq!(
            names(&request),
            ["x-forwarded-for", "x-forwarded-proto", "x-request-id"]
        );
        assert_eq!(request.field(&FORWARDED_FOR).unwrap(), "1.1.1.1,10.1.2.3");
        let id = request.field(&REQUEST_ID).unwrap().to_str().unwrap();
        assert_eq!((id.len(), &id[14..15]), (36, "4"));
    }

    #[test]
    fn calls_of_grpc_are_told_by_their_type() {
        let is = |value| is_grpc(&headers(&[("content-type", value)]));
        assert!(is("application/grpc") && is("application/grpc+proto"));
        assert!(!is("application/grpc-web") && !is("text/plain"));
    }
}
