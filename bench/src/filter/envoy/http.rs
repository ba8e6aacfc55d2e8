//! As much of HTTP/1.1 as a measurement needs: one connection of a client, and a server behind the proxy.

use crate::filter::Mix;
use crate::filter::mix::body;
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

/// Tells the server which kind of request it answers.
const KIND: &str = "x-measured-kind";

/// A message with what is compared of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub start: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Message {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|header| header.0 == name);
        found.map(|header| header.1.as_str())
    }

    /// Reads a message; `None` if there is none any more.
    fn read(from: &mut BufReader<TcpStream>) -> Result<Option<Message>> {
        let Some(start) = line(from)? else {
            return Ok(None);
        };
        let mut headers = Vec::new();
        while let Some(text) = line(from)?.filter(|text| !text.is_empty()) {
            let (name, value) = text.split_once(':').context("a header without a colon")?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut message = Message {
            start,
            headers,
            body: Vec::new(),
        };
        if message.header("transfer-encoding") == Some("chunked") {
            loop {
                let size = line(from)?.context("the end of a body is missing")?;
                let size = usize::from_str_radix(size.split(';').next().unwrap_or(""), 16)?;
                read_exactly(from, size, &mut message.body)?;
                let end = line(from)?;
                ensure!(end.as_deref() == Some(""), "a piece of a body has no end");
                if size == 0 {
                    return Ok(Some(message));
                }
            }
        }
        let length = message
            .header("content-length")
            .map(str::parse)
            .transpose()?;
        read_exactly(from, length.unwrap_or(0), &mut message.body)?;
        Ok(Some(message))
    }
}

fn read_exactly(from: &mut impl Read, bytes: usize, into: &mut Vec<u8>) -> Result<()> {
    let read = from.take(bytes as u64).read_to_end(into)?;
    ensure!(read == bytes, "a body is too short");
    Ok(())
}

/// A line without its end; `None` at the end of the stream.
fn line(from: &mut impl BufRead) -> Result<Option<String>> {
    const LINE_BYTES_MAX: u64 = 64 << 10;
    let mut text = String::new();
    if from.take(LINE_BYTES_MAX).read_line(&mut text)? == 0 {
        return Ok(None);
    }
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// The requests of a mix as bytes, in the order in which they come.
pub struct Requests {
    kinds: Vec<Vec<u8>>,
    order: Vec<usize>,
}

impl Requests {
    pub fn of(mix: &Mix) -> Requests {
        let kinds = mix.requests.iter().enumerate().map(|(kind, request)| {
            let headers = request.request_headers();
            let of = |name: &str| {
                let found = headers.iter().find(|header| header.0 == name);
                found.map_or("", |header| header.1.as_str())
            };
            let mut text = format!(
                "{} {} HTTP/1.1\r\nhost: {}\r\n{KIND}: {kind}\r\n",
                of(":method"),
                of(":path"),
                of(":authority")
            );
            for (name, value) in headers.iter().filter(|header| !header.0.starts_with(':')) {
                text += &format!("{name}: {value}\r\n");
            }
            if request.body_bytes > 0 {
                text += &format!("content-length: {}\r\n", request.body_bytes);
            }
            text += "\r\n";
            let mut bytes = text.into_bytes();
            bytes.extend(body(request.body_bytes));
            bytes
        });
        Requests {
            kinds: kinds.collect(),
            order: mix.order(),
        }
    }

    pub fn once_through(&self) -> usize {
        self.order.len()
    }
}

/// Sends one request after the other, on the same connection as long as the other side keeps it.
pub struct Client {
    to: SocketAddr,
    stream: BufReader<TcpStream>,
    next: usize,
}

fn connect(to: SocketAddr) -> Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(to)?;
    stream.set_nodelay(true)?;
    Ok(BufReader::new(stream))
}

impl Client {
    pub fn connect(to: SocketAddr) -> Result<Client> {
        Ok(Client {
            to,
            stream: connect(to)?,
            next: 0,
        })
    }

    /// Sends the next request and reads its response.
    pub fn send(&mut self, requests: &Requests) -> Result<Message> {
        let kind = requests.order[self.next % requests.order.len()];
        self.next += 1;
        self.stream.get_mut().write_all(&requests.kinds[kind])?;
        let response = Message::read(&mut self.stream)?;
        let response = response.context("the connection was closed")?;
        // So does a proxy that answers before it has read all of the request.
        if response.header("connection") == Some("close") {
            self.stream = connect(self.to)?;
        }
        Ok(response)
    }
}

/// Answers the requests of a mix, on a free port, until the process ends.
pub fn serve(mix: &Mix) -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let answers = mix.requests.iter().map(|request| {
        let headers = request.all_response_headers();
        let status = headers.iter().find(|header| header.0 == ":status");
        let status = status.map_or("200", |header| header.1.as_str());
        let mut text = format!("HTTP/1.1 {status} answered\r\n");
        for (name, value) in headers.iter().filter(|header| !header.0.starts_with(':')) {
            text += &format!("{name}: {value}\r\n");
        }
        text += &format!("content-length: {}\r\n\r\n", request.response_body_bytes);
        let mut bytes = text.into_bytes();
        bytes.extend(body(request.response_body_bytes));
        bytes
    });
    let answers: Arc<[Vec<u8>]> = answers.collect();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answers = Arc::clone(&answers);
            // A proxy that breaks a connection off is told by the client's side.
            std::thread::spawn(move || answer(stream, &answers).ok());
        }
    });
    Ok(address)
}

fn answer(stream: TcpStream, answers: &[Vec<u8>]) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    while let Some(request) = Message::read(&mut stream)? {
        let kind = request.header(KIND).context("no kind")?;
        let Some(answer) = answers.get(kind.parse::<usize>()?) else {
            bail!("an unknown kind");
        };
        stream.get_mut().write_all(answer)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_answered_by_its_kind() {
        let mix = Mix::default();
        let mut client = Client::connect(serve(&mix).unwrap()).unwrap();
        let requests = Requests::of(&mix);
        let bytes: Vec<usize> = (0..requests.once_through())
            .map(|_| client.send(&requests).unwrap().body.len())
            .collect();
        assert_eq!(bytes, [0, 0, 0, 8192, 0, 0, 0, 0, 8192, 0]);
    }

    #[test]
    fn bodies_may_come_in_pieces() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let mut sender = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n";
        sender.write_all(text.as_bytes()).unwrap();
        drop(sender);
        let mut stream = BufReader::new(listener.accept().unwrap().0);
        let message = Message::read(&mut stream).unwrap().unwrap();
        assert_eq!(message.body, b"abc0123456789abcdef");
        assert_eq!(Message::read(&mut stream).unwrap(), None);
    }
}
