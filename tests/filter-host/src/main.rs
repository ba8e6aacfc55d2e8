//! `filter-host ARTEFACT calls` and `filter-host ARTEFACT transcript CONFIGURATION PATH...`: what tests ask of a filter
//! in their own process, on a machine that is not theirs.

use ahead_filter_host::{calls, transcript};
use ahead_proxy_wasm::Filter;
use ahead_runtime::Module;
use std::error::Error;
use std::process::ExitCode;

const USAGE: &str = "usage: filter-host ARTEFACT (calls | transcript CONFIGURATION PATH...)";

fn main() -> ExitCode {
    match run() {
        Ok(out) => {
            print!("{out}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let [artefact, what, rest @ ..] = &args[..] else {
        return Err(USAGE.into());
    };
    // SAFETY: tests give what the compiler made for them, and change it no more.
    #[allow(unsafe_code)]
    let module = unsafe { Module::open(artefact.as_ref()) }?;
    let filter = Filter::new(module)?;
    match (*what, rest) {
        ("calls", []) => Ok(calls::of(&filter).join("\n") + "\n"),
        ("transcript", [configuration, paths @ ..]) => {
            Ok(transcript(&filter, configuration, paths))
        }
        _ => Err(USAGE.into()),
    }
}
