//! The memory image: what active data segments leave in memory, laid out when the module is compiled.
//!
//! A memory has an image if the module defines it and each of its active segments has a constant place
//! inside the memory's first size: then instantiation cannot fail half way, and order is settled here. The
//! image of a memory with little data is a few short runs, to be copied; otherwise it is runs of whole
//! 64 KiB pages, to be mapped. What would make the artefact much larger
//! than the module, as sparse segments do, stays a list of segments.

use super::const_expr::fold;
use ahead_artifact::const_expr::{ConstExpr, ConstOp};
use ahead_artifact::data::{DataMode, DataSegment, ImageRun};
use ahead_artifact::tunables::SEGMENT_ALIGN_BYTES;
use ahead_artifact::{MemoryIndex, MemoryType, PageSize};
use std::collections::BTreeMap;

/// Data segments and the image, as the artefact holds them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data<'a> {
    pub segments: Vec<DataSegment>,
    /// The bytes of section `data`: those of the segments that are not in the image, in order.
    pub pieces: Vec<&'a [u8]>,
    pub runs: Vec<ImageRun>,
    /// The image's own bytes.
    pub image: Vec<u8>,
}

/// A data segment of the module.
#[derive(Clone, Debug)]
pub struct Segment<'a> {
    /// Where it goes at instantiation; a passive segment goes nowhere.
    pub active: Option<(MemoryIndex, ConstExpr)>,
    pub bytes: &'a [u8],
}

/// Below this much data a memory's image is copied, not mapped.
const MAPPED_BYTES_MIN: u64 = 65_536;

/// Copied runs that are closer than this become one.
const GAP_BYTES_MAX: u64 = 64;

/// Mapped runs of one memory, each of which costs a system call per instance.
const MAPPED_RUNS_MAX: usize = 32;

/// An image may take this many times the bytes of its segments, plus a page.
const GROWTH_MAX: u64 = 4;

/// Lays out the image. `memories` are all memories, of which the first `imported` are not the module's own.
pub fn build<'a>(
    segments: &[Segment<'a>],
    memories: &[MemoryType],
    imported: usize,
    constants: &[Option<ConstOp>],
) -> Data<'a> {
    let mut data = Data::default();
    let mut has_image = vec![false; memories.len()];
    for memory in imported..memories.len() {
        let index = MemoryIndex::new(memory);
        let ty = memories[memory];
        if let Some(placed) = place(segments, index, ty.bytes_min(), constants) {
            has_image[memory] = lay_out(index, ty.page, &placed, &mut data);
        }
    }
    let mut start = 0;
    for segment in segments {
        let mode = match &segment.active {
            None => DataMode::Passive,
            Some((memory, _)) if has_image[memory.index()] => DataMode::InImage,
            Some((memory, offset)) => DataMode::Active {
                memory: *memory,
                offset: offset.clone(),
            },
        };
        let bytes = match mode {
            DataMode::InImage => 0,
            _ => segment.bytes.len() as u64,
        };
        data.segments.push(DataSegment { mode, start, bytes });
        if bytes > 0 {
            data.pieces.push(segment.bytes);
            start += bytes;
        }
    }
    data
}

/// The active segments of a memory at their places; `None` if one has no constant place inside it.
fn place<'s>(
    segments: &'s [Segment<'_>],
    memory: MemoryIndex,
    memory_bytes: u64,
    constants: &[Option<ConstOp>],
) -> Option<Vec<(u64, &'s [u8])>> {
    let mut placed = Vec::new();
    for segment in segments {
        let Some((to, offset)) = &segment.active else {
            continue;
        };
        if *to != memory {
            continue;
        }
        let offset = fold(offset, constants)?.as_address()?;
        let end = offset.checked_add(segment.bytes.len() as u64)?;
        if end > memory_bytes {
            return None;
        }
        placed.push((offset, segment.bytes));
    }
    Some(placed)
}

/// Adds a memory's runs to the image; `false` if it is too sparse to have one.
fn lay_out(
    memory: MemoryIndex,
    page: PageSize,
    placed: &[(u64, &[u8])],
    data: &mut Data<'_>,
) -> bool {
    let total: u64 = placed.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    // A memory of finer pages may end in the middle of what would be mapped.
    let is_copied = total < MAPPED_BYTES_MIN || page.bytes() < SEGMENT_ALIGN_BYTES;
    let (runs, align) = if is_copied {
        (short_runs(placed), 1)
    } else {
        (page_runs(placed), SEGMENT_ALIGN_BYTES)
    };
    let size: u64 = runs.iter().map(|(start, end)| end - start).sum();
    let too_many = align > 1 && runs.len() > MAPPED_RUNS_MAX;
    if too_many || size > total.saturating_mul(GROWTH_MAX) + SEGMENT_ALIGN_BYTES {
        return false;
    }
    let first = data.runs.len();
    for (run_start, run_end) in runs {
        let start = (data.image.len() as u64).next_multiple_of(align);
        let bytes = run_end - run_start;
        data.image.resize((start + bytes) as usize, 0);
        data.runs.push(ImageRun {
            memory,
            memory_offset: run_start,
            start,
            bytes,
        });
    }
    // In order, so that later segments overwrite earlier ones. Each is inside one run, or empty.
    let runs = &data.runs[first..];
    for (offset, bytes) in placed.iter().filter(|(_, bytes)| !bytes.is_empty()) {
        let run = &runs[runs.partition_point(|run| run.memory_offset <= *offset) - 1];
        let at = (run.start + (offset - run.memory_offset)) as usize;
        data.image[at..at + bytes.len()].copy_from_slice(bytes);
    }
    true
}

/// The segments as ascending ranges, neighbours joined.
fn short_runs(placed: &[(u64, &[u8])]) -> Vec<(u64, u64)> {
    ranges(placed, 1, GAP_BYTES_MAX)
}

/// The pages that segments touch as ascending ranges.
fn page_runs(placed: &[(u64, &[u8])]) -> Vec<(u64, u64)> {
    ranges(placed, SEGMENT_ALIGN_BYTES, 0)
}

fn ranges(placed: &[(u64, &[u8])], align: u64, gap: u64) -> Vec<(u64, u64)> {
    let mut ends: BTreeMap<u64, u64> = BTreeMap::new();
    for &(offset, bytes) in placed.iter().filter(|(_, bytes)| !bytes.is_empty()) {
        let start = offset / align * align;
        let end = (offset + bytes.len() as u64).next_multiple_of(align);
        let known = ends.entry(start).or_insert(end);
        *known = end.max(*known);
    }
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for (start, end) in ends {
        match runs.last_mut() {
            Some(last) if start <= last.1 + gap => last.1 = last.1.max(end),
            _ => runs.push((start, end)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use ahead_artifact::Limits;

    fn memory(pages: u64) -> MemoryType {
        MemoryType::of(Limits {
            min: pages,
            max: None,
        })
    }

    fn at(offset: i32, bytes: &[u8]) -> Segment<'_> {
        Segment {
            active: Some((MemoryIndex(0), ConstExpr::of(ConstOp::I32Const(offset)))),
            bytes,
        }
    }

    #[test]
    fn little_data_is_copied_and_later_segments_win() {
        let passive = Segment {
            active: None,
            bytes: b"passive",
        };
        let segments = [at(8, b"abcd"), passive, at(10, b"XY"), at(4096, b"far")];
        let data = build(&segments, &[memory(1)], 0, &[]);
        assert_eq!(data.image, b"abXYfar");
        let run = |memory_offset, start, bytes| ImageRun {
            memory: MemoryIndex(0),
            memory_offset,
            start,
            bytes,
        };
        assert_eq!(data.runs, [run(8, 0, 4), run(4096, 4, 3)]);
        assert_eq!(data.pieces, [b"passive"]);
        let modes: Vec<_> = data.segments.iter().map(|s| s.mode.clone()).collect();
        assert_eq!(
            modes,
            [
                DataMode::InImage,
                DataMode::Passive,
                DataMode::InImage,
                DataMode::InImage
            ]
        );
    }

    #[test]
    fn much_data_is_whole_pages() {
        let bytes = vec![7; 100_000];
        let segments = [at(1000, &bytes), at(5 * 65_536 + 1, b"x")];
        let data = build(&segments, &[memory(10)], 0, &[]);
        assert_eq!(data.image.len(), 3 * 65_536);
        assert_eq!(data.runs.len(), 2);
        for run in &data.runs {
            assert_eq!(run.memory_offset % SEGMENT_ALIGN_BYTES, 0);
            assert_eq!(run.start % SEGMENT_ALIGN_BYTES, 0);
        }
        assert_eq!(data.runs[1].memory_offset, 5 * 65_536);
        assert_eq!(data.image[999..1001], [0, 7]);
        assert_eq!(data.image[2 * 65_536..][..3], [0, b'x', 0]);
    }

    #[test]
    fn what_is_sparse_unknown_or_outside_stays_a_list() {
        let sparse: Vec<Vec<u8>> = (0..20).map(|_| vec![1; 4000]).collect();
        let spread: Vec<_> = (0..).map(|i| i * 1_000_000).zip(&sparse).collect();
        let segments: Vec<_> = spread.iter().map(|(o, b)| at(*o, b)).collect();
        let data = build(&segments, &[memory(1000)], 0, &[]);
        assert!(data.image.is_empty() && data.runs.is_empty());
        assert_eq!(data.pieces.len(), 20);
        assert_eq!(data.segments[3].start, 12_000);

        let outside = build(&[at(65_535, b"ab")], &[memory(1)], 0, &[]);
        assert!(outside.runs.is_empty());
        assert!(matches!(outside.segments[0].mode, DataMode::Active { .. }));
        let imported = build(&[at(0, b"ab")], &[memory(1)], 1, &[]);
        assert!(imported.runs.is_empty());
        let unknown = Segment {
            active: Some((
                MemoryIndex(0),
                ConstExpr::of(ConstOp::GlobalGet(ahead_artifact::GlobalIndex(0))),
            )),
            bytes: b"ab",
        };
        assert!(build(&[unknown], &[memory(1)], 0, &[None]).runs.is_empty());
    }
}
