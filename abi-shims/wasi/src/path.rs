//! Section `path`: files by name, from a directory that the guest was given.
//!
//! A guest has no directory yet. Each function checks its arguments and looks its descriptor up, and ends
//! with what follows: `badf` if there is no such descriptor, `notdir` for a stream. Arguments first: `inval`
//! for flags without a meaning and for a path with a NUL, `nametoolong`, `fault` for an address out of
//! bounds.

use crate::fd::timestamps;
use crate::memory::Call;
use crate::types::{Errno, Fdflags, Filestat, Lookupflags, Oflags, Rights};

/// Makes a directory.
pub(crate) fn path_create_directory(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Result<(), Errno> {
    call.path(path, path_len)?;
    match call.ctx.descriptors.directory(fd)? {}
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
    Lookupflags::parse(flags)?;
    call.path(path, path_len)?;
    call.check(stat, Filestat::bytes(call.version))?;
    match call.ctx.descriptors.directory(fd)? {}
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
    Lookupflags::parse(flags)?;
    timestamps(atim, mtim, fst_flags)?;
    call.path(path, path_len)?;
    match call.ctx.descriptors.directory(fd)? {}
}

/// Makes a hard link.
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
    Lookupflags::parse(old_flags)?;
    call.path(old_path, old_path_len)?;
    call.path(new_path, new_path_len)?;
    call.ctx.descriptors.find(new_fd)?;
    match call.ctx.descriptors.directory(old_fd)? {}
}

/// Opens a file or a directory and writes the descriptor to `opened`.
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
    Lookupflags::parse(dirflags)?;
    Oflags::parse(oflags)?;
    Rights::parse(fs_rights_base)?;
    Rights::parse(fs_rights_inheriting)?;
    Fdflags::parse(fdflags)?;
    call.path(path, path_len)?;
    call.check(opened, 4)?;
    match call.ctx.descriptors.directory(fd)? {}
}

/// Writes what a symbolic link says to the `buf_len` bytes at `buf`, and how many there were to `bufused`.
pub(crate) fn path_readlink(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    path_len: u32,
    buf: u32,
    buf_len: u32,
    bufused: u32,
) -> Result<(), Errno> {
    call.path(path, path_len)?;
    call.check(buf, buf_len)?;
    call.check(bufused, 4)?;
    match call.ctx.descriptors.directory(fd)? {}
}

/// Removes an empty directory.
pub(crate) fn path_remove_directory(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Result<(), Errno> {
    call.path(path, path_len)?;
    match call.ctx.descriptors.directory(fd)? {}
}

/// Gives a file another name.
pub(crate) fn path_rename(
    call: &mut Call<'_>,
    fd: u32,
    old_path: u32,
    old_path_len: u32,
    new_fd: u32,
    new_path: u32,
    new_path_len: u32,
) -> Result<(), Errno> {
    call.path(old_path, old_path_len)?;
    call.path(new_path, new_path_len)?;
    call.ctx.descriptors.find(new_fd)?;
    match call.ctx.descriptors.directory(fd)? {}
}

/// Makes a symbolic link at `new_path` that says `old_path`.
pub(crate) fn path_symlink(
    call: &mut Call<'_>,
    old_path: u32,
    old_path_len: u32,
    fd: u32,
    new_path: u32,
    new_path_len: u32,
) -> Result<(), Errno> {
    call.path(old_path, old_path_len)?;
    call.path(new_path, new_path_len)?;
    match call.ctx.descriptors.directory(fd)? {}
}

/// Removes a file.
pub(crate) fn path_unlink_file(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Result<(), Errno> {
    call.path(path, path_len)?;
    match call.ctx.descriptors.directory(fd)? {}
}
