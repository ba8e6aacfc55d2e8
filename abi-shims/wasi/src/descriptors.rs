//! The guest's table of descriptors: from numbers to what they stand for.
//!
//! All threads of a guest use one table. It is locked to look something up or to change it, never while the host is
//! asked to read, write, open or wait: who looks a descriptor up gets it as it is then, and keeps what it stands for
//! open, so that another thread's closing it takes away the number and nothing else. What is taken out of the table
//! is dropped, and perhaps closed, when the lock is free again.

use crate::descriptor::{Descriptor, Host, Role};
use crate::directory::Directory;
use crate::types::{Errno, Rights};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many descriptors a guest may have, unless the embedder says otherwise.
pub(crate) const DESCRIPTORS_MAX: u32 = 1024;

/// The guest's table of descriptors.
#[derive(Debug)]
pub(crate) struct Descriptors {
    slots: Mutex<Vec<Slot>>,
    max: u32,
}

#[derive(Debug)]
enum Slot {
    Free,
    /// For what is being opened.
    Reserved,
    Open(Descriptor),
}

impl Slot {
    fn open(&self) -> Result<&Descriptor, Errno> {
        match self {
            Slot::Open(descriptor) => Ok(descriptor),
            Slot::Free | Slot::Reserved => Err(Errno::Badf),
        }
    }

    fn open_mut(&mut self) -> Result<&mut Descriptor, Errno> {
        match self {
            Slot::Open(descriptor) => Ok(descriptor),
            Slot::Free | Slot::Reserved => Err(Errno::Badf),
        }
    }
}

/// The open descriptor of a number.
fn at(slots: &[Slot], fd: u32) -> Result<&Descriptor, Errno> {
    slots.get(fd as usize).ok_or(Errno::Badf)?.open()
}

/// A number for a descriptor that is not open yet; given back if none comes.
#[derive(Debug)]
pub(crate) struct Reservation<'d> {
    descriptors: &'d Descriptors,
    fd: usize,
}

impl Reservation<'_> {
    /// Opens the descriptor under this number.
    pub(crate) fn fill(self, descriptor: Descriptor) -> u32 {
        let fd = self.fd;
        self.descriptors.lock()[fd] = Slot::Open(descriptor);
        // From here on the number is the guest's, who may have closed it already: there is nothing to give back.
        std::mem::forget(self);
        fd as u32
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        let slot = &mut self.descriptors.lock()[self.fd];
        if matches!(slot, Slot::Reserved) {
            *slot = Slot::Free;
        }
    }
}

impl Descriptors {
    pub(crate) fn new(max: u32) -> Self {
        Descriptors {
            slots: Mutex::default(),
            max,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the next number to a standard stream. One that the host does not have, or that is beyond the
    /// limit, stays closed.
    pub(crate) fn push_stdio(&self, host: Option<Host>, role: Role) {
        let mut slots = self.lock();
        if slots.len() < self.max as usize {
            let descriptor = host.and_then(|host| Descriptor::stdio(host, role));
            slots.push(descriptor.map_or(Slot::Free, Slot::Open));
        }
    }

    pub(crate) fn find(&self, fd: u32) -> Result<Descriptor, Errno> {
        at(&self.lock(), fd).cloned()
    }

    /// Changes a descriptor. The table is locked meanwhile.
    pub(crate) fn change<R>(
        &self,
        fd: u32,
        change: impl FnOnce(&mut Descriptor) -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        let mut slots = self.lock();
        let slot = slots.get_mut(fd as usize).ok_or(Errno::Badf)?;
        change(slot.open_mut()?)
    }

    /// The descriptor, if it may do what `rights` say.
    pub(crate) fn with_rights(&self, fd: u32, rights: Rights) -> Result<Descriptor, Errno> {
        let descriptor = self.find(fd)?;
        descriptor.require(rights)?;
        Ok(descriptor)
    }

    /// The directory that a path starts from, if it may be used as `rights` say. `notdir` for what is none.
    pub(crate) fn directory(&self, fd: u32, rights: Rights) -> Result<Directory, Errno> {
        let descriptor = self.find(fd)?;
        let directory = descriptor.directory()?;
        descriptor.require(rights)?;
        Ok(directory)
    }

    /// The lowest free number, for something that is about to be opened; `mfile` if there is none left. To be had
    /// before a file is opened, which may create it.
    pub(crate) fn reserve(&self) -> Result<Reservation<'_>, Errno> {
        let mut slots = self.lock();
        let free = slots.iter().position(|slot| matches!(slot, Slot::Free));
        let fd = match free {
            Some(fd) => fd,
            None if slots.len() < self.max as usize => {
                slots.push(Slot::Free);
                slots.len() - 1
            }
            None => return Err(Errno::Mfile),
        };
        slots[fd] = Slot::Reserved;
        Ok(Reservation {
            descriptors: self,
            fd,
        })
    }

    /// Gives the next number to `descriptor`, whether numbers before it are free or not; gives it back if
    /// there is none.
    pub(crate) fn push(&self, descriptor: Descriptor) -> Result<(), Descriptor> {
        let mut slots = self.lock();
        if slots.len() >= self.max as usize {
            return Err(descriptor);
        }
        slots.push(Slot::Open(descriptor));
        Ok(())
    }

    pub(crate) fn close(&self, fd: u32) -> Result<(), Errno> {
        let closed = {
            let mut slots = self.lock();
            at(&slots, fd)?;
            std::mem::replace(&mut slots[fd as usize], Slot::Free)
        };
        drop(closed);
        Ok(())
    }

    /// Moves `from` to the place of `to`, which must be open and gets closed.
    pub(crate) fn renumber(&self, from: u32, to: u32) -> Result<(), Errno> {
        let closed = {
            let mut slots = self.lock();
            at(&slots, from)?;
            at(&slots, to)?;
            if from == to {
                return Ok(());
            }
            let moved = std::mem::replace(&mut slots[from as usize], Slot::Free);
            std::mem::replace(&mut slots[to as usize], moved)
        };
        drop(closed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Fdflags;
    use rustix::fs::OFlags;
    use std::os::fd::OwnedFd;

    /// Input from a pipe, output to a pipe, and the pipes' other ends.
    fn piped() -> (Descriptors, OwnedFd, OwnedFd) {
        let (input, feed) = std::io::pipe().unwrap();
        let (drain, output) = std::io::pipe().unwrap();
        let descriptors = Descriptors::new(DESCRIPTORS_MAX);
        descriptors.push_stdio(Some(Host::Owned(input.into())), Role::Input);
        descriptors.push_stdio(Some(Host::Owned(output.into())), Role::Output);
        descriptors.push_stdio(None, Role::Output);
        (descriptors, feed.into(), drain.into())
    }

    #[test]
    fn a_closed_slot_is_no_descriptor() {
        let (descriptors, ..) = piped();
        for fd in [2, 3, u32::MAX] {
            assert_eq!(descriptors.find(fd).err(), Some(Errno::Badf));
            assert_eq!(descriptors.close(fd), Err(Errno::Badf));
            assert_eq!(descriptors.renumber(0, fd), Err(Errno::Badf));
            assert_eq!(descriptors.renumber(fd, 0), Err(Errno::Badf));
            let directory = descriptors.directory(fd, Rights::empty());
            assert_eq!(directory.err(), Some(Errno::Badf));
        }
        assert_eq!(descriptors.close(0), Ok(()));
        assert_eq!(descriptors.close(0), Err(Errno::Badf));
    }

    #[test]
    fn streams_flow_one_way() {
        let (descriptors, ..) = piped();
        let read = descriptors.with_rights(0, Rights::FD_READ);
        assert!(read.is_ok());
        let write = descriptors.with_rights(0, Rights::FD_WRITE);
        assert_eq!(write.err(), Some(Errno::Badf));
        let seek = descriptors.with_rights(0, Rights::FD_SEEK);
        assert_eq!(seek.err(), Some(Errno::Notcapable));
    }

    #[test]
    fn rights_only_shrink() {
        let (descriptors, ..) = piped();
        let mut descriptor = descriptors.find(0).unwrap();
        let all = descriptor.stat().unwrap().rights_base;
        let more = all.union(Rights::FD_WRITE);
        assert_eq!(
            descriptor.set_rights(more, Rights::empty()),
            Err(Errno::Notcapable)
        );
        assert_eq!(
            descriptor.set_rights(Rights::FD_FILESTAT_GET, Rights::empty()),
            Ok(())
        );
        assert_eq!(descriptor.require(Rights::FD_READ), Err(Errno::Badf));
        assert_eq!(
            descriptor.set_rights(all, Rights::empty()),
            Err(Errno::Notcapable)
        );
    }

    #[test]
    fn renumbering_moves_and_closes() {
        let (descriptors, _feed, drain) = piped();
        assert_eq!(descriptors.renumber(0, 1), Ok(()));
        assert_eq!(descriptors.find(0).err(), Some(Errno::Badf));
        assert!(descriptors.with_rights(1, Rights::FD_READ).is_ok());
        // The output pipe's only writer is gone.
        assert_eq!(rustix::io::read(&drain, &mut [0u8; 1]), Ok(0));
        assert_eq!(descriptors.renumber(1, 1), Ok(()));
        assert!(descriptors.find(1).is_ok());
    }

    #[test]
    fn flags_stay_with_the_guest() {
        let (descriptors, ..) = piped();
        let mut descriptor = descriptors.find(0).unwrap();
        assert_eq!(descriptor.flags(), Ok(Fdflags::empty()));
        assert_eq!(descriptor.set_flags(Fdflags::NONBLOCK), Ok(()));
        assert_eq!(descriptor.flags(), Ok(Fdflags::NONBLOCK));
        let host = rustix::fs::fcntl_getfl(descriptor.host()).unwrap();
        assert!(!host.contains(OFlags::NONBLOCK));
        assert_eq!(descriptor.set_flags(Fdflags::SYNC), Err(Errno::Inval));
        rustix::fs::fcntl_setfl(descriptor.host(), host | OFlags::NONBLOCK).unwrap();
        assert_eq!(descriptor.set_flags(Fdflags::empty()), Err(Errno::Notsup));
    }

    #[test]
    fn the_limit_holds() {
        let descriptors = Descriptors::new(1);
        for _ in 0..2 {
            let (read, _) = std::io::pipe().unwrap();
            descriptors.push_stdio(Some(Host::Owned(read.into())), Role::Input);
        }
        assert!(descriptors.find(0).is_ok());
        assert_eq!(descriptors.find(1).err(), Some(Errno::Badf));
    }

    #[test]
    fn the_lowest_free_number_is_given_out() {
        let (mut descriptors, ..) = piped();
        let open = |descriptors: &Descriptors| {
            let (read, _) = std::io::pipe().unwrap();
            let listener = Descriptor::listener(read.into());
            descriptors
                .reserve()
                .map(|reserved| reserved.fill(listener))
        };
        assert_eq!(open(&descriptors), Ok(2));
        assert_eq!(open(&descriptors), Ok(3));
        assert_eq!(descriptors.close(1), Ok(()));
        assert_eq!(open(&descriptors), Ok(1));
        descriptors.max = 4;
        assert_eq!(descriptors.reserve().err(), Some(Errno::Mfile));
        assert_eq!(descriptors.close(0), Ok(()));
        assert!(descriptors.reserve().is_ok());
    }

    /// What is being opened has a number that nobody else gets or can use.
    #[test]
    fn a_reserved_number_is_no_descriptor() {
        let (descriptors, ..) = piped();
        let reserved = descriptors.reserve().unwrap();
        assert_eq!(reserved.fd, 2);
        assert_eq!(descriptors.find(2).err(), Some(Errno::Badf));
        assert_eq!(descriptors.close(2), Err(Errno::Badf));
        assert_eq!(descriptors.renumber(0, 2), Err(Errno::Badf));
        assert_eq!(descriptors.reserve().unwrap().fd, 3);
        drop(reserved);
        assert_eq!(descriptors.reserve().unwrap().fd, 2);
    }

    /// Closing takes the number away, and the host's descriptor only when nobody uses it any more.
    #[test]
    fn who_looked_a_descriptor_up_keeps_it_open() {
        let (descriptors, _feed, drain) = piped();
        let output = descriptors.find(1).unwrap();
        assert_eq!(descriptors.close(1), Ok(()));
        assert_eq!(descriptors.find(1).err(), Some(Errno::Badf));
        assert_eq!(rustix::io::write(output.host(), b"x"), Ok(1));
        drop(output);
        assert_eq!(rustix::io::read(&drain, &mut [0u8; 4]), Ok(1));
        assert_eq!(rustix::io::read(&drain, &mut [0u8; 4]), Ok(0));
    }

    /// Threads that open, close, move and use the same numbers never see half of a change.
    #[test]
    fn threads_share_the_table() {
        let (descriptors, ..) = piped();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for round in 0..500u32 {
                        let reserved = descriptors.reserve().unwrap();
                        let (read, _) = std::io::pipe().unwrap();
                        let fd = reserved.fill(Descriptor::listener(read.into()));
                        if let Ok(found) = descriptors.find(fd) {
                            assert!(rustix::fs::fstat(found.host()).is_ok());
                        }
                        let _ = descriptors.renumber(fd, 2 + round % 5);
                        let _ = descriptors.close(2 + round % 7);
                        let _ = descriptors.close(fd);
                    }
                });
            }
        });
        let open = |fd: &u32| descriptors.find(*fd).is_ok();
        assert!((0..2).all(|fd| open(&fd)));
        assert!((2..64).filter(open).count() <= 20);
    }
}
