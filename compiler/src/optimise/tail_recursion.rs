//! A function that calls itself last is a loop.
//!
//! Cranelift's tail call takes the frame down, jumps to the callee's first instruction, and there the frame is
//! set up again and the stack checked once more. Where the callee is the function itself, all of that is for
//! nothing: the frame it needs is the one it has.
//!
//! ```text
//! block0(vmctx, x, y):               block1(vmctx, x', y'):
//!     ...                                jump block0(x', y')
//!     return_call self(vmctx, a, b)  ->
//!                                    block0(x, y):
//!                                        ...
//!                                        jump block0(a, b)
//! ```
//! What the entry block does for the body is done again with each round, as it is in each call: locals start as
//! zero there. Nothing else of a call can be seen: the frame that a backtrace would show is the same function's,
//! the stack has been found deep enough for it, and handlers around a tail call are not the callee's.

use crate::function::names;
use crate::module::ModuleInfo;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{
    Block, BlockArg, ExternalName, FuncRef, Function, Inst, InstBuilder, InstructionData, Opcode,
    UserFuncName, Value,
};

pub fn run(function: &mut Function, _: &ModuleInfo<'_>) -> bool {
    let Some(entry) = function.layout.entry_block() else {
        return false;
    };
    let calls = calls_of_itself(function, entry);
    if calls.is_empty() {
        return false;
    }
    let first = enter_by_jump(function, entry);
    for call in calls {
        let arguments = arguments(&function.dfg.inst_args(call)[1..]);
        function.replace(call).jump(entry, &arguments);
    }
    debug_assert_eq!(function.layout.entry_block(), Some(first));
    true
}

/// Where the function calls itself last, for the same instance.
fn calls_of_itself(function: &Function, entry: Block) -> Vec<Inst> {
    let dfg = &function.dfg;
    let vmctx = dfg.block_params(entry).first().copied();
    let ends = function.layout.blocks();
    ends.filter_map(|block| function.layout.last_inst(block))
        .filter(|&inst| match dfg.insts[inst] {
            InstructionData::Call {
                opcode: Opcode::ReturnCall,
                func_ref,
                ..
            } => {
                let instance = dfg.inst_args(inst).first();
                is_itself(function, func_ref)
                    && instance.map(|&value| dfg.resolve_aliases(value)) == vmctx
            }
            _ => false,
        })
        .collect()
}

fn is_itself(function: &Function, callee: FuncRef) -> bool {
    let ExternalName::User(callee) = &function.dfg.ext_funcs[callee].name else {
        return false;
    };
    let UserFuncName::User(own) = &function.name else {
        return false;
    };
    own.namespace == names::NS_FUNCTION && function.params.user_named_funcs()[*callee] == *own
}

/// Puts a block in front of `entry` that takes the function's parameters and jumps there with all of them but
/// the vmctx, which stays the same.
fn enter_by_jump(function: &mut Function, entry: Block) -> Block {
    let first = function.dfg.make_block();
    function.layout.insert_block(first, entry);
    let params = function.dfg.detach_block_params(entry);
    let params = params.as_slice(&function.dfg.value_lists).to_vec();
    let mut incoming = Vec::with_capacity(params.len());
    for (place, &param) in params.iter().enumerate() {
        let ty = function.dfg.value_type(param);
        incoming.push(function.dfg.append_block_param(first, ty));
        match place {
            0 => function.dfg.change_to_alias(param, incoming[0]),
            _ => function.dfg.attach_block_param(entry, param),
        }
    }
    let mut cursor = FuncCursor::new(function).at_bottom(first);
    cursor.ins().jump(entry, &arguments(&incoming[1..]));
    first
}

fn arguments(values: &[Value]) -> Vec<BlockArg> {
    values.iter().copied().map(BlockArg::Value).collect()
}

#[cfg(test)]
mod tests {
    use crate::{Config, OptLevel, clif};
    use ahead_targets::Isa;

    fn optimised(wat: &str, opt: OptLevel) -> String {
        let config = Config {
            opt,
            verify_clif: true,
            ..Config::for_target(Isa::X86_64)
        };
        clif(&wat::parse_str(wat).unwrap(), &config, &|_, _| true).unwrap()
    }

    fn count(text: &str, what: &str) -> usize {
        text.matches(what).count()
    }

    #[test]
    fn a_call_of_itself_is_a_branch() {
        let wat = "(module
            (func $f (param i32 i64) (result i64) (local f64 v128 externref)
                (if (result i64) (i32.eqz (local.get 0))
                    (then (local.get 1))
                    (else (return_call $f (i32.wrap_i64 (local.get 1)) (i64.extend_i32_s (local.get 0)))))))";
        let text = optimised(wat, OptLevel::Speed);
        assert_eq!(count(&text, "return_call"), 0, "{text}");
        assert_eq!(count(&text, "jump block0("), 2, "{text}");
        assert_eq!(count(&optimised(wat, OptLevel::None), "return_call"), 1);
    }

    #[test]
    fn each_of_several_calls_is_one() {
        let wat = "(module (import \"a\" \"g\" (func $g (param i32))) (tag $t)
            (func $f (param i32)
                (block $caught
                    (try_table (catch $t $caught)
                        (if (local.get 0) (then (return_call $f (i32.const 0))))
                        (call $g (i32.const 1))))
                (return_call $f (i32.const 2))))";
        let text = optimised(wat, OptLevel::Speed);
        assert_eq!(count(&text, "return_call"), 0, "{text}");
        assert_eq!(count(&text, "try_call_indirect "), 1, "{text}");
        assert_eq!(count(&text, "jump block0("), 3, "{text}");
    }

    #[test]
    fn a_call_of_another_stays_a_call() {
        let wat = "(module
            (func $f (param i32) (return_call $g (local.get 0)))
            (func $g (param i32) (return_call $f (local.get 0))))";
        let text = optimised(wat, OptLevel::Speed);
        assert_eq!(count(&text, "return_call fn"), 2, "{text}");
    }
}
