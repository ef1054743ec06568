//! One visit: where it enters, how it wanders, what is done on the way. Called by [`super::traffic`]. Knows nothing of
//! requests.

use super::feature::{FEATURES, Feature, SCREENS};
use super::measured::Measured;
use super::random::{Random, Weighted};
use super::world::World;

/// Probability of one more page after each.
const ON: f64 = 0.63;
/// The same for pages of the shop, where people come to buy.
const ON_IN_SHOP: f64 = 0.88;
/// The same for screens of the app.
const ON_IN_APP: f64 = 0.82;
/// Probability that the next page is of the same section.
const NEARBY: f64 = 0.6;
/// Pages of a visit at the most.
const MOST: usize = 40;
/// Mean seconds on a page.
const DWELL: f64 = 48.0;
/// Ways people take on purpose: from pages that begin so (`/`: from the first page alone), to this page, how often.
const WAYS: [(&str, &str, f64); 18] = [
    ("/", "/pricing", 0.40),
    ("/", "/features", 0.28),
    ("/pricing", "/sign-up", 0.40),
    ("/pricing", "/features", 0.18),
    ("/sign-up", "/sign-up/done", 0.45),
    ("/features", "/pricing", 0.30),
    ("/compare/", "/pricing", 0.25),
    ("/shop/cart", "/shop/checkout", 0.80),
    ("/shop/checkout", "/shop/thank-you", 0.70),
    ("/shop/thank-you", "/", 0.90),
    ("/shop", "/shop/cart", 0.60),
    ("/download", "/docs/getting-started/install", 0.45),
    ("/docs/getting-started/install", "/docs/self-hosting/docker", 0.35),
    ("/docs/getting-started", "/download", 0.20),
    ("/blog/moving-to-rust", "/blog/backups-that-restore", 0.25),
    ("/blog/", "/", 0.25),
    ("/blog/", "/features", 0.10),
    ("/docs/v1/", "/docs", 0.50),
];

/// Beginning of the paths of the shop.
const SHOP: &str = "/shop";

/// One thing that happens in a visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Seconds since the visit began.
    pub after: i64,
    /// Name of the feature or report; empty for a page view.
    pub name: &'static str,
    /// Path of the page, or name of the screen.
    pub page: &'static str,
    /// Campaign tags in the page's address.
    pub tags: &'static str,
    /// What the page says of where the visitor came from.
    pub from: From,
    /// Properties.
    pub properties: Vec<(&'static str, &'static str)>,
    /// What it measures.
    pub measured: Measured,
}

impl Step {
    fn view(after: i64, page: &'static str, tags: &'static str, from: From) -> Self {
        Self { after, name: "", page, tags, from, properties: Vec::new(), measured: Measured::Nothing }
    }

    /// A report about this page view.
    fn report(&self, after: i64, measured: Measured) -> Self {
        Self { after, name: measured.report_name(), measured, ..self.clone() }
    }
}

/// Where a page was reached from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// Nowhere.
    Nowhere,
    /// Another site's address.
    Elsewhere(&'static str),
    /// A page of the same site.
    Page(&'static str),
}

/// Whether such a visit was brought by a letter to its readers: it says so, or begins in the shop, whose offer is in it.
pub fn is_after_letter(steps: &[Step]) -> bool {
    steps.first().is_some_and(|first| first.tags.contains("utm_medium=email") || first.page.starts_with(SHOP))
}

/// A visit of the website.
pub fn on_site(world: &World, random: &mut Random) -> Vec<Step> {
    let source = *world.sources.pick(random);
    let mut page = entry(world, source.entry, random);
    let mut from = if source.referrer.is_empty() { From::Nowhere } else { From::Elsewhere(source.referrer) };
    let (mut tags, mut steps, mut after) = (source.tags, Vec::new(), 0);
    for _ in 0..MOST {
        after += look(Step::view(after, page, tags, from), &mut steps, random);
        if !random.chance(if page.starts_with(SHOP) { ON_IN_SHOP } else { ON }) {
            break;
        }
        (from, tags) = (From::Page(page), "");
        page = next(world, page, random);
    }
    steps
}

/// A visit in the app.
pub fn in_app(random: &mut Random) -> Vec<Step> {
    let screens = Weighted::new(SCREENS.iter().enumerate().map(|(rank, screen)| (1.0 / (rank as f64 + 1.0), *screen)));
    let (mut screen, mut steps, mut after) = (SCREENS[0], Vec::new(), 0);
    for _ in 0..MOST {
        after += look(Step::view(after, screen, "", From::Nowhere), &mut steps, random);
        if !random.chance(ON_IN_APP) {
            break;
        }
        screen = screens.pick(random);
    }
    steps
}

/// Adds a page view, what is done on the page and what is reported of it; returns the seconds spent on it.
fn look(view: Step, steps: &mut Vec<Step>, random: &mut Random) -> i64 {
    let seconds = 2 + random.length(DWELL).min(1_500.0) as i64;
    // Screens of the app have no slash.
    let is_app = !view.page.starts_with('/');
    let (is_first, end) = (steps.is_empty(), view.after + seconds);
    steps.push(view.clone());
    let mut last = view.after;
    for feature in found_on(view.page) {
        if random.chance(feature.share) {
            last += (random.unit() * (end - last) as f64) as i64;
            let (properties, measured) = (feature.properties(random), feature.measured(random));
            steps.push(Step { after: last, name: feature.name, properties, measured, ..view.clone() });
        }
    }
    let vitals = if is_first && !is_app { Measured::vitals(random) } else { None };
    let attention = Measured::attention(seconds, is_app, random);
    steps.extend([vitals, attention].into_iter().flatten().map(|measured| view.report(end, measured)));
    seconds
}

fn found_on(page: &str) -> impl Iterator<Item = &'static Feature> {
    FEATURES.iter().filter(move |feature| page.starts_with(feature.place))
}

fn entry(world: &World, begins: &'static str, random: &mut Random) -> &'static str {
    let pages = if begins.is_empty() { &world.pages } else { world.section(begins) };
    pages.pick(random)
}

fn leads(from: &str, page: &str) -> bool {
    page == from || (from.len() > 1 && page.starts_with(from))
}

/// Another page than this one, when the first two choices say so.
fn next(world: &World, page: &'static str, random: &mut Random) -> &'static str {
    let mut chance = random.unit();
    for (_, to, share) in WAYS.iter().filter(|(from, to, _)| leads(from, page) && page != *to) {
        chance -= share;
        if chance < 0.0 {
            return to;
        }
    }
    let pages = if random.chance(NEARBY) { world.section(page) } else { &world.pages };
    let first = *pages.pick(random);
    if first == page { world.pages.pick(random) } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_enter_by_their_source_and_wander_within_the_site() {
        let (world, mut random) = (World::load(), Random::of(&[5]));
        let visits: Vec<Vec<Step>> = (0..2_000).map(|_| on_site(&world, &mut random)).collect();
        for visit in &visits {
            assert!(visit[0].name.is_empty() && visit[0].after == 0 && !matches!(visit[0].from, From::Page(_)));
            assert!(visit.is_sorted_by_key(|step| step.after));
            let views: Vec<&Step> = visit.iter().filter(|step| step.name.is_empty()).collect();
            for pair in views.windows(2) {
                assert_eq!((pair[1].from, pair[1].tags), (From::Page(pair[0].page), ""));
            }
        }
        let from_news = visits.iter().filter(|v| v[0].from == From::Elsewhere("https://news.ycombinator.com/"));
        assert!(from_news.clone().count() > 20 && from_news.clone().all(|visit| visit[0].page.starts_with("/blog")));
        let (pages, short) = visits.iter().fold((0, 0), |(pages, short), visit| {
            let views = visit.iter().filter(|step| step.name.is_empty()).count();
            (pages + views, short + usize::from(views == 1))
        });
        assert!((4_800..6_000).contains(&pages) && (650..850).contains(&short), "{pages} {short}");
    }

    #[test]
    fn features_are_used_where_they_are() {
        let (world, mut random) = (World::load(), Random::of(&[6]));
        let steps: Vec<Step> =
            (0..500).flat_map(|_| [on_site(&world, &mut random), in_app(&mut random)]).flatten().collect();
        let reports = steps.iter().filter(|step| step.measured.is_report()).count();
        assert!(reports > 1_500, "{reports}");
        let used: Vec<&Step> =
            steps.iter().filter(|step| !step.name.is_empty() && !step.measured.is_report()).collect();
        assert!(used.iter().any(|step| matches!(step.measured, Measured::Number("took_ms", _))));
        assert!(used.len() > 200 && used.iter().any(|step| step.name == "add_card"));
        for step in used {
            assert!(found_on(step.page).any(|feature| feature.name == step.name), "{step:?}");
        }
    }
}
