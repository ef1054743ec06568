//! Reads answers off a connection, as far as accounts need them: the status, and the body to its end.

use std::io;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// What came back.
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Whether it says when to come again.
    pub retry_after: bool,
    /// Whether the server ends the connection.
    pub closes: bool,
    /// Events of a batch that were counted now, or before under the same id; none for other answers.
    pub taken: Option<u64>,
}

/// Reads one answer into `buffer`, where it stays until the next one. Nothing follows it: nobody sends before having read.
pub async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Answer> {
    buffer.clear();
    let end = loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let head = std::str::from_utf8(&buffer[..end]).map_err(io::Error::other)?;
    let status = head.get(9..12).and_then(|code| code.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    let header = |wanted: &str| {
        let mut lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
        lines.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    };
    let length: usize = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let (retry_after, closes) = (header("retry-after").is_some(), header("connection") == Some("close"));
    while buffer.len() < end + length {
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(Answer { status, retry_after, closes, taken: taken(&buffer[end..end + length]) })
}

/// `{"accepted":n,"duplicates":m,"dropped":[…]}`: the sum of both.
fn taken(body: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(body).ok()?.strip_prefix("{\"accepted\":")?;
    let (accepted, rest) = text.split_once(",\"duplicates\":")?;
    let (duplicates, _) = rest.split_once(',')?;
    Some(accepted.parse::<u64>().ok()? + duplicates.parse::<u64>().ok()?)
}
