//! The combined log format of Apache and nginx: `ADDRESS IDENT USER [TIME] "REQUEST" STATUS BYTES "REFERRER" "AGENT"`, with or
//! without a virtual host before it and anything behind it.

use std::borrow::Cow;

use super::log::Request;
use super::{Decoded, Decoder, moment};
use crate::import::skip::Skip;

/// Reads lines of the combined format.
pub struct Combined {
    host: String,
}

impl Combined {
    /// `host` is that of the pages where a line names none.
    pub fn new(host: &str) -> Self {
        Self { host: host.to_owned() }
    }
}

impl Decoder for Combined {
    fn decode(&mut self, record: &str) -> Decoded {
        if record.trim().is_empty() || record.starts_with('#') {
            return Err(Skip::Heading);
        }
        let line = Line::of(record).ok_or(Skip::Malformed)?;
        let moment = moment::of_log(line.time).ok_or(Skip::BadTime)?;
        let (request, referrer, agent) = (plain(line.request), plain(line.referrer), plain(line.agent));
        let mut words = request.split(' ');
        let (method, uri) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        Request {
            address: line.address,
            moment,
            method,
            uri,
            status: line.status,
            referrer: &referrer,
            agent: &agent,
            host: line.host,
            language: "",
        }
        .page_view(&self.host)
    }
}

/// The parts of a line, as written.
struct Line<'a> {
    host: &'a str,
    address: &'a str,
    time: &'a str,
    request: &'a str,
    status: &'a str,
    referrer: &'a str,
    agent: &'a str,
}

impl<'a> Line<'a> {
    fn of(line: &'a str) -> Option<Self> {
        // A user's name may hold anything but this.
        let (who, rest) = line.split_once(" [")?;
        let (time, rest) = rest.split_once("] \"")?;
        let (request, rest) = quoted(rest)?;
        let mut numbers = rest.trim_start().splitn(3, ' ');
        let status = numbers.next().filter(|status| status.len() == 3)?;
        numbers.next()?;
        let rest = numbers.next().unwrap_or_default();
        // The common format ends here: without an agent nobody can tell robots from people.
        let (referrer, rest) = rest.strip_prefix('"').and_then(quoted).unwrap_or_default();
        let (agent, _) = rest.trim_start().strip_prefix('"').and_then(quoted).unwrap_or_default();
        let mut words = who.split(' ');
        let (first, second) = (words.next()?, words.next()?);
        // `vhost:port address ident user`: an ident is a dash nearly always, an address never.
        let is_host = second != "-" && second.contains(['.', ':']) && words.clone().count() >= 2;
        let (host, address) = if is_host { (without_port(first), second) } else { ("", first) };
        Some(Self { host, address, time, request, status, referrer, agent })
    }
}

fn without_port(host: &str) -> &str {
    host.rsplit_once(':').map_or(host, |(host, _)| host)
}

/// What stands before the closing quotation mark, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return Some((&text[..at], &text[at + 1..])),
            _ => at += 1,
        }
    }
    None
}

/// A text without the escapes of Apache (`\"`, `\\`, `\n`, `\xhh`) and nginx (`\xHH`).
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        let (byte, used) = match (first, after) {
            (b'\\', [b'x', digits @ ..]) if digits.len() >= 2 && hex(&digits[..2]).is_some() => {
                (hex(&digits[..2]).unwrap_or_default(), 4)
            }
            (b'\\', [b'n' | b'r' | b't' | b'b' | b'v', ..]) => (b' ', 2),
            (b'\\', [escaped, ..]) => (*escaped, 2),
            (plain, _) => (*plain, 1),
        };
        bytes.push(byte);
        rest = &rest[used..];
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";

    fn told(line: &str) -> Result<[String; 4], Skip> {
        let events = Combined::new("example.org").decode(line)?;
        let event = &events[0];
        assert_eq!(event.occurred_at, 1_795_325_860);
        let client = &event.client;
        Ok([&event.url, &event.referrer, &client.address, &client.user_agent].map(String::to_owned))
    }

    fn wanted(url: &str, referrer: &str, address: &str) -> Result<[String; 4], Skip> {
        Ok([url, referrer, address, AGENT].map(str::to_owned))
    }

    #[test]
    fn lines_of_apache_and_nginx() {
        let time = "[22/Nov/2026:05:37:40 +0000]";
        let plain =
            format!("192.0.2.7 - - {time} \"GET /a?x=1 HTTP/1.1\" 200 512 \"https://b.test/\" \"{AGENT}\" 0.004");
        assert_eq!(told(&plain), wanted("https://example.org/a?x=1", "https://b.test/", "192.0.2.7"));
        let of_a_host =
            format!("www.example.org:443 2001:db8::7 - jane doe {time} \"GET / HTTP/2\" 304 - \"-\" \"{AGENT}\"");
        assert_eq!(told(&of_a_host), wanted("https://www.example.org/", "", "2001:db8::7"));
        let escaped = format!("192.0.2.7 - - {time} \"GET /\\xC3\\xA9\\\"b HTTP/1.1\" 200 1 \"-\" \"{AGENT}\"");
        assert_eq!(told(&escaped), wanted("https://example.org/é\"b", "", "192.0.2.7"));
    }

    #[test]
    fn lines_that_are_none() {
        let common = "192.0.2.7 - - [22/Nov/2026:05:37:40 +0000] \"GET / HTTP/1.1\" 200 512";
        assert_eq!(told(common), Err(Skip::NoAgent));
        let bad_time = common.replace("Nov", "Nox");
        assert_eq!(told(&bad_time), Err(Skip::BadTime));
        assert_eq!(told(&common.replace("GET / HTTP/1.1", "\\x16\\x03")), Err(Skip::Method));
        for line in ["hello", "192.0.2.7 - - [22/Nov/2026", &common[..60]] {
            assert_eq!(told(line), Err(Skip::Malformed), "{line}");
        }
        assert_eq!([told(""), told("# a comment")], [Err(Skip::Heading), Err(Skip::Heading)]);
    }

    proptest! {
        #[test]
        fn any_line_is_decoded_or_refused(line in "\\PC{0,120}", agent in "[\\\\\"x0-9é]{0,12}") {
            let mut decoder = Combined::new("");
            let _ = decoder.decode(&line);
            let made = format!("1 - - [22/Nov/2026:05:37:40 +0000] \"GET /{line} HTTP/1.1\" 200 1 \"{line}\" \"{agent}");
            let _ = decoder.decode(&made);
            let _ = plain(&agent);
        }
    }
}
