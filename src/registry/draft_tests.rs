//! Rules about sites.

use super::*;

fn draft() -> Draft {
    Draft::new(Book::default(), Timestamp::UNIX_EPOCH, "cli")
}

fn domains(list: &[&str]) -> SiteChange {
    SiteChange { domains: Some(list.iter().map(|&host| host.into()).collect()), ..SiteChange::default() }
}

fn accept(list: &[&str]) -> SiteChange {
    SiteChange { accept: Some(list.iter().map(|&token| token.into()).collect()), ..SiteChange::default() }
}

#[test]
fn an_id_that_is_a_host_name_accepts_itself_and_any_other_id_every_host() {
    let mut draft = draft();
    for id in ["Shop.Example", "app", "1.2", "my_app.ios"] {
        draft.add_site(id, SiteChange::default()).expect(id);
    }
    let found: Vec<_> = draft.book.sites.iter().map(|site| (site.id.as_str(), site.domains.join(" "))).collect();
    let host = "shop.example".to_owned();
    let none = String::new;
    assert_eq!(found, [("1.2", none()), ("Shop.Example", host), ("app", none()), ("my_app.ios", none())]);
}

#[test]
fn a_site_is_added_edited_and_described_in_the_audit_list() {
    let mut draft = draft();
    draft.add_site("app", domains(&["A.example.", "a.example", "localhost"])).expect("added");
    let change = SiteChange {
        timezone: Some("europe/berlin".into()),
        min_visitors: Some(10),
        ..accept(&["ga4:G-1", "ga4:G-1"])
    };
    draft.edit_site("app", change.clone()).expect("edited");
    draft.edit_site("app", change).expect("nothing to do");
    let expected = SiteRecord {
        id: "app".into(),
        domains: vec!["a.example".into(), "localhost".into()],
        timezone: "Europe/Berlin".into(),
        min_visitors: 10,
        accept: vec!["ga4:G-1".into()],
        strict: false,
        retention_months: 25,
        crossings: None,
        filter_properties: vec!["to".into(), "form".into()],
        numbers: Vec::new(),
        excluded_paths: Vec::new(),
        goals: Vec::new(),
        funnels: Vec::new(),
        annotations: Vec::new(),
        imports: Vec::new(),
        created_at: Timestamp::UNIX_EPOCH,
    };
    assert_eq!(draft.book.sites, [expected]);
    let notes: Vec<_> =
        draft.notes.iter().map(|note| format!("{} {}: {}", note.what, note.about, note.detail)).collect();
    assert_eq!(
        notes,
        [
            "site_added app: domains: a.example localhost; time zone: UTC; minimum: 5 visitors; accepts: nothing",
            "site_edited app: domains: a.example localhost; time zone: Europe/Berlin; minimum: 10 visitors; \
             accepts: ga4:G-1",
        ]
    );
}

#[test]
fn values_that_are_not_allowed_are_refused_and_nothing_changes() {
    let mut draft = draft();
    draft.add_site("app", accept(&["segment:w"])).expect("added");
    let zone = |zone: &str| SiteChange { timezone: Some(zone.into()), ..SiteChange::default() };
    let k = |k| SiteChange { min_visitors: Some(k), ..SiteChange::default() };
    let refused = [
        ("app", SiteChange::default(), "site_exists"),
        ("a b", SiteChange::default(), "bad_site_id"),
        ("b", domains(&["https://b.example"]), "bad_domain"),
        ("b", domains(&["*.b.example"]), "bad_domain"),
        ("b", domains(&["b.example:80"]), "bad_domain"),
        ("b", domains(&[""]), "bad_domain"),
        ("b", domains(&["-b.example"]), "bad_domain"),
        ("b", zone("Mars/Olympus"), "bad_timezone"),
        ("b", zone(""), "bad_timezone"),
        ("b", k(0), "bad_min_visitors"),
        ("b", k(1_000_001), "bad_min_visitors"),
        ("b", accept(&["GA4:x"]), "bad_accept"),
        ("b", accept(&["ga4:"]), "bad_accept"),
        ("b", accept(&["ga4"]), "bad_accept"),
        ("b", accept(&["segment:w"]), "accept_taken"),
    ];
    let before = draft.book.clone();
    for (id, change, code) in refused {
        let shown = format!("{id} {change:?}");
        assert_eq!(draft.add_site(id, change).map_err(|refusal| refusal.code()), Err(code), "{shown}");
    }
    let missing = draft.edit_site("none", k(5));
    assert_eq!((draft.book, missing), (before, Err(Refusal::NoSite("none".into()))));
}
