//! Import matching: whether what an import is given has the type it wants, by the specification's rules.

use ahead_artifact::interface::ImportType;
use ahead_artifact::{GlobalType, Limits, MemoryType, TableType};

/// Whether `found` may stand where `expected` is wanted: at least as large, and bound at least as tightly.
fn limits_match(expected: Limits, found: Limits) -> bool {
    let max_matches = match (expected.max, found.max) {
        (None, _) => true,
        (Some(expected), Some(found)) => found <= expected,
        (Some(_), None) => false,
    };
    found.min >= expected.min && max_matches
}

/// `found` has its current size as the minimum.
pub(super) fn table_matches(expected: TableType, found: TableType) -> bool {
    expected.element == found.element && limits_match(expected.limits, found.limits)
}

/// `found` has its current size as the minimum.
pub(super) fn memory_matches(expected: MemoryType, found: MemoryType) -> bool {
    expected.shared == found.shared && limits_match(expected.limits, found.limits)
}

pub(super) fn global_matches(expected: GlobalType, found: GlobalType) -> bool {
    expected == found
}

/// A type that is not a function's, in words.
pub(crate) fn describe(ty: ImportType) -> String {
    match ty {
        ImportType::Func(ty) => format!("a function of type {ty}"),
        ImportType::Table(ty) => {
            let element = ahead_artifact::ValType::Ref(ty.element);
            format!("a table of {element} with {} elements", ty.limits)
        }
        ImportType::Memory(ty) => format!(
            "a {}memory of {} pages",
            if ty.shared { "shared " } else { "" },
            ty.limits
        ),
        ImportType::Global(ty) => format!(
            "a{} global of type {}",
            if ty.mutable {
                " mutable"
            } else {
                "n immutable"
            },
            ty.value
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(min: u64, max: Option<u64>) -> Limits {
        Limits { min, max }
    }

    #[test]
    fn limits_match_if_they_promise_as_much() {
        assert!(limits_match(limits(1, None), limits(1, None)));
        assert!(limits_match(limits(1, None), limits(2, Some(3))));
        assert!(limits_match(limits(1, Some(3)), limits(1, Some(3))));
        assert!(!limits_match(limits(2, None), limits(1, None)));
        assert!(!limits_match(limits(1, Some(3)), limits(1, None)));
        assert!(!limits_match(limits(1, Some(3)), limits(1, Some(4))));
    }

    #[test]
    fn types_are_told_in_words() {
        let memory = MemoryType {
            limits: limits(1, Some(2)),
            shared: false,
        };
        assert_eq!(
            describe(ImportType::Memory(memory)),
            "a memory of 1..2 pages"
        );
    }
}
