//! A thread's registry: which plugins share a VM, and what happens when one fails.

use crate::embedder::MODES;
use crate::guest::{filter, wat};
use ahead_filter_host::MemoryHost;
use ahead_proxy_wasm::abi::AbiVersion;
use ahead_proxy_wasm::{
    Admission, Backoff, Error, FailurePolicy, Filter, PluginConfig, Shared, VmSource, Worker,
};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Counts the VMs that it is asked for.
#[derive(Clone, Default)]
struct Source {
    made: Rc<Cell<u32>>,
    reports: Rc<RefCell<Vec<String>>>,
}

impl VmSource<MemoryHost> for Source {
    fn host(&self, _: &PluginConfig) -> MemoryHost {
        self.made.set(self.made.get() + 1);
        MemoryHost::default()
    }

    fn wake(&self, _: &PluginConfig) -> Box<dyn Fn() + Send + Sync> {
        Box::new(|| {})
    }

    fn report(&self, config: &PluginConfig, error: &Error) {
        let report = format!("{}: {error}", config.name);
        self.reports.borrow_mut().push(report);
    }
}

fn worker() -> (Worker<MemoryHost>, Source) {
    let source = Source::default();
    (Worker::new(Shared::new(), source.clone()), source)
}

/// Traps on a request with 13 headers; does not start with the configuration `no`.
fn fragile() -> Filter<MemoryHost> {
    let text = wat(
        AbiVersion::V0_2_1,
        &[
            (
                "proxy_on_request_headers",
                "(if (i32.eq (local.get 1) #13) (then unreachable))",
            ),
            (
                "proxy_on_configure",
                "(if (i32.eq (local.get 1) #2) (then (return #0)))",
            ),
            ("proxy_on_done", "(return (i32.eqz (local.get 0)))"),
            ("proxy_on_tick", "(drop (call $proxy_done))"),
        ],
    );
    filter(&text, MODES[0]).unwrap()
}

fn config(name: &str, failure_policy: FailurePolicy) -> Arc<PluginConfig> {
    Arc::new(PluginConfig {
        name: name.into(),
        failure_policy,
        ..PluginConfig::default()
    })
}

/// Opens a stream with so many headers; whether its filter did not trap.
fn request(admission: Admission<MemoryHost>, count: u32) -> bool {
    let Admission::Filter(vm, root) = admission else {
        panic!("{admission:?}");
    };
    let mut vm = vm.borrow_mut();
    let id = vm.open_stream(root, Default::default()).unwrap();
    vm.on_request_headers(id, count, true).is_ok()
}

#[test]
fn plugins_of_one_code_and_id_share_a_vm() {
    let (mut worker, source) = worker();
    let filter = fragile();
    let now = Instant::now();
    let [one, two] =
        ["one", "two"].map(|name| worker.plugin(&filter, &config(name, FailurePolicy::FailClosed)));
    assert!(request(one.admit(now), 1));
    assert!(request(two.admit(now), 1));
    assert_eq!(source.made.get(), 1);
    let (one_vm, one_root) = one.running().unwrap();
    let (two_vm, two_root) = two.running().unwrap();
    assert!(Rc::ptr_eq(&one_vm, &two_vm));
    assert_ne!(one_root, two_root);
    // Equal plugins are one.
    let again = worker.plugin(&filter, &config("one", FailurePolicy::FailClosed));
    assert!(Rc::ptr_eq(&one, &again));
    // Another `vm_id`, another configuration, other code: another VM.
    let mut other = PluginConfig::clone(&config("one", FailurePolicy::FailClosed));
    other.vm_id = "other".into();
    assert!(request(
        worker.plugin(&filter, &Arc::new(other.clone())).admit(now),
        1
    ));
    other.vm_configuration = b"x".into();
    assert!(request(
        worker.plugin(&filter, &Arc::new(other)).admit(now),
        1
    ));
    let same = fragile();
    assert!(request(worker.plugin(&same, again.config()).admit(now), 1));
    assert_eq!(source.made.get(), 4);
    assert_eq!(worker.vms().len(), 4);
}

#[test]
fn closed_stays_closed_and_open_lets_pass() {
    for (policy, after) in [
        (FailurePolicy::FailClosed, "Refuse"),
        (FailurePolicy::FailOpen, "Skip"),
    ] {
        let (mut worker, source) = worker();
        let plugin = worker.plugin(&fragile(), &config("p", policy));
        let now = Instant::now();
        assert!(request(plugin.admit(now), 1));
        assert!(!request(plugin.admit(now), 13));
        for later in [0, 1, 3600] {
            let admission = plugin.admit(now + Duration::from_secs(later));
            assert_eq!(format!("{admission:?}"), after);
        }
        assert!(plugin.running().is_none());
        assert!(worker.vms().is_empty());
        assert_eq!(source.made.get(), 1);
    }
}

#[test]
fn reload_makes_a_new_vm_when_the_backoff_is_over() {
    let (mut worker, source) = worker();
    let backoff = Backoff {
        base: Duration::from_secs(1),
        max: Duration::from_secs(10),
    };
    let filter = fragile();
    let policy = FailurePolicy::Reload(backoff);
    let plugin = worker.plugin(&filter, &config("p", policy));
    let neighbour = worker.plugin(&filter, &config("n", policy));
    let start = Instant::now();
    let at = |milliseconds| start + Duration::from_millis(milliseconds);
    assert!(!request(plugin.admit(at(0)), 13));
    assert!(matches!(plugin.admit(at(0)), Admission::Refuse));
    assert!(matches!(plugin.admit(at(999)), Admission::Refuse));
    // The VM was the neighbour's as well, and is made for both.
    assert!(matches!(neighbour.admit(at(999)), Admission::Refuse));
    assert!(request(neighbour.admit(at(1000)), 1));
    assert!(!request(plugin.admit(at(1000)), 13));
    assert_eq!(source.made.get(), 2);
    assert!(matches!(plugin.admit(at(1000)), Admission::Refuse));
    assert!(matches!(plugin.admit(at(2999)), Admission::Refuse));
    assert!(request(plugin.admit(at(3000)), 1));
    assert_eq!(source.made.get(), 3);
}

#[test]
fn a_plugin_that_does_not_start_is_reported_and_falls_under_its_policy() {
    let (mut worker, source) = worker();
    let filter = fragile();
    let refusing = |policy| {
        let mut refusing = PluginConfig::clone(&config("p", policy));
        refusing.configuration = b"no".into();
        Arc::new(refusing)
    };
    let closed = worker.plugin(&filter, &refusing(FailurePolicy::FailClosed));
    let error = closed.start().unwrap_err().to_string();
    assert_eq!(error, "`proxy_on_configure` returned false");
    let now = Instant::now();
    assert!(matches!(closed.admit(now), Admission::Refuse));
    let open = worker.plugin(&filter, &refusing(FailurePolicy::FailOpen));
    assert!(matches!(open.admit(now), Admission::Skip));
    // Its neighbour in the same VM is none the worse for it.
    let fine = worker.plugin(&filter, &config("fine", FailurePolicy::FailClosed));
    assert!(request(fine.admit(now), 1));
    let report = "p: `proxy_on_configure` returned false";
    assert_eq!(*source.reports.borrow(), [report; 2]);
    assert_eq!(source.made.get(), 1);
}

#[test]
fn a_vm_in_a_call_can_take_no_plugin_and_is_well_afterwards() {
    let (mut worker, source) = worker();
    let filter = fragile();
    let now = Instant::now();
    let first = worker.plugin(&filter, &config("first", FailurePolicy::FailClosed));
    let second = worker.plugin(&filter, &config("second", FailurePolicy::FailClosed));
    let (vm, _) = first.start().unwrap();
    let busy = vm.borrow_mut();
    assert!(matches!(second.start(), Err(Error::Busy)));
    assert!(matches!(second.admit(now), Admission::Refuse));
    // Streams of the first find their VM, and wait for it.
    assert!(matches!(first.admit(now), Admission::Filter(..)));
    assert_eq!(worker.vms().len(), 1);
    assert_eq!(worker.next_tick(), None);
    drop(busy);
    assert!(request(second.admit(now), 1));
    assert!(source.reports.borrow().is_empty());
}

#[test]
fn what_nobody_holds_ends() {
    let (mut worker, _) = worker();
    let filter = fragile();
    let plugin = worker.plugin(&filter, &config("p", FailurePolicy::FailClosed));
    let (vm, root) = plugin.start().unwrap();
    worker.sweep();
    assert!(vm.borrow().has_root(root));
    drop(plugin);
    // A VM that is busy is left for the next time.
    let busy = vm.borrow_mut();
    worker.sweep();
    drop(busy);
    assert!(vm.borrow().has_root(root));
    // `proxy_on_done` asks to wait, until a tick.
    worker.sweep();
    assert!(vm.borrow().has_root(root));
    assert_eq!(worker.vms().len(), 1);
    vm.borrow_mut().on_tick(root).unwrap();
    assert!(!vm.borrow().has_root(root));
    worker.sweep();
    assert!(worker.vms().is_empty());
    assert_eq!(Rc::strong_count(&vm), 1);
}
