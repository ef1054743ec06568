//! The cells of today as they are stored, for what no report shows as it is: the engine's own port, its own
//! password, plain SQL.

use crate::site::Site;
use crate::support::http::Client;
use crate::support::until;

/// `dimension value: pageviews events revenue_minor` of every cell of these dimensions, hours together.
#[track_caller]
pub fn cells(site: &Site, dimensions: &[&str]) -> Vec<String> {
    let id = &site.id;
    let listed: Vec<String> = dimensions.iter().map(|dimension| format!("'{dimension}'")).collect();
    rows(
        site,
        &format!(
            "SELECT concat(dim, ' ', value, ': ', toString(sum(pageviews)), ' ', toString(sum(events)), ' ', \
             toString(sum(revenue_minor))) FROM cells_open WHERE site = '{id}' AND dim IN ({}) GROUP BY dim, value \
             HAVING sum(events) <> 0 ORDER BY dim, value",
            listed.join(", ")
        ),
    )
}

#[track_caller]
fn rows(site: &Site, statement: &str) -> Vec<String> {
    let file = |name: &str| std::fs::read_to_string(site.server.state_dir().join("engine").join(name));
    until("the engine answers", || {
        let (port, password) = (file("port").ok()?.trim().parse::<u16>().ok()?, file("password").ok()?);
        let mut client = Client::new(([127, 0, 0, 1], port).into());
        let headers = [
            ("X-ClickHouse-User", "headcount"),
            ("X-ClickHouse-Key", password.trim()),
            ("X-ClickHouse-Database", "headcount"),
        ];
        let answer = client.send("POST", "/", &headers, statement.as_bytes()).ok()?;
        assert_eq!(answer.status, 200, "{statement}: {}", answer.text());
        Some(answer.text().lines().map(str::to_owned).collect())
    })
}
