//! The guest's table of descriptors: from numbers to what they stand for.

use crate::descriptor::{Descriptor, Host, Role};
use crate::directory::Directory;
use crate::types::{Errno, Rights};

/// How many descriptors a guest may have, unless the embedder says otherwise.
pub(crate) const DESCRIPTORS_MAX: u32 = 1024;

/// The guest's table of descriptors.
#[derive(Debug)]
pub(crate) struct Descriptors {
    slots: Vec<Option<Descriptor>>,
    max: u32,
}

impl Descriptors {
    pub(crate) fn new(max: u32) -> Self {
        Descriptors {
            slots: Vec::new(),
            max,
        }
    }

    /// Gives the next number to a standard stream. One that the host does not have, or that is beyond the
    /// limit, stays closed.
    pub(crate) fn push_stdio(&mut self, host: Option<Host>, role: Role) {
        if self.slots.len() < self.max as usize {
            let descriptor = host.and_then(|host| Descriptor::stdio(host, role));
            self.slots.push(descriptor);
        }
    }

    fn slot(&mut self, fd: u32) -> Result<&mut Option<Descriptor>, Errno> {
        let slot = self.slots.get_mut(fd as usize).ok_or(Errno::Badf)?;
        if slot.is_some() {
            Ok(slot)
        } else {
            Err(Errno::Badf)
        }
    }

    pub(crate) fn find(&self, fd: u32) -> Result<&Descriptor, Errno> {
        let slot = self.slots.get(fd as usize).ok_or(Errno::Badf)?;
        slot.as_ref().ok_or(Errno::Badf)
    }

    pub(crate) fn find_mut(&mut self, fd: u32) -> Result<&mut Descriptor, Errno> {
        self.slot(fd)?.as_mut().ok_or(Errno::Badf)
    }

    /// The descriptor, if it may do what `rights` say.
    pub(crate) fn with_rights(&self, fd: u32, rights: Rights) -> Result<&Descriptor, Errno> {
        let descriptor = self.find(fd)?;
        descriptor.require(rights)?;
        Ok(descriptor)
    }

    /// The directory that a path starts from, if it may be used as `rights` say. `notdir` for what is none.
    pub(crate) fn directory(&self, fd: u32, rights: Rights) -> Result<Directory<'_>, Errno> {
        let descriptor = self.find(fd)?;
        let directory = descriptor.directory()?;
        descriptor.require(rights)?;
        Ok(directory)
    }

    fn has_room(&self) -> bool {
        self.slots.len() < self.max as usize || self.slots.iter().any(Option::is_none)
    }

    /// `mfile` if there is no number left. To be asked before a file is opened, which may create it.
    pub(crate) fn require_room(&self) -> Result<(), Errno> {
        if self.has_room() {
            Ok(())
        } else {
            Err(Errno::Mfile)
        }
    }

    /// Gives the lowest free number to `descriptor`.
    pub(crate) fn insert(&mut self, descriptor: Descriptor) -> Result<u32, Errno> {
        let free = self.slots.iter().position(Option::is_none);
        let fd = match free {
            Some(fd) => fd,
            None => {
                self.require_room()?;
                self.slots.push(None);
                self.slots.len() - 1
            }
        };
        self.slots[fd] = Some(descriptor);
        Ok(fd as u32)
    }

    /// Gives the next number to `descriptor`, whether numbers before it are free or not; gives it back if
    /// there is none.
    pub(crate) fn push(&mut self, descriptor: Descriptor) -> Result<(), Descriptor> {
        if self.slots.len() >= self.max as usize {
            return Err(descriptor);
        }
        self.slots.push(Some(descriptor));
        Ok(())
    }

    pub(crate) fn close(&mut self, fd: u32) -> Result<(), Errno> {
        *self.slot(fd)? = None;
        Ok(())
    }

    /// Moves `from` to the place of `to`, which must be open and gets closed.
    pub(crate) fn renumber(&mut self, from: u32, to: u32) -> Result<(), Errno> {
        self.find(from)?;
        self.find(to)?;
        if from != to {
            let descriptor = self.slot(from)?.take();
            *self.slot(to)? = descriptor;
        }
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
        let mut descriptors = Descriptors::new(DESCRIPTORS_MAX);
        descriptors.push_stdio(Some(Host::Owned(input.into())), Role::Input);
        descriptors.push_stdio(Some(Host::Owned(output.into())), Role::Output);
        descriptors.push_stdio(None, Role::Output);
        (descriptors, feed.into(), drain.into())
    }

    #[test]
    fn a_closed_slot_is_no_descriptor() {
        let (mut descriptors, ..) = piped();
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
        let (mut descriptors, ..) = piped();
        let descriptor = descriptors.find_mut(0).unwrap();
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
        let (mut descriptors, _feed, drain) = piped();
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
        let (mut descriptors, ..) = piped();
        let descriptor = descriptors.find_mut(0).unwrap();
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
        let mut descriptors = Descriptors::new(1);
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
        let listener = || {
            let (read, _) = std::io::pipe().unwrap();
            Descriptor::listener(read.into())
        };
        assert_eq!(descriptors.insert(listener()), Ok(2));
        assert_eq!(descriptors.insert(listener()), Ok(3));
        assert_eq!(descriptors.close(1), Ok(()));
        assert_eq!(descriptors.insert(listener()), Ok(1));
        descriptors.max = 4;
        assert_eq!(descriptors.require_room(), Err(Errno::Mfile));
        assert_eq!(descriptors.insert(listener()), Err(Errno::Mfile));
        assert_eq!(descriptors.close(0), Ok(()));
        assert_eq!(descriptors.require_room(), Ok(()));
    }
}
