use super::*;
use crate::ingest::enrich::campaign;
use crate::ingest::hit::{Counter, Moment};
use crate::model::{Day, Goal, Hour, PagePattern, Wanted};

const NOW: i64 = 1_795_262_400;

fn site(domains: &[&str]) -> Arc<Site> {
    Arc::new(Site {
        domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
        ..Site::new("demo".parse().expect("an id"), jiff::tz::TimeZone::UTC)
    })
}

fn hit(json: &str) -> Hit<'_> {
    serde_json::from_str(json).expect("a hit")
}

/// What page, host and campaign of a hit become, as `dimension=value`.
fn counted(site: &Arc<Site>, json: &str) -> Result<Vec<String>, Dropped> {
    let hit = hit(json);
    let page = page_of_the_web(site, &hit)?;
    own_host(site, &page)?;
    let sources = Sources::load(None).expect("the table");
    let campaign = campaign::read(page.query);
    let referrer = no_spam(&SpamHosts::load(None).expect("the list"), &hit)?;
    let mut event = event(site, (0, Instant::now()), &TODAY, &hit)?;
    put_page(&mut event, &page);
    put_source(&mut event, &sources, &page, (referrer, &campaign));
    put_properties(&mut event, &hit.props);
    Ok(put(&event))
}

/// 2026-11-21, a Saturday, at half past twelve.
const TODAY: Local = Local { day: Day(20_778), hour: Hour(12), second: 45_000 };

/// What was put, as `dimension=value`.
fn put(event: &Event<'_>) -> Vec<String> {
    event.attributes.iter().map(|put| format!("{}={}", put.dimension.code(), put.value)).collect()
}

/// What a hit measures, says of its past and reaches, of a hit on `/thanks`.
fn measured(site: &Arc<Site>, hit: Hit<'static>) -> (Vec<String>, [i64; 3], u32) {
    let mut event = event(site, (0, Instant::now()), &TODAY, &hit).expect("an event");
    event.put(Dimension::Page, "/thanks");
    put_measured(&mut event, &hit);
    put_cohort(&mut event, hit.cohort, hit.counter.is_some());
    put_properties(&mut event, &hit.props);
    put_goals(&mut event, site);
    let mut put = put(&event);
    put.retain(|put| put != "page=/thanks");
    let secs = event.engaged_secs.map_or(-1, i64::from);
    (put, [event.revenue_minor, secs, event.scroll_pct.map_or(-1, i64::from)], event.n)
}

fn put_of(site: &Arc<Site>, json: &'static str) -> Vec<String> {
    measured(site, hit(json)).0
}

#[test]
fn pages_the_owner_excludes_are_dropped_and_what_has_no_page_is_not() {
    let excluded_paths = ["/admin/**", "*.json"].map(|text| PagePattern(text.into())).to_vec();
    let site = Site { excluded_paths, ..Site::clone(&site(&[])) };
    let dropped = |json: &'static str| {
        let hit = hit(json);
        let page = page_of_the_web(&site, &hit).expect("a page");
        wanted_path(&site, &page).is_err()
    };
    let hits = [
        r#"{"url":"https://a.test/admin/users/17?x=1"}"#,
        r#"{"path":"/admin/"}"#,
        r#"{"url":"https://a.test/data.json"}"#,
        r#"{"url":"https://a.test/administration"}"#,
        r#"{"url":"https://a.test/"}"#,
        r#"{"name":"save"}"#,
    ];
    assert_eq!(hits.map(dropped), [true, true, false, false, false, false]);
}

#[test]
fn payments_have_a_currency_and_the_smallest_unit() {
    let json = r#"{"name":"buy","revenue":{"amount":"-12.5","currency":"eur"}}"#;
    let wanted = vec!["event=buy".to_owned(), "currency=EUR".to_owned()];
    assert_eq!(measured(&site(&[]), hit(json)), (wanted, [-1_250, -1, -1], 1));
}

#[test]
fn reports_are_no_events_and_what_they_measure_is_bounded() {
    let json = r#"{"name":"engagement","engaged_secs":1e9,"scroll_pct":-7,"revenue":{"amount":1,"currency":"EUR"},
        "cohort":{"first_this_week":true}}"#;
    assert_eq!(measured(&site(&[]), hit(json)), (vec![], [0, 86_400, 0], 1));
    let json = r#"{"name":"vitals","vitals":{"LCP":2500,"FCP":1,"INP":-1,"TTFB":0,"CLS":0.1}}"#;
    let (put, _, _) = measured(&site(&[]), hit(json));
    assert_eq!(put, ["vital=LCP=125", "vital=FCP=80", "vital=TTFB=0", "vital=CLS=106"]);
    let kinds = ["pageview", "engagement", "vitals", "open"].map(|name| {
        let hit = Hit { name: name.into(), ..Hit::default() };
        event(&site(&[]), (0, Instant::now()), &TODAY, &hit).map(|event| event.kind)
    });
    use EventKind::{Feature, Pageview, Report};
    assert_eq!(kinds, [Pageview, Report, Report, Feature].map(Ok));
}

#[test]
fn listed_numbers_are_kept_by_bucket_and_other_texts_stay_properties() {
    let site = Arc::new(Site { numbers: vec!["ms".into()], ..Site::clone(&site(&[])) });
    let cases = [
        (r#"{"props":{"ms":1500}}"#, "number=ms=122"),
        (r#"{"props":{"ms":" 1.5 "}}"#, "number=ms=82"),
        (r#"{"props":{"ms":-3}}"#, "number=ms=0"),
        (r#"{"props":{"ms":"NaN"}}"#, "prop=ms=NaN"),
        (r#"{"props":{"ms":"slow"}}"#, "prop=ms=slow"),
        (r#"{"props":{"other":1500}}"#, "prop=other=1500"),
    ];
    for (json, wanted) in cases {
        assert_eq!(put_of(&site, json), ["event=pageview", wanted], "{json}");
    }
}

#[test]
fn cohorts_are_coarse_and_the_first_week_is_said_once_a_week() {
    let cases: [(&str, &[&str]); 8] = [
        ("{}", &[]),
        (r#"{"first_week":"2026-W47"}"#, &["age=new"]),
        (r#"{"first_week":"2026-W30"}"#, &["age=returning"]),
        (
            r#"{"first_week":"2026-07-22","first_this_week":true,"first_this_month":true}"#,
            &["week=2026-07-20", "active=week", "active=month", "age=returning"],
        ),
        // In the future: the client's week began before the site's.
        (r#"{"first_week":"2027-W01","first_this_week":true}"#, &["week=2026-11-16", "active=week", "age=new"]),
        (r#"{"first_week":"2024-W47","first_this_week":true}"#, &["week=2024-11-18", "active=week", "age=returning"]),
        (r#"{"first_week":"2024-W46","first_this_week":true}"#, &["active=week", "age=returning"]),
        (r#"{"first_this_month":true}"#, &["active=month"]),
    ];
    for (cohort, wanted) in cases {
        let json: &'static str = format!("{{\"cohort\":{cohort}}}").leak();
        let mut all = vec!["event=pageview".to_owned()];
        all.extend(wanted.iter().map(|value| format!("cohort={value}")));
        assert_eq!(put_of(&site(&[]), json), all, "{cohort}");
    }
}

#[test]
fn goals_are_reached_by_pages_features_and_properties() {
    let feature =
        |name: &str, property: Option<&str>| Wanted::Feature { name: name.into(), property: property.map(Into::into) };
    let goals = [
        ("Thanks", Wanted::Page(PagePattern("/th*".into()))),
        ("Elsewhere", Wanted::Page(PagePattern("/x".into()))),
        ("Signup", feature("signup", None)),
        ("Paid", feature("signup", Some("plan=pro"))),
    ];
    let goals = goals.map(|(name, wanted)| Goal { name: name.into(), wanted }).into();
    let site = Arc::new(Site { goals, ..Site::clone(&site(&[])) });
    let reached = |json: &'static str| -> Vec<String> {
        put_of(&site, json).iter().filter_map(|put| put.strip_prefix("goal=")).map(str::to_owned).collect()
    };
    assert_eq!(reached("{}"), ["Thanks"]);
    assert_eq!(reached(r#"{"name":"signup","props":{"plan":"free"}}"#), ["Signup"]);
    assert_eq!(reached(r#"{"name":"signup","props":{"plan":"pro"}}"#), ["Signup", "Paid"]);
    assert_eq!(reached(r#"{"name":"other","props":{"plan":"pro"}}"#), [] as [&str; 0]);
    assert_eq!(reached(r#"{"name":"engagement"}"#), [] as [&str; 0]);
}

#[test]
fn a_counter_stands_for_many_events_and_for_nobody() {
    let counter = |json| Hit { counter: Some(Counter { day: TODAY.day.date(), n: 40 }), ..hit(json) };
    let json = r#"{"name":"buy","props":{"a":"b"},"revenue":{"amount":9,"currency":"JPY"},"engaged_secs":5,"scroll_pct":5,
        "vitals":{"LCP":1},"cohort":{"first_this_week":true}}"#;
    let wanted = ["event=buy", "currency=JPY", "prop=a=b"].map(str::to_owned).to_vec();
    assert_eq!(measured(&site(&[]), counter(json)), (wanted, [9, -1, -1], 40));
    let report = counter(r#"{"name":"engagement"}"#);
    assert_eq!(event(&site(&[]), (0, Instant::now()), &TODAY, &report).err(), Some(Dropped::BadEvent));
}

#[test]
fn a_visit_may_be_carried_for_half_an_hour() {
    assert_eq!([0, 1_799, 1_800].map(|second| may_be_carried(&Local { second, ..TODAY })), [true, true, false]);
}

#[test]
fn a_page_is_counted_under_host_sections_path_and_campaign() {
    let json = r#"{"url":"https://www.a.test/blog/new/post?utm_source=news&utm_campaign=may&secret=1#top"}"#;
    assert_eq!(
        counted(&site(&["a.test"]), json).expect("counted"),
        [
            "event=pageview",
            "hostname=www.a.test",
            "section=/blog",
            "section=/blog/new",
            "page=/blog/new/post",
            "source=news",
            "channel=Unassigned",
            "utm_source=news",
            "utm_campaign=may",
        ]
    );
}

#[test]
fn escapes_in_json_change_nothing() {
    let plain = counted(&site(&[]), r#"{"url":"https://a.test/x?utm_source=news","referrer":"https://b.test/y"}"#);
    let escaped = r#"{"url":"https:\/\/a.test\/x?utm_source=news","referrer":"https:\/\/b.test\/y"}"#;
    assert_eq!(counted(&site(&[]), escaped), plain);
    assert!(plain.is_ok_and(|put| put.contains(&"utm_source=news".to_owned())));
}

#[test]
fn hosts_are_checked_only_when_there_is_one_and_addresses_only_pass_when_named() {
    let verdicts = [
        (&["a.test"][..], r#"{"url":"https://b.test/"}"#),
        (&["a.test"], r#"{"url":"https://A.test:8443/"}"#),
        (&["a.test"], r#"{"path":"/x"}"#),
        (&["a.test"], r#"{"url":"/x"}"#),
        (&["192.0.2.7"], r#"{"url":"http://192.0.2.7/"}"#),
        (&["a.test"], r#"{"url":"http://192.0.2.7/"}"#),
    ]
    .map(|(domains, json)| counted(&site(domains), json).err());
    assert_eq!(verdicts, [Some(Dropped::WrongHost), None, None, None, None, Some(Dropped::WrongHost)]);
}

#[test]
fn only_addresses_of_the_web_are_pages() {
    let urls =
        ["file:///etc/passwd", "chrome-extension://x/y", "about:blank", "javascript:1", "no url", "HTTPS://a.test"];
    let verdicts = urls.map(|url| counted(&site(&[]), &format!("{{\"url\":\"{url}\"}}")).err());
    let bad = Some(Dropped::BadUrl);
    assert_eq!(verdicts, [bad, bad, bad, bad, bad, None]);
}

#[test]
fn a_screen_keeps_its_name_and_a_path_is_cleaned() {
    let screen = counted(&site(&[]), r#"{"screen":"Settings"}"#).expect("counted");
    let path = counted(&site(&[]), r#"{"path":"/u/jane@example.org"}"#).expect("counted");
    assert_eq!((&screen[1], &path[2]), (&"page=Settings".to_owned(), &"section=/u/:email".to_owned()));
}

#[test]
fn a_screen_that_is_an_address_loses_query_and_host() {
    let page = |screen: &str| {
        let put = counted(&site(&[]), &format!("{{\"screen\":\"{screen}\"}}")).expect("counted");
        put.into_iter().find(|put| put.starts_with("page="))
    };
    let screens =
        ["app://main/users/42?name=jane", "Settings?name=jane", "Settings%3Fname=jane", r"a\/b#c", "?name=jane"];
    let wanted = [Some("page=/users/:id"), Some("page=Settings"), Some("page=Settings"), Some("page=/a/b"), None];
    assert_eq!(screens.map(page), wanted.map(|put| put.map(str::to_owned)));
}

#[test]
fn moments_are_clamped_and_bounded() {
    let at = |seconds: i64| moment(&Hit { occurred_at: Some(Moment(seconds)), ..Hit::default() }, LATE_DAYS, NOW);
    let oldest = NOW - LATE_DAYS * 86_400;
    assert_eq!(
        [at(NOW + 999), at(NOW - 5), at(oldest), at(oldest - 1), moment(&Hit::default(), LATE_DAYS, NOW)],
        [Ok(NOW), Ok(NOW - 5), Ok(oldest), Err(Dropped::TooOld), Ok(NOW)]
    );
}

#[test]
fn owners_fill_in_as_much_as_the_site_keeps() {
    let days =
        |months: u16, backfills| days_back(&Site { retention_months: months, ..Site::clone(&site(&[])) }, backfills);
    assert_eq!([days(25, false), days(25, true), days(1, true), days(1_200, true)], [30, 750, 30, 800]);
}

#[test]
fn properties_are_cleaned() {
    let json = r#"{"props":{"plan":"pro","who":"jane@example.org","a=b":"x","n":7,"":"y","user_id":8841937}}"#;
    let put = counted(&site(&[]), json).expect("counted");
    let clean = ["prop=plan=pro", "prop=who=(redacted)", "prop=a_b=x", "prop=n=7", "prop=user_id=(redacted)"];
    assert_eq!(put[put.len() - 5..], clean);
}

#[test]
fn a_spammer_is_known_by_address_and_by_host() {
    let spam = SpamHosts::load(None).expect("the list");
    let host = |json: &'static str| {
        let hit = hit(json);
        no_spam(&spam, &hit).map(|host| host.map(Cow::into_owned))
    };
    for json in [r#"{"referrer":"https://www.semalt.com/x"}"#, r#"{"referrer":"semalt.com"}"#] {
        assert_eq!(host(json), Err(Dropped::SpamReferrer), "{json}");
    }
    assert_eq!(host(r#"{"referrer":"https://www.news.example/"}"#), Ok(Some("news.example".to_owned())));
    assert_eq!(host(r#"{"name":"save"}"#), Ok(None));
}
