//! Access logs of one JSON object per line: nginx with a JSON `log_format`, Traefik, Caddy and others. Each of our fields is
//! looked for under the names these products use; the owner may name another one.

use serde_json::{Map, Value};

use super::log::Request;
use super::{Decoded, Decoder, moment};
use crate::cli::import::LOG_FIELDS;
use crate::import::skip::Skip;

/// Under which keys a field is looked for, best first. A dot leads into an object.
type Keys = Vec<String>;

/// Keys of many products, in the order of [`LOG_FIELDS`].
const COMMON: [&[&str]; 9] = [
    &["remote_addr", "client_ip", "remote_ip", "clientip", "ClientHost", "ClientAddr", "c-ip", "remote_host", "ip"],
    &[
        "time_iso8601",
        "time_local",
        "StartUTC",
        "StartLocal",
        "@timestamp",
        "timestamp",
        "time",
        "ts",
        "msec",
        "datetime",
        "date",
    ],
    &["request_method", "RequestMethod", "method", "verb", "httpMethod"],
    &["request_uri", "RequestPath", "uri", "url", "path"],
    &["status", "DownstreamStatus", "status_code", "statusCode", "response", "code"],
    &["http_referer", "referer", "referrer", "request_Referer", "http_referrer", "headers.Referer"],
    &["http_user_agent", "user_agent", "request_User-Agent", "agent", "userAgent", "useragent", "headers.User-Agent"],
    &["http_host", "host", "RequestHost", "vhost", "server_name"],
    &["http_accept_language", "accept_language", "request_Accept-Language", "headers.Accept-Language"],
];

/// Keys of Caddy.
const CADDY: [&[&str]; 9] = [
    &["request.client_ip", "request.remote_ip", "request.remote_addr"],
    &["ts", "time", "timestamp"],
    &["request.method"],
    &["request.uri"],
    &["status"],
    &["request.headers.Referer"],
    &["request.headers.User-Agent"],
    &["request.host"],
    &["request.headers.Accept-Language"],
];

/// Reads lines of JSON.
pub struct JsonLog {
    host: String,
    keys: [Keys; 9],
}

impl JsonLog {
    /// Keys of many products, and those the owner names for one of [`LOG_FIELDS`].
    pub fn common(host: &str, named: &[(String, String)]) -> Self {
        let mut log = Self::of(host, COMMON);
        for (field, key) in named {
            if let Some(at) = LOG_FIELDS.iter().position(|known| known == field) {
                log.keys[at].insert(0, key.clone());
            }
        }
        log
    }

    /// Keys of Caddy.
    pub fn caddy(host: &str) -> Self {
        Self::of(host, CADDY)
    }

    fn of(host: &str, keys: [&[&str]; 9]) -> Self {
        let own = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        Self { host: host.to_owned(), keys: keys.map(own) }
    }
}

impl Decoder for JsonLog {
    fn decode(&mut self, record: &str) -> Decoded {
        if record.trim().is_empty() {
            return Err(Skip::Heading);
        }
        let line: Map<String, Value> = serde_json::from_str(record).map_err(|_| Skip::Malformed)?;
        let texts: [String; 9] = std::array::from_fn(|at| first(&line, &self.keys[at]));
        let [address, time, method, uri, status, referrer, agent, host, language] = &texts;
        // nginx's `$request`: the whole first line of the request.
        let request = text_at(&line, "request").unwrap_or_default();
        let mut words = request.split(' ');
        let (method_there, uri_there) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let method = if method.is_empty() { method_there } else { method };
        let uri = if uri.is_empty() { uri_there } else { uri };
        if method.is_empty() || uri.is_empty() || status.is_empty() {
            return Err(Skip::Malformed);
        }
        let moment = moment::of_any(time).ok_or(Skip::BadTime)?;
        Request { address, moment, method, uri, status, referrer, agent, host, language }.page_view(&self.host)
    }
}

fn first(line: &Map<String, Value>, keys: &[String]) -> String {
    keys.iter().find_map(|key| text_at(line, key)).unwrap_or_default()
}

/// The text or number under a key; the first one of a list.
fn text_at(line: &Map<String, Value>, key: &str) -> Option<String> {
    match line.get(key) {
        Some(value) => text(value),
        None => {
            let (outer, inner) = key.split_once('.')?;
            text_at(line.get(outer)?.as_object()?, inner)
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(several) => several.first().and_then(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn told(mut log: JsonLog, line: &Value) -> Result<[String; 5], Skip> {
        let event = log.decode(&line.to_string())?.remove(0);
        assert_eq!(event.occurred_at, 1_795_325_860);
        Ok([event.url, event.referrer, event.client.address, event.client.user_agent, event.client.language])
    }

    fn wanted(texts: [&str; 5]) -> Result<[String; 5], Skip> {
        Ok(texts.map(str::to_owned))
    }

    #[test]
    fn nginx_traefik_and_caddy() {
        let nginx = json!({ "time_iso8601": "2026-11-22T05:37:40+00:00", "remote_addr": "192.0.2.7",
            "request": "GET /a?x=1 HTTP/1.1", "status": "200", "http_referer": "https://b.test/",
            "http_user_agent": "B/1", "http_host": "www.example.org" });
        let all = ["https://www.example.org/a?x=1", "https://b.test/", "192.0.2.7", "B/1", ""];
        assert_eq!(told(JsonLog::common("", &[]), &nginx), wanted(all));
        let traefik = json!({ "StartUTC": "2026-11-22T05:37:40.1Z", "ClientHost": "192.0.2.7", "RequestMethod": "GET",
            "RequestPath": "/a?x=1", "DownstreamStatus": 200, "RequestHost": "www.example.org",
            "request_User-Agent": "B/1", "request_Referer": "https://b.test/" });
        assert_eq!(told(JsonLog::common("", &[]), &traefik), wanted(all));
        let headers = json!({ "User-Agent": ["B/1"], "Accept-Language": ["de-AT"], "Referer": ["https://b.test/"] });
        let caddy = json!({ "level": "info", "ts": 1_795_325_860.5_f64, "status": 200, "request": {
            "remote_ip": "198.51.100.1", "client_ip": "192.0.2.7", "method": "GET", "host": "www.example.org",
            "uri": "/a?x=1", "headers": headers } });
        assert_eq!(told(JsonLog::caddy(""), &caddy), wanted([all[0], all[1], all[2], all[3], "de-AT"]));
    }

    #[test]
    fn an_owner_names_keys_of_their_own() {
        let line = json!({ "when": 1_795_325_860, "req": { "m": "GET", "u": "/a", "ua": "B/1" }, "st": 304 });
        let named = [("time", "when"), ("method", "req.m"), ("uri", "req.u"), ("agent", "req.ua"), ("status", "st")];
        let named = named.map(|(field, key)| (field.to_owned(), key.to_owned()));
        assert_eq!(told(JsonLog::common("a.test", &named), &line), wanted(["https://a.test/a", "", "", "B/1", ""]));
    }

    #[test]
    fn lines_that_are_none() {
        let mut log = JsonLog::common("", &[]);
        for bad in ["{", "[]", "7", "{}", r#"{"status":200,"uri":"/"}"#] {
            assert_eq!(log.decode(bad), Err(Skip::Malformed), "{bad}");
        }
        assert_eq!(log.decode(r#"{"status":200,"uri":"/","method":"GET"}"#), Err(Skip::BadTime));
    }

    proptest! {
        #[test]
        fn any_line_is_decoded_or_refused(text in "\\PC{0,40}", key in "ts|status|request|method|uri") {
            let mut log = JsonLog::common("", &[]);
            let _ = log.decode(&text);
            let _ = log.decode(&format!("{{\"uri\":\"/\",\"method\":\"GET\",\"status\":200,\"{key}\":{text}}}"));
            let _ = JsonLog::caddy("").decode(&format!("{{\"request\":{text}}}"));
        }
    }
}
