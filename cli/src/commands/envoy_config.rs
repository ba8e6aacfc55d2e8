//! `ahead envoy-config`: a configuration with which Envoy runs a filter, or one that is already there for Envoy's own
//! Wasm host, converted.

use crate::artefact::ArtefactFile;
use crate::envoy::{self, Bootstrap, Place, Source};
use crate::report::{self, Usage};
use ahead_targets::Isa;
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Print a configuration with which Envoy runs a Proxy-Wasm filter
///
/// The filter is what `ahead compile --emit envoy` made, or an artefact, which the adapter `libahead_envoy.so` then
/// opens. With `--convert`, an Envoy configuration that uses `envoy.filters.http.wasm` comes out with every such
/// filter replaced; what could not be carried over is said on standard error.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// Filter: a module made with `--emit envoy`, or an artefact
    #[arg(required_unless_present = "convert")]
    filter: Option<PathBuf>,

    /// Envoy configuration to convert, YAML or JSON; `-` is standard input
    #[arg(long, value_name = "FILE")]
    convert: Option<PathBuf>,

    /// Name of the filter in logs and properties; made from the file's name if not given
    #[arg(long)]
    name: Option<String>,

    /// Root id, by which a module with several filters tells them apart
    #[arg(long, default_value = "", hide_default_value = true)]
    root_id: String,

    /// VM id: filters with the same one share data and queues
    #[arg(long, default_value = "", hide_default_value = true)]
    vm_id: String,

    /// The filter's configuration
    #[arg(long, value_name = "TEXT")]
    configuration: Option<String>,

    /// The VM's configuration
    #[arg(long, value_name = "TEXT")]
    vm_configuration: Option<String>,

    /// Environment variable for the filter
    #[arg(long = "env", value_name = "NAME=VALUE")]
    environment: Vec<String>,

    /// What becomes of requests when the filter has trapped
    #[arg(long, value_name = "POLICY", value_parser = ["fail_closed", "fail_open", "fail_reload"])]
    failure_policy: Option<String>,

    /// Address on which Envoy is to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:10000")]
    listen: SocketAddr,

    /// Server to which Envoy is to send requests
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    upstream: String,

    /// Address of Envoy's administration interface; none if not given
    #[arg(long, value_name = "ADDRESS:PORT")]
    admin: Option<SocketAddr>,

    /// Filter connections instead of HTTP requests
    #[arg(long)]
    network: bool,

    /// Print the filter's entry only, and the helper cluster
    #[arg(long)]
    fragments: bool,

    /// Adapter for artefacts; otherwise `libahead_envoy.so` is looked for in `$AHEAD_LIB_DIR` and around this program
    #[arg(long, value_name = "FILE")]
    adapter: Option<PathBuf>,

    /// Print JSON instead of YAML
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  ahead envoy-config ./libfilter.so --upstream 127.0.0.1:8080 > envoy.yaml
  ahead envoy-config ./filter.so --configuration '{\"header\": \"x-a\"}' --fragments
  ahead envoy-config --convert envoy.yaml > converted.yaml";

pub fn execute(options: &Options) -> Result<ExitCode> {
    let config = match &options.convert {
        Some(file) => options.convert(file)?,
        None => options.make()?,
    };
    let text = match options.json {
        true => serde_json::to_string_pretty(&config)? + "\n",
        false => serde_saphyr::to_string(&config).context("cannot write the configuration")?,
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

impl Options {
    fn make(&self) -> Result<Value> {
        let source = self.source()?.context("no filter is named")?;
        let name = match (&self.name, &self.filter) {
            (Some(name), _) => name.clone(),
            (None, Some(file)) => name_of(file),
            (None, None) => String::new(),
        };
        let place = match self.network {
            true => Place::Network,
            false => Place::Http,
        };
        let filter = envoy::filter(place, &name, &source, self.settings()?);
        let helper = envoy::helper_cluster(source.module());
        if self.fragments {
            return Ok(json!({"filter": filter, "cluster": helper}));
        }
        let bootstrap = Bootstrap {
            place,
            listen: self.listen,
            upstream: host_and_port(&self.upstream)?,
            admin: self.admin,
        };
        Ok(bootstrap.with(filter, helper))
    }

    fn convert(&self, file: &Path) -> Result<Value> {
        let text = match file == Path::new("-") {
            true => {
                let mut text = String::new();
                std::io::stdin()
                    .lock()
                    .read_to_string(&mut text)
                    .map(|_| text)
            }
            false => std::fs::read_to_string(file),
        };
        let text = text.with_context(|| format!("cannot read `{}`", file.display()))?;
        // JSON is YAML.
        let config: Value = serde_saphyr::from_str(&text)
            .with_context(|| format!("`{}` is neither YAML nor JSON", file.display()))?;
        let source = self.source()?;
        let adapter = match &source {
            Some(source) => source.module().to_owned(),
            None => self.adapter()?,
        };
        let converted = envoy::convert(config, &adapter, source.as_ref());
        if converted.filters == 0 {
            bail!(
                "no filter of `envoy.filters.http.wasm` or `envoy.filters.network.wasm` is in `{}`",
                file.display()
            );
        }
        for note in &converted.notes {
            report::note(note);
        }
        Ok(converted.config)
    }

    /// Where the filter comes from, if one is named. Envoy is started elsewhere, so paths are absolute.
    fn source(&self) -> Result<Option<Source>> {
        let Some(file) = &self.filter else {
            return Ok(None);
        };
        let absolute = absolute(file)?;
        let bytes =
            std::fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))?;
        if envoy::carries_filter(&bytes) {
            return Ok(Some(Source::Module(absolute)));
        }
        let artefact =
            ArtefactFile::parse(bytes).with_context(|| format!("`{}`", file.display()))?;
        Ok(Some(Source::Artefact {
            adapter: self.adapter_for(artefact.isa)?,
            artefact: absolute,
        }))
    }

    fn adapter(&self) -> Result<PathBuf> {
        let host = Isa::host().context("name the adapter with `--adapter`")?;
        self.adapter_for(host)
    }

    fn adapter_for(&self, isa: Isa) -> Result<PathBuf> {
        match &self.adapter {
            Some(file) => absolute(file),
            None => absolute(&envoy::find_adapter(isa, None)?),
        }
    }

    fn settings(&self) -> Result<Map<String, Value>> {
        let mut settings = Map::new();
        let mut put = |name: &str, value: Value| {
            settings.insert(name.into(), value);
        };
        for (name, value) in [("root_id", &self.root_id), ("vm_id", &self.vm_id)] {
            if !value.is_empty() {
                put(name, json!(value));
            }
        }
        for (name, value) in [
            ("configuration", &self.configuration),
            ("vm_configuration", &self.vm_configuration),
            ("failure_policy", &self.failure_policy),
        ] {
            if let Some(value) = value {
                put(name, json!(value));
            }
        }
        if !self.environment.is_empty() {
            let mut variables = Map::new();
            for variable in &self.environment {
                let (name, value) = variable.split_once('=').ok_or_else(|| {
                    Usage(format!("`--env {}` has no `=`", variable.escape_debug()))
                })?;
                variables.insert(name.into(), json!(value));
            }
            put("environment", Value::Object(variables));
        }
        Ok(settings)
    }
}

fn absolute(file: &Path) -> Result<PathBuf> {
    std::path::absolute(file).with_context(|| format!("cannot find `{}`", file.display()))
}

/// `filter` of `/a/libfilter.so`.
fn name_of(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    stem.strip_prefix("lib").unwrap_or(&stem).to_owned()
}

fn host_and_port(text: &str) -> Result<(String, u16)> {
    let parsed = text.rsplit_once(':').and_then(|(host, port)| {
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        Some((host.to_owned(), port.parse().ok()?))
    });
    let wrong = || {
        Usage(format!(
            "`--upstream {}` is no `HOST:PORT`",
            text.escape_debug()
        ))
    };
    Ok(parsed
        .filter(|(host, _)| !host.is_empty())
        .ok_or_else(wrong)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_servers() {
        assert_eq!(name_of(Path::new("/a/libfilter.so")), "filter");
        assert_eq!(name_of(Path::new("b.so")), "b");
        assert_eq!(host_and_port("h:80").unwrap(), ("h".into(), 80));
        assert_eq!(host_and_port("[::1]:80").unwrap(), ("::1".into(), 80));
        for wrong in ["h", ":80", "h:x", "h:70000"] {
            assert!(host_and_port(wrong).unwrap_err().is::<Usage>(), "{wrong}");
        }
    }
}
