//! Section `random`.

use crate::memory::Call;
use crate::types::Errno;
use rustix::io::retry_on_intr;
use rustix::rand::{GetRandomFlags, getrandom};

/// What is asked for at a time: of a shared memory that is a copy.
const CHUNK_BYTES: u32 = 256 << 10;

/// Fills the `buf_len` bytes at `buf` from the host's generator, in place. `fault` if they are out of bounds, `inval`
/// if they are more than the embedder allows: then nothing is written.
pub(crate) fn random_get(call: &mut Call<'_>, buf: u32, buf_len: u32) -> Result<(), Errno> {
    call.memory.check(buf, buf_len)?;
    if call.ctx.random_bytes_max.is_some_and(|most| buf_len > most) {
        return Err(Errno::Inval);
    }
    let mut done = 0;
    while done < buf_len {
        let bytes = (buf_len - done).min(CHUNK_BYTES);
        let chunk = call.memory.slice_mut(buf + done, bytes)?;
        let filled = retry_on_intr(|| getrandom(&mut *chunk, GetRandomFlags::empty()))?;
        done += filled as u32;
    }
    Ok(())
}
