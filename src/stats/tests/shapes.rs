//! The form of every answer, on two days of the town: one sealed, one open.

use serde_json::{Value, json};

use super::world::{day, put, seal, town};
use super::{NOW, ask_of, parse, question, site};
use crate::clickhouse::testing::TestEngine;
use crate::model::Site;
use crate::stats::{Egress, Reader};

async fn filled(change: impl FnOnce(&mut Site)) -> (TestEngine, Site) {
    let engine = TestEngine::start().await;
    let mut site = site("mine");
    site.filter_properties = vec!["plan".into()];
    change(&mut site);
    for (token, (date, is_sealed)) in [("2026-11-20", true), ("2026-11-21", false)].into_iter().enumerate() {
        put(&engine, &site, &town(day(date)), token as u128 + 1).await;
        if is_sealed {
            seal(&engine, &site, day(date)).await;
        }
    }
    (engine, site)
}

/// An answer in few lines.
fn brief(answer: &Value) -> String {
    let mut lines = vec![format!("meta {}", answer["meta"])];
    for row in answer["results"].as_array().expect("rows") {
        let comparison = row.get("comparison").map_or(String::new(), |compared| format!("  was {compared}"));
        lines.push(format!("{} {}{comparison}", row["dimensions"], row["metrics"]));
    }
    lines.join("\n")
}

#[tokio::test]
async fn every_shape_has_its_answer() {
    let (engine, site) = filled(|_| ()).await;
    let all = json!([
        "visitors",
        "visits",
        "pageviews",
        "events",
        "views_per_visit",
        "bounce_rate",
        "visit_duration",
        "time_on_page",
        "scroll_depth",
        "percentage",
        "total_revenue",
        "average_revenue",
        "opted_out"
    ]);
    let few = json!(["visitors", "visits", "events", "percentage"]);
    let page = json!([["is", "event:page", ["/"]]]);
    let cases = [
        ("totals", json!({ "metrics": all })),
        ("totals_of_a_page", json!({ "metrics": few, "filters": page })),
        (
            "days_of_a_page",
            json!({ "metrics": few, "filters": page, "dimensions": ["time"], "date_range": ["2026-11-19", "2026-11-21"] }),
        ),
        ("one_day_of_a_page", json!({ "metrics": few, "filters": page, "dimensions": ["time"], "date_range": "day" })),
        (
            "months_of_not_a_page",
            json!({ "metrics": few, "filters": [["is_not", "event:page", ["/"]]], "dimensions": ["time:month"] }),
        ),
        ("sources_of_a_page", json!({ "metrics": few, "filters": page, "dimensions": ["visit:source"] })),
        (
            "entry_pages_of_a_country",
            json!({ "metrics": ["visits", "bounce_rate", "views_per_visit", "visit_duration"], "filters": [["is", "visit:country", ["DE"]]], "dimensions": ["visit:entry_page"] }),
        ),
        (
            "countries_of_pages_that_hold",
            json!({ "metrics": few, "filters": [["contains", "event:page", ["blog", "pric"]]], "dimensions": ["visit:country"] }),
        ),
        (
            "countries_of_pages_that_match",
            json!({ "metrics": few, "filters": [["matches", "event:page", ["^/blog/[ab]$"]]], "dimensions": ["visit:country"] }),
        ),
        (
            "goals_of_not_a_country",
            json!({ "metrics": few, "filters": [["is_not", "visit:country", ["DE"]]], "dimensions": ["event:goal"] }),
        ),
        ("regions", json!({ "metrics": few, "dimensions": ["visit:region"] })),
        (
            "regions_of_a_country",
            json!({ "metrics": few, "filters": [["is", "visit:country", ["DE"]]], "dimensions": ["visit:region"] }),
        ),
        (
            "versions_of_a_browser",
            json!({ "metrics": few, "filters": [["is", "visit:browser", ["Firefox"]]], "dimensions": ["visit:browser_version"] }),
        ),
        (
            "pages_of_a_section",
            json!({ "metrics": few, "filters": [["is", "event:section", ["/blog"]]], "dimensions": ["event:page"] }),
        ),
        (
            "sections_of_pages",
            json!({ "metrics": few, "filters": [["contains", "event:page", ["/blog/"]]], "dimensions": ["event:section"] }),
        ),
        ("the_page_itself", json!({ "metrics": few, "filters": page, "dimensions": ["event:page"] })),
        (
            "names_that_are_page_views",
            json!({ "metrics": few, "filters": [["is", "event:name", ["pageview"]]], "dimensions": ["visit:country"] }),
        ),
        (
            "plans",
            json!({ "metrics": few, "filters": [["is", "event:goal", ["Signup"]]], "dimensions": ["event:props:plan"] }),
        ),
        (
            "pages_a_day",
            json!({ "metrics": few, "dimensions": ["time:day", "event:page"], "order_by": [["time:day", "desc"], ["events", "asc"]], "include": { "total_rows": true }, "pagination": { "limit": 3, "offset": 1 } }),
        ),
    ];
    for (name, asked) in cases {
        insta::assert_snapshot!(name, brief(&ask_of(&engine, &site, asked).await));
    }
    engine.stop().await;
}

#[tokio::test]
async fn conversions_comparisons_and_money() {
    let (engine, site) = filled(|site| site.min_visitors = 0).await;
    let rate = json!(["visitors", "conversion_rate"]);
    let goal = json!([["is", "event:goal", ["Signup"]]]);
    let money = json!(["total_revenue", "average_revenue", "visitors"]);
    let today = json!("day");
    let cases = [
        ("conversion_of_goals", json!({ "metrics": rate, "dimensions": ["event:goal"] })),
        (
            "conversion_of_goals_of_a_country",
            json!({ "metrics": rate, "dimensions": ["event:goal"], "filters": [["is", "visit:country", ["DE"]]] }),
        ),
        ("conversion_by_country", json!({ "metrics": rate, "dimensions": ["visit:country"], "filters": goal })),
        ("conversion_of_a_goal", json!({ "metrics": rate, "filters": goal })),
        (
            "conversion_by_day",
            json!({ "metrics": rate, "dimensions": ["time:day"], "filters": goal, "date_range": ["2026-11-20", "2026-11-21"] }),
        ),
        ("money_by_page", json!({ "metrics": money, "dimensions": ["event:page"] })),
        ("money_by_country", json!({ "metrics": money, "dimensions": ["visit:country"] })),
        ("money_by_goal", json!({ "metrics": money, "dimensions": ["event:goal"] })),
        (
            "money_of_a_country_by_day",
            json!({ "metrics": money, "dimensions": ["time:day"], "filters": [["is", "visit:country", ["DE"]]], "date_range": ["2026-11-20", "2026-11-21"] }),
        ),
        ("money_of_another_currency", json!({ "metrics": money, "include": { "currency": "jpy" } })),
        (
            "days_compared",
            json!({ "metrics": ["visitors", "opted_out"], "dimensions": ["time:day"], "date_range": ["2026-11-20", "2026-11-21"], "include": { "comparison": ["2026-11-19", "2026-11-20"] } }),
        ),
        (
            "pages_compared",
            json!({ "metrics": ["visitors", "time_on_page"], "dimensions": ["event:page"], "date_range": today, "include": { "comparison": "previous_period" } }),
        ),
        (
            "totals_compared_with_a_year_ago",
            json!({ "metrics": ["visitors"], "date_range": today, "include": { "comparison": "year_over_year" } }),
        ),
    ];
    for (name, asked) in cases {
        insta::assert_snapshot!(name, brief(&ask_of(&engine, &site, asked).await));
    }
    engine.stop().await;
}

#[tokio::test]
async fn payments_of_too_few_are_in_the_rest_and_said_to_be_folded() {
    let (engine, site) = filled(|site| site.min_visitors = 8).await;
    let asked = json!({ "metrics": ["visitors", "total_revenue"], "dimensions": ["visit:country"] });
    let answer = ask_of(&engine, &site, asked).await;
    let (rows, folded) = (&answer["results"], &answer["meta"]["suppressed"]["rows"]);
    let revenue = |country: &str| {
        let row = rows.as_array().expect("rows").iter().find(|row| row["dimensions"][0] == country);
        row.unwrap_or_else(|| panic!("{country} in {rows}"))["metrics"][1].as_f64().expect("a number")
    };
    // Two currencies on two days.
    assert_eq!((revenue("DE"), folded.as_u64()), (0.0, Some(4)), "{answer}");
    assert!(revenue("(other)") > 50.0, "{answer}");
    engine.stop().await;
}

#[tokio::test]
async fn strict_sites_and_public_pages_fold_every_dimension() {
    let (engine, site) = filled(|site| site.min_visitors = 8).await;
    let mut strict = site.clone();
    strict.strict = true;
    let egress = Egress::new(engine.store.clone());
    let questions = [
        json!({ "dimensions": ["visit:country"] }),
        json!({ "dimensions": ["time:day", "visit:country"], "date_range": ["2026-11-20", "2026-11-21"] }),
        json!({ "dimensions": ["event:goal"] }),
        json!({ "filters": [["is", "visit:country", ["CH"]]] }),
        json!({ "filters": [["is_not", "visit:country", ["DE"]]], "dimensions": ["time:day"], "date_range": "day" }),
        json!({}),
    ];
    let mut told = Vec::new();
    for asked in questions {
        let query = parse(&question(&asked)).expect("sound");
        let open = egress.answer(&site, &query, Reader::Public, NOW).await.expect("an answer");
        let own = egress.answer(&strict, &query, Reader::Owner, NOW).await.expect("an answer");
        assert_eq!(open, own, "{asked}");
        told.push(format!("{asked}\n{}", brief(&serde_json::to_value(&own).expect("JSON"))));
    }
    insta::assert_snapshot!("strict", told.join("\n\n"));
    engine.stop().await;
}

#[tokio::test]
async fn a_snapshot_of_an_open_day_holds_for_a_minute() {
    let (engine, site) = filled(|_| ()).await;
    let egress = Egress::new(engine.store.clone());
    let asked =
        question(&json!({ "date_range": "day", "metrics": ["events"], "filters": [["is", "event:page", ["/"]]],
        "dimensions": ["visit:browser"] }));
    let query = parse(&asked).expect("sound");
    let events = |answer: &crate::stats::Answer| {
        answer.results.iter().map(|row| (row.dimensions[0].clone(), row.metrics[0].get() as i64)).collect::<Vec<_>>()
    };
    let minute = NOW - NOW.rem_euclid(60);
    let first = events(&egress.answer(&site, &query, Reader::Owner, minute).await.expect("an answer"));
    put(&engine, &site, &town(day("2026-11-21")), 99).await;
    let held = events(&egress.answer(&site, &query, Reader::Owner, minute + 59).await.expect("an answer"));
    let renewed = events(&egress.answer(&site, &query, Reader::Owner, minute + 60).await.expect("an answer"));
    let of = |rows: &[(String, i64)], label: &str| rows.iter().find(|(own, _)| own == label).map(|(_, events)| *events);
    // Cells are as new as ever, so that what the snapshot lacks is in `(other)`.
    assert_eq!(of(&held, "Firefox"), of(&first, "Firefox"));
    assert_eq!(of(&renewed, "Firefox"), of(&first, "Firefox").map(|events| 2 * events));
    let sum = |rows: &[(String, i64)]| rows.iter().map(|(_, events)| events).sum::<i64>();
    assert_eq!((sum(&held), sum(&renewed)), (2 * sum(&first), 2 * sum(&first)));
    engine.stop().await;
}
