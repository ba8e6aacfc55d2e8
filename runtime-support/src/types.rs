//! The numbers of function types: one for each type of the process, the same in every module.
//!
//! Compiled code compares them at `call_indirect`. Modules number their types when they are opened. A
//! number is never given back: the table holds each distinct type once and grows with the variety of
//! types, not with the number of modules.

use ahead_artifact::{FuncType, Interface, TypeIndex};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The number of a function type. 0 is no type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TypeNumber(pub u32);

#[derive(Default)]
struct Registry {
    numbers: HashMap<Arc<FuncType>, TypeNumber>,
    types: Vec<Arc<FuncType>>,
}

static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);

fn with_registry<R>(act: impl FnOnce(&mut Registry) -> R) -> R {
    // A panic cannot leave a half-made entry behind that matters: numbers are given before they are used.
    let mut guard = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
    act(guard.get_or_insert_with(Registry::default))
}

impl Registry {
    /// The number of a type that refers to types by their numbers.
    fn number(&mut self, ty: &FuncType) -> TypeNumber {
        if let Some(&number) = self.numbers.get(ty) {
            return number;
        }
        let ty = Arc::new(ty.clone());
        self.types.push(Arc::clone(&ty));
        let number =
            u32::try_from(self.types.len()).expect("a process has fewer than 2^32 function types");
        self.numbers.insert(ty, TypeNumber(number));
        TypeNumber(number)
    }
}

/// The number of a type.
pub(crate) fn number(ty: &FuncType) -> TypeNumber {
    with_registry(|registry| registry.number(ty))
}

/// The numbers of a module's types, in its order. Where its types refer to types, these become numbers, too.
pub(crate) fn numbers(interface: &mut Interface) -> Box<[u32]> {
    let numbers: Box<[u32]> = with_registry(|registry| {
        let mut numbers: Vec<u32> = Vec::with_capacity(interface.types.len());
        // A type refers to earlier ones: the interface has been checked for it.
        for ty in &mut interface.types {
            if ty.values().any(|value| value.concrete().is_some()) {
                *ty = ty.map_concrete(|earlier| TypeIndex(numbers[earlier.index()]));
            }
            numbers.push(registry.number(ty).0);
        }
        numbers.into()
    });
    interface.map_concrete(|ty| TypeIndex(numbers[ty.index()]));
    numbers
}

/// The type of a number that was given out.
pub(crate) fn look_up(number: TypeNumber) -> Arc<FuncType> {
    with_registry(|registry| {
        let index = (number.0 as usize).checked_sub(1);
        let ty = index.and_then(|index| registry.types.get(index));
        Arc::clone(ty.expect("type numbers come from this table"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ahead_artifact::{HeapType, RefType, ValType};

    fn numbered(types: &[FuncType]) -> Box<[u32]> {
        numbers(&mut Interface {
            types: types.to_vec(),
            ..Interface::default()
        })
    }

    #[test]
    fn equal_types_have_one_number() {
        let one = FuncType {
            params: vec![ValType::I32],
            results: vec![ValType::F64],
        };
        let other = FuncType {
            params: vec![],
            results: vec![ValType::F64],
        };
        let numbers = numbered(&[one.clone(), other.clone(), one.clone()]);
        assert_eq!(numbers[0], numbers[2]);
        assert_ne!(numbers[0], numbers[1]);
        assert!(numbers.iter().all(|&number| number != 0));
        assert_eq!(number(&one).0, numbers[0]);
        assert_eq!(*look_up(TypeNumber(numbers[1])), other);
    }

    /// The same types at other places of another module.
    #[test]
    fn types_that_refer_to_types_have_one_number() {
        let of = |param: u32| FuncType {
            params: vec![ValType::Ref(RefType {
                nullable: false,
                heap: HeapType::Concrete(TypeIndex(param)),
            })],
            results: vec![],
        };
        let empty = FuncType::default();
        let other = FuncType {
            params: vec![ValType::I64],
            results: vec![],
        };
        let one = numbered(&[empty.clone(), other.clone(), of(0), of(1), of(2)]);
        let two = numbered(&[other, of(0), empty, of(1), of(2)]);
        assert_eq!(one[..4], [two[2], two[0], two[4], two[1]]);
        assert_ne!(one[4], two[3]);
        for &recorded in &one {
            let ty = look_up(TypeNumber(recorded));
            assert_eq!(number(&ty).0, recorded, "{ty}");
        }
    }
}
