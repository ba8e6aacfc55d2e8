//! How fast is the code: whole programs, compiled beforehand, in interleaved rounds.

use super::progress;
use crate::compared::Compared;
use crate::programs::{Program, RUN, corpus};
use crate::report::{Row, Suite, Target, Unit};
use ahead_bench::statistics::{Times, geometric_mean};
use anyhow::{Context, Result};
use std::path::PathBuf;

pub fn measure_all(rounds: usize) -> Result<Suite> {
    let corpus = corpus()?;
    let compared = Compared::find()?;
    let folder = tempfile::tempdir()?;
    let mut prepared: Vec<(&Program, Vec<PathBuf>, Vec<Times>)> = Vec::new();
    for program in RUN {
        progress(&format!("compile {}", program.name));
        let artefacts = compared
            .compile_with_all(folder.path(), program.name, &corpus.join(program.module))
            .with_context(|| format!("`{}`", program.module))?;
        let times = artefacts.iter().map(|_| Times::default()).collect();
        prepared.push((program, artefacts, times));
    }
    for round in 1..=rounds {
        progress(&format!("round {round} of {rounds}"));
        for (program, artefacts, times) in &mut prepared {
            for ((engine, artefact), times) in compared.engines.iter().zip(artefacts).zip(times) {
                times.push(compared.run(&**engine, artefact, program.args, None)?);
            }
        }
    }
    let seconds = |times: &Times| times.least().unwrap_or_default().as_secs_f64();
    let rows: Vec<_> = prepared
        .iter()
        .map(|(program, _, times)| Row {
            subject: program.name.into(),
            quantity: "time",
            unit: Unit::Seconds,
            ours: seconds(&times[0]),
            theirs: times.get(1).map(seconds),
        })
        .collect();
    let ratios: Vec<_> = rows.iter().filter_map(Row::ratio).collect();
    Ok(Suite {
        name: "run",
        title: format!("least of {rounds} interleaved rounds, one process each, CPU `native`"),
        ours: "ahead",
        theirs: compared.peer_title(),
        targets: vec![Target {
            what: format!("time, geometric mean of {} programs", rows.len()),
            at_most: 1.0,
            ratio: geometric_mean(&ratios),
        }],
        rows,
    })
}
