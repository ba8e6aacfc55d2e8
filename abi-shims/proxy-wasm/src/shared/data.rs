//! Shared data: values by key, each with a number by which a writer can tell that nobody wrote in between.

use crate::abi::Status;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

#[derive(Debug, Default)]
pub(crate) struct SharedData(RwLock<Values>);

#[derive(Debug, Default)]
struct Values {
    values: HashMap<Vec<u8>, Value>,
    /// Bytes of all keys and values.
    bytes: usize,
    last_cas: u32,
}

#[derive(Debug)]
struct Value {
    bytes: Vec<u8>,
    cas: u32,
}

impl SharedData {
    /// Appends the value of `key` to `into` and gives its number. `NotFound` if there is none.
    pub fn get(&self, key: &[u8], into: &mut Vec<u8>) -> Result<u32, Status> {
        let values = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let value = values.values.get(key).ok_or(Status::NotFound)?;
        into.extend_from_slice(&value.bytes);
        Ok(value.cas)
    }

    /// Sets a value. `cas` is the number that the present value must have; 0 is any. A key that has no value is
    /// set whatever `cas` is.
    ///
    /// `CasMismatch` if the value has another number, `InternalFailure` beyond `bytes_max`.
    pub fn set(&self, key: &[u8], bytes: &[u8], cas: u32, bytes_max: usize) -> Result<(), Status> {
        let mut values = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let values = &mut *values;
        let old = values.values.get(key);
        if old.is_some_and(|old| cas != 0 && old.cas != cas) {
            return Err(Status::CasMismatch);
        }
        let freed = old.map_or(0, |old| key.len() + old.bytes.len());
        let total = values.bytes - freed + key.len() + bytes.len();
        if total > bytes_max && total > values.bytes {
            return Err(Status::InternalFailure);
        }
        values.bytes = total;
        values.last_cas = values.last_cas.wrapping_add(1).max(1);
        let value = Value {
            bytes: bytes.to_vec(),
            cas: values.last_cas,
        };
        values.values.insert(key.to_vec(), value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_changed_only_by_who_knows_it() {
        let data = SharedData::default();
        let mut value = Vec::new();
        assert_eq!(data.get(b"k", &mut value), Err(Status::NotFound));
        assert_eq!(data.set(b"k", b"one", 77, 100), Ok(()));
        let cas = data.get(b"k", &mut value).unwrap();
        assert_eq!(value, b"one");
        assert_eq!(data.set(b"k", b"two", cas, 100), Ok(()));
        assert_eq!(data.set(b"k", b"three", cas, 100), Err(Status::CasMismatch));
        assert_eq!(data.set(b"k", b"", 0, 100), Ok(()));
        value.clear();
        assert!(data.get(b"k", &mut value).unwrap() > cas);
        assert_eq!(value, b"");
    }

    #[test]
    fn no_change_of_several_threads_is_lost() {
        const CHANGES: u32 = 500;
        let data = SharedData::default();
        data.set(b"k", &0u32.to_le_bytes(), 0, 100).unwrap();
        let count = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().unwrap());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..CHANGES {
                        loop {
                            let mut value = Vec::new();
                            let cas = data.get(b"k", &mut value).unwrap();
                            let next = count(&value) + 1;
                            match data.set(b"k", &next.to_le_bytes(), cas, 100) {
                                Ok(()) => break,
                                Err(status) => assert_eq!(status, Status::CasMismatch),
                            }
                        }
                    }
                });
            }
        });
        let mut value = Vec::new();
        data.get(b"k", &mut value).unwrap();
        assert_eq!(count(&value), 4 * CHANGES);
    }

    #[test]
    fn bytes_are_bounded_and_can_be_freed() {
        let data = SharedData::default();
        assert_eq!(data.set(b"k", &[0; 9], 0, 10), Ok(()));
        assert_eq!(data.set(b"l", b"", 0, 10), Err(Status::InternalFailure));
        assert_eq!(
            data.set(b"k", &[0; 10], 0, 10),
            Err(Status::InternalFailure)
        );
        assert_eq!(data.set(b"k", &[0; 8], 0, 10), Ok(()));
        assert_eq!(data.set(b"l", b"", 0, 10), Ok(()));
    }
}
