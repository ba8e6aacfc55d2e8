//! What came out of a measurement, as plain data: what tables, pages and JSON are made of.

use super::Quantity;
use crate::engines::{Missing, Way};
use crate::filter::envoy::EnvoyReport;
use crate::machine::Machine;
use crate::statistics::{Comparison, Interval};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All that came out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    pub machine: Machine,
    pub subject: Subject,
    pub rounds: u32,
    /// The first is the reference.
    pub engines: Vec<EngineReport>,
    /// Not on this machine.
    pub missing: Vec<Missing>,
    /// Found, and not able to run the program.
    pub failed: Vec<Missing>,
    /// Peaks at or below this are the launcher's own.
    pub memory_floor_bytes: u64,
    /// What a difference in a quantity must exceed, as a ratio.
    pub noise: BTreeMap<Quantity, f64>,
    /// A filter in a real proxy, if one was given.
    #[serde(default)]
    pub envoy: Option<EnvoyReport>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subject {
    pub name: String,
    pub module_bytes: usize,
    /// What is called, as one would type it.
    pub call: String,
    /// What an iteration is.
    pub iteration: String,
    /// What every engine gave.
    pub result: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EngineReport {
    pub name: String,
    pub about: String,
    pub way: Way,
    /// The processes that were measured, as one would type them.
    pub commands: Vec<String>,
    pub measured: BTreeMap<Quantity, Measured>,
    /// Time of the n-th iteration, the first being 1 and loading with it; in nanoseconds.
    pub curve: Vec<(u32, f64)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
    /// One from each round; nanoseconds or bytes.
    pub samples: Vec<f64>,
    pub interval: Interval,
    pub outliers: usize,
    /// Against the reference; `None` for the reference itself.
    pub compared: Option<Comparison>,
}
