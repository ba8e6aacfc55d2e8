//! This thread's stack: where it ends, and how far down a guest may go.

use crate::error::Error;
use ahead_artifact::tunables::HOST_STACK_RESERVE_BYTES;
use std::cell::Cell;
use std::ops::Range;

/// More than this is not counted on for the main thread, whatever its limit says: the kernel keeps 128 MiB of
/// address space free for it when the program starts, and a limit that is raised later gets no more.
const MAIN_BYTES_MAX: usize = 64 << 20;

/// What the main thread has if there is no limit: the kernel would give more, qemu's user mode gives this.
const MAIN_BYTES_UNLIMITED: usize = 8 << 20;

/// For the frames between a new thread's start and its guest's.
const ENTRY_BYTES: usize = 64 << 10;

thread_local! {
    static BOUNDS: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

/// Roughly the current stack pointer.
#[inline(always)]
fn stack_pointer() -> usize {
    let here = 0u8;
    &raw const here as usize
}

/// Addresses of this thread's stack. Asked for once a thread.
pub(super) fn bounds() -> Range<usize> {
    let (low, high) = BOUNDS.get().unwrap_or_else(|| {
        let bounds = find_bounds();
        BOUNDS.set(Some(bounds));
        bounds
    });
    low..high
}

/// The lowest address that a guest's stack pointer may have: `stack_bytes_max` below here, but not so low
/// that a host function would have no room on the thread's stack.
pub(super) fn guest_limit(stack_bytes_max: usize) -> usize {
    let here = stack_pointer();
    let wanted = here.saturating_sub(stack_bytes_max);
    let thread = bounds();
    if thread.contains(&here) {
        wanted.max(thread.start.saturating_add(HOST_STACK_RESERVE_BYTES))
    } else {
        // A stack that somebody switched to, of unknown size: the configured limit is all there is.
        wanted
    }
}

/// How much stack a thread needs for a guest to go `stack_bytes` down.
pub(crate) fn thread_bytes(stack_bytes: usize) -> usize {
    stack_bytes.saturating_add(HOST_STACK_RESERVE_BYTES + ENTRY_BYTES)
}

/// Runs `act` where a guest can go `stack_bytes` down: here, or, if this thread's stack has less left, on a thread
/// that is made for it.
///
/// A store's [`stack_bytes_max`](crate::StoreConfig::stack_bytes_max) is only a bound: a guest whose thread has less
/// traps earlier. This makes sure of it for guests that `act` calls.
pub fn with_stack<R: Send>(stack_bytes: usize, act: impl FnOnce() -> R + Send) -> Result<R, Error> {
    let wanted = thread_bytes(stack_bytes);
    let here = stack_pointer();
    let thread = bounds();
    if thread.contains(&here) && here - thread.start >= wanted {
        return Ok(act());
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("guest".into())
            .stack_size(wanted)
            .spawn_scoped(scope, act)
            .map_err(|source| Error::Stack {
                bytes: wanted,
                source,
            })?;
        let outcome = thread.join();
        Ok(outcome.unwrap_or_else(|payload| std::panic::resume_unwind(payload)))
    })
}

fn find_bounds() -> (usize, usize) {
    if rustix::thread::gettid() == rustix::process::getpid() {
        main_thread_bounds()
    } else {
        other_thread_bounds()
    }
}

/// The main thread's stack ends where the kernel put the program's name and may grow down to its resource
/// limit. glibc would read `/proc/self/maps` to say the same.
fn main_thread_bounds() -> (usize, usize) {
    // SAFETY: reads the auxiliary vector.
    let name = unsafe { libc::getauxval(libc::AT_EXECFN) } as usize;
    let top = if name == 0 { stack_pointer() } else { name };
    let limit = rustix::process::getrlimit(rustix::process::Resource::Stack);
    let bytes = match limit.current {
        Some(bytes) => MAIN_BYTES_MAX.min(usize::try_from(bytes).unwrap_or(usize::MAX)),
        None => MAIN_BYTES_UNLIMITED,
    };
    (top.saturating_sub(bytes), top)
}

fn other_thread_bounds() -> (usize, usize) {
    // SAFETY: the attributes are plain data, filled by the next call.
    let mut attributes: libc::pthread_attr_t = unsafe { std::mem::zeroed() };
    // SAFETY: asks about the current thread.
    if unsafe { libc::pthread_getattr_np(libc::pthread_self(), &mut attributes) } != 0 {
        return (0, 0);
    }
    let mut low = std::ptr::null_mut();
    let mut bytes = 0;
    let mut guard = 0;
    // SAFETY: the attributes were filled above.
    let found = unsafe { libc::pthread_attr_getstack(&attributes, &mut low, &mut bytes) } == 0;
    // SAFETY: as above.
    unsafe { libc::pthread_attr_getguardsize(&attributes, &mut guard) };
    // SAFETY: filled above, destroyed once.
    unsafe { libc::pthread_attr_destroy(&mut attributes) };
    if !found {
        return (0, 0);
    }
    // Old versions of glibc count the guard as part of the stack: leave it out twice rather than not.
    (low as usize + guard, low as usize + bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threads_stack_is_around_its_frames() {
        assert!(bounds().contains(&stack_pointer()));
        let small = std::thread::Builder::new().stack_size(512 * 1024);
        let check = || {
            let bounds = bounds();
            assert!(bounds.contains(&stack_pointer()));
            // More than the thread has is asked for: its own end counts.
            assert_eq!(
                guest_limit(1 << 40),
                bounds.start + HOST_STACK_RESERVE_BYTES
            );
            assert!(guest_limit(64 * 1024) > bounds.start + HOST_STACK_RESERVE_BYTES);
        };
        small.spawn(check).unwrap().join().unwrap();
    }

    #[test]
    fn a_stack_that_is_too_small_is_left_for_another() {
        let here = || std::thread::current().id();
        let small = std::thread::Builder::new().stack_size(1 << 20);
        let check = move || {
            assert_eq!(with_stack(512 << 10, here).unwrap(), here());
            let elsewhere = with_stack(32 << 20, || {
                // The guest's own limit counts, and not the thread's end.
                assert!(guest_limit(32 << 20) > bounds().start + HOST_STACK_RESERVE_BYTES);
                here()
            });
            assert_ne!(elsewhere.unwrap(), here());
            let panicked = std::panic::catch_unwind(|| with_stack(32 << 20, || panic!("oh")));
            assert!(panicked.is_err());
            for too_much in [1 << 50, usize::MAX] {
                let error = with_stack(too_much, here).unwrap_err();
                assert!(matches!(error, Error::Stack { .. }), "{error}");
            }
        };
        small.spawn(check).unwrap().join().unwrap();
    }
}
