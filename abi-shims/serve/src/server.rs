//! The process: listens, hands connections to workers, stops when it is told to.
//!
//! The calling thread accepts, serves the admin address and takes signals. Workers are threads with a runtime of their
//! own; a connection goes to the one that has fewest and stays there. With one worker there is no other thread at all.

use crate::access_log::AccessLog;
use crate::config::{Config, Transport};
use crate::error::Error;
use crate::filters::{Chain, FilterSpec, Opened, Opener};
use crate::metrics::Metrics;
use crate::reload::Reload;
use crate::worker::{Shared, Worker};
use crate::{admin, connection, tls};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::task::{JoinSet, LocalSet};

/// A proxy that has its addresses and serves nobody yet.
pub struct Server {
    shared: Arc<Shared>,
    listeners: Vec<TcpListener>,
    admin: Option<TcpListener>,
    specs: Vec<FilterSpec>,
    opener: Opener,
    chain: Chain,
}

/// A connection on its way to a worker.
struct Accepted {
    stream: TcpStream,
    peer: SocketAddr,
    /// Given back when the connection ends.
    place: OwnedSemaphorePermit,
}

/// What the accepting thread knows of a worker.
struct Hand {
    connections: mpsc::UnboundedSender<Accepted>,
    load: Arc<AtomicUsize>,
}

/// What a worker is told.
#[derive(Clone)]
struct Orders {
    /// Takes no more requests.
    draining: watch::Receiver<bool>,
    /// Gives up what is left.
    stopping: watch::Receiver<bool>,
    chain: watch::Receiver<Arc<Chain>>,
}

impl Server {
    /// Takes the addresses, and opens and tries the filters.
    pub fn bind(
        config: Config,
        access_log: AccessLog,
        specs: Vec<FilterSpec>,
        opener: Opener,
    ) -> Result<Server, Error> {
        let server_tls = config.tls.as_ref().map(tls::server).transpose()?;
        let https = |upstream: &crate::config::Upstream| upstream.transport == Transport::Https;
        let client_tls = if config.upstreams.iter().any(https) {
            Some(tls::client(config.upstream_ca.as_deref())?)
        } else {
            None
        };
        let listeners = config
            .listen
            .iter()
            .copied()
            .map(listen)
            .collect::<Result<_, _>>()?;
        let admin = config.admin.map(listen).transpose()?;
        let names = config
            .upstreams
            .iter()
            .map(|upstream| upstream.name.as_str());
        let metrics = Arc::new(Metrics::new(names));
        let shared = Arc::new(Shared {
            metrics,
            access_log,
            server_tls,
            client_tls,
            next_connection: 0.into(),
            config,
        });
        let chain = Chain::open(&specs, &opener, &Chain::default())?;
        let local = LocalSet::new();
        let trial = async { chain.try_out(&Worker::new(shared.clone())) };
        local.block_on(&runtime()?, trial)?;
        Ok(Server {
            shared,
            listeners,
            admin,
            specs,
            opener,
            chain,
        })
    }

    /// The filters, as they were opened.
    pub fn filters(&self) -> &[Opened] {
        &self.chain.0
    }

    /// Where it listens, with the ports that the system chose.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let addresses = self.listeners.iter();
        addresses
            .filter_map(|listener| listener.local_addr().ok())
            .collect()
    }

    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin
            .as_ref()
            .and_then(|listener| listener.local_addr().ok())
    }

    /// Serves until SIGTERM or SIGINT; then lets what is under way end.
    pub fn run(self) -> Result<(), Error> {
        let runtime = runtime()?;
        let local = LocalSet::new();
        let done = local.block_on(&runtime, self.serve());
        // Connections that would not end are closed with the tasks.
        drop(local);
        done
    }

    async fn serve(self) -> Result<(), Error> {
        let mut stop = Stop::new()?;
        let (drain, draining) = watch::channel(false);
        let (halt, stopping) = watch::channel(false);
        let (chain, chains) = watch::channel(Arc::new(self.chain));
        let orders = Orders {
            draining,
            stopping,
            chain: chains,
        };
        let hangup = signal(SignalKind::hangup()).map_err(|error| Error::Start {
            what: "taking signals",
            error,
        })?;
        tokio::task::spawn_local(
            Reload {
                trial: Worker::new(self.shared.clone()),
                chain,
                metrics: self.shared.metrics.clone(),
                every: self.shared.config.watch.filter(|_| !self.specs.is_empty()),
                specs: self.specs,
                opener: self.opener,
                hangup,
                on_thread: self.shared.config.workers > 1,
            }
            .run(),
        );
        let (ended, mut workers_ended) = mpsc::unbounded_channel::<()>();
        let mut hands = Vec::new();
        let mut threads = Vec::new();
        let count = self.shared.config.workers.max(1);
        for index in 0..count {
            let (connections, inbox) = mpsc::unbounded_channel();
            let load = Arc::new(AtomicUsize::new(0));
            hands.push(Hand {
                connections,
                load: load.clone(),
            });
            let (shared, orders, ended) = (self.shared.clone(), orders.clone(), ended.clone());
            if count == 1 {
                tokio::task::spawn_local(async move {
                    work(shared, inbox, orders, load).await;
                    let _ = ended.send(());
                });
            } else {
                let runtime = runtime()?;
                let thread = std::thread::Builder::new().name(format!("worker {index}"));
                let thread = thread.spawn(move || {
                    let local = LocalSet::new();
                    local.block_on(&runtime, work(shared, inbox, orders, load));
                    let _ = ended.send(());
                });
                threads.push(thread.map_err(|error| Error::Start {
                    what: "a worker",
                    error,
                })?);
            }
        }
        drop(ended);
        if let Some(admin) = self.admin {
            let listener = asynchronous(admin)?;
            let (metrics, draining) = (self.shared.metrics.clone(), orders.draining.clone());
            tokio::task::spawn_local(admin::serve(listener, metrics, draining));
        }
        let hands = Rc::new(hands);
        let places = Arc::new(Semaphore::new(self.shared.config.limits.connections_max));
        let mut accepting = JoinSet::new();
        for listener in self.listeners {
            let listener = asynchronous(listener)?;
            let desk = Desk {
                hands: hands.clone(),
                places: places.clone(),
                shared: self.shared.clone(),
            };
            accepting.spawn_local(accept(listener, desk, orders.draining.clone()));
        }
        stop.wait().await;
        let _ = drain.send(true);
        while accepting.join_next().await.is_some() {}
        drop(hands);
        let active = self.shared.metrics.connections_active.value();
        log::info!("stopping: {active} connections are open");
        let all = async { while workers_ended.recv().await.is_some() {} };
        tokio::select! {
            () = all => {}
            () = tokio::time::sleep(self.shared.config.timeouts.drain) => {
                log::warn!("connections were still open after {:?}", self.shared.config.timeouts.drain);
            }
            () = stop.wait() => log::warn!("told to stop again: open connections are closed"),
        }
        let _ = halt.send(true);
        while workers_ended.recv().await.is_some() {}
        for thread in threads {
            // It has said that it ended; a panic of it has been printed.
            let _ = thread.join();
        }
        Ok(())
    }
}

/// The signals that end the process.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn new() -> Result<Stop, Error> {
        let taken = |kind| {
            signal(kind).map_err(|error| Error::Start {
                what: "taking signals",
                error,
            })
        };
        Ok(Stop {
            terminate: taken(SignalKind::terminate())?,
            interrupt: taken(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Takes connections until the proxy stops, and then those that the system has taken by then: they would be reset with
/// the listener.
async fn accept(
    listener: tokio::net::TcpListener,
    desk: Desk,
    mut draining: watch::Receiver<bool>,
) {
    loop {
        let next = async {
            let place = desk.places.clone().acquire_owned().await.ok()?;
            Some((listener.accept().await, place))
        };
        let (accepted, place) = tokio::select! {
            Some(next) = next => next,
            _ = draining.wait_for(|draining| *draining) => break,
        };
        match accepted.and_then(|(stream, peer)| Ok((stream.into_std()?, peer))) {
            Ok((stream, peer)) => desk.hand_on(stream, peer, place),
            Err(error) => {
                // No descriptors, most likely. They come back with connections that end.
                log::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    let Ok(listener) = listener.into_std() else {
        return;
    };
    while let Ok(place) = desk.places.clone().try_acquire_owned()
        && let Ok((stream, peer)) = listener.accept()
    {
        if stream.set_nonblocking(true).is_ok() {
            desk.hand_on(stream, peer, place);
        }
    }
}

/// Where connections get their workers.
struct Desk {
    hands: Rc<Vec<Hand>>,
    places: Arc<Semaphore>,
    shared: Arc<Shared>,
}

impl Desk {
    /// To the worker that has fewest.
    fn hand_on(&self, stream: TcpStream, peer: SocketAddr, place: OwnedSemaphorePermit) {
        let load = |hand: &&Hand| hand.load.load(Ordering::Relaxed);
        let Some(hand) = self.hands.iter().min_by_key(load) else {
            return;
        };
        hand.load.fetch_add(1, Ordering::Relaxed);
        let metrics = &self.shared.metrics;
        metrics.connections.add(1);
        metrics.connections_active.add(1);
        let accepted = Accepted {
            stream,
            peer,
            place,
        };
        if hand.connections.send(accepted).is_err() {
            hand.load.fetch_sub(1, Ordering::Relaxed);
            metrics.connections_active.sub(1);
        }
    }
}

/// A worker's life.
async fn work(
    shared: Arc<Shared>,
    mut inbox: mpsc::UnboundedReceiver<Accepted>,
    mut orders: Orders,
    load: Arc<AtomicUsize>,
) {
    let worker = Worker::new(shared.clone());
    let chain = orders.chain.borrow_and_update().clone();
    worker.use_chain(&chain);
    tokio::task::spawn_local(worker.clone().run(orders.chain.clone()));
    let mut connections = JoinSet::new();
    let serving = async {
        loop {
            tokio::select! {
                accepted = inbox.recv() => {
                    let Some(Accepted { stream, peer, place }) = accepted else { break };
                    let (worker, draining) = (worker.clone(), orders.draining.clone());
                    let (shared, load) = (shared.clone(), load.clone());
                    connections.spawn_local(async move {
                        if let Ok(stream) = tokio::net::TcpStream::from_std(stream) {
                            connection::serve(worker, stream, peer, draining).await;
                        }
                        load.fetch_sub(1, Ordering::Relaxed);
                        shared.metrics.connections_active.sub(1);
                        drop(place);
                    });
                }
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
            }
        }
        while connections.join_next().await.is_some() {}
        worker.exchanges_ended().await;
        worker.end_filters().await;
    };
    tokio::select! {
        () = serving => {}
        _ = orders.stopping.wait_for(|stopping| *stopping) => {}
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| Error::Start {
        what: "a runtime",
        error,
    })
}

fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    let listener = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        // The standard library's backlog is short for a proxy.
        rustix::net::listen(&listener, 1024)?;
        Ok(listener)
    });
    listener.map_err(|error| Error::Listen { address, error })
}

fn asynchronous(listener: TcpListener) -> Result<tokio::net::TcpListener, Error> {
    tokio::net::TcpListener::from_std(listener).map_err(|error| Error::Start {
        what: "listening",
        error,
    })
}
