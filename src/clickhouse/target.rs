//! How to reach a ClickHouse. Made from configuration for a server, by the supervisor for the embedded engine.

use std::fmt;
use std::path::PathBuf;

use crate::config::ClickHouse;

/// Address and account of a ClickHouse.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    /// `http://host:port`.
    pub url: String,
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
    /// The database our tables are in.
    pub database: String,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("url", &self.url)
            .field("user", &self.user)
            .field("password", &"(secret)")
            .field("database", &self.database)
            .finish()
    }
}

/// The configured server cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("clickhouse.password_file: cannot read {path}: {source}")]
pub struct TargetError {
    path: PathBuf,
    source: std::io::Error,
}

impl Target {
    /// The configured server; `None` when the embedded engine is to be used.
    ///
    /// # Errors
    /// The password file cannot be read.
    pub fn configured(config: &ClickHouse) -> Result<Option<Self>, TargetError> {
        if config.url.is_empty() {
            return Ok(None);
        }
        let password = match &config.password_file {
            Some(path) => first_line(path)?,
            None => config.password.clone(),
        };
        Ok(Some(Self {
            url: config.url.clone(),
            user: config.user.clone(),
            password,
            database: config.database.clone(),
        }))
    }
}

fn first_line(path: &PathBuf) -> Result<String, TargetError> {
    let text = std::fs::read_to_string(path).map_err(|source| TargetError { path: path.clone(), source })?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
