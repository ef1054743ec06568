//! What is stored, told by the database itself: for the privacy statement and `headcount audit`.

use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::failure::StoreError;
use super::store::Store;
use crate::model::SiteId;

/// A table of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub comment: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

/// A column of a table of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, in ClickHouse's words.
    pub kind: String,
    /// Whether it exists only while rows are inserted and is never stored.
    pub ephemeral: bool,
    /// What it holds.
    pub comment: String,
}

#[derive(Row, Deserialize)]
struct ColumnRow {
    table: String,
    table_comment: String,
    name: String,
    kind: String,
    ephemeral: bool,
    comment: String,
}

const COLUMNS: &str = "\
SELECT c.table AS table, t.comment AS table_comment, c.name AS name, c.type AS kind, \
(c.default_kind = 'EPHEMERAL')::Bool AS ephemeral, c.comment AS comment \
FROM system.columns AS c INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table \
WHERE c.database = currentDatabase() ORDER BY c.table, c.position";

const COHORTS: &str = "\
SELECT count() > 0 FROM (SELECT 1 FROM cells_open WHERE site = ? AND dim = 'cohort' LIMIT 1 \
UNION ALL SELECT 1 FROM cells WHERE site = ? AND dim = 'cohort' LIMIT 1)";

impl Store {
    /// Whether browsers told a site when they were first there.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn has_cohorts(&self, site: &SiteId) -> Result<bool, StoreError> {
        let query = self.client().query(COHORTS).bind(site.as_str()).bind(site.as_str());
        self.read(query.fetch_one::<bool>()).await
    }

    /// Every table of our database with its columns, sorted by name.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn tables(&self) -> Result<Vec<Table>, StoreError> {
        let rows = self.within(self.client().query(COLUMNS).fetch_all::<ColumnRow>()).await?;
        let mut tables: Vec<Table> = Vec::new();
        for row in rows {
            let column = Column { name: row.name, kind: row.kind, ephemeral: row.ephemeral, comment: row.comment };
            match tables.last_mut().filter(|table| table.name == row.table) {
                Some(table) => table.columns.push(column),
                None => tables.push(Table { name: row.table, comment: row.table_comment, columns: vec![column] }),
            }
        }
        Ok(tables)
    }
}
