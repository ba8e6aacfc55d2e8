//! Measurements against peers in the same run.
//!
//! Everything here is told as a ratio to a peer measured in the same minutes on the same machine; a figure alone
//! says little. Not here: tests. The programs measured come from a corpus outside the repository.

pub mod engines;
pub mod html;
pub mod machine;
pub mod programs;
pub mod report;
pub mod statistics;
pub mod suites;
pub mod worker;
