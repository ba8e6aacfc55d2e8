//! One function at a time: CLIF in a Cranelift context to a [`CompiledFunction`].

use super::effort;
use super::function::CompiledFunction;
use super::trampoline::Blank;
use super::try_call;
use crate::config::{Config, OptLevel};
use crate::error::{Error, FunctionLabel};
use ahead_targets::Isa;
use ahead_targets::codegen::{Backend, Effort, Settings, target_isa};
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::{OwnedTargetIsa, TargetIsa};
use cranelift_codegen::{CodegenError, Context};
use cranelift_frontend::FunctionBuilderContext;

/// Code generation for one target with one configuration.
pub struct Generator {
    isa: OwnedTargetIsa,
    /// For functions that [`effort`] bounds.
    minimal: OwnedTargetIsa,
    target: Isa,
    backend: &'static dyn Backend,
    effort: Effort,
}

impl Generator {
    pub fn new(config: &Config) -> Result<Self, Error> {
        if config.cpu.isa() != config.target {
            let (cpu, target) = (config.cpu.isa(), config.target);
            let message = format!("CPU features of {cpu} for the target {target}");
            return Err(Error::Settings(message));
        }
        let effort = match config.opt {
            OptLevel::None => Effort::None,
            OptLevel::Speed => Effort::Speed,
            OptLevel::Size => Effort::Size,
        };
        let isa = |effort| {
            let settings = Settings {
                effort,
                verify: config.verify_clif,
                canonical_nans: config.canonical_nans,
            };
            target_isa(config.cpu, settings).map_err(|error| Error::Settings(error.to_string()))
        };
        Ok(Generator {
            isa: isa(effort)?,
            minimal: isa(Effort::Minimal)?,
            target: config.target,
            backend: config.target.backend(),
            effort,
        })
    }

    pub fn isa(&self) -> &dyn TargetIsa {
        &*self.isa
    }

    /// Builds one of the functions of [`trampoline`] in `context` and generates its code.
    pub fn generate_blank(
        &self,
        context: &mut Context,
        build: impl FnOnce(Blank<'_>),
    ) -> Result<CompiledFunction, Failure> {
        context.clear();
        build(Blank {
            function: &mut context.func,
            context: &mut FunctionBuilderContext::new(),
            target: self.isa.frontend_config(),
        });
        self.generate(context)
    }

    /// Generates code for the function in `context`, which stays there for its names.
    pub fn generate(&self, context: &mut Context) -> Result<CompiledFunction, Failure> {
        let isa = match effort::choose(&context.func, self.effort) {
            Effort::Minimal => &*self.minimal,
            _ => &*self.isa,
        };
        try_call::keep_registers(&mut context.func, self.backend.like_c());
        context
            .compile(isa, &mut ControlPlane::default())
            .map_err(|error| Failure::of(error.inner))?;
        let compiled = context
            .take_compiled_code()
            .ok_or_else(|| Failure::Bug("no code was generated".into()))?;
        CompiledFunction::take(&context.func, &compiled, isa, self.target).map_err(Failure::Bug)
    }
}

/// Why no code was generated for a function.
#[derive(Debug)]
pub enum Failure {
    /// The function exceeds what the code generator can encode.
    Limit(&'static str),
    /// A bug of ours.
    Bug(String),
}

impl Failure {
    fn of(error: CodegenError) -> Self {
        match error {
            CodegenError::ImplLimitExceeded => Failure::Limit("too complex for the code generator"),
            CodegenError::CodeTooLarge => Failure::Limit("its code is too large"),
            // The verifier's own message is one line of many.
            CodegenError::Verifier(errors) => Failure::Bug(errors.to_string()),
            other => Failure::Bug(other.to_string()),
        }
    }

    pub fn within(self, function: Option<FunctionLabel>) -> Error {
        match (self, function) {
            (Failure::Limit(message), Some(function)) => Error::Codegen {
                function,
                message: message.into(),
            },
            (Failure::Limit(message), None) => Error::TooLarge(format!("a trampoline: {message}")),
            (Failure::Bug(message), function) => Error::Internal { function, message },
        }
    }
}
