//! A compiled function as plain data, and how it is taken out of Cranelift's own result.
//!
//! Offsets count from the function's first byte. `link` moves them to where the function ends up.

use super::frame;
use crate::function::{names, trap};
use ahead_artifact::address_map::NO_POSITION;
use ahead_artifact::exceptions::{ANY_TAG, CallSite, Context, Handler};
use ahead_artifact::saved_registers::Saved;
use ahead_artifact::{DefinedFuncIndex, FuncIndex, TableIndex, TrapKind};
use ahead_targets::Isa;
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::ir::{ExternalName, Function, UserExternalName};
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::{
    CompiledCode, ExceptionContextLoc, FinalizedMachCallSite, FinalizedMachExceptionHandler,
    FinalizedRelocTarget,
};

/// What machine code refers to outside its function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    Function(DefinedFuncIndex),
    /// The thunk of an imported function.
    Thunk(FuncIndex),
    /// The first row of a static table, in the metadata.
    StaticTable(TableIndex),
    /// The first byte of the text.
    Text,
    /// What a relocatable object leaves to the linker; a place in a list of `emit`'s.
    Extern(u32),
}

impl Symbol {
    fn of(name: &UserExternalName) -> Option<Symbol> {
        Some(match name.namespace {
            names::NS_FUNCTION => Symbol::Function(DefinedFuncIndex(name.index)),
            names::NS_THUNK => Symbol::Thunk(FuncIndex(name.index)),
            names::NS_STATIC_TABLE => Symbol::StaticTable(TableIndex(name.index)),
            names::NS_TEXT => Symbol::Text,
            names::NS_EXTERN => Symbol::Extern(name.index),
            _ => return None,
        })
    }
}

/// A place in the code that needs the address of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relocation {
    pub offset: u32,
    pub kind: Reloc,
    pub symbol: Symbol,
    pub addend: i64,
}

/// A call in code with exception handlers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TryCall {
    pub return_address: u32,
    pub site: CallSite,
    /// Targets count from the function's first byte, too.
    pub handlers: Box<[Handler]>,
}

/// The machine code of one function and what must be known about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompiledFunction {
    pub code: Box<[u8]>,
    /// What its first byte must be aligned to, for constants among its code.
    pub align: u32,
    pub relocations: Box<[Relocation]>,
    /// Trapping instructions, ascending.
    pub traps: Box<[(u32, TrapKind)]>,
    /// Calls in code with exception handlers, ascending.
    pub try_calls: Box<[TryCall]>,
    /// Ascending code offsets with the Wasm offset that holds from there on. Only trap sites and the last
    /// bytes of calls can be looked up: backtraces ask for nothing else.
    pub positions: Box<[(u32, u32)]>,
    /// Call frame instructions for `.eh_frame`.
    pub frame: Box<[u8]>,
    /// Where its frame keeps registers that it gives back.
    pub saved: Box<[Saved]>,
    /// The innermost loop, the deepest one if there are several.
    pub innermost: Option<Nest>,
}

/// A loop and the one around it, if there is one: the first instruction of each, and the end of its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nest {
    pub inner: (u32, u32),
    pub outer: Option<(u32, u32)>,
}

impl CompiledFunction {
    /// Takes from Cranelift's result what outlives it. The error is a message about something that no CLIF
    /// of ours leads to.
    pub fn take(
        function: &Function,
        compiled: &CompiledCode,
        isa: &dyn TargetIsa,
        target: Isa,
    ) -> Result<Self, String> {
        let buffer = &compiled.buffer;
        let relocations = buffer.relocs().iter().map(|reloc| {
            let FinalizedRelocTarget::ExternalName(ExternalName::User(name)) = reloc.target else {
                return Err(format!("code refers to {:?}", reloc.target));
            };
            let name = &function.params.user_named_funcs()[name];
            Ok(Relocation {
                offset: reloc.offset,
                kind: reloc.kind,
                symbol: Symbol::of(name).ok_or_else(|| format!("code refers to {name}"))?,
                addend: reloc.addend,
            })
        });
        let relocations = relocations.collect::<Result<_, _>>()?;

        let traps = buffer.traps().iter().map(|site| {
            let kind = trap::kind(site.code);
            let kind = kind.ok_or_else(|| format!("code traps with {}", site.code))?;
            Ok((site.offset, kind))
        });
        let mut traps = traps.collect::<Result<Vec<_>, String>>()?;
        traps.sort_by_key(|site| site.0);
        traps.dedup_by_key(|site| site.0);

        let try_calls = buffer
            .call_sites()
            .filter(|site| !site.exception_handlers.is_empty())
            .map(|site| try_call(&site, target));
        let try_calls = try_calls.collect::<Result<_, _>>()?;

        // A return address belongs to the call before it, so it is looked up one byte back.
        let returns = buffer.call_sites().map(|site| site.ret_addr - 1);
        let mut sites: Vec<u32> = traps.iter().map(|site| site.0).chain(returns).collect();
        sites.sort_unstable();

        Ok(CompiledFunction {
            code: buffer.data().into(),
            align: buffer.alignment,
            relocations,
            traps: traps.into(),
            try_calls,
            positions: positions(&sites, compiled),
            frame: frame::instructions(&buffer.unwind_info, isa, target.backend().frames())?,
            saved: frame::saved(&buffer.unwind_info, isa, target.preserved())?,
            innermost: innermost_loop(&compiled.bb_edges, &compiled.bb_starts),
        })
    }
}

/// What must be known of a call to go on in one of its handlers.
fn try_call(site: &FinalizedMachCallSite<'_>, target: Isa) -> Result<TryCall, String> {
    let mut context = None;
    let mut handlers = Vec::new();
    for &handler in site.exception_handlers {
        match handler {
            FinalizedMachExceptionHandler::Context(ExceptionContextLoc::SPOffset(offset)) => {
                context = Some(Context::Stack(offset));
            }
            FinalizedMachExceptionHandler::Context(ExceptionContextLoc::GPR(register)) => {
                // Integer registers have the same number here and in DWARF where they are preserved.
                let place = frame::place(target.preserved(), register.into());
                let place = place.ok_or_else(|| {
                    format!("a call keeps its vmctx in register {register}, which is lost")
                })?;
                context = Some(Context::Register(place));
            }
            FinalizedMachExceptionHandler::Tag(tag, target) => handlers.push(Handler {
                tag: tag.as_u32(),
                target,
            }),
            FinalizedMachExceptionHandler::Default(target) => handlers.push(Handler {
                tag: ANY_TAG,
                target,
            }),
        }
    }
    let (Some(frame_bytes), Some(context)) = (site.frame_offset, context) else {
        return Err("a call with handlers has no frame".into());
    };
    Ok(TryCall {
        return_address: site.ret_addr,
        site: CallSite {
            frame_bytes,
            context,
        },
        handlers: handlers.into(),
    })
}

/// The Wasm offset of each site, without repeats.
fn positions(sites: &[u32], compiled: &CompiledCode) -> Box<[(u32, u32)]> {
    let mut sources = compiled.buffer.get_srclocs_sorted().iter().peekable();
    let mut out: Vec<(u32, u32)> = Vec::new();
    for &site in sites {
        while sources.next_if(|source| source.end <= site).is_some() {}
        let position = sources
            .peek()
            .filter(|source| source.start <= site && !source.loc.is_default())
            .map_or(NO_POSITION, |source| source.loc.bits());
        if out.last().is_none_or(|last| last.1 != position) {
            out.push((site, position));
        }
    }
    out.into()
}

/// The loop that has no other loop inside and as many as possible around it, with the next one around it. Blocks of a
/// loop lie together in the machine code, so nesting of loops is nesting of ranges.
///
/// A guess where the function has cold blocks: Cranelift 0.135 then takes first ends of edges from blocks a little further
/// on, by mistaking the order of code for that of blocks. Nothing but where the function starts depends on it.
fn innermost_loop(edges: &[(u32, u32)], starts: &[u32]) -> Option<Nest> {
    /// Backward branches looked at: the search compares all with all.
    const LOOPS_MAX: usize = 256;

    let mut loops: Vec<_> = edges
        .iter()
        .filter(|(from, to)| to <= from)
        .map(|&(from, to)| (to, from))
        .collect();
    // One loop may have several backward branches: the last one bounds it.
    loops.sort_unstable_by_key(|&(start, end)| (start, std::cmp::Reverse(end)));
    loops.dedup_by_key(|&mut (start, _)| start);
    loops.truncate(LOOPS_MAX);
    let depth = |start: u32, end: u32| {
        loops
            .iter()
            .filter(|outer| outer.0 <= start && end <= outer.1)
            .count()
    };
    let &(start, end) = loops.iter().max_by_key(|&&(start, end)| {
        (depth(start, end), std::cmp::Reverse((end - start, start)))
    })?;
    let outer = loops
        .iter()
        .filter(|outer| outer.0 < start && end <= outer.1)
        .min_by_key(|outer| outer.1 - outer.0);
    // A loop ends where the block behind the one that branches back begins.
    let behind = |block: u32| starts.iter().copied().filter(|start| *start > block).min();
    let whole = |(start, last): (u32, u32)| (start, behind(last).unwrap_or(last));
    Some(Nest {
        inner: whole((start, end)),
        outer: outer.copied().map(whole),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_loop_is_the_deepest_and_shortest() {
        let starts: Vec<u32> = (0..30).map(|block| block * 10).collect();
        let innermost = |edges: &[(u32, u32)]| innermost_loop(edges, &starts);
        let alone = |start, end| {
            Some(Nest {
                inner: (start, end),
                outer: None,
            })
        };
        assert_eq!(innermost(&[(0, 10), (10, 30)]), None);
        // A loop in a loop, beside a loop of its own.
        let edges = [(100, 10), (60, 20), (200, 150), (0, 10)];
        let nest = Nest {
            inner: (20, 70),
            outer: Some((10, 110)),
        };
        assert_eq!(innermost(&edges), Some(nest));
        // Two backward branches to one header are one loop.
        assert_eq!(innermost(&[(50, 10), (90, 10)]), alone(10, 100));
        // A block that branches to itself, in a loop.
        let nest = Nest {
            inner: (60, 70),
            outer: Some((10, 100)),
        };
        assert_eq!(innermost(&[(60, 60), (90, 10)]), Some(nest));
        // Of two loops equally deep the shorter one, of two equally long ones the first.
        assert_eq!(innermost(&[(90, 10), (190, 150)]), alone(150, 200));
        assert_eq!(innermost(&[(90, 10), (180, 100)]), alone(10, 100));
    }
}
