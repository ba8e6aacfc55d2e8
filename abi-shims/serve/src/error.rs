//! Why there is no proxy, or no longer.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("cannot listen on `{address}`: {error}")]
    Listen {
        address: SocketAddr,
        error: io::Error,
    },

    #[error("cannot read `{path}`: {error}", path = path.display())]
    Read { path: PathBuf, error: io::Error },

    #[error("`{path}` {why}", path = path.display())]
    Pem { path: PathBuf, why: String },

    #[error("TLS: {0}")]
    Tls(String),

    #[error("{0}")]
    Filter(String),

    #[error("cannot start {what}: {error}")]
    Start {
        what: &'static str,
        error: io::Error,
    },
}
