//! From a seed to a module and to how it is compiled.
//!
//! A module uses every proposal that is built and that `wasm-smith` knows, ends by itself, and asks for nothing
//! that engines may refuse: sizes that it may grow to are declared.

use crate::random::Random;
use crate::rewrite::rewrite;
use ahead_compiler::{Config, OptLevel, Proposal, RelaxedSimd};
use ahead_runtime::Bounds;
use ahead_targets::Isa;
use anyhow::{Context, Result};
use arbitrary::Unstructured;
use wasm_smith::Module;

/// Loops and calls that a module may make in all before it traps.
const FUEL: u32 = 2_000;

/// Bytes that a memory may have.
const MEMORY_BYTES_MAX: u64 = 512 << 10;

/// Random bytes that a module is made of; what it needs beyond them is zero.
const INPUT_BYTES_MAX: u64 = 16 << 10;

/// The module of a seed.
pub fn module(seed: u64) -> Result<Vec<u8>> {
    let mut random = Random::new(seed);
    let bytes = 256 + random.next() % INPUT_BYTES_MAX;
    let words = (0..bytes.div_ceil(8)).map(|_| random.next().to_le_bytes());
    let input: Vec<u8> = words.flatten().collect();
    let mut module = Module::new(shape(&mut random), &mut Unstructured::new(&input))
        .with_context(|| format!("no module for seed {seed}"))?;
    module
        .ensure_termination(FUEL)
        .context("a module that cannot be made to end")?;
    rewrite(&module.to_bytes(), random)
}

/// How the module of a seed is compiled.
pub fn config(seed: u64, target: Isa) -> Config {
    let mut random = Random::new(!seed);
    let choice = random.next();
    let mut config = Config::for_target(target);
    config.bounds = [Bounds::Guard, Bounds::Explicit][(choice & 1) as usize];
    config.opt = OptLevel::ALL[(choice >> 1) as usize % OptLevel::ALL.len()];
    config.relaxed_simd = RelaxedSimd::Deterministic;
    config.canonical_nans = true;
    config.verify_clif = true;
    config
}

fn shape(random: &mut Random) -> wasm_smith::Config {
    let is_built = Proposal::is_built;
    wasm_smith::Config {
        allow_start_export: true,
        bulk_memory_enabled: true,
        compact_imports_enabled: false,
        custom_page_sizes_enabled: is_built(Proposal::CustomPageSizes),
        exceptions_enabled: is_built(Proposal::Exceptions),
        export_everything: true,
        extended_const_enabled: true,
        gc_enabled: is_built(Proposal::Gc),
        generate_custom_sections: false,
        max_data_segments: 6,
        max_element_segments: 6,
        max_elements: 20,
        max_exports: 50,
        max_funcs: 12,
        max_globals: 12,
        max_imports: [0, 8][random.next() as usize % 2],
        max_instructions: [20, 100, 400][random.next() as usize % 3],
        max_memories: if is_built(Proposal::MultiMemory) {
            3
        } else {
            1
        },
        max_memory32_bytes: MEMORY_BYTES_MAX,
        max_memory64_bytes: u128::from(MEMORY_BYTES_MAX),
        max_table_elements: 200,
        max_tables: 3,
        max_types: 12,
        memory64_enabled: is_built(Proposal::Memory64),
        memory_max_size_required: true,
        min_funcs: 1,
        multi_value_enabled: true,
        reference_types_enabled: true,
        relaxed_simd_enabled: is_built(Proposal::RelaxedSimd),
        saturating_float_to_int_enabled: true,
        sign_extension_ops_enabled: true,
        simd_enabled: is_built(Proposal::Simd),
        table_max_size_required: true,
        tail_call_enabled: is_built(Proposal::TailCall),
        threads_enabled: is_built(Proposal::Threads),
        wide_arithmetic_enabled: is_built(Proposal::WideArithmetic),
        ..wasm_smith::Config::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ahead_targets::Isa;

    #[test]
    fn a_seed_is_a_module() {
        assert_eq!(module(1).unwrap(), module(1).unwrap());
        assert_ne!(module(1).unwrap(), module(2).unwrap());
        assert_eq!(config(1, Isa::X86_64), config(1, Isa::X86_64));
    }

    /// Modules are of every kind, and the compiler takes them all.
    #[test]
    fn modules_are_taken() {
        for seed in 0..20 {
            let wasm = module(seed).unwrap();
            for target in Isa::ALL {
                ahead_compiler::compile(&wasm, &config(seed, target))
                    .unwrap_or_else(|error| panic!("seed {seed}, {target}: {error}"));
            }
        }
    }
}
