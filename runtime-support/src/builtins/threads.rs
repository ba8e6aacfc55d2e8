//! Builtins of the threads proposal.

use crate::memory::{racing, waiting};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// The code that calls has checked that the 4 bytes are inside a shared memory, and aligned.
pub(super) unsafe extern "C" fn memory_atomic_wait32(
    _: *mut u8,
    address: *mut u8,
    expected: i32,
    timeout: i64,
) -> i32 {
    // SAFETY: as above; a shared memory outlives the guests that use it, and others access it atomically here.
    let value = unsafe { AtomicU32::from_ptr(address.cast()) };
    let is_expected = || value.load(Ordering::SeqCst) == expected as u32;
    wait(address, is_expected, timeout)
}

/// The code that calls has checked that the 8 bytes are inside a shared memory, and aligned.
pub(super) unsafe extern "C" fn memory_atomic_wait64(
    _: *mut u8,
    address: *mut u8,
    expected: i64,
    timeout: i64,
) -> i32 {
    // SAFETY: as above.
    let value = unsafe { AtomicU64::from_ptr(address.cast()) };
    let is_expected = || value.load(Ordering::SeqCst) == expected as u64;
    wait(address, is_expected, timeout)
}

fn wait(address: *mut u8, is_expected: impl FnOnce() -> bool, timeout: i64) -> i32 {
    // Nothing in it is to panic; if it does, the thread was not woken by anybody.
    let woken = catch_unwind(AssertUnwindSafe(|| {
        waiting::wait(address as usize, is_expected, timeout)
    }));
    woken.unwrap_or(waiting::Woken::TimedOut) as i32
}

pub(super) unsafe extern "C" fn memory_atomic_notify(
    _: *mut u8,
    address: *mut u8,
    count: i32,
) -> i32 {
    let woken = catch_unwind(|| waiting::notify(address as usize, count as u32));
    woken.unwrap_or(0) as i32
}

/// Both ranges were checked by the code that calls.
pub(super) unsafe extern "C" fn shared_memory_copy(
    _: *mut u8,
    destination: *mut u8,
    source: *mut u8,
    bytes: i64,
) {
    // SAFETY: compiled code checked both ranges against the current sizes.
    unsafe { racing::copy(destination, source, bytes as usize) };
}

/// The range was checked by the code that calls.
pub(super) unsafe extern "C" fn shared_memory_fill(
    _: *mut u8,
    destination: *mut u8,
    value: i32,
    bytes: i64,
) {
    // SAFETY: compiled code checked the range against the current size.
    unsafe { racing::fill(destination, value as u8, bytes as usize) };
}
