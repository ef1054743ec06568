//! HTTP/1.1 over one kept connection, blocking: enough to talk to our own server, over a plain socket of the standard
//! library, so that the program's HTTP library stays behind `http` and `api`. Called by [`super::patience`] and
//! [`super::pass`].

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Time an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer's body at the most.
const LONGEST: u64 = 16 * 1024 * 1024;

/// A request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query.
    pub target: &'a str,
    /// Headers besides `Host` and `Content-Length`.
    pub headers: &'a [(&'static str, &'a str)],
    /// The body.
    pub body: &'a [u8],
}

/// An answer, as far as we care.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// `Retry-After` in seconds.
    pub retry_after: Option<u64>,
    /// `Headcount-Reason`: what became of a beacon or pixel.
    pub reason: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// A connection that is opened when needed and kept while it works.
#[derive(Debug)]
pub struct Connection {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Connection {
    /// To `address`, not yet open.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    /// Sends a request and waits for the answer.
    ///
    /// # Errors
    /// When the connection cannot be made or breaks, or the answer is not HTTP; whether the request was taken is then
    /// unknown. The next request opens a new one.
    pub fn send(&mut self, request: &Request<'_>) -> io::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.open()?,
        };
        stream.get_mut().write_all(&self.head(request))?;
        stream.get_mut().write_all(request.body)?;
        let (answer, keep) = read_answer(&mut stream)?;
        self.stream = keep.then_some(stream);
        Ok(answer)
    }

    fn open(&self) -> io::Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(BufReader::new(stream))
    }

    fn head(&self, request: &Request<'_>) -> Vec<u8> {
        let (address, length) = (self.address, request.body.len());
        let mut head = format!("{} {} HTTP/1.1\r\nhost: {address}\r\n", request.method, request.target);
        for (name, value) in request.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        if request.method != "GET" {
            head.push_str(&format!("content-length: {length}\r\n"));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// Reads an answer; says whether the connection may be used again.
fn read_answer(stream: &mut impl BufRead) -> io::Result<(Answer, bool)> {
    let status = line(stream)?.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(no_http)?;
    let mut answer = Answer { status, ..Answer::default() };
    let (mut length, mut keep) = (0, true);
    loop {
        let line = line(stream)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(no_http)?;
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok().filter(|length| *length <= LONGEST).ok_or_else(no_http)?,
            // Our server never does it.
            "transfer-encoding" => return Err(no_http()),
            "connection" => keep = !value.eq_ignore_ascii_case("close"),
            "retry-after" => answer.retry_after = value.parse().ok(),
            "headcount-reason" => answer.reason = Some(value.to_owned()),
            _ => {}
        }
    }
    answer.body = vec![0; usize::try_from(length).map_err(|_| no_http())?];
    stream.read_exact(&mut answer.body)?;
    Ok((answer, keep))
}

fn line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    stream.take(16 * 1024).read_line(&mut line)?;
    match line.strip_suffix("\r\n") {
        Some(line) => Ok(line.to_owned()),
        None => Err(ErrorKind::UnexpectedEof.into()),
    }
}

fn no_http() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "the answer is not what this server sends")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Answer, bool)> {
        read_answer(&mut text.as_bytes()).ok()
    }

    #[test]
    fn answers_are_read_to_their_end() {
        let (status, retry_after) = (503, Some(5));
        let wanted = Answer { status, retry_after, reason: Some("bot".into()), body: b"{}".to_vec() };
        let text = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nHeadcount-Reason: bot\r\nContent-Length: 2\r\n\r\n{}HTTP";
        assert_eq!(read(text), Some((wanted, true)));
        let closed = Answer { status: 202, ..Answer::default() };
        assert_eq!(read("HTTP/1.1 202 Accepted\r\nconnection: close\r\n\r\n"), Some((closed, false)));
    }

    #[test]
    fn half_answers_and_other_protocols_are_errors() {
        let texts = [
            "",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
            "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        ];
        assert_eq!(texts.map(read), [const { None }; 5]);
    }
}
