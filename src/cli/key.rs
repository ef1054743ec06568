//! `headcount key …`

use std::io::Write;

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::{WHO, table};
use crate::registry::{Key, Registry, Scope};

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Create a key and print it, alone on stdout, once
    #[command(after_help = "\
Examples:
  headcount key create --site blog --scope read
  KEY=$(headcount key create --site blog --scope read --label \"weekly report\")
  curl -H \"Authorization: Bearer $KEY\" -H 'Content-Type: application/json' \\
    -d '{\"site_id\":\"blog\",\"metrics\":[\"visitors\"],\"date_range\":\"7d\"}' http://127.0.0.1:8600/api/v2/query

Only a hash of it is kept: a lost key is revoked and replaced.")]
    Create(KeyCreate),
    /// List the keys, without the keys themselves
    #[command(after_help = "Examples:\n  headcount key list\n  headcount key list --site blog --json")]
    List {
        /// Only keys of this site
        #[arg(long, value_name = "ID")]
        site: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key
    #[command(after_help = "Examples:\n  headcount key revoke k1a2b3c4d")]
    Revoke {
        /// The key's name, as `key list` shows it
        id: String,
    },
}

/// A scope as typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ScopeWord {
    /// Ask for numbers
    Read,
    /// Send events, also on behalf of the clients they come from
    Write,
    /// Both, and be told why a hit was dropped
    Admin,
}

/// Arguments of `key create`.
#[derive(Debug, Args)]
pub struct KeyCreate {
    /// Site the key is for
    #[arg(long, value_name = "ID")]
    site: String,
    /// What it may do
    #[arg(long, value_enum)]
    scope: ScopeWord,
    /// A note for yourself
    #[arg(long, value_name = "TEXT", default_value = "")]
    label: String,
}

/// A key as JSON shows it.
#[derive(Serialize)]
struct Seen<'a> {
    id: &'a str,
    site: &'a str,
    scope: Scope,
    label: &'a str,
    created_at: jiff::Timestamp,
    expires_at: Option<jiff::Timestamp>,
    revoked_at: Option<jiff::Timestamp>,
}

/// Runs a command on keys.
///
/// # Errors
/// What the registry refuses, or when output cannot be written.
pub fn run(command: KeyCommand, registry: &Registry, out: &mut dyn Write) -> anyhow::Result<()> {
    match command {
        KeyCommand::Create(given) => {
            let scope = given.scope.into();
            let key = registry.update(WHO, |draft| draft.create_key(&given.site, scope, &given.label))?;
            eprintln!("This key is shown once; keep it like a password.");
            Ok(writeln!(out, "{key}")?)
        }
        KeyCommand::List { site, json } => list(registry, site.as_deref(), json, out),
        KeyCommand::Revoke { id } => {
            registry.update(WHO, |draft| Ok(draft.revoke_key(&id)?))?;
            Ok(writeln!(out, "Key {id} is revoked.")?)
        }
    }
}

fn list(registry: &Registry, site: Option<&str>, json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let snapshot = registry.snapshot();
    let wanted = |key: &&Key| site.is_none_or(|site| key.site == site);
    let keys: Vec<_> = snapshot.book().keys.iter().filter(wanted).collect();
    if json {
        let seen: Vec<_> = keys.iter().map(|key| seen(key)).collect();
        return Ok(writeln!(out, "{}", serde_json::to_string_pretty(&seen)?)?);
    }
    let row = |key: &&Key| {
        vec![
            key.id.clone(),
            key.site.clone(),
            key.scope.code().to_owned(),
            table::date(key.created_at),
            key.expires_at.map_or_else(|| "-".to_owned(), table::minute),
            key.revoked_at.map_or_else(|| "-".to_owned(), table::date),
            key.label.clone(),
        ]
    };
    let rows: Vec<_> = keys.iter().map(row).collect();
    Ok(table::write(out, &["KEY", "SITE", "SCOPE", "CREATED", "EXPIRES", "REVOKED", "LABEL"], &rows)?)
}

fn seen(key: &Key) -> Seen<'_> {
    Seen {
        id: &key.id,
        site: &key.site,
        scope: key.scope,
        label: &key.label,
        created_at: key.created_at,
        expires_at: key.expires_at,
        revoked_at: key.revoked_at,
    }
}

impl From<ScopeWord> for Scope {
    fn from(word: ScopeWord) -> Self {
        match word {
            ScopeWord::Read => Self::Read,
            ScopeWord::Write => Self::Write,
            ScopeWord::Admin => Self::Admin,
        }
    }
}
