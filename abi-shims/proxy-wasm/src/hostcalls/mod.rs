//! What filters can ask of the host, one file for each section of the table.
//!
//! Every function has the same order: numbers first (`BadArgument`), then addresses
//! (`InvalidMemoryAccess`), then whether the thing is there in this phase, then the deed. What a guest passes is
//! read before anything of the guest runs again, which handing a value over makes it do.

#![allow(clippy::too_many_arguments, reason = "the specification counts them")]

pub(crate) mod buffers;
pub(crate) mod context;
pub(crate) mod foreign;
pub(crate) mod grpc;
pub(crate) mod headers;
pub(crate) mod http_call;
pub(crate) mod log;
pub(crate) mod metrics;
pub(crate) mod properties;
pub(crate) mod shared_data;
pub(crate) mod shared_queue;
pub(crate) mod stream;
pub(crate) mod time;
