//! Every scenario of `tests/filters` with Envoy's own host and with ours.
//!
//! What V8 does is written down beside each scenario: `BLESS=1` writes it again. What ours does is compared with
//! that, and `tests/filters/differences.txt` says where it may differ, and why.

use crate::routes::{Host, outcomes};
use ahead_tests::filters::{Differences, Scenario, folder};
use ahead_tests::{envoy, golden};
use std::collections::BTreeMap;

#[test]
fn v8_does_what_is_written_down() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let mut failures = Vec::new();
    let mut scenarios = Scenario::all();
    scenarios.retain(|scenario| scenario.with_v8);
    for (name, outcome) in outcomes(&program, Host::V8, &scenarios) {
        let expected = folder().join(format!("{name}.expected"));
        failures.extend(golden::compare(&expected, &outcome.to_string()).err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn ahead_does_what_v8_does() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let path = folder().join("differences.txt");
    let list = std::fs::read_to_string(&path).expect("the list");
    let differences = Differences::parse(&list);
    let scenarios = Scenario::all();
    let mut failures = Vec::new();
    let ours = outcomes(&program, Host::Ahead, &scenarios);
    let mut compared = BTreeMap::new();
    for scenario in &scenarios {
        let Some(ours) = ours.get(&scenario.name) else {
            continue;
        };
        let (name, ours) = (&scenario.name, ours.to_string());
        let expected = folder().join(format!("{name}.expected"));
        if scenario.with_v8 {
            let theirs = std::fs::read_to_string(&expected).unwrap_or_default();
            compared.insert(name.clone(), (theirs, ours));
        } else {
            failures.extend(golden::compare(&expected, &ours).err());
        }
    }
    if golden::blessing() {
        std::fs::write(&path, differences.rewritten(&compared)).expect("a list that is written");
    } else {
        for (name, (theirs, ours)) in &compared {
            let judged = differences.judge(name, theirs, ours);
            failures.extend(judged.map_err(|why| format!("{name}:\n{why}")).err());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// A list that names what is not there, or an outcome of nothing, is left over from something.
#[test]
fn every_outcome_has_its_scenario() {
    for list in ["differences.txt", "differences-serve.txt"] {
        let text = std::fs::read_to_string(folder().join(list)).expect("the list");
        for name in Differences::parse(&text).scenarios() {
            let source = |extension| folder().join(format!("{name}.{extension}"));
            let there = source("wat").exists() || source("scenario").exists();
            assert!(there, "{list}: no `{name}`");
        }
    }
    golden::no_orphans(&folder().join("hostcalls"), "wat", &["expected"]);
    golden::no_orphans(&folder().join("scenarios"), "scenario", &["expected"]);
}
