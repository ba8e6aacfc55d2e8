//! What was measured, as a table for people and as JSON for programs; and whether the targets are met.

use ahead_bench::machine::Machine;
use serde_json::json;
use std::fmt;

/// How a quantity is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Seconds,
    Bytes,
    PerSecond,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Unit::Seconds => "s",
            Unit::Bytes => "bytes",
            Unit::PerSecond => "1/s",
        }
    }

    /// As [`json`] names it.
    pub fn named(name: &str) -> Option<Unit> {
        let all = [Unit::Seconds, Unit::Bytes, Unit::PerSecond];
        all.into_iter().find(|unit| unit.name() == name)
    }

    pub fn write(self, amount: f64) -> String {
        match self {
            Unit::Seconds if amount >= 1.0 => format!("{amount:.2} s"),
            Unit::Seconds if amount >= 1e-3 => format!("{:.2} ms", amount * 1e3),
            Unit::Seconds if amount >= 1e-6 => format!("{:.1} us", amount * 1e6),
            Unit::Seconds => format!("{:.1} ns", amount * 1e9),
            Unit::Bytes if amount >= 1e6 => format!("{:.1} MB", amount / 1e6),
            Unit::Bytes => format!("{:.1} kB", amount / 1e3),
            Unit::PerSecond => format!("{amount:.0}/s"),
        }
    }
}

/// One quantity of one subject: ours, and what it is compared with.
#[derive(Clone, Debug)]
pub struct Row {
    pub subject: String,
    pub quantity: &'static str,
    pub unit: Unit,
    pub ours: f64,
    pub theirs: Option<f64>,
}

impl Row {
    pub fn ratio(&self) -> Option<f64> {
        self.theirs.map(|theirs| self.ours / theirs)
    }
}

/// A ratio that is to stay at or below a figure.
#[derive(Clone, Debug)]
pub struct Target {
    pub what: String,
    pub at_most: f64,
    /// Unknown without peers.
    pub ratio: Option<f64>,
}

impl Target {
    pub fn is_met(&self) -> Option<bool> {
        self.ratio.map(|ratio| ratio <= self.at_most)
    }
}

/// One suite's outcome.
#[derive(Clone, Debug)]
pub struct Suite {
    pub name: &'static str,
    /// What stands in the columns, and how it was measured.
    pub title: String,
    pub ours: &'static str,
    pub theirs: String,
    pub rows: Vec<Row>,
    pub targets: Vec<Target>,
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.name, self.title)?;
        let width = |column: fn(&Row) -> usize, title: usize| {
            self.rows.iter().map(column).max().unwrap_or(0).max(title)
        };
        let subject = width(|row| row.subject.len(), 0);
        let quantity = width(|row| row.quantity.len(), 0);
        let theirs = self.theirs.len().max(12);
        writeln!(
            f,
            "  {:subject$}  {:quantity$}  {:>12}  {:>theirs$}  {:>6}",
            "", "", self.ours, self.theirs, "ratio"
        )?;
        for row in &self.rows {
            let amount = |amount| row.unit.write(amount);
            writeln!(
                f,
                "  {:subject$}  {:quantity$}  {:>12}  {:>theirs$}  {:>6}",
                row.subject,
                row.quantity,
                amount(row.ours),
                row.theirs.map_or("-".into(), amount),
                row.ratio()
                    .map_or("-".into(), |ratio| format!("{ratio:.2}")),
            )?;
        }
        for target in &self.targets {
            let verdict = match target.is_met() {
                Some(true) => "met",
                Some(false) => "MISSED",
                None => "unknown without peers",
            };
            let ratio = target
                .ratio
                .map_or("-".into(), |ratio| format!("{ratio:.2}"));
            writeln!(
                f,
                "  => {}: {ratio}, target <= {}: {verdict}",
                target.what, target.at_most
            )?;
        }
        Ok(())
    }
}

/// All suites of a run.
pub fn json(machine: &Machine, suites: &[Suite]) -> serde_json::Value {
    let suite = |suite: &Suite| {
        let rows = suite.rows.iter().map(|row| {
            json!({
                "subject": row.subject, "quantity": row.quantity, "unit": row.unit.name(),
                "ours": row.ours, "theirs": row.theirs, "ratio": row.ratio(),
            })
        });
        let rows: Vec<_> = rows.collect();
        let targets = suite.targets.iter().map(|target| {
            json!({
                "what": target.what, "at_most": target.at_most, "ratio": target.ratio, "met": target.is_met(),
            })
        });
        let targets: Vec<_> = targets.collect();
        json!({
            "suite": suite.name, "title": suite.title, "ours": suite.ours, "theirs": suite.theirs,
            "rows": rows, "targets": targets,
        })
    };
    json!({
        "commit": machine.commit, "cpu": machine.cpu, "cores": machine.cores, "command": machine.command,
        "suites": suites.iter().map(suite).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_told() {
        let row = Row {
            subject: "x".into(),
            quantity: "time",
            unit: Unit::Seconds,
            ours: 0.003,
            theirs: Some(0.002),
        };
        let suite = Suite {
            name: "run",
            title: "least of 5".into(),
            ours: "ahead",
            theirs: "wasmtime".into(),
            targets: vec![Target {
                what: "time".into(),
                at_most: 1.0,
                ratio: row.ratio(),
            }],
            rows: vec![row],
        };
        let text = suite.to_string();
        assert!(
            text.contains("3.00 ms") && text.contains("2.00 ms"),
            "{text}"
        );
        assert!(text.contains("1.50, target <= 1: MISSED"), "{text}");
    }
}
