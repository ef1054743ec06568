//! What a running collector can be asked: commands of the program, requests, reports, metrics.

use std::process::{Output, Stdio};

use serde_json::{Value, json};

use super::http::{Answer, Client};
use super::metrics::Samples;
use super::server::{Server, noon_zone};
use super::until;

impl Server {
    /// Runs a command of the program beside the server.
    pub fn command(&self, arguments: &[&str]) -> Output {
        self.base_command().args(arguments).stdin(Stdio::null()).output().expect("it spawns")
    }

    /// Runs a command that must succeed; returns its stdout.
    #[track_caller]
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "headcount {arguments:?}: {} {err}", output.status);
        out.into_owned()
    }

    /// Adds a site that accepts every host, in a zone where it is about noon, so that no midnight comes in between.
    #[track_caller]
    pub fn add_site(&self, id: &str) {
        self.succeed(&["site", "add", id, "--timezone", &noon_zone()]);
    }

    /// Creates a key.
    #[track_caller]
    pub fn create_key(&self, site: &str, scope: &str) -> String {
        self.succeed(&["key", "create", "--site", site, "--scope", scope]).trim().to_owned()
    }

    /// A client of the public listener.
    pub fn client(&self) -> Client {
        Client::new(self.public())
    }

    /// One request on a connection of its own.
    #[track_caller]
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.client().send(method, path, headers, body).expect("an answer")
    }

    /// `GET` of the ops listener.
    #[track_caller]
    pub fn ops_get(&self, path: &str) -> Answer {
        Client::new(self.ops()).send("GET", path, &[], b"").expect("an answer")
    }

    /// The numbers of `/metrics`.
    #[track_caller]
    pub fn metrics(&self) -> Samples {
        Samples::parse(&self.ops_get("/metrics").text())
    }

    /// Asks the stats API; `None` when it does not answer with 200, as when the engine is away.
    pub fn try_query(&self, key: &str, query: &Value) -> Option<Value> {
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let answer = self.client().send("POST", "/api/v2/query", &headers, query.to_string().as_bytes()).ok()?;
        (answer.status == 200).then(|| answer.json())
    }

    /// Asks the stats API and waits until it answers.
    #[track_caller]
    pub fn query(&self, key: &str, query: &Value) -> Value {
        until("the stats API answers", || self.try_query(key, query))
    }

    /// `[visitors, pageviews, events]` of today.
    #[track_caller]
    pub fn totals(&self, key: &str, site: &str) -> [u64; 3] {
        let metrics = ["visitors", "pageviews", "events"];
        let answer = self.query(key, &json!({ "site_id": site, "metrics": metrics, "date_range": "all" }));
        [0, 1, 2].map(|index| answer["results"][0]["metrics"][index].as_u64().unwrap_or(0))
    }
}
