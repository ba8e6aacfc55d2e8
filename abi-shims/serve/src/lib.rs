//! `ahead serve`: an HTTP reverse proxy that runs Proxy-Wasm filters, for those who have no other proxy at hand, and the
//! host that filters are tested on.
//!
//! HTTP/1.1 and HTTP/2, with and without TLS, are hyper's and rustls'; what filters are and what they may ask for is
//! `ahead-proxy-wasm`'s. Here is what lies between: how a request passes filters and comes to an upstream. In all that
//! filters can tell, Envoy is the model. Artefacts are opened by who calls this crate, which knows no compiler.
//!
//! From the outside in: [`Server`] (the process), `worker.rs` (a thread), `connection.rs`, `driver.rs` (one request),
//! `chain.rs` (its way through the filters), `filter.rs` (one filter's part in it).

#![forbid(unsafe_code)]

mod access_log;
mod admin;
mod callout;
mod chain;
pub mod config;
mod connection;
mod driver;
mod error;
mod exchange;
mod filter;
mod filters;
mod forward;
mod headers;
mod host;
mod local_reply;
mod metrics;
mod pipe;
mod property;
mod refusal;
mod reload;
mod server;
mod stream_info;
mod tls;
mod upstream;
mod worker;

pub use access_log::{AccessLog, Escaped, Timestamp};
pub use config::Config;
pub use error::Error;
pub use filters::{FilterSpec, Opened, Opener, Text};
pub use host::{CRITICAL, FILTER, Host};
pub use server::Server;
