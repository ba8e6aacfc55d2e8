//! So many requests for each user and no more: a count in shared data, changed by compare and swap.

use log::info;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, Status};

/// Configured with how many requests.
#[derive(Default)]
pub struct Root {
    limit: u32,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        let text = self.get_plugin_configuration().unwrap_or_default();
        let limit = std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
        self.limit = limit.unwrap_or(0);
        limit.is_some()
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { limit: self.limit }))
    }
}

struct Stream {
    limit: u32,
}

impl Context for Stream {}

impl Stream {
    /// Counts a request of the user.
    fn count(&self, user: &str) -> u32 {
        loop {
            let (value, version) = self.get_shared_data(user);
            let count = match value.as_deref() {
                Some([a, b, c, d]) => u32::from_le_bytes([*a, *b, *c, *d]) + 1,
                _ => 1,
            };
            match self.set_shared_data(user, Some(&count.to_le_bytes()), version) {
                Err(Status::CasMismatch) => continue,
                other => other.expect("shared data can be set"),
            }
            return count;
        }
    }
}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let user = self.get_http_request_header("x-user").unwrap_or_default();
        let count = self.count(&user);
        info!("request {count} of {user}");
        if count > self.limit {
            let limit = self.limit.to_string();
            self.send_http_response(429, vec![("x-limit", &limit)], Some(b"come back tomorrow\n"));
            return Action::Pause;
        }
        Action::Continue
    }
}
