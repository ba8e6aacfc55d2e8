//! Section `path`: files by name, from a directory that the guest was given.
//!
//! Each function checks its arguments first (`inval` for flags without a meaning and for a path with a NUL,
//! `nametoolong`, `fault` for an address out of bounds), then the descriptor (`badf`, `notdir`), then its rights
//! (`notcapable`). A path that leads out of the directory is `notcapable`, whether by `..`, by a link or because
//! it is absolute; a change under a read-only directory is `rofs`; what else can go wrong is the host's.
//!
//! Here is the protocol; [`crate::directory`] does the work.

use crate::descriptor::{Descriptor, filestat};
use crate::directory::OpenOptions;
use crate::fd::timestamps;
use crate::memory::{Call, PATH_BYTES_MAX};
use crate::sandbox::Follow;
use crate::types::{Errno, Fdflags, Filestat, Filetype, Lookupflags, Oflags, Rights};
use rustix::fs::FileType;

/// Makes a directory. `dquot` if the guest has made as much as it may; the same for everything else that is made.
pub(crate) fn path_create_directory(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Result<(), Errno> {
    let path = call.path(path, path_len)?;
    let descriptors = &call.ctx.descriptors;
    let directory = descriptors.directory(fd, Rights::PATH_CREATE_DIRECTORY)?;
    directory.create_directory(&path, &call.ctx.quota)
}

/// Writes the attributes of a file to `stat`.
pub(crate) fn path_filestat_get(
    call: &mut Call<'_>,
    fd: u32,
    flags: u32,
    path: u32,
    path_len: u32,
    stat: u32,
) -> Result<(), Errno> {
    let follow = follow(flags)?;
    let path = call.path(path, path_len)?;
    call.check(stat, Filestat::bytes(call.version))?;
    let descriptors = &call.ctx.descriptors;
    let directory = descriptors.directory(fd, Rights::PATH_FILESTAT_GET)?;
    let host = directory.stat(&path, follow)?;
    let filetype = Filetype::from(FileType::from_raw_mode(host.st_mode));
    let bytes = filestat(&host, filetype).to_bytes(call.version);
    call.write(stat, &bytes)
}

/// Sets the times of a file.
#[allow(clippy::too_many_arguments, reason = "the specification's")]
pub(crate) fn path_filestat_set_times(
    call: &mut Call<'_>,
    fd: u32,
    flags: u32,
    path: u32,
    path_len: u32,
    atim: u64,
    mtim: u64,
    fst_flags: u32,
) -> Result<(), Errno> {
    let follow = follow(flags)?;
    let times = timestamps(atim, mtim, fst_flags)?;
    let path = call.path(path, path_len)?;
    let descriptors = &call.ctx.descriptors;
    let directory = descriptors.directory(fd, Rights::PATH_FILESTAT_SET_TIMES)?;
    directory.set_times(&path, follow, &times)
}

/// Makes a hard link. A symbolic link at `old_path` is linked to itself: `inval` with `symlink_follow`, which
/// the host cannot do without looking the link up a second time.
#[allow(clippy::too_many_arguments, reason = "the specification's")]
pub(crate) fn path_link(
    call: &mut Call<'_>,
    old_fd: u32,
    old_flags: u32,
    old_path: u32,
    old_path_len: u32,
    new_fd: u32,
    new_path: u32,
    new_path_len: u32,
) -> Result<(), Errno> {
    let follow = follow(old_flags)?;
    let old_path = call.path(old_path, old_path_len)?;
    let new_path = call.path(new_path, new_path_len)?;
    let descriptors = &call.ctx.descriptors;
    descriptors.find(new_fd)?;
    let old = descriptors.directory(old_fd, Rights::PATH_LINK_SOURCE)?;
    let new = descriptors.directory(new_fd, Rights::PATH_LINK_TARGET)?;
    if follow == Follow::Yes {
        return Err(Errno::Inval);
    }
    old.link(&old_path, &new, &new_path, &call.ctx.quota)
}

/// Opens a file or a directory and writes the descriptor, the lowest free one, to `opened`.
///
/// Of the rights asked for the descriptor has those that `fd` lets it inherit and that make sense for what was
/// opened; to ask for reading or writing where that is not inherited is `notcapable`. `mfile` if the guest has
/// as many descriptors as it may, `acces` for what is neither a file nor a directory but for `/dev/null` and its
/// like, `isdir` for a directory to be written.
#[allow(clippy::too_many_arguments, reason = "the specification's")]
pub(crate) fn path_open(
    call: &mut Call<'_>,
    fd: u32,
    dirflags: u32,
    path: u32,
    path_len: u32,
    oflags: u32,
    fs_rights_base: u64,
    fs_rights_inheriting: u64,
    fdflags: u32,
    opened: u32,
) -> Result<(), Errno> {
    let follow = follow(dirflags)?;
    let oflags = Oflags::parse(oflags)?;
    let base = Rights::parse(fs_rights_base)?;
    let inheriting = Rights::parse(fs_rights_inheriting)?;
    let fdflags = Fdflags::parse(fdflags)?;
    let path = call.path(path, path_len)?;
    call.check(opened, 4)?;
    let descriptors = &call.ctx.descriptors;
    let inheritable = descriptors.find(fd)?.rights_inheriting();
    let mut needed = Rights::PATH_OPEN;
    if oflags.contains(Oflags::CREAT) {
        needed = needed.union(Rights::PATH_CREATE_FILE);
    }
    // Who may set the size of what is opened may as well do it now: Go opens directories without this right.
    let set_size = Rights::FD_WRITE.union(Rights::FD_FILESTAT_SET_SIZE);
    if oflags.contains(Oflags::TRUNC) && !inheritable.intersection(base).contains(set_size) {
        needed = needed.union(Rights::PATH_FILESTAT_SET_SIZE);
    }
    let directory = descriptors.directory(fd, needed)?;
    let read_write = Rights::FD_READ.union(Rights::FD_WRITE);
    if !inheritable.contains(base.intersection(read_write)) {
        return Err(Errno::Notcapable);
    }
    let reserved = descriptors.reserve()?;
    let options = OpenOptions {
        follow,
        oflags,
        fdflags,
        read: base.contains(Rights::FD_READ),
        write: base.contains(Rights::FD_WRITE),
    };
    let descriptor = Descriptor::opened(
        directory.open(&path, &options, &call.ctx.quota)?,
        &directory,
        base.intersection(inheritable),
        inheriting.intersection(inheritable),
        fdflags,
    );
    let number = reserved.fill(descriptor);
    call.write_u32(opened, number)
}

/// Writes what a symbolic link says to the `buf_len` bytes at `buf`, as much as there is room for, and how many
/// bytes that was to `bufused`. `inval` for what is no symbolic link.
pub(crate) fn path_readlink(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    path_len: u32,
    buf: u32,
    buf_len: u32,
    bufused: u32,
) -> Result<(), Errno> {
    let path = call.path(path, path_len)?;
    call.check(buf, buf_len)?;
    call.check(bufused, 4)?;
    let descriptors = &call.ctx.descriptors;
    let directory = descriptors.directory(fd, Rights::PATH_READLINK)?;
    let mut target = [0; PATH_BYTES_MAX as usize];
    let room = target.len().min(buf_len as usize);
    let used = directory.read_link(&path, &mut target[..room])?;
    call.write(buf, &target[..used])?;
    call.write_u32(bufused, used as u32)
}

/// Removes an empty directory.
pub(crate) fn path_remove_directory(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Result<(), Errno> {
    let path = call.path(path, path_len)?;
    let descriptors = &call.ctx.descriptors;
    let directory = descriptors.directory(fd, Rights::PATH_REMOVE_DIRECTORY)?;
    directory.remove_directory(&path)
}

/// Gives a file or a directory another name, and replaces what has it: a file, or an empty directory.
pub(crate) fn path_rename(
    call: &mut Call<'_>,
    fd: u32,
    old_path: u32,
    old_path_len: u32,
    new_fd: u32,
    new_path: u32,
    new_path_len: u32,
) -> Result<(), Errno> {
    let old_path = call.path(old_path, old_path_len)?;
    let new_path = call.path(new_path, new_path_len)?;
    let descriptors = &call.ctx.descriptors;
    descriptors.find(new_fd)?;
    let old = descriptors.directory(fd, Rights::PATH_RENAME_SOURCE)?;
    let new = descriptors.directory(new_fd, Rights::PATH_RENAME_TARGET)?;
    old.rename(&old_path, &new, &new_path)
}

/// Makes a symbolic link at `new_path` that says `old_path`, which must be relative and must not lead out of the
/// directory: `notcapable`.
pub(crate) fn path_symlink(
    call: &mut Call<'_>,
    old_path: u32,
    old_path_len: u32,
    fd: u32,
    new_path: u32,
    new_path_len: u32,
) -> Result<(), Errno> {
    let old_path = call.path(old_path, old_path_len)?;
    let new_path = call.path(new_path, new_path_len)?;
    let descriptors = &call.ctx.descriptors;
    let directory = descriptors.directory(fd, Rights::PATH_SYMLINK)?;
    directory.symlink(&old_path, &new_path, &call.ctx.quota)
}

/// Removes a file, and no directory: that is `isdir`.
pub(crate) fn path_unlink_file(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Result<(), Errno> {
    let path = call.path(path, path_len)?;
    let descriptors = &call.ctx.descriptors;
    let directory = descriptors.directory(fd, Rights::PATH_UNLINK_FILE)?;
    directory.unlink_file(&path)
}

fn follow(flags: u32) -> Result<Follow, Errno> {
    if Lookupflags::parse(flags)?.contains(Lookupflags::SYMLINK_FOLLOW) {
        Ok(Follow::Yes)
    } else {
        Ok(Follow::No)
    }
}
