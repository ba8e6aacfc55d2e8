//! Every scenario of `tests/filters` with Envoy's own host and with ours.
//!
//! What V8 does is written down beside each scenario: `BLESS=1` writes it again. What ours does is compared with
//! that, and `tests/filters/differences.txt` says where it may differ, and why.

use crate::routes::{Host, outcomes};
use ahead_tests::filters::{Scenario, folder};
use ahead_tests::{envoy, golden};

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
