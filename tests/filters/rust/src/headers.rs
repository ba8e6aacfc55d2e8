//! Headers and trailers both ways: lists them, adds, replaces and removes what the configuration says.

use log::info;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType};
use std::rc::Rc;

/// Lines of `request|response add|set|remove name [value]`.
#[derive(Default)]
pub struct Root {
    rules: Rc<Vec<Rule>>,
}

struct Rule {
    response: bool,
    name: String,
    change: Change,
}

enum Change {
    Add(String),
    Set(String),
    Remove,
}

impl Rule {
    fn parse(line: &str) -> Option<Rule> {
        let mut words = line.splitn(4, ' ');
        let response = match words.next()? {
            "request" => false,
            "response" => true,
            _ => return None,
        };
        let change = words.next()?;
        let name = words.next()?.to_owned();
        let value = words.next().unwrap_or_default().to_owned();
        let change = match change {
            "add" => Change::Add(value),
            "set" => Change::Set(value),
            "remove" => Change::Remove,
            _ => return None,
        };
        Some(Rule { response, name, change })
    }
}

impl Context for Root {}

impl RootContext for Root {
    fn on_vm_start(&mut self, _: usize) -> bool {
        let configuration = self.get_vm_configuration();
        info!("started with {:?}", configuration.map(|bytes| bytes.len()));
        true
    }

    fn on_configure(&mut self, _: usize) -> bool {
        let text = self.get_plugin_configuration().unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let rules: Option<Vec<_>> = text.lines().map(Rule::parse).collect();
        match rules {
            Some(rules) => self.rules = Rc::new(rules),
            None => return false,
        }
        info!("{} rules", self.rules.len());
        true
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { id, rules: self.rules.clone() }))
    }
}

struct Stream {
    id: u32,
    rules: Rc<Vec<Rule>>,
}

impl Context for Stream {}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, count: usize, end: bool) -> Action {
        info!("{count} request headers, end {end}");
        for (name, value) in self.get_http_request_headers() {
            info!("  {name}: {value}");
        }
        for rule in self.rules.iter().filter(|rule| !rule.response) {
            match &rule.change {
                Change::Add(value) => self.add_http_request_header(&rule.name, value),
                Change::Set(value) => self.set_http_request_header(&rule.name, Some(value)),
                Change::Remove => self.set_http_request_header(&rule.name, None),
            }
        }
        Action::Continue
    }

    fn on_http_request_trailers(&mut self, count: usize) -> Action {
        info!("{count} request trailers");
        self.add_http_request_trailer("x-seen", "request");
        Action::Continue
    }

    fn on_http_response_headers(&mut self, count: usize, end: bool) -> Action {
        info!("{count} response headers, end {end}");
        // The date is another every second.
        let headers = self.get_http_response_headers().into_iter();
        for (name, value) in headers.filter(|header| header.0 != "date") {
            info!("  {name}: {value}");
        }
        for rule in self.rules.iter().filter(|rule| rule.response) {
            match &rule.change {
                Change::Add(value) => self.add_http_response_header(&rule.name, value),
                Change::Set(value) => self.set_http_response_header(&rule.name, Some(value)),
                Change::Remove => self.set_http_response_header(&rule.name, None),
            }
        }
        Action::Continue
    }

    fn on_http_response_trailers(&mut self, count: usize) -> Action {
        info!("{count} response trailers");
        for (name, value) in self.get_http_response_trailers() {
            info!("  {name}: {value}");
        }
        self.set_http_response_trailer("x-seen", Some("response"));
        self.set_http_response_trailer("x-secret", None);
        Action::Continue
    }

    fn on_log(&mut self) {
        let path = self.get_http_request_header(":path");
        let status = self.get_http_response_header(":status");
        info!("context {} ends: {path:?} {status:?}", self.id);
    }
}
