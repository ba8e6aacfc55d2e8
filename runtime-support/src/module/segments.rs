//! What instances are initialised from: data and element segments, and the images of memories.
//!
//! Read and checked whole when the first instance is made.

use super::ModuleInner;
use crate::memory::Image;
use ahead_artifact::data::{self, DataMode, DataSegment};
use ahead_artifact::elements::{self, ElementMode, ElementSegment};
use ahead_artifact::{FormatError, SectionKind, TableIndex};
use std::sync::Arc;

/// A module's segments.
pub(crate) struct Segments {
    pub data: Vec<DataSegment>,
    pub elements: Vec<ElementSegment>,
    /// By memory that the module defines.
    pub images: Vec<Option<Image>>,
}

/// A counted list of nothing, for a section that is left out.
const EMPTY_LIST: &[u8] = &[0; 4];

impl ModuleInner {
    /// What instances are initialised from, read once.
    pub fn segments(&self) -> Result<&Segments, FormatError> {
        let segments = self.segments.get_or_init(|| self.read_segments());
        segments.as_ref().map_err(Clone::clone)
    }

    /// The bytes of a data segment outside the image.
    pub fn data(&self, segment: &DataSegment) -> &'static [u8] {
        let data = self.metadata.section(SectionKind::Data);
        let end = segment.start.checked_add(segment.bytes);
        let range = end.and_then(|end| data.get(segment.start as usize..end as usize));
        range.unwrap_or(&[])
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
}
