//! Index types: one for each index space of a module, so that a function is never looked up as a table.

macro_rules! index_types {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The index as a slice index.
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// # Panics
            /// If `index` does not fit 32 bits, which no Wasm index space allows.
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("a Wasm index space has at most 2^32 entries"))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

index_types! {
    /// A type of the type section, by its position there.
    TypeIndex
    /// A function, imported ones first.
    FuncIndex
    /// A function with a body, from 0.
    DefinedFuncIndex
    /// A table, imported ones first.
    TableIndex
    /// A memory, imported ones first.
    MemoryIndex
    /// A global, imported ones first.
    GlobalIndex
    /// A tag, imported ones first.
    TagIndex
    /// A data segment.
    DataIndex
    /// An element segment.
    ElemIndex
}
