//! Answers of the proxy itself, or of a filter: what they look like, in HTTP and in gRPC.

use crate::forward;
use crate::headers::{Headers, Name, Pseudo};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, StatusCode};
use std::borrow::Cow;
use std::fmt::Write;

/// An answer that no upstream gave.
#[derive(Clone, Debug)]
pub struct LocalReply {
    pub status: StatusCode,
    /// Added to what is there anyway.
    pub headers: Vec<(Name, HeaderValue)>,
    pub body: Bytes,
    /// For the access log.
    pub details: Cow<'static, str>,
    /// For calls of gRPC; `None`: what follows from `status`.
    pub grpc_status: Option<u32>,
}

impl LocalReply {
    pub fn new(
        status: StatusCode,
        body: impl Into<Bytes>,
        details: impl Into<Cow<'static, str>>,
    ) -> LocalReply {
        LocalReply {
            status,
            headers: Vec::new(),
            body: body.into(),
            details: details.into(),
            grpc_status: None,
        }
    }

    /// The response to `request`: headers and body.
    pub fn response(&self, request: &Headers) -> (Headers, Bytes) {
        if forward::is_grpc(request) {
            return (self.grpc(), Bytes::new());
        }
        let mut headers = Headers::with_status(self.status);
        for (name, value) in &self.headers {
            // A second status would be none.
            if *name == Name::Pseudo(Pseudo::Status) {
                headers.replace(name.clone(), value.clone());
            } else {
                headers.append(name.clone(), value.clone());
            }
        }
        headers.remove_field(&CONTENT_LENGTH);
        let bare = matches!(
            self.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        );
        if bare || self.body.is_empty() {
            if !bare {
                headers.append(Name::Field(CONTENT_LENGTH), HeaderValue::from_static("0"));
            }
            return (headers, Bytes::new());
        }
        let length = HeaderValue::from(self.body.len() as u64);
        headers.append(Name::Field(CONTENT_LENGTH), length);
        if headers.field(&CONTENT_TYPE).is_none() {
            let text = HeaderValue::from_static("text/plain");
            headers.append(Name::Field(CONTENT_TYPE), text);
        }
        let body = if forward::is_head(request) {
            Bytes::new()
        } else {
            self.body.clone()
        };
        (headers, body)
    }

    /// A call of gRPC is answered with 200, and what happened is in the headers.
    fn grpc(&self) -> Headers {
        let mut headers = Headers::with_status(StatusCode::OK);
        for (name, value) in &self.headers {
            if matches!(name, Name::Field(name) if *name != CONTENT_LENGTH && *name != CONTENT_TYPE)
            {
                headers.append(name.clone(), value.clone());
            }
        }
        let grpc = HeaderValue::from_static("application/grpc");
        headers.replace(Name::Field(CONTENT_TYPE), grpc);
        let status = self.grpc_status.unwrap_or_else(|| grpc_status(self.status));
        let name = |name| Name::Field(HeaderName::from_static(name));
        headers.replace(name("grpc-status"), HeaderValue::from(status));
        if !self.body.is_empty()
            && let Ok(message) = HeaderValue::from_str(&percent_encoded(&self.body))
        {
            headers.replace(name("grpc-message"), message);
        }
        headers
    }
}

/// The status of gRPC that stands for a status of HTTP, by gRPC's own table.
fn grpc_status(status: StatusCode) -> u32 {
    match status.as_u16() {
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 | 502..=504 => 14,
        200 => 0,
        _ => 2,
    }
}

/// `grpc-message` in its encoding.
fn percent_encoded(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text {
        match byte {
            b' '..=b'~' if byte != b'%' => out.push(byte as char),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(fields: &[(&'static str, &'static str)]) -> Headers {
        let mut headers = Headers::default();
        for (name, value) in fields {
            headers.append(
                Name::parse(name.as_bytes()).unwrap(),
                HeaderValue::from_static(value),
            );
        }
        headers
    }

    fn text(headers: &Headers, name: &'static str) -> String {
        let value = headers.first(name.as_bytes());
        value.map_or_else(|| "-".into(), |value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_reply_has_length_and_type() {
        let reply = LocalReply::new(StatusCode::FORBIDDEN, "no", "x");
        let (headers, body) = reply.response(&request(&[(":method", "GET")]));
        assert_eq!(text(&headers, ":status"), "403");
        assert_eq!(
            (text(&headers, "content-length"), &body[..]),
            ("2".into(), &b"no"[..])
        );
        assert_eq!(text(&headers, "content-type"), "text/plain");
        let (headers, body) = reply.response(&request(&[(":method", "HEAD")]));
        assert_eq!(
            (text(&headers, "content-length"), body.len()),
            ("2".into(), 0)
        );
        let bare = LocalReply::new(StatusCode::NO_CONTENT, "no", "x");
        let (headers, body) = bare.response(&request(&[]));
        assert_eq!((headers.len(), body.len()), (1, 0));
    }

    #[test]
    fn a_call_of_grpc_is_answered_in_headers() {
        let call = request(&[("content-type", "application/grpc")]);
        let mut reply = LocalReply::new(StatusCode::UNAUTHORIZED, "a%\n", "x");
        let (headers, body) = reply.response(&call);
        assert_eq!((text(&headers, ":status"), body.len()), ("200".into(), 0));
        assert_eq!(text(&headers, "grpc-status"), "16");
        assert_eq!(text(&headers, "grpc-message"), "a%25%0A");
        reply.grpc_status = Some(7);
        assert_eq!(text(&reply.response(&call).0, "grpc-status"), "7");
    }
}
