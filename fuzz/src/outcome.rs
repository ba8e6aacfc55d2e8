//! What a module did, in words that two engines can agree on.
//!
//! ```text
//! start ok                                   or `start trap ...`, `start error`
//! call 0: i32 5, f64 0x7ff8000000000000      results, or `trap ...`
//! global 1: i64 -1
//! memory 2: 3 pages, 0x1234                  a hash of all bytes
//! table 3: 10 elements, 0x0fed               a hash of which are null
//! imported 0: i32 7                          a call of an imported function: arguments
//! imports: 12 calls                          of all imported functions
//! ```
//! Exports are numbered in the module's order. A trap is named by its cause as far as engines agree on causes. A
//! stack that ran out says nothing: how deep it is is each engine's own affair.

use crate::random::Random;
use std::fmt;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub lines: Vec<String>,
    /// It depends on what engines may decide for themselves.
    pub inconclusive: bool,
}

/// What the guest called of the host.
#[derive(Debug)]
pub struct Calls {
    seed: u64,
    count: u64,
    /// The first ones.
    lines: Vec<String>,
}

/// How many calls of imported functions are kept.
const CALLS_SHOWN_MAX: usize = 100;

impl Calls {
    pub fn new(seed: u64) -> Self {
        Calls {
            seed,
            count: 0,
            lines: Vec::new(),
        }
    }

    /// Takes note of a call; gives what its results are to be made of.
    pub fn called(&mut self, import: usize, args: Vec<String>) -> Random {
        self.count += 1;
        if self.lines.len() < CALLS_SHOWN_MAX {
            let args = Ended::Values(args);
            self.lines.push(format!("imported {import}: {args}"));
        }
        Random::new(self.seed ^ self.count << 16 ^ import as u64)
    }
}

/// Causes of traps that both engines tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Unreachable,
    /// Any access to a memory that is beyond its end or not aligned as it must be: which of both is found first is
    /// each engine's own affair.
    Memory,
    /// Any access to a table beyond its end.
    Table,
    NullElement,
    Signature,
    DivideByZero,
    Overflow,
    Conversion,
    /// Any use of a null reference.
    Null,
    Exception,
    Other,
}

/// What a guest did when it was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    Values(Vec<String>),
    Trap(Cause),
    StackOverflow,
    /// It never began.
    Error,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ended::Values(values) if values.is_empty() => f.write_str("ok"),
            Ended::Values(values) => f.write_str(&values.join(", ")),
            Ended::Trap(cause) => write!(f, "trap {cause:?}"),
            Ended::StackOverflow => f.write_str("stack overflow"),
            Ended::Error => f.write_str("error"),
        }
    }
}

impl Outcome {
    pub fn start(&mut self, ended: &Ended) {
        self.inconclusive |= *ended == Ended::StackOverflow;
        self.lines.push(format!("start {ended}"));
    }

    pub fn call(&mut self, export: usize, ended: &Ended) {
        self.inconclusive |= *ended == Ended::StackOverflow;
        self.lines.push(format!("call {export}: {ended}"));
    }

    pub fn global(&mut self, export: usize, value: &str) {
        self.lines.push(format!("global {export}: {value}"));
    }

    pub fn memory(&mut self, export: usize, pages: u64, bytes: &[u8]) {
        let hash = hash(bytes.iter().copied());
        self.lines
            .push(format!("memory {export}: {pages} pages, {hash:#018x}"));
    }

    pub fn table(&mut self, export: usize, is_null: impl Iterator<Item = bool>) {
        let nulls: Vec<u8> = is_null.map(u8::from).collect();
        let (count, hash) = (nulls.len(), hash(nulls.into_iter()));
        self.lines
            .push(format!("table {export}: {count} elements, {hash:#018x}"));
    }

    pub fn imports(&mut self, calls: &Calls) {
        self.lines.extend_from_slice(&calls.lines);
        self.lines.push(format!("imports: {} calls", calls.count));
    }

    /// The first line in which two outcomes differ, as each has it; `None` if they agree or if either of them
    /// says nothing.
    pub fn difference(&self, other: &Outcome) -> Option<(String, String)> {
        if self.inconclusive || other.inconclusive {
            return None;
        }
        let line = |outcome: &Outcome, at: usize| {
            let line = outcome.lines.get(at).cloned();
            line.unwrap_or_else(|| "nothing".into())
        };
        (0..self.lines.len().max(other.lines.len()))
            .map(|at| (line(self, at), line(other, at)))
            .find(|(one, two)| one != two)
    }

    /// As a file holds it.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        if self.inconclusive {
            text.push_str("inconclusive\n");
        }
        for line in &self.lines {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    pub fn from_text(text: &str) -> Self {
        let mut outcome = Outcome::default();
        for line in text.lines() {
            match line {
                "inconclusive" => outcome.inconclusive = true,
                line => outcome.lines.push(line.to_owned()),
            }
        }
        outcome
    }
}

/// 64-bit FNV-1a.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A number as both engines write it. Floats are bits: NaNs are canonical in both.
pub fn i32(value: i32) -> String {
    format!("i32 {value}")
}

pub fn i64(value: i64) -> String {
    format!("i64 {value}")
}

pub fn f32(bits: u32) -> String {
    format!("f32 {bits:#010x}")
}

pub fn f64(bits: u64) -> String {
    format!("f64 {bits:#018x}")
}

pub fn v128(bits: u128) -> String {
    format!("v128 {bits:#034x}")
}

/// Of a reference only whether it is null.
pub fn reference(is_null: bool) -> String {
    if is_null { "null" } else { "reference" }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(memory: &[u8]) -> Outcome {
        let mut outcome = Outcome::default();
        outcome.start(&Ended::Values(vec![]));
        outcome.call(0, &Ended::Values(vec![i32(-1), f32(0x7fc0_0000)]));
        outcome.call(1, &Ended::Trap(Cause::Memory));
        outcome.memory(2, 1, memory);
        outcome.table(3, [true, false].into_iter());
        outcome
    }

    #[test]
    fn outcomes_survive_a_file_and_differ_by_a_byte() {
        let one = outcome(&[1, 2, 3]);
        assert_eq!(Outcome::from_text(&one.to_text()), one);
        assert_eq!(one.difference(&outcome(&[1, 2, 3])), None);
        let (expected, found) = one.difference(&outcome(&[1, 2, 4])).unwrap();
        assert!(expected.starts_with("memory 2: 1 pages") && expected != found);
    }

    #[test]
    fn a_missing_line_is_a_difference() {
        let one = outcome(&[]);
        let mut shorter = one.clone();
        shorter.lines.pop();
        assert_eq!(one.difference(&shorter).unwrap().1, "nothing");
    }

    #[test]
    fn an_exhausted_stack_says_nothing() {
        let mut one = outcome(&[]);
        one.call(4, &Ended::StackOverflow);
        assert_eq!(one.difference(&outcome(&[9])), None);
        assert!(Outcome::from_text(&one.to_text()).inconclusive);
    }
}
