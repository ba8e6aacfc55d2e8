//! Data segments and the memory image.
//!
//! Active segments of a memory that the module defines, at constant offsets inside its first size, are
//! laid out by the compiler as the *image*: the memory's first bytes as they are, page by page, which the
//! runtime maps copy-on-write. What cannot be laid out so stays a segment and is copied at instantiation.
//!
//! ```text
//! section `data segments`:  count: u32 | mode: u8 (0 passive, 1 active, 2 in the image)
//!                           | memory: u32 | offset: const expr | start: u64 | bytes: u64     x count
//! section `data`:           the bytes of all segments that are not in the image
//! section `image`:          count: u32 | (memory: u32 | memory offset: u64 | start in image: u64 | bytes: u64) x count
//! ```
//! `start` counts from the start of section `data`. The image's own bytes are not in the metadata: the
//! header says where they are, aligned so that they can be mapped.

use crate::const_expr::ConstExpr;
use crate::index::MemoryIndex;
use crate::wire::{FormatError, Reader, Writer};

/// How a data segment reaches memory.
#[derive(Clone, Debug, PartialEq)]
pub enum DataMode {
    Passive,
    Active {
        memory: MemoryIndex,
        offset: ConstExpr,
    },
    /// It is part of the image; at instantiation it counts as dropped.
    InImage,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DataSegment {
    pub mode: DataMode,
    /// Where its bytes start in section `data`.
    pub start: u64,
    pub bytes: u64,
}

/// A run of image bytes and where in a memory it belongs. `memory_offset` and `start` are multiples of
/// [`crate::tunables::SEGMENT_ALIGN_BYTES`] for runs that are to be mapped, and arbitrary for short ones
/// that are to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageRun {
    pub memory: MemoryIndex,
    pub memory_offset: u64,
    /// Where it starts in the image's bytes.
    pub start: u64,
    pub bytes: u64,
}

pub fn write_segments(segments: &[DataSegment]) -> Vec<u8> {
    let mut out = Writer::default();
    out.count(segments.len());
    for segment in segments {
        match &segment.mode {
            DataMode::Passive => out.u8(0),
            DataMode::Active { memory, offset } => {
                out.u8(1);
                out.u32(memory.0);
                offset.write(&mut out);
            }
            DataMode::InImage => out.u8(2),
        }
        out.u64(segment.start);
        out.u64(segment.bytes);
    }
    out.finish()
}

pub fn read_segments(bytes: &[u8]) -> Result<Vec<DataSegment>, FormatError> {
    let mut from = Reader::new("data segments", bytes);
    (0..from.count(17)?)
        .map(|_| {
            let mode = match from.u8()? {
                0 => DataMode::Passive,
                1 => DataMode::Active {
                    memory: MemoryIndex(from.u32()?),
                    offset: ConstExpr::read(&mut from)?,
                },
                2 => DataMode::InImage,
                other => return Err(from.error(format!("unknown segment mode {other}"))),
            };
            Ok(DataSegment {
                mode,
                start: from.u64()?,
                bytes: from.u64()?,
            })
        })
        .collect()
}

pub fn write_image(runs: &[ImageRun]) -> Vec<u8> {
    let mut out = Writer::default();
    out.count(runs.len());
    for run in runs {
        out.u32(run.memory.0);
        out.u64(run.memory_offset);
        out.u64(run.start);
        out.u64(run.bytes);
    }
    out.finish()
}

pub fn read_image(bytes: &[u8]) -> Result<Vec<ImageRun>, FormatError> {
    let mut from = Reader::new("image table", bytes);
    (0..from.count(28)?)
        .map(|_| {
            Ok(ImageRun {
                memory: MemoryIndex(from.u32()?),
                memory_offset: from.u64()?,
                start: from.u64()?,
                bytes: from.u64()?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::const_expr::ConstOp;
    use crate::index::GlobalIndex;

    #[test]
    fn segments_and_image_round_trip() {
        let segments = vec![
            DataSegment {
                mode: DataMode::Passive,
                start: 0,
                bytes: 3,
            },
            DataSegment {
                mode: DataMode::Active {
                    memory: MemoryIndex(0),
                    offset: ConstExpr {
                        ops: vec![
                            ConstOp::GlobalGet(GlobalIndex(1)),
                            ConstOp::I32Const(-4),
                            ConstOp::I32Add,
                        ],
                    },
                },
                start: 3,
                bytes: 0,
            },
            DataSegment {
                mode: DataMode::InImage,
                start: 0,
                bytes: 0,
            },
        ];
        assert_eq!(read_segments(&write_segments(&segments)).unwrap(), segments);
        let runs = vec![ImageRun {
            memory: MemoryIndex(0),
            memory_offset: 65_536,
            start: 0,
            bytes: 10,
        }];
        assert_eq!(read_image(&write_image(&runs)).unwrap(), runs);
    }
}
