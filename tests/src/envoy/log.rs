//! Envoy's log, line by line.

/// What Envoy is told to write: thread, logger, level, message.
pub(super) const FORMAT: &str = "%t|%n|%l|%v";

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Which thread; the process's own number for the main thread.
    pub thread: u32,
    /// The component: `wasm`, `dynamic_modules`, `main`.
    pub logger: String,
    pub level: Level,
    /// What it says, with the lines that follow it in the same message.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warning,
    Error,
    Critical,
}

impl Level {
    fn parse(name: &str) -> Option<Level> {
        Some(match name {
            "trace" => Level::Trace,
            "debug" => Level::Debug,
            "info" => Level::Info,
            "warning" => Level::Warning,
            "error" => Level::Error,
            "critical" => Level::Critical,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Level::Trace => "trace",
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
            Level::Critical => "critical",
        }
    }
}

/// The lines of a log. What no line begins belongs to the one before.
pub(super) fn parse(text: &str) -> Vec<LogLine> {
    let mut lines: Vec<LogLine> = Vec::new();
    for raw in text.lines() {
        match (parse_line(raw), lines.last_mut()) {
            (Some(line), _) => lines.push(line),
            (None, Some(last)) => {
                last.text.push('\n');
                last.text.push_str(raw);
            }
            (None, None) => {}
        }
    }
    lines
}

fn parse_line(raw: &str) -> Option<LogLine> {
    let mut fields = raw.splitn(4, '|');
    let thread = fields.next()?.parse().ok()?;
    let logger = fields.next()?.to_owned();
    let level = Level::parse(fields.next()?)?;
    let text = fields.next()?.to_owned();
    Some(LogLine {
        thread,
        logger,
        level,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_may_have_lines() {
        let lines = parse("started\n12|wasm|warning|a|b\nc\n12|main|info|d\n");
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].text, "a|b\nc");
        assert_eq!(lines[0].level, Level::Warning);
        assert_eq!((lines[1].thread, lines[1].logger.as_str()), (12, "main"));
    }
}
