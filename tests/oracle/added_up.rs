//! Counters that an app added up itself (`POST /v1/counts`): so many names, pages and plans that what persons do beside
//! the known ones is over the cap of its day. They come before everything else of the day, so that it is known who
//! is admitted.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::acts::{number, put};
use super::fact::{CURRENCY, DAY, Fact, Kind, NUMBER, PROP};
use super::person::Person;
use super::send::{Sending, context_of};
use super::support::until;
use super::traffic::{Recorder, Recording, Route, Scene, Sent};
use super::world::{LANGUAGES, PAGES, SCREENS};

/// Values of each dimension and day that are admitted: of the collector that is judged, too.
pub const CAP: usize = 1_000;
/// The same on a day that is closed.
const LATE_CAP: usize = CAP / 10;

/// Features that have a cell of their own.
const NAMES: [&str; 6] = ["pageview", "signup", "download", "export", "purchase", "search"];
/// Plans that have one.
pub const PLANS: [&str; 3] = ["free", "pro", "team"];
/// Features that have none.
pub const RARE_NAMES: [&str; 3] = ["rename board", "archive card", "invite guest"];
/// Plans that have none.
pub const RARE_PLANS: [&str; 2] = ["education", "charity"];
/// Pages that have none; the sections above them have.
pub const RARE_PAGES: [&str; 3] = ["/stories/harvest", "/stories/winter", "/events/berlin"];

const FIRST: [&str; 10] = ["open", "close", "move", "paint", "fold", "lift", "tilt", "press", "shake", "spin"];
const SECOND: [&str; 10] = ["red", "blue", "green", "brown", "pink", "grey", "black", "white", "gold", "plum"];
const THIRD: [&str; 10] = ["boat", "lamp", "door", "chair", "table", "shelf", "clock", "stove", "mug", "rug"];

/// The counters of one day: one request of an installation.
#[derive(Clone)]
pub struct AddedUp {
    /// The day.
    pub day: i64,
    /// Counters as events.
    pub sent: Vec<Sent>,
}

/// Words that nobody takes for an id.
fn made_up(number: usize) -> String {
    format!("{} {} {}", FIRST[number / 100 % 10], SECOND[number / 10 % 10], THIRD[number % 10])
}

/// The value at a place: a known one as long as there are any.
fn value(known: &[&str], at: usize) -> String {
    known.get(at).map_or_else(|| made_up(at - known.len()), |known| (*known).to_owned())
}

impl Recorder {
    /// As many counters as a day admits values. `at`: seconds since midnight.
    pub(super) fn add_up(&mut self, day: i64, is_late: bool) -> AddedUp {
        let persons = &self.recording.persons;
        let person = persons.iter().position(|person| person.app.is_some() && !person.opted_out).expect("an app");
        let counters = if is_late { LATE_CAP } else { CAP };
        let sent = (0..counters).map(|at| self.counter(day, person, at)).collect();
        AddedUp { day, sent }
    }

    fn counter(&mut self, day: i64, person: usize, at: usize) -> Sent {
        let known = [&PAGES[..], &SCREENS].concat();
        let page = value(&known, at);
        let name = value(&NAMES, at);
        let kind = if name == "pageview" { Kind::Pageview } else { Kind::Feature };
        // What happened on a past day stands at its noon.
        let noon = self.days.begin(day + 1) - DAY / 2;
        let scene = Scene { person, at: noon, page: page.clone(), origin: None };
        let mut sent = self.sent(&scene, kind, &name);
        if page.starts_with('/') {
            sent.hit.as_object_mut().expect("an object").remove("screen");
            put(&mut sent, "page", json!(page));
        }
        let n = 1 + at as i64 % 7;
        put(&mut sent, "n", json!(n));
        (sent.fact.who, sent.fact.n, sent.route) = (None, n, Route::Batch);
        let plan = value(&PLANS, at);
        let mut props = json!({ "plan": plan });
        sent.fact.attributes.push((PROP, format!("plan={plan}")));
        if at.is_multiple_of(40) {
            props["load_ms"] = json!(250);
            sent.fact.attributes.extend(number(NUMBER, "load_ms", 250.0));
        }
        put(&mut sent, "props", props);
        if at % 50 == 1 {
            // What all of them paid together.
            put(&mut sent, "revenue", json!({ "amount": "7.50", "currency": "EUR" }));
            sent.fact.attributes.push((CURRENCY, "EUR".to_owned()));
            sent.fact.revenue = 750;
        }
        sent
    }
}

impl Sending<'_> {
    /// Sends the counters of some days, one day after the other; returns what they are counted as.
    pub fn add_up(&self, recording: &Recording, run: &str, days: &[AddedUp]) -> Vec<Fact> {
        days.iter().flat_map(|added| self.counters(recording, run, added)).collect()
    }

    fn counters(&self, recording: &Recording, run: &str, added: &AddedUp) -> Vec<Fact> {
        let person = &recording.persons[added.sent[0].person];
        let date = recording.week.date.checked_add(jiff::Span::new().days(added.day)).expect("a date");
        let counts: Vec<&Value> = added.sent.iter().map(|sent| &sent.hit).collect();
        let body = json!({ "site": self.site, "batch_id": format!("{run}-{date}"),
            "context": person.app.map(context_of), "days": [{ "day": date, "counts": counts }] });
        let headers = headers_of(person);
        let (before, answers, after) = self.twice(&body, &headers);
        let sent = added.sent.len();
        assert_eq!(answers[0], json!({ "accepted": sent, "duplicates": 0, "dropped": [] }));
        assert_eq!(answers[1], json!({ "accepted": 0, "duplicates": sent, "dropped": [] }));
        let mut facts: Vec<Fact> = added.sent.iter().map(|sent| sent.fact.clone()).collect();
        if added.day == 1 {
            // The day that goes on: they stand at the hour in which they came.
            assert_eq!(before / 3600, after / 3600, "the hour changed while counters were sent: run it again");
            facts.iter_mut().for_each(|fact| fact.at = before - self.base);
        }
        facts
    }

    /// Sends a body again under its id. When it was sent, the answers, when they had come.
    fn twice(&self, body: &Value, headers: &[(&str, &str)]) -> (i64, [Value; 2], i64) {
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64;
        until("an hour is not about to end", || (now() % 3600 < 3600 - 20).then_some(()));
        let before = now();
        let mut client = self.server.client();
        let answers = [(); 2].map(|()| {
            let answer = client.send("POST", "/v1/counts", headers, body.to_string().as_bytes()).expect("an answer");
            assert_eq!(answer.status, 200, "{}", answer.text());
            answer.json()
        });
        (before, answers, now())
    }
}

fn headers_of(person: &Person) -> [(&str, &str); 3] {
    [
        ("Content-Type", "application/json"),
        ("Accept-Language", LANGUAGES[person.language].0),
        ("X-Forwarded-For", &person.address),
    ]
}
