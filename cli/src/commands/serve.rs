//! `ahead serve`: a reverse proxy that runs Proxy-Wasm filters.
//!
//! Reads the command line, opens the filters, says where it listens. The proxy is `ahead-serve`'s.

use crate::cli::GlobalOptions;
use crate::escape::Escaped;
use crate::filter_options::{FilterOption, FilterOptions};
use crate::load::{self, CompileOptions};
use crate::report::Usage;
use ahead_proxy_wasm::{Backoff, FailurePolicy, PluginConfig};
use ahead_serve::config::{Forwarded, Limits, Route, ServerTls, Timeouts, Upstream};
use ahead_serve::{
    AccessLog, CRITICAL, Config, FILTER, FilterSpec, Opener, Server, Text, Timestamp,
};
use anyhow::{Context, Result};
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Serve HTTP through Proxy-Wasm filters
///
/// A reverse proxy: it passes requests through the filters to an upstream, and responses back. HTTP/1.1 and
/// HTTP/2 are told apart by what the client says. A file that changes is opened again, and requests under way
/// keep the filter they began with. SIGTERM and SIGINT let requests end, SIGHUP reads the files again.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// Address to listen on; may be given several times
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: Vec<SocketAddr>,

    /// Where requests go: `http://HOST:PORT`, `https://` or, for HTTP/2 without TLS, `h2c://`. The first one is
    /// where they go if no `--route` says otherwise; filters call all of them by name
    #[arg(long = "upstream", value_name = "[NAME=]URL", required = true)]
    upstreams: Vec<String>,

    /// Requests whose path starts with PREFIX go to this upstream; the first that fits counts
    #[arg(long = "route", value_name = "PREFIX=NAME")]
    routes: Vec<String>,

    #[command(flatten)]
    filters: FilterOptions,

    /// Do not append the client to `x-forwarded-for`: a proxy in front has done it
    #[arg(long)]
    no_forwarded_for: bool,

    /// Do not make an `x-request-id` for requests without
    #[arg(long)]
    no_request_id: bool,

    /// Address for `/healthz` and for `/stats`, counters in Prometheus' text format
    #[arg(long, value_name = "ADDRESS", help_heading = "Operation")]
    admin: Option<SocketAddr>,

    /// File for the access log; `-` is standard output, `none` is nowhere
    #[arg(
        long,
        value_name = "FILE",
        default_value = "-",
        help_heading = "Operation"
    )]
    access_log: OsString,

    /// The least severe messages to show, of the proxy and of filters
    #[arg(
        long,
        value_name = "LEVEL",
        default_value = "info",
        help_heading = "Operation"
    )]
    log_level: Level,

    /// Threads; as many as there are CPUs if not given. With 1, everything is done on one thread
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256), help_heading = "Operation")]
    workers: Option<u16>,

    /// Do not look for changes of files
    #[arg(long, help_heading = "Operation")]
    no_watch: bool,

    /// Certificates in PEM, our own first: listen with TLS
    #[arg(long, value_name = "FILE", requires = "tls_key", help_heading = "TLS")]
    tls_cert: Option<PathBuf>,

    /// Private key in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert", help_heading = "TLS")]
    tls_key: Option<PathBuf>,

    /// Certificates in PEM of whom clients must be certified by
    #[arg(long, value_name = "FILE", requires = "tls_cert", help_heading = "TLS")]
    tls_client_ca: Option<PathBuf>,

    /// Certificates in PEM of whom upstreams must be certified by; the system's if not given
    #[arg(long, value_name = "FILE", help_heading = "TLS")]
    upstream_ca: Option<PathBuf>,

    #[command(flatten)]
    bounds: BoundOptions,

    #[command(flatten)]
    compile: CompileOptions,
}

/// How long and how much.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Times and limits")]
struct BoundOptions {
    /// For an upstream to answer a request; `0` is no limit
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = duration)]
    timeout: Duration,

    /// For a request on which nothing moves
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration)]
    idle_timeout: Duration,

    /// For a client to send a request's headers, and for a connection without requests
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    headers_timeout: Duration,

    /// For an upstream to accept a connection
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration)]
    connect_timeout: Duration,

    /// For requests under way when the proxy is to stop
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    drain_timeout: Duration,

    /// What a filter may hold back of one body: bytes, or with `K`, `M` or `G`
    #[arg(long, value_name = "SIZE", default_value = "1M", value_parser = crate::limits::size)]
    buffer_limit: u64,

    /// Connections from clients at once
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    max_connections: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

const EXAMPLES: &str = "\
Examples:
  ahead serve --upstream http://127.0.0.1:9000 --filter headers.wasm
  ahead serve --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem --upstream app=http://10.0.0.7:80
  ahead serve --upstream app=http://127.0.0.1:9000 --upstream auth=h2c://127.0.0.1:9001 \\
    --filter auth.so --config '{\"cluster\": \"auth\"}' --filter log.wasm --config @log.json --fail open
  ahead serve --upstream http://127.0.0.1:9000 --filter f.wasm --admin 127.0.0.1:9901 --log-level debug";

pub fn execute(options: &Options, global: &GlobalOptions) -> Result<ExitCode> {
    log::set_logger(&StderrLog)
        .map_err(|error| anyhow::anyhow!("cannot start the log: {error}"))?;
    log::set_max_level(match options.log_level {
        Level::Trace => log::LevelFilter::Trace,
        Level::Debug => log::LevelFilter::Debug,
        Level::Info => log::LevelFilter::Info,
        Level::Warn => log::LevelFilter::Warn,
        Level::Error => log::LevelFilter::Error,
    });
    let config = options.config()?;
    let specs = options
        .filters
        .0
        .iter()
        .map(spec)
        .collect::<Result<Vec<_>>>()?;
    let server = Server::bind(config, options.access_log()?, specs, options.opener(global))?;
    let banner = options.banner(&server)?;
    let _ = std::io::stderr().write_all(banner.as_bytes());
    server.run()?;
    Ok(ExitCode::SUCCESS)
}

impl Options {
    fn config(&self) -> Result<Config> {
        let usage = |error: ahead_serve::config::Unreadable| Usage(error.to_string());
        let upstreams = self.upstreams.iter().map(|text| Upstream::parse(text));
        let upstreams = upstreams.collect::<Result<Vec<_>, _>>().map_err(usage)?;
        for (at, upstream) in upstreams.iter().enumerate() {
            if upstreams[..at]
                .iter()
                .any(|other| other.name == upstream.name)
            {
                return Err(Usage(format!(
                    "two upstreams are called `{}`\n\nhint: name one: `--upstream NAME={}`",
                    upstream.name,
                    upstream.url()
                ))
                .into());
            }
        }
        let routes = self
            .routes
            .iter()
            .map(|text| Route::parse(text, &upstreams));
        let routes = routes.collect::<Result<Vec<_>, _>>().map_err(usage)?;
        let bounds = &self.bounds;
        let cpus = std::thread::available_parallelism().map_or(1, |count| count.get());
        Ok(Config {
            listen: self.listen.clone(),
            admin: self.admin,
            upstreams,
            routes,
            tls: self.tls(),
            upstream_ca: self.upstream_ca.clone(),
            forwarded: Forwarded {
                client: !self.no_forwarded_for,
                request_id: !self.no_request_id,
            },
            workers: self.workers.map_or(cpus, usize::from),
            timeouts: Timeouts {
                request: Some(bounds.timeout).filter(|timeout| !timeout.is_zero()),
                idle: bounds.idle_timeout,
                headers: bounds.headers_timeout,
                connect: bounds.connect_timeout,
                drain: bounds.drain_timeout,
            },
            limits: Limits {
                buffer_bytes_max: usize::try_from(bounds.buffer_limit).unwrap_or(usize::MAX),
                connections_max: bounds.max_connections as usize,
                ..Limits::default()
            },
            watch: (!self.no_watch).then_some(Duration::from_millis(500)),
        })
    }

    fn tls(&self) -> Option<ServerTls> {
        Some(ServerTls {
            certificate: self.tls_cert.clone()?,
            key: self.tls_key.clone()?,
            client_ca: self.tls_client_ca.clone(),
        })
    }

    fn access_log(&self) -> Result<AccessLog> {
        if self.access_log == "-" {
            return Ok(AccessLog::stdout());
        }
        if self.access_log == "none" {
            return Ok(AccessLog::none());
        }
        let path = Path::new(&self.access_log);
        AccessLog::file(path).with_context(|| format!("cannot write `{}`", path.display()))
    }

    /// How files become filters, now and when they change.
    fn opener(&self, global: &GlobalOptions) -> Opener {
        let (compile, global) = (self.compile.clone(), global.clone());
        Arc::new(move |file| {
            let opened = match load::is_module(file) {
                Ok(true) => compile.compiled(file, &global),
                Ok(false) => load::open_file(file),
                Err(error) => Err(error),
            };
            opened.map_err(|error| format!("{error:#}"))
        })
    }

    /// What a user sees first.
    fn banner(&self, server: &Server) -> Result<String> {
        let config = self.config()?;
        let mut out = Vec::new();
        let scheme = if config.tls.is_some() {
            "https"
        } else {
            "http"
        };
        for address in server.addresses() {
            writeln!(out, "listening  {scheme}://{address}")?;
        }
        if let Some(address) = server.admin_address() {
            writeln!(out, "admin      http://{address}/")?;
        }
        for upstream in &config.upstreams {
            writeln!(out, "upstream   {} at {}", upstream.name, upstream.url())?;
        }
        for route in &config.routes {
            writeln!(
                out,
                "route      {} to {}",
                route.prefix, config.upstreams[route.upstream].name
            )?;
        }
        for opened in server.filters() {
            let plugin = &opened.plugin;
            let abi = opened.filter.abi_version();
            write!(
                out,
                "filter     {} (Proxy-Wasm {abi}",
                opened.file.display()
            )?;
            if !plugin.root_id.is_empty() {
                write!(out, ", root ID `{}`", Escaped(&plugin.root_id))?;
            }
            writeln!(out, ")")?;
        }
        writeln!(out, "workers    {}", config.workers)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }
}

/// A filter of the command line as the proxy takes it.
fn spec(option: &FilterOption) -> Result<FilterSpec> {
    let name = match &option.name {
        Some(name) => name.clone(),
        None => {
            let stem = option.file.file_stem().unwrap_or(option.file.as_os_str());
            stem.to_string_lossy().into_owned()
        }
    };
    let mut environment = Vec::new();
    for variable in &option.env {
        let (name, value) = variable.split_once('=').ok_or_else(|| {
            Usage(format!(
                "`--env {variable}` is not of the form `NAME=VALUE`"
            ))
        })?;
        environment.push((name.to_owned(), value.to_owned()));
    }
    let plugin = PluginConfig {
        name,
        root_id: option.root_id.clone().unwrap_or_default(),
        vm_id: option.vm_id.clone().unwrap_or_default(),
        environment,
        failure_policy: match option.fail.as_deref() {
            Some("open") => FailurePolicy::FailOpen,
            Some("reload") => FailurePolicy::Reload(Backoff::default()),
            _ => FailurePolicy::FailClosed,
        },
        ..PluginConfig::default()
    };
    Ok(FilterSpec {
        file: option.file.clone(),
        plugin,
        configuration: text(option.config.as_deref()),
        vm_configuration: text(option.vm_config.as_deref()),
    })
}

/// `@FILE`, or the text itself.
fn text(value: Option<&OsStr>) -> Text {
    let bytes = value.map_or(&b""[..], OsStr::as_bytes);
    match bytes.strip_prefix(b"@") {
        Some(path) => Text::File(OsStr::from_bytes(path).into()),
        None => Text::Inline(bytes.to_vec()),
    }
}

/// A time, such as `500ms`, `15s` or `5m`; `0` needs no unit.
fn duration(text: &str) -> Result<Duration, String> {
    let unreadable = || "not a time, such as `500ms`, `15s` or `5m`".to_owned();
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u32 = digits.parse().map_err(|_| unreadable())?;
    let unit = match &text[digits.len()..] {
        "ms" => Duration::from_millis(1),
        "s" => Duration::from_secs(1),
        "m" => Duration::from_secs(60),
        "h" => Duration::from_secs(3600),
        _ => return Err(unreadable()),
    };
    Ok(unit * number)
}

/// Messages on standard error, a line each.
struct StderrLog;

impl log::Log for StderrLog {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        // What libraries say to themselves is for those who ask for everything.
        metadata.target().starts_with("ahead")
            || [FILTER, CRITICAL].contains(&metadata.target())
            || metadata.level() <= log::Level::Warn
            || log::max_level() == log::LevelFilter::Trace
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            let now = Timestamp(SystemTime::now());
            let level = match record.target() {
                CRITICAL => "critical".to_owned(),
                _ => record.level().as_str().to_ascii_lowercase(),
            };
            let _ = writeln!(std::io::stderr(), "[{now}] {level:<5} {}", record.args());
        }
    }

    fn flush(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("0"), Ok(Duration::ZERO));
        for wrong in ["", "s", "15", "-1s", "1.5s", "99999999999s", "1d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
