use super::*;

fn facts() -> Facts {
    let column = |name: &str, stored| Column {
        name: name.into(),
        r#type: "String".into(),
        meaning: "Site's <id>".into(),
        stored,
    };
    let table = Table {
        name: "cells".into(),
        meaning: "Counts & more".into(),
        columns: vec![column("site", true), column("hashes", false)],
    };
    Facts {
        version: "1.2.3",
        said_at: "2026-11-22T03:00:00Z".into(),
        min_visitors: 5,
        retention_months: 25,
        salts: SaltsTold { oldest_hours: Some(14), commitments: vec![[1; 32], [255; 32]] },
        tables: Some(vec![table]),
        site: None,
    }
}

fn site() -> SiteFacts {
    SiteFacts {
        id: "demo".into(),
        min_visitors: 9,
        strict: true,
        retention_months: 3,
        timezone: "Europe/Berlin".into(),
        cohorts: Some(true),
    }
}

#[test]
fn the_statement_is_whole_for_machines() {
    insta::assert_json_snapshot!("statement", Statement::new(Facts { site: Some(site()), ..facts() }));
}

#[test]
fn the_statement_is_whole_for_people() {
    insta::assert_snapshot!("page", render(&Statement::new(Facts { site: Some(site()), ..facts() })));
}

#[test]
fn what_is_not_known_is_said() {
    let facts = Facts { tables: None, salts: SaltsTold::default(), ..facts() };
    let page = render(&Statement::new(facts));
    for expected in ["its tables are missing here", "Keys that exist now: 0.</p>"] {
        assert!(page.contains(expected), "{expected}");
    }
    assert!(!page.contains("<details>") && !page.contains("demo"), "{page}");
}
