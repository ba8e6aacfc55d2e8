//! One file per command: its arguments, its help, what it does.

#[cfg(feature = "bench")]
pub mod bench;
#[cfg(feature = "compiler")]
pub mod compile;
pub mod completions;
#[cfg(feature = "compiler")]
pub mod envoy_config;
pub mod inspect;
#[cfg(feature = "compiler")]
pub mod objdump;
pub mod run;
#[cfg(feature = "serve")]
pub mod serve;
pub mod targets;
pub mod wast;
