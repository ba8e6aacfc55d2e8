//! What a session makes of its samples at the end.

use super::curve::middle_curve;
use super::outcome::Outcome;
use super::results::{EngineReport, Measured, Report, Subject};
use super::{Quantity, Ready, Session};
use crate::engines::Missing;
use crate::machine::Machine;
use crate::program::{Declared, Entry, Program};
use crate::statistics;
use anyhow::Result;
use std::collections::BTreeMap;

impl Session<'_> {
    pub(super) fn report(
        &self,
        ready: Vec<Ready>,
        twin: BTreeMap<Quantity, Vec<f64>>,
        missing: Vec<Missing>,
        failed: Vec<Missing>,
        machine: Machine,
        expected: &Outcome,
    ) -> Result<Report> {
        let program = &self.plan.program;
        let reference = ready[0].samples.clone();
        let noise: BTreeMap<Quantity, f64> = twin
            .iter()
            .filter_map(|(quantity, again)| {
                let once = reference.get(quantity)?;
                Some((*quantity, statistics::noise(once, again)))
            })
            .collect();
        let engines = ready.into_iter().enumerate().map(|(index, engine)| {
            let measured = engine.samples.iter().filter_map(|(quantity, samples)| {
                let noise = noise.get(quantity).copied();
                let noise = noise.unwrap_or(statistics::LEAST_NOISE);
                let compared = (index > 0)
                    .then(|| statistics::compare(reference.get(quantity)?, samples, noise));
                let measured = Measured {
                    interval: statistics::interval(samples)?,
                    outliers: statistics::outliers(samples),
                    compared: compared.flatten(),
                    samples: samples.clone(),
                };
                Some((*quantity, measured))
            });
            EngineReport {
                name: engine.engine.name().to_owned(),
                about: engine.engine.about().to_owned(),
                way: engine.engine.way(),
                measured: measured.collect(),
                curve: middle_curve(&engine.curves),
                commands: engine.commands,
            }
        });
        let wasm = std::fs::read(&program.module)?;
        let iteration = match &program.entry {
            Entry::Filter { .. } => "one request of the mix",
            Entry::Export { .. } => "one call",
            Entry::Command { .. } if Declared::read(&wasm)?.marks_region => {
                "what the program marks"
            }
            Entry::Command { .. } => "making an instance and running it to its end",
        };
        Ok(Report {
            subject: Subject {
                name: program.name.clone(),
                module_bytes: wasm.len(),
                call: call(program),
                iteration: iteration.to_owned(),
                result: expected.to_string(),
            },
            rounds: self.plan.rounds,
            engines: engines.collect(),
            missing,
            failed,
            memory_floor_bytes: self.floor_bytes,
            noise,
            envoy: None,
            machine,
        })
    }
}

fn call(program: &Program) -> String {
    match &program.entry {
        Entry::Filter { mix } => mix.described(),
        Entry::Command { .. } => program.words().join(" "),
        Entry::Export { name, args, .. } => {
            let args: Vec<_> = args.iter().map(ToString::to_string).collect();
            format!("{name}({})", args.join(", "))
        }
    }
}
