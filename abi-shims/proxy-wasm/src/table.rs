//! The functions that hosts have for filters: section, name, parameters, and which versions of the ABI have them.
//!
//! A row is all there is to say about a function's place: adding one here and in its section's file is enough.
//! Parameters are named as in the specification; all are `i32` but for two of the metrics, and the one result is
//! a [`Status`].

use crate::abi::{AbiVersion, Status};
use crate::effect::{Outcome, Refusal};
use crate::host::ProxyHost;
use crate::hostcalls::*;
use crate::state::{Call, State};
use ahead_runtime::{Caller, Linker, Module, Trap, ValType};

/// The module that the ABI's functions are imported from.
pub const MODULE: &str = "env";

/// A function as filters import it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hostcall {
    pub section: &'static str,
    pub name: &'static str,
    /// Names and core types.
    pub params: &'static [(&'static str, ValType)],
    pub versions: &'static [AbiVersion],
}

macro_rules! val_type {
    (u32) => {
        ValType::I32
    };
    (u64) => {
        ValType::I64
    };
    (i64) => {
        ValType::I64
    };
}

macro_rules! versions {
    (all) => {
        AbiVersion::ALL
    };
    (v0_1_0) => {
        &[AbiVersion::V0_1_0]
    };
    (since_v0_2_0) => {
        &[AbiVersion::V0_2_0, AbiVersion::V0_2_1]
    };
    (since_v0_2_1) => {
        &[AbiVersion::V0_2_1]
    };
}

macro_rules! hostcalls {
    ($($versions:ident $section:ident::$name:ident($($param:ident: $ty:tt),* $(,)?);)*) => {
        /// Every function, by section.
        pub const HOSTCALLS: &[Hostcall] = &[$(Hostcall {
            section: stringify!($section),
            name: stringify!($name),
            params: &[$((stringify!($param), val_type!($ty))),*],
            versions: versions!($versions),
        }),*];

        /// Defines the functions of one version that `module` imports.
        pub(crate) fn define<H: ProxyHost>(
            linker: &mut Linker<State<H>>,
            version: AbiVersion,
            module: &Module,
        ) {
            let imports = &module.interface().imports;
            let wanted = |name: &str, versions: &[AbiVersion]| {
                let is_it = |import: &ahead_runtime::Import| import.module == MODULE && import.name == name;
                versions.contains(&version) && imports.iter().any(is_it)
            };
            $(if wanted(stringify!($name), versions!($versions)) {
                linker.func(
                    MODULE,
                    stringify!($name),
                    |caller: Caller<'_, State<H>>, $($param: $ty),*| -> Result<u32, Trap> {
                        finish($section::$name(&mut Call(caller), $($param),*))
                    },
                );
            })*
        }
    };
}

/// What the guest gets: a status, or its end.
fn finish(outcome: Outcome) -> Result<u32, Trap> {
    match outcome {
        Ok(()) => Ok(Status::Ok.number()),
        Err(Refusal::Status(status)) => Ok(status.number()),
        Err(Refusal::Trap(trap)) => Err(trap),
    }
}

/// The versions that have a function.
pub(crate) fn versions_with(module: &str, name: &str) -> Vec<AbiVersion> {
    let row = HOSTCALLS.iter().find(|row| row.name == name);
    row.filter(|_| module == MODULE)
        .map_or(Vec::new(), |row| row.versions.to_vec())
}

hostcalls! {
    all log::proxy_log(log_level: u32, message_data: u32, message_size: u32);
    since_v0_2_1 log::proxy_get_log_level(return_log_level: u32);

    all time::proxy_get_current_time_nanoseconds(return_time: u32);
    all time::proxy_set_tick_period_milliseconds(tick_period: u32);

    all headers::proxy_get_header_map_size(map_id: u32, return_serialized_pairs_size: u32);
    all headers::proxy_get_header_map_pairs(
        map_id: u32, return_serialized_pairs_data: u32, return_serialized_pairs_size: u32,
    );
    all headers::proxy_set_header_map_pairs(
        map_id: u32, serialized_pairs_data: u32, serialized_pairs_size: u32,
    );
    all headers::proxy_get_header_map_value(
        map_id: u32, key_data: u32, key_size: u32, return_value_data: u32, return_value_size: u32,
    );
    all headers::proxy_add_header_map_value(
        map_id: u32, key_data: u32, key_size: u32, value_data: u32, value_size: u32,
    );
    all headers::proxy_replace_header_map_value(
        map_id: u32, key_data: u32, key_size: u32, value_data: u32, value_size: u32,
    );
    all headers::proxy_remove_header_map_value(map_id: u32, key_data: u32, key_size: u32);

    all buffers::proxy_get_buffer_status(
        buffer_id: u32, return_buffer_size: u32, return_unused: u32,
    );
    all buffers::proxy_get_buffer_bytes(
        buffer_id: u32, start: u32, max_size: u32, return_value_data: u32, return_value_size: u32,
    );
    all buffers::proxy_set_buffer_bytes(
        buffer_id: u32, start: u32, size: u32, value_data: u32, value_size: u32,
    );
    v0_1_0 buffers::proxy_get_configuration(return_value_data: u32, return_value_size: u32);

    all properties::proxy_get_property(
        path_data: u32, path_size: u32, return_value_data: u32, return_value_size: u32,
    );
    all properties::proxy_set_property(
        path_data: u32, path_size: u32, value_data: u32, value_size: u32,
    );

    all stream::proxy_send_local_response(
        status_code: u32, status_code_details_data: u32, status_code_details_size: u32,
        body_data: u32, body_size: u32,
        serialized_headers_data: u32, serialized_headers_size: u32, grpc_status: u32,
    );
    since_v0_2_0 stream::proxy_continue_stream(stream_type: u32);
    since_v0_2_0 stream::proxy_close_stream(stream_type: u32);
    v0_1_0 stream::proxy_continue_request();
    v0_1_0 stream::proxy_continue_response();
    v0_1_0 stream::proxy_clear_route_cache();

    all context::proxy_set_effective_context(context_id: u32);
    all context::proxy_done();

    all http_call::proxy_http_call(
        upstream_name_data: u32, upstream_name_size: u32,
        serialized_headers_data: u32, serialized_headers_size: u32,
        body_data: u32, body_size: u32,
        serialized_trailers_data: u32, serialized_trailers_size: u32,
        timeout: u32, return_call_id: u32,
    );
    all http_call::proxy_get_status(
        return_status_code: u32, return_status_message_data: u32, return_status_message_size: u32,
    );

    all grpc::proxy_grpc_call(
        upstream_name_data: u32, upstream_name_size: u32,
        service_name_data: u32, service_name_size: u32,
        method_name_data: u32, method_name_size: u32,
        serialized_initial_metadata_data: u32, serialized_initial_metadata_size: u32,
        message_data: u32, message_size: u32, timeout: u32, return_call_id: u32,
    );
    all grpc::proxy_grpc_stream(
        upstream_name_data: u32, upstream_name_size: u32,
        service_name_data: u32, service_name_size: u32,
        method_name_data: u32, method_name_size: u32,
        serialized_initial_metadata_data: u32, serialized_initial_metadata_size: u32,
        return_stream_id: u32,
    );
    all grpc::proxy_grpc_send(
        stream_id: u32, message_data: u32, message_size: u32, end_stream: u32,
    );
    all grpc::proxy_grpc_cancel(call_or_stream_id: u32);
    all grpc::proxy_grpc_close(call_or_stream_id: u32);

    all shared_data::proxy_set_shared_data(
        key_data: u32, key_size: u32, value_data: u32, value_size: u32, cas: u32,
    );
    all shared_data::proxy_get_shared_data(
        key_data: u32, key_size: u32, return_value_data: u32, return_value_size: u32, return_cas: u32,
    );

    all shared_queue::proxy_register_shared_queue(name_data: u32, name_size: u32, return_queue_id: u32);
    all shared_queue::proxy_resolve_shared_queue(
        vm_id_data: u32, vm_id_size: u32, name_data: u32, name_size: u32, return_queue_id: u32,
    );
    all shared_queue::proxy_enqueue_shared_queue(queue_id: u32, value_data: u32, value_size: u32);
    all shared_queue::proxy_dequeue_shared_queue(
        queue_id: u32, return_value_data: u32, return_value_size: u32,
    );

    all metrics::proxy_define_metric(
        metric_type: u32, name_data: u32, name_size: u32, return_metric_id: u32,
    );
    all metrics::proxy_record_metric(metric_id: u32, value: u64);
    all metrics::proxy_increment_metric(metric_id: u32, delta: i64);
    all metrics::proxy_get_metric(metric_id: u32, return_value: u32);

    all foreign::proxy_call_foreign_function(
        name_data: u32, name_size: u32, arguments_data: u32, arguments_size: u32,
        return_results_data: u32, return_results_size: u32,
    );
}
