//! x86-64: relocations, veneers, padding.

use crate::codegen::{
    Backend, Frames, LikeC, MainStub, MainSymbol, PatchError, Referent, Veneer, word_at,
};
use cranelift_codegen::binemit::Reloc;

#[derive(Debug)]
pub struct X86_64;

// From the psABI's table of relocation types.
const R_X86_64_PC32: u32 = 2;
const R_X86_64_PLT32: u32 = 4;
const R_X86_64_PC64: u32 = 24;

impl Backend for X86_64 {
    fn patch(
        &self,
        code: &mut [u8],
        offset: usize,
        kind: Reloc,
        place: u64,
        target: u64,
    ) -> Result<(), PatchError> {
        // Every reference is a 32-bit distance: `call`, `jmp`, and `lea` of an address.
        let (Reloc::X86CallPCRel4 | Reloc::X86PCRel4 | Reloc::X86CallPLTRel4) = kind else {
            return Err(PatchError::Unexpected(kind));
        };
        let word = word_at(code, offset).ok_or(PatchError::Unexpected(kind))?;
        let distance = target.wrapping_sub(place).cast_signed();
        let distance = i32::try_from(distance).map_err(|_| PatchError::OutOfRange)?;
        *word = distance.to_le_bytes();
        Ok(())
    }

    fn elf_relocation(&self, kind: Reloc, referent: Referent) -> Option<u32> {
        // Cranelift has one kind for calls and for `lea`.
        match (kind, referent) {
            (Reloc::X86CallPCRel4 | Reloc::X86CallPLTRel4, Referent::Function) => {
                Some(R_X86_64_PLT32)
            }
            (Reloc::X86CallPCRel4 | Reloc::X86PCRel4, Referent::Place) => Some(R_X86_64_PC32),
            _ => None,
        }
    }

    fn elf_distance_64(&self) -> u32 {
        R_X86_64_PC64
    }

    fn elf_distance_32(&self) -> u32 {
        R_X86_64_PC32
    }

    fn is_branch(&self, kind: Reloc) -> bool {
        matches!(kind, Reloc::X86CallPCRel4 | Reloc::X86CallPLTRel4)
    }

    fn branch_reach(&self) -> u64 {
        (1 << 31) - 1
    }

    /// `jmp target`
    fn veneer(&self) -> Veneer {
        Veneer {
            code: &[0xe9, 0, 0, 0, 0],
            relocations: &[(1, Reloc::X86CallPCRel4, -4)],
        }
    }

    /// ```text
    /// mov rdx, rsi
    /// mov esi, edi
    /// lea rdi, [rip + module]
    /// jmp ahead_wasi_main
    /// ```
    fn main_stub(&self) -> MainStub {
        MainStub {
            code: &[
                0x48, 0x89, 0xf2, 0x89, 0xfe, 0x48, 0x8d, 0x3d, 0, 0, 0, 0, 0xe9, 0, 0, 0, 0,
            ],
            relocations: &[
                (8, R_X86_64_PC32, MainSymbol::Module, -4),
                (13, R_X86_64_PLT32, MainSymbol::WasiMain, -4),
            ],
        }
    }

    /// `int3`
    fn padding(&self) -> &'static [u8] {
        &[0xcc]
    }

    fn frames(&self) -> Frames {
        Frames {
            code_align: 1,
            return_address: 16,
            stack_pointer: 7,
            frame_pointer: 6,
            entry_bytes: 8,
        }
    }

    /// Parameters are in the same registers. Of several integer results only the first one is.
    fn like_c(&self) -> LikeC {
        LikeC {
            skipped: 0,
            integer_params: 6,
            float_params: 8,
            integer_results: 1,
            float_results: 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_signed_and_bounded() {
        let mut code = [0xe8, 0, 0, 0, 0];
        let patch = |code: &mut [u8], place, target| {
            X86_64.patch(code, 1, Reloc::X86CallPCRel4, place, target)
        };
        patch(&mut code, 0x1001, 0x1005 - 4 - 5).unwrap();
        assert_eq!(code, [0xe8, 0xfb, 0xff, 0xff, 0xff]);
        assert_eq!(patch(&mut code, 0, 1 << 31), Err(PatchError::OutOfRange));
        assert_eq!(patch(&mut code, 0, (1 << 31) - 1), Ok(()));
        assert_eq!(
            patch(&mut code[..4], 0, 0),
            Err(PatchError::Unexpected(Reloc::X86CallPCRel4))
        );
        assert_eq!(
            X86_64.patch(&mut code, 1, Reloc::Abs8, 0, 0),
            Err(PatchError::Unexpected(Reloc::Abs8))
        );
    }
}
