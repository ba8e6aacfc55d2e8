//! Modules: opened artefacts, checked as far as opening needs it.
//!
//! Opening reads an artefact's header and its interface; the other tables are read when they are first
//! needed, entry by entry. So its cost follows the module's interface, not its size. Three ways lead in: a
//! file, bytes, and an artefact that was linked into this program; from then on they are alike.

use crate::builtins;
use crate::error::Error;
use crate::memory::{Image, ImageSource};
use crate::sys::{ArtifactFile, Layout, Mapping, check_machine, page_bytes};
use crate::trap::{CodeRange, Registration};
use crate::types::{self, TypeNumber};
use ahead_artifact::address_map::AddressMap;
use ahead_artifact::data::{self, DataMode, DataSegment};
use ahead_artifact::elements::{self, ElementMode, ElementSegment};
use ahead_artifact::functions::{FunctionEntry, FunctionTable, TrampolineTable};
use ahead_artifact::header::{ABI_MAJOR, ABI_MINOR, HEADER_BYTES};
use ahead_artifact::interface::{ExportItem, Interface};
use ahead_artifact::layout::VmctxLayout;
use ahead_artifact::names::Names;
use ahead_artifact::trap::TrapTable;
use ahead_artifact::tunables::MEMORY_PAGES_MAX;
use ahead_artifact::{
    Bounds, DefinedFuncIndex, FormatError, FuncIndex, FuncType, Metadata, ModuleHeader,
    SectionKind, TableIndex, TypeIndex,
};
use ahead_targets::{CpuFeatures, Isa};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// An opened artefact. Clones share it.
#[derive(Clone)]
pub struct Module(Arc<ModuleInner>);

pub(crate) struct ModuleInner {
    /// First, so that the code is unknown before it is gone.
    _registration: Registration,
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

/// The executable bytes.
#[derive(Clone, Copy)]
struct Text {
    base: *const u8,
    bytes: u64,
}

// SAFETY: code is immutable.
unsafe impl Send for Text {}
// SAFETY: as above.
unsafe impl Sync for Text {}

/// What instances are initialised from.
pub(crate) struct Segments {
    pub data: Vec<DataSegment>,
    pub elements: Vec<ElementSegment>,
    /// By memory that the module defines.
    pub images: Vec<Option<Image>>,
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
        interface: Interface,
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
        let type_numbers = types::numbers(&interface.types);
        let start = text.base as usize;
        Ok(Module(Arc::new_cyclic(|module| ModuleInner {
            _registration: Registration::new(CodeRange {
                text: start..start + text.bytes as usize,
                traps,
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

    fn functions(&self) -> FunctionTable<'static> {
        FunctionTable::new(self.metadata.section(SectionKind::Functions))
    }

    fn imported_funcs(&self) -> usize {
        self.interface.imported_funcs().count()
    }

    /// How many functions there are, imported and defined.
    pub fn func_count(&self) -> usize {
        self.imported_funcs() + self.functions().len()
    }

    /// The code of a function that the module defines, and its type.
    pub fn func(&self, function: DefinedFuncIndex) -> Result<(*const u8, TypeIndex), FormatError> {
        let entry = self.functions().look_up(function)?;
        let end = u64::from(entry.text_offset) + u64::from(entry.bytes);
        if end > self.text.bytes || entry.ty.index() >= self.interface.types.len() {
            return Err(FormatError {
                section: "function table",
                problem: format!("function {function} is not in the text"),
                offset: 0,
            });
        }
        Ok((self.code_at(entry.text_offset), entry.ty))
    }

    fn code_at(&self, offset: u32) -> *const u8 {
        self.text.base.wrapping_add(offset as usize)
    }

    /// The entry trampoline of a type.
    pub fn entry(&self, ty: TypeIndex) -> Option<*const u8> {
        self.trampoline(ty, |trampolines| trampolines.entry)
    }

    fn trampoline(
        &self,
        ty: TypeIndex,
        which: impl Fn(ahead_artifact::functions::TrampolineEntry) -> Option<u32>,
    ) -> Option<*const u8> {
        let table = TrampolineTable::new(self.metadata.section(SectionKind::Trampolines));
        let offset = which(table.look_up(ty).ok()?)?;
        (u64::from(offset) < self.text.bytes).then(|| self.code_at(offset))
    }

    /// A trampoline for a type of the process: equal types of the module may not all have it.
    fn trampoline_for(
        &self,
        number: TypeNumber,
        which: impl Fn(ahead_artifact::functions::TrampolineEntry) -> Option<u32>,
    ) -> Option<*const u8> {
        let mut numbers = self.type_numbers.iter().enumerate();
        numbers.find_map(|(ty, &known)| {
            (known == number.0)
                .then(|| self.trampoline(TypeIndex::new(ty), &which))
                .flatten()
        })
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

    /// The bytes of a data segment outside the image.
    pub fn data(&self, segment: &DataSegment) -> &'static [u8] {
        let data = self.metadata.section(SectionKind::Data);
        let end = segment.start.checked_add(segment.bytes);
        let range = end.and_then(|end| data.get(segment.start as usize..end as usize));
        range.unwrap_or(&[])
    }

    /// What instances are initialised from, read once.
    pub fn segments(&self) -> Result<&Segments, FormatError> {
        let segments = self.segments.get_or_init(|| self.read_segments());
        segments.as_ref().map_err(Clone::clone)
    }

    fn read_segments(&self) -> Result<Segments, FormatError> {
        let read = |kind| match self.metadata.section(kind) {
            [] => EMPTY_LIST,
            bytes => bytes,
        };
        let counts = self.interface.counts();
        let error = |section, problem: &str| FormatError {
            section,
            problem: problem.into(),
            offset: 0,
        };
        let data = data::read_segments(read(SectionKind::DataSegments))?;
        let data_bytes = self.metadata.section(SectionKind::Data).len() as u64;
        for segment in &data {
            let end = segment.start.checked_add(segment.bytes);
            if segment.mode != DataMode::InImage && end.is_none_or(|end| end > data_bytes) {
                return Err(error(
                    "data segments",
                    "a segment beyond the end of the data",
                ));
            }
            if let DataMode::Active { memory, .. } = segment.mode
                && memory.0 >= counts.imported_memories + counts.defined_memories
            {
                return Err(error("data segments", "a segment of an unknown memory"));
            }
        }
        let elements = elements::read_segments(read(SectionKind::ElementSegments))?;
        for segment in &elements {
            if let ElementMode::Active { table, .. } = segment.mode
                && !self.has_table_record(table)
            {
                return Err(error("element segments", "a segment of an unknown table"));
            }
        }
        let mut images: Vec<Option<Image>> = (0..counts.defined_memories).map(|_| None).collect();
        for run in data::read_image(read(SectionKind::Image))? {
            let defined = run.memory.0.checked_sub(counts.imported_memories);
            let image = defined.and_then(|memory| images.get_mut(memory as usize));
            let image = image.ok_or_else(|| error("image table", "a run of an unknown memory"))?;
            let image = image.get_or_insert_with(|| Image {
                source: Arc::clone(&self.image),
                runs: Vec::new(),
            });
            image.runs.push(run);
        }
        Ok(Segments {
            data,
            elements,
            images,
        })
    }

    /// Whether there is such a table at run time, which there is not for a static one.
    fn has_table_record(&self, table: TableIndex) -> bool {
        let imported = self.interface.imported_tables().count();
        match table.index().checked_sub(imported) {
            None => true,
            Some(defined) => {
                (self.interface.tables.get(defined)).is_some_and(|table| !table.is_static)
            }
        }
    }

    /// The function whose code is at an offset of the text, and the instruction it was made of. `None` for
    /// trampolines.
    pub fn locate(&self, offset: u32) -> Option<(FuncIndex, Option<u32>)> {
        let functions = self.functions();
        let entry = |function: usize| functions.look_up(DefinedFuncIndex::new(function)).ok();
        let holds = |entry: &FunctionEntry| offset.wrapping_sub(entry.text_offset) < entry.bytes;
        // Functions lie in order unless the linker had a reason.
        let (mut low, mut high) = (0, functions.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if entry(middle)?.text_offset <= offset {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let likely = low
            .checked_sub(1)
            .filter(|&function| entry(function).is_some_and(|entry| holds(&entry)));
        let function = likely.or_else(|| functions.iter().position(|entry| holds(&entry)))?;
        let wasm_offset = AddressMap::new(self.metadata.section(SectionKind::Addresses))
            .ok()
            .and_then(|map| map.look_up(offset));
        Some((
            FuncIndex::new(self.imported_funcs() + function),
            wasm_offset,
        ))
    }
}

/// A counted list of nothing, for a section that is left out.
const EMPTY_LIST: &[u8] = &[0; 4];

/// Whether this runtime on this machine can run an artefact with this header.
fn check_header(bytes: &[u8]) -> Result<ModuleHeader, Error> {
    let header = ModuleHeader::parse(bytes)?;
    if !header.abi_is_supported() {
        return Err(Error::AbiVersion {
            found_major: header.abi_major,
            found_minor: header.abi_minor,
            major: ABI_MAJOR,
            minor: ABI_MINOR,
        });
    }
    check_machine(header.machine)?;
    let page = page_bytes();
    if !(header.page_bytes as usize).is_multiple_of(page) || header.page_bytes == 0 {
        return Err(Error::PageSize {
            artifact: header.page_bytes,
            machine: page,
        });
    }
    let isa = Isa::host().expect("the runtime is built for hosts it knows");
    let missing = CpuFeatures::from_bits(isa, header.cpu_features)
        .missing_from(CpuFeatures::of_this_machine());
    if !missing.is_empty() {
        return Err(Error::CpuFeatures { missing });
    }
    if header.builtin_count > builtins::COUNT {
        return Err(Error::Builtins {
            found: header.builtin_count,
            known: builtins::COUNT,
        });
    }
    Ok(header)
}

/// Reads the interface and checks what instantiation takes for granted.
fn check_interface(metadata: &Metadata<'_>) -> Result<Interface, Error> {
    let interface = Interface::parse(metadata.section(SectionKind::Interface))?;
    let error = |problem: String| FormatError {
        section: "interface",
        problem,
        offset: 0,
    };
    let functions = FunctionTable::new(metadata.section(SectionKind::Functions)).len();
    let functions = interface.imported_funcs().count() + functions;
    let tables = interface.imported_tables().count() + interface.tables.len();
    let memories = interface.imported_memories().count() + interface.memories.len();
    let globals = interface.imported_globals().count() + interface.globals.len();
    for export in &interface.exports {
        let (index, count) = match export.item {
            ExportItem::Func(index) => (index.index(), functions),
            ExportItem::Table(index) => (index.index(), tables),
            ExportItem::Memory(index) => (index.index(), memories),
            ExportItem::Global(index) => (index.index(), globals),
        };
        if index >= count {
            return Err(error(format!("an export of unknown item {index}")).into());
        }
    }
    if let Some(start) = interface.start.filter(|start| start.index() >= functions) {
        return Err(error(format!("an unknown start function {start}")).into());
    }
    let memories = interface
        .imported_memories()
        .chain(interface.memories.iter().copied());
    for memory in memories {
        if memory.shared {
            return Err(Error::Unsupported("shared memories"));
        }
        if memory.limits.min > MEMORY_PAGES_MAX {
            return Err(error(format!("a memory of {} pages", memory.limits.min)).into());
        }
    }
    Ok(interface)
}
