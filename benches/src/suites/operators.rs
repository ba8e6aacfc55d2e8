//! What proposals cost and gain: loops over vectors beside the peer, and our own code beside itself where an
//! operator is to cost nothing: a call in the last place beside a loop, handlers beside none.

use super::progress;
use crate::compared::Compared;
use crate::report::{Row, Suite, Target, Unit};
use ahead_bench::statistics::{Times, geometric_mean};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Loops over vectors: `benches/operators/<name>.wat`.
const VECTORS: [&str; 7] = [
    "count",
    "differences",
    "dot",
    "hexadecimal",
    "mandelbrot",
    "matrix",
    "saxpy",
];

/// What is to cost as much as what, and how much more it may.
const PAIRS: [(&str, &str, f64); 2] = [("tail_call", "loop", 1.05), ("try", "plain", 1.02)];

/// Exceptions in `throw.wat`, and the most that one may take.
const THROWS: f64 = 1e6;
const THROW_SECONDS_MAX: f64 = 2e-6;

/// An artefact of one engine, with its times.
struct Entry {
    /// Its place among those that are compared.
    engine: usize,
    artefact: PathBuf,
    times: Times,
}

impl Entry {
    fn new(compared: &Compared, folder: &Path, name: &str, engine: usize) -> Result<Self> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("operators")
            .join(name)
            .with_extension("wat");
        let wasm = wat::parse_file(&source).with_context(|| source.display().to_string())?;
        let module = folder.join("module.wasm");
        std::fs::write(&module, wasm)?;
        let peer = &*compared.engines[engine];
        let artefact = folder.join(format!("{name}.{}", peer.name()));
        compared.compile(peer, &module, &artefact)?;
        Ok(Entry {
            engine,
            artefact,
            times: Times::default(),
        })
    }

    fn seconds(&self) -> f64 {
        self.times.least().unwrap_or_default().as_secs_f64()
    }
}

pub fn measure_all(rounds: usize) -> Result<Suite> {
    let compared = Compared::find()?;
    let folder = tempfile::tempdir()?;
    let ours = |name| Entry::new(&compared, folder.path(), name, 0);
    progress("compile");
    let mut vectors = Vec::new();
    for name in VECTORS {
        for engine in 0..compared.engines.len() {
            vectors.push(Entry::new(&compared, folder.path(), name, engine)?);
        }
    }
    let mut pairs = Vec::new();
    for (subject, beside, _) in PAIRS {
        pairs.push(ours(subject)?);
        pairs.push(ours(beside)?);
    }
    let mut throw = [ours("throw")?];
    for round in 1..=rounds {
        progress(&format!("round {round} of {rounds}"));
        for entry in vectors.iter_mut().chain(&mut pairs).chain(&mut throw) {
            let peer = &*compared.engines[entry.engine];
            let taken = compared.run(peer, &entry.artefact, &[], None)?;
            entry.times.push(taken);
        }
    }

    let mut rows = Vec::new();
    for (name, entries) in VECTORS.iter().zip(vectors.chunks(compared.engines.len())) {
        rows.push(Row {
            subject: (*name).into(),
            quantity: "time",
            unit: Unit::Seconds,
            ours: entries[0].seconds(),
            theirs: entries.get(1).map(Entry::seconds),
        });
    }
    let ratios: Vec<_> = rows.iter().filter_map(Row::ratio).collect();
    let mut targets = vec![Target {
        what: format!(
            "time, geometric mean of {} loops over vectors",
            VECTORS.len()
        ),
        at_most: 1.0,
        ratio: geometric_mean(&ratios),
    }];
    for ((subject, beside, at_most), entries) in PAIRS.into_iter().zip(pairs.chunks(2)) {
        let row = Row {
            subject: format!("{subject} beside {beside}, ours"),
            quantity: "time",
            unit: Unit::Seconds,
            ours: entries[0].seconds(),
            theirs: Some(entries[1].seconds()),
        };
        targets.push(Target {
            what: format!("`{subject}` beside `{beside}`, both ours"),
            at_most,
            ratio: row.ratio(),
        });
        rows.push(row);
    }
    let each = throw[0].seconds() / THROWS;
    rows.push(Row {
        subject: "a throw through ten frames and its catch".into(),
        quantity: "time",
        unit: Unit::Seconds,
        ours: each,
        theirs: None,
    });
    targets.push(Target {
        what: format!("a throw beside {} us", THROW_SECONDS_MAX * 1e6),
        at_most: 1.0,
        ratio: Some(each / THROW_SECONDS_MAX),
    });
    Ok(Suite {
        name: "operators",
        title: format!("least of {rounds} interleaved rounds, one process each, CPU `native`"),
        ours: "ahead",
        theirs: compared.peer_title(),
        targets,
        rows,
    })
}
