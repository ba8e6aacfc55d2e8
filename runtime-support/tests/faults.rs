//! Faults and their owners, with artefacts put together by hand: what is a trap, what goes to the handler
//! that was there before, and what ends the process.
//!
//! Each fault happens in a process of its own, which is this test program again. Machine code is that of
//! x86-64; what is said here of the handler holds for both machines, and the specification's tests run on
//! both.

#![cfg(target_arch = "x86_64")]
#![allow(unsafe_code)]

use ahead_artifact::builtins::Builtin;
use ahead_artifact::functions::{
    FunctionEntry, TrampolineEntry, write_functions, write_trampolines,
};
use ahead_artifact::header::{ModuleHeader, TEXT_OFFSET_FIELD};
use ahead_artifact::interface::{Export, ExportItem, Interface};
use ahead_artifact::sections::{HeaderFacts, MetadataBuilder, SectionKind};
use ahead_artifact::trap::TrapTableBuilder;
use ahead_artifact::{Bounds, FuncIndex, FuncType, TrapKind, TypeIndex, ValType};
use ahead_runtime::{Instance, Linker, Module, Store, Trap};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};

/// `extern "C" entry(vmctx, code, values)`: calls `code` with `values[0]` in `rax` and keeps `rax` there.
const ENTRY: &[u8] = &[
    0x55, // push rbp
    0x48, 0x89, 0xe5, // mov rbp, rsp
    0x53, // push rbx
    0x50, // push rax
    0x48, 0x89, 0xd3, // mov rbx, rdx
    0x48, 0x8b, 0x03, // mov rax, [rbx]
    0xff, 0xd6, // call rsi
    0x48, 0x89, 0x03, // mov [rbx], rax
    0x59, // pop rcx
    0x5b, // pop rbx
    0x5d, // pop rbp
    0xc3, // ret
];

/// A function with a frame around `body`; the offset of the body in it is 4.
fn function(body: &[u8]) -> Vec<u8> {
    let mut code = vec![0x55, 0x48, 0x89, 0xe5];
    code.extend_from_slice(body);
    code.extend_from_slice(&[0x5d, 0xc3]);
    code
}

/// mov rax, [rax]: loads from whatever address the parameter is.
const LOAD: &[u8] = &[0x48, 0x8b, 0x00];

/// Makes an artefact with functions of type `[i64] -> [i64]` and links it into this program.
fn instantiate(store: &mut Store<()>, functions: &[(&str, &[u8], Option<TrapKind>)]) -> Instance {
    let mut text = ENTRY.to_vec();
    let mut entries = Vec::new();
    let mut traps = TrapTableBuilder::default();
    for (_, body, trap) in functions {
        let start = text.len() as u32;
        text.extend(function(body));
        entries.push(FunctionEntry {
            text_offset: start,
            bytes: text.len() as u32 - start,
            ty: TypeIndex(0),
        });
        if let Some(kind) = trap {
            traps.push(start + 4, *kind);
        }
    }
    let export = |(index, function): (usize, &(&str, _, _))| Export {
        name: function.0.into(),
        item: ExportItem::Func(FuncIndex::new(index)),
    };
    let interface = Interface {
        types: vec![FuncType {
            params: vec![ValType::I64],
            results: vec![ValType::I64],
        }],
        exports: functions.iter().enumerate().map(export).collect(),
        ..Interface::default()
    };
    let trampoline = TrampolineEntry {
        entry: Some(0),
        hostcall: None,
    };
    let mut builder = MetadataBuilder::default();
    builder.section(SectionKind::Interface, interface.to_bytes());
    builder.section(SectionKind::Functions, write_functions(&entries));
    builder.section(SectionKind::Trampolines, write_trampolines(&[trampoline]));
    builder.section(SectionKind::Traps, traps.finish());
    let mut metadata = builder.finish(HeaderFacts {
        machine: 62,
        bounds: Bounds::Guard,
        builtin_count: Builtin::ALL.len() as u32,
        cpu_features: 0,
        text_bytes: text.len() as u64,
        image_bytes: 0,
    });
    let code = executable(&text);
    // The header is read through bytes, so that it may lie anywhere.
    let distance = (code as usize).wrapping_sub(metadata.as_ptr() as usize) as i64;
    metadata[TEXT_OFFSET_FIELD..][..8].copy_from_slice(&distance.to_le_bytes());
    assert!(ModuleHeader::parse(&metadata).is_ok());
    // SAFETY: the artefact above, which is never freed.
    let module = unsafe { Module::adopt(metadata.leak().as_ptr()) }.unwrap();
    Linker::new().instantiate(store, &module).unwrap()
}

fn executable(code: &[u8]) -> *const u8 {
    // SAFETY: a new mapping.
    let page = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            code.len(),
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    assert_ne!(page, libc::MAP_FAILED);
    // SAFETY: the mapping is as long as the code.
    unsafe { std::ptr::copy_nonoverlapping(code.as_ptr(), page.cast(), code.len()) };
    let access = libc::PROT_READ | libc::PROT_EXEC;
    // SAFETY: as above.
    let protected = unsafe { libc::mprotect(page, code.len(), access) };
    assert_eq!(protected, 0);
    page.cast()
}

fn call(store: &mut Store<()>, instance: Instance, name: &str, param: i64) -> Result<i64, Trap> {
    let func = instance.func(store, name).unwrap();
    func.typed::<i64, i64>(store).unwrap().call(store, param)
}

#[test]
fn recorded_sites_in_the_null_page_are_traps() {
    let mut store = Store::new(());
    let functions: &[(&str, &[u8], _)] = &[
        ("load", LOAD, Some(TrapKind::NullReference)),
        ("stop", &[0x0f, 0x0b], Some(TrapKind::Unreachable)),
    ];
    let instance = instantiate(&mut store, functions);
    let value = 17i64;
    assert_eq!(
        call(&mut store, instance, "load", &raw const value as i64).unwrap(),
        17
    );
    for _ in 0..3 {
        let trap = call(&mut store, instance, "load", 8).unwrap_err();
        assert_eq!(trap.trap_kind(), Some(TrapKind::NullReference));
        assert_eq!(trap.backtrace()[0].func_index, FuncIndex(0));
        let trap = call(&mut store, instance, "stop", 0).unwrap_err();
        assert_eq!(trap.trap_kind(), Some(TrapKind::Unreachable));
    }
}

/// Guests run with rounding to nearest and without flushing, whatever their host does.
#[test]
fn the_floating_point_environment_is_the_guests_and_then_the_hosts() {
    // sub rsp, 16; stmxcsr [rsp]; mov eax, [rsp]; add rsp, 16
    let read_mxcsr: &[u8] = &[
        0x48, 0x83, 0xec, 0x10, 0x0f, 0xae, 0x1c, 0x24, 0x8b, 0x04, 0x24, 0x48, 0x83, 0xc4, 0x10,
    ];
    let mut store = Store::new(());
    let functions: &[(&str, &[u8], _)] = &[
        ("mxcsr", read_mxcsr, None),
        ("stop", &[0x0f, 0x0b], Some(TrapKind::Unreachable)),
    ];
    let instance = instantiate(&mut store, functions);
    let set = |mxcsr: u32| {
        // SAFETY: a valid value.
        unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const mxcsr) };
    };
    let get = || {
        let mut mxcsr = 0u32;
        // SAFETY: stores to a local variable.
        unsafe { std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut mxcsr) };
        mxcsr & !0x3f
    };
    // Flush to zero, denormals are zero, round down.
    let odd = 0x1f80 | 0x8000 | 0x0040 | 0x2000;
    set(odd);
    let inside = call(&mut store, instance, "mxcsr", 0);
    let after_return = get();
    let trap = call(&mut store, instance, "stop", 0);
    let after_trap = get();
    set(0x1f80);
    assert_eq!(inside.unwrap() & !0x3f, 0x1f80);
    assert!(trap.is_err());
    assert_eq!((after_return | 0x40, after_trap | 0x40), (odd, odd));
}

/// Signals of the host's own arrive while guest code runs, and change nothing in it.
#[test]
fn signals_arrive_while_a_guest_runs() {
    use std::sync::atomic::{AtomicU32, Ordering};
    static ARRIVED: AtomicU32 = AtomicU32::new(0);
    extern "C" fn count(_: libc::c_int) {
        ARRIVED.fetch_add(1, Ordering::Relaxed);
    }
    // mov rcx, rax; 1: dec rcx; jnz 1b
    let spin: &[u8] = &[0x48, 0x89, 0xc1, 0x48, 0xff, 0xc9, 0x75, 0xfb];
    let mut store = Store::new(());
    let instance = instantiate(&mut store, &[("spin", spin, None)]);
    let handler = count as extern "C" fn(libc::c_int) as libc::sighandler_t;
    // SAFETY: the handler only counts.
    unsafe { libc::signal(libc::SIGPROF, handler) };
    let every_millisecond = libc::timeval {
        tv_sec: 0,
        tv_usec: 1000,
    };
    let timer = |interval| libc::itimerval {
        it_interval: interval,
        it_value: interval,
    };
    let never = libc::timeval {
        tv_sec: 0,
        tv_usec: 0,
    };
    // SAFETY: a timer of this process's own time.
    unsafe {
        libc::setitimer(
            libc::ITIMER_PROF,
            &timer(every_millisecond),
            std::ptr::null_mut(),
        )
    };
    let mut rounds = 0;
    while ARRIVED.load(Ordering::Relaxed) < 20 && rounds < 1000 {
        rounds += 1;
        assert_eq!(
            call(&mut store, instance, "spin", 10_000_000).unwrap(),
            10_000_000
        );
    }
    // SAFETY: as above.
    unsafe { libc::setitimer(libc::ITIMER_PROF, &timer(never), std::ptr::null_mut()) };
    assert!(ARRIVED.load(Ordering::Relaxed) >= 20);
}

/// Names what the process is to do.
const FAULT: &str = "AHEAD_TEST_FAULT";

fn run_again(test: &str, fault: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(FAULT, fault)
        .output()
        .unwrap()
}

/// A handler that says that it was there and ends the process with status 42.
extern "C" fn previous(signal: libc::c_int) {
    let text: &[u8] = match signal {
        libc::SIGSEGV => b"previous handler: SIGSEGV\n",
        _ => b"previous handler: another signal\n",
    };
    // SAFETY: writes bytes of a constant.
    unsafe { libc::write(libc::STDERR_FILENO, text.as_ptr().cast(), text.len()) };
    // SAFETY: ends the process.
    unsafe { libc::_exit(42) }
}

fn install_previous(handler: libc::sighandler_t) {
    // SAFETY: a handler that does what handlers may do.
    unsafe { libc::signal(libc::SIGSEGV, handler) };
}

fn fault_at(address: usize) {
    // SAFETY: none: the fault is what the test is about.
    unsafe { std::ptr::read_volatile(std::hint::black_box(address as *const u8)) };
}

#[test]
fn faults_have_their_owners() {
    let test = "faults_have_their_owners";
    let Ok(fault) = std::env::var(FAULT) else {
        let expect = |fault: &str, code: Option<i32>, signal: Option<i32>, text: &str| {
            let output = run_again(test, fault);
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(
                (output.status.code(), output.status.signal()),
                (code, signal),
                "{fault}: {stderr}"
            );
            assert!(stderr.contains(text), "{fault}: {stderr}");
        };
        // The host's own, outside and with a guest waiting.
        expect("host", Some(42), None, "previous handler: SIGSEGV");
        expect("default", None, Some(libc::SIGSEGV), "");
        expect("ignored", None, Some(libc::SIGSEGV), "");
        // Guest code where no trap is recorded.
        expect("unrecorded", Some(42), None, "previous handler: SIGSEGV");
        // A recorded site whose address no guest can have.
        expect(
            "escaped",
            None,
            Some(libc::SIGABRT),
            "Its sandbox may be broken",
        );
        expect(
            "no address",
            None,
            Some(libc::SIGABRT),
            "Its sandbox may be broken",
        );
        return;
    };
    install_previous(match fault.as_str() {
        "default" => libc::SIG_DFL,
        "ignored" => libc::SIG_IGN,
        _ => previous as extern "C" fn(libc::c_int) as libc::sighandler_t,
    });
    let mut store = Store::new(());
    let functions: &[(&str, &[u8], _)] = &[
        ("recorded", LOAD, Some(TrapKind::MemoryOutOfBounds)),
        ("unrecorded", LOAD, None),
    ];
    let instance = instantiate(&mut store, functions);
    assert!(call(&mut store, instance, "recorded", 0).is_err());
    let nowhere = 0x7000_0000_0000i64;
    let _ = match fault.as_str() {
        "unrecorded" => call(&mut store, instance, "unrecorded", nowhere),
        "escaped" => call(&mut store, instance, "recorded", nowhere),
        "no address" => call(&mut store, instance, "recorded", i64::MIN + 1),
        _ => {
            fault_at(nowhere as usize);
            Ok(0)
        }
    };
    unreachable!("the fault ends the process");
}
