//! The calls that may wait: for input, for room in a pipe, for a connection, for a time.
//!
//! Nothing else in this crate sleeps, so an embedder that must not (a proxy's worker) has one place to
//! forbid it: [`Blocking`]. Signals that interrupt a wait are not the guest's business: the call goes on.

use crate::types::Errno;
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::{ReadWriteFlags, retry_on_intr};
use rustix::net::{RecvFlags, SendFlags, SocketFlags};
use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::time::Duration;

/// Whether a guest's calls may wait for something: for a stream, a socket or a time. Files are not waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Blocking {
    /// As long as it takes.
    #[default]
    Allowed,
    /// Each call at most this long; then it gives `again`.
    Bounded(Duration),
    /// Not at all: what cannot be served at once gives `again`.
    Forbidden,
}

/// What to do if a call cannot be served at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    Yes,
    /// This many nanoseconds, and then give `again`.
    UpTo(u64),
    /// Give `again`.
    No,
}

impl From<Blocking> for Wait {
    fn from(blocking: Blocking) -> Self {
        match blocking {
            Blocking::Allowed => Wait::Yes,
            Blocking::Bounded(time) => {
                Wait::UpTo(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
            }
            Blocking::Forbidden => Wait::No,
        }
    }
}

impl Wait {
    /// `again` unless `fd` is or becomes ready as this allows. The call itself may wait if so.
    fn until_ready(self, fd: BorrowedFd<'_>, flags: PollFlags) -> Result<(), Errno> {
        let nanoseconds = match self {
            Wait::Yes => return Ok(()),
            Wait::UpTo(nanoseconds) => nanoseconds,
            Wait::No => 0,
        };
        let mut fds = [PollFd::from_borrowed_fd(fd, flags)];
        let timeout = timespec(nanoseconds);
        match retry_on_intr(|| rustix::event::poll(&mut fds, Some(&timeout)))? {
            0 => Err(Errno::Again),
            _ => Ok(()),
        }
    }
}

/// Where in a file a call starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// At the descriptor's own position, which moves on.
    Current,
    At(u64),
    /// At the end.
    End,
}

/// What a pipe or a terminal that polls as writable takes without blocking: POSIX's `PIPE_BUF` on Linux.
const ATOMIC_BYTES: usize = 4096;

/// Reads into `buffers`, in order; gives the number of bytes read, 0 at the end of the file.
pub(crate) fn read(
    fd: BorrowedFd<'_>,
    buffers: &mut [IoSliceMut<'_>],
    position: Position,
    wait: Wait,
) -> Result<usize, Errno> {
    wait.until_ready(fd, PollFlags::IN)?;
    // One buffer is what nearly every guest passes, and cheaper for the kernel than a list of one.
    let bytes = retry_on_intr(|| match (position, &mut *buffers) {
        (Position::At(offset), [buffer]) => rustix::io::pread(fd, &mut **buffer, offset),
        (Position::At(offset), buffers) => rustix::io::preadv(fd, buffers, offset),
        (Position::Current | Position::End, [buffer]) => rustix::io::read(fd, &mut **buffer),
        (Position::Current | Position::End, buffers) => rustix::io::readv(fd, buffers),
    })?;
    Ok(bytes)
}

/// Writes `buffers`, in order; gives the number of bytes written.
pub(crate) fn write(
    fd: BorrowedFd<'_>,
    buffers: &[IoSlice<'_>],
    position: Position,
    wait: Wait,
) -> Result<usize, Errno> {
    let part;
    let mut buffers = buffers;
    if wait != Wait::Yes {
        wait.until_ready(fd, PollFlags::OUT)?;
        // Room for one page is all that readiness promises: as many whole buffers, or a part of the first.
        let mut room = ATOMIC_BYTES;
        let fits = |buffer: &&IoSlice<'_>| {
            let left = room.checked_sub(buffer.len());
            room = left.unwrap_or(0);
            left.is_some()
        };
        let whole = buffers.iter().take_while(fits).count();
        match buffers.first() {
            Some(first) if whole == 0 => {
                part = [IoSlice::new(&first[..ATOMIC_BYTES])];
                buffers = &part;
            }
            _ => buffers = &buffers[..whole],
        }
    }
    let bytes = retry_on_intr(|| match (position, buffers) {
        (Position::Current, [buffer]) => rustix::io::write(fd, buffer),
        (Position::Current, buffers) => rustix::io::writev(fd, buffers),
        (Position::At(offset), [buffer]) => rustix::io::pwrite(fd, buffer, offset),
        (Position::At(offset), buffers) => rustix::io::pwritev(fd, buffers, offset),
        (Position::End, buffers) => {
            rustix::io::pwritev2(fd, buffers, u64::MAX, ReadWriteFlags::APPEND)
        }
    })?;
    Ok(bytes)
}

/// Sends `buffers` on a connection. `pipe` if the other side is gone.
pub(crate) fn send(
    fd: BorrowedFd<'_>,
    buffers: &[IoSlice<'_>],
    wait: Wait,
) -> Result<usize, Errno> {
    let mut flags = SendFlags::NOSIGNAL;
    if wait != Wait::Yes {
        wait.until_ready(fd, PollFlags::OUT)?;
        flags |= SendFlags::DONTWAIT;
    }
    let mut control = Default::default();
    Ok(retry_on_intr(|| {
        rustix::net::sendmsg(fd, buffers, &mut control, flags)
    })?)
}

/// Receives into `buffers`; gives the number of bytes, and whether some of a message were lost.
pub(crate) fn receive(
    fd: BorrowedFd<'_>,
    buffers: &mut [IoSliceMut<'_>],
    flags: RecvFlags,
    wait: Wait,
) -> Result<(usize, bool), Errno> {
    let mut flags = flags;
    if wait != Wait::Yes {
        wait.until_ready(fd, PollFlags::IN)?;
        flags |= RecvFlags::DONTWAIT;
    }
    let mut control = Default::default();
    let message = retry_on_intr(|| rustix::net::recvmsg(fd, buffers, &mut control, flags))?;
    let truncated = message.flags.contains(rustix::net::ReturnFlags::TRUNC);
    Ok((message.bytes, truncated))
}

/// Takes a connection from a socket that listens.
pub(crate) fn accept(fd: BorrowedFd<'_>, flags: SocketFlags, wait: Wait) -> Result<OwnedFd, Errno> {
    wait.until_ready(fd, PollFlags::IN)?;
    Ok(retry_on_intr(|| {
        rustix::net::accept_with(fd, flags | SocketFlags::CLOEXEC)
    })?)
}

fn timespec(nanoseconds: u64) -> Timespec {
    Timespec {
        tv_sec: (nanoseconds / 1_000_000_000) as i64,
        tv_nsec: (nanoseconds % 1_000_000_000) as _,
    }
}

/// Waits until one of `fds` is ready or `timeout_ns` have passed; `None` waits for the descriptors alone.
/// May return early: an interrupted wait counts as a short one.
pub(crate) fn poll(fds: &mut [PollFd<'_>], timeout_ns: Option<u64>) -> Result<(), Errno> {
    let timeout = timeout_ns.map(timespec);
    match rustix::event::poll(fds, timeout.as_ref()) {
        Ok(_) => Ok(()),
        Err(rustix::io::Errno::INTR) => {
            for fd in fds {
                fd.clear_revents();
            }
            Ok(())
        }
        Err(errno) => Err(errno.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::fd::AsFd;

    #[test]
    fn an_empty_pipe_gives_again_without_waiting() {
        let (input, mut feed) = std::io::pipe().unwrap();
        let mut buffer = [0; 4];
        let mut read_once = || {
            let mut buffers = [IoSliceMut::new(&mut buffer)];
            read(input.as_fd(), &mut buffers, Position::Current, Wait::No)
        };
        assert_eq!(read_once(), Err(Errno::Again));
        feed.write_all(b"ab").unwrap();
        assert_eq!(read_once(), Ok(2));
        drop(feed);
        assert_eq!(read_once(), Ok(0));
    }

    #[test]
    fn a_full_pipe_gives_again_without_waiting() {
        let (_drain, output) = std::io::pipe().unwrap();
        let chunk = [7; 10_000];
        let mut written = 0;
        let errno = loop {
            match write(
                output.as_fd(),
                &[IoSlice::new(&chunk)],
                Position::Current,
                Wait::No,
            ) {
                Ok(bytes) => written += bytes,
                Err(errno) => break errno,
            }
        };
        assert_eq!(errno, Errno::Again);
        assert!(written >= ATOMIC_BYTES, "{written}");
    }

    #[test]
    fn appending_goes_to_the_end() {
        use rustix::fs::{MemfdFlags, SeekFrom};
        let file = rustix::fs::memfd_create("append", MemfdFlags::CLOEXEC).unwrap();
        rustix::io::write(&file, b"abc").unwrap();
        rustix::fs::seek(&file, SeekFrom::Start(0)).unwrap();
        let buffers = [IoSlice::new(b"de")];
        assert_eq!(
            write(file.as_fd(), &buffers, Position::End, Wait::Yes),
            Ok(2)
        );
        let mut contents = [0; 8];
        assert_eq!(rustix::io::pread(&file, &mut contents, 0), Ok(5));
        assert_eq!(&contents[..5], b"abcde");
    }
}
