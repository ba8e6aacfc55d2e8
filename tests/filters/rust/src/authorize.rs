//! Asks another service whether a request may pass: the stream waits for the answer, which decides.

use log::{info, warn};
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType};
use std::time::Duration;

/// Configured with the path that is asked.
#[derive(Default)]
pub struct Root {
    path: String,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        let path = self.get_plugin_configuration().unwrap_or_default();
        self.path = String::from_utf8_lossy(&path).into_owned();
        true
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { path: self.path.clone() }))
    }
}

struct Stream {
    path: String,
}

impl Context for Stream {
    fn on_http_call_response(&mut self, _: u32, headers: usize, body: usize, trailers: usize) {
        let status = self.get_http_call_response_header(":status");
        let body = self.get_http_call_response_body(0, body).unwrap_or_default();
        let body = String::from_utf8_lossy(&body).into_owned();
        info!("answer {status:?}: {headers} headers, `{body}`, {trailers} trailers");
        if let Some(user) = self.get_http_call_response_header("x-user") {
            self.add_http_request_header("x-user", &user);
        }
        if status.as_deref() == Some("200") {
            self.resume_http_request();
        } else {
            let headers = vec![("x-why", body.as_str())];
            self.send_http_response(403, headers, Some(b"not allowed\n"));
        }
    }
}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let token = self.get_http_request_header("x-token").unwrap_or_default();
        let path = format!("{}{token}", self.path);
        let headers = vec![
            (":method", "GET"),
            (":path", path.as_str()),
            (":authority", "authorization"),
            ("x-token", token.as_str()),
        ];
        match self.dispatch_http_call("upstream", headers, None, vec![], Duration::from_secs(5)) {
            Ok(_) => Action::Pause,
            Err(status) => {
                warn!("cannot ask: {status:?}");
                self.send_http_response(500, vec![], None);
                Action::Pause
            }
        }
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        info!("response {:?}", self.get_http_response_header(":status"));
        Action::Continue
    }
}
