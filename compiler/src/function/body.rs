//! The loop over a body's operators: decode, validate, translate.
//!
//! The operators come as calls of a visitor that is generated from `wasmparser`'s list of them. One of a
//! proposal that is built must have a method of the same name on [`Translator`], one of a proposal that is
//! not must be named as such here; a new group of operators stops the build by its name.

use super::FunctionContexts;
use super::names;
use super::signature;
use super::translator::Translator;
use crate::config::Config;
use crate::error::Error;
use crate::module::diagnose::{diagnose, needs};
use crate::module::{ModuleInfo, operators};
use crate::proposals::{Proposal, Proposals};
use ahead_artifact::tunables::{BR_TABLE_TARGETS_MAX, NESTING_MAX};
use ahead_artifact::{DefinedFuncIndex, FuncIndex};
use cranelift_codegen::ir::{Function, SourceLoc, UserFuncName};
use cranelift_codegen::isa::TargetIsa;
use wasmparser::{FrameKind, FrameStack, FuncValidator, ValidatorResources, VisitOperator};

/// The most operands that calls and branches of one function may have in all. A branch in two bytes can
/// carry a thousand values, and a `br_table` carries them to each of its targets.
const OPERANDS_MAX: u64 = 1 << 24;

/// The most values that one function may have in CLIF. A body of the largest size has half as many
/// instructions.
const VALUES_MAX: u64 = 1 << 24;

/// The most handlers of exceptions that calls of one function may have in all. A compiler's function of a
/// thousand calls has a few thousand.
const HANDLERS_MAX: u64 = 1 << 18;

/// Why translation ended early.
pub enum Stop {
    Parser(wasmparser::Error),
    Error(Box<Error>),
}

impl From<wasmparser::Error> for Stop {
    fn from(error: wasmparser::Error) -> Self {
        Stop::Parser(error)
    }
}

pub fn translate(
    module: &ModuleInfo<'_>,
    config: &Config,
    isa: &dyn TargetIsa,
    function: DefinedFuncIndex,
    contexts: &mut FunctionContexts,
    out: &mut Function,
) -> Result<(), Error> {
    let index = module.func_index(function);
    translate_body(module, config, isa, function, contexts, out).map_err(|stop| match stop {
        Stop::Parser(error) => diagnose(
            module.bytes,
            config.proposals,
            Some(module.label(index)),
            &error,
        ),
        Stop::Error(error) => *error,
    })
}

fn translate_body(
    module: &ModuleInfo<'_>,
    config: &Config,
    isa: &dyn TargetIsa,
    function: DefinedFuncIndex,
    contexts: &mut FunctionContexts,
    out: &mut Function,
) -> Result<(), Stop> {
    let index = module.func_index(function);
    let (Some(body), Some(validator)) = (
        module.bodies.get(function.index()),
        module.validator(function),
    ) else {
        return Err(Stop::Error(Box::new(Error::Internal {
            function: Some(module.label(index)),
            message: "it has no body".into(),
        })));
    };
    out.clear();
    out.name = UserFuncName::user(names::NS_FUNCTION, function.0);
    out.signature = signature::guest(module.func_type(index));

    let allocations = std::mem::take(&mut contexts.validator);
    let mut validator = validator.into_validator(allocations);
    let mut reader = body.get_binary_reader();
    reader.set_features(module.features());
    out.params
        .ensure_base_srcloc(source(reader.original_position()));
    let mut translator = Translator::new(
        module,
        config,
        index,
        body,
        out,
        &mut contexts.builder,
        &mut contexts.scratch,
    );

    let groups: u32 = reader.read_var_u32()?;
    for _ in 0..groups {
        let offset = reader.original_position();
        let count: u32 = reader.read()?;
        let ty: wasmparser::ValType = reader.read()?;
        validator.define_locals(offset, count, ty)?;
        translator.declare_locals(count, ty);
    }
    let mut visitor = Visitor {
        validator,
        translator,
        enabled: config.proposals,
        offset: 0,
    };
    while !reader.eof() {
        visitor.offset = reader.original_position();
        visitor
            .translator
            .builder
            .set_srcloc(source(visitor.offset));
        reader.visit_operator(&mut visitor)??;
        visitor.check_size()?;
    }
    reader.finish_expression(&visitor)?;

    let Visitor {
        validator,
        translator,
        ..
    } = visitor;
    contexts.validator = validator.into_allocations();
    translator.finish(isa);
    Ok(())
}

/// A module is smaller than 4 GiB.
fn source(offset: u64) -> SourceLoc {
    SourceLoc::new(offset as u32)
}

struct Visitor<'m, 'b> {
    validator: FuncValidator<ValidatorResources>,
    translator: Translator<'m, 'b>,
    enabled: Proposals,
    /// Of the current operator.
    offset: u64,
}

impl Visitor<'_, '_> {
    fn error(&self, error: impl FnOnce(crate::FunctionLabel) -> Error) -> Stop {
        let label = self
            .translator
            .env
            .module
            .label(FuncIndex(self.validator.index()));
        Stop::Error(Box::new(error(label)))
    }

    /// An operator of a proposal that is not built.
    #[cold]
    fn refuse(&self, proposal: Proposal, visit: &str) -> Stop {
        let item = format!("`{}`", operators::text_name(visit));
        self.error(|label| needs(Some(label), item, proposal, self.offset))
    }

    /// Nesting is bounded in dead code, too: what is open is remembered somewhere in any case.
    fn check_nesting(&self) -> Result<(), Stop> {
        if self.validator.control_stack_height() as usize <= NESTING_MAX {
            return Ok(());
        }
        Err(self.error(|label| Error::Limit {
            function: Some(label),
            what: "the nesting of blocks".into(),
            limit: NESTING_MAX as u64,
            offset: self.offset,
        }))
    }

    fn check_size(&self) -> Result<(), Stop> {
        let values = self.translator.builder.func.dfg.num_values() as u64;
        let (what, limit) = if self.translator.operands > OPERANDS_MAX {
            ("the number of operands of calls and branches", OPERANDS_MAX)
        } else if values > VALUES_MAX {
            ("the number of values", VALUES_MAX)
        } else if self.translator.handlers.edges > HANDLERS_MAX {
            ("the number of exception handlers of calls", HANDLERS_MAX)
        } else {
            return Ok(());
        };
        Err(self.error(|label| Error::Limit {
            function: Some(label),
            what: what.into(),
            limit,
            offset: self.offset,
        }))
    }

    fn check_targets(&self, targets: &wasmparser::BrTable<'_>) -> Result<(), Stop> {
        if targets.len() <= BR_TABLE_TARGETS_MAX {
            return Ok(());
        }
        Err(self.error(|label| Error::Limit {
            function: Some(label),
            what: format!("a `br_table` with {} targets", targets.len()),
            limit: u64::from(BR_TABLE_TARGETS_MAX),
            offset: self.offset,
        }))
    }
}

impl FrameStack for Visitor<'_, '_> {
    fn current_frame(&self) -> Option<FrameKind> {
        self.validator.get_control_frame(0).map(|frame| frame.kind)
    }
}

/// Limits of ours, in reachable and unreachable code alike.
macro_rules! limits {
    (visit_block $self:ident $($arg:ident)*) => {
        $self.check_nesting()?
    };
    (visit_loop $self:ident $($arg:ident)*) => {
        $self.check_nesting()?
    };
    (visit_if $self:ident $($arg:ident)*) => {
        $self.check_nesting()?
    };
    (visit_try_table $self:ident $($arg:ident)*) => {
        $self.check_nesting()?
    };
    (visit_try $self:ident $($arg:ident)*) => {
        $self.check_nesting()?
    };
    (visit_br_table $self:ident $targets:ident) => {
        $self.check_targets(&$targets)?
    };
    ($other:ident $self:ident $($arg:ident)*) => {};
}

/// Operators that open, part and close blocks are told to the translator in unreachable code, too.
macro_rules! is_structural {
    (visit_block) => {
        true
    };
    (visit_loop) => {
        true
    };
    (visit_if) => {
        true
    };
    (visit_else) => {
        true
    };
    (visit_try_table) => {
        true
    };
    (visit_try) => {
        true
    };
    (visit_catch) => {
        true
    };
    (visit_catch_all) => {
        true
    };
    (visit_delegate) => {
        true
    };
    (visit_end) => {
        true
    };
    ($other:ident) => {
        false
    };
}

/// The visitor's method for one operator, by its group.
macro_rules! method {
    (@mvp $($rest:tt)*) => { method!(built visitor $($rest)*); };
    (@sign_extension $($rest:tt)*) => { method!(built visitor $($rest)*); };
    (@saturating_float_to_int $($rest:tt)*) => { method!(built visitor $($rest)*); };
    (@bulk_memory $($rest:tt)*) => { method!(built visitor $($rest)*); };
    (@reference_types $($rest:tt)*) => { method!(built visitor $($rest)*); };
    (@simd $($rest:tt)*) => { method!(built simd_visitor $($rest)*); };
    (@relaxed_simd $($rest:tt)*) => { method!(built simd_visitor $($rest)*); };
    (@threads $($rest:tt)*) => { method!(built visitor $($rest)*); };
    (@tail_call $($rest:tt)*) => { method!(built visitor $($rest)*); };
    (@exceptions $($rest:tt)*) => { method!(built visitor $($rest)*); };
    (@legacy_exceptions $($rest:tt)*) => { method!(built visitor $($rest)*); };
    (@function_references $($rest:tt)*) => { method!(built visitor $($rest)*); };
    (@gc $($rest:tt)*) => { method!(refused Gc $($rest)*); };
    (@custom_descriptors $($rest:tt)*) => { method!(refused CustomDescriptors $($rest)*); };
    (@memory_control $($rest:tt)*) => { method!(refused MemoryControl $($rest)*); };
    (@shared_everything_threads $($rest:tt)*) => { method!(refused SharedEverythingThreads $($rest)*); };
    (@acquire_release_atomics $($rest:tt)*) => { method!(refused AcquireReleaseAtomics $($rest)*); };
    (@stack_switching $($rest:tt)*) => { method!(refused StackSwitching $($rest)*); };
    (@wide_arithmetic $($rest:tt)*) => { method!(built visitor $($rest)*); };

    (built $validator:ident $visit:ident $($arg:ident: $argty:ty)*) => {
        #[inline]
        fn $visit(&mut self $(, $arg: $argty)*) -> Self::Output {
            limits!($visit self $($arg)*);
            self.validator.$validator(self.offset).$visit($($arg.clone()),*)?;
            if is_structural!($visit) || self.translator.reachable {
                self.translator.$visit($($arg),*);
            }
            Ok(())
        }
    };
    (refused $proposal:ident $visit:ident $($arg:ident: $argty:ty)*) => {
        fn $visit(&mut self $(, $arg: $argty)*) -> Self::Output {
            $( let _ = $arg; )*
            debug_assert!(!self.enabled.contains(Proposal::$proposal));
            Err(self.refuse(Proposal::$proposal, stringify!($visit)))
        }
    };
}

macro_rules! methods {
    ($( @$group:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*) )*) => {
        $( method!(@$group $visit $($($arg: $argty)*)?); )*
    };
}

#[allow(
    clippy::clone_on_copy,
    reason = "arguments of operators are copied or cloned alike"
)]
impl<'a> VisitOperator<'a> for Visitor<'_, '_> {
    type Output = Result<(), Stop>;

    fn simd_visitor(
        &mut self,
    ) -> Option<&mut dyn wasmparser::VisitSimdOperator<'a, Output = Self::Output>> {
        Some(self)
    }

    wasmparser::for_each_visit_operator!(methods);
}

impl wasmparser::VisitSimdOperator<'_> for Visitor<'_, '_> {
    wasmparser::for_each_visit_simd_operator!(methods);
}
