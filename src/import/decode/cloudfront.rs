//! Amazon CloudFront's standard log: `#Fields:` names the columns, tabs part them, texts are percent-encoded.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::log::{Request, told};
use super::{Decoded, Decoder, moment};
use crate::import::skip::Skip;

/// Reads lines of CloudFront.
pub struct Cloudfront {
    host: String,
    fields: Vec<String>,
}

impl Cloudfront {
    /// `host` is that of the pages where a line names none.
    pub fn new(host: &str) -> Self {
        Self { host: host.to_owned(), fields: Vec::new() }
    }
}

impl Decoder for Cloudfront {
    fn decode(&mut self, record: &str) -> Decoded {
        if record.trim().is_empty() || record.starts_with('#') {
            self.pass(record);
            return Err(Skip::Heading);
        }
        let values: Vec<&str> = record.split('\t').collect();
        if self.fields.is_empty() || values.len() < self.fields.len() {
            return Err(Skip::Malformed);
        }
        let value = |name: &str| {
            let at = self.fields.iter().position(|field| field == name);
            at.and_then(|at| values.get(at)).map_or("", |value| told(value))
        };
        let moment = moment::of_date_and_time(value("date"), value("time")).ok_or(Skip::BadTime)?;
        let query = value("cs-uri-query");
        let uri = if query.is_empty() {
            value("cs-uri-stem").to_owned()
        } else {
            format!("{}?{query}", value("cs-uri-stem"))
        };
        let (referrer, agent) = (decoded(value("cs(Referer)")), decoded(value("cs(User-Agent)")));
        // The host a visitor sees; the other one is the distribution's own.
        let host = Some(value("x-host-header")).filter(|host| !host.ends_with(".cloudfront.net")).unwrap_or_default();
        Request {
            address: value("c-ip"),
            moment,
            method: value("cs-method"),
            uri: &uri,
            status: value("sc-status"),
            referrer: &referrer,
            agent: &agent,
            host,
            language: "",
        }
        .page_view(&self.host)
    }

    fn pass(&mut self, record: &str) {
        if let Some(fields) = record.strip_prefix("#Fields:") {
            self.fields = fields.split_whitespace().map(str::to_owned).collect();
        }
    }
}

/// Texts are encoded once, by older distributions twice.
fn decoded(text: &str) -> Cow<'_, str> {
    let once = percent_decode_str(text).decode_utf8_lossy();
    if !once.contains("%20") {
        return once;
    }
    Cow::Owned(percent_decode_str(&once).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIELDS: &str = "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query x-host-header";

    fn line(agent: &str, host: &str) -> String {
        let values = [
            "2026-11-22",
            "05:37:40",
            "FRA2",
            "512",
            "192.0.2.7",
            "GET",
            "d1.cloudfront.net",
            "/a",
            "200",
            "https://b.test/",
            agent,
            "x=1",
            host,
        ];
        values.join("\t")
    }

    #[test]
    fn columns_have_the_names_of_the_heading() {
        let mut decoder = Cloudfront::new("example.org");
        assert_eq!(decoder.decode(&line("B", "-")), Err(Skip::Malformed));
        assert_eq!([decoder.decode("#Version: 1.0"), decoder.decode(FIELDS)], [const { Err(Skip::Heading) }; 2]);
        for agent in ["Mozilla/5.0%20(X11)", "Mozilla/5.0%2520(X11)"] {
            let event = decoder.decode(&line(agent, "www.example.org")).expect("a page view").remove(0);
            assert_eq!((event.url.as_str(), event.occurred_at), ("https://www.example.org/a?x=1", 1_795_325_860));
            assert_eq!(event.client.user_agent, "Mozilla/5.0 (X11)");
        }
        let event = decoder.decode(&line("B", "d1.cloudfront.net")).expect("a page view").remove(0);
        assert_eq!(event.url, "https://example.org/a?x=1");
        assert_eq!(decoder.decode("2026-11-22\t05"), Err(Skip::Malformed));
        assert_eq!(decoder.decode(&line("B", "-").replace("05:", "25:")), Err(Skip::BadTime));
    }

    proptest! {
        #[test]
        fn any_line_is_decoded_or_refused(line in "(\\PC{0,9}\t){0,16}") {
            let mut decoder = Cloudfront::new("");
            let _ = decoder.decode(FIELDS);
            let _ = decoder.decode(&line);
        }
    }
}
