//! Bytes to hits, and errors that name the field and never the value.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_json::value::RawValue;

use super::hit::{Counter, Hit, object_or_none, text};
use super::reason::Rejected;

/// Events of one batch at the most.
pub const MAX_EVENTS: usize = 2_000;
/// The same events that one entry of `POST /v1/counts` may stand for.
pub const MAX_COUNT: u32 = 1_000_000;
/// Bytes of a batch id at the most.
pub const MAX_BATCH_ID: usize = 128;

/// A body that cannot be decoded: why, and what to mend. Holds nothing of the body but names of known fields.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct DecodeError {
    /// The reason.
    pub reason: Rejected,
    /// What to mend.
    pub detail: Cow<'static, str>,
}

impl DecodeError {
    pub(super) fn new(reason: Rejected, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// The body of `POST /v1/events` or `POST /v1/counts`.
#[derive(Deserialize)]
pub struct BatchBody<'a> {
    /// The site's id.
    #[serde(borrow, default, deserialize_with = "text")]
    pub site: Cow<'a, str>,
    /// The client's name of this batch; a second batch of the same name is not counted.
    #[serde(borrow, default, deserialize_with = "text")]
    pub batch_id: Cow<'a, str>,
    /// What all events share.
    #[serde(borrow, default, deserialize_with = "object_or_none")]
    pub context: Context<'a>,
    /// The events, decoded one by one so that a bad one costs itself only.
    #[serde(borrow, default)]
    events: Option<Vec<&'a RawValue>>,
    /// Counters by day. Raw, since it is an unknown field where events are expected.
    #[serde(borrow, default)]
    days: Option<&'a RawValue>,
}

/// Counters of one day.
#[derive(Deserialize)]
struct DayCounts<'a> {
    day: CountedDay,
    #[serde(borrow)]
    counts: Vec<&'a RawValue>,
}

/// A date as text.
struct CountedDay(Date);

impl<'de> Deserialize<'de> for CountedDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let date = text.parse().ok().filter(|_| text.len() == 10);
        date.map(Self).ok_or_else(|| D::Error::custom("not a date"))
    }
}

/// One event or counter of a batch, still raw.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    raw: &'a RawValue,
    /// The day of a counter.
    day: Option<Date>,
}

/// How many events a counter stands for, and where they happened in the word of apps.
#[derive(Deserialize)]
struct Count<'a> {
    n: u32,
    #[serde(borrow, default, deserialize_with = "text")]
    page: Cow<'a, str>,
}

/// What an app says of itself.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Context<'a> {
    /// The app's version.
    #[serde(borrow, deserialize_with = "text")]
    pub app_version: Cow<'a, str>,
    /// Operating system.
    #[serde(borrow, deserialize_with = "text")]
    pub os: Cow<'a, str>,
    /// Its version.
    #[serde(borrow, deserialize_with = "text")]
    pub os_version: Cow<'a, str>,
    /// Class of device: `phone`, `tablet` …
    #[serde(borrow, deserialize_with = "text")]
    pub device: Cow<'a, str>,
    /// Locale: `de-AT`.
    #[serde(borrow, deserialize_with = "text")]
    pub locale: Cow<'a, str>,
    /// Where the app was installed from.
    #[serde(borrow, deserialize_with = "text")]
    pub install_source: Cow<'a, str>,
}

/// One event: the body of `POST /e`.
///
/// # Errors
/// Not UTF-8, not JSON, a wrong type, no site.
pub fn one(body: &[u8]) -> Result<Hit<'_>, DecodeError> {
    let hit: Hit<'_> = json(body)?;
    if hit.site.is_empty() {
        return Err(DecodeError::new(
            Rejected::MissingField,
            "`site` is missing: it names the site the event belongs to",
        ));
    }
    Ok(hit)
}

/// A batch: the body of `POST /v1/events`. The events in it are still raw.
///
/// # Errors
/// Not UTF-8, not JSON, a wrong type outside the events, no site, no events, too many of them.
pub fn batch(body: &[u8]) -> Result<(BatchBody<'_>, Vec<Entry<'_>>), DecodeError> {
    let mut batch: BatchBody<'_> = json(body)?;
    batch.check()?;
    let Some(events) = batch.events.take() else {
        return Err(DecodeError::new(Rejected::MissingField, "`events` is missing: it is the list of events"));
    };
    if events.len() > MAX_EVENTS {
        return Err(DecodeError::new(Rejected::TooLarge, "`events` has more than 2000 entries: send several batches"));
    }
    Ok((batch, events.into_iter().map(|raw| Entry { raw, day: None }).collect()))
}

/// A batch of counters: the body of `POST /v1/counts`. The counters in it are still raw, those of all days in a row.
///
/// # Errors
/// Not UTF-8, not JSON, a wrong type outside the counters, no site, no days, too many counters.
pub fn counts(body: &[u8]) -> Result<(BatchBody<'_>, Vec<Entry<'_>>), DecodeError> {
    let mut batch: BatchBody<'_> = json(body)?;
    batch.check()?;
    let Some(days) = batch.days.take() else {
        return Err(DecodeError::new(Rejected::MissingField, "`days` is missing: it is the list of days with counts"));
    };
    let days: Result<Vec<DayCounts<'_>>, _> = serde_json::from_str(days.get());
    let days = days.map_err(|_| DecodeError::new(Rejected::WrongType, expected("days")))?;
    if days.iter().map(|day| day.counts.len()).sum::<usize>() > MAX_EVENTS {
        return Err(DecodeError::new(Rejected::TooLarge, "`days` has more than 2000 counts: send several batches"));
    }
    let entries = days.into_iter().flat_map(DayCounts::entries).collect();
    Ok((batch, entries))
}

impl<'a> DayCounts<'a> {
    fn entries(self) -> impl Iterator<Item = Entry<'a>> {
        let day = Some(self.day.0);
        self.counts.into_iter().map(move |raw| Entry { raw, day })
    }
}

impl BatchBody<'_> {
    fn check(&self) -> Result<(), DecodeError> {
        if self.site.is_empty() {
            let detail = "`site` is missing: it names the site the events belong to";
            return Err(DecodeError::new(Rejected::MissingField, detail));
        }
        if self.batch_id.len() > MAX_BATCH_ID {
            return Err(DecodeError::new(Rejected::WrongType, "`batch_id` is longer than 128 bytes"));
        }
        Ok(())
    }
}

/// One entry of a batch as a hit; `None` when it is not one.
pub fn entry<'a>(entry: Entry<'a>) -> Option<Hit<'a>> {
    let raw = entry.raw.get();
    let mut hit: Hit<'a> = is_object(raw).then(|| serde_json::from_str(raw).ok()).flatten()?;
    let Some(day) = entry.day else { return Some(hit) };
    let count: Count<'a> = serde_json::from_str(raw).ok()?;
    if hit.path.is_empty() {
        hit.path = count.page;
    }
    hit.counter = Some(Counter { day, n: count.n });
    (1..=MAX_COUNT).contains(&count.n).then_some(hit)
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    // One check of the whole body is cheaper than one of every text in it.
    let text = std::str::from_utf8(body).map_err(|_| DecodeError::new(Rejected::BadJson, "the body is not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let decoded = serde_json::from_str(text).map_err(|error| explain::<T>(text, &error))?;
    if !is_object(text) {
        return Err(DecodeError::new(Rejected::WrongType, expected("")));
    }
    Ok(decoded)
}

/// Serde reads a list as the fields of a struct in their order, which nobody means.
fn is_object(json: &str) -> bool {
    json.trim_ascii_start().starts_with('{')
}

/// Decodes once more to learn the field: only broken bodies pay for this.
fn explain<'a, T: Deserialize<'a>>(text: &'a str, error: &serde_json::Error) -> DecodeError {
    if error.classify() != serde_json::error::Category::Data {
        let (line, column) = (error.line(), error.column());
        return DecodeError::new(Rejected::BadJson, format!("the body is not JSON at line {line}, column {column}"));
    }
    let mut input = serde_json::Deserializer::from_str(text);
    let path = serde_path_to_error::deserialize::<_, T>(&mut input).err().map(|error| error.path().to_string());
    if is_twice(error) {
        return DecodeError::new(Rejected::WrongType, "a field is there twice");
    }
    let field = path.as_deref().and_then(|path| path.split(['.', '[']).next()).unwrap_or_default();
    DecodeError::new(Rejected::WrongType, expected(field))
}

/// Serde has no other way to tell.
fn is_twice(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("duplicate field")
}

/// What a known field must be. An unknown field's name comes from the client and is not repeated.
fn expected(field: &str) -> &'static str {
    match field {
        "site" => "`site` must be a text",
        "name" => "`name` must be a text",
        "url" => "`url` must be a text",
        "path" => "`path` must be a text",
        "screen" => "`screen` must be a text",
        "referrer" => "`referrer` must be a text",
        "visitor" => "`visitor` must be a text",
        "w" => "`w` must be a number of pixels",
        "props" => "`props` must be an object of texts, numbers and booleans",
        "occurred_at" => "`occurred_at` must be an RFC 3339 time or a number of seconds since 1970",
        "client" => "`client` must be an object of texts",
        "revenue" => "`revenue` must be `{amount, currency}`: a number or decimal text, and an ISO 4217 code",
        "engaged_secs" => "`engaged_secs` must be a number of seconds",
        "scroll_pct" => "`scroll_pct` must be a number from 0 to 100",
        "vitals" => "`vitals` must be an object of numbers: LCP, FCP, INP, TTFB, CLS",
        "cohort" => {
            "`cohort` must be `{first_week, first_this_week, first_this_month}`: a week such as 2026-W47, and booleans"
        }
        "batch_id" => "`batch_id` must be a text",
        "context" => "`context` must be an object of texts",
        "events" => "`events` must be a list of events",
        "days" => "`days` must be a list of `{day, counts}`: a date such as 2026-11-21, and a list of counts",
        _ => "the body must be an object",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(body: &[u8]) -> Option<(Rejected, String)> {
        one(body).err().map(|error| (error.reason, error.detail.into_owned()))
    }

    #[test]
    fn errors_name_the_field_and_never_the_value() {
        let cases: [(&[u8], Rejected, &str); 14] = [
            (b"{", Rejected::BadJson, "the body is not JSON at line 1, column 1"),
            (b"\xff", Rejected::BadJson, "the body is not UTF-8"),
            (b"[1]", Rejected::WrongType, "the body must be an object"),
            (b" [\"a\"]", Rejected::WrongType, "the body must be an object"),
            (b"{\"site\":\"a\",\"site\":\"a\"}", Rejected::WrongType, "a field is there twice"),
            (b"{\"site\":\"a\",\"url\":7}", Rejected::WrongType, "`url` must be a text"),
            (
                b"{\"site\":\"a\",\"props\":{\"secret\":{}}}",
                Rejected::WrongType,
                "`props` must be an object of texts, numbers and booleans",
            ),
            (
                b"{\"site\":\"a\",\"occurred_at\":\"secret\"}",
                Rejected::WrongType,
                "`occurred_at` must be an RFC 3339 time or a number of seconds since 1970",
            ),
            (
                br#"{"site":"a","revenue":{"amount":1,"currency":"secret"}}"#,
                Rejected::WrongType,
                "`revenue` must be `{amount, currency}`: a number or decimal text, and an ISO 4217 code",
            ),
            (
                br#"{"site":"a","engaged_secs":"secret"}"#,
                Rejected::WrongType,
                "`engaged_secs` must be a number of seconds",
            ),
            (br#"{"site":"a","scroll_pct":true}"#, Rejected::WrongType, "`scroll_pct` must be a number from 0 to 100"),
            (
                br#"{"site":"a","vitals":{"LCP":"secret"}}"#,
                Rejected::WrongType,
                "`vitals` must be an object of numbers: LCP, FCP, INP, TTFB, CLS",
            ),
            (
                br#"{"site":"a","cohort":{"first_week":"secret"}}"#,
                Rejected::WrongType,
                "`cohort` must be `{first_week, first_this_week, first_this_month}`: a week such as 2026-W47, and booleans",
            ),
            (b"{}", Rejected::MissingField, "`site` is missing: it names the site the event belongs to"),
        ];
        for (body, reason, detail) in cases {
            assert_eq!(refusal(body), Some((reason, detail.to_owned())));
        }
    }

    #[test]
    fn depth_is_skipped_where_nobody_looks_and_refused_elsewhere() {
        let body = |field: &str| format!("{{\"site\":\"a\",\"{field}\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(refusal(body("x").as_bytes()), None);
        let refused = refusal(body("url").as_bytes()).map(|(reason, _)| reason);
        assert_eq!(refused, Some(Rejected::WrongType));
    }

    #[test]
    fn a_bad_event_costs_itself_only() {
        let body = br#"{"site":"a","events":[{"name":"x"},{"name":7},3,[],["a"],{"name":"y"}]}"#;
        let (_, events) = batch(body).expect("a batch");
        let names: Vec<Option<String>> =
            events.into_iter().map(|raw| entry(raw).map(|hit| hit.name.into_owned())).collect();
        assert_eq!(names, [Some("x".into()), None, None, None, None, Some("y".into())]);
    }

    fn counted(body: &str) -> Vec<Option<(String, String, Option<Counter>)>> {
        let (_, entries) = counts(body.as_bytes()).expect("a batch");
        let told = |hit: Hit<'_>| (hit.name.into_owned(), hit.path.into_owned(), hit.counter);
        entries.into_iter().map(|raw| entry(raw).map(told)).collect()
    }

    #[test]
    fn counters_of_all_days_stand_in_a_row_and_a_bad_one_costs_itself_only() {
        let body = r#"{"site":"a","days":[
            {"day":"2026-11-21","counts":[{"name":"x","n":7,"page":"/p"},{"name":"x"},{"name":"x","n":0}]},
            {"day":"2026-11-20","counts":[]},
            {"day":"2026-11-19","counts":[{"n":1000001},{"n":1.5},{"n":1000000,"path":"/q","page":"/p"},[1]]}]}"#;
        let day = |day: i8, n| Some(Counter { day: jiff::civil::date(2026, 11, day), n });
        let first = Some(("x".to_owned(), "/p".to_owned(), day(21, 7)));
        let last = Some((String::new(), "/q".to_owned(), day(19, 1_000_000)));
        assert_eq!(counted(body), [first, None, None, None, None, last, None]);
    }

    #[test]
    fn days_that_are_none_are_refused_by_name() {
        let wrong =
            ["7", "[7]", r#"[{"day":"2026-11-31","counts":[]}]"#, r#"[{"day":"2026-11-21"}]"#, r#"[{"counts":[]}]"#];
        let wanted = "`days` must be a list of `{day, counts}`: a date such as 2026-11-21, and a list of counts";
        for days in wrong {
            let body = format!("{{\"site\":\"a\",\"days\":{days}}}");
            let refused = counts(body.as_bytes()).err().map(|error| (error.reason, error.detail.into_owned()));
            assert_eq!(refused, Some((Rejected::WrongType, wanted.to_owned())), "{days}");
        }
        assert_eq!(counts(br#"{"site":"a"}"#).err().map(|error| error.reason), Some(Rejected::MissingField));
        let many = vec![r#"{"n":1}"#; MAX_EVENTS + 1].join(",");
        let many = format!("{{\"site\":\"a\",\"days\":[{{\"day\":\"2026-11-21\",\"counts\":[{many}]}}]}}");
        assert_eq!(counts(many.as_bytes()).err().map(|error| error.reason), Some(Rejected::TooLarge));
    }

    #[test]
    fn batches_have_bounds() {
        let events = vec!["{}"; MAX_EVENTS + 1].join(",");
        let many = format!("{{\"site\":\"a\",\"events\":[{events}]}}");
        assert_eq!(batch(many.as_bytes()).err().map(|error| error.reason), Some(Rejected::TooLarge));
        let long = format!("{{\"site\":\"a\",\"events\":[],\"batch_id\":\"{}\"}}", "x".repeat(129));
        assert_eq!(batch(long.as_bytes()).err().map(|error| error.reason), Some(Rejected::WrongType));
        assert_eq!(batch(br#"{"site":"a"}"#).err().map(|error| error.reason), Some(Rejected::MissingField));
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = one(&bytes);
            let _ = batch(&bytes);
            let _ = counts(&bytes);
        }

        #[test]
        fn any_counter_is_decoded_or_refused(n in "\\PC{0,12}", day in "\\PC{0,12}") {
            let day = serde_json::json!(day);
            let body = format!("{{\"site\":\"a\",\"days\":[{{\"day\":{day},\"counts\":[{{\"n\":{n}}}]}}]}}");
            if let Ok((_, entries)) = counts(body.as_bytes()) {
                let _ = entries.into_iter().filter_map(entry).count();
            }
        }
    }
}
