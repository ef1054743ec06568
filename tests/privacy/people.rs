//! What is known of a person while a day is counted: P1 to P4, P8 and P10.

use serde_json::{Value, json};

use crate::engine::sql;
use crate::ordinary;
use crate::site::Site;
use crate::support::server::BROWSER;

const AGENT: (&str, &str) = ("User-Agent", BROWSER);

fn from(address: &str) -> [(&'static str, &str); 2] {
    [AGENT, ("X-Forwarded-For", address)]
}

fn page(path: &str) -> Value {
    json!({ "url": format!("https://a.test{path}") })
}

/// That address and agent are not even read is how `http::collect` is built: the address is behind a function.
#[test]
fn p1_who_opts_out_is_one_number_and_nothing_else() {
    let site = Site::with(ordinary(), "opted-out", &["--timezone", "UTC", "--domain", "a.test"]);
    let before = ordinary().metrics();
    let opted = [[AGENT, ("DNT", "1")], [AGENT, ("Sec-GPC", "1")]];
    for headers in opted {
        assert_eq!(site.beacon_with(&headers, page("/secret")).status, 202);
    }
    // Before the agent is read, so a robot; before the page is, so a foreign host.
    site.beacon_with(&[("User-Agent", "Googlebot/2.1"), ("DNT", "1")], page("/secret"));
    site.beacon_with(&opted[0], json!({ "url": "https://foreign.test/" }));
    ordinary().send("GET", "/p.gif?site=opted-out&url=https://a.test/secret", &opted[1], b"");
    site.batch_with(&[("Sec-GPC", "1")], json!({ "events": [{ "name": "x" }, { "name": 7 }] }));
    let reason =
        |samples: &crate::support::metrics::Samples| samples.reason("headcount_hits_dropped_total", "opted_out");
    assert_eq!(reason(&ordinary().metrics()) - reason(&before), 7);
    let rows = || {
        sql(
            ordinary(),
            "SELECT dim, value, hour, sum(pageviews), sum(events), uniqCombined64Merge(16)(visitors) FROM cells_open WHERE site = 'opted-out' AND dim != '' GROUP BY ALL",
        )
    };
    crate::support::until_equal("the number", &"opted_out\t\t255\t0\t7\t0\n".to_owned(), rows);
    assert_eq!(site.totals(), [0, 0, 0]);
    // Not even the key for their pseudonyms was made.
    assert!(!ordinary().state_dir().join("salts/opted-out").exists());
    // The wish must be expressed.
    assert_eq!(site.beacon_with(&[AGENT, ("DNT", "0"), ("Sec-GPC", "?1")], page("/")).status, 202);
    site.settled(1);
}

/// That a full address cannot be printed, kept or copied is the type `ClientAddr`'s doing, and its places are in
/// `tests/architecture.rs`.
#[test]
fn p2_only_the_network_of_an_address_counts() {
    let site = Site::new(ordinary(), "networks");
    let same = ["203.0.113.1", "203.0.113.254", "::ffff:203.0.113.9", "192.0.2.1, 203.0.113.7", "203.0.113.3:4711"];
    for address in same {
        site.beacon_with(&from(address), page("/v4"));
    }
    site.beacon_with(&from("203.0.114.1"), page("/v4"));
    for address in ["2001:db8:7:1::1", "2001:db8:7:ffff:1:2:3:4", "[2001:db8:7::9]:443"] {
        site.beacon_with(&from(address), page("/v6"));
    }
    site.beacon_with(&from("2001:db8:8::1"), page("/v6"));
    site.settled(10);
    let mut pages = site.rows("event:page");
    pages.sort();
    assert_eq!(pages, [("/v4".to_owned(), [2, 6, 6]), ("/v6".to_owned(), [2, 4, 4])]);
}

/// The function itself is held in `privacy::pseudonym`'s own tests.
#[test]
fn p3_a_visitor_is_a_network_and_an_agent_or_an_id_and_a_site() {
    let [site, other] = ["visitors-a", "visitors-b"].map(|id| Site::new(ordinary(), id));
    let agent = ("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0");
    let hits: [(&[(&str, &str)], Value); 6] = [
        (&from("203.0.113.1"), page("/a")),
        (&from("203.0.113.1"), page("/b")),
        (&[agent, ("X-Forwarded-For", "203.0.113.1")], page("/c")),
        (&from("198.51.100.1"), json!({ "url": "https://a.test/d", "visitor": "install-7" })),
        (&[agent, ("X-Forwarded-For", "192.0.2.1")], json!({ "url": "https://a.test/e", "visitor": "install-7" })),
        (&from("203.0.113.1"), json!({ "url": "https://a.test/f", "visitor": "install-8" })),
    ];
    for (headers, event) in hits {
        assert_eq!(site.beacon_with(headers, event).status, 202);
    }
    other.beacon_with(&from("203.0.113.1"), page("/a"));
    site.settled(6);
    other.settled(1);
    // Two agents of one network, two ids.
    assert_eq!((site.totals(), other.totals()), ([4, 6, 6], [1, 1, 1]));
}

/// The keys are held in `privacy::pseudonym`'s and `count::fold`'s own tests; here the sketches as they are stored.
#[test]
fn p4_sketches_of_different_cells_share_no_hash() {
    let [site, twin] = ["sketches-a", "sketches-b"].map(|id| Site::new(ordinary(), id));
    for path in ["/a", "/b"] {
        for site in [&site, &twin] {
            let event = json!({ "url": format!("https://a.test{path}"), "props": { "plan": "pro" } });
            assert_eq!(site.beacon_with(&from("203.0.113.1"), event).status, 202);
        }
    }
    site.settled(2);
    twin.settled(2);
    // One person in many cells: were two sketches to share a hash, their union would be smaller than their sum.
    let ask = "SELECT uniqExact(site, day, dim, value), uniqCombined64Merge(16)(visitors), max(of_cell) FROM cells_open \
               LEFT JOIN (SELECT site, day, dim, value, uniqCombined64Merge(16)(visitors) AS of_cell FROM cells_open GROUP BY ALL) AS c \
               USING (site, day, dim, value) WHERE site IN ('sketches-a', 'sketches-b') AND dim != ''";
    let answer = sql(ordinary(), ask);
    let numbers: Vec<u64> = answer.trim().split('\t').map(|number| number.parse().expect("a number")).collect();
    assert!(numbers[0] > 30, "{numbers:?}");
    assert_eq!((numbers[1], numbers[2]), (numbers[0], 1));
}

/// The shapes themselves are held in `privacy::hygiene`'s own tests; here every way in.
#[test]
fn p8_what_looks_personal_does_not_get_in() {
    let site = Site::new(ordinary(), "hygiene");
    let personal = [
        "jane.doe@example.org",
        "jane.doe%40example.org",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
        "9b74c9897bac770ffc029102a200c5de",
        "+43 664 1234567",
        "4111 1111 1111 1111",
        "203.0.113.77",
        "2001:db8:7::77",
    ];
    for text in personal {
        let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let url = format!(
            "https://a.test/x/{encoded}?q={encoded}&utm_source={encoded}&utm_medium={encoded}&utm_campaign={encoded}&utm_term={encoded}&utm_content={encoded}#{encoded}"
        );
        let referrer = format!("https://b.test/{encoded}?q={encoded}");
        let event = json!({ "url": url, "name": text, "referrer": referrer, "props": { "k": text, text: "v" } });
        assert_eq!(site.beacon(event).status, 202, "{text}");
        let context =
            json!({ "app_version": text, "os": text, "device": text, "locale": text, "install_source": text });
        let event = json!({ "screen": text, "name": "x" });
        assert_eq!(site.batch(json!({ "context": context, "events": [event] })).json()["accepted"], 1, "{text}");
    }
    site.settled(18);
    let stored = sql(
        ordinary(),
        "SELECT DISTINCT dim, value FROM cells_open WHERE site = 'hygiene' AND dim != '' ORDER BY dim, value",
    );
    insta::assert_snapshot!("values_of_personal_texts", stored);
}

/// What the tracker does is in its own tests; here, that it has nothing to keep an id with.
#[test]
fn p10_nothing_is_set_on_the_device() {
    let site = Site::new(ordinary(), "cookies");
    let carried = ("Cookie", "id=1; headcount_session=x");
    let body = json!({ "site": site.id, "url": "https://a.test/", "events": [{}] }).to_string();
    let asked = [
        ("POST", "/e"),
        ("POST", "/v1/events"),
        ("GET", "/p.gif?site=cookies&url=https://a.test/"),
        ("GET", "/n.gif?site=cookies&url=https://a.test/"),
        ("OPTIONS", "/e"),
        ("GET", "/hc.js"),
        ("GET", "/hc.v1.js"),
        ("GET", "/"),
        ("GET", "/demo/"),
        ("GET", "/sign-in"),
        ("GET", "/no/such/page"),
        ("GET", "/.well-known/dnt/"),
    ];
    for (method, path) in asked {
        let body = if method == "POST" { body.as_bytes() } else { b"" };
        let answer = ordinary().send(method, path, &[AGENT, carried], body);
        let sets = ["set-cookie", "clear-site-data", "accept-ch", "critical-ch"].map(|name| answer.header(name));
        assert_eq!(sets, [None; 4], "{method} {path}");
        // An entity tag on what is asked with every hit would be an id.
        let collects = ["/e", "/v1", "/p.gif", "/n.gif"].iter().any(|route| path.starts_with(route));
        assert!(!collects || (answer.header("etag").is_none() && answer.header("last-modified").is_none()), "{path}");
    }
    let tracker = ordinary().send("GET", "/hc.js", &[], b"").text();
    for means in
        ["cookie", "setItem", "sessionStorage", "indexedDB", "caches", "serviceWorker", "fingerprint", "canvas"]
    {
        assert!(!tracker.contains(means), "{means}");
    }
}
