//! WebAssembly in, native code for x86-64 and aarch64 out.
//!
//! A pure function: bytes and a [`Config`] go in, an [`Artifact`] comes out. There is no I/O here, nothing
//! is taken from the environment, and the same input gives the same bytes on any number of threads. The
//! phases, in the order in which they run, are the modules below; `--time` prints their names.
//!
//! ```text
//! module     bytes         -> ModuleInfo           everything declared and validated, nothing translated
//! function   one body      -> Cranelift's CLIF     our translation; the sandbox is in function/address.rs
//! optimise   CLIF          -> CLIF                 what we know better than Cranelift, from whole-module facts
//! codegen    CLIF          -> CompiledFunction     machine code, relocations, trap sites: plain data
//! link       functions     -> text and metadata    layout, relocation, the tables of ahead-artifact
//! emit       text and metadata -> .so or .o
//! ```

#![forbid(unsafe_code)]

mod codegen;
mod config;
mod driver;
mod emit;
mod error;
mod function;
mod link;
mod module;
mod optimise;
mod proposals;

pub use config::{Config, OptLevel, Phase, Progress, Quiet, RelaxedSimd};
pub use driver::{Artifact, clif, compile, compile_with};
pub use error::{Error, FunctionLabel};
pub use optimise::Passes;
pub use proposals::{Proposal, Proposals};
