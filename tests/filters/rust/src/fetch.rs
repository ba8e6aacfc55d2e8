//! What a root context does on its own: it fetches something at intervals, and its streams use what it has.

use log::{info, warn};
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// Configured with the path that is fetched.
#[derive(Default)]
pub struct Root {
    path: String,
    fetched: Rc<RefCell<String>>,
}

impl Context for Root {
    fn on_http_call_response(&mut self, _: u32, _: usize, body: usize, _: usize) {
        let body = self.get_http_call_response_body(0, body).unwrap_or_default();
        *self.fetched.borrow_mut() = String::from_utf8_lossy(&body).into_owned();
        info!("fetched {} bytes", body.len());
    }
}

impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        let path = self.get_plugin_configuration().unwrap_or_default();
        self.path = String::from_utf8_lossy(&path).into_owned();
        self.set_tick_period(Duration::from_millis(10));
        true
    }

    fn on_tick(&mut self) {
        let headers = vec![
            (":method", "GET"),
            (":path", self.path.as_str()),
            (":authority", "fetch"),
        ];
        // Once is enough.
        self.set_tick_period(Duration::ZERO);
        if let Err(status) =
            self.dispatch_http_call("upstream", headers, None, vec![], Duration::from_secs(5))
        {
            warn!("cannot fetch: {status:?}");
        }
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { fetched: self.fetched.clone() }))
    }
}

struct Stream {
    fetched: Rc<RefCell<String>>,
}

impl Context for Stream {}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        self.set_http_request_header("x-fetched", Some(&self.fetched.borrow()));
        Action::Continue
    }
}
