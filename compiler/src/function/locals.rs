//! Locals: SSA variables, or memory in the frame where SSA would be too much of a good thing.
//!
//! Where control flow joins, SSA form may need a parameter for each local and an argument for it on each
//! edge. That product stays small in code that compilers write. A hostile function of a few hundred
//! kilobytes can make it billions: such a one keeps its locals in memory, at a fixed price for each access.

use super::ops::LegacyTries;
use super::signature::{POINTER, value_type};
use ahead_artifact::ValType;
use cranelift_codegen::ir::{InstBuilder, StackSlot, StackSlotData, StackSlotKind, Type, Value};
use cranelift_frontend::{FunctionBuilder, Variable};
use wasmparser::{FunctionBody, Operator};

/// The most locals times edges for which locals are variables. Real functions stay far below a million.
const LOCAL_EDGES_MAX: u64 = 1 << 22;

/// More locals than the validator admits: their frame would be in vain.
const LOCALS_MAX: u64 = 60_000;

/// Where the locals of a function are.
#[derive(Debug)]
pub enum Locals {
    /// The variable of the same number.
    Variables,
    /// In a stack slot, 16 bytes each, with these types.
    Memory { slot: StackSlot, types: Vec<Type> },
}

/// Room for a vector: a function that ends up here may have any types.
const LOCAL_BYTES: u32 = 16;

impl Locals {
    /// Decides for a body, whose locals are yet to be declared.
    pub fn choose(
        builder: &mut FunctionBuilder<'_>,
        params: usize,
        body: &FunctionBody<'_>,
    ) -> Self {
        let locals = params as u64 + declared(body).unwrap_or(0);
        let range = body.range();
        // Each edge takes a byte at least, so most bodies need not be looked into.
        let edges_max = range.end - range.start;
        if locals.saturating_mul(edges_max) <= LOCAL_EDGES_MAX
            || locals.saturating_mul(edges(body).unwrap_or(0)) <= LOCAL_EDGES_MAX
            || locals > LOCALS_MAX
        {
            return Locals::Variables;
        }
        let bytes = locals as u32 * LOCAL_BYTES;
        let data = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 4);
        Locals::Memory {
            slot: builder.create_sized_stack_slot(data),
            types: Vec::with_capacity(locals as usize),
        }
    }

    /// Declares the next local, which starts as `value`.
    pub fn declare(&mut self, builder: &mut FunctionBuilder<'_>, ty: Type, value: Value) {
        match self {
            Locals::Variables => {
                let variable = builder.declare_var(ty);
                builder.def_var(variable, value);
            }
            Locals::Memory { slot, types } => {
                let offset = place(types.len() as u32);
                types.push(ty);
                builder.ins().stack_store(POINTER, value, *slot, offset);
            }
        }
    }

    pub fn read(&self, builder: &mut FunctionBuilder<'_>, local: u32) -> Value {
        match self {
            Locals::Variables => builder.use_var(Variable::from_u32(local)),
            Locals::Memory { slot, types } => {
                let ty = types[local as usize];
                builder.ins().stack_load(POINTER, ty, *slot, place(local))
            }
        }
    }

    pub fn write(&self, builder: &mut FunctionBuilder<'_>, local: u32, value: Value) {
        match self {
            Locals::Variables => builder.def_var(Variable::from_u32(local), value),
            Locals::Memory { slot, .. } => {
                builder
                    .ins()
                    .stack_store(POINTER, value, *slot, place(local));
            }
        }
    }
}

fn place(local: u32) -> i32 {
    (local * LOCAL_BYTES) as i32
}

/// How many locals a body declares.
fn declared(body: &FunctionBody<'_>) -> Result<u64, wasmparser::Error> {
    body.get_locals_reader()?
        .into_iter()
        .try_fold(0, |sum, group| Ok(sum + u64::from(group?.0)))
}

/// Edges between blocks, roughly, up to the first operator that cannot be read.
fn edges(body: &FunctionBody<'_>) -> Result<u64, wasmparser::Error> {
    let mut edges: u64 = 0;
    // Clauses of each block that is open, and of all: a call has an edge to every one.
    let mut clauses: Vec<u64> = Vec::new();
    let mut in_force = 0;
    let mut legacy = LegacyTries::read(body);
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        let operator = operators.read()?;
        let opened = match &operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => Some(0),
            Operator::TryTable { try_table } => Some(try_table.catches.len() as u64),
            Operator::Try { .. } => Some(legacy.next_clauses() as u64),
            _ => None,
        };
        if let Some(opened) = opened {
            clauses.push(opened);
            in_force += opened;
        }
        edges += match operator {
            Operator::Loop { .. } | Operator::Br { .. } | Operator::BrIf { .. } => 1,
            Operator::If { .. } => 2,
            Operator::BrTable { targets } => u64::from(targets.len()) + 1,
            Operator::Call { .. } | Operator::CallIndirect { .. } | Operator::CallRef { .. } => {
                in_force
            }
            Operator::End | Operator::Delegate { .. } => {
                in_force -= clauses.pop().unwrap_or(0);
                0
            }
            _ => 0,
        };
    }
    Ok(edges)
}

/// The CLIF type of a local that a body declares.
pub fn local_type(ty: wasmparser::ValType) -> Type {
    value_type(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        // One word, whatever it refers to.
        wasmparser::ValType::Ref(_) => ValType::EXTERNREF,
    })
}
