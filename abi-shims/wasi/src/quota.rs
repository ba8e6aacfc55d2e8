//! How much a guest may leave behind: bytes written to files, and names made in its directories.
//!
//! Both are spent and never given back, not by removing and not by writing over. So what a guest adds to the disk
//! is no more than this at any time, and nobody has to keep books of what it removed. What a guest holds at once
//! is another matter, see [`crate::descriptors`]. Who has no quota pays nothing for it.

use crate::blocking::Position;
use crate::descriptor::Descriptor;
use crate::types::{Errno, Fdflags, Filetype};
use std::sync::atomic::{AtomicU64, Ordering};

/// What is left of a guest's quota; `None` where there is no bound.
///
/// All threads of a guest spend from it. Each takes what it may need before it asks the host and gives back what it
/// did not use, so that together they never spend more than there is, and none waits for another one's disk.
#[derive(Debug, Default)]
pub(crate) struct Quota {
    bytes: Option<Left>,
    /// Files, directories and links of both kinds.
    names: Option<Left>,
}

#[derive(Debug)]
struct Left(AtomicU64);

impl Left {
    /// Takes `wanted` or what there is of it.
    fn take(&self, wanted: u64) -> u64 {
        // The closure always gives a value, so there is a former one.
        let update = |left: u64| Some(left.saturating_sub(wanted));
        let before = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, update);
        before.unwrap_or_default().min(wanted)
    }

    /// Takes `wanted`, or nothing if there is less.
    fn take_all(&self, wanted: u64) -> bool {
        let update = |left: u64| left.checked_sub(wanted);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, update)
            .is_ok()
    }

    fn give_back(&self, unused: u64) {
        self.0.fetch_add(unused, Ordering::Relaxed);
    }
}

impl Quota {
    pub(crate) fn new(bytes: Option<u64>, names: Option<u64>) -> Self {
        let left = |bound| Left(AtomicU64::new(bound));
        Quota {
            bytes: bytes.map(left),
            names: names.map(left),
        }
    }

    /// Whether making a file has to be told from opening one.
    pub(crate) fn counts_names(&self) -> bool {
        self.names.is_some()
    }

    /// Does what makes a name; `None`, and nothing done, if there is none left. What fails costs nothing.
    pub(crate) fn spend_name<R>(
        &self,
        make: impl FnOnce() -> Result<R, Errno>,
    ) -> Option<Result<R, Errno>> {
        let Some(names) = &self.names else {
            return Some(make());
        };
        if !names.take_all(1) {
            return None;
        }
        Some(make().inspect_err(|_| names.give_back(1)))
    }

    /// Does what adds `bytes` bytes to a file; `dquot`, and nothing done, if they are more than are left.
    pub(crate) fn adding(
        &self,
        bytes: u64,
        add: impl FnOnce() -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        let Some(left) = &self.bytes else {
            return add();
        };
        if !left.take_all(bytes) {
            return Err(Errno::Dquot);
        }
        add().inspect_err(|_| left.give_back(bytes))
    }

    /// Does a write of `wanted` bytes at `position` of a descriptor, given how many of them it may write, and counts
    /// those it says it wrote: with less than it wants to, it is a short one. `dquot`, and nothing done, if it may
    /// write none. A hole before the place counts too: each block of a file that a guest made longer was paid for,
    /// however little is written to it. A thread that moves the position at this very moment may get a hole for
    /// nothing, but never bytes.
    pub(crate) fn writing(
        &self,
        descriptor: &Descriptor,
        position: Position,
        wanted: u64,
        write: impl FnOnce(u64) -> Result<usize, Errno>,
    ) -> Result<usize, Errno> {
        let left = match &self.bytes {
            // What goes elsewhere than to a file takes no room.
            Some(left) if descriptor.filetype() == Filetype::RegularFile => left,
            _ => return write(u64::MAX),
        };
        if wanted == 0 {
            return write(0);
        }
        let hole = hole_before(descriptor, position)?;
        let taken = left.take(hole.saturating_add(wanted));
        let written = match taken.saturating_sub(hole) {
            0 => Err(Errno::Dquot),
            room => write(room),
        };
        let spent = match written {
            Ok(bytes) if bytes > 0 => hole + bytes as u64,
            _ => 0,
        };
        left.give_back(taken.saturating_sub(spent));
        written
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
    use crate::descriptor::{Host, Role};

    fn left(quota: &Quota) -> u64 {
        let left = quota.bytes.as_ref().expect("a bound");
        left.0.load(Ordering::Relaxed)
    }

    #[test]
    fn bytes_are_spent() {
        let quota = Quota::new(Some(10), None);
        assert_eq!(quota.adding(11, || unreachable!()), Err(Errno::Dquot));
        assert_eq!(quota.adding(4, || Err(Errno::Nospc)), Err(Errno::Nospc));
        assert_eq!(left(&quota), 10, "what failed was paid for");
        assert_eq!(quota.adding(10, || Ok(())), Ok(()));
        assert_eq!(quota.adding(1, || unreachable!()), Err(Errno::Dquot));
        assert_eq!(quota.adding(0, || Ok(())), Ok(()));
    }

    /// A file of three bytes, with the position behind a hole of two.
    fn file() -> Descriptor {
        use rustix::fs::{MemfdFlags, SeekFrom};
        let file = rustix::fs::memfd_create("quota", MemfdFlags::CLOEXEC).unwrap();
        rustix::io::write(&file, b"abc").unwrap();
        rustix::fs::seek(&file, SeekFrom::Start(5)).unwrap();
        Descriptor::stdio(Host::Owned(file), Role::Output).unwrap()
    }

    #[test]
    fn writes_are_short_and_holes_count() {
        let file = file();
        let write = |quota: &Quota, wanted: u64| {
            quota.writing(&file, Position::Current, wanted, |room| {
                Ok(room.min(wanted) as usize)
            })
        };
        let quota = Quota::new(Some(10), None);
        let fails = quota.writing(&file, Position::Current, 4, |_| Err(Errno::Io));
        assert_eq!((fails, left(&quota)), (Err(Errno::Io), 10));
        assert_eq!((write(&quota, 0), left(&quota)), (Ok(0), 10));
        assert_eq!((write(&quota, 3), left(&quota)), (Ok(3), 5));
        assert_eq!((write(&quota, 4), left(&quota)), (Ok(3), 0));
        assert_eq!(write(&quota, 1), Err(Errno::Dquot));
        // Room for the hole alone is none.
        let quota = Quota::new(Some(2), None);
        assert_eq!((write(&quota, 1), left(&quota)), (Err(Errno::Dquot), 2));
        assert_eq!(write(&Quota::default(), u64::MAX), Ok(usize::MAX));
    }

    #[test]
    fn names_are_spent() {
        let quota = Quota::new(None, Some(1));
        assert!(quota.counts_names());
        let fails = quota.spend_name(|| Err::<(), _>(Errno::Exist));
        assert_eq!(fails, Some(Err(Errno::Exist)));
        assert_eq!(quota.spend_name(|| Ok(7)), Some(Ok(7)));
        assert_eq!(
            quota.spend_name(|| -> Result<(), _> { unreachable!() }),
            None
        );
        let without = Quota::default();
        assert!(!without.counts_names());
        assert_eq!(without.spend_name(|| Ok(7)), Some(Ok(7)));
        assert_eq!(without.adding(u64::MAX, || Ok(())), Ok(()));
    }

    /// However many threads spend, what is spent is what was there.
    #[test]
    fn threads_share_it() {
        let quota = Quota::new(Some(10_000), Some(100));
        let (bytes, names) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..4_000 {
                        let _ = quota.adding(1, || {
                            bytes.fetch_add(1, Ordering::Relaxed);
                            Ok(())
                        });
                        let _ = quota.adding(3, || Err(Errno::Io));
                        let _ = quota.spend_name(|| {
                            names.fetch_add(1, Ordering::Relaxed);
                            Ok(())
                        });
                    }
                });
            }
        });
        assert_eq!(names.into_inner(), 100);
        let spent = bytes.into_inner();
        assert_eq!(spent + left(&quota), 10_000);
    }
}
