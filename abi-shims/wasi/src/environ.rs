//! Section `environ`: environment variables.

use crate::memory::{Call, write_sizes, write_strings};
use crate::types::Errno;

/// Writes the addresses of the variables to `environ` and the variables, `name=value` ended by a NUL, to
/// `environ_buf`.
///
/// `fault` if either is out of bounds; the sizes are those of [`environ_sizes_get`].
pub(crate) fn environ_get(
    call: &mut Call<'_>,
    environ: u32,
    environ_buf: u32,
) -> Result<(), Errno> {
    write_strings(&mut call.memory, &call.ctx.environ, environ, environ_buf)
}

/// Writes the number of variables to `count` and the bytes they take, NULs included, to `buf_size`.
///
/// `fault` if either is out of bounds.
pub(crate) fn environ_sizes_get(
    call: &mut Call<'_>,
    count: u32,
    buf_size: u32,
) -> Result<(), Errno> {
    write_sizes(&mut call.memory, &call.ctx.environ, count, buf_size)
}
