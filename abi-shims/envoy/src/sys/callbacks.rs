//! The functions that Envoy provides to a dynamic module, found by name when the module is loaded.
//!
//! Not linked: a symbol that this Envoy does not have would keep the whole module from loading, and weak
//! references cannot be written in stable Rust. Each field is empty where Envoy has no function of the name, and
//! whoever calls it says what that means.
//!
//! Source of names, parameters and meaning: Envoy 1.40, `source/extensions/dynamic_modules/abi/abi.h`, and what its
//! binary does.

use super::types::*;
use std::ffi::{CString, c_void};
use std::sync::OnceLock;

macro_rules! callbacks {
    ($($(#[$doc:meta])* fn $name:ident($($parameter:ident: $ty:ty),* $(,)?) $(-> $result:ty)?;)*) => {
        /// What this Envoy has. Pointers that the functions take are those that Envoy passed to a hook, as
        /// long as that hook's documentation says they live.
        #[derive(Default)]
        pub struct Callbacks {
            $($(#[$doc])* pub $name: Option<unsafe extern "C" fn($($ty),*) $(-> $result)?>,)*
        }

        impl Callbacks {
            fn find() -> Callbacks {
                Callbacks {
                    $($name: {
                        let found = symbol(concat!("envoy_dynamic_module_callback_", stringify!($name)));
                        // SAFETY: null is `None`, and the function of this name has this signature.
                        unsafe {
                            std::mem::transmute::<
                                *mut c_void,
                                Option<unsafe extern "C" fn($($ty),*) $(-> $result)?>,
                            >(found)
                        }
                    },)*
                }
            }
        }
    };
}

callbacks! {
    // --- the process ---------------------------------------------------------------------------------------

    fn log(level: u32, message: ModuleBuffer);
    fn get_log_level() -> u32;
    fn log_enabled(level: u32) -> bool;

    // --- the configuration of an HTTP filter: on the main thread ---------------------------------------------

    /// Only while the configuration is being made. Labels name tags, none for a plain metric.
    fn http_filter_config_define_counter(
        config: EnvoyPtr, name: ModuleBuffer, labels: *mut ModuleBuffer, count: usize, id: *mut usize,
    ) -> u32;
    fn http_filter_config_define_gauge(
        config: EnvoyPtr, name: ModuleBuffer, labels: *mut ModuleBuffer, count: usize, id: *mut usize,
    ) -> u32;
    fn http_filter_config_define_histogram(
        config: EnvoyPtr, name: ModuleBuffer, labels: *mut ModuleBuffer, count: usize, id: *mut usize,
    ) -> u32;
    fn http_filter_config_increment_counter(
        config: EnvoyPtr, id: usize, labels: *mut ModuleBuffer, count: usize, value: u64,
    ) -> u32;
    fn http_filter_config_increment_gauge(
        config: EnvoyPtr, id: usize, labels: *mut ModuleBuffer, count: usize, value: u64,
    ) -> u32;
    fn http_filter_config_decrement_gauge(
        config: EnvoyPtr, id: usize, labels: *mut ModuleBuffer, count: usize, value: u64,
    ) -> u32;
    fn http_filter_config_set_gauge(
        config: EnvoyPtr, id: usize, labels: *mut ModuleBuffer, count: usize, value: u64,
    ) -> u32;
    fn http_filter_config_record_histogram_value(
        config: EnvoyPtr, id: usize, labels: *mut ModuleBuffer, count: usize, value: u64,
    ) -> u32;
    fn http_filter_config_start_http_stream(
        config: EnvoyPtr, id: *mut u64, cluster: ModuleBuffer, headers: *mut ModuleHeader, count: usize,
        body: ModuleBuffer, end_of_stream: bool, timeout_ms: u64,
    ) -> u32;
    fn http_filter_config_stream_send_data(
        config: EnvoyPtr, id: u64, data: ModuleBuffer, end_of_stream: bool,
    ) -> bool;
    fn http_filter_config_stream_send_trailers(
        config: EnvoyPtr, id: u64, trailers: *mut ModuleHeader, count: usize,
    ) -> bool;
    fn http_filter_config_reset_http_stream(config: EnvoyPtr, id: u64);
    fn http_filter_config_scheduler_new(config: EnvoyPtr) -> EnvoyPtr;
    /// From any thread: `on_http_filter_config_scheduled` follows on the main thread.
    fn http_filter_config_scheduler_commit(scheduler: EnvoyPtr, event: u64);
    fn http_filter_config_scheduler_delete(scheduler: EnvoyPtr);

    // --- an HTTP stream: on its worker -------------------------------------------------------------------------

    /// The value at `index` of a header, and how many there are.
    fn http_get_header(
        filter: EnvoyPtr, map: u32, key: ModuleBuffer, value: *mut EnvoyBuffer, index: usize,
        count: *mut usize,
    ) -> bool;
    fn http_get_headers_size(filter: EnvoyPtr, map: u32) -> usize;
    fn http_get_headers(filter: EnvoyPtr, map: u32, headers: *mut EnvoyHeader) -> bool;
    /// Appends; nothing happens for an empty value.
    fn http_add_header(filter: EnvoyPtr, map: u32, key: ModuleBuffer, value: ModuleBuffer) -> bool;
    /// Replaces all; removes them for a null value.
    fn http_set_header(filter: EnvoyPtr, map: u32, key: ModuleBuffer, value: ModuleBuffer) -> bool;
    fn http_send_response(
        filter: EnvoyPtr, status: u32, headers: *mut ModuleHeader, count: usize, body: ModuleBuffer,
        details: ModuleBuffer,
    );
    fn http_get_body_size(filter: EnvoyPtr, body: u32) -> usize;
    fn http_get_body_chunks_size(filter: EnvoyPtr, body: u32) -> usize;
    fn http_get_body_chunks(filter: EnvoyPtr, body: u32, chunks: *mut EnvoyBuffer) -> bool;
    fn http_append_body(filter: EnvoyPtr, body: u32, data: ModuleBuffer) -> bool;
    fn http_drain_body(filter: EnvoyPtr, body: u32, bytes: usize) -> bool;
    /// Whether what has just been received is the body that was buffered before.
    fn http_received_buffered_request_body(filter: EnvoyPtr) -> bool;
    fn http_received_buffered_response_body(filter: EnvoyPtr) -> bool;
    fn http_clear_route_cache(filter: EnvoyPtr);
    fn http_set_filter_state_bytes(filter: EnvoyPtr, key: ModuleBuffer, value: ModuleBuffer) -> bool;
    fn http_get_filter_state_bytes(filter: EnvoyPtr, key: ModuleBuffer, value: *mut EnvoyBuffer) -> bool;
    fn http_set_filter_state_typed(filter: EnvoyPtr, key: ModuleBuffer, value: ModuleBuffer) -> bool;
    fn http_filter_get_attribute_string(filter: EnvoyPtr, id: u32, value: *mut EnvoyBuffer) -> bool;
    fn http_filter_get_attribute_int(filter: EnvoyPtr, id: u32, value: *mut u64) -> bool;
    fn http_filter_get_attribute_bool(filter: EnvoyPtr, id: u32, value: *mut bool) -> bool;
    fn http_get_timing_info(filter: EnvoyPtr, timing: *mut Timing);
    fn http_get_metadata_namespaces_count(filter: EnvoyPtr, source: u32) -> usize;
    fn http_get_metadata_namespaces(filter: EnvoyPtr, source: u32, names: *mut EnvoyBuffer) -> bool;
    fn http_get_metadata_keys_count(filter: EnvoyPtr, source: u32, namespace: ModuleBuffer) -> usize;
    fn http_get_metadata_keys(
        filter: EnvoyPtr, source: u32, namespace: ModuleBuffer, keys: *mut EnvoyBuffer,
    ) -> bool;
    fn http_get_metadata_string(
        filter: EnvoyPtr, source: u32, namespace: ModuleBuffer, key: ModuleBuffer, value: *mut EnvoyBuffer,
    ) -> bool;
    fn http_get_metadata_number(
        filter: EnvoyPtr, source: u32, namespace: ModuleBuffer, key: ModuleBuffer, value: *mut f64,
    ) -> bool;
    fn http_get_metadata_bool(
        filter: EnvoyPtr, source: u32, namespace: ModuleBuffer, key: ModuleBuffer, value: *mut bool,
    ) -> bool;
    fn http_get_metadata_list_size(
        filter: EnvoyPtr, source: u32, namespace: ModuleBuffer, key: ModuleBuffer, size: *mut usize,
    ) -> bool;
    fn http_get_metadata_list_string(
        filter: EnvoyPtr, source: u32, namespace: ModuleBuffer, key: ModuleBuffer, index: usize,
        value: *mut EnvoyBuffer,
    ) -> bool;
    fn http_get_metadata_list_number(
        filter: EnvoyPtr, source: u32, namespace: ModuleBuffer, key: ModuleBuffer, index: usize,
        value: *mut f64,
    ) -> bool;
    fn http_get_metadata_list_bool(
        filter: EnvoyPtr, source: u32, namespace: ModuleBuffer, key: ModuleBuffer, index: usize,
        value: *mut bool,
    ) -> bool;
    fn http_filter_start_http_stream(
        filter: EnvoyPtr, id: *mut u64, cluster: ModuleBuffer, headers: *mut ModuleHeader, count: usize,
        body: ModuleBuffer, end_of_stream: bool, timeout_ms: u64,
    ) -> u32;
    fn http_stream_send_data(filter: EnvoyPtr, id: u64, data: ModuleBuffer, end_of_stream: bool) -> bool;
    fn http_stream_send_trailers(
        filter: EnvoyPtr, id: u64, trailers: *mut ModuleHeader, count: usize,
    ) -> bool;
    fn http_filter_reset_http_stream(filter: EnvoyPtr, id: u64);
    fn http_filter_continue_decoding(filter: EnvoyPtr);
    fn http_filter_continue_encoding(filter: EnvoyPtr);
    fn http_filter_reset_stream(filter: EnvoyPtr, reason: u32, details: ModuleBuffer);
    fn http_filter_scheduler_new(filter: EnvoyPtr) -> EnvoyPtr;
    /// From any thread: `on_http_filter_scheduled` follows on the stream's worker if the stream still is.
    fn http_filter_scheduler_commit(scheduler: EnvoyPtr, event: u64);
    fn http_filter_scheduler_delete(scheduler: EnvoyPtr);

    // --- a cluster of ours, by which workers are reached --------------------------------------------------------

    /// Main thread only.
    fn cluster_pre_init_complete(cluster: EnvoyPtr);
    /// Main thread only: `on_cluster_worker_event` follows on every worker.
    fn cluster_run_on_all_workers(cluster: EnvoyPtr, event: u64);
    fn cluster_scheduler_new(cluster: EnvoyPtr) -> EnvoyPtr;
    /// From any thread: `on_cluster_scheduled` follows on the main thread.
    fn cluster_scheduler_commit(scheduler: EnvoyPtr, event: u64);
    fn cluster_scheduler_delete(scheduler: EnvoyPtr);

    // --- a connection: on its worker ----------------------------------------------------------------------------

    fn network_filter_get_read_buffer_size(filter: EnvoyPtr) -> usize;
    fn network_filter_get_read_buffer_chunks_size(filter: EnvoyPtr) -> usize;
    fn network_filter_get_read_buffer_chunks(filter: EnvoyPtr, chunks: *mut EnvoyBuffer) -> bool;
    fn network_filter_get_write_buffer_size(filter: EnvoyPtr) -> usize;
    fn network_filter_get_write_buffer_chunks_size(filter: EnvoyPtr) -> usize;
    fn network_filter_get_write_buffer_chunks(filter: EnvoyPtr, chunks: *mut EnvoyBuffer) -> bool;
    fn network_filter_drain_read_buffer(filter: EnvoyPtr, bytes: usize) -> bool;
    fn network_filter_drain_write_buffer(filter: EnvoyPtr, bytes: usize) -> bool;
    fn network_filter_append_read_buffer(filter: EnvoyPtr, data: ModuleBuffer) -> bool;
    fn network_filter_append_write_buffer(filter: EnvoyPtr, data: ModuleBuffer) -> bool;
    fn network_filter_continue_reading(filter: EnvoyPtr);
    fn network_filter_close_with_details(filter: EnvoyPtr, how: u32, details: ModuleBuffer);
    fn network_filter_close(filter: EnvoyPtr, how: u32);
    fn network_filter_get_connection_id(filter: EnvoyPtr) -> u64;
    fn network_filter_get_attribute_string(filter: EnvoyPtr, id: u32, value: *mut EnvoyBuffer) -> bool;
    fn network_filter_get_attribute_int(filter: EnvoyPtr, id: u32, value: *mut u64) -> bool;
    fn network_filter_get_attribute_bool(filter: EnvoyPtr, id: u32, value: *mut bool) -> bool;
    fn network_set_filter_state_bytes(filter: EnvoyPtr, key: ModuleBuffer, value: ModuleBuffer) -> bool;
    fn network_get_filter_state_bytes(filter: EnvoyPtr, key: ModuleBuffer, value: *mut EnvoyBuffer) -> bool;
    fn network_filter_http_callout(
        filter: EnvoyPtr, id: *mut u64, cluster: ModuleBuffer, headers: *mut ModuleHeader, count: usize,
        body: ModuleBuffer, timeout_ms: u64,
    ) -> u32;
    fn network_filter_config_define_counter(config: EnvoyPtr, name: ModuleBuffer, id: *mut usize) -> u32;
    fn network_filter_config_define_gauge(config: EnvoyPtr, name: ModuleBuffer, id: *mut usize) -> u32;
    fn network_filter_config_define_histogram(config: EnvoyPtr, name: ModuleBuffer, id: *mut usize) -> u32;
    fn network_filter_config_increment_counter(config: EnvoyPtr, id: usize, value: u64) -> u32;
    fn network_filter_config_increment_gauge(config: EnvoyPtr, id: usize, value: u64) -> u32;
    fn network_filter_config_decrement_gauge(config: EnvoyPtr, id: usize, value: u64) -> u32;
    fn network_filter_config_set_gauge(config: EnvoyPtr, id: usize, value: u64) -> u32;
    fn network_filter_config_record_histogram_value(config: EnvoyPtr, id: usize, value: u64) -> u32;
    fn network_filter_config_scheduler_new(config: EnvoyPtr) -> EnvoyPtr;
    fn network_filter_config_scheduler_commit(scheduler: EnvoyPtr, event: u64);
    fn network_filter_config_scheduler_delete(scheduler: EnvoyPtr);
}

/// The functions of the Envoy that we are in.
pub fn callbacks() -> &'static Callbacks {
    static FOUND: OnceLock<Callbacks> = OnceLock::new();
    FOUND.get_or_init(Callbacks::find)
}

/// A symbol of the program, or null.
fn symbol(name: &str) -> *mut c_void {
    let Ok(name) = CString::new(name) else {
        return std::ptr::null_mut();
    };
    // SAFETY: a C string, and a handle that dlsym knows.
    unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_envoy_nothing_is_found_and_nothing_fails() {
        assert!(callbacks().log.is_none());
        assert!(callbacks().http_get_headers.is_none());
    }
}
