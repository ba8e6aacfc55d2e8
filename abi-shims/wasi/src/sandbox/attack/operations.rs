//! Everything that a guest can do with a path, each as a function of the path.

use crate::directory::{Directory, OpenOptions};
use crate::quota::Quota;
use crate::sandbox::Follow;
use crate::types::{Errno, Fdflags, Oflags};
use rustix::fs::{Timespec, Timestamps};

/// What an operation brought back.
#[derive(Debug)]
pub(super) enum Seen {
    /// The inode of what was opened or asked about.
    Inode(u64),
    /// What a link says.
    Target(Vec<u8>),
    Nothing,
}

type Operation = fn(&Directory, &[u8]) -> Result<Seen, Errno>;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("open", |directory, path| open(directory, path, READ)),
    ("open, not following", |directory, path| {
        let follow = Follow::No;
        open(directory, path, OpenOptions { follow, ..READ })
    }),
    ("open a directory", |directory, path| {
        let oflags = Oflags::DIRECTORY;
        open(directory, path, OpenOptions { oflags, ..READ })
    }),
    ("open to write", |directory, path| {
        let write = true;
        open(directory, path, OpenOptions { write, ..READ })
    }),
    ("truncate", |directory, path| {
        let oflags = Oflags::TRUNC;
        open(directory, path, OpenOptions { oflags, ..READ })
    }),
    ("create", |directory, path| {
        let oflags = Oflags::CREAT;
        open(directory, path, OpenOptions { oflags, ..READ })
    }),
    ("create anew", |directory, path| {
        let oflags = Oflags::CREAT.union(Oflags::EXCL);
        open(directory, path, OpenOptions { oflags, ..READ })
    }),
    ("create within a quota", |directory, path| {
        let oflags = Oflags::CREAT;
        let quota = Quota::new(None, Some(1));
        open_within(directory, path, OpenOptions { oflags, ..READ }, quota)
    }),
    ("stat", |directory, path| {
        Ok(Seen::Inode(directory.stat(path, Follow::Yes)?.st_ino))
    }),
    ("stat, not following", |directory, path| {
        Ok(Seen::Inode(directory.stat(path, Follow::No)?.st_ino))
    }),
    ("set times", |directory, path| {
        directory.set_times(path, Follow::Yes, &LONG_AGO)?;
        Ok(Seen::Nothing)
    }),
    ("set times, not following", |directory, path| {
        directory.set_times(path, Follow::No, &LONG_AGO)?;
        Ok(Seen::Nothing)
    }),
    ("read link", |directory, path| {
        let mut buffer = [0; 256];
        let bytes = directory.read_link(path, &mut buffer)?;
        Ok(Seen::Target(buffer[..bytes].to_vec()))
    }),
    ("create directory", |directory, path| {
        directory.create_directory(path, &Quota::default())?;
        Ok(Seen::Nothing)
    }),
    ("remove directory", |directory, path| {
        directory.remove_directory(path)?;
        Ok(Seen::Nothing)
    }),
    ("unlink", |directory, path| {
        directory.unlink_file(path)?;
        Ok(Seen::Nothing)
    }),
    ("rename from", |directory, path| {
        directory.rename(path, directory, b"taken")?;
        Ok(Seen::Nothing)
    }),
    ("rename to", |directory, path| {
        directory.rename(b"spare", directory, path)?;
        Ok(Seen::Nothing)
    }),
    ("link from", |directory, path| {
        directory.link(path, directory, b"taken", &Quota::default())?;
        Ok(Seen::Nothing)
    }),
    ("link to", |directory, path| {
        directory.link(b"spare", directory, path, &Quota::default())?;
        Ok(Seen::Nothing)
    }),
    ("symlink", |directory, path| {
        directory.symlink(b"spare", path, &Quota::default())?;
        Ok(Seen::Nothing)
    }),
];

const READ: OpenOptions = OpenOptions {
    follow: Follow::Yes,
    oflags: Oflags::empty(),
    fdflags: Fdflags::empty(),
    read: true,
    write: false,
};

const LONG_AGO: Timestamps = Timestamps {
    last_access: Timespec {
        tv_sec: 1,
        tv_nsec: 0,
    },
    last_modification: Timespec {
        tv_sec: 1,
        tv_nsec: 0,
    },
};

fn open(directory: &Directory, path: &[u8], options: OpenOptions) -> Result<Seen, Errno> {
    open_within(directory, path, options, Quota::default())
}

fn open_within(
    directory: &Directory,
    path: &[u8],
    options: OpenOptions,
    quota: Quota,
) -> Result<Seen, Errno> {
    let opened = directory.open(path, &options, &quota)?;
    Ok(Seen::Inode(rustix::fs::fstat(&opened.fd)?.st_ino))
}
