//! Follows the files of the chain: when one changes, all of it is opened and tried, and then served.
//!
//! Files are looked at instead of being watched by the kernel: that works on every file system, and for files that are
//! replaced by a rename. A change counts when the file has stayed the same from one look to the next, so that one that
//! is being written is not read half.

use crate::filters::{Chain, FilterSpec, Opener, Stamp, files, stamp};
use crate::metrics::Metrics;
use crate::worker::Worker;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::Signal;
use tokio::sync::watch;

pub struct Reload {
    pub specs: Vec<FilterSpec>,
    pub opener: Opener,
    /// Where new chains are tried.
    pub trial: Rc<Worker>,
    pub chain: watch::Sender<Arc<Chain>>,
    pub metrics: Arc<Metrics>,
    /// How often files are looked at; never if there is none.
    pub every: Option<Duration>,
    /// SIGHUP.
    pub hangup: Signal,
    /// Opening may take long, and there may be other threads to do it.
    pub on_thread: bool,
}

impl Reload {
    pub async fn run(mut self) {
        let files = files(&self.specs);
        let look = || -> Vec<Stamp> { files.iter().map(|file| stamp(file)).collect() };
        let mut served = look();
        let mut seen = served.clone();
        loop {
            let asked = self.wait().await;
            let now = look();
            let settled = now == seen;
            seen.clone_from(&now);
            if !asked && (now == served || !settled) {
                continue;
            }
            let changed = changed(&files, &served, &now);
            served = now;
            self.again(&changed, asked).await;
        }
    }

    /// Waits for the next look; says whether it was asked for.
    async fn wait(&mut self) -> bool {
        let Some(every) = self.every else {
            self.hangup.recv().await;
            return true;
        };
        tokio::select! {
            () = tokio::time::sleep(every) => false,
            _ = self.hangup.recv() => true,
        }
    }

    async fn again(&self, changed: &str, asked: bool) {
        let previous = self.chain.borrow().clone();
        let opened = if self.on_thread {
            let (specs, opener, previous) = (self.specs.clone(), self.opener.clone(), previous);
            let open = move || Chain::open(&specs, &opener, &previous);
            match tokio::task::spawn_blocking(open).await {
                Ok(opened) => opened,
                Err(_) => return log::error!("{changed}: opening it failed; the old filters stay"),
            }
        } else {
            Chain::open(&self.specs, &self.opener, &previous)
        };
        let tried = opened.and_then(|chain| chain.try_out(&self.trial).map(|()| chain));
        match tried {
            Ok(chain) => {
                self.metrics.reloads.add(1);
                let why = if asked { "told to" } else { changed };
                log::info!("filters reloaded: {why}");
                self.chain.send_replace(Arc::new(chain));
            }
            Err(error) => {
                self.metrics.reloads_refused.add(1);
                log::error!("the old filters stay: {error}");
            }
        }
    }
}

fn changed(files: &[PathBuf], before: &[Stamp], now: &[Stamp]) -> String {
    let pairs = files.iter().zip(before.iter().zip(now));
    let changed = pairs.filter(|(_, (before, now))| before != now);
    let names: Vec<_> = changed
        .map(|(file, _)| format!("`{}` changed", file.display()))
        .collect();
    names.join(", ")
}
