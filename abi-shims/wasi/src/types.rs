//! The types of the specification, with its numbers: error codes, rights, flags, file types, clocks, and
//! the records that functions write into guest memory.
//!
//! Names are the specification's, in Rust's case. Everything that came from the guest is parsed into one of
//! these before it is used; a number that the specification does not list is [`Errno::Inval`]. Where the
//! two versions of the ABI differ, the version is an argument.
//!
//! Source: `typenames.witx` of `legacy/preview0` and `legacy/preview1` in WebAssembly/WASI.

/// Which of the two published ABIs a guest was built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `wasi_unstable`.
    Preview0,
    /// `wasi_snapshot_preview1`.
    Preview1,
}

impl Version {
    pub const ALL: [Version; 2] = [Version::Preview0, Version::Preview1];

    /// The module name that guests import from.
    pub const fn module(self) -> &'static str {
        match self {
            Version::Preview0 => "wasi_unstable",
            Version::Preview1 => "wasi_snapshot_preview1",
        }
    }
}

/// Declares an enumeration of the specification: numbers from 0 in order, and the way back from a number.
macro_rules! enumeration {
    ($(#[$doc:meta])* $name:ident: $repr:ident { $($variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr($repr)]
        pub enum $name { $($variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The number on the wire.
            pub const fn code(self) -> $repr {
                self as $repr
            }

            /// The value that a guest passed as `code`.
            pub fn parse(code: u32) -> Result<Self, Errno> {
                let index = usize::try_from(code).map_err(|_| Errno::Inval)?;
                Self::ALL.get(index).copied().ok_or(Errno::Inval)
            }
        }
    };
}

/// Declares a set of flags of the specification, bit 0 first.
macro_rules! flags {
    ($(#[$doc:meta])* $name:ident: $repr:ident { $($flag:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name($repr);

        #[allow(dead_code, reason = "the list is the specification's, whole")]
        impl $name {
            flags!(@bits $name $repr 0; $($flag,)*);

            pub const ALL: $name = $name(0 $(| $name::$flag.0)*);

            pub const fn empty() -> Self {
                $name(0)
            }

            /// The number on the wire.
            pub const fn bits(self) -> $repr {
                self.0
            }

            pub const fn union(self, other: Self) -> Self {
                $name(self.0 | other.0)
            }

            pub const fn intersection(self, other: Self) -> Self {
                $name(self.0 & other.0)
            }

            /// What is in `self` and not in `other`.
            pub const fn difference(self, other: Self) -> Self {
                $name(self.0 & !other.0)
            }

            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            pub const fn intersects(self, other: Self) -> bool {
                self.0 & other.0 != 0
            }

            /// The flags that a guest passed as `bits`; bits without a meaning are an error.
            pub fn parse(bits: impl Into<u64>) -> Result<Self, Errno> {
                let bits = $repr::try_from(bits.into()).map_err(|_| Errno::Inval)?;
                if bits & !Self::ALL.0 == 0 { Ok($name(bits)) } else { Err(Errno::Inval) }
            }
        }
    };
    (@bits $name:ident $repr:ident $bit:expr; $flag:ident, $($rest:ident,)*) => {
        pub const $flag: $name = $name(1 << ($bit));
        flags!(@bits $name $repr $bit + 1; $($rest,)*);
    };
    (@bits $name:ident $repr:ident $bit:expr;) => {};
}

enumeration! {
    /// What a function returns. `Success` is 0; the functions of this crate return `Err` for the others.
    Errno: u16 {
        Success, TooBig, Acces, Addrinuse, Addrnotavail, Afnosupport, Again, Already, Badf, Badmsg, Busy,
        Canceled, Child, Connaborted, Connrefused, Connreset, Deadlk, Destaddrreq, Dom, Dquot, Exist, Fault,
        Fbig, Hostunreach, Idrm, Ilseq, Inprogress, Intr, Inval, Io, Isconn, Isdir, Loop, Mfile, Mlink,
        Msgsize, Multihop, Nametoolong, Netdown, Netreset, Netunreach, Nfile, Nobufs, Nodev, Noent, Noexec,
        Nolck, Nolink, Nomem, Nomsg, Noprotoopt, Nospc, Nosys, Notconn, Notdir, Notempty, Notrecoverable,
        Notsock, Notsup, Notty, Nxio, Overflow, Ownerdead, Perm, Pipe, Proto, Protonosupport, Prototype,
        Range, Rofs, Spipe, Srch, Stale, Timedout, Txtbsy, Xdev, Notcapable,
    }
}

enumeration! {
    /// The clocks of `clock_time_get`.
    Clockid: u32 { Realtime, Monotonic, ProcessCputimeId, ThreadCputimeId }
}

enumeration! {
    /// What a descriptor or a file is.
    Filetype: u8 {
        Unknown, BlockDevice, CharacterDevice, Directory, RegularFile, SocketDgram, SocketStream, SymbolicLink,
    }
}

enumeration! {
    /// What a guest expects to do with a part of a file.
    Advice: u8 { Normal, Sequential, Random, Willneed, Dontneed, Noreuse }
}

enumeration! {
    /// What `poll_oneoff` waits for.
    Eventtype: u8 { Clock, FdRead, FdWrite }
}

enumeration! {
    /// The signals of `proc_raise`.
    Signal: u8 {
        None, Hup, Int, Quit, Ill, Trap, Abrt, Bus, Fpe, Kill, Usr1, Segv, Usr2, Pipe, Alrm, Term, Chld, Cont,
        Stop, Tstp, Ttin, Ttou, Urg, Xcpu, Xfsz, Vtalrm, Prof, Winch, Poll, Pwr, Sys,
    }
}

flags! {
    /// What a descriptor may be used for.
    Rights: u64 {
        FD_DATASYNC, FD_READ, FD_SEEK, FD_FDSTAT_SET_FLAGS, FD_SYNC, FD_TELL, FD_WRITE, FD_ADVISE, FD_ALLOCATE,
        PATH_CREATE_DIRECTORY, PATH_CREATE_FILE, PATH_LINK_SOURCE, PATH_LINK_TARGET, PATH_OPEN, FD_READDIR,
        PATH_READLINK, PATH_RENAME_SOURCE, PATH_RENAME_TARGET, PATH_FILESTAT_GET, PATH_FILESTAT_SET_SIZE,
        PATH_FILESTAT_SET_TIMES, FD_FILESTAT_GET, FD_FILESTAT_SET_SIZE, FD_FILESTAT_SET_TIMES, PATH_SYMLINK,
        PATH_REMOVE_DIRECTORY, PATH_UNLINK_FILE, POLL_FD_READWRITE, SOCK_SHUTDOWN, SOCK_ACCEPT,
    }
}

flags! {
    /// How a descriptor reads and writes.
    Fdflags: u16 { APPEND, DSYNC, NONBLOCK, RSYNC, SYNC }
}

flags! {
    /// Which timestamps to set, and to what.
    Fstflags: u16 { ATIM, ATIM_NOW, MTIM, MTIM_NOW }
}

flags! {
    /// How a path is resolved.
    Lookupflags: u32 { SYMLINK_FOLLOW }
}

flags! {
    /// How `path_open` opens.
    Oflags: u16 { CREAT, DIRECTORY, EXCL, TRUNC }
}

flags! {
    /// How the timeout of a clock subscription is meant.
    Subclockflags: u16 { SUBSCRIPTION_CLOCK_ABSTIME }
}

flags! {
    /// What an event says about its descriptor.
    Eventrwflags: u16 { FD_READWRITE_HANGUP }
}

flags! {
    /// How `sock_recv` receives.
    Riflags: u16 { RECV_PEEK, RECV_WAITALL }
}

flags! {
    /// Which directions `sock_shutdown` closes.
    Sdflags: u8 { RD, WR }
}

/// Where an offset of `fd_seek` counts from. The two ABIs number it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whence {
    Set,
    Cur,
    End,
}

impl Whence {
    pub fn parse(code: u32, version: Version) -> Result<Self, Errno> {
        let order = match version {
            Version::Preview0 => [Whence::Cur, Whence::End, Whence::Set],
            Version::Preview1 => [Whence::Set, Whence::Cur, Whence::End],
        };
        let index = usize::try_from(code).map_err(|_| Errno::Inval)?;
        order.get(index).copied().ok_or(Errno::Inval)
    }
}

/// The attributes of a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fdstat {
    pub filetype: Filetype,
    pub flags: Fdflags,
    pub rights_base: Rights,
    pub rights_inheriting: Rights,
}

impl Fdstat {
    pub const BYTES: u32 = 24;

    /// ```text
    /// 0 filetype: u8 | 2 flags: u16 | 8 rights_base: u64 | 16 rights_inheriting: u64
    /// ```
    pub fn to_bytes(self) -> [u8; Self::BYTES as usize] {
        let mut out = [0; Self::BYTES as usize];
        out[0] = self.filetype.code();
        out[2..4].copy_from_slice(&self.flags.bits().to_le_bytes());
        out[8..16].copy_from_slice(&self.rights_base.bits().to_le_bytes());
        out[16..24].copy_from_slice(&self.rights_inheriting.bits().to_le_bytes());
        out
    }
}

/// The attributes of a file. Times in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filestat {
    pub device: u64,
    pub inode: u64,
    pub filetype: Filetype,
    pub links: u64,
    pub size_bytes: u64,
    pub accessed_ns: u64,
    pub modified_ns: u64,
    pub changed_ns: u64,
}

impl Filestat {
    /// ```text
    /// preview 1: 0 dev | 8 ino | 16 filetype: u8 | 24 nlink: u64 | 32 size | 40 atim | 48 mtim | 56 ctim | 64
    /// preview 0: 0 dev | 8 ino | 16 filetype: u8 | 20 nlink: u32 | 24 size | 32 atim | 40 mtim | 48 ctim | 56
    /// ```
    pub fn to_bytes(self, version: Version) -> Vec<u8> {
        let mut out = Vec::with_capacity(64);
        out.extend_from_slice(&self.device.to_le_bytes());
        out.extend_from_slice(&self.inode.to_le_bytes());
        out.push(self.filetype.code());
        match version {
            Version::Preview0 => {
                out.resize(20, 0);
                let links = u32::try_from(self.links).unwrap_or(u32::MAX);
                out.extend_from_slice(&links.to_le_bytes());
            }
            Version::Preview1 => {
                out.resize(24, 0);
                out.extend_from_slice(&self.links.to_le_bytes());
            }
        }
        for word in [
            self.size_bytes,
            self.accessed_ns,
            self.modified_ns,
            self.changed_ns,
        ] {
            out.extend_from_slice(&word.to_le_bytes());
        }
        out
    }

    /// Bytes that [`Self::to_bytes`] gives.
    pub const fn bytes(version: Version) -> u32 {
        match version {
            Version::Preview0 => 56,
            Version::Preview1 => 64,
        }
    }
}

impl From<rustix::io::Errno> for Errno {
    /// The host's error as the guest sees it. What the specification has no code for is `Io`.
    fn from(errno: rustix::io::Errno) -> Self {
        use rustix::io::Errno as Host;
        // Pairs, and not a match: some of the host's names share a number on some targets.
        const PAIRS: &[(Host, Errno)] = &[
            (Host::TOOBIG, Errno::TooBig),
            (Host::ACCESS, Errno::Acces),
            (Host::ADDRINUSE, Errno::Addrinuse),
            (Host::ADDRNOTAVAIL, Errno::Addrnotavail),
            (Host::AFNOSUPPORT, Errno::Afnosupport),
            (Host::AGAIN, Errno::Again),
            (Host::ALREADY, Errno::Already),
            (Host::BADF, Errno::Badf),
            (Host::BADMSG, Errno::Badmsg),
            (Host::BUSY, Errno::Busy),
            (Host::CANCELED, Errno::Canceled),
            (Host::CHILD, Errno::Child),
            (Host::CONNABORTED, Errno::Connaborted),
            (Host::CONNREFUSED, Errno::Connrefused),
            (Host::CONNRESET, Errno::Connreset),
            (Host::DEADLK, Errno::Deadlk),
            (Host::DESTADDRREQ, Errno::Destaddrreq),
            (Host::DOM, Errno::Dom),
            (Host::DQUOT, Errno::Dquot),
            (Host::EXIST, Errno::Exist),
            (Host::FAULT, Errno::Fault),
            (Host::FBIG, Errno::Fbig),
            (Host::HOSTUNREACH, Errno::Hostunreach),
            (Host::IDRM, Errno::Idrm),
            (Host::ILSEQ, Errno::Ilseq),
            (Host::INPROGRESS, Errno::Inprogress),
            (Host::INTR, Errno::Intr),
            (Host::INVAL, Errno::Inval),
            (Host::IO, Errno::Io),
            (Host::ISCONN, Errno::Isconn),
            (Host::ISDIR, Errno::Isdir),
            (Host::LOOP, Errno::Loop),
            (Host::MFILE, Errno::Mfile),
            (Host::MLINK, Errno::Mlink),
            (Host::MSGSIZE, Errno::Msgsize),
            (Host::MULTIHOP, Errno::Multihop),
            (Host::NAMETOOLONG, Errno::Nametoolong),
            (Host::NETDOWN, Errno::Netdown),
            (Host::NETRESET, Errno::Netreset),
            (Host::NETUNREACH, Errno::Netunreach),
            (Host::NFILE, Errno::Nfile),
            (Host::NOBUFS, Errno::Nobufs),
            (Host::NODEV, Errno::Nodev),
            (Host::NOENT, Errno::Noent),
            (Host::NOEXEC, Errno::Noexec),
            (Host::NOLCK, Errno::Nolck),
            (Host::NOLINK, Errno::Nolink),
            (Host::NOMEM, Errno::Nomem),
            (Host::NOMSG, Errno::Nomsg),
            (Host::NOPROTOOPT, Errno::Noprotoopt),
            (Host::NOSPC, Errno::Nospc),
            (Host::NOSYS, Errno::Nosys),
            (Host::NOTCONN, Errno::Notconn),
            (Host::NOTDIR, Errno::Notdir),
            (Host::NOTEMPTY, Errno::Notempty),
            (Host::NOTRECOVERABLE, Errno::Notrecoverable),
            (Host::NOTSOCK, Errno::Notsock),
            (Host::NOTSUP, Errno::Notsup),
            (Host::OPNOTSUPP, Errno::Notsup),
            (Host::NOTTY, Errno::Notty),
            (Host::NXIO, Errno::Nxio),
            (Host::OVERFLOW, Errno::Overflow),
            (Host::OWNERDEAD, Errno::Ownerdead),
            (Host::PERM, Errno::Perm),
            (Host::PIPE, Errno::Pipe),
            (Host::PROTO, Errno::Proto),
            (Host::PROTONOSUPPORT, Errno::Protonosupport),
            (Host::PROTOTYPE, Errno::Prototype),
            (Host::RANGE, Errno::Range),
            (Host::ROFS, Errno::Rofs),
            (Host::SPIPE, Errno::Spipe),
            (Host::SRCH, Errno::Srch),
            (Host::STALE, Errno::Stale),
            (Host::TIMEDOUT, Errno::Timedout),
            (Host::TXTBSY, Errno::Txtbsy),
            (Host::XDEV, Errno::Xdev),
        ];
        PAIRS
            .iter()
            .find(|(host, _)| *host == errno)
            .map_or(Errno::Io, |(_, errno)| *errno)
    }
}

impl From<rustix::fs::FileType> for Filetype {
    fn from(kind: rustix::fs::FileType) -> Self {
        use rustix::fs::FileType;
        match kind {
            FileType::RegularFile => Filetype::RegularFile,
            FileType::Directory => Filetype::Directory,
            FileType::Symlink => Filetype::SymbolicLink,
            FileType::CharacterDevice => Filetype::CharacterDevice,
            FileType::BlockDevice => Filetype::BlockDevice,
            // A pipe has no number in the specification; a socket's kind is not in its mode.
            FileType::Fifo | FileType::Socket | FileType::Unknown => Filetype::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that guests have compiled in, one from each end and the ones everybody checks.
    #[test]
    fn numbers_are_the_specification_s() {
        assert_eq!(Errno::Success.code(), 0);
        assert_eq!(Errno::TooBig.code(), 1);
        assert_eq!(Errno::Badf.code(), 8);
        assert_eq!(Errno::Fault.code(), 21);
        assert_eq!(Errno::Inval.code(), 28);
        assert_eq!(Errno::Noent.code(), 44);
        assert_eq!(Errno::Nosys.code(), 52);
        assert_eq!(Errno::Notdir.code(), 54);
        assert_eq!(Errno::Notsock.code(), 57);
        assert_eq!(Errno::Notsup.code(), 58);
        assert_eq!(Errno::Spipe.code(), 70);
        assert_eq!(Errno::Notcapable.code(), 76);
        assert_eq!(Filetype::SymbolicLink.code(), 7);
        assert_eq!(Signal::Sys.code(), 30);
        assert_eq!(Rights::FD_WRITE.bits(), 1 << 6);
        assert_eq!(Rights::POLL_FD_READWRITE.bits(), 1 << 27);
        assert_eq!(Rights::SOCK_ACCEPT.bits(), 1 << 29);
        assert_eq!(Fdflags::SYNC.bits(), 16);
    }

    #[test]
    fn whence_is_numbered_by_version() {
        assert_eq!(Whence::parse(0, Version::Preview1), Ok(Whence::Set));
        assert_eq!(Whence::parse(2, Version::Preview1), Ok(Whence::End));
        assert_eq!(Whence::parse(0, Version::Preview0), Ok(Whence::Cur));
        assert_eq!(Whence::parse(2, Version::Preview0), Ok(Whence::Set));
        for version in Version::ALL {
            assert_eq!(Whence::parse(3, version), Err(Errno::Inval));
        }
    }

    #[test]
    fn unknown_bits_and_numbers_are_invalid() {
        assert_eq!(Fdflags::parse(0x20u32), Err(Errno::Inval));
        assert_eq!(Fdflags::parse(0x1_0000u32), Err(Errno::Inval));
        assert_eq!(Fdflags::parse(0x1fu32), Ok(Fdflags::ALL));
        assert_eq!(Clockid::parse(4), Err(Errno::Inval));
        assert_eq!(Clockid::parse(u32::MAX), Err(Errno::Inval));
    }

    #[test]
    fn records_have_the_specification_s_sizes() {
        let stat = Filestat {
            device: 1,
            inode: 2,
            filetype: Filetype::RegularFile,
            links: 3,
            size_bytes: 4,
            accessed_ns: 5,
            modified_ns: 6,
            changed_ns: 7,
        };
        for version in Version::ALL {
            let bytes = stat.to_bytes(version);
            assert_eq!(bytes.len(), Filestat::bytes(version) as usize);
            assert_eq!(bytes[16], 4);
        }
        assert_eq!(stat.to_bytes(Version::Preview0)[20], 3);
        assert_eq!(stat.to_bytes(Version::Preview0)[24], 4);
        assert_eq!(stat.to_bytes(Version::Preview1)[24], 3);
        assert_eq!(stat.to_bytes(Version::Preview1)[32], 4);
    }

    #[test]
    fn host_errors_have_their_namesakes() {
        assert_eq!(Errno::from(rustix::io::Errno::PIPE), Errno::Pipe);
        assert_eq!(Errno::from(rustix::io::Errno::WOULDBLOCK), Errno::Again);
        assert_eq!(Errno::from(rustix::io::Errno::HWPOISON), Errno::Io);
    }
}
