//! Section `sock`: sockets that the guest was given.
//!
//! No function of WASI makes a socket. What a guest has are sockets that listen, given by the embedder, and the
//! connections that it takes from them. `badf` if there is no such descriptor, `notsock` if it is no socket.

use crate::blocking;
use crate::fd::wait;
use crate::memory::{Call, Iovecs};
use crate::types::{Errno, Fdflags, Riflags, Rights, Sdflags};
use rustix::net::{RecvFlags, Shutdown, SocketFlags};

/// `recv_data_truncated` of `roflags`.
const RECV_DATA_TRUNCATED: u16 = 1;

/// Accepts a connection and writes its descriptor, the lowest free one, to `connection`. `flags` are the
/// connection's: `nonblock` or none. `again` if there is none and the listener is non-blocking; `mfile` if the
/// guest has as many descriptors as it may. Not in `wasi_unstable`.
pub(crate) fn sock_accept(
    call: &mut Call<'_>,
    fd: u32,
    flags: u32,
    connection: u32,
) -> Result<(), Errno> {
    let flags = Fdflags::parse(flags)?;
    call.check(connection, 4)?;
    let descriptors = &call.ctx.descriptors;
    let listener = descriptors.find(fd)?;
    listener.require_listener()?;
    listener.require(Rights::SOCK_ACCEPT)?;
    if flags.difference(Fdflags::NONBLOCK) != Fdflags::empty() {
        return Err(Errno::Inval);
    }
    let reserved = descriptors.reserve()?;
    let host_flags = if flags.contains(Fdflags::NONBLOCK) {
        SocketFlags::NONBLOCK
    } else {
        SocketFlags::empty()
    };
    let wait = wait(&listener, call.ctx.blocking);
    let accepted = blocking::accept(listener.host(), host_flags, wait)?;
    let accepted = listener.connection(accepted, flags);
    let number = reserved.fill(accepted);
    call.write_u32(connection, number)
}

/// Receives into the buffers of the list `ri_data`; writes the number of bytes to `ro_datalen`, 0 at the end, and
/// flags to `ro_flags`.
pub(crate) fn sock_recv(
    call: &mut Call<'_>,
    fd: u32,
    ri_data: u32,
    ri_data_len: u32,
    ri_flags: u32,
    ro_datalen: u32,
    ro_flags: u32,
) -> Result<(), Errno> {
    let ri_flags = Riflags::parse(ri_flags)?;
    let list = Iovecs::read(&call.memory, ri_data, ri_data_len)?;
    call.check(ro_datalen, 4)?;
    call.check(ro_flags, 2)?;
    let descriptor = call.ctx.descriptors.find(fd)?;
    descriptor.require_connection()?;
    descriptor.require(Rights::FD_READ)?;
    let mut flags = RecvFlags::empty();
    flags.set(RecvFlags::PEEK, ri_flags.contains(Riflags::RECV_PEEK));
    flags.set(RecvFlags::WAITALL, ri_flags.contains(Riflags::RECV_WAITALL));
    let wait = wait(&descriptor, call.ctx.blocking);
    let mut truncated = false;
    let bytes = list.scatter(&mut call.memory, |buffers| {
        let (bytes, cut) = blocking::receive(descriptor.host(), buffers, flags, wait)?;
        truncated = cut;
        Ok(bytes)
    })?;
    let ro = if truncated { RECV_DATA_TRUNCATED } else { 0 };
    call.write(ro_flags, &ro.to_le_bytes())?;
    call.write_u32(ro_datalen, bytes as u32)
}

/// Sends the buffers of the list `si_data`; writes the number of bytes to `so_datalen`. `si_flags` must be
/// 0. `pipe` if the other side is gone.
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
    let list = Iovecs::read(&call.memory, si_data, si_data_len)?;
    call.check(so_datalen, 4)?;
    let descriptor = call.ctx.descriptors.find(fd)?;
    descriptor.require_connection()?;
    descriptor.require(Rights::FD_WRITE)?;
    let wait = wait(&descriptor, call.ctx.blocking);
    let bytes = list.gather(&call.memory, |buffers| {
        blocking::send(descriptor.host(), buffers, wait)
    })?;
    call.write_u32(so_datalen, bytes as u32)
}

/// Closes one direction of a connection, or both. `inval` for neither.
pub(crate) fn sock_shutdown(call: &mut Call<'_>, fd: u32, how: u32) -> Result<(), Errno> {
    let how = Sdflags::parse(how)?;
    let how = match (how.contains(Sdflags::RD), how.contains(Sdflags::WR)) {
        (true, true) => Shutdown::Both,
        (true, false) => Shutdown::Read,
        (false, true) => Shutdown::Write,
        (false, false) => return Err(Errno::Inval),
    };
    let descriptor = call.ctx.descriptors.find(fd)?;
    descriptor.require_connection()?;
    descriptor.require(Rights::SOCK_SHUTDOWN)?;
    rustix::net::shutdown(descriptor.host(), how)?;
    Ok(())
}
