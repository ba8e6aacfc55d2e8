//! The helper cluster: it has no hosts and takes no requests; it is there so that workers can be reached.

use super::guarded;
use crate::mailbox::{self, on_main_thread};
use crate::plugin;
use crate::sys::{EnvoyBuffer, EnvoyPtr, HelperCluster, ModulePtr};
use crate::worker;
use std::ffi::c_void;
use std::ptr::{self, NonNull};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What Envoy gets for an object of ours that has nothing in it.
fn nothing() -> ModulePtr {
    NonNull::<u64>::dangling().as_ptr().cast()
}

#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_cluster_config_new(
    _config: EnvoyPtr,
    _name: EnvoyBuffer,
    _text: EnvoyBuffer,
) -> ModulePtr {
    nothing()
}

#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_cluster_config_destroy(_config: ModulePtr) {}

#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_cluster_new(
    _config: ModulePtr,
    _cluster: EnvoyPtr,
) -> ModulePtr {
    // A number in the place of an object: it is all that tells clusters apart.
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    ptr::without_provenance(NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Not before this Envoy can make a scheduler for the cluster.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_cluster_init(
    cluster: EnvoyPtr,
    number: ModulePtr,
) {
    guarded((), || {
        on_main_thread();
        // SAFETY: what Envoy passed; only its scheduler is kept, and that until `on_cluster_destroy`.
        let cluster = unsafe { HelperCluster::new(cluster) };
        if let Some(scheduler) = cluster.scheduler() {
            mailbox::add_helper(number.addr(), scheduler);
        }
        cluster.initialised();
        mailbox::wake_all();
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_cluster_destroy(number: ModulePtr) {
    guarded((), || mailbox::remove_helper(number.addr()));
}

/// On the main thread: somebody woke a thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_cluster_scheduled(
    cluster: EnvoyPtr,
    _ours: ModulePtr,
    _event: u64,
) {
    guarded((), || {
        worker::look();
        if mailbox::is_ending() && mailbox::all_workers_ended() {
            complete_shutdown();
            return;
        }
        // SAFETY: what Envoy passed, for the length of the hook.
        unsafe { HelperCluster::new(cluster) }.run_on_all_workers();
    });
}

/// What Envoy waits for before it ends.
struct Completion {
    function: unsafe extern "C" fn(*mut c_void),
    context: *mut c_void,
}

// SAFETY: it is made and called on the main thread.
unsafe impl Send for Completion {}

static COMPLETION: Mutex<Option<Completion>> = Mutex::new(None);

fn complete_shutdown() {
    let completion = mailbox::lock(&COMPLETION).take();
    if let Some(completion) = completion {
        // SAFETY: Envoy's function with Envoy's argument, once.
        unsafe { (completion.function)(completion.context) };
    }
}

/// Envoy is about to end, and workers still run: plugins are told.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_cluster_shutdown(
    cluster: EnvoyPtr,
    _ours: ModulePtr,
    function: unsafe extern "C" fn(*mut c_void),
    context: *mut c_void,
) {
    guarded((), || {
        for plugin in plugin::live() {
            plugin.close_hub();
        }
        *mailbox::lock(&COMPLETION) = Some(Completion { function, context });
        if !mailbox::end_workers() {
            complete_shutdown();
            return;
        }
        // SAFETY: what Envoy passed, for the length of the hook.
        unsafe { HelperCluster::new(cluster) }.run_on_all_workers();
    });
}

/// On each worker.
#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_cluster_worker_event(
    _cluster: EnvoyPtr,
    _ours: ModulePtr,
    _event: u64,
) {
    guarded((), worker::look_for_plugins);
}

/// Envoy is about to let workers run: what was posted to them before may not have reached them.
#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_cluster_server_initialized(
    _cluster: EnvoyPtr,
    _ours: ModulePtr,
) {
    guarded((), mailbox::wake_all);
}

#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_cluster_lb_new(
    _cluster: ModulePtr,
    _balancer: EnvoyPtr,
) -> ModulePtr {
    nothing()
}

#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_cluster_lb_destroy(_balancer: ModulePtr) {}

/// There is no host.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_cluster_lb_choose_host(
    _balancer: ModulePtr,
    _context: EnvoyPtr,
    host: *mut EnvoyPtr,
    asynchronous: *mut ModulePtr,
) {
    if !host.is_null() {
        // SAFETY: Envoy's place for an answer.
        unsafe { host.write(ptr::null_mut()) };
    }
    if !asynchronous.is_null() {
        // SAFETY: Envoy's place for an answer.
        unsafe { asynchronous.write(ptr::null()) };
    }
}
