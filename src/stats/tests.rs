//! Questions and their answers, from a real engine.

use serde_json::{Value, json};

use super::{Egress, Kind, Query, QueryError, Reader, kept, plan};
use crate::clickhouse::Shipment;
use crate::clickhouse::testing::TestEngine;
use crate::model::{Cell, CellKey, CrossingChoice, Day, Dimension, Hour, Measure, Measures, Site};

/// 2026-11-21 13:30 in Berlin, a Saturday.
const NOW: i64 = 1_795_264_200;

fn site(id: &str) -> Site {
    Site::new(id.parse().expect("a valid id"), jiff::tz::TimeZone::get("Europe/Berlin").expect("a known zone"))
}

struct Count<'a>(Dimension, &'a str, &'a str, u8, [i64; 2], &'a [u64]);

fn cell(site: &Site, count: &Count<'_>) -> Cell {
    let Count(dimension, value, date, hour, [pageviews, events], hashes) = *count;
    let mut measures = Measures::default();
    measures[Measure::Pageviews] = pageviews;
    measures[Measure::Events] = events;
    let day = Day::from_date(date.parse().expect("a date")).expect("in range");
    Cell {
        key: CellKey { site: site.id.clone(), day, dimension, value: value.into(), hour: Hour(hour) },
        measures,
        hashes: hashes.to_vec(),
    }
}

/// Three days of one site, and a neighbour whose counts must never show.
async fn filled() -> (TestEngine, Site) {
    let engine = TestEngine::start().await;
    let (mine, other) = (site("mine"), site("other"));
    let counts = [
        Count(Dimension::Total, "", "2026-11-19", 9, [2, 3], &[1, 2]),
        Count(Dimension::Total, "", "2026-11-21", 0, [1, 1], &[3]),
        Count(Dimension::Total, "", "2026-11-21", 12, [4, 5], &[3, 4]),
        Count(Dimension::Page, "/", "2026-11-19", 9, [2, 2], &[1, 2]),
        Count(Dimension::Page, "/", "2026-11-21", 0, [1, 1], &[3]),
        Count(Dimension::Page, "/", "2026-11-21", 12, [1, 1], &[3]),
        Count(Dimension::Page, "/a", "2026-11-21", 12, [3, 3], &[3, 4]),
        Count(Dimension::Page, "/b", "2026-11-21", 12, [0, 1], &[4]),
        Count(Dimension::Prop, "plan=pro=x", "2026-11-21", 255, [0, 2], &[9]),
        Count(Dimension::Prop, "plan=free", "2026-11-21", 255, [0, 1], &[8]),
        Count(Dimension::Prop, "planet=mars", "2026-11-21", 255, [0, 1], &[7]),
    ];
    let mut cells: Vec<Cell> = counts.iter().map(|count| cell(&mine, count)).collect();
    cells.extend(counts.iter().map(|count| cell(&other, count)));
    engine.store.insert_cells(&cells, &Shipment::under(1)).await.expect("taken");
    (engine, mine)
}

fn parse(question: &Value) -> Result<Query, (&'static str, Kind, String)> {
    Query::parse(question.to_string().as_bytes()).map_err(|error| (error.code(), error.kind(), error.to_string()))
}

fn question(extra: &Value) -> Value {
    let mut question = json!({"site_id": "mine", "metrics": ["visitors", "pageviews", "events"], "date_range": "7d"});
    if let (Some(question), Some(extra)) = (question.as_object_mut(), extra.as_object()) {
        question.extend(extra.clone());
    }
    question
}

mod days;
mod pairs;
mod rules;
mod shapes;
mod world;

async fn ask_of(engine: &TestEngine, site: &Site, extra: Value) -> Value {
    let query = parse(&question(&extra)).expect("a sound question");
    let answer = Egress::new(engine.store.clone()).answer(site, &query, Reader::Owner, NOW).await.expect("an answer");
    serde_json::to_value(answer).expect("serialisable")
}

#[tokio::test]
async fn answers() {
    let (engine, site) = filled().await;
    let cases = [
        ("totals_of_a_week", json!({})),
        ("totals_of_one_day", json!({"date_range": ["2026-11-21", "2026-11-21"]})),
        ("totals_of_nothing", json!({"date_range": ["2026-01-01", "2026-01-02"]})),
        ("days_of_a_week", json!({"dimensions": ["time"], "include": {"time_labels": true, "total_rows": true}})),
        (
            "days_by_visitors",
            json!({"dimensions": ["time:day"], "order_by": [["visitors", "desc"]], "pagination": {"limit": 3}}),
        ),
        ("hours_of_today", json!({"date_range": "day", "dimensions": ["time"]})),
        (
            "hours_of_two_days",
            json!({"date_range": ["2026-11-20", "2026-11-21"], "dimensions": ["time:hour"], "pagination": {"offset": 23, "limit": 3}}),
        ),
        ("weeks_of_a_month", json!({"date_range": "month", "dimensions": ["time:week"]})),
        (
            "days_beside_fewer",
            json!({"date_range": ["2026-11-20", "2026-11-21"], "dimensions": ["time:day"], "include": {"comparison": ["2026-11-19", "2026-11-19"]}}),
        ),
        ("totals_of_any_page", json!({"pagination": {"offset": 5}})),
        ("everything_by_month", json!({"date_range": "all", "dimensions": ["time:month"]})),
        ("pages", json!({"dimensions": ["event:page"], "include": {"total_rows": true}, "pagination": {"limit": 2}})),
        (
            "pages_by_name",
            json!({"metrics": ["events"], "dimensions": ["event:page"], "order_by": [["event:page", "desc"]]}),
        ),
        ("property", json!({"dimensions": ["event:props:plan"]})),
        ("unknown_property", json!({"dimensions": ["event:props:nope"], "include": {"total_rows": true}})),
    ];
    for (name, extra) in cases {
        insta::assert_json_snapshot!(name, ask_of(&engine, &site, extra).await);
    }
    engine.stop().await;
}

/// Why a question is not answered, whichever check says so.
fn refusal(site: &Site, extra: &Value) -> (&'static str, Kind, String) {
    let told = |error: QueryError| (error.code(), error.kind(), error.to_string());
    let query = match Query::parse(question(extra).to_string().as_bytes()) {
        Ok(query) => query,
        Err(error) => return told(error),
    };
    let now = jiff::Timestamp::from_second(NOW).expect("in range");
    let checked = kept::check(&query, site).and_then(|()| plan::Plan::new(&query, site, now, None).map(|_| ()));
    told(checked.expect_err("not a sound question"))
}

#[test]
fn questions_that_are_not_answered() {
    let mut site = site("mine");
    site.crossings = CrossingChoice::Of(vec![Dimension::Page, Dimension::Section, Dimension::Event, Dimension::Prop]);
    site.filter_properties = vec!["plan".into()];
    let is = |dimension: &str| json!([["is", dimension, ["x"]]]);
    let cases = [
        json!({"colour": 1}),
        json!({"include": {"imports": true}}),
        json!({"include": {"comparison": "last_week"}}),
        json!({"include": {"currency": "XYZ"}}),
        json!({"metrics": ["visitors", "bounces"]}),
        json!({"metrics": []}),
        json!({"metrics": ["events", "events"]}),
        json!({"metrics": "events"}),
        json!({"pagination": {"limit": -1}}),
        json!({"dimensions": ["event:colour"]}),
        json!({"dimensions": ["event:props:a=b"]}),
        json!({"dimensions": ["time:day", "time:week"]}),
        json!({"dimensions": ["event:page", "visit:country"]}),
        json!({"dimensions": ["time:hour", "event:page"]}),
        json!({"date_range": "fortnight"}),
        json!({"date_range": ["2020-01-01", "2026-01-01"]}),
        json!({"date_range": ["2026-11-21", "2026-11-20"]}),
        json!({"order_by": [["pageviews", "down"]]}),
        json!({"order_by": [["visit:country", "asc"]]}),
        json!({"pagination": {"limit": 0}}),
        json!({"pagination": {"limit": 10001}}),
        json!({"include": {"time_labels": true}}),
        json!({"site_id": "../etc"}),
        json!({"filters": [["is", "event:page", ["/"]], ["is", "visit:country", ["DE"]]]}),
        json!({"filters": [["like", "event:page", ["/"]]]}),
        json!({"filters": [["matches", "event:page", ["("]]]}),
        json!({"filters": is("visit:region")}),
        json!({"filters": is("visit:country")}),
        json!({"filters": is("event:props:colour")}),
        json!({"filters": is("event:page"), "dimensions": ["time:hour"]}),
        json!({"filters": is("event:page"), "dimensions": ["time:day", "visit:source"]}),
        json!({"filters": is("event:props:plan"), "dimensions": ["event:props:colour"]}),
        json!({"metrics": ["views_per_visit"], "dimensions": ["event:page"]}),
        json!({"metrics": ["visit_duration"], "filters": is("event:name")}),
        json!({"metrics": ["pageviews"], "dimensions": ["visit:exit_page"]}),
        json!({"filters": is("event:page"), "metrics": ["visits"], "dimensions": ["visit:exit_page"]}),
        json!({"metrics": ["conversion_rate"]}),
        json!({"metrics": ["opted_out"], "dimensions": ["event:page"]}),
        json!({"metrics": ["opted_out"], "dimensions": ["time:hour"]}),
        json!({"metrics": ["total_revenue"], "dimensions": ["visit:region"]}),
        json!({"metrics": ["total_revenue"], "dimensions": ["visit:source"], "filters": is("event:page")}),
        json!({"metrics": ["average_revenue"], "dimensions": ["time:hour"]}),
    ];
    let told: Vec<Value> = cases
        .iter()
        .map(|extra| {
            let (code, kind, text) = refusal(&site, extra);
            json!({"asked": extra, "code": code, "kind": format!("{kind:?}"), "text": text})
        })
        .collect();
    insta::assert_json_snapshot!(told);
}

#[test]
fn what_is_no_object_is_malformed() {
    for body in ["", "[]", "{", "null", "{} {}", "{\"site_id\":1}"] {
        let error = Query::parse(body.as_bytes()).expect_err("malformed");
        assert_eq!(error.code(), "bad_query", "{body}: {error}");
    }
}
