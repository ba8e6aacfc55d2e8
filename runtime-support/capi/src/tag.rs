//! `ahead_tag_t`: kinds of exceptions, throwing them from host functions, and looking at those not caught.

use crate::error::{array, guarded_or, object};
use crate::linker::types;
use crate::store::{CStore, with_store};
use crate::trap::{CTrap, guarded};
use crate::value::CValue;
use ahead_runtime::{Exception, Tag, Trap};
use std::ptr;

/// A tag as C sees it. Belongs to its store.
pub struct CTag {
    pub store: *const CStore,
    pub tag: Tag,
}

impl CTag {
    fn store(&self) -> &CStore {
        // SAFETY: the store owns this handle, so it lives.
        unsafe { &*self.store }
    }

    /// The trap's exception, if it is one of this tag.
    fn exception<'t>(&self, trap: &'t CTrap) -> Option<&'t Exception> {
        let exception = trap.trap().exception()?;
        (exception.tag() == self.tag).then_some(exception)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_tag_new(
    store: *mut CStore,
    params: *const u8,
    params_count: usize,
) -> *mut CTag {
    guarded_or(ptr::null_mut(), || {
        // SAFETY: null or valid as the header says, each of them.
        let (store, params) = unsafe { (store.as_ref(), array(params, params_count, "params")) };
        match (store, params.and_then(types)) {
            (Some(store), Ok(params)) => {
                store.tag(with_store!(store, |access| Tag::new(access, params)))
            }
            _ => ptr::null_mut(),
        }
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_trap_throw(
    tag: *const CTag,
    values: *const CValue,
    values_count: usize,
) -> *mut CTrap {
    guarded(|| {
        // SAFETY: null or valid as the header says, each of them.
        let (tag, values) = unsafe {
            (
                object(tag, "tag").map_err(|error| CTrap::misuse(error.text()))?,
                array(values, values_count, "values")
                    .map_err(|error| CTrap::misuse(error.text()))?,
            )
        };
        let store = tag.store();
        let params = with_store!(store, |access| tag.tag.params(&*access));
        // SAFETY: C sets the member that the type names, as the header says.
        let payload = (values.iter().zip(&params))
            .map(|(value, &ty)| unsafe { value.to_val(ty, store) })
            .collect::<Result<Vec<_>, Trap>>()?;
        if values.len() != params.len() {
            let message = format!("{} values for a tag of {}", values.len(), params.len());
            return Err(CTrap::misuse(message));
        }
        let exception = with_store!(store, |access| {
            Exception::new(&*access, tag.tag, payload)
        });
        Err(exception.map_or_else(Trap::host, Trap::from))
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_tag_catches(tag: *const CTag, trap: *const CTrap) -> bool {
    // SAFETY: null or handed out, each of them.
    match unsafe { (tag.as_ref(), trap.as_ref()) } {
        (Some(tag), Some(trap)) => tag.exception(trap).is_some(),
        _ => false,
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_tag_value(
    tag: *const CTag,
    trap: *const CTrap,
    index: usize,
    value: *mut CValue,
) -> bool {
    // SAFETY: null or handed out, each of them.
    let (Some(tag), Some(trap)) = (unsafe { (tag.as_ref(), trap.as_ref()) }) else {
        return false;
    };
    guarded_or(false, || {
        let carried = tag.exception(trap).and_then(|it| it.payload().get(index));
        match carried {
            Some(&carried) if !value.is_null() => {
                // SAFETY: writable, as the header says.
                unsafe { value.write(CValue::new(carried, tag.store())) };
                true
            }
            _ => false,
        }
    })
}
