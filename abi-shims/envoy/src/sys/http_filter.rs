//! An HTTP stream of Envoy's, as one filter sees it, on the stream's worker.

use super::outgoing::Outgoing;
use super::{
    Body, EnvoyBuffer, EnvoyHeader, EnvoyPtr, MetadataSource, ModuleBuffer, RESET_LOCAL, Timing,
    call, filled, module_headers, shown,
};
use ahead_proxy_wasm::Header;
use ahead_proxy_wasm::abi::StreamMap;

/// Envoy's side of a filter in a stream. Copies are the same stream.
#[derive(Clone, Copy, Debug)]
pub struct HttpFilter(EnvoyPtr);

impl HttpFilter {
    /// # Safety
    /// The pointer is what Envoy passed to `on_http_filter_new`, and no handle is used after
    /// `on_http_filter_destroy` nor on another thread.
    pub unsafe fn new(pointer: EnvoyPtr) -> Self {
        HttpFilter(pointer)
    }

    // --- headers -----------------------------------------------------------------------------------------------

    /// The first value of a header. Valid until the map changes.
    pub fn header(&self, map: StreamMap, name: &[u8], each: impl FnOnce(&[u8])) -> bool {
        let (map, key) = (map.number(), ModuleBuffer::of(name));
        let count = std::ptr::null_mut();
        shown(
            |value| call!(http_get_header(self.0, map, key, value, 0, count)),
            each,
        )
    }

    pub fn header_count(&self, map: StreamMap) -> usize {
        call!(http_get_headers_size(self.0, map.number())).unwrap_or(0)
    }

    /// Shows all headers in order; `false` if there is no such map. `scratch` keeps its allocation.
    pub fn headers(
        &self,
        map: StreamMap,
        scratch: &mut Vec<EnvoyHeader>,
        each: &mut dyn FnMut(&[u8], &[u8]),
    ) -> bool {
        let count = self.header_count(map);
        scratch.clear();
        scratch.resize(count, EnvoyHeader::NONE);
        let found = call!(http_get_headers(self.0, map.number(), scratch.as_mut_ptr()));
        if found != Some(true) {
            return false;
        }
        for header in scratch.iter() {
            // SAFETY: the map's own bytes, which nobody changes while `each` has them.
            let (key, value) = unsafe { (header.key.bytes(), header.value.bytes()) };
            each(key, value);
        }
        scratch.clear();
        true
    }

    pub fn add_header(&self, map: StreamMap, name: &[u8], value: &[u8]) -> bool {
        let (name, value) = (ModuleBuffer::of(name), ModuleBuffer::of(value));
        call!(http_add_header(self.0, map.number(), name, value)).unwrap_or(false)
    }

    pub fn set_header(&self, map: StreamMap, name: &[u8], value: &[u8]) -> bool {
        let (name, value) = (ModuleBuffer::of(name), ModuleBuffer::of(value));
        call!(http_set_header(self.0, map.number(), name, value)).unwrap_or(false)
    }

    pub fn remove_header(&self, map: StreamMap, name: &[u8]) -> bool {
        let name = ModuleBuffer::of(name);
        call!(http_set_header(
            self.0,
            map.number(),
            name,
            ModuleBuffer::NONE
        ))
        .unwrap_or(false)
    }

    // --- bodies --------------------------------------------------------------------------------------------------

    pub fn body_len(&self, body: Body) -> usize {
        call!(http_get_body_size(self.0, body as u32)).unwrap_or(0)
    }

    /// Shows the pieces of a body in order.
    pub fn body(&self, body: Body, scratch: &mut Vec<EnvoyBuffer>, each: &mut dyn FnMut(&[u8])) {
        let count = call!(http_get_body_chunks_size(self.0, body as u32)).unwrap_or(0);
        if count == 0 {
            return;
        }
        scratch.clear();
        scratch.resize(count, EnvoyBuffer::NONE);
        if call!(http_get_body_chunks(
            self.0,
            body as u32,
            scratch.as_mut_ptr()
        )) == Some(true)
        {
            for chunk in scratch.iter() {
                // SAFETY: the body's own bytes, which nobody changes while `each` has them.
                each(unsafe { chunk.bytes() });
            }
        }
        scratch.clear();
    }

    pub fn append_body(&self, body: Body, data: &[u8]) -> bool {
        call!(http_append_body(
            self.0,
            body as u32,
            ModuleBuffer::of(data)
        ))
        .unwrap_or(false)
    }

    pub fn drain_body(&self, body: Body, bytes: usize) -> bool {
        bytes == 0 || call!(http_drain_body(self.0, body as u32, bytes)).unwrap_or(false)
    }

    /// Whether the body that this callback is about is the one that was buffered before.
    pub fn received_is_buffered(&self, body: Body) -> bool {
        match body {
            Body::ReceivedRequest | Body::BufferedRequest => {
                call!(http_received_buffered_request_body(self.0))
            }
            _ => call!(http_received_buffered_response_body(self.0)),
        }
        .unwrap_or(false)
    }

    // --- what is known of the stream -------------------------------------------------------------------------------

    pub fn attribute_string(&self, id: u32, each: impl FnOnce(&[u8])) -> bool {
        shown(
            |value| call!(http_filter_get_attribute_string(self.0, id, value)),
            each,
        )
    }

    pub fn attribute_int(&self, id: u32) -> Option<u64> {
        filled(0, |value| {
            call!(http_filter_get_attribute_int(self.0, id, value))
        })
    }

    pub fn attribute_bool(&self, id: u32) -> Option<bool> {
        filled(false, |value| {
            call!(http_filter_get_attribute_bool(self.0, id, value))
        })
    }

    pub fn timing(&self) -> Option<Timing> {
        let mut timing = Timing::default();
        call!(http_get_timing_info(self.0, &mut timing))?;
        Some(timing)
    }

    pub fn filter_state(&self, key: &[u8], each: impl FnOnce(&[u8])) -> bool {
        let key = ModuleBuffer::of(key);
        shown(
            |value| call!(http_get_filter_state_bytes(self.0, key, value)),
            each,
        )
    }

    pub fn set_filter_state(&self, key: &[u8], value: &[u8]) -> bool {
        let (key, value) = (ModuleBuffer::of(key), ModuleBuffer::of(value));
        call!(http_set_filter_state_bytes(self.0, key, value)).unwrap_or(false)
    }

    pub fn set_typed_filter_state(&self, key: &[u8], value: &[u8]) -> bool {
        let (key, value) = (ModuleBuffer::of(key), ModuleBuffer::of(value));
        call!(http_set_filter_state_typed(self.0, key, value)).unwrap_or(false)
    }

    // --- metadata -----------------------------------------------------------------------------------------------------

    pub fn metadata_namespaces(&self, source: MetadataSource) -> Vec<Vec<u8>> {
        let count = call!(http_get_metadata_namespaces_count(self.0, source as u32)).unwrap_or(0);
        self.names(count, |list| {
            call!(http_get_metadata_namespaces(self.0, source as u32, list))
        })
    }

    pub fn metadata_keys(&self, source: MetadataSource, namespace: &[u8]) -> Vec<Vec<u8>> {
        let namespace = ModuleBuffer::of(namespace);
        let count = call!(http_get_metadata_keys_count(
            self.0,
            source as u32,
            namespace
        ))
        .unwrap_or(0);
        self.names(count, |list| {
            call!(http_get_metadata_keys(
                self.0,
                source as u32,
                namespace,
                list
            ))
        })
    }

    fn names(
        &self,
        count: usize,
        fill: impl FnOnce(*mut EnvoyBuffer) -> Option<bool>,
    ) -> Vec<Vec<u8>> {
        let mut names = vec![EnvoyBuffer::NONE; count];
        if count == 0 || fill(names.as_mut_ptr()) != Some(true) {
            return Vec::new();
        }
        // SAFETY: the metadata's own bytes, alive during this callback.
        names
            .iter()
            .map(|name| unsafe { name.bytes() }.to_vec())
            .collect()
    }

    /// A value of metadata, if it is one of the kinds that modules can see.
    pub fn metadata(
        &self,
        source: MetadataSource,
        namespace: &[u8],
        key: &[u8],
    ) -> Option<MetadataValue> {
        let (of, source) = (self.0, source as u32);
        let (space, key) = (ModuleBuffer::of(namespace), ModuleBuffer::of(key));
        let scalar = MetadataValue::scalar(
            |value| call!(http_get_metadata_string(of, source, space, key, value)),
            |value| call!(http_get_metadata_number(of, source, space, key, value)),
            |value| call!(http_get_metadata_bool(of, source, space, key, value)),
        );
        if scalar.is_some() {
            return scalar;
        }
        let size = filled(0, |size| {
            call!(http_get_metadata_list_size(of, source, space, key, size))
        })?;
        let item = |at| {
            MetadataValue::scalar(
                |value| {
                    call!(http_get_metadata_list_string(
                        of, source, space, key, at, value
                    ))
                },
                |value| {
                    call!(http_get_metadata_list_number(
                        of, source, space, key, at, value
                    ))
                },
                |value| {
                    call!(http_get_metadata_list_bool(
                        of, source, space, key, at, value
                    ))
                },
            )
        };
        let list: Option<Vec<_>> = (0..size).map(item).collect();
        list.map(MetadataValue::List)
    }

    // --- what is done with the stream ----------------------------------------------------------------------------------

    pub fn clear_route_cache(&self) {
        call!(http_clear_route_cache(self.0));
    }

    /// Envoy may call hooks of this and other filters from within.
    pub fn send_response(&self, status: u32, headers: &[Header], body: &[u8], details: &[u8]) {
        let mut headers = module_headers(headers);
        call!(http_send_response(
            self.0,
            status,
            headers.as_mut_ptr(),
            headers.len(),
            ModuleBuffer::of(body),
            ModuleBuffer::of(details),
        ));
    }

    /// Envoy may call hooks of this and other filters from within.
    pub fn continue_decoding(&self) {
        call!(http_filter_continue_decoding(self.0));
    }

    /// Envoy may call hooks of this and other filters from within.
    pub fn continue_encoding(&self) {
        call!(http_filter_continue_encoding(self.0));
    }

    /// Envoy calls the hooks of the stream's end from within.
    pub fn reset(&self, details: &[u8]) {
        call!(http_filter_reset_stream(
            self.0,
            RESET_LOCAL,
            ModuleBuffer::of(details)
        ));
    }

    // --- requests of its own -----------------------------------------------------------------------------------------------

    /// HTTP streams of its own.
    pub fn outgoing(&self) -> Outgoing {
        Outgoing::of_stream(self.0)
    }

    /// A way onto the stream's worker from elsewhere.
    pub fn scheduler(&self) -> Option<StreamScheduler> {
        call!(http_filter_scheduler_new(self.0))
            .filter(|scheduler| !scheduler.is_null())
            .map(StreamScheduler)
    }
}

/// What modules can see of a value of metadata; messages within it they cannot.
#[derive(Clone, Debug, PartialEq)]
pub enum MetadataValue {
    String(Vec<u8>),
    Number(f64),
    Bool(bool),
    List(Vec<MetadataValue>),
}

impl MetadataValue {
    /// The value that one of the functions finds.
    fn scalar(
        string: impl FnOnce(&mut EnvoyBuffer) -> Option<bool>,
        number: impl FnOnce(&mut f64) -> Option<bool>,
        truth: impl FnOnce(&mut bool) -> Option<bool>,
    ) -> Option<MetadataValue> {
        let mut text = Vec::new();
        if shown(string, |bytes| text.extend_from_slice(bytes)) {
            return Some(MetadataValue::String(text));
        }
        let number = filled(0.0, number).map(MetadataValue::Number);
        number.or_else(|| filled(false, truth).map(MetadataValue::Bool))
    }
}

/// Gets `on_http_filter_scheduled` called on the stream's worker, if the stream is still there.
#[derive(Debug)]
pub struct StreamScheduler(EnvoyPtr);

// SAFETY: Envoy documents that any thread may commit, and the object is not tied to a thread.
unsafe impl Send for StreamScheduler {}
// SAFETY: as above.
unsafe impl Sync for StreamScheduler {}

impl StreamScheduler {
    pub fn commit(&self, event: u64) {
        call!(http_filter_scheduler_commit(self.0, event));
    }
}

impl Drop for StreamScheduler {
    fn drop(&mut self) {
        call!(http_filter_scheduler_delete(self.0));
    }
}
