//! Panics when a request asks for it: Rust's own message is logged, then the instance is lost.

use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType};

pub struct Root;

impl Context for Root {}

impl RootContext for Root {
    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream))
    }
}

struct Stream;

impl Context for Stream {}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let index = self.get_http_request_header("x-index");
        let index: usize = index.and_then(|text| text.parse().ok()).unwrap_or(0);
        let value = [0_u8; 4][index];
        self.set_http_request_header("x-value", Some(&value.to_string()));
        Action::Continue
    }
}
