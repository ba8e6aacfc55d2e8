//! Headers as filters see them: a list in order, pseudo-headers included, names in lower case.
//!
//! What stands in the list can be sent: names and values are parsed when they come in, so that no filter can put a
//! line break or a second request into a message. Here messages become lists and lists become messages; which headers
//! are added and removed on the way is in `forward.rs`.

use http::header::{HOST, HeaderName};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};

/// The name of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    Pseudo(Pseudo),
    Field(HeaderName),
}

/// A pseudo-header: what HTTP/1.1 says in the first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pseudo {
    Authority,
    Path,
    Method,
    Scheme,
    Status,
}

impl Pseudo {
    const ALL: [Pseudo; 5] = [
        Pseudo::Authority,
        Pseudo::Path,
        Pseudo::Method,
        Pseudo::Scheme,
        Pseudo::Status,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Pseudo::Authority => ":authority",
            Pseudo::Path => ":path",
            Pseudo::Method => ":method",
            Pseudo::Scheme => ":scheme",
            Pseudo::Status => ":status",
        }
    }
}

impl Name {
    /// Reads a name in either case; `None` if it cannot be one.
    pub fn parse(name: &[u8]) -> Option<Name> {
        if name.starts_with(b":") {
            let known = |pseudo: &&Pseudo| pseudo.name().as_bytes().eq_ignore_ascii_case(name);
            return Pseudo::ALL.iter().find(known).copied().map(Name::Pseudo);
        }
        HeaderName::from_bytes(name).ok().map(Name::Field)
    }

    pub fn as_str(&self) -> &str {
        match self {
            Name::Pseudo(pseudo) => pseudo.name(),
            Name::Field(name) => name.as_str(),
        }
    }
}

/// Why a list of headers is no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("no `{0}`")]
    Missing(&'static str),
    #[error("a `{0}` that cannot be one")]
    Invalid(&'static str),
}

/// Headers or trailers of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(Name, HeaderValue)>);

impl Headers {
    pub fn iter(&self) -> impl Iterator<Item = (&str, &HeaderValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The first value of `name`, which may be in either case.
    pub fn first(&self, name: &[u8]) -> Option<&HeaderValue> {
        let named =
            |entry: &&(Name, HeaderValue)| entry.0.as_str().as_bytes().eq_ignore_ascii_case(name);
        self.0.iter().find(named).map(|(_, value)| value)
    }

    pub fn field(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.fields(name).next()
    }

    pub fn fields(&self, name: &HeaderName) -> impl Iterator<Item = &HeaderValue> {
        self.0.iter().filter_map(move |(known, value)| match known {
            Name::Field(known) if known == name => Some(value),
            _ => None,
        })
    }

    pub fn pseudo(&self, pseudo: Pseudo) -> Option<&HeaderValue> {
        let known = |entry: &&(Name, HeaderValue)| entry.0 == Name::Pseudo(pseudo);
        self.0.iter().find(known).map(|(_, value)| value)
    }

    /// Text of a pseudo-header; empty if it is missing or is no text.
    pub fn text(&self, pseudo: Pseudo) -> &str {
        let value = self.pseudo(pseudo);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    pub fn append(&mut self, name: Name, value: HeaderValue) {
        self.0.push((name, value));
    }

    /// Puts one value in the place of all that there are: at the end, as Envoy does it, but for pseudo-headers.
    pub fn replace(&mut self, name: Name, value: HeaderValue) {
        if let Name::Pseudo(_) = name
            && let Some(entry) = self.0.iter_mut().find(|(known, _)| *known == name)
        {
            entry.1 = value;
            return;
        }
        self.remove(&name);
        self.0.push((name, value));
    }

    pub fn remove(&mut self, name: &Name) {
        self.0.retain(|(known, _)| known != name);
    }

    pub fn remove_field(&mut self, name: &HeaderName) {
        self.0
            .retain(|(known, _)| !matches!(known, Name::Field(known) if known == name));
    }

    /// Names and values together, as Envoy counts the size of a map.
    pub fn bytes(&self) -> usize {
        let sizes = self.0.iter();
        sizes
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum()
    }

    fn extend(&mut self, map: HeaderMap) {
        let mut last = None;
        for (name, value) in map {
            // A value without a name belongs to the name before.
            if name.is_some() {
                last = name;
            }
            if let Some(name) = &last {
                self.0.push((Name::Field(name.clone()), value));
            }
        }
    }

    fn fields_into(self, map: &mut HeaderMap) {
        for (name, value) in self.0 {
            if let Name::Field(name) = name {
                map.append(name, value);
            }
        }
    }

    /// What a client sent. `scheme` is that of the connection.
    pub fn of_request(
        parts: http::request::Parts,
        scheme: &'static str,
    ) -> Result<Headers, Malformed> {
        let map = parts.headers;
        let host = map.get(HOST).cloned();
        let authority = match parts.uri.authority() {
            Some(authority) => Some(
                HeaderValue::from_str(authority.as_str())
                    .map_err(|_| Malformed::Invalid(":authority"))?,
            ),
            None => host,
        };
        let path = match parts.uri.path_and_query() {
            Some(path) if !path.as_str().is_empty() => path.as_str(),
            _ => "/",
        };
        let mut headers = Headers(Vec::with_capacity(map.len() + 6));
        let authority = authority.ok_or(Malformed::Missing("host"))?;
        if authority.is_empty() {
            return Err(Malformed::Missing("host"));
        }
        let path = HeaderValue::from_str(path).map_err(|_| Malformed::Invalid(":path"))?;
        let method = HeaderValue::from_str(parts.method.as_str());
        let method = method.map_err(|_| Malformed::Invalid(":method"))?;
        let scheme = HeaderValue::from_static(scheme);
        // The order in which Envoy has them: its own, or that in which clients of HTTP/2 send them.
        let pseudo = match parts.version {
            Version::HTTP_2 => [
                (Pseudo::Method, method),
                (Pseudo::Scheme, scheme),
                (Pseudo::Authority, authority),
                (Pseudo::Path, path),
            ],
            _ => [
                (Pseudo::Authority, authority),
                (Pseudo::Path, path),
                (Pseudo::Method, method),
                (Pseudo::Scheme, scheme),
            ],
        };
        for (name, value) in pseudo {
            headers.append(Name::Pseudo(name), value);
        }
        headers.extend(map);
        // Not taken out of the map before: that would put the last header in its place.
        headers.remove_field(&HOST);
        Ok(headers)
    }

    /// What a server answered.
    pub fn of_response(parts: http::response::Parts) -> Headers {
        let mut headers = Headers::with_status(parts.status);
        headers.extend(parts.headers);
        headers
    }

    pub fn with_status(status: StatusCode) -> Headers {
        let value = HeaderValue::from_str(status.as_str());
        let value = value.unwrap_or_else(|_| HeaderValue::from_static("500"));
        Headers(vec![(Name::Pseudo(Pseudo::Status), value)])
    }

    pub fn of_trailers(map: HeaderMap) -> Headers {
        let mut headers = Headers::default();
        headers.extend(map);
        headers
    }

    pub fn into_trailers(self) -> HeaderMap {
        let mut map = HeaderMap::with_capacity(self.0.len());
        self.fields_into(&mut map);
        map
    }

    pub fn status(&self) -> Result<StatusCode, Malformed> {
        let value = self
            .pseudo(Pseudo::Status)
            .ok_or(Malformed::Missing(":status"))?;
        let status = StatusCode::from_bytes(value.as_bytes());
        match status {
            Ok(status) if !status.is_informational() => Ok(status),
            _ => Err(Malformed::Invalid(":status")),
        }
    }

    /// A request to send in HTTP/1.1 or HTTP/2.
    pub fn into_request<B>(self, version: Version, body: B) -> Result<Request<B>, Malformed> {
        let required = |pseudo: Pseudo| {
            let value = self.pseudo(pseudo).map(HeaderValue::as_bytes);
            value.ok_or(Malformed::Missing(pseudo.name()))
        };
        let invalid = |pseudo: Pseudo| Malformed::Invalid(pseudo.name());
        let method =
            Method::from_bytes(required(Pseudo::Method)?).map_err(|_| invalid(Pseudo::Method))?;
        if method == Method::CONNECT {
            return Err(invalid(Pseudo::Method));
        }
        let path =
            PathAndQuery::try_from(required(Pseudo::Path)?).map_err(|_| invalid(Pseudo::Path))?;
        if !path.as_str().starts_with('/') && path.as_str() != "*" {
            return Err(invalid(Pseudo::Path));
        }
        let host = required(Pseudo::Authority)?;
        let authority = Authority::try_from(host).map_err(|_| invalid(Pseudo::Authority))?;
        let host = HeaderValue::from_bytes(host).map_err(|_| invalid(Pseudo::Authority))?;
        let scheme = match self.text(Pseudo::Scheme) {
            "https" => Scheme::HTTPS,
            _ => Scheme::HTTP,
        };
        let mut uri = http::uri::Parts::default();
        uri.path_and_query = Some(path);
        if version == Version::HTTP_2 {
            uri.authority = Some(authority);
            uri.scheme = Some(scheme);
        }
        let mut request = Request::new(body);
        *request.uri_mut() = Uri::from_parts(uri).map_err(|_| invalid(Pseudo::Path))?;
        *request.method_mut() = method;
        *request.version_mut() = version;
        let map = request.headers_mut();
        map.reserve(self.0.len());
        if version != Version::HTTP_2 {
            map.append(HOST, host);
        }
        self.fields_into(map);
        Ok(request)
    }

    pub fn into_response<B>(self, body: B) -> Result<Response<B>, Malformed> {
        let status = self.status()?;
        let mut response = Response::new(body);
        *response.status_mut() = status;
        response.headers_mut().reserve(self.0.len());
        self.fields_into(response.headers_mut());
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text.as_bytes()).unwrap()
    }

    fn listed(headers: &Headers) -> Vec<String> {
        let text = |(name, value): (&str, &HeaderValue)| {
            format!("{name}={}", String::from_utf8_lossy(value.as_bytes()))
        };
        headers.iter().map(text).collect()
    }

    fn request(uri: &str, fields: &[(&str, &str)]) -> Result<Headers, Malformed> {
        let mut builder = Request::builder().method("POST").uri(uri);
        for (name, value) in fields {
            builder = builder.header(*name, *value);
        }
        Headers::of_request(builder.body(()).unwrap().into_parts().0, "http")
    }

    #[test]
    fn a_request_and_back() {
        let headers = request("/a?b", &[("host", "h:1"), ("x", "1"), ("x", "2")]).unwrap();
        let all = [
            ":authority=h:1",
            ":path=/a?b",
            ":method=POST",
            ":scheme=http",
            "x=1",
            "x=2",
        ];
        assert_eq!(listed(&headers), all);
        let sent = headers.clone().into_request(Version::HTTP_11, ()).unwrap();
        assert_eq!(sent.uri(), "/a?b");
        assert_eq!(sent.headers()["host"], "h:1");
        assert_eq!(sent.headers().get_all("x").iter().count(), 2);
        let sent = headers.into_request(Version::HTTP_2, ()).unwrap();
        assert_eq!(sent.uri(), "http://h:1/a?b");
        assert!(!sent.headers().contains_key("host"));
    }

    #[test]
    fn an_absolute_request_names_its_own_host() {
        let headers = request("http://other/p", &[("host", "h")]).unwrap();
        assert_eq!(headers.text(Pseudo::Authority), "other");
        assert_eq!(headers.text(Pseudo::Path), "/p");
        assert_eq!(request("/p", &[]), Err(Malformed::Missing("host")));
    }

    #[test]
    fn replacing_removes_the_others() {
        let mut headers =
            request("/", &[("host", "h"), ("x", "1"), ("x", "2"), ("y", "3")]).unwrap();
        headers.replace(name("X"), HeaderValue::from_static("new"));
        headers.replace(name("z"), HeaderValue::from_static("4"));
        assert_eq!(listed(&headers)[4..], ["y=3", "x=new", "z=4"]);
        headers.remove(&name("y"));
        assert_eq!(listed(&headers)[4..], ["x=new", "z=4"]);
        assert_eq!(headers.first(b"X").unwrap(), "new");
    }

    #[test]
    fn what_cannot_be_sent_is_no_message() {
        assert_eq!(Name::parse(b":nonsense"), None);
        assert_eq!(Name::parse(b"a\r\nb"), None);
        assert_eq!(Name::parse(b""), None);
        let change = |pseudo, value: &'static str| {
            let mut headers = request("/", &[("host", "h")]).unwrap();
            headers.replace(Name::Pseudo(pseudo), HeaderValue::from_static(value));
            headers.into_request(Version::HTTP_11, ()).map(|_| ())
        };
        assert_eq!(
            change(Pseudo::Path, "nowhere"),
            Err(Malformed::Invalid(":path"))
        );
        assert_eq!(
            change(Pseudo::Method, "A B"),
            Err(Malformed::Invalid(":method"))
        );
        assert_eq!(
            change(Pseudo::Method, "CONNECT"),
            Err(Malformed::Invalid(":method"))
        );
        let mut headers = Headers::with_status(StatusCode::OK);
        headers.replace(name(":status"), HeaderValue::from_static("101"));
        assert_eq!(headers.status(), Err(Malformed::Invalid(":status")));
    }
}
