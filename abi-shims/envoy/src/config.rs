//! The configuration of a filter, as it stands in `filter_config` of Envoy's configuration: JSON, whether it was
//! written as a string or as a `google.protobuf.Struct`.
//!
//! `docs/guides/envoy.md` lists the fields. What is not understood is an error that names its place: a field that is
//! spelled wrongly would otherwise be a failure policy that is not there.

use ahead_proxy_wasm::{Backoff, FailurePolicy, Limits, PluginConfig};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::time::Duration;

/// What a `filter_config` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilterConfig {
    /// The artefact to open; without it the filter that this module carries.
    pub artifact: Option<PathBuf>,
    pub plugin: PluginConfig,
    /// What `xds.node` is: modules are not told by Envoy.
    pub node: Option<Value>,
    /// What `xds.listener_metadata` is, for the same reason.
    pub listener_metadata: Option<Value>,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    #[error("`filter_config` is not JSON: {0}")]
    Syntax(String),
    #[error("`{path}` must be {expected}")]
    Type {
        path: String,
        expected: &'static str,
    },
    #[error("unknown field `{path}`; there are {known}")]
    Unknown { path: String, known: String },
    #[error("`{path}`: {problem}")]
    Value { path: String, problem: String },
}

impl FilterConfig {
    /// Reads a `filter_config`. An empty one is one without any field. `filter_name` is the plugin's name if
    /// it gives none.
    pub fn parse(filter_name: &str, bytes: &[u8]) -> Result<Self, ConfigError> {
        let mut config = FilterConfig::default();
        config.plugin.name = filter_name.to_owned();
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(config);
        }
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| ConfigError::Syntax(error.to_string()))?;
        let top = Fields::of("", &value)?;
        top.only(&[
            "artifact",
            "name",
            "root_id",
            "vm_id",
            "vm_configuration",
            "configuration",
            "environment",
            "inherited_environment",
            "failure_policy",
            "reload_backoff",
            "allow_on_headers_stop_iteration",
            "limits",
            "node",
            "listener_metadata",
        ])?;
        config.artifact = top.text("artifact")?.map(PathBuf::from);
        let plugin = &mut config.plugin;
        if let Some(name) = top.text("name")? {
            plugin.name = name;
        }
        plugin.root_id = top.text("root_id")?.unwrap_or_default();
        plugin.vm_id = top.text("vm_id")?.unwrap_or_default();
        plugin.vm_configuration = top.configuration("vm_configuration")?;
        plugin.configuration = top.configuration("configuration")?;
        plugin.environment = environment(&top)?;
        plugin.failure_policy = failure_policy(&top)?;
        plugin.allow_on_headers_stop_iteration = top
            .truth("allow_on_headers_stop_iteration")?
            .unwrap_or(false);
        if let Some(limits) = top.fields("limits")? {
            plugin.limits = limits_of(&limits)?;
        }
        config.node = top.0.get("node").cloned();
        config.listener_metadata = top.0.get("listener_metadata").cloned();
        Ok(config)
    }
}

fn environment(top: &Fields<'_>) -> Result<Vec<(String, String)>, ConfigError> {
    let mut variables = Vec::new();
    if let Some(names) = top.0.get("inherited_environment") {
        let path = top.path("inherited_environment");
        let error = || ConfigError::Type {
            path: path.clone(),
            expected: "an array of names",
        };
        for name in names.as_array().ok_or_else(error)? {
            let name = name.as_str().ok_or_else(error)?;
            if let Ok(value) = std::env::var(name) {
                variables.push((name.to_owned(), value));
            }
        }
    }
    if let Some(fields) = top.fields("environment")? {
        for name in fields.0.keys() {
            let value = fields.text(name)?.unwrap_or_default();
            if variables.iter().any(|(other, _)| other == name) {
                return Err(ConfigError::Value {
                    path: fields.path(name),
                    problem: "it is inherited as well".into(),
                });
            }
            variables.push((name.clone(), value));
        }
    }
    Ok(variables)
}

fn failure_policy(top: &Fields<'_>) -> Result<FailurePolicy, ConfigError> {
    let mut backoff = Backoff::default();
    let given = top.fields("reload_backoff")?;
    if let Some(fields) = &given {
        fields.only(&["base_ms", "max_ms"])?;
        if let Some(ms) = fields.number("base_ms")? {
            backoff.base = Duration::from_millis(ms);
            backoff.max = backoff.base * 10;
        }
        if let Some(ms) = fields.number("max_ms")? {
            backoff.max = Duration::from_millis(ms);
        }
        if backoff.max < backoff.base {
            return Err(ConfigError::Value {
                path: fields.path("max_ms"),
                problem: "it is less than `base_ms`".into(),
            });
        }
    }
    let policy = match top.text("failure_policy")?.as_deref() {
        None | Some("fail_closed") => FailurePolicy::FailClosed,
        Some("fail_open") => FailurePolicy::FailOpen,
        Some("fail_reload") => FailurePolicy::Reload(backoff),
        Some(other) => {
            return Err(ConfigError::Value {
                path: top.path("failure_policy"),
                problem: format!(
                    "no policy is called `{}`; there are `fail_closed`, `fail_open`, `fail_reload`",
                    other.escape_default()
                ),
            });
        }
    };
    if given.is_some() && !matches!(policy, FailurePolicy::Reload(_)) {
        return Err(ConfigError::Value {
            path: top.path("reload_backoff"),
            problem: "it is for the policy `fail_reload` only".into(),
        });
    }
    Ok(policy)
}

macro_rules! limits {
    ($($name:ident,)*) => {
        fn limits_of(fields: &Fields<'_>) -> Result<Limits, ConfigError> {
            fields.only(&[$(stringify!($name)),*])?;
            let mut limits = Limits::default();
            $(if let Some(number) = fields.number(stringify!($name))? {
                limits.$name = number.try_into().map_err(|_| ConfigError::Value {
                    path: fields.path(stringify!($name)),
                    problem: "it is too large".into(),
                })?;
            })*
            Ok(limits)
        }
    };
}

limits! {
    memory_bytes_max,
    table_elements_max,
    stack_bytes_max,
    pairs_bytes_max,
    pairs_max,
    body_bytes_max,
    log_bytes_max,
    log_messages_per_second,
    callouts_max,
    effects_max,
    shared_data_bytes_max,
    queues_max,
    queue_items_max,
    queue_bytes_max,
    metrics_max,
    name_bytes_max,
}

/// A JSON object, and where it stands.
struct Fields<'a>(&'a Map<String, Value>, String);

impl<'a> Fields<'a> {
    fn of(path: &str, value: &'a Value) -> Result<Self, ConfigError> {
        match value {
            Value::Object(fields) => Ok(Fields(fields, path.to_owned())),
            _ => Err(ConfigError::Type {
                path: if path.is_empty() {
                    "filter_config"
                } else {
                    path
                }
                .to_owned(),
                expected: "an object",
            }),
        }
    }

    fn path(&self, name: &str) -> String {
        let name = name.escape_default();
        match self.1.as_str() {
            "" => name.to_string(),
            outer => format!("{outer}.{name}"),
        }
    }

    fn only(&self, known: &[&str]) -> Result<(), ConfigError> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
                Err(ConfigError::Unknown {
                    path: self.path(name),
                    known: known.join(", "),
                })
            }
        }
    }

    /// A field that is there and not null.
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn typed<T>(
        &self,
        name: &str,
        expected: &'static str,
        convert: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        convert(value).map(Some).ok_or_else(|| ConfigError::Type {
            path: self.path(name),
            expected,
        })
    }

    fn text(&self, name: &str) -> Result<Option<String>, ConfigError> {
        self.typed(name, "a string", |value| value.as_str().map(str::to_owned))
    }

    fn truth(&self, name: &str) -> Result<Option<bool>, ConfigError> {
        self.typed(name, "true or false", Value::as_bool)
    }

    /// A `Struct` knows numbers as floating point only.
    fn number(&self, name: &str) -> Result<Option<u64>, ConfigError> {
        self.typed(name, "a whole number", |value| {
            value.as_u64().or_else(|| {
                let number = value.as_f64()?;
                let whole =
                    number.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&number);
                whole.then_some(number as u64)
            })
        })
    }

    fn fields(&self, name: &str) -> Result<Option<Fields<'a>>, ConfigError> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => Fields::of(&self.path(name), value).map(Some),
        }
    }

    /// A configuration for the filter: a string as it is, `{"base64": ...}` decoded, `{"json": ...}` as JSON.
    fn configuration(&self, name: &str) -> Result<Vec<u8>, ConfigError> {
        let Some(value) = self.get(name) else {
            return Ok(Vec::new());
        };
        if let Value::String(text) = value {
            return Ok(text.clone().into_bytes());
        }
        let path = self.path(name);
        let fields = Fields::of(&path, value).map_err(|_| ConfigError::Type {
            path: path.clone(),
            expected: "a string, or an object with `json` or `base64`",
        })?;
        fields.only(&["json", "base64"])?;
        match (fields.get("json"), fields.text("base64")?) {
            (Some(json), None) => Ok(json.to_string().into_bytes()),
            (None, Some(text)) => base64(&text).ok_or_else(|| ConfigError::Value {
                path: fields.path("base64"),
                problem: "it is not base64".into(),
            }),
            _ => Err(ConfigError::Value {
                path,
                problem: "give one of `json` and `base64`".into(),
            }),
        }
    }
}

/// Decodes base64 of either alphabet, with or without padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = match text.contains(['-', '_']) {
        true => &alphabet::URL_SAFE,
        false => &alphabet::STANDARD,
    };
    GeneralPurpose::new(alphabet, config).decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<FilterConfig, ConfigError> {
        FilterConfig::parse("filter", text.as_bytes())
    }

    #[test]
    fn everything_can_be_said() {
        let config = parse(
            r#"{"artifact": "/f.so", "name": "auth", "root_id": "r", "vm_id": "v",
                "vm_configuration": {"base64": "AAEC"}, "configuration": {"json": {"a": [1]}},
                "environment": {"K": "V"}, "failure_policy": "fail_reload",
                "reload_backoff": {"base_ms": 50.0}, "limits": {"metrics_max": 7},
                "allow_on_headers_stop_iteration": true, "node": {"id": "n"}}"#,
        )
        .unwrap();
        assert_eq!(config.artifact, Some("/f.so".into()));
        let plugin = config.plugin;
        assert_eq!(
            (plugin.name.as_str(), plugin.root_id.as_str()),
            ("auth", "r")
        );
        assert_eq!(plugin.vm_configuration, [0, 1, 2]);
        assert_eq!(plugin.configuration, br#"{"a":[1]}"#);
        assert_eq!(plugin.environment, [("K".into(), "V".into())]);
        let backoff = Backoff {
            base: Duration::from_millis(50),
            max: Duration::from_millis(500),
        };
        assert_eq!(plugin.failure_policy, FailurePolicy::Reload(backoff));
        assert_eq!(plugin.limits.metrics_max, 7);
        assert!(plugin.allow_on_headers_stop_iteration);
        assert_eq!(config.node.unwrap()["id"], "n");
    }

    #[test]
    fn nothing_need_be_said() {
        for text in ["", "  \n", "{}"] {
            let config = parse(text).unwrap();
            assert_eq!(config.plugin.name, "filter");
            assert_eq!(config.artifact, None);
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        for (text, message) in [
            ("{", "`filter_config` is not JSON: "),
            ("[]", "`filter_config` must be an object"),
            (
                r#"{"failpolicy": 1}"#,
                "unknown field `failpolicy`; there are `artifact`, ",
            ),
            (
                r#"{"limits": {"x": 1}}"#,
                "unknown field `limits.x`; there are ",
            ),
            (
                r#"{"limits": {"pairs_max": -1}}"#,
                "`limits.pairs_max` must be a whole number",
            ),
            (
                r#"{"limits": {"log_messages_per_second": 9e15}}"#,
                "`limits.log_messages_per_second`: it is too large",
            ),
            (
                r#"{"failure_policy": "open"}"#,
                "`failure_policy`: no policy is called `open`; ",
            ),
            (
                r#"{"reload_backoff": {}}"#,
                "`reload_backoff`: it is for the policy `fail_reload` only",
            ),
            (
                r#"{"configuration": 1}"#,
                "`configuration` must be a string, or an object with ",
            ),
            (
                r#"{"configuration": {"base64": "A"}}"#,
                "`configuration.base64`: it is not base64",
            ),
            (r#"{"configuration": {}}"#, "`configuration`: give one of "),
            (
                r#"{"environment": {"A": 1}}"#,
                "`environment.A` must be a string",
            ),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.starts_with(message), "{text}: {error}");
        }
    }

    #[test]
    fn base64_is_what_others_write() {
        assert_eq!(base64("").unwrap(), b"");
        assert_eq!(base64("Zg==").unwrap(), b"f");
        assert_eq!(base64("Zm9vYg").unwrap(), b"foob");
        assert_eq!(base64("Zm9vYmFy").unwrap(), b"foobar");
        assert_eq!(base64("-_8=").unwrap(), [0xfb, 0xff]);
        assert_eq!(base64("Zh=="), None);
        assert_eq!(base64("Z*"), None);
    }
}
