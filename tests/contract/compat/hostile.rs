//! Hostile bodies on every route of other products' clients: none is our own failure, none takes more memory than it may, and
//! what is sent decently afterwards is counted.

use super::{PAGE, base64, gzip};
use crate::site::Site;
use crate::standing::Standing;
use crate::support::server::noon_zone;
use crate::support::until_equal;

/// Of its own: its memory is looked at.
static ATTACKED: Standing = Standing::new();

/// Every route that takes events, below its prefix or at the root.
const ROUTES: [&str; 34] = [
    "/api/event",
    "/api/send",
    "/api/batch",
    "/count?p=%2F",
    "/in/goatcounter/attacked/count?p=%2F",
    "/api/v0/count",
    "/matomo.php",
    "/piwik.php?idsite=attacked&rec=1",
    "/g/collect?v=2&tid=attacked",
    "/mp/collect?measurement_id=attacked",
    "/collect",
    "/batch",
    "/in/ga4/batch",
    "/track",
    "/track?verbose=1",
    "/import?strict=1",
    "/engage",
    "/groups",
    "/record",
    "/v1/track",
    "/v1/page",
    "/v1/identify",
    "/v1/batch",
    "/v1/b",
    "/e/",
    "/capture/",
    "/i/v0/e/",
    "/s/",
    "/2/httpapi",
    "/identify",
    "/api/v0/event",
    "/api/v0/events",
    "/flags/?v=2",
    "/debug/mp/collect",
];

/// What it is, headers, a body.
type Bad = (&'static str, Vec<(&'static str, &'static str)>, Vec<u8>);

/// Headers beside those of a page.
const KEYS: [(&str, &str); 2] = [("App-Key", "attacked"), ("Authorization", "Basic YXR0YWNrZWQ6")];

/// A body under every name that a list of events has.
fn listed(items: &str) -> String {
    let names = ["batch", "events", "requests", "hits"].map(|name| format!("\"{name}\":{items}"));
    format!("{{\"api_key\":\"attacked\",\"writeKey\":\"attacked\",{}}}", names.join(","))
}

/// Every field that is read anywhere, with this in it.
fn everywhere(value: &str) -> String {
    let fields = [
        "n",
        "name",
        "u",
        "url",
        "d",
        "domain",
        "p",
        "props",
        "w",
        "e",
        "sd",
        "$",
        "type",
        "payload",
        "event",
        "properties",
        "context",
        "timestamp",
        "time",
        "sentAt",
        "messageId",
        "anonymousId",
        "uuid",
        "distinct_id",
        "event_type",
        "event_properties",
        "insert_id",
        "eventName",
        "systemProps",
        "params",
        "timestamp_micros",
        "path",
        "size",
        "created_at",
        "api_key",
        "token",
        "writeKey",
        "client_upload_time",
        "sent_at",
        "offset",
        "client_id",
        "revenue",
    ];
    format!("{{{}}}", fields.map(|field| format!("\"{field}\":{value}")).join(","))
}

fn bodies() -> Vec<Bad> {
    let zeros = gzip(&vec![b'0'; 100_000_000]);
    let spaces = gzip(&[b"{\"batch\":[".as_slice(), &vec![b' '; 50_000_000], b"]}"].concat());
    let plain = |name, body: String| (name, Vec::new(), body.into_bytes());
    let mut all = vec![
        plain("nothing", String::new()),
        plain("lists in lists", "[".repeat(200_000)),
        plain("objects in objects", "{\"a\":".repeat(100_000)),
        plain("deep events", listed(&format!("[{}{}]", "[".repeat(100_000), "]".repeat(100_000)))),
        plain("deep fields", everywhere(&format!("{}{}", "[".repeat(120), "]".repeat(120)))),
        plain("events that are none", listed("[null,7,\"x\",[],{},true,1e400,-0.0]")),
        plain("lists that are none", listed("{\"0\":{}}")),
        plain("not numbers", everywhere("NaN")),
        plain("endless numbers", everywhere("1e999")),
        plain("lone surrogates", everywhere("\"\\ud800\"")),
        plain("a number of a million digits", everywhere(&"9".repeat(20_000))),
        plain("lines", "x\n".repeat(2_500)),
        plain("pairs", "&a=b".repeat(500_000)),
        plain("percent signs", format!("data={}", "%".repeat(100_000))),
        plain("half of base64", format!("data={}", &base64(&listed("[{\"event\":\"x\"}]"))[..41])),
        plain("base64 of nothing", "data=====".to_owned()),
        plain("JSON in a form, cut", "data=%5B%7B%22event%22%3A%22x".to_owned()),
        plain("one long event", format!("{{\"event\":\"{}\"}}", "x".repeat(1_500_000))),
        plain(
            "a million keys",
            format!("{{{}\"z\":1}}", (0..100_000).map(|n| format!("\"k{n}\":1,")).collect::<String>()),
        ),
        plain("more than is taken", "x".repeat(11_000_000)),
        ("zero bytes", Vec::new(), vec![0; 10_000]),
        ("not UTF-8", Vec::new(), b"\xff\xfe{\"event\":\"\xc3\x28\"}".to_vec()),
        ("a bomb that says so", vec![("Content-Encoding", "gzip")], zeros.clone()),
        ("a bomb that does not", Vec::new(), zeros),
        ("a bomb of spaces", vec![("Content-Encoding", "gzip")], spaces),
        ("a packed package", vec![("Content-Encoding", "gzip")], gzip(&gzip(b"{}"))),
        ("half a package", vec![("Content-Encoding", "gzip")], gzip(listed("[{}]").as_bytes())[..20].to_vec()),
        ("no package", vec![("Content-Encoding", "gzip")], b"{}".to_vec()),
        ("another package", vec![("Content-Encoding", "br")], b"\x1f\x8b{}".to_vec()),
    ];
    for value in
        ["null", "true", "-1", "9223372036854775808", "1e308", "\"\\u0000\"", "\"\"", "[]", "{}", "[{\"a\":[1]}]"]
    {
        all.push(plain("a value of another type", everywhere(value)));
        all.push(plain("events of another type", listed(&format!("[{}]", everywhere(value)))));
        all.push(plain("a list of another type", format!("[{}]", everywhere(value))));
    }
    all
}

/// Events sent decently, one by each dialect.
fn decent() -> [(&'static str, Vec<u8>); 11] {
    let text = |text: &str| text.as_bytes().to_vec();
    [
        ("/api/event", text(r#"{"n":"decent","u":"https://attacked.test/","d":"attacked"}"#)),
        ("/api/send", text(r#"{"type":"event","payload":{"website":"attacked","name":"decent","url":"/"}}"#)),
        ("/in/goatcounter/attacked/count?p=decent&e=true", Vec::new()),
        ("/matomo.php", text("idsite=attacked&rec=1&e_c=c&e_a=decent")),
        ("/mp/collect?measurement_id=attacked", text(r#"{"client_id":"a","events":[{"name":"decent"}]}"#)),
        ("/collect", text("v=1&tid=attacked&cid=a&t=event&ec=c&ea=decent")),
        ("/track", text(r#"{"event":"decent","properties":{"token":"attacked"}}"#)),
        ("/v1/t", text(r#"{"type":"track","event":"decent"}"#)),
        ("/e/", text(r#"{"api_key":"attacked","event":"decent","properties":{}}"#)),
        ("/2/httpapi", text(r#"{"api_key":"attacked","events":[{"event_type":"decent"}]}"#)),
        ("/api/v0/event", text(r#"{"eventName":"decent","sessionId":"1"}"#)),
    ]
}

#[test]
fn nothing_that_is_posted_is_our_own_failure() {
    let server = ATTACKED.get(&[]);
    let site = Site::with(server, "attacked", &["--timezone", &noon_zone()]);
    for (what, more, body) in bodies() {
        for path in ROUTES {
            let headers = [&PAGE[..], &KEYS, &more].concat();
            // What is refused unread may meet a closed connection.
            let status = server.client().send("POST", path, &headers, &body).map_or(413, |answer| answer.status);
            assert!(matches!(status, 200 | 202 | 204 | 400 | 401 | 404 | 413 | 415), "{what} to {path}: {status}");
        }
    }
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", server.pid().expect("it runs"))).expect("a process");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(kib < 700_000, "{kib} KiB");
    assert!(!server.log().contains("panicked"), "{}", server.log());
    let samples = server.metrics();
    assert_eq!(samples.identity().0, samples.identity().1);
    let headers = [&PAGE[..], &KEYS].concat();
    for (path, body) in decent() {
        let answer = server.send("POST", path, &headers, &body);
        assert!(matches!(answer.status, 200 | 202 | 204), "{path}: {}", answer.text());
    }
    until_equal("each is counted", &Some(11), || {
        let rows = site.rows("event:name");
        rows.into_iter().find(|(name, _)| name == "decent").map(|(_, [_, _, events])| events)
    });
}
