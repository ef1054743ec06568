//! Sends a recording to a running collector, as relays and browsers do, and says in which order events were counted.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::fact::Fact;
use super::support::http::Client;
use super::support::server::Server;
use super::support::until;
use super::traffic::{Recording, Route, Sent};
use super::world::{AGENTS, APPS, LANGUAGES};

/// Connections of relays that pass on what browsers do.
const LANES: usize = 3;
/// Events of a batch.
const BATCH: usize = 400;

/// One connection: what it sends in which order. A person's events are on one connection.
struct Lane<'r> {
    app: Option<usize>,
    route: Route,
    sent: Vec<&'r Sent>,
}

/// Where and when a recording is sent.
pub struct Sending<'r> {
    /// The collector.
    pub server: &'r Server,
    /// The site.
    pub site: &'r str,
    /// A key of scope `write`.
    pub key: &'r str,
    /// Midnight of day 0 in seconds since 1970.
    pub base: i64,
}

/// What was sent.
#[derive(Default)]
pub struct Delivered {
    /// Facts in an order in which the collector may have counted them.
    pub facts: Vec<Fact>,
    /// How many asked not to be counted.
    pub opted_out: u64,
}

impl Sending<'_> {
    /// Sends everything, the connections at the same time. `run` parts the batch ids of one delivery from another's.
    pub fn deliver(&self, recording: &Recording, sent: &[Sent], run: &str) -> Delivered {
        let lanes = lanes(recording, sent);
        let all = std::thread::scope(|scope| {
            let running: Vec<_> = lanes
                .iter()
                .enumerate()
                .map(|(n, lane)| scope.spawn(move || self.run(recording, &format!("{run}-{n}"), lane)))
                .collect();
            running.into_iter().map(|lane| lane.join().expect("a connection")).collect::<Vec<_>>()
        });
        let facts = all.into_iter().flatten().collect();
        let opted_out = sent.iter().filter(|sent| sent.dropped == Some("opted_out")).count() as u64;
        Delivered { facts, opted_out }
    }

    fn run(&self, recording: &Recording, name: &str, lane: &Lane<'_>) -> Vec<Fact> {
        let mut client = self.server.client();
        if lane.route == Route::Beacon {
            lane.sent.iter().for_each(|sent| self.beacon(&mut client, recording, sent));
            return counted(&lane.sent);
        }
        let mut facts = Vec::new();
        for (turn, batch) in lane.sent.chunks(BATCH).enumerate() {
            self.batch(&mut client, recording, (lane.app, &format!("{name}-{turn}")), batch);
            // Events of one batch are taken in the order in which they happened.
            let mut batch = counted(batch);
            batch.sort_by_key(|fact| fact.at);
            facts.extend(batch);
        }
        facts
    }

    fn batch(&self, client: &mut Client, recording: &Recording, (app, id): (Option<usize>, &str), batch: &[&Sent]) {
        let events: Vec<Value> = batch.iter().map(|sent| self.event(recording, sent)).collect();
        let context = app.map_or(json!({}), context_of);
        let body = json!({ "site": self.site, "batch_id": id, "context": context, "events": events }).to_string();
        let bearer = format!("Bearer {}", self.key);
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let answer = client.send("POST", "/v1/events", &headers, body.as_bytes()).expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        let dropped: Vec<Value> = batch
            .iter()
            .enumerate()
            .filter_map(|(index, sent)| Some(json!({ "index": index, "reason": sent.dropped? })))
            .collect();
        let accepted = batch.len() - dropped.len();
        assert_eq!(answer.json(), json!({ "accepted": accepted, "duplicates": 0, "dropped": dropped }));
        if id.ends_with("-0") {
            let again = client.send("POST", "/v1/events", &headers, body.as_bytes()).expect("an answer");
            assert_eq!(again.json()["duplicates"], json!(batch.len()), "a batch that is sent again");
        }
    }

    fn event(&self, recording: &Recording, sent: &Sent) -> Value {
        let person = &recording.persons[sent.person];
        let mut event = sent.hit.clone();
        event["occurred_at"] = json!(self.base + sent.fact.at);
        if event.get("client").is_none() {
            event["client"] = person.client();
            event["visitor"] = json!(person.id);
            if person.id.is_none() {
                event.as_object_mut().expect("an object").remove("visitor");
            }
        }
        event
    }

    fn beacon(&self, client: &mut Client, recording: &Recording, sent: &Sent) {
        let person = &recording.persons[sent.person];
        let mut event = sent.hit.clone();
        event["occurred_at"] = json!(self.base + sent.fact.at);
        event["site"] = json!(self.site);
        let mut headers = vec![
            ("User-Agent", AGENTS[person.agent].0),
            ("Accept-Language", LANGUAGES[person.language].0),
            ("X-Forwarded-For", person.address.as_str()),
        ];
        headers.extend(person.opted_out.then_some(("Sec-GPC", "1")));
        let answer = client.send("POST", "/e", &headers, event.to_string().as_bytes()).expect("an answer");
        assert_eq!(answer.status, 202, "{}", answer.text());
    }
}

impl Sending<'_> {
    /// Asks for the pixels; returns what they are counted as. They happen now, within one hour of the clock.
    pub fn look(&self, recording: &Recording) -> Vec<Fact> {
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64;
        // All of them within one hour, so that everybody knows which.
        until("an hour is not about to end", || (now() % 3600 < 3600 - 20).then_some(()));
        let hour = now() / 3600;
        let mut client = self.server.client();
        let mut facts = Vec::new();
        for sent in &recording.pixels {
            let person = &recording.persons[sent.person];
            let text =
                |field: &str| sent.hit[field].as_str().unwrap_or_default().replace('&', "%26").replace('?', "%3F");
            let path =
                format!("/p.gif?site={}&url={}&ref={}&w={}", self.site, text("url"), text("referrer"), sent.hit["w"]);
            let headers = [
                ("User-Agent", AGENTS[person.agent].0),
                ("Accept-Language", LANGUAGES[person.language].0),
                ("X-Forwarded-For", person.address.as_str()),
            ];
            let answer = client.send("GET", &path, &headers, b"").expect("an answer");
            assert_eq!(answer.status, 200, "{}", answer.text());
            facts.push(Fact { at: now() - self.base, ..sent.fact.clone() });
        }
        assert_eq!(now() / 3600, hour, "the hour changed while pixels were asked for: run it again");
        facts
    }
}

/// What an app says of itself.
pub(super) fn context_of(app: usize) -> Value {
    let [os, os_version, device, app_version, install_source] = APPS[app].context;
    json!({ "os": os, "os_version": os_version, "device": device, "app_version": app_version,
        "install_source": install_source })
}

fn counted(sent: &[&Sent]) -> Vec<Fact> {
    sent.iter().filter(|sent| sent.dropped.is_none()).map(|sent| sent.fact.clone()).collect()
}

/// Connections of browsers' relays, one of beacons, one of each app.
fn lanes<'r>(recording: &Recording, all: &'r [Sent]) -> Vec<Lane<'r>> {
    let mut lanes: Vec<Lane<'_>> = Vec::new();
    lanes.extend((0..LANES).map(|_| Lane { app: None, route: Route::Batch, sent: Vec::new() }));
    lanes.push(Lane { app: None, route: Route::Beacon, sent: Vec::new() });
    lanes.extend((0..APPS.len()).map(|app| Lane { app: Some(app), route: Route::Batch, sent: Vec::new() }));
    for sent in all {
        let lane = match (recording.persons[sent.person].app, sent.route) {
            (Some(app), _) => LANES + 1 + app,
            (None, Route::Beacon) => LANES,
            (None, Route::Batch) => sent.person % LANES,
        };
        lanes[lane].sent.push(sent);
    }
    lanes
}
