//! Branch hints: which way a conditional branch mostly goes, as the custom section `metadata.code.branch_hint`
//! says. They move code around and change nothing else, so what cannot be read is left out.

use ahead_artifact::FuncIndex;
use std::collections::HashMap;
use wasmparser::BranchHintSectionReader;

/// Hints by function.
#[derive(Debug, Default)]
pub struct BranchHints {
    /// Where in the body the instruction stands, counted from the body's first byte, and whether its condition
    /// mostly holds; ascending.
    by_function: HashMap<FuncIndex, Vec<(u32, bool)>>,
}

impl BranchHints {
    /// The part of the section before an error counts.
    pub fn read(section: BranchHintSectionReader<'_>) -> Self {
        let mut hints = BranchHints::default();
        for function in section {
            let Ok(function) = function else { break };
            let of_function = hints.by_function.entry(FuncIndex(function.func));
            let of_function = of_function.or_default();
            let read = function.hints.into_iter().map_while(Result::ok);
            of_function.extend(read.map(|hint| (hint.func_offset, hint.taken)));
            of_function.sort_by_key(|hint| hint.0);
        }
        hints
    }

    /// Hints of one function.
    pub fn of(&self, function: FuncIndex) -> &[(u32, bool)] {
        self.by_function.get(&function).map_or(&[], Vec::as_slice)
    }
}
