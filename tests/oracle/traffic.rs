//! Recorded traffic: the same in every run, over a whole day and the first half hour of the next.

use serde_json::{Value, json};

use super::acts::put;
use super::added_up::{AddedUp, RARE_PAGES};
use super::fact::{Days, Fact, Kind};
use super::person::{Crowd, Person};
use super::random::Random;
use super::world::{ORIGINS, PAGES, ROBOT, SCREENS, places};

/// Nothing of the recording happens later on day 1: half past midnight, less a minute.
const END: i64 = 1_740;

/// How an event is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// In a batch of a relay.
    Batch,
    /// As a beacon.
    Beacon,
}

/// One event on its way.
#[derive(Clone, Debug)]
pub struct Sent {
    /// All that is known of it.
    pub fact: Fact,
    /// Its fields on the wire, without who and when.
    pub hit: Value,
    /// Position of its sender.
    pub person: usize,
    /// When it is sent, as seconds since midnight of day 0: later than it happened when it was held back.
    pub sent_at: i64,
    /// How.
    pub route: Route,
    /// Why the program must drop it.
    pub dropped: Option<&'static str>,
}

/// Persons and their events in the order in which they are sent.
pub struct Recording {
    /// The persons.
    pub persons: Vec<Person>,
    /// The events.
    pub sent: Vec<Sent>,
    /// Events of the same days that come when these are sealed.
    pub late: Vec<Sent>,
    /// Page views that happen when they are sent.
    pub pixels: Vec<Sent>,
    /// What an app added up, day by day: before anything else, and before anything comes late.
    pub added_up: [Vec<AddedUp>; 2],
    /// The week.
    pub week: Week,
}

/// Makes up a recording.
pub struct Recorder {
    pub(super) random: Random,
    pub(super) recording: Recording,
    pub(super) week: Week,
    pub(super) days: Days,
}

/// The week of day 0.
#[derive(Clone, Copy)]
pub struct Week {
    /// The Monday.
    pub monday: jiff::civil::Date,
    /// The date of day 0.
    pub date: jiff::civil::Date,
    /// Whether day 1 is in another week.
    pub ends: bool,
}

impl Week {
    /// The week of the day that begins at `base` (seconds since 1970) in a zone.
    pub fn of(base: i64, zone: &str) -> Self {
        let zone = jiff::tz::TimeZone::get(zone).expect("a zone");
        let date = jiff::Timestamp::from_second(base).expect("a time").to_zoned(zone).date();
        let since = i64::from(date.weekday().to_monday_zero_offset());
        let monday = date.checked_sub(jiff::Span::new().days(since)).expect("a date");
        Self { monday, date, ends: since == 6 }
    }
}

impl Recording {
    fn empty(week: Week) -> Self {
        let (persons, sent, late, pixels) = Default::default();
        Self { persons, sent, late, pixels, added_up: Default::default(), week }
    }
}

/// Where an event happens.
pub(super) struct Scene {
    pub(super) person: usize,
    pub(super) at: i64,
    pub(super) page: String,
    /// Position in [`ORIGINS`]; none within the site.
    pub(super) origin: Option<usize>,
}

impl Recorder {
    /// Records the days of so many persons.
    pub fn record(persons: usize, week: Week, days: Days) -> Recording {
        let mut recorder = Self { random: Random(7), recording: Recording::empty(week), week, days };
        let mut crowd = Crowd::new(places());
        for number in 0..persons {
            let person = crowd.person(&mut recorder.random);
            recorder.recording.persons.push(person);
            recorder.live(number);
        }
        recorder.send_what_is_dropped();
        let long_ago = recorder.late(persons / 20, -3);
        recorder.recording.sent.extend(long_ago);
        let late = [recorder.late(persons / 20, 0), recorder.late(persons / 50, 1)].concat();
        recorder.recording.late.extend(late);
        recorder.look_now(&mut crowd, persons / 100);
        recorder.recording.added_up = [
            vec![recorder.add_up(0, false), recorder.add_up(-3, true), recorder.add_up(1, false)],
            vec![recorder.add_up(0, true), recorder.add_up(1, true)],
        ];
        let mut recording = recorder.recording;
        recording.sent.sort_by_key(|sent| sent.sent_at);
        recording
    }

    fn end(&self) -> i64 {
        self.days.begin(1) + END
    }

    /// A person's visits.
    fn live(&mut self, person: usize) {
        let midnight = self.days.begin(1);
        let mut at = match self.random.below(20) {
            0 => midnight - 1_500 + self.random.below(1_500) as i64,
            1 => midnight + self.random.below(1_500) as i64,
            _ => (self.random.below(midnight as usize) + self.random.below(midnight as usize)) as i64 / 2,
        };
        let mut is_first = true;
        while at < self.end() {
            let over = self.visit(person, at, is_first);
            is_first = false;
            if !self.random.chance(0.3) {
                return;
            }
            at = over + 1_800 + self.random.below(20_000) as i64;
        }
    }

    /// One visit; returns when it was over.
    fn visit(&mut self, person: usize, start: i64, is_first: bool) -> i64 {
        let origin = self.random.ranked(ORIGINS.len());
        let mut scene = Scene { person, at: start, page: self.page_for(person), origin: Some(origin) };
        self.look(&scene, is_first);
        loop {
            self.act(&mut scene);
            self.report(&mut scene);
            if !self.random.chance(0.62) {
                return scene.at;
            }
            let gap = match self.random.below(100) {
                0..3 => 1_799,
                // A pause: another visit begins with a step within the site.
                3..5 => 1_800 + self.random.below(3_600) as i64,
                _ => self.random.seconds(70.0, 1, 1_700),
            };
            scene.at += gap;
            if scene.at >= self.end() {
                return scene.at;
            }
            if !self.random.chance(0.06) {
                scene.page = self.page_for(person);
            }
            scene.origin = None;
            self.look(&scene, false);
        }
    }

    fn page_for(&mut self, person: usize) -> String {
        match self.recording.persons[person].app {
            Some(_) => SCREENS[self.random.ranked(SCREENS.len())].to_owned(),
            None if self.random.chance(0.05) => RARE_PAGES[self.random.ranked(RARE_PAGES.len())].to_owned(),
            None => PAGES[self.random.ranked(PAGES.len())].to_owned(),
        }
    }

    /// A page view.
    fn look(&mut self, scene: &Scene, says_cohort: bool) {
        let mut sent = self.sent(scene, Kind::Pageview, "pageview");
        if says_cohort {
            self.say_cohort(&mut sent);
        }
        self.recording.sent.push(sent);
    }

    /// Features on a page.
    fn act(&mut self, scene: &mut Scene) {
        while self.random.chance(0.22) {
            scene.at += self.random.seconds(20.0, 0, 600);
            scene.origin = None;
            if scene.at >= self.end() {
                return;
            }
            let mut sent = self.feature(scene);
            if sent.route == Route::Batch && self.random.chance(0.05) {
                sent.sent_at += self.random.below(300) as i64;
            }
            self.recording.sent.push(sent);
        }
    }

    /// What the tracker tells of a page view later.
    fn report(&mut self, scene: &mut Scene) {
        if self.recording.persons[scene.person].app.is_some() || !self.random.chance(0.7) {
            return;
        }
        scene.origin = None;
        let mut scroll = 0;
        for _ in 0..1 + self.random.below(2) {
            let secs = self.random.seconds(25.0, 1, 400);
            scene.at += secs;
            if scene.at >= self.end() {
                return;
            }
            let mut sent = self.sent(scene, Kind::Report, "engagement");
            put(&mut sent, "engaged_secs", json!(secs));
            sent.fact.engaged = Some(secs);
            if self.random.chance(0.8) {
                scroll = (scroll + self.random.below(60) as i64).min(100);
                put(&mut sent, "scroll_pct", json!(scroll));
                sent.fact.scroll = Some(scroll);
            }
            self.recording.sent.push(sent);
        }
        if self.random.chance(0.5) {
            self.measure(scene);
        }
    }

    /// Robots and spam.
    fn send_what_is_dropped(&mut self) {
        let Some(person) = self.recording.persons.iter().position(|person| person.app.is_none() && !person.opted_out)
        else {
            return;
        };
        for number in 0..20 {
            let scene = Scene { person, at: 40_000 + number, page: "/".to_owned(), origin: Some(0) };
            let mut robot = self.sent(&scene, Kind::Pageview, "pageview");
            robot.route = Route::Batch;
            let mut spam = robot.clone();
            robot.hit["client"] = json!({ "user_agent": ROBOT, "address": "60.0.0.1" });
            robot.dropped = Some("bot");
            spam.hit["referrer"] = json!("https://semalt.com/");
            spam.dropped = Some("spam_referrer");
            self.recording.sent.extend([robot, spam]);
        }
    }

    /// Events of a day that is closed: nobody is told from others any more.
    fn late(&mut self, events: usize, day: i64) -> Vec<Sent> {
        let mut late = Vec::new();
        for number in 0..events {
            let person = self.random.below(self.recording.persons.len());
            if self.recording.persons[person].opted_out {
                continue;
            }
            let page = self.page_for(person);
            let origin = Some(self.random.ranked(ORIGINS.len()));
            // The second day is half an hour long.
            let begin = self.days.begin(day);
            let span = if day == 1 { END } else { self.days.begin(day + 1) - begin };
            let at = begin + self.random.below(span as usize) as i64;
            let scene = Scene { person, at, page, origin };
            let mut sent = match number % 4 {
                0 => self.feature(&scene),
                _ => self.sent(&scene, Kind::Pageview, "pageview"),
            };
            sent.fact.who = None;
            sent.sent_at = 50_000;
            sent.route = Route::Batch;
            late.push(sent);
        }
        late
    }

    /// One page view each of people who have not been here before, at the moment they are sent.
    fn look_now(&mut self, crowd: &mut Crowd, pixels: usize) {
        while self.recording.pixels.len() < pixels {
            let person = crowd.person(&mut self.random);
            if person.app.is_some() || person.id.is_some() || person.opted_out {
                continue;
            }
            self.recording.persons.push(person);
            let person = self.recording.persons.len() - 1;
            let (page, origin) = (self.page_for(person), Some(self.random.ranked(ORIGINS.len())));
            let scene = Scene { person, at: self.end(), page, origin };
            let sent = self.sent(&scene, Kind::Pageview, "pageview");
            self.recording.pixels.push(sent);
        }
    }
}
