//! Where a module's code is: functions and trampolines by index, and the way back from an address.
//!
//! The tables are read entry by entry, in the artefact itself. An entry that leads outside the text is no
//! function.

use super::ModuleInner;
use crate::types::TypeNumber;
use ahead_artifact::address_map::AddressMap;
use ahead_artifact::functions::{FunctionEntry, FunctionTable, TrampolineEntry, TrampolineTable};
use ahead_artifact::{DefinedFuncIndex, FormatError, FuncIndex, SectionKind, TypeIndex};

/// The executable bytes.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub base: *const u8,
    pub bytes: u64,
}

// SAFETY: code is immutable.
unsafe impl Send for Text {}
// SAFETY: as above.
unsafe impl Sync for Text {}

impl ModuleInner {
    fn functions(&self) -> FunctionTable<'static> {
        FunctionTable::new(self.metadata.section(SectionKind::Functions))
    }

    pub(super) fn imported_funcs(&self) -> usize {
        self.interface.imported_funcs().count()
    }

    /// How many functions there are, imported and defined.
    pub fn func_count(&self) -> usize {
        self.imported_funcs() + self.functions().len()
    }

    /// The code of a function that the module defines, and its type.
    pub fn func(&self, function: DefinedFuncIndex) -> Result<(*const u8, TypeIndex), FormatError> {
        let entry = self.functions().look_up(function)?;
        let end = u64::from(entry.text_offset) + u64::from(entry.bytes);
        if end > self.text.bytes || entry.ty.index() >= self.interface.types.len() {
            return Err(FormatError {
                section: "function table",
                problem: format!("function {function} is not in the text"),
                offset: 0,
            });
        }
        Ok((self.code_at(entry.text_offset), entry.ty))
    }

    fn code_at(&self, offset: u32) -> *const u8 {
        self.text.base.wrapping_add(offset as usize)
    }

    /// The entry trampoline of a type.
    pub fn entry(&self, ty: TypeIndex) -> Option<*const u8> {
        self.trampoline(ty, |trampolines| trampolines.entry)
    }

    fn trampoline(
        &self,
        ty: TypeIndex,
        which: impl Fn(TrampolineEntry) -> Option<u32>,
    ) -> Option<*const u8> {
        let table = TrampolineTable::new(self.metadata.section(SectionKind::Trampolines));
        let offset = which(table.look_up(ty).ok()?)?;
        (u64::from(offset) < self.text.bytes).then(|| self.code_at(offset))
    }

    /// A trampoline for a type of the process: equal types of the module may not all have it.
    pub(super) fn trampoline_for(
        &self,
        number: TypeNumber,
        which: impl Fn(TrampolineEntry) -> Option<u32>,
    ) -> Option<*const u8> {
        let mut numbers = self.type_numbers.iter().enumerate();
        numbers.find_map(|(ty, &known)| {
            (known == number.0)
                .then(|| self.trampoline(TypeIndex::new(ty), &which))
                .flatten()
        })
    }

    /// The function whose code is at an offset of the text, and the instruction it was made of. `None` for
    /// trampolines.
    pub fn locate(&self, offset: u32) -> Option<(FuncIndex, Option<u32>)> {
        let functions = self.functions();
        let entry = |function: usize| functions.look_up(DefinedFuncIndex::new(function)).ok();
        let holds = |entry: &FunctionEntry| offset.wrapping_sub(entry.text_offset) < entry.bytes;
        // Functions lie in order unless the linker had a reason.
        let (mut low, mut high) = (0, functions.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if entry(middle)?.text_offset <= offset {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let likely = low
            .checked_sub(1)
            .filter(|&function| entry(function).is_some_and(|entry| holds(&entry)));
        let function = likely.or_else(|| functions.iter().position(|entry| holds(&entry)))?;
        let wasm_offset = AddressMap::new(self.metadata.section(SectionKind::Addresses))
            .ok()
            .and_then(|map| map.look_up(offset));
        Some((
            FuncIndex::new(self.imported_funcs() + function),
            wasm_offset,
        ))
    }
}
