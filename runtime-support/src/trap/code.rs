//! Which addresses are guest code: read by the signal handler, written when artefacts come and go.
//!
//! A sorted array behind one atomic pointer. Writers make a new array, swap it in, and free the old one when
//! no reader is left; readers, which may be signal handlers, take no lock and allocate nothing.

use crate::module::ModuleInner;
use ahead_artifact::TrapKind;
use ahead_artifact::exceptions::{CallSite, ExceptionTable, Handler};
use ahead_artifact::saved_registers::{Saved, SavedRegisters};
use ahead_artifact::trap::TrapTable;
use std::ops::Range;
use std::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, Weak};

/// A module's text and what belongs to it.
#[derive(Clone)]
pub(crate) struct CodeRange {
    pub text: Range<usize>,
    /// The artefact's trap table, mapped as long as the range is registered.
    pub traps: TrapTable<'static>,
    /// As the trap table.
    pub exceptions: ExceptionTable<'static>,
    /// As the trap table.
    pub saved: SavedRegisters<'static>,
    pub module: Weak<ModuleInner>,
}

#[derive(Clone)]
struct Entry {
    range: CodeRange,
    number: u64,
}

type Table = Vec<Entry>;

/// Null or a table that [`Box::into_raw`] made.
static TABLE: AtomicPtr<Table> = AtomicPtr::new(std::ptr::null_mut());

/// Threads that are looking at some table.
static READERS: AtomicUsize = AtomicUsize::new(0);

static WRITER: Mutex<()> = Mutex::new(());

/// Looks at the table. `act` must be short and, in a signal handler, async-signal-safe.
fn read<R>(act: impl FnOnce(&[Entry]) -> R) -> R {
    READERS.fetch_add(1, Ordering::SeqCst);
    let table = TABLE.load(Ordering::SeqCst);
    // SAFETY: null or a live table: writers free one only after they have replaced it and then seen no
    // reader, and we have counted ourselves before we looked.
    let result = act(unsafe { table.as_ref() }.map_or(&[], |table| table.as_slice()));
    READERS.fetch_sub(1, Ordering::SeqCst);
    result
}

fn replace(change: impl FnOnce(&mut Table)) {
    let _writer = WRITER.lock().unwrap_or_else(PoisonError::into_inner);
    let old = TABLE.load(Ordering::SeqCst);
    // SAFETY: null or live, and only a writer frees it.
    let mut table = unsafe { old.as_ref() }.cloned().unwrap_or_default();
    change(&mut table);
    table.sort_by_key(|entry| entry.range.text.start);
    TABLE.store(Box::into_raw(Box::new(table)), Ordering::SeqCst);
    while READERS.load(Ordering::SeqCst) != 0 {
        std::hint::spin_loop();
    }
    if !old.is_null() {
        // SAFETY: made by `Box::into_raw` in this function, replaced, and looked at by nobody.
        drop(unsafe { Box::from_raw(old) });
    }
}

fn find(table: &[Entry], address: usize) -> Option<&CodeRange> {
    let after = table.partition_point(|entry| entry.range.text.start <= address);
    let range = &table[after.checked_sub(1)?].range;
    range.text.contains(&address).then_some(range)
}

/// The trap recorded at exactly this program counter. Async-signal-safe.
pub(super) fn trap_at(program_counter: usize) -> Option<TrapKind> {
    read(|table| {
        let range = find(table, program_counter)?;
        let offset = u32::try_from(program_counter - range.text.start).ok()?;
        range.traps.look_up(offset)
    })
}

/// The handlers of a call, the first to be asked first.
type Handlers<'a> = (CallSite, &'a mut dyn Iterator<Item = Handler>);

/// Shows `act` what there is to know of the call that returns to an address: where its text starts, what it has of
/// handlers, and what the function around it saves. `None` if that is no guest's code.
pub(super) fn at_call<R>(
    return_address: usize,
    act: impl FnOnce(usize, Option<Handlers<'_>>, &mut dyn Iterator<Item = Saved>) -> R,
) -> Option<R> {
    read(|table| {
        // The call may be the last instruction of its function.
        let range = find(table, return_address.checked_sub(1)?)?;
        let start = range.text.start;
        let offset = u32::try_from(return_address - start).ok()?;
        let mut saved = range.saved.look_up(offset.checked_sub(1)?)?;
        Some(match range.exceptions.look_up(offset) {
            Some((site, mut handlers)) => act(start, Some((site, &mut handlers)), &mut saved),
            None => act(start, None, &mut saved),
        })
    })
}

/// The module whose text holds an address, and the offset in it. Not for signal handlers.
pub(super) fn module_at(address: usize) -> Option<(std::sync::Arc<ModuleInner>, u32)> {
    let (module, offset) = read(|table| {
        let range = find(table, address)?;
        Some((range.module.clone(), address - range.text.start))
    })?;
    Some((module.upgrade()?, u32::try_from(offset).ok()?))
}

/// Keeps a range in the table. Dropped before the text is unmapped.
#[derive(Debug)]
pub(crate) struct Registration {
    number: u64,
}

impl Registration {
    pub fn new(range: CodeRange) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        replace(|table| table.push(Entry { range, number }));
        Registration { number }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        // Not by its addresses: an artefact that is linked in may be adopted more than once.
        replace(|table| table.retain(|entry| entry.number != self.number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ahead_artifact::trap::TrapTableBuilder;

    fn range(text: Range<usize>, site: u32) -> CodeRange {
        let mut builder = TrapTableBuilder::default();
        builder.push(site, TrapKind::Unreachable);
        CodeRange {
            text,
            traps: TrapTable::new(builder.finish().leak()).unwrap(),
            exceptions: ExceptionTable::new(&[]).unwrap(),
            saved: SavedRegisters::new(&[]).unwrap(),
            module: Weak::new(),
        }
    }

    #[test]
    fn only_recorded_sites_of_registered_ranges_are_found() {
        let base = 0x1000_0000_0000;
        let second = Registration::new(range(base + 0x2000..base + 0x3000, 8));
        let first = Registration::new(range(base..base + 0x1000, 4));
        assert_eq!(trap_at(base + 4), Some(TrapKind::Unreachable));
        assert_eq!(trap_at(base + 5), None);
        assert_eq!(trap_at(base + 0x1000), None);
        assert_eq!(trap_at(base + 0x2008), Some(TrapKind::Unreachable));
        assert_eq!(trap_at(base - 1), None);
        drop(first);
        assert_eq!(trap_at(base + 4), None);
        assert_eq!(trap_at(base + 0x2008), Some(TrapKind::Unreachable));
        drop(second);
    }

    #[test]
    fn readers_and_writers_do_not_meet() {
        let base = 0x2000_0000_0000;
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(move || (0..20_000).filter(|_| trap_at(base + 4).is_some()).count())
                })
                .collect();
            for _ in 0..500 {
                drop(Registration::new(range(base..base + 0x1000, 4)));
            }
            for reader in readers {
                reader.join().unwrap();
            }
        });
        assert_eq!(trap_at(base + 4), None);
    }
}
