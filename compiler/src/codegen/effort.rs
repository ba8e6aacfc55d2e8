//! How hard to try with a function: the user's choice, unless the function is so large or so crowded that
//! compiling it could take minutes.
//!
//! Two parts of code generation grow faster than their input: the optimiser with the number of
//! instructions, the register allocator with the number of values that are alive at once. Both are bounded
//! here by a rule that depends on the function alone, so that the same module always gives the same code.
//! No function of a program that anybody wrote is known to come near.

use ahead_targets::codegen::Effort;
use cranelift_codegen::ir::{Function, Value};
use cranelift_entity::SecondaryMap;

/// From this many instructions on a function is compiled with the least effort. 2.5 million additions take
/// more than 90 s at full effort and 12 s at the least.
const INSTRUCTIONS_MAX: usize = 200_000;

/// From this many values alive at once on. 20,000 take 37 s at full effort and 0.2 s at the least.
const PRESSURE_MAX: usize = 3_000;

/// Functions below this many instructions are not looked into.
const SMALL_INSTRUCTIONS: usize = 4 * PRESSURE_MAX;

/// The effort for `function`, where the user wants `wanted`.
pub fn choose(function: &Function, wanted: Effort) -> Effort {
    let instructions = function.dfg.num_insts();
    if instructions < SMALL_INSTRUCTIONS {
        return wanted;
    }
    if instructions > INSTRUCTIONS_MAX || pressure(function) > PRESSURE_MAX {
        return Effort::Minimal;
    }
    wanted
}

/// The most values that are alive at once, if blocks ran once in the order in which they are laid out: from
/// each value's definition to its last use in that order. Loops are not followed, so it is a lower bound,
/// and one pass.
fn pressure(function: &Function) -> usize {
    let mut last_use: SecondaryMap<Value, u32> = SecondaryMap::with_default(0);
    let mut position = 0;
    for block in function.layout.blocks() {
        for inst in function.layout.block_insts(block) {
            position += 1;
            for value in function.dfg.inst_values(inst) {
                last_use[function.dfg.resolve_aliases(value)] = position;
            }
        }
    }
    // How many values end at each position.
    let mut ends = vec![0_u32; position as usize + 1];
    let (mut alive, mut most, mut position) = (0_usize, 0, 0);
    let define = |value: Value, ends: &mut [u32], position: u32| {
        let last = last_use[value];
        if last > position {
            ends[last as usize] += 1;
            return 1;
        }
        0
    };
    for block in function.layout.blocks() {
        for &param in function.dfg.block_params(block) {
            alive += define(param, &mut ends, position);
        }
        for inst in function.layout.block_insts(block) {
            position += 1;
            alive -= ends[position as usize] as usize;
            for &result in function.dfg.inst_results(inst) {
                alive += define(result, &mut ends, position);
            }
            most = most.max(alive);
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use ahead_targets::codegen::{Settings, target_isa};
    use ahead_targets::{CpuFeatures, Isa};
    use cranelift_codegen::ir::{AbiParam, InstBuilder, types};
    use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

    /// Loads `count` values, then adds them up.
    fn crowded(count: u32) -> Function {
        let settings = Settings {
            effort: Effort::Speed,
            verify: true,
            canonical_nans: false,
        };
        let isa = target_isa(CpuFeatures::default_for(Isa::X86_64), settings).unwrap();
        let target = isa.frontend_config();
        let mut function = Function::new();
        function.signature.params.push(AbiParam::new(types::I64));
        function.signature.returns.push(AbiParam::new(types::I64));
        let mut context = FunctionBuilderContext::new();
        let mut builder = FunctionBuilder::new(&mut function, &mut context);
        let block = builder.create_block();
        builder.append_block_params_for_function_params(block);
        builder.switch_to_block(block);
        builder.seal_all_blocks();
        let seed = builder.block_params(block)[0];
        let values: Vec<_> = (0..count).map(|_| builder.ins().popcnt(seed)).collect();
        let sum = values
            .into_iter()
            .reduce(|sum, value| builder.ins().iadd(sum, value));
        builder.ins().return_(&[sum.unwrap()]);
        builder.finalize(target);
        function
    }

    #[test]
    fn pressure_counts_what_is_alive_at_once() {
        assert_eq!(pressure(&crowded(1)), 1);
        assert_eq!(pressure(&crowded(100)), 100);
    }

    #[test]
    fn crowded_functions_get_the_least_effort() {
        let limit = u32::try_from(PRESSURE_MAX).unwrap();
        assert_eq!(choose(&crowded(limit / 2), Effort::Speed), Effort::Speed);
        // As many instructions as a large function has, and just too crowded.
        let function = crowded(3 * limit);
        assert!(function.dfg.num_insts() > SMALL_INSTRUCTIONS);
        assert_eq!(choose(&function, Effort::Speed), Effort::Minimal);
    }
}
