//! Where our host may differ from Envoy's own, line by line, each with its reason.
//!
//! ```text
//! == empty-values: the proxy's interface makes no header without a value
//! hostcalls/add_header_map_value
//! -     x-empty:
//! +     x-empty: 1
//! ```
//!
//! A `-` is a line of V8's outcome that ours has not, a `+` one of ours that V8's has not. All of them must be
//! there, and no others: a difference that is gone must leave the list.

use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct Differences {
    /// By scenario: signed lines, in order of the file, with the name of the difference.
    accepted: BTreeMap<String, Vec<(String, String)>>,
}

impl Differences {
    /// # Panics
    /// If a line is in no form of the above.
    pub fn parse(text: &str) -> Differences {
        let mut differences = Differences::default();
        let (mut name, mut scenario) = (None, None);
        for line in text.lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(head) = line.strip_prefix("== ") {
                let (first, reason) = head.split_once(": ").unwrap_or_default();
                assert!(
                    !first.is_empty() && !reason.trim().is_empty(),
                    "no name and reason: {line}"
                );
                name = Some(first.to_owned());
                scenario = None;
            } else if line.starts_with(['-', '+']) {
                let name: &Option<String> = &name;
                let name = name.clone().unwrap_or_else(|| panic!("no name: {line}"));
                let scenario: &Option<String> = &scenario;
                let scenario = scenario
                    .clone()
                    .unwrap_or_else(|| panic!("no scenario: {line}"));
                differences
                    .accepted
                    .entry(scenario)
                    .or_default()
                    .push((line.to_owned(), name));
            } else {
                scenario = Some(line.to_owned());
            }
        }
        differences
    }

    /// The scenarios that are named.
    pub fn scenarios(&self) -> impl Iterator<Item = &str> {
        self.accepted.keys().map(String::as_str)
    }

    /// Compares two outcomes of a scenario.
    pub fn judge(&self, scenario: &str, theirs: &str, ours: &str) -> Result<(), String> {
        let mut left: Vec<&(String, String)> = self
            .accepted
            .get(scenario)
            .map_or(Vec::new(), |list| list.iter().collect());
        let mut unexpected = Vec::new();
        for line in difference(theirs, ours) {
            match left.iter().position(|accepted| accepted.0 == line) {
                Some(at) => drop(left.remove(at)),
                None => unexpected.push(line),
            }
        }
        let mut out = String::new();
        if !unexpected.is_empty() {
            out += "differs from V8 (-), ours (+):\n";
            for line in unexpected {
                out += &format!("  {line}\n");
            }
        }
        if !left.is_empty() {
            out += "accepted differences that are not there:\n";
            for (line, name) in left {
                out += &format!("  {line} ({name})\n");
            }
        }
        if out.is_empty() { Ok(()) } else { Err(out) }
    }
}

/// The lines that only one of them has, with `- ` before those of the first and `+ ` before those of the second.
fn difference(first: &str, second: &str) -> Vec<String> {
    let (first, second): (Vec<_>, Vec<_>) = (first.lines().collect(), second.lines().collect());
    // Length of the longest common subsequence of what begins at each pair of lines.
    let mut common = vec![vec![0_u32; second.len() + 1]; first.len() + 1];
    for i in (0..first.len()).rev() {
        for j in (0..second.len()).rev() {
            common[i][j] = if first[i] == second[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    while i < first.len() || j < second.len() {
        if i < first.len() && j < second.len() && first[i] == second[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == second.len() || (i < first.len() && common[i + 1][j] >= common[i][j + 1]) {
            out.push(format!("- {}", first[i]));
            i += 1;
        } else {
            out.push(format!("+ {}", second[j]));
            j += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_accepted_must_be_there_and_nothing_else() {
        let list = "# comment\n== gone: there is none\ns/one\n- b\n+ x\n";
        let differences = Differences::parse(list);
        assert!(differences.judge("s/one", "a\nb\nc", "a\nx\nc").is_ok());
        assert!(differences.judge("s/two", "a\nb", "a\nb").is_ok());
        let why = differences.judge("s/one", "a\nb", "a\nb").unwrap_err();
        assert!(why.contains("not there") && why.contains("gone"), "{why}");
        let why = differences.judge("s/one", "a\nb", "a\ny").unwrap_err();
        assert!(why.contains("+ y") && why.contains("+ x (gone)"), "{why}");
        assert!(differences.judge("s/two", "a\nb", "a").is_err());
    }
}
