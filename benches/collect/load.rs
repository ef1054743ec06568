//! The load: closed loops over kept connections, with requests made beforehand.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Connections at once.
const CONNECTIONS: usize = 16;
/// Different events: visitors, pages and agents vary.
const VARIANTS: usize = 4_000;
/// What stands for the id of a batch until it is sent.
const BLANK_ID: &str = "0000000000000000";

/// A kind of request.
#[derive(Clone, Copy)]
pub enum Shape {
    /// One event as a beacon.
    Beacon,
    /// So many events in a batch.
    Batch(usize),
}

impl Shape {
    /// Events of a request.
    pub const fn events(self) -> usize {
        match self {
            Self::Beacon => 1,
            Self::Batch(events) => events,
        }
    }
}

/// Requests ready to be sent.
pub struct Load {
    requests: Vec<Request>,
}

/// Numbers all requests of this run, so that no batch repeats another one's id.
static NUMBER: AtomicU64 = AtomicU64::new(0);

struct Request {
    bytes: Vec<u8>,
    /// Where the id of the batch stands.
    id: Option<usize>,
}

impl Load {
    /// Requests of a shape, with a key that may relay.
    pub fn new(shape: Shape, key: &str) -> Self {
        let (agents, pages) = (agents(), pages());
        let variant = |n: usize| (agents[n % agents.len()], pages[(n * 7) % pages.len()]);
        let requests = match shape {
            Shape::Beacon => (0..VARIANTS).map(|n| beacon(n, variant(n))).collect(),
            Shape::Batch(events) => (0..(VARIANTS / events).max(2))
                .map(|batch| {
                    let events = (batch * events..(batch + 1) * events).map(|n| event(n, variant(n)));
                    self::batch(&events.collect::<Vec<String>>(), key)
                })
                .collect(),
        };
        Self { requests }
    }

    /// Sends for so long; the number of requests answered.
    pub fn run(&self, port: u16, time: Duration) -> u64 {
        let until = Instant::now() + time;
        thread::scope(|scope| {
            let connections: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(|| self.connection(port, until))).collect();
            let answered = |handle: thread::ScopedJoinHandle<'_, io::Result<u64>>| handle.join().expect("no panic");
            connections.into_iter().map(|handle| answered(handle).expect("a server that answers")).sum()
        })
    }

    fn connection(&self, port: u16, until: Instant) -> io::Result<u64> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        let (mut stream, mut answered, mut bytes) = (BufReader::new(stream), 0, Vec::new());
        while Instant::now() < until {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let request = &self.requests[(number % self.requests.len() as u64) as usize];
            bytes.clone_from(&request.bytes);
            if let Some(at) = request.id {
                bytes[at..at + BLANK_ID.len()].copy_from_slice(format!("{number:016x}").as_bytes());
            }
            stream.get_mut().write_all(&bytes)?;
            read_answer(&mut stream)?;
            answered += 1;
        }
        Ok(answered)
    }
}

fn beacon(n: usize, (agent, page): (&str, &str)) -> Request {
    let body = format!(
        r#"{{"site":"demo","url":"https://www.example.org{page}","referrer":"https://www.google.com/","w":1440,"visitor":"{n:016x}"}}"#
    );
    let head = format!("content-type: text/plain\r\nuser-agent: {agent}\r\naccept-language: de-AT,de;q=0.9,en;q=0.7");
    Request { bytes: post("/e", &head, &body), id: None }
}

fn event(n: usize, (agent, page): (&str, &str)) -> String {
    let (second, third) = (n / 250 % 250, n % 250);
    format!(
        r#"{{"url":"https://www.example.org{page}","referrer":"https://www.google.com/","w":1440,"client":{{"address":"91.{second}.{third}.7","user_agent":"{agent}","language":"de-AT,de;q=0.9,en;q=0.7"}}}}"#
    )
}

fn batch(events: &[String], key: &str) -> Request {
    let body = format!(r#"{{"site":"demo","batch_id":"{BLANK_ID}","events":[{}]}}"#, events.join(","));
    let bytes = post("/v1/events", &format!("content-type: application/json\r\nauthorization: Bearer {key}"), &body);
    let id = bytes.windows(BLANK_ID.len()).position(|window| window == BLANK_ID.as_bytes());
    Request { bytes, id }
}

fn post(path: &str, head: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: localhost\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

/// Reads an answer to its end. Less than full success would make the numbers meaningless.
fn read_answer(stream: &mut BufReader<TcpStream>) -> io::Result<()> {
    let (mut line, mut length, mut first) = (String::new(), 0, true);
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if first && !line.starts_with("HTTP/1.1 2") {
            return Err(io::Error::other(line.trim().to_owned()));
        }
        first = false;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            if line == "\r\n" {
                break;
            }
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = String::new();
    stream.take(length).read_to_string(&mut body)?;
    let counted = body.is_empty() || body.ends_with(r#""duplicates":0,"dropped":[]}"#);
    if counted { Ok(()) } else { Err(io::Error::other("not every event of a batch was counted")) }
}

/// User agents of the made-up traffic.
fn agents() -> Vec<&'static str> {
    let rows = include_str!("../../src/demo/data/agents.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split('\t').nth(2)).collect()
}

/// Pages of the made-up site.
fn pages() -> Vec<&'static str> {
    include_str!("../../src/demo/data/pages.txt").lines().filter(|line| line.starts_with('/')).collect()
}
