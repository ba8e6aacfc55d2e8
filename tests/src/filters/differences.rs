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
//! there, and no others: a difference that is gone must leave the list. A scenario with `!` before it is not compared
//! at all.
//!
//! With `BLESS=1` the list is written anew: what is gone leaves it, what is new comes under [`UNEXPLAINED`], where no
//! difference may stay.

use std::collections::BTreeMap;

/// The name under which new differences are written down, until somebody says why they are there.
pub const UNEXPLAINED: &str = "unexplained";

/// A signed line, and the name of the difference.
type Accepted = (String, String);

/// A signed line, and the name under which it is accepted, if it is.
type Found<'a> = (String, Option<&'a str>);

#[derive(Debug, Default)]
pub struct Differences {
    /// What stands before the first difference.
    preface: String,
    /// Names and reasons, in order of the file.
    reasons: Vec<(String, String)>,
    /// By scenario, in order of the file.
    accepted: BTreeMap<String, Vec<Accepted>>,
    /// Scenarios that are not compared, each with a name from `reasons`.
    left_out: BTreeMap<String, String>,
}

impl Differences {
    /// # Panics
    /// If a line is in no form of the above.
    pub fn parse(text: &str) -> Differences {
        let mut differences = Differences::default();
        let (mut name, mut scenario) = (None, None);
        for line in text.lines() {
            if line.is_empty() || line.starts_with('#') {
                if differences.reasons.is_empty() {
                    differences.preface += &format!("{line}\n");
                }
                continue;
            }
            if let Some(head) = line.strip_prefix("== ") {
                let (first, reason) = head.split_once(": ").unwrap_or_default();
                assert!(
                    !first.is_empty() && !reason.trim().is_empty(),
                    "no name and reason: {line}"
                );
                differences
                    .reasons
                    .push((first.to_owned(), reason.to_owned()));
                name = Some(first.to_owned());
                scenario = None;
            } else if let Some(left_out) = line.strip_prefix('!') {
                let name: &Option<String> = &name;
                let name = name.clone().unwrap_or_else(|| panic!("no name: {line}"));
                differences.left_out.insert(left_out.to_owned(), name);
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
        let named = self.accepted.keys().chain(self.left_out.keys());
        named.map(String::as_str)
    }

    pub fn leaves_out(&self, scenario: &str) -> bool {
        self.left_out.contains_key(scenario)
    }

    /// Compares two outcomes of a scenario.
    pub fn judge(&self, scenario: &str, theirs: &str, ours: &str) -> Result<(), String> {
        let (found, left) = self.sorted(scenario, theirs, ours);
        let unexpected: Vec<_> = found.iter().filter(|found| found.1.is_none()).collect();
        let mut out = String::new();
        if !unexpected.is_empty() {
            out += "differs from V8 (-), ours (+):\n";
            for (line, _) in unexpected {
                out += &format!("  {line}\n");
            }
        }
        if !left.is_empty() {
            out += "accepted differences that are not there:\n";
            for (line, name) in left {
                out += &format!("  {line} ({name})\n");
            }
        }
        if found.iter().any(|found| found.1 == Some(UNEXPLAINED)) {
            out += "differences that nobody explains\n";
        }
        if out.is_empty() { Ok(()) } else { Err(out) }
    }

    /// The differences of two outcomes, with the names under which they are accepted; and what is accepted and not
    /// there.
    fn sorted(&self, scenario: &str, theirs: &str, ours: &str) -> (Vec<Found<'_>>, Vec<&Accepted>) {
        let mut left: Vec<&Accepted> = self
            .accepted
            .get(scenario)
            .map_or(Vec::new(), |list| list.iter().collect());
        let found = difference(theirs, ours).into_iter().map(|line| {
            let at = left.iter().position(|accepted| accepted.0 == line);
            (line, at.map(|at| left.remove(at).1.as_str()))
        });
        let found = found.collect();
        (found, left)
    }

    /// The list for outcomes of scenarios, each theirs and ours. Scenarios that are not given stay as they are.
    pub fn rewritten(&self, outcomes: &BTreeMap<String, (String, String)>) -> String {
        let mut by_name: BTreeMap<&str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
        for (scenario, accepted) in &self.accepted {
            if !outcomes.contains_key(scenario) {
                for (line, name) in accepted {
                    let of_name = by_name.entry(name).or_default();
                    of_name.entry(scenario).or_default().push(line.clone());
                }
            }
        }
        for (scenario, (theirs, ours)) in outcomes {
            for (line, name) in self.sorted(scenario, theirs, ours).0 {
                let of_name = by_name.entry(name.unwrap_or(UNEXPLAINED)).or_default();
                of_name.entry(scenario).or_default().push(line);
            }
        }
        let mut out = self.preface.trim_end().to_owned() + "\n";
        let unexplained = (UNEXPLAINED.to_owned(), "say why".to_owned());
        for (name, reason) in self.reasons.iter().chain([&unexplained]) {
            let left_out = self.left_out.iter().filter(|of| of.1 == name);
            let left_out: String = left_out.map(|of| format!("!{}\n", of.0)).collect();
            let scenarios = by_name.remove(name.as_str()).unwrap_or_default();
            if scenarios.is_empty() && left_out.is_empty() {
                continue;
            }
            out += &format!("\n== {name}: {reason}\n{left_out}");
            for (scenario, lines) in scenarios {
                out += &format!("{scenario}\n{}\n", lines.join("\n"));
            }
        }
        out
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

    #[test]
    fn the_list_is_written_anew() {
        let list = "# comment\n\n== kept: why not\n!s/none\ns/one\n- b\n+ x\ns/other\n- z\n";
        let differences = Differences::parse(list);
        assert!(differences.leaves_out("s/none") && !differences.leaves_out("s/one"));
        assert_eq!(differences.rewritten(&BTreeMap::new()), list);
        let outcomes = [("s/one".to_owned(), ("a\nb".to_owned(), "a\nnew".to_owned()))];
        let new = differences.rewritten(&outcomes.into());
        let expected = "# comment\n\n== kept: why not\n!s/none\ns/one\n- b\ns/other\n- z\n\n\
                        == unexplained: say why\ns/one\n+ new\n";
        assert_eq!(new, expected);
        let blessed = Differences::parse(&new);
        let why = blessed.judge("s/one", "a\nb", "a\nnew").unwrap_err();
        assert!(why.contains("nobody explains"), "{why}");
    }
}
