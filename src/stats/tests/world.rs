//! A small town whose every event is known: what is counted of it goes into a real engine, and what is answered can be
//! compared with the events themselves. Every person makes one visit a day.

use std::collections::{BTreeMap, BTreeSet};

use crate::clickhouse::testing::TestEngine;
use crate::clickhouse::{CountedCell, Generation, PairRow, SealRow, Shipment};
use crate::model::{
    Cell, CellKey, CrossingGroup, Crossings, Day, Dimension, Family, Hour, Measure, Measures, Rules, Site,
};
use crate::privacy::threshold::{dimensions_of, family_pairs, tied};
use crate::stats::Reader;
use crate::stats::judge::{self, Counts};
use crate::stats::open_days::{Asked, OpenDays};

/// One event.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) day: Day,
    pub(crate) hour: u8,
    pub(crate) who: u64,
    pub(crate) attributes: Vec<(Dimension, String)>,
    pub(crate) minor: i64,
}

impl Seen {
    pub(crate) fn is_view(&self) -> bool {
        self.has(Dimension::Event, "pageview")
    }

    pub(crate) fn has(&self, dimension: Dimension, value: &str) -> bool {
        dimension == Dimension::Total || self.attributes.iter().any(|(own, text)| *own == dimension && text == value)
    }
}

pub(crate) fn day(date: &str) -> Day {
    Day::from_date(date.parse().expect("a date")).expect("in range")
}

/// The events of one day: thirty people, of whom twenty come from DE, seven from AT and three from CH.
pub(crate) fn town(day: Day) -> Vec<Seen> {
    (0..30).flat_map(|who| person(day, who)).collect()
}

fn person(day: Day, who: u64) -> Vec<Seen> {
    let (country, region) = match who {
        0..12 => ("DE", "DE-Bavaria"),
        12..18 => ("DE", "DE-Berlin"),
        18..20 => ("DE", "DE-Bremen"),
        20..27 => ("AT", "AT-Vienna"),
        _ => ("CH", "CH-Ticino"),
    };
    let (channel, source) =
        [("Organic Search", "Google"), ("Organic Search", "Bing"), ("Direct", "(direct)")][(who % 3) as usize];
    let (browser, version) = if who.is_multiple_of(2) { ("Firefox", "Firefox 128") } else { ("Chrome", "Chrome 140") };
    let pages = [&["/"][..], &["/", "/pricing"], &["/blog/a", "/", "/blog/b"], &["/blog/a"]][(who % 4) as usize];
    let own = [
        (Dimension::Country, country),
        (Dimension::Region, region),
        (Dimension::Channel, channel),
        (Dimension::Source, source),
        (Dimension::Browser, browser),
        (Dimension::BrowserVersion, version),
        (Dimension::EntryPage, pages[0]),
    ];
    let hour = (who % 12) as u8;
    let event = |name: &str, page: &str, more: &[(Dimension, &str)], minor| {
        let mut attributes: Vec<(Dimension, String)> =
            own.iter().chain(more).map(|(dimension, value)| (*dimension, (*value).to_owned())).collect();
        attributes.push((Dimension::Event, name.to_owned()));
        attributes.push((Dimension::Page, page.to_owned()));
        attributes.extend(super::super::hierarchy::sections(page).map(|of| (Dimension::Section, of.to_owned())));
        Seen { day, hour, who, attributes, minor }
    };
    let mut events: Vec<Seen> = pages.iter().map(|page| event("pageview", page, &[], 0)).collect();
    if who.is_multiple_of(3) {
        let plan = if who.is_multiple_of(2) { "plan=pro" } else { "plan=free" };
        let more = [(Dimension::Prop, plan), (Dimension::Prop, "colour=red"), (Dimension::Goal, "Signup")];
        events.push(event("signup", pages[pages.len() - 1], &more, 0));
    }
    if who < 6 {
        let currency = if who == 5 { "JPY" } else { "EUR" };
        let paid = [(Dimension::Currency, currency), (Dimension::Goal, "Purchase")];
        events.push(event("pay", "/pricing", &paid, 1_050 + who as i64));
    }
    events
}

/// Groups on their way into tables.
#[derive(Default)]
struct Group {
    measures: Measures,
    visitors: BTreeSet<u64>,
}

impl Group {
    fn count(&mut self, event: &Seen, (first, bounced): (bool, bool), with_revenue: bool) {
        let view = i64::from(event.is_view());
        self.measures[Measure::Pageviews] += view;
        self.measures[Measure::Events] += 1;
        if with_revenue {
            self.measures[Measure::RevenueMinor] += event.minor;
        }
        self.measures[Measure::Visits] += i64::from(self.visitors.insert(event.who));
        if first {
            self.measures[Measure::Bounces] += i64::from(bounced);
            self.measures[Measure::VisitSecs] += 60;
        }
        self.measures[Measure::EngagedSecs] += 10 * view;
        self.measures[Measure::EngagedN] += view;
    }
}

type CellAt = (Day, Dimension, String, u8);
type CrossingAt = (Day, [Dimension; 2], [String; 2]);

/// Counts events as `count` does, into cells and crossings.
fn counted(site: &Site, events: &[Seen]) -> (BTreeMap<CellAt, Group>, BTreeMap<CrossingAt, Group>) {
    let (mut cells, mut crossings) = (BTreeMap::<_, Group>::new(), BTreeMap::<_, Group>::new());
    let mut known = BTreeSet::new();
    for event in events {
        let first = known.insert((event.day, event.who));
        let of_visit = |other: &&Seen| other.day == event.day && other.who == event.who && other.is_view();
        let start = (first, events.iter().filter(of_visit).count() < 2);
        let total = [(Dimension::Total, String::new())];
        for (dimension, value) in event.attributes.iter().chain(&total) {
            let hour = if dimension.hourly() { event.hour } else { 255 };
            let paid = *dimension == Dimension::Currency;
            cells.entry((event.day, *dimension, value.clone(), hour)).or_default().count(event, start, paid);
        }
        for (a, one) in &event.attributes {
            for (b, other) in &event.attributes {
                let is_view = |dimension, value: &str| dimension == Dimension::Event && value == "pageview";
                let is_kept = a < b && site.crossings.keeps(*a, *b) && site.crosses(*a, one) && site.crosses(*b, other);
                if is_kept && !is_view(*a, one) && !is_view(*b, other) {
                    let key = (event.day, [*a, *b], [one.clone(), other.clone()]);
                    crossings.entry(key).or_default().count(event, start, *b == Dimension::Currency);
                }
            }
        }
    }
    (cells, crossings)
}

/// Puts events into the open tables.
pub(crate) async fn put(engine: &TestEngine, site: &Site, events: &[Seen], token: u128) {
    let (cells, crossings) = counted(site, events);
    let cells: Vec<Cell> = cells
        .into_iter()
        .map(|((day, dimension, value, hour), group)| Cell {
            key: CellKey { site: site.id.clone(), day, dimension, value: value.into(), hour: Hour(hour) },
            measures: group.measures,
            hashes: group.visitors.into_iter().collect(),
        })
        .collect();
    engine.store.insert_cells(&cells, &Shipment::under(token)).await.expect("taken");
    let mut rows = Crossings::default();
    for ((day, dimensions, values), group) in crossings {
        let texts = rows.texts.len() as u32;
        rows.texts.extend(values.map(Into::into));
        rows.site_days.push((site.id.clone(), day));
        let site_day = rows.site_days.len() as u32 - 1;
        let hashes: Vec<u32> = group.visitors.into_iter().map(|who| who as u32).collect();
        rows.push(CrossingGroup { site_day, dimensions, values: [texts, texts + 1] }, &group.measures, &hashes);
    }
    engine.store.insert_crossings(&rows, &Shipment::under(token)).await.expect("taken");
}

/// Seals a day: what may not be shown of it while it is open is left out.
pub(crate) async fn seal(engine: &TestEngine, site: &Site, day: Day) {
    let store = &engine.store;
    let of = Generation { site: site.id.clone(), day, number: 7, keep_until: day.plus(700) };
    let rules = Rules::of(site);
    let plain: Vec<Dimension> = Dimension::ALL.into_iter().filter(|dimension| !rules.judge(*dimension)).collect();
    store.seal_cells(&of, &plain).await.expect("written");
    let cells = store.open_cells(&site.id, day, &Dimension::ALL).await.expect("read");
    let mut ties = Vec::new();
    for (one, others) in [Family::Sources, Family::Events].into_iter().filter_map(tied) {
        ties.extend(store.open_crossings(&site.id, day, &[one], others).await.expect("read"));
    }
    let folded = judge::cells(rules, &Counts { cells: &cells, ties: &ties, ..Counts::default() });
    let (fine, shown): (Vec<CountedCell>, Vec<bool>) = cells
        .into_iter()
        .zip(folded.into_iter().map(|folded| !folded))
        .filter(|(cell, _)| rules.judge(cell.dimension))
        .unzip();
    store.seal_shown_cells(&of, &fine, &shown).await.expect("written");
    let mut counts = BTreeMap::new();
    for (cell, _) in fine.iter().zip(&shown).filter(|(_, shown)| !**shown) {
        *counts.entry([cell.dimension; 2]).or_default() += 1;
    }
    for [one, other] in family_pairs(site) {
        let asked = Asked { days: vec![(day, None)], now: 0, reader: Reader::Owner, pair: [one, other] };
        let shown = OpenDays::default().one(store, site, &asked).await.expect("read");
        let all = dimensions_of(one).iter().flat_map(|a| dimensions_of(other).iter().map(|b| [*a.min(b), *a.max(b)]));
        let all: BTreeSet<[Dimension; 2]> = all.collect();
        let pair = store.open_pair((&site.id, day), &Vec::from_iter(all)).await.expect("read");
        let is_folded = |row: &PairRow| {
            let values = row.values.map(|value| &*pair.texts[value as usize]);
            !shown.of(row.dimensions).any(|(kept, _)| kept == values)
        };
        let folded: Vec<bool> = pair.rows.iter().map(is_folded).collect();
        let mut sealed = store.seal_crossings(&of);
        sealed.put(&pair, &folded).await.expect("written");
        sealed.finish().await.expect("written");
        for (row, _) in pair.rows.iter().zip(&folded).filter(|(_, folded)| **folded) {
            *counts.entry(row.dimensions).or_default() += 1;
        }
    }
    let row = SealRow { generation: of, sealed_at: 1, rules, cells: 0, crossings: 0, folded: counts };
    store.write_seal(&row, u128::from(day.0)).await.expect("written");
    store.remove_open(&site.id, day).await.expect("removed");
}
