//! The exceptions that toolchains emitted first: `try` with its handlers behind it.
//!
//! What a `try` catches stands after its code, whose calls have to say it: so the first one in a function has
//! the body read once more, for the clauses of each. Then it is a set of handlers like that of a `try_table`.

use crate::function::handlers::{Clause, HandlerSet};
use crate::function::stack::Kind;
use crate::function::translator::Translator;
use ahead_artifact::TagIndex;
use wasmparser::{BlockType, FunctionBody, Operator};

/// What the `try`s of a body catch, in their order.
#[derive(Debug)]
pub struct LegacyTries {
    tries: std::vec::IntoIter<LegacyTry>,
}

#[derive(Clone, Debug, Default)]
struct LegacyTry {
    /// The tag of each clause; `None` for `catch_all`.
    clauses: Vec<Option<TagIndex>>,
    /// Whose handlers stand in for its own.
    delegate: Option<u32>,
}

impl LegacyTries {
    /// Reads a body up to its end or to what cannot be read, which translation will not get beyond.
    pub fn read(body: &FunctionBody<'_>) -> Self {
        let mut tries: Vec<LegacyTry> = Vec::new();
        // What is open, and which `try` it is.
        let mut open: Vec<Option<usize>> = Vec::new();
        let operators = body.get_operators_reader().into_iter().flatten();
        for operator in operators.map_while(Result::ok) {
            let innermost = open.last().copied().flatten();
            match operator {
                Operator::Block { .. }
                | Operator::Loop { .. }
                | Operator::If { .. }
                | Operator::TryTable { .. } => open.push(None),
                Operator::Try { .. } => {
                    open.push(Some(tries.len()));
                    tries.push(LegacyTry::default());
                }
                Operator::Catch { tag_index } => {
                    if let Some(of) = innermost {
                        tries[of].clauses.push(Some(TagIndex(tag_index)));
                    }
                }
                Operator::CatchAll => {
                    if let Some(of) = innermost {
                        tries[of].clauses.push(None);
                    }
                }
                Operator::Delegate { relative_depth } => {
                    if let Some(of) = innermost {
                        tries[of].delegate = Some(relative_depth);
                    }
                    open.pop();
                }
                Operator::End => {
                    open.pop();
                }
                _ => {}
            }
        }
        LegacyTries {
            tries: tries.into_iter(),
        }
    }

    /// How many clauses the next `try` has.
    pub fn next_clauses(&mut self) -> usize {
        self.tries.next().map_or(0, |next| next.clauses.len())
    }
}

impl Translator<'_, '_> {
    pub fn visit_try(&mut self, ty: BlockType) {
        let body = &self.handlers.body;
        let tries = (self.handlers.legacy).get_or_insert_with(|| LegacyTries::read(body));
        let this = tries.tries.next().unwrap_or_default();
        if !self.reachable {
            self.stack.dead_depth += 1;
            return;
        }
        if let Some(depth) = this.delegate {
            let handlers = self.stack.target(depth).handlers;
            return self.open_with_handlers(Kind::Block, ty, handlers);
        }
        if this.clauses.is_empty() {
            return self.open(Kind::Block, ty);
        }
        let clauses = this.clauses.iter().map(|&tag| Clause {
            tag,
            landing: self.landing(),
        });
        let clauses = clauses.collect();
        let outer = self.current_handlers();
        let set = self.handlers.add(clauses, outer);
        self.open_with_handlers(Kind::Try, ty, Some(set));
    }

    pub fn visit_catch(&mut self, tag: u32) {
        if let Some(exception) = self.next_clause() {
            self.push_payload(exception, TagIndex(tag));
        }
    }

    pub fn visit_catch_all(&mut self) {
        self.next_clause();
    }

    /// Ends the code or the clause before, and lands in the next clause; the exception. `None` in dead code.
    fn next_clause(&mut self) -> Option<cranelift_codegen::ir::Value> {
        if self.stack.dead_depth > 0 {
            return None;
        }
        if self.reachable {
            let (exit, results) = self.branch_target(0);
            self.jump_with(exit, results);
        }
        let frame = *self.stack.innermost();
        let (set, clause): (HandlerSet, u32) = match frame.kind {
            Kind::Try => {
                let set = frame.handlers.expect("a `try` with clauses has handlers");
                self.seal_landings(set);
                (set, 0)
            }
            Kind::Catch { set, next, .. } => (set, next),
            _ => unreachable!("`catch` is validated to stand in a `try`"),
        };
        let landing = self.handlers.clauses(set)[clause as usize].landing;
        let exception = self.land(landing);
        self.stack.values.truncate(frame.height);
        self.reachable = true;
        // A clause is not protected by the others.
        let outer = self.stack.outer_handlers();
        let frame = self.stack.innermost();
        frame.handlers = outer;
        frame.kind = Kind::Catch {
            exception,
            set,
            next: clause + 1,
        };
        Some(exception)
    }

    pub fn visit_rethrow(&mut self, depth: u32) {
        let Kind::Catch { exception, .. } = self.stack.target(depth).kind else {
            unreachable!("`rethrow` is validated to name a clause");
        };
        self.throw(exception, None);
    }

    /// Ends a `try` whose handlers are another's.
    pub fn visit_delegate(&mut self, _depth: u32) {
        self.visit_end();
    }
}
