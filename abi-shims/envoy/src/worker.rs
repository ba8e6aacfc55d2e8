//! One of Envoy's threads: its VMs, calls into them, and what waits for them.
//!
//! Envoy comes back to the adapter from many of its own functions, on the same thread. So a VM is borrowed for one call
//! and no longer: what the filter asked to be done to streams is done when the VM is free, and an event that finds
//! it busy waits in a queue.

use crate::callout::{self, CalloutEvent};
use crate::host::{EnvoyHost, EnvoyStream, Source};
use crate::mailbox::{self, Mailbox};
use crate::plugin::{self, EnvoyPlugin};
use crate::{log, sys, timer};
use ahead_proxy_wasm::{
    Admission, CalloutId, ContextId, Effect, Error, Failed, Plugin, Shared, Vm, VmHandle, Worker,
};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::{Arc, Weak};
use std::time::Instant;

/// What this thread has.
struct Thread {
    worker: Worker<EnvoyHost>,
    /// Few, and looked for with each stream.
    plugins: Vec<Known>,
    mailbox: Arc<Mailbox>,
}

/// A configuration's plugin on this thread.
struct Known {
    /// The number of the configuration.
    number: u64,
    of: Weak<EnvoyPlugin>,
    plugin: Rc<Plugin<EnvoyHost>>,
}

/// An event that found its VM busy.
enum Later {
    Callout(CalloutId, CalloutEvent),
    Close(ContextId),
}

thread_local! {
    static THREAD: RefCell<Option<Thread>> = const { RefCell::new(None) };
    static STARTING: RefCell<Option<Arc<EnvoyPlugin>>> = const { RefCell::new(None) };
    static LATER: RefCell<VecDeque<(VmHandle<EnvoyHost>, Later)>> = const { RefCell::new(VecDeque::new()) };
    /// Calls into VMs under way.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// The plugins of this worker have been ended: Envoy is about to.
    static ENDED: Cell<bool> = const { Cell::new(false) };
}

fn with_thread<R>(f: impl FnOnce(&mut Thread) -> R) -> R {
    THREAD.with_borrow_mut(|thread| {
        f(thread.get_or_insert_with(|| Thread {
            worker: Worker::new(Shared::of_process(), Source),
            plugins: Vec::new(),
            mailbox: Mailbox::own(),
        }))
    })
}

/// The configuration whose plugin is being started on this thread.
pub fn starting() -> Option<Arc<EnvoyPlugin>> {
    STARTING.with_borrow(Option::clone)
}

/// This thread's plugin of a configuration. A configuration like one that is there already gets that one's plugin and VM.
fn plugin_of(plugin: &Arc<EnvoyPlugin>) -> Rc<Plugin<EnvoyHost>> {
    let (handle, is_new) = with_thread(|thread| {
        let known = thread.plugins.iter();
        let mut known = known.filter(|known| known.number == plugin.number);
        if let Some(known) = known.next() {
            return (Rc::clone(&known.plugin), false);
        }
        let handle = thread
            .worker
            .plugin(&plugin.artefact.filter, &plugin.plugin);
        thread.plugins.push(Known {
            number: plugin.number,
            of: Arc::downgrade(plugin),
            plugin: Rc::clone(&handle),
        });
        (handle, true)
    });
    if is_new && let Some((vm, _)) = handle.running() {
        settle(plugin, &vm);
    }
    handle
}

/// Starts a configuration's plugin on this thread, whatever its failure policy says.
pub fn start(plugin: &Arc<EnvoyPlugin>) -> Result<(), Error> {
    let handle = plugin_of(plugin);
    let (vm, _) = while_starting(plugin, || handle.start())?;
    settle(plugin, &vm);
    Ok(())
}

/// What a new stream has to do with a configuration's filter.
pub fn admit(plugin: &Arc<EnvoyPlugin>) -> Admission<EnvoyHost> {
    if ENDED.get() {
        return Admission::Refuse;
    }
    let handle = plugin_of(plugin);
    if let Some((vm, root)) = handle.running() {
        return Admission::Filter(vm, root);
    }
    let admission = while_starting(plugin, || handle.admit(Instant::now()));
    if let Admission::Filter(vm, _) = &admission {
        settle(plugin, vm);
    }
    admission
}

fn while_starting<R>(plugin: &Arc<EnvoyPlugin>, f: impl FnOnce() -> R) -> R {
    STARTING.set(Some(Arc::clone(plugin)));
    DEPTH.set(DEPTH.get() + 1);
    let result = f();
    DEPTH.set(DEPTH.get() - 1);
    STARTING.set(None);
    result
}

/// What there is to do when a plugin has been started.
fn settle(plugin: &Arc<EnvoyPlugin>, vm: &VmHandle<EnvoyHost>) {
    // A VM that is busy belongs to another plugin as well, and gets the rest done there.
    let _ = drive(vm, |vm| vm.host_mut().add_home(plugin));
    sys::give_back();
}

/// The VM is in a call already.
#[derive(Debug)]
pub struct Busy;

/// Calls into a VM, does what the filter asked for, and delivers what came meanwhile.
pub fn drive<R>(
    vm: &VmHandle<EnvoyHost>,
    f: impl FnOnce(&mut Vm<EnvoyHost>) -> R,
) -> Result<R, Busy> {
    let Ok(mut borrowed) = vm.try_borrow_mut() else {
        return Err(Busy);
    };
    DEPTH.set(DEPTH.get() + 1);
    let result = f(&mut borrowed);
    DEPTH.set(DEPTH.get() - 1);
    let effects = borrowed.take_effects();
    let ticks_changed = std::mem::take(&mut borrowed.host_mut().ticks_changed);
    let failed = borrowed.failed().cloned();
    let untold = failed.filter(|_| !std::mem::replace(&mut borrowed.host_mut().failure_told, true));
    drop(borrowed);
    if let Some(failed) = untold {
        tell_failure(vm, &failed);
    }
    for effect in effects {
        apply(vm, effect);
    }
    if ticks_changed {
        set_timer();
    }
    if DEPTH.get() == 0 {
        deliver_later();
    }
    Ok(result)
}

fn tell_failure(vm: &VmHandle<EnvoyHost>, failed: &Failed) {
    let names = vm.try_borrow().map(|vm| vm.host().names());
    let names = names.unwrap_or_default();
    log::error(&format!("{}: {failed}", names.join(", ")));
}

/// Does what a filter asked to be done to a stream, if the stream is still there: what was done before may have ended
/// it.
fn apply(vm: &VmHandle<EnvoyHost>, effect: Effect) {
    let stream = match vm.try_borrow() {
        Ok(vm) => match vm.stream(effect.stream()) {
            Some(EnvoyStream::Http(stream)) => EnvoyStream::Http(Rc::clone(stream)),
            Some(EnvoyStream::Tcp(stream)) => EnvoyStream::Tcp(Rc::clone(stream)),
            None => return,
        },
        Err(_) => return,
    };
    match stream {
        EnvoyStream::Http(stream) => stream.apply(effect),
        EnvoyStream::Tcp(stream) => stream.apply(effect),
    }
}

fn deliver_later() {
    while let Some((vm, later)) = LATER.with_borrow_mut(VecDeque::pop_front) {
        // Nothing is under way, so no VM is busy.
        match later {
            Later::Callout(id, event) => tell(&vm, id, event),
            Later::Close(id) => close(&vm, id),
        }
    }
}

/// Tells a VM of an event of one of its requests, as soon as it is free.
pub fn tell(vm: &VmHandle<EnvoyHost>, id: CalloutId, event: CalloutEvent) {
    if vm.try_borrow_mut().is_err() {
        LATER.with_borrow_mut(|later| later.push_back((Rc::clone(vm), Later::Callout(id, event))));
        return;
    }
    // A failure is told in `drive`, and every later call finds it.
    let _ = drive(vm, |vm| callout::deliver(vm, id, event));
}

/// Tells a VM that a stream is gone, as soon as it is free.
pub fn close(vm: &VmHandle<EnvoyHost>, id: ContextId) {
    if vm.try_borrow_mut().is_err() {
        LATER.with_borrow_mut(|later| later.push_back((Rc::clone(vm), Later::Close(id))));
        return;
    }
    let _ = drive(vm, |vm| vm.close_stream(id));
}

/// Has the thread woken for the next tick.
fn set_timer() {
    with_thread(|thread| timer::set(&thread.mailbox, thread.worker.next_tick()));
}

/// Does what waits for this thread, if there is any and no VM is in a call. Cheap if there is none: called before
/// each event of a stream.
pub fn look() {
    if Mailbox::own_is_pending() && DEPTH.get() == 0 {
        run_pending();
    }
}

/// The same, and starts the filters that this thread does not have yet, or ends all when Envoy is about to end.
pub fn look_for_plugins() {
    if DEPTH.get() > 0 {
        return;
    }
    if mailbox::is_ending() {
        end_plugins();
        return;
    }
    for plugin in plugin::live() {
        let known = with_thread(|thread| {
            let mut known = thread.plugins.iter();
            known.any(|known| known.number == plugin.number)
        });
        if !known {
            // What is wrong is told by the worker; the next stream tries again as the policy has it.
            let _ = admit(&plugin);
        }
    }
    run_pending();
}

/// Ends this worker's plugins, once.
fn end_plugins() {
    if ENDED.replace(true) || THREAD.with_borrow(Option::is_none) {
        return;
    }
    with_thread(|thread| {
        thread.plugins.clear();
        thread.worker.sweep();
        timer::set(&thread.mailbox, None);
    });
    mailbox::worker_ended();
}

fn run_pending() {
    let (deliveries, vms) = with_thread(|thread| {
        let deliveries = thread.mailbox.take();
        let before = thread.plugins.len();
        thread
            .plugins
            .retain(|known| known.of.upgrade().is_some_and(|of| !of.is_gone()));
        if thread.plugins.len() != before {
            // The guests that this ends have nothing of Envoy's left to come back from.
            thread.worker.sweep();
        }
        (deliveries, thread.worker.vms())
    });
    let now = Instant::now();
    for vm in &vms {
        let Ok((tick, queue)) = vm
            .try_borrow()
            .map(|vm| (vm.next_tick(), vm.has_queue_notices()))
        else {
            continue;
        };
        if tick.is_some_and(|tick| tick <= now) {
            let _ = drive(vm, |vm| vm.run_ticks(now));
        }
        if queue {
            let _ = drive(vm, Vm::on_queue_ready);
        }
    }
    for delivery in deliveries {
        let is_it = |vm: &&VmHandle<EnvoyHost>| {
            vm.try_borrow()
                .is_ok_and(|vm| vm.host().number == delivery.vm)
        };
        if let Some(vm) = vms.iter().find(is_it) {
            tell(vm, delivery.callout, delivery.event);
        }
    }
    set_timer();
}

/// Whether the VM waits for something that comes from outside its streams, and this worker cannot be reached.
pub fn wants_a_way(vm: &VmHandle<EnvoyHost>) -> Option<Arc<Mailbox>> {
    if mailbox::has_helper() {
        return None;
    }
    let waits = |vm: &Vm<EnvoyHost>| vm.next_tick().is_some() || vm.host().expects_mail();
    // Few wait for anything, so the mailbox, which others share, is looked at last.
    if !vm.try_borrow().is_ok_and(|vm| waits(&vm)) {
        return None;
    }
    let mailbox = Mailbox::own();
    mailbox.needs_a_way().then_some(mailbox)
}
