//! The Grafana dashboards: every metric they draw exists, every metric there is gets drawn, and every question they ask
//! of the stats API is answered in the shape their columns expect.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::ordinary;
use crate::site::Site;

const COLLECTOR: &str = include_str!("../../dashboards/grafana/collector.json");
const SITE: &str = include_str!("../../dashboards/grafana/site.json");

/// Every target of every panel.
fn targets(dashboard: &str) -> Vec<Value> {
    let dashboard: Value = serde_json::from_str(dashboard).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels").iter();
    panels.flat_map(|panel| panel["targets"].as_array().cloned().unwrap_or_default()).collect()
}

/// The names of metrics in an expression of PromQL.
fn metrics_in(expression: &str) -> impl Iterator<Item = String> + '_ {
    let words = expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with("headcount_")).map(str::to_owned)
}

#[test]
fn the_collector_s_metrics_are_all_drawn_and_no_others() {
    let expressions = targets(COLLECTOR);
    let drawn: BTreeSet<String> =
        expressions.iter().flat_map(|target| metrics_in(target["expr"].as_str().expect("PromQL"))).collect();
    let page = ordinary().metrics();
    let there: BTreeSet<String> =
        page.0.keys().map(|sample| sample.split('{').next().expect("a name").to_owned()).collect();
    assert_eq!(drawn, there);
}

#[test]
fn every_question_about_a_site_is_answered_as_its_columns_expect() {
    let site = Site::new(ordinary(), "grafana");
    assert_eq!(site.beacon(json!({ "url": "https://shop.test/", "w": 1300 })).status, 202);
    site.settled(1);
    let today = site.ask(json!({}))["query"]["date_range"][1].clone();
    let targets = targets(SITE);
    assert!(!targets.is_empty());
    for target in targets {
        let question = target["url_options"]["data"].as_str().expect("a body");
        let question = question
            .replace("${site}", "grafana")
            .replace("${__from:date:YYYY-MM-DD}", today.as_str().expect("a day"))
            .replace("${__to:date:YYYY-MM-DD}", today.as_str().expect("a day"));
        let answer = site.ask(serde_json::from_str(&question).expect("JSON"));
        let row = &answer["results"][0];
        let values = ["dimensions", "metrics"].map(|part| row[part].as_array().expect("a row").len());
        let columns = target["columns"].as_array().expect("columns");
        assert_eq!(values.iter().sum::<usize>(), columns.len(), "{question}");
        assert_eq!(target["url"], "/api/v2/query");
        for column in columns {
            let selector = column["selector"].as_str().expect("a selector");
            let root = target["root_selector"].as_str().expect("a selector");
            assert!(root.contains(&format!("{selector}: .")), "{root} makes no {selector}");
        }
    }
}
