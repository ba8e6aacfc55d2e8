//! The value stack and the blocks that are open.
//!
//! CLIF blocks are made late: a Wasm block whose label nothing branches to has none, its values just stay
//! on the stack. Comparisons stay `i8` on the stack until something needs the `i32` that Wasm says they
//! are: most go straight into a branch or a `select`. No Wasm type is an `i8`, so the type tells.
//!
//! A vector stays in the shape in which it was made until something needs another one, or any `v128`.

use super::handlers::HandlerSet;
use ahead_artifact::ValType;
use cranelift_codegen::ir::{Block, Value};

/// What opened a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The body itself; its label is the function's return.
    Body,
    Block,
    Loop {
        header: Block,
    },
    /// The first arm of an `if`; the block is where a false condition goes.
    If {
        otherwise: Block,
    },
    /// The second arm of an `if`.
    Else,
    /// Code with exception handlers.
    Try,
    /// The handlers of a legacy `try`: what was caught, and which of its clauses comes next.
    Catch {
        exception: Value,
        set: HandlerSet,
        next: u32,
    },
}

/// An open block in reachable code.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'m> {
    pub kind: Kind,
    pub params: &'m [ValType],
    pub results: &'m [ValType],
    /// Values below the block's own. An `if` with parameters keeps a copy of them there for the other arm.
    pub height: usize,
    /// Where its end is reached by branches; made by the first one.
    pub exit: Option<Block>,
    /// What is caught in it.
    pub handlers: Option<HandlerSet>,
}

impl Frame<'_> {
    /// Types of the values that a branch to the block's label carries.
    pub fn label_types(&self) -> &[ValType] {
        match self.kind {
            Kind::Loop { .. } => self.params,
            _ => self.results,
        }
    }
}

/// Values and open blocks of one function.
#[derive(Debug, Default)]
pub struct Stack<'m> {
    pub values: Vec<Value>,
    pub frames: Vec<Frame<'m>>,
    /// Blocks that were opened in unreachable code, of which nothing else is remembered.
    pub dead_depth: usize,
}

impl<'m> Stack<'m> {
    /// The frame that a branch of `depth` goes to. Validated depths are open.
    pub fn target(&mut self, depth: u32) -> &mut Frame<'m> {
        let index = self.frames.len() - 1 - depth as usize;
        &mut self.frames[index]
    }

    /// Handlers of the code around the innermost frame.
    pub fn outer_handlers(&self) -> Option<HandlerSet> {
        let outer = self.frames.len().checked_sub(2)?;
        self.frames[outer].handlers
    }

    pub fn innermost(&mut self) -> &mut Frame<'m> {
        self.target(0)
    }
}
