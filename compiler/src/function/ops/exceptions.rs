//! Exceptions: `try_table`, `throw`, `throw_ref`.

use crate::function::handlers::Clause;
use crate::function::stack::Kind;
use crate::function::translator::Translator;
use crate::function::trap;
use ahead_artifact::{TagIndex, TrapKind};
use cranelift_codegen::ir::InstBuilder;
use wasmparser::{Catch, TryTable};

impl Translator<'_, '_> {
    pub fn visit_try_table(&mut self, table: TryTable) {
        if !self.reachable {
            self.stack.dead_depth += 1;
            return;
        }
        if table.catches.is_empty() {
            return self.open(Kind::Block, table.ty);
        }
        // Where clauses go is known: their landings are written first. Labels do not count the `try_table`.
        let body = self.builder.create_block();
        self.ins().jump(body, []);
        let mut clauses = Vec::with_capacity(table.catches.len());
        for &catch in &table.catches {
            let (tag, with_reference, label) = match catch {
                Catch::One { tag, label } => (Some(TagIndex(tag)), false, label),
                Catch::OneRef { tag, label } => (Some(TagIndex(tag)), true, label),
                Catch::All { label } => (None, false, label),
                Catch::AllRef { label } => (None, true, label),
            };
            let landing = self.landing();
            clauses.push(Clause { tag, landing });
            let exception = self.land(landing);
            let height = self.stack.values.len();
            if let Some(tag) = tag {
                self.push_payload(exception, tag);
            }
            if with_reference {
                self.push(exception);
            }
            let (target, count) = self.branch_target(label);
            self.jump_with(target, count);
            self.stack.values.truncate(height);
        }
        self.builder.switch_to_block(body);
        self.builder.seal_block(body);
        let outer = self.current_handlers();
        let set = self.handlers.add(clauses, outer);
        self.open_with_handlers(Kind::Try, table.ty, Some(set));
    }

    pub fn visit_throw(&mut self, tag: u32) {
        let tag = TagIndex(tag);
        let exception = self.new_exception(tag);
        self.throw(exception, Some(tag));
    }

    pub fn visit_throw_ref(&mut self) {
        let exception = self.pop();
        self.ins()
            .trapz(exception, trap::code(TrapKind::NullExceptionReference));
        self.throw(exception, None);
    }
}
