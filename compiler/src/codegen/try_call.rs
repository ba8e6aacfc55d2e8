//! Calls in code with handlers, made as cheap as any others.
//!
//! Cranelift takes it that a function of the `Tail` convention that throws has lost all registers: what lives across
//! a `try_call` of one is kept on the stack. Of a C function it takes it that whoever unwinds gives back the registers
//! that callees preserve. Our runtime does that for every function, by the artefact's table of saved registers. And as
//! long as nothing is passed on the stack, the two conventions differ in little else: so a `try_call` of a guest
//! function is described as one of a C function with the same values in the same registers.
//!
//! ```text
//! try_call fn0(vmctx, x), sig0, block1(ret0), [...]       sig0 = (i64 vmctx, i32) -> i32 tail
//! ->
//! try_call fn1(s, s, vmctx, x), sig1, block1(ret2), [...] sig1 = (i64, i64, i64 vmctx, i32) -> i64, i64, i32 system_v
//! ```
//! with as many integers in front as [`LikeC`] says; nobody reads them. A signature beyond its bounds stays as it is:
//! slower, and right as well.

use ahead_targets::codegen::LikeC;
use cranelift_codegen::ir::{
    AbiParam, BlockArg, ExceptionTable, ExceptionTableData, FuncRef, Function, Inst,
    InstructionData, SigRef, Signature, Value, ValueList, types,
};
use cranelift_codegen::isa::CallConv;
use std::collections::HashMap;

/// Describes each call with handlers as one that keeps registers, where that is possible.
pub fn keep_registers(function: &mut Function, like_c: LikeC) {
    let mut signatures: HashMap<SigRef, Option<SigRef>> = HashMap::new();
    let mut callees: HashMap<FuncRef, FuncRef> = HashMap::new();
    for (call, table) in calls(function) {
        let guest = function.dfg.exception_tables[table].signature();
        let signature = *signatures.entry(guest).or_insert_with(|| {
            let signature = signature(&function.dfg.signatures[guest], like_c);
            signature.map(|signature| function.import_signature(signature))
        });
        let Some(signature) = signature else { continue };
        let mut callee = |callee: FuncRef, function: &mut Function| {
            *callees.entry(callee).or_insert_with(|| {
                let mut data = function.dfg.ext_funcs[callee].clone();
                data.signature = signature;
                function.import_function(data)
            })
        };
        let data = match function.dfg.insts[call] {
            InstructionData::TryCall {
                opcode,
                args,
                func_ref,
                exception,
            } => InstructionData::TryCall {
                opcode,
                args: skip(function, args, 0, like_c.skipped),
                func_ref: callee(func_ref, function),
                exception,
            },
            InstructionData::TryCallIndirect {
                opcode,
                args,
                exception,
            } => InstructionData::TryCallIndirect {
                opcode,
                // The first one is the function's address.
                args: skip(function, args, 1, like_c.skipped),
                exception,
            },
            _ => continue,
        };
        function.dfg.insts[call] = data;
        skip_results(function, table, signature, like_c.skipped);
    }
}

fn calls(function: &Function) -> Vec<(Inst, ExceptionTable)> {
    if function.dfg.exception_tables.is_empty() {
        return Vec::new();
    }
    let ends = function.layout.blocks();
    ends.filter_map(|block| {
        let end = function.layout.last_inst(block)?;
        Some((end, function.dfg.insts[end].exception_table()?))
    })
    .collect()
}

/// The C signature whose registers are those of a guest function's.
fn signature(guest: &Signature, like_c: LikeC) -> Option<Signature> {
    let fits = |list: &[AbiParam], integers: usize, floats: usize| {
        let count = list
            .iter()
            .filter(|param| param.value_type.is_int())
            .count();
        count <= integers && list.len() - count <= floats
    };
    if guest.call_conv != CallConv::Tail
        || !fits(&guest.params, like_c.integer_params, like_c.float_params)
        || !fits(&guest.returns, like_c.integer_results, like_c.float_results)
    {
        return None;
    }
    let behind_skipped = |list: &[AbiParam]| {
        let skipped = std::iter::repeat_n(AbiParam::new(types::I64), like_c.skipped);
        skipped.chain(list.iter().copied()).collect()
    };
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params = behind_skipped(&guest.params);
    signature.returns = behind_skipped(&guest.returns);
    Some(signature)
}

/// Arguments with `skipped` more from `first` on. What these are does not matter: the vmctx is at hand.
fn skip(function: &mut Function, arguments: ValueList, first: usize, skipped: usize) -> ValueList {
    let pool = &mut function.dfg.value_lists;
    let (front, arguments) = arguments.as_slice(pool).split_at(first);
    let vmctx = arguments[0];
    let values: Vec<Value> = (front.iter().copied())
        .chain(std::iter::repeat_n(vmctx, skipped))
        .chain(arguments.iter().copied())
        .collect();
    ValueList::from_slice(&values, pool)
}

/// Gives the call of `table` another signature, whose first results are not asked for.
fn skip_results(function: &mut Function, table: ExceptionTable, signature: SigRef, skipped: usize) {
    let dfg = &mut function.dfg;
    let old = &dfg.exception_tables[table];
    let mut new = ExceptionTableData::new(signature, *old.normal_return(), old.items());
    new.normal_return_mut()
        .update_args(&mut dfg.value_lists, |argument| match argument {
            BlockArg::TryCallRet(result) => BlockArg::TryCallRet(result + skipped as u32),
            other => other,
        });
    dfg.exception_tables[table] = new;
}

#[cfg(test)]
mod tests {
    use super::*;
    use ahead_targets::codegen::{Effort, Settings, target_isa};
    use ahead_targets::{CpuFeatures, Isa};
    use cranelift_codegen::Context;
    use cranelift_codegen::control::ControlPlane;
    use cranelift_codegen::ir::immediates::Ieee64;
    use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type};
    use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

    fn guest(params: [usize; 2], results: [usize; 2]) -> Signature {
        // Alternating, as far as they go.
        let list = |[integers, floats]: [usize; 2]| {
            let place = |ty: Type, count: usize| (0..count).map(move |place| (place, ty));
            let mut all: Vec<_> = place(types::I64, integers)
                .chain(place(types::F64, floats))
                .collect();
            all.sort_by_key(|&(place, _)| place);
            all.into_iter().map(|(_, ty)| AbiParam::new(ty)).collect()
        };
        let mut signature = Signature::new(CallConv::Tail);
        signature.params = list(params);
        signature.returns = list(results);
        signature
    }

    /// The code of a function that stores its parameters where the first one points to, and returns numbers. What is
    /// `skipped` stays as it is.
    fn code(isa: Isa, signature: &Signature, skipped: usize) -> Vec<u8> {
        let settings = Settings {
            effort: Effort::Speed,
            verify: true,
            canonical_nans: false,
        };
        let cranelift = target_isa(CpuFeatures::default_for(isa), settings).unwrap();
        let mut context = Context::new();
        context.func.signature = signature.clone();
        let mut frontend = FunctionBuilderContext::new();
        let mut builder = FunctionBuilder::new(&mut context.func, &mut frontend);
        let block = builder.create_block();
        builder.append_block_params_for_function_params(block);
        builder.switch_to_block(block);
        builder.seal_all_blocks();
        let params = builder.block_params(block).to_vec();
        let mut results = params[..skipped].to_vec();
        let params = &params[skipped..];
        if signature.returns.len() == skipped {
            for (place, &param) in (0_i32..).zip(params) {
                let flags = MemFlagsData::trusted();
                builder.ins().store(flags, param, params[0], 8 * place);
            }
        }
        for (number, result) in (1_i64..).zip(&signature.returns[skipped..]) {
            results.push(match result.value_type {
                types::I64 => builder.ins().iconst(types::I64, number),
                _ => builder.ins().f64const(Ieee64::with_float(number as f64)),
            });
        }
        builder.ins().return_(&results);
        builder.finalize(cranelift.frontend_config());
        let compiled = context.compile(&*cranelift, &mut ControlPlane::default());
        let compiled = compiled.map_err(|error| error.inner).unwrap();
        compiled.code_buffer().to_vec()
    }

    /// What [`LikeC`] says of Cranelift's conventions: the same body is the same code in both of them.
    #[test]
    fn values_are_in_the_same_registers() {
        for isa in Isa::ALL {
            let like_c = isa.backend().like_c();
            let [params, results] = [
                [like_c.integer_params, like_c.float_params],
                [like_c.integer_results, like_c.float_results],
            ];
            for (params, results) in [
                ([1, 1], [0, 0]),
                ([params[0], 0], [0, 0]),
                ([2, params[1]], [0, 0]),
                (params, [0, 0]),
                ([1, 0], [results[0], 0]),
                ([1, 0], [0, results[1]]),
                ([1, 0], results),
            ] {
                let guest = guest(params, results);
                let c = signature(&guest, like_c).unwrap();
                assert_eq!(
                    code(isa, &guest, 0),
                    code(isa, &c, like_c.skipped),
                    "{isa}: {params:?} -> {results:?}"
                );
            }
        }
    }

    #[test]
    fn signatures_beyond_are_left_alone() {
        for isa in Isa::ALL {
            let like_c = isa.backend().like_c();
            for (params, results) in [
                ([like_c.integer_params + 1, 0], [0, 0]),
                ([1, like_c.float_params + 1], [0, 0]),
                ([1, 0], [like_c.integer_results + 1, 0]),
                ([1, 0], [0, like_c.float_results + 1]),
            ] {
                assert_eq!(signature(&guest(params, results), like_c), None);
            }
            let mut of_the_host = guest([1, 0], [0, 0]);
            of_the_host.call_conv = CallConv::SystemV;
            assert_eq!(signature(&of_the_host, like_c), None);
        }
    }
}
