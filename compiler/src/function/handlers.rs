//! Exception handlers: what is caught where, and how a throw finds it.
//!
//! Code that is entered with handlers costs nothing for them: each call in it is a `try_call` whose handlers
//! stand in a table of the artefact, and whoever throws reads that table. Where the throw itself stands in such
//! code, the handlers around it are known and asked one after the other, without unwinding anything.
//!
//! `try_table` and the legacy `try` both become [`HandlerSet`]s. A clause has a *landing*: a block that is given
//! the exception, takes it apart, and goes on as the clause says.

use super::env::Env;
use super::signature::{POINTER, value_type};
use super::stack::Kind;
use super::translator::Translator;
use super::trap;
use ahead_artifact::builtins::Builtin;
use ahead_artifact::{TagIndex, TrapKind, vmctx};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    Block, BlockArg, BlockCall, ExceptionTableData, ExceptionTableItem, ExceptionTag, InstBuilder,
    MemFlagsData, SigRef, Value,
};
use std::collections::HashSet;
use wasmparser::FunctionBody;

/// The clauses of one `try`, by place in [`Handlers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandlerSet(u32);

/// What a clause catches, and where it goes on.
#[derive(Clone, Copy, Debug)]
pub struct Clause {
    /// `None` for exceptions of any tag.
    pub tag: Option<TagIndex>,
    pub landing: Block,
}

#[derive(Debug)]
struct Set {
    /// The `try`'s own.
    clauses: Vec<Clause>,
    /// What is asked in its code, in order: these, then those around it. Nothing that another clause in front
    /// of it takes already.
    in_force: Vec<Clause>,
}

/// The handlers of one function.
pub struct Handlers<'m> {
    sets: Vec<Set>,
    /// For a look at the clauses of a legacy `try` before they are reached.
    pub body: FunctionBody<'m>,
    /// Clauses in force, summed over all sets and all calls in code with handlers: each is an edge of the
    /// function's control flow, and there may be far more than the body has bytes.
    pub edges: u64,
    pub legacy: Option<super::ops::LegacyTries>,
}

impl<'m> Handlers<'m> {
    pub fn new(body: &FunctionBody<'m>) -> Self {
        Handlers {
            sets: Vec::new(),
            body: body.clone(),
            edges: 0,
            legacy: None,
        }
    }

    pub fn add(&mut self, clauses: Vec<Clause>, outer: Option<HandlerSet>) -> HandlerSet {
        let around = outer.map_or(&[][..], |outer| &self.sets[outer.0 as usize].in_force);
        let mut taken = HashSet::new();
        let mut in_force = Vec::new();
        for &clause in clauses.iter().chain(around) {
            if taken.insert(clause.tag) {
                in_force.push(clause);
            }
            if clause.tag.is_none() {
                break;
            }
        }
        self.edges += in_force.len() as u64;
        self.sets.push(Set { clauses, in_force });
        HandlerSet(self.sets.len() as u32 - 1)
    }

    pub fn clauses(&self, set: HandlerSet) -> &[Clause] {
        &self.sets[set.0 as usize].clauses
    }

    /// What is asked by one call or throw in code with these handlers.
    fn ask(&mut self, handlers: Option<HandlerSet>) -> Vec<Clause> {
        let clauses = handlers.map_or(Vec::new(), |set| self.sets[set.0 as usize].in_force.clone());
        self.edges += clauses.len() as u64;
        clauses
    }
}

impl Translator<'_, '_> {
    /// Handlers of the code that is being translated.
    pub fn current_handlers(&mut self) -> Option<HandlerSet> {
        self.stack.innermost().handlers
    }

    /// A block that an exception is given to. It has as many predecessors as there are calls in its `try`, and
    /// is sealed at the end of that.
    pub fn landing(&mut self) -> Block {
        let landing = self.builder.create_block();
        self.builder.append_block_param(landing, POINTER);
        self.builder.set_cold_block(landing);
        landing
    }

    /// Nothing more can be thrown to these landings.
    pub fn seal_landings(&mut self, set: HandlerSet) {
        for clause in self.handlers.clauses(set).to_vec() {
            self.builder.seal_block(clause.landing);
        }
    }

    /// Goes on in a landing; the exception.
    pub fn land(&mut self, landing: Block) -> Value {
        self.builder.switch_to_block(landing);
        self.builder.block_params(landing)[0]
    }

    /// Pushes what an exception of a tag carries.
    pub fn push_payload(&mut self, exception: Value, tag: TagIndex) {
        for (place, &ty) in (0..).zip(self.env.module.tag_params(tag)) {
            let offset = payload(place);
            let value = self
                .ins()
                .load(value_type(ty), EXCEPTION, exception, offset);
            self.push(value);
        }
    }

    /// Makes an exception of a tag with what it carries on top of the stack.
    pub fn new_exception(&mut self, tag: TagIndex) -> Value {
        let count = self.env.module.tag_params(tag).len();
        let number = self.index_argument(tag.0);
        let exception = self
            .call_builtin(Builtin::exception_new, &[number])
            .expect("it is a reference");
        self.ins()
            .trapz(exception, trap::code(TrapKind::AllocationTooLarge));
        self.widen_top(count);
        for place in (0..count).rev() {
            let value = self.pop();
            self.ins()
                .store(EXCEPTION, value, exception, payload(place as u32));
        }
        exception
    }

    /// Throws an exception, whose tag may be known. Nothing after this is reached.
    pub fn throw(&mut self, exception: Value, tag: Option<TagIndex>) {
        let handlers = self.current_handlers();
        let clauses = self.handlers.ask(handlers);
        let mut thrown = None;
        for clause in clauses {
            let arguments = [BlockArg::Value(exception)];
            let Some(caught) = clause.tag.filter(|&caught| Some(caught) != tag) else {
                self.ins().jump(clause.landing, &arguments);
                return self.end_reachable();
            };
            // Tags of the module's own are never one another's; an imported one may be any.
            if let Some(tag) = tag
                && !self.env.module.is_imported_tag(tag)
                && !self.env.module.is_imported_tag(caught)
            {
                continue;
            }
            let thrown = *thrown.get_or_insert_with(|| match tag {
                Some(tag) => self.tag_identity(tag),
                None => {
                    let offset = vmctx::EXCEPTION_TAG as i32;
                    self.ins().load(POINTER, EXCEPTION, exception, offset)
                }
            });
            let caught = self.tag_identity(caught);
            let same = self.ins().icmp(IntCC::Equal, thrown, caught);
            let next = self.builder.create_block();
            self.ins().brif(same, clause.landing, &arguments, next, []);
            self.builder.switch_to_block(next);
            self.builder.seal_block(next);
        }
        self.call_builtin(Builtin::exception_throw, &[exception]);
        self.ins().trap(trap::code(TrapKind::UncaughtException));
        self.end_reachable();
    }

    fn tag_identity(&mut self, tag: TagIndex) -> Value {
        let offset = self.env.module.layout.tag(tag) as i32;
        let vmctx = self.env.vmctx;
        self.ins().load(POINTER, Env::constant(), vmctx, offset)
    }

    /// The table of a call in code with handlers, and where it goes on if nothing is thrown.
    pub fn exception_table(
        &mut self,
        signature: SigRef,
        handlers: HandlerSet,
    ) -> (ExceptionTableData, Block) {
        let returned = self.builder.create_block();
        let types: Vec<_> = self.builder.func.dfg.signatures[signature]
            .returns
            .iter()
            .map(|result| result.value_type)
            .collect();
        for &ty in &types {
            self.builder.append_block_param(returned, ty);
        }
        let clauses = self.handlers.ask(Some(handlers));
        self.operands += types.len() as u64;
        let layout = self.env.module.layout;
        let pool = &mut self.builder.func.dfg.value_lists;
        let results = (0..types.len() as u32).map(BlockArg::TryCallRet);
        let normal = BlockCall::new(returned, results, pool);
        // Tags are found through the vmctx, which the function keeps for whoever asks.
        let mut items = vec![ExceptionTableItem::Context(self.env.vmctx)];
        items.extend(clauses.iter().map(|clause| {
            let landing = BlockCall::new(clause.landing, [BlockArg::TryCallExn(0)], pool);
            match clause.tag {
                Some(tag) => {
                    ExceptionTableItem::Tag(ExceptionTag::from_u32(layout.tag(tag)), landing)
                }
                None => ExceptionTableItem::Default(landing),
            }
        }));
        (ExceptionTableData::new(signature, normal, items), returned)
    }

    /// Opens a block whose code has these handlers.
    pub fn open_with_handlers(
        &mut self,
        kind: Kind,
        ty: wasmparser::BlockType,
        handlers: Option<HandlerSet>,
    ) {
        self.open(kind, ty);
        self.stack.innermost().handlers = handlers;
    }
}

/// Accesses to an exception, which is the runtime's: aligned, never out of place.
const EXCEPTION: MemFlagsData = MemFlagsData::trusted();

/// Where the value at `place` of an exception is.
fn payload(place: u32) -> i32 {
    // A function type has at most a thousand parameters.
    (vmctx::EXCEPTION_VALUES + place * vmctx::VALUE_BYTES) as i32
}
