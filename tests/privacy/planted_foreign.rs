//! Marks in everything that other products' clients volunteer: ids of people, devices and events, addresses, agents, traits,
//! recordings, errors. The canary's site takes its own id for every product's token.

use serde_json::{Value, json};

use super::{PERSONAL, Planter};
use crate::support::server::BROWSER;
use crate::support::until;

/// What a client may say of a person, beside the event itself.
const MARKS: [&str; 22] = [
    "zqfdistinct",
    "zqfdevice",
    "zqfanonymous",
    "zqfuserid",
    "zqfmail@mail.test",
    "zqftrait",
    "zqfmessage",
    "zqfsession",
    "zqfrawagent",
    "zqftitle",
    "zqfclick",
    "zqffragment",
    "zqfquery",
    "zqfelement",
    "zqfsource",
    "zqfsearch",
    "zqfgroup",
    "zqftransaction",
    "zqfsecret",
    "198.51.100.221",
    "zqfunknown",
    "zqflibrary",
];

/// What every client has in a property of an event.
const MAIL: &str = "zqfmail@mail.test";

/// The page every client stands on, with marks in all that is not kept of an address.
const PAGE: &str = "https://zqfuserid@a.test/foreign?token=zqfquery&gclid=zqfclick&utm_source=foreign#zqffragment";

impl Planter<'_> {
    /// Every product, each with its own words for a person.
    pub(super) fn foreign(&mut self) {
        MARKS.into_iter().for_each(|mark| self.marks.text("foreign", mark));
        let recorded = |planter: &Self| planter.server.metrics().sum("headcount_hits_recorded_total");
        let before = recorded(self);
        let taken = self.plausible() + self.umami() + self.goatcounter() + self.matomo() + self.google();
        let taken = taken + self.mixpanel() + self.segment() + self.posthog() + self.amplitude() + self.aptabase();
        assert_eq!(recorded(self) - before, taken, "what was planted was counted: {:?}", self.server.metrics());
        self.foreign_errors();
    }

    /// Posts JSON; it must be taken.
    fn give(&mut self, path: &str, headers: &[(&str, &str)], body: &Value) {
        let headers = [&[("User-Agent", BROWSER), ("Cookie", "zqfsecret=1"), ("X-Retry-Count", "1")], headers].concat();
        let answer = self.post(path, &headers, body.to_string().as_bytes());
        assert!((200..300).contains(&answer.status), "{path}: {}", answer.status);
    }

    fn get(&mut self, path: &str) {
        let answer = self.server.send("GET", path, &[("User-Agent", BROWSER), ("Cookie", "_ga=zqfdistinct")], b"");
        assert!((200..300).contains(&answer.status), "{path}");
    }

    fn plausible(&mut self) -> u64 {
        for (_, text, _) in PERSONAL {
            self.give("/api/event", &[], &json!({ "n": text, "u": PAGE, "d": "canary", "r": "https://b.test/zqfquery", "p": { "k": text, text: "v" } }));
        }
        PERSONAL.len() as u64
    }

    fn umami(&mut self) -> u64 {
        let payload = json!({ "website": "canary", "url": PAGE, "hostname": "a.test", "title": "zqftitle", "id": "zqfuserid", "vid": "zqfdevice", "data": { "note": MAIL }, "ip": "198.51.100.221", "userAgent": format!("{BROWSER} zqfrawagent"), "referrer": "https://b.test/zqfquery" });
        self.give("/api/send", &[("x-umami-cache", "zqfsession")], &json!({ "type": "event", "payload": payload }));
        let traits = json!({ "website": "canary", "id": "zqfuserid", "data": { "email": "zqfmail@mail.test", "name": "zqftrait" } });
        self.give("/api/batch", &[], &json!([{ "type": "identify", "payload": traits }]));
        1
    }

    fn goatcounter(&mut self) -> u64 {
        self.get("/in/goatcounter/canary/count?p=%2Fforeign%3Ftoken%3Dzqfquery&t=zqftitle&q=%3Fgclid%3Dzqfclick&r=https%3A%2F%2Fb.test%2Fzqfquery&rnd=zqfsession");
        let key = format!("Bearer {}", self.server.create_key("canary", "write"));
        let hit = json!({ "path": "/foreign?token=zqfquery", "title": "zqftitle", "ref": "https://b.test/zqfquery", "session": "zqfsession", "ip": "198.51.100.221", "user_agent": format!("{BROWSER} zqfrawagent"), "location": "zqftrait" });
        let post = |planter: &mut Self| {
            planter
                .post(
                    "/api/v0/count",
                    &[("Authorization", key.as_str())],
                    json!({ "hits": [hit] }).to_string().as_bytes(),
                )
                .status
        };
        // The server learns of the key within two seconds; until then it says that it knows nobody.
        until("the key is known", || (post(self) == 202).then_some(()));
        2
    }

    fn matomo(&mut self) -> u64 {
        let url = "url=https%3A%2F%2Fa.test%2Fforeign%3Fzqfquery%23zqffragment";
        self.get(&format!("/matomo.php?idsite=canary&rec=1&{url}&_id=zqfdevice&uid=zqfuserid&cip=198.51.100.221&action_name=zqftitle&pv_id=zqfsession&r=zqfmessage&uadata=zqfrawagent&_refts=zqfclick&dimension1={MAIL}&token_auth=zqfsecret"));
        self.get(&format!("/matomo.php?idsite=canary&rec=1&{url}&search=zqfsearch&_id=zqfdevice"));
        self.get(&format!("/matomo.php?idsite=canary&rec=1&{url}&idgoal=0&ec_id=zqftransaction&ec_items=zqftrait"));
        3
    }

    fn google(&mut self) -> u64 {
        let params = json!({ "page_location": PAGE, "page_title": "zqftitle", "session_id": "zqfsession", "transaction_id": "zqftransaction", "user_id": "zqfuserid", "note": MAIL });
        let body = json!({ "client_id": "zqfdevice", "user_id": "zqfuserid", "user_properties": { "plan": { "value": "zqftrait" } }, "ip_override": "198.51.100.221", "events": [{ "name": "page_view", "params": params }] });
        self.give("/mp/collect?measurement_id=canary&api_secret=zqfsecret", &[], &body);
        let url = "dl=https%3A%2F%2Fa.test%2Fforeign%3Fzqfquery";
        self.get(&format!("/g/collect?v=2&tid=canary&cid=zqfdevice&uid=zqfuserid&sid=zqfsession&dt=zqftitle&up.plan=zqftrait&ep.note={MAIL}&en=page_view&{url}"));
        self.get(&format!("/collect?v=1&tid=canary&cid=zqfdevice&uid=zqfuserid&t=transaction&cd1={MAIL}&ti=zqftransaction&uip=198.51.100.221&gclid=zqfclick&{url}"));
        self.get(&format!("/collect?v=1&tid=canary&cid=zqfdevice&t=exception&exd=zqfsource&{url}"));
        3
    }

    fn mixpanel(&mut self) -> u64 {
        let properties = json!({ "token": "canary", "distinct_id": "zqfdistinct", "$device_id": "zqfdevice", "$user_id": "zqfuserid", "$insert_id": "zqfmessage", "$current_url": PAGE, "$initial_referrer": "https://b.test/zqfquery", "current_page_title": "zqftitle", "gclid": "zqfclick", "ip": "198.51.100.221", "mp_lib": "web", "$lib_version": "zqflibrary", "note": MAIL, "address": { "deep": "zqftrait" } });
        for _ in 0..2 {
            self.give("/track/?ip=1", &[("Authorization", "Basic enFmc2VjcmV0Og==")], &json!([{ "event": "foreign", "properties": properties }, { "event": "$identify", "properties": properties }]));
        }
        self.give("/engage", &[], &json!([{ "$token": "canary", "$distinct_id": "zqfdistinct", "$set": { "$email": "zqfmail@mail.test", "name": "zqftrait" } }]));
        self.give(
            "/groups",
            &[],
            &json!([{ "$token": "canary", "$group_key": "zqfgroup", "$group_id": "zqfgroup", "$set": {} }]),
        );
        1
    }

    fn segment(&mut self) -> u64 {
        let context = json!({ "ip": "198.51.100.221", "userAgent": format!("{BROWSER} zqfrawagent"), "page": { "url": PAGE, "title": "zqftitle", "search": "?zqfquery" }, "device": { "id": "zqfdevice", "advertisingId": "zqfdevice" }, "traits": { "email": "zqfmail@mail.test" }, "library": { "name": "zqflibrary" } });
        let event = |kind: &str| json!({ "type": kind, "event": "foreign", "messageId": format!("zqfmessage-{kind}"), "anonymousId": "zqfanonymous", "userId": "zqfuserid", "context": context, "properties": { "note": MAIL }, "traits": { "email": "zqfmail@mail.test", "name": "zqftrait" }, "groupId": "zqfgroup", "previousId": "zqfdistinct" });
        let batch: Vec<Value> = ["track", "page", "identify", "group", "alias"].into_iter().map(event).collect();
        for _ in 0..2 {
            self.give(
                "/v1/batch",
                &[("AnonymousId", "enFmYW5vbnltb3Vz")],
                &json!({ "writeKey": "canary", "batch": batch }),
            );
        }
        2
    }

    fn posthog(&mut self) -> u64 {
        let properties = json!({ "token": "canary", "distinct_id": "zqfdistinct", "$device_id": "zqfdevice", "$user_id": "zqfuserid", "$session_id": "zqfsession", "$window_id": "zqfsession", "$current_url": PAGE, "$raw_user_agent": "zqfrawagent", "$ip": "198.51.100.221", "title": "zqftitle", "gclid": "zqfclick", "$groups": { "company": "zqfgroup" }, "note": MAIL, "$lib": "web" });
        let event = |name: &str, more: Value| json!({ "uuid": format!("zqfmessage-{name}"), "event": name, "distinct_id": "zqfdistinct", "properties": properties, "$set": { "email": "zqfmail@mail.test" }, "more": more });
        let batch = json!([
            event("$pageview", json!(null)),
            event("foreign", json!(null)),
            event("$autocapture", json!({ "$elements_chain": "a:text=\"zqfelement\"" })),
            event("$exception", json!({ "pre_context": ["zqfsource"] })),
            event("$snapshot", json!({ "data": "zqfsecret" })),
        ]);
        for path in ["/e/", "/batch/"] {
            self.give(path, &[], &json!({ "api_key": "canary", "batch": batch }));
        }
        self.give("/s/", &[], &json!({ "api_key": "canary", "batch": batch }));
        self.give(
            "/flags/?v=2",
            &[],
            &json!({ "token": "canary", "distinct_id": "zqfdistinct", "person_properties": { "name": "zqftrait" } }),
        );
        2
    }

    fn amplitude(&mut self) -> u64 {
        let event = json!({ "event_type": "foreign", "user_id": "zqfuserid", "device_id": "zqfdevice", "insert_id": "zqfmessage", "ip": "198.51.100.221", "idfa": "zqfdevice", "adid": "zqfdevice", "location_lat": 48.2, "user_properties": { "$set": { "email": "zqfmail@mail.test", "name": "zqftrait" } }, "groups": { "company": "zqfgroup" }, "user_agent": format!("{BROWSER} zqfrawagent"), "event_properties": { "[Amplitude] Page Location": PAGE, "[Amplitude] Page Title": "zqftitle", "gclid": "zqfclick", "note": MAIL, "deep": { "name": "zqftrait" } } });
        self.give("/2/httpapi", &[], &json!({ "api_key": "canary", "events": [event] }));
        1
    }

    fn aptabase(&mut self) -> u64 {
        let event = json!({ "eventName": "foreign", "sessionId": "zqfsession", "systemProps": { "sdkVersion": "zqflibrary", "deviceModel": "zqfdevice", "osName": "zqflibrary" }, "props": { "note": MAIL } });
        self.give("/api/v0/event", &[("App-Key", "canary")], &event);
        1
    }

    /// Refusals, and questions of clients that have not begun: neither repeats who asks.
    fn foreign_errors(&mut self) {
        let paths = [
            "/api/event",
            "/api/send",
            "/track?verbose=1",
            "/import",
            "/v1/batch",
            "/e/",
            "/2/httpapi",
            "/api/v0/event",
            "/matomo.php",
            "/api/v0/count",
        ];
        for path in paths {
            self.post(path, &[("App-Key", "zqfunknown"), ("User-Agent", "zqfunknown")], b"{\"zqfunknown\":");
            self.post(path, &[("Content-Encoding", "gzip")], b"zqfunknown");
        }
        for body in [
            json!({ "api_key": "zqfunknown", "batch": [{ "event": "zqfunknown" }] }),
            json!({ "api_key": "zqfunknown", "events": [{ "event_type": "zqfunknown" }] }),
        ] {
            self.post("/batch/", &[], body.to_string().as_bytes());
        }
        self.post(
            "/v1/t",
            &[("Authorization", "Basic enFmdW5rbm93bjo=")],
            br#"{"type":"track","event":"zqfunknown","writeKey":"zqfunknown"}"#,
        );
        self.post("/api/v0/event", &[("App-Key", "zqfunknown")], br#"{"eventName":"zqfunknown"}"#);
        self.post("/api/send", &[], br#"{"type":"event","payload":{"website":"zqfunknown","url":"/zqfunknown"}}"#);
    }
}
