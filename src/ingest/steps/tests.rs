use super::*;
use crate::ingest::hit::Moment;

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
    let mut event = event(site, (0, Day(1), Hour(0)), &hit, None);
    put_page(&mut event, &page);
    put_source(&mut event, &Sources::load(None).expect("the table"), &page, &hit);
    put_properties(&mut event, hit.props);
    Ok(event.attributes.iter().map(|put| format!("{}={}", put.dimension.code(), put.value)).collect())
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
    let at = |seconds: i64| moment(&Hit { occurred_at: Some(Moment(seconds)), ..Hit::default() }, NOW);
    let oldest = NOW - LATE_DAYS * 86_400;
    assert_eq!(
        [at(NOW + 999), at(NOW - 5), at(oldest), at(oldest - 1), moment(&Hit::default(), NOW)],
        [Ok(NOW), Ok(NOW - 5), Ok(oldest), Err(Dropped::TooOld), Ok(NOW)]
    );
}

#[test]
fn properties_are_cleaned() {
    let json = r#"{"props":{"plan":"pro","who":"jane@example.org","a=b":"x","n":7,"":"y"}}"#;
    let put = counted(&site(&[]), json).expect("counted");
    assert_eq!(put[put.len() - 4..], ["prop=plan=pro", "prop=who=(redacted)", "prop=a_b=x", "prop=n=7"]);
}
