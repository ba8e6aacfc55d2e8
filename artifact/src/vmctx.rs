//! What compiled code sees of the runtime: the head of the vmctx and the records it points to.
//!
//! Compiled code receives one hidden argument, the address of its instance's vmctx. Everything outside the
//! function is reached from there by loads at fixed offsets: these, and those of [`crate::layout`].
//! The structs are part of the ABI: fields are appended, never moved.

use std::mem::offset_of;
use std::sync::atomic::AtomicUsize;

/// The head of every vmctx; the per-module tail follows at [`HEAD_BYTES`].
#[repr(C, align(16))]
#[derive(Debug)]
pub struct VmctxHead {
    /// A guest function whose stack pointer would get below this traps. Written by the runtime when it
    /// enters the guest.
    pub stack_limit: usize,
    /// The base of memory 0, imported or not, if it has a guard, and so a base that never changes;
    /// otherwise null.
    pub memory0_base: *mut u8,
    /// The builtins, in the order of [`crate::builtins`]: an array of function pointers.
    pub builtins: *const *const u8,
    /// The number of each type of the type section among all types of the process: an array of `u32`.
    /// Two types are the same if their numbers are. 0 is no type.
    pub type_numbers: *const u32,
    /// The runtime's own instance record. Compiled code does not look behind it.
    pub instance: *mut u8,
    /// [`VMCTX_MAGIC`].
    pub magic: u32,
    pub reserved0: u32,
    /// For fields to come, so that they do not move the tail.
    pub reserved: [usize; 10],
}

/// `magic` of a vmctx, for debugging and for assertions in the runtime.
pub const VMCTX_MAGIC: u32 = u32::from_le_bytes(*b"ahvx");

/// Bytes of the head; the offset of the tail.
pub const HEAD_BYTES: u32 = 128;

const _: () = assert!(size_of::<VmctxHead>() == HEAD_BYTES as usize);

/// Offsets of the head's fields.
pub const STACK_LIMIT: u32 = offset_of!(VmctxHead, stack_limit) as u32;
pub const MEMORY0_BASE: u32 = offset_of!(VmctxHead, memory0_base) as u32;
pub const BUILTINS: u32 = offset_of!(VmctxHead, builtins) as u32;
pub const TYPE_NUMBERS: u32 = offset_of!(VmctxHead, type_numbers) as u32;

/// A linear memory as compiled code sees it.
#[repr(C)]
#[derive(Debug)]
pub struct VmMemory {
    /// Constant in guard mode; growing may move it in explicit mode.
    pub base: *mut u8,
    /// The current length.
    pub bytes: usize,
}

pub const MEMORY_BASE: u32 = offset_of!(VmMemory, base) as u32;
pub const MEMORY_BYTES: u32 = offset_of!(VmMemory, bytes) as u32;

/// A table as compiled code sees it.
#[repr(C)]
#[derive(Debug)]
pub struct VmTable {
    /// [`VmTableEntry`]s for functions, [`VmExternRef`]s for external references. Growing may move it.
    pub entries: *mut u8,
    /// The current number of elements.
    pub length: usize,
}

pub const TABLE_ENTRIES: u32 = offset_of!(VmTable, entries) as u32;
pub const TABLE_LENGTH: u32 = offset_of!(VmTable, length) as u32;

/// An element of a function table: the function's record copied out, so that a call needs no second load
/// behind the first. All zero is null.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct VmTableEntry {
    pub type_number: u32,
    pub reserved: u32,
    pub code: *const u8,
    pub vmctx: *mut u8,
    /// The value that `table.get` gives.
    pub func_ref: *mut VmFuncRef,
}

pub const ENTRY_BYTES: u32 = size_of::<VmTableEntry>() as u32;
pub const ENTRY_TYPE_NUMBER: u32 = offset_of!(VmTableEntry, type_number) as u32;
pub const ENTRY_CODE: u32 = offset_of!(VmTableEntry, code) as u32;
pub const ENTRY_VMCTX: u32 = offset_of!(VmTableEntry, vmctx) as u32;
pub const ENTRY_FUNC_REF: u32 = offset_of!(VmTableEntry, func_ref) as u32;

const _: () = assert!(ENTRY_BYTES == 32);

/// A function as a value: a `funcref` is the address of one, null is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct VmFuncRef {
    pub type_number: u32,
    pub reserved: u32,
    /// Guest convention: `code(vmctx, params...) -> results`.
    pub code: *const u8,
    /// The instance's vmctx for a guest function, a [`VmHostFunc`] for a host function.
    pub vmctx: *mut u8,
    /// The entry trampoline for its type; null until a module that has one is known.
    pub entry: *const u8,
}

/// The identity of a tag: two are the same if they are at the same address.
#[repr(C)]
#[derive(Debug)]
pub struct VmTag {
    /// The type of functions whose parameters are what an exception of this tag carries.
    pub type_number: u32,
    /// Where the runtime keeps it. Compiled code does not look at it.
    pub index: u32,
}

/// An exception: an `exnref` is the address of one, null is 0. What it carries follows, a [`VmValue`] each.
#[repr(C, align(16))]
#[derive(Debug)]
pub struct VmException {
    pub tag: *const VmTag,
    /// Not 0 once the host has a reference to it. Compiled code does not look at it.
    pub pinned: AtomicUsize,
}

pub const EXCEPTION_TAG: u32 = offset_of!(VmException, tag) as u32;

/// Where the first value is.
pub const EXCEPTION_VALUES: u32 = size_of::<VmException>() as u32;

/// An `externref`: the host's own word, 0 for null.
pub type VmExternRef = u64;

pub const EXTERN_REF_BYTES: u32 = size_of::<VmExternRef>() as u32;

/// An imported function.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct VmFuncImport {
    pub code: *const u8,
    pub vmctx: *mut u8,
}

pub const FUNC_IMPORT_CODE: u32 = offset_of!(VmFuncImport, code) as u32;
pub const FUNC_IMPORT_VMCTX: u32 = offset_of!(VmFuncImport, vmctx) as u32;

/// A global's value: the first 8 bytes of it unless it is a vector.
#[repr(C, align(16))]
#[derive(Clone, Copy, Debug)]
pub struct VmGlobal {
    pub bits: [u64; 2],
}

/// A parameter or result on its way between host and guest.
#[repr(C, align(16))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VmValue {
    pub bits: [u64; 2],
}

impl VmValue {
    /// A `v128`, its bytes as a little-endian number.
    pub fn of_vector(bits: u128) -> Self {
        VmValue {
            bits: [bits as u64, (bits >> 64) as u64],
        }
    }

    /// What a `v128` is, its bytes as a little-endian number.
    pub fn vector(self) -> u128 {
        u128::from(self.bits[0]) | u128::from(self.bits[1]) << 64
    }
}

pub const VALUE_BYTES: u32 = size_of::<VmValue>() as u32;

/// The head of what stands in the place of a vmctx for a host function. The runtime's own fields follow.
#[repr(C)]
#[derive(Debug)]
pub struct VmHostFunc {
    /// `entry(self, values, frame_pointer)`, C convention: parameters in `values`, one [`VmValue`] each,
    /// results in the same place. `frame_pointer` is the hostcall trampoline's, for backtraces. It returns
    /// only if the call succeeded; a trap resumes at the activation.
    pub entry: *const u8,
    pub magic: u32,
    pub reserved: u32,
}

pub const HOST_FUNC_ENTRY: u32 = offset_of!(VmHostFunc, entry) as u32;
pub const HOST_FUNC_MAGIC: u32 = u32::from_le_bytes(*b"ahhf");
