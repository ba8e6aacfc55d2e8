//! Connections: counts what passes, and changes a word in what clients send.

use log::info;
use proxy_wasm::traits::{Context, RootContext, StreamContext};
use proxy_wasm::types::{Action, ContextType, PeerType};

pub struct Root;

impl Context for Root {}

impl RootContext for Root {
    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::StreamContext)
    }

    fn create_stream_context(&self, _: u32) -> Option<Box<dyn StreamContext>> {
        Some(Box::new(Connection { downstream: 0, upstream: 0 }))
    }
}

struct Connection {
    downstream: usize,
    upstream: usize,
}

impl Context for Connection {
    fn on_done(&mut self) -> bool {
        info!("done");
        true
    }
}

impl StreamContext for Connection {
    fn on_new_connection(&mut self) -> Action {
        info!("new connection");
        Action::Continue
    }

    fn on_downstream_data(&mut self, size: usize, end: bool) -> Action {
        info!("downstream: {size} bytes, end {end}");
        self.downstream += size;
        if let Some(data) = self.get_downstream_data(0, size) {
            let text = String::from_utf8_lossy(&data).replace("secret", "public");
            self.set_downstream_data(0, size, text.as_bytes());
        }
        Action::Continue
    }

    fn on_downstream_close(&mut self, peer: PeerType) {
        info!("downstream closed by {peer:?}");
    }

    fn on_upstream_data(&mut self, size: usize, end: bool) -> Action {
        info!("upstream data, end {end}");
        self.upstream += size;
        Action::Continue
    }

    fn on_upstream_close(&mut self, peer: PeerType) {
        info!("upstream closed by {peer:?}");
    }

    fn on_log(&mut self) {
        info!("{} bytes, and an answer: {}", self.downstream, self.upstream > 0);
    }
}
