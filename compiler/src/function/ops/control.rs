//! Blocks, branches, calls, `select`: the operators that shape control flow.

use crate::function::call::Transfer;
use crate::function::stack::{Frame, Kind};
use crate::function::translator::Translator;
use crate::function::trap;
use ahead_artifact::{FuncIndex, TableIndex, TrapKind, TypeIndex};
use cranelift_codegen::ir::{BlockCall, InstBuilder, JumpTableData, Value};
use wasmparser::{BlockType, BrTable};

impl Translator<'_, '_> {
    pub fn visit_unreachable(&mut self) {
        self.ins().trap(trap::code(TrapKind::Unreachable));
        self.end_reachable();
    }

    pub fn visit_nop(&mut self) {}

    pub fn visit_block(&mut self, ty: BlockType) {
        if !self.reachable {
            self.stack.dead_depth += 1;
            return;
        }
        self.open(Kind::Block, ty);
    }

    pub fn visit_loop(&mut self, ty: BlockType) {
        if !self.reachable {
            self.stack.dead_depth += 1;
            return;
        }
        let (params, _) = self.block_types(ty);
        let header = self.block_with(params);
        self.jump_with(header, params.len());
        // Branches back to it are still to come: it is sealed at its end.
        self.builder.switch_to_block(header);
        let height = self.stack.values.len() - params.len();
        self.stack.values.truncate(height);
        let values = self.builder.func.dfg.block_params(header);
        self.stack.values.extend_from_slice(values);
        self.open(Kind::Loop { header }, ty);
    }

    pub fn visit_if(&mut self, ty: BlockType) {
        if !self.reachable {
            self.stack.dead_depth += 1;
            return;
        }
        let condition = self.pop_condition();
        let (params, _) = self.block_types(ty);
        self.widen_top(params.len());
        let then = self.builder.create_block();
        let otherwise = self.builder.create_block();
        match self.branch_hint() {
            Some(true) => self.builder.set_cold_block(otherwise),
            Some(false) => self.builder.set_cold_block(then),
            None => {}
        }
        self.ins().brif(condition, then, [], otherwise, []);
        self.builder.switch_to_block(then);
        self.builder.seal_block(then);
        // Both arms start with the same values: the copies below are for the second one.
        let from = self.stack.values.len() - params.len();
        self.stack.values.extend_from_within(from..);
        self.open(Kind::If { otherwise }, ty);
    }

    pub fn open(&mut self, kind: Kind, ty: BlockType) {
        let (params, results) = self.block_types(ty);
        let handlers = self.current_handlers();
        self.stack.frames.push(Frame {
            kind,
            params,
            results,
            height: self.stack.values.len() - params.len(),
            exit: None,
            handlers,
        });
    }

    pub fn visit_else(&mut self) {
        if self.stack.dead_depth > 0 {
            return;
        }
        let frame = *self.stack.innermost();
        let Kind::If { otherwise } = frame.kind else {
            unreachable!("`else` is validated to stand in an `if`");
        };
        if self.reachable {
            let (exit, results) = self.branch_target(0);
            self.jump_with(exit, results);
        }
        let frame = self.stack.innermost();
        frame.kind = Kind::Else;
        // The copies of the parameters become the second arm's.
        frame.height -= frame.params.len();
        let height = frame.height + frame.params.len();
        self.stack.values.truncate(height);
        self.continue_in(otherwise);
    }

    pub fn visit_end(&mut self) {
        if self.stack.dead_depth > 0 {
            self.stack.dead_depth -= 1;
            return;
        }
        match self.stack.innermost().kind {
            Kind::Body => self.end_body(),
            Kind::Block | Kind::Else | Kind::Catch { .. } => self.end_block(),
            Kind::Try => {
                if let Some(handlers) = self.current_handlers() {
                    self.seal_landings(handlers);
                }
                self.end_block();
            }
            Kind::Loop { header } => {
                self.builder.seal_block(header);
                self.end_block();
            }
            Kind::If { otherwise } => self.end_if(otherwise),
        }
    }

    /// Ends a block that is left only by falling out of it and by branches to `exit`.
    fn end_block(&mut self) {
        let frame = *self.stack.innermost();
        if let Some(exit) = frame.exit {
            if self.reachable {
                self.jump_with(exit, frame.results.len());
            }
            self.stack.values.truncate(frame.height);
            self.continue_in(exit);
        } else if !self.reachable {
            self.stack.values.truncate(frame.height);
        }
        self.stack.frames.pop();
    }

    /// Ends an `if` without an `else`: its parameters are its results.
    fn end_if(&mut self, otherwise: cranelift_codegen::ir::Block) {
        let frame = *self.stack.innermost();
        let copies = frame.height - frame.params.len()..frame.height;
        match (frame.exit, self.reachable) {
            (None, false) => {
                self.stack.values.truncate(frame.height);
                self.continue_in(otherwise);
            }
            (None, true) if frame.params.is_empty() => {
                self.ins().jump(otherwise, []);
                self.stack.values.truncate(frame.height);
                self.continue_in(otherwise);
            }
            (_, reachable) => {
                let (exit, results) = self.branch_target(0);
                if reachable {
                    self.jump_with(exit, results);
                }
                self.stack.values.truncate(copies.end);
                self.continue_in(otherwise);
                self.jump_with(exit, results);
                self.stack.values.truncate(copies.start);
                self.continue_in(exit);
            }
        }
        self.stack.frames.pop();
    }

    fn end_body(&mut self) {
        let frame = *self.stack.innermost();
        let results = frame.results.len();
        if let Some(exit) = frame.exit {
            if self.reachable {
                self.jump_with(exit, results);
            }
            self.stack.values.clear();
            self.continue_in(exit);
        }
        if self.reachable {
            self.return_top(results);
        }
        self.stack.frames.pop();
    }

    /// Returns the `count` uppermost values.
    fn return_top(&mut self, count: usize) {
        self.widen_top(count);
        let values = &self.stack.values[self.stack.values.len() - count..];
        self.builder.ins().return_(values);
        self.end_reachable();
    }

    pub fn visit_br(&mut self, depth: u32) {
        if self.stack.target(depth).kind == Kind::Body {
            return self.visit_return();
        }
        let (block, count) = self.branch_target(depth);
        self.jump_with(block, count);
        self.end_reachable();
    }

    pub fn visit_br_if(&mut self, depth: u32) {
        let condition = self.pop_condition();
        self.branch_if(condition, depth);
    }

    /// Branches to `depth`, with the values of its label from the top of the stack, where they stay, unless
    /// `condition` is zero.
    pub fn branch_if(&mut self, condition: Value, depth: u32) {
        let (block, count) = self.branch_target(depth);
        let next = self.builder.create_block();
        self.collect_block_args(count);
        let hint = self.branch_hint();
        if hint == Some(true) {
            self.builder.set_cold_block(next);
        }
        if hint == Some(false) {
            // The target may well be reached on a hot path, too: the way to it is what is cold.
            let way = self.builder.create_block();
            self.builder.set_cold_block(way);
            self.ins().brif(condition, way, [], next, []);
            self.builder.switch_to_block(way);
            self.builder.seal_block(way);
            self.builder.ins().jump(block, self.block_args.iter());
        } else {
            self.builder
                .ins()
                .brif(condition, block, self.block_args.iter(), next, []);
        }
        self.builder.switch_to_block(next);
        self.builder.seal_block(next);
    }

    pub fn visit_br_table(&mut self, targets: BrTable<'_>) {
        let index = self.pop();
        let (block, count) = self.branch_target(targets.default());
        self.collect_block_args(count);
        let call = |translator: &mut Self, block| {
            let pool = &mut translator.builder.func.dfg.value_lists;
            BlockCall::new(block, translator.block_args.iter().copied(), pool)
        };
        self.operands += u64::from(targets.len()) * count as u64;
        let default = call(self, block);
        let mut calls = Vec::with_capacity(targets.len() as usize);
        for target in targets.targets().flatten() {
            let (block, _) = self.branch_target(target);
            calls.push(call(self, block));
        }
        let table = self
            .builder
            .create_jump_table(JumpTableData::new(default, &calls));
        self.ins().br_table(index, table);
        self.end_reachable();
    }

    pub fn visit_return(&mut self) {
        let results = self.stack.frames[0].results.len();
        self.return_top(results);
    }

    pub fn visit_call(&mut self, function: u32) {
        self.call(FuncIndex(function), Transfer::Call);
    }

    pub fn visit_call_indirect(&mut self, ty: u32, table: u32) {
        self.call_indirect(TypeIndex(ty), TableIndex(table), Transfer::Call);
    }

    pub fn visit_drop(&mut self) {
        self.pop_condition();
    }

    pub fn visit_select(&mut self) {
        let condition = self.pop_condition();
        let (first, second) = self.pop2();
        let value = self.ins().select(condition, first, second);
        self.push(value);
    }

    pub fn visit_typed_select(&mut self, _ty: wasmparser::ValType) {
        self.visit_select();
    }

    /// The validator admits one type only.
    pub fn visit_typed_select_multi(&mut self, _types: Vec<wasmparser::ValType>) {
        self.visit_select();
    }
}
