//! `headcount goal …`

use std::io::Write;

use clap::{Args, Subcommand};

use super::{WHO, table};
use crate::registry::{GoalRecord, Refusal, Registry, SiteRecord};

/// What to do with goals.
#[derive(Debug, Subcommand)]
pub enum GoalCommand {
    /// Add a goal: a page, or an event
    #[command(after_help = "\
Examples:
  headcount goal add 'Thank you' --site blog --page /thanks
  headcount goal add Articles --site blog --page '/blog/**'
  headcount goal add Signup --site blog --event signup
  headcount goal add 'Pro signup' --site blog --event signup --property plan=pro

In a page pattern * is any text without a slash and ** any text. A goal counts from now on.")]
    Add(GoalAdd),
    /// List the goals of a site
    #[command(after_help = "Examples:\n  headcount goal list --site blog\n  headcount goal list --site blog --json")]
    List {
        /// The site
        #[arg(long, value_name = "ID")]
        site: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove a goal
    #[command(after_help = "\
Examples:
  headcount goal remove Signup --site blog

A goal that is a step of a funnel stays until the funnel is removed.")]
    Remove {
        /// The goal
        name: String,
        /// The site
        #[arg(long, value_name = "ID")]
        site: String,
    },
}

/// Arguments of `goal add`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("wanted").required(true))]
pub struct GoalAdd {
    /// Its name
    name: String,
    /// The site
    #[arg(long, value_name = "ID")]
    site: String,
    /// Pattern of the page's path
    #[arg(long, value_name = "PATTERN", group = "wanted")]
    page: Option<String>,
    /// Name of the event
    #[arg(long, value_name = "NAME", group = "wanted")]
    event: Option<String>,
    /// Property the event must carry
    #[arg(long, value_name = "KEY=VALUE", requires = "event")]
    property: Option<String>,
}

/// Runs a command on goals.
///
/// # Errors
/// What the registry refuses, or when output cannot be written.
pub fn run(command: GoalCommand, registry: &Registry, out: &mut dyn Write) -> anyhow::Result<()> {
    match command {
        GoalCommand::Add(given) => {
            let GoalAdd { name, site, page, event, property } = given;
            let goal = GoalRecord { name, page, event, property };
            let goal = registry.update(WHO, |draft| Ok(draft.add_goal(&site, goal)?))?;
            Ok(writeln!(out, "Goal {} of {site} is added.", goal.name)?)
        }
        GoalCommand::List { site, json } => list(registry, &site, json, out),
        GoalCommand::Remove { name, site } => {
            registry.update(WHO, |draft| Ok(draft.remove_goal(&site, &name)?))?;
            Ok(writeln!(out, "Goal {name} of {site} is removed.")?)
        }
    }
}

fn list(registry: &Registry, site: &str, json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let snapshot = registry.snapshot();
    let SiteRecord { goals, .. } = snapshot.record(site).ok_or_else(|| Refusal::NoSite(site.to_owned()))?;
    if json {
        return Ok(writeln!(out, "{}", serde_json::to_string_pretty(goals)?)?);
    }
    let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let row = |goal: &GoalRecord| vec![goal.name.clone(), shown(&goal.page), shown(&goal.event), shown(&goal.property)];
    let rows: Vec<_> = goals.iter().map(row).collect();
    Ok(table::write(out, &["GOAL", "PAGE", "EVENT", "PROPERTY"], &rows)?)
}
