//! Guest names on their way to a terminal.
//!
//! A name comes from the module, so it may hold anything: terminal sequences, newlines, quotes that would
//! end ours. What is printed is one line that shows the name and does nothing else.

use std::fmt::{self, Write};

/// Longest part of a name that is shown; the rest is said to be there.
const SHOWN_CHARS_MAX: usize = 200;

/// Displays a guest's name with everything escaped that is not plainly visible.
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (count, c) in self.0.chars().enumerate() {
            if count == SHOWN_CHARS_MAX {
                return write!(f, "… ({} bytes)", self.0.len());
            }
            match c {
                '`' | '\\' => write!(f, "\\{c}")?,
                ' '..='~' => f.write_char(c)?,
                // Letters of other scripts are shown; marks, directions and blanks are not.
                c if c.is_alphanumeric() => f.write_char(c)?,
                c => write!(f, "{}", c.escape_unicode())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_but_text() {
        let escaped = |name| Escaped(name).to_string();
        assert_eq!(escaped("core::fmt::write"), "core::fmt::write");
        assert_eq!(escaped("größe"), "größe");
        assert_eq!(escaped("a\x1b[31mb\nc"), "a\\u{1b}[31mb\\u{a}c");
        assert_eq!(escaped("tick`s \\"), "tick\\`s \\\\");
        assert_eq!(escaped("\u{202e}abc"), "\\u{202e}abc");
        assert_eq!(
            escaped(&"x".repeat(300)),
            format!("{}… (300 bytes)", "x".repeat(200))
        );
    }
}
