//! How much a guest may leave behind: bytes written to files, and names made in its directories.
//!
//! Both are spent and never given back, not by removing and not by writing over. So what a guest adds to the disk
//! is no more than this at any time, and nobody has to keep books of what it removed. What a guest holds at once
//! is another matter, see [`crate::descriptors`]. Who has no quota pays nothing for it.

use crate::blocking::Position;
use crate::descriptor::Descriptor;
use crate::types::{Errno, Fdflags, Filetype};

/// What is left of a guest's quota; `None` where there is no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) bytes: Option<u64>,
    /// Files, directories and links of both kinds.
    pub(crate) names: Option<u64>,
}

impl Quota {
    /// Whether making a file has to be told from opening one.
    pub(crate) fn counts_names(&self) -> bool {
        self.names.is_some()
    }

    pub(crate) fn has_name(&self) -> bool {
        self.names != Some(0)
    }

    /// One name was made. To be asked about before: [`Self::has_name`].
    pub(crate) fn spend_name(&mut self) {
        self.names = self.names.map(|left| left.saturating_sub(1));
    }

    /// How many bytes may be written behind a hole of `hole` bytes, which count too: each block of a file that
    /// a guest made longer was paid for, however little is written to it. `dquot` if there are none.
    fn room(&self, hole: u64) -> Result<u64, Errno> {
        match self.bytes.map(|left| left.saturating_sub(hole)) {
            Some(0) => Err(Errno::Dquot),
            Some(left) => Ok(left),
            None => Ok(u64::MAX),
        }
    }

    /// Bytes were written, or a file made longer.
    fn spend_bytes(&mut self, bytes: u64) {
        self.bytes = self.bytes.map(|left| left.saturating_sub(bytes));
    }

    /// Does what adds `bytes` bytes to a file; `dquot`, and nothing done, if they are more than are left.
    pub(crate) fn adding(
        &mut self,
        bytes: u64,
        add: impl FnOnce() -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        if self.bytes.is_some_and(|left| left < bytes) {
            return Err(Errno::Dquot);
        }
        add()?;
        self.spend_bytes(bytes);
        Ok(())
    }

    /// Does a write at `position` of a descriptor, given how many bytes it may write, and counts those it says it
    /// wrote: with less than it wants to, it is a short one. `dquot`, and nothing done, if it may write none.
    pub(crate) fn writing(
        &mut self,
        descriptor: &Descriptor,
        position: Position,
        write: impl FnOnce(u64) -> Result<usize, Errno>,
    ) -> Result<usize, Errno> {
        // What goes elsewhere than to a file takes no room.
        if self.bytes.is_none() || descriptor.filetype() != Filetype::RegularFile {
            return write(u64::MAX);
        }
        let hole = hole_before(descriptor, position)?;
        let bytes = write(self.room(hole)?)?;
        if bytes > 0 {
            self.spend_bytes(hole + bytes as u64);
        }
        Ok(bytes)
    }
}

/// By how much a file ends before the place where a write starts.
fn hole_before(descriptor: &Descriptor, position: Position) -> Result<u64, Errno> {
    // With `O_APPEND` the host does not look at the position at all.
    if position == Position::End || descriptor.flags()?.contains(Fdflags::APPEND) {
        return Ok(0);
    }
    let start = match position {
        Position::At(offset) => offset,
        _ => rustix::fs::tell(descriptor.host())?,
    };
    Ok(start.saturating_sub(descriptor.size()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_bytes(bytes: u64) -> Quota {
        Quota {
            bytes: Some(bytes),
            names: None,
        }
    }

    #[test]
    fn bytes_are_spent() {
        let mut quota = of_bytes(10);
        assert_eq!(quota.room(0), Ok(10));
        assert_eq!(quota.room(4), Ok(6));
        assert_eq!(quota.room(10), Err(Errno::Dquot));
        assert_eq!(quota.room(u64::MAX), Err(Errno::Dquot));
        assert_eq!(quota.adding(11, || unreachable!()), Err(Errno::Dquot));
        assert_eq!(quota.adding(4, || Err(Errno::Nospc)), Err(Errno::Nospc));
        assert_eq!(quota, of_bytes(10), "what failed was paid for");
        assert_eq!(quota.adding(10, || Ok(())), Ok(()));
        assert_eq!(quota.room(0), Err(Errno::Dquot));
        assert_eq!(quota.adding(0, || Ok(())), Ok(()));
    }

    #[test]
    fn names_are_spent() {
        let mut quota = Quota {
            names: Some(1),
            bytes: None,
        };
        assert!(quota.counts_names() && quota.has_name());
        quota.spend_name();
        assert!(!quota.has_name());
        quota.spend_name();
        assert!(!quota.has_name());
    }

    #[test]
    fn without_a_quota_there_is_no_end() {
        let mut quota = Quota::default();
        assert!(!quota.counts_names() && quota.has_name());
        assert_eq!(quota.room(u64::MAX), Ok(u64::MAX));
        assert_eq!(quota.adding(u64::MAX, || Ok(())), Ok(()));
        quota.spend_name();
        assert_eq!(quota, Quota::default());
    }
}
