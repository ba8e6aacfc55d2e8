//! Where each piece of code goes in the text.
//!
//! Pieces keep their order. A piece with a loop starts where its innermost loop, and then the loop around that, lies in
//! as few cache lines as it can: the same loop can run half as fast again at a bad address, and nothing but the start of
//! the function can be chosen here. Others start at a multiple of [`PIECE_ALIGN`].
//!
//! Direct calls of some targets do not reach across a large text. Where that happens, the text is cut into
//! stretches that a call does reach across, and *veneers* stand at the end of a stretch: jumps to the far
//! targets that its code calls.
//!
//! ```text
//! | piece | piece | ... | veneers | piece | piece | ... | veneers | ...
//! |<------ stretch ------------->|
//! ```

use crate::codegen::Nest;
use std::collections::{BTreeMap, BTreeSet};

/// What the first byte of a piece without loops is aligned to at least.
pub const PIECE_ALIGN: u32 = 16;

/// The same for a piece with loops: what instructions of every target are aligned to.
const LOOP_ALIGN: u32 = 4;

/// The line of an instruction cache and of the decoders in front of it.
const LINE_BYTES: u32 = 64;

/// More text than this is refused, and more metadata: a distance of 31 bits must reach from any of the one
/// to any of the other, with unwind tables and padding between them.
pub const TEXT_BYTES_MAX: u32 = 896 << 20;

/// What the layout must know of a piece.
#[derive(Clone, Debug)]
pub struct Piece {
    pub bytes: u32,
    pub align: u32,
    pub innermost: Option<Nest>,
}

/// A direct call from one piece to another.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    pub caller: u32,
    /// Where in the caller.
    pub offset: u32,
    pub callee: u32,
}

/// What direct calls of the target do.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    pub bytes: u64,
    pub veneer_bytes: u32,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Where each piece starts.
    pub starts: Vec<u32>,
    pub bytes: u32,
    /// The stretch of each piece; empty if there is only one.
    stretches: Vec<u32>,
    /// Where the veneer to a piece is, by the stretch of the caller and the piece.
    veneers: BTreeMap<(u32, u32), u32>,
}

/// The text does not fit its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl Layout {
    pub fn new(
        pieces: &[Piece],
        calls: impl Iterator<Item = Call> + Clone,
        reach: Reach,
    ) -> Result<Layout, TooLarge> {
        let mut starts = Vec::with_capacity(pieces.len());
        let mut end = 0_u32;
        for piece in pieces {
            let start = place(end, piece).ok_or(TooLarge)?;
            starts.push(start);
            end = start.checked_add(piece.bytes).ok_or(TooLarge)?;
            if end > TEXT_BYTES_MAX {
                return Err(TooLarge);
            }
        }
        let mut layout = Layout {
            starts,
            bytes: end,
            ..Layout::default()
        };
        if u64::from(end) > reach.bytes {
            layout.insert_veneers(pieces, calls, reach)?;
        }
        Ok(layout)
    }

    /// The place to call instead of `piece` from `offset` in `caller`, if the piece itself is too far.
    pub fn veneer(&self, caller: u32, offset: u32, piece: u32, reach: Reach) -> Option<u32> {
        let from = self.starts[caller as usize] + offset;
        let far = u64::from(from.abs_diff(self.starts[piece as usize])) > reach.bytes;
        let stretch = self.stretches.get(caller as usize).filter(|_| far)?;
        self.veneers.get(&(*stretch, piece)).copied()
    }

    /// Veneers as (place, piece), ascending by place.
    pub fn veneers(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.veneers
            .iter()
            .map(|(&(_, piece), &place)| (place, piece))
    }

    fn insert_veneers(
        &mut self,
        pieces: &[Piece],
        calls: impl Iterator<Item = Call> + Clone,
        reach: Reach,
    ) -> Result<(), TooLarge> {
        // A call must reach the end of its stretch with the veneers there.
        let mut stretch_start = 0;
        let mut stretch = 0;
        for &start in &self.starts {
            if u64::from(start - stretch_start) > reach.bytes / 4 {
                stretch += 1;
                stretch_start = start;
            }
            self.stretches.push(stretch);
        }
        // Veneers move what lies behind them, which can make more calls too far: repeat with everything
        // moved by the veneers found so far, until none is added.
        let mut far: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); stretch as usize + 1];
        loop {
            let shifts = shifts(&far, reach).ok_or(TooLarge)?;
            let place = |piece: u32| {
                let shift = shifts[self.stretches[piece as usize] as usize];
                u64::from(self.starts[piece as usize]) + u64::from(shift)
            };
            let mut added = false;
            for call in calls.clone() {
                let from = place(call.caller) + u64::from(call.offset);
                if from.abs_diff(place(call.callee)) > reach.bytes {
                    added |= far[self.stretches[call.caller as usize] as usize].insert(call.callee);
                }
            }
            if !added {
                break;
            }
        }
        let shifts = shifts(&far, reach).ok_or(TooLarge)?;
        for (piece, start) in self.starts.iter_mut().enumerate() {
            let stretch = self.stretches[piece];
            *start = start
                .checked_add(shifts[stretch as usize])
                .ok_or(TooLarge)?;
            self.bytes = *start + pieces[piece].bytes;
            let is_last = self.stretches.get(piece + 1) != Some(&stretch);
            for &callee in far[stretch as usize].iter().filter(|_| is_last) {
                let place = self
                    .bytes
                    .next_multiple_of(reach.veneer_bytes.next_power_of_two());
                self.veneers.insert((stretch, callee), place);
                self.bytes = place + reach.veneer_bytes;
            }
        }
        if self.bytes > TEXT_BYTES_MAX {
            return Err(TooLarge);
        }
        Ok(())
    }
}

/// A place at or behind `end` for a piece, less than a line behind the first that there is.
fn place(end: u32, piece: &Piece) -> Option<u32> {
    let Some(nest) = piece.innermost else {
        return end.checked_next_multiple_of(piece.align.max(PIECE_ALIGN));
    };
    let align = piece.align.max(LOOP_ALIGN);
    let first = end.checked_next_multiple_of(align)?;
    let lines = |start: u32, of: (u32, u32)| {
        let line = |offset: u32| (u64::from(start) + u64::from(offset)) / u64::from(LINE_BYTES);
        // Of a loop that does nothing no byte may be left.
        line(of.1.saturating_sub(1).max(of.0)) - line(of.0)
    };
    (0..LINE_BYTES / align)
        .filter_map(|step| first.checked_add(step * align))
        .min_by_key(|&start| {
            let around = nest.outer.map_or(0, |outer| lines(start, outer));
            let in_line = start.wrapping_add(nest.inner.0) % LINE_BYTES;
            (lines(start, nest.inner), around, in_line)
        })
        .or(Some(first))
}

/// By how much each stretch moves for the veneers of those before it, given what each calls through
/// veneers. In whole lines, so that placement inside lines stays as it was. `None` if it does not fit.
fn shifts(far: &[BTreeSet<u32>], reach: Reach) -> Option<Vec<u32>> {
    let mut shifts = Vec::with_capacity(far.len());
    let mut shift = 0_u32;
    for far in far {
        shifts.push(shift);
        let count = u32::try_from(far.len()).ok()?;
        let slot = reach.veneer_bytes.next_power_of_two();
        // The first one may have to be moved to a multiple of its slot.
        let bytes = match count {
            0 => 0,
            count => slot.checked_mul(count.checked_add(1)?)?,
        };
        shift = shift.checked_add(bytes.checked_next_multiple_of(LINE_BYTES)?)?;
    }
    Some(shifts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With a loop of 20 bytes, if `header` says where.
    fn piece(bytes: u32, header: Option<u32>) -> Piece {
        Piece {
            bytes,
            align: 4,
            innermost: header.map(|header| Nest {
                inner: (header, header + 20),
                outer: None,
            }),
        }
    }

    const FAR: Reach = Reach {
        bytes: 1 << 27,
        veneer_bytes: 12,
    };

    fn line(place: u32) -> u32 {
        place / LINE_BYTES
    }

    #[test]
    fn loops_lie_in_one_line_near_its_start() {
        let pieces: Vec<_> = (0..200)
            .map(|n| piece(37 + n * 13 % 300, (n % 3 != 0).then_some(n * 7 % 90)))
            .collect();
        let layout = Layout::new(&pieces, std::iter::empty(), FAR).unwrap();
        let mut end = 0;
        for (start, piece) in layout.starts.iter().zip(&pieces) {
            assert!(*start >= end && *start < end + PIECE_ALIGN + LINE_BYTES);
            match piece.innermost {
                None => assert_eq!(start % PIECE_ALIGN, 0),
                Some(nest) => {
                    assert_eq!(start % LOOP_ALIGN, 0);
                    let header = start + nest.inner.0;
                    assert!(header % LINE_BYTES < LOOP_ALIGN, "{header}");
                }
            }
            end = start + piece.bytes;
        }
        assert_eq!(layout.bytes, end);
        assert_eq!(layout.veneers().count(), 0);
    }

    /// The shape of a sieve: 27 bytes in the middle of 92.
    #[test]
    fn the_loop_around_lies_in_two_lines_if_it_can() {
        for offset in 0..128 {
            let mut sieve = piece(400, None);
            let (inner, outer) = ((offset + 36, offset + 63), (offset, offset + 92));
            sieve.innermost = Some(Nest {
                inner,
                outer: Some(outer),
            });
            let layout = Layout::new(&[piece(5, None), sieve], std::iter::empty(), FAR).unwrap();
            let start = layout.starts[1];
            assert_eq!(line(start + inner.0), line(start + inner.1 - 1));
            assert_eq!(line(start + outer.0) + 1, line(start + outer.1 - 1));
        }
    }

    #[test]
    fn a_loop_without_instructions_has_a_place() {
        for offset in 0..128 {
            let mut empty = piece(200, None);
            empty.innermost = Some(Nest {
                inner: (offset, offset),
                outer: Some((offset, offset)),
            });
            let layout = Layout::new(&[piece(5, None), empty], std::iter::empty(), FAR).unwrap();
            assert!(layout.starts[1] >= 5 && layout.starts[1] < 5 + LINE_BYTES + LOOP_ALIGN);
        }
    }

    #[test]
    fn constants_keep_their_alignment() {
        let mut aligned = piece(8, Some(0));
        aligned.align = 64;
        let layout = Layout::new(&[piece(1, None), aligned], std::iter::empty(), FAR).unwrap();
        assert_eq!(layout.starts, [0, 64]);
    }

    /// With a short reach each call finds its callee or a veneer, and no veneer lies on anything.
    #[test]
    fn every_call_reaches_something() {
        let pieces: Vec<_> = (0..64)
            .map(|n| piece(100 + n * 4, Some(n * 4 % 50)))
            .collect();
        let calls: Vec<_> = (0..64)
            .flat_map(|caller| {
                [0, 31, 63, caller].map(|callee| Call {
                    caller,
                    offset: caller,
                    callee,
                })
            })
            .collect();
        let reach = Reach {
            bytes: 2048,
            veneer_bytes: 12,
        };
        let layout = Layout::new(&pieces, calls.iter().copied(), reach).unwrap();
        let mut used = BTreeSet::new();
        for call in &calls {
            let from = layout.starts[call.caller as usize] + call.offset;
            let to = match layout.veneer(call.caller, call.offset, call.callee, reach) {
                Some(veneer) => {
                    used.insert(veneer);
                    assert!(layout.veneers().any(|row| row == (veneer, call.callee)));
                    veneer
                }
                None => layout.starts[call.callee as usize],
            };
            assert!(u64::from(from.abs_diff(to)) <= reach.bytes, "{call:?}");
        }
        assert!(used.len() > 3, "{used:?}");

        let mut taken: Vec<_> = layout.veneers().map(|(place, _)| (place, 12)).collect();
        taken.extend(
            layout
                .starts
                .iter()
                .zip(&pieces)
                .map(|(&start, piece)| (start, piece.bytes)),
        );
        taken.sort_unstable();
        for pair in taken.windows(2) {
            assert!(pair[0].0 + pair[0].1 <= pair[1].0, "{pair:?}");
        }
        let last = taken.last().unwrap();
        assert_eq!(layout.bytes, last.0 + last.1);
        for (start, piece) in layout.starts.iter().zip(&pieces) {
            let (header, end) = piece.innermost.unwrap().inner;
            assert_eq!(line(start + header), line(start + end - 1));
        }
    }

    #[test]
    fn too_much_text_is_refused() {
        let pieces = vec![piece(TEXT_BYTES_MAX / 2, None); 3];
        let layout = Layout::new(&pieces, std::iter::empty(), FAR);
        assert_eq!(layout, Err(TooLarge));
    }
}
