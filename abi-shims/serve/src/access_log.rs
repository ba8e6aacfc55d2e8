//! One line for each request, in the default form of Envoy, so that what reads its logs reads these.

use crate::headers::{Headers, Pseudo};
use crate::stream_info::StreamInfo;
use http::HeaderName;
use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Where lines go. A line is written at once and whole.
#[derive(Debug)]
pub struct AccessLog(Option<Mutex<Target>>);

#[derive(Debug)]
enum Target {
    Stdout,
    File(File),
}

impl AccessLog {
    pub fn none() -> AccessLog {
        AccessLog(None)
    }

    pub fn stdout() -> AccessLog {
        AccessLog(Some(Mutex::new(Target::Stdout)))
    }

    /// Appends to a file, which is made if it is not there.
    pub fn file(path: &Path) -> io::Result<AccessLog> {
        let file = File::options().create(true).append(true).open(path)?;
        Ok(AccessLog(Some(Mutex::new(Target::File(file)))))
    }

    pub fn write(&self, info: &StreamInfo, request: &Headers, response: &Headers) {
        let Some(target) = &self.0 else { return };
        let line = line(info, request, response);
        // A reader that went away, or a full disk, is no reason to stop serving.
        let _ = match &mut *target.lock().unwrap_or_else(PoisonError::into_inner) {
            Target::Stdout => io::stdout().write_all(line.as_bytes()),
            Target::File(file) => file.write_all(line.as_bytes()),
        };
    }
}

fn line(info: &StreamInfo, request: &Headers, response: &Headers) -> String {
    let mut line = String::with_capacity(256);
    let header = |name: &'static str| {
        Quoted(
            request
                .field(&HeaderName::from_static(name))
                .map(|value| value.as_bytes()),
        )
    };
    let pseudo = |name| Quoted(request.pseudo(name).map(|value| value.as_bytes()));
    let _ = write!(
        line,
        "[{}] \"{} {} {}\" {} {} {} {} {} ",
        Timestamp(info.start_time),
        Bare(request.text(Pseudo::Method)),
        Bare(request.text(Pseudo::Path)),
        info.protocol_name(),
        info.status.unwrap_or(0),
        info.flags,
        info.received_bytes,
        info.sent_bytes,
        info.end.unwrap_or_default().as_millis(),
    );
    let _ = match info.upstream_headers {
        Some(time) => write!(line, "{}", time.as_millis()),
        None => write!(line, "-"),
    };
    let _ = write!(
        line,
        " {} {} {} {} ",
        header("x-forwarded-for"),
        header("user-agent"),
        header("x-request-id"),
        pseudo(Pseudo::Authority),
    );
    let _ = match &info.peer {
        Some(peer) => write!(line, "\"{}\"", peer.address),
        None => write!(line, "\"-\""),
    };
    // Who answered, if it was not the upstream: what Envoy's default format leaves to guess.
    if response.len() > 0 && info.details != "via_upstream" || info.status.is_none() {
        let _ = write!(line, " {}", Bare(&info.details));
    }
    line.push('\n');
    line
}

/// A client's text in quotation marks, which it cannot leave; `-` if there is none.
struct Quoted<'a>(Option<&'a [u8]>);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(text) => write!(f, "\"{}\"", Escaped(text)),
            None => f.write_str("\"-\""),
        }
    }
}

struct Bare<'a>(&'a str);

impl fmt::Display for Bare<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("-");
        }
        write!(f, "{}", Escaped(self.0.as_bytes()))
    }
}

/// Bytes of a stranger on their way to a log or a terminal: printable ASCII, and the rest in hexadecimal.
pub struct Escaped<'a>(pub &'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &byte in self.0 {
            match byte {
                b'"' | b'\\' => write!(f, "\\{}", byte as char)?,
                b' '..=b'~' => f.write_char(byte as char)?,
                _ => write!(f, "\\x{byte:02x}")?,
            }
        }
        Ok(())
    }
}

/// `2026-11-27T13:41:52.123Z`.
pub struct Timestamp(pub SystemTime);

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = self.0.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let (days, seconds) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
        let (year, month, day) = date(days);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let millis = since.subsec_millis();
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z"
        )
    }
}

/// Year, month and day of the Gregorian calendar, so many days after the beginning of 1970. Counted in years that
/// begin in March, so that the odd day is the last one.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let at = |seconds| Timestamp(UNIX_EPOCH + Duration::from_secs(seconds)).to_string();
        assert_eq!(at(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(at(951_782_399), "2000-02-28T23:59:59.000Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00.000Z");
        assert_eq!(at(1_795_786_912), "2026-11-27T13:41:52.000Z");
        assert_eq!(at(4_102_444_799), "2099-12-31T23:59:59.000Z");
    }

    #[test]
    fn a_client_cannot_forge_lines() {
        assert_eq!(
            Escaped(b"a\"b\\c\n\x1b[1m\xff").to_string(),
            "a\\\"b\\\\c\\x0a\\x1b[1m\\xff"
        );
    }
}
