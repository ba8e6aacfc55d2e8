//! Atomic accesses, `memory.atomic.wait` and `notify`.
//!
//! An access at an address that is not a multiple of its width traps, after one beyond the memory: the specification
//! looks at the memory's end first. A memory's first byte is at a multiple of the machine's page, so the host address
//! tells. Accesses are sequentially consistent, in memories of one thread, too.

use crate::function::env::Env;
use crate::function::translator::Translator;
use crate::function::trap;
use ahead_artifact::builtins::Builtin;
use ahead_artifact::{Bounds, MemoryIndex, TrapKind};
use cranelift_codegen::ir::immediates::Offset32;
use cranelift_codegen::ir::{AtomicRmwOp, InstBuilder, Opcode, Type, Value, types};
use wasmparser::{MemArg, MemArgTarget};

/// A visit for each instruction: the Wasm type, and the type in memory.
macro_rules! accesses {
    ($method:ident: $($visit:ident $ty:ident $memory:ident;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self, argument: MemArg) {
                self.$method(types::$ty, types::$memory, argument);
            })*
        }
    };
}

macro_rules! modifications {
    ($($op:ident: $i32:ident $i64:ident $i32_8:ident $i32_16:ident $i64_8:ident $i64_16:ident $i64_32:ident;)*) => {
        impl Translator<'_, '_> {$(
            modifications!(@ $op $i32 I32 I32);
            modifications!(@ $op $i64 I64 I64);
            modifications!(@ $op $i32_8 I32 I8);
            modifications!(@ $op $i32_16 I32 I16);
            modifications!(@ $op $i64_8 I64 I8);
            modifications!(@ $op $i64_16 I64 I16);
            modifications!(@ $op $i64_32 I64 I32);
        )*}
    };
    (@ $op:ident $visit:ident $ty:ident $memory:ident) => {
        pub fn $visit(&mut self, argument: MemArg) {
            self.atomic_modify(AtomicRmwOp::$op, types::$ty, types::$memory, argument);
        }
    };
}

accesses! { atomic_load:
    visit_i32_atomic_load I32 I32;
    visit_i64_atomic_load I64 I64;
    visit_i32_atomic_load8_u I32 I8;
    visit_i32_atomic_load16_u I32 I16;
    visit_i64_atomic_load8_u I64 I8;
    visit_i64_atomic_load16_u I64 I16;
    visit_i64_atomic_load32_u I64 I32;
}

accesses! { atomic_store:
    visit_i32_atomic_store I32 I32;
    visit_i64_atomic_store I64 I64;
    visit_i32_atomic_store8 I32 I8;
    visit_i32_atomic_store16 I32 I16;
    visit_i64_atomic_store8 I64 I8;
    visit_i64_atomic_store16 I64 I16;
    visit_i64_atomic_store32 I64 I32;
}

modifications! {
    Add: visit_i32_atomic_rmw_add visit_i64_atomic_rmw_add visit_i32_atomic_rmw8_add_u
        visit_i32_atomic_rmw16_add_u visit_i64_atomic_rmw8_add_u visit_i64_atomic_rmw16_add_u
        visit_i64_atomic_rmw32_add_u;
    Sub: visit_i32_atomic_rmw_sub visit_i64_atomic_rmw_sub visit_i32_atomic_rmw8_sub_u
        visit_i32_atomic_rmw16_sub_u visit_i64_atomic_rmw8_sub_u visit_i64_atomic_rmw16_sub_u
        visit_i64_atomic_rmw32_sub_u;
    And: visit_i32_atomic_rmw_and visit_i64_atomic_rmw_and visit_i32_atomic_rmw8_and_u
        visit_i32_atomic_rmw16_and_u visit_i64_atomic_rmw8_and_u visit_i64_atomic_rmw16_and_u
        visit_i64_atomic_rmw32_and_u;
    Or: visit_i32_atomic_rmw_or visit_i64_atomic_rmw_or visit_i32_atomic_rmw8_or_u
        visit_i32_atomic_rmw16_or_u visit_i64_atomic_rmw8_or_u visit_i64_atomic_rmw16_or_u
        visit_i64_atomic_rmw32_or_u;
    Xor: visit_i32_atomic_rmw_xor visit_i64_atomic_rmw_xor visit_i32_atomic_rmw8_xor_u
        visit_i32_atomic_rmw16_xor_u visit_i64_atomic_rmw8_xor_u visit_i64_atomic_rmw16_xor_u
        visit_i64_atomic_rmw32_xor_u;
    Xchg: visit_i32_atomic_rmw_xchg visit_i64_atomic_rmw_xchg visit_i32_atomic_rmw8_xchg_u
        visit_i32_atomic_rmw16_xchg_u visit_i64_atomic_rmw8_xchg_u visit_i64_atomic_rmw16_xchg_u
        visit_i64_atomic_rmw32_xchg_u;
}

accesses! { atomic_compare:
    visit_i32_atomic_rmw_cmpxchg I32 I32;
    visit_i64_atomic_rmw_cmpxchg I64 I64;
    visit_i32_atomic_rmw8_cmpxchg_u I32 I8;
    visit_i32_atomic_rmw16_cmpxchg_u I32 I16;
    visit_i64_atomic_rmw8_cmpxchg_u I64 I8;
    visit_i64_atomic_rmw16_cmpxchg_u I64 I16;
    visit_i64_atomic_rmw32_cmpxchg_u I64 I32;
}

fn memory_of(argument: MemArg) -> MemoryIndex {
    match argument.target {
        MemArgTarget::Memory(memory) => MemoryIndex(memory),
        MemArgTarget::Array(_) => unreachable!("the validator admits no accesses to arrays"),
    }
}

impl Translator<'_, '_> {
    /// The host address of an atomic access, which takes no displacement.
    fn atomic_address(&mut self, index: Value, ty: Type, argument: MemArg) -> Value {
        let width = u64::from(ty.bytes());
        let address = self.address(memory_of(argument), index, argument.offset, width);
        let address = match address.displacement {
            0 => address.base,
            displacement => self.ins().iadd_imm_s(address.base, i64::from(displacement)),
        };
        match self.env.memory_bounds(memory_of(argument)) {
            Bounds::Guard => self.check_alignment_before_guard(address, ty, argument),
            Bounds::Explicit => self.check_alignment(address, width),
        }
        address
    }

    fn check_alignment(&mut self, address: Value, width: u64) {
        if let Some(low) = self.misalignment(address, width) {
            self.trap_if(low, TrapKind::UnalignedAtomic);
        }
    }

    /// As [`check_alignment`](Self::check_alignment), where it may be the access that finds out that it is beyond the
    /// memory. So off the path, before it is called unaligned, a plain load of the same bytes meets the guard if the
    /// access would.
    fn check_alignment_before_guard(&mut self, address: Value, ty: Type, argument: MemArg) {
        let Some(low) = self.misalignment(address, ty.bytes().into()) else {
            return;
        };
        let aligned = self.builder.create_block();
        let unaligned = self.builder.create_block();
        self.ins().brif(low, unaligned, [], aligned, []);
        self.builder.set_cold_block(unaligned);
        self.builder.switch_to_block(unaligned);
        self.builder.seal_block(unaligned);
        let flags = self
            .env
            .guest_access(self.builder.func, memory_of(argument));
        self.ins()
            .Load(Opcode::Load, ty, flags, Offset32::new(0), address);
        self.ins().trap(trap::code(TrapKind::UnalignedAtomic));
        self.builder.switch_to_block(aligned);
        self.builder.seal_block(aligned);
    }

    /// What is not zero if an access is not aligned; `None` if every access of this width is.
    fn misalignment(&mut self, address: Value, width: u64) -> Option<Value> {
        let mask = (width - 1).cast_signed();
        (mask != 0).then(|| self.ins().band_imm_u(address, mask))
    }

    fn narrow(&mut self, value: Value, to: Type) -> Value {
        match self.builder.func.dfg.value_type(value) == to {
            true => value,
            false => self.ins().ireduce(to, value),
        }
    }

    /// Pushes what was in memory, as the Wasm type has it.
    fn push_former(&mut self, value: Value, ty: Type) {
        let value = match self.builder.func.dfg.value_type(value) == ty {
            true => value,
            false => self.ins().uextend(ty, value),
        };
        self.push(value);
    }

    fn atomic_load(&mut self, ty: Type, memory: Type, argument: MemArg) {
        let index = self.pop();
        let address = self.atomic_address(index, memory, argument);
        let flags = Env::atomic_access(self.builder.func, memory_of(argument));
        let value = self.ins().atomic_load(memory, flags, address);
        self.push_former(value, ty);
    }

    fn atomic_store(&mut self, _ty: Type, memory: Type, argument: MemArg) {
        let (index, value) = self.pop2();
        let address = self.atomic_address(index, memory, argument);
        let value = self.narrow(value, memory);
        let flags = Env::atomic_access(self.builder.func, memory_of(argument));
        self.ins().atomic_store(flags, value, address);
    }

    fn atomic_modify(&mut self, op: AtomicRmwOp, ty: Type, memory: Type, argument: MemArg) {
        let (index, value) = self.pop2();
        let address = self.atomic_address(index, memory, argument);
        let value = self.narrow(value, memory);
        let flags = Env::atomic_access(self.builder.func, memory_of(argument));
        let former = self.ins().atomic_rmw(memory, flags, op, address, value);
        self.push_former(former, ty);
    }

    fn atomic_compare(&mut self, ty: Type, memory: Type, argument: MemArg) {
        let (index, expected, value) = self.pop3();
        let address = self.atomic_address(index, memory, argument);
        let expected = self.narrow(expected, memory);
        let value = self.narrow(value, memory);
        let flags = Env::atomic_access(self.builder.func, memory_of(argument));
        let former = self.ins().atomic_cas(flags, address, expected, value);
        self.push_former(former, ty);
    }

    pub fn visit_atomic_fence(&mut self, _: wasmparser::Ordering) {
        self.ins().fence();
    }

    /// The host address of what is waited for: checked here in either mode, since the runtime reads it.
    fn wait_address(&mut self, index: Value, width: u64, argument: MemArg) -> Value {
        let memory = memory_of(argument);
        let address = self.checked(memory, index, argument.offset, width);
        self.check_alignment(address, width);
        address
    }

    fn wait(&mut self, builtin: Builtin, width: u64, argument: MemArg) {
        let (index, expected, timeout) = self.pop3();
        let address = self.wait_address(index, width, argument);
        if !self.env.module.memory_type(memory_of(argument)).shared {
            // Nobody could ever wake it.
            let always = self.ins().iconst(types::I8, 1);
            self.trap_if(always, TrapKind::WaitOnUnsharedMemory);
        }
        let result = self.call_builtin(builtin, &[address, expected, timeout]);
        self.push(result.expect("waiting has a result"));
    }

    pub fn visit_memory_atomic_wait32(&mut self, argument: MemArg) {
        self.wait(Builtin::memory_atomic_wait32, 4, argument);
    }

    pub fn visit_memory_atomic_wait64(&mut self, argument: MemArg) {
        self.wait(Builtin::memory_atomic_wait64, 8, argument);
    }

    pub fn visit_memory_atomic_notify(&mut self, argument: MemArg) {
        let (index, count) = self.pop2();
        let address = self.wait_address(index, 4, argument);
        let woken = self.call_builtin(Builtin::memory_atomic_notify, &[address, count]);
        self.push(woken.expect("notifying has a result"));
    }
}
