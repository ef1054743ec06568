//! Exactly as many hits as asked for, and the reports about them, as requests to be sent. The same seed, number, days and date give the same
//! requests; only moments of today move with the time that has passed of it. Called by [`super::send`].

use std::collections::VecDeque;
use std::ops::RangeInclusive;

use super::past::{Past, Pasts};
use super::person::{Person, Way};
use super::random::Random;
use super::timeline::Timeline;
use super::visit::{self, Step};
use super::wire::{self, Hit};
use super::world::World;

/// Hits of a visit on average, about: it sizes the crowd only.
const HITS_OF_A_VISIT: u64 = 3;
/// Visitors there are for ten visits of a day, in a week.
const VISITORS_OF_TEN_VISITS: u64 = 8;
/// How many times as many there are in the longest time: most people do not come every day or week.
const MOST_WEEKS: u64 = 5;

/// What is to be made.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Site the hits are for.
    pub site: String,
    /// Host of its pages.
    pub host: String,
    /// Seed of all choices.
    pub seed: u64,
    /// How many hits.
    pub hits: u64,
    /// Days they are spread over.
    pub days: u32,
    /// When they happen.
    pub timeline: Timeline,
    /// Events of a batch; the last ones are smaller.
    pub batch: RangeInclusive<u64>,
    /// What batch ids begin with: another one for each run.
    pub run: String,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parcel {
    /// `POST /v1/events`.
    Batch {
        /// Its body, not yet packed.
        body: String,
        /// Events in it.
        hits: u64,
        /// Reports in it: they are no events.
        reports: u64,
    },
    /// `POST /e`.
    Beacon {
        /// Its body.
        body: String,
        /// Whether it is a report.
        is_report: bool,
        /// Who sends it.
        person: Box<Person>,
    },
    /// `GET /p.gif`.
    Pixel {
        /// Path and query.
        target: String,
        /// Who asks for it.
        person: Box<Person>,
    },
}

impl Parcel {
    /// How many hits it is, without reports.
    pub fn hits(&self) -> u64 {
        match self {
            Self::Batch { hits, .. } => *hits,
            Self::Beacon { is_report, .. } => u64::from(!is_report),
            Self::Pixel { .. } => 1,
        }
    }

    /// How many reports it holds.
    pub fn reports(&self) -> u64 {
        match self {
            Self::Batch { reports, .. } => *reports,
            Self::Beacon { is_report, .. } => u64::from(*is_report),
            Self::Pixel { .. } => 0,
        }
    }
}

/// Events that wait for their batch to be full.
#[derive(Debug)]
struct Pile {
    context: String,
    events: Vec<String>,
    reports: u64,
    full: u64,
}

/// The requests, one after the other.
#[derive(Debug)]
pub struct Traffic {
    plan: Plan,
    world: World,
    random: Random,
    crowd: u64,
    left: u64,
    /// Steps of the visit at hand, with their moments.
    steps: VecDeque<(i64, Step)>,
    person: Person,
    pasts: Pasts,
    /// What the visitor at hand says with the first hit.
    past: Option<Past>,
    /// The relay's, then one for each kind of installation of the app.
    piles: Vec<Pile>,
    batches: u64,
}

impl Traffic {
    /// The traffic of a plan.
    pub fn new(plan: Plan) -> Self {
        let world = World::load();
        let mut random = Random::of(&[plan.seed, plan.hits, u64::from(plan.days), plan.timeline.dated()]);
        let contexts = std::iter::once(String::from("{}")).chain(world.apps.iter().map(wire::context));
        let piles = contexts
            .map(|context| Pile { context, events: Vec::new(), reports: 0, full: between(&plan.batch, &mut random) })
            .collect();
        let visits_a_day = plan.hits / HITS_OF_A_VISIT / u64::from(plan.days.max(1));
        let weeks = u64::from(plan.days).div_ceil(7).clamp(1, MOST_WEEKS);
        let crowd = (visits_a_day * VISITORS_OF_TEN_VISITS * weeks / 10).max(1);
        let person = Person::new(&world, &mut random);
        let (left, steps) = (plan.hits, VecDeque::new());
        let pasts = Pasts::new(plan.timeline.last_day());
        Self { plan, world, random, crowd, left, steps, person, pasts, past: None, piles, batches: 0 }
    }

    /// Brings the next visitor to the site.
    fn visit(&mut self) {
        let mut own = Random::of(&[self.random.bits()]);
        let mut approximate = self.plan.timeline.begin(&mut own, 0);
        // The same people come every day, whenever that is: so what they do does not move with the time.
        let number = own.below(self.crowd);
        self.person = Person::new(&self.world, &mut Random::of(&[self.plan.seed, number]));
        let steps = match self.person.way {
            Way::App(_) => visit::in_app(&mut own),
            _ => visit::on_site(&self.world, &mut own),
        };
        if visit::is_after_letter(&steps) {
            approximate = self.plan.timeline.after_letter(approximate);
        }
        let length = steps.last().map_or(0, |step| step.after);
        let begins = self.plan.timeline.fit(approximate, length);
        if matches!(self.person.way, Way::Pixel | Way::Beacon) && !self.plan.timeline.is_today(begins) {
            // A pixel cannot say when it was: it is now. And only batches with a key are taken for past days as if they
            // came in time.
            self.person.way = Way::Relay;
        }
        let is_pixel = self.person.way == Way::Pixel;
        let remembers = matches!(self.person.way, Way::Relay | Way::Beacon);
        self.past = if remembers { self.pasts.say(number, self.plan.timeline.day(begins)) } else { None };
        // Without scripts, only page views are seen.
        let seen = steps.into_iter().filter(|step| !is_pixel || step.name.is_empty());
        self.steps.extend(seen.map(|step| (self.plan.timeline.passed(begins + step.after), step)));
    }

    /// Takes one hit to its request; the request when that is full.
    fn take(&mut self, moment: i64, step: &Step) -> Option<Parcel> {
        let (plan, person, past) = (&self.plan, &self.person, self.past.take());
        let (hit, is_report) = (Hit { person, step, moment, past: past.as_ref() }, step.measured.is_report());
        let pile = match person.way {
            Way::Beacon => {
                let body = wire::beacon(&plan.site, &plan.host, hit);
                return Some(Parcel::Beacon { body, is_report, person: Box::new(person.clone()) });
            }
            Way::Pixel => {
                let target = wire::pixel(&plan.site, &plan.host, person, step);
                return Some(Parcel::Pixel { target, person: Box::new(person.clone()) });
            }
            Way::Relay => 0,
            Way::App(kind) => kind + 1,
        };
        let event = wire::event(&plan.host, hit);
        self.piles[pile].events.push(event);
        self.piles[pile].reports += u64::from(is_report);
        (self.piles[pile].events.len() as u64 >= self.piles[pile].full).then(|| self.batch(pile))
    }

    fn batch(&mut self, pile: usize) -> Parcel {
        let id = format!("{}-{}", self.plan.run, self.batches);
        self.batches += 1;
        let pile = &mut self.piles[pile];
        pile.full = between(&self.plan.batch, &mut self.random);
        let (events, reports) = (std::mem::take(&mut pile.events), std::mem::take(&mut pile.reports));
        let body = wire::batch(&self.plan.site, &id, &pile.context, &events);
        Parcel::Batch { body, hits: events.len() as u64 - reports, reports }
    }
}

impl Iterator for Traffic {
    type Item = Parcel;

    fn next(&mut self) -> Option<Parcel> {
        while self.left > 0 {
            let Some((moment, step)) = self.steps.pop_front() else {
                self.visit();
                continue;
            };
            self.left -= u64::from(!step.measured.is_report());
            if let Some(parcel) = self.take(moment, &step) {
                return Some(parcel);
            }
        }
        let rest = self.piles.iter().position(|pile| !pile.events.is_empty())?;
        Some(self.batch(rest))
    }
}

fn between(range: &RangeInclusive<u64>, random: &mut Random) -> u64 {
    range.start() + random.below(range.end() - range.start() + 1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::tz::TimeZone;

    use super::*;

    const NOON: i64 = 1_795_262_400;

    fn plan(seed: u64, hits: u64, days: u32, now: i64) -> Plan {
        let timeline = Timeline::new(&TimeZone::UTC, days, now).expect("a moment calendars know");
        let (site, host, run) = ("demo".into(), "www.northwind.example".into(), "run".into());
        Plan { site, host, seed, hits, days, timeline, batch: 50..=500, run }
    }

    fn events(parcel: &Parcel) -> Vec<serde_json::Value> {
        let parsed = |body: &str| serde_json::from_str::<serde_json::Value>(body).expect("JSON");
        match parcel {
            Parcel::Batch { body, .. } => parsed(body)["events"].as_array().expect("a list").clone(),
            Parcel::Beacon { body, .. } => vec![parsed(body)],
            Parcel::Pixel { .. } => Vec::new(),
        }
    }

    fn pages(parcels: &[Parcel]) -> Vec<String> {
        parcels.iter().flat_map(events).map(|event| format!("{}{}", event["url"], event["client"])).collect()
    }

    #[test]
    fn the_number_of_hits_is_exact() {
        for hits in [0, 1, 49, 3_000, 12_345] {
            let parcels: Vec<Parcel> = Traffic::new(plan(1, hits, 2, NOON)).collect();
            assert_eq!(parcels.iter().map(Parcel::hits).sum::<u64>(), hits);
            for parcel in &parcels {
                assert!(
                    matches!(parcel, Parcel::Pixel { .. })
                        || events(parcel).len() as u64 == parcel.hits() + parcel.reports()
                );
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_requests() {
        let requests = |seed, now| Traffic::new(plan(seed, 2_000, 1, now)).collect::<Vec<Parcel>>();
        assert_eq!(requests(1, NOON), requests(1, NOON));
        assert_ne!(requests(1, NOON), requests(2, NOON));
        let (pages, later) = [NOON, NOON + 60].map(|now| pages(&requests(1, now))).into();
        assert_eq!(pages, later);
    }

    #[test]
    fn nothing_happens_in_the_future_or_before_the_first_day() {
        for parcel in Traffic::new(plan(3, 20_000, 1, NOON)) {
            for event in events(&parcel) {
                let moment = event["occurred_at"].as_i64().expect("seconds");
                assert!((NOON - 12 * 3_600..=NOON).contains(&moment), "{event}");
            }
        }
    }

    #[test]
    fn shares_are_about_what_they_should_be() {
        let (mut batched, mut beacons, mut pixels, mut reports) = (0, 0, 0, 0);
        let mut visitors = HashSet::new();
        for parcel in Traffic::new(plan(4, 60_000, 1, NOON)) {
            match &parcel {
                Parcel::Batch { hits, .. } => batched += hits,
                Parcel::Beacon { .. } => beacons += parcel.hits(),
                Parcel::Pixel { .. } => pixels += 1,
            }
            reports += parcel.reports();
            visitors.extend(events(&parcel).iter().map(|event| format!("{}{}", event["client"], event["visitor"])));
        }
        assert!(batched > 54_000 && (2_000..4_000).contains(&beacons) && (250..1_000).contains(&pixels));
        assert!((35_000..65_000).contains(&reports), "{reports}");
        assert!((8_000..16_000).contains(&visitors.len()), "{}", visitors.len());
    }

    #[test]
    fn there_is_something_to_count_in_every_field() {
        let all: Vec<serde_json::Value> =
            Traffic::new(plan(6, 60_000, 14, NOON)).flat_map(|parcel| events(&parcel)).collect();
        let with = |pointer: &str| all.iter().filter(|event| event.pointer(pointer).is_some()).count();
        let told = ["/revenue/amount", "/engaged_secs", "/scroll_pct", "/vitals/LCP", "/cohort", "/props/took_ms"];
        let found = told.map(with);
        assert!(found.iter().all(|number| *number > 100), "{found:?}");
        let currencies: HashSet<&str> =
            all.iter().filter_map(|event| event.pointer("/revenue/currency")?.as_str()).collect();
        assert_eq!(currencies, HashSet::from(["EUR", "USD"]));
        let new_this_week = all.iter().filter(|event| event["cohort"]["first_this_week"] == true).count();
        assert!(new_this_week < with("/cohort"), "{new_this_week}");
    }

    #[test]
    fn every_batch_has_an_id_of_its_own_and_a_bounded_size() {
        let parcels = Traffic::new(plan(5, 30_000, 1, NOON));
        let mut ids = HashSet::new();
        for parcel in parcels {
            if let Parcel::Batch { body, hits, reports } = &parcel {
                let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
                assert!(ids.insert(body["batch_id"].to_string()) && hits + reports <= 500);
            }
        }
        assert!(ids.len() > 50);
    }
}
