//! What is asked of a filter: lines of a keyword and JSON.
//!
//! In the head of a `.wat` they stand after `;;! ` and are about the module below them; in a `.scenario`, where `#`
//! begins a comment, the first names the filter.
//!
//! | line | means |
//! |---|---|
//! | `filter "c/buffers.c"` | source of the filter, below `tests/filters`; or `"corpus/..."` |
//! | `plugin {"root_id": "", "configuration": "", "vm_configuration": "", "environment": {"A": "b"}, "failure": "open"}` | its configuration; `failure` is `closed`, `open` or `reload` |
//! | `request {"path": "/", "headers": [["a", "b"]], "body": ["chunk"], "trailers": []}` | a request; `method` is `POST` if there is a body; `protocol` may be `http1` |
//! | `together [{...}, {...}]` | requests at once |
//! | `await-stat ["name", 3]` | waits until the statistic is at least so much |
//! | `await-log ["text", 3]` | waits until so many messages of the filter, on workers, have the text in them |
//! | `stats "regular expression"` | which statistics belong to the outcome |
//! | `log "sorted"` | messages of all workers belong to the outcome, in no order |
//! | `callouts "distinct"` | what the filter sends more than once belongs to the outcome once |
//! | `omit "text"` | messages with this text do not belong to the outcome: they say what time it is |
//! | `cluster "name"` | the filter's name for the upstream, when it sends something on its own |
//! | `layer "tcp"` | the filter is one of connections, and requests are bytes to it |
//! | `alone "why"` | needs a proxy for itself |
//! | `without-v8 "why"` | Envoy's own host cannot do it; what ours does is written down |

use crate::envoy::configuration::{Failure, Plugin};
use crate::http::{Field, Outgoing, Protocol};
use serde_json::Value;
use std::path::Path;

/// Where a filter's module comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A path below `tests/filters`.
    Ours(String),
    /// A path in the corpus.
    Corpus(String),
}

#[derive(Clone, Debug)]
pub enum Step {
    /// Requests that are sent at once.
    Requests(Protocol, Vec<Outgoing>),
    AwaitStat(String, u64),
    AwaitLog(String, usize),
}

/// Which of a filter's messages belong to the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogScope {
    /// Those of the worker that served the requests, in order.
    Serving,
    /// Those of all workers, sorted.
    Sorted,
}

#[derive(Clone, Debug)]
pub struct Scenario {
    /// The path of its file below `tests/filters` without extension; names the plugin too.
    pub name: String,
    pub source: Source,
    pub plugin: Plugin,
    pub steps: Vec<Step>,
    pub stats: Option<String>,
    pub log: LogScope,
    pub omitted: Vec<String>,
    pub callouts_distinct: bool,
    /// Further names of the upstream.
    pub clusters: Vec<String>,
    /// Whether the filter sees connections and not requests.
    pub tcp: bool,
    pub alone: bool,
    /// Whether Envoy's own host can do it.
    pub with_v8: bool,
}

impl Scenario {
    /// All scenarios in `tests/filters`; those with `AHEAD_SCENARIO` in their name, if it is set.
    ///
    /// # Panics
    /// If one cannot be read.
    pub fn all() -> Vec<Scenario> {
        let root = super::folder();
        let mut files = crate::golden::files(&root.join("hostcalls"), "wat");
        let scenarios = root.join("scenarios");
        if scenarios.exists() {
            files.extend(crate::golden::files(&scenarios, "scenario"));
        }
        let all = files.iter().map(|file| Scenario::read(&root, file));
        let wanted = std::env::var("AHEAD_SCENARIO").unwrap_or_default();
        all.filter(|scenario| scenario.name.contains(&wanted))
            .collect()
    }

    fn read(root: &Path, file: &Path) -> Scenario {
        let text = std::fs::read_to_string(file)
            .unwrap_or_else(|error| panic!("`{}`: {error}", file.display()));
        let path = file.strip_prefix(root).expect("a file below the root");
        let name = path.with_extension("");
        let name = name.to_str().expect("a name in UTF-8");
        let path = path.to_str().expect("a name in UTF-8");
        Scenario::parse(name, path, &text)
            .unwrap_or_else(|why| panic!("`{}`: {why}", file.display()))
    }

    fn parse(name: &str, path: &str, text: &str) -> Result<Scenario, String> {
        let embedded = path.ends_with(".wat");
        let mut scenario = Scenario {
            name: name.to_owned(),
            source: Source::Ours(path.to_owned()),
            plugin: Plugin {
                name: name.to_owned(),
                // So that scenarios share no VM, nor data. Not the plugin's name, which stands before it in messages.
                vm_id: format!("vm.{name}"),
                ..Plugin::default()
            },
            steps: Vec::new(),
            stats: None,
            log: LogScope::Serving,
            omitted: Vec::new(),
            callouts_distinct: false,
            clusters: Vec::new(),
            tcp: false,
            alone: false,
            with_v8: true,
        };
        for line in text.lines() {
            let line = match embedded {
                true => line.strip_prefix(";;! ").unwrap_or_default(),
                false => line.split_once('#').map_or(line, |split| {
                    // A `#` in JSON is data.
                    if split.0.trim().is_empty() { "" } else { line }
                }),
            };
            if !line.trim().is_empty() {
                scenario
                    .line(line.trim())
                    .map_err(|why| format!("{why} in `{line}`"))?;
            }
        }
        if scenario.steps.is_empty() {
            let get = Outgoing::get("/");
            scenario.steps = vec![Step::Requests(Protocol::default(), vec![get])];
        }
        Ok(scenario)
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let (word, json) = line.split_once(' ').ok_or("no value")?;
        let value: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
        match word {
            "filter" => {
                let path = text(&value)?;
                self.source = match path.strip_prefix("corpus/") {
                    Some(path) => Source::Corpus(path.to_owned()),
                    None => Source::Ours(path),
                };
            }
            "plugin" => self.plugin(&value)?,
            "request" => {
                let (protocol, outgoing) = request(&value)?;
                self.steps.push(Step::Requests(protocol, vec![outgoing]));
            }
            "together" => {
                let list = list(&value)?;
                let requests: Vec<_> = list.iter().map(request).collect::<Result<_, _>>()?;
                let protocol = requests.first().ok_or("no requests")?.0;
                let requests = requests.into_iter().map(|request| request.1).collect();
                self.steps.push(Step::Requests(protocol, requests));
            }
            "await-stat" => {
                let (name, least) = text_and_number(&value)?;
                self.steps.push(Step::AwaitStat(name, least));
            }
            "await-log" => {
                let (text, count) = text_and_number(&value)?;
                let count = count.try_into().map_err(|_| "too many")?;
                self.steps.push(Step::AwaitLog(text, count));
            }
            "stats" => self.stats = Some(text(&value)?),
            "log" => {
                self.log = match value.as_str() {
                    Some("serving") => LogScope::Serving,
                    Some("sorted") => LogScope::Sorted,
                    _ => return Err("neither `serving` nor `sorted`".into()),
                }
            }
            "callouts" if value == "distinct" => self.callouts_distinct = true,
            "omit" => self.omitted.push(text(&value)?),
            "cluster" => self.clusters.push(text(&value)?),
            "layer" => {
                self.tcp = match value.as_str() {
                    Some("tcp") => true,
                    Some("http") => false,
                    _ => return Err("no such layer".into()),
                }
            }
            "alone" => self.alone = true,
            "without-v8" => self.with_v8 = false,
            other => return Err(format!("unknown word `{other}`")),
        }
        Ok(())
    }

    fn plugin(&mut self, value: &Value) -> Result<(), String> {
        for (key, value) in value.as_object().ok_or("not an object")? {
            let plugin = &mut self.plugin;
            match key.as_str() {
                "root_id" => plugin.root_id = text(value)?,
                "vm_id" => plugin.vm_id = text(value)?,
                "configuration" => plugin.configuration = text(value)?,
                "vm_configuration" => plugin.vm_configuration = text(value)?,
                "environment" => {
                    for (name, value) in value.as_object().ok_or("not an object")? {
                        plugin.environment.push((name.clone(), text(value)?));
                    }
                }
                "failure" => {
                    plugin.failure = match value.as_str() {
                        Some("closed") => Failure::Closed,
                        Some("open") => Failure::Open,
                        Some("reload") => Failure::Reload,
                        _ => return Err("no such failure policy".into()),
                    }
                }
                other => return Err(format!("unknown key `{other}`")),
            }
        }
        Ok(())
    }
}

fn request(value: &Value) -> Result<(Protocol, Outgoing), String> {
    let mut outgoing = Outgoing::get("/");
    let mut protocol = Protocol::default();
    for (key, value) in value.as_object().ok_or("not an object")? {
        match key.as_str() {
            "path" => outgoing.path = text(value)?,
            "authority" => outgoing.authority = text(value)?,
            "headers" => outgoing.headers = fields(value)?,
            "trailers" => outgoing.trailers = fields(value)?,
            "body" => {
                let chunks = list(value)?.iter().map(chunk);
                outgoing.chunks = chunks.collect::<Result<_, _>>()?;
                outgoing.method = "POST".into();
            }
            "protocol" => {
                protocol = match value.as_str() {
                    Some("http1") => Protocol::Http1,
                    Some("http2") => Protocol::Http2,
                    _ => return Err("no such protocol".into()),
                }
            }
            "method" => {}
            other => return Err(format!("unknown key `{other}`")),
        }
    }
    if let Some(method) = value.get("method") {
        outgoing.method = text(method)?;
    }
    Ok((protocol, outgoing))
}

/// A piece of a body: text, or so many bytes.
fn chunk(value: &Value) -> Result<Vec<u8>, String> {
    match value.as_u64() {
        Some(length) => {
            let length = length.try_into().map_err(|_| "too long")?;
            Ok((b'a'..=b'z').cycle().take(length).collect())
        }
        None => text(value).map(String::into_bytes),
    }
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| "not a list".into())
}

fn text(value: &Value) -> Result<String, String> {
    value
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| "not a string".into())
}

fn text_and_number(value: &Value) -> Result<(String, u64), String> {
    let number = value[1].as_u64().ok_or("no number")?;
    Ok((text(&value[0])?, number))
}

fn fields(value: &Value) -> Result<Vec<Field>, String> {
    let field = |pair: &Value| Ok((text(&pair[0])?, text(&pair[1])?));
    list(value)?.iter().map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_filter_plugin_and_steps() {
        let text = "# comment\nfilter \"c/a.c\"\nplugin {\"root_id\": \"r\", \"failure\": \"open\"}\n\
                    request {\"path\": \"/#x\", \"body\": [\"ab\", 3]}\nawait-stat [\"s\", 2]\n";
        let scenario = Scenario::parse("scenarios/x", "scenarios/x.scenario", text).unwrap();
        assert_eq!(scenario.source, Source::Ours("c/a.c".into()));
        assert_eq!(scenario.plugin.failure, Failure::Open);
        let Step::Requests(_, requests) = &scenario.steps[0] else {
            panic!("{:?}", scenario.steps)
        };
        assert_eq!(requests[0].method, "POST");
        assert_eq!(requests[0].chunks, [b"ab".to_vec(), b"abc".to_vec()]);
        assert!(matches!(&scenario.steps[1], Step::AwaitStat(name, 2) if name == "s"));
    }

    #[test]
    fn a_module_without_steps_gets_one_request() {
        let scenario = Scenario::parse("hostcalls/x", "hostcalls/x.wat", "(module)").unwrap();
        assert_eq!(scenario.source, Source::Ours("hostcalls/x.wat".into()));
        assert_eq!(scenario.steps.len(), 1);
        assert!(Scenario::parse("x", "x.wat", ";;! nonsense 1").is_err());
    }
}
