//! The report for a terminal: what was measured on what, then a table for each question, a row for each engine.

use crate::engines::Missing;
use crate::session::{EngineReport, Quantity, Report};
use crate::statistics::Verdict;
use std::fmt::Write as _;

/// The questions, and what answers them.
const QUESTIONS: [(&str, &[Quantity]); 4] = [
    (
        "Running: time of an iteration",
        &[
            Quantity::Steady,
            Quantity::SteadyCpu,
            Quantity::First,
            Quantity::CallMedian,
            Quantity::CallSlow,
        ],
    ),
    (
        "Starting: a new process that runs it once",
        &[Quantity::OnceWall, Quantity::OnceCpu, Quantity::OncePeak],
    ),
    (
        "Compiling ahead of time",
        &[
            Quantity::CompileWall,
            Quantity::CompileCpu,
            Quantity::CompilePeak,
            Quantity::ArtefactSize,
        ],
    ),
    ("Embedding", &[Quantity::Instantiate, Quantity::HostCall]),
];

/// The whole report as text.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let subject = &report.subject;
    let _ = write!(out, "{}", report.machine);
    let _ = writeln!(
        out,
        "program  {}, {} bytes of WebAssembly",
        subject.call, subject.module_bytes
    );
    let _ = writeln!(
        out,
        "result   {}, the same under all engines",
        subject.result
    );
    if report.machine.is_loaded() {
        let _ = writeln!(out, "\nThe machine was busy: expect wide intervals.");
    }
    for (question, quantities) in QUESTIONS {
        table(&mut out, report, question, quantities);
    }
    let reference = &report.engines[0].name;
    let _ = writeln!(
        out,
        "\nMedians of {} rounds, file cache warm. In brackets the ratio to `{reference}` and its interval; `=` is a tie: \
         the interval\nholds 1, or the difference is no more than `{reference}` differs from itself ({}). `?` was measured too few times.",
        report.rounds,
        noise(report),
    );
    if subject.marks_region {
        let _ = writeln!(out, "The program marks what an iteration is.");
    }
    for engine in &report.engines {
        let _ = writeln!(out, "  {}: {}", engine.name, engine.about);
    }
    for (what, list) in [
        ("Not able to run it", &report.failed),
        ("Not on this machine", &report.missing),
    ] {
        if !list.is_empty() {
            let _ = writeln!(out, "\n{what}:");
        }
        for (names, why) in by_reason(list) {
            let _ = writeln!(out, "  {names}: {why}");
        }
    }
    out
}

/// The engines that have the same reason, together.
pub fn by_reason(list: &[Missing]) -> Vec<(String, &str)> {
    let mut reasons: Vec<(String, &str)> = Vec::new();
    for engine in list {
        match reasons.iter_mut().find(|known| known.1 == engine.why) {
            Some((names, _)) => *names += &format!(", {}", engine.name),
            None => reasons.push((engine.name.clone(), &engine.why)),
        }
    }
    reasons
}

/// Of the quantities that people ask for first.
fn noise(report: &Report) -> String {
    let percent = |quantity: Quantity| {
        let noise = report.noise.get(&quantity)?;
        Some(format!(
            "{} {:.0} %",
            quantity.title(),
            (noise - 1.0) * 100.0
        ))
    };
    let wanted = [Quantity::Steady, Quantity::OnceWall, Quantity::CompileCpu];
    wanted
        .into_iter()
        .filter_map(percent)
        .collect::<Vec<_>>()
        .join(", ")
}

fn table(out: &mut String, report: &Report, question: &str, quantities: &[Quantity]) {
    let has = |quantity: &&Quantity| {
        let measured = |engine: &EngineReport| engine.measured.contains_key(quantity);
        report.engines.iter().any(measured)
    };
    let quantities: Vec<_> = quantities.iter().filter(has).copied().collect();
    if quantities.is_empty() {
        return;
    }
    let mut rows = vec![vec![String::new()]];
    rows[0].extend(
        quantities
            .iter()
            .map(|quantity| quantity.title().to_owned()),
    );
    for engine in &report.engines {
        let mut row = vec![engine.name.clone()];
        row.extend(quantities.iter().map(|quantity| cell(engine, *quantity)));
        if row[1..].iter().any(|cell| cell != "-") {
            rows.push(row);
        }
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<_> = (0..rows[0].len())
        .map(|column| width(column).unwrap_or(0))
        .collect();
    let _ = writeln!(out, "\n{question}");
    for row in rows {
        let mut line = format!("  {:<width$}", row[0], width = widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            let _ = write!(line, "  {cell:<width$}");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// `12.3 ms (1.20 1.18-1.23)`.
fn cell(engine: &EngineReport, quantity: Quantity) -> String {
    let Some(measured) = engine.measured.get(&quantity) else {
        return "-".into();
    };
    let amount = quantity.write(measured.interval.middle);
    match &measured.compared {
        None => amount,
        Some(compared) => {
            let ratio = compared.ratio;
            let mark = match compared.verdict {
                Verdict::Tie => "= ",
                Verdict::Open => "? ",
                Verdict::Less | Verdict::More => "",
            };
            format!(
                "{amount} ({mark}{} {}-{})",
                two(ratio.middle),
                two(ratio.low),
                two(ratio.high)
            )
        }
    }
}

/// A ratio, with as many digits as say something.
fn two(ratio: f64) -> String {
    match ratio {
        _ if ratio >= 100.0 => format!("{ratio:.0}"),
        _ if ratio >= 10.0 => format!("{ratio:.1}"),
        _ => format!("{ratio:.2}"),
    }
}
