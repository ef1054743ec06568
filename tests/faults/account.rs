//! What was acknowledged, and what the API says was counted: the two must be equal.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::until;

/// The site all tests of this folder count.
pub const SITE: &str = "demo";

/// One event as the tests send it.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Name; `pageview` for a view.
    pub name: &'static str,
    /// Page, for views.
    pub page: &'static str,
    /// The client's anonymous id.
    pub visitor: String,
}

impl Sent {
    /// The event as JSON.
    pub fn json(&self) -> Value {
        match self.page {
            "" => json!({ "name": self.name, "visitor": self.visitor }),
            page => json!({ "name": self.name, "path": page, "visitor": self.visitor }),
        }
    }
}

/// Numbers the API can be asked for: `[visitors, pageviews, events]` in all, per event name and per page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    total: [u64; 3],
    names: BTreeMap<String, [u64; 3]>,
    pages: BTreeMap<String, [u64; 3]>,
}

impl Numbers {
    /// In all.
    pub fn total(&self) -> [u64; 3] {
        self.total
    }
}

#[derive(Clone, Debug, Default)]
struct Line {
    visitors: BTreeSet<String>,
    pageviews: u64,
    events: u64,
}

impl Line {
    fn add(&mut self, sent: &Sent) {
        self.visitors.insert(sent.visitor.clone());
        self.pageviews += u64::from(sent.name == "pageview");
        self.events += 1;
    }

    fn merge(&mut self, other: Self) {
        self.visitors.extend(other.visitors);
        self.pageviews += other.pageviews;
        self.events += other.events;
    }

    fn numbers(&self) -> [u64; 3] {
        [self.visitors.len() as u64, self.pageviews, self.events]
    }
}

/// Every acknowledged event, each once.
#[derive(Clone, Debug, Default)]
pub struct Account {
    total: Line,
    names: BTreeMap<&'static str, Line>,
    pages: BTreeMap<&'static str, Line>,
}

impl Account {
    /// Enters an event.
    pub fn add(&mut self, sent: &Sent) {
        self.total.add(sent);
        self.names.entry(sent.name).or_default().add(sent);
        if !sent.page.is_empty() {
            self.pages.entry(sent.page).or_default().add(sent);
        }
    }

    /// Enters another account's events.
    pub fn merge(&mut self, other: Self) {
        self.total.merge(other.total);
        other.names.into_iter().for_each(|(name, line)| self.names.entry(name).or_default().merge(line));
        other.pages.into_iter().for_each(|(page, line)| self.pages.entry(page).or_default().merge(line));
    }

    /// How many events.
    pub fn events(&self) -> u64 {
        self.total.events
    }

    /// What the API should say.
    pub fn numbers(&self) -> Numbers {
        let lines = |of: &BTreeMap<&'static str, Line>| {
            of.iter().map(|(value, line)| ((*value).to_owned(), line.numbers())).collect()
        };
        Numbers { total: self.total.numbers(), names: lines(&self.names), pages: lines(&self.pages) }
    }
}

/// What the API says.
#[track_caller]
pub fn counted(server: &Server, key: &str) -> Numbers {
    let by = |dimension: &str| {
        let metrics = ["visitors", "pageviews", "events"];
        let query = json!({ "site_id": SITE, "metrics": metrics, "date_range": "all", "dimensions": [dimension] });
        let answer = server.query(key, &query);
        let rows = answer["results"].as_array().cloned().unwrap_or_default();
        let row = |row: &Value| {
            let metrics = [0, 1, 2].map(|index| row["metrics"][index].as_u64().unwrap_or(0));
            (row["dimensions"][0].as_str().unwrap_or_default().to_owned(), metrics)
        };
        rows.iter().map(row).collect::<BTreeMap<String, [u64; 3]>>()
    };
    Numbers { total: server.totals(key, SITE), names: by("event:name"), pages: by("event:page") }
}

/// Waits until nothing is in the spool any more: what the API says from then on is final.
#[track_caller]
pub fn drained(server: &Server) {
    // A durable answer is given after a commit of everything that came before it, beacons included; a hit that opted
    // out changes none of the numbers that are compared.
    let body = format!("{{\"site\":\"{SITE}\",\"events\":[{{}}]}}");
    assert_eq!(server.send("POST", "/v1/events", &[("DNT", "1")], body.as_bytes()).status, 200);
    until("the spool is drained", || (server.metrics().sum("headcount_spool_bytes") == 0).then_some(()));
}

/// The final numbers are the account's, not one event less or more; nothing was put aside; the books balance.
#[track_caller]
pub fn assert_counted(server: &Server, key: &str, account: &Account) {
    drained(server);
    assert_eq!(counted(server, key), account.numbers(), "counted (left), acknowledged (right)");
    let metrics = server.metrics();
    assert_eq!(metrics.sum("headcount_refused_cells_total"), 0, "cells were put aside");
    let (received, sum) = metrics.identity();
    assert_eq!(received, sum, "the identity of hits");
}

/// A server with the site of these tests and a key to read it.
#[track_caller]
pub fn server_with(environment: &[(&str, &str)]) -> (Server, String) {
    let server = Server::prepare(environment);
    server.add_site(SITE);
    let key = server.create_key(SITE, "read");
    let mut server = server;
    server.start_again();
    (server, key)
}
