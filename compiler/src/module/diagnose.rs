//! What an error of the validator means: a module that is wrong, or one that needs a proposal.
//!
//! The validator runs with the enabled proposals and nothing else, and says in passing at best which
//! proposal an error would vanish with. So an error is put to the test: the module is validated again with
//! one more proposal at a time, and one that carries the validator beyond the error is what is missing.
//! This costs validations, but only on the way to an error message.

use super::operators;
use crate::error::{Error, FunctionLabel};
use crate::proposals::{Proposal, Proposals};
use wasmparser::{BinaryReader, Parser, Validator, WasmFeatures};

/// The error of a module, or of a function body when `function` is given.
pub fn diagnose(
    wasm: &[u8],
    proposals: Proposals,
    function: Option<FunctionLabel>,
    error: &wasmparser::Error,
) -> Error {
    match missing(wasm, proposals, error) {
        Some(proposal) => {
            let item = match &function {
                None => "the module".to_owned(),
                Some(_) => operator_at(wasm, proposals, error.offset())
                    .unwrap_or_else(|| "the function".to_owned()),
            };
            needs(function, item, proposal, error.offset())
        }
        None => Error::Invalid {
            function,
            message: error.message().to_owned(),
            offset: error.offset(),
        },
    }
}

/// `item` needs `proposal`: not built, or not enabled.
pub fn needs(
    function: Option<FunctionLabel>,
    item: String,
    proposal: Proposal,
    offset: u64,
) -> Error {
    if proposal.is_built() {
        Error::NotEnabled {
            function,
            item,
            proposal,
            offset,
        }
    } else {
        Error::NotBuilt {
            function,
            item,
            proposal,
            offset,
        }
    }
}

fn missing(wasm: &[u8], proposals: Proposals, error: &wasmparser::Error) -> Option<Proposal> {
    let absent = || {
        Proposal::ALL
            .iter()
            .copied()
            .filter(|&proposal| !proposals.contains(proposal))
    };
    let hinted = error.missing_wasm_feature();
    if let Some(proposal) = hinted.and_then(|hint| absent().find(|p| p.flag().intersects(hint))) {
        return Some(proposal);
    }
    let features = proposals.features();
    absent().find(|proposal| {
        let wider = features
            .union(proposal.flag())
            .union(prerequisites(*proposal));
        match validate(wasm, wider) {
            Ok(()) => true,
            Err(later) => later.offset() > error.offset(),
        }
    })
}

/// Proposals that `proposal` builds on: without them its own switch does nothing.
fn prerequisites(proposal: Proposal) -> WasmFeatures {
    match proposal {
        Proposal::RelaxedSimd => WasmFeatures::SIMD,
        Proposal::Gc => WasmFeatures::FUNCTION_REFERENCES,
        Proposal::CustomDescriptors | Proposal::MultibyteArrayAccess => {
            WasmFeatures::FUNCTION_REFERENCES.union(WasmFeatures::GC)
        }
        Proposal::SharedEverythingThreads | Proposal::AcquireReleaseAtomics => {
            WasmFeatures::THREADS
        }
        Proposal::StackSwitching => {
            WasmFeatures::FUNCTION_REFERENCES.union(WasmFeatures::EXCEPTIONS)
        }
        _ => WasmFeatures::empty(),
    }
}

/// Sections and bodies, in order, up to the first error.
fn validate(wasm: &[u8], features: WasmFeatures) -> Result<(), wasmparser::Error> {
    let mut parser = Parser::new(0);
    parser.set_features(features);
    let mut validator = Validator::new_with_features(features);
    let mut bodies = Vec::new();
    for payload in parser.parse_all(wasm) {
        if let wasmparser::ValidPayload::Func(function, body) = validator.payload(&payload?)? {
            bodies.push((function, body));
        }
    }
    let mut allocations = wasmparser::FuncValidatorAllocations::default();
    for (function, body) in bodies {
        let mut function = function.into_validator(allocations);
        function.validate(&body)?;
        allocations = function.into_allocations();
    }
    Ok(())
}

/// The instruction at `offset`, in backticks, if it belongs to a proposal that is not enabled.
fn operator_at(wasm: &[u8], proposals: Proposals, offset: u64) -> Option<String> {
    let bytes = wasm.get(usize::try_from(offset).ok()?..)?;
    let mut reader = wasmparser::OperatorsReader::new(BinaryReader::new(bytes, offset));
    let operator = reader.read().ok()?;
    let proposal = operators::proposal_of(&operator)?;
    (!proposals.contains(proposal)).then(|| format!("`{}`", operators::name_of(&operator)))
}
