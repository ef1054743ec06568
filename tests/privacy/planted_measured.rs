//! Marks in what events carry besides page and properties, and in counters that apps added up.

use serde_json::{Value, json};

use super::{PERSONAL, Planter};
use crate::support::server::BROWSER;

impl Planter<'_> {
    /// Marks wherever payments, vitals and cohorts could hold a text.
    pub(super) fn measured(&mut self) {
        let marks = ["zqcurrencymark", "zqamountmark", "zqvitalmark", "zqvitalkey", "zqcohortmark", "zqcohortkey"];
        marks.into_iter().for_each(|mark| self.marks.text("measured", mark));
        let taken = json!({
            "site": "canary", "name": "measured", "revenue": { "amount": "9.90", "currency": "EUR", "zqamountmark": "zqamountmark" },
            "vitals": { "LCP": 900, "zqvitalkey": "zqvitalmark" }, "engaged_secs": 9, "scroll_pct": 40,
            "cohort": { "first_week": "2026-W40", "first_this_week": true, "zqcohortkey": "zqcohortmark" },
        });
        self.beacon(&[("User-Agent", BROWSER)], &taken);
        let refused = [
            json!({ "revenue": { "amount": "9.90", "currency": "zqcurrencymark" } }),
            json!({ "revenue": { "amount": "zqamountmark", "currency": "EUR" } }),
            json!({ "engaged_secs": "zqamountmark" }),
            json!({ "scroll_pct": "zqamountmark" }),
            json!({ "vitals": { "LCP": "zqvitalmark" } }),
            json!({ "cohort": { "first_week": "zqcohortmark" } }),
        ];
        for mut event in refused {
            event["site"] = json!("canary");
            let answer = self.post("/e", &[("User-Agent", BROWSER)], event.to_string().as_bytes());
            assert_eq!(answer.status, 400, "{event}");
            let batch = json!({ "site": "canary", "events": [event] });
            assert_eq!(self.post("/v1/events", &[], batch.to_string().as_bytes()).json()["accepted"], 0);
        }
    }

    /// Counters of an app, with marks in every text.
    pub(super) fn counters(&mut self) {
        let marks = ["zqcountervisitor", "zqcounterbatch", "zqcounterday", "zqcountererror", "zqcounterquery"];
        marks.into_iter().for_each(|mark| self.marks.text("counter", mark));
        let today = json!("2999-01-01");
        let mut counts: Vec<Value> = PERSONAL
            .iter()
            .map(|(_, text, _)| json!({ "name": text, "n": 3, "page": format!("/{text}"), "props": { *text: text, "k": text } }))
            .collect();
        counts.push(json!({ "n": 1, "visitor": "zqcountervisitor", "url": "https://a.test/c?zqcounterquery=1" }));
        counts.push(json!({ "n": "zqcountererror", "name": "zqcountererror" }));
        let body =
            json!({ "site": "canary", "batch_id": "zqcounterbatch", "days": [{ "day": today, "counts": counts }] });
        let accepted = self.post("/v1/counts", &[], body.to_string().as_bytes()).json()["accepted"].clone();
        assert_eq!(accepted, PERSONAL.len() + 1);
        let wrong = json!({ "site": "canary", "days": [{ "day": "zqcounterday", "counts": ["zqcountererror"] }] });
        assert_eq!(self.post("/v1/counts", &[], wrong.to_string().as_bytes()).status, 400);
    }
}
