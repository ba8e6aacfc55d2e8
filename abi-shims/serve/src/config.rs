//! What a proxy is told: where it listens, where requests go, how much of everything there may be.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// All of a proxy's configuration but its filters.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: Vec<SocketAddr>,
    /// Where statistics and health are served; nowhere if there is none.
    pub admin: Option<SocketAddr>,
    /// Never empty.
    pub upstreams: Vec<Upstream>,
    pub routes: Vec<Route>,
    /// Encrypts what `listen` accepts.
    pub tls: Option<ServerTls>,
    /// Certificates in PEM that upstreams are checked against; the system's if there are none.
    pub upstream_ca: Option<PathBuf>,
    /// What is added to requests.
    pub forwarded: Forwarded,
    /// Threads. With one, everything is done on the thread that calls.
    pub workers: usize,
    pub timeouts: Timeouts,
    pub limits: Limits,
    /// How often artefacts are looked at for changes; never if there is none.
    pub watch: Option<Duration>,
}

/// What a proxy in front of this one may have added already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forwarded {
    /// Appends the client to `x-forwarded-for`.
    pub client: bool,
    /// Makes an `x-request-id` if there is none.
    pub request_id: bool,
}

/// Files in PEM.
#[derive(Clone, Debug)]
pub struct ServerTls {
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// Whose clients are let in; with it, a client must have a certificate.
    pub client_ca: Option<PathBuf>,
}

#[derive(Clone, Debug)]
pub struct Timeouts {
    /// For an upstream's answer, once the request is there; none if there is no limit. Envoy's route timeout.
    pub request: Option<Duration>,
    /// Without a byte in either direction of a request. Envoy's stream idle timeout.
    pub idle: Duration,
    /// For a client to send a request's headers, or anything on a connection it keeps alive.
    pub headers: Duration,
    /// To connect to an upstream, TLS included.
    pub connect: Duration,
    /// For requests under way when the proxy is told to stop.
    pub drain: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            request: Some(Duration::from_secs(15)),
            idle: Duration::from_secs(300),
            headers: Duration::from_secs(60),
            connect: Duration::from_secs(5),
            drain: Duration::from_secs(30),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Limits {
    /// Headers of a request or a response together; beyond, a request is answered with 431.
    pub headers_bytes_max: usize,
    pub headers_max: usize,
    /// What a filter may hold back of one body; beyond, 413 for a request and 500 for a response.
    pub buffer_bytes_max: usize,
    /// Connections from clients; beyond, they wait to be accepted.
    pub connections_max: usize,
    /// Streams of one HTTP/2 connection.
    pub streams_max: u32,
    /// Connections of a worker to one upstream; beyond, requests are answered with 503.
    pub upstream_connections_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            headers_bytes_max: 60 << 10,
            headers_max: 100,
            buffer_bytes_max: 1 << 20,
            connections_max: 10_000,
            streams_max: 100,
            upstream_connections_max: 1024,
        }
    }
}

/// Where requests can go, and callouts by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    pub name: String,
    pub transport: Transport,
    /// A name or an address, without brackets.
    pub host: String,
    pub port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// `http:`: HTTP/1.1, and HTTP/2 for what needs it.
    Http,
    /// `h2c:`: HTTP/2 without TLS.
    Http2,
    /// `https:`: what the server chooses.
    Https,
}

/// What is wrong with words that should name an upstream or a route.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl Upstream {
    /// Reads `NAME=URL` or `URL`, whose name then is its host and port.
    pub fn parse(text: &str) -> Result<Upstream, Unreadable> {
        let unreadable = |why: &str| Unreadable(format!("`{text}` {why}"));
        let (name, url) = match text.split_once('=') {
            Some((name, url)) if !name.contains("://") => (Some(name), url),
            _ => (None, text),
        };
        if name == Some("") {
            return Err(unreadable("has an empty name"));
        }
        let uri: http::Uri = url
            .parse()
            .map_err(|error| unreadable(&format!("is no URL: {error}")))?;
        let (transport, port) = match uri.scheme_str() {
            Some("http") => (Transport::Http, 80),
            Some("h2c") => (Transport::Http2, 80),
            Some("https") => (Transport::Https, 443),
            _ => {
                return Err(unreadable(
                    "is no URL that starts with `http://`, `https://` or `h2c://`",
                ));
            }
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(unreadable("has a path: an upstream is a host and a port"));
        }
        let authority = uri.authority().ok_or_else(|| unreadable("has no host"))?;
        if authority.as_str().contains('@') {
            return Err(unreadable("has a user name, which is not supported"));
        }
        let host = authority.host().trim_matches(['[', ']']);
        if host.is_empty() {
            return Err(unreadable("has no host"));
        }
        let port = match authority.port_u16() {
            Some(port) => port,
            None if authority.as_str() == authority.host() => port,
            None => return Err(unreadable("has a port that is none")),
        };
        let host = host.to_owned();
        let name = name.map_or_else(|| authority.to_string(), str::to_owned);
        Ok(Upstream {
            name,
            transport,
            host,
            port,
        })
    }

    pub fn url(&self) -> String {
        let scheme = match self.transport {
            Transport::Http => "http",
            Transport::Http2 => "h2c",
            Transport::Https => "https",
        };
        if self.host.contains(':') {
            format!("{scheme}://[{}]:{}", self.host, self.port)
        } else {
            format!("{scheme}://{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.url())
    }
}

/// Requests whose path starts with `prefix` go to `upstream`, an index. The first route that fits counts, and without
/// one the first upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub prefix: String,
    pub upstream: usize,
}

impl Route {
    /// Reads `PREFIX=NAME`.
    pub fn parse(text: &str, upstreams: &[Upstream]) -> Result<Route, Unreadable> {
        let unreadable = |why: String| Unreadable(format!("`{text}` {why}"));
        let (prefix, name) = text
            .rsplit_once('=')
            .ok_or_else(|| unreadable("is not of the form `PREFIX=NAME`".into()))?;
        if !prefix.starts_with('/') {
            return Err(unreadable(
                "has a prefix that does not start with `/`".into(),
            ));
        }
        let known = upstreams.iter().position(|upstream| upstream.name == name);
        let upstream = known.ok_or_else(|| unreadable(format!("names no upstream: `{name}`")))?;
        let prefix = prefix.to_owned();
        Ok(Route { prefix, upstream })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upstreams_are_read() {
        let read = |text| Upstream::parse(text).unwrap().to_string();
        assert_eq!(read("http://h"), "h=http://h:80");
        assert_eq!(read("api=https://h/"), "api=https://h:443");
        assert_eq!(read("a|b=h2c://[::1]:9"), "a|b=h2c://[::1]:9");
        let wrong = [
            "h:80",
            "ftp://h",
            "x=",
            "=http://h",
            "http://h/path",
            "http://h?q",
            "http://",
            "http://u@h",
            "http://h:99999",
        ];
        for text in wrong {
            assert!(Upstream::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn routes_are_read() {
        let upstreams = [
            Upstream::parse("a=http://h").unwrap(),
            Upstream::parse("b=http://h").unwrap(),
        ];
        let route = Route::parse("/x=y/=b", &upstreams).unwrap();
        assert_eq!((route.prefix.as_str(), route.upstream), ("/x=y/", 1));
        for text in ["/x", "x=a", "/x=c"] {
            assert!(Route::parse(text, &upstreams).is_err(), "{text}");
        }
    }
}
