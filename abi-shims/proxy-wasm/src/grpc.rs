//! gRPC on top of an HTTP/2 stream: frames, and how a call ended.
//!
//! ```text
//! 0 compressed: u8 | 1 bytes: u32, big-endian | 5 message
//! ```
//! Source: <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>.

use crate::host::Header;
use crate::hostcalls::http_call::value_of;

/// `grpc-status` values that this host makes itself.
pub(crate) mod code {
    pub const OK: u32 = 0;
    pub const UNKNOWN: u32 = 2;
    pub const RESOURCE_EXHAUSTED: u32 = 8;
    pub const INTERNAL: u32 = 13;
    pub const UNAVAILABLE: u32 = 14;
}

const HEAD_BYTES: usize = 5;

/// The receiving side of a gRPC call or stream.
#[derive(Debug, Default)]
pub(crate) struct GrpcCall {
    /// Bytes that are no whole message yet.
    pending: Vec<u8>,
    /// The response's headers, until trailers come: an answer of headers alone has its status in them.
    pub headers: Vec<Header>,
    /// The message of a call, which is told when the status is known to be good.
    pub response: Option<Vec<u8>>,
    /// The guest ended its sending side.
    pub closed_here: bool,
}

/// A message's frame, uncompressed.
pub(crate) fn frame(message: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(HEAD_BYTES + message.len());
    frame.push(0);
    frame.extend_from_slice(&(message.len() as u32).to_be_bytes());
    frame.extend_from_slice(message);
    frame
}

/// Why bytes are no messages.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FrameError {
    /// Nothing was offered that a peer may compress with.
    Compressed,
    TooLong,
}

impl FrameError {
    pub fn status(&self) -> (u32, &'static str) {
        match self {
            FrameError::Compressed => {
                (code::INTERNAL, "a compressed message that nobody asked for")
            }
            FrameError::TooLong => (code::RESOURCE_EXHAUSTED, "a message longer than the limit"),
        }
    }
}

impl GrpcCall {
    pub fn new(closed_here: bool) -> Self {
        GrpcCall {
            closed_here,
            ..GrpcCall::default()
        }
    }

    /// Takes bytes in and gives the messages that are whole now.
    pub fn receive(&mut self, bytes: &[u8], bytes_max: usize) -> Result<Vec<Vec<u8>>, FrameError> {
        self.pending.extend_from_slice(bytes);
        let mut messages = Vec::new();
        let mut rest = &self.pending[..];
        while let Some((head, behind)) = rest.split_first_chunk::<HEAD_BYTES>() {
            let [compressed, a, b, c, d] = *head;
            let bytes = u32::from_be_bytes([a, b, c, d]) as usize;
            if compressed != 0 {
                return Err(FrameError::Compressed);
            }
            if bytes > bytes_max {
                return Err(FrameError::TooLong);
            }
            let Some((message, behind)) = behind.split_at_checked(bytes) else {
                break;
            };
            messages.push(message.to_vec());
            rest = behind;
        }
        let used = self.pending.len() - rest.len();
        self.pending.drain(..used);
        Ok(messages)
    }
}

/// Status and message in trailers, or in the headers of an answer that has nothing else.
///
/// Without `grpc-status` the call's status follows from `:status`, as the protocol's mapping has it.
pub(crate) fn status(headers: &[Header], trailers: &[Header]) -> (u32, Vec<u8>) {
    for fields in [trailers, headers] {
        let Some(value) = value_of(fields, b"grpc-status") else {
            continue;
        };
        let text = std::str::from_utf8(value).unwrap_or_default();
        let message = value_of(fields, b"grpc-message").unwrap_or_default();
        return (
            text.parse().unwrap_or(code::UNKNOWN),
            percent_decoded(message),
        );
    }
    let http = value_of(headers, b":status").unwrap_or_default();
    let status = match http {
        b"400" => code::INTERNAL,
        b"401" => 16,
        b"403" => 7,
        b"404" => 12,
        b"429" | b"502" | b"503" | b"504" => code::UNAVAILABLE,
        _ => code::UNKNOWN,
    };
    (status, b"the response has no grpc-status".to_vec())
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        if let (b'%', [high, low, behind @ ..]) = (first, behind)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            out.push(high << 4 | low);
            rest = behind;
        } else {
            out.push(first);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_whole_however_they_are_cut() {
        let bytes = [frame(b"one"), frame(b""), frame(&[7; 300])].concat();
        for piece in [1, 2, 5, 7, bytes.len()] {
            let mut call = GrpcCall::default();
            let mut messages = Vec::new();
            for part in bytes.chunks(piece) {
                messages.extend(call.receive(part, 300).unwrap());
            }
            assert_eq!(messages, [b"one".to_vec(), Vec::new(), vec![7; 300]]);
            assert!(call.pending.is_empty());
        }
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        let receive = |bytes: &[u8]| GrpcCall::default().receive(bytes, 10);
        assert_eq!(receive(&[1, 0, 0, 0, 0]), Err(FrameError::Compressed));
        assert_eq!(receive(&[0, 0, 0, 0, 11]), Err(FrameError::TooLong));
        assert_eq!(
            receive(&[0, 0xff, 0xff, 0xff, 0xff]),
            Err(FrameError::TooLong)
        );
        assert_eq!(receive(&[0, 0, 0, 0, 10]), Ok(vec![]));
    }

    #[test]
    fn a_status_is_found() {
        let field = |name: &str, value: &str| (name.into(), value.into());
        let trailers: Vec<Header> = vec![
            field("grpc-status", "5"),
            field("grpc-message", "a%20b%zz%"),
        ];
        assert_eq!(status(&[], &trailers), (5, b"a b%zz%".to_vec()));
        assert_eq!(status(&trailers, &[]).0, 5);
        assert_eq!(status(&[field(":status", "503")], &[]).0, code::UNAVAILABLE);
        assert_eq!(status(&[field("grpc-status", "x")], &[]).0, code::UNKNOWN);
    }
}
