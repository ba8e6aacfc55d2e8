//! What every function that takes a path has to do with it, whatever else it does.

use crate::guest::{END, outside};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Rights};

/// Fills the directory with something of every kind.
pub fn populate(scratch: &Scratch) {
    scratch.write_host("file", "contents");
    scratch.mkdir_host("dir");
    scratch.write_host("dir/file", "inner");
    scratch.mkdir_host("empty");
    scratch.link_host("link", "file");
    scratch.link_host("dir_link", "dir");
    scratch.link_host("dangling", "nothing");
    scratch.link_host("loop", "loop");
    scratch.link_host("out", "../outside");
    scratch.link_host("up", "..");
    scratch.link_host("magic", "/proc/self/fd");
}

/// Paths that no function may act on, and what each of them gives.
const REFUSED: &[(&[u8], Errno)] = &[
    (b"", Errno::Noent),
    (b"/", Errno::Notcapable),
    (b"/file", Errno::Notcapable),
    (b"//file", Errno::Notcapable),
    (b"../file", Errno::Notcapable),
    (b"../given/file", Errno::Notcapable),
    (b"up/file", Errno::Notcapable),
    (b"up/given/file", Errno::Notcapable),
    (b"out/file", Errno::Notcapable),
    (b"magic/0", Errno::Notcapable),
    (b"dir/../../outside", Errno::Notcapable),
    (b"missing/file", Errno::Noent),
    (b"dangling/file", Errno::Noent),
    (b"file/file", Errno::Notdir),
    (b"loop/file", Errno::Loop),
];

/// How a function takes a path.
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    pub name: &'a str,
    /// Good arguments, but for this path.
    pub args: &'a [i64],
    /// Which argument the directory is.
    pub fd: usize,
    /// Which argument the path's address is; its length is behind it.
    pub path: usize,
    /// What the directory's descriptor is needed for.
    pub right: Rights,
}

impl Taken<'_> {
    fn with(&self, address: i64, bytes: i64) -> Vec<i64> {
        let mut args = self.args.to_vec();
        args[self.path] = address;
        args[self.path + 1] = bytes;
        args
    }

    /// Calls the function with this path.
    pub fn call(&self, scratch: &mut Scratch, path: &[u8]) -> Errno {
        let [address, bytes] = scratch.path(path);
        scratch.guest.call(self.name, &self.with(address, bytes))
    }

    /// Tries all that is wrong with a path, and with the descriptor it starts from. Nothing is done by any of it.
    pub fn is_checked(&self, scratch: &mut Scratch) {
        populate(scratch);
        for &(path, errno) in REFUSED {
            let [address, bytes] = scratch.path(path);
            let args = self.with(address, bytes);
            let result = scratch.guest.call(self.name, &args);
            let shown = path.escape_ascii();
            assert_eq!(result, errno, "{} of `{shown}`", self.name);
            assert_eq!(scratch.guest.written(), [], "{} of `{shown}`", self.name);
        }
        assert_eq!(scratch.read_host("../outside"), "outside");
        assert_eq!(scratch.read_host("file"), "contents");
        self.lengths_are_checked(scratch);
        self.descriptor_is_checked(scratch);
    }

    fn lengths_are_checked(&self, scratch: &mut Scratch) {
        let long = [&b"a/".repeat(2048)[..], b"\0"].concat();
        let [address, _] = scratch.path(&long);
        let guest = &mut scratch.guest;
        for address in outside(4) {
            guest.refuse(self.name, &self.with(address, 4), Errno::Fault);
        }
        let all = i64::from(u32::MAX);
        guest.refuse(self.name, &self.with(1, all), Errno::Fault);
        let longer = self.with(address, 4096);
        guest.refuse(self.name, &longer, Errno::Nametoolong);
        // One component is longer than any file system takes.
        let [address, bytes] = scratch.path(&[b'a'; 256]);
        let component = self.with(address, bytes);
        let result = scratch.guest.call(self.name, &component);
        assert_eq!(result, Errno::Nametoolong, "{}", self.name);
        for nul in [&b"\0"[..], b"a\0b", b"file\0"] {
            let [address, bytes] = scratch.path(nul);
            let args = self.with(address, bytes);
            scratch.guest.refuse(self.name, &args, Errno::Inval);
        }
        // Up to the last byte of the memory it is a path like any other.
        let guest = &mut scratch.guest;
        guest.put(END - 9, b"file/file");
        let last = self.with(i64::from(END - 9), 9);
        guest.refuse(self.name, &last, Errno::Notdir);
    }

    fn descriptor_is_checked(&self, scratch: &mut Scratch) {
        let file = scratch.open("file", 0, ALL).unwrap();
        let [address, bytes] = scratch.path(b"file");
        let mut args = self.with(address, bytes);
        for fd in [file, 0, 1, 2] {
            args[self.fd] = fd;
            scratch.guest.refuse(self.name, &args, Errno::Notdir);
        }
        for fd in BAD {
            args[self.fd] = fd;
            scratch.guest.refuse(self.name, &args, Errno::Badf);
        }
        scratch.close(file);
        let poor = scratch.open(".", DIRECTORY, ALL & !FD_WRITE).unwrap();
        scratch.guest.give_up(poor, self.right);
        args[self.fd] = poor;
        scratch.guest.refuse(self.name, &args, Errno::Notcapable);
        scratch.close(poor);
        assert_eq!(scratch.read_host("file"), "contents");
    }
}
