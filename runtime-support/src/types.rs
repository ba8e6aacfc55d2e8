//! The numbers of function types: one for each type of the process, the same in every module.
//!
//! Compiled code compares them at `call_indirect`. Modules number their types when they are opened. A
//! number is never given back: the table holds each distinct type once and grows with the variety of
//! types, not with the number of modules.

use ahead_artifact::FuncType;
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

/// The numbers of a module's types, in its order.
pub(crate) fn numbers(types: &[FuncType]) -> Box<[u32]> {
    with_registry(|registry| types.iter().map(|ty| registry.number(ty).0).collect())
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
    use ahead_artifact::ValType;

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
        let numbers = numbers(&[one.clone(), other.clone(), one.clone()]);
        assert_eq!(numbers[0], numbers[2]);
        assert_ne!(numbers[0], numbers[1]);
        assert!(numbers.iter().all(|&number| number != 0));
        assert_eq!(number(&one).0, numbers[0]);
        assert_eq!(*look_up(TypeNumber(numbers[1])), other);
    }
}
