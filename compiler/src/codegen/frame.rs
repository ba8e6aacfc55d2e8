//! Frames: how an unwinder finds a function's caller, and the registers that the function gives back.
//!
//! Cranelift says what its prologue does to the frame. [`instructions`] writes it down in DWARF's encoding, byte for
//! byte what goes into the function's entry of `.eh_frame`. Most functions have the same few bytes. `emit::unwind` puts
//! the rest around them. Runtime traps and backtraces do not need any of it: debuggers and profilers do. [`saved`] is
//! for our own unwinder, which finds callers by their frame pointers.

use ahead_artifact::saved_registers::Saved;
use ahead_targets::codegen::Frames;
use cranelift_codegen::Reg;
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::isa::unwind::UnwindInst;

const ADVANCE_LOC: u8 = 0x40;
const OFFSET: u8 = 0x80;
const ADVANCE_LOC1: u8 = 0x02;
const ADVANCE_LOC2: u8 = 0x03;
const ADVANCE_LOC4: u8 = 0x04;
const OFFSET_EXTENDED_SF: u8 = 0x11;
const DEF_CFA_REGISTER: u8 = 0x0d;
const DEF_CFA_OFFSET: u8 = 0x0e;

/// What offsets of saved registers are counted in.
pub const DATA_ALIGN: i32 = -8;

/// The instructions for a prologue.
pub fn instructions(
    prologue: &[(u32, UnwindInst)],
    isa: &dyn TargetIsa,
    frames: Frames,
) -> Result<Box<[u8]>, String> {
    let mut out = Encoder {
        bytes: Vec::new(),
        position: 0,
        code_align: u32::from(frames.code_align),
    };
    // From the caller's stack pointer down to where saved registers start.
    let mut saves = 0;
    for (offset, action) in prologue {
        out.advance(*offset);
        match *action {
            UnwindInst::PushFrameRegs {
                offset_upward_to_caller_sp: bytes,
            } => {
                out.cfa_offset(bytes);
                out.saved(u16::from(frames.frame_pointer), -(bytes as i32));
                if frames.entry_bytes == 0 {
                    // The return address comes in a register and is saved next to the frame pointer.
                    out.saved(u16::from(frames.return_address), 8 - bytes as i32);
                }
            }
            UnwindInst::DefineNewFrame {
                offset_upward_to_caller_sp,
                offset_downward_to_clobbers,
            } => {
                out.cfa_register(frames.frame_pointer);
                saves = offset_upward_to_caller_sp + offset_downward_to_clobbers;
            }
            // Frames are found by the frame pointer.
            UnwindInst::StackAlloc { .. } => {}
            UnwindInst::SaveReg {
                clobber_offset,
                reg,
            } => {
                let register = dwarf_number(isa, reg.into())?;
                out.saved(register, clobber_offset as i32 - saves as i32);
            }
            ref other => return Err(format!("a prologue does {other:?}")),
        }
    }
    Ok(out.bytes.into())
}

/// The registers that a prologue saves, and where.
pub fn saved(
    prologue: &[(u32, UnwindInst)],
    isa: &dyn TargetIsa,
    preserved: &[u16],
) -> Result<Box<[Saved]>, String> {
    let mut out = Vec::new();
    // From the frame pointer down to where saved registers start.
    let mut bytes_down = 0;
    for (_, action) in prologue {
        match *action {
            UnwindInst::DefineNewFrame {
                offset_downward_to_clobbers,
                ..
            } => bytes_down = offset_downward_to_clobbers,
            UnwindInst::SaveReg {
                clobber_offset,
                reg,
            } => {
                let register = dwarf_number(isa, reg.into())?;
                let kept = || format!("a frame keeps register {register} at {clobber_offset}");
                let words = (bytes_down.checked_sub(clobber_offset))
                    .filter(|bytes| bytes.is_multiple_of(8))
                    .and_then(|bytes| u16::try_from(bytes / 8).ok());
                out.push(Saved {
                    register: place(preserved, register).ok_or_else(kept)?,
                    words_down: words.ok_or_else(kept)?,
                });
            }
            _ => {}
        }
    }
    Ok(out.into())
}

fn dwarf_number(isa: &dyn TargetIsa, register: Reg) -> Result<u16, String> {
    isa.map_regalloc_reg_to_dwarf(register)
        .map_err(|error| error.to_string())
}

/// The place of a register, by DWARF's number, among those that are preserved.
pub fn place(preserved: &[u16], register: u16) -> Option<u16> {
    let place = preserved.iter().position(|&other| other == register);
    place.map(|place| place as u16)
}

struct Encoder {
    bytes: Vec<u8>,
    position: u32,
    code_align: u32,
}

impl Encoder {
    /// What follows holds from code offset `offset` on.
    fn advance(&mut self, offset: u32) {
        let delta = (offset - self.position) / self.code_align;
        self.position = offset;
        match delta {
            0 => {}
            1..0x40 => self.bytes.push(ADVANCE_LOC | delta as u8),
            0x40..0x100 => self.bytes.extend([ADVANCE_LOC1, delta as u8]),
            0x100..0x1_0000 => {
                self.bytes.push(ADVANCE_LOC2);
                self.bytes.extend((delta as u16).to_le_bytes());
            }
            _ => {
                self.bytes.push(ADVANCE_LOC4);
                self.bytes.extend(delta.to_le_bytes());
            }
        }
    }

    fn cfa_offset(&mut self, bytes: u32) {
        self.bytes.push(DEF_CFA_OFFSET);
        uleb128(&mut self.bytes, u64::from(bytes));
    }

    fn cfa_register(&mut self, register: u8) {
        self.bytes.push(DEF_CFA_REGISTER);
        uleb128(&mut self.bytes, u64::from(register));
    }

    /// The caller's value of `register` is `offset` bytes from the caller's stack pointer.
    fn saved(&mut self, register: u16, offset: i32) {
        let factored = offset / DATA_ALIGN;
        match (u8::try_from(register), u64::try_from(factored)) {
            (Ok(register), Ok(factored)) if register < 0x40 => {
                self.bytes.push(OFFSET | register);
                uleb128(&mut self.bytes, factored);
            }
            _ => {
                self.bytes.push(OFFSET_EXTENDED_SF);
                uleb128(&mut self.bytes, u64::from(register));
                sleb128(&mut self.bytes, i64::from(factored));
            }
        }
    }
}

pub fn uleb128(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub fn sleb128(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = value as u8 & 0x7f;
        value >>= 7;
        let sign_is_clear = byte & 0x40 == 0;
        if value == 0 && sign_is_clear || value == -1 && !sign_is_clear {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ahead_targets::codegen::{Effort, Settings, target_isa};
    use ahead_targets::{CpuFeatures, Isa};

    const USUAL: [(u32, UnwindInst); 2] = [
        (
            1,
            UnwindInst::PushFrameRegs {
                offset_upward_to_caller_sp: 16,
            },
        ),
        (
            4,
            UnwindInst::DefineNewFrame {
                offset_upward_to_caller_sp: 16,
                offset_downward_to_clobbers: 0,
            },
        ),
    ];

    fn encoded(isa: Isa, prologue: &[(u32, UnwindInst)]) -> Box<[u8]> {
        let settings = Settings {
            effort: Effort::None,
            verify: false,
            canonical_nans: false,
        };
        let cranelift = target_isa(CpuFeatures::default_for(isa), settings).unwrap();
        instructions(prologue, &*cranelift, isa.backend().frames()).unwrap()
    }

    #[test]
    fn the_usual_prologue() {
        // advance 1; cfa = sp + 16; fp at cfa - 16; advance 3; cfa = fp + 16
        assert_eq!(
            *encoded(Isa::X86_64, &USUAL),
            [0x41, 0x0e, 16, 0x86, 2, 0x43, 0x0d, 6]
        );
        let words = USUAL.map(|(offset, action)| (if offset == 1 { 4 } else { 8 }, action));
        // The return address is saved as well, and code is counted in words.
        assert_eq!(
            *encoded(Isa::Aarch64, &words),
            [0x41, 0x0e, 16, 0x9d, 2, 0x9e, 1, 0x41, 0x0d, 29]
        );
    }

    #[test]
    fn numbers_of_every_size() {
        let mut out = Vec::new();
        uleb128(&mut out, 624_485);
        sleb128(&mut out, -123_456);
        sleb128(&mut out, 64);
        assert_eq!(out, [0xe5, 0x8e, 0x26, 0xc0, 0xbb, 0x78, 0xc0, 0x00]);
        let mut encoder = Encoder {
            bytes: Vec::new(),
            position: 0,
            code_align: 1,
        };
        for offset in [0x3f, 0x7f, 0x100, 0x1_0200] {
            encoder.advance(offset);
        }
        assert_eq!(encoder.bytes, [0x7f, 2, 0x40, 2, 0x81, 4, 0, 1, 1, 0]);
        encoder.bytes.clear();
        encoder.saved(70, -16);
        assert_eq!(encoder.bytes, [0x11, 70, 2]);
    }
}
