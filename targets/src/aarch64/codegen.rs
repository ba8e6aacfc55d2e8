//! aarch64: relocations, veneers, padding.

use crate::codegen::{
    Backend, Frames, LikeC, MainStub, MainSymbol, PatchError, Referent, Veneer, word_at,
};
use cranelift_codegen::binemit::Reloc;

#[derive(Debug)]
pub struct Aarch64;

// From the ELF supplement for this architecture.
const R_AARCH64_PREL64: u32 = 260;
const R_AARCH64_PREL32: u32 = 261;
const R_AARCH64_ADR_PREL_PG_HI21: u32 = 275;
const R_AARCH64_ADD_ABS_LO12_NC: u32 = 277;
const R_AARCH64_JUMP26: u32 = 282;
const R_AARCH64_CALL26: u32 = 283;

/// The page that `adrp` counts in, whatever pages the machine uses.
const ADRP_PAGE_BITS: u32 = 12;

/// Whether a signed field of `bits` bits holds `value`.
fn fits(value: i64, bits: u32) -> bool {
    value >= -(1 << (bits - 1)) && value < 1 << (bits - 1)
}

impl Backend for Aarch64 {
    fn patch(
        &self,
        code: &mut [u8],
        offset: usize,
        kind: Reloc,
        place: u64,
        target: u64,
    ) -> Result<(), PatchError> {
        let word = word_at(code, offset).ok_or(PatchError::Unexpected(kind))?;
        let instruction = u32::from_le_bytes(*word);
        let patched = match kind {
            // `b`, `bl`: imm26 in words.
            Reloc::Arm64Call => {
                let words = target.wrapping_sub(place).cast_signed() >> 2;
                if !fits(words, 26) {
                    return Err(PatchError::OutOfRange);
                }
                instruction & 0xfc00_0000 | words as u32 & 0x03ff_ffff
            }
            // `adrp`: imm21 in pages, its lowest two bits apart from the others.
            Reloc::Aarch64AdrPrelPgHi21 => {
                let page = |address: u64| (address >> ADRP_PAGE_BITS).cast_signed();
                let pages = page(target) - page(place);
                if !fits(pages, 21) {
                    return Err(PatchError::OutOfRange);
                }
                let pages = pages as u32;
                instruction & 0x9f00_001f | (pages & 3) << 29 | (pages >> 2 & 0x7_ffff) << 5
            }
            // `add`: imm12, the address inside its page.
            Reloc::Aarch64AddAbsLo12Nc => instruction & 0xffc0_03ff | (target as u32 & 0xfff) << 10,
            _ => return Err(PatchError::Unexpected(kind)),
        };
        *word = patched.to_le_bytes();
        Ok(())
    }

    fn elf_relocation(&self, kind: Reloc, _: Referent) -> Option<u32> {
        match kind {
            Reloc::Arm64Call => Some(R_AARCH64_CALL26),
            Reloc::Aarch64AdrPrelPgHi21 => Some(R_AARCH64_ADR_PREL_PG_HI21),
            Reloc::Aarch64AddAbsLo12Nc => Some(R_AARCH64_ADD_ABS_LO12_NC),
            _ => None,
        }
    }

    fn elf_distance_64(&self) -> u32 {
        R_AARCH64_PREL64
    }

    fn elf_distance_32(&self) -> u32 {
        R_AARCH64_PREL32
    }

    fn is_branch(&self, kind: Reloc) -> bool {
        matches!(kind, Reloc::Arm64Call)
    }

    fn branch_reach(&self) -> u64 {
        (1 << 27) - 4
    }

    /// ```text
    /// adrp x16, target
    /// add  x16, x16, :lo12:target
    /// br   x16
    /// ```
    /// x16 is the register that the procedure call standard sets aside for this; Cranelift keeps nothing
    /// in it across a call, in any calling convention.
    fn veneer(&self) -> Veneer {
        Veneer {
            code: &[
                0x10, 0x00, 0x00, 0x90, 0x10, 0x02, 0x00, 0x91, 0x00, 0x02, 0x1f, 0xd6,
            ],
            relocations: &[
                (0, Reloc::Aarch64AdrPrelPgHi21, 0),
                (4, Reloc::Aarch64AddAbsLo12Nc, 0),
            ],
        }
    }

    /// ```text
    /// mov  x2, x1
    /// mov  w1, w0
    /// adrp x0, module
    /// add  x0, x0, :lo12:module
    /// b    ahead_wasi_main
    /// ```
    fn main_stub(&self) -> MainStub {
        MainStub {
            code: &[
                0xe2, 0x03, 0x01, 0xaa, 0xe1, 0x03, 0x00, 0x2a, 0x00, 0x00, 0x00, 0x90, 0x00, 0x00,
                0x00, 0x91, 0x00, 0x00, 0x00, 0x14,
            ],
            relocations: &[
                (8, R_AARCH64_ADR_PREL_PG_HI21, MainSymbol::Module, 0),
                (12, R_AARCH64_ADD_ABS_LO12_NC, MainSymbol::Module, 0),
                (16, R_AARCH64_JUMP26, MainSymbol::WasiMain, 0),
            ],
        }
    }

    /// `udf #0`
    fn padding(&self) -> &'static [u8] {
        &[0, 0, 0, 0]
    }

    fn frames(&self) -> Frames {
        Frames {
            code_align: 4,
            return_address: 30,
            stack_pointer: 31,
            frame_pointer: 29,
            entry_bytes: 0,
        }
    }

    /// A guest function leaves x0 and x1 out.
    fn like_c(&self) -> LikeC {
        LikeC {
            skipped: 2,
            integer_params: 6,
            float_params: 8,
            integer_results: 6,
            float_results: 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(instruction: u32, kind: Reloc, place: u64, target: u64) -> Result<u32, PatchError> {
        let mut code = instruction.to_le_bytes();
        Aarch64.patch(&mut code, 0, kind, place, target)?;
        Ok(u32::from_le_bytes(code))
    }

    #[test]
    fn calls_reach_128_mib() {
        let call = |place, target| patched(0x9400_0000, Reloc::Arm64Call, place, target);
        assert_eq!(call(0x1000, 0x1008), Ok(0x9400_0002));
        assert_eq!(call(0x1008, 0x1000), Ok(0x97ff_fffe));
        assert_eq!(call(0, Aarch64.branch_reach()), Ok(0x95ff_ffff));
        assert_eq!(
            call(0, Aarch64.branch_reach() + 4),
            Err(PatchError::OutOfRange)
        );
        assert_eq!(call(1 << 27, 0), Ok(0x9600_0000));
        assert_eq!(call((1 << 27) + 4, 0), Err(PatchError::OutOfRange));
    }

    #[test]
    fn addresses_are_pages_and_rest() {
        let page = |place, target| patched(0x9000_0001, Reloc::Aarch64AdrPrelPgHi21, place, target);
        // Place and target in one page; the next one; the one before.
        assert_eq!(page(0x1ffc, 0x1000), Ok(0x9000_0001));
        assert_eq!(page(0x1ffc, 0x2004), Ok(0xb000_0001));
        assert_eq!(page(0x2000, 0x1ffc), Ok(0xf0ff_ffe1));
        assert_eq!(page(0, 1 << 32), Err(PatchError::OutOfRange));
        let rest = patched(0x9100_0021, Reloc::Aarch64AddAbsLo12Nc, 0, 0x1_2345);
        assert_eq!(rest, Ok(0x910d_1421));
    }
}
