//! `--filter` and the options that belong to the filter before them: `--filter a.wasm --config x --filter b.so`.
//!
//! clap gives values and where they stood; which filter an option belongs to follows from that.

use clap::{Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches, value_parser};
use std::ffi::OsString;
use std::path::PathBuf;

/// A filter as the command line has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterOption {
    pub file: PathBuf,
    pub config: Option<OsString>,
    pub name: Option<String>,
    pub root_id: Option<String>,
    pub vm_id: Option<String>,
    pub vm_config: Option<OsString>,
    pub env: Vec<String>,
    pub fail: Option<String>,
}

/// All filters, in the order in which requests pass them.
#[derive(Clone, Debug, Default)]
pub struct FilterOptions(pub Vec<FilterOption>);

const HEADING: &str = "Filters";

/// Name of the option, of its value, and help.
const TEXTS: [(&str, &str, &str); 6] = [
    (
        "config",
        "TEXT",
        "Configuration of the filter before it; `@FILE` reads it from a file",
    ),
    (
        "name",
        "NAME",
        "Name of the filter before it, for its log; the file's name without ending if not given",
    ),
    (
        "root-id",
        "ID",
        "Root ID of the filter before it: which of the filters in one file is meant",
    ),
    (
        "vm-id",
        "ID",
        "VM ID of the filter before it: whose shared data and queues it uses",
    ),
    (
        "vm-config",
        "TEXT",
        "Configuration of the virtual machine of the filter before it, or `@FILE`",
    ),
    (
        "env",
        "NAME=VALUE",
        "Environment variable for the filter before it",
    ),
];

impl clap::Args for FilterOptions {
    fn augment_args(command: Command) -> Command {
        let filter = Arg::new("filter")
            .long("filter")
            .value_name("FILE")
            .help(
                "A Proxy-Wasm filter: an artefact, or a module to compile. Requests pass filters in the order given, \
                 responses in the reverse one; the options below belong to the filter before them",
            )
            .help_heading(HEADING)
            .action(ArgAction::Append)
            .value_parser(value_parser!(PathBuf));
        let mut command = command.arg(filter);
        for (name, value, help) in TEXTS {
            let parser = match name {
                "config" | "vm-config" => value_parser!(OsString),
                _ => clap::builder::ValueParser::string(),
            };
            let text = Arg::new(name)
                .long(name)
                .value_name(value)
                .help(help)
                .help_heading(HEADING)
                .action(ArgAction::Append)
                .allow_hyphen_values(true)
                .value_parser(parser);
            command = command.arg(text);
        }
        let fail = Arg::new("fail")
            .long("fail")
            .value_name("HOW")
            .help(
                "What happens when the filter before it traps: requests are answered with 503 (`closed`), pass without \
                 it (`open`), or a new virtual machine is made for the next one (`reload`) [default: closed]",
            )
            .help_heading(HEADING)
            .action(ArgAction::Append)
            .value_parser(["closed", "open", "reload"]);
        command.arg(fail)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for FilterOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut filters: Vec<(usize, FilterOption)> = placed::<PathBuf>(matches, "filter")
            .map(|(at, file)| {
                (
                    at,
                    FilterOption {
                        file,
                        ..FilterOption::default()
                    },
                )
            })
            .collect();
        for name in ["config", "vm-config"] {
            for (at, text) in placed::<OsString>(matches, name) {
                let filter = filter_before(&mut filters, at, name)?;
                let slot = match name {
                    "config" => &mut filter.config,
                    _ => &mut filter.vm_config,
                };
                once(slot, text, name)?;
            }
        }
        for name in ["name", "root-id", "vm-id", "fail"] {
            for (at, text) in placed::<String>(matches, name) {
                let filter = filter_before(&mut filters, at, name)?;
                let slot = match name {
                    "name" => &mut filter.name,
                    "root-id" => &mut filter.root_id,
                    "vm-id" => &mut filter.vm_id,
                    _ => &mut filter.fail,
                };
                once(slot, text, name)?;
            }
        }
        for (at, text) in placed::<String>(matches, "env") {
            filter_before(&mut filters, at, "env")?.env.push(text);
        }
        Ok(FilterOptions(
            filters.into_iter().map(|(_, filter)| filter).collect(),
        ))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The values of an option and where each stands on the command line.
fn placed<'a, T: Clone + Send + Sync + 'static>(
    matches: &'a ArgMatches,
    name: &str,
) -> impl Iterator<Item = (usize, T)> + 'a {
    let places = matches.indices_of(name).into_iter().flatten();
    places.zip(matches.get_many::<T>(name).into_iter().flatten().cloned())
}

fn filter_before<'a>(
    filters: &'a mut [(usize, FilterOption)],
    at: usize,
    name: &str,
) -> Result<&'a mut FilterOption, Error> {
    let before = filters.iter_mut().rfind(|(place, _)| *place < at);
    before.map(|(_, filter)| filter).ok_or_else(|| {
        wrong(format!(
            "`--{name}` belongs to the `--filter` before it, and there is none"
        ))
    })
}

fn once<T>(slot: &mut Option<T>, value: T, name: &str) -> Result<(), Error> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(wrong(format!(
            "`--{name}` is given twice for one `--filter`"
        ))),
    }
}

fn wrong(message: String) -> Error {
    Error::raw(clap::error::ErrorKind::ArgumentConflict, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Args;

    fn read(words: &str) -> Result<Vec<FilterOption>, String> {
        let command = FilterOptions::augment_args(Command::new("serve").no_binary_name(true));
        let matches = command.try_get_matches_from(words.split(' '));
        let options = matches.and_then(|matches| FilterOptions::from_arg_matches(&matches));
        options
            .map(|options| options.0)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn options_belong_to_the_filter_before_them() {
        let filters = read(
            "--filter a.wasm --root-id r --config {} --filter b.so --filter c.so --env A=1 --env B=2 --fail open",
        )
        .unwrap();
        assert_eq!(filters.len(), 3);
        assert_eq!(filters[0].config.as_deref(), Some("{}".as_ref()));
        assert_eq!(filters[0].root_id.as_deref(), Some("r"));
        assert_eq!(
            filters[1],
            FilterOption {
                file: "b.so".into(),
                ..FilterOption::default()
            }
        );
        assert_eq!(filters[2].env, ["A=1", "B=2"]);
        assert_eq!(filters[2].fail.as_deref(), Some("open"));
    }

    #[test]
    fn an_option_without_a_filter_is_refused() {
        assert!(
            read("--config x --filter a.so")
                .unwrap_err()
                .contains("`--config` belongs to")
        );
        assert!(
            read("--filter a.so --vm-id x --vm-id y")
                .unwrap_err()
                .contains("twice")
        );
        assert!(read("--filter a.so --fail never").is_err());
    }
}
