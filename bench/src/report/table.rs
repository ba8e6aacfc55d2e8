//! The report for a terminal: what was measured on what, then a table for each question, a row for each engine.

use crate::engines::Missing;
use crate::filter::envoy::{EnvoyReport, HostReport};
use crate::session::{EngineReport, Quantity, Report};
use crate::statistics::{self, Comparison, Verdict};
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
        &[
            Quantity::OnceWall,
            Quantity::ColdWall,
            Quantity::OnceCpu,
            Quantity::OncePeak,
            Quantity::OncePageFaults,
        ],
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
    (
        "Embedding",
        &[
            Quantity::Instantiate,
            Quantity::InstanceMemory,
            Quantity::HostCall,
        ],
    ),
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
    if let Some(envoy) = &report.envoy {
        in_envoy(&mut out, envoy);
    }
    let reference = &report.engines[0].name;
    let _ = writeln!(
        out,
        "\nMedians of {} rounds; the file cache is warm but where it is said to be cold. In brackets the ratio to `{reference}` and its interval; `=` is a tie: \
         the interval\nholds 1, or the difference is no more than `{reference}` differs from itself ({}). `?` was measured too few times. `!n`: n rounds were far off.",
        report.rounds,
        noise(report),
    );
    let _ = writeln!(out, "An iteration is {}.", subject.iteration);
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
    let _ = writeln!(out, "\n{question}");
    aligned(out, &rows);
}

/// Rows of as many cells each, in columns.
fn aligned(out: &mut String, rows: &[Vec<String>]) {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<_> = (0..rows[0].len())
        .map(|column| width(column).unwrap_or(0))
        .collect();
    for row in rows {
        let mut line = format!("  {:<width$}", row[0], width = widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            let _ = write!(line, "  {cell:<width$}");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// What of a host in Envoy is told, as text: CPU time of a request, of the filter in it, and of starting; memory.
pub fn host_cells(host: &HostReport) -> [String; 4] {
    let time = Quantity::Steady;
    let request = statistics::median(&host.request_cpu_ns).unwrap_or(0.0);
    let filter = match (&host.filter_cpu_ns, &host.compared) {
        (None, _) => "-".into(),
        (Some(filter), None) => time.write(filter.middle),
        (Some(filter), Some(compared)) => time.write(filter.middle) + &ratio(compared),
    };
    [
        time.write(request),
        filter,
        time.write(host.start_cpu_ns as f64),
        Quantity::OncePeak.write(host.resident_bytes as f64),
    ]
}

pub const HOST_TITLES: [&str; 4] = ["request CPU", "of it the filter", "start CPU", "memory"];

fn in_envoy(out: &mut String, envoy: &EnvoyReport) {
    let _ = writeln!(out, "\nIn Envoy {}, one worker", envoy.version);
    let mut rows = vec![vec![String::new()]];
    rows[0].extend(HOST_TITLES.map(str::to_owned));
    for host in &envoy.hosts {
        let mut row = vec![host.name.clone()];
        row.extend(host_cells(host));
        rows.push(row);
    }
    aligned(out, &rows);
}

/// `12.3 ms (1.20 1.18-1.23)`.
fn cell(engine: &EngineReport, quantity: Quantity) -> String {
    let Some(measured) = engine.measured.get(&quantity) else {
        return "-".into();
    };
    let mut amount = quantity.write(measured.interval.middle);
    if measured.outliers > 0 {
        let _ = write!(amount, " !{}", measured.outliers);
    }
    match &measured.compared {
        None => amount,
        Some(compared) => amount + &ratio(compared),
    }
}

/// ` (1.20 1.18-1.23)`.
fn ratio(compared: &Comparison) -> String {
    let ratio = compared.ratio;
    let mark = match compared.verdict {
        Verdict::Tie => "= ",
        Verdict::Open => "? ",
        Verdict::Less | Verdict::More => "",
    };
    format!(
        " ({mark}{} {}-{})",
        two(ratio.middle),
        two(ratio.low),
        two(ratio.high)
    )
}

/// A ratio, with as many digits as say something.
fn two(ratio: f64) -> String {
    match ratio {
        _ if ratio >= 100.0 => format!("{ratio:.0}"),
        _ if ratio >= 10.0 => format!("{ratio:.1}"),
        _ => format!("{ratio:.2}"),
    }
}
