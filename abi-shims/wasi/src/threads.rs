//! Threads of a guest: `wasi` `thread-spawn`, as the wasi-threads proposal has it.
//!
//! A module with threads imports its memory, which is shared. Each thread is an instance of its own with that
//! memory, in a store of its own on a thread of the host's; the instance starts at the export `wasi_thread_start`.
//! What WASI gives is one for all of them ([`WasiCtx`] is a handle). The stack that a guest keeps in its memory is
//! its own affair, the host's stack is as large in each thread as the store's configuration says.
//!
//! The first thread that comes to an end other than by returning from `wasi_thread_start` ends them all: main by
//! returning, any by a trap or `proc_exit`. Nothing in the host can stop a guest that computes or waits, so the others are
//! left behind: each of them ends when it calls a function of WASI, and all of them with the process. A host that runs
//! guests which it does not trust ends its process when [`Threads::run`] has returned, as `ahead run` does.

use crate::command::{RunError, exports_function};
use crate::context::WasiCtx;
use crate::trace;
use crate::types::Errno;
use ahead_runtime::{
    Caller, Error, ImportType, Linker, Module, SharedMemory, Store, StoreConfig, Trap, Val, ValType,
};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// Numbers of threads are from 1 to this.
const ID_MAX: u32 = (1 << 29) - 1;

/// Threads at once, however many are asked for. Each takes half a dozen mappings, of which Linux gives a process 65,530,
/// and one that is started and finds none left for its signal stack comes to nothing.
const AT_ONCE_MAX: u32 = 8192;

const MODULE: &str = "wasi";
const SPAWN: &str = "thread-spawn";
const START: &str = "wasi_thread_start";

/// How long a thread that wants one more than there may be waits for one to go. Who has seen in the guest's memory
/// that a thread is done sees it before its host's thread is gone.
const SETTLE: Duration = Duration::from_millis(100);

/// Whether a module is made for threads: it imports a shared memory or `thread-spawn`.
pub fn uses_threads(module: &Module) -> bool {
    let imports = &module.interface().imports;
    imports.iter().any(|import| match import.ty {
        ImportType::Memory(memory) => memory.shared,
        ImportType::Func(_) => import.module == MODULE && import.name == SPAWN,
        _ => false,
    })
}

/// A guest with threads, about to be run.
pub struct Threads<T>(Arc<Group<T>>);

/// What the threads of a guest have in common.
struct Group<T> {
    module: Module,
    linker: Linker<T>,
    store: StoreConfig,
    context: fn(&mut T) -> &mut WasiCtx,
    live: Mutex<Live>,
    /// Told when a thread is gone.
    gone: Condvar,
    /// Is told what ended the guest, if it was not main; taken out by the first.
    over: Mutex<Option<Over>>,
}

type Over = Box<dyn FnOnce(RunError) + Send>;

/// Numbers of threads that run.
#[derive(Debug)]
struct Live {
    ids: BTreeSet<u32>,
    next: u32,
}

impl Live {
    /// The next number that no thread has; there must be one.
    fn take(&mut self) -> u32 {
        loop {
            let id = self.next;
            self.next = id % ID_MAX + 1;
            if self.ids.insert(id) {
                return id;
            }
        }
    }
}

/// How the first thread that ended the guest did so.
enum Ended<R> {
    Main(std::thread::Result<R>),
    Other(RunError),
}

impl<T: Clone + Send + 'static> Threads<T> {
    /// Adds to `linker` what `module` needs for threads: shared memories for those that it imports, and
    /// `thread-spawn`. Stores of threads get a clone of the first one's data, and `config`.
    pub fn new(
        module: &Module,
        mut linker: Linker<T>,
        config: StoreConfig,
        context: fn(&mut T) -> &mut WasiCtx,
    ) -> Result<Self, Error> {
        for import in &module.interface().imports {
            if let ImportType::Memory(ty) = import.ty
                && ty.shared
                && !linker.defines(&import.module, &import.name)
            {
                let memory = SharedMemory::new(ty, config.memory_bytes_max)?;
                linker.define_shared_memory(&import.module, &import.name, &memory);
            }
        }
        Ok(Threads(Arc::new_cyclic(|group: &Weak<Group<T>>| {
            let group = group.clone();
            let spawn = move |mut caller: Caller<'_, T>, start_arg: i32| {
                // There is a group as long as one of its threads runs, and one of them calls.
                let group = group.upgrade().ok_or_else(|| Trap::exit(0))?;
                group.thread_spawn(caller.data_mut(), start_arg)
            };
            linker.func(MODULE, SPAWN, spawn);
            Group {
                module: module.clone(),
                linker,
                store: config,
                context,
                live: Mutex::new(Live {
                    ids: BTreeSet::new(),
                    next: 1,
                }),
                gone: Condvar::new(),
                over: Mutex::default(),
            }
        })))
    }

    /// Runs `main` in the guest's first thread, a thread of the host's of its own, and waits until it returns or
    /// another thread ends the guest, which is the error.
    pub fn run<R: Send + 'static>(
        self,
        mut data: T,
        main: impl FnOnce(&Linker<T>, &mut Store<T>, &Module) -> R + Send + 'static,
    ) -> Result<R, RunError> {
        let group = self.0;
        let process = Arc::clone(&(group.context)(&mut data).process);
        let (sender, ended) = channel();
        let other = sender.clone();
        *lock(&group.over) = Some(Box::new(move |error| {
            // Nobody listens any more if main was first.
            let _ = other.send(Ended::Other(error));
        }));
        let first = Arc::clone(&group);
        start_host_thread("guest-main".into(), &group.store, move || {
            let mut store = Store::with_config(data, first.store.clone());
            let run = || main(&first.linker, &mut store, &first.module);
            let result = catch_unwind(AssertUnwindSafe(run));
            drop(store);
            let _ = sender.send(Ended::Main(result));
        })
        .map_err(RunError::Thread)?;
        let ended = ended.recv();
        process.end.set();
        match ended {
            Ok(Ended::Main(Ok(result))) => Ok(result),
            Ok(Ended::Main(Err(panic))) => resume_unwind(panic),
            Ok(Ended::Other(error)) => Err(error),
            Err(_) => unreachable!("main says how it ended"),
        }
    }
}

impl<T: Clone + Send + 'static> Group<T> {
    /// `thread-spawn`: starts a thread that calls `wasi_thread_start` with its number and `start_arg`, and gives the
    /// number, from 1 to 2^29 - 1. A negative number is an error code: `again` if there are as many threads as there
    /// may be, or the host has no room for one; `nosys` if the module exports nothing to start.
    fn thread_spawn(self: &Arc<Self>, data: &mut T, start_arg: i32) -> Result<i32, Trap> {
        let process = Arc::clone(&(self.context)(data).process);
        process.end.check()?;
        let id = self.spawn(data, process.threads_max, start_arg);
        if let Some(trace) = &process.trace {
            let call = format!("thread-spawn(start_arg={start_arg})");
            match &id {
                Ok(id) => trace::ended(trace, &call, id),
                Err(errno) => trace::ended(trace, &call, trace::Outcome::Returned(*errno)),
            }
        }
        Ok(id.map_or_else(|errno| -i32::from(errno.code()), |id| id as i32))
    }

    fn spawn(self: &Arc<Self>, data: &T, threads_max: u32, start_arg: i32) -> Result<u32, Errno> {
        if !exports_function(&self.module, START) {
            return Err(Errno::Nosys);
        }
        let thread = self.reserve(threads_max).ok_or(Errno::Again)?;
        let id = thread.id;
        let data = data.clone();
        let run = move || thread.run(data, start_arg);
        start_host_thread(format!("guest-{id}"), &self.store, run).map_err(|_| Errno::Again)?;
        Ok(id)
    }

    /// A number for a new thread, if there may be one more; if not, after giving one that is about to go the time to.
    fn reserve(self: &Arc<Self>, threads_max: u32) -> Option<Thread<T>> {
        let threads_max = threads_max.min(AT_ONCE_MAX) as usize;
        let live = lock(&self.live);
        let is_full = |live: &mut Live| live.ids.len() >= threads_max;
        let waited = self.gone.wait_timeout_while(live, SETTLE, is_full);
        let (mut live, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return None;
        }
        Some(Thread {
            id: live.take(),
            group: Arc::clone(self),
        })
    }
}

impl<T> Group<T> {
    fn end(&self, error: RunError) {
        let over = lock(&self.over).take();
        if let Some(over) = over {
            over(error);
        }
    }
}

/// A thread beside the first, from the moment it has a number until nothing of it is left.
struct Thread<T> {
    group: Arc<Group<T>>,
    id: u32,
}

impl<T: 'static> Thread<T> {
    fn run(self, data: T, start_arg: i32) {
        if let Err(error) = self.call_start(data, start_arg) {
            self.group.end(error);
        }
    }

    fn call_start(&self, data: T, start_arg: i32) -> Result<(), RunError> {
        let group = &self.group;
        let mut store = Store::with_config(data, group.store.clone());
        let instance = group.linker.instantiate(&mut store, &group.module);
        let instance = instance.map_err(|error| match error {
            Error::Trap(trap) => RunError::Trap(trap),
            error => RunError::Instantiate(error),
        })?;
        let start = instance.func(&store, START).ok_or(RunError::NoStart)?;
        let ty = start.ty(&store);
        if ty.params != [ValType::I32, ValType::I32] || !ty.results.is_empty() {
            return Err(RunError::ThreadStartType(ty));
        }
        let args = [Val::I32(self.id as i32), Val::I32(start_arg)];
        start.call(&mut store, &args).map_err(RunError::Trap)?;
        Ok(())
    }
}

impl<T> Drop for Thread<T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let panicked = "the host's side of a thread panicked";
            self.group.end(RunError::Trap(Trap::host(panicked)));
        }
        lock(&self.group.live).ids.remove(&self.id);
        self.group.gone.notify_one();
    }
}

/// Starts a thread of the host's that has as much stack as a guest may use.
fn start_host_thread(
    name: String,
    config: &StoreConfig,
    run: impl FnOnce() + Send + 'static,
) -> std::io::Result<()> {
    let thread = std::thread::Builder::new()
        .name(name)
        .stack_size(config.thread_stack_bytes());
    thread.spawn(run).map(drop)
}

fn lock<V>(mutex: &Mutex<V>) -> MutexGuard<'_, V> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_not_used_twice_at_once() {
        let mut live = Live {
            ids: BTreeSet::from([1, 2, ID_MAX]),
            next: ID_MAX - 1,
        };
        assert_eq!([live.take(), live.take()], [ID_MAX - 1, 3]);
        live.ids.remove(&1);
        assert_eq!(live.take(), 4);
    }
}
