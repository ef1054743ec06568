//! Clients of web pages: a request a hit, no second try.

use serde_json::json;

use super::{PAGE, accepting, is_open, post, rows, send, told};
use crate::ordinary;
use crate::site::Site;
use crate::support::server::noon_zone;

#[test]
fn plausible() {
    let site = Site::with(ordinary(), "plausible-site", &["--timezone", &noon_zone(), "--domain", "plausible.test"]);
    let event = |name: &str, more: &str| {
        format!(
            r#"{{"n":"{name}","v":36,"u":"https://www.plausible.test/x?utm_source=n","d":"plausible.test","r":"https://b.test/"{more}}}"#
        )
    };
    let headers = [&PAGE[..], &[("Content-Type", "text/plain")]].concat();
    for path in ["/api/event", "/in/plausible/api/event"] {
        let answer = send("POST", path, &headers, event("pageview", ""));
        assert_eq!((answer.status, answer.text().as_str(), is_open(&answer)), (202, "ok", true), "{path}");
    }
    let signup = event("Signup", r#","p":"{\"plan\":\"pro\"}","$":{"amount":9.5,"currency":"EUR"}"#);
    assert_eq!(post("/api/event", &headers, signup), told(202, "ok"));
    assert_eq!(post("/api/event", &headers, event("engagement", r#","sd":80,"e":3000"#)), told(202, "ok"));
    // Nobody's domain, and a robot: answered alike.
    assert_eq!(
        post("/api/event", &headers, event("pageview", "").replace("plausible.test", "nobody.test")),
        told(202, "ok")
    );
    assert_eq!(post("/api/event", &[("User-Agent", "curl/8")], event("pageview", "")), told(202, "ok"));
    site.settled(3);
    assert_eq!(rows(&site, "event:name"), ["Signup 1/0/1", "pageview 1/2/2"]);
    assert_eq!(rows(&site, "event:page"), ["/x 1/2/3"]);
    assert_eq!(rows(&site, "event:props:plan"), ["pro 1/0/1"]);
    let read = site.ask(json!({ "metrics": ["time_on_page", "scroll_depth"] }))["results"][0]["metrics"].clone();
    assert_eq!(read, json!([3, 80]));
    assert_eq!(rows(&site, "visit:source"), ["n 1/2/3"]);
}

#[test]
fn google() {
    let site = accepting("google", "ga4:G-TEST1");
    let ua = Site::with(ordinary(), "google-ua", &["--timezone", &noon_zone(), "--accept", "ga4:UA-1-1"]);
    let body = r#"{"client_id":"1.2","events":[{"name":"page_view","params":{"page_location":"https://a.test/mp"}},{"name":"purchase","params":{"value":5,"currency":"EUR"}},{"name":"session_start"}]}"#;
    assert_eq!(
        post("/mp/collect?measurement_id=G-TEST1&api_secret=x", &[("User-Agent", "axios/1.7")], body),
        told(204, "")
    );
    let shared = "/g/collect?v=2&tid=G-TEST1&cid=1.2&dl=https%3A%2F%2Fa.test%2Fgtag&ul=de-at&sr=1920x1080";
    assert_eq!(post(&format!("{shared}&en=page_view"), &PAGE, ""), told(204, ""));
    assert_eq!(send("GET", &format!("{shared}&en=signup&ep.plan=pro"), &PAGE, "").status, 204);
    assert_eq!(post(shared, &PAGE, "en=page_view\r\nen=scroll&epn.percent_scrolled=90"), told(204, ""));
    // Bad or unknown: never an error.
    assert_eq!(post("/mp/collect?measurement_id=G-NOBODY", &[], "{"), told(204, ""));
    assert_eq!(post("/debug/mp/collect?measurement_id=G-TEST1", &[], body), told(200, r#"{"validationMessages":[]}"#));
    site.settled(5);
    assert_eq!(rows(&site, "event:name"), ["pageview 1/3/3", "purchase 1/0/1", "signup 1/0/1"]);
    assert_eq!(rows(&site, "event:page"), ["/gtag 1/2/3", "/mp 1/1/1"]);

    let hit = |kind: &str| format!("v=1&tid=UA-1-1&cid=9&t={kind}&dl=https%3A%2F%2Fa.test%2Fua&ec=c&ea=play");
    let lines = format!("{}\n{}", hit("pageview"), hit("event"));
    let chunked = format!(
        "POST /batch HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{lines}\r\n0\r\n\r\n",
        lines.len()
    );
    let answer = ordinary().client().raw(chunked.as_bytes()).expect("an answer");
    assert_eq!((answer.status, answer.body.starts_with(b"GIF89a")), (200, true));
    assert_eq!(send("POST", "/collect", &[], hit("pageview")).status, 200);
    assert_eq!(send("GET", &format!("/collect?{}", hit("pageview")), &PAGE, "").status, 200);
    ua.settled(4);
    assert_eq!(rows(&ua, "event:name"), ["pageview 1/3/3", "play 1/0/1"]);
}

#[test]
fn umami() {
    let site = accepting("umami-site", "umami:0d5e6c9a-0000-4000-8000-000000000001");
    let website = "0d5e6c9a-0000-4000-8000-000000000001";
    let page = json!({ "type": "event", "payload": { "website": website, "hostname": "a.test", "url": "https://a.test/x", "screen": "390x844", "language": "de-AT", "title": "T", "referrer": "" } });
    let event = json!({ "type": "event", "payload": { "website": website, "hostname": "a.test", "url": "/x", "name": "buy", "data": { "plan": "pro" } } });
    let headers = [&PAGE[..], &[("Content-Type", "application/json"), ("x-umami-cache", "-")]].concat();
    let answer = send("POST", "/api/send", &headers, page.to_string());
    assert_eq!((answer.status, is_open(&answer)), (200, true));
    let told: Vec<bool> = ["cache", "sessionId", "visitId"].iter().map(|key| answer.json()[key].is_string()).collect();
    assert_eq!(told, [true; 3]);
    assert_eq!(
        send("POST", "/in/umami/api/send", &[("User-Agent", "Mozilla/5.0 Umami/0.4.0")], event.to_string()).status,
        200
    );
    let list =
        json!([page, { "type": "identify", "payload": { "website": website, "data": { "email": "j@a.test" } } }, 7]);
    let batch = send("POST", "/api/batch", &headers, list.to_string()).json();
    assert_eq!(batch, json!({ "size": 3, "processed": 2, "errors": 1, "cache": "-" }));
    let unknown = page.to_string().replace("0001\"", "0002\"");
    assert_eq!(send("POST", "/api/send", &headers, unknown).json()["error"]["code"], "unknown_site");
    site.settled(3);
    assert_eq!(rows(&site, "event:name"), ["buy 1/0/1", "pageview 1/2/2"]);
    assert_eq!(rows(&site, "visit:screen"), ["Mobile 1/2/2"]);
}

#[test]
fn goatcounter() {
    let site = Site::with(ordinary(), "goat", &["--timezone", &noon_zone(), "--domain", "goat.test"]);
    let headers = [("User-Agent", super::BROWSER), ("Origin", "https://goat.test")];
    let code = [("User-Agent", super::BROWSER), ("Host", "goat.stats.test")];
    let sent = [
        send("POST", "/count?p=%2Fx&r=&t=T&s=1920&rnd=1", &headers, ""),
        send("GET", "/count?p=%2Fx&s=1920&rnd=2", &code, ""),
        send("GET", "/in/goatcounter/goat/count?p=click&e=true&rnd=3", &headers[..1], ""),
        send("POST", "/count?p=%2Fx&b=150", &headers, ""),
    ];
    assert!(sent.iter().all(|answer| answer.status == 200 && answer.body.starts_with(b"GIF89a")));
    assert_eq!(sent[0].header("cross-origin-resource-policy"), Some("cross-origin"));
    let refused = send("GET", "/count?t=T", &headers, "");
    assert_eq!((refused.status, refused.header("x-goatcounter")), (400, Some("A required field is missing")));
    let key = format!("Bearer {}", ordinary().create_key("goat", "write"));
    let hits = json!({ "no_sessions": true, "hits": [{ "path": "/server", "user_agent": super::BROWSER, "ip": "192.0.2.1" }] });
    crate::support::until_equal("the key is known", &(202, "{}".to_owned()), || {
        post("/api/v0/count", &[("Authorization", &key)], hits.to_string())
    });
    site.settled(4);
    assert_eq!(rows(&site, "event:name"), ["click 1/0/1", "pageview 1/3/3"]);
}

#[test]
fn matomo() {
    let site = accepting("matomo-site", "matomo:7");
    let hit =
        |more: &str| format!("idsite=7&rec=1&url=https%3A%2F%2Fa.test%2Fx&_id=0123456789abcdef&res=1920x1080{more}");
    let first = hit("&r=111111&pv_id=aBcDeF&send_image=0");
    // Refused or not, the script says the same once more, as an image.
    assert_eq!(post(&format!("/matomo.php?{first}"), &PAGE, ""), told(204, ""));
    assert_eq!(send("GET", &format!("/matomo.php?{first}"), &PAGE, "").status, 204);
    let form = [PAGE[0], ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")];
    let image = send("POST", "/piwik.php", &form, hit("&r=222222&pv_id=aBcDeF&e_c=Video&e_a=play&ca=1"));
    assert_eq!((image.status, image.body.starts_with(b"GIF89a")), (200, true));
    let bulk = json!({ "requests": [format!("?{}", hit("&r=333333&pv_id=aBcDeF")), format!("?{first}"), "?rec=1"] });
    assert_eq!(
        post("/in/matomo/matomo.php", &[], bulk.to_string()),
        told(200, r#"{"invalid":1,"status":"success","tracked":2}"#)
    );
    site.settled(3);
    assert_eq!(rows(&site, "event:name"), ["pageview 1/2/2", "play 1/0/1"]);
    assert_eq!(rows(&site, "event:page"), ["/x 1/2/3"]);
}
