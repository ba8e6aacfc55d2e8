//! Phase 2: one function body to CLIF.
//!
//! Validation and translation are one pass: each operator is decoded, shown to `wasmparser`'s validator and
//! translated before the next one is looked at ([`body`]). What is unreachable is validated only.
//!
//! [`translator`] holds the state; [`stack`] the value stack and the open blocks; [`env`] what the function
//! sees of its module; [`address`] the bounds checks on which the sandbox rests; `ops` has a file per group
//! of operators.

mod address;
mod body;
mod call;
mod env;
mod handlers;
mod locals;
pub mod names;
mod ops;
pub mod signature;
mod stack;
#[cfg(test)]
mod tests;
mod translator;
pub mod trap;

use crate::config::Config;
use crate::error::Error;
use crate::module::ModuleInfo;
use ahead_artifact::DefinedFuncIndex;
use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::TargetIsa;
use cranelift_frontend::FunctionBuilderContext;
use wasmparser::FuncValidatorAllocations;

/// What is allocated once per thread and used for one function after another.
#[derive(Default)]
pub struct FunctionContexts {
    builder: FunctionBuilderContext,
    validator: FuncValidatorAllocations,
    scratch: translator::Scratch,
}

/// Validates the body of `function` and translates it into `out`, which is cleared first. On an error `out`
/// holds nothing of use.
pub fn translate(
    module: &ModuleInfo<'_>,
    config: &Config,
    isa: &dyn TargetIsa,
    function: DefinedFuncIndex,
    contexts: &mut FunctionContexts,
    out: &mut Function,
) -> Result<(), Error> {
    body::translate(module, config, isa, function, contexts, out).inspect_err(|_| {
        // The builder's context is clean only after a function that was finished.
        *contexts = FunctionContexts::default();
    })
}
