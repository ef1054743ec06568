//! Clients that send without a pause: batches, each sent again until it is acknowledged.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};

use crate::account::{Account, SITE, Sent};
use crate::support::http::Client;
use crate::support::server::BROWSER;
use crate::support::until;

const PAGES: [&str; 5] = ["/alpha", "/beta", "/gamma", "/delta", "/epsilon"];
const NAMES: [&str; 3] = ["open", "save", "share"];
/// Distinct visitors over all clients.
const VISITORS: usize = 60;
/// Pause before a refused or unanswered batch is sent again; a polite client's.
const AGAIN: Duration = Duration::from_millis(5);

/// The events of batch `number` of a client.
pub fn events(client: usize, number: usize) -> Vec<Sent> {
    let visitor = |offset: usize| format!("visitor-{}", (client * 17 + number * 3 + offset) % VISITORS);
    let view =
        |offset| Sent { name: "pageview", page: PAGES[(number + offset) % PAGES.len()], visitor: visitor(offset) };
    let feature = |offset| Sent { name: NAMES[(number + offset) % NAMES.len()], page: "", visitor: visitor(offset) };
    vec![view(0), feature(0), view(1), feature(1), feature(2)]
}

/// A batch as the body of `POST /v1/events`.
pub fn body(batch_id: &str, events: &[Sent]) -> Vec<u8> {
    let events: Vec<Value> = events.iter().map(Sent::json).collect();
    json!({ "site": SITE, "batch_id": batch_id, "events": events }).to_string().into_bytes()
}

/// Sends a batch once. True: acknowledged as a whole. False: no answer, or one that asks to come again.
#[track_caller]
pub fn post(client: &mut Client, body: &[u8], events: usize) -> bool {
    let Ok(answer) = client.send("POST", "/v1/events", &[("Content-Type", "application/json")], body) else {
        return false;
    };
    if answer.status == 503 {
        return false;
    }
    let text = answer.text();
    assert_eq!(answer.status, 200, "{text}");
    let answer = answer.json();
    let taken = [&answer["accepted"], &answer["duplicates"]].map(|number| number.as_u64().unwrap_or(u64::MAX));
    let whole = [[events as u64, 0], [0, events as u64]];
    assert!(whole.contains(&taken) && answer["dropped"] == json!([]), "all or nothing of a batch: {text}");
    true
}

/// Clients at work.
pub struct Load {
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<Account>>,
}

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    acknowledged: AtomicU64,
    failures: AtomicU64,
}

impl Load {
    /// Lets `clients` clients send to `address`. `run` makes the batch ids of one run different from another's.
    pub fn start(address: SocketAddr, clients: usize, run: &str) -> Self {
        let shared = Arc::new(Shared::default());
        let client = |number: usize| {
            let (shared, run) = (shared.clone(), run.to_owned());
            std::thread::spawn(move || send_on(address, number, &run, &shared))
        };
        let clients = (0..clients).map(client).collect();
        Self { shared, clients }
    }

    /// Batches acknowledged so far.
    pub fn acknowledged(&self) -> u64 {
        self.shared.acknowledged.load(Ordering::Relaxed)
    }

    /// Tries so far that were not acknowledged.
    pub fn failures(&self) -> u64 {
        self.shared.failures.load(Ordering::Relaxed)
    }

    /// Waits until so many more batches are acknowledged.
    #[track_caller]
    pub fn wait_for(&self, more: u64) {
        let wanted = self.acknowledged() + more;
        until("batches are acknowledged", || (self.acknowledged() >= wanted).then_some(()));
    }

    /// Lets every client finish its batch and returns what was acknowledged.
    #[track_caller]
    pub fn finish(mut self) -> Account {
        self.shared.stop.store(true, Ordering::Relaxed);
        let mut account = Account::default();
        for client in self.clients.drain(..) {
            account.merge(client.join().expect("a client saw a wrong answer"));
        }
        account
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
    }
}

fn send_on(address: SocketAddr, number: usize, run: &str, shared: &Shared) -> Account {
    let mut client = Client::new(address);
    let mut account = Account::default();
    for batch in 0.. {
        if shared.stop.load(Ordering::Relaxed) {
            break;
        }
        let events = events(number, batch);
        let body = body(&format!("{run}-{number}-{batch}"), &events);
        until("a batch is acknowledged", || {
            let done = post(&mut client, &body, events.len());
            if !done {
                shared.failures.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(AGAIN);
            }
            done.then_some(())
        });
        shared.acknowledged.fetch_add(1, Ordering::Relaxed);
        events.iter().for_each(|sent| account.add(sent));
    }
    account
}

/// Browsers at work: beacons without a pause, none sent again.
pub struct Beacons {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<u64>>,
}

impl Beacons {
    /// Lets `clients` clients send to `address`.
    pub fn start(address: SocketAddr, clients: usize) -> Self {
        let stop = Arc::new(AtomicBool::default());
        let client = |_| {
            let stop = stop.clone();
            std::thread::spawn(move || send_beacons(address, &stop))
        };
        let clients = (0..clients).map(client).collect();
        Self { stop, clients }
    }

    /// Ends sending and returns what was answered 202. What had no answer was not taken.
    #[track_caller]
    pub fn finish(mut self) -> Account {
        self.stop.store(true, Ordering::Relaxed);
        let acknowledged = self.clients.drain(..).map(|client| client.join().expect("a client saw a wrong answer"));
        let acknowledged: u64 = acknowledged.sum();
        let sent = Sent { name: "pageview", page: "/beacon", visitor: "the browser".to_owned() };
        let mut account = Account::default();
        (0..acknowledged).for_each(|_| account.add(&sent));
        account
    }
}

impl Drop for Beacons {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn send_beacons(address: SocketAddr, stop: &AtomicBool) -> u64 {
    let mut client = Client::new(address);
    let mut acknowledged = 0;
    let body = format!("{{\"site\":\"{SITE}\",\"path\":\"/beacon\"}}");
    while !stop.load(Ordering::Relaxed) {
        match client.send("POST", "/e", &[("User-Agent", BROWSER)], body.as_bytes()) {
            Ok(answer) => {
                assert_eq!(answer.status, 202);
                acknowledged += 1;
            }
            Err(_) => std::thread::sleep(AGAIN),
        }
    }
    acknowledged
}
