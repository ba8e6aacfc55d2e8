//! Instructions by name and by the proposal that brings them, for messages.
//!
//! Both follow from `wasmparser`'s list of operators. A group of operators that no proposal of ours stands
//! for does not compile here, by its name.

use crate::proposals::Proposal;
use wasmparser::Operator;

/// The proposal that an operator group belongs to; none for the first version of WebAssembly.
macro_rules! proposal {
    (mvp) => {
        None
    };
    (sign_extension) => {
        Some(Proposal::SignExtension)
    };
    (saturating_float_to_int) => {
        Some(Proposal::SaturatingFloatToInt)
    };
    (bulk_memory) => {
        Some(Proposal::BulkMemory)
    };
    (reference_types) => {
        Some(Proposal::ReferenceTypes)
    };
    (simd) => {
        Some(Proposal::Simd)
    };
    (relaxed_simd) => {
        Some(Proposal::RelaxedSimd)
    };
    (threads) => {
        Some(Proposal::Threads)
    };
    (tail_call) => {
        Some(Proposal::TailCall)
    };
    (exceptions) => {
        Some(Proposal::Exceptions)
    };
    (legacy_exceptions) => {
        Some(Proposal::LegacyExceptions)
    };
    (function_references) => {
        Some(Proposal::FunctionReferences)
    };
    (gc) => {
        Some(Proposal::Gc)
    };
    (custom_descriptors) => {
        Some(Proposal::CustomDescriptors)
    };
    (memory_control) => {
        Some(Proposal::MemoryControl)
    };
    (shared_everything_threads) => {
        Some(Proposal::SharedEverythingThreads)
    };
    (acquire_release_atomics) => {
        Some(Proposal::AcquireReleaseAtomics)
    };
    (stack_switching) => {
        Some(Proposal::StackSwitching)
    };
    (wide_arithmetic) => {
        Some(Proposal::WideArithmetic)
    };
}

macro_rules! by_operator {
    ($( @$group:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*) )*) => {
        /// The proposal that brings `operator`; `None` for the first version of WebAssembly.
        pub fn proposal_of(operator: &Operator<'_>) -> Option<Proposal> {
            match operator {
                $( Operator::$op { .. } => proposal!($group), )*
                // The enum is open to additions; those of a known version are all above.
                _ => None,
            }
        }

        /// The name of `operator` in the text format.
        pub fn name_of(operator: &Operator<'_>) -> String {
            text_name(match operator {
                $( Operator::$op { .. } => stringify!($visit), )*
                _ => "visit_unknown",
            })
        }
    };
}

wasmparser::for_each_operator!(by_operator);

/// First parts of instruction names that a dot follows.
const NAMESPACES: &[&str] = &[
    "i32", "i64", "f32", "f64", "v128", "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2",
    "local", "global", "table", "memory", "data", "elem", "ref", "struct", "array", "any",
    "extern", "i31", "atomic", "cont",
];

/// `visit_i32_atomic_rmw8_add_u` is `i32.atomic.rmw8.add_u`.
pub fn text_name(visit: &str) -> String {
    let mut name = String::with_capacity(visit.len());
    let mut rest = visit.strip_prefix("visit_").unwrap_or(visit);
    let mut first = true;
    while let Some((part, tail)) = rest.split_once('_') {
        let dot = (first && NAMESPACES.contains(&part))
            || (!first && (part == "atomic" || part.starts_with("rmw")));
        name.push_str(part);
        name.push(if dot { '.' } else { '_' });
        rest = tail;
        first = false;
    }
    name.push_str(rest);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_text_format() {
        for (visit, name) in [
            ("visit_unreachable", "unreachable"),
            ("visit_br_table", "br_table"),
            ("visit_i32_atomic_rmw8_add_u", "i32.atomic.rmw8.add_u"),
            ("visit_memory_atomic_wait32", "memory.atomic.wait32"),
            ("visit_atomic_fence", "atomic.fence"),
            ("visit_i8x16_all_true", "i8x16.all_true"),
            ("visit_return_call_indirect", "return_call_indirect"),
            ("visit_i64_trunc_sat_f32_s", "i64.trunc_sat_f32_s"),
            ("visit_struct_new", "struct.new"),
        ] {
            assert_eq!(text_name(visit), name);
        }
    }

    #[test]
    fn operators_know_their_proposal() {
        assert_eq!(proposal_of(&Operator::I32Add), None);
        assert_eq!(proposal_of(&Operator::I32x4Add), Some(Proposal::Simd));
        assert_eq!(
            proposal_of(&Operator::ReturnCall { function_index: 0 }),
            Some(Proposal::TailCall)
        );
    }
}
