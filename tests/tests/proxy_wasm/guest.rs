//! Filters of WAT: a test says what a callback does, and sees what hostcalls answered.
//!
//! Bodies of callbacks are WAT with some shorthands:
//!
//! | written | is |
//! |---|---|
//! | `#7` | `(i32.const 7)` |
//! | `"text"` | address and length of the text |
//! | `OUT` | two addresses, for a value's address and length |
//! | `(call $is STATUS)` | tells the status by name |
//! | `(call $got STATUS)` | the same, and then the value at `OUT` |
//! | `(call $number I64)` | tells a number |
//! | `(call $word ADDRESS)`, `(call $long ADDRESS)` | tells the `u32` or `u64` at an address |
//!
//! Every function of the ABI's version can be called by its name.

use crate::{aarch64, embedder};
use ahead_filter_host::{MemoryHost, MemoryStream};
use ahead_proxy_wasm::abi::{AbiVersion, DataStatus};
use ahead_proxy_wasm::callbacks::CALLBACKS;
use ahead_proxy_wasm::table::HOSTCALLS;
use ahead_proxy_wasm::{ContextId, Error, Filter, PluginConfig, Shared, Vm};
use ahead_runtime::{Bounds, ValType};
use std::fmt::Write;
use std::sync::Arc;

/// One beyond the last byte of a guest's memory.
pub const END: u32 = 2 << 16;

/// Where `OUT` is; eight more words behind it are free.
pub const OUT: u32 = 0x200;

const TEXTS: u32 = 0x1000;

const PRELUDE: &str = r#"
  (memory (export "memory") 2)
  (global $next (mut i32) (i32.const 0x8000))
  (func $allocate (export "proxy_on_memory_allocate") (param $bytes i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $next))
    (if (i32.gt_u (i32.add (local.get $at) (local.get $bytes)) (i32.const 0x20000))
      (then (return (i32.const 0))))
    (global.set $next (i32.add (local.get $at) (local.get $bytes)))
    (local.get $at))
  (func $digits (param $level i32) (param $n i64)
    (local $at i32)
    (local.set $at (i32.const 0x120))
    (loop $again
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (i32.store8 (local.get $at)
        (i32.add (i32.const 48) (i32.wrap_i64 (i64.rem_u (local.get $n) (i64.const 10)))))
      (local.set $n (i64.div_u (local.get $n) (i64.const 10)))
      (br_if $again (i64.ne (local.get $n) (i64.const 0))))
    (drop (call $proxy_log (local.get $level) (local.get $at) (i32.sub (i32.const 0x120) (local.get $at)))))
  (func $is (param i32) (call $digits (i32.const 0) (i64.extend_i32_u (local.get 0))))
  (func $got (param i32)
    (call $is (local.get 0))
    (if (i32.eqz (local.get 0)) (then
      (drop (call $proxy_log (i32.const 1) (i32.load (i32.const 0x200)) (i32.load (i32.const 0x204)))))))
  (func $number (param i64) (call $digits (i32.const 2) (local.get 0)))
  (func $word (param i32) (call $number (i64.load32_u (local.get 0))))
  (func $long (param i32) (call $number (i64.load (local.get 0))))
"#;

/// A filter whose callbacks do what `callbacks` says; a callback without a `return` of its own answers 1 to what
/// asks for a plain yes, and 0, to go on, to all else.
pub fn wat(version: AbiVersion, callbacks: &[(&str, &str)]) -> String {
    let mut texts = Texts::default();
    let mut bodies = String::new();
    for (name, body) in callbacks {
        let callback = match CALLBACKS.iter().find(|callback| callback.name == *name) {
            Some(callback) => (callback.params.len(), callback.result.is_some()),
            None if name.ends_with("_headers") => (3, true),
            None => panic!("`{name}` is no callback"),
        };
        let params = "i32 ".repeat(callback.0);
        let yes = ["proxy_on_vm_start", "proxy_on_configure", "proxy_on_done"].contains(name);
        let end = match (callback.1, yes) {
            (false, _) => "",
            (true, false) => "(i32.const 0)",
            (true, true) => "(i32.const 1)",
        };
        let result = if callback.1 { "(result i32)" } else { "" };
        let body = texts.expand(body);
        writeln!(
            bodies,
            "  (func (export \"{name}\") (param {params}) {result}\n{body}\n    {end})"
        )
        .unwrap();
    }
    let mut module = String::from("(module\n");
    for row in HOSTCALLS
        .iter()
        .filter(|row| row.versions.contains(&version))
    {
        let params: Vec<_> = row.params.iter().map(|(_, ty)| ty.to_string()).collect();
        let (name, params) = (row.name, params.join(" "));
        writeln!(
            module,
            "  (import \"env\" \"{name}\" (func ${name} (param {params}) (result i32)))"
        )
        .unwrap();
    }
    let marker = version.marker();
    write!(module, "{PRELUDE}  (func (export \"{marker}\"))\n{bodies}").unwrap();
    writeln!(
        module,
        "  (data (i32.const {TEXTS}) \"{}\"))",
        texts.escaped
    )
    .unwrap();
    module
}

/// The texts of a module, one behind the other, as they stand in WAT.
#[derive(Default)]
struct Texts {
    escaped: String,
    bytes: u32,
}

impl Texts {
    fn expand(&mut self, body: &str) -> String {
        let mut out = String::new();
        let mut parts = body.split('"');
        out.push_str(&shorthands(parts.next().unwrap()));
        while let Some(text) = parts.next() {
            // `\xx` is one byte.
            let bytes = text.len() as u32 - 2 * text.matches('\\').count() as u32;
            let address = TEXTS + self.bytes;
            write!(out, "(i32.const {address}) (i32.const {bytes})").unwrap();
            self.escaped.push_str(text);
            self.bytes += bytes;
            out.push_str(&shorthands(parts.next().expect("texts end")));
        }
        out
    }
}

fn shorthands(part: &str) -> String {
    let mut out = String::new();
    let mut pieces = part.split('#');
    out.push_str(pieces.next().unwrap());
    for piece in pieces {
        let end = piece
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(piece.len());
        let (number, rest) = piece.split_at(end);
        write!(out, "(i32.const {number}){rest}").unwrap();
    }
    let slots = format!("(i32.const {OUT}) (i32.const {})", OUT + 4);
    out.replace("OUT", &slots)
}

/// The filter of a module's text.
pub fn filter(wat: &str, bounds: Bounds) -> Result<Filter<MemoryHost>, Error> {
    Filter::new(embedder::module(wat, bounds))
}

/// A filter in a VM with one plugin and one stream.
pub struct Guest {
    pub vm: Vm<MemoryHost>,
    pub root: ContextId,
    pub stream: ContextId,
}

/// What a test changes about a guest.
pub struct Scene<'a> {
    pub version: AbiVersion,
    pub callbacks: &'a [(&'a str, &'a str)],
    pub config: PluginConfig,
    pub stream: MemoryStream,
}

impl Default for Scene<'_> {
    fn default() -> Self {
        Scene {
            version: AbiVersion::V0_2_1,
            callbacks: &[],
            config: ahead_filter_host::calls::plugin(),
            stream: ahead_filter_host::calls::request(),
        }
    }
}

impl Scene<'_> {
    /// Starts the filter, with nothing shared with others.
    pub fn start(&self, bounds: Bounds) -> Guest {
        self.start_with(&Shared::new(), bounds)
    }

    pub fn start_with(&self, shared: &Arc<Shared>, bounds: Bounds) -> Guest {
        let filter = filter(&wat(self.version, self.callbacks), bounds).unwrap();
        let config = Arc::new(self.config.clone());
        let mut vm = Vm::new(&filter, &config, shared, || {}, MemoryHost::default()).unwrap();
        let root = vm.start_root(&config).unwrap();
        let stream = vm.open_stream(root, self.stream.clone()).unwrap();
        Guest { vm, root, stream }
    }
}

/// Starts a filter of ABI 0.2.1 in both bounds modes and lets `act` look at it.
pub fn each(callbacks: &[(&str, &str)], mut act: impl FnMut(&mut Guest)) {
    let scene = Scene {
        callbacks,
        ..Scene::default()
    };
    for bounds in embedder::MODES {
        act(&mut scene.start(bounds));
    }
}

impl Guest {
    /// What the filter told since the last time: statuses by name, values and numbers as they are.
    pub fn told(&mut self) -> Vec<String> {
        ahead_filter_host::calls::told(self.vm.host_mut())
    }

    /// Lets `proxy_on_request_headers` run, and gives what it told.
    pub fn headers(&mut self) -> Vec<String> {
        self.vm.on_request_headers(self.stream, 6, false).unwrap();
        self.told()
    }

    /// Lets `proxy_on_tick` run, and gives what it told.
    pub fn tick(&mut self) -> Vec<String> {
        self.vm.on_tick(self.root).unwrap();
        self.told()
    }
}

/// What hostcalls in `proxy_on_request_headers` tell, for ABI 0.2.1.
pub fn calls(body: &str) -> Vec<String> {
    calls_of(AbiVersion::V0_2_1, body)
}

pub fn calls_of(version: AbiVersion, body: &str) -> Vec<String> {
    let scene = Scene {
        version,
        callbacks: &[("proxy_on_request_headers", body)],
        ..Scene::default()
    };
    let [guard, explicit] = embedder::MODES.map(|bounds| scene.start(bounds).headers());
    assert_eq!(guard, explicit, "{body}");
    aarch64::agrees(&wat(version, scene.callbacks), &guard);
    guard
}

/// What hostcalls of a root context tell, for ABI 0.2.1.
pub fn root_calls(body: &str) -> Vec<String> {
    let scene = Scene {
        callbacks: &[("proxy_on_tick", body)],
        ..Scene::default()
    };
    let [guard, explicit] = embedder::MODES.map(|bounds| scene.start(bounds).tick());
    assert_eq!(guard, explicit, "{body}");
    aarch64::agrees(&wat(scene.version, scene.callbacks), &guard);
    guard
}

/// Runs `body` in `proxy_on_request_body` with these bytes, in both modes; gives what it told and the bytes after.
pub fn with_body(bytes: &[u8], body: &str) -> (Vec<String>, Vec<u8>) {
    let scene = Scene {
        callbacks: &[("proxy_on_request_body", body)],
        ..Scene::default()
    };
    let [guard, explicit] = embedder::MODES.map(|bounds| {
        let mut guest = scene.start(bounds);
        guest.vm.stream_mut(guest.stream).unwrap().buffers[0] = Some(bytes.to_vec());
        let count = bytes.len() as u32;
        let status = guest.vm.on_request_body(guest.stream, count, true);
        assert_eq!(status.unwrap(), DataStatus::Continue);
        let stream = guest.vm.stream_mut(guest.stream).unwrap();
        let after = stream.buffers[0].take().unwrap();
        (guest.told(), after)
    });
    assert_eq!(guard, explicit);
    guard
}

/// A serialised map, as a text.
pub fn pairs(list: &[(&str, &str)]) -> String {
    let mut text = String::from("\"");
    let mut number = |number: usize| {
        for byte in (number as u32).to_le_bytes() {
            write!(text, "\\{byte:02x}").unwrap();
        }
    };
    number(list.len());
    for (name, value) in list {
        number(name.len());
        number(value.len());
    }
    let texts = list.iter().flat_map(|(name, value)| [name, value]);
    for byte in texts.flat_map(|text| text.bytes().chain([0])) {
        match byte {
            b'!' | b'#'..=b'[' | b']'..=b'~' => text.push(char::from(byte)),
            _ => write!(text, "\\{byte:02x}").unwrap(),
        }
    }
    text + "\""
}

/// The core types of a function, for calls of anything.
pub fn is_long(ty: ValType) -> bool {
    ty == ValType::I64
}
