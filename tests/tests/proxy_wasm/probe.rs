//! A call of one function, tried at the edges of the guest's memory and in every phase.

use crate::aarch64;
use crate::embedder::MODES;
use crate::guest::{END, Scene, wat};
use ahead_filter_host::headers;
use ahead_proxy_wasm::abi::{AbiVersion, Status};
use ahead_proxy_wasm::table::{HOSTCALLS, Hostcall};
use std::fmt::Write;

/// A call that succeeds when a request's headers come.
#[derive(Clone, Copy)]
pub struct Probe<'a> {
    pub name: &'a str,
    /// In the shorthands of `guest.rs`; what the guest hands over stands as a text: `#0 "x-a" OUT`.
    pub args: &'a str,
    /// What is done before, in the same callback, without telling anything.
    pub before: &'a str,
    pub version: AbiVersion,
    /// The request's body, if the call is about one: then the proxy has it already when the headers come.
    pub body: Option<&'a [u8]>,
}

/// What comes one behind the other in the life of a plugin and a stream.
const PHASES: [&str; 10] = [
    "_initialize",
    "proxy_on_vm_start",
    "proxy_on_configure",
    "proxy_on_tick",
    "proxy_on_request_headers",
    "proxy_on_request_body",
    "proxy_on_response_headers",
    "proxy_on_log",
    "proxy_on_done",
    "proxy_on_delete",
];

/// Phases that are not a stream's, for what needs one.
pub const NO_STREAM: [(&str, &str); 4] = [
    ("_initialize", "BadArgument"),
    ("proxy_on_vm_start", "BadArgument"),
    ("proxy_on_configure", "BadArgument"),
    ("proxy_on_tick", "BadArgument"),
];

impl Probe<'_> {
    /// Of no function, without anything before it.
    pub const NONE: Self = Probe {
        name: "",
        args: "",
        before: "",
        version: AbiVersion::V0_2_1,
        body: None,
    };

    /// Tries every address among the arguments. One byte beyond the memory, far beyond it, and around the end of all
    /// addresses is `InvalidMemoryAccess`, and the call works afterwards; up to the last byte is `Ok`.
    pub fn edges(&self) {
        let arguments = split(self.args);
        let mut body = self.before.to_owned();
        let mut refused = 0;
        let (mut at, mut inside) = (0, vec![self.call()]);
        for (index, argument) in arguments.iter().enumerate() {
            let (name, _) = self.row().params[at];
            let with = |other: &str| {
                let mut arguments: Vec<&str> = arguments.iter().map(Argument::written).collect();
                arguments[index] = other;
                self.call_with(&arguments.join(" "))
            };
            let outside = match argument {
                Argument::Text(text) => {
                    let bytes = count(text);
                    let last = END - bytes;
                    inside.push(format!("(memory.copy #{last} {text})"));
                    inside.push(with(&format!("#{last} #{bytes}")));
                    [
                        (last + 1, bytes),
                        (END + 1, 0),
                        (0xffff_fff0, 0x20),
                        (0, u32::MAX),
                    ]
                    .map(|(address, bytes)| format!("#{address} #{bytes}"))
                    .to_vec()
                }
                Argument::Number(_) if name.starts_with("return_") => {
                    let bytes = result_bytes(self.row(), name);
                    inside.push(with(&format!("#{}", END - bytes)));
                    [END - bytes + 1, END, u32::MAX - bytes + 1, u32::MAX]
                        .map(|address| format!("#{address}"))
                        .to_vec()
                }
                Argument::Number(_) => Vec::new(),
            };
            refused += outside.len();
            body.extend(outside.iter().map(|other| with(other)));
            at += argument.params();
        }
        assert_eq!(at, self.row().params.len(), "arguments of {}", self.name);
        assert_ne!(refused, 0, "{} takes no address", self.name);
        // What went before may be used up by each call.
        let calls = inside.iter().filter(|what| what.starts_with("(call $is"));
        let calls = calls.count();
        for what in &inside {
            write!(body, "{}\n{what}", self.before).unwrap();
        }
        let expected = [vec!["InvalidMemoryAccess"; refused], vec!["Ok"; calls]].concat();
        assert_eq!(self.headers(&body), expected, "{body}");
    }

    /// Tries the call in every phase: it is `usual` but where `others` say something else.
    pub fn phases(&self, usual: &str, others: &[(&str, &str)]) {
        let unknown = others.iter().find(|(phase, _)| !PHASES.contains(phase));
        assert_eq!(unknown, None, "no phase");
        let body = format!("{}\n{}", self.before, self.call());
        let callbacks = PHASES.map(|phase| (phase, &body[..]));
        let expected = PHASES.map(|phase| {
            let other = others.iter().find(|other| other.0 == phase);
            format!("{phase} {}", other.map_or(usual, |(_, status)| status))
        });
        for bounds in MODES {
            let mut guest = self.scene(&callbacks).start(bounds);
            guest.vm.on_tick(guest.root).unwrap();
            guest.vm.on_request_headers(guest.stream, 6, false).unwrap();
            let stream = guest.vm.stream_mut(guest.stream).unwrap();
            stream.buffers[0] = Some(self.body.unwrap_or_default().into());
            guest.vm.on_request_body(guest.stream, 4, true).unwrap();
            let stream = guest.vm.stream_mut(guest.stream).unwrap();
            stream.buffers[0] = None;
            stream.maps[2] = Some(headers(&[(":status", "200")]));
            guest.vm.on_response_headers(guest.stream, 1, true).unwrap();
            guest.vm.on_log(guest.stream).unwrap();
            guest.vm.close_stream(guest.stream).unwrap();
            let told = statuses(guest.told());
            let told = PHASES.iter().zip(told);
            let told: Vec<_> = told
                .map(|(phase, told)| format!("{phase} {told}"))
                .collect();
            assert_eq!(told, expected, "{}", self.name);
        }
    }

    fn row(&self) -> &'static Hostcall {
        HOSTCALLS.iter().find(|row| row.name == self.name).unwrap()
    }

    fn call(&self) -> String {
        self.call_with(self.args)
    }

    fn call_with(&self, args: &str) -> String {
        format!("(call $is (call ${} {args}))\n", self.name)
    }

    fn scene<'a>(&self, callbacks: &'a [(&'a str, &'a str)]) -> Scene<'a> {
        Scene {
            version: self.version,
            callbacks,
            ..Scene::default()
        }
    }

    /// The statuses that `body` tells when a request's headers come.
    fn headers(&self, body: &str) -> Vec<String> {
        let callbacks = [("proxy_on_request_headers", body)];
        let mut scene = self.scene(&callbacks);
        scene.stream.buffers[0] = self.body.map(Into::into);
        let [guard, explicit] = MODES.map(|bounds| scene.start(bounds).headers());
        assert_eq!(guard, explicit, "{body}");
        if self.body.is_none() {
            aarch64::agrees(&wat(self.version, &callbacks), &guard);
        }
        statuses(guard)
    }
}

/// Without what the filter logged in its own name.
fn statuses(mut told: Vec<String>) -> Vec<String> {
    let names: Vec<String> = Status::ALL
        .iter()
        .map(|status| format!("{status:?}"))
        .collect();
    told.retain(|line| names.contains(line));
    told
}

/// Bytes of a result.
fn result_bytes(row: &Hostcall, name: &str) -> u32 {
    match (row.name, name) {
        (_, "return_time") | ("proxy_get_metric", "return_value") => 8,
        _ => 4,
    }
}

/// What stands for one parameter, or a text, which stands for two.
enum Argument<'a> {
    Number(&'a str),
    Text(&'a str),
}

impl Argument<'_> {
    fn written(&self) -> &str {
        match self {
            Argument::Number(written) | Argument::Text(written) => written,
        }
    }

    fn params(&self) -> usize {
        match self {
            Argument::Number(_) => 1,
            Argument::Text(_) => 2,
        }
    }
}

fn split(args: &str) -> Vec<Argument<'_>> {
    let mut arguments = Vec::new();
    let mut rest = args.trim_start();
    while !rest.is_empty() {
        let end = match rest.as_bytes()[0] {
            b'"' => rest[1..].find('"').map(|end| end + 2),
            b'(' => closing(rest),
            _ => rest.find(' '),
        };
        let (argument, behind) = rest.split_at(end.unwrap_or(rest.len()));
        match argument {
            "OUT" => arguments.extend(["#0x200", "#0x204"].map(Argument::Number)),
            text if text.starts_with('"') => arguments.push(Argument::Text(text)),
            number => arguments.push(Argument::Number(number)),
        }
        rest = behind.trim_start();
    }
    arguments
}

/// Behind the parenthesis that closes the first one.
fn closing(expression: &str) -> Option<usize> {
    let mut depth = 0;
    let end = expression.find(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    end.map(|end| end + 1)
}

/// Bytes of a text as it is written, with its quotes.
fn count(text: &str) -> u32 {
    text.len() as u32 - 2 - 2 * text.matches('\\').count() as u32
}
