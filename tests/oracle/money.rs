//! Payments by a dimension, and comparisons with other days.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::compare::{Asker, Difference};
use super::fact::{CHANNEL, COUNTRY, CURRENCY, EVENT, GOAL, PAGE, SOURCE};
use super::questions::{Asking, K, Side};

/// Asks about a day; returns what differs.
pub fn all(asker: &Asker<'_>, asking: &Asking<'_>, day: i64) -> Vec<Difference> {
    let mut money = Money { asker, asking, day, found: Vec::new() };
    for side in [COUNTRY, SOURCE, CHANNEL, PAGE, EVENT, GOAL] {
        money.by(Side(side, ""), "EUR");
    }
    money.compared();
    money.found
}

struct Money<'a> {
    asker: &'a Asker<'a>,
    asking: &'a Asking<'a>,
    day: i64,
    found: Vec<Difference>,
}

impl Money<'_> {
    fn ask(&mut self, body: &Value) -> Value {
        let (status, answer) = self.asker.ask(&mut self.asker.server.client(), "POST", "/api/v2/query", body);
        if status != 200 {
            self.differs(body, "", "status", (200, status));
        }
        answer
    }

    /// Each row has the payments of its group, or none where few paid; what is missing is in `(other)`.
    fn by(&mut self, side: Side, currency: &str) {
        let date = self.asking.date(self.day).to_string();
        let body = json!({ "site_id": self.asker.site, "metrics": ["total_revenue", "events"], "date_range": [date, date],
            "dimensions": [side.name()], "include": { "currency": currency }, "pagination": { "limit": 10_000 } });
        let answer = self.ask(&body);
        let counter = self.asking.counter;
        let paid = (CURRENCY, currency.to_owned());
        let mut truth: BTreeMap<&str, i64> = BTreeMap::new();
        let mut large = 0;
        for ((a, b), group) in counter.books.get(&self.day).into_iter().flat_map(|book| &book.crossings) {
            for (one, other) in [(*a, *b), (*b, *a)] {
                if *counter.name(one) == paid
                    && let Some(value) = side.shown(counter.name(other))
                {
                    truth.insert(value, group.sums.revenue);
                    large += usize::from(group.visitors.len() as i64 >= 2 * K);
                }
            }
        }
        let mut sum = 0;
        let mut shown = 0;
        for row in answer["results"].as_array().into_iter().flatten() {
            let label = row["dimensions"][0].as_str().unwrap_or_default();
            let said = (row["metrics"][0].as_f64().unwrap_or(f64::NAN) * 100.0).round() as i64;
            sum += said;
            if label != "(other)" && said != 0 {
                shown += 1;
                self.differs(&body, label, "revenue", (truth.get(label).copied().unwrap_or(0), said));
            }
        }
        let whole = self.asking.sum_of(&[self.day], &paid).sums.revenue;
        if side.0 != GOAL {
            self.differs(&body, "all rows", "revenue", (whole, sum));
        }
        // Of few groups, all may have to hide others.
        if self.day == 0 && side.0 == COUNTRY && large >= 3 {
            self.differs(&body, "countries with payments", "is any shown", (true, shown > 0));
        }
    }

    /// The other day beside each row, and by how much it changed.
    fn compared(&mut self) {
        let [date, other] = [self.day, 1 - self.day].map(|day| self.asking.date(day).to_string());
        let body = json!({ "site_id": self.asker.site, "metrics": ["pageviews", "visits"], "date_range": [date, date],
            "dimensions": ["event:page"], "include": { "comparison": [other, other] }, "pagination": { "limit": 10_000 } });
        let answer = self.ask(&body);
        let mut seen = 0;
        for row in answer["results"].as_array().into_iter().flatten() {
            let label = row["dimensions"][0].as_str().unwrap_or_default();
            let page = (PAGE, label.to_owned());
            let [now, then] = [self.day, 1 - self.day].map(|day| self.asking.sum_of(&[day], &page).sums);
            let pairs = [(now.pageviews, then.pageviews), (now.visits, then.visits)];
            for (at, (now, then)) in pairs.into_iter().enumerate() {
                let number = |of: &Value| of[at].as_i64().unwrap_or(i64::MIN);
                self.differs(&body, label, "now", (now, number(&row["metrics"])));
                self.differs(&body, label, "then", (then, number(&row["comparison"]["metrics"])));
                let change = (then != 0).then(|| (10_000.0 * (now - then) as f64 / then as f64).round() / 100.0);
                let said = row["comparison"]["change"][at].as_f64();
                self.differs(&body, label, "change", (format!("{change:?}"), format!("{said:?}")));
            }
            seen += 1;
        }
        self.differs(&body, "pages", "are there any", (true, seen > 0));
    }

    fn differs<T: PartialEq + std::fmt::Display>(
        &mut self,
        body: &Value,
        label: &str,
        what: &str,
        (expected, got): (T, T),
    ) {
        if expected != got {
            let (label, what) = (label.to_owned(), what.to_owned());
            let (expected, got) = (expected.to_string(), got.to_string());
            self.found.push(Difference { question: body.to_string(), label, what, expected, got });
        }
    }
}
