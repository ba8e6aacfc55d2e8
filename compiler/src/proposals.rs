//! The proposals to WebAssembly by name: which a module may use, which are built.
//!
//! One list; the parser's flags, the operator groups of `wasmparser` and what `--wasm` accepts follow from it.

use std::fmt;
use wasmparser::WasmFeatures;

macro_rules! proposals {
    ($($variant:ident $name:literal $flag:ident $built:ident;)*) => {
        /// A proposal, by the name of its repository.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Proposal { $($variant,)* }

        impl Proposal {
            pub const ALL: &'static [Proposal] = &[$(Proposal::$variant,)*];

            pub const fn name(self) -> &'static str {
                match self { $(Proposal::$variant => $name,)* }
            }

            /// Whether this version compiles it.
            pub const fn is_built(self) -> bool {
                match self { $(Proposal::$variant => proposals!(@ $built),)* }
            }

            /// The parser's switch for it.
            pub(crate) const fn flag(self) -> WasmFeatures {
                match self { $(Proposal::$variant => WasmFeatures::$flag,)* }
            }
        }
    };
    (@ built) => { true };
    (@ later) => { false };
}

proposals! {
    MutableGlobals "mutable-globals" MUTABLE_GLOBAL built;
    SignExtension "sign-extension" SIGN_EXTENSION built;
    SaturatingFloatToInt "saturating-float-to-int" SATURATING_FLOAT_TO_INT built;
    MultiValue "multi-value" MULTI_VALUE built;
    BulkMemory "bulk-memory" BULK_MEMORY built;
    ReferenceTypes "reference-types" REFERENCE_TYPES built;
    ExtendedConst "extended-const" EXTENDED_CONST built;
    Simd "simd" SIMD built;
    RelaxedSimd "relaxed-simd" RELAXED_SIMD built;
    Threads "threads" THREADS built;
    TailCall "tail-call" TAIL_CALL built;
    MultiMemory "multi-memory" MULTI_MEMORY built;
    Memory64 "memory64" MEMORY64 built;
    Exceptions "exceptions" EXCEPTIONS built;
    LegacyExceptions "legacy-exceptions" LEGACY_EXCEPTIONS built;
    FunctionReferences "function-references" FUNCTION_REFERENCES built;
    Gc "gc" GC later;
    CustomDescriptors "custom-descriptors" CUSTOM_DESCRIPTORS later;
    MemoryControl "memory-control" MEMORY_CONTROL later;
    CustomPageSizes "custom-page-sizes" CUSTOM_PAGE_SIZES built;
    SharedEverythingThreads "shared-everything-threads" SHARED_EVERYTHING_THREADS later;
    AcquireReleaseAtomics "acquire-release-atomics" ACQUIRE_RELEASE_ATOMICS later;
    StackSwitching "stack-switching" STACK_SWITCHING later;
    WideArithmetic "wide-arithmetic" WIDE_ARITHMETIC built;
    CompactImports "compact-import-section" COMPACT_IMPORTS built;
    MultibyteArrayAccess "multibyte-array-access" MULTIBYTE_ARRAY_ACCESS later;
    ComponentModel "component-model" COMPONENT_MODEL later;
}

impl Proposal {
    pub fn parse(name: &str) -> Option<Proposal> {
        Proposal::ALL
            .iter()
            .copied()
            .find(|proposal| proposal.name() == name)
    }
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of proposals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Proposals(u32);

impl Proposals {
    /// WebAssembly as first published.
    pub const NONE: Proposals = Proposals(0);

    /// Everything this version compiles.
    pub const BUILT: Proposals = {
        let mut set = Proposals::NONE;
        let mut row = 0;
        while row < Proposal::ALL.len() {
            if Proposal::ALL[row].is_built() {
                set = set.with(Proposal::ALL[row]);
            }
            row += 1;
        }
        set
    };

    #[must_use]
    pub const fn with(self, proposal: Proposal) -> Self {
        Proposals(self.0 | 1 << proposal as u32)
    }

    #[must_use]
    pub const fn without(self, proposal: Proposal) -> Self {
        Proposals(self.0 & !(1 << proposal as u32))
    }

    pub const fn contains(self, proposal: Proposal) -> bool {
        self.0 & (1 << proposal as u32) != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Proposal> {
        Proposal::ALL
            .iter()
            .copied()
            .filter(move |&proposal| self.contains(proposal))
    }
}

impl Proposals {
    /// What the parser and the validator accept: these proposals and nothing else.
    pub(crate) fn features(self) -> WasmFeatures {
        self.iter().fold(WasmFeatures::MVP, |features, proposal| {
            features.union(proposal.flag())
        })
    }
}

impl Default for Proposals {
    fn default() -> Self {
        Proposals::BUILT
    }
}
