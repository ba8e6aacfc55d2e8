//! Configurations for Envoy, as JSON values: a filter of ours, the helper cluster, and a whole one to try a filter with.

use serde_json::{Map, Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// A message of the given type.
pub fn any(kind: &str, mut value: Value) -> Value {
    value["@type"] = format!("type.googleapis.com/{kind}").into();
    value
}

/// Where a filter comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A module that carries it (`--emit envoy`).
    Module(PathBuf),
    /// An artefact beside the adapter.
    Artefact { adapter: PathBuf, artefact: PathBuf },
}

impl Source {
    /// The module that Envoy loads.
    pub fn module(&self) -> &Path {
        match self {
            Source::Module(module) => module,
            Source::Artefact { adapter, .. } => adapter,
        }
    }
}

/// Which filters a filter stands among.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Http,
    Network,
}

/// The module as extensions name it. Its statistics are called as those of Envoy's own Wasm host.
fn module_config(module: &Path) -> Value {
    json!({
        "module": {"local": {"filename": module}},
        "metrics_namespace": "wasmcustom",
    })
}

/// An entry for `http_filters`, or for a filter chain's `filters`. `settings` is what the adapter reads.
pub fn filter(
    place: Place,
    name: &str,
    source: &Source,
    mut settings: Map<String, Value>,
) -> Value {
    if let Source::Artefact { artefact, .. } = source {
        settings.insert("artifact".into(), json!(artefact));
    }
    let (extension, kind) = match place {
        Place::Http => (
            "envoy.filters.http.dynamic_modules",
            "envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter",
        ),
        Place::Network => (
            "envoy.filters.network.dynamic_modules",
            "envoy.extensions.filters.network.dynamic_modules.v3.DynamicModuleNetworkFilter",
        ),
    };
    json!({
        "name": extension,
        "typed_config": any(kind, json!({
            "dynamic_module_config": module_config(source.module()),
            "filter_name": name,
            "filter_config": any("google.protobuf.Struct", json!({"value": settings})),
        })),
    })
}

/// The cluster through which the adapter reaches all workers.
pub fn helper_cluster(module: &Path) -> Value {
    json!({
        "name": "ahead",
        "lb_policy": "CLUSTER_PROVIDED",
        "cluster_type": {
            "name": "envoy.clusters.dynamic_modules",
            "typed_config": any("envoy.extensions.clusters.dynamic_modules.v3.ClusterConfig", json!({
                "dynamic_module_config": {"module": {"local": {"filename": module}}},
                "cluster_name": "ahead",
            })),
        },
    })
}

/// A whole configuration: one listener, one filter, one upstream.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    pub place: Place,
    pub listen: SocketAddr,
    /// A name or address, and a port.
    pub upstream: (String, u16),
    /// Where the administration interface listens, if anywhere.
    pub admin: Option<SocketAddr>,
}

fn address(host: &str, port: u16) -> Value {
    json!({"socket_address": {"address": host, "port_value": port}})
}

impl Bootstrap {
    pub fn with(&self, filter: Value, helper: Value) -> Value {
        let chain = match self.place {
            Place::Http => vec![http_manager(filter)],
            Place::Network => vec![filter, tcp_proxy()],
        };
        let (host, port) = &self.upstream;
        let listen = address(&self.listen.ip().to_string(), self.listen.port());
        let mut config = json!({
            "static_resources": {
                "listeners": [{
                    "name": "listener",
                    "address": listen,
                    "filter_chains": [{"filters": chain}],
                }],
                "clusters": [
                    {
                        "name": "upstream",
                        "type": "STRICT_DNS",
                        "connect_timeout": "5s",
                        "load_assignment": {
                            "cluster_name": "upstream",
                            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address(host, *port)}}]}],
                        },
                    },
                    helper,
                ],
            },
        });
        if let Some(admin) = self.admin {
            config["admin"] = json!({"address": address(&admin.ip().to_string(), admin.port())});
        }
        config
    }
}

fn http_manager(filter: Value) -> Value {
    let router = any("envoy.extensions.filters.http.router.v3.Router", json!({}));
    let manager = json!({
        "stat_prefix": "listener",
        "http_filters": [filter, {"name": "envoy.filters.http.router", "typed_config": router}],
        "route_config": {
            "name": "routes",
            "virtual_hosts": [{
                "name": "all",
                "domains": ["*"],
                "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "upstream"}}],
            }],
        },
    });
    let kind = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
    json!({
        "name": "envoy.filters.network.http_connection_manager",
        "typed_config": any(kind, manager),
    })
}

fn tcp_proxy() -> Value {
    let kind = "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";
    json!({
        "name": "envoy.filters.network.tcp_proxy",
        "typed_config": any(kind, json!({"stat_prefix": "listener", "cluster": "upstream"})),
    })
}
