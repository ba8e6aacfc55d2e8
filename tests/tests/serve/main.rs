//! `ahead serve`, over real sockets: as a proxy, with filters, and beside Envoy's own host.

mod aarch64;
mod filters;
mod hostile;
mod proxy;
mod reload;
mod scenarios;
mod tls;

use ahead_tests::ahead;
use ahead_tests::serve::Serve;
use ahead_tests::upstream::Upstream;
use std::process::Command;

/// A proxy before `upstream`, with more arguments.
fn serve(upstream: &Upstream, args: &[&str]) -> Serve {
    let url = format!("upstream=http://{}", upstream.address());
    let mut all = vec!["--upstream", &url];
    all.extend(args);
    Serve::start(Command::new(ahead()), all)
}
