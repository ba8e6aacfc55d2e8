//! Bounds on a program, as its user asks for them and as an executable keeps them.
//!
//! Kept: 8 bytes for each bound, in the order of the fields, little-endian; all ones where there is none.

use crate::context::WasiConfig;
use ahead_runtime::{Error, StoreConfig};

/// Stack of a program for which nothing else is asked: what a native program's main thread has. On that thread it is
/// a little less, since the host needs some of it.
const STACK_BYTES: usize = 8 << 20;

/// How much a program may take; `None` leaves a bound at what it is without being asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Size of each memory.
    pub memory_bytes_max: Option<u64>,
    /// Stack for the program's calls.
    pub stack_bytes_max: Option<u64>,
    /// Descriptors at once.
    pub descriptors_max: Option<u32>,
    /// See [`WasiConfig::written_bytes_max`].
    pub written_bytes_max: Option<u64>,
    /// See [`WasiConfig::files_max`].
    pub files_max: Option<u64>,
    /// See [`WasiConfig::threads_max`].
    pub threads_max: Option<u32>,
}

impl Limits {
    /// Bytes that [`Self::encode`] gives.
    pub(crate) const BYTES: usize = 48;

    /// Sets those of the bounds that are WASI's.
    pub fn set(&self, config: &mut WasiConfig) {
        if let Some(max) = self.descriptors_max {
            config.descriptors_max = max;
        }
        if let Some(max) = self.threads_max {
            config.threads_max = max;
        }
        config.written_bytes_max = self.written_bytes_max.or(config.written_bytes_max);
        config.files_max = self.files_max.or(config.files_max);
    }

    /// The configuration of the program's store.
    pub fn store(&self) -> StoreConfig {
        let mut config = StoreConfig {
            stack_bytes_max: self.stack_bytes().unwrap_or(STACK_BYTES),
            ..StoreConfig::default()
        };
        if let Some(max) = self.memory_bytes_max {
            config.memory_bytes_max = max;
        }
        config
    }

    fn stack_bytes(&self) -> Option<usize> {
        let bytes = self.stack_bytes_max?;
        Some(usize::try_from(bytes).unwrap_or(usize::MAX))
    }

    /// Runs a program where it has the stack that was asked for, if need be on a thread of its own. Without being
    /// asked it is here, with what this thread has.
    pub fn on_stack<R: Send>(&self, run: impl FnOnce() -> R + Send) -> Result<R, Error> {
        match self.stack_bytes() {
            Some(bytes) => ahead_runtime::with_stack(bytes, run),
            None => Ok(run()),
        }
    }

    pub(crate) fn encode(&self) -> [u8; Self::BYTES] {
        let fields = [
            self.memory_bytes_max,
            self.stack_bytes_max,
            self.descriptors_max.map(u64::from),
            self.written_bytes_max,
            self.files_max,
            self.threads_max.map(u64::from),
        ];
        let mut out = [0; Self::BYTES];
        for (to, field) in out.chunks_exact_mut(8).zip(fields) {
            to.copy_from_slice(&field.unwrap_or(u64::MAX).to_le_bytes());
        }
        out
    }

    pub(crate) fn decode(bytes: &[u8; Self::BYTES]) -> Self {
        let field = |index: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&bytes[index * 8..][..8]);
            Some(u64::from_le_bytes(word)).filter(|field| *field != u64::MAX)
        };
        let count = |index| field(index).map(|max| u32::try_from(max).unwrap_or(u32::MAX));
        Limits {
            memory_bytes_max: field(0),
            stack_bytes_max: field(1),
            descriptors_max: count(2),
            written_bytes_max: field(3),
            files_max: field(4),
            threads_max: count(5),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again() {
        let some = Limits {
            memory_bytes_max: Some(1 << 30),
            stack_bytes_max: Some(1 << 16),
            descriptors_max: Some(7),
            written_bytes_max: Some(0),
            files_max: None,
            threads_max: Some(3),
        };
        for limits in [Limits::default(), some] {
            assert_eq!(Limits::decode(&limits.encode()), limits);
        }
    }

    #[test]
    fn what_is_not_asked_for_stays() {
        let mut config = WasiConfig::default();
        let usual = config.descriptors_max;
        config.files_max = Some(5);
        Limits::default().set(&mut config);
        assert_eq!((config.descriptors_max, config.files_max), (usual, Some(5)));
        let limits = Limits {
            files_max: Some(3),
            descriptors_max: Some(9),
            ..Limits::default()
        };
        limits.set(&mut config);
        assert_eq!((config.descriptors_max, config.files_max), (9, Some(3)));
    }
}
