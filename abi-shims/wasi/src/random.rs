//! Section `random`.

use crate::memory::Call;
use crate::types::Errno;
use rustix::io::retry_on_intr;
use rustix::rand::{GetRandomFlags, getrandom};

/// So much at a time.
const CHUNK_BYTES: u32 = 512 << 10;

/// Fills the `buf_len` bytes at `buf` from the host's generator: in place, or for a shared memory by way of a copy.
/// `fault` if they are out of bounds, `inval` if they are more than the embedder allows: then nothing is written.
pub(crate) fn random_get(call: &mut Call<'_>, buf: u32, buf_len: u32) -> Result<(), Errno> {
    call.memory.check(buf, buf_len)?;
    if call.ctx.random_bytes_max.is_some_and(|most| buf_len > most) {
        return Err(Errno::Inval);
    }
    let mut copy = match call.memory.is_shared() {
        true => vec![0; buf_len.min(CHUNK_BYTES) as usize],
        false => Vec::new(),
    };
    let mut done = 0;
    while done < buf_len {
        let bytes = (buf_len - done).min(CHUNK_BYTES);
        let chunk = match call.memory.is_shared() {
            true => &mut copy[..bytes as usize],
            false => call.memory.slice_mut(buf + done, bytes)?,
        };
        let filled = retry_on_intr(|| getrandom(&mut *chunk, GetRandomFlags::empty()))?;
        if call.memory.is_shared() {
            call.memory.write(buf + done, &copy[..filled])?;
        }
        done += filled as u32;
    }
    Ok(())
}
