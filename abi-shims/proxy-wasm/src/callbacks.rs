//! The functions that a filter exports for the host, looked up and checked once for each instance.
//!
//! All are optional but an allocator. [`CALLBACKS`] is the list with types; `proxy_on_request_headers` and
//! `proxy_on_response_headers` have two: SDKs of ABI 0.1.0 have both with `end_of_stream` and without.

use crate::error::Error;
use ahead_runtime::{
    ExportItem, FuncType, Instance, Module, Store, TypedFunc, ValType, WasmValues,
};

/// A callback as filters export it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Callback {
    pub name: &'static str,
    /// Parameters, all `i32`.
    pub params: &'static [&'static str],
    /// The one result, an `i32`, if there is any.
    pub result: Option<&'static str>,
}

macro_rules! word {
    ($param:ident) => {
        u32
    };
}

macro_rules! result_type {
    () => {
        ()
    };
    ($result:ident) => {
        u32
    };
}

macro_rules! result_name {
    () => {
        None
    };
    ($result:ident) => {
        Some(stringify!($result))
    };
}

macro_rules! callbacks {
    ($($name:ident($($param:ident),*) $(-> $result:ident)?;)*) => {
        /// Every callback, in the order of the specification.
        pub const CALLBACKS: &[Callback] = &[$(Callback {
            name: stringify!($name),
            params: &[$(stringify!($param)),*],
            result: result_name!($($result)?),
        }),*];

        /// An instance's callbacks.
        #[allow(non_snake_case)]
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct Callbacks {
            $(pub $name: Option<TypedFunc<($(word!($param),)*), result_type!($($result)?)>>,)*
            pub proxy_on_request_headers: HeadersCallback,
            pub proxy_on_response_headers: HeadersCallback,
        }

        impl Callbacks {
            /// The callbacks of an instance whose module was checked.
            pub fn of<T: 'static>(store: &Store<T>, instance: Instance) -> Self {
                Callbacks {
                    $($name: typed(store, instance, stringify!($name)),)*
                    proxy_on_request_headers: HeadersCallback::of(store, instance, "proxy_on_request_headers"),
                    proxy_on_response_headers: HeadersCallback::of(store, instance, "proxy_on_response_headers"),
                }
            }
        }
    };
}

callbacks! {
    _initialize();
    main(unused_1, unused_2) -> unused;
    __main_void() -> unused;
    _start();
    proxy_on_memory_allocate(memory_size) -> memory_data;
    malloc(memory_size) -> memory_data;
    proxy_on_context_create(context_id, parent_context_id);
    proxy_on_done(context_id) -> completed;
    proxy_on_log(context_id);
    proxy_on_delete(context_id);
    proxy_on_vm_start(unused, vm_configuration_size) -> status;
    proxy_on_configure(plugin_context_id, plugin_configuration_size) -> status;
    proxy_on_tick(plugin_context_id);
    proxy_on_new_connection(stream_context_id) -> action;
    proxy_on_downstream_data(stream_context_id, data_size, end_of_stream) -> action;
    proxy_on_downstream_connection_close(stream_context_id, close_source);
    proxy_on_upstream_data(stream_context_id, data_size, end_of_stream) -> action;
    proxy_on_upstream_connection_close(stream_context_id, close_source);
    proxy_on_request_body(stream_context_id, body_size, end_of_stream) -> action;
    proxy_on_request_trailers(stream_context_id, num_trailers) -> action;
    proxy_on_request_metadata(stream_context_id, num_elements) -> action;
    proxy_on_response_body(stream_context_id, body_size, end_of_stream) -> action;
    proxy_on_response_trailers(stream_context_id, num_trailers) -> action;
    proxy_on_response_metadata(stream_context_id, num_elements) -> action;
    proxy_on_http_call_response(plugin_context_id, call_id, num_headers, body_size, num_trailers);
    proxy_on_grpc_receive_initial_metadata(plugin_context_id, call_id, num_elements);
    proxy_on_grpc_receive(plugin_context_id, call_id, message_size);
    proxy_on_grpc_receive_trailing_metadata(plugin_context_id, call_id, num_elements);
    proxy_on_grpc_close(plugin_context_id, call_id, status_code);
    proxy_on_queue_ready(plugin_context_id, queue_id);
    proxy_on_foreign_function(plugin_context_id, function_id, arguments_size);
}

/// `proxy_on_request_headers` or `proxy_on_response_headers`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HeadersCallback {
    Absent,
    /// `(stream_context_id, num_headers) -> action`
    Count(TypedFunc<(u32, u32), u32>),
    /// `(stream_context_id, num_headers, end_of_stream) -> action`
    CountAndEnd(TypedFunc<(u32, u32, u32), u32>),
}

const HEADERS: [&str; 2] = ["proxy_on_request_headers", "proxy_on_response_headers"];

impl HeadersCallback {
    fn of<T: 'static>(store: &Store<T>, instance: Instance, name: &str) -> Self {
        if let Some(func) = typed(store, instance, name) {
            return HeadersCallback::CountAndEnd(func);
        }
        match typed(store, instance, name) {
            Some(func) => HeadersCallback::Count(func),
            None => HeadersCallback::Absent,
        }
    }
}

fn typed<T: 'static, P: WasmValues, R: WasmValues>(
    store: &Store<T>,
    instance: Instance,
    name: &str,
) -> Option<TypedFunc<P, R>> {
    instance.func(store, name)?.typed(store).ok()
}

/// Checks that what a module exports under the names of callbacks are functions of their types.
pub(crate) fn check(module: &Module) -> Result<(), Error> {
    let words = |count: usize| vec![ValType::I32; count];
    for export in &module.interface().exports {
        let ExportItem::Func(func) = export.item else {
            continue;
        };
        let Some(ty) = module.func_type(func) else {
            continue;
        };
        let wrong = |name, expected: String| Error::ExportType {
            name,
            expected,
            found: ty.clone(),
        };
        if let Some(&name) = HEADERS.iter().find(|name| **name == export.name) {
            let fits = [2, 3].map(words).contains(&ty.params) && ty.results == words(1);
            if !fits {
                let expected = "[i32 i32] -> [i32] or [i32 i32 i32] -> [i32]";
                return Err(wrong(name, expected.into()));
            }
        }
        let callback = CALLBACKS.iter().find(|row| row.name == export.name);
        if let Some(callback) = callback {
            let expected = FuncType {
                params: words(callback.params.len()),
                results: words(usize::from(callback.result.is_some())),
            };
            // A function may be called `main` without being the second half of a reactor's start.
            if *ty != expected && !["main", "__main_void"].contains(&callback.name) {
                return Err(wrong(callback.name, expected.to_string()));
            }
        }
    }
    Ok(())
}
