//! What a program did, and whether engines agree about it.

use crate::fingerprint;
use crate::value::Value;
use std::fmt;

/// What a program did, to be the same under every engine.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub exit: Option<i32>,
    /// Length and fingerprint.
    pub stdout: Option<(usize, String)>,
    pub values: Option<Vec<Value>>,
    /// `None` where the engine cannot tell.
    pub memory: Option<String>,
    /// What became of a filter's requests, in lines.
    pub seen: Option<Vec<String>>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(seen) = &self.seen {
            let print = fingerprint::of(seen.join("\n").as_bytes());
            let count = seen.len();
            parts.push(format!(
                "headers, bodies and logs in {count} lines ({print})"
            ));
        }
        if let Some(values) = &self.values {
            let values: Vec<_> = values.iter().map(ToString::to_string).collect();
            parts.push(format!("results ({})", values.join(", ")));
        }
        if let Some(memory) = &self.memory {
            parts.push(format!("memory {memory}"));
        }
        if let Some(exit) = self.exit {
            parts.push(format!("exit code {exit}"));
        }
        if let Some((bytes, print)) = &self.stdout {
            parts.push(format!("{bytes} bytes of output ({print})"));
        }
        f.write_str(&parts.join(", "))
    }
}

/// Two engines disagree about what a program does. Then no time of theirs means anything.
#[derive(Debug)]
pub struct Mismatch {
    pub reference: String,
    pub expected: Outcome,
    pub engine: String,
    pub got: Outcome,
    /// The last thing it complained of.
    pub complaint: Option<String>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch {
            reference,
            expected,
            engine,
            got,
            ..
        } = self;
        write!(
            f,
            "`{reference}` and `{engine}` do not give the same: `{reference}` {expected}; `{engine}` {got}"
        )?;
        if let Some((expected, got)) = self.first_difference() {
            write!(f, "\n  {reference}: {expected}\n  {engine}: {got}")?;
        }
        if let Some(complaint) = &self.complaint {
            write!(f, " ({complaint})")?;
        }
        write!(
            f,
            "\n\nhint: nothing was measured. `--without {engine}` leaves that engine out; a program that prints the \
             time or what is random can be measured with `--ignore-output`"
        )
    }
}

impl std::error::Error for Mismatch {}

impl Mismatch {
    /// The first lines of what became of requests that are not the same; they come from a filter, and are not to
    /// reach a terminal as they are.
    fn first_difference(&self) -> Option<(String, String)> {
        let (expected, got) = (self.expected.seen.as_ref()?, self.got.seen.as_ref()?);
        let count = expected.len().max(got.len());
        let at = (0..count).find(|&at| expected.get(at) != got.get(at))?;
        let line = |lines: &[String]| match lines.get(at) {
            Some(line) => line.escape_debug().to_string(),
            None => "nothing more".to_owned(),
        };
        Some((line(expected), line(got)))
    }
}

/// Whether `got` is what the reference did.
pub fn agree(expected: &Outcome, got: &Outcome) -> bool {
    let memory = match (&expected.memory, &got.memory) {
        (Some(expected), Some(got)) => expected == got,
        _ => true,
    };
    memory
        && expected.exit == got.exit
        && expected.stdout == got.stdout
        && expected.values == got.values
        && expected.seen == got.seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &[u8]) -> Outcome {
        Outcome {
            exit: Some(0),
            stdout: Some((text.len(), fingerprint::of(text))),
            values: None,
            memory: None,
            seen: None,
        }
    }

    #[test]
    fn outcomes_agree_or_do_not() {
        assert!(agree(&outcome(b"hello"), &outcome(b"hello")));
        assert!(!agree(&outcome(b"hello"), &outcome(b"hullo")));
        let failed = Outcome {
            exit: Some(1),
            ..outcome(b"hello")
        };
        assert!(!agree(&outcome(b"hello"), &failed));
        let with = |memory: Option<&str>| Outcome {
            memory: memory.map(Into::into),
            ..outcome(b"")
        };
        assert!(
            agree(&with(Some("a")), &with(None)),
            "not every engine tells"
        );
        assert!(!agree(&with(Some("a")), &with(Some("b"))));
    }
}
