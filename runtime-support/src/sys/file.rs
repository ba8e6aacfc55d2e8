//! The file an artefact is in: on disk, or a sealed one in memory.

use super::elf::{Layout, ReadAt};
use super::mapping::{Access, Mapping};
use crate::error::Error;
use rustix::fs::{MemfdFlags, SealFlags};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// An artefact's file, open as long as its module, because memories map their first contents from it.
#[derive(Debug)]
pub(crate) struct ArtifactFile {
    file: File,
    bytes: u64,
}

impl ArtifactFile {
    pub fn open(path: &Path) -> Result<Self, Error> {
        let open = || {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            if !metadata.is_file() {
                return Err(io::Error::other("not a regular file"));
            }
            Ok(ArtifactFile {
                file,
                bytes: metadata.len(),
            })
        };
        open().map_err(|source| Error::Open {
            path: path.to_owned(),
            source,
        })
    }

    /// A file in memory that nobody can change any more.
    pub fn in_memory(bytes: &[u8]) -> Result<Self, Error> {
        let create = || {
            let fd =
                rustix::fs::memfd_create("ahead", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
            let mut file = File::from(fd);
            file.write_all(bytes)?;
            let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
            rustix::fs::fcntl_add_seals(&file, seals)?;
            Ok(ArtifactFile {
                file,
                bytes: bytes.len() as u64,
            })
        };
        create().map_err(|source: io::Error| Error::Map {
            what: "an artefact in memory",
            source,
        })
    }

    /// Maps everything but the text, read-only.
    pub fn map_readable(&self, layout: &Layout) -> Result<Mapping, Error> {
        let map = || {
            let mapping = Mapping::reserve(layout.span() as usize)?;
            let others = layout
                .segments
                .iter()
                .filter(|segment| segment.access != Access::ReadExecute);
            for segment in others {
                self.map(
                    &mapping,
                    layout,
                    segment.address,
                    segment.bytes,
                    Access::Read,
                    segment.file_offset,
                )?;
            }
            Ok(mapping)
        };
        map().map_err(map_error)
    }

    /// Maps the text, executable. Nothing of the file can be executed before.
    pub fn map_text(&self, mapping: &Mapping, layout: &Layout) -> Result<(), Error> {
        let text = layout.text();
        self.map(
            mapping,
            layout,
            text.address,
            text.bytes,
            Access::ReadExecute,
            text.file_offset,
        )
        .map_err(map_error)
    }

    fn map(
        &self,
        mapping: &Mapping,
        layout: &Layout,
        address: u64,
        bytes: u64,
        access: Access,
        file_offset: u64,
    ) -> io::Result<()> {
        // Address and offset are the same within a page: start with the page.
        let lead = address % super::page_bytes() as u64;
        let offset = (address - lead - layout.start()) as usize;
        mapping.map_file(
            offset,
            (bytes + lead) as usize,
            access,
            self.file.as_fd(),
            file_offset - lead,
        )
    }

    pub fn into_file(self) -> File {
        self.file
    }
}

fn map_error(source: io::Error) -> Error {
    Error::Map {
        what: "an artefact",
        source,
    }
}

impl ReadAt for ArtifactFile {
    fn length(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<()> {
        self.file.read_exact_at(into, offset)
    }
}
