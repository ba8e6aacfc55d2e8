//! The state of a translation, and the moves that all operators are made of: push, pop, open, branch.
//!
//! Operators arrive validated: what is popped is there and has the right type.

use super::env::{Declared, Env};
use super::handlers::Handlers;
use super::locals::{self, Locals};
use super::signature::{self, POINTER};
use super::stack::{Frame, Kind, Stack};
use super::trap;
use crate::config::Config;
use crate::module::ModuleInfo;
use ahead_artifact::{FuncIndex, TrapKind, TypeIndex, ValType, vmctx};
use cranelift_codegen::cursor::FuncCursor;
use cranelift_codegen::ir::immediates::Ieee32;
use cranelift_codegen::ir::immediates::Ieee64;
use cranelift_codegen::ir::{
    ArgumentPurpose, Block, BlockArg, Function, GlobalValueData, Inst, InstBuilder,
    InstructionData, MemFlagsData, Opcode, Type, Value, ValueDef, types,
};
use cranelift_codegen::isa::TargetIsa;
use cranelift_frontend::{FuncInstBuilder, FunctionBuilder, FunctionBuilderContext};
use wasmparser::{BlockType, FunctionBody};

/// Allocations that go from one function to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    declared: Declared,
    pub block_args: Vec<BlockArg>,
    pub call_args: Vec<Value>,
    known_functions: Vec<(Value, FuncIndex)>,
    values: Vec<Value>,
}

pub struct Translator<'m, 'b> {
    pub builder: FunctionBuilder<'b>,
    pub env: Env<'m, 'b>,
    pub stack: Stack<'m>,
    pub locals: Locals,
    /// Whether the current position can be reached. Where it cannot, operators are only validated.
    pub reachable: bool,
    pub handlers: Handlers<'m>,
    /// Which way branches mostly go: ascending places in the body.
    branch_hints: &'m [(u32, bool)],
    /// Where the body starts in the module.
    body_start: u64,
    /// Operands of calls and branches so far, which can be far more than the body has bytes.
    pub operands: u64,
    pub block_args: &'b mut Vec<BlockArg>,
    pub call_args: &'b mut Vec<Value>,
    /// References to functions that are known, because they come from globals that never change.
    pub known_functions: &'b mut Vec<(Value, FuncIndex)>,
    spare_values: &'b mut Vec<Value>,
}

impl<'m, 'b> Translator<'m, 'b> {
    /// Starts the body: parameters are the first locals.
    pub fn new(
        module: &'m ModuleInfo<'m>,
        config: &Config,
        index: FuncIndex,
        body: &FunctionBody<'m>,
        out: &'b mut Function,
        context: &'b mut FunctionBuilderContext,
        scratch: &'b mut Scratch,
    ) -> Self {
        let Scratch {
            declared,
            block_args,
            call_args,
            known_functions,
            values: spare_values,
        } = scratch;
        declared.reset();
        known_functions.clear();
        let mut builder = FunctionBuilder::new(out, context);
        let entry = builder.create_block();
        builder.append_block_params_for_function_params(entry);
        builder.switch_to_block(entry);
        builder.seal_block(entry);
        builder.ensure_inserted_block();
        let vmctx = builder.block_params(entry)[0];
        debug_assert_eq!(
            builder
                .func
                .signature
                .special_param_index(ArgumentPurpose::VMContext),
            Some(0)
        );
        let ty = module.func_type(index);
        let mut locals = Locals::choose(&mut builder, ty.params.len(), body);
        for (local, &param) in ty.params.iter().enumerate() {
            let value = builder.block_params(entry)[1 + local];
            locals.declare(&mut builder, signature::value_type(param), value);
        }

        let base = builder.func.create_global_value(GlobalValueData::VMContext);
        let flags = MemFlagsData::trusted();
        let flags = builder.func.dfg.mem_flags.insert_unchecked(flags);
        builder.func.stack_limit = Some(builder.func.create_global_value(GlobalValueData::Load {
            base,
            offset: (vmctx::STACK_LIMIT as i32).into(),
            global_type: POINTER,
            flags,
        }));

        let mut values = std::mem::take(spare_values);
        values.clear();
        Translator {
            builder,
            env: Env {
                module,
                bounds: config.bounds,
                relaxed_simd: config.relaxed_simd,
                cpu: config.cpu,
                vmctx,
                entry,
                declared,
            },
            stack: Stack {
                values,
                frames: vec![Frame {
                    kind: Kind::Body,
                    params: &[],
                    results: &ty.results,
                    height: 0,
                    exit: None,
                    handlers: None,
                }],
                dead_depth: 0,
            },
            locals,
            reachable: true,
            handlers: Handlers::new(body),
            branch_hints: module.branch_hints.of(index),
            body_start: body.range().start,
            operands: 0,
            block_args,
            call_args,
            known_functions,
            spare_values,
        }
    }

    /// Declares `count` locals that start as zero or null.
    pub fn declare_locals(&mut self, count: u32, ty: wasmparser::ValType) {
        if count == 0 {
            return;
        }
        let ty = locals::local_type(ty);
        let zero = self.zero(ty);
        for _ in 0..count {
            self.locals.declare(&mut self.builder, ty, zero);
        }
    }

    /// Ends the function, whose last `end` has been translated.
    pub fn finish(self, isa: &dyn TargetIsa) {
        self.builder.finalize(isa.frontend_config());
        *self.spare_values = self.stack.values;
    }

    pub fn ins(&mut self) -> FuncInstBuilder<'_, 'b> {
        self.builder.ins()
    }

    /// The environment and a place to insert instructions that it needs.
    pub fn env_cursor(&mut self) -> (&mut Env<'m, 'b>, FuncCursor<'_>) {
        (&mut self.env, self.builder.cursor())
    }

    fn zero(&mut self, ty: Type) -> Value {
        match ty {
            types::F32 => self.ins().f32const(Ieee32::with_bits(0)),
            types::F64 => self.ins().f64const(Ieee64::with_bits(0)),
            signature::VECTOR => self.vector_constant(0),
            _ => self.ins().iconst(ty, 0),
        }
    }

    pub fn push(&mut self, value: Value) {
        self.stack.values.push(value);
    }

    /// Pops a value of any Wasm type.
    pub fn pop(&mut self) -> Value {
        let value = self.pop_condition();
        self.widen(value)
    }

    /// Pops a value of which only matters whether it is zero: an `i32`, or a comparison as it is.
    pub fn pop_condition(&mut self) -> Value {
        self.stack
            .values
            .pop()
            .expect("a validated operand is on the stack")
    }

    /// Pops two values, the upper one second.
    pub fn pop2(&mut self) -> (Value, Value) {
        let second = self.pop();
        (self.pop(), second)
    }

    /// Pops three values, the uppermost one last.
    pub fn pop3(&mut self) -> (Value, Value, Value) {
        let third = self.pop();
        let (first, second) = self.pop2();
        (first, second, third)
    }

    /// A value as Wasm has it: the result of a comparison becomes an `i32`, a vector loses its shape.
    fn widen(&mut self, value: Value) -> Value {
        match self.builder.func.dfg.value_type(value) {
            types::I8 => self.ins().uextend(types::I32, value),
            ty if ty.is_vector() => self.in_shape(value, signature::VECTOR),
            _ => value,
        }
    }

    /// The `count` uppermost values, as Wasm has them, left on the stack.
    pub fn widen_top(&mut self, count: usize) {
        for index in self.stack.values.len() - count..self.stack.values.len() {
            self.stack.values[index] = self.widen(self.stack.values[index]);
        }
    }

    /// The unsigned number that an `i32` or `i64` is, if it is a constant.
    pub fn constant(&self, value: Value) -> Option<u64> {
        let ValueDef::Result(inst, _) = self.builder.func.dfg.value_def(value) else {
            return None;
        };
        match self.builder.func.dfg.insts[inst] {
            InstructionData::UnaryImm {
                opcode: Opcode::Iconst,
                imm,
            } => match self.builder.func.dfg.value_type(value) {
                types::I32 => Some(u64::from(imm.bits() as u32)),
                types::I64 => Some(imm.bits().cast_unsigned()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The instruction that gives `value`, if one does.
    pub fn definition(&self, value: Value) -> Option<InstructionData> {
        match self.builder.func.dfg.value_def(value) {
            ValueDef::Result(inst, _) => Some(self.builder.func.dfg.insts[inst]),
            _ => None,
        }
    }

    pub fn push_results(&mut self, call: Inst) {
        let results = self.builder.func.dfg.inst_results(call);
        self.operands += results.len() as u64;
        self.stack.values.extend_from_slice(results);
    }

    /// Parameters and results of a block.
    pub fn block_types(&self, ty: BlockType) -> (&'m [ValType], &'m [ValType]) {
        match ty {
            BlockType::Empty => (&[], &[]),
            BlockType::Type(ty) => (&[], one_type(ty)),
            BlockType::FuncType(index) => {
                let ty = &self.env.module.interface.types[TypeIndex(index).index()];
                (&ty.params, &ty.results)
            }
        }
    }

    /// A new block with parameters of these types.
    pub fn block_with(&mut self, types: &[ValType]) -> Block {
        let block = self.builder.create_block();
        for &ty in types {
            self.builder
                .append_block_param(block, signature::value_type(ty));
        }
        block
    }

    /// Goes on in `block`, all of whose branches are known, with its parameters on the stack.
    pub fn continue_in(&mut self, block: Block) {
        self.builder.switch_to_block(block);
        self.builder.seal_block(block);
        let params = self.builder.func.dfg.block_params(block);
        self.stack.values.extend_from_slice(params);
        self.reachable = true;
    }

    /// Where a branch of `depth` goes, and how many values it carries.
    pub fn branch_target(&mut self, depth: u32) -> (Block, usize) {
        let frame = *self.stack.target(depth);
        let types = frame.label_types();
        let block = match (frame.kind, frame.exit) {
            (Kind::Loop { header }, _) => header,
            (_, Some(exit)) => exit,
            (_, None) => {
                let exit = self.block_with(frame.results);
                self.stack.target(depth).exit = Some(exit);
                exit
            }
        };
        (block, types.len())
    }

    /// Puts the `count` uppermost values, which stay on the stack, into [`Self::block_args`].
    pub fn collect_block_args(&mut self, count: usize) {
        self.widen_top(count);
        self.operands += count as u64;
        let values = &self.stack.values[self.stack.values.len() - count..];
        self.block_args.clear();
        self.block_args
            .extend(values.iter().map(|&value| BlockArg::Value(value)));
    }

    /// Jumps to `block` with the `count` uppermost values.
    pub fn jump_with(&mut self, block: Block, count: usize) {
        self.collect_block_args(count);
        self.builder.ins().jump(block, self.block_args.iter());
    }

    /// Nothing after this is reached.
    pub fn end_reachable(&mut self) {
        self.reachable = false;
    }

    /// Whether the condition of the branch that is being translated mostly holds, if the module says.
    pub fn branch_hint(&self) -> Option<bool> {
        if self.branch_hints.is_empty() {
            return None;
        }
        let place = u64::from(self.builder.srcloc().bits()).checked_sub(self.body_start)?;
        let hint = self
            .branch_hints
            .binary_search_by_key(&place, |hint| u64::from(hint.0));
        Some(self.branch_hints[hint.ok()?].1)
    }

    /// Traps if `condition` is not zero.
    pub fn trap_if(&mut self, condition: Value, kind: TrapKind) {
        self.ins().trapnz(condition, trap::code(kind));
    }
}

fn one_type(ty: wasmparser::ValType) -> &'static [ValType] {
    match ty {
        wasmparser::ValType::I32 => &[ValType::I32],
        wasmparser::ValType::I64 => &[ValType::I64],
        wasmparser::ValType::F32 => &[ValType::F32],
        wasmparser::ValType::F64 => &[ValType::F64],
        wasmparser::ValType::V128 => &[ValType::V128],
        wasmparser::ValType::Ref(wasmparser::RefType::FUNCREF) => &[ValType::FUNCREF],
        // The validator admits no other references.
        wasmparser::ValType::Ref(_) => &[ValType::EXTERNREF],
    }
}
