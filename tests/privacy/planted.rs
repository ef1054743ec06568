//! The traffic of the canary: every way in, with marks in every place that can hold one.

#[path = "planted_foreign.rs"]
mod foreign;
#[path = "planted_measured.rs"]
mod measured;

use serde_json::{Value, json};

use crate::marks::Marks;
use crate::support::http::Answer;
use crate::support::server::{BROWSER, Server};

/// What may be found: a path, an event and a property of plain words.
pub const CONTROLS: [&str; 3] = ["zqcontrolpage", "zqcontrolevent", "zqcontrolvalue"];

const V4: &str = "203.0.113.181";
const V6: &str = "2001:db8:7:ca1a:5ea1:ed00:c0de:d00d";
const RELAYED_V4: &str = "198.51.100.173";
const RELAYED_V6: &str = "2001:db8:9:ba5e:ba11:dead:beef:cafe";

/// Texts of a person: (where, text as planted, the part that is searched for).
const PERSONAL: [(&str, &str, &str); 9] = [
    ("e-mail", "zq.jane.doe@mail.zqexample.org", "zq.jane.doe@mail"),
    ("uuid", "7c1f2a9e-5b3d-4e8f-9a6c-2d4b8f1e3a57", "5b3d-4e8f-9a6c"),
    ("jwt", "eyJhbGciOiJIUzI1NiJ9.eyJ6cSI6Im1hcmsifQ.Zq3xN0tB9fKpLw2vYc8RdA", "Zq3xN0tB9fKpLw2vYc8RdA"),
    ("token", "d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e"),
    ("key", "sk_live_Zq7Kp2mN9xVb4Rt8Wc", "Zq7Kp2mN9xVb4Rt8Wc"),
    ("phone", "+43 664 7130925", "664 7130925"),
    ("card", "4556 7375 8689 9855", "7375 8689 9855"),
    ("number", "918273645546", "918273645546"),
    ("address in a text", "192.0.2.213", "192.0.2.213"),
];

/// Sends everything and returns what is to be searched for, with every answer that was an error.
pub fn send(server: &Server, write_key: &str, secrets: &[(&str, &str)]) -> (Marks, Vec<Answer>) {
    let mut planter = Planter { server, marks: Marks::default(), refused: Vec::new() };
    for (what, secret) in secrets {
        planter.marks.text(what, secret);
    }
    for (what, _, part) in PERSONAL {
        planter.marks.text(what, part);
    }
    planter.addresses();
    planter.controls();
    planter.headers();
    planter.fields();
    planter.measured();
    planter.counters();
    planter.personal_texts();
    planter.not_counted();
    planter.relays(write_key);
    planter.foreign();
    planter.errors();
    planter.marks.text("api", "zqapimark");
    (planter.marks, planter.refused)
}

/// Asks the API what it must refuse; returns the answers that must not repeat it.
pub fn ask(server: &Server, read_key: &str) -> Vec<Answer> {
    let mut planter = Planter { server, marks: Marks::default(), refused: Vec::new() };
    planter.api(read_key);
    planter.refused
}

struct Planter<'a> {
    server: &'a Server,
    marks: Marks,
    refused: Vec<Answer>,
}

impl Planter<'_> {
    /// Sends; an answer that is an error is kept.
    fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let answer = self.server.send("POST", path, headers, body);
        if answer.status >= 400 {
            self.refused.push(answer.clone());
        }
        answer
    }

    /// A beacon that is taken.
    fn beacon(&mut self, headers: &[(&str, &str)], event: &Value) {
        let answer = self.post("/e", headers, event.to_string().as_bytes());
        assert_eq!(answer.status, 202, "{event}");
    }

    /// A mark in capitals and digits as a client's id may have them.
    fn mark(&mut self, what: &str, text: &'static str) -> &'static str {
        self.marks.text(what, text);
        text
    }

    fn addresses(&mut self) {
        for (what, text) in [("v4", V4), ("v6", V6), ("relayed v4", RELAYED_V4), ("relayed v6", RELAYED_V6)] {
            self.marks.text(what, text);
            match text.parse().expect("an address") {
                std::net::IpAddr::V6(address) => {
                    self.marks.bytes(what, &address.octets());
                    self.marks.bytes(&format!("host part of {what}"), &address.octets()[8..]);
                }
                // Four bytes occur by chance; their IPv6 form does not.
                std::net::IpAddr::V4(address) => self.marks.bytes(what, &address.to_ipv6_mapped().octets()),
            }
        }
        self.marks.text("v4 network", "203.0.113.");
        self.marks.text("v6 network", "2001:db8:7:");
        for address in [V4, V6, "203.0.113.181, 127.0.0.1"] {
            let headers = [("User-Agent", BROWSER), ("X-Forwarded-For", address)];
            self.beacon(&headers, &json!({ "site": "canary", "url": "https://a.test/from" }));
        }
        let forwarded = format!("for=\"[{V6}]:4711\";host=zqforwardedhost;proto=https");
        self.marks.text("Forwarded", "zqforwardedhost");
        self.beacon(&[("User-Agent", BROWSER), ("Forwarded", &forwarded)], &json!({ "site": "canary" }));
    }

    fn controls(&mut self) {
        let event = json!({ "site": "canary", "url": format!("https://a.test/{}", CONTROLS[0]), "name": CONTROLS[1], "props": { "plan": CONTROLS[2] } });
        self.beacon(&[("User-Agent", BROWSER)], &event);
    }

    /// Every header that can tell one person from another.
    fn headers(&mut self) {
        let agents = [
            self.mark("agent comment", "Mozilla/5.0 (X11; Linux x86_64; ZqAgentComment) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"),
            self.mark("agent product", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0 ZqAgentProduct/77"),
            self.mark("agent build", "Mozilla/5.0 (Linux; Android 14; ZqPhoneModel Build/ZQ1A.240205) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"),
            self.mark("agent version", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.918273.645 Safari/537.36"),
            self.mark("agent mail", "zq.jane.doe@mail.zqexample.org/3 CFNetwork/1498.700.2 Darwin/23.6.0"),
        ];
        for part in ["ZqAgentComment", "ZqAgentProduct", "ZqPhoneModel", "918273.645", "ZQ1A.240205"] {
            self.marks.text("agent", part);
        }
        for agent in agents {
            let event = json!({ "site": "canary", "url": "https://a.test/agents" }).to_string();
            self.post("/e", &[("User-Agent", agent)], event.as_bytes());
            self.post("/v1/events", &[("User-Agent", agent)], br#"{"site":"canary","events":[{"name":"agents"}]}"#);
            self.server.send("GET", "/p.gif?site=canary&url=https://a.test/agents", &[("User-Agent", agent)], b"");
        }
        let headers = [
            ("Accept-Language", "de-ZQREGION,zqlanguage;q=0.9"),
            ("Cookie", "id=zqcookiemark; headcount_session=zqsessionmark"),
            ("Authorization", "Bearer zqbearermark"),
            ("Sec-CH-UA", "\"ZqClientHint\";v=\"140\""),
            ("Sec-CH-UA-Model", "\"ZqModelHint\""),
            ("X-Real-IP", "198.51.100.241"),
            ("CF-Connecting-IP", "198.51.100.242"),
            ("True-Client-IP", "198.51.100.243"),
            ("From", "zqfrom@mail.test"),
            ("Host", "zqhostheader.test"),
            ("Origin", "https://zqorigin.test"),
            ("Referer", "https://zqrefererhost.test/zqrefererpath?zqrefererquery"),
            ("X-Request-Id", "zqrequestid"),
            ("Headcount-Debug", "zqdebugmark"),
        ];
        let parts = [
            "ZQREGION",
            "zqlanguage",
            "zqcookiemark",
            "zqsessionmark",
            "zqbearermark",
            "ZqClientHint",
            "ZqModelHint",
            "198.51.100.241",
            "198.51.100.242",
            "198.51.100.243",
            "zqfrom@mail",
            "zqhostheader",
            "zqorigin",
            "zqrefererhost",
            "zqrefererpath",
            "zqrefererquery",
            "zqrequestid",
            "zqdebugmark",
        ];
        parts.into_iter().for_each(|part| self.marks.text("header", part));
        let all = [&[("User-Agent", BROWSER)], headers.as_slice()].concat();
        self.beacon(&all, &json!({ "site": "canary", "url": "https://a.test/headers" }));
        self.post("/v1/events", &all, br#"{"site":"canary","events":[{"name":"headers"}]}"#);
        self.post("/v1/events", &all, b"not JSON");
        self.post("/api/v2/query", &all, b"{}");
        for path in ["/hc.js", "/", "/no/such/page", "/.well-known/dnt/", "/api/v1/session", "/api/v1/live?site=canary"]
        {
            self.server.send("GET", path, &all, b"");
        }
    }

    /// Every field that is not to be kept.
    fn fields(&mut self) {
        let event = json!({
            "site": "canary",
            "url": "https://zquserinfo:zqpassinfo@a.test/fields;jsessionid=zqmatrixid?token=zqtokenmark&gclid=zqclickid&q=zqsearchmark#zqfragment",
            "referrer": "https://zqrefuser@b.test/zqrefpath?zqrefquery=1#zqreffragment",
            "title": "zqtitlemark",
            "visitor": "zqvisitorid",
            "session_id": "zqunknownfield",
            "zqunknownkey": { "deep": ["zqdeepvalue"] },
            "client": { "address": "198.51.100.231", "user_agent": "zqunbelievedagent/1.0" },
        });
        let parts = [
            "zquserinfo",
            "zqpassinfo",
            "zqmatrixid",
            "zqtokenmark",
            "zqclickid",
            "zqsearchmark",
            "zqfragment",
            "zqrefuser",
            "zqrefpath",
            "zqrefquery",
            "zqreffragment",
            "zqtitlemark",
            "zqvisitorid",
            "zqunknownfield",
            "zqunknownkey",
            "zqdeepvalue",
            "198.51.100.231",
            "zqunbelievedagent",
            "zqbatchid",
            "zqsdkname",
            "zqlocale",
        ];
        parts.into_iter().for_each(|part| self.marks.text("field", part));
        self.beacon(&[("User-Agent", BROWSER)], &event);
        let batch = json!({
            "site": "canary", "batch_id": "zqbatchid-1",
            "context": { "sdk": "zqsdkname", "locale": "nl-zqlocale", "device": "zqdevicename" },
            "events": [event, { "name": "x", "visitor": "zqvisitorid" }],
        });
        self.marks.text("field", "zqdevicename");
        let headers = [("Content-Type", "application/json")];
        assert_eq!(self.post("/v1/events", &headers, batch.to_string().as_bytes()).json()["accepted"], 2);
        self.post("/v1/events", &headers, batch.to_string().as_bytes());
        let pixel = "/p.gif?site=canary&url=https%3A%2F%2Fzquserinfo%40a.test%2Fx%3Ftoken%3Dzqtokenmark&ref=https%3A%2F%2Fb.test%2Fzqrefpath&visitor=zqvisitorid&id=zqpixelextra";
        self.marks.text("pixel", "zqpixelextra");
        self.server.send("GET", pixel, &[("User-Agent", BROWSER)], b"");
        self.server.send(
            "GET",
            "/n.gif?site=canary",
            &[("User-Agent", BROWSER), ("Referer", "https://a.test/n?zqtokenmark")],
            b"",
        );
    }

    /// What looks like a person's, wherever a text is kept.
    fn personal_texts(&mut self) {
        for (what, text, _) in PERSONAL {
            let encoded: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let url = format!(
                "https://a.test/people/{encoded}?utm_source={encoded}&utm_medium={encoded}&utm_campaign={encoded}&utm_term={encoded}&utm_content={encoded}&ref={encoded}&source={encoded}"
            );
            let plain = format!("https://a.test/people/{}", text.replace(' ', "-"));
            let events = [
                json!({ "url": url, "referrer": format!("https://b.test/{encoded}") }),
                json!({ "url": plain, "name": text, "props": { "k": text, text: "v", "sentence": format!("I am {text}, hello") } }),
                json!({ "path": format!("/{text}"), "name": format!("clicked {text}") }),
                json!({ "screen": format!("Profile of {text}"), "referrer": format!("https://{}.test/", text.replace(['@', ' ', '+'], "-")) }),
            ];
            for event in &events {
                let mut event = event.clone();
                event["site"] = json!("canary");
                let answer = self.post("/e", &[("User-Agent", BROWSER)], event.to_string().as_bytes());
                assert_eq!(answer.status, 202, "{what}");
            }
            let context = json!({ "app_version": text, "os": text, "os_version": text, "device": text, "locale": text, "install_source": text });
            let batch = json!({ "site": "canary", "batch_id": text, "context": context, "events": events });
            self.post("/v1/events", &[], batch.to_string().as_bytes());
        }
    }

    /// Plain words, in hits that are not counted.
    fn not_counted(&mut self) {
        let event = |page: &str| json!({ "site": "canary", "url": page, "name": "zqnotcounted", "props": { "zqnotcounted": "zqnotcounted" } });
        self.marks.text("not counted", "zqnotcounted");
        let url = "https://a.test/zqnotcounted";
        self.beacon(&[("User-Agent", BROWSER), ("DNT", "1")], &event(url));
        self.beacon(&[("User-Agent", BROWSER), ("Sec-GPC", "1")], &event(url));
        self.beacon(&[("User-Agent", "Googlebot/2.1 zqnotcounted")], &event(url));
        self.beacon(&[("User-Agent", BROWSER)], &event("https://zqnotcounted.test/"));
        self.beacon(&[("User-Agent", BROWSER)], &event("zqnotcounted:x"));
        self.beacon(&[("User-Agent", BROWSER)], &json!({ "site": "zqnotcounted", "url": url }));
        let events = json!([event("https://zqnotcounted.test/"), { "name": ["zqnotcounted"] }, "zqnotcounted"]);
        self.post("/v1/events", &[], json!({ "site": "canary", "events": events }).to_string().as_bytes());
    }

    /// A server that passes events on and may name whom they came from.
    fn relays(&mut self, key: &str) {
        let bearer = format!("Bearer {key}");
        let client = |address: &str| json!({ "address": address, "user_agent": format!("{BROWSER} ZqRelayedAgent/1"), "language": "ja-ZQRELAYED" });
        ["ZqRelayedAgent", "ZQRELAYED"].iter().for_each(|part| self.marks.text("relay", part));
        let events = json!([{ "name": "relayed", "client": client(RELAYED_V4) }, { "name": "relayed", "client": client(RELAYED_V6) }]);
        let body = json!({ "site": "canary", "events": events }).to_string();
        assert_eq!(self.post("/v1/events", &[("Authorization", &bearer)], body.as_bytes()).json()["accepted"], 2);
    }

    /// Whatever is refused: its answer must not repeat it either.
    fn errors(&mut self) {
        self.marks.text("refused", "zqrefused");
        let bodies: [&[u8]; 8] = [
            b"zqrefused",
            b"{\"zqrefused\":",
            b"{\"site\":{\"zqrefused\":1}}",
            b"{\"site\":\"zqrefused\",\"url\":[\"zqrefused\"]}",
            b"{\"site\":\"canary\",\"props\":{\"zqrefused\":{\"zqrefused\":1}}}",
            b"{\"site\":\"canary\",\"occurred_at\":\"zqrefused\"}",
            b"{\"site\":\"zqrefused\",\"events\":[{}]}",
            b"\xffzqrefused",
        ];
        for body in bodies {
            self.post("/e", &[("User-Agent", "zqrefused")], body);
            self.post("/v1/events", &[("User-Agent", "zqrefused")], body);
            self.post("/v1/counts", &[("User-Agent", "zqrefused")], body);
            self.post("/v1/events", &[("Content-Encoding", "gzip")], body);
        }
        self.post("/v1/events", &[("Content-Encoding", "zqrefused")], b"{}");
        self.post("/v1/events", &[("Content-Type", "text/zqrefused")], b"{}");
        self.post("/e", &[], &b"zqrefused ".repeat(10_000));
        self.post("/zqrefused", &[], b"zqrefused");
        for path in ["/zqrefused", "/e?zqrefused", "/assets/zqrefused", "/s/", "/api/zqrefused"] {
            let answer = self.server.send("GET", path, &[("Cookie", "zqrefused=1")], b"");
            if answer.status >= 400 {
                self.refused.push(answer);
            }
        }
        let mut slow = self.server.client();
        let late = slow
            .raw(b"POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{\"site\":\"zqrefused\"")
            .expect("an answer");
        assert_eq!(late.status, 408);
        self.refused.push(late);
        // What is no HTTP is answered by the library; the log has heard it, perhaps.
        let _ = self.server.client().raw(b"zqrefused zqrefused zqrefused\r\n\r\n");
    }

    fn api(&mut self, key: &str) {
        let bearer = format!("Bearer {key}");
        let own: [(&str, &str); 2] = [("Authorization", &bearer), ("Content-Type", "application/json")];
        let json: [(&str, &str); 1] = [("Content-Type", "application/json")];
        // Nobody's key, nobody's session, nobody's password.
        self.post("/api/v2/query", &[("Authorization", "Bearer zqapimark"), json[0]], b"{\"site_id\":\"zqapimark\"}");
        self.post("/api/v2/query", &own, b"{\"site_id\":\"zqapimark\"}");
        self.post("/api/v2/query", &own, b"{\"site_id\":[\"zqapimark\"]}");
        self.post("/api/v1/session", &json, b"{\"user\":\"zqapimark\",\"password\":\"zqapimark\"}");
        self.post("/api/v1/session", &json, b"{\"user\":[\"zqapimark\"]}");
        self.post("/api/v1/claim", &json, b"{\"token\":\"zqapimark\",\"password\":\"zqapimark\"}");
        for path in ["/api/v1/live?site=zqapimark", "/api/v1/claim?token=zqapimark", "/api/v1/session"] {
            let answer = self.server.send(
                "GET",
                path,
                &[("Authorization", &bearer), ("Cookie", "headcount_session=zqapimark")],
                b"",
            );
            self.refused.push(answer);
        }
        let questions = [
            json!({ "metrics": ["zqapimark"] }),
            json!({ "metrics": ["events"], "dimensions": ["zqapimark"] }),
            json!({ "metrics": ["events"], "dimensions": ["event:props:zqapimark"] }),
            json!({ "metrics": ["events"], "date_range": "zqapimark" }),
            json!({ "metrics": ["events"], "filters": [["is", "event:page", ["zqapimark"]]] }),
            json!({ "zqapimark": 1 }),
        ];
        for mut question in questions {
            question["site_id"] = json!("canary");
            if question.get("date_range").is_none() {
                question["date_range"] = json!("day");
            }
            let answer = self.server.send("POST", "/api/v2/query", &own, question.to_string().as_bytes());
            // An answer repeats the question it answers; a refusal repeats nothing.
            if answer.status != 200 {
                self.refused.push(answer);
            }
        }
    }
}
