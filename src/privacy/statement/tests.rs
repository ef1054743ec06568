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
    let statement = Statement::new(Facts { site: Some(site()), ..facts() });
    insta::assert_snapshot!("page", render(&statement, Language::English));
}

#[test]
fn what_is_not_known_is_said() {
    let facts = Facts { tables: None, salts: SaltsTold::default(), ..facts() };
    let page = render(&Statement::new(facts), Language::English);
    for expected in ["its tables are missing here", "Keys that exist now: 0.</p>"] {
        assert!(page.contains(expected), "{expected}");
    }
    assert!(!page.contains("<details>") && !page.contains("demo"), "{page}");
}

/// What stands between tags, without what is the same in every language.
fn texts(page: &str) -> Vec<String> {
    let tag = regex::Regex::new("<code>[^<]*</code>|<[^>]*>").expect("a pattern");
    tag.replace_all(page, "\n").lines().map(str::trim).filter(|text| text.contains(' ')).map(str::to_owned).collect()
}

/// Each language says as much as English, of the same things, and nothing in English but what the database alone says.
#[test]
fn every_language_says_the_same() {
    let statement = Statement::new(Facts { site: Some(site()), ..facts() });
    let tag = regex::Regex::new(r"<(/?[a-z0-9]+)").expect("a pattern");
    let shape = |page: &str| tag.captures_iter(page).map(|found| found[1].to_owned()).collect::<Vec<_>>();
    let english = render(&statement, Language::English);
    for language in Language::ALL.into_iter().filter(|language| *language != Language::English) {
        let page = render(&statement, language);
        assert!(page.contains(&format!("<html lang=\"{}\">", language.code())), "{language:?}");
        // These three the database says, and we have no words for them.
        let (begin, end) = ("<span lang=\"en\">", "</span>");
        assert_eq!(page.matches(begin).count(), 3, "{language:?}");
        assert_eq!(shape(&page.replace(begin, "").replace(end, "")), shape(&english), "{language:?}");
        let said = texts(&english);
        let left: Vec<String> = texts(&page).into_iter().filter(|text| said.contains(text)).collect();
        assert_eq!(
            left,
            ["Counts &amp; more", "Site's &lt;id&gt;", "Site's &lt;id&gt;", "Headcount 1.2.3, 2026-11-22T03:00:00Z"]
        );
    }
}

#[test]
fn numbers_are_written_as_the_language_writes_them() {
    let facts = Facts {
        min_visitors: 1,
        retention_months: 1,
        salts: SaltsTold { oldest_hours: Some(1), commitments: Vec::new() },
        ..facts()
    };
    let statement = Statement::new(facts);
    let cases = [
        (Language::English, ["at least 1 visitor.", "(1 to 1,000,000)", "for 1 month unless", "about 1 hour ago"]),
        (Language::German, ["ab 1 Besucher gezeigt", "(1 bis 1.000.000)", "1 Monat lang", "vor etwa 1 Stunde."]),
        (
            Language::French,
            ["au moins 1 visiteur.", "(1 à 1\u{202f}000\u{202f}000)", "1 mois, sauf", "environ 1 heure."],
        ),
        (
            Language::Spanish,
            ["al menos 1 visitante.", "(de 1 a 1.000.000)", "guardan 1 mes,", "aproximadamente 1 hora."],
        ),
        (Language::Japanese, ["1人以上", "（1〜1,000,000）", "1か月保存", "約1時間前"]),
    ];
    for (language, expected) in cases {
        let page = render(&statement, language);
        for text in expected {
            assert!(page.contains(text), "{language:?}: {text}");
        }
    }
}

#[test]
fn links_between_the_languages_keep_a_site_that_is_shown() {
    let page = render(&Statement::new(Facts { site: Some(site()), ..facts() }), Language::Japanese);
    let link = "<a href=\"?site=demo&amp;lang=de\" lang=\"de\" hreflang=\"de\">Deutsch</a>";
    let current = "<a href=\"?site=demo&amp;lang=ja\" lang=\"ja\" hreflang=\"ja\" aria-current=\"true\">日本語</a>";
    assert!(page.contains(link) && page.contains(current), "{page}");
    assert!(render(&Statement::new(facts()), Language::French).contains("<a href=\"?lang=de\""));
}
