//! Where calls that may throw go on if they do: for each call inside a `try`, what is caught there and where.
//!
//! ```text
//! section `exceptions`:  sites: u32 | handlers: u32
//!                        | return address: u32 x sites, ascending
//!                        | (frame bytes: u32 | context: u32 | first handler: u32) x sites
//!                        | (tag: u32 | target: u32) x handlers
//! ```
//! Addresses count from the first byte of the text. *Frame bytes* lie between the frame pointer and the stack
//! pointer that the code behind the call expects. *Context* is where the function has its vmctx meanwhile: in its
//! frame, so many bytes above that stack pointer, or with the highest bit set in a register that callees preserve,
//! by its place in the target's list of these. A handler's *tag* is where the vmctx has a pointer to the tag that
//! is caught, [`ANY_TAG`] for every one. A site's handlers end where the next site's begin, innermost first: the first that matches is it.
//!
//! Written by `link`, read by whoever unwinds.

use crate::wire::{FormatError, Reader, Writer};

/// The tag of a handler that catches everything.
pub const ANY_TAG: u32 = u32::MAX;

/// Where control goes for exceptions of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The offset in the vmctx of the pointer to the tag, or [`ANY_TAG`].
    pub tag: u32,
    /// In the text.
    pub target: u32,
}

/// Where a function that waits in a call has its vmctx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// Bytes from the stack pointer up. A frame is smaller than 2 GiB.
    Stack(u32),
    /// A register's place in the target's list of preserved ones.
    Register(u16),
}

impl Context {
    const IS_REGISTER: u32 = 1 << 31;

    fn to_word(self) -> u32 {
        match self {
            Context::Stack(offset) => offset,
            Context::Register(register) => Self::IS_REGISTER | u32::from(register),
        }
    }

    fn of_word(word: u32) -> Self {
        match word & Self::IS_REGISTER {
            0 => Context::Stack(word),
            _ => Context::Register(word as u16),
        }
    }
}

/// A call with handlers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallSite {
    pub frame_bytes: u32,
    pub context: Context,
}

/// Collects call sites in ascending order of their return addresses.
#[derive(Debug, Default)]
pub struct ExceptionTableBuilder {
    sites: Vec<(u32, CallSite, u32)>,
    handlers: Vec<Handler>,
}

impl ExceptionTableBuilder {
    /// # Panics
    /// If `return_address` is not beyond the last one: `link` lays functions out in order.
    pub fn push(
        &mut self,
        return_address: u32,
        site: CallSite,
        handlers: impl Iterator<Item = Handler>,
    ) {
        let last = self.sites.last().map(|site| site.0);
        assert!(
            last.is_none_or(|last| last < return_address),
            "call site {return_address:#x} after {last:x?}"
        );
        let first = self.handlers.len() as u32;
        self.sites.push((return_address, site, first));
        self.handlers.extend(handlers);
    }

    /// The section; nothing if there is no site.
    pub fn finish(self) -> Vec<u8> {
        let mut out = Writer::default();
        if self.sites.is_empty() {
            return out.finish();
        }
        out.count(self.sites.len());
        out.count(self.handlers.len());
        for (return_address, ..) in &self.sites {
            out.u32(*return_address);
        }
        for (_, site, first) in &self.sites {
            out.u32(site.frame_bytes);
            out.u32(site.context.to_word());
            out.u32(*first);
        }
        for handler in &self.handlers {
            out.u32(handler.tag);
            out.u32(handler.target);
        }
        out.finish()
    }
}

/// Reads the section. A look-up allocates nothing.
#[derive(Clone, Copy, Debug)]
pub struct ExceptionTable<'a> {
    bytes: &'a [u8],
    sites: usize,
    handlers: usize,
}

impl<'a> ExceptionTable<'a> {
    const SECTION: &'static str = "exception table";

    /// Words before the first return address.
    const HEAD: usize = 2;

    /// An empty section is a table without sites.
    pub fn new(bytes: &'a [u8]) -> Result<Self, FormatError> {
        if bytes.is_empty() {
            return Ok(ExceptionTable {
                bytes,
                sites: 0,
                handlers: 0,
            });
        }
        let mut reader = Reader::new(Self::SECTION, bytes);
        let (sites, handlers) = (reader.u32()? as usize, reader.u32()? as usize);
        let words = Self::HEAD as u128 + 4 * sites as u128 + 2 * handlers as u128;
        if words * 4 != bytes.len() as u128 {
            return Err(reader.error(format!(
                "{sites} sites and {handlers} handlers do not fit its {} bytes",
                bytes.len()
            )));
        }
        Ok(ExceptionTable {
            bytes,
            sites,
            handlers,
        })
    }

    pub fn len(&self) -> usize {
        self.sites
    }

    pub fn is_empty(&self) -> bool {
        self.sites == 0
    }

    #[inline]
    fn word(&self, index: usize) -> Option<u32> {
        let bytes = self.bytes.get(index.checked_mul(4)?..)?;
        bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
    }

    /// The call that returns to exactly this place, with its handlers, the first to be asked first.
    #[inline]
    pub fn look_up(
        &self,
        return_address: u32,
    ) -> Option<(CallSite, impl Iterator<Item = Handler> + 'a)> {
        let (mut low, mut high) = (0, self.sites);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.word(Self::HEAD + middle)? {
                found if found == return_address => return self.site(middle),
                found if found < return_address => low = middle + 1,
                _ => high = middle,
            }
        }
        None
    }

    fn site(&self, site: usize) -> Option<(CallSite, impl Iterator<Item = Handler> + 'a)> {
        let table = *self;
        let at = Self::HEAD + self.sites + 3 * site;
        let first = self.word(at + 2)? as usize;
        let end = match site + 1 < self.sites {
            true => self.word(at + 5)? as usize,
            false => self.handlers,
        };
        let call = CallSite {
            frame_bytes: self.word(at)?,
            context: Context::of_word(self.word(at + 1)?),
        };
        let handlers = Self::HEAD + 4 * self.sites;
        let handlers = (first..end.min(self.handlers)).map_while(move |handler| {
            Some(Handler {
                tag: table.word(handlers + 2 * handler)?,
                target: table.word(handlers + 2 * handler + 1)?,
            })
        });
        Some((call, handlers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_found_with_their_handlers() {
        let handler = |tag, target| Handler { tag, target };
        let handlers = |site: u32| -> Vec<Handler> {
            let own = (0..site % 3).map(|tag| handler(8 * tag, site * 10 + tag));
            own.chain((site % 2 == 1).then_some(handler(ANY_TAG, site)))
                .collect()
        };
        let call = |site: u32| CallSite {
            frame_bytes: 16 * site,
            context: match site % 4 {
                0 => Context::Register(site as u16),
                _ => Context::Stack(8 * site),
            },
        };
        let mut builder = ExceptionTableBuilder::default();
        for site in 0..50 {
            builder.push(site * 5 + 2, call(site), handlers(site).into_iter());
        }
        let bytes = builder.finish();
        let table = ExceptionTable::new(&bytes).unwrap();
        assert_eq!(table.len(), 50);
        for offset in 0..260 {
            let found = table.look_up(offset);
            let expected = offset >= 2 && (offset - 2) % 5 == 0 && offset < 252;
            assert_eq!(found.is_some(), expected, "offset {offset}");
            if let Some((found, of_site)) = found {
                let site = (offset - 2) / 5;
                assert_eq!(found, call(site));
                assert_eq!(of_site.collect::<Vec<_>>(), handlers(site));
            }
        }
    }

    #[test]
    fn nothing_is_no_site_and_a_wrong_count_is_an_error() {
        let nothing = ExceptionTableBuilder::default().finish();
        assert!(nothing.is_empty() && ExceptionTable::new(&nothing).unwrap().is_empty());
        let mut builder = ExceptionTableBuilder::default();
        let site = CallSite {
            frame_bytes: 0,
            context: Context::Stack(0),
        };
        builder.push(1, site, std::iter::empty());
        let bytes = builder.finish();
        for length in 1..bytes.len() {
            assert!(ExceptionTable::new(&bytes[..length]).is_err(), "{length}");
        }
        let mut bytes = bytes;
        bytes[0] = 9;
        assert!(ExceptionTable::new(&bytes).is_err());
    }
}
