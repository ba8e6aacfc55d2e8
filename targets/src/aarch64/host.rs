//! aarch64: how the host enters guest code and how it comes back from a trap.
//!
//! [`enter`] calls an entry trampoline and leaves behind a [`ResumePoint`]; [`resume`], or a signal handler
//! that edits its [`ucontext_t`] with [`set_resume`], returns from that same call with 1. Nothing between
//! the two is unwound: whoever resumes makes sure that no destructor is pending there.

#![allow(unsafe_code)]

use crate::host::{GuestThrow, HostThrow, Landing};
use libc::ucontext_t;
use std::arch::{asm, naked_asm};
use std::mem::offset_of;

/// Where a call into the guest comes back to when it does not return. Filled by [`enter`].
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct ResumePoint {
    pub stack_pointer: usize,
    pub program_counter: usize,
    /// The frame pointer of [`enter`]'s own frame: where a walk up the guest's frames ends.
    pub frame_pointer: usize,
}

/// Calls `entry(vmctx, code, values)`. Returns 0 if that returns, 1 if somebody resumes at `resume`.
///
/// # Safety
/// `entry` must be an entry trampoline for the type of `code`, `vmctx` what `code` expects, and `values`
/// as long as the type's parameters and its results.
#[unsafe(naked)]
pub unsafe extern "C" fn enter(
    resume: *mut ResumePoint,
    entry: *const u8,
    vmctx: *mut u8,
    code: *const u8,
    values: *mut u8,
) -> usize {
    naked_asm!(
        "stp x29, x30, [sp, #-160]!",
        "mov x29, sp",
        "stp x19, x20, [sp, #16]",
        "stp x21, x22, [sp, #32]",
        "stp x23, x24, [sp, #48]",
        "stp x25, x26, [sp, #64]",
        "stp x27, x28, [sp, #80]",
        "stp d8, d9, [sp, #96]",
        "stp d10, d11, [sp, #112]",
        "stp d12, d13, [sp, #128]",
        "stp d14, d15, [sp, #144]",
        "mov x9, sp",
        "adr x10, 2f",
        "str x9, [x0, #{stack_pointer}]",
        "str x10, [x0, #{program_counter}]",
        "str x29, [x0, #{frame_pointer}]",
        "mov x8, x1",
        "mov x0, x2",
        "mov x1, x3",
        "mov x2, x4",
        "blr x8",
        "mov x0, #0",
        "2:",
        "ldp x19, x20, [sp, #16]",
        "ldp x21, x22, [sp, #32]",
        "ldp x23, x24, [sp, #48]",
        "ldp x25, x26, [sp, #64]",
        "ldp x27, x28, [sp, #80]",
        "ldp d8, d9, [sp, #96]",
        "ldp d10, d11, [sp, #112]",
        "ldp d12, d13, [sp, #128]",
        "ldp d14, d15, [sp, #144]",
        "ldp x29, x30, [sp], #160",
        "ret",
        stack_pointer = const offset_of!(ResumePoint, stack_pointer),
        program_counter = const offset_of!(ResumePoint, program_counter),
        frame_pointer = const offset_of!(ResumePoint, frame_pointer),
    )
}

/// Returns 1 from the [`enter`] that filled `resume`.
///
/// # Safety
/// That call must still be on this thread's stack, and no frame above it may have a destructor to run.
#[unsafe(naked)]
pub unsafe extern "C" fn resume(resume: *const ResumePoint) -> ! {
    naked_asm!(
        "ldr x9, [x0, #{stack_pointer}]",
        "ldr x10, [x0, #{program_counter}]",
        "mov sp, x9",
        "mov x0, #1",
        "br x10",
        stack_pointer = const offset_of!(ResumePoint, stack_pointer),
        program_counter = const offset_of!(ResumePoint, program_counter),
    )
}

// What the instructions below save and load.
const _: () = assert!(super::PRESERVED.len() == 18);

/// Called by compiled code as a C function, `(vmctx, exception)`.
///
/// # Safety
/// As the builtin `exception_throw` is called.
#[unsafe(naked)]
pub unsafe extern "C" fn guest_throws<T: GuestThrow>(vmctx: *mut u8, exception: *mut u8) {
    naked_asm!(
        "stp x29, x30, [sp, #-16]!",
        "mov x29, sp",
        "stp d14, d15, [sp, #-16]!",
        "stp d12, d13, [sp, #-16]!",
        "stp d10, d11, [sp, #-16]!",
        "stp d8, d9, [sp, #-16]!",
        "stp x27, x28, [sp, #-16]!",
        "stp x25, x26, [sp, #-16]!",
        "stp x23, x24, [sp, #-16]!",
        "stp x21, x22, [sp, #-16]!",
        "stp x19, x20, [sp, #-16]!",
        "mov x2, sp",
        "bl {act}",
        "mov sp, x29",
        "ldp x29, x30, [sp], #16",
        "ret",
        act = sym T::thrown,
    )
}

/// Stands as the return address of a guest's frame, whose own one somebody remembers. It is returned to, never called.
///
/// # Safety
/// Not to be called.
#[unsafe(naked)]
pub unsafe extern "C" fn host_throws<T: HostThrow>() -> ! {
    naked_asm!(
        "stp x29, x30, [sp, #-16]!",
        "stp d14, d15, [sp, #-16]!",
        "stp d12, d13, [sp, #-16]!",
        "stp d10, d11, [sp, #-16]!",
        "stp d8, d9, [sp, #-16]!",
        "stp x27, x28, [sp, #-16]!",
        "stp x25, x26, [sp, #-16]!",
        "stp x23, x24, [sp, #-16]!",
        "stp x21, x22, [sp, #-16]!",
        "stp x19, x20, [sp, #-16]!",
        "mov x0, sp",
        "bl {act}",
        "brk #1",
        act = sym T::thrown,
    )
}

/// Goes on at `landing` with `exception`, as the code there expects it of a call that throws.
///
/// # Safety
/// The landing must be that of a call which this thread's stack still waits in, and no frame below it may have a
/// destructor to run.
#[unsafe(naked)]
pub unsafe extern "C" fn land(landing: *const Landing, exception: usize) -> ! {
    naked_asm!(
        "ldp x19, x20, [x0]",
        "ldp x21, x22, [x0, #16]",
        "ldp x23, x24, [x0, #32]",
        "ldp x25, x26, [x0, #48]",
        "ldp x27, x28, [x0, #64]",
        "ldp d8, d9, [x0, #80]",
        "ldp d10, d11, [x0, #96]",
        "ldp d12, d13, [x0, #112]",
        "ldp d14, d15, [x0, #128]",
        "ldr x9, [x0, #{stack_pointer}]",
        "ldr x29, [x0, #{frame_pointer}]",
        "ldr x10, [x0, #{program_counter}]",
        "mov sp, x9",
        "mov x0, x1",
        "mov x1, #0",
        "br x10",
        stack_pointer = const offset_of!(Landing, stack_pointer),
        frame_pointer = const offset_of!(Landing, function.frame_pointer),
        program_counter = const offset_of!(Landing, function.program_counter),
    )
}

/// What is in the registers that a callee has to preserve.
#[inline(always)]
pub fn preserved_registers() -> [usize; 12] {
    let mut registers = [0usize; 12];
    // SAFETY: stores to a local array.
    unsafe {
        asm!(
            "stp x19, x20, [{0}]",
            "stp x21, x22, [{0}, #16]",
            "stp x23, x24, [{0}, #32]",
            "stp x25, x26, [{0}, #48]",
            "stp x27, x28, [{0}, #64]",
            "stp x29, x30, [{0}, #80]",
            in(reg) registers.as_mut_ptr(),
            options(nostack, preserves_flags),
        )
    };
    registers
}

/// The interrupted program counter.
pub fn program_counter(context: &ucontext_t) -> usize {
    context.uc_mcontext.pc as usize
}

/// The interrupted frame pointer.
pub fn frame_pointer(context: &ucontext_t) -> usize {
    context.uc_mcontext.regs[29] as usize
}

/// Makes the interrupted thread go on as if it had called [`resume`].
pub fn set_resume(context: &mut ucontext_t, resume: &ResumePoint) {
    let registers = &mut context.uc_mcontext;
    registers.sp = resume.stack_pointer as u64;
    registers.pc = resume.program_counter as u64;
    registers.regs[0] = 1;
}

/// Rounding, exceptions and denormals as Wasm wants them: to nearest, masked, kept.
const FPCR_DEFAULT: u64 = 0;

/// The floating-point environment that the guest's caller had.
#[derive(Clone, Copy, Debug)]
pub struct FloatEnvironment {
    fpcr: u64,
}

impl FloatEnvironment {
    /// Sets what Wasm wants, if it is not set already.
    pub fn enter() -> Self {
        let fpcr: u64;
        // SAFETY: reads a register that user code may read.
        unsafe { asm!("mrs {}, fpcr", out(reg) fpcr, options(nomem, nostack, preserves_flags)) };
        if fpcr != FPCR_DEFAULT {
            store_fpcr(FPCR_DEFAULT);
        }
        FloatEnvironment { fpcr }
    }

    /// Gives the caller its own back.
    pub fn leave(self) {
        if self.fpcr != FPCR_DEFAULT {
            store_fpcr(self.fpcr);
        }
    }
}

fn store_fpcr(fpcr: u64) {
    // SAFETY: the value is the default or one that was in the register.
    unsafe { asm!("msr fpcr, {}", in(reg) fpcr, options(nomem, nostack, preserves_flags)) };
}
