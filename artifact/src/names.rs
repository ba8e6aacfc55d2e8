//! Names of functions, for people: backtraces, symbols, `ahead objdump`.
//!
//! ```text
//! section `names`:  count: u32 | (function index: u32 | start in text: u32) x count, ascending by index | UTF-8 text
//! ```
//! A name ends where the next one starts. Names come from the guest: they are data, to be escaped before
//! they reach a terminal, a symbol table or a file name.

use crate::index::FuncIndex;
use crate::wire::{FormatError, Reader, Writer};

#[derive(Debug, Default)]
pub struct NamesBuilder {
    rows: Vec<(FuncIndex, u32)>,
    text: String,
}

impl NamesBuilder {
    /// # Panics
    /// If functions do not come in ascending order.
    pub fn push(&mut self, function: FuncIndex, name: &str) {
        assert!(
            self.rows.last().is_none_or(|last| last.0 < function),
            "names come in order of functions"
        );
        self.rows.push((
            function,
            u32::try_from(self.text.len()).expect("a module is smaller than 4 GiB"),
        ));
        self.text.push_str(name);
    }

    pub fn finish(self) -> Vec<u8> {
        let mut out = Writer::default();
        out.count(self.rows.len());
        for (function, start) in &self.rows {
            out.u32(function.0);
            out.u32(*start);
        }
        out.raw(self.text.as_bytes());
        out.finish()
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    bytes: &'a [u8],
    count: usize,
}

impl<'a> Names<'a> {
    const SECTION: &'static str = "name table";

    pub fn new(bytes: &'a [u8]) -> Result<Self, FormatError> {
        if bytes.is_empty() {
            return Ok(Names { bytes, count: 0 });
        }
        let count = Reader::new(Self::SECTION, bytes).count(8)?;
        Ok(Names { bytes, count })
    }

    fn row(&self, row: usize) -> Option<(u32, usize)> {
        let mut reader = Reader::at(Self::SECTION, self.bytes, 4 + row * 8);
        Some((reader.u32().ok()?, reader.u32().ok()? as usize))
    }

    /// The name of `function`, if the module gives one and it can be read.
    pub fn look_up(&self, function: FuncIndex) -> Option<&'a str> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            let (index, start) = self.row(middle)?;
            match index.cmp(&function.0) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    let text = self.bytes.get(4 + self.count * 8..)?;
                    let end = if middle + 1 < self.count {
                        self.row(middle + 1)?.1
                    } else {
                        text.len()
                    };
                    return std::str::from_utf8(text.get(start..end)?).ok();
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_index() {
        let mut builder = NamesBuilder::default();
        builder.push(FuncIndex(1), "one");
        builder.push(FuncIndex(4), "");
        builder.push(FuncIndex(9), "neun");
        let bytes = builder.finish();
        let names = Names::new(&bytes).unwrap();
        assert_eq!(names.look_up(FuncIndex(1)), Some("one"));
        assert_eq!(names.look_up(FuncIndex(4)), Some(""));
        assert_eq!(names.look_up(FuncIndex(9)), Some("neun"));
        assert_eq!(names.look_up(FuncIndex(2)), None);
        assert_eq!(Names::new(&[]).unwrap().look_up(FuncIndex(0)), None);
    }
}
