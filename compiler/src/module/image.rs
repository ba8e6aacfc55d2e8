//! The memory image: what active data segments leave in memory, laid out when the module is compiled.

use ahead_artifact::data::{DataSegment, ImageRun};

/// Data segments and the image, as the artefact holds them.
#[derive(Clone, Debug, Default)]
pub struct Data<'a> {
    pub segments: Vec<DataSegment>,
    /// The bytes of section `data`: those of the segments that are not in the image, in order.
    pub pieces: Vec<&'a [u8]>,
    pub runs: Vec<ImageRun>,
    /// The image's own bytes.
    pub image: Vec<u8>,
}
