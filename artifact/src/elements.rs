//! Element segments: what tables are filled with.
//!
//! ```text
//! section `element segments`:  count: u32 | mode: u8 (0 passive, 1 active, 2 declared, 3 static) | type: u8
//!                              | table: u32 | offset: const expr | form: u8 | item count: u32 | items
//! ```
//! Items are function indices (form 0, `u32` each, `NULL_FUNC` for null) or constant expressions (form 1).
//! A *static* segment belongs to a table that never changes and lives in the artefact itself; the runtime
//! has nothing to do for it.

use crate::const_expr::ConstExpr;
use crate::index::{FuncIndex, TableIndex};
use crate::types::RefType;
use crate::wire::{FormatError, Reader, Writer};

/// Stands for null among function indices.
pub const NULL_FUNC: u32 = u32::MAX;

#[derive(Clone, Debug, PartialEq)]
pub enum ElementMode {
    Passive,
    Active {
        table: TableIndex,
        offset: ConstExpr,
    },
    Declared,
    Static,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ElementItems {
    /// `None` is null.
    Functions(Vec<Option<FuncIndex>>),
    Expressions(Vec<ConstExpr>),
}

impl ElementItems {
    pub fn len(&self) -> usize {
        match self {
            ElementItems::Functions(items) => items.len(),
            ElementItems::Expressions(items) => items.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct ElementSegment {
    pub mode: ElementMode,
    pub ty: RefType,
    pub items: ElementItems,
}

pub fn write_segments(segments: &[ElementSegment]) -> Vec<u8> {
    let mut out = Writer::default();
    out.count(segments.len());
    for segment in segments {
        match &segment.mode {
            ElementMode::Passive => out.u8(0),
            ElementMode::Active { table, offset } => {
                out.u8(1);
                out.u32(table.0);
                offset.write(&mut out);
            }
            ElementMode::Declared => out.u8(2),
            ElementMode::Static => out.u8(3),
        }
        segment.ty.write(&mut out);
        match &segment.items {
            ElementItems::Functions(items) => {
                out.u8(0);
                out.count(items.len());
                for item in items {
                    out.u32(item.map_or(NULL_FUNC, |function| function.0));
                }
            }
            ElementItems::Expressions(items) => {
                out.u8(1);
                out.count(items.len());
                for item in items {
                    item.write(&mut out);
                }
            }
        }
    }
    out.finish()
}

pub fn read_segments(bytes: &[u8]) -> Result<Vec<ElementSegment>, FormatError> {
    let mut from = Reader::new("element segments", bytes);
    (0..from.count(7)?)
        .map(|_| {
            let mode = match from.u8()? {
                0 => ElementMode::Passive,
                1 => ElementMode::Active {
                    table: TableIndex(from.u32()?),
                    offset: ConstExpr::read(&mut from)?,
                },
                2 => ElementMode::Declared,
                3 => ElementMode::Static,
                other => return Err(from.error(format!("unknown segment mode {other}"))),
            };
            let ty = RefType::read(&mut from)?;
            let items = match from.u8()? {
                0 => {
                    let count = from.count(4)?;
                    let items = (0..count)
                        .map(|_| Ok(Some(from.u32()?).filter(|&f| f != NULL_FUNC).map(FuncIndex)));
                    ElementItems::Functions(items.collect::<Result<_, FormatError>>()?)
                }
                1 => {
                    let count = from.count(4)?;
                    let items = (0..count).map(|_| ConstExpr::read(&mut from));
                    ElementItems::Expressions(items.collect::<Result<_, FormatError>>()?)
                }
                other => return Err(from.error(format!("unknown item form {other}"))),
            };
            Ok(ElementSegment { mode, ty, items })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::const_expr::ConstOp;
    use crate::types::HeapType;

    #[test]
    fn segments_round_trip() {
        let segments = vec![
            ElementSegment {
                mode: ElementMode::Active {
                    table: TableIndex(1),
                    offset: ConstExpr::of(ConstOp::I32Const(2)),
                },
                ty: RefType::FUNC,
                items: ElementItems::Functions(vec![Some(FuncIndex(0)), None, Some(FuncIndex(7))]),
            },
            ElementSegment {
                mode: ElementMode::Passive,
                ty: RefType::EXTERN,
                items: ElementItems::Expressions(vec![ConstExpr::of(ConstOp::RefNull(
                    HeapType::Extern,
                ))]),
            },
            ElementSegment {
                mode: ElementMode::Declared,
                ty: RefType::FUNC,
                items: ElementItems::Functions(vec![]),
            },
            ElementSegment {
                mode: ElementMode::Static,
                ty: RefType::FUNC,
                items: ElementItems::Functions(vec![]),
            },
        ];
        assert_eq!(read_segments(&write_segments(&segments)).unwrap(), segments);
    }
}
