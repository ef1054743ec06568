//! Tests of [`super`].

use super::super::campaign;
use super::*;

fn site(domains: &[&str]) -> Site {
    Site {
        domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
        ..Site::new("site".parse().expect("a good id"), jiff::tz::TimeZone::UTC)
    }
}

/// Source, channel and referrer of a hit on `www.shop.example`, whose site also owns `blog.example`.
fn origin(referrer: &str, query: &str) -> (String, String, String) {
    let sources = Sources::load(None).expect("the built-in table");
    let campaign = campaign::read(query);
    let origin = attribute(
        &sources,
        &site(&["shop.example", "blog.example"]),
        Some("www.shop.example"),
        referring_host(referrer),
        &campaign,
    );
    let text = |text: Option<Cow<'_, str>>| text.unwrap_or_default().into_owned();
    (text(origin.source), origin.channel.unwrap_or_default().to_owned(), text(origin.referrer))
}

#[test]
fn origins() {
    let table = [
        ("", "", ("(direct)", "Direct", "")),
        ("about:blank", "", ("(direct)", "Direct", "")),
        ("https://www.google.com/", "", ("Google", "Organic Search", "google.com")),
        ("https://WWW.Google.co.uk:443/search?q=secret", "", ("Google", "Organic Search", "google.co.uk")),
        ("https://mail.google.com/", "", ("Gmail", "Email", "mail.google.com")),
        ("https://gemini.google.com/app", "", ("Gemini", "AI Assistants", "gemini.google.com")),
        ("https://chatgpt.com/", "", ("ChatGPT", "AI Assistants", "chatgpt.com")),
        ("https://google.evil.example/", "", ("google.evil.example", "Referral", "google.evil.example")),
        ("https://notgoogle.com/", "", ("notgoogle.com", "Referral", "notgoogle.com")),
        ("https://old.reddit.com/r/x", "", ("Reddit", "Organic Social", "old.reddit.com")),
        ("https://www.youtube.com/watch?v=1", "", ("YouTube", "Organic Video", "youtube.com")),
        ("android-app://com.google.android.gm/", "", ("Gmail", "Email", "com.google.android.gm")),
        ("news.ycombinator.com", "", ("Hacker News", "Referral", "news.ycombinator.com")),
        (
            "https://jane:pw@friend.example/x?mail=jane@example.org",
            "",
            ("friend.example", "Referral", "friend.example"),
        ),
        ("https://192.0.2.17/x", "", ("(redacted)", "Referral", "(redacted)")),
        // Steps within the site say nothing, unless a campaign does.
        ("https://shop.example/cart", "", ("", "", "")),
        ("https://www.shop.example/cart", "", ("", "", "")),
        ("https://blog.example/post", "", ("", "", "")),
        ("https://a.shop.example/", "utm_source=Newsletter&utm_medium=email", ("Newsletter", "Email", "")),
        // Campaigns go before referrers.
        ("https://www.google.com/", "utm_source=IG&utm_medium=cpc", ("Instagram", "Paid Social", "google.com")),
        ("", "utm_source=my+own+thing", ("my own thing", "Unassigned", "")),
        ("", "utm_source=www.facebook.com&utm_medium=paid", ("Facebook", "Paid Social", "")),
        ("", "ref=hn", ("Hacker News", "Referral", "")),
        ("", "gclid=x", ("Google", "Paid Search", "")),
        ("https://duckduckgo.com/", "msclkid=x", ("DuckDuckGo", "Paid Search", "duckduckgo.com")),
        ("", "fbclid=x", ("Facebook", "Organic Social", "")),
        ("", "utm_medium=email", ("(direct)", "Email", "")),
        ("", "utm_source=direct", ("(direct)", "Direct", "")),
    ];
    for (referrer, query, (source, channel, host)) in table {
        assert_eq!(
            origin(referrer, query),
            (source.to_owned(), channel.to_owned(), host.to_owned()),
            "{referrer} {query}"
        );
    }
}

#[test]
fn a_site_that_accepts_every_host_knows_itself_by_the_page() {
    let (sources, none) = (Sources::load(None).expect("the built-in table"), campaign::read(""));
    let referrers = ["https://a.example/", "https://b.example/"];
    let seen =
        referrers.map(|url| attribute(&sources, &site(&[]), Some("www.a.example"), referring_host(url), &none).source);
    assert_eq!(seen, [None, Some("b.example".into())]);
}

#[test]
fn the_operators_table_goes_first() {
    let path = std::env::temp_dir().join(format!("headcount-sources-{}.csv", std::process::id()));
    std::fs::write(&path, "# ours\nreddit.com,Front page,news\n\nfriend.example,A friend,other\n")
        .expect("a writable directory");
    let sources = Sources::load(Some(&path));
    std::fs::write(&path, "friend.example,A friend\n").expect("a writable directory");
    let broken = Sources::load(Some(&path));
    std::fs::remove_file(&path).expect("our own file");
    let sources = sources.expect("a good table");
    let names = ["old.reddit.com", "www.friend.example", "github.com"]
        .map(|host| sources.by_host(host).map(|known| known.name));
    assert_eq!(names, [Some("Front page"), Some("A friend"), Some("GitHub")]);
    assert!(matches!(broken, Err(SourcesError::BadLine { line: 1, .. })));
    assert!(matches!(Sources::load(Some(&path)), Err(SourcesError::Unreadable { .. })));
}

proptest::proptest! {
    #[test]
    fn any_referrer_gives_a_bounded_answer(referrer in "([a-z]{0,6}://)?[ -~é]{0,300}") {
        let (source, channel, host) = origin(&referrer, "");
        proptest::prop_assert!(source.len() <= 253 && host.len() <= 253 && !host.contains(['/', '@', '?']));
        proptest::prop_assert_eq!(source.is_empty(), channel.is_empty());
    }
}
