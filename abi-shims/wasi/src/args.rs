//! Section `args`: the command line.

use crate::memory::{Call, write_sizes, write_strings};
use crate::types::Errno;

/// Writes the addresses of the arguments to `argv` and the arguments, each ended by a NUL, to `argv_buf`.
///
/// ```text
/// argv:     [&argv_buf[0], &argv_buf[5]]        4 bytes each
/// argv_buf: "prog\0" "-v\0"
/// ```
/// `fault` if either is out of bounds; the sizes are those of [`args_sizes_get`].
pub(crate) fn args_get(call: &mut Call<'_>, argv: u32, argv_buf: u32) -> Result<(), Errno> {
    write_strings(&mut call.memory, &call.ctx.args, argv, argv_buf)
}

/// Writes the number of arguments to `argc` and the bytes they take, NULs included, to `argv_buf_size`.
///
/// `fault` if either is out of bounds.
pub(crate) fn args_sizes_get(
    call: &mut Call<'_>,
    argc: u32,
    argv_buf_size: u32,
) -> Result<(), Errno> {
    write_sizes(&mut call.memory, &call.ctx.args, argc, argv_buf_size)
}
