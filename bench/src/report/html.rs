//! The report as one page that needs nothing else: style and charts are in it, there is no script. It follows the
//! browser's light or dark setting and fits a phone.

use super::chart::{bars, escape, warm_up};
use super::table::{HOST_TITLES, by_reason, host_cells};
use crate::session::{EngineReport, Quantity, Report};
use crate::statistics::Verdict;
use std::fmt::Write as _;

const STYLE: &str = include_str!("style.css");

/// How many colours the style has.
const COLOURS: usize = 14;

/// The whole page.
pub fn render(report: &Report) -> String {
    let subject = &report.subject;
    let title = format!("{}: ahead of time and just in time", subject.name);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>\n{STYLE}",
        escape(&title)
    );
    for index in 0..report.engines.len() {
        let _ = writeln!(
            page,
            ".e{index} {{ --engine: var(--e{}); }}",
            index % COLOURS
        );
    }
    page.push_str("</style>\n</head>\n<body>\n");
    let _ = writeln!(page, "<h1>{}</h1>", escape(&title));
    let reference = escape(&report.engines[0].name);
    let _ = writeln!(
        page,
        "<p class=\"quiet\">{} engines gave the same result, then were measured in {} interleaved rounds. Ratios are \
         to <code>{reference}</code>; below 1 is less than it. A tie is a difference that the machine's noise can \
         explain.</p>",
        report.engines.len(),
        report.rounds
    );
    if report.machine.is_loaded() {
        let _ = writeln!(
            page,
            "<p class=\"warning\">The machine was busy when this was measured (load {:.1} on {} cores): intervals are \
             wide, and small differences mean nothing.</p>",
            report.machine.load, report.machine.cores
        );
    }
    facts(&mut page, report);
    curve(&mut page, report);
    cards(
        &mut page,
        "Speed",
        report,
        &[
            Quantity::Steady,
            Quantity::First,
            Quantity::CallMedian,
            Quantity::CallSlow,
            Quantity::OnceWall,
            Quantity::ColdWall,
            Quantity::SteadyCpu,
        ],
    );
    cards(
        &mut page,
        "Memory and size",
        report,
        &[
            Quantity::OncePeak,
            Quantity::InstanceMemory,
            Quantity::CompilePeak,
            Quantity::ArtefactSize,
        ],
    );
    cards(
        &mut page,
        "Compiling and embedding",
        report,
        &[
            Quantity::CompileWall,
            Quantity::CompileCpu,
            Quantity::Instantiate,
            Quantity::HostCall,
        ],
    );
    numbers(&mut page, report);
    in_envoy(&mut page, report);
    engines(&mut page, report);
    page.push_str("</body>\n</html>\n");
    page
}

fn facts(page: &mut String, report: &Report) {
    let (machine, subject) = (&report.machine, &report.subject);
    let noise = report.noise.get(&Quantity::Steady).copied().unwrap_or(1.0);
    let facts = [
        ("Program", subject.call.clone()),
        ("Module", format!("{} bytes", subject.module_bytes)),
        ("Result", subject.result.clone()),
        ("CPU", format!("{}, {} cores", machine.cpu, machine.cores)),
        ("System", machine.system.clone()),
        ("Commit", machine.commit.clone()),
        ("Command", machine.command.clone()),
        (
            "Noise",
            format!(
                "{:.1} % in the steady state: how far {} is from itself",
                (noise - 1.0) * 100.0,
                report.engines[0].name
            ),
        ),
        ("Iteration", subject.iteration.clone()),
        ("File cache", "warm, but where it is said to be cold".into()),
    ];
    page.push_str("<dl>\n");
    for (name, fact) in facts {
        let _ = writeln!(page, "<dt>{name}</dt><dd>{}</dd>", escape(&fact));
    }
    page.push_str("</dl>\n");
}

fn curve(page: &mut String, report: &Report) {
    let Some(svg) = warm_up(report) else { return };
    page.push_str(
        "<h2>Warm-up</h2>\n<p class=\"quiet\">Time of each iteration, from the first, which has loading or compiling in \
         it. Both scales are logarithmic.</p>\n<div class=\"card\">\n",
    );
    page.push_str(&svg);
    page.push_str("<ul class=\"key\">\n");
    for (index, engine) in report.engines.iter().enumerate() {
        if engine.curve.len() > 1 {
            let _ = writeln!(
                page,
                "<li class=\"e{index}\"><i></i>{}</li>",
                escape(&engine.name)
            );
        }
    }
    page.push_str("</ul>\n</div>\n");
}

fn cards(page: &mut String, title: &str, report: &Report, quantities: &[Quantity]) {
    let _ = writeln!(page, "<h2>{title}</h2>\n<div class=\"cards\">");
    for &quantity in quantities {
        let Some(svg) = bars(report, quantity) else {
            continue;
        };
        let heading = sentence(quantity.title());
        let _ = writeln!(
            page,
            "<section class=\"card\">\n<h3>{heading}</h3>\n<p class=\"quiet\">{}.</p>\n{svg}</section>",
            escape(&sentence(quantity.explained()))
        );
    }
    page.push_str("</div>\n");
}

/// With a capital letter first.
fn sentence(text: &str) -> String {
    let mut sentence = text.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

fn numbers(page: &mut String, report: &Report) {
    let has = |quantity: &Quantity| {
        let measured = |engine: &EngineReport| engine.measured.contains_key(quantity);
        report.engines.iter().any(measured)
    };
    let quantities: Vec<_> = Quantity::ALL.into_iter().filter(has).collect();
    page.push_str(
        "<h2>All numbers</h2>\n<div class=\"scroll\" tabindex=\"0\">\n<table>\n<tr><th>engine</th>",
    );
    for quantity in &quantities {
        let _ = write!(page, "<th>{}</th>", quantity.title());
    }
    page.push_str("</tr>\n");
    for engine in &report.engines {
        let _ = write!(page, "<tr><td>{}</td>", escape(&engine.name));
        for quantity in &quantities {
            page.push_str(&cell(engine, *quantity));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table>\n</div>\n");
    let _ = writeln!(
        page,
        "<p class=\"quiet\">Medians with the ratio and its interval below. Memory at or below {} is that of the program \
         that starts the engines.</p>",
        Quantity::OncePeak.write(report.memory_floor_bytes as f64)
    );
}

fn in_envoy(page: &mut String, report: &Report) {
    let Some(envoy) = &report.envoy else { return };
    let _ = writeln!(
        page,
        "<h2>In Envoy</h2>\n<p class=\"quiet\">The same filter and mix in Envoy {}, with one worker: CPU time of its \
         thread, and what of that is the filter's. All Envoys ran at once and took turns.</p>\n\
         <div class=\"scroll\" tabindex=\"0\">\n<table>\n<tr><th>filter under</th>",
        escape(&envoy.version)
    );
    for title in HOST_TITLES {
        let _ = write!(page, "<th>{title}</th>");
    }
    page.push_str("</tr>\n");
    for host in &envoy.hosts {
        let _ = write!(page, "<tr><td>{}</td>", escape(&host.name));
        for cell in host_cells(host) {
            let _ = write!(page, "<td>{cell}</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table>\n</div>\n");
}

fn cell(engine: &EngineReport, quantity: Quantity) -> String {
    let Some(measured) = engine.measured.get(&quantity) else {
        return "<td>-</td>".into();
    };
    let amount = quantity.write(measured.interval.middle);
    let outliers = match measured.outliers {
        0 => String::new(),
        count => format!(", {count} far off"),
    };
    let (class, below) = match &measured.compared {
        None => (
            "",
            format!(
                "{} to {}",
                quantity.write(measured.interval.low),
                quantity.write(measured.interval.high)
            ),
        ),
        Some(compared) => {
            let (ratio, range) = (compared.ratio.middle, compared.ratio);
            let range = format!("{:.2} to {:.2}", range.low, range.high);
            match compared.verdict {
                Verdict::Tie => ("tie", format!("<b>tie</b> {range}")),
                Verdict::Open => ("open", format!("{ratio:.2}? {range}")),
                Verdict::Less => ("less", format!("<b>{ratio:.2}</b> {range}")),
                Verdict::More => ("more", format!("<b>{ratio:.2}</b> {range}")),
            }
        }
    };
    format!("<td class=\"{class}\">{amount}<small>{below}{outliers}</small></td>")
}

fn engines(page: &mut String, report: &Report) {
    page.push_str("<h2>Engines</h2>\n<dl>\n");
    for engine in &report.engines {
        let _ = writeln!(
            page,
            "<dt>{}</dt><dd>{}</dd>",
            escape(&engine.name),
            escape(&engine.about)
        );
    }
    page.push_str("</dl>\n");
    for (title, list) in [
        ("Not able to run the program", &report.failed),
        ("Not on this machine", &report.missing),
    ] {
        if list.is_empty() {
            continue;
        }
        let _ = writeln!(page, "<h3>{title}</h3>\n<dl>");
        for (names, why) in by_reason(list) {
            let _ = writeln!(page, "<dt>{}</dt><dd>{}</dd>", escape(&names), escape(why));
        }
        page.push_str("</dl>\n");
    }
    let _ = writeln!(
        page,
        "<h2>Repeat it</h2>\n<pre>{}</pre>",
        escape(&report.machine.command)
    );
    page.push_str("<details><summary>The processes that were measured</summary>\n");
    for engine in &report.engines {
        let commands: Vec<_> = engine
            .commands
            .iter()
            .map(|command| escape(command))
            .collect();
        let _ = writeln!(
            page,
            "<h3>{}</h3>\n<pre>{}</pre>",
            escape(&engine.name),
            commands.join("\n").replace('\u{fffd}', "\n")
        );
    }
    page.push_str("</details>\n");
}
