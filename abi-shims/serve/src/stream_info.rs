//! What is known of one request for the access log and for filters' properties: times, sizes, where it went, how it
//! ended.

use http::Version;
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

/// The connection that a request came on.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Unique in the process.
    pub id: u64,
    pub peer: SocketAddr,
    pub local: SocketAddr,
    pub tls: Option<TlsInfo>,
    /// It takes no request after those that are there.
    pub closing: Cell<bool>,
}

#[derive(Clone, Debug)]
pub struct TlsInfo {
    /// `TLSv1.3`.
    pub version: &'static str,
    pub server_name: Option<String>,
    /// Whether the client has shown a certificate, which was checked.
    pub mutual: bool,
}

impl TlsInfo {
    pub fn version_name(version: Option<rustls::ProtocolVersion>) -> &'static str {
        match version {
            Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2",
            Some(rustls::ProtocolVersion::TLSv1_3) => "TLSv1.3",
            _ => "",
        }
    }
}

/// The upstream's end of a request.
#[derive(Clone, Debug)]
pub struct Peer {
    pub address: SocketAddr,
    pub local: SocketAddr,
    pub tls_version: Option<&'static str>,
}

/// Why a response is not what the upstream said: Envoy's response flags, with its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub u64);

impl Flags {
    pub const UPSTREAM_TIMEOUT: Flags = Flags(0x4);
    pub const UPSTREAM_RESET: Flags = Flags(0x10);
    pub const UPSTREAM_CONNECT: Flags = Flags(0x20);
    pub const UPSTREAM_TERMINATED: Flags = Flags(0x40);
    pub const UPSTREAM_OVERFLOW: Flags = Flags(0x80);
    pub const DOWNSTREAM_GONE: Flags = Flags(0x4000);
    pub const IDLE: Flags = Flags(0x1_0000);

    pub fn add(&mut self, other: Flags) {
        self.0 |= other.0;
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (Flags::UPSTREAM_TIMEOUT, "UT"),
            (Flags::UPSTREAM_RESET, "UR"),
            (Flags::UPSTREAM_CONNECT, "UF"),
            (Flags::UPSTREAM_TERMINATED, "UC"),
            (Flags::UPSTREAM_OVERFLOW, "UO"),
            (Flags::DOWNSTREAM_GONE, "DC"),
            (Flags::IDLE, "SI"),
        ];
        let set = names.iter().filter(|(flag, _)| self.0 & flag.0 != 0);
        let set: Vec<_> = set.map(|(_, name)| *name).collect();
        f.write_str(if set.is_empty() { "-" } else { "" })?;
        f.write_str(&set.join(","))
    }
}

/// Of one request.
#[derive(Clone, Debug)]
pub struct StreamInfo {
    pub start: Instant,
    pub start_time: SystemTime,
    pub protocol: Version,
    /// The request's headers as they came in.
    pub request_headers_bytes: usize,
    pub received_bytes: u64,
    pub sent_bytes: u64,
    /// Of the response that was sent; `None` if none was.
    pub status: Option<u16>,
    /// In a word, who answered: `via_upstream` if nothing happened.
    pub details: Cow<'static, str>,
    pub flags: Flags,
    pub attempts: u64,
    /// The upstream that was chosen, an index.
    pub route: Option<usize>,
    pub peer: Option<Peer>,
    pub upstream_start: Option<Instant>,
    /// From `upstream_start` to the connection that the request goes on.
    pub upstream_connected: Option<Duration>,
    /// From `upstream_start` to the response's headers.
    pub upstream_headers: Option<Duration>,
    /// From `upstream_start` to the response's end.
    pub upstream_end: Option<Duration>,
    pub end: Option<Duration>,
}

impl StreamInfo {
    pub fn new(protocol: Version) -> StreamInfo {
        StreamInfo {
            start: Instant::now(),
            start_time: SystemTime::now(),
            protocol,
            request_headers_bytes: 0,
            received_bytes: 0,
            sent_bytes: 0,
            status: None,
            details: Cow::Borrowed(""),
            flags: Flags::default(),
            attempts: 0,
            route: None,
            peer: None,
            upstream_start: None,
            upstream_connected: None,
            upstream_headers: None,
            upstream_end: None,
            end: None,
        }
    }

    pub fn protocol_name(&self) -> &'static str {
        match self.protocol {
            Version::HTTP_10 => "HTTP/1.0",
            Version::HTTP_2 => "HTTP/2",
            _ => "HTTP/1.1",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_listed() {
        let mut flags = Flags::default();
        assert_eq!(flags.to_string(), "-");
        flags.add(Flags::UPSTREAM_CONNECT);
        flags.add(Flags::DOWNSTREAM_GONE);
        assert_eq!(flags.to_string(), "UF,DC");
    }
}
