//! What Envoy is started with: listeners with filters, clusters, and values for the properties that filters ask for.

use crate::http::Protocol;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;

/// The name of the cluster that listeners route to.
pub const UPSTREAM: &str = "upstream";

/// A bootstrap configuration in the making.
#[derive(Clone, Debug, Default)]
pub struct Bootstrap {
    pub listeners: Vec<Value>,
    pub clusters: Vec<Value>,
    pub bootstrap_extensions: Vec<Value>,
    /// Threads that serve; two if nothing else is said.
    pub workers: Option<u32>,
}

impl Bootstrap {
    /// With the cluster [`UPSTREAM`] over HTTP/2.
    pub fn new(upstream: SocketAddr) -> Bootstrap {
        Bootstrap {
            listeners: Vec::new(),
            clusters: vec![cluster(UPSTREAM, upstream, Protocol::Http2)],
            bootstrap_extensions: Vec::new(),
            workers: None,
        }
    }

    pub fn to_json(&self) -> Value {
        json!({
            "node": node(),
            "admin": { "address": address(SocketAddr::from(([127, 0, 0, 1], 0))) },
            "static_resources": { "listeners": self.listeners, "clusters": self.clusters },
            "bootstrap_extensions": self.bootstrap_extensions,
        })
    }
}

fn address(of: SocketAddr) -> Value {
    json!({ "socket_address": { "address": of.ip().to_string(), "port_value": of.port() } })
}

fn any(kind: &str, mut value: Value) -> Value {
    value["@type"] = format!("type.googleapis.com/{kind}").into();
    value
}

pub fn string_value(text: &str) -> Value {
    any("google.protobuf.StringValue", json!({ "value": text }))
}

/// A cluster of one endpoint.
pub fn cluster(name: &str, endpoint: SocketAddr, protocol: Protocol) -> Value {
    let protocol = match protocol {
        Protocol::Http1 => json!({ "http_protocol_options": { "enable_trailers": true } }),
        Protocol::Http2 => json!({ "http2_protocol_options": {} }),
    };
    let options = any(
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        json!({ "explicit_http_config": protocol }),
    );
    json!({
        "name": name,
        "type": "STATIC",
        "connect_timeout": "5s",
        "metadata": { "filter_metadata": { "test": { "of": "cluster" } } },
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": options,
        },
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{
                "lb_endpoints": [{
                    "endpoint": { "address": address(endpoint) },
                    "metadata": { "filter_metadata": { "test": { "of": "endpoint" } } },
                }],
            }],
        },
    })
}

/// A listener on a free port that sends HTTP through `filters` to the upstream. It tells the upstream its own name
/// in `x-listener`, and adds nothing that changes from run to run.
pub fn http_listener(name: &str, filters: &[Value]) -> Value {
    let router = any(
        "envoy.extensions.filters.http.router.v3.Router",
        json!({ "suppress_envoy_headers": true }),
    );
    let mut filters = filters.to_vec();
    filters.push(json!({ "name": "envoy.filters.http.router", "typed_config": router }));
    let manager = any(
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        json!({
            "stat_prefix": name,
            "codec_type": "AUTO",
            "generate_request_id": false,
            "stream_idle_timeout": "3s",
            "delayed_close_timeout": "0s",
            "http_protocol_options": { "enable_trailers": true },
            "http_filters": filters,
            "route_config": {
                "name": "routes",
                "virtual_hosts": [{
                    "name": "host",
                    "domains": ["*"],
                    "request_headers_to_add": [
                        { "header": { "key": "x-listener", "value": name } },
                    ],
                    "routes": [{
                        "name": "route",
                        "match": { "prefix": "/" },
                        "metadata": { "filter_metadata": { "test": { "of": "route" } } },
                        "route": { "cluster": UPSTREAM, "timeout": "10s" },
                    }],
                }],
            },
        }),
    );
    listener(
        name,
        &[
            json!({ "name": "envoy.filters.network.http_connection_manager", "typed_config": manager }),
        ],
    )
}

/// A listener on a free port that sends bytes through `filters` to the upstream.
pub fn tcp_listener(name: &str, filters: &[Value]) -> Value {
    let proxy = any(
        "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
        json!({ "stat_prefix": name, "cluster": UPSTREAM }),
    );
    let mut filters = filters.to_vec();
    filters.push(json!({ "name": "envoy.filters.network.tcp_proxy", "typed_config": proxy }));
    listener(name, &filters)
}

fn listener(name: &str, filters: &[Value]) -> Value {
    json!({
        "name": name,
        "address": address(SocketAddr::from(([127, 0, 0, 1], 0))),
        "metadata": listener_metadata(),
        "filter_chains": [{ "filters": filters }],
    })
}

/// What a filter is told besides its code, the same by whatever route it gets into Envoy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plugin {
    pub name: String,
    pub root_id: String,
    pub vm_id: String,
    pub configuration: String,
    pub vm_configuration: String,
    pub environment: Vec<(String, String)>,
    pub failure: Failure,
}

/// What becomes of streams when a filter has trapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Failure {
    #[default]
    Closed,
    Open,
    Reload,
}

/// The filter as Envoy's own host runs it, in V8, with HTTP.
pub fn v8_http(plugin: &Plugin, module: &Path) -> Value {
    let configuration = json!({ "config": v8(plugin, module) });
    json!({
        "name": "envoy.filters.http.wasm",
        "typed_config": any("envoy.extensions.filters.http.wasm.v3.Wasm", configuration),
    })
}

/// The filter as Envoy's own host runs it, in V8, with connections.
pub fn v8_network(plugin: &Plugin, module: &Path) -> Value {
    let configuration = json!({ "config": v8(plugin, module) });
    json!({
        "name": "envoy.filters.network.wasm",
        "typed_config": any("envoy.extensions.filters.network.wasm.v3.Wasm", configuration),
    })
}

fn v8(plugin: &Plugin, module: &Path) -> Value {
    let environment: serde_json::Map<_, _> = plugin
        .environment
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    let failure = match plugin.failure {
        Failure::Closed => "FAIL_CLOSED",
        Failure::Open => "FAIL_OPEN",
        Failure::Reload => "FAIL_RELOAD",
    };
    json!({
        "name": plugin.name,
        "root_id": plugin.root_id,
        "failure_policy": failure,
        "configuration": string_value(&plugin.configuration),
        "vm_config": {
            "vm_id": plugin.vm_id,
            "runtime": "envoy.wasm.runtime.v8",
            "code": { "local": { "filename": module } },
            "configuration": string_value(&plugin.vm_configuration),
            "environment_variables": { "key_values": environment },
        },
    })
}

/// How our adapter gets into Envoy, and the filter into the adapter.
#[derive(Clone, Copy, Debug)]
pub struct Adapter<'a> {
    /// `libahead_envoy.so`, or a module that carries its filter.
    pub library: &'a Path,
    /// The filter, if the module does not carry it.
    pub artifact: Option<&'a Path>,
}

/// The filter as our adapter runs it, with HTTP.
pub fn ahead_http(plugin: &Plugin, adapter: Adapter<'_>) -> Value {
    json!({
        "name": "envoy.filters.http.dynamic_modules",
        "typed_config": any(
            "envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter",
            ahead(plugin, adapter),
        ),
    })
}

/// The filter as our adapter runs it, with connections.
pub fn ahead_network(plugin: &Plugin, adapter: Adapter<'_>) -> Value {
    json!({
        "name": "envoy.filters.network.dynamic_modules",
        "typed_config": any(
            "envoy.extensions.filters.network.dynamic_modules.v3.DynamicModuleNetworkFilter",
            ahead(plugin, adapter),
        ),
    })
}

/// The cluster without hosts by which our adapter reaches every worker at any time.
pub fn helper_cluster(library: &Path) -> Value {
    let configuration = json!({
        "dynamic_module_config": { "module": { "local": { "filename": library } } },
        "cluster_name": "ahead",
    });
    json!({
        "name": "ahead",
        "lb_policy": "CLUSTER_PROVIDED",
        "cluster_type": {
            "name": "envoy.clusters.dynamic_modules",
            "typed_config": any(
                "envoy.extensions.clusters.dynamic_modules.v3.ClusterConfig",
                configuration,
            ),
        },
    })
}

fn ahead(plugin: &Plugin, adapter: Adapter<'_>) -> Value {
    let environment: serde_json::Map<_, _> = plugin
        .environment
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    let failure = match plugin.failure {
        Failure::Closed => "fail_closed",
        Failure::Open => "fail_open",
        Failure::Reload => "fail_reload",
    };
    let mut configuration = json!({
        "name": plugin.name,
        "root_id": plugin.root_id,
        "vm_id": plugin.vm_id,
        "configuration": plugin.configuration,
        "vm_configuration": plugin.vm_configuration,
        "environment": environment,
        "failure_policy": failure,
        // Envoy tells modules neither.
        "node": node(),
        "listener_metadata": listener_metadata(),
    });
    if plugin.failure == Failure::Reload {
        // Nobody wants to wait for a filter here.
        configuration["reload_backoff"] = json!({ "base_ms": 0 });
    }
    if let Some(artifact) = adapter.artifact {
        configuration["artifact"] = json!(artifact);
    }
    json!({
        "dynamic_module_config": {
            "module": { "local": { "filename": adapter.library } },
            "do_not_close": true,
            "metrics_namespace": "wasmcustom",
        },
        "filter_name": plugin.name,
        "filter_config": string_value(&configuration.to_string()),
    })
}

fn node() -> Value {
    json!({
        "id": "node-id",
        "cluster": "node-cluster",
        "metadata": { "team": "ahead", "numbers": [1, 2] },
        "locality": { "region": "here", "zone": "z1" },
    })
}

fn listener_metadata() -> Value {
    json!({ "filter_metadata": { "test": { "of": "listener" } } })
}
