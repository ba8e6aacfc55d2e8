//! Reservations that memories in guard mode have given back, kept for the next one.
//!
//! A reservation goes in wholly inaccessible and forgotten, so a memory that takes it out finds zeroes and
//! nothing of the guest before it.

use crate::sys::Mapping;
use ahead_artifact::tunables::GUARD_RESERVATION_BYTES;
use std::io;
use std::sync::{Mutex, PoisonError};

/// As many as are kept; more are unmapped.
const KEPT_MAX: usize = 8;

static KEPT: Mutex<Vec<Mapping>> = Mutex::new(Vec::new());

/// Addresses for one memory, all inaccessible.
pub(super) fn reserve() -> io::Result<Mapping> {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).pop();
    match kept {
        Some(mapping) => Ok(mapping),
        None => Mapping::reserve(GUARD_RESERVATION_BYTES as usize),
    }
}

/// Gives a reservation back, of which the first `used` bytes may be accessible.
pub(super) fn release(mapping: Mapping, used: usize) {
    if mapping.forget(0, used).is_err() {
        return;
    }
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() < KEPT_MAX {
        kept.push(mapping);
    }
}
