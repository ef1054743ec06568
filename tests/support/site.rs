//! One site of a running collector, as its owner and its visitors see it.

use serde_json::{Value, json};

use super::support::http::Answer;
use super::support::server::{BROWSER, Server, noon_zone};
use super::support::{until, until_equal};

/// Visitors, page views, events.
pub type Numbers = [u64; 3];

/// A site of a collector that runs until the tests end.
pub type Site = SiteOf<'static>;

/// A site with a key for reading.
pub struct SiteOf<'s> {
    /// Where.
    pub server: &'s Server,
    /// Its id.
    pub id: String,
    /// A key of scope `read`.
    pub key: String,
}

impl<'s> SiteOf<'s> {
    /// Adds a site that accepts every host, in a zone where it is about noon, and waits until the server knows it.
    #[track_caller]
    pub fn new(server: &'s Server, id: &str) -> Self {
        Self::with(server, id, &["--timezone", &noon_zone()])
    }

    /// Adds a site with options of `site add`.
    #[track_caller]
    pub fn with(server: &'s Server, id: &str, options: &[&str]) -> Self {
        server.succeed(&[&["site", "add", id], options].concat());
        let key = server.create_key(id, "read");
        let site = Self { server, id: id.to_owned(), key };
        // The key was made after the site: who knows it knows both.
        site.ask(json!({}));
        site
    }

    /// Sends a beacon from a browser; `site` is added.
    #[track_caller]
    pub fn beacon(&self, event: Value) -> Answer {
        self.beacon_with(&[("User-Agent", BROWSER)], event)
    }

    /// Sends a beacon with these headers.
    #[track_caller]
    pub fn beacon_with(&self, headers: &[(&str, &str)], event: Value) -> Answer {
        self.server.send("POST", "/e", headers, self.named(event).to_string().as_bytes())
    }

    /// Sends a batch; `site` is added.
    #[track_caller]
    pub fn batch(&self, body: Value) -> Answer {
        self.batch_with(&[], body)
    }

    /// Sends a batch with further headers.
    #[track_caller]
    pub fn batch_with(&self, headers: &[(&str, &str)], body: Value) -> Answer {
        let headers = [&[("Content-Type", "application/json")], headers].concat();
        self.server.send("POST", "/v1/events", &headers, self.named(body).to_string().as_bytes())
    }

    fn named(&self, mut body: Value) -> Value {
        body["site"] = json!(self.id);
        body
    }

    /// Asks the stats API about today; fields of `query` are added or replaced.
    #[track_caller]
    pub fn ask(&self, query: Value) -> Value {
        until("the stats API answers", || {
            let answer = self.try_ask(&query);
            (answer.status == 200).then(|| answer.json())
        })
    }

    /// Asks once, whatever the answer is.
    #[track_caller]
    pub fn try_ask(&self, query: &Value) -> Answer {
        self.try_ask_with(&self.key, query)
    }

    /// Asks once with another key.
    #[track_caller]
    pub fn try_ask_with(&self, key: &str, query: &Value) -> Answer {
        let mut all =
            json!({ "site_id": self.id, "metrics": ["visitors", "pageviews", "events"], "date_range": "day" });
        for (name, value) in query.as_object().expect("an object") {
            all[name] = value.clone();
        }
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        self.server.send("POST", "/api/v2/query", &headers, all.to_string().as_bytes())
    }

    /// Today's totals.
    #[track_caller]
    pub fn totals(&self) -> Numbers {
        numbers(&self.ask(json!({}))["results"][0])
    }

    /// Today's rows of one dimension.
    #[track_caller]
    pub fn rows(&self, dimension: &str) -> Vec<(String, Numbers)> {
        let answer = self.ask(json!({ "dimensions": [dimension] }));
        let rows = answer["results"].as_array().expect("rows").iter();
        rows.map(|row| (row["dimensions"][0].as_str().expect("a text").to_owned(), numbers(row))).collect()
    }

    /// Waits until so many events of today, and of the thirty days before, are visible.
    #[track_caller]
    pub fn settled(&self, events: u64) {
        let query = json!({ "date_range": "91d", "metrics": ["events"] });
        until_equal("events", &events, || {
            self.ask(query.clone())["results"][0]["metrics"][0].as_u64().expect("a number")
        });
    }
}

fn numbers(row: &Value) -> Numbers {
    [0, 1, 2].map(|column| row["metrics"][column].as_u64().expect("a number"))
}
