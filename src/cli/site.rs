//! `headcount site …`

use std::io::Write;

use clap::{Args, Subcommand};

use super::{WHO, table};
use crate::registry::{Registry, SiteChange};

/// What to do with sites.
#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// Add a site
    #[command(after_help = "\
Examples:
  headcount site add example.org                              pages of example.org and its subdomains
  headcount site add blog --domain example.org --domain example.net
  headcount site add app --timezone America/New_York          an app, or pages of any host
  headcount site add shop --accept ga4:G-ABC123 --min-visitors 10
  headcount site add shop --filter-property plan --number cart_items
  headcount site add blog --exclude-path '/admin/**' --exclude-path /preview

ID is what events carry in `site`. Without --domain, an ID that is a host name accepts itself and its subdomains; any \
other ID accepts every host.")]
    Add(SiteAdd),
    /// List the sites
    #[command(after_help = "Examples:\n  headcount site list\n  headcount site list --json")]
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Change a site
    #[command(after_help = "\
Examples:
  headcount site edit blog --domain example.org --domain example.com
  headcount site edit blog --any-host
  headcount site edit blog --timezone Europe/Berlin --min-visitors 10
  headcount site edit blog --retention-months 12              what is older is removed within a day
  headcount site edit blog --crossings page,source,device     filters by these only; fewer rows are stored

Lists replace the old ones. Days that have been counted keep the time zone they were counted in.")]
    Edit(SiteEdit),
    /// Remove a site and everything it counted, its keys and the rights on it
    #[command(after_help = "\
Examples:
  headcount site remove blog

Its events are no longer counted, and every count of it is erased, for good, also what is still on its way. When \
ClickHouse is away that is done as soon as it is back; until then no site of this ID can be added.")]
    Remove {
        /// The site
        id: String,
    },
}

/// Arguments of `site add`.
#[derive(Debug, Args)]
pub struct SiteAdd {
    /// What events carry in `site`: letters, digits, dots, dashes, underscores
    id: String,
    /// Host whose pages are counted, with its subdomains; may be repeated
    #[arg(long = "domain", value_name = "HOST")]
    domains: Vec<String>,
    /// Time zone in which days begin [default: UTC]
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// Groups of fewer visitors are not shown [default: 5]
    #[arg(long, value_name = "K")]
    min_visitors: Option<u32>,
    /// Token of another product's client that sends to this site; may be repeated
    #[arg(long, value_name = "DIALECT:TOKEN")]
    accept: Vec<String>,
    /// Apply the minimum to every dimension, not only to filtered reports and to places finer than a country
    #[arg(long)]
    strict: bool,
    /// Months that counts are kept [default: 25]
    #[arg(long, value_name = "N")]
    retention_months: Option<u16>,
    /// Dimensions reports can be filtered by: all, none, or codes such as page,source,device
    #[arg(long, value_name = "all|none|CODE,…")]
    crossings: Option<String>,
    /// Property key that reports can be filtered by; may be repeated; to and form unless said
    #[arg(long = "filter-property", value_name = "KEY")]
    filter_properties: Vec<String>,
    /// Numeric property key of which the distribution is kept; may be repeated
    #[arg(long = "number", value_name = "KEY")]
    numbers: Vec<String>,
    /// Pattern of pages that are not counted; may be repeated
    #[arg(long = "exclude-path", value_name = "PATTERN")]
    excluded_paths: Vec<String>,
}

/// Arguments of `site edit`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("change").multiple(true).required(true))]
pub struct SiteEdit {
    /// The site
    id: String,
    /// Host whose pages are counted, with its subdomains; may be repeated
    #[arg(long = "domain", value_name = "HOST", group = "change")]
    domains: Vec<String>,
    /// Count pages of every host
    #[arg(long, conflicts_with = "domains", group = "change")]
    any_host: bool,
    /// Time zone in which days begin
    #[arg(long, value_name = "ZONE", group = "change")]
    timezone: Option<String>,
    /// Groups of fewer visitors are not shown
    #[arg(long, value_name = "K", group = "change")]
    min_visitors: Option<u32>,
    /// Token of another product's client that sends to this site; may be repeated
    #[arg(long, value_name = "DIALECT:TOKEN", group = "change")]
    accept: Vec<String>,
    /// Accept no other product's client
    #[arg(long, conflicts_with = "accept", group = "change")]
    accept_none: bool,
    /// Apply the minimum to every dimension, not only to filtered reports and to places finer than a country
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true", group = "change")]
    strict: Option<bool>,
    /// Months that counts are kept; what is older is removed within a day
    #[arg(long, value_name = "N", group = "change")]
    retention_months: Option<u16>,
    /// Dimensions reports can be filtered by: all, none, or codes such as page,source,device
    #[arg(long, value_name = "all|none|CODE,…", group = "change")]
    crossings: Option<String>,
    /// Property key that reports can be filtered by; may be repeated
    #[arg(long = "filter-property", value_name = "KEY", group = "change")]
    filter_properties: Vec<String>,
    /// Numeric property key of which the distribution is kept; may be repeated
    #[arg(long = "number", value_name = "KEY", group = "change")]
    numbers: Vec<String>,
    /// Pattern of pages that are not counted; may be repeated
    #[arg(long = "exclude-path", value_name = "PATTERN", group = "change")]
    excluded_paths: Vec<String>,
    /// Keep no property key to filter by
    #[arg(long, conflicts_with = "filter_properties", group = "change")]
    no_filter_properties: bool,
    /// Keep no distribution of a number
    #[arg(long, conflicts_with = "numbers", group = "change")]
    no_numbers: bool,
    /// Count every page
    #[arg(long, conflicts_with = "excluded_paths", group = "change")]
    no_excluded_paths: bool,
}

impl SiteCommand {
    /// The site that the command removes: what it counted has to be erased afterwards.
    pub fn removes(&self) -> Option<&str> {
        match self {
            Self::Remove { id } => Some(id),
            _ => None,
        }
    }
}

/// Runs a command on sites.
///
/// # Errors
/// What the registry refuses, or when output cannot be written.
pub fn run(command: SiteCommand, registry: &Registry, public_url: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    match command {
        SiteCommand::Add(given) => add(given, registry, public_url, out),
        SiteCommand::List { json } => list(registry, json, out),
        SiteCommand::Edit(given) => edit(given, registry, out),
        SiteCommand::Remove { id } => {
            registry.update(WHO, |draft| Ok(draft.remove_site(&id)?))?;
            Ok(writeln!(out, "Site {id} is removed, with its keys and rights.")?)
        }
    }
}

fn add(given: SiteAdd, registry: &Registry, public_url: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let change = SiteChange {
        domains: unless_empty(given.domains),
        timezone: given.timezone,
        min_visitors: given.min_visitors,
        accept: unless_empty(given.accept),
        strict: given.strict.then_some(true),
        retention_months: given.retention_months,
        crossings: given.crossings.as_deref().map(crossings),
        filter_properties: unless_empty(given.filter_properties),
        numbers: unless_empty(given.numbers),
        excluded_paths: unless_empty(given.excluded_paths),
    };
    let id = given.id;
    registry.update(WHO, |draft| Ok(draft.add_site(&id, change)?))?;
    writeln!(out, "Site {id} is added. Put this into its pages:")?;
    Ok(writeln!(out, "<script defer src=\"{public_url}/hc.js\" data-site=\"{id}\"></script>")?)
}

fn edit(given: SiteEdit, registry: &Registry, out: &mut dyn Write) -> anyhow::Result<()> {
    let change = SiteChange {
        domains: unless_empty(given.domains).or(given.any_host.then(Vec::new)),
        timezone: given.timezone,
        min_visitors: given.min_visitors,
        accept: unless_empty(given.accept).or(given.accept_none.then(Vec::new)),
        strict: given.strict,
        retention_months: given.retention_months,
        crossings: given.crossings.as_deref().map(crossings),
        filter_properties: unless_empty(given.filter_properties).or(given.no_filter_properties.then(Vec::new)),
        numbers: unless_empty(given.numbers).or(given.no_numbers.then(Vec::new)),
        excluded_paths: unless_empty(given.excluded_paths).or(given.no_excluded_paths.then(Vec::new)),
    };
    let id = given.id;
    registry.update(WHO, |draft| Ok(draft.edit_site(&id, change)?))?;
    Ok(writeln!(out, "Site {id} is changed.")?)
}

fn list(registry: &Registry, json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let snapshot = registry.snapshot();
    let sites = &snapshot.book().sites;
    if json {
        return Ok(writeln!(out, "{}", serde_json::to_string_pretty(sites)?)?);
    }
    let row = |site: &crate::registry::SiteRecord| {
        vec![
            site.id.clone(),
            table::list(&site.domains, "(every host)"),
            site.timezone.clone(),
            site.min_visitors.to_string(),
            table::list(&site.accept, "-"),
            table::date(site.created_at),
        ]
    };
    let rows: Vec<_> = sites.iter().map(row).collect();
    let titles = ["SITE", "DOMAINS", "TIME ZONE", "MIN VISITORS", "ACCEPTS", "ADDED"];
    Ok(table::write(out, &titles, &rows)?)
}

/// `all`, `none`, or codes with commas between them; the registry knows which codes there are.
fn crossings(text: &str) -> Option<Vec<String>> {
    match text {
        "all" => None,
        "none" => Some(Vec::new()),
        codes => Some(codes.split(',').map(|code| code.trim().to_owned()).collect()),
    }
}

fn unless_empty(items: Vec<String>) -> Option<Vec<String>> {
    (!items.is_empty()).then_some(items)
}
