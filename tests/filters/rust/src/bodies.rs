//! Bodies: a request's is buffered whole and then rewritten, a response's is changed piece by piece as it comes.

use log::info;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType};

pub struct Root;

impl Context for Root {}

impl RootContext for Root {
    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { response_bytes: 0 }))
    }
}

struct Stream {
    response_bytes: usize,
}

impl Context for Stream {}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        self.set_http_request_header("content-length", None);
        Action::Continue
    }

    fn on_http_request_body(&mut self, size: usize, end: bool) -> Action {
        info!("request body: {size} bytes, end {end}");
        if !end {
            return Action::Pause;
        }
        let body = self.get_http_request_body(0, size).unwrap_or_default();
        let mut new = format!("{} bytes: ", body.len()).into_bytes();
        new.extend(body.iter().rev().map(u8::to_ascii_uppercase));
        self.set_http_request_body(0, size, &new);
        Action::Continue
    }

    fn on_http_request_trailers(&mut self, _: usize) -> Action {
        // The body's end was not its last piece's, so what was buffered is still to be rewritten.
        let body = self.get_http_request_body(0, usize::MAX).unwrap_or_default();
        info!("trailers after {} bytes", body.len());
        self.set_http_request_body(0, body.len(), b"rewritten at the trailers");
        Action::Continue
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        self.set_http_response_header("content-length", None);
        Action::Continue
    }

    fn on_http_response_body(&mut self, size: usize, end: bool) -> Action {
        info!("response body: {size} bytes, end {end}");
        self.response_bytes += size;
        if let Some(body) = self.get_http_response_body(0, size) {
            let new: Vec<u8> = body
                .iter()
                .map(|byte| if *byte == b'a' { b'4' } else { *byte })
                .collect();
            self.set_http_response_body(0, size, &new);
        }
        if end {
            let text = format!("[{} bytes]", self.response_bytes);
            // After the end of what there is.
            self.set_http_response_body(size, 0, text.as_bytes());
        }
        Action::Continue
    }
}
