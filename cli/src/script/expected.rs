//! Failures that are known: one list for all suites, each entry with its reason.
//!
//! ```text
//! # a comment
//! wasm-v1/linking.wast:33   why this directive fails
//! simd_load.wast            why anything in this file may fail
//! ```
//! A file is named by the end of its path. An entry that nothing failed for is as much an error as a
//! failure without an entry: the list would rot otherwise.

use super::{Failure, Outcome};
use anyhow::{Result, bail};
use std::path::Path;

#[derive(Debug, Default)]
pub struct ExpectedFailures {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    file: String,
    line: Option<usize>,
}

/// A file's outcome in the light of the list.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Failures without an entry.
    pub unexpected: Vec<Failure>,
    /// How many failures have one.
    pub expected: usize,
    /// Entries for this file that nothing failed for.
    pub unexpected_passes: Vec<String>,
}

impl ExpectedFailures {
    pub fn parse(text: &str) -> Result<Self> {
        let mut entries = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let number = number + 1;
            let Some((place, _reason)) = line.split_once(char::is_whitespace) else {
                bail!("`{line}` has no reason (at line {number})");
            };
            let (file, line) = match place.rsplit_once(':') {
                Some((file, line)) => match line.parse() {
                    Ok(line) => (file, Some(line)),
                    Err(_) => bail!("`{place}` names no line (at line {number})"),
                },
                None => (place, None),
            };
            entries.push(Entry {
                file: file.to_owned(),
                line,
            });
        }
        Ok(ExpectedFailures { entries })
    }

    /// Sorts a file's failures into expected and unexpected ones.
    pub fn judge(&self, path: &Path, outcome: Outcome) -> Verdict {
        let entries: Vec<_> = self
            .entries
            .iter()
            .filter(|entry| path.ends_with(&entry.file))
            .collect();
        let mut verdict = Verdict::default();
        let mut used = vec![false; entries.len()];
        for failure in outcome.failures {
            let entry = entries
                .iter()
                .position(|entry| entry.line.is_none_or(|line| line == failure.line));
            match entry {
                Some(entry) => {
                    used[entry] = true;
                    verdict.expected += 1;
                }
                None => verdict.unexpected.push(failure),
            }
        }
        let unused = entries.iter().zip(used).filter(|(_, used)| !used);
        verdict.unexpected_passes = unused
            .map(|(entry, _)| match entry.line {
                Some(line) => format!("{}:{line}", entry.file),
                None => entry.file.clone(),
            })
            .collect();
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(lines: &[usize]) -> Outcome {
        let failures = lines.iter().map(|&line| Failure {
            line,
            message: String::new(),
        });
        Outcome {
            passed: 0,
            failures: failures.collect(),
        }
    }

    #[test]
    fn failures_and_entries_must_agree() {
        let list = ExpectedFailures::parse(
            "# known\n\na.wast:3 too old\na.wast:9 fixed meanwhile\nv2/b.wast whole file\n",
        )
        .unwrap();
        let verdict = list.judge(Path::new("suite/a.wast"), outcome(&[3, 5]));
        assert_eq!(verdict.expected, 1);
        assert_eq!(verdict.unexpected.len(), 1);
        assert_eq!(verdict.unexpected[0].line, 5);
        assert_eq!(verdict.unexpected_passes, ["a.wast:9"]);

        let verdict = list.judge(Path::new("v2/b.wast"), outcome(&[1, 2]));
        assert_eq!((verdict.expected, verdict.unexpected.len()), (2, 0));
        assert!(verdict.unexpected_passes.is_empty());
        let elsewhere = list.judge(Path::new("v1/b.wast"), outcome(&[1]));
        assert_eq!(elsewhere.unexpected.len(), 1);
    }

    #[test]
    fn every_entry_has_a_reason() {
        assert!(ExpectedFailures::parse("a.wast:3").is_err());
        assert!(ExpectedFailures::parse("a.wast:x reason").is_err());
    }
}
