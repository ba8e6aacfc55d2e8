//! The first bytes of an artefact: what it is, what it needs, where its parts are.
//!
//! ```text
//! ModuleHeader | SectionEntry x section_count | sections ...            (the metadata, read-only, contiguous)
//! text                                                                  (executable, elsewhere in the file)
//! image                                                                 (initial memory, elsewhere, may be empty)
//! ```
//! The one exported symbol of an artefact is the address of this header. `text_offset` and `image_offset`
//! are relative to the header itself, so that they hold wherever the artefact is mapped or linked.

use crate::tunables::Bounds;
use crate::wire::{FormatError, Reader};
use std::mem::offset_of;

/// The first eight bytes of every artefact.
pub const MAGIC: [u8; 8] = *b"\x7fAHEAD\r\n";

/// Layouts and formats. A runtime opens artefacts of its own major version only.
pub const ABI_MAJOR: u16 = 3;

/// Additions. A runtime opens artefacts of its own minor version and below.
pub const ABI_MINOR: u16 = 0;

/// The symbol of the header in a `.so`; a `.o` puts its own prefix in front of `_module`.
pub const MODULE_SYMBOL: &str = "ahead_module";

/// The header as it lies in memory. All numbers little-endian.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModuleHeader {
    pub magic: [u8; 8],
    pub abi_major: u16,
    pub abi_minor: u16,
    /// ELF's number for the instruction set (`e_machine`).
    pub machine: u16,
    /// [`Bounds`] as a byte.
    pub bounds: u8,
    pub reserved0: u8,
    /// Builtins that the code may call: a prefix of [`crate::builtins`].
    pub builtin_count: u32,
    /// The page size that segments are laid out for; every page size that divides it works.
    pub page_bytes: u32,
    /// CPU features that the code needs, by the bit numbers of the target.
    pub cpu_features: u64,
    /// Header, section table and sections together.
    pub metadata_bytes: u64,
    /// From this header's first byte to the text's.
    pub text_offset: i64,
    pub text_bytes: u64,
    /// From this header's first byte to the image's; meaningless if the image is empty.
    pub image_offset: i64,
    pub image_bytes: u64,
    pub section_count: u32,
    pub reserved1: u32,
}

/// Bytes of a [`ModuleHeader`].
pub const HEADER_BYTES: usize = size_of::<ModuleHeader>();

/// Where a relocatable object patches `text_offset`.
pub const TEXT_OFFSET_FIELD: usize = offset_of!(ModuleHeader, text_offset);

/// Where a relocatable object patches `image_offset`.
pub const IMAGE_OFFSET_FIELD: usize = offset_of!(ModuleHeader, image_offset);

const _: () = assert!(HEADER_BYTES == 80);

impl ModuleHeader {
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let mut out = crate::wire::Writer::default();
        out.raw(&self.magic);
        out.u16(self.abi_major);
        out.u16(self.abi_minor);
        out.u16(self.machine);
        out.u8(self.bounds);
        out.u8(self.reserved0);
        out.u32(self.builtin_count);
        out.u32(self.page_bytes);
        out.u64(self.cpu_features);
        out.u64(self.metadata_bytes);
        out.i64(self.text_offset);
        out.u64(self.text_bytes);
        out.i64(self.image_offset);
        out.u64(self.image_bytes);
        out.u32(self.section_count);
        out.u32(self.reserved1);
        out.finish()
            .try_into()
            .expect("the fields above are the whole header")
    }

    /// Reads a header. Says whether it is one and of a version this crate reads; not whether this machine
    /// can run it.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut from = Reader::new("header", bytes);
        let mut magic = [0; 8];
        magic.copy_from_slice(from.raw(8)?);
        if magic != MAGIC {
            return Err(FormatError {
                section: "header",
                problem: "no Ahead magic number".into(),
                offset: 0,
            });
        }
        let header = ModuleHeader {
            magic,
            abi_major: from.u16()?,
            abi_minor: from.u16()?,
            machine: from.u16()?,
            bounds: from.u8()?,
            reserved0: from.u8()?,
            builtin_count: from.u32()?,
            page_bytes: from.u32()?,
            cpu_features: from.u64()?,
            metadata_bytes: from.u64()?,
            text_offset: from.i64()?,
            text_bytes: from.u64()?,
            image_offset: from.i64()?,
            image_bytes: from.u64()?,
            section_count: from.u32()?,
            reserved1: from.u32()?,
        };
        Ok(header)
    }

    /// Whether this crate's layouts and formats are the artefact's.
    #[allow(
        clippy::absurd_extreme_comparisons,
        reason = "absurd as long as the minor version is 0"
    )]
    pub fn abi_is_supported(&self) -> bool {
        self.abi_major == ABI_MAJOR && self.abi_minor <= ABI_MINOR
    }

    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::from_byte(self.bounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let header = ModuleHeader {
            magic: MAGIC,
            abi_major: 1,
            abi_minor: 2,
            machine: 62,
            bounds: 1,
            reserved0: 0,
            builtin_count: 12,
            page_bytes: 65_536,
            cpu_features: 0xf0f0,
            metadata_bytes: 4096,
            text_offset: -65_536,
            text_bytes: 77,
            image_offset: 131_072,
            image_bytes: 5,
            section_count: 3,
            reserved1: 0,
        };
        assert_eq!(ModuleHeader::parse(&header.to_bytes()).unwrap(), header);
        assert_eq!(
            &header.to_bytes()[TEXT_OFFSET_FIELD..][..8],
            &(-65_536i64).to_le_bytes()
        );
        assert!(ModuleHeader::parse(&header.to_bytes()[..40]).is_err());
        assert!(
            ModuleHeader::parse(b"\x7fELF0000")
                .unwrap_err()
                .problem
                .contains("magic")
        );
    }
}
