//! The same counts from full knowledge of every event, as simply as can be: what [`super::super::Folder`] is held
//! against. Events come in order of time; caps are out of reach.

use std::collections::{BTreeMap, BTreeSet};

use crate::count::testing::{Hit, Key};
use crate::model::{DIRECT, DIRECT_CHANNEL, Day, Dimension as D, EventKind, Hour, Measure, Measures, Site};

/// Counts, and who was there.
pub type Naive = BTreeMap<Key, (Measures, BTreeSet<u64>)>;

type Attribute = (D, String);

pub fn count(site: &Site, hits: &[Hit]) -> Naive {
    let mut counting = Counting { site, naive: Naive::new() };
    let persons: BTreeSet<u64> = hits.iter().map(|hit| hit.person).collect();
    for person in persons {
        let own: Vec<&Hit> = hits.iter().filter(|hit| hit.person == person).collect();
        let mut visits: Vec<Vec<&Hit>> = Vec::new();
        let mut alone = Vec::new();
        for hit in &own {
            let last = visits.last().and_then(|visit| visit.last());
            match last.filter(|last| hit.at - last.at < 1_800) {
                Some(_) => visits.last_mut().expect("a visit").push(hit),
                None if hit.kind == EventKind::Report => alone.push(*hit),
                None => visits.push(vec![hit]),
            }
        }
        alone.into_iter().for_each(|hit| counting.event(hit, &hit.attributes, (1, 1, hit.scroll_pct.unwrap_or(0))));
        visits.iter().for_each(|visit| counting.visit(visit));
        counting.funnels(&own);
    }
    counting.naive
}

struct Counting<'a> {
    site: &'a Site,
    naive: Naive,
}

fn value_of(attributes: &[Attribute], of: D) -> Option<&str> {
    attributes.iter().find(|(dimension, _)| *dimension == of).map(|(_, value)| value.as_str())
}

fn of_source(dimension: D) -> bool {
    matches!(dimension, D::Source | D::Channel | D::Referrer | D::UtmCampaign)
}

fn one(measure: Measure, number: i64) -> Measures {
    let mut measures = Measures::default();
    measures[measure] = number;
    measures
}

impl Counting<'_> {
    fn add(&mut self, (day, hour): (Day, u8), attributes: &[Attribute], measures: Measures, who: Option<u64>) {
        let mut attributes = attributes.to_vec();
        attributes.sort();
        let hourly = attributes.len() == 1 && attributes[0].0.hourly();
        let hour = if hourly { Hour(hour) } else { Hour::WHOLE_DAY };
        let (counted, visitors) = self.naive.entry(Key { day, attributes, hour }).or_default();
        *counted += measures;
        visitors.extend(who);
    }

    fn crosses(&self, one: &Attribute, other: &Attribute) -> bool {
        let (first, second) = if one.0 <= other.0 { (one, other) } else { (other, one) };
        let is_out = |(dimension, value): &Attribute| {
            (*dimension == D::Event && value == "pageview") || !self.site.crosses(*dimension, value)
        };
        self.site.crossings.keeps(first.0, second.0) && !is_out(first) && !is_out(second)
    }

    fn pairs(&self, attributes: &[Attribute]) -> Vec<[Attribute; 2]> {
        let mut pairs = Vec::new();
        for (at, one) in attributes.iter().enumerate() {
            for other in attributes[at + 1..].iter().filter(|other| self.crosses(one, other)) {
                let mut pair = [one.clone(), other.clone()];
                pair.sort();
                pairs.push(pair);
            }
        }
        pairs
    }

    /// The event itself, with how many first reports of engagement and scrolling it is, and how much further it went.
    fn event(&mut self, hit: &Hit, attributes: &[Attribute], (engaged, scrolled, further): (i64, i64, u8)) {
        let mut attributes = attributes.to_vec();
        attributes.push((D::Total, String::new()));
        let is_report = hit.kind == EventKind::Report;
        let mut measures = one(Measure::Events, if is_report { 0 } else { i64::from(hit.n) });
        measures[Measure::Pageviews] = if hit.kind == EventKind::Pageview { i64::from(hit.n) } else { 0 };
        if let Some(secs) = hit.engaged_secs {
            measures[Measure::EngagedSecs] = i64::from(secs);
            measures[Measure::EngagedN] = engaged;
        }
        if hit.scroll_pct.is_some() {
            measures[Measure::ScrollPctSum] = i64::from(further);
            measures[Measure::ScrollN] = scrolled;
        }
        let groups = attributes.iter().map(|of| vec![of.clone()]);
        let groups: Vec<Vec<Attribute>> =
            groups.chain(self.pairs(&attributes).into_iter().map(|pair| pair.to_vec())).collect();
        for group in groups {
            let sample = group.iter().any(|(dimension, _)| matches!(dimension, D::Vital | D::Number));
            let mut measures = measures;
            if sample && is_report {
                measures[Measure::Events] += i64::from(hit.n);
            }
            if group.iter().any(|(dimension, _)| *dimension == D::Currency) {
                measures[Measure::RevenueMinor] += hit.revenue_minor;
            }
            let who = (sample || !is_report).then_some(hit.person);
            self.add((hit.day(), hit.hour()), &group, measures, who);
        }
    }

    fn visit(&mut self, hits: &[&Hit]) {
        let mut begun = hits[0].clone();
        if [D::Source, D::Channel].iter().all(|origin| value_of(&begun.attributes, *origin).is_none()) {
            let direct = [(D::Source, DIRECT), (D::Channel, DIRECT_CHANNEL)];
            begun.attributes.extend(direct.map(|(dimension, value)| (dimension, value.to_owned())));
        }
        let first = &begun;
        let (mut entry, mut page): (Option<String>, Option<String>) = (None, None);
        let (mut engaged, mut scroll): (bool, Option<u8>) = (false, None);
        let mut sets: Vec<Vec<Attribute>> = Vec::new();
        let mut path: Vec<String> = Vec::new();
        for hit in hits {
            let mut attributes: Vec<Attribute> = hit.attributes.clone();
            let own_page = value_of(&attributes, D::Page).map(str::to_owned);
            attributes.retain(|(dimension, _)| !of_source(*dimension));
            attributes.extend(first.attributes.iter().filter(|(dimension, _)| of_source(*dimension)).cloned());
            if let Some(viewed) = own_page.clone().filter(|_| hit.kind == EventKind::Pageview) {
                entry = entry.or(Some(viewed.clone()));
                (engaged, scroll) = (false, None);
                if path.last() != Some(&viewed) {
                    path.push(viewed.clone());
                }
                page = Some(viewed);
            }
            attributes.extend(entry.clone().map(|entry| (D::EntryPage, entry)));
            let of_now = own_page.is_none() || page.is_none() || own_page == page;
            let further = hit.scroll_pct.unwrap_or(0).saturating_sub(scroll.unwrap_or(0));
            let is_first = |known: bool| i64::from(of_now && !known);
            let reported = (is_first(engaged), is_first(scroll.is_some()), if of_now { further } else { 0 });
            let mut hit = (*hit).clone();
            if of_now {
                engaged |= hit.engaged_secs.is_some();
                scroll = scroll.max(hit.scroll_pct);
            } else {
                hit.scroll_pct = None;
            }
            self.event(&hit, &attributes, reported);
            if hit.kind != EventKind::Report {
                sets.push(attributes);
            }
        }
        sets[0].extend(entry.clone().map(|entry| (D::EntryPage, entry)));
        sets[0].push((D::Total, String::new()));
        sets[0].sort();
        sets[0].dedup();
        self.deltas(hits, &sets);
        self.exit(first, page);
        self.journey(first, &path);
    }

    fn deltas(&mut self, hits: &[&Hit], sets: &[Vec<Attribute>]) {
        let (first, last) = (hits[0], hits[hits.len() - 1]);
        let pageviews: u32 = hits.iter().filter(|hit| hit.kind == EventKind::Pageview).map(|hit| hit.n).sum();
        let mut totals = one(Measure::Visits, 1);
        totals[Measure::Bounces] = i64::from(pageviews < 2);
        totals[Measure::VisitSecs] = last.at - first.at;
        for group in sets[0].iter().map(|of| vec![of.clone()]).chain(self.pairs(&sets[0]).into_iter().map(Vec::from)) {
            self.add((first.day(), first.hour()), &group, totals, None);
        }
        let (mut values, mut pairs) = (BTreeSet::new(), BTreeSet::new());
        for set in &sets[1..] {
            values.extend(set.iter().cloned());
            pairs.extend(self.pairs(set));
        }
        let met = |(dimension, _): &Attribute| matches!(dimension, D::Page | D::Section | D::Event | D::Goal | D::Prop);
        for value in values.into_iter().filter(|value| met(value) && !sets[0].contains(value)) {
            self.add((first.day(), first.hour()), &[value], one(Measure::Visits, 1), None);
        }
        for pair in pairs.into_iter().filter(|pair| !pair.iter().all(|of| sets[0].contains(of))) {
            self.add((first.day(), 0), &pair, one(Measure::Visits, 1), None);
        }
    }

    fn exit(&mut self, first: &Hit, page: Option<String>) {
        let Some(exit) = page.map(|page| (D::ExitPage, page)) else { return };
        self.add((first.day(), 0), std::slice::from_ref(&exit), one(Measure::Visits, 1), Some(first.person));
    }

    fn journey(&mut self, first: &Hit, path: &[String]) {
        let (day, who) = (first.day(), Some(first.person));
        for step in path.windows(2) {
            let pair = [(D::Page, step[0].clone()), (D::NextPage, step[1].clone())];
            self.add((day, 0), &pair, one(Measure::Events, 1), who);
        }
        let steps = [[D::EntryPage, D::SecondPage], [D::SecondPage, D::ThirdPage]];
        for (pages, dimensions) in path.windows(2).zip(steps) {
            let mut measures = one(Measure::Events, 1);
            measures[Measure::Visits] = 1;
            let pair = [(dimensions[0], pages[0].clone()), (dimensions[1], pages[1].clone())];
            self.add((day, 0), &pair, measures, who);
        }
    }

    fn funnels(&mut self, own: &[&Hit]) {
        let days: BTreeSet<Day> = own.iter().map(|hit| hit.day()).collect();
        for (day, funnel) in days.iter().flat_map(|day| self.site.funnels.iter().map(move |funnel| (day, funnel))) {
            let mut step = 0;
            for hit in own.iter().filter(|hit| hit.day() == *day && hit.kind != EventKind::Report) {
                let wanted = funnel.steps.get(step);
                if wanted.is_some_and(|goal| hit.attributes.contains(&(D::Goal, goal.to_string()))) {
                    step += 1;
                    let value = (D::Funnel, format!("{}={step}", funnel.id));
                    self.add((*day, 0), &[value], one(Measure::Events, 1), Some(hit.person));
                }
            }
        }
    }
}
