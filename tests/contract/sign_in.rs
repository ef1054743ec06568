//! Signing in, being signed in, signing out, and who may not.

use serde_json::{Value, json};

use crate::support::http::Answer;
use crate::{ordinary, refusal, shown};

const OURS: (&str, &str) = ("Sec-Fetch-Site", "same-origin");
const JSON: (&str, &str) = ("Content-Type", "application/json");

fn post(path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let headers = [&[JSON], headers].concat();
    ordinary().send("POST", path, &headers, body.to_string().as_bytes())
}

fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap_or_default().to_owned()
}

fn session(cookie: &str) -> Answer {
    ordinary().send("GET", "/api/v1/session", &[("Cookie", cookie)], b"")
}

/// A user with a password, and the cookie of a session.
fn signed_in(user: &str) -> String {
    let server = ordinary();
    let said = server.succeed(&["user", "add", user, "--role", "owner"]);
    let token = said.split("token=").nth(1).expect("a link").split_whitespace().next().expect("a token").to_owned();
    let known = || ordinary().send("GET", &format!("/api/v1/claim?token={token}"), &[], b"");
    crate::support::until_equal("the link is known", &200, || known().status);
    let claimed = post("/api/v1/claim", &[OURS], &json!({ "token": token, "password": "correct horse battery" }));
    assert_eq!(claimed.status, 204);
    cookie(&claimed)
}

#[test]
fn the_printed_link_sets_a_password_once() {
    let link = ordinary().sign_in_link();
    let token = link.split_once("/sign-in?token=").expect("a sign-in link").1;
    assert_eq!(ordinary().send("GET", "/sign-in?token=x", &[], b"").status, 200);
    let show = ordinary().send("GET", &format!("/api/v1/claim?token={token}"), &[], b"");
    assert_eq!((show.status, show.json()), (200, json!({ "user": "owner" })));
    let claim = |password: &str| post("/api/v1/claim", &[OURS], &json!({ "token": token, "password": password }));
    assert_eq!(refusal(&claim("too short")), (422, "weak_password".to_owned()));
    let claimed = claim("long enough");
    let flags = claimed.header("set-cookie").expect("a cookie");
    let flags: Vec<&str> = flags.split("; ").skip(1).collect();
    assert_eq!((claimed.status, flags), (204, vec!["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"]));
    let seen = session(&cookie(&claimed));
    assert_eq!((seen.status, &seen.json()["user"]), (200, &json!("owner")));
    assert_eq!(refusal(&claim("long enough")), (410, "link_used".to_owned()));
    let used = ordinary().send("GET", &format!("/api/v1/claim?token={token}"), &[], b"");
    insta::assert_snapshot!("a_used_link", shown(&used));
}

#[test]
fn a_session_lasts_from_sign_in_to_sign_out() {
    signed_in("lasting");
    let opened = post("/api/v1/session", &[OURS], &json!({ "user": "lasting", "password": "correct horse battery" }));
    assert_eq!(opened.status, 204);
    let cookie = cookie(&opened);
    assert_eq!(session(&cookie).json()["user"], "lasting");
    let closed = ordinary().send("DELETE", "/api/v1/session", &[OURS, ("Cookie", &cookie)], b"");
    let flags = closed.header("set-cookie").expect("a cookie").to_owned();
    assert!(closed.status == 204 && flags.starts_with("headcount_session=;") && flags.contains("Max-Age=0"), "{flags}");
    assert_eq!((session(&cookie).status, session(&cookie).text()), (204, String::new()));
    let refused = ordinary().send("GET", "/api/v1/sites", &[("Cookie", &cookie)], b"");
    insta::assert_snapshot!("not_signed_in", shown(&refused));
}

#[test]
fn a_wrong_password_is_refused_and_soon_too_many_are() {
    signed_in("guessed");
    let guess = |user: &str| post("/api/v1/session", &[OURS], &json!({ "user": user, "password": "wrong password" }));
    let wrong = guess("guessed");
    insta::assert_snapshot!("a_wrong_password", shown(&wrong));
    // Who does not exist is refused in the same words.
    let nobody = guess("nobody-at-all");
    assert_eq!((nobody.status, nobody.text()), (wrong.status, wrong.text()));
    let refused = (0..30).map(|_| guess("guessed")).find(|answer| answer.status != 401).expect("a limit");
    assert_eq!(refusal(&refused), (429, "too_many_attempts".to_owned()));
    let seconds = refused.header("retry-after").and_then(|seconds| seconds.parse::<u64>().ok());
    assert!(seconds.is_some_and(|seconds| (1..=10).contains(&seconds)), "{seconds:?}");
}

#[test]
fn another_site_cannot_use_the_cookie() {
    let cookie = signed_in("targeted");
    let carry = ("Cookie", cookie.as_str());
    let host = ordinary().public().to_string();
    let own_origin = format!("http://{host}");
    let query = json!({ "site_id": "x", "metrics": ["events"], "date_range": "day" });
    let forged: [&[(&str, &str)]; 6] = [
        &[carry, ("Sec-Fetch-Site", "cross-site")],
        &[carry, ("Sec-Fetch-Site", "same-site")],
        &[carry, ("Origin", "https://evil.test")],
        &[carry, ("Origin", "null")],
        &[carry],
        &[carry, ("Sec-Fetch-Site", "cross-site"), ("Origin", &own_origin)],
    ];
    for headers in forged {
        for path in ["/api/v2/query", "/api/v1/session", "/api/v1/claim"] {
            assert_eq!(refusal(&post(path, headers, &query)), (403, "cross_site".to_owned()), "{path} {headers:?}");
        }
        let delete = ordinary().send("DELETE", "/api/v1/session", headers, b"");
        assert_eq!(refusal(&delete), (403, "cross_site".to_owned()), "{headers:?}");
    }
    // A form can send text, not JSON.
    let form = [("Content-Type", "text/plain"), carry, OURS];
    let sent = ordinary().send("POST", "/api/v2/query", &form, query.to_string().as_bytes());
    assert_eq!(refusal(&sent), (403, "cross_site".to_owned()));
    assert_eq!(session(&cookie).status, 200);
    // From the dashboard it goes through, to the point that there is no such site.
    for headers in [vec![carry, OURS], vec![carry, ("Origin", own_origin.as_str())]] {
        assert_eq!(refusal(&post("/api/v2/query", &headers, &query)), (404, "unknown_site".to_owned()));
    }
}

#[test]
fn a_viewer_sees_the_sites_given_to_them() {
    let server = ordinary();
    for id in ["seen-site", "unseen-site"] {
        server.succeed(&["site", "add", id]);
    }
    let said = server.succeed(&["user", "add", "guest", "--site", "seen-site", "--role", "viewer"]);
    let token = said.split("token=").nth(1).expect("a link").split_whitespace().next().expect("a token").to_owned();
    let claim = || post("/api/v1/claim", &[OURS], &json!({ "token": token, "password": "correct horse battery" }));
    let cookie = crate::support::until("the link is known", || Some(claim()).filter(|answer| answer.status == 204));
    let cookie = self::cookie(&cookie);
    let sites = session(&cookie).json()["sites"].clone();
    assert_eq!(sites, json!([{ "id": "seen-site", "timezone": "UTC", "domains": [], "role": "viewer" }]));
    let ask = |site: &str| {
        let query = json!({ "site_id": site, "metrics": ["events"], "date_range": "day" });
        refusal(&post("/api/v2/query", &[OURS, ("Cookie", &cookie)], &query))
    };
    assert_eq!([ask("seen-site"), ask("unseen-site")], [(200, String::new()), (404, "unknown_site".to_owned())]);
}
