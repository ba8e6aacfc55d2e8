//! The text as it fills up: code at its place, references inside the text resolved, the others collected.

use super::layout::{Layout, PIECE_ALIGN, Reach};
use super::{Pieces, Reference, Target, internal};
use crate::codegen::{CompiledFunction, Symbol};
use crate::error::Error;
use ahead_artifact::TableIndex;
use ahead_targets::codegen::{Backend, PatchError, Referent};
use cranelift_codegen::binemit::Reloc;

/// The text as it fills up.
pub struct Text<'a> {
    backend: &'a dyn Backend,
    pub bytes: Vec<u8>,
    /// Ascending once the veneers have been added.
    pub references: Vec<OpenReference>,
}

impl<'a> Text<'a> {
    pub fn new(layout: &Layout, backend: &'a dyn Backend) -> Self {
        let filler = backend.padding().iter().copied().cycle();
        // Never empty: what maps a text need not think of one.
        let bytes = layout.bytes.max(PIECE_ALIGN) as usize;
        Text {
            backend,
            bytes: filler.take(bytes).collect(),
            references: Vec::new(),
        }
    }

    /// Copies a piece to its place and resolves what it refers to in the text.
    pub fn add(
        &mut self,
        number: u32,
        function: &CompiledFunction,
        layout: &Layout,
        pieces: &Pieces<'_>,
        reach: Reach,
    ) -> Result<(), Error> {
        let start = layout.starts[number as usize];
        let end = start as usize + function.code.len();
        self.bytes[start as usize..end].copy_from_slice(&function.code);
        for relocation in &function.relocations {
            let offset = start + relocation.offset;
            let target = match (relocation.symbol, pieces.of(relocation.symbol)) {
                (_, Some(piece)) if self.backend.is_branch(relocation.kind) => {
                    let veneer = layout.veneer(number, relocation.offset, piece, reach);
                    let target = veneer.unwrap_or(layout.starts[piece as usize]);
                    self.patch(offset, relocation.kind, target, relocation.addend)?;
                    continue;
                }
                (_, Some(piece)) => OpenTarget::Text(layout.starts[piece as usize]),
                (Symbol::Text, None) => OpenTarget::Text(0),
                (Symbol::StaticTable(table), None) => OpenTarget::StaticTable(table),
                (symbol, None) => return Err(internal(format!("code refers to {symbol:?}"))),
            };
            self.references.push(OpenReference {
                offset,
                kind: relocation.kind,
                target,
                addend: relocation.addend,
            });
        }
        Ok(())
    }

    pub fn add_veneers(&mut self, layout: &Layout) -> Result<(), Error> {
        let veneer = self.backend.veneer();
        for (place, piece) in layout.veneers() {
            let target = layout.starts[piece as usize];
            self.bytes[place as usize..][..veneer.code.len()].copy_from_slice(veneer.code);
            for &(offset, kind, addend) in veneer.relocations {
                if self.backend.is_branch(kind) {
                    self.patch(place + offset, kind, target, addend)?;
                } else {
                    self.references.push(OpenReference {
                        offset: place + offset,
                        kind,
                        target: OpenTarget::Text(target),
                        addend,
                    });
                }
            }
        }
        self.references.sort_by_key(|reference| reference.offset);
        Ok(())
    }

    fn patch(&mut self, offset: u32, kind: Reloc, target: u32, addend: i64) -> Result<(), Error> {
        let target = u64::from(target).wrapping_add_signed(addend);
        self.backend
            .patch(
                &mut self.bytes,
                offset as usize,
                kind,
                offset.into(),
                target,
            )
            .map_err(|error| match error {
                PatchError::OutOfRange => {
                    Error::TooLarge("a function is too large to be called around it".into())
                }
                PatchError::Unexpected(_) => internal(error.to_string()),
            })
    }
}

/// A reference before the metadata has its layout.
pub struct OpenReference {
    offset: u32,
    kind: Reloc,
    target: OpenTarget,
    addend: i64,
}

enum OpenTarget {
    Text(u32),
    StaticTable(TableIndex),
}

impl OpenReference {
    /// With the offset in the metadata of each static table's first row.
    pub fn resolve(
        self,
        backend: &dyn Backend,
        static_tables: &[Option<u32>],
    ) -> Result<Reference, Error> {
        let target = match self.target {
            OpenTarget::Text(offset) => Target::Text(offset),
            OpenTarget::StaticTable(table) => {
                let offset = static_tables.get(table.index()).copied().flatten();
                Target::Metadata(offset.ok_or_else(|| {
                    internal(format!(
                        "code refers to rows of table {table}, which has none"
                    ))
                })?)
            }
        };
        let elf_kind = backend.elf_relocation(self.kind, Referent::Place);
        Ok(Reference {
            offset: self.offset,
            kind: self.kind,
            elf_kind: elf_kind
                .ok_or_else(|| internal(PatchError::Unexpected(self.kind).to_string()))?,
            target,
            addend: self.addend,
        })
    }
}
