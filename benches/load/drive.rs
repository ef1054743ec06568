//! Connections that send. A closed loop sends when the answer to the request before is there; an open loop sends when it
//! is time, and a request that could not be sent in time has waited since then: its latency counts from the moment it
//! was due.

use std::io;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::answer::{self, Answer};
use super::mix::Worth;
use super::random::Random;

/// Pause before a request that was not acknowledged is sent again.
const AGAIN: Duration = Duration::from_millis(20);

/// Wrong answers that are kept whole, of each connection.
const WRONG_KEPT: usize = 3;

/// Numbers all requests of the program, so that no batch repeats another one's id.
static NUMBER: AtomicU64 = AtomicU64::new(1);

/// Where requests come from. One thread sends them, over many connections.
pub trait Source {
    /// The number of the next request; none when there are no more.
    fn next(&self) -> Option<u64> {
        Some(NUMBER.fetch_add(1, Ordering::Relaxed))
    }

    /// Writes request `number` and says what it is worth. The same number is the same request, batch id included.
    fn write(&self, number: u64, out: &mut Vec<u8>) -> Worth;

    /// Whether the answers say that the events are on disk.
    fn is_durable(&self) -> bool;
}

/// How to send.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Where the server listens on this machine.
    pub port: u16,
    /// Connections at once.
    pub connections: usize,
    /// For how long.
    pub time: Duration,
    /// Requests a second in an open loop; none: a closed one.
    pub rate: Option<f64>,
    /// Whether durable requests are sent again until they are acknowledged.
    pub again: bool,
}

/// What came of it.
#[derive(Default)]
pub struct Done {
    /// Requests that were answered 2xx.
    pub acknowledged: u64,
    /// What they were worth.
    pub worth: Worth,
    /// Requests that were answered 503.
    pub shed: u64,
    /// 503 that did not say when to come again.
    pub shed_without_time: u64,
    /// Requests that had no answer.
    pub unanswered: u64,
    /// Requests that were due and never sent.
    pub unsent: u64,
    /// Answers that are none of these: the numbers are worthless then.
    pub wrong: u64,
    /// The first of them, each with its request.
    pub wrong_answers: Vec<String>,
    /// Time from when each acknowledged request was due to its answer, in microseconds.
    pub latencies: Vec<u32>,
}

impl Done {
    /// Adds another one's.
    pub fn add(&mut self, mut other: Self) {
        self.acknowledged += other.acknowledged;
        self.worth.add(other.worth);
        self.shed += other.shed;
        self.shed_without_time += other.shed_without_time;
        self.unanswered += other.unanswered;
        self.unsent += other.unsent;
        self.wrong += other.wrong;
        self.wrong_answers.append(&mut other.wrong_answers);
        self.latencies.append(&mut other.latencies);
    }

    /// The latency below which this part of all was, in milliseconds.
    pub fn quantile(&mut self, part: f64) -> f64 {
        let (last, sorted) = (self.latencies.len().saturating_sub(1), &mut self.latencies);
        sorted.sort_unstable();
        let at = (last as f64 * part).round() as usize;
        sorted.get(at).map_or(f64::NAN, |micros| f64::from(*micros) / 1_000.0)
    }
}

/// Sends on this thread until the time is over, or all is sent, and every answer is there.
///
/// # Errors
/// When the runtime cannot be made or a first connection fails.
pub fn run<S: Source + 'static>(source: &Rc<S>, plan: Plan) -> io::Result<Done> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let begun = Instant::now();
        let send = |seed| tokio::task::spawn_local(Connection::new(source.clone(), plan, seed).run(begun));
        let connections: Vec<_> = (0..plan.connections as u64).map(send).collect();
        let mut done = Done::default();
        for connection in connections {
            done.add(connection.await.map_err(io::Error::other)??);
        }
        Ok(done)
    })
}

struct Connection<S> {
    source: Rc<S>,
    plan: Plan,
    random: Random,
    done: Done,
    stream: Option<TcpStream>,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl<S: Source> Connection<S> {
    fn new(source: Rc<S>, plan: Plan, seed: u64) -> Self {
        let random = Random::new(seed << 32);
        let (request, answer) = (Vec::with_capacity(4096), Vec::with_capacity(1024));
        Self { source, plan, random, done: Done::default(), stream: None, request, answer }
    }

    async fn run(mut self, begun: Instant) -> io::Result<Done> {
        self.stream = Some(connect(self.plan.port).await?);
        let until = begun + self.plan.time;
        let mut due = self.next(begun);
        while due < until {
            if Instant::now() > until {
                self.done.unsent += 1;
            } else {
                let mut since = due;
                if due > Instant::now() {
                    tokio::time::sleep_until(due.into()).await;
                    // The timer is late by up to a millisecond; that is not the server's doing.
                    since = Instant::now();
                }
                let Some(number) = self.source.next() else { break };
                self.one(number, since).await;
            }
            due = self.next(due);
        }
        Ok(self.done)
    }

    /// When the next request is due: at random moments in an open loop, as many people's are; now in a closed one.
    fn next(&mut self, last: Instant) -> Instant {
        let Some(rate) = self.plan.rate else { return Instant::now() };
        let pause = -(1.0 - self.random.part()).ln() * self.plan.connections as f64 / rate;
        last + Duration::from_secs_f64(pause)
    }

    /// Sends one request, durable ones again and again if so planned, and enters what became of it.
    async fn one(&mut self, number: u64, due: Instant) {
        loop {
            let worth = self.source.write(number, &mut self.request);
            let answer = self.exchange().await;
            let acknowledged = self.enter(answer, worth, due);
            if acknowledged || !self.plan.again || !self.source.is_durable() {
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn exchange(&mut self) -> io::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => connect(self.plan.port).await?,
        };
        stream.write_all(&self.request).await?;
        let answer = answer::read(&mut stream, &mut self.answer).await?;
        if !answer.closes {
            self.stream = Some(stream);
        }
        Ok(answer)
    }

    fn enter(&mut self, answer: io::Result<Answer>, worth: Worth, due: Instant) -> bool {
        let done = &mut self.done;
        let Ok(answer) = answer else {
            done.unanswered += 1;
            return false;
        };
        let whole = !self.source.is_durable() || answer.taken == Some(worth.hits) || answer.status == 204;
        match answer.status {
            200..=299 if whole => {
                done.acknowledged += 1;
                done.worth.add(worth);
                done.latencies.push(u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX));
                return true;
            }
            503 => {
                done.shed += 1;
                done.shed_without_time += u64::from(!answer.retry_after);
            }
            _ => {
                done.wrong += 1;
                if done.wrong_answers.len() < WRONG_KEPT {
                    let [request, answer] = [&self.request, &self.answer].map(|bytes| String::from_utf8_lossy(bytes));
                    done.wrong_answers.push(format!("{request}\n->\n{answer}"));
                }
            }
        }
        false
    }
}

async fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
