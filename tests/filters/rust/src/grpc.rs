//! Asks a service over gRPC while the stream waits, and puts the answer into a header.

use log::info;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType};
use std::time::Duration;

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

impl Context for Stream {
    fn on_grpc_call_response(&mut self, _: u32, status: u32, size: usize) {
        let message = self.get_grpc_call_response_body(0, size).unwrap_or_default();
        info!("answer {status}: {} bytes", message.len());
        if status == 0 {
            self.set_http_request_header("x-answer", Some(&String::from_utf8_lossy(&message)));
            self.resume_http_request();
        } else {
            let (code, text) = self.get_grpc_status();
            let text = format!("{code} {}", text.unwrap_or_default());
            self.send_http_response(500, vec![], Some(text.as_bytes()));
        }
    }
}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        // The upstream does as the method's name says.
        let method = self.get_http_request_header("x-method").unwrap_or_default();
        let sent = self.dispatch_grpc_call(
            "upstream",
            "test.Service",
            &method,
            vec![("x-m", b"metadata")],
            Some(b"question"),
            Duration::from_secs(5),
        );
        match sent {
            Ok(_) => Action::Pause,
            Err(status) => {
                info!("cannot ask: {status:?}");
                Action::Continue
            }
        }
    }
}
