//! The engine as somebody sees it who has the state directory: its own port, its own password, plain SQL.

use crate::support::http::Client;
use crate::support::server::Server;
use crate::support::until;

/// Runs a statement with the engine's own password.
#[track_caller]
pub fn sql(server: &Server, statement: &str) -> String {
    let file = |name: &str| std::fs::read_to_string(server.state_dir().join("engine").join(name));
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
        // Sketches are bytes; what is no text is not looked at as text.
        Some(answer.text())
    })
}

/// Every row of every table that is not built in, one JSON object a line, and what the engine remembers of errors.
#[track_caller]
pub fn dump(server: &Server) -> String {
    let tables = sql(
        server,
        "SELECT concat('`', database, '`.`', name, '`') FROM system.tables WHERE lower(database) NOT IN ('system', 'information_schema')",
    );
    let mut all = String::new();
    for table in tables.lines().chain(["system.errors"]) {
        all.push_str(&sql(server, &format!("SELECT * FROM {table} FORMAT JSONEachRow")));
    }
    all
}
