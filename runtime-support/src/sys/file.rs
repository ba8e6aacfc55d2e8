//! The file an artefact is in: on disk, or a sealed one in memory.

use super::elf::{Layout, ReadAt, Segment};
use super::mapping::{Access, Mapping};
use crate::error::Error;
use rustix::fs::{MemfdFlags, SealFlags};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

/// How much of the start is read at once: the headers, and the symbol with its tables.
const START_BYTES: usize = 4096;

/// An artefact's file, open as long as its module, because memories map their first contents from it.
#[derive(Debug)]
pub(crate) struct ArtifactFile {
    file: File,
    bytes: u64,
    start: Vec<u8>,
}

impl ArtifactFile {
    pub fn open(path: &Path) -> Result<Self, Error> {
        let open = || {
            // Without waiting for a writer, should it be a pipe.
            let file = File::options()
                .read(true)
                .custom_flags(libc::O_NONBLOCK)
                .open(path)?;
            let metadata = file.metadata()?;
            if !metadata.is_file() {
                return Err(io::Error::other("not a regular file"));
            }
            Self::new(file, metadata.len())
        };
        open().map_err(|source| Error::Open {
            path: path.to_owned(),
            source,
        })
    }

    /// A file in memory that nobody can change any more.
    pub fn in_memory(bytes: &[u8]) -> Result<Self, Error> {
        let create = || {
            let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
            let mut file = File::from(rustix::fs::memfd_create("ahead", flags)?);
            file.write_all(bytes)?;
            let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
            rustix::fs::fcntl_add_seals(&file, seals)?;
            Self::new(file, bytes.len() as u64)
        };
        create().map_err(|source: io::Error| Error::Map {
            what: "an artefact in memory",
            source,
        })
    }

    fn new(file: File, bytes: u64) -> io::Result<Self> {
        let mut start = vec![0; START_BYTES.min(bytes as usize)];
        file.read_exact_at(&mut start, 0)?;
        Ok(ArtifactFile { file, bytes, start })
    }

    /// Addresses for all segments, with `metadata` mapped read-only. Nothing can be executed yet.
    pub fn map_metadata(&self, layout: &Layout, metadata: &Segment) -> Result<Mapping, Error> {
        let mapping = Mapping::reserve(layout.span() as usize).map_err(map_error)?;
        self.map(&mapping, layout, metadata, Access::Read)?;
        Ok(mapping)
    }

    /// Maps the text, executable.
    pub fn map_text(&self, mapping: &Mapping, layout: &Layout) -> Result<(), Error> {
        self.map(mapping, layout, layout.text(), Access::ReadExecute)
    }

    fn map(
        &self,
        mapping: &Mapping,
        layout: &Layout,
        segment: &Segment,
        access: Access,
    ) -> Result<(), Error> {
        // Address and offset are the same within a page: start with the page.
        let lead = segment.address % super::page_bytes() as u64;
        let offset = (segment.address - lead - layout.start()) as usize;
        let bytes = (segment.bytes + lead) as usize;
        let file_offset = segment.file_offset - lead;
        mapping
            .map_file(offset, bytes, access, self.file.as_fd(), file_offset)
            .map_err(map_error)
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
        let start = usize::try_from(offset).ok();
        let known = start.and_then(|start| self.start.get(start..start.checked_add(into.len())?));
        match known {
            Some(known) => into.copy_from_slice(known),
            None => self.file.read_exact_at(into, offset)?,
        }
        Ok(())
    }
}
