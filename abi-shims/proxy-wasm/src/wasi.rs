//! WASI as filters have it: no files, an environment from the plugin's configuration, standard output and
//! standard error in the proxy's log, nothing that waits.
//!
//! Everything is [`ahead_wasi`]'s, but for what a guest does with its streams, for clocks and waiting, and for errors
//! by which guests tell that there are no files.

use crate::abi::LogLevel;
use crate::config::PluginConfig;
use crate::host::ProxyHost;
use crate::hostcalls::log;
use crate::hostcalls::time::nanoseconds_since_1970;
use crate::state::{Call, State};
use ahead_runtime::{Caller, Linker, Module};
use ahead_wasi::types::{Clockid, Errno, Fdflags, Fdstat, Filetype, Rights, Version};
use ahead_wasi::{Blocking, Clocks, ConfigError, HostClocks, Stdio, WasiConfig, WasiCtx};

/// How many buffers of one call are used; with more, the call is a short one.
const IOVECS_MAX: u32 = 1024;

/// Random bytes that one call may ask for, as in browsers.
const RANDOM_BYTES_MAX: u32 = 64 << 10;

pub(crate) fn define<H: ProxyHost>(linker: &mut Linker<State<H>>, module: &Module) {
    ahead_wasi::add_imports_to_linker(linker, module, |state| &mut state.wasi);
    for version in Version::ALL {
        linker.func(
            version.module(),
            "fd_write",
            |caller: Caller<'_, State<H>>, fd: u32, iovs: u32, iovs_len: u32, nwritten: u32| {
                code(fd_write(&mut Call(caller), fd, iovs, iovs_len, nwritten))
            },
        );
        linker.func(
            version.module(),
            "fd_fdstat_get",
            |caller: Caller<'_, State<H>>, fd: u32, stat: u32| {
                code(fd_fdstat_get(&mut Call(caller), fd, stat))
            },
        );
        linker.func(
            version.module(),
            "fd_close",
            |_: Caller<'_, State<H>>, fd: u32| code(level(fd).map(drop)),
        );
        linker.func(
            version.module(),
            "fd_read",
            |_: Caller<'_, State<H>>, _fd: u32, _iovs: u32, _iovs_len: u32, _nread: u32| {
                code(Err(Errno::Nosys))
            },
        );
        linker.func(
            version.module(),
            "fd_seek",
            |_: Caller<'_, State<H>>, fd: u32, _offset: i64, _whence: u32, _newoffset: u32| {
                code(level(fd).and(Err(Errno::Spipe)))
            },
        );
        linker.func(
            version.module(),
            "path_open",
            |_: Caller<'_, State<H>>,
             _fd: u32,
             _dirflags: u32,
             _path: u32,
             _path_len: u32,
             _oflags: u32,
             _rights_base: u64,
             _rights_inheriting: u64,
             _fdflags: u32,
             _opened: u32| code(Err(Errno::Noent)),
        );
        linker.func(
            version.module(),
            "clock_time_get",
            |caller: Caller<'_, State<H>>, id: u32, _precision: u64, time: u32| {
                code(clock_time_get(&mut Call(caller), id, time))
            },
        );
        linker.func(
            version.module(),
            "clock_res_get",
            |mut caller: Caller<'_, State<H>>, id: u32, resolution: u32| {
                let written = match id {
                    REALTIME | MONOTONIC => caller.memory().write_u64(resolution, 1),
                    _ => return code(Err(Errno::Notsup)),
                };
                code(written.map_err(Errno::from))
            },
        );
        linker.func(
            version.module(),
            "poll_oneoff",
            |mut caller: Caller<'_, State<H>>, _in: u32, _out: u32, _count: u32, nevents: u32| {
                // Time does not pass for a filter, and that is no error: Go's runtime ends at one.
                let written = caller.memory().write_u32(nevents, 0);
                code(written.map_err(Errno::from))
            },
        );
    }
}

fn code(result: Result<(), Errno>) -> i32 {
    i32::from(result.err().unwrap_or(Errno::Success).code())
}

/// What a plugin's configuration gives its guest.
pub(crate) fn context(config: &PluginConfig) -> Result<WasiCtx, ConfigError> {
    let env = config.environment.iter();
    WasiCtx::new(WasiConfig {
        env: env
            .map(|(name, value)| (name.clone().into_bytes(), value.clone().into_bytes()))
            .collect(),
        stdin: Stdio::Closed,
        stdout: Stdio::Closed,
        stderr: Stdio::Closed,
        blocking: Blocking::Forbidden,
        descriptors_max: 0,
        random_bytes_max: Some(RANDOM_BYTES_MAX),
        ..WasiConfig::default()
    })
}

const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;

/// The proxy's time, or the host's monotonic clock, in nanoseconds; `notsup` for other clocks.
fn clock_time_get<H: ProxyHost>(call: &mut Call<'_, H>, id: u32, time: u32) -> Result<(), Errno> {
    let now = match id {
        REALTIME => nanoseconds_since_1970(call.state().host.now()),
        MONOTONIC => HostClocks.now_ns(Clockid::Monotonic)?,
        _ => return Err(Errno::Notsup),
    };
    Ok(call.parts().0.write_u64(time, now)?)
}

/// The level at which a stream's output is logged; `badf` for what is no output.
fn level(fd: u32) -> Result<LogLevel, Errno> {
    match fd {
        1 => Ok(LogLevel::Info),
        2 => Ok(LogLevel::Error),
        _ => Err(Errno::Badf),
    }
}

/// Logs each line of what the guest writes to descriptor 1 or 2.
fn fd_write<H: ProxyHost>(
    call: &mut Call<'_, H>,
    fd: u32,
    iovs: u32,
    iovs_len: u32,
    nwritten: u32,
) -> Result<(), Errno> {
    let level = level(fd)?;
    let (mut memory, state) = call.parts();
    memory.slice(nwritten, 4)?;
    let bytes_max = state.config.limits.log_bytes_max;
    let mut text = std::mem::take(&mut state.scratch);
    text.clear();
    let mut written: u32 = 0;
    for index in 0..iovs_len.min(IOVECS_MAX) {
        let record = index.checked_mul(8).and_then(|at| iovs.checked_add(at));
        let record = record.ok_or(Errno::Fault)?;
        let address = memory.read_u32(record)?;
        let bytes = memory.read_u32(record.checked_add(4).ok_or(Errno::Fault)?)?;
        let part = memory.slice(address, bytes)?;
        let Some(sum) = written.checked_add(bytes) else {
            break;
        };
        written = sum;
        let room = bytes_max.saturating_sub(text.len());
        text.extend_from_slice(&part[..part.len().min(room)]);
    }
    let lines = text.strip_suffix(b"\n").unwrap_or(&text);
    if written > 0 {
        for line in lines.split(|byte| *byte == b'\n') {
            log::write(state, level, line.strip_suffix(b"\r").unwrap_or(line));
        }
    }
    state.scratch = text;
    memory.write_u32(nwritten, written)?;
    Ok(())
}

/// Descriptors 1 and 2 are character devices that can be written.
fn fd_fdstat_get<H: ProxyHost>(call: &mut Call<'_, H>, fd: u32, stat: u32) -> Result<(), Errno> {
    level(fd)?;
    let attributes = Fdstat {
        filetype: Filetype::CharacterDevice,
        flags: Fdflags::empty(),
        rights_base: Rights::FD_WRITE,
        rights_inheriting: Rights::empty(),
    };
    call.parts().0.write(stat, &attributes.to_bytes())?;
    Ok(())
}
