//! Metrics: requests by status, bytes, requests under way. Their names come from the configuration and the responses.

use proxy_wasm::hostcalls::{define_metric, get_metric, increment_metric, record_metric};
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, MetricType};

#[derive(Clone, Default)]
pub struct Root {
    prefix: String,
    active: u32,
    bytes: u32,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        let prefix = self.get_plugin_configuration().unwrap_or_default();
        self.prefix = String::from_utf8_lossy(&prefix).into_owned();
        let define = |kind, name: &str| {
            define_metric(kind, &format!("{}.{name}", self.prefix)).expect("a metric")
        };
        self.active = define(MetricType::Gauge, "active");
        self.bytes = define(MetricType::Histogram, "bytes");
        true
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { root: self.clone(), bytes: 0 }))
    }
}

struct Stream {
    root: Root,
    bytes: usize,
}

impl Context for Stream {}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        increment_metric(self.root.active, 1).expect("a gauge goes up");
        Action::Continue
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        let active = get_metric(self.root.active).expect("a gauge has a value");
        self.add_http_response_header("x-active", &active.to_string());
        Action::Continue
    }

    fn on_http_response_body(&mut self, size: usize, _: bool) -> Action {
        self.bytes += size;
        Action::Continue
    }

    fn on_log(&mut self) {
        let status = self.get_http_response_header(":status").unwrap_or_default();
        // Known only now, as filters do it that count by route or by code.
        let name = format!("{}.status.{status}", self.root.prefix);
        let counter = define_metric(MetricType::Counter, &name).expect("a metric");
        increment_metric(counter, 1).expect("a counter goes up");
        increment_metric(self.root.active, -1).expect("a gauge goes down");
        record_metric(self.root.bytes, self.bytes as u64).expect("a histogram records");
    }
}
