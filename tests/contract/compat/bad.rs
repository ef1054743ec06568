//! Input that is broken or hostile: an answer each client understands, good events kept, every hit in the books.

use serde_json::{Value, json};

use super::{PAGE, accepting, base64, gzip, post, rows, send};
use crate::ordinary;

/// A path, headers and a body.
type Bad = (&'static str, Vec<(&'static str, &'static str)>, Vec<u8>);

#[test]
fn what_cannot_be_read_is_answered_in_the_client_s_own_words() {
    let cut = &base64(r#"[{"event":"x","properties":{"token":"T"}}]"#)[..21];
    let cases: Vec<Bad> = vec![
        ("/api/event", vec![], b"{".to_vec()),
        ("/api/send", vec![], b"[]".to_vec()),
        ("/track", vec![], format!("data={cut}").into_bytes()),
        ("/track?verbose=1", vec![], format!("data={cut}").into_bytes()),
        ("/track", vec![], b"data=%7B%22event".to_vec()),
        ("/import", vec![], b"[{".to_vec()),
        ("/v1/batch", vec![], b"{}".to_vec()),
        ("/v1/t", vec![], b"\xff".to_vec()),
        ("/e/", vec![], b"data=!!!".to_vec()),
        ("/e/", vec![], b"\x1f\x8bno gzip".to_vec()),
        ("/batch/", vec![("Content-Encoding", "gzip")], b"{}".to_vec()),
        ("/2/httpapi", vec![], b"{\"events\":7}".to_vec()),
        ("/api/v0/event", vec![("App-Key", "A-SH-1")], b"nothing".to_vec()),
        ("/matomo.php", vec![], b"{\"requests\":{}}".to_vec()),
        ("/mp/collect", vec![], b"{".to_vec()),
        ("/api/v0/count", vec![], b"{}".to_vec()),
        ("/v1/b", vec![("Content-Encoding", "deflate")], b"{}".to_vec()),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(path, headers, body)| {
            let (status, text) = post(path, headers, body);
            format!("{path} -> {status} {text}")
        })
        .collect();
    insta::assert_snapshot!("compat_refusals", told.join("\n"));
}

#[test]
fn one_bad_event_of_two_thousand_costs_itself_only() {
    let site = accepting("two-thousand", "segment:TWO");
    let event = |n: usize| -> Value {
        let at = match n {
            7 => "1970-01-01T00:00:00Z",
            _ => "2100-01-01T00:00:00Z",
        };
        match n {
            11 => json!("no event"),
            _ => {
                json!({ "type": "track", "event": "x", "anonymousId": "a", "messageId": format!("m{n}"), "timestamp": at })
            }
        }
    };
    let body =
        |events: usize| json!({ "writeKey": "TWO", "batch": (0..events).map(event).collect::<Vec<_>>() }).to_string();
    let before = ordinary().metrics();
    assert_eq!(post("/v1/batch", &[], body(2_000)).0, 200);
    assert_eq!(post("/v1/batch", &[("Content-Encoding", "gzip")], gzip(body(2_000).as_bytes())).0, 200);
    assert_eq!(post("/v1/batch", &[], body(2_001)).0, 413);
    let after = ordinary().metrics();
    assert!(after.sum("headcount_hits_duplicate_total") >= before.sum("headcount_hits_duplicate_total") + 1_998);
    assert_eq!(after.identity().0, after.identity().1);
    site.settled(1_998);
    assert_eq!(rows(&site, "event:name"), ["x 1/0/1998"]);
}

#[test]
fn the_head_of_an_image_counts_nothing() {
    let site = accepting("head-of-image", "ga4:G-HEAD");
    let paths = [
        "/matomo.php?idsite=head-of-image&rec=1&url=https%3A%2F%2Fa.test%2F",
        "/in/goatcounter/head-of-image/count?p=%2F",
        "/g/collect?v=2&tid=G-HEAD&en=page_view&dl=https%3A%2F%2Fa.test%2F",
    ];
    let statuses = |method: &str| paths.map(|path| send(method, path, &PAGE, "").status);
    assert_eq!(statuses("HEAD"), [200, 200, 204]);
    assert_eq!(statuses("GET"), [200, 200, 204]);
    site.settled(3);
    assert_eq!(site.totals(), [1, 3, 3]);
}

#[test]
fn who_says_no_is_not_counted() {
    let site = accepting("said-no", "segment:NO");
    let page = |path: &str| format!("idsite=said-no&rec=1&url=https%3A%2F%2Fa.test%2F{path}");
    let event = r#"{"type":"track","event":"x","writeKey":"NO"}"#;
    let denied = r#"{"type":"track","event":"x","writeKey":"NO","context":{"consent":{"categoryPreferences":{"Analytics":false}}}}"#;
    let dnt = [PAGE[0], ("DNT", "1")];
    assert_eq!([post("/v1/t", &dnt, event).0, post("/v1/t", &PAGE, denied).0], [200; 2]);
    assert_eq!(post("/matomo.php", &dnt, page("dnt")).0, 200);
    assert_eq!(post("/matomo.php", &PAGE, format!("{}&consent=0", page("denied"))).0, 200);
    assert_eq!(
        post(&format!("/g/collect?v=2&tid=said-no&en=page_view&gcs=G100&{}", "dl=https%3A%2F%2Fa.test%2F"), &PAGE, "")
            .0,
        204
    );
    assert_eq!(post("/v1/t", &PAGE, event).0, 200);
    site.settled(1);
    assert_eq!(site.totals(), [1, 0, 1]);
}
