//! `docs/benchmarks.md`: all programs under all engines, those where we lose first; and what the suites measured, if
//! that was kept.

use crate::report::{self, Suite};
use crate::suites::programs::Done;
use ahead_bench::machine::Machine;
use ahead_bench::session::{Quantity, Report};
use ahead_bench::statistics::{Verdict, geometric_mean};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// What files of suites are called, among those of programs.
const SUITE: &str = "suite-";

/// Keeps a suite for the page.
pub fn keep(folder: &Path, machine: &Machine, suite: &Suite) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join(format!("{SUITE}{}.json", suite.name));
    let json = report::json(machine, std::slice::from_ref(suite));
    Ok(std::fs::write(file, format!("{json:#}\n"))?)
}

/// What is tabulated, with a sentence on each.
const TABLES: [(Quantity, &str); 6] = [
    (Quantity::Steady, "Running: an iteration when all is warm"),
    (
        Quantity::First,
        "The first iteration, with loading or compiling",
    ),
    (
        Quantity::OnceWall,
        "A new process that runs the program once",
    ),
    (Quantity::OncePeak, "Memory of that process"),
    (Quantity::CompileCpu, "CPU time of compiling ahead of time"),
    (Quantity::CompilePeak, "Memory of the process that compiles"),
];

/// The page, for the book. What suites measured is in the folder `kept`.
pub fn write(done: &Done, kept: Option<&Path>) -> Result<String> {
    let mut page = String::from("# Benchmarks\n\n");
    let machine = &done.machine;
    let commits: BTreeSet<_> = done
        .reports
        .iter()
        .map(|one| &*one.machine.commit)
        .collect();
    writeln!(
        page,
        "Time of each engine over that of `ahead`, by program: above 1, the engine takes longer; below 1, `ahead` does. \
         `=` is a tie:\nno more than the machine's noise. `?` was measured too few times to tell. \
         [What is fair](benchmarking.md), and what the words mean.\n\n\
         By `{}`, with {} checked out when it was measured, on {}, {} cores, {}. Written by that command, not by hand.\n",
        machine.command,
        commits.into_iter().collect::<Vec<_>>().join(", "),
        machine.cpu,
        machine.cores,
        machine.system
    )?;
    losses(&mut page, done)?;
    let mut names: Vec<&str> = Vec::new();
    for engine in done.reports.iter().flat_map(|report| &report.engines[1..]) {
        if !names.contains(&&*engine.name) {
            names.push(&engine.name);
        }
    }
    for (quantity, title) in TABLES {
        table(&mut page, done, &names, quantity, title)?;
    }
    if let Some(kept) = kept {
        suites(&mut page, kept)?;
    }
    writeln!(page, "## Engines\n")?;
    let first = done.reports.first().context("nothing was measured")?;
    let mut told = BTreeSet::new();
    for engine in done.reports.iter().flat_map(|report| &report.engines) {
        if told.insert(&engine.name) {
            writeln!(page, "- `{}`: {}", engine.name, engine.about)?;
        }
    }
    let missing: BTreeSet<_> = first
        .missing
        .iter()
        .map(|one| (&one.name, &one.why))
        .collect();
    for (name, why) in missing {
        writeln!(page, "- `{name}` is missing: {why}")?;
    }
    writeln!(page, "\n## Left out\n")?;
    for report in &done.reports {
        for failed in &report.failed {
            writeln!(
                page,
                "- {} under `{}`: {}",
                report.subject.name,
                failed.name,
                one_line(&failed.why)
            )?;
        }
    }
    for program in &done.left_out {
        writeln!(page, "- {}: {}", program.name, one_line(&program.why))?;
    }
    Ok(page)
}

/// Engines that `ahead` loses to in the steady state, or may, by program.
fn losses(page: &mut String, done: &Done) -> Result<()> {
    writeln!(page, "## Where `ahead` loses when all is warm, or may\n")?;
    let mut count = 0;
    for report in &done.reports {
        let faster = report.engines.iter().filter_map(|engine| {
            let compared = engine.measured.get(&Quantity::Steady)?.compared?;
            let (name, ratio) = (&engine.name, compared.ratio.middle);
            match compared.verdict {
                Verdict::Less => Some(format!("`{name}` {ratio:.2}")),
                // Not said to be no loss, either.
                Verdict::Open if ratio < 1.0 => Some(format!("`{name}` {ratio:.2}?")),
                _ => None,
            }
        });
        let faster: Vec<_> = faster.collect();
        if !faster.is_empty() {
            count += 1;
            writeln!(page, "- {}: {}", report.subject.name, faster.join(", "))?;
        }
    }
    writeln!(
        page,
        "\nThese are {count} of {} programs.\n",
        done.reports.len()
    )?;
    Ok(())
}

/// What the suites measured, as they left it.
fn suites(page: &mut String, folder: &Path) -> Result<()> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(SUITE) {
            files.push(path.clone());
        }
    }
    files.sort();
    for file in files {
        let run: serde_json::Value = serde_json::from_slice(&std::fs::read(&file)?)?;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        for suite in run["suites"].as_array().into_iter().flatten() {
            writeln!(page, "## Suite `{}`\n", text(&suite["suite"]))?;
            writeln!(
                page,
                "{}. By `{}`, with {} checked out when it was measured, on {}, {} cores.\n",
                text(&suite["title"]),
                text(&run["command"]),
                text(&run["commit"]),
                text(&run["cpu"]),
                run["cores"]
            )?;
            let (ours, theirs) = (text(&suite["ours"]), text(&suite["theirs"]));
            writeln!(
                page,
                "| | | {ours} | {theirs} | ratio |\n|---|---|---|---|---|"
            )?;
            for row in suite["rows"].as_array().into_iter().flatten() {
                let unit = report::Unit::named(&text(&row["unit"]));
                let amount = |value: &serde_json::Value| match (value.as_f64(), unit) {
                    (Some(amount), Some(unit)) => unit.write(amount),
                    _ => "-".into(),
                };
                let ratio = row["ratio"].as_f64();
                writeln!(
                    page,
                    "| {} | {} | {} | {} | {} |",
                    text(&row["subject"]),
                    text(&row["quantity"]),
                    amount(&row["ours"]),
                    amount(&row["theirs"]),
                    ratio.map_or("-".into(), |ratio| format!("{ratio:.2}")),
                )?;
            }
            page.push('\n');
            for target in suite["targets"].as_array().into_iter().flatten() {
                let ratio = target["ratio"].as_f64().unwrap_or(f64::NAN);
                let is_met = target["met"].as_bool() == Some(true);
                writeln!(
                    page,
                    "- {}: {ratio:.2}, and {} is wanted{}",
                    text(&target["what"]),
                    target["at_most"],
                    if is_met { "" } else { ": **missed**" }
                )?;
            }
            page.push('\n');
        }
    }
    Ok(())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn table(
    page: &mut String,
    done: &Done,
    names: &[&str],
    quantity: Quantity,
    title: &str,
) -> Result<()> {
    let ratio = |report: &Report, name: &str| {
        let engine = report.engines.iter().find(|engine| engine.name == *name)?;
        let compared = engine.measured.get(&quantity)?.compared?;
        Some((compared.ratio.middle, compared.verdict))
    };
    let names: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| {
            done.reports
                .iter()
                .any(|report| ratio(report, name).is_some())
        })
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    writeln!(page, "## {title}\n\n| | ahead | {} |", names.join(" | "))?;
    writeln!(page, "|---|---|{}", "---|".repeat(names.len()))?;
    // Where the best of the others leaves us furthest behind comes first.
    let mut reports: Vec<_> = done.reports.iter().collect();
    let best = |report: &Report| {
        let ratios = names.iter().filter_map(|name| ratio(report, name));
        ratios.map(|ratio| ratio.0).fold(f64::MAX, f64::min)
    };
    reports.sort_by(|one, other| best(one).total_cmp(&best(other)));
    for report in reports {
        let ours = report.engines[0].measured.get(&quantity);
        let ours = ours.map_or("-".into(), |ours| quantity.write(ours.interval.middle));
        let cells: Vec<String> = names
            .iter()
            .map(|name| match ratio(report, name) {
                Some((ratio, Verdict::Tie)) => format!("= {ratio:.2}"),
                Some((ratio, Verdict::Open)) => format!("{ratio:.2}?"),
                Some((ratio, _)) => format!("{ratio:.2}"),
                None => "-".into(),
            })
            .collect();
        writeln!(
            page,
            "| {} | {ours} | {} |",
            report.subject.name,
            cells.join(" | ")
        )?;
    }
    let means = names.iter().map(|name| {
        let ratios = done.reports.iter().filter_map(|report| ratio(report, name));
        let ratios: Vec<f64> = ratios.map(|ratio| ratio.0).collect();
        geometric_mean(&ratios).map_or("-".into(), |mean| format!("**{mean:.2}**"))
    });
    let means: Vec<_> = means.collect();
    writeln!(page, "| **geometric mean** | | {} |\n", means.join(" | "))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Row, Target, Unit};
    use ahead_bench::engines::Way;
    use ahead_bench::session::{EngineReport, Measured, Subject};
    use ahead_bench::statistics;
    use std::collections::BTreeMap;

    fn machine() -> Machine {
        Machine {
            commit: "abc1234".into(),
            cpu: "a CPU".into(),
            cores: 2,
            system: "Linux".into(),
            load: 0.0,
            command: "ahead-benches programs".into(),
        }
    }

    /// A program that takes `ours`, and `theirs` under another engine.
    fn report(name: &str, ours: f64, theirs: f64) -> Report {
        let samples = |amount: f64| vec![amount * 1.001, amount, amount, amount, amount, amount];
        let engine = |name: &str, amount: f64, compared| EngineReport {
            name: name.into(),
            about: format!("what is called {name}"),
            way: Way::Ahead,
            commands: Vec::new(),
            measured: BTreeMap::from([(
                Quantity::Steady,
                Measured {
                    interval: statistics::interval(&samples(amount)).unwrap(),
                    outliers: 0,
                    compared,
                    samples: samples(amount),
                },
            )]),
            curve: Vec::new(),
        };
        let compared = statistics::compare(&samples(ours), &samples(theirs), 1.01);
        Report {
            machine: machine(),
            subject: Subject {
                name: name.into(),
                module_bytes: 1,
                call: name.into(),
                iteration: "one call".into(),
                result: "()".into(),
            },
            rounds: 6,
            engines: vec![
                engine("ahead", ours, None),
                engine("other", theirs, compared),
            ],
            missing: Vec::new(),
            failed: Vec::new(),
            memory_floor_bytes: 0,
            noise: BTreeMap::new(),
            envoy: None,
        }
    }

    #[test]
    fn what_is_lost_is_told_first_and_what_is_won_too() {
        let done = Done {
            machine: machine(),
            reports: vec![
                report("won", 1e6, 3e6),
                report("lost", 3e6, 1e6),
                report("even", 1e6, 1e6),
            ],
            left_out: Vec::new(),
        };
        let folder = tempfile::tempdir().unwrap();
        let row = Row {
            subject: "a loop".into(),
            quantity: "time",
            unit: Unit::Seconds,
            ours: 0.003,
            theirs: Some(0.002),
        };
        let suite = Suite {
            name: "operators",
            title: "least of 5".into(),
            ours: "ahead",
            theirs: "other".into(),
            targets: vec![Target {
                what: "loops".into(),
                at_most: 1.0,
                ratio: row.ratio(),
            }],
            rows: vec![row],
        };
        keep(folder.path(), &machine(), &suite).unwrap();
        let page = write(&done, Some(folder.path())).unwrap();
        assert!(page.contains("- lost: `other` 0.33\n"), "{page}");
        assert!(page.contains("These are 1 of 3 programs."), "{page}");
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}\n{page}"));
        assert!(place("| lost | 3.00 ms | 0.33 |") < place("| even | 1.00 ms | = 1.00 |"));
        assert!(place("| even |") < place("| won | 1.00 ms | 3.00 |"));
        place("| a loop | time | 3.00 ms | 2.00 ms | 1.50 |");
        place("- loops: 1.50, and 1.0 is wanted: **missed**");
        place("- `other`: what is called other");
    }
}
