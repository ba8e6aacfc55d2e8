//! Little-endian numbers, strings and counted lists: the alphabet of every section.
//!
//! Not a general serialisation: just what the tables of this crate need, checked on every read.

use std::fmt;

/// An artefact that does not say what it should, with the table and the place that showed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// The table or section that was being read.
    pub section: &'static str,
    /// What is wrong with it.
    pub problem: String,
    /// Bytes from the start of the section.
    pub offset: usize,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "damaged artefact: {} in its {} (at offset {:#x})",
            self.problem, self.section, self.offset
        )
    }
}

impl std::error::Error for FormatError {}

/// Appends numbers, strings and lists to a byte vector.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn i64(&mut self, value: i64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A `u32` length, then the bytes.
    ///
    /// # Panics
    /// If the string is longer than `u32::MAX`; Wasm names are at most 100,000 bytes.
    pub fn string(&mut self, value: &str) {
        self.count(value.len());
        self.raw(value.as_bytes());
    }

    /// The length of a list as `u32`.
    ///
    /// # Panics
    /// If it does not fit; every Wasm index space is 32 bits wide.
    pub fn count(&mut self, count: usize) {
        self.u32(u32::try_from(count).expect("a Wasm index space has at most 2^32 entries"));
    }

    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads what a [`Writer`] wrote.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    section: &'static str,
}

impl<'a> Reader<'a> {
    pub fn new(section: &'static str, bytes: &'a [u8]) -> Self {
        Reader {
            bytes,
            position: 0,
            section,
        }
    }

    /// A reader that starts `position` bytes in.
    pub fn at(section: &'static str, bytes: &'a [u8], position: usize) -> Self {
        Reader {
            bytes,
            position,
            section,
        }
    }

    pub fn error(&self, problem: impl Into<String>) -> FormatError {
        FormatError {
            section: self.section,
            problem: problem.into(),
            offset: self.position,
        }
    }

    pub fn position(&self) -> usize {
        self.position
    }

    pub fn is_at_end(&self) -> bool {
        self.position >= self.bytes.len()
    }

    pub fn raw(&mut self, count: usize) -> Result<&'a [u8], FormatError> {
        let end = self
            .position
            .checked_add(count)
            .filter(|&end| end <= self.bytes.len());
        let Some(end) = end else {
            return Err(self.error(format!("{count} bytes expected past its end")));
        };
        let taken = &self.bytes[self.position..end];
        self.position = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        let mut array = [0; N];
        array.copy_from_slice(self.raw(N)?);
        Ok(array)
    }

    pub fn u8(&mut self) -> Result<u8, FormatError> {
        Ok(self.array::<1>()?[0])
    }

    pub fn u16(&mut self) -> Result<u16, FormatError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub fn u32(&mut self) -> Result<u32, FormatError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub fn u64(&mut self) -> Result<u64, FormatError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub fn i64(&mut self) -> Result<i64, FormatError> {
        Ok(i64::from_le_bytes(self.array()?))
    }

    pub fn string(&mut self) -> Result<&'a str, FormatError> {
        let length = self.u32()? as usize;
        let bytes = self.raw(length)?;
        std::str::from_utf8(bytes).map_err(|_| self.error("a name that is not UTF-8"))
    }

    /// A list's length. It is bounded by the bytes that are left, at `bytes_min` each, so that a damaged
    /// count cannot make the reader reserve more than the artefact's own size.
    pub fn count(&mut self, bytes_min: usize) -> Result<usize, FormatError> {
        let count = self.u32()? as usize;
        let left = self.bytes.len() - self.position;
        if count.saturating_mul(bytes_min.max(1)) > left {
            return Err(self.error(format!("a list of {count} entries with {left} bytes left")));
        }
        Ok(count)
    }
}

/// Entry `index` of an array of `u32` in `bytes`.
pub fn u32_at(section: &'static str, bytes: &[u8], index: usize) -> Result<u32, FormatError> {
    Reader::at(section, bytes, index.saturating_mul(4)).u32()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut writer = Writer::default();
        writer.u8(7);
        writer.u16(0x1234);
        writer.u32(0xdead_beef);
        writer.u64(u64::MAX - 1);
        writer.i64(-3);
        writer.string("grüße");
        let bytes = writer.finish();
        let mut reader = Reader::new("test", &bytes);
        assert_eq!(reader.u8().unwrap(), 7);
        assert_eq!(reader.u16().unwrap(), 0x1234);
        assert_eq!(reader.u32().unwrap(), 0xdead_beef);
        assert_eq!(reader.u64().unwrap(), u64::MAX - 1);
        assert_eq!(reader.i64().unwrap(), -3);
        assert_eq!(reader.string().unwrap(), "grüße");
        assert!(reader.is_at_end());
        assert_eq!(
            reader.u8().unwrap_err().problem,
            "1 bytes expected past its end"
        );
    }

    #[test]
    fn a_count_cannot_exceed_what_is_left() {
        let mut writer = Writer::default();
        writer.u32(u32::MAX);
        writer.u64(0);
        let bytes = writer.finish();
        assert!(Reader::new("test", &bytes).count(8).is_err());
    }
}
