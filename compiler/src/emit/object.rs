//! The `.o`: a relocatable object, for a linker to put into a program or a library.
//!
//! ```text
//! .rodata.ahead        metadata, with the distances to text and image left to the linker
//! .rodata.ahead.image  image
//! .text                code
//! .text.ahead          stubs: exports for C, or `main`
//! .eh_frame            unwind tables
//! ```
//! Global symbols are `<prefix>_module` and a stub for each exported function. Functions of the module are
//! local symbols, for tools. The object refers to `ahead_call_export` or `ahead_wasi_main` of the library.

use super::c_name::{check_prefix, identifier};
use super::unwind::EhFrame;
use crate::codegen::{CompiledFunction, Generator, Symbol, trampoline};
use crate::error::Error;
use crate::link::{self, Linked, Target, internal};
use ahead_artifact::header::{IMAGE_OFFSET_FIELD, TEXT_OFFSET_FIELD};
use ahead_targets::Isa;
use ahead_targets::codegen::{Backend, MainSymbol, Referent};
use cranelift_codegen::Context;
use object::write::{Object, Relocation, SectionId, StandardSection, SymbolId, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, RelocationFlags, SectionKind, SymbolFlags, SymbolKind,
    SymbolScope,
};

/// The function of the library that stubs of exports call.
const CALL_EXPORT: &str = "ahead_call_export";

/// The function of the library that `main` calls.
const WASI_MAIN: &str = "ahead_wasi_main";

/// What sections of code and constants are aligned to: a cache line, and any constant of the code.
const ALIGN: u64 = 64;

/// An object with each exported function as a C function.
pub fn object(linked: &Linked, prefix: &str) -> Result<Vec<u8>, Error> {
    check_prefix(prefix)?;
    let generator = Generator::new(&linked.config)?;
    let mut context = Context::new();
    let mut stubs = Vec::with_capacity(linked.exports.len());
    for export in &linked.exports {
        let stub = generator.generate_blank(&mut context, |blank| {
            trampoline::export_stub(&export.ty, export.export, blank);
        });
        let name = format!("{prefix}_{}", identifier(&export.name));
        stubs.push((name, stub.map_err(|failure| failure.within(None))?));
    }
    let mut file = File::new(linked);
    file.define_module(&format!("{prefix}_module"), SymbolScope::Dynamic);
    if !stubs.is_empty() {
        file.add_stubs(&stubs)?;
    }
    file.write()
}

/// An object with `main`, for a command.
///
/// # Panics
/// Never: the object has nothing that could fail to be written.
pub fn executable_object(linked: &Linked) -> Vec<u8> {
    let mut file = File::new(linked);
    let module = file.define_module("ahead_command_module", SymbolScope::Compilation);
    let stub = file.backend.main_stub();
    let section = file.stub_section();
    let start = file.object.append_section_data(section, stub.code, ALIGN);
    file.define(
        "main".into(),
        section,
        start,
        stub.code.len() as u64,
        SymbolScope::Dynamic,
    );
    let wasi_main = file.undefined(WASI_MAIN);
    for &(offset, elf_kind, symbol, addend) in stub.relocations {
        let symbol = match symbol {
            MainSymbol::Module => module,
            MainSymbol::WasiMain => wasi_main,
        };
        file.relocate(section, start + u64::from(offset), elf_kind, symbol, addend);
    }
    file.write().expect("an object in memory can be written")
}

struct File<'a> {
    object: Object<'static>,
    backend: &'static dyn Backend,
    linked: &'a Linked,
    metadata: SectionId,
}

impl<'a> File<'a> {
    /// An object with the module's sections and everything between them.
    fn new(linked: &'a Linked) -> Self {
        let architecture = match linked.config.target {
            Isa::X86_64 => Architecture::X86_64,
            Isa::Aarch64 => Architecture::Aarch64,
        };
        let mut object = Object::new(BinaryFormat::Elf, architecture, Endianness::Little);
        let read_only = |object: &mut Object<'static>, name: &[u8]| {
            object.add_section(vec![], name.to_vec(), SectionKind::ReadOnlyData)
        };
        let metadata = read_only(&mut object, b".rodata.ahead");
        object.append_section_data(metadata, &linked.metadata, ALIGN);
        let text = object.section_id(StandardSection::Text);
        object.append_section_data(text, &linked.text, ALIGN);
        // The linker is not to make the stack executable for want of this.
        object.add_section(vec![], b".note.GNU-stack".to_vec(), SectionKind::Other);
        let mut file = File {
            object,
            backend: linked.config.target.backend(),
            linked,
            metadata,
        };

        let distance = file.backend.elf_distance_64();
        let text_symbol = file.object.section_symbol(text);
        let metadata_symbol = file.object.section_symbol(metadata);
        let mut header = vec![(TEXT_OFFSET_FIELD, text_symbol)];
        if !linked.image.is_empty() {
            let image = read_only(&mut file.object, b".rodata.ahead.image");
            file.object.append_section_data(image, &linked.image, ALIGN);
            header.push((IMAGE_OFFSET_FIELD, file.object.section_symbol(image)));
        }
        for (field, symbol) in header {
            // Distances count from the header, not from the field.
            file.relocate(metadata, field as u64, distance, symbol, field as i64);
        }
        for reference in &linked.references {
            let (symbol, offset) = match reference.target {
                Target::Text(offset) => (text_symbol, offset),
                Target::Metadata(offset) => (metadata_symbol, offset),
            };
            let addend = i64::from(offset) + reference.addend;
            file.relocate(
                text,
                reference.offset.into(),
                reference.elf_kind,
                symbol,
                addend,
            );
        }
        for symbol in &linked.symbols {
            let (start, bytes) = (symbol.start.into(), symbol.bytes.into());
            file.define(
                symbol.name.clone(),
                text,
                start,
                bytes,
                SymbolScope::Compilation,
            );
        }
        file.add_frames(&linked.frames, text);
        file
    }

    fn define_module(&mut self, name: &str, scope: SymbolScope) -> SymbolId {
        self.object.add_symbol(object::write::Symbol {
            name: name.as_bytes().to_vec(),
            value: 0,
            size: self.linked.metadata.len() as u64,
            kind: SymbolKind::Data,
            scope,
            weak: false,
            section: SymbolSection::Section(self.metadata),
            flags: SymbolFlags::None,
        })
    }

    /// Defines a function.
    fn define(
        &mut self,
        name: String,
        section: SectionId,
        start: u64,
        bytes: u64,
        scope: SymbolScope,
    ) -> SymbolId {
        self.object.add_symbol(object::write::Symbol {
            name: name.into_bytes(),
            value: start,
            size: bytes,
            kind: SymbolKind::Text,
            scope,
            weak: false,
            section: SymbolSection::Section(section),
            flags: SymbolFlags::None,
        })
    }

    fn undefined(&mut self, name: &str) -> SymbolId {
        self.object.add_symbol(object::write::Symbol {
            name: name.as_bytes().to_vec(),
            value: 0,
            size: 0,
            kind: SymbolKind::Unknown,
            scope: SymbolScope::Unknown,
            weak: false,
            section: SymbolSection::Undefined,
            flags: SymbolFlags::None,
        })
    }

    fn stub_section(&mut self) -> SectionId {
        let name = b".text.ahead".to_vec();
        self.object.add_section(vec![], name, SectionKind::Text)
    }

    fn add_stubs(&mut self, stubs: &[(String, CompiledFunction)]) -> Result<(), Error> {
        let section = self.stub_section();
        let call_export = self.undefined(CALL_EXPORT);
        let mut frames = link::FramesBuilder::default();
        for (name, stub) in stubs {
            let align = u64::from(stub.align).max(16);
            let start = self.object.append_section_data(section, &stub.code, align);
            let bytes = stub.code.len() as u64;
            self.define(name.clone(), section, start, bytes, SymbolScope::Dynamic);
            frames.add(start as u32, bytes as u32, stub.frame.clone());
            for relocation in &stub.relocations {
                let kind = self
                    .backend
                    .elf_relocation(relocation.kind, Referent::Function);
                let (Some(kind), Symbol::Extern(_)) = (kind, relocation.symbol) else {
                    return Err(internal(format!(
                        "a stub refers to {:?}",
                        relocation.symbol
                    )));
                };
                let place = start + u64::from(relocation.offset);
                self.relocate(section, place, kind, call_export, relocation.addend);
            }
        }
        self.add_frames(&frames.finish(), section);
        Ok(())
    }

    /// Adds unwind tables for code in `section`.
    fn add_frames(&mut self, frames: &link::Frames, section: SectionId) {
        let eh_frame = EhFrame::new(frames, self.backend.frames());
        if eh_frame.bytes.is_empty() {
            return;
        }
        let symbol = self.object.section_symbol(section);
        let target = self.object.section_id(StandardSection::EhFrame);
        let start = self.object.append_section_data(target, &eh_frame.bytes, 8);
        let distance = self.backend.elf_distance_32();
        for (field, function) in eh_frame.functions() {
            self.relocate(
                target,
                start + field as u64,
                distance,
                symbol,
                function.into(),
            );
        }
    }

    fn relocate(
        &mut self,
        section: SectionId,
        offset: u64,
        elf_kind: u32,
        symbol: SymbolId,
        addend: i64,
    ) {
        let relocation = Relocation {
            offset,
            symbol,
            addend,
            flags: RelocationFlags::Elf { r_type: elf_kind },
        };
        self.object
            .add_relocation(section, relocation)
            .expect("an ELF object takes relocations by number");
    }

    fn write(&self) -> Result<Vec<u8>, Error> {
        self.object
            .write()
            .map_err(|error| internal(error.to_string()))
    }
}
