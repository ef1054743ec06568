//! Single events of a recording: what each is on the wire, beside all it must be counted under.

use serde_json::{Value, json};

use super::added_up::{PLANS, RARE_NAMES, RARE_PLANS};
use super::fact::{
    Attribute, CHANNEL, COHORT, CURRENCY, Dim, EVENT, Fact, HOST as HOST_DIM, Kind, NUMBER, PAGE, PROP, REFERRER,
    SECTION, SOURCE, UTM, VITAL,
};
use super::traffic::{Recorder, Route, Scene, Sent};
use super::world::{HOST, ORIGINS, Origin, WIDTHS};

impl Recorder {
    /// Something is done on a page.
    pub(super) fn feature(&mut self, scene: &Scene) -> Sent {
        match self.random.below(14) {
            0..4 => {
                let plan = PLANS[self.random.ranked(3)];
                self.signup(scene, plan)
            }
            4 => {
                let plan = RARE_PLANS[self.random.ranked(2)];
                self.signup(scene, plan)
            }
            5..8 => {
                let file = ["guide.pdf", "logo.svg", "app.dmg", "prices.csv"][self.random.ranked(4)];
                let mut sent = self.sent(scene, Kind::Feature, "download");
                put(&mut sent, "props", json!({ "file": file }));
                sent.fact.attributes.push((PROP, format!("file={file}")));
                sent
            }
            8..10 => {
                let load = 40 * (1 + self.random.below(90)) as i64;
                let mut sent = self.sent(scene, Kind::Feature, "export");
                put(&mut sent, "props", json!({ "load_ms": load }));
                sent.fact.attributes.extend(number(NUMBER, "load_ms", load as f64));
                sent
            }
            10..12 => self.purchase(scene),
            12 => {
                let name = RARE_NAMES[self.random.ranked(3)];
                self.sent(scene, Kind::Feature, name)
            }
            _ => self.sent(scene, Kind::Feature, "search"),
        }
    }

    fn signup(&mut self, scene: &Scene, plan: &str) -> Sent {
        let mut sent = self.sent(scene, Kind::Feature, "signup");
        put(&mut sent, "props", json!({ "plan": plan, "beta": true }));
        sent.fact.attributes.extend([(PROP, format!("plan={plan}")), (PROP, "beta=true".to_owned())]);
        sent
    }

    fn purchase(&mut self, scene: &Scene) -> Sent {
        let (currency, minor, amount) = match self.random.ranked(3) {
            0 => ("EUR", 1_999, json!("19.99")),
            1 => ("USD", 2_500, json!(25)),
            _ => ("JPY", 900, json!(900)),
        };
        let mut sent = self.sent(scene, Kind::Feature, "purchase");
        put(&mut sent, "revenue", json!({ "amount": amount, "currency": currency }));
        sent.fact.attributes.push((CURRENCY, currency.to_owned()));
        sent.fact.revenue = minor;
        sent
    }

    /// Web vitals are reported.
    pub(super) fn measure(&mut self, scene: &Scene) {
        let [lcp, cls] = [300.0 + 4_000.0 * self.random.unit(), 0.3 * self.random.unit()];
        let ttfb = 20.0 + 600.0 * self.random.unit();
        let mut sent = self.sent(scene, Kind::Report, "vitals");
        put(&mut sent, "vitals", json!({ "LCP": lcp, "CLS": cls, "TTFB": ttfb }));
        let buckets = [number(VITAL, "LCP", lcp), number(VITAL, "CLS", 1000.0 * cls), number(VITAL, "TTFB", ttfb)];
        sent.fact.attributes.extend(buckets.into_iter().flatten());
        self.recording.sent.push(sent);
    }

    /// What a browser says of its own past.
    pub(super) fn say_cohort(&mut self, sent: &mut Sent) {
        let Some((weeks, of_month)) = self.recording.persons[sent.person].cohort else { return };
        let day = jiff::Span::new().days(7 * (i64::from(self.week.ends && self.days.day(sent.fact.at) == 1) - weeks));
        let monday = self.week.monday.checked_add(day).expect("a date");
        let cohort = json!({ "first_week": monday.to_string(), "first_this_week": true, "first_this_month": of_month });
        put(sent, "cohort", cohort);
        let age = if weeks == 0 { "age=new" } else { "age=returning" };
        let month = of_month.then_some("active=month".to_owned());
        let told = [format!("week={monday}"), "active=week".to_owned(), age.to_owned()];
        sent.fact.attributes.extend(told.into_iter().chain(month).map(|value| (COHORT, value)));
    }

    /// An event of a person somewhere.
    pub(super) fn sent(&mut self, scene: &Scene, kind: Kind, name: &str) -> Sent {
        let person = &self.recording.persons[scene.person];
        let mut attributes = person.attributes();
        if kind != Kind::Report {
            attributes.push((EVENT, name.to_owned()));
        }
        attributes.push((PAGE, scene.page.clone()));
        attributes.extend(sections(&scene.page).map(|section| (SECTION, section.to_owned())));
        let mut hit = json!({});
        if person.app.is_some() {
            hit["screen"] = json!(scene.page);
            attributes.extend(origin_attributes(&ORIGINS[0]));
        } else {
            hit["w"] = json!(WIDTHS[person.width].0);
            put_address(scene, kind, &mut hit, &mut attributes);
        }
        if name != "pageview" {
            hit["name"] = json!(name);
        }
        // Some of those without an app and an id send themselves.
        let by_beacon = person.app.is_none() && person.id.is_none() && person.number.is_multiple_of(9);
        let route = if by_beacon { Route::Beacon } else { Route::Batch };
        let (who, at) = (Some(person.number), scene.at);
        let fact = Fact { who, at, kind, n: 1, attributes, engaged: None, scroll: None, revenue: 0 };
        let dropped = person.opted_out.then_some("opted_out");
        Sent { fact, hit, person: scene.person, sent_at: at, route, dropped }
    }
}

/// Where on the web it happened, and where from.
fn put_address(scene: &Scene, kind: Kind, hit: &mut Value, attributes: &mut Vec<Attribute>) {
    let origin = scene.origin.map_or(&ORIGINS[0], |origin| &ORIGINS[origin]);
    attributes.push((HOST_DIM, HOST.to_owned()));
    let query = if origin.query.is_empty() { String::new() } else { format!("?{}", origin.query) };
    hit["url"] = json!(format!("https://{HOST}{}{query}", scene.page));
    if scene.origin.is_none() && kind == Kind::Pageview {
        hit["referrer"] = json!(format!("https://{HOST}/somewhere"));
        return;
    }
    attributes.extend(origin_attributes(origin));
    if !origin.referrer.is_empty() {
        hit["referrer"] = json!(origin.referrer);
    }
}

/// Adds a field to what is sent.
pub(super) fn put(sent: &mut Sent, field: &str, value: Value) {
    sent.hit[field] = value;
}

/// The first, and the first two, segments of a path.
fn sections(page: &str) -> impl Iterator<Item = &str> {
    let ends: Vec<usize> = page.match_indices('/').map(|(at, _)| at).chain([page.len()]).collect();
    let is_path = page.starts_with('/') && page.len() > 1;
    ends.into_iter().skip(1).take(2).filter(move |_| is_path).map(|end| &page[..end])
}

/// What a visit from there is counted under.
pub(super) fn origin_attributes(origin: &Origin) -> impl Iterator<Item = Attribute> {
    let [source, channel, referrer] = origin.expected;
    let named: [(Dim, &str); 3] = [(SOURCE, source), (CHANNEL, channel), (REFERRER, referrer)];
    let tags = UTM.into_iter().zip(origin.utm);
    named.into_iter().chain(tags).filter(|(_, value)| !value.is_empty()).map(|(of, value)| (of, value.to_owned()))
}

/// Four buckets per doubling; 80 is that of 1.
pub(super) fn number(dimension: Dim, key: &str, value: f64) -> Option<Attribute> {
    let bucket = if value > 0.0 { (value.log2() * 4.0 + 80.0).floor().clamp(1.0, 255.0) as i64 } else { 0 };
    Some((dimension, format!("{key}={bucket}")))
}
