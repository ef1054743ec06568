//! `headcount funnel …`

use std::io::Write;

use clap::{Args, Subcommand};

use super::{WHO, table};
use crate::registry::{FunnelRecord, Refusal, Registry, SiteRecord};

/// What to do with funnels.
#[derive(Debug, Subcommand)]
pub enum FunnelCommand {
    /// Add a funnel: goals that follow each other within one visitor's day
    #[command(after_help = "\
Examples:
  headcount funnel add Checkout --site shop --step Cart --step Payment --step 'Thank you'

Steps are goals of the site, 2 to 8, each once. A funnel counts from now on.")]
    Add(FunnelAdd),
    /// List the funnels of a site
    #[command(
        after_help = "Examples:\n  headcount funnel list --site shop\n  headcount funnel list --site shop --json"
    )]
    List {
        /// The site
        #[arg(long, value_name = "ID")]
        site: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove a funnel
    #[command(after_help = "Examples:\n  headcount funnel remove f1a2b3c4d --site shop")]
    Remove {
        /// The funnel's id, as `funnel list` shows it
        id: String,
        /// The site
        #[arg(long, value_name = "ID")]
        site: String,
    },
}

/// Arguments of `funnel add`.
#[derive(Debug, Args)]
pub struct FunnelAdd {
    /// Its name
    name: String,
    /// The site
    #[arg(long, value_name = "ID")]
    site: String,
    /// A goal; repeated, in order
    #[arg(long = "step", value_name = "GOAL")]
    steps: Vec<String>,
}

/// Runs a command on funnels.
///
/// # Errors
/// What the registry refuses, or when output cannot be written.
pub fn run(command: FunnelCommand, registry: &Registry, out: &mut dyn Write) -> anyhow::Result<()> {
    match command {
        FunnelCommand::Add(FunnelAdd { name, site, steps }) => {
            let funnel = registry.update(WHO, |draft| draft.add_funnel(&site, &name, steps))?;
            Ok(writeln!(out, "Funnel {} of {site} is added; its id is {}.", funnel.name, funnel.id)?)
        }
        FunnelCommand::List { site, json } => list(registry, &site, json, out),
        FunnelCommand::Remove { id, site } => {
            registry.update(WHO, |draft| Ok(draft.remove_funnel(&site, &id)?))?;
            Ok(writeln!(out, "Funnel {id} of {site} is removed.")?)
        }
    }
}

fn list(registry: &Registry, site: &str, json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let snapshot = registry.snapshot();
    let SiteRecord { funnels, .. } = snapshot.record(site).ok_or_else(|| Refusal::NoSite(site.to_owned()))?;
    if json {
        return Ok(writeln!(out, "{}", serde_json::to_string_pretty(funnels)?)?);
    }
    let row = |funnel: &FunnelRecord| {
        vec![funnel.id.clone(), funnel.name.clone(), funnel.steps.join(" > "), table::date(funnel.created_at)]
    };
    let rows: Vec<_> = funnels.iter().map(row).collect();
    Ok(table::write(out, &["FUNNEL", "NAME", "STEPS", "ADDED"], &rows)?)
}
