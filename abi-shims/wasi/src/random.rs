//! Section `random`.

use crate::memory::Call;
use crate::types::Errno;
use rustix::io::retry_on_intr;
use rustix::rand::{GetRandomFlags, getrandom};

/// Fills the `buf_len` bytes at `buf` from the host's generator, in place. `fault` if they are out of bounds, `inval`
/// if they are more than the embedder allows: then nothing is written.
pub(crate) fn random_get(call: &mut Call<'_>, buf: u32, buf_len: u32) -> Result<(), Errno> {
    let mut rest = call.memory.slice_mut(buf, buf_len)?;
    if call.ctx.random_bytes_max.is_some_and(|most| buf_len > most) {
        return Err(Errno::Inval);
    }
    while !rest.is_empty() {
        let filled = retry_on_intr(|| getrandom(&mut *rest, GetRandomFlags::empty()))?;
        rest = &mut rest[filled..];
    }
    Ok(())
}
