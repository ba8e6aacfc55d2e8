//! Turns configurations of Envoy's own Wasm host into ours: every filter `envoy.filters.http.wasm` and
//! `envoy.filters.network.wasm` in whatever part of a configuration it is handed, the rest as it is.

use super::configuration::{Place, Source, filter, helper_cluster};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

const HTTP: &str = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";
const NETWORK: &str = "type.googleapis.com/envoy.extensions.filters.network.wasm.v3.Wasm";
/// How a configuration names a type that its own tool does not know.
const TYPED_STRUCTS: [&str; 2] = [
    "type.googleapis.com/xds.type.v3.TypedStruct",
    "type.googleapis.com/udpa.type.v1.TypedStruct",
];

/// What came of it.
#[derive(Debug)]
pub struct Converted {
    pub config: Value,
    /// Filters that were converted.
    pub filters: usize,
    /// What could not be carried over, in sentences.
    pub notes: Vec<String>,
}

/// Converts all filters in `config`. `adapter` is the module that Envoy is to load; `filter` the filter for all of
/// them, or else each is looked for where its `.wasm` is said to be, as `.so`.
pub fn convert(mut config: Value, adapter: &Path, filter: Option<&Source>) -> Converted {
    let mut conversion = Conversion {
        adapter,
        source: filter,
        filters: 0,
        modules: Vec::new(),
        notes: Vec::new(),
    };
    conversion.visit(&mut config);
    if conversion.filters > 0 {
        conversion.add_helpers(&mut config);
    }
    Converted {
        config,
        filters: conversion.filters,
        notes: conversion.notes,
    }
}

struct Conversion<'a> {
    adapter: &'a Path,
    source: Option<&'a Source>,
    filters: usize,
    /// Modules that Envoy is to load.
    modules: Vec<PathBuf>,
    notes: Vec<String>,
}

impl Conversion<'_> {
    fn visit(&mut self, value: &mut Value) {
        if let Some((place, config)) = wasm_config(value) {
            let name = value["name"].as_str().unwrap_or_default().to_owned();
            let disabled = value.get("disabled").cloned();
            *value = self.filter(place, &name, &config);
            if let Some(disabled) = disabled {
                value["disabled"] = disabled;
            }
            return;
        }
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.visit(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.visit(field)),
            _ => {}
        }
    }

    fn filter(&mut self, place: Place, entry: &str, config: &Value) -> Value {
        self.filters += 1;
        let plugin = Plugin {
            label: match config["name"].as_str() {
                Some(name) if !name.is_empty() => name.to_owned(),
                _ => entry.to_owned(),
            },
            config,
            notes: &mut self.notes,
        };
        let name = plugin.label.clone();
        let (settings, code) = plugin.settings();
        let source = match self.source {
            Some(source) => source.clone(),
            None => Source::Artefact {
                adapter: self.adapter.to_owned(),
                artefact: code.unwrap_or_else(|| PathBuf::from("filter.so")),
            },
        };
        if !self.modules.iter().any(|module| module == source.module()) {
            self.modules.push(source.module().to_owned());
        }
        filter(place, &name, &source, settings)
    }

    /// Puts a helper cluster for each module beside the other clusters, or says that one is wanted.
    fn add_helpers(&mut self, config: &mut Value) {
        let helpers = self.modules.iter().enumerate().map(|(index, module)| {
            let mut helper = helper_cluster(module);
            if index > 0 {
                helper["name"] = format!("ahead-{}", index + 1).into();
            }
            helper
        });
        let is_bootstrap = config.get("static_resources").is_some_and(Value::is_object);
        if is_bootstrap {
            let clusters = &mut config["static_resources"]["clusters"];
            if clusters.is_null() {
                *clusters = json!([]);
            }
            if let Some(clusters) = clusters.as_array_mut() {
                clusters.extend(helpers);
                return;
            }
        }
        self.notes.push(
            "no clusters are in this part of the configuration: add the helper cluster that `ahead envoy-config` \
             prints, or ticks and queues come with the next request only"
                .into(),
        );
    }
}

/// The plugin configuration of a Wasm filter's entry.
fn wasm_config(entry: &Value) -> Option<(Place, Value)> {
    let typed = entry.get("typed_config")?;
    let kind = typed.get("@type")?.as_str()?;
    let (kind, value) = match TYPED_STRUCTS.contains(&kind) {
        true => (typed.get("type_url")?.as_str()?, typed.get("value")?),
        false => (kind, typed),
    };
    let place = match kind {
        HTTP => Place::Http,
        NETWORK => Place::Network,
        _ => return None,
    };
    Some((place, value.get("config").cloned().unwrap_or_default()))
}

/// One plugin's configuration.
struct Plugin<'a> {
    label: String,
    config: &'a Value,
    notes: &'a mut Vec<String>,
}

impl Plugin<'_> {
    fn note(&mut self, text: &str) {
        self.notes
            .push(format!("filter `{}`: {text}", self.label.escape_debug()));
    }

    /// What the adapter is to read, and where the filter's artefact is expected.
    fn settings(mut self) -> (Map<String, Value>, Option<PathBuf>) {
        let mut settings = Map::new();
        let config = self.config;
        let vm = &config["vm_config"];
        for (ours, theirs) in [
            ("name", &config["name"]),
            ("root_id", &config["root_id"]),
            ("vm_id", &vm["vm_id"]),
        ] {
            if theirs.as_str().is_some_and(|text| !text.is_empty()) {
                settings.insert(ours.into(), theirs.clone());
            }
        }
        for (ours, theirs) in [
            ("configuration", &config["configuration"]),
            ("vm_configuration", &vm["configuration"]),
        ] {
            if let Some(value) = self.message(ours, theirs) {
                settings.insert(ours.into(), value);
            }
        }
        self.environment(&vm["environment_variables"], &mut settings);
        self.failure_policy(&mut settings);
        let flag = &config["allow_on_headers_stop_iteration"];
        let flag = flag.get("value").unwrap_or(flag);
        if flag == &Value::Bool(true) {
            settings.insert("allow_on_headers_stop_iteration".into(), flag.clone());
        }
        self.left_out();
        let code = self.code(&vm["code"]);
        (settings, code)
    }

    /// A configuration for the filter, which is any message in Envoy.
    fn message(&mut self, name: &str, message: &Value) -> Option<Value> {
        let kind = message
            .get("@type")?
            .as_str()?
            .rsplit('/')
            .next()?
            .to_owned();
        let value = &message["value"];
        match kind.as_str() {
            "google.protobuf.StringValue" => value.as_str().map(|text| json!(text)),
            "google.protobuf.BytesValue" => value.as_str().map(|text| json!({"base64": text})),
            "google.protobuf.Struct" => Some(json!({"json": value})),
            _ => {
                self.note(&format!(
                    "its `{name}` is a `{}`, which Envoy hands to the filter in binary form; give it as `base64`",
                    kind.escape_debug()
                ));
                None
            }
        }
    }

    fn environment(&mut self, variables: &Value, settings: &mut Map<String, Value>) {
        if let Some(pairs) = variables["key_values"]
            .as_object()
            .filter(|pairs| !pairs.is_empty())
        {
            settings.insert("environment".into(), json!(pairs));
        }
        if let Some(keys) = variables["host_env_keys"]
            .as_array()
            .filter(|keys| !keys.is_empty())
        {
            settings.insert("inherited_environment".into(), json!(keys));
        }
    }

    fn failure_policy(&mut self, settings: &mut Map<String, Value>) {
        let policy = match self.config["failure_policy"].as_str() {
            Some("FAIL_OPEN") => "fail_open",
            Some("FAIL_RELOAD") => "fail_reload",
            None | Some("UNSPECIFIED") if self.config["fail_open"] == true => {
                self.note("`fail_open` lets the request pass that the filter failed in; `fail_open` here answers it with 503");
                "fail_open"
            }
            _ => return,
        };
        settings.insert("failure_policy".into(), policy.into());
        let backoff = &self.config["reload_config"]["backoff"];
        let times = [("base_ms", "base_interval"), ("max_ms", "max_interval")];
        let times =
            times.map(|(ours, theirs)| Some((ours, milliseconds(backoff[theirs].as_str()?)?)));
        let times: Map<_, _> = times
            .into_iter()
            .flatten()
            .map(|(name, ms)| (name.to_owned(), json!(ms)))
            .collect();
        if policy == "fail_reload" && !times.is_empty() {
            settings.insert("reload_backoff".into(), Value::Object(times));
        }
    }

    fn left_out(&mut self) {
        let (config, vm) = (self.config, &self.config["vm_config"]);
        for (field, value) in [
            (
                "capability_restriction_config",
                &config["capability_restriction_config"],
            ),
            (
                "vm_config.nack_on_code_cache_miss",
                &vm["nack_on_code_cache_miss"],
            ),
            ("vm_config.allow_precompiled", &vm["allow_precompiled"]),
        ] {
            if !matches!(value, Value::Null | Value::Bool(false)) {
                self.note(&format!("`{field}` has no counterpart"));
            }
        }
        if let Some(runtime) = vm["runtime"].as_str()
            && runtime == "envoy.wasm.runtime.null"
        {
            self.note("it is part of Envoy (`envoy.wasm.runtime.null`) and not a module: it cannot be compiled");
        }
    }

    /// Where the artefact is expected.
    fn code(&mut self, code: &Value) -> Option<PathBuf> {
        if let Some(file) = code["local"]["filename"].as_str() {
            let artefact = Path::new(file).with_extension("so");
            self.note(&format!(
                "compile its code: `ahead compile {} -o {}`",
                shown(Path::new(file)),
                shown(&artefact)
            ));
            return Some(artefact);
        }
        let artefact = PathBuf::from(format!("{}.so", file_name(&self.label)));
        if let Some(bytes) = code["local"]["inline_bytes"].as_str() {
            let bytes = STANDARD.decode(bytes).map_or(0, |bytes| bytes.len());
            self.note(&format!(
                "its code stands in the configuration ({bytes} bytes): compile it to `{}`",
                shown(&artefact)
            ));
        } else if let Some(uri) = code["remote"]["http_uri"]["uri"].as_str() {
            self.note(&format!(
                "its code is fetched from `{}`, and here it is not: fetch it and compile it to `{}`",
                uri.escape_debug(),
                shown(&artefact)
            ));
        } else {
            self.note(&format!(
                "where its code is does not follow: it is expected in `{}`",
                shown(&artefact)
            ));
        }
        Some(artefact)
    }
}

/// A label as a file's name.
fn file_name(label: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || "-_.".contains(c) {
            c
        } else {
            '_'
        }
    };
    match label.chars().map(safe).collect::<String>() {
        name if name.is_empty() => "filter".into(),
        name => name,
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string().escape_debug().to_string()
}

/// A duration of protobuf's JSON form, such as `0.25s`.
fn milliseconds(text: &str) -> Option<u64> {
    let seconds: f64 = text.strip_suffix('s')?.parse().ok()?;
    (0.0..1e9)
        .contains(&seconds)
        .then_some((seconds * 1e3).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wasm(config: Value) -> Value {
        json!({"name": "entry", "typed_config": {"@type": HTTP, "config": config}})
    }

    fn settings(filter: &Value) -> &Value {
        &filter["typed_config"]["filter_config"]["value"]
    }

    #[test]
    fn what_can_be_carried_over_is() {
        let string =
            json!({"@type": "type.googleapis.com/google.protobuf.StringValue", "value": "x"});
        let fields =
            json!({"@type": "type.googleapis.com/google.protobuf.Struct", "value": {"a": 1}});
        let config = wasm(json!({
            "name": "auth", "root_id": "r", "configuration": fields,
            "failure_policy": "FAIL_RELOAD",
            "reload_config": {"backoff": {"base_interval": "0.05s", "max_interval": "2s"}},
            "vm_config": {
                "vm_id": "v", "runtime": "envoy.wasm.runtime.v8", "configuration": string,
                "code": {"local": {"filename": "/etc/auth.wasm"}},
                "environment_variables": {"key_values": {"A": "b"}, "host_env_keys": ["HOME"]},
            },
        }));
        let whole = json!({"static_resources": {"listeners": [{"f": [config]}]}});
        let converted = convert(whole, Path::new("/lib/adapter.so"), None);
        assert_eq!(converted.filters, 1);
        assert_eq!(
            converted.notes,
            ["filter `auth`: compile its code: `ahead compile /etc/auth.wasm -o /etc/auth.so`"]
        );
        let resources = &converted.config["static_resources"];
        let filter = &resources["listeners"][0]["f"][0];
        assert_eq!(filter["typed_config"]["filter_name"], "auth");
        assert_eq!(
            settings(filter),
            &json!({
                "artifact": "/etc/auth.so", "name": "auth", "root_id": "r", "vm_id": "v",
                "configuration": {"json": {"a": 1}}, "vm_configuration": "x",
                "environment": {"A": "b"}, "inherited_environment": ["HOME"],
                "failure_policy": "fail_reload", "reload_backoff": {"base_ms": 50, "max_ms": 2000},
            })
        );
        assert_eq!(resources["clusters"][0]["name"], "ahead");
    }

    #[test]
    fn what_cannot_be_carried_over_is_said() {
        let config = wasm(json!({
            "fail_open": true,
            "configuration": {"@type": "type.googleapis.com/x.Y", "z": 1},
            "capability_restriction_config": {"allowed_capabilities": {}},
            "vm_config": {"code": {"remote": {"http_uri": {"uri": "https://h/f.wasm"}}}},
        }));
        let converted = convert(config, Path::new("a.so"), None);
        let notes = converted.notes.join("\n");
        for part in [
            "`x.Y`",
            "`fail_open` lets",
            "capability",
            "fetched from",
            "no clusters",
        ] {
            assert!(notes.contains(part), "{part}: {notes}");
        }
        assert_eq!(settings(&converted.config)["artifact"], "entry.so");
        assert_eq!(settings(&converted.config)["failure_policy"], "fail_open");
    }

    #[test]
    fn a_typed_struct_is_looked_into_and_the_rest_left_alone() {
        let inner = json!({"config": {"name": "n", "vm_config": {"code": {"local": {"filename": "n.wasm"}}}}});
        let entry = json!({"name": "e", "typed_config":
            {"@type": TYPED_STRUCTS[1], "type_url": NETWORK, "value": inner}});
        let source = Source::Module("all.so".into());
        let converted = convert(
            json!([entry, {"other": 1}]),
            Path::new("a.so"),
            Some(&source),
        );
        let kind = converted.config[0]["typed_config"]["@type"]
            .as_str()
            .unwrap();
        assert!(kind.ends_with("DynamicModuleNetworkFilter"));
        assert_eq!(settings(&converted.config[0]).get("artifact"), None);
        assert_eq!(converted.config[1], json!({"other": 1}));
        assert_eq!(convert(json!({"a": [1]}), Path::new("a"), None).filters, 0);
    }

    #[test]
    fn durations() {
        assert_eq!(milliseconds("1s"), Some(1000));
        assert_eq!(milliseconds("0.250s"), Some(250));
        assert_eq!(milliseconds("-1s"), None);
        assert_eq!(milliseconds("5"), None);
    }
}
