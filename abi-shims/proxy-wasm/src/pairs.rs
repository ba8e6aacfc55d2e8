//! Maps as guests and hosts hand them to each other: one block of bytes.
//!
//! ```text
//! 0 count: u32 | (name bytes: u32, value bytes: u32) * count | (name NUL value NUL) * count
//! ```

use crate::abi::Status;
use crate::config::Limits;
use crate::host::Header;

/// A map being written, in two parts that lie behind each other in the guest. Keeps its allocations.
#[derive(Debug, Default)]
pub(crate) struct PairsBuffer {
    /// Count and lengths.
    pub head: Vec<u8>,
    /// Names and values.
    pub body: Vec<u8>,
    count: u32,
}

impl PairsBuffer {
    pub fn clear(&mut self) {
        self.head.clear();
        self.head.extend_from_slice(&[0; 4]);
        self.body.clear();
        self.count = 0;
    }

    #[inline]
    pub fn push(&mut self, name: &[u8], value: &[u8]) {
        self.count += 1;
        let lengths = [name.len() as u32, value.len() as u32].map(u32::to_le_bytes);
        self.head.extend_from_slice(lengths.as_flattened());
        self.body.reserve(name.len() + value.len() + 2);
        for part in [name, value] {
            self.body.extend_from_slice(part);
            self.body.push(0);
        }
    }

    pub fn finish(&mut self) {
        self.head[..4].copy_from_slice(&self.count.to_le_bytes());
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// Reads a map. No bytes at all are an empty map.
///
/// `BadArgument` if it is not well-formed, or larger than the limits allow.
pub(crate) fn parse(bytes: &[u8], limits: &Limits) -> Result<Vec<Header>, Status> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    if bytes.len() > limits.pairs_bytes_max {
        return Err(Status::BadArgument);
    }
    parse_all(bytes, limits.pairs_max).ok_or(Status::BadArgument)
}

fn parse_all(bytes: &[u8], pairs_max: usize) -> Option<Vec<Header>> {
    let (count, rest) = bytes.split_first_chunk::<4>()?;
    let count = u32::from_le_bytes(*count) as usize;
    if count > pairs_max {
        return None;
    }
    let (lengths, mut rest) = rest.split_at_checked(count * 8)?;
    let mut pairs = Vec::with_capacity(count);
    let mut take = |length: [u8; 4]| {
        let (part, behind) = rest.split_at_checked(u32::from_le_bytes(length) as usize)?;
        let (nul, behind) = behind.split_first()?;
        rest = behind;
        (*nul == 0).then(|| part.to_vec())
    };
    for &[a, b, c, d, e, f, g, h] in lengths.as_chunks::<8>().0 {
        pairs.push((take([a, b, c, d])?, take([e, f, g, h])?));
    }
    rest.is_empty().then_some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pairs: &[(&[u8], &[u8])]) -> Vec<u8> {
        let mut buffer = PairsBuffer::default();
        buffer.clear();
        for (name, value) in pairs {
            buffer.push(name, value);
        }
        buffer.finish();
        [buffer.head, buffer.body].concat()
    }

    #[test]
    fn what_is_written_is_read() {
        let pairs: &[(&[u8], &[u8])] = &[(b"a", b"1"), (b"", b""), (b"\xff\0", b"x y")];
        let bytes = written(pairs);
        assert_eq!(&bytes[..4], [3, 0, 0, 0]);
        let read = parse(&bytes, &Limits::default()).unwrap();
        let read: Vec<_> = read.iter().map(|(n, v)| (&n[..], &v[..])).collect();
        assert_eq!(read, pairs);
        assert_eq!(parse(&[], &Limits::default()), Ok(Vec::new()));
    }

    #[test]
    fn every_prefix_and_every_longer_one_is_refused() {
        let bytes = written(&[(b"name", b"value"), (b"b", b"2")]);
        for end in 1..bytes.len() {
            assert_eq!(
                parse(&bytes[..end], &Limits::default()),
                Err(Status::BadArgument),
                "{end}"
            );
        }
        let longer = [&bytes[..], b"\0"].concat();
        assert!(parse(&longer, &Limits::default()).is_err());
        let mut without_nul = bytes.clone();
        *without_nul.last_mut().unwrap() = 1;
        assert!(parse(&without_nul, &Limits::default()).is_err());
    }

    #[test]
    fn lengths_and_counts_are_bounded() {
        let limits = Limits {
            pairs_max: 1,
            pairs_bytes_max: 64,
            ..Limits::default()
        };
        assert!(parse(&written(&[(b"a", b"1")]), &limits).is_ok());
        assert!(parse(&written(&[(b"a", b"1"), (b"b", b"2")]), &limits).is_err());
        assert!(parse(&written(&[(b"a", &[7; 64])]), &limits).is_err());
        assert!(parse(&[0xff; 64], &Limits::default()).is_err());
    }
}
