//! Sites are separated: no key, sign-in or link of one reads or changes another, by no route that is described; and what a
//! link shows.

use serde_json::{Value, json};

use crate::ordinary;
use crate::site::Site;
use crate::support::http::Answer;
use crate::support::until;

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn send(method: &str, path: &str, who: &[(&str, &str)], body: &Value) -> Answer {
    ordinary().send(
        method,
        path,
        &[who, &[JSON, ("Sec-Fetch-Site", "same-origin")]].concat(),
        body.to_string().as_bytes(),
    )
}

/// Three ways into one site, each as the header that opens it.
struct Ways {
    admin: String,
    cookie: String,
    link: String,
}

impl Ways {
    fn into(site: &Site) -> Self {
        let (server, id) = (ordinary(), site.id.as_str());
        let admin = format!("Bearer {}", server.create_key(id, "admin"));
        let said = server.succeed(&["user", "add", &format!("owner-of-{id}"), "--role", "owner", "--site", id]);
        let token = said.split("token=").nth(1).expect("a link").split_whitespace().next().expect("a token");
        let claim = json!({ "token": token, "password": "correct horse battery" });
        let claimed = until("the link is known", || {
            let answer = send("POST", "/api/v1/claim", &[], &claim);
            (answer.status == 204).then_some(answer)
        });
        let cookie =
            claimed.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
        let shares = format!("/api/v1/sites/{id}/shares");
        let made = send("POST", &shares, &[("Authorization", &admin)], &json!({ "name": "Press" }));
        assert_eq!(made.status, 201, "{}", made.text());
        Self { admin, cookie, link: made.json()["token"].as_str().expect("a token").to_owned() }
    }

    fn headers(&self) -> [[(&str, &str); 1]; 3] {
        [[("Authorization", &self.admin)], [("Cookie", &self.cookie)], [("Headcount-Share", &self.link)]]
    }
}

/// A body that the route would take.
fn body(method: &str, path: &str, site: &str) -> Value {
    let query = json!({ "site_id": site, "metrics": ["events"], "date_range": "day" });
    match (method, path) {
        ("post", "/api/v2/query") => query,
        ("post", "/api/v2/query/batch") => json!({ "queries": [query] }),
        ("post", "/api/v1/goals") => json!({ "name": "Taken", "page": "/**" }),
        ("post", "/api/v1/funnels") => json!({ "name": "Taken", "steps": ["a", "b"] }),
        ("post", "/api/v1/annotations") => json!({ "day": "2026-11-21", "text": "taken" }),
        ("post", "/api/v1/sites/{site}/shares") => json!({ "name": "Taken" }),
        ("post", "/api/v1/sites/{site}/keys") => json!({ "scope": "read" }),
        ("delete", "/api/v1/sites/{site}") => json!({ "confirm": site }),
        ("patch", _) => json!({ "min_visitors": 1 }),
        _ => json!({}),
    }
}

#[test]
fn no_way_into_one_site_leads_into_another() {
    let [mine, yours] = ["separate-mine", "separate-yours"].map(|id| Site::new(ordinary(), id));
    let (ways, owner) = (Ways::into(&mine), Ways::into(&yours));
    let state = || {
        let what = ["", "/shares", "/keys"].map(|what| format!("/api/v1/sites/separate-yours{what}"));
        what.map(|path| send("GET", &path, &[("Cookie", &owner.cookie)], &json!({})).text())
    };
    let before = state();
    assert!(before.iter().all(|text| !text.contains("/problems/")), "{before:?}");
    let described = ordinary().send("GET", "/api/v1/openapi.json", &[], b"").json();
    let mut tried = 0;
    for (path, item) in described["paths"].as_object().expect("paths") {
        // Those that lead to one's own things, and those that anybody may send to.
        let own = ["/api/v1/session", "/api/v1/claim", "/api/v1/share"].contains(&path.as_str());
        let adds = path == "/api/v1/sites";
        if !path.starts_with("/api/") || own || adds {
            continue;
        }
        for method in item.as_object().expect("methods").keys() {
            let concrete = path.replace("{site}", "separate-yours").replace("{id}", "x1").replace("{name}", "x");
            let uri = format!("{concrete}?site=separate-yours&from=2026-11-01&to=2026-11-02");
            for who in ways.headers() {
                let answer = send(&method.to_uppercase(), &uri, &who, &body(method, path, "separate-yours"));
                let batch = path.ends_with("/batch");
                let status =
                    if batch { answer.json()["answers"][0]["status"].as_u64() } else { Some(u64::from(answer.status)) };
                assert!(matches!(status, Some(403 | 404)), "{method} {path} {}: {}", who[0].0, answer.text());
                tried += 1;
            }
        }
    }
    assert!(tried >= 3 * 25, "{tried}");
    assert_eq!(state(), before);
    // Nobody gets a site who does not own all of them.
    let new = json!({ "id": "separate-new" });
    assert!(ways.headers().iter().all(|who| send("POST", "/api/v1/sites", who, &new).status == 403));
    let mine_only = send("GET", "/api/v1/sites", &[("Cookie", &ways.cookie)], &json!({})).json();
    assert_eq!(mine_only["sites"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_link_shows_only_what_enough_visitors_stand_behind() {
    let site = Site::new(ordinary(), "link-shows");
    let ways = Ways::into(&site);
    let page = |visitor: usize, path: &str| json!({ "url": format!("https://link.test{path}"), "visitor": format!("v{visitor}") });
    let looked = [("/most", 20), ("/often", 12), ("/rare", 2)];
    let events = looked.iter().flat_map(|(path, people)| (0..*people).map(|visitor| page(visitor, path)));
    let events: Vec<Value> = events.collect();
    assert_eq!(site.batch(json!({ "events": events })).json()["accepted"], 34);
    site.settled(34);
    let query = json!({ "site_id": "link-shows", "metrics": ["visitors", "events"], "date_range": "day",
        "dimensions": ["event:page"] });
    let pages = |who: &[(&str, &str)]| send("POST", "/api/v2/query", who, &query).json()["results"].clone();
    let row = |page: &str, visitors: usize| json!({ "dimensions": [page], "metrics": [visitors, visitors] });
    let [admin, _, link] = ways.headers();
    assert_eq!(pages(&admin), json!(looked.map(|(path, people)| row(path, people))));
    // The few are hidden among the smallest that are enough.
    let public = pages(&link);
    assert!(public.as_array().expect("rows").contains(&row("/most", 20)), "{public}");
    assert!(!public.to_string().contains("/rare") && !public.to_string().contains("/often"), "{public}");
    let shown = send("GET", "/api/v1/share", &link, &json!({})).json();
    assert_eq!((&shown["site"], &shown["name"]), (&json!("link-shows"), &json!("Press")));
    let embedded = ordinary().send("GET", &format!("/s/link-shows?share={}", ways.link), &[], b"");
    let told = ["content-security-policy", "referrer-policy"].map(|name| embedded.header(name).unwrap_or_default());
    assert!(told[0].ends_with("frame-ancestors *") && told[1] == "no-referrer", "{told:?}");
}
