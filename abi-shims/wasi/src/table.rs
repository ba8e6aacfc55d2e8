//! The 46 functions, in the order of the specification: section, name, parameters, and how each ends.
//!
//! A row is all there is to say about a function's place: adding one here and in its section's file is
//! enough. Parameters are named as in the specification, and so are the results that it hands out through
//! pointers; core types follow from the parameter's type (`u32` is `i32`, `u64` and `i64` are `i64`).

use crate::context::WasiCtx;
use crate::memory::Call;
use crate::trace::{self, Outcome};
use crate::types::{Errno, Version};
use crate::{args, clock, environ, fd, path, poll, proc, random, sched, sock};
use ahead_runtime::{Caller, Linker, Trap, ValType};

/// A function as guests import it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    pub section: &'static str,
    pub name: &'static str,
    /// Names and core types.
    pub params: &'static [(&'static str, ValType)],
    /// Whether it returns an error code; only `proc_exit` returns nothing.
    pub returns_errno: bool,
}

/// What `wasi_unstable` does not have yet.
const NOT_IN_PREVIEW0: &[&str] = &["sock_accept"];

impl Function {
    pub fn is_in(&self, version: Version) -> bool {
        version == Version::Preview1 || !NOT_IN_PREVIEW0.contains(&self.name)
    }
}

/// The core type of a parameter.
macro_rules! val_type {
    (u32) => {
        ValType::I32
    };
    (u64) => {
        ValType::I64
    };
    (i64) => {
        ValType::I64
    };
}

/// The core type of the result, and how it follows from what the function returns.
macro_rules! result {
    (errno) => { Result<i32, Trap> };
    (exit) => { Result<(), Trap> };
    (errno_or_exit) => { Result<i32, Trap> };
}

macro_rules! finish {
    (errno, $result:expr) => {
        Ok(code($result.err().unwrap_or(Errno::Success)))
    };
    (exit, $result:expr) => {
        $result
    };
    (errno_or_exit, $result:expr) => {
        $result.map(code)
    };
}

/// What an observer is told of the result.
macro_rules! outcome {
    (errno, $result:expr) => {
        Outcome::Returned($result.err().unwrap_or(Errno::Success))
    };
    (exit, $result:expr) => {
        Outcome::Exit
    };
    (errno_or_exit, $result:expr) => {
        $result
            .as_ref()
            .map_or(Outcome::Exit, |errno| Outcome::Returned(*errno))
    };
}

macro_rules! returns_errno {
    (errno) => {
        true
    };
    (exit) => {
        false
    };
    (errno_or_exit) => {
        true
    };
}

macro_rules! functions {
    ($($section:ident::$name:ident($($param:ident: $ty:tt),*) -> $end:tt;)*) => {
        /// Every function, in the order of the specification.
        pub const FUNCTIONS: &[Function] = &[$(Function {
            section: stringify!($section),
            name: stringify!($name),
            params: &[$((stringify!($param), val_type!($ty))),*],
            returns_errno: returns_errno!($end),
        }),*];

        /// Defines the functions of one version that are `wanted`.
        pub(crate) fn define<T: 'static>(
            linker: &mut Linker<T>,
            version: Version,
            context: fn(&mut T) -> &mut WasiCtx,
            wanted: impl Fn(&Function) -> bool,
        ) {
            let mut rows = FUNCTIONS.iter();
            $({
                let row = rows.next();
                if let Some(row) = row.filter(|row| row.is_in(version) && wanted(row)) {
                    linker.func(
                        version.module(),
                        stringify!($name),
                        move |mut caller: Caller<'_, T>, $($param: $ty),*| -> result!($end) {
                            let (memory, data) = caller.memory_and_data();
                            let ctx = &*context(data).process;
                            ctx.end.check()?;
                            let mut call = Call { memory, ctx, version };
                            let Some(trace) = &ctx.trace else {
                                return finish!($end, $section::$name(&mut call, $($param),*));
                            };
                            let shown = trace::describe(&call, row, &[$($param as u64),*]);
                            let result = $section::$name(&mut call, $($param),*);
                            trace::ended(trace, &shown, outcome!($end, result));
                            finish!($end, result)
                        },
                    );
                }
            })*
        }
    };
}

fn code(errno: Errno) -> i32 {
    i32::from(errno.code())
}

functions! {
    args::args_get(argv: u32, argv_buf: u32) -> errno;
    args::args_sizes_get(argc: u32, argv_buf_size: u32) -> errno;
    environ::environ_get(environ: u32, environ_buf: u32) -> errno;
    environ::environ_sizes_get(count: u32, buf_size: u32) -> errno;
    clock::clock_res_get(id: u32, resolution: u32) -> errno;
    clock::clock_time_get(id: u32, precision: u64, time: u32) -> errno;
    fd::fd_advise(fd: u32, offset: u64, len: u64, advice: u32) -> errno;
    fd::fd_allocate(fd: u32, offset: u64, len: u64) -> errno;
    fd::fd_close(fd: u32) -> errno;
    fd::fd_datasync(fd: u32) -> errno;
    fd::fd_fdstat_get(fd: u32, stat: u32) -> errno;
    fd::fd_fdstat_set_flags(fd: u32, flags: u32) -> errno;
    fd::fd_fdstat_set_rights(fd: u32, fs_rights_base: u64, fs_rights_inheriting: u64) -> errno;
    fd::fd_filestat_get(fd: u32, stat: u32) -> errno;
    fd::fd_filestat_set_size(fd: u32, size: u64) -> errno;
    fd::fd_filestat_set_times(fd: u32, atim: u64, mtim: u64, fst_flags: u32) -> errno;
    fd::fd_pread(fd: u32, iovs: u32, iovs_len: u32, offset: u64, nread: u32) -> errno;
    fd::fd_prestat_get(fd: u32, prestat: u32) -> errno;
    fd::fd_prestat_dir_name(fd: u32, path: u32, path_len: u32) -> errno;
    fd::fd_pwrite(fd: u32, iovs: u32, iovs_len: u32, offset: u64, nwritten: u32) -> errno;
    fd::fd_read(fd: u32, iovs: u32, iovs_len: u32, nread: u32) -> errno;
    fd::fd_readdir(fd: u32, buf: u32, buf_len: u32, cookie: u64, bufused: u32) -> errno;
    fd::fd_renumber(fd: u32, to: u32) -> errno;
    fd::fd_seek(fd: u32, offset: i64, whence: u32, newoffset: u32) -> errno;
    fd::fd_sync(fd: u32) -> errno;
    fd::fd_tell(fd: u32, offset: u32) -> errno;
    fd::fd_write(fd: u32, iovs: u32, iovs_len: u32, nwritten: u32) -> errno;
    path::path_create_directory(fd: u32, path: u32, path_len: u32) -> errno;
    path::path_filestat_get(fd: u32, flags: u32, path: u32, path_len: u32, stat: u32) -> errno;
    path::path_filestat_set_times(
        fd: u32, flags: u32, path: u32, path_len: u32, atim: u64, mtim: u64, fst_flags: u32
    ) -> errno;
    path::path_link(
        old_fd: u32, old_flags: u32, old_path: u32, old_path_len: u32,
        new_fd: u32, new_path: u32, new_path_len: u32
    ) -> errno;
    path::path_open(
        fd: u32, dirflags: u32, path: u32, path_len: u32, oflags: u32,
        fs_rights_base: u64, fs_rights_inheriting: u64, fdflags: u32, opened: u32
    ) -> errno;
    path::path_readlink(fd: u32, path: u32, path_len: u32, buf: u32, buf_len: u32, bufused: u32) -> errno;
    path::path_remove_directory(fd: u32, path: u32, path_len: u32) -> errno;
    path::path_rename(
        fd: u32, old_path: u32, old_path_len: u32, new_fd: u32, new_path: u32, new_path_len: u32
    ) -> errno;
    path::path_symlink(
        old_path: u32, old_path_len: u32, fd: u32, new_path: u32, new_path_len: u32
    ) -> errno;
    path::path_unlink_file(fd: u32, path: u32, path_len: u32) -> errno;
    poll::poll_oneoff(subscriptions: u32, events: u32, nsubscriptions: u32, nevents: u32) -> errno;
    proc::proc_exit(rval: u32) -> exit;
    proc::proc_raise(sig: u32) -> errno_or_exit;
    sched::sched_yield() -> errno;
    random::random_get(buf: u32, buf_len: u32) -> errno;
    sock::sock_accept(fd: u32, flags: u32, connection: u32) -> errno;
    sock::sock_recv(
        fd: u32, ri_data: u32, ri_data_len: u32, ri_flags: u32, ro_datalen: u32, ro_flags: u32
    ) -> errno;
    sock::sock_send(fd: u32, si_data: u32, si_data_len: u32, si_flags: u32, so_datalen: u32) -> errno;
    sock::sock_shutdown(fd: u32, how: u32) -> errno;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The specification's functions and their core types, read off `wasi_snapshot_preview1.witx`.
    const WITX: &str = include_str!("table.witx.txt");

    #[test]
    fn the_table_is_the_specification_s() {
        let ours: Vec<String> = FUNCTIONS
            .iter()
            .map(|function| {
                let params: Vec<_> = function
                    .params
                    .iter()
                    .map(|(_, ty)| ty.to_string())
                    .collect();
                let result = if function.returns_errno { "i32" } else { "" };
                format!("{}({}) -> ({result})", function.name, params.join(" "))
            })
            .collect();
        let theirs: Vec<&str> = WITX.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(ours, theirs);
        assert_eq!(ours.len(), 46);
    }

    #[test]
    fn functions_stand_in_their_sections() {
        for function in FUNCTIONS {
            let prefix = format!("{}_", function.section);
            assert!(function.name.starts_with(&prefix), "{}", function.name);
        }
    }

    #[test]
    fn preview_0_has_no_accept() {
        let count = |version| FUNCTIONS.iter().filter(|row| row.is_in(version)).count();
        assert_eq!(count(Version::Preview0), 45);
        assert_eq!(count(Version::Preview1), 46);
    }
}
