//! A filter configuration of Envoy's: what was asked for, the opened filter, and Envoy's side of it, which ends before
//! the last VM that was made for it does.

use crate::artefact::{self, Artefact};
use crate::config::FilterConfig;
use crate::heard::Heard;
use crate::hub::{Hub, HubNumber, Order, Question, Recipient, Request};
use crate::mailbox::{self, lock};
use crate::sys::{ConfigScheduler, HttpConfig, NetworkConfig, NetworkScheduler};
use crate::worker;
use ahead_proxy_wasm::abi::{MetricType, Status};
use ahead_proxy_wasm::{FailurePolicy, PluginConfig};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

/// A configured filter.
pub struct EnvoyPlugin {
    pub number: u64,
    pub config: FilterConfig,
    pub plugin: Arc<PluginConfig>,
    pub artefact: Arc<Artefact>,
    pub heard: Heard,
    pub hub: Hub,
    side: RwLock<Option<EnvoySide>>,
    main_thread: Mutex<Option<MainThread>>,
    metrics: Mutex<HashMap<(MetricType, Vec<u8>), usize>>,
    /// Metrics with a tag for the name of those that filters define too late.
    late: Mutex<HashMap<MetricType, usize>>,
    made: AtomicBool,
    gone: AtomicBool,
}

/// Envoy's side.
pub enum EnvoySide {
    Http(HttpConfig),
    Network(NetworkConfig),
}

/// A way onto the main thread.
enum MainThread {
    Http(ConfigScheduler),
    Network(NetworkScheduler),
}

/// Where a metric of a filter's is in Envoy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricPlace {
    /// It is Envoy's metric of this number.
    Own(usize),
    /// It has a tag in the metric of this number.
    Late(usize),
}

static LIVE: Mutex<Vec<Weak<EnvoyPlugin>>> = Mutex::new(Vec::new());

/// The configurations that Envoy has.
pub fn live() -> Vec<Arc<EnvoyPlugin>> {
    let mut live = lock(&LIVE);
    live.retain(|plugin| plugin.strong_count() > 0);
    let live = live.iter().filter_map(Weak::upgrade);
    live.filter(|plugin| !plugin.is_gone()).collect()
}

/// Has the main thread look, through any configuration.
pub fn wake_main_thread() {
    for plugin in live() {
        if plugin.wake_main_thread() {
            return;
        }
    }
}

impl EnvoyPlugin {
    /// Makes and starts a filter for the main thread, as far as its failure policy wants it. The error is for Envoy's
    /// log. On the main thread.
    pub fn new(
        filter_name: &str,
        config: &[u8],
        side: EnvoySide,
    ) -> Result<Arc<EnvoyPlugin>, String> {
        mailbox::on_main_thread();
        let config = FilterConfig::parse(filter_name, config).map_err(|error| error.to_string())?;
        let artefact =
            artefact::open(config.artifact.as_deref()).map_err(|error| error.to_string())?;
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let main_thread = match &side {
            EnvoySide::Http(config) => config.scheduler().map(MainThread::Http),
            EnvoySide::Network(config) => config.scheduler().map(MainThread::Network),
        };
        let plugin = Arc::new(EnvoyPlugin {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            plugin: Arc::new(config.plugin.clone()),
            config,
            heard: Heard::by(&artefact.filter),
            artefact,
            hub: Hub::default(),
            side: RwLock::new(Some(side)),
            main_thread: Mutex::new(main_thread),
            metrics: Mutex::default(),
            late: Mutex::default(),
            made: AtomicBool::new(false),
            gone: AtomicBool::new(false),
        });
        plugin.define_late_metrics();
        if let Err(error) = worker::start(&plugin) {
            let message = error.to_string();
            if plugin.plugin.failure_policy != FailurePolicy::FailOpen {
                plugin.end();
                return Err(message);
            }
            crate::log::warning(&format!(
                "{}, and requests pass without it: {message}",
                plugin.named()
            ));
        }
        plugin.made.store(true, Ordering::Release);
        lock(&LIVE).push(Arc::downgrade(&plugin));
        mailbox::wake_all();
        Ok(plugin)
    }

    /// The plugin as messages call it.
    pub fn named(&self) -> String {
        format!("filter `{}`", self.plugin.name.escape_debug())
    }

    /// Envoy gives its side up. From any thread.
    pub fn end(&self) {
        self.gone.store(true, Ordering::Release);
        *self.side.write().unwrap_or_else(PoisonError::into_inner) = None;
        *lock(&self.main_thread) = None;
        mailbox::wake_all();
    }

    pub fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// Has the main thread look; false if it cannot be reached.
    pub fn wake_main_thread(&self) -> bool {
        match &*lock(&self.main_thread) {
            Some(MainThread::Http(scheduler)) => scheduler.commit(0),
            Some(MainThread::Network(scheduler)) => scheduler.commit(),
            None => return false,
        }
        true
    }

    /// Whether requests can be sent without a stream.
    pub fn has_hub(&self) -> bool {
        let main_thread = lock(&self.main_thread);
        matches!(&*main_thread, Some(MainThread::Http(_)))
    }

    /// Sends a request on behalf of the configuration. `BadArgument` if Envoy does not have the cluster, as far as
    /// that is known.
    pub fn send(&self, request: Request, recipient: Recipient) -> Result<HubNumber, Status> {
        let number = Hub::number();
        let is_main = mailbox::is_main_thread();
        // Before the configuration is made Envoy would tell it of nothing.
        let question = match is_main && !self.is_made() {
            true => None,
            false => Question::about(&request.cluster),
        };
        let request = Box::new(request);
        self.hub
            .order(Order::Start(number, request, recipient, question.clone()));
        if is_main && self.is_made() {
            self.on_scheduled();
        } else {
            self.wake_main_thread();
        }
        match question.and_then(|question| question.wait()) {
            Some(false) => Err(Status::BadArgument),
            _ => Ok(number),
        }
    }

    /// Orders something of the main thread for a request that was sent.
    pub fn order(&self, order: Order) {
        self.hub.order(order);
        self.wake_main_thread();
    }

    /// Whether Envoy has taken the configuration: before, it is told of nothing.
    fn is_made(&self) -> bool {
        self.made.load(Ordering::Acquire)
    }

    // --- metrics -------------------------------------------------------------------------------------------------

    fn with_side<R>(&self, f: impl FnOnce(&EnvoySide) -> R) -> Option<R> {
        let side = self.side.read().unwrap_or_else(PoisonError::into_inner);
        side.as_ref().map(f)
    }

    fn define_late_metrics(&self) {
        for (kind, name) in [
            (MetricType::Counter, &b"late_counter"[..]),
            (MetricType::Gauge, b"late_gauge"),
            (MetricType::Histogram, b"late_histogram"),
        ] {
            let id = self.with_side(|side| match side {
                EnvoySide::Http(config) => config.define_metric(kind, name, &[b"name"]),
                EnvoySide::Network(_) => None,
            });
            if let Some(id) = id.flatten() {
                lock(&self.late).insert(kind, id);
            }
        }
    }

    /// Where a metric is, made if it can be: only while the configuration is. `None` if Envoy shows it nowhere here.
    pub fn metric(&self, kind: MetricType, name: &[u8]) -> Option<MetricPlace> {
        let mut metrics = lock(&self.metrics);
        if let Some(id) = metrics.get(&(kind, name.to_vec())) {
            return Some(MetricPlace::Own(*id));
        }
        let made = self.with_side(|side| match side {
            EnvoySide::Http(config) => config.define_metric(kind, name, &[]),
            EnvoySide::Network(config) => config.define_metric(kind, name),
        });
        if let Some(id) = made? {
            metrics.insert((kind, name.to_vec()), id);
            return Some(MetricPlace::Own(id));
        }
        lock(&self.late).get(&kind).map(|id| MetricPlace::Late(*id))
    }

    /// Adds to a counter or gauge; false if Envoy's side is gone.
    pub fn add_to_metric(
        &self,
        kind: MetricType,
        place: MetricPlace,
        name: &[u8],
        delta: i64,
    ) -> bool {
        self.with_side(|side| match (side, place) {
            (EnvoySide::Http(config), MetricPlace::Own(id)) => {
                config.add_to_metric(kind, id, &[], delta)
            }
            (EnvoySide::Http(config), MetricPlace::Late(id)) => {
                config.add_to_metric(kind, id, &[name], delta)
            }
            (EnvoySide::Network(config), MetricPlace::Own(id) | MetricPlace::Late(id)) => {
                config.add_to_metric(kind, id, delta)
            }
        })
        .is_some()
    }

    /// Sets a gauge or records in a histogram; false if Envoy's side is gone.
    pub fn record_metric(
        &self,
        kind: MetricType,
        place: MetricPlace,
        name: &[u8],
        value: u64,
    ) -> bool {
        self.with_side(|side| match (side, place) {
            (EnvoySide::Http(config), MetricPlace::Own(id)) => {
                config.record_metric(kind, id, &[], value)
            }
            (EnvoySide::Http(config), MetricPlace::Late(id)) => {
                config.record_metric(kind, id, &[name], value)
            }
            (EnvoySide::Network(config), MetricPlace::Own(id) | MetricPlace::Late(id)) => {
                config.record_metric(kind, id, value)
            }
        })
        .is_some()
    }

    /// Does what was ordered of the main thread, if this is it.
    pub fn on_scheduled(&self) {
        if let Some(config) = self.http_config() {
            self.hub.run(&config);
        }
    }

    /// Gives up the requests that belong to no stream: Envoy is about to end. On the main thread.
    pub fn close_hub(&self) {
        if let Some(config) = self.http_config() {
            self.hub.close(&config);
        }
    }

    /// What requests are sent with. A handle, and not with the lock: Envoy may come back from it. The main thread is
    /// the one that takes Envoy's side away.
    fn http_config(&self) -> Option<HttpConfig> {
        let config = self.with_side(|side| match side {
            EnvoySide::Http(config) => Some(config.handle()),
            EnvoySide::Network(_) => None,
        });
        config.flatten()
    }
}
