//! Which values are already counted: read once after a start, so that the caps on distinct values admit what they
//! had admitted before. Bounded by the caller.

use clickhouse::Row;
use serde::Deserialize;

use super::failure::StoreError;
use super::store::Store;
use crate::model::{Day, Dimension};

/// A value that has a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownValue {
    /// The site.
    pub site: String,
    /// The site-local day.
    pub day: Day,
    /// The dimension.
    pub dimension: Dimension,
    /// The value.
    pub value: String,
}

#[derive(Row, Deserialize)]
struct ValueRow {
    site: String,
    day: u16,
    dim: String,
    value: String,
}

const RECENT: &str = "\
SELECT site::String AS site, day, dim::String AS dim, value FROM cells_open \
WHERE day >= {since:Date} AND dim NOT IN ('total', 'opted_out', '') \
GROUP BY site, day, dim, value ORDER BY day DESC, sum(events) DESC, site, dim, value LIMIT {limit:UInt64}";

impl Store {
    /// Hands every value counted on `since` or later to `take`, newest day and largest count first, `limit` at most.
    ///
    /// # Errors
    /// ClickHouse is away; what was handed over stays handed over.
    pub async fn recent_values(
        &self,
        since: Day,
        limit: u64,
        mut take: impl FnMut(KnownValue),
    ) -> Result<(), StoreError> {
        let query = self.client().query(RECENT).param("since", since.to_string()).param("limit", limit);
        let walk = async {
            let mut cursor = query.fetch::<ValueRow>()?;
            while let Some(row) = cursor.next().await? {
                // A dimension this version does not know was written by a newer one: it has no cap here.
                let Some(dimension) = Dimension::ALL.into_iter().find(|known| known.code() == row.dim) else {
                    continue;
                };
                take(KnownValue { site: row.site, day: Day(row.day), dimension, value: row.value });
            }
            Ok(())
        };
        self.within(walk).await
    }
}
