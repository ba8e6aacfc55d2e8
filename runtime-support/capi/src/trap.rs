//! `ahead_trap_t`: why a guest stopped. And the edge of every function that runs guests.

use crate::error::{self, CError, c_string};
use ahead_runtime::{Frame, Trap, TrapKind, TrapReason};
use std::cell::OnceCell;
use std::ffi::{CStr, CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// `ahead_trap_kind_t` beside the codes of `TrapKind`.
const KIND_EXIT: i32 = -2;
const KIND_HOST: i32 = -1;

/// A trap as C sees it. Its texts are made when they are asked for.
pub struct CTrap {
    trap: Trap,
    message: OnceCell<CString>,
    report: OnceCell<CString>,
    frames: OnceCell<Vec<FrameText>>,
}

struct FrameText {
    module_name: Option<CString>,
    func_name: Option<CString>,
}

/// `ahead_frame_view_t`.
#[repr(C)]
pub struct CFrameView {
    module_name: *const c_char,
    func_name: *const c_char,
    func_index: u32,
    wasm_offset: u32,
}

impl CTrap {
    pub fn new(trap: Trap) -> Box<Self> {
        Box::new(CTrap {
            trap,
            message: OnceCell::new(),
            report: OnceCell::new(),
            frames: OnceCell::new(),
        })
    }

    /// A trap for a call that was wrong before it reached the guest.
    pub fn misuse(message: impl ToString) -> Trap {
        Trap::host(message.to_string())
    }

    pub fn trap(&self) -> &Trap {
        &self.trap
    }

    pub fn into_trap(self) -> Trap {
        self.trap
    }

    fn texts(&self) -> &[FrameText] {
        self.frames
            .get_or_init(|| self.trap.backtrace().iter().map(FrameText::new).collect())
    }
}

impl FrameText {
    fn new(frame: &Frame) -> Self {
        let text = |name: Option<&str>| name.map(|name| c_string(name.to_owned()));
        FrameText {
            module_name: text(frame.module.as_deref()),
            func_name: text(frame.func_name.as_deref()),
        }
    }
}

/// Runs what an `extern "C"` function does, and gives C the trap: null if there is none.
pub fn guarded(act: impl FnOnce() -> Result<(), Trap>) -> *mut CTrap {
    let outcome = catch_unwind(AssertUnwindSafe(act));
    let outcome =
        outcome.unwrap_or_else(|_| Err(CTrap::misuse("internal error: the runtime panicked")));
    match outcome {
        Ok(()) => ptr::null_mut(),
        Err(trap) => Box::into_raw(CTrap::new(trap)),
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn ahead_install_signal_handlers() -> *mut CError {
    error::guarded(|| Ok(ahead_runtime::install_signal_handlers()?))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_trap_new(message: *const c_char) -> *mut CTrap {
    let message = if message.is_null() {
        "host function failed".into()
    } else {
        // SAFETY: a C string, as the header says.
        unsafe { CStr::from_ptr(message) }.to_string_lossy()
    };
    guarded(|| Err(CTrap::misuse(message)))
}

#[unsafe(no_mangle)]
pub extern "C" fn ahead_trap_exit(code: i32) -> *mut CTrap {
    guarded(|| Err(Trap::exit(code)))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_trap_kind(trap: *const CTrap) -> i32 {
    // SAFETY: null or a trap that was handed out.
    match unsafe { trap.as_ref() }.map(|trap| trap.trap.kind()) {
        Some(TrapReason::Kind(kind)) => i32::from(kind.code()),
        Some(TrapReason::Exception(_)) => i32::from(TrapKind::UncaughtException.code()),
        Some(TrapReason::Exit(_)) => KIND_EXIT,
        _ => KIND_HOST,
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_trap_exit_code(trap: *const CTrap, code: *mut i32) -> bool {
    // SAFETY: null or a trap that was handed out.
    let status = unsafe { trap.as_ref() }.and_then(|trap| trap.trap.exit_status());
    match (status, code.is_null()) {
        (Some(status), false) => {
            // SAFETY: writable, as the header says.
            unsafe { code.write(status) };
            true
        }
        _ => false,
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_trap_message(trap: *const CTrap) -> *const c_char {
    // SAFETY: null or a trap that was handed out.
    let Some(trap) = (unsafe { trap.as_ref() }) else {
        return ptr::null();
    };
    trap.message
        .get_or_init(|| c_string(trap.trap.message()))
        .as_ptr()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_trap_report(trap: *const CTrap) -> *const c_char {
    // SAFETY: null or a trap that was handed out.
    let Some(trap) = (unsafe { trap.as_ref() }) else {
        return ptr::null();
    };
    trap.report
        .get_or_init(|| c_string(trap.trap.to_string()))
        .as_ptr()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_trap_frame_count(trap: *const CTrap) -> usize {
    // SAFETY: null or a trap that was handed out.
    unsafe { trap.as_ref() }.map_or(0, |trap| trap.trap.backtrace().len())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_trap_frame(
    trap: *const CTrap,
    index: usize,
    frame: *mut CFrameView,
) -> bool {
    // SAFETY: null or a trap that was handed out.
    let Some(trap) = (unsafe { trap.as_ref() }) else {
        return false;
    };
    let (Some(source), Some(text)) = (trap.trap.backtrace().get(index), trap.texts().get(index))
    else {
        return false;
    };
    if frame.is_null() {
        return false;
    }
    let pointer = |text: &Option<CString>| text.as_ref().map_or(ptr::null(), |text| text.as_ptr());
    let view = CFrameView {
        module_name: pointer(&text.module_name),
        func_name: pointer(&text.func_name),
        func_index: source.func_index.0,
        wasm_offset: source.wasm_offset.unwrap_or(u32::MAX),
    };
    // SAFETY: writable, as the header says.
    unsafe { frame.write(view) };
    true
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_trap_free(trap: *mut CTrap) {
    // SAFETY: the header makes it the caller's last use.
    unsafe { error::free(trap) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_apart() {
        let kind = |trap: Trap| {
            let trap = guarded(|| Err(trap));
            // SAFETY: `trap` was just handed out.
            unsafe {
                let kind = ahead_trap_kind(trap);
                let mut code = -7;
                let exit = ahead_trap_exit_code(trap, &raw mut code);
                ahead_trap_free(trap);
                (kind, exit, code)
            }
        };
        assert_eq!(kind(Trap::exit(3)), (KIND_EXIT, true, 3));
        assert_eq!(kind(CTrap::misuse("x")), (KIND_HOST, false, -7));
        assert_eq!(kind(Trap::new(TrapKind::StackOverflow)), (10, false, -7));
    }

    /// The header lists each kind with its code.
    #[test]
    fn the_header_has_every_kind() {
        let header = include_str!("../include/ahead.h");
        for kind in TrapKind::ALL {
            let mut name = String::from("AHEAD_TRAP");
            for c in format!("{kind:?}").chars() {
                if c.is_uppercase() {
                    name.push('_');
                }
                name.push(c.to_ascii_uppercase());
            }
            let line = format!("    {name} = {},", kind.code());
            assert!(header.lines().any(|found| found == line), "no `{line}`");
        }
    }

    #[test]
    fn null_is_no_trap() {
        // SAFETY: null is allowed everywhere.
        unsafe {
            assert!(ahead_trap_message(ptr::null()).is_null());
            assert!(ahead_trap_report(ptr::null()).is_null());
            assert_eq!(ahead_trap_frame_count(ptr::null()), 0);
            assert!(!ahead_trap_frame(ptr::null(), 0, ptr::null_mut()));
            ahead_trap_free(ptr::null_mut());
        }
    }
}
