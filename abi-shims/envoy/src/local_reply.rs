//! A response that a filter gives itself, as the filter's own callbacks see it.
//!
//! Envoy shows a module's local reply to every filter but the module's own, and its own Wasm host shows it to that as
//! well: filters count on it to add headers to all responses. So the adapter shows it before Envoy has it.

use ahead_proxy_wasm::{Header, LocalResponse};

/// Headers and body in the making.
pub struct LocalReply {
    pub headers: Vec<Header>,
    pub body: Vec<u8>,
    /// The content type is not the filter's.
    default_type: bool,
    is_grpc: bool,
}

const PLAIN: &[u8] = b"text/plain";

impl LocalReply {
    /// What Envoy will make of a response. `is_grpc`: the request is a gRPC request.
    pub fn of(response: &LocalResponse, is_grpc: bool) -> Self {
        let text = |number: u32| number.to_string().into_bytes();
        let status = if is_grpc {
            200
        } else {
            u32::from(response.status)
        };
        let mut headers = vec![(b":status".to_vec(), text(status))];
        headers.extend(
            response
                .headers
                .iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value.clone())),
        );
        let has_type = headers.iter().any(|(name, _)| name == b"content-type");
        let mut body = response.body.clone();
        if is_grpc {
            headers.retain(|(name, _)| name != b"content-type");
            headers.push((b"content-type".to_vec(), b"application/grpc".to_vec()));
            let status = response
                .grpc_status
                .unwrap_or_else(|| grpc_status(response.status));
            headers.push((b"grpc-status".to_vec(), text(status)));
            let message = std::mem::take(&mut body);
            if !message.is_empty() {
                headers.push((b"grpc-message".to_vec(), message));
            }
        } else if body.is_empty() {
            headers.retain(|(name, _)| name != b"content-length" && name != b"content-type");
        } else {
            headers.retain(|(name, _)| name != b"content-length");
            headers.push((b"content-length".to_vec(), text(body.len() as u32)));
            if !has_type {
                headers.push((b"content-type".to_vec(), PLAIN.to_vec()));
            }
        }
        LocalReply {
            headers,
            body,
            default_type: !has_type,
            is_grpc,
        }
    }

    pub fn header(&self, name: &[u8]) -> Option<&[u8]> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| &value[..])
    }

    pub fn add(&mut self, name: &[u8], value: &[u8]) {
        self.headers
            .push((name.to_ascii_lowercase(), value.to_vec()));
    }

    pub fn set(&mut self, name: &[u8], value: &[u8]) {
        self.remove(name);
        self.add(name, value);
    }

    pub fn remove(&mut self, name: &[u8]) {
        self.headers
            .retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    }

    /// The response with what the filter has changed, without what Envoy adds itself.
    pub fn into_response(mut self, response: LocalResponse) -> LocalResponse {
        let status = self
            .header(b":status")
            .and_then(|text| std::str::from_utf8(text).ok()?.parse().ok());
        let mut changed = LocalResponse {
            grpc_status: None,
            ..response
        };
        if self.is_grpc {
            // The status goes along as a header, which Envoy leaves as it is.
            for name in [&b"content-type"[..], b"grpc-message"] {
                self.remove(name);
            }
        } else {
            changed.status = status.unwrap_or(changed.status);
            changed.body = std::mem::take(&mut self.body);
            self.remove(b"content-length");
            if self.default_type && self.header(b"content-type") == Some(PLAIN) {
                self.remove(b"content-type");
            }
        }
        self.headers.retain(|(name, _)| !name.starts_with(b":"));
        changed.headers = self.headers;
        changed
    }
}

/// The gRPC status that stands for one of HTTP, as gRPC has it.
fn grpc_status(status: u16) -> u32 {
    match status {
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 | 502..=504 => 14,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response() -> LocalResponse {
        LocalResponse {
            status: 403,
            details: Vec::new(),
            headers: vec![(b"X-A".to_vec(), b"1".to_vec())],
            body: b"no".to_vec(),
            grpc_status: Some(7),
        }
    }

    #[test]
    fn what_a_filter_does_to_its_own_response_goes_out() {
        let mut reply = LocalReply::of(&response(), false);
        let names: Vec<_> = reply.headers.iter().map(|(name, _)| &name[..]).collect();
        assert_eq!(
            names,
            [&b":status"[..], b"x-a", b"content-length", b"content-type"]
        );
        reply.add(b"x-b", b"2");
        reply.set(b":status", b"418");
        reply.body = b"teapot".to_vec();
        let changed = reply.into_response(response());
        assert_eq!((changed.status, &changed.body[..]), (418, &b"teapot"[..]));
        let names: Vec<_> = changed.headers.iter().map(|(name, _)| &name[..]).collect();
        assert_eq!(names, [b"x-a", b"x-b"]);
    }

    #[test]
    fn a_grpc_response_has_its_status_in_headers() {
        let reply = LocalReply::of(&response(), true);
        assert!(reply.body.is_empty());
        assert_eq!(reply.header(b"grpc-status"), Some(&b"7"[..]));
        assert_eq!(reply.header(b"grpc-message"), Some(&b"no"[..]));
        let changed = reply.into_response(response());
        assert_eq!((changed.status, &changed.body[..]), (403, &b"no"[..]));
        assert_eq!(
            changed.headers.last().unwrap(),
            &(b"grpc-status".to_vec(), b"7".to_vec())
        );
    }
}
