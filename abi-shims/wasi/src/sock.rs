//! Section `sock`: sockets that the guest was given.
//!
//! A guest has no socket yet: no function of WASI makes one, and the standard streams are not handed out as
//! sockets. Each function checks its arguments and looks its descriptor up, and ends with what follows:
//! `badf` if there is no such descriptor, `notsock` for a stream.

use crate::memory::{Call, iovecs};
use crate::types::{Errno, Fdflags, Riflags, Sdflags};

/// Accepts a connection and writes its descriptor to `connection`. Not in `wasi_unstable`.
pub(crate) fn sock_accept(
    call: &mut Call<'_>,
    fd: u32,
    flags: u32,
    connection: u32,
) -> Result<(), Errno> {
    Fdflags::parse(flags)?;
    call.check(connection, 4)?;
    not_a_socket(call, fd)
}

/// Receives into the buffers of the list `ri_data`; writes the number of bytes to `ro_datalen` and flags to
/// `ro_flags`.
pub(crate) fn sock_recv(
    call: &mut Call<'_>,
    fd: u32,
    ri_data: u32,
    ri_data_len: u32,
    ri_flags: u32,
    ro_datalen: u32,
    ro_flags: u32,
) -> Result<(), Errno> {
    Riflags::parse(ri_flags)?;
    iovecs(&call.memory, ri_data, ri_data_len)?;
    call.check(ro_datalen, 4)?;
    call.check(ro_flags, 2)?;
    not_a_socket(call, fd)
}

/// Sends the buffers of the list `si_data`; writes the number of bytes to `so_datalen`. `si_flags` must be
/// 0.
pub(crate) fn sock_send(
    call: &mut Call<'_>,
    fd: u32,
    si_data: u32,
    si_data_len: u32,
    si_flags: u32,
    so_datalen: u32,
) -> Result<(), Errno> {
    if si_flags != 0 {
        return Err(Errno::Inval);
    }
    iovecs(&call.memory, si_data, si_data_len)?;
    call.check(so_datalen, 4)?;
    not_a_socket(call, fd)
}

/// Closes one direction of a connection, or both. `inval` for neither.
pub(crate) fn sock_shutdown(call: &mut Call<'_>, fd: u32, how: u32) -> Result<(), Errno> {
    if Sdflags::parse(how)? == Sdflags::empty() {
        return Err(Errno::Inval);
    }
    not_a_socket(call, fd)
}

fn not_a_socket(call: &Call<'_>, fd: u32) -> Result<(), Errno> {
    call.ctx.descriptors.find(fd)?;
    Err(Errno::Notsock)
}
