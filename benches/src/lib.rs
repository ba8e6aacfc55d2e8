//! Measurements against peers in the same run.
//!
//! Everything here is told as a ratio to a peer measured in the same minutes on the same machine; a figure alone
//! says little. Engines, processes and statistics are those of `ahead bench` (`ahead-bench`). Not here: tests. The
//! programs measured come from a corpus outside the repository.

pub mod compared;
pub mod guests;
pub mod html;
pub mod page;
pub mod programs;
pub mod report;
pub mod suites;
