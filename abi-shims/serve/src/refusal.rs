//! Requests that this proxy does not forward: no filter gets to see them.
//!
//! What a filter and an upstream could understand differently is refused, as Envoy refuses it: who a request is for, and
//! where its body ends.

use crate::config::Limits;
use crate::local_reply::LocalReply;
use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::request::Parts;
use http::uri::Authority;
use http::{Method, StatusCode};

/// The answer to a request that goes no further.
pub fn refusal(request: &Parts, limits: &Limits) -> Option<LocalReply> {
    if request.headers.len() > limits.headers_max {
        return Some(LocalReply::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "Request Header Fields Too Large",
            "http2.too_many_headers",
        ));
    }
    if request.method == Method::CONNECT {
        return Some(LocalReply::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "CONNECT is not supported",
            "connect_not_supported",
        ));
    }
    ambiguous_host(request).or_else(|| ambiguous_end(request))
}

/// There is one `host` at most (RFC 9112, section 3.2), and it is a host.
fn ambiguous_host(request: &Parts) -> Option<LocalReply> {
    let mut hosts = request.headers.get_all(HOST).iter();
    let is_host = |value: &http::HeaderValue| {
        value.is_empty() || Authority::try_from(value.as_bytes()).is_ok()
    };
    match (hosts.next(), hosts.next()) {
        (Some(_), Some(_)) => Some(bad("http1.several_hosts")),
        (Some(host), None) if !is_host(host) => Some(bad("http1.invalid_host")),
        _ => None,
    }
}

/// A body is chunked or has a length, and is encoded in no other way (RFC 9112, section 6.1).
fn ambiguous_end(request: &Parts) -> Option<LocalReply> {
    let mut encodings = request.headers.get_all(TRANSFER_ENCODING).iter();
    let encoding = encodings.next()?;
    if encodings.next().is_some() || !encoding.as_bytes().eq_ignore_ascii_case(b"chunked") {
        return Some(LocalReply::new(
            StatusCode::NOT_IMPLEMENTED,
            "Not Implemented",
            "http1.invalid_transfer_encoding",
        ));
    }
    let has_length = request.headers.contains_key(CONTENT_LENGTH);
    has_length.then(|| bad("http1.content_length_and_chunked_not_allowed"))
}

fn bad(details: &'static str) -> LocalReply {
    LocalReply::new(StatusCode::BAD_REQUEST, "Bad Request", details)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn status(headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::get("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        refusal(&parts, &Limits::default()).map_or(0, |reply| reply.status.as_u16())
    }

    #[test]
    fn one_host_and_one_end() {
        for good in [
            &[("host", "a.b:80"), ("transfer-encoding", "Chunked")][..],
            &[("host", "[::1]:80"), ("content-length", "1")],
            &[],
        ] {
            assert_eq!(status(good), 0, "{good:?}");
        }
        for (bad, expected) in [
            (&[("host", "a"), ("host", "a")][..], 400),
            (&[("host", "a b")], 400),
            (&[("host", "a/b")], 400),
            (
                &[("transfer-encoding", "chunked"), ("content-length", "1")],
                400,
            ),
            (&[("transfer-encoding", "gzip, chunked")], 501),
            (
                &[
                    ("transfer-encoding", "chunked"),
                    ("transfer-encoding", "chunked"),
                ],
                501,
            ),
            (&[("transfer-encoding", "identity")], 501),
        ] {
            assert_eq!(status(bad), expected, "{bad:?}");
        }
    }
}
