//! Import matching: whether what an import is given has the type it wants, by the specification's rules, and
//! the words for it if it has not.

use super::ImportValue;
use crate::error::Error;
use crate::memory::StoredMemory;
use crate::module::Module;
use crate::store::StoreInner;
use crate::tag::Tag;
use crate::value::Extern;
use ahead_artifact::interface::{Import, ImportType};
use ahead_artifact::{Bounds, FuncType, GlobalType, Limits, MemoryType, TableType, TypeIndex};

/// Whether `found` may stand where `expected` is wanted: at least as large, and bound at least as tightly.
fn limits_match(expected: Limits, found: Limits) -> bool {
    let max_matches = match (expected.max, found.max) {
        (None, _) => true,
        (Some(expected), Some(found)) => found <= expected,
        (Some(_), None) => false,
    };
    found.min >= expected.min && max_matches
}

pub(super) fn check_func(
    module: &Module,
    import: &Import,
    expected: TypeIndex,
    found: &FuncType,
) -> Result<(), Error> {
    // Equal types are the same: what they refer to is given by numbers of the process on both sides.
    match module.inner().ty(expected) == found {
        true => Ok(()),
        false => Err(mismatch(module, import, format!("a function {found}"))),
    }
}

/// `found` has its current size as the minimum.
pub(super) fn check_table(
    module: &Module,
    import: &Import,
    expected: TableType,
    found: TableType,
) -> Result<(), Error> {
    let is_same = (expected.element, expected.address) == (found.element, found.address);
    match is_same && limits_match(expected.limits, found.limits) {
        true => Ok(()),
        false => Err(mismatch(module, import, found.to_string())),
    }
}

/// Code that relies on guard regions needs a memory that has one.
pub(super) fn check_memory(
    module: &Module,
    import: &Import,
    expected: MemoryType,
    memory: &StoredMemory,
) -> Result<(), Error> {
    let found = memory.current_type();
    let kind = |ty: MemoryType| (ty.shared, ty.address, ty.page);
    if kind(expected) != kind(found) || !limits_match(expected.limits, found.limits) {
        return Err(mismatch(module, import, found.to_string()));
    }
    if expected.bounds(module.bounds()) == Bounds::Guard && memory.bounds() != Bounds::Guard {
        let found = "one without a guard region, made for `--bounds explicit`";
        return Err(mismatch(module, import, found.into()));
    }
    Ok(())
}

pub(super) fn check_global(
    module: &Module,
    import: &Import,
    expected: GlobalType,
    found: GlobalType,
) -> Result<(), Error> {
    // What can be written is read and written as both say, so both must say the same.
    let matches = expected.mutable == found.mutable
        && match expected.mutable {
            true => expected.value == found.value,
            false => found.value.is_subtype_of(expected.value),
        };
    match matches {
        true => Ok(()),
        false => Err(mismatch(module, import, describe_global(found))),
    }
}

/// Tags match if their types are the same.
pub(super) fn check_tag(
    module: &Module,
    import: &Import,
    expected: TypeIndex,
    store: &StoreInner,
    tag: Tag,
) -> Result<(), Error> {
    match tag.type_number(store).0 == module.inner().type_numbers[expected.index()] {
        true => Ok(()),
        false => {
            let found = format!("a tag of type {}", tag.ty(store));
            Err(mismatch(module, import, found))
        }
    }
}

/// An import that is given something of another kind.
pub(super) fn other_kind(module: &Module, import: &Import, value: &ImportValue) -> Error {
    let found = match value {
        ImportValue::HostFunc(_) | ImportValue::Extern(Extern::Func(_)) => "a function",
        ImportValue::Extern(Extern::Table(_)) => "a table",
        ImportValue::Extern(Extern::Memory(_)) => "a memory",
        ImportValue::Extern(Extern::Global(_)) => "a global",
        ImportValue::Extern(Extern::Tag(_)) => "a tag",
    };
    mismatch(module, import, found.into())
}

fn mismatch(module: &Module, import: &Import, found: String) -> Error {
    Error::IncompatibleImport {
        module: import.module.clone(),
        name: import.name.clone(),
        expected: describe(module, import.ty),
        found,
    }
}

/// What an import of `module` wants, in words.
pub(crate) fn describe(module: &Module, ty: ImportType) -> String {
    match ty {
        ImportType::Func(ty) => format!("a function {}", module.inner().ty(ty)),
        ImportType::Table(ty) => ty.to_string(),
        ImportType::Memory(ty) => ty.to_string(),
        ImportType::Global(ty) => describe_global(ty),
        ImportType::Tag(ty) => format!("a tag of type {}", module.inner().ty(ty)),
    }
}

fn describe_global(ty: GlobalType) -> String {
    let article = if ty.mutable {
        "a mutable"
    } else {
        "an immutable"
    };
    format!("{article} global of type {}", ty.value)
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
}
