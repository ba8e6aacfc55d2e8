//! `ahead_store_t`: a store, and the handles into it that C holds.
//!
//! C uses a store by pointer from wherever it is, also from a host function that the store's guest has just
//! called. The runtime hands such a host function exclusive use of the store in a `Caller`; so while one
//! runs, every access goes through its `Caller`, and otherwise through the store. [`with_store!`] is that
//! choice, and the only way in.

use crate::error::{CError, free, guarded_or};
use crate::func::CFunc;
use crate::instance::CInstance;
use crate::memory::CMemory;
use crate::tag::CTag;
use ahead_runtime::{Caller, Func, Instance, Memory, Store, StoreConfig, Tag};
use ahead_wasi::{Stdio, WasiConfig, WasiCtx};
use std::cell::{Cell, RefCell, UnsafeCell};
use std::ffi::c_void;
use std::ptr;

/// The embedder's data of each store.
pub struct StoreData {
    pub wasi: WasiCtx,
    user: *mut c_void,
    handle: Handle,
}

/// Where the store's handle is.
enum Handle {
    /// C has it, and it owns the store.
    OfC(*const CStore),
    /// The store belongs to a thread of a command that C has started. C meets it in host functions only: null until
    /// the first one is called, then owned by the store.
    OfCommand(Cell<*mut CStore>),
}

// SAFETY: a store with all that belongs to it moves between threads, as the header says of C's stores and as a command
// does with its own; `user` is only passed on.
unsafe impl Send for StoreData {}

impl StoreData {
    /// The data of the first store of a command.
    pub fn of_command(wasi: WasiCtx, user: *mut c_void) -> Self {
        StoreData {
            wasi,
            user,
            handle: Handle::OfCommand(Cell::new(ptr::null_mut())),
        }
    }

    /// The store as C sees it: valid while the store lives.
    pub fn handle(&self) -> *const CStore {
        match &self.handle {
            Handle::OfC(handle) => *handle,
            Handle::OfCommand(handle) => {
                if handle.get().is_null() {
                    handle.set(Box::into_raw(Box::new(CStore::around(None, self.user))));
                }
                handle.get()
            }
        }
    }
}

/// The data of a further thread of a command.
impl Clone for StoreData {
    fn clone(&self) -> Self {
        StoreData::of_command(self.wasi.clone(), self.user)
    }
}

impl Drop for StoreData {
    fn drop(&mut self) {
        if let Handle::OfCommand(handle) = &self.handle {
            // SAFETY: made above, and the store whose host functions knew it is going.
            unsafe { free(handle.get()) };
        }
    }
}

/// A store as C sees it.
pub struct CStore {
    /// `None` if it belongs to a command: then there is always a caller when C uses it.
    store: Option<UnsafeCell<Store<StoreData>>>,
    /// The caller of the host function that runs now; null if none does.
    caller: Cell<*mut Caller<'static, StoreData>>,
    user: *mut c_void,
    instances: Handles<CInstance>,
    funcs: Handles<CFunc>,
    memories: Handles<CMemory>,
    tags: Handles<CTag>,
}

/// Handles that C holds pointers to: at fixed addresses until the store is freed.
struct Handles<H>(RefCell<Vec<Box<H>>>);

impl<H> Handles<H> {
    fn new() -> Self {
        Handles(RefCell::new(Vec::new()))
    }

    /// The handle that `is_it` says is the one, made by `make` if there is none yet: so that a host that
    /// asks again and again holds one handle.
    fn find_or_make(&self, is_it: impl Fn(&H) -> bool, make: impl FnOnce() -> H) -> *mut H {
        let mut handles = self.0.borrow_mut();
        let index = handles
            .iter()
            .position(|handle| is_it(handle))
            .unwrap_or_else(|| {
                handles.push(Box::new(make()));
                handles.len() - 1
            });
        &raw mut *handles[index]
    }
}

/// Evaluates an expression with `$access` as the store: the `Caller` of the host function that runs, or the
/// `Store` itself.
macro_rules! with_store {
    ($store:expr, |$access:ident| $body:expr) => {{
        let store: &$crate::store::CStore = $store;
        let caller = store.caller();
        if caller.is_null() {
            // SAFETY: no guest of the store runs, and the header makes the caller the only user.
            let $access = unsafe { &mut *store.exclusive() };
            $body
        } else {
            // SAFETY: the innermost host function of the store is running, and this is its caller, which
            // it lends us.
            let $access = unsafe { &mut *caller };
            $body
        }
    }};
}
pub(crate) use with_store;

impl CStore {
    pub fn new(config: StoreConfig, user: *mut c_void) -> Result<Box<Self>, CError> {
        // Closed streams: a guest gets what `ahead_store_set_wasi` says, or nothing.
        let nothing = WasiConfig {
            stdin: Stdio::Closed,
            stdout: Stdio::Closed,
            stderr: Stdio::Closed,
            ..WasiConfig::default()
        };
        let data = StoreData {
            wasi: WasiCtx::new(nothing).map_err(CError::new)?,
            user,
            handle: Handle::OfC(ptr::null()),
        };
        let store = Box::new(CStore::around(Some(Store::with_config(data, config)), user));
        // SAFETY: nobody else has the store yet.
        unsafe { &mut *store.exclusive() }.data_mut().handle = Handle::OfC(&raw const *store);
        Ok(store)
    }

    fn around(store: Option<Store<StoreData>>, user: *mut c_void) -> Self {
        CStore {
            store: store.map(UnsafeCell::new),
            caller: Cell::new(ptr::null_mut()),
            user,
            instances: Handles::new(),
            funcs: Handles::new(),
            memories: Handles::new(),
            tags: Handles::new(),
        }
    }

    pub fn caller(&self) -> *mut Caller<'static, StoreData> {
        self.caller.get()
    }

    /// The store itself. For [`with_store!`], and where no caller may take its place.
    ///
    /// # Panics
    /// If it belongs to a command.
    pub fn exclusive(&self) -> *mut Store<StoreData> {
        let store = self.store.as_ref();
        store
            .expect("the store of a command is used by its host functions only")
            .get()
    }

    /// Lends `caller` to everything that uses the store while `act` runs.
    pub fn lend<R>(&self, caller: &mut Caller<'_, StoreData>, act: impl FnOnce() -> R) -> R {
        let before = self.caller.replace((&raw mut *caller).cast());
        let result = act();
        self.caller.set(before);
        result
    }

    pub fn instance(&self, instance: Instance) -> *mut CInstance {
        let make = || CInstance::new(self, instance);
        self.instances
            .find_or_make(|handle| handle.instance == instance, make)
    }

    pub fn func(&self, func: Func) -> *mut CFunc {
        let make = || CFunc::new(self, func);
        self.funcs.find_or_make(|handle| handle.func == func, make)
    }

    pub fn tag(&self, tag: Tag) -> *mut CTag {
        let make = || CTag { store: self, tag };
        self.tags.find_or_make(|handle| handle.tag == tag, make)
    }

    pub fn memory(&self, memory: Memory) -> *mut CMemory {
        let make = || CMemory::new(self, memory);
        self.memories
            .find_or_make(|handle| handle.memory == memory, make)
    }
}

/// `ahead_store_config_t`.
#[repr(C)]
pub struct CStoreConfig {
    stack_bytes_max: usize,
    memory_bytes_max: u64,
    table_elements_max: u64,
}

impl CStoreConfig {
    pub fn to_config(&self) -> StoreConfig {
        let mut config = StoreConfig::default();
        if self.stack_bytes_max != 0 {
            config.stack_bytes_max = self.stack_bytes_max;
        }
        if self.memory_bytes_max != 0 {
            config.memory_bytes_max = self.memory_bytes_max;
        }
        if self.table_elements_max != 0 {
            config.table_elements_max = self.table_elements_max;
        }
        config
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_store_new(
    config: *const CStoreConfig,
    user: *mut c_void,
) -> *mut CStore {
    // SAFETY: null or a config, as the header says.
    let config = unsafe { config.as_ref() };
    guarded_or(ptr::null_mut(), || {
        let config = config.map_or_else(StoreConfig::default, CStoreConfig::to_config);
        CStore::new(config, user).map_or(ptr::null_mut(), Box::into_raw)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_store_user(store: *const CStore) -> *mut c_void {
    // SAFETY: null or a store that was handed out.
    unsafe { store.as_ref() }.map_or(ptr::null_mut(), |store| store.user)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_store_free(store: *mut CStore) {
    let is_free = |store: &CStore| store.store.is_some() && store.caller().is_null();
    // SAFETY: null or a store that was handed out.
    if unsafe { store.as_ref() }.is_some_and(is_free) {
        // SAFETY: the header makes it the caller's last use, and no host function of the store runs.
        unsafe { free(store) };
    }
}
