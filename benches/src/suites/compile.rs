//! How dear is compiling: CPU time of all threads, wall time and peak memory of a process that compiles one module.

use super::progress;
use crate::compared::Compared;
use crate::programs::{COMPILED, corpus};
use crate::report::{Row, Suite, Target, Unit};
use ahead_bench::statistics::{Times, geometric_mean};
use anyhow::Result;

#[derive(Default)]
struct Taken {
    cpu: Times,
    wall: Times,
    peak_bytes: Vec<u64>,
}

pub fn measure_all(rounds: usize) -> Result<Suite> {
    let corpus = corpus()?;
    let compared = Compared::find()?;
    let folder = tempfile::tempdir()?;
    let (mut rows, mut cpu_ratios, mut memory_ratios) = (Vec::new(), Vec::new(), Vec::new());
    for module in COMPILED {
        progress(&format!("compile {module}"));
        let mut taken: Vec<Taken> = compared.engines.iter().map(|_| Taken::default()).collect();
        for _ in 0..rounds {
            for (engine, taken) in compared.engines.iter().zip(&mut taken) {
                let output = folder.path().join("artefact");
                let once = compared.compile(&**engine, &corpus.join(module), &output)?;
                taken.cpu.push(once.cpu);
                taken.wall.push(once.wall);
                taken.peak_bytes.push(once.peak_bytes);
            }
        }
        let bytes = std::fs::metadata(corpus.join(module))?.len();
        let subject = format!("{} ({:.2} MB)", short(module), bytes as f64 / 1e6);
        let mut row = |quantity, unit, amount: &dyn Fn(&Taken) -> f64| {
            let row = Row {
                subject: subject.clone(),
                quantity,
                unit,
                ours: amount(&taken[0]),
                theirs: taken.get(1).map(amount),
            };
            let ratio = row.ratio();
            rows.push(row);
            ratio
        };
        let seconds = |times: &Times| times.least().unwrap_or_default().as_secs_f64();
        cpu_ratios.extend(row("cpu", Unit::Seconds, &|taken| seconds(&taken.cpu)));
        row("wall", Unit::Seconds, &|taken| seconds(&taken.wall));
        memory_ratios.extend(row("peak memory", Unit::Bytes, &|taken| {
            taken.peak_bytes.iter().min().copied().unwrap_or(0) as f64
        }));
    }
    let target = |what: &str, ratios: &[f64]| Target {
        what: format!("{what}, geometric mean"),
        at_most: 1.0,
        ratio: geometric_mean(ratios),
    };
    Ok(Suite {
        name: "compile",
        title: format!("least of {rounds} rounds, one process each, all threads"),
        ours: "ahead",
        theirs: compared.peer_title(),
        rows,
        targets: vec![
            target("cpu", &cpu_ratios),
            target("peak memory", &memory_ratios),
        ],
    })
}

/// What tells a corpus module from the others: the part of its file name before `__benchmark` and the like.
fn short(module: &str) -> &str {
    let file = module.rsplit('/').next().unwrap_or(module);
    let parts: Vec<_> = file.trim_end_matches(".wasm").split("__").collect();
    match parts[..] {
        [.., name, "benchmark"] => name,
        [.., name] => name,
        [] => file,
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn modules_have_short_names() {
        assert_eq!(short("a/benchmarks__noop__benchmark.wasm"), "noop");
        assert_eq!(
            short("a/benchmarks__tinygo__tinygo-json.wasm"),
            "tinygo-json"
        );
    }
}
