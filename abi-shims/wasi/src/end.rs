//! Whether a guest has ended, while threads of it still run.

use ahead_runtime::Trap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a guest has ended. Its threads look before each call of WASI.
#[derive(Debug, Default)]
pub(crate) struct End(AtomicBool);

impl End {
    #[cfg(feature = "threads")]
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn check(&self) -> Result<(), Trap> {
        if self.0.load(Ordering::Relaxed) {
            // Nobody is told: the guest has ended with another status before.
            return Err(Trap::exit(0));
        }
        Ok(())
    }
}
