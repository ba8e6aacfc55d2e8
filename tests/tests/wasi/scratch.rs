//! A guest with a directory of its own on the host, which it knows as descriptor 3.

use crate::guest::Guest;
use ahead_wasi::types::{Errno, Version};
use ahead_wasi::{Access, PathLookup, Preopen, WasiConfig};
use std::path::PathBuf;
use tempfile::TempDir;

/// Numbers that are no descriptors of a guest that has opened little.
pub const BAD: [i64; 4] = [9, 1024, 1 << 31, u32::MAX as i64];

/// The directory's descriptor, and the first that is opened.
pub const DIR: i64 = 3;
pub const FIRST: i64 = 4;

/// What the guest calls its directory.
pub const NAME: &[u8] = b"/given";

/// All rights.
pub const ALL: i64 = 0x3fff_ffff;
pub const FD_READ: i64 = 1 << 1;
pub const FD_WRITE: i64 = 1 << 6;

/// `oflags`.
pub const CREAT: i64 = 1;
pub const DIRECTORY: i64 = 2;
pub const EXCL: i64 = 4;
pub const TRUNC: i64 = 8;

/// Where tests put a path of 4097 bytes at most, a second one, data, and where results go.
const PATH: u32 = 1000;
const OTHER_PATH: u32 = 8000;
pub const DATA: u32 = 16000;
pub const OUT: u32 = 20000;

pub struct Scratch {
    pub guest: Guest,
    base: TempDir,
}

impl Scratch {
    pub fn new(access: Access, path_lookup: PathLookup) -> Self {
        Self::of(Version::Preview1, access, path_lookup, 1024)
    }

    pub fn of(
        version: Version,
        access: Access,
        path_lookup: PathLookup,
        descriptors_max: u32,
    ) -> Self {
        Self::with(
            version,
            access,
            WasiConfig {
                path_lookup,
                descriptors_max,
                ..WasiConfig::default()
            },
        )
    }

    /// A guest with this configuration and a directory.
    pub fn with(version: Version, access: Access, mut config: WasiConfig) -> Self {
        let base = tempfile::tempdir().unwrap();
        let given = base.path().join("given");
        std::fs::create_dir(&given).unwrap();
        std::fs::write(base.path().join("outside"), "outside").unwrap();
        let preopen = Preopen::open(&given, NAME.to_vec(), access).unwrap();
        config.preopens.insert(0, preopen);
        Scratch {
            guest: Guest::of(version, config),
            base,
        }
    }

    /// A guest with a second directory, which is on another file system; `None` if there is none.
    pub fn on_two_disks() -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let device = |path: &std::path::Path| path.metadata().map(|metadata| metadata.dev());
        let memory = std::path::Path::new("/dev/shm");
        if device(memory).ok()? == device(&std::env::temp_dir()).ok()? {
            return None;
        }
        let other = Preopen::open(memory, b"/shm".to_vec(), Access::ReadWrite).ok()?;
        let config = WasiConfig {
            preopens: vec![other],
            path_lookup: PathLookup::KernelOrWalk,
            ..WasiConfig::default()
        };
        Some(Self::with(Version::Preview1, Access::ReadWrite, config))
    }

    /// A guest with a directory that it may change, with whatever lookup there is.
    pub fn writable() -> Self {
        Self::new(Access::ReadWrite, PathLookup::KernelOrWalk)
    }

    /// Makes `file` with these contents and opens it with all rights.
    pub fn file(&mut self, contents: &str) -> i64 {
        self.write_host("file", contents);
        self.open("file", 0, ALL).unwrap()
    }

    /// Where the host has a file of the guest.
    pub fn host(&self, path: &str) -> PathBuf {
        self.base.path().join("given").join(path)
    }

    pub fn write_host(&self, path: &str, contents: &str) {
        std::fs::write(self.host(path), contents).unwrap();
    }

    pub fn read_host(&self, path: &str) -> String {
        std::fs::read_to_string(self.host(path)).unwrap()
    }

    pub fn link_host(&self, path: &str, target: &str) {
        std::os::unix::fs::symlink(target, self.host(path)).unwrap();
    }

    pub fn mkdir_host(&self, path: &str) {
        std::fs::create_dir(self.host(path)).unwrap();
    }

    /// Puts a path into the guest's memory; gives the two arguments that pass it.
    pub fn path(&mut self, path: &[u8]) -> [i64; 2] {
        self.guest.put(PATH, path);
        [i64::from(PATH), path.len() as i64]
    }

    pub fn other_path(&mut self, path: &[u8]) -> [i64; 2] {
        self.guest.put(OTHER_PATH, path);
        [i64::from(OTHER_PATH), path.len() as i64]
    }

    /// Opens without following; gives the descriptor.
    pub fn open(&mut self, path: &str, oflags: i64, rights: i64) -> Result<i64, Errno> {
        self.open_with(path, 0, oflags, rights, 0)
    }

    pub fn open_with(
        &mut self,
        path: &str,
        dirflags: i64,
        oflags: i64,
        rights: i64,
        fdflags: i64,
    ) -> Result<i64, Errno> {
        let [path, len] = self.path(path.as_bytes());
        let out = i64::from(OUT);
        let args = [DIR, dirflags, path, len, oflags, rights, ALL, fdflags, out];
        match self.guest.call("path_open", &args) {
            Errno::Success => {
                self.guest.only_wrote(&[OUT..OUT + 4]);
                Ok(i64::from(self.guest.word(OUT)))
            }
            errno => {
                assert_eq!(self.guest.written(), []);
                Err(errno)
            }
        }
    }

    pub fn close(&mut self, fd: i64) {
        assert_eq!(self.guest.call("fd_close", &[fd]), Errno::Success);
    }

    /// Writes at the descriptor's position.
    pub fn write(&mut self, fd: i64, bytes: &[u8]) -> Errno {
        self.guest.put(DATA + 64, bytes);
        self.guest.put_words(DATA, &[DATA + 64, bytes.len() as u32]);
        let args = [fd, i64::from(DATA), 1, i64::from(OUT)];
        let errno = self.guest.call("fd_write", &args);
        if errno == Errno::Success {
            assert_eq!(self.guest.word(OUT), bytes.len() as u32);
        }
        errno
    }

    /// Reads at most 64 bytes from the descriptor's position.
    pub fn read(&mut self, fd: i64) -> Result<Vec<u8>, Errno> {
        self.guest.put_words(DATA, &[DATA + 64, 64]);
        let args = [fd, i64::from(DATA), 1, i64::from(OUT)];
        match self.guest.call("fd_read", &args) {
            Errno::Success => {
                let bytes = self.guest.word(OUT);
                self.guest
                    .only_wrote(&[OUT..OUT + 4, DATA + 64..DATA + 64 + bytes]);
                Ok(self.guest.bytes(DATA + 64, bytes))
            }
            errno => Err(errno),
        }
    }

    /// Calls a function of one path.
    pub fn call_path(&mut self, name: &str, path: &[u8]) -> Errno {
        let [path, len] = self.path(path);
        self.guest.call(name, &[DIR, path, len])
    }
}

/// Runs a test in a writable directory with each lookup of paths.
pub fn with_each_lookup(test: impl Fn(&mut Scratch)) {
    for lookup in [PathLookup::Kernel, PathLookup::Walk] {
        test(&mut Scratch::new(Access::ReadWrite, lookup));
    }
}

/// The same in a directory that can only be read. It has a file, a directory and a link.
pub fn with_each_read_only(test: impl Fn(&mut Scratch)) {
    for lookup in [PathLookup::Kernel, PathLookup::Walk] {
        let mut scratch = Scratch::new(Access::ReadOnly, lookup);
        scratch.write_host("file", "contents");
        scratch.mkdir_host("dir");
        scratch.link_host("link", "file");
        test(&mut scratch);
    }
}
