//! `headcount check`: the configuration as the program sees it.

use std::io::Write;

use toml::{Table, Value};

use crate::config::Config;

/// Writes the resolved configuration as TOML; secrets as `(secret)`.
///
/// # Errors
/// When it cannot be written.
pub fn run(config: &Config, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut table = Table::try_from(config)?;
    let clickhouse = table.get_mut("clickhouse").and_then(Value::as_table_mut);
    if let Some(section) = clickhouse.filter(|_| !config.clickhouse.password.is_empty()) {
        section.insert("password".into(), Value::String("(secret)".into()));
    }
    write!(out, "{}", toml::to_string(&table)?)?;
    Ok(())
}
