//! A guest that calls any function with any arguments, and a host that watches its memory.

use ahead_runtime::{Bounds, Instance, Linker, Memory, Module, Store, Trap, Val, ValType};
use ahead_wasi::table::{FUNCTIONS, Function};
use ahead_wasi::types::{Errno, Rights, Version};
use ahead_wasi::{WasiConfig, WasiCtx};
use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// One beyond the last byte of the guest's memory.
pub const END: u32 = 0x1_0000;

/// What the memory is full of before a test writes to it.
const GUARD: u8 = 0xa5;

/// An instance with every function of one version at hand.
pub struct Guest {
    store: Store<WasiCtx>,
    instance: Instance,
    memory: Memory,
    /// The memory as it was when the host last wrote to it or looked at it.
    before: Vec<u8>,
}

impl Guest {
    /// A guest of preview 1.
    pub fn new(config: WasiConfig) -> Self {
        Self::of(Version::Preview1, config)
    }

    pub fn of(version: Version, config: WasiConfig) -> Self {
        let mut linker = Linker::new();
        ahead_wasi::add_to_linker(&mut linker, |ctx| ctx);
        let mut store = Store::new(WasiCtx::new(config).unwrap());
        let instance = linker
            .instantiate(&mut store, &caller_of_everything(version))
            .unwrap();
        let memory = instance.memory(&store, "memory").unwrap();
        memory.data_mut(&mut store).fill(GUARD);
        Guest {
            before: vec![GUARD; END as usize],
            store,
            instance,
            memory,
        }
    }

    /// Calls a function with arguments of its types, each written as an `i64`.
    pub fn try_call(&mut self, name: &str, args: &[i64]) -> Result<Option<Errno>, Trap> {
        let function = FUNCTIONS
            .iter()
            .find(|function| function.name == name)
            .unwrap();
        assert_eq!(args.len(), function.params.len(), "arguments of {name}");
        let args: Vec<Val> = args
            .iter()
            .zip(function.params)
            .map(|(&arg, (_, ty))| match ty {
                ValType::I32 => Val::I32(arg as i32),
                _ => Val::I64(arg),
            })
            .collect();
        let func = self.instance.func(&self.store, name).unwrap();
        let results = func.call(&mut self.store, &args)?;
        Ok(match results[..] {
            [Val::I32(code)] => Some(Errno::parse(code as u32).unwrap()),
            _ => None,
        })
    }

    /// Calls a function that returns.
    pub fn call(&mut self, name: &str, args: &[i64]) -> Errno {
        let errno = self
            .try_call(name, args)
            .unwrap_or_else(|trap| panic!("{name}: {trap}"));
        errno.unwrap_or_else(|| panic!("{name} returned nothing"))
    }

    /// Calls a function that must fail and leave the guest's memory alone.
    pub fn refuse(&mut self, name: &str, args: &[i64], errno: Errno) {
        assert_eq!(self.call(name, args), errno, "{name}{args:?}");
        assert_eq!(self.written(), [], "{name}{args:?} wrote");
    }

    /// The same for several sets of arguments, each with its error.
    pub fn refuse_all(&mut self, name: &str, calls: &[(&[i64], Errno)]) {
        for &(args, errno) in calls {
            self.refuse(name, args, errno);
        }
    }

    /// Tries the edges of each address among the arguments: beyond them it is `fault` and nothing is done, up to
    /// the last byte it is not. `addresses` are places in `args`, each with the bytes that lie there.
    pub fn edges(&mut self, name: &str, args: &[i64], addresses: &[(usize, u32)]) {
        for &(at, bytes) in addresses {
            let with = |address: i64| {
                let mut args = args.to_vec();
                args[at] = address;
                args
            };
            for address in outside(bytes) {
                self.refuse(name, &with(address), Errno::Fault);
            }
            let last = with(i64::from(END - bytes));
            assert_ne!(self.call(name, &last), Errno::Fault, "{name}{last:?}");
            self.written();
        }
    }

    /// Takes rights away from a descriptor, for itself and for what is opened by it.
    pub fn give_up(&mut self, fd: i64, rights: Rights) {
        const STAT: u32 = END - 24;
        let stat = self.call("fd_fdstat_get", &[fd, i64::from(STAT)]);
        assert_eq!(stat, Errno::Success);
        let kept = [STAT + 8, STAT + 16].map(|at| (self.long(at) & !rights.bits()) as i64);
        let set = self.call("fd_fdstat_set_rights", &[fd, kept[0], kept[1]]);
        assert_eq!(set, Errno::Success);
        self.written();
    }

    /// Puts bytes into the guest's memory.
    pub fn put(&mut self, address: u32, bytes: &[u8]) {
        self.memory
            .write(&mut self.store, u64::from(address), bytes)
            .unwrap();
        self.before = self.memory.data(&self.store).to_vec();
    }

    /// Puts words of 4 bytes into the guest's memory.
    pub fn put_words(&mut self, address: u32, words: &[u32]) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.put(address, &bytes);
    }

    pub fn bytes(&self, address: u32, count: u32) -> Vec<u8> {
        self.memory.data(&self.store)[address as usize..(address + count) as usize].to_vec()
    }

    pub fn word(&self, address: u32) -> u32 {
        u32::from_le_bytes(self.bytes(address, 4).try_into().unwrap())
    }

    pub fn long(&self, address: u32) -> u64 {
        u64::from_le_bytes(self.bytes(address, 8).try_into().unwrap())
    }

    /// The ranges that changed since the host last wrote or looked.
    pub fn written(&mut self) -> Vec<Range<u32>> {
        let now = self.memory.data(&self.store).to_vec();
        let mut ranges: Vec<Range<u32>> = Vec::new();
        for address in
            (0..END).filter(|&address| now[address as usize] != self.before[address as usize])
        {
            match ranges.last_mut() {
                Some(range) if range.end == address => range.end += 1,
                _ => ranges.push(address..address + 1),
            }
        }
        self.before = now;
        ranges
    }

    /// Checks that nothing changed outside `allowed`. Inside, a byte may have been what it became.
    pub fn only_wrote(&mut self, allowed: &[Range<u32>]) {
        for range in self.written() {
            let inside = allowed
                .iter()
                .any(|allowed| allowed.start <= range.start && range.end <= allowed.end);
            assert!(inside, "wrote {range:?}, outside {allowed:?}");
        }
    }
}

/// The last arguments of a call that stores `bytes` bytes: beyond the end by one, far beyond, and across.
pub fn outside(bytes: u32) -> [i64; 3] {
    [
        i64::from(END - bytes + 1),
        i64::from(END),
        i64::from(u32::MAX),
    ]
}

fn caller_of_everything(version: Version) -> Module {
    static MODULES: Mutex<Option<HashMap<&'static str, Module>>> = Mutex::new(None);
    let mut modules = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
    let modules = modules.get_or_insert_default();
    let module = modules
        .entry(version.module())
        .or_insert_with(|| compile(&wat(version)));
    module.clone()
}

/// Compiles and opens a module.
pub fn compile(wat: &str) -> Module {
    crate::embedder::module(wat, Bounds::Guard)
}

fn wat(version: Version) -> String {
    let functions: Vec<&Function> = FUNCTIONS
        .iter()
        .filter(|function| function.is_in(version))
        .collect();
    let mut wat = String::from("(module\n");
    let params = |function: &Function| {
        let types: Vec<String> = function
            .params
            .iter()
            .map(|(_, ty)| ty.to_string())
            .collect();
        format!("(param {})", types.join(" "))
    };
    let result = |function: &Function| {
        if function.returns_errno {
            "(result i32)"
        } else {
            ""
        }
    };
    for function in &functions {
        let (module, name) = (version.module(), function.name);
        let (params, result) = (params(function), result(function));
        writeln!(
            wat,
            "(import \"{module}\" \"{name}\" (func ${name} {params} {result}))"
        )
        .unwrap();
    }
    wat.push_str("(memory (export \"memory\") 1 1)\n");
    for function in &functions {
        let name = function.name;
        let (params, result) = (params(function), result(function));
        let args: String = (0..function.params.len())
            .map(|index| format!("(local.get {index})"))
            .collect();
        writeln!(
            wat,
            "(func (export \"{name}\") {params} {result} (call ${name} {args}))"
        )
        .unwrap();
    }
    wat.push(')');
    wat
}
