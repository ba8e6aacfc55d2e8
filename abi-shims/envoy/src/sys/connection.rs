//! A connection of Envoy's, as one network filter sees it, on the connection's worker.

use super::{
    CLOSE_FLUSH_WRITE, EnvoyBuffer, EnvoyPtr, ModuleBuffer, call, filled, milliseconds,
    module_headers, shown, started,
};
use ahead_proxy_wasm::Header;
use std::time::Duration;

/// Which way data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client.
    Read,
    /// To the client.
    Write,
}

/// Envoy's side of a filter on a connection. Copies are the same connection.
#[derive(Clone, Copy, Debug)]
pub struct Connection(EnvoyPtr);

impl Connection {
    /// # Safety
    /// The pointer is what Envoy passed to `on_network_filter_new`, and no handle is used after
    /// `on_network_filter_destroy` nor on another thread.
    pub unsafe fn new(pointer: EnvoyPtr) -> Self {
        Connection(pointer)
    }

    pub fn len(&self, direction: Direction) -> usize {
        match direction {
            Direction::Read => call!(network_filter_get_read_buffer_size(self.0)),
            Direction::Write => call!(network_filter_get_write_buffer_size(self.0)),
        }
        .unwrap_or(0)
    }

    /// Shows the pieces of what there is in order.
    pub fn data(&self, direction: Direction, each: &mut dyn FnMut(&[u8])) {
        let count = match direction {
            Direction::Read => call!(network_filter_get_read_buffer_chunks_size(self.0)),
            Direction::Write => call!(network_filter_get_write_buffer_chunks_size(self.0)),
        };
        let mut chunks = vec![EnvoyBuffer::NONE; count.unwrap_or(0)];
        if chunks.is_empty() {
            return;
        }
        let list = chunks.as_mut_ptr();
        let found = match direction {
            Direction::Read => call!(network_filter_get_read_buffer_chunks(self.0, list)),
            Direction::Write => call!(network_filter_get_write_buffer_chunks(self.0, list)),
        };
        if found == Some(true) {
            for chunk in &chunks {
                // SAFETY: the buffer's own bytes, which nobody changes while `each` has them.
                each(unsafe { chunk.bytes() });
            }
        }
    }

    pub fn drain(&self, direction: Direction, bytes: usize) -> bool {
        bytes == 0
            || match direction {
                Direction::Read => call!(network_filter_drain_read_buffer(self.0, bytes)),
                Direction::Write => call!(network_filter_drain_write_buffer(self.0, bytes)),
            }
            .unwrap_or(false)
    }

    pub fn append(&self, direction: Direction, data: &[u8]) -> bool {
        let data = ModuleBuffer::of(data);
        match direction {
            Direction::Read => call!(network_filter_append_read_buffer(self.0, data)),
            Direction::Write => call!(network_filter_append_write_buffer(self.0, data)),
        }
        .unwrap_or(false)
    }

    /// Envoy may call hooks of this and other filters from within.
    pub fn continue_reading(&self) {
        call!(network_filter_continue_reading(self.0));
    }

    /// Envoy calls the hooks of the connection's end from within.
    pub fn close(&self, details: &[u8]) {
        let details = ModuleBuffer::of(details);
        if call!(network_filter_close_with_details(
            self.0,
            CLOSE_FLUSH_WRITE,
            details
        ))
        .is_none()
        {
            call!(network_filter_close(self.0, CLOSE_FLUSH_WRITE));
        }
    }

    pub fn id(&self) -> Option<u64> {
        call!(network_filter_get_connection_id(self.0))
    }

    pub fn attribute_string(&self, id: u32, each: impl FnOnce(&[u8])) -> bool {
        shown(
            |value| call!(network_filter_get_attribute_string(self.0, id, value)),
            each,
        )
    }

    pub fn attribute_int(&self, id: u32) -> Option<u64> {
        filled(0, |value| {
            call!(network_filter_get_attribute_int(self.0, id, value))
        })
    }

    pub fn attribute_bool(&self, id: u32) -> Option<bool> {
        filled(false, |value| {
            call!(network_filter_get_attribute_bool(self.0, id, value))
        })
    }

    pub fn filter_state(&self, key: &[u8], each: impl FnOnce(&[u8])) -> bool {
        let key = ModuleBuffer::of(key);
        shown(
            |value| call!(network_get_filter_state_bytes(self.0, key, value)),
            each,
        )
    }

    pub fn set_filter_state(&self, key: &[u8], value: &[u8]) -> bool {
        let (key, value) = (ModuleBuffer::of(key), ModuleBuffer::of(value));
        call!(network_set_filter_state_bytes(self.0, key, value)).unwrap_or(false)
    }

    /// Sends a request; the error is Envoy's number.
    pub fn http_callout(
        &self,
        cluster: &[u8],
        headers: &[Header],
        body: &[u8],
        timeout: Duration,
    ) -> Result<u64, u32> {
        let mut headers = module_headers(headers);
        let mut id = 0;
        let result = call!(network_filter_http_callout(
            self.0,
            &mut id,
            ModuleBuffer::of(cluster),
            headers.as_mut_ptr(),
            headers.len(),
            ModuleBuffer::of(body),
            milliseconds(timeout),
        ));
        started(result, id)
    }
}
