//! What was measured, as a page with charts: one file that needs no other, readable on light and on dark.

use crate::report::{Row, Suite};
use ahead_bench::machine::Machine;
use std::fmt::Write;

const STYLE: &str = "
:root { color-scheme: light dark; --text: #1d2329; --soft: #5c6670; --ground: #ffffff; --line: #d9dee3;
  --ours: #0b6e99; --theirs: #c0703a; --good: #1d7a3a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e8ec; --soft: #9aa5af; --ground: #14181c; --line: #333b43;
    --ours: #4fb3df; --theirs: #e0965f; --good: #62c483; --bad: #ff8a80; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground);
  max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
.soft { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
.row { display: grid; grid-template-columns: 14rem 1fr 4.5rem; gap: 0 1rem; align-items: center;
  padding: .6rem 0; border-top: 1px solid var(--line); }
.row h3 { font-size: 1rem; font-weight: 600; margin: 0; } .row .soft { margin: 0; }
.bar { display: flex; align-items: center; gap: .5rem; font-size: .875rem; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.bar i { height: .8rem; min-width: 2px; border-radius: 0 2px 2px 0; display: block; }
.ours i { background: var(--ours); } .theirs i { background: var(--theirs); }
.key span { margin-right: 1.5rem; } .key i { display: inline-block; width: .8rem; height: .8rem; margin-right: .4rem; }
.ratio { text-align: right; font-variant-numeric: tabular-nums; font-weight: 600; }
table { border-collapse: collapse; width: 100%; margin-top: 1rem; font-variant-numeric: tabular-nums; }
td, th { text-align: left; padding: .3rem .6rem .3rem 0; border-top: 1px solid var(--line); }
.met { color: var(--good); } .missed { color: var(--bad); }
@media (max-width: 40rem) { .row { grid-template-columns: 1fr 4.5rem; } .row > :nth-child(2) { grid-row: 2; grid-column: 1 / 3; } }
";

/// The page.
pub fn page(machine: &Machine, suites: &[Suite]) -> String {
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Measurements</title>\n",
    );
    write!(out, "<style>{STYLE}</style>\n<h1>Measurements</h1>\n").expect("a String");
    writeln!(
        out,
        "<p class=\"soft\">commit {}<br>{}, {} cores<br><code>{}</code></p>",
        escape(&machine.commit),
        escape(&machine.cpu),
        machine.cores,
        escape(&machine.command)
    )
    .expect("a String");
    for suite in suites {
        write_suite(&mut out, suite);
    }
    out.push_str("</html>\n");
    out
}

fn write_suite(out: &mut String, suite: &Suite) {
    let (name, title) = (escape(suite.name), escape(&suite.title));
    writeln!(out, "<h2>{name}</h2>\n<p class=\"soft\">{title}</p>").expect("a String");
    writeln!(
        out,
        "<p class=\"key soft\"><span><i style=\"background:var(--ours)\"></i>{}</span>\
         <span><i style=\"background:var(--theirs)\"></i>{}</span> the number at the right is their ratio</p>",
        escape(suite.ours),
        escape(&suite.theirs)
    )
    .expect("a String");
    for row in &suite.rows {
        write_row(out, row);
    }
    if suite.targets.is_empty() {
        return;
    }
    out.push_str("<table>\n<tr><th>target</th><th>at most</th><th>measured</th><th></th></tr>\n");
    for target in &suite.targets {
        let (class, verdict) = match target.is_met() {
            Some(true) => ("met", "met"),
            Some(false) => ("missed", "missed"),
            None => ("soft", "not measured"),
        };
        let ratio = target
            .ratio
            .map_or("-".into(), |ratio| format!("{ratio:.3}"));
        writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{ratio}</td><td class=\"{class}\">{verdict}</td></tr>",
            escape(&target.what),
            target.at_most
        )
        .expect("a String");
    }
    out.push_str("</table>\n");
}

fn write_row(out: &mut String, row: &Row) {
    let longest = row
        .theirs
        .unwrap_or(0.0)
        .max(row.ours)
        .max(f64::MIN_POSITIVE);
    let bar = |class: &str, amount: f64| {
        let percent = (amount / longest * 70.0).clamp(0.0, 70.0);
        let text = row.unit.write(amount);
        format!("<div class=\"bar {class}\"><i style=\"width:{percent:.1}%\"></i>{text}</div>")
    };
    let theirs = row
        .theirs
        .map(|amount| bar("theirs", amount))
        .unwrap_or_default();
    let ratio = row
        .ratio()
        .map_or(String::new(), |ratio| format!("{ratio:.2}"));
    writeln!(
        out,
        "<div class=\"row\"><div><h3>{}</h3><p class=\"soft\">{}</p></div><div>{}{theirs}</div>\
         <div class=\"ratio\">{ratio}</div></div>",
        escape(&row.subject),
        escape(row.quantity),
        bar("ours", row.ours),
    )
    .expect("a String");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Target, Unit};

    #[test]
    fn a_page_has_rows_and_verdicts_and_no_foreign_markup() {
        let suite = Suite {
            name: "envoy",
            title: "least <of> 5".into(),
            ours: "ahead",
            theirs: "V8".into(),
            rows: vec![Row {
                subject: "one header".into(),
                quantity: "CPU",
                unit: Unit::Seconds,
                ours: 1e-6,
                theirs: Some(4e-6),
            }],
            targets: vec![Target {
                what: "one header".into(),
                at_most: 0.45,
                ratio: Some(0.25),
            }],
        };
        let page = page(&Machine::this("a test"), &[suite]);
        for part in ["least &lt;of&gt; 5", "1.0 us", "4.0 us", ">0.25<", "met"] {
            assert!(page.contains(part), "no `{part}` in\n{page}");
        }
        assert!(!page.contains("http"), "it needs something else");
    }
}
