//! What a proxy's configuration says of a plugin: its names, its configuration, what it may use, what happens
//! when it fails.

use std::time::Duration;

/// A plugin: one root context of a filter. Plugins of one code, `vm_id` and `vm_configuration` share a VM on
/// each thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PluginConfig {
    /// For logs, and the property `plugin_name`.
    pub name: String,
    /// By which the filter's code tells its plugins apart; the property `plugin_root_id`.
    pub root_id: String,
    /// Names the space of shared data and queues; the property `plugin_vm_id`.
    pub vm_id: String,
    /// Handed to `proxy_on_vm_start`.
    pub vm_configuration: Vec<u8>,
    /// Handed to `proxy_on_configure`.
    pub configuration: Vec<u8>,
    /// Environment variables of the VM, and all that it has.
    pub environment: Vec<(String, String)>,
    pub failure_policy: FailurePolicy,
    /// Whether `StopIteration` of a headers callback is taken as it is. If not, as is usual since ABI 0.2.0,
    /// nothing more of the message comes while its headers wait.
    pub allow_on_headers_stop_iteration: bool,
    pub limits: Limits,
}

/// What becomes of streams when their VM has trapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailurePolicy {
    /// They are answered with 503, for ever.
    #[default]
    FailClosed,
    /// They pass as if there were no filter.
    FailOpen,
    /// A new VM is made for the next stream, but not faster than the backoff allows; until then they are
    /// answered with 503.
    Reload(Backoff),
}

/// How long to wait before a VM is made again: `base` at first, twice as long after each failure that follows,
/// at most `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    pub base: Duration,
    pub max: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Backoff {
            base: Duration::from_secs(1),
            max: Duration::from_secs(10),
        }
    }
}

/// Bounds on what a filter can make the host hold or do. A hostcall beyond one of them gets a status and
/// changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of each linear memory.
    pub memory_bytes_max: u64,
    /// Of each table.
    pub table_elements_max: u64,
    /// Stack of the guest.
    pub stack_bytes_max: usize,
    /// A serialised map that the guest hands over.
    pub pairs_bytes_max: usize,
    /// Entries of such a map.
    pub pairs_max: usize,
    /// A body, message, property or value that the guest hands over, or asks for at once.
    pub body_bytes_max: usize,
    /// A log message; what is longer is cut.
    pub log_bytes_max: usize,
    /// Log messages of a VM in a second; what is more is counted and dropped.
    pub log_messages_per_second: u32,
    /// Callouts of a VM under way at once.
    pub callouts_max: usize,
    /// What the filter asked for in one callback and the proxy does afterwards.
    pub effects_max: usize,
    /// Keys and values of one `vm_id` together.
    pub shared_data_bytes_max: usize,
    /// Queues of one `vm_id`.
    pub queues_max: usize,
    /// Entries of a queue.
    pub queue_items_max: usize,
    /// Bytes in a queue.
    pub queue_bytes_max: usize,
    /// Metrics that a VM defines.
    pub metrics_max: usize,
    /// The name of a metric, queue or key.
    pub name_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            memory_bytes_max: 1 << 30,
            table_elements_max: 1 << 20,
            stack_bytes_max: 512 << 10,
            pairs_bytes_max: 1 << 20,
            pairs_max: 1024,
            body_bytes_max: 64 << 20,
            log_bytes_max: 64 << 10,
            log_messages_per_second: 10_000,
            callouts_max: 1024,
            effects_max: 1024,
            shared_data_bytes_max: 64 << 20,
            queues_max: 1024,
            queue_items_max: 65_536,
            queue_bytes_max: 64 << 20,
            metrics_max: 16_384,
            name_bytes_max: 4096,
        }
    }
}
