//! What the privacy statement says of this server: its database, its salts, its registry.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::clickhouse::{self, Store};
use crate::clock::Clock;
use crate::http::statement::{Said, Stated};
use crate::model::RETENTION_MONTHS;
use crate::privacy::salt::SaltStore;
use crate::privacy::statement::{Column, Facts, SiteFacts, Statement, Table};
use crate::registry::{MIN_VISITORS, Registry};

/// Seconds for which the database's description of itself is remembered: anybody may ask for it.
const REMEMBERED: i64 = 60;

/// Brings the facts together.
pub struct Declared {
    store: Store,
    registry: Arc<Registry>,
    salts: Arc<SaltStore>,
    clock: Clock,
    /// When the tables were read, and what they were. Held while they are read, so that many who ask are one question.
    tables: Mutex<Option<(i64, Vec<Table>)>>,
}

impl Declared {
    /// Nothing is read yet.
    pub fn new(store: Store, registry: Arc<Registry>, salts: Arc<SaltStore>, clock: Clock) -> Self {
        Self { store, registry, salts, clock, tables: Mutex::default() }
    }

    /// The tables; those read before while the database is away.
    async fn tables(&self, now: i64) -> Option<Vec<Table>> {
        let mut known = self.tables.lock().await;
        let is_fresh = known.as_ref().is_some_and(|(at, _)| (0..REMEMBERED).contains(&(now - at)));
        if !is_fresh && let Ok(read) = self.store.tables().await {
            *known = Some((now, read.into_iter().map(table).collect()));
        }
        known.as_ref().map(|(_, tables)| tables.clone())
    }

    /// How a site is set that has a link for everybody; other sites are as if they were not there.
    async fn site(&self, id: &str) -> Option<SiteFacts> {
        let snapshot = self.registry.snapshot();
        let site = snapshot.site(id).filter(|_| snapshot.is_public(id))?;
        Some(SiteFacts {
            id: site.id.to_string(),
            min_visitors: site.min_visitors,
            strict: site.strict,
            retention_months: site.retention_months,
            timezone: site.timezone.iana_name().unwrap_or("UTC").to_owned(),
            cohorts: self.store.has_cohorts(&site.id).await.ok(),
        })
    }
}

impl Stated for Declared {
    fn statement<'a>(&'a self, site: Option<&'a str>) -> Said<'a> {
        Box::pin(async move {
            let now = self.clock.unix_seconds();
            Statement::new(Facts {
                version: env!("CARGO_PKG_VERSION"),
                said_at: jiff::Timestamp::from_second(now).unwrap_or_default().to_string(),
                min_visitors: MIN_VISITORS,
                retention_months: RETENTION_MONTHS,
                salts: self.salts.told(now),
                tables: self.tables(now).await,
                site: match site {
                    Some(site) => self.site(site).await,
                    None => None,
                },
            })
        })
    }
}

fn table(table: clickhouse::Table) -> Table {
    let column = |column: clickhouse::Column| Column {
        name: column.name,
        r#type: column.kind,
        meaning: column.comment,
        stored: !column.ephemeral,
    };
    Table { name: table.name, meaning: table.comment, columns: table.columns.into_iter().map(column).collect() }
}
