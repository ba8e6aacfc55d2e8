//! What the compiler needs of an instruction set beyond its facts: a configured Cranelift, relocations,
//! veneers, and what fills the gaps between functions.
//!
//! [`Backend`] lists it; each `<isa>/codegen.rs` implements it, so that rustc names what a port still
//! lacks. Nothing here knows about Wasm or about files: placing code and choosing addresses is the
//! compiler's `link`, writing them is its `emit`.

use crate::{CpuFeatures, Isa};
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable, SetError};
use cranelift_codegen::{CodegenError, isa::LookupError};
use std::fmt;

/// How hard Cranelift tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effort {
    /// No optimisation; the usual register allocator.
    None,
    /// No optimisation and the register allocator that takes linear time: for functions so large that
    /// anything else could take minutes.
    Minimal,
    Speed,
    Size,
}

/// What the compiler chooses about the code it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    pub effort: Effort,
    /// Check Cranelift's intermediate code between its passes.
    pub verify: bool,
    /// Make NaNs that come out of arithmetic canonical.
    pub canonical_nans: bool,
}

/// A target that Cranelift does not accept. It means that the feature tables of this crate and Cranelift's
/// disagree.
#[derive(Debug)]
pub enum SettingsError {
    Lookup(LookupError),
    Setting(SetError),
    Finish(CodegenError),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingsError::Lookup(error) => write!(f, "no code generator for the target: {error}"),
            SettingsError::Setting(error) => write!(f, "a code generator setting: {error}"),
            SettingsError::Finish(error) => write!(f, "a target without a code generator: {error}"),
        }
    }
}

impl std::error::Error for SettingsError {}

/// A relocation that cannot be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchError {
    /// The target is further away than the instruction reaches.
    OutOfRange,
    /// Code for this target never needs such a relocation, or the place is not inside the code.
    Unexpected(Reloc),
}

impl fmt::Display for PatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatchError::OutOfRange => f.write_str("its target is out of reach"),
            PatchError::Unexpected(kind) => write!(f, "relocation `{kind:?}` is not expected here"),
        }
    }
}

impl std::error::Error for PatchError {}

/// Code that jumps to anywhere in a text of 4 GiB, for calls that do not reach their target.
#[derive(Clone, Copy, Debug)]
pub struct Veneer {
    pub code: &'static [u8],
    /// Offset in `code`, kind and addend of the relocations against the jump's target.
    pub relocations: &'static [(u32, Reloc, i64)],
}

/// What a relocation refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Referent {
    /// A function that may be in another file: the linker may put a stub in between.
    Function,
    /// A place in this file.
    Place,
}

/// What the `main` of an executable refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MainSymbol {
    /// The header of the module.
    Module,
    /// `int ahead_wasi_main(const void *module, int argc, char **argv)`
    WasiMain,
}

/// Code for `int main(int argc, char **argv) { return ahead_wasi_main(&module, argc, argv); }`.
#[derive(Clone, Copy, Debug)]
pub struct MainStub {
    pub code: &'static [u8],
    /// Offset in `code`, ELF's number, symbol and addend of its relocations.
    pub relocations: &'static [(u32, u32, MainSymbol, i64)],
}

/// Stack frames in DWARF's terms: register numbers, and what holds at a function's first instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frames {
    /// Instructions start at multiples of this.
    pub code_align: u8,
    pub return_address: u8,
    pub stack_pointer: u8,
    pub frame_pointer: u8,
    /// From the stack pointer up to the caller's, at a function's first instruction. If it is not 0, the
    /// return address is what lies between.
    pub entry_bytes: u8,
}

/// How far a guest function (Cranelift's `Tail`) can be called as if it were a C function. Up to these counts, and with
/// nothing on the stack, the two conventions have each parameter and result in the same register, if a C function has
/// `skipped` integers in front of its parameters, and in front of its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LikeC {
    pub skipped: usize,
    /// Integers, among them the vmctx.
    pub integer_params: usize,
    /// Floats and vectors.
    pub float_params: usize,
    pub integer_results: usize,
    pub float_results: usize,
}

/// An instruction set from the compiler's side.
pub trait Backend: Sync {
    /// Writes the distance or address of a relocation into `code` at `offset`. `place` is the address of
    /// that byte and `target` the address of the symbol plus the addend, both in one address space.
    fn patch(
        &self,
        code: &mut [u8],
        offset: usize,
        kind: Reloc,
        place: u64,
        target: u64,
    ) -> Result<(), PatchError>;

    /// ELF's number for a relocation, where an object file leaves it to the linker.
    fn elf_relocation(&self, kind: Reloc, referent: Referent) -> Option<u32>;

    /// ELF's number for a 64-bit distance from the place to the target.
    fn elf_distance_64(&self) -> u32;

    /// ELF's number for a 32-bit distance from the place to the target.
    fn elf_distance_32(&self) -> u32;

    /// Whether the relocation belongs to a direct call or jump, which a veneer can stand in for.
    fn is_branch(&self, kind: Reloc) -> bool;

    /// Bytes that a direct call reaches in either direction.
    fn branch_reach(&self) -> u64;

    fn veneer(&self) -> Veneer;

    /// The `main` of an executable.
    fn main_stub(&self) -> MainStub;

    /// What fills the gaps between functions: an instruction that traps, over and over.
    fn padding(&self) -> &'static [u8];

    fn frames(&self) -> Frames;

    fn like_c(&self) -> LikeC;
}

impl Isa {
    pub fn backend(self) -> &'static dyn Backend {
        match self {
            Isa::X86_64 => &crate::x86_64::codegen::X86_64,
            Isa::Aarch64 => &crate::aarch64::codegen::Aarch64,
        }
    }
}

/// Cranelift for a CPU. The settings that are not a choice of the user's stand here, once:
///
/// - code is reached by relative distances only (no table of addresses, no absolute address), so that an
///   artefact needs no relocation when it is loaded;
/// - frame pointers stay, because backtraces and the resuming of the host walk them;
/// - stack overflow is the explicit comparison in the prologue, which takes frames of any size into
///   account, so there are no stack probes;
/// - functions with more results than registers return them through a hidden pointer.
pub fn target_isa(cpu: CpuFeatures, settings: Settings) -> Result<OwnedTargetIsa, SettingsError> {
    let (opt_level, regalloc) = match settings.effort {
        Effort::None => ("none", "backtracking"),
        Effort::Minimal => ("none", "single_pass"),
        Effort::Speed => ("speed", "backtracking"),
        Effort::Size => ("speed_and_size", "backtracking"),
    };
    let switch = |is_on| if is_on { "true" } else { "false" };
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", opt_level),
        ("regalloc_algorithm", regalloc),
        ("enable_verifier", switch(settings.verify)),
        (
            "enable_nan_canonicalization",
            switch(settings.canonical_nans),
        ),
        ("is_pic", "false"),
        ("use_colocated_libcalls", "true"),
        ("preserve_frame_pointers", "true"),
        ("enable_probestack", "false"),
        ("enable_multi_ret_implicit_sret", "true"),
        ("unwind_info", "true"),
        ("machine_code_cfg_info", "true"),
    ] {
        flags.set(name, value).map_err(SettingsError::Setting)?;
    }
    let mut builder = isa::lookup_by_name(cpu.isa().triple()).map_err(SettingsError::Lookup)?;
    for feature in cpu.iter() {
        builder
            .enable(feature.setting)
            .map_err(SettingsError::Setting)?;
    }
    builder
        .finish(settings::Flags::new(flags))
        .map_err(SettingsError::Finish)
}

/// The four bytes at `offset`, if they are inside `code`.
pub(crate) fn word_at(code: &mut [u8], offset: usize) -> Option<&mut [u8; 4]> {
    code.get_mut(offset..)?.first_chunk_mut()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each feature's setting is one that Cranelift has, at each effort.
    #[test]
    fn every_feature_is_a_setting() {
        for isa in Isa::ALL {
            let all = CpuFeatures::from_bits(isa, (1 << isa.features().len()) - 1);
            for effort in [Effort::None, Effort::Minimal, Effort::Speed, Effort::Size] {
                for cpu in [all, CpuFeatures::default_for(isa)] {
                    let settings = Settings {
                        effort,
                        verify: true,
                        canonical_nans: false,
                    };
                    target_isa(cpu, settings).unwrap_or_else(|error| panic!("{isa}: {error}"));
                }
            }
        }
    }

    /// A veneer reaches its target wherever both are.
    #[test]
    fn veneers_reach_everything() {
        for isa in Isa::ALL {
            let (backend, veneer) = (isa.backend(), isa.backend().veneer());
            for (place, target) in [(0x1000, 0x7fff_0000), (0x7fff_0000_u64, 0x1234)] {
                let mut code = veneer.code.to_vec();
                for &(offset, kind, addend) in veneer.relocations {
                    backend
                        .patch(
                            &mut code,
                            offset as usize,
                            kind,
                            place + u64::from(offset),
                            u64::wrapping_add_signed(target, addend),
                        )
                        .unwrap();
                }
                assert_ne!(code, veneer.code);
            }
            assert!(16 % backend.padding().len() == 0);
        }
    }
}
