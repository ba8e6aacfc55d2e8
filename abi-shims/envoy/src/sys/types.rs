//! What passes between Envoy and a dynamic module: buffers, headers, and the numbers of its enumerations.
//!
//! A buffer or header of *Envoy* belongs to Envoy and lives as long as the function that gave it says; one of the
//! *module* belongs to us and lives at least until the call returns.

use std::ffi::c_void;

/// An object of Envoy's, or null.
pub type EnvoyPtr = *mut c_void;

/// An object of ours that Envoy passes back to us, or null.
pub type ModulePtr = *const c_void;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct EnvoyBuffer {
    pub ptr: *const u8,
    pub length: usize,
}

impl EnvoyBuffer {
    pub const NONE: EnvoyBuffer = EnvoyBuffer {
        ptr: std::ptr::null(),
        length: 0,
    };

    /// # Safety
    /// The buffer is Envoy's and lives during `'a`.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.ptr.is_null() || self.length == 0 {
            return &[];
        }
        // SAFETY: Envoy's buffer, which is alive, as the caller knows.
        unsafe { std::slice::from_raw_parts(self.ptr, self.length) }
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ModuleBuffer {
    pub ptr: *const u8,
    pub length: usize,
}

impl ModuleBuffer {
    pub const NONE: ModuleBuffer = ModuleBuffer {
        ptr: std::ptr::null(),
        length: 0,
    };

    pub fn of(bytes: &[u8]) -> Self {
        ModuleBuffer {
            ptr: bytes.as_ptr(),
            length: bytes.len(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ModuleHeader {
    pub key: ModuleBuffer,
    pub value: ModuleBuffer,
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct EnvoyHeader {
    pub key: EnvoyBuffer,
    pub value: EnvoyBuffer,
}

impl EnvoyHeader {
    pub const NONE: EnvoyHeader = EnvoyHeader {
        key: EnvoyBuffer::NONE,
        value: EnvoyBuffer::NONE,
    };
}

/// Which part of a body: what this callback brings, or what was kept before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Body {
    ReceivedRequest = 0,
    BufferedRequest = 1,
    ReceivedResponse = 2,
    BufferedResponse = 3,
}

/// Whose metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum MetadataSource {
    Dynamic = 0,
    Route = 1,
    Cluster = 2,
    Host = 3,
}

/// How a request of ours began.
pub mod callout_init {
    pub const OK: u32 = 0;
    pub const MISSING_HEADERS: u32 = 1;
    pub const CLUSTER_NOT_FOUND: u32 = 2;
    /// Ours: this Envoy has no such function.
    pub const UNAVAILABLE: u32 = u32::MAX;
}

/// How a request of ours ended.
pub mod callout_result {
    pub const OK: u32 = 0;
}

/// What a hook about metrics answers if all went well.
pub const METRICS_OK: u32 = 0;

/// How a connection is closed: what was written still goes out.
pub const CLOSE_FLUSH_WRITE: u32 = 0;

/// What happened to a connection.
pub mod connection_event {
    pub const REMOTE_CLOSE: u32 = 0;
    pub const LOCAL_CLOSE: u32 = 1;
}

/// Why we reset a stream: a reset of our own.
pub const RESET_LOCAL: u32 = 0;

/// A timeout as Envoy takes it: whole milliseconds, 0 for none.
pub fn milliseconds(timeout: std::time::Duration) -> u64 {
    u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX)
}

/// What comes of starting a request: its number, or Envoy's number of what is wrong.
pub fn started(result: Option<u32>, id: u64) -> Result<u64, u32> {
    match result {
        Some(callout_init::OK) => Ok(id),
        Some(problem) => Err(problem),
        None => Err(callout_init::UNAVAILABLE),
    }
}

/// When things happened in a stream: nanoseconds from its start, but for the start itself, which is Unix time.
///
/// As Envoy 1.40 has it: all times, then for each whether it is known.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct Timing {
    pub times: [i64; Timing::COUNT],
    pub known: [bool; Timing::COUNT],
    /// Room for an Envoy that has more to say.
    spare: [u64; 32],
}

impl Timing {
    const COUNT: usize = 19;
    const START: usize = 0;
    const FIRST_UPSTREAM_SENT: usize = 9;
    const LAST_UPSTREAM_RECEIVED: usize = 13;
    const REQUEST_COMPLETE: usize = 17;

    fn get(&self, index: usize) -> Option<i64> {
        self.known[index].then_some(self.times[index])
    }

    /// When the request came, in Unix time.
    pub fn start(&self) -> Option<i64> {
        self.get(Self::START)
    }

    /// How long the whole took; known at its end.
    pub fn duration(&self) -> Option<i64> {
        self.get(Self::REQUEST_COMPLETE)
    }

    /// From the first byte sent to the upstream to the last received.
    pub fn upstream_latency(&self) -> Option<i64> {
        let sent = self.get(Self::FIRST_UPSTREAM_SENT)?;
        Some(self.get(Self::LAST_UPSTREAM_RECEIVED)? - sent)
    }
}
