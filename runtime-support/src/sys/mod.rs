//! The operating system: mappings, files, and ELF as far as a loader needs it.
//!
//! Nothing here knows what a memory or a module is. Every offset and size that comes from a file is checked
//! here before anything is mapped with it.

mod elf;
mod file;
mod mapping;
mod program;

pub(crate) use elf::{Layout, check_machine};
pub(crate) use file::ArtifactFile;
pub(crate) use mapping::{Access, Mapping, address_space_limit};
pub(crate) use program::file_of;

/// The machine's page size: 4, 16 or 64 KiB.
pub(crate) fn page_bytes() -> usize {
    rustix::param::page_size()
}
