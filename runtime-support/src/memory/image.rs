//! A memory's first contents: pages of the artefact, mapped copy-on-write where that pays, copied elsewhere.

use crate::error::Error;
use crate::sys::{Access, Mapping, file_of, page_bytes};
use ahead_artifact::data::ImageRun;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// Where an artefact's image is.
#[derive(Debug)]
pub(crate) enum ImageSource {
    /// `bytes` bytes of a file, from `offset`.
    File { file: File, offset: u64, bytes: u64 },
    /// Part of this program.
    Linked(&'static [u8]),
}

impl ImageSource {
    /// An image that is part of this program. If it is large and the program's file is at hand, memories
    /// map it from there.
    pub fn of_program(image: &'static [u8]) -> Self {
        let large = image.len() as u64 >= MAPPED_BYTES_MIN;
        match large.then(|| file_of(image)).flatten() {
            Some((file, offset)) => ImageSource::File {
                file,
                offset,
                bytes: image.len() as u64,
            },
            None => ImageSource::Linked(image),
        }
    }
}

/// The image of one memory.
#[derive(Debug)]
pub(crate) struct Image {
    pub source: Arc<ImageSource>,
    pub runs: Vec<ImageRun>,
}

/// A run shorter than this is copied: mapping it would cost more than the copy.
const MAPPED_BYTES_MIN: u64 = 16 * 1024;

impl Image {
    /// Puts the runs into the first `memory_bytes` of a mapping, which are zero and writable. Gives the
    /// ranges that are mappings of their own now.
    pub fn place(
        &self,
        mapping: &Mapping,
        memory_bytes: usize,
    ) -> Result<Vec<Range<usize>>, Error> {
        let mut mapped = Vec::new();
        for run in &self.runs {
            let inside = run.memory_offset.checked_add(run.bytes);
            if inside.is_none_or(|end| end > memory_bytes as u64) {
                return Err(image_error(io::Error::other(
                    "a run beyond the end of its memory",
                )));
            }
            mapped.extend(self.place_run(run, mapping).map_err(image_error)?);
        }
        Ok(mapped)
    }

    fn place_run(&self, run: &ImageRun, mapping: &Mapping) -> io::Result<Option<Range<usize>>> {
        let start = run.memory_offset as usize;
        match &*self.source {
            ImageSource::File {
                file,
                offset,
                bytes,
            } => {
                if run
                    .start
                    .checked_add(run.bytes)
                    .is_none_or(|end| end > *bytes)
                {
                    return Err(io::Error::other("a run beyond the end of the image"));
                }
                let from = offset + run.start;
                let whole_pages = mappable(run, from);
                if whole_pages > 0 {
                    mapping.map_file(start, whole_pages, Access::ReadWrite, file.as_fd(), from)?;
                }
                // The last page of a run goes on with whatever comes next in the file: copy its part.
                let rest =
                    mapping.writable_part(start + whole_pages, run.bytes as usize - whole_pages)?;
                file.read_exact_at(rest, from + whole_pages as u64)?;
                Ok((whole_pages > 0).then_some(start..start + whole_pages))
            }
            ImageSource::Linked(image) => {
                let end = run.start.checked_add(run.bytes);
                let range = end.and_then(|end| image.get(run.start as usize..end as usize));
                let from =
                    range.ok_or_else(|| io::Error::other("a run beyond the end of the image"))?;
                mapping
                    .writable_part(start, from.len())?
                    .copy_from_slice(from);
                Ok(None)
            }
        }
    }
}

/// How much of a run can be mapped, from its start, in bytes.
fn mappable(run: &ImageRun, file_offset: u64) -> usize {
    let page = page_bytes() as u64;
    let aligned = run.memory_offset.is_multiple_of(page) && file_offset.is_multiple_of(page);
    if aligned && run.bytes >= MAPPED_BYTES_MIN {
        (run.bytes - run.bytes % page) as usize
    } else {
        0
    }
}

fn image_error(source: io::Error) -> Error {
    Error::Map {
        what: "a memory's first contents",
        source,
    }
}
