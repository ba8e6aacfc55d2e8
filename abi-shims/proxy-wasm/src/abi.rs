//! The numbers of the Proxy-Wasm ABI as types: statuses, maps, buffers, streams, what callbacks answer.
//!
//! Source: <https://github.com/proxy-wasm/spec>, versions 0.1.0, 0.2.0 and 0.2.1, and where these are silent or
//! differ, what Envoy's host does. A number that a guest passes is parsed here or it is a [`Status`].

use std::fmt;

macro_rules! numbers {
    ($(#[$attribute:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $number:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u32)]
        pub enum $name { $($(#[$doc])* $variant = $number,)* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The value of a number of the ABI.
            pub const fn from_number(number: u32) -> Option<Self> {
                match number { $($number => Some($name::$variant),)* _ => None }
            }

            pub const fn number(self) -> u32 {
                self as u32
            }
        }
    };
}

/// A version of the ABI. A filter names its own by exporting a function, the *marker*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AbiVersion {
    V0_1_0,
    V0_2_0,
    V0_2_1,
}

impl AbiVersion {
    pub const ALL: &'static [AbiVersion] =
        &[AbiVersion::V0_1_0, AbiVersion::V0_2_0, AbiVersion::V0_2_1];

    /// The export by which a filter says that it speaks this version.
    pub const fn marker(self) -> &'static str {
        match self {
            AbiVersion::V0_1_0 => "proxy_abi_version_0_1_0",
            AbiVersion::V0_2_0 => "proxy_abi_version_0_2_0",
            AbiVersion::V0_2_1 => "proxy_abi_version_0_2_1",
        }
    }
}

impl fmt::Display for AbiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AbiVersion::V0_1_0 => "0.1.0",
            AbiVersion::V0_2_0 => "0.2.0",
            AbiVersion::V0_2_1 => "0.2.1",
        })
    }
}

numbers! {
    /// How a hostcall ended: `proxy_status_t`.
    Status {
        Ok = 0,
        NotFound = 1,
        BadArgument = 2,
        SerializationFailure = 3,
        ParseFailure = 4,
        BadExpression = 5,
        InvalidMemoryAccess = 6,
        Empty = 7,
        CasMismatch = 8,
        ResultMismatch = 9,
        InternalFailure = 10,
        BrokenConnection = 11,
        Unimplemented = 12,
    }
}

numbers! {
    /// `proxy_log_level_t`.
    LogLevel { Trace = 0, Debug = 1, Info = 2, Warn = 3, Error = 4, Critical = 5, }
}

numbers! {
    /// `proxy_header_map_type_t`: all maps that a guest can name.
    MapType {
        RequestHeaders = 0,
        RequestTrailers = 1,
        ResponseHeaders = 2,
        ResponseTrailers = 3,
        GrpcReceiveInitialMetadata = 4,
        GrpcReceiveTrailingMetadata = 5,
        HttpCallResponseHeaders = 6,
        HttpCallResponseTrailers = 7,
    }
}

numbers! {
    /// The maps of a stream, which the proxy holds. The others are messages that a callback is about, which
    /// this crate holds.
    StreamMap { RequestHeaders = 0, RequestTrailers = 1, ResponseHeaders = 2, ResponseTrailers = 3, }
}

numbers! {
    /// `proxy_buffer_type_t`: all buffers that a guest can name.
    BufferType {
        HttpRequestBody = 0,
        HttpResponseBody = 1,
        DownstreamData = 2,
        UpstreamData = 3,
        HttpCallResponseBody = 4,
        GrpcReceiveBuffer = 5,
        VmConfiguration = 6,
        PluginConfiguration = 7,
        /// Arguments of a foreign function that the host calls.
        CallData = 8,
    }
}

numbers! {
    /// The buffers of a stream, which the proxy holds.
    StreamBuffer { RequestBody = 0, ResponseBody = 1, DownstreamData = 2, UpstreamData = 3, }
}

numbers! {
    /// `proxy_stream_type_t`: which way of a stream.
    StreamType { HttpRequest = 0, HttpResponse = 1, Downstream = 2, Upstream = 3, }
}

numbers! {
    /// `proxy_metric_type_t`.
    MetricType { Counter = 0, Gauge = 1, Histogram = 2, }
}

numbers! {
    /// Who closed a connection: `proxy_peer_type_t`.
    PeerType { Unknown = 0, Local = 1, Remote = 2, }
}

numbers! {
    /// What a filter answers to headers.
    HeadersStatus {
        Continue = 0,
        StopIteration = 1,
        ContinueAndEndStream = 2,
        StopAllIterationAndBuffer = 3,
        StopAllIterationAndWatermark = 4,
    }
}

numbers! {
    /// What a filter answers to a piece of a body.
    DataStatus {
        Continue = 0,
        StopIterationAndBuffer = 1,
        StopIterationAndWatermark = 2,
        StopIterationNoBuffer = 3,
    }
}

numbers! {
    /// What a filter answers to trailers, and to connections and their data.
    TrailersStatus { Continue = 0, StopIteration = 1, }
}
