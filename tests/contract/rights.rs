//! Commands beside the running server, and who may read what.

use serde_json::json;

use crate::site::Site;
use crate::support::http::Answer;
use crate::support::until_within;
use crate::{ordinary, refusal};
use std::time::Duration;

/// Within which a command takes effect.
const SOON: Duration = Duration::from_secs(2);

fn soon(what: &str, mut holds: impl FnMut() -> bool) {
    until_within(SOON, what, || holds().then_some(()));
}

#[test]
fn sites_that_are_added_edited_and_removed_take_effect_within_two_seconds() {
    let server = ordinary();
    let event = |url: &str| json!({ "site": "changing.test", "events": [{ "url": url }] }).to_string();
    let send = |url: &str| server.send("POST", "/v1/events", &[], event(url).as_bytes());
    let accepts = |url: &str| send(url).json()["accepted"] == 1;
    assert_eq!(refusal(&send("https://changing.test/")), (400, "unknown_site".to_owned()));
    // An id that is a host name accepts itself and what lies below.
    server.succeed(&["site", "add", "changing.test"]);
    soon("the site is added", || send("https://changing.test/").status == 200);
    let verdicts =
        ["https://changing.test/", "https://www.changing.test/", "https://other.test/", "https://badchanging.test/"];
    assert_eq!(verdicts.map(accepts), [true, true, false, false]);
    server.succeed(&["site", "edit", "changing.test", "--domain", "other.test"]);
    soon("the site is edited", || accepts("https://other.test/"));
    assert!(!accepts("https://changing.test/"));
    server.succeed(&["site", "remove", "changing.test"]);
    soon("the site is removed", || send("https://other.test/").status == 400);
}

#[test]
fn no_key_of_one_site_reads_another() {
    let [mine, yours] = ["mine", "yours"].map(|id| Site::new(ordinary(), id));
    assert_eq!(mine.beacon(json!({ "url": "https://a.test/mine" })).status, 202);
    assert_eq!(yours.beacon(json!({ "url": "https://a.test/yours" })).status, 202);
    mine.settled(1);
    yours.settled(1);
    assert_eq!(mine.rows("event:page"), [("/mine".to_owned(), [1, 1, 1])]);
    assert_eq!(yours.rows("event:page"), [("/yours".to_owned(), [1, 1, 1])]);
    let foreign = yours.try_ask_with(&mine.key, &json!({}));
    let absent = yours.try_ask_with(&mine.key, &json!({ "site_id": "no-such-site" }));
    assert_eq!(foreign.status, 404);
    // Whether a site exists is not told either.
    assert_eq!((foreign.status, foreign.text()), (absent.status, absent.text()));
    let bearer = format!("Bearer {}", mine.key);
    let live = ordinary().send("GET", "/api/v1/live?site=yours", &[("Authorization", &bearer)], b"");
    assert_eq!(refusal(&live), (404, "unknown_site".to_owned()));
}

#[test]
fn keys_do_what_their_scope_says_and_stop_when_revoked() {
    let site = Site::new(ordinary(), "scopes");
    let server = ordinary();
    let [write, admin] = ["write", "admin"].map(|scope| server.create_key("scopes", scope));
    let ask = |key: &str| refusal(&site.try_ask_with(key, &json!({})));
    soon("the newest key is known", || ask(&admin) == (200, String::new()));
    assert_eq!(ask(&write), (403, "wrong_scope".to_owned()));
    assert_eq!(ask("nonsense"), (401, "bad_key".to_owned()));
    assert_eq!(ask(""), (401, "bad_key".to_owned()));
    let nobody: Answer = server.send("POST", "/api/v2/query", &[("Content-Type", "application/json")], b"{}");
    assert_eq!(refusal(&nobody), (401, "not_signed_in".to_owned()));
    let listed = server.succeed(&["key", "list", "--site", "scopes", "--json"]);
    let keys: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    assert!([&site.key, &write, &admin].iter().all(|key| !listed.contains(key.as_str())), "a key is shown once");
    let id = keys.as_array().expect("a list").iter().find(|key| key["scope"] == "read").expect("the key")["id"].clone();
    server.succeed(&["key", "revoke", id.as_str().expect("an id")]);
    soon("the key is revoked", || ask(&site.key) == (401, "bad_key".to_owned()));
    assert_eq!(ask(&admin), (200, String::new()));
}

#[test]
fn only_a_key_that_may_write_for_the_site_speaks_for_others() {
    let site = Site::new(ordinary(), "relays");
    let other = Site::new(ordinary(), "relays-other");
    let server = ordinary();
    let [write, foreign] = ["relays", "relays-other"].map(|id| server.create_key(id, "write"));
    let agent = crate::support::server::BROWSER;
    let event =
        |address: &str| json!({ "name": "x", "client": { "address": address, "user_agent": agent, "language": "ja" } });
    let send = |key: &str, address: &str| {
        let bearer = format!("Bearer {key}");
        let sent = site.batch_with(&[("Authorization", &bearer)], json!({ "events": [event(address)] }));
        assert_eq!(sent.json()["accepted"], 1);
    };
    // A key is known when it is refused for its scope.
    soon("the keys are known", || other.try_ask_with(&foreign, &json!({})).status == 403);
    send(&write, "203.0.113.9");
    send(&write, "2001:db8:7::9");
    // Believed is only who may write here: these come from this machine, without an agent.
    send(&foreign, "198.51.100.1");
    send(&site.key, "198.51.100.1");
    send("nobody", "198.51.100.1");
    site.settled(5);
    let countries = site.rows("visit:country");
    let counted = [("AQ", [1, 0, 3]), ("JP", [1, 0, 1]), ("NL", [1, 0, 1])];
    assert_eq!(countries, counted.map(|(code, numbers)| (code.to_owned(), numbers)));
    assert_eq!(site.rows("visit:language"), [("ja".to_owned(), [2, 0, 2])]);
}
