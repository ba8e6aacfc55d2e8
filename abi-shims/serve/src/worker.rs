//! One thread's share of the proxy: its pools, its virtual machines, the exchanges that run on it.
//!
//! What happens to virtual machines outside of requests (ticks, queues, answers to callouts, new chains) happens here,
//! and so does what filters asked for in a callback: [`Worker::settle`] hands it to the exchanges when the guest has
//! returned. Nothing is borrowed then, so each may come back with the next event.

use crate::access_log::AccessLog;
use crate::config::{Config, Transport, Upstream};
use crate::exchange::{Command, Way};
use crate::filter::{Attached, failure};
use crate::filters::{Chain, Opened};
use crate::headers::Name;
use crate::host::Host;
use crate::local_reply::LocalReply;
use crate::metrics::Metrics;
use crate::upstream::Pool;
use ahead_proxy_wasm::abi::StreamType;
use ahead_proxy_wasm::{
    Effect, Failed, LocalResponse, Plugin, PluginConfig, Shared as SharedState, Vm, VmHandle,
    VmSource,
};
use http::{HeaderValue, StatusCode};
use rustls::{ClientConfig, ServerConfig};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// Runs hyper's tasks on the thread that makes them.
#[derive(Clone, Copy, Debug)]
pub struct LocalExecutor;

impl<F> hyper::rt::Executor<F> for LocalExecutor
where
    F: Future + 'static,
    F::Output: 'static,
{
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}

/// What all workers share.
#[derive(Debug)]
pub struct Shared {
    pub config: Config,
    pub metrics: Arc<Metrics>,
    pub access_log: AccessLog,
    pub server_tls: Option<Arc<ServerConfig>>,
    pub client_tls: Option<Arc<ClientConfig>>,
    pub next_connection: AtomicU64,
}

#[derive(Debug)]
pub struct Worker {
    shared: Arc<Shared>,
    pools: Vec<Rc<Pool>>,
    registry: RefCell<ahead_proxy_wasm::Worker<Host>>,
    /// The chain that new exchanges pass.
    plugins: RefCell<Vec<Rc<Plugin<Host>>>>,
    /// A tick may be due, or a queue has something.
    attention: Arc<Notify>,
    exchanges: Cell<usize>,
    exchange_ended: Notify,
}

/// Makes what a new virtual machine needs of the worker.
struct Source {
    worker: Weak<Worker>,
    metrics: Arc<Metrics>,
    attention: Arc<Notify>,
    next: Cell<u64>,
}

impl VmSource<Host> for Source {
    fn host(&self, _: &PluginConfig) -> Host {
        let number = self.next.replace(self.next.get() + 1);
        Host::new(number, &self.worker, &self.metrics)
    }

    fn wake(&self, _: &PluginConfig) -> Box<dyn Fn() + Send + Sync> {
        let attention = self.attention.clone();
        Box::new(move || attention.notify_one())
    }

    fn report(&self, config: &PluginConfig, error: &ahead_proxy_wasm::Error) {
        log::error!("filter `{}`: {error}", config.name);
        self.metrics.filter_failures.add(1);
    }
}

impl Worker {
    pub fn new(shared: Arc<Shared>) -> Rc<Worker> {
        let config = &shared.config;
        let pool = |(index, upstream): (usize, &Upstream)| {
            let tls = shared.client_tls.clone();
            let tls = tls.filter(|_| upstream.transport == Transport::Https);
            let metrics = shared.metrics.clone();
            let pool = Pool::new(
                upstream,
                index,
                metrics,
                tls,
                &config.timeouts,
                &config.limits,
            );
            Rc::new(pool)
        };
        let pools = config.upstreams.iter().enumerate().map(pool).collect();
        let attention = Arc::new(Notify::new());
        Rc::new_cyclic(|worker| {
            let source = Source {
                worker: worker.clone(),
                metrics: shared.metrics.clone(),
                attention: attention.clone(),
                next: Cell::new(0),
            };
            Worker {
                pools,
                registry: RefCell::new(ahead_proxy_wasm::Worker::new(
                    SharedState::of_process(),
                    source,
                )),
                plugins: RefCell::default(),
                attention,
                exchanges: Cell::new(0),
                exchange_ended: Notify::new(),
                shared,
            }
        })
    }

    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.shared.metrics
    }

    pub fn access_log(&self) -> &AccessLog {
        &self.shared.access_log
    }

    // --- upstreams ------------------------------------------------------------------------------------------------

    /// The upstream for a path, by its index.
    pub fn route(&self, path: &str) -> usize {
        let routes = &self.config().routes;
        let fits = routes.iter().find(|route| path.starts_with(&route.prefix));
        fits.map_or(0, |route| route.upstream)
    }

    pub fn pool(&self, index: usize) -> Rc<Pool> {
        self.pools[index].clone()
    }

    pub fn pool_of(&self, upstream: &[u8]) -> Option<Rc<Pool>> {
        let named = |pool: &&Rc<Pool>| pool.upstream.name.as_bytes() == upstream;
        self.pools.iter().find(named).cloned()
    }

    // --- exchanges ------------------------------------------------------------------------------------------------

    /// The filters for a new exchange.
    pub fn attach(&self) -> Vec<Attached> {
        let plugins = self.plugins.borrow();
        let attached = plugins.iter().enumerate();
        attached
            .map(|(index, plugin)| Attached::new(plugin.clone(), index))
            .collect()
    }

    /// Runs an exchange to its end.
    pub fn spawn(self: &Rc<Self>, exchange: impl Future<Output = ()> + 'static) {
        self.exchanges.set(self.exchanges.get() + 1);
        let worker = self.clone();
        tokio::task::spawn_local(async move {
            exchange.await;
            worker.exchanges.set(worker.exchanges.get() - 1);
            worker.exchange_ended.notify_one();
        });
    }

    /// Waits until there are none.
    pub async fn exchanges_ended(&self) {
        while self.exchanges.get() > 0 {
            self.exchange_ended.notified().await;
        }
    }

    // --- virtual machines -----------------------------------------------------------------------------------------

    /// A filter on this thread.
    pub fn plugin(&self, opened: &Opened) -> Rc<Plugin<Host>> {
        let mut registry = self.registry.borrow_mut();
        registry.plugin(&opened.filter, &opened.plugin)
    }

    /// Serves new exchanges with this chain. Those under way keep the filters they have.
    pub fn use_chain(&self, chain: &Chain) {
        let plugins: Vec<_> = chain.0.iter().map(|opened| self.plugin(opened)).collect();
        for plugin in &plugins {
            // Before it is needed: what fails here is told, and again by the failure policy when it is.
            if let Err(error) = plugin.start() {
                log::error!("filter `{}`: {error}", plugin.config().name);
            } else if let Some((vm, _)) = plugin.running() {
                self.settle(&vm);
            }
        }
        *self.plugins.borrow_mut() = plugins;
        self.sweep();
        self.attend();
    }

    /// Ends filters that nothing uses any more.
    pub fn sweep(&self) {
        self.registry.borrow_mut().sweep();
    }

    /// Has ticks and queues looked at.
    pub fn attend(&self) {
        self.attention.notify_one();
    }

    /// Does all that is due at some time and not because of a request, for ever.
    pub async fn run(self: Rc<Self>, mut chain: watch::Receiver<Arc<Chain>>) {
        let mut upkeep = tokio::time::interval(Duration::from_secs(1));
        let mut reloads = true;
        loop {
            let tick = self.registry.borrow().next_tick();
            let ticks = async {
                match tick {
                    Some(tick) => tokio::time::sleep_until(tick.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = ticks => {}
                () = self.attention.notified() => {}
                _ = upkeep.tick() => {
                    self.pools.iter().for_each(|pool| pool.prune());
                    self.sweep();
                }
                changed = chain.changed(), if reloads => match changed {
                    Ok(()) => {
                        let chain = chain.borrow_and_update().clone();
                        self.use_chain(&chain);
                    }
                    Err(_) => reloads = false,
                },
            }
            self.attend_now();
        }
    }

    fn attend_now(&self) {
        let now = Instant::now();
        let vms = self.registry.borrow().vms();
        for vm in vms {
            let Ok(mut borrowed) = vm.try_borrow_mut() else {
                continue;
            };
            let due = borrowed.next_tick().is_some_and(|tick| tick <= now);
            if !due && !borrowed.has_queue_notices() {
                continue;
            }
            // Failures stay in the virtual machine, where settling finds them.
            let _ = borrowed.run_ticks(now);
            let _ = borrowed.on_queue_ready();
            drop(borrowed);
            self.settle(&vm);
        }
    }

    /// Lets the filters end: waits for those that have something to finish.
    pub async fn end_filters(&self) {
        self.plugins.borrow_mut().clear();
        loop {
            self.sweep();
            if self.registry.borrow().vms().is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Tells a virtual machine of something that is not part of an exchange; nothing if it is gone.
    pub fn vm_event(&self, number: u64, event: impl FnOnce(&mut Vm<Host>) -> Result<(), Failed>) {
        let vms = self.registry.borrow().vms();
        let is = |vm: &&VmHandle<Host>| vm.borrow().host().number == number;
        if let Some(vm) = vms.iter().find(is) {
            // A failure stays in the virtual machine, where settling finds it.
            let _ = event(&mut vm.borrow_mut());
            self.settle(vm);
        }
    }

    /// Hands over what filters asked for in the callback that has just returned. Exchanges do it themselves, when they
    /// next may. If the virtual machine has failed, all that are in it fail.
    pub fn settle(&self, vm: &VmHandle<Host>) {
        let mut borrowed = vm.borrow_mut();
        if borrowed.failed().is_some() {
            return self.fail(&mut borrowed);
        }
        for effect in borrowed.take_effects() {
            let Some(stream) = borrowed.stream(effect.stream()) else {
                continue;
            };
            let command = match effect {
                Effect::Continue { direction, .. } => {
                    let way = match direction {
                        StreamType::HttpRequest => Way::Request,
                        StreamType::HttpResponse => Way::Response,
                        StreamType::Downstream | StreamType::Upstream => continue,
                    };
                    Command::Continue {
                        filter: stream.filter,
                        way,
                    }
                }
                Effect::Close {
                    direction: StreamType::HttpRequest | StreamType::HttpResponse,
                    ..
                } => Command::Reset(Cow::Borrowed("wasm_close_stream")),
                // A stream has no connections of its own.
                Effect::Close { .. } => continue,
                Effect::Respond { response, .. } => Command::Respond(reply(response)),
            };
            stream.exchange.command(command);
        }
    }

    fn fail(&self, vm: &mut Vm<Host>) {
        if vm.host().failure_told {
            return;
        }
        vm.host_mut().failure_told = true;
        self.metrics().filter_failures.add(1);
        if let Some(failed) = vm.failed() {
            log::error!("{failed}");
        }
        for (_, stream) in vm.streams() {
            stream.exchange.command(Command::Respond(failure()));
        }
    }
}

/// A filter's own answer.
fn reply(response: LocalResponse) -> LocalReply {
    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let details = String::from_utf8_lossy(&response.details).replace(' ', "_");
    let mut reply = LocalReply::new(status, response.body, details);
    reply.grpc_status = response.grpc_status;
    for (name, value) in response.headers {
        if let (Some(name), Ok(value)) = (Name::parse(&name), HeaderValue::from_bytes(&value)) {
            reply.headers.push((name, value));
        }
    }
    reply
}
