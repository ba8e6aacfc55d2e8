//! A scan over all bodies for what whole-module facts rest on: which globals and tables change, who calls whom.
//!
//! It reads operators without validating them. A body that cannot be read is left to translation, which
//! reports the error before any fact is relied on.

use super::throws::Origins;
use ahead_artifact::{
    DefinedFuncIndex, FuncIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex,
};
use rayon::prelude::*;
use std::collections::HashSet;
use wasmparser::{FunctionBody, Operator, OperatorsReader, OperatorsReaderAllocations};

/// What the bodies of a module do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Globals that are written.
    pub written_globals: HashSet<GlobalIndex>,
    /// Tables that are read or changed by anything but a call through them.
    pub handled_tables: HashSet<TableIndex>,
    /// Functions that become values.
    pub referenced_functions: HashSet<FuncIndex>,
    /// Types and tables of indirect calls.
    pub indirect_calls: HashSet<(TypeIndex, TableIndex)>,
    /// Types of calls through references.
    pub reference_calls: HashSet<TypeIndex>,
    /// Memories that are grown here.
    pub grown_memories: HashSet<MemoryIndex>,
    /// Only of a module that knows tags.
    pub origins: Option<Origins>,
}

impl Uses {
    fn merge(mut self, other: Uses) -> Uses {
        self.written_globals.extend(other.written_globals);
        self.handled_tables.extend(other.handled_tables);
        self.referenced_functions.extend(other.referenced_functions);
        self.indirect_calls.extend(other.indirect_calls);
        self.reference_calls.extend(other.reference_calls);
        self.grown_memories.extend(other.grown_memories);
        match (&mut self.origins, other.origins) {
            (Some(origins), Some(other)) => origins.merge(other),
            (origins, other) => *origins = origins.take().or(other),
        }
        self
    }

    fn body(
        &mut self,
        index: DefinedFuncIndex,
        body: &FunctionBody<'_>,
        allocations: OperatorsReaderAllocations,
    ) -> Result<OperatorsReaderAllocations, wasmparser::Error> {
        let reader = body.get_binary_reader_for_operators()?;
        let mut operators = OperatorsReader::new_with_allocs(reader, allocations);
        while !operators.eof() {
            let operator = operators.read()?;
            if let Some(origins) = &mut self.origins {
                origins.note(index, &operator);
            }
            match operator {
                Operator::GlobalSet { global_index } => {
                    self.written_globals.insert(GlobalIndex(global_index));
                }
                Operator::TableGet { table }
                | Operator::TableSet { table }
                | Operator::TableSize { table }
                | Operator::TableGrow { table }
                | Operator::TableFill { table }
                | Operator::TableInit { table, .. } => {
                    self.handled_tables.insert(TableIndex(table));
                }
                Operator::TableCopy {
                    dst_table,
                    src_table,
                } => {
                    self.handled_tables.insert(TableIndex(dst_table));
                    self.handled_tables.insert(TableIndex(src_table));
                }
                Operator::RefFunc { function_index } => {
                    self.referenced_functions.insert(FuncIndex(function_index));
                }
                Operator::CallIndirect {
                    type_index,
                    table_index,
                }
                | Operator::ReturnCallIndirect {
                    type_index,
                    table_index,
                } => {
                    self.indirect_calls
                        .insert((TypeIndex(type_index), TableIndex(table_index)));
                }
                Operator::CallRef { type_index } | Operator::ReturnCallRef { type_index } => {
                    self.reference_calls.insert(TypeIndex(type_index));
                }
                Operator::MemoryGrow { mem } => {
                    self.grown_memories.insert(MemoryIndex(mem));
                }
                _ => {}
            }
        }
        Ok(operators.into_allocations())
    }
}

/// Scans all bodies, in parallel. `tags` is how many the module knows.
pub fn scan(bodies: &[FunctionBody<'_>], tags: usize) -> Uses {
    let none = || Uses {
        origins: (tags > 0).then(Origins::default),
        ..Uses::default()
    };
    bodies
        .par_iter()
        .enumerate()
        .fold(
            || (none(), OperatorsReaderAllocations::default()),
            |(mut uses, allocations), (index, body)| {
                let index = DefinedFuncIndex::new(index);
                let allocations = uses.body(index, body, allocations).unwrap_or_default();
                (uses, allocations)
            },
        )
        .map(|(uses, _)| uses)
        .reduce(none, Uses::merge)
}
