//! The builtins: runtime functions that compiled code calls, by their place in one table.
//!
//! One list, consumed twice: the compiler makes signatures and call sites of it, the runtime a table of
//! function pointers, and rustc names what either of them lacks. Every builtin has the C convention and
//! receives the vmctx first. Appending is compatible; nothing else is.

/// Calls `$callback!` with a row per builtin: `@proposal "what it does" name(parameters) -> result;`.
/// Types: `i32`, `i64` and `pointer`. A builtin that can trap returns `i32`, 0 for success.
#[macro_export]
macro_rules! for_each_builtin {
    ($callback:ident) => {
        $callback! {
            @mvp "Grows a memory by `delta` pages; gives its former size in pages, or -1."
            memory_grow(memory: i32, delta: i64) -> i64;

            @bulk_memory "Copies bytes that may overlap. Both ranges have been checked."
            memory_copy(destination: pointer, source: pointer, bytes: i64);
            @bulk_memory "Fills bytes. The range has been checked."
            memory_fill(destination: pointer, value: i32, bytes: i64);
            @bulk_memory "Copies from a data segment, checking both ranges; 0 if done."
            memory_init(memory: i32, segment: i32, destination: i64, source: i32, bytes: i32) -> i32;
            @bulk_memory "Drops a data segment."
            data_drop(segment: i32);
            @bulk_memory "Copies between tables, checking both ranges; 0 if done."
            table_copy(destination_table: i32, source_table: i32, destination: i64, source: i64, length: i64) -> i32;
            @bulk_memory "Copies from an element segment, checking both ranges; 0 if done."
            table_init(table: i32, segment: i32, destination: i64, source: i32, length: i32) -> i32;
            @bulk_memory "Drops an element segment."
            elem_drop(segment: i32);

            @reference_types "The `funcref` of one of the instance's functions."
            ref_func(function: i32) -> pointer;
            @reference_types "Sets an element; 0 if done, not 0 if the index is out of bounds."
            table_set(table: i32, index: i64, value: i64) -> i32;
            @reference_types "Grows a table by `delta` elements of `value`; gives its former size, or -1."
            table_grow(table: i32, delta: i64, value: i64) -> i64;
            @reference_types "Sets a range of elements, checking it; 0 if done."
            table_fill(table: i32, index: i64, value: i64, length: i64) -> i32;

            @exceptions "Makes an exception of a tag, its values yet to be written; null if there are too many."
            exception_new(tag: i32) -> pointer;
            @exceptions "Goes on where an exception is caught, in a frame further out than the caller's. Returns if it is caught nowhere."
            exception_throw(exception: pointer);

            @threads "Waits for a notification if the 4 bytes at an aligned address are as expected; 0 if woken, 1 if they are not, 2 after `timeout` nanoseconds, which are none if negative."
            memory_atomic_wait32(address: pointer, expected: i32, timeout: i64) -> i32;
            @threads "The same with 8 bytes."
            memory_atomic_wait64(address: pointer, expected: i64, timeout: i64) -> i32;
            @threads "Wakes at most `count` that wait at an address; gives how many."
            memory_atomic_notify(address: pointer, count: i32) -> i32;
            @threads "As `memory_copy`, where other threads may write."
            shared_memory_copy(destination: pointer, source: pointer, bytes: i64);
            @threads "As `memory_fill`, where other threads may write."
            shared_memory_fill(destination: pointer, value: i32, bytes: i64);
        }
    };
}

macro_rules! indices {
    ($(@$proposal:ident $doc:literal $name:ident($($param:ident: $ty:ident),*) $(-> $result:ident)?;)*) => {
        /// A builtin's place in the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(non_camel_case_types)]
        #[repr(u32)]
        pub enum Builtin { $(#[doc = $doc] $name,)* }

        impl Builtin {
            pub const ALL: &'static [Builtin] = &[$(Builtin::$name,)*];

            pub const fn name(self) -> &'static str {
                match self { $(Builtin::$name => stringify!($name),)* }
            }

            /// Parameter types behind the vmctx.
            pub const fn params(self) -> &'static [BuiltinType] {
                match self { $(Builtin::$name => &[$(BuiltinType::$ty),*],)* }
            }

            pub const fn result(self) -> Option<BuiltinType> {
                match self { $(Builtin::$name => { $(return Some(BuiltinType::$result);)? #[allow(unreachable_code)] None })* }
            }
        }
    };
}

/// A type in a builtin's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum BuiltinType {
    i32,
    i64,
    pointer,
}

for_each_builtin!(indices);

impl Builtin {
    /// Where its pointer is in the table, in bytes.
    pub const fn offset(self) -> u32 {
        self as u32 * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Builtins keep their places for ever: this list is appended to, never edited.
    #[test]
    fn places_never_change() {
        let names: Vec<_> = Builtin::ALL.iter().map(|builtin| builtin.name()).collect();
        assert_eq!(
            names,
            [
                "memory_grow",
                "memory_copy",
                "memory_fill",
                "memory_init",
                "data_drop",
                "table_copy",
                "table_init",
                "elem_drop",
                "ref_func",
                "table_set",
                "table_grow",
                "table_fill",
                "exception_new",
                "exception_throw",
                "memory_atomic_wait32",
                "memory_atomic_wait64",
                "memory_atomic_notify",
                "shared_memory_copy",
                "shared_memory_fill",
            ]
        );
        assert_eq!(
            Builtin::memory_grow.params(),
            [BuiltinType::i32, BuiltinType::i64]
        );
        assert_eq!(Builtin::data_drop.result(), None);
        assert_eq!(Builtin::table_fill.offset(), 88);
    }
}
