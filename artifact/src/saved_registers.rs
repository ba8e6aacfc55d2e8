//! Where each function keeps the registers that it gives back to its caller: for whoever leaves a frame without
//! going through the function's own last instructions.
//!
//! ```text
//! section `saved registers`:  ranges: u32 | words: u32
//!                             | start: u32 x ranges, ascending
//!                             | frame: u32 x ranges
//!                             | word: u32 x words
//! ```
//! From *start* on, which counts from the first byte of the text, code has frames as the words from *frame* on say
//! it: how many registers are saved, then a word for each. Its low half is the register's place in the target's list
//! of registers that are preserved, its high half how many words below the frame pointer it is kept. Functions
//! with equal frames share these words, and neighbours among them a range.
//!
//! Written by `link`, read by whoever unwinds.

use crate::wire::{FormatError, Reader, Writer};
use std::collections::HashMap;

/// A register that a function saves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Saved {
    /// Its place in the target's list of preserved registers.
    pub register: u16,
    /// Words of 8 bytes from the frame pointer down to where it is kept.
    pub words_down: u16,
}

/// Collects functions in the order of their code.
#[derive(Debug, Default)]
pub struct SavedRegistersBuilder {
    ranges: Vec<(u32, u32)>,
    words: Vec<u32>,
    known: HashMap<Box<[Saved]>, u32>,
}

impl SavedRegistersBuilder {
    /// What holds from `start` on.
    ///
    /// # Panics
    /// If `start` is not beyond the last one.
    pub fn push(&mut self, start: u32, frame: &[Saved]) {
        let last = self.ranges.last();
        assert!(
            last.is_none_or(|last| last.0 < start),
            "a function at {start:#x} after {last:x?}"
        );
        let words = &mut self.words;
        let frame = match self.known.get(frame) {
            Some(&known) => known,
            None => {
                let first = words.len() as u32;
                words.push(frame.len() as u32);
                let word =
                    |saved: &Saved| u32::from(saved.register) | u32::from(saved.words_down) << 16;
                words.extend(frame.iter().map(word));
                self.known.insert(frame.into(), first);
                first
            }
        };
        if self.ranges.last().is_none_or(|last| last.1 != frame) {
            self.ranges.push((start, frame));
        }
    }

    /// The section; nothing if there is no function.
    pub fn finish(self) -> Vec<u8> {
        let mut out = Writer::default();
        if self.ranges.is_empty() {
            return out.finish();
        }
        out.count(self.ranges.len());
        out.count(self.words.len());
        for (start, _) in &self.ranges {
            out.u32(*start);
        }
        for (_, frame) in &self.ranges {
            out.u32(*frame);
        }
        for word in self.words {
            out.u32(word);
        }
        out.finish()
    }
}

/// Reads the section. A look-up allocates nothing.
#[derive(Clone, Copy, Debug)]
pub struct SavedRegisters<'a> {
    bytes: &'a [u8],
    ranges: usize,
}

impl<'a> SavedRegisters<'a> {
    const SECTION: &'static str = "saved registers";

    /// Words before the first start.
    const HEAD: usize = 2;

    /// An empty section is that of a text without functions.
    pub fn new(bytes: &'a [u8]) -> Result<Self, FormatError> {
        if bytes.is_empty() {
            return Ok(SavedRegisters { bytes, ranges: 0 });
        }
        let mut reader = Reader::new(Self::SECTION, bytes);
        let (ranges, words) = (reader.u32()? as usize, reader.u32()? as usize);
        let all = Self::HEAD as u128 + 2 * ranges as u128 + words as u128;
        if all * 4 != bytes.len() as u128 {
            return Err(reader.error(format!(
                "{ranges} ranges and {words} words do not fit its {} bytes",
                bytes.len()
            )));
        }
        Ok(SavedRegisters { bytes, ranges })
    }

    #[inline]
    fn word(&self, index: usize) -> Option<u32> {
        let bytes = self.bytes.get(index.checked_mul(4)?..)?;
        bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
    }

    /// What the function saves whose code holds `offset`; `None` in front of all code, and where the section
    /// contradicts itself.
    #[inline]
    pub fn look_up(&self, offset: u32) -> Option<impl Iterator<Item = Saved> + 'a> {
        let (mut low, mut high) = (0, self.ranges);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.word(Self::HEAD + middle)? <= offset {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        let range = low.checked_sub(1)?;
        let words = Self::HEAD + 2 * self.ranges;
        let frame = self.word(Self::HEAD + self.ranges + range)? as usize;
        let first = words.checked_add(frame)?;
        let count = self.word(first)? as usize;
        // All of it is there, so that no register is left out.
        self.word(first.checked_add(count)?)?;
        let table = *self;
        let saved = move |index| {
            let word = table.word(index)?;
            Some(Saved {
                register: word as u16,
                words_down: (word >> 16) as u16,
            })
        };
        Some((first + 1..first + 1 + count).map_while(saved))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u16) -> Vec<Saved> {
        let saved = |register| Saved {
            register,
            words_down: kind * 10 + register,
        };
        (0..kind).map(saved).collect()
    }

    /// Functions of 16 bytes from 32 on, always three in a row with equal frames.
    fn sample() -> Vec<u8> {
        let mut builder = SavedRegistersBuilder::default();
        for function in 0..60 {
            builder.push(32 + 16 * function, &frame((function / 3 % 5) as u16));
        }
        builder.finish()
    }

    #[test]
    fn each_place_in_a_function_has_its_frame() {
        let bytes = sample();
        let table = SavedRegisters::new(&bytes).unwrap();
        assert_eq!(table.ranges, 20);
        for offset in 0..1200 {
            let found = table.look_up(offset).map(Iterator::collect::<Vec<_>>);
            let expected = offset.checked_sub(32).map(|offset| {
                let function = (offset / 16).min(59);
                frame((function / 3 % 5) as u16)
            });
            assert_eq!(found, expected, "offset {offset}");
        }
    }

    #[test]
    fn nothing_is_no_function_and_a_wrong_count_is_an_error() {
        let nothing = SavedRegistersBuilder::default().finish();
        assert!(nothing.is_empty());
        assert!(SavedRegisters::new(&nothing).unwrap().look_up(0).is_none());
        let bytes = sample();
        for length in 1..bytes.len() {
            assert!(SavedRegisters::new(&bytes[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn a_frame_beyond_the_end_is_none() {
        let intact = sample();
        let ranges = 20;
        for damage in [u32::MAX, 1 << 20, 14] {
            // Where the first range's frame is said to be, and how many registers it has.
            for at in [4 * (2 + ranges), 4 * (2 + 2 * ranges)] {
                let mut bytes = intact.clone();
                bytes[at..at + 4].copy_from_slice(&damage.to_le_bytes());
                let table = SavedRegisters::new(&bytes).unwrap();
                let found = table.look_up(32).map(Iterator::count);
                assert!(found.is_none_or(|count| count <= 14), "{damage}: {found:?}");
            }
        }
    }
}
