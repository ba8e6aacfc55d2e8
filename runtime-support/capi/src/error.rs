//! `ahead_error_t`: what went wrong outside the guest. And the edge of every function that returns one.

use crate::trap::CTrap;
use ahead_runtime::Error;
use std::ffi::{CStr, CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// An error as C sees it.
pub struct CError {
    message: CString,
    trap: Option<Box<CTrap>>,
}

impl CError {
    pub fn new(message: impl ToString) -> Self {
        CError {
            message: c_string(message.to_string()),
            trap: None,
        }
    }

    pub fn null(what: &str) -> Self {
        CError::new(format!("`{what}` is null"))
    }

    /// The message as text.
    pub fn text(&self) -> String {
        self.message.to_string_lossy().into_owned()
    }
}

impl From<Error> for CError {
    fn from(error: Error) -> Self {
        match error {
            Error::Trap(trap) => CError {
                message: c_string(trap.to_string()),
                trap: Some(CTrap::new(trap)),
            },
            error => CError::new(error),
        }
    }
}

/// A C string of a Rust one. A NUL inside, which only names from outside can bring, becomes a space.
pub fn c_string(text: String) -> CString {
    CString::new(text.replace('\0', " ")).unwrap_or_default()
}

/// Runs what an `extern "C"` function does, and gives C the error: null if there is none.
pub fn guarded(act: impl FnOnce() -> Result<(), CError>) -> *mut CError {
    let outcome = catch_unwind(AssertUnwindSafe(act));
    let outcome =
        outcome.unwrap_or_else(|_| Err(CError::new("internal error: the runtime panicked")));
    match outcome {
        Ok(()) => ptr::null_mut(),
        Err(error) => Box::into_raw(Box::new(error)),
    }
}

/// The same for a function that has no error to return: `fallback` in place of a panic.
pub fn guarded_or<R>(fallback: R, act: impl FnOnce() -> R) -> R {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or(fallback)
}

/// The object that a pointer parameter named `what` points to.
///
/// # Safety
/// `pointer` must be null or valid as the header says, for as long as the result is used.
pub unsafe fn object<'a, O>(pointer: *const O, what: &str) -> Result<&'a O, CError> {
    // SAFETY: as the caller says.
    unsafe { pointer.as_ref() }.ok_or_else(|| CError::null(what))
}

/// The string that a parameter named `what` points to.
///
/// # Safety
/// `pointer` must be null or point to a C string that lives as long as the result is used.
pub unsafe fn string<'a>(pointer: *const c_char, what: &str) -> Result<&'a str, CError> {
    if pointer.is_null() {
        return Err(CError::null(what));
    }
    // SAFETY: as the caller says.
    let string = unsafe { CStr::from_ptr(pointer) };
    let string = string.to_str();
    string.map_err(|_| CError::new(format!("`{what}` is not UTF-8")))
}

/// The array that a parameter named `what` points to; it may be null if `count` is 0.
///
/// # Safety
/// `pointer` must be null or point to `count` elements that live as long as the result is used.
pub unsafe fn array<'a, E>(pointer: *const E, count: usize, what: &str) -> Result<&'a [E], CError> {
    if count == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(CError::null(what));
    }
    // SAFETY: as the caller says.
    Ok(unsafe { std::slice::from_raw_parts(pointer, count) })
}

/// Puts a new object where a parameter named `what` points to.
///
/// # Safety
/// `place` must be null or writable.
pub unsafe fn hand_out<O>(
    place: *mut *mut O,
    what: &str,
    make: impl FnOnce() -> Result<O, CError>,
) -> Result<(), CError> {
    if place.is_null() {
        return Err(CError::null(what));
    }
    let object = Box::into_raw(Box::new(make()?));
    // SAFETY: as the caller says.
    unsafe { place.write(object) };
    Ok(())
}

/// Frees what was handed out.
///
/// # Safety
/// `object` must be null or come from `Box::into_raw`, and be used by nobody any more.
pub unsafe fn free<O>(object: *mut O) {
    if !object.is_null() {
        guarded_or((), || {
            // SAFETY: as the caller says.
            drop(unsafe { Box::from_raw(object) });
        });
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_error_message(error: *const CError) -> *const c_char {
    // SAFETY: null or an error that was handed out.
    match unsafe { error.as_ref() } {
        Some(error) => error.message.as_ptr(),
        None => ptr::null(),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_error_trap(error: *const CError) -> *const CTrap {
    // SAFETY: null or an error that was handed out.
    match unsafe { error.as_ref() } {
        Some(CError {
            trap: Some(trap), ..
        }) => &raw const **trap,
        _ => ptr::null(),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_error_free(error: *mut CError) {
    // SAFETY: the header makes it the caller's last use.
    unsafe { free(error) };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(error: *mut CError) -> String {
        assert!(!error.is_null());
        // SAFETY: `error` was just handed out.
        unsafe {
            let message = CStr::from_ptr(ahead_error_message(error))
                .to_str()
                .unwrap()
                .to_owned();
            ahead_error_free(error);
            message
        }
    }

    #[test]
    fn a_panic_stays_inside() {
        assert_eq!(
            message(guarded(|| panic!("on purpose"))),
            "internal error: the runtime panicked"
        );
        assert_eq!(guarded_or(7, || panic!("on purpose")), 7);
        assert!(guarded(|| Ok(())).is_null());
    }

    #[test]
    fn a_message_has_no_nul_inside() {
        assert_eq!(message(guarded(|| Err(CError::new("a\0b")))), "a b");
    }

    #[test]
    fn null_is_refused_and_freed() {
        // SAFETY: null is allowed everywhere.
        unsafe {
            assert!(ahead_error_message(ptr::null()).is_null());
            assert!(ahead_error_trap(ptr::null()).is_null());
            ahead_error_free(ptr::null_mut());
            assert!(object(ptr::null::<u8>(), "x").is_err());
            assert!(string(ptr::null(), "x").is_err());
            assert!(array(ptr::null::<u8>(), 1, "x").is_err());
            assert!(array(ptr::null::<u8>(), 0, "x").is_ok());
        }
    }
}
