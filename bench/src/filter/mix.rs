//! What is sent through a filter: kinds of requests with their answers, and how often each comes.

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

/// Kinds of requests, and what the plugin is given.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mix {
    pub requests: Vec<Request>,
    #[serde(default)]
    pub configuration: String,
    #[serde(default)]
    pub vm_configuration: String,
    #[serde(default)]
    pub root_id: String,
}

/// A kind of request, with the answer of the server behind the proxy.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// How many there are each time through the mix.
    #[serde(default = "one")]
    pub count: u32,
    /// Names and values; `:method`, `:scheme`, `:authority` and `:path` are added if they are not there.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    #[serde(default)]
    pub body_bytes: usize,
    /// `:status` is added if it is not there.
    #[serde(default)]
    pub response_headers: Vec<(String, String)>,
    #[serde(default)]
    pub response_body_bytes: usize,
    /// In how large pieces bodies come; 0: each whole.
    #[serde(default)]
    pub piece_bytes: usize,
}

fn one() -> u32 {
    1
}

/// Bodies that are larger measure memory, and not a filter.
const BODY_BYTES_MAX: usize = 16 << 20;

/// Requests each time through the mix.
const COUNT_MAX: u32 = 1000;

impl Mix {
    /// Reads a mix in JSON.
    pub fn parse(text: &[u8]) -> Result<Mix> {
        let mix: Mix = serde_json::from_slice(text).context("not a mix of requests")?;
        let counts = mix.requests.iter().map(|request| u64::from(request.count));
        let count: u64 = counts.sum();
        ensure!(
            (1..=u64::from(COUNT_MAX)).contains(&count),
            "{count} requests, and a mix has 1 to {COUNT_MAX}"
        );
        for request in &mix.requests {
            for bytes in [request.body_bytes, request.response_body_bytes] {
                ensure!(
                    bytes <= BODY_BYTES_MAX,
                    "a body of {bytes} bytes, and {BODY_BYTES_MAX} are the most"
                );
            }
        }
        Ok(mix)
    }

    /// The kinds in the order in which they come: each as evenly spread as the others allow.
    pub fn order(&self) -> Vec<usize> {
        let mut places: Vec<(f64, usize)> = Vec::new();
        for (kind, request) in self.requests.iter().enumerate() {
            let count = f64::from(request.count);
            places.extend((0..request.count).map(|n| ((f64::from(n) + 0.5) / count, kind)));
        }
        places.sort_by(|one, other| one.0.total_cmp(&other.0));
        places.into_iter().map(|place| place.1).collect()
    }

    /// In a few words.
    pub fn described(&self) -> String {
        let kinds = self.requests.iter().map(|request| {
            format!(
                "{} of {} + {} headers and {} + {} bytes",
                request.count,
                request.request_headers().len(),
                request.all_response_headers().len(),
                request.body_bytes,
                request.response_body_bytes
            )
        });
        format!("requests: {}", kinds.collect::<Vec<_>>().join(", "))
    }
}

/// What a browser asks for, a form that it sends, and a page that comes back.
impl Default for Mix {
    fn default() -> Mix {
        let owned = |headers: &[(&str, &str)]| -> Vec<(String, String)> {
            let owned = |(name, value): &(&str, &str)| ((*name).into(), (*value).into());
            headers.iter().map(owned).collect()
        };
        let headers = owned(&[
            (
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            ),
            (
                "accept",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            ),
            ("accept-language", "en-GB,en;q=0.7,de;q=0.3"),
            ("accept-encoding", "gzip, deflate, br"),
            (
                "cookie",
                "session=0123456789abcdef0123456789abcdef; theme=dark",
            ),
            ("authorization", "Bearer 0123456789abcdef"),
            ("x-request-id", "5a1c2d3e-0000-4000-8000-1234567890ab"),
            ("x-forwarded-for", "192.0.2.7"),
        ]);
        let response_headers = owned(&[
            ("content-type", "text/html; charset=utf-8"),
            ("server", "origin"),
            ("cache-control", "private, max-age=0"),
            ("date", "Tue, 14 Nov 2023 22:13:20 GMT"),
        ]);
        let request = |count, body_bytes, response_body_bytes| Request {
            count,
            headers: headers.clone(),
            body_bytes,
            response_headers: response_headers.clone(),
            response_body_bytes,
            piece_bytes: 0,
        };
        Mix {
            requests: vec![request(6, 0, 0), request(2, 2048, 0), request(2, 0, 8192)],
            configuration: String::new(),
            vm_configuration: String::new(),
            root_id: String::new(),
        }
    }
}

impl Request {
    /// With what every request has.
    pub fn request_headers(&self) -> Vec<(String, String)> {
        let method = if self.body_bytes > 0 { "POST" } else { "GET" };
        let usual = [
            (":method", method),
            (":scheme", "http"),
            (":authority", "localhost"),
            (":path", "/measured?a=b"),
        ];
        with_usual(&usual, &self.headers)
    }

    pub fn all_response_headers(&self) -> Vec<(String, String)> {
        with_usual(&[(":status", "200")], &self.response_headers)
    }
}

fn with_usual(usual: &[(&str, &str)], own: &[(String, String)]) -> Vec<(String, String)> {
    let is_own = |name: &str| own.iter().any(|header| header.0.eq_ignore_ascii_case(name));
    let usual = usual.iter().filter(|header| !is_own(header.0));
    let usual = usual.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    // Pseudo-headers come first.
    let (first, then): (Vec<_>, Vec<_>) = own.iter().cloned().partition(|h| h.0.starts_with(':'));
    usual.chain(first).chain(then).collect()
}

/// A body: text that is neither one byte over and over nor noise.
pub fn body(bytes: usize) -> Vec<u8> {
    let words = b"{\"name\": \"value\", \"number\": 12345, \"list\": [1, 2, 3]}\n";
    words.iter().copied().cycle().take(bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_spread_over_the_mix() {
        assert_eq!(
            Mix::default().order(),
            [0, 0, 1, 2, 0, 0, 0, 1, 2, 0].to_vec()
        );
    }

    #[test]
    fn what_every_request_has_is_added() {
        let mix =
            r#"{"requests": [{"headers": [["x-a", "b"], [":path", "/p"]], "body_bytes": 7}]}"#;
        let mix = Mix::parse(mix.as_bytes()).unwrap();
        let headers = mix.requests[0].request_headers();
        let names: Vec<_> = headers.iter().map(|header| header.0.as_str()).collect();
        assert_eq!(names, [":method", ":scheme", ":authority", ":path", "x-a"]);
        assert_eq!(
            (headers[0].1.as_str(), headers[3].1.as_str()),
            ("POST", "/p")
        );
        assert_eq!(mix.order(), [0]);
    }

    #[test]
    fn what_is_no_mix_is_refused() {
        for text in [
            "",
            "{}",
            r#"{"requests": []}"#,
            r#"{"requests": [{"count": 0}]}"#,
            r#"{"requests": [{"count": 1001}]}"#,
            r#"{"requests": [{"body_bytes": 999999999}]}"#,
            r#"{"requests": [{"headres": []}]}"#,
        ] {
            assert!(Mix::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
