//! What to give to a guest, as a user writes it down and as an executable keeps it.
//!
//! A directory is written `HOST[::GUEST][:ro]`. Kept are a byte that says how paths are resolved, the [`Limits`],
//! the number of addresses to listen on as two bytes, those addresses, and each directory as `HOST`, `GUEST` and
//! `rw` or `ro`; all strings end with a NUL. Host paths are opened when the guest is set up, so one that is
//! relative starts where the program was started.
//!
//! ```text
//! 00  limits  00 00  ".\0" ".\0" "rw\0"  "data\0" "/data\0" "ro\0"      --dir . --dir data::/data:ro
//! 01  limits  01 00  "[::1]:80\0"                                      --fs-fallback --listen [::1]:80
//! ```

use crate::context::{ConfigError, Preopen};
use crate::directory::Access;
use crate::limits::Limits;
use crate::sandbox::PathLookup;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

/// A directory that is to be given to a guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub host: OsString,
    /// What the guest calls it.
    pub guest: Vec<u8>,
    pub access: Access,
}

/// Why a text or a kept list of grants is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    #[error("`{0}` names no directory of the host")]
    NoHost(String),
    #[error("`{0}` gives the directory no name for the guest")]
    NoGuest(String),
    #[error("`{0}` has a NUL byte in it")]
    Nul(String),
    #[error("what the program says it is to be given is damaged")]
    Damaged,
    #[error("{0} addresses to listen on are too many")]
    TooManyAddresses(usize),
}

impl Grant {
    /// Parses `HOST[::GUEST][:ro]`. Without a name of its own, the guest knows the directory by the host's.
    pub fn parse(text: &OsStr) -> Result<Self, GrantError> {
        let shown = || text.as_bytes().escape_ascii().to_string();
        let bytes = text.as_bytes();
        let (paths, access) = match bytes.strip_suffix(b":ro") {
            Some(paths) => (paths, Access::ReadOnly),
            None => (bytes, Access::ReadWrite),
        };
        let separator = paths.windows(2).position(|pair| pair == b"::");
        let (host, guest) = match separator {
            Some(at) => (&paths[..at], &paths[at + 2..]),
            None => (paths, paths),
        };
        if bytes.contains(&0) {
            return Err(GrantError::Nul(shown()));
        }
        if host.is_empty() {
            return Err(GrantError::NoHost(shown()));
        }
        if guest.is_empty() {
            return Err(GrantError::NoGuest(shown()));
        }
        Ok(Grant {
            host: OsStr::from_bytes(host).to_owned(),
            guest: guest.to_vec(),
            access,
        })
    }

    pub fn open(&self) -> Result<Preopen, ConfigError> {
        Preopen::open(Path::new(&self.host), self.guest.clone(), self.access)
    }
}

/// What an executable gives to the guest in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BakedGrants {
    pub grants: Vec<Grant>,
    pub path_lookup: PathLookup,
    /// TCP addresses to listen on.
    pub listen: Vec<String>,
    pub limits: Limits,
}

impl BakedGrants {
    pub fn encode(&self) -> Result<Vec<u8>, GrantError> {
        let mut out = vec![match self.path_lookup {
            PathLookup::Kernel => 0,
            PathLookup::KernelOrWalk => 1,
            PathLookup::Walk => 2,
        }];
        out.extend_from_slice(&self.limits.encode());
        let addresses = u16::try_from(self.listen.len())
            .map_err(|_| GrantError::TooManyAddresses(self.listen.len()))?;
        out.extend_from_slice(&addresses.to_le_bytes());
        for address in &self.listen {
            if address.contains('\0') {
                return Err(GrantError::Nul(address.escape_debug().to_string()));
            }
            out.extend_from_slice(address.as_bytes());
            out.push(0);
        }
        for grant in &self.grants {
            let access: &[u8] = match grant.access {
                Access::ReadWrite => b"rw",
                Access::ReadOnly => b"ro",
            };
            for field in [grant.host.as_bytes(), &grant.guest, access] {
                out.extend_from_slice(field);
                out.push(0);
            }
        }
        Ok(out)
    }

    /// Reads what [`Self::encode`] wrote; no bytes at all give nothing.
    pub fn decode(bytes: &[u8]) -> Result<Self, GrantError> {
        let Some((lookup, rest)) = bytes.split_first() else {
            return Ok(BakedGrants::default());
        };
        let (limits, rest) = rest
            .split_first_chunk::<{ Limits::BYTES }>()
            .ok_or(GrantError::Damaged)?;
        let (addresses, fields) = rest.split_first_chunk().ok_or(GrantError::Damaged)?;
        let addresses = usize::from(u16::from_le_bytes(*addresses));
        let path_lookup = match lookup {
            0 => PathLookup::Kernel,
            1 => PathLookup::KernelOrWalk,
            2 => PathLookup::Walk,
            _ => return Err(GrantError::Damaged),
        };
        // Each field ends with a NUL, the last one too.
        let fields: Vec<&[u8]> = match fields.split_last() {
            None => Vec::new(),
            Some((0, fields)) => fields.split(|&byte| byte == 0).collect(),
            Some(_) => return Err(GrantError::Damaged),
        };
        let (listen, dirs) = fields
            .split_at_checked(addresses)
            .ok_or(GrantError::Damaged)?;
        let address = |field: &&[u8]| String::from_utf8(field.to_vec());
        let listen = listen.iter().map(address).collect::<Result<_, _>>();
        let mut grants = Vec::new();
        for fields in dirs.chunks(3) {
            let &[host, guest, access] = fields else {
                return Err(GrantError::Damaged);
            };
            grants.push(Grant {
                host: OsString::from_vec(host.to_vec()),
                guest: guest.to_vec(),
                access: match access {
                    b"rw" => Access::ReadWrite,
                    b"ro" => Access::ReadOnly,
                    _ => return Err(GrantError::Damaged),
                },
            });
        }
        Ok(BakedGrants {
            grants,
            path_lookup,
            listen: listen.map_err(|_| GrantError::Damaged)?,
            limits: Limits::decode(limits),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(host: &str, guest: &str, access: Access) -> Grant {
        Grant {
            host: host.into(),
            guest: guest.into(),
            access,
        }
    }

    #[test]
    fn directories_are_written_down() {
        use Access::{ReadOnly, ReadWrite};
        for (text, expected) in [
            (".", grant(".", ".", ReadWrite)),
            ("/data::/", grant("/data", "/", ReadWrite)),
            ("/data:ro", grant("/data", "/data", ReadOnly)),
            ("a:b::c::d:ro", grant("a:b", "c::d", ReadOnly)),
            ("x:rw", grant("x:rw", "x:rw", ReadWrite)),
        ] {
            assert_eq!(Grant::parse(text.as_ref()), Ok(expected), "{text}");
        }
        assert!(matches!(
            Grant::parse("::/".as_ref()),
            Err(GrantError::NoHost(_))
        ));
        assert!(matches!(
            Grant::parse(":ro".as_ref()),
            Err(GrantError::NoHost(_))
        ));
        assert!(matches!(
            Grant::parse("a::".as_ref()),
            Err(GrantError::NoGuest(_))
        ));
        assert!(matches!(
            Grant::parse("a\0".as_ref()),
            Err(GrantError::Nul(_))
        ));
    }

    #[test]
    fn what_was_kept_is_read_again() {
        let grants = [
            grant(".", "/", Access::ReadWrite),
            grant("/srv/\u{fc}", "data", Access::ReadOnly),
        ];
        for count in 0..=grants.len() {
            let baked = BakedGrants {
                grants: grants[..count].to_vec(),
                path_lookup: PathLookup::KernelOrWalk,
                listen: vec!["127.0.0.1:80".into(); 2 - count],
                limits: Limits {
                    files_max: Some(3),
                    ..Limits::default()
                },
            };
            let encoded = baked.encode().unwrap();
            assert_eq!(BakedGrants::decode(&encoded), Ok(baked));
        }
        assert_eq!(BakedGrants::decode(b""), Ok(BakedGrants::default()));
        let start = BakedGrants::default().encode().unwrap();
        let with = |fields: &[u8]| [&start[..], fields].concat();
        assert!(BakedGrants::decode(&with(b"a\0b\0rw\0")).is_ok());
        let mut unknown_lookup = start.clone();
        unknown_lookup[0] = 3;
        let mut too_many_addresses = with(b"[::]:1\0");
        too_many_addresses[1 + Limits::BYTES] = 2;
        for damaged in [
            unknown_lookup,
            too_many_addresses,
            start[..start.len() - 1].to_vec(),
            start[..9].to_vec(),
            with(b"a"),
            with(b"a\0b\0"),
            with(b"a\0b\0rx\0"),
            with(b"a\0b\0rw\0c"),
            with(b"a\0b\0rw\0c\0"),
        ] {
            assert_eq!(BakedGrants::decode(&damaged), Err(GrantError::Damaged));
        }
    }
}
