//! Plausible: its trackers (old and new) and its API for servers. The site is the domain.

use serde_json::Value;

use super::json::{self, Object};
use super::{Named, Request, Sent, Told};
use crate::ingest::decode::DecodeError;
use crate::ingest::hit::Props;
use crate::ingest::reason::Rejected;

/// Domains that one event may name, parted by commas.
const MAX_DOMAINS: usize = 10;

/// Decodes the body of `POST /api/event`: one event, for each domain it names.
///
/// # Errors
/// Not an object in JSON, or one without name, address or domain.
pub fn decode(request: &Request<'_>) -> Result<Vec<Sent>, DecodeError> {
    let event = json::whole(json::utf8(request.body)?)?;
    let missing = |detail: &'static str| Err(DecodeError::new(Rejected::MissingField, detail));
    if json::first(&event, &["n", "name"]).is_empty() {
        return missing("`name` is missing");
    }
    if json::first(&event, &["u", "url"]).is_empty() {
        return missing("`url` is missing");
    }
    let domains = json::first(&event, &["d", "domain"]);
    if domains.trim().is_empty() {
        return missing("`domain` is missing");
    }
    let each = domains.split(',').map(str::trim).filter(|domain| !domain.is_empty()).take(MAX_DOMAINS);
    Ok(each.map(|domain| Sent { site: site(domain), id: String::new(), told: Ok(told(&event)) }).collect())
}

/// A domain as a token, and as a host.
fn site(domain: &str) -> Named {
    let host = domain.to_ascii_lowercase();
    let bare = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    Named::TokenOrHost(domain.to_owned(), bare)
}

fn told(event: &Object) -> Box<Told> {
    let name = json::first(event, &["n", "name"]);
    let is_report = name == "engagement";
    let mut told = Told::new(if name == "pageview" { String::new() } else { name });
    let hit = &mut told.hit;
    hit.url = address(event).into();
    hit.referrer = json::first(event, &["r", "referrer"]).into();
    hit.w = json::number(event, "w").or_else(|| json::number(event, "screen_width"));
    hit.props = props(event);
    let paid = ["$", "revenue"].into_iter().map(|key| json::within(event, key)).find(|paid| !paid.is_empty());
    hit.revenue = paid.and_then(|paid| json::payment(paid.get("amount"), &json::text(&paid, "currency")));
    if is_report {
        hit.engaged_secs = json::number(event, "e").map(|millis| millis / 1_000.0);
        // 255 says that it is not known.
        hit.scroll_pct = json::number(event, "sd").filter(|percent| *percent <= 100.0);
    }
    told
}

/// The page's address; where hashes are routes, the fragment is part of the path.
fn address(event: &Object) -> String {
    let url = json::first(event, &["u", "url"]);
    let routes_by_hash = matches!(json::first(event, &["h", "hashMode"]).as_str(), "1" | "true");
    match url.split_once('#') {
        Some((before, route)) if routes_by_hash => {
            let (page, query) = before.split_once('?').map_or((before, ""), |(page, query)| (page, query));
            let route = route.trim_start_matches(['!', '/']);
            let end = if query.is_empty() { String::new() } else { format!("?{query}") };
            format!("{}/{route}{end}", page.trim_end_matches('/'))
        }
        _ => url,
    }
}

/// Properties, as an object or as an object written as a text.
fn props(event: &Object) -> Props<'static> {
    let of = |value: &Value| match value {
        Value::Object(props) => Some(json::props(props, |_| false)),
        Value::String(text) => json::object(text).map(|props| json::props(&props, |_| false)),
        _ => None,
    };
    ["p", "props", "m", "meta"].into_iter().filter_map(|key| event.get(key)).find_map(of).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::Form::Plausible;
    use super::super::testing::body;

    #[test]
    fn a_page_view_of_either_tracker() {
        let new = r#"{"n":"pageview","v":36,"u":"https://www.a.test/x?utm_source=n","d":"www.a.test","r":null,"p":{"plan":"pro","list":[1]},"i":false}"#;
        assert_eq!(body(Plausible, new), [r#"www.a.test|a.test "" url=https://www.a.test/x?utm_source=n {plan=pro}"#]);
        let old = r#"{"n":"pageview","u":"https://a.test/x#/deep?y","d":"a.test","r":"https://b.test/","w":1280,"h":1,"p":"{\"plan\":\"pro\"}"}"#;
        assert_eq!(
            body(Plausible, old),
            [r#"a.test|a.test "" url=https://a.test/x/deep?y from=https://b.test/ w=1280 {plan=pro}"#]
        );
    }

    #[test]
    fn events_reports_and_payments() {
        let event = r#"{"name":"Signup","url":"https://a.test/","domain":"a.test, B.test","revenue":{"amount":"9.5","currency":"EUR"}}"#;
        assert_eq!(
            body(Plausible, event),
            [
                r#"a.test|a.test "Signup" url=https://a.test/ paid=950EUR"#,
                r#"B.test|b.test "Signup" url=https://a.test/ paid=950EUR"#
            ]
        );
        let report = r#"{"n":"engagement","sd":74,"d":"a.test","u":"https://a.test/","e":2500,"v":36}"#;
        assert_eq!(
            body(Plausible, report),
            [r#"a.test|a.test "engagement" url=https://a.test/ engaged=2.5 scroll=74"#]
        );
    }

    #[test]
    fn what_is_no_event_is_refused() {
        let bodies =
            ["", "{", "[]", r#"{"n":"x","u":"https://a.test/"}"#, r#"{"n":"x","d":"a"}"#, r#"{"u":"x","d":"a"}"#];
        let codes = ["bad_json", "bad_json", "bad_json", "missing_field", "missing_field", "missing_field"];
        assert_eq!(bodies.map(|text| body(Plausible, text).join(" ")), codes);
    }
}
