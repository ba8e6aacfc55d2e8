//! x86-64: how the host enters guest code and how it comes back from a trap.
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
        "push rbp",
        "mov rbp, rsp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "sub rsp, 8",
        "lea rax, [rip + 2f]",
        "mov [rdi + {stack_pointer}], rsp",
        "mov [rdi + {program_counter}], rax",
        "mov [rdi + {frame_pointer}], rbp",
        "mov rax, rsi",
        "mov rdi, rdx",
        "mov rsi, rcx",
        "mov rdx, r8",
        "call rax",
        "xor eax, eax",
        "2:",
        "add rsp, 8",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
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
        "mov rsp, [rdi + {stack_pointer}]",
        "mov eax, 1",
        "jmp [rdi + {program_counter}]",
        stack_pointer = const offset_of!(ResumePoint, stack_pointer),
        program_counter = const offset_of!(ResumePoint, program_counter),
    )
}

// What the instructions below save and load.
const _: () = assert!(super::PRESERVED.len() == 5);

/// Called by compiled code as a C function, `(vmctx, exception)`.
///
/// # Safety
/// As the builtin `exception_throw` is called.
#[unsafe(naked)]
pub unsafe extern "C" fn guest_throws<T: GuestThrow>(vmctx: *mut u8, exception: *mut u8) {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push r15",
        "push r14",
        "push r13",
        "push r12",
        "push rbx",
        "mov rdx, rsp",
        "sub rsp, 8",
        "call {act}",
        "mov rsp, rbp",
        "pop rbp",
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
        "sub rsp, 8",
        "push rbp",
        "push r15",
        "push r14",
        "push r13",
        "push r12",
        "push rbx",
        "mov rdi, rsp",
        "sub rsp, 8",
        "call {act}",
        "ud2",
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
        "mov rbx, [rdi]",
        "mov r12, [rdi + 8]",
        "mov r13, [rdi + 16]",
        "mov r14, [rdi + 24]",
        "mov r15, [rdi + 32]",
        "mov rcx, [rdi + {program_counter}]",
        "mov rbp, [rdi + {frame_pointer}]",
        "mov rsp, [rdi + {stack_pointer}]",
        "mov rax, rsi",
        "xor edx, edx",
        "jmp rcx",
        stack_pointer = const offset_of!(Landing, stack_pointer),
        frame_pointer = const offset_of!(Landing, function.frame_pointer),
        program_counter = const offset_of!(Landing, function.program_counter),
    )
}

/// What is in the registers that a callee has to preserve.
#[inline(always)]
pub fn preserved_registers() -> [usize; 6] {
    let mut registers = [0usize; 6];
    // SAFETY: stores to a local array.
    unsafe {
        asm!(
            "mov [{0}], rbx",
            "mov [{0} + 8], rbp",
            "mov [{0} + 16], r12",
            "mov [{0} + 24], r13",
            "mov [{0} + 32], r14",
            "mov [{0} + 40], r15",
            in(reg) registers.as_mut_ptr(),
            options(nostack, preserves_flags),
        )
    };
    registers
}

/// The interrupted program counter.
pub fn program_counter(context: &ucontext_t) -> usize {
    context.uc_mcontext.gregs[libc::REG_RIP as usize] as usize
}

/// The interrupted frame pointer.
pub fn frame_pointer(context: &ucontext_t) -> usize {
    context.uc_mcontext.gregs[libc::REG_RBP as usize] as usize
}

/// Makes the interrupted thread go on as if it had called [`resume`].
pub fn set_resume(context: &mut ucontext_t, resume: &ResumePoint) {
    let registers = &mut context.uc_mcontext.gregs;
    registers[libc::REG_RSP as usize] = resume.stack_pointer as i64;
    registers[libc::REG_RIP as usize] = resume.program_counter as i64;
    registers[libc::REG_RAX as usize] = 1;
}

/// Rounding, exceptions and denormals as Wasm wants them: to nearest, masked, kept.
const MXCSR_DEFAULT: u32 = 0x1f80;

/// The sticky exception flags, which change nothing.
const MXCSR_STATUS: u32 = 0x3f;

/// The floating-point environment that the guest's caller had.
#[derive(Clone, Copy, Debug)]
pub struct FloatEnvironment {
    mxcsr: u32,
}

impl FloatEnvironment {
    /// Sets what Wasm wants, if it is not set already.
    pub fn enter() -> Self {
        let mut mxcsr = 0u32;
        // SAFETY: stores 4 bytes to a local variable.
        unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut mxcsr, options(nostack, preserves_flags)) };
        if mxcsr & !MXCSR_STATUS != MXCSR_DEFAULT {
            load_mxcsr(MXCSR_DEFAULT);
        }
        FloatEnvironment { mxcsr }
    }

    /// Gives the caller its own back.
    pub fn leave(self) {
        if self.mxcsr & !MXCSR_STATUS != MXCSR_DEFAULT {
            load_mxcsr(self.mxcsr);
        }
    }
}

fn load_mxcsr(mxcsr: u32) {
    // SAFETY: the value is the default or one that was in the register, so no reserved bit is set.
    unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const mxcsr, options(nostack, preserves_flags)) };
}
