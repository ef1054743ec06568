//! A small blocking HTTP/1.1 client that does nothing by itself: no retry, no redirect, no header but the necessary.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Time one read or write may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Names in lower case, in the order they came.
    pub headers: Vec<(String, String)>,
    /// Body, decoded from chunks.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The `code` of a problem document; empty when there is none.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// One connection at a time, kept alive between requests. A request that fails closes it; the next opens another.
pub struct Client {
    address: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
    patience: Duration,
}

impl Client {
    /// A client of `address`; nothing is opened yet.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, connection: None, patience: PATIENCE }
    }

    /// Gives up reading or writing after `patience`.
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Sends a request and reads its answer. A body is sent with its length.
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
        self.begin(method, path, headers, body)?;
        self.read(method == "HEAD")
    }

    /// Sends a request without reading its answer.
    pub fn begin(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<()> {
        let mut request = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request.push_str(&format!("Host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || method == "POST" {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(body);
        self.write(&bytes)
    }

    /// Writes bytes as they are; opens a connection when there is none.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = self.open().and_then(|connection| connection.get_mut().write_all(bytes));
        self.closing_on_error(written)
    }

    /// Writes bytes as they are and reads one answer.
    pub fn raw(&mut self, bytes: &[u8]) -> io::Result<Answer> {
        // A server that answers early and closes makes the write fail; its answer is there all the same.
        let written = self.open().and_then(|connection| connection.get_mut().write_all(bytes));
        match self.read(false) {
            Ok(answer) => Ok(answer),
            Err(error) => Err(written.err().unwrap_or(error)),
        }
    }

    /// Reads one answer; `no_body`: it answers a HEAD.
    pub fn read(&mut self, no_body: bool) -> io::Result<Answer> {
        let answer = self.open().and_then(|connection| read_answer(connection, no_body));
        let answer = self.closing_on_error(answer)?;
        if answer.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            self.connection = None;
        }
        Ok(answer)
    }

    /// Whether the server closed the connection (and left nothing unread).
    pub fn is_closed_by_server(&mut self) -> bool {
        match self.connection.as_mut() {
            None => true,
            Some(connection) => {
                matches!(connection.fill_buf().map(<[u8]>::is_empty), Ok(true) | Err(_))
            }
        }
    }

    /// Closes the connection.
    pub fn close(&mut self) {
        self.connection = None;
    }

    fn open(&mut self) -> io::Result<&mut BufReader<TcpStream>> {
        if self.connection.is_none() {
            let stream = TcpStream::connect_timeout(&self.address, self.patience)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(self.patience))?;
            stream.set_write_timeout(Some(self.patience))?;
            self.connection = Some(BufReader::new(stream));
        }
        self.connection.as_mut().ok_or_else(|| io::Error::other("no connection"))
    }

    fn closing_on_error<T>(&mut self, outcome: io::Result<T>) -> io::Result<T> {
        if outcome.is_err() {
            self.connection = None;
        }
        outcome
    }
}

fn read_answer(from: &mut impl BufRead, no_body: bool) -> io::Result<Answer> {
    loop {
        let (status, headers) = read_head(from)?;
        if (100..200).contains(&status) {
            continue;
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if no_body || status == 204 || status == 304 {
            return Ok(answer);
        }
        if answer.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
            answer.body = read_chunks(from)?;
        } else if let Some(length) = answer.header("content-length") {
            let length = length.parse().map_err(|_| bad("content-length"))?;
            answer.body = vec![0; length];
            from.read_exact(&mut answer.body)?;
        } else {
            from.read_to_end(&mut answer.body)?;
        }
        return Ok(answer);
    }
}

fn read_head(from: &mut impl BufRead) -> io::Result<(u16, Vec<(String, String)>)> {
    let first = read_line(from)?;
    let status = first.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| bad("status line"))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(from)?;
        if line.is_empty() {
            return Ok((status, headers));
        }
        let (name, value) = line.split_once(':').ok_or_else(|| bad("header"))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn read_chunks(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(from)?;
        let size = line.split(';').next().unwrap_or_default();
        let size = usize::from_str_radix(size, 16).map_err(|_| bad("chunk size"))?;
        let mut chunk = vec![0; size];
        from.read_exact(&mut chunk)?;
        body.extend_from_slice(&chunk);
        let end = read_line(from)?;
        if !end.is_empty() {
            return Err(bad("end of chunk"));
        }
        if size == 0 {
            return Ok(body);
        }
    }
}

fn read_line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)?;
    if line.pop() != Some(b'\n') {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was closed before the answer ended"));
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    String::from_utf8(line).map_err(|_| bad("line"))
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not HTTP: {what}"))
}
