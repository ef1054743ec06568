//! `headcount share …`

use std::io::{BufRead, Write};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::user::read_password;
use super::{WHO, table};
use crate::registry::{Refusal, Registry, ShareRecord, hash_password};

/// What to do with shared links.
#[derive(Debug, Subcommand)]
pub enum ShareCommand {
    /// Make a link with which anybody reads a site
    #[command(after_help = "\
Examples:
  headcount share add 'For the press' --site blog
  echo 'correct horse battery' | headcount share add Board --site blog --password-stdin

The link stands alone on standard output and is shown once: it is kept as a hash. Whoever has it sees the site's \
dashboard, with the minimum of visitors applied to every dimension; it may stand in a frame of any page.")]
    Add(ShareAdd),
    /// List the shared links of a site
    #[command(after_help = "Examples:\n  headcount share list --site blog\n  headcount share list --site blog --json")]
    List {
        /// The site
        #[arg(long, value_name = "ID")]
        site: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// End a shared link
    #[command(after_help = "Examples:\n  headcount share remove s0123abcd --site blog")]
    Remove {
        /// The link, as `share list` names it
        id: String,
        /// The site
        #[arg(long, value_name = "ID")]
        site: String,
    },
}

/// Arguments of `share add`.
#[derive(Debug, Args)]
pub struct ShareAdd {
    /// What it is called; readers see it
    name: String,
    /// The site
    #[arg(long, value_name = "ID")]
    site: String,
    /// Open it with a password only, the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

/// A link as JSON shows it.
#[derive(Serialize)]
struct Seen<'a> {
    id: &'a str,
    name: &'a str,
    has_password: bool,
    created_at: jiff::Timestamp,
}

/// Runs a command on shared links. `input` holds a password, when one is asked for.
///
/// # Errors
/// What the registry refuses, or when input cannot be read or output be written.
pub fn run(
    command: ShareCommand,
    registry: &Registry,
    public_url: &str,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    match command {
        ShareCommand::Add(given) => {
            let password = if given.password_stdin { Some(hash_password(&read_password(input)?)?) } else { None };
            let made = registry.update(WHO, |draft| draft.add_share(&given.site, &given.name, password))?;
            eprintln!("This link is shown once.");
            Ok(writeln!(out, "{public_url}/s/{}?share={}", given.site, made.1)?)
        }
        ShareCommand::List { site, json } => list(registry, &site, json, out),
        ShareCommand::Remove { id, site } => {
            registry.update(WHO, |draft| Ok(draft.remove_share(&site, &id)?))?;
            Ok(writeln!(out, "Link {id} of {site} is removed.")?)
        }
    }
}

fn list(registry: &Registry, site: &str, json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let snapshot = registry.snapshot();
    snapshot.record(site).ok_or_else(|| Refusal::NoSite(site.to_owned()))?;
    let shares = snapshot.book().shares.iter().filter(|share| share.site == site);
    if json {
        let seen: Vec<_> = shares.map(seen).collect();
        return Ok(writeln!(out, "{}", serde_json::to_string_pretty(&seen)?)?);
    }
    let guarded = |share: &ShareRecord| if share.password.is_some() { "yes" } else { "no" }.to_owned();
    let row =
        |share: &ShareRecord| vec![share.id.clone(), share.name.clone(), guarded(share), table::date(share.created_at)];
    let rows: Vec<_> = shares.map(row).collect();
    Ok(table::write(out, &["LINK", "NAME", "PASSWORD", "MADE"], &rows)?)
}

fn seen(share: &ShareRecord) -> Seen<'_> {
    let has_password = share.password.is_some();
    Seen { id: &share.id, name: &share.name, has_password, created_at: share.created_at }
}
