//! What the API must say of a group: its metrics by their written formulas, and when two numbers count as the same.

use super::group::{Group, Sums};

/// A group of events, its persons as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Counts.
    pub sums: Sums,
    /// Visitors: of several days the sum.
    pub visitors: i64,
    /// How many fewer visitors may be said: of exit pages a bound is kept, not the number.
    pub slack: i64,
}

impl From<&Group> for Numbers {
    fn from(group: &Group) -> Self {
        Self { sums: group.sums, visitors: group.visitors.len() as i64, slack: 0 }
    }
}

impl std::ops::AddAssign for Numbers {
    fn add_assign(&mut self, other: Self) {
        self.sums += other.sums;
        self.visitors += other.visitors;
        self.slack += other.slack;
    }
}

impl Numbers {
    /// Whether there is anything a report would show.
    pub fn shows(&self) -> bool {
        self.visitors != 0 || self.sums.events != 0 || self.sums.visits != 0
    }

    /// A metric. `whole`: the visitors of the whole answer, or of the same group without the goal.
    pub fn metric(&self, name: &str, whole: i64) -> f64 {
        let Sums { pageviews, events, visits, bounces, visit_secs, .. } = self.sums;
        let share = |part: i64, of: i64, factor: i64| if of == 0 { 0.0 } else { (part * factor) as f64 / of as f64 };
        match name {
            "visitors" => self.visitors as f64,
            "visits" => visits as f64,
            "pageviews" => pageviews as f64,
            "events" | "opted_out" => events as f64,
            "views_per_visit" => share(pageviews, visits, 1),
            "bounce_rate" => share(bounces, visits, 100),
            "visit_duration" => share(visit_secs, visits, 1),
            "time_on_page" => share(self.sums.engaged_secs, self.sums.engaged_n, 1),
            "scroll_depth" => share(self.sums.scroll_sum, self.sums.scroll_n, 1),
            "total_revenue" => self.sums.revenue as f64,
            "average_revenue" => share(self.sums.revenue, events, 1),
            "percentage" | "conversion_rate" => share(self.visitors, whole, 100),
            other => panic!("no formula for {other}"),
        }
    }
}

/// Visitors up to which a count is exact.
const EXACT: i64 = 500;

/// Whether `got` may be said where `expected` is true. `visitors`: how many the groups behind the number have.
pub fn same(metric: &str, expected: f64, got: f64, (visitors, slack): (i64, i64)) -> bool {
    let estimated = matches!(metric, "visitors" | "percentage" | "conversion_rate") && visitors > EXACT;
    let error = match (metric, estimated) {
        // Of a share, both sides may be off.
        ("visitors", true) => 0.02 * expected,
        (_, true) => 0.04 * expected + 0.01,
        (_, false) => 0.0051,
    };
    let slack = if metric == "visitors" { slack as f64 } else { 0.0 };
    got <= expected + error && got >= expected - error - slack
}
