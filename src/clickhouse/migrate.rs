//! Brings the tables to the version this program knows: numbered files, forward only, each recorded once applied.
//! Called at start. Every statement is repeatable (`IF NOT EXISTS`), which makes two starts at once, or a start that
//! was killed half way, safe without a lock.

use super::failure::StoreError;
use super::store::Store;

/// One numbered file.
struct Migration {
    version: u32,
    name: &'static str,
    sql: &'static str,
}

/// Every migration, oldest first. Released files are never edited.
const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "cells_open", sql: include_str!("migrations/0001_cells_open.sql") },
    Migration { version: 2, name: "counting", sql: include_str!("migrations/0002_counting.sql") },
    Migration { version: 3, name: "receipts", sql: include_str!("migrations/0003_receipts.sql") },
    Migration { version: 4, name: "synced_merges", sql: include_str!("migrations/0004_synced_merges.sql") },
];

const LEDGER: &str = "\
CREATE TABLE IF NOT EXISTS schema_migrations (\
`version` UInt32 COMMENT 'Number of the migration', \
`name` String COMMENT 'Its name', \
`applied_at` DateTime('UTC') DEFAULT now() COMMENT 'When it was applied') \
ENGINE = MergeTree ORDER BY version COMMENT 'Changes made to the tables'";

impl Store {
    /// Creates the database when absent and applies what is missing. Safe to call at any time, by several at once.
    ///
    /// # Errors
    /// ClickHouse is away, the account may not create tables, or the tables are of a newer version.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.create_database().await?;
        self.within(self.client().query_raw(LEDGER).execute()).await?;
        let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
        let found = self.schema_version().await?;
        if found > known {
            return Err(StoreError::NewerSchema { found, known });
        }
        for migration in MIGRATIONS.iter().filter(|migration| migration.version > found) {
            self.apply(migration).await?;
        }
        Ok(())
    }

    /// Creates the database unless it is there: an account that may not create databases can still use one.
    async fn create_database(&self) -> Result<(), StoreError> {
        let server = self.client_of_server();
        let database = self.database();
        let there = server.query("SELECT count() FROM system.databases WHERE name = {database:String}");
        if self.within(there.param("database", &database).fetch_one::<u64>()).await? > 0 {
            return Ok(());
        }
        let create = server.query("CREATE DATABASE IF NOT EXISTS {database:Identifier}");
        self.within(create.param("database", &database).execute()).await
    }

    /// Version of the newest migration applied; 0 for none.
    async fn schema_version(&self) -> Result<u32, StoreError> {
        let newest = self.client().query("SELECT max(version) FROM schema_migrations").fetch_one();
        self.within(newest).await
    }

    async fn apply(&self, migration: &Migration) -> Result<(), StoreError> {
        for statement in migration.sql.split(";\n").filter(|statement| !statement.trim().is_empty()) {
            self.within(self.client().query_raw(statement).execute()).await?;
        }
        let record = self
            .client()
            .query("INSERT INTO schema_migrations (version, name) SELECT {version:UInt32}, {name:String}")
            .param("version", migration.version)
            .param("name", migration.name);
        self.within(record.execute()).await
    }
}

#[cfg(test)]
mod tests {
    use super::MIGRATIONS;

    #[test]
    fn numbers_have_no_gaps_and_files_repeat_safely() {
        for (position, migration) in MIGRATIONS.iter().enumerate() {
            assert_eq!(migration.version as usize, position + 1);
            for statement in migration.sql.split(";\n").filter(|text| !text.trim().is_empty()) {
                let repeats = ["IF NOT EXISTS", "COMMENT COLUMN IF EXISTS", "MODIFY SETTING"];
                assert!(repeats.iter().any(|repeats| statement.contains(repeats)), "{}", migration.name);
            }
        }
    }
}
