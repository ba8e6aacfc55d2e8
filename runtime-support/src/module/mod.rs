//! Modules: opened artefacts, checked as far as opening needs it.
//!
//! Opening reads an artefact's header and its interface; the other tables are read when they are first
//! needed, entry by entry. So its cost follows the module's interface, not its size. Three ways lead in: a
//! file, bytes, and an artefact that was linked into this program; from then on they are alike.

mod checks;
mod code;
mod segments;

use crate::error::Error;
use crate::memory::ImageSource;
use crate::sys::{ArtifactFile, Layout, Mapping};
use crate::trap::{CodeRange, Registration};
use crate::types::{self, TypeNumber};
use ahead_artifact::exceptions::ExceptionTable;
use ahead_artifact::header::HEADER_BYTES;
use ahead_artifact::interface::{ExportItem, Interface};
use ahead_artifact::layout::VmctxLayout;
use ahead_artifact::names::Names;
use ahead_artifact::saved_registers::SavedRegisters;
use ahead_artifact::trap::TrapTable;
use ahead_artifact::{
    Bounds, DefinedFuncIndex, FormatError, FuncIndex, FuncType, Metadata, SectionKind, TypeIndex,
};
use checks::{check_header, check_interface};
use code::Text;
use segments::Segments;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// An opened artefact. Clones share it.
#[derive(Clone)]
pub struct Module(Arc<ModuleInner>);

pub(crate) struct ModuleInner {
    /// First, so that the code is unknown before it is gone.
    _registration: Registration,
    /// Types that its types refer to are given by their number in the process.
    pub interface: Interface,
    pub layout: VmctxLayout,
    pub bounds: Bounds,
    /// The number of each type of the type section.
    pub type_numbers: Box<[u32]>,
    metadata: Metadata<'static>,
    text: Text,
    image: Arc<ImageSource>,
    segments: OnceLock<Result<Segments, FormatError>>,
    /// Exports in the order of their names, made when the first is asked for.
    exports: OnceLock<Box<[u32]>>,
    /// Last: everything above may point into it. None for an artefact that is part of the program.
    _mapping: Option<Mapping>,
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

impl Module {
    /// Opens an artefact's `.so` by mapping it.
    ///
    /// # Safety
    /// The file's code will run in this process, so it must be what the Ahead compiler made; damage is
    /// found, malice is not. The file must not change while the module or anything made of it is in use.
    pub unsafe fn open(path: &Path) -> Result<Module, Error> {
        Self::of_file(ArtifactFile::open(path)?)
    }

    /// Opens the bytes of an artefact's `.so`.
    ///
    /// # Safety
    /// The code will run in this process, so the bytes must be what the Ahead compiler made.
    pub unsafe fn from_bytes(bytes: &[u8]) -> Result<Module, Error> {
        Self::of_file(ArtifactFile::in_memory(bytes)?)
    }

    fn of_file(file: ArtifactFile) -> Result<Module, Error> {
        let layout = Layout::read(&file)?;
        let metadata = layout.segment_of(layout.header, HEADER_BYTES as u64);
        let Some(metadata) = metadata.filter(|segment| *segment != layout.text()) else {
            return Err(Error::Elf(
                "the header's symbol leads outside the file".into(),
            ));
        };
        let mapping = file.map_metadata(&layout, metadata)?;
        let bytes = metadata.address + metadata.bytes - layout.header;
        let base = mapping
            .base()
            .wrapping_add((layout.header - layout.start()) as usize);
        // SAFETY: the segment is mapped as long as the module lives, which alone keeps the slice.
        let bytes: &'static [u8] = unsafe { std::slice::from_raw_parts(base, bytes as usize) };
        check_header(bytes)?;
        let metadata = Metadata::parse(bytes)?;

        let header = &metadata.header;
        let place = |offset: i64, bytes: u64| {
            let address = layout.header.checked_add_signed(offset)?;
            let segment = layout.segment_of(address, bytes)?;
            Some((address, segment))
        };
        let text = place(header.text_offset, header.text_bytes)
            .filter(|(_, segment)| *segment == layout.text());
        let Some((text, _)) = text else {
            return Err(Error::Elf(
                "the header's text is not in the executable segment".into(),
            ));
        };
        let text = Text {
            base: mapping
                .base()
                .wrapping_add((text - layout.start()) as usize),
            bytes: header.text_bytes,
        };
        let image_offset = match header.image_bytes {
            0 => 0,
            bytes => {
                let Some((address, segment)) = place(header.image_offset, bytes) else {
                    return Err(Error::Elf("the header's image is not in the file".into()));
                };
                segment.file_offset + (address - segment.address)
            }
        };
        // Everything that opening looks at has been checked: now the code may become executable.
        let interface = check_interface(&metadata)?;
        file.map_text(&mapping, &layout)?;
        let image = match header.image_bytes {
            // Then the file need not stay open.
            0 => ImageSource::Linked(&[]),
            bytes => ImageSource::File {
                file: file.into_file(),
                offset: image_offset,
                bytes,
            },
        };
        Self::finish(metadata, interface, text, image, Some(mapping))
    }

    /// Opens an artefact that is part of this program: linked into it, or loaded by the dynamic linker.
    ///
    /// # Safety
    /// `header` must be the address of a whole artefact that the Ahead compiler made, and stay valid as
    /// long as the module or anything made of it is in use.
    pub unsafe fn adopt(header: *const u8) -> Result<Module, Error> {
        // SAFETY: an artefact starts with its header.
        let head = unsafe { std::slice::from_raw_parts(header, HEADER_BYTES) };
        let parsed = check_header(head)?;
        // SAFETY: the header says how far its metadata reaches.
        let bytes: &'static [u8] =
            unsafe { std::slice::from_raw_parts(header, parsed.metadata_bytes as usize) };
        let metadata = Metadata::parse(bytes)?;
        let text = Text {
            base: header.wrapping_offset(parsed.text_offset as isize),
            bytes: parsed.text_bytes,
        };
        let image: &'static [u8] = match parsed.image_bytes {
            0 => &[],
            bytes => {
                let image = header.wrapping_offset(parsed.image_offset as isize);
                // SAFETY: the header says where its image is.
                unsafe { std::slice::from_raw_parts(image, bytes as usize) }
            }
        };
        let interface = check_interface(&metadata)?;
        Self::finish(
            metadata,
            interface,
            text,
            ImageSource::of_program(image),
            None,
        )
    }

    fn finish(
        metadata: Metadata<'static>,
        mut interface: Interface,
        text: Text,
        image: ImageSource,
        mapping: Option<Mapping>,
    ) -> Result<Module, Error> {
        let problem = |problem: &str| FormatError {
            section: "interface",
            problem: problem.into(),
            offset: 0,
        };
        let layout = VmctxLayout::new(interface.counts())
            .ok_or_else(|| problem("more items than a vmctx can hold"))?;
        let bounds = metadata
            .header
            .bounds()
            .ok_or_else(|| problem("an unknown bounds mode"))?;
        let traps = match metadata.section(SectionKind::Traps) {
            [] => TrapTable::new(&[0; 4])?,
            bytes => TrapTable::new(bytes)?,
        };
        let exceptions = ExceptionTable::new(metadata.section(SectionKind::Exceptions))?;
        let saved = SavedRegisters::new(metadata.section(SectionKind::SavedRegisters))?;
        let type_numbers = types::numbers(&mut interface);
        let start = text.base as usize;
        Ok(Module(Arc::new_cyclic(|module| ModuleInner {
            _registration: Registration::new(CodeRange {
                text: start..start + text.bytes as usize,
                traps,
                exceptions,
                saved,
                module: module.clone(),
            }),
            interface,
            layout,
            bounds,
            type_numbers,
            metadata,
            text,
            image: Arc::new(image),
            segments: OnceLock::new(),
            exports: OnceLock::new(),
            _mapping: mapping,
        })))
    }

    /// What the module imports, exports and defines.
    pub fn interface(&self) -> &Interface {
        &self.0.interface
    }

    /// The module's own name, if it has one. It comes from the guest: escape it before printing.
    pub fn name(&self) -> Option<&str> {
        self.0.name()
    }

    /// The name of a function, if the module says it. It comes from the guest: escape it before printing.
    pub fn function_name(&self, function: FuncIndex) -> Option<&str> {
        self.0.function_name(function)
    }

    /// The type of a function, imported or the module's own; `None` if there is no such function.
    pub fn func_type(&self, function: FuncIndex) -> Option<&FuncType> {
        let mut imported = 0;
        for ty in self.interface().imported_funcs() {
            if imported == function.index() {
                return Some(self.0.ty(ty));
            }
            imported += 1;
        }
        let defined = DefinedFuncIndex::new(function.index() - imported);
        let (_, ty) = self.0.func(defined).ok()?;
        Some(self.0.ty(ty))
    }

    /// How accesses to memory are kept inside.
    pub fn bounds(&self) -> Bounds {
        self.0.bounds
    }

    pub(crate) fn inner(&self) -> &ModuleInner {
        &self.0
    }

    pub(crate) fn entry_for(&self, number: TypeNumber) -> Option<*const u8> {
        self.0
            .trampoline_for(number, |trampolines| trampolines.entry)
    }

    pub(crate) fn hostcall_for(&self, number: TypeNumber) -> Option<*const u8> {
        self.0
            .trampoline_for(number, |trampolines| trampolines.hostcall)
    }
}

impl ModuleInner {
    pub fn name(&self) -> Option<&str> {
        let name = std::str::from_utf8(self.metadata.section(SectionKind::ModuleName)).ok()?;
        (!name.is_empty()).then_some(name)
    }

    pub fn function_name(&self, function: FuncIndex) -> Option<&str> {
        Names::new(self.metadata.section(SectionKind::Names))
            .ok()?
            .look_up(function)
    }

    pub fn ty(&self, ty: TypeIndex) -> &FuncType {
        &self.interface.types[ty.index()]
    }

    /// The export of a name.
    pub fn export(&self, name: &str) -> Option<ExportItem> {
        let exports = &self.interface.exports;
        let by_name = self.exports.get_or_init(|| {
            let mut order: Box<[u32]> = (0..exports.len() as u32).collect();
            order.sort_by(|&a, &b| exports[a as usize].name.cmp(&exports[b as usize].name));
            order
        });
        let found =
            by_name.binary_search_by(|&export| exports[export as usize].name.as_str().cmp(name));
        Some(exports[by_name[found.ok()?] as usize].item)
    }
}
