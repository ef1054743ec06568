//! The command line: what can be typed, and the commands that need no server. `main` parses and dispatches; `serve`,
//! `demo` and `engine` are only described here. Exit codes: 0 done, 1 refused or failed, 2 usage or configuration.

pub mod audit;
mod audit_disk;
mod audit_json;
mod audit_rules;
pub mod check;
pub mod export;
pub mod funnel;
pub mod goal;
pub mod import;
pub mod key;
pub mod seal;
pub mod share;
pub mod site;
mod table;
pub mod user;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::config::{self, Config, ConfigError};

/// Who the audit list names for changes made here.
const WHO: &str = "cli";

const EXAMPLES: &str = "\
Examples:
  headcount                                            start on http://127.0.0.1:8600 with the embedded engine
  headcount serve --config /etc/headcount.toml         start with a configuration
  headcount check --config /etc/headcount.toml         print that configuration, or all that is wrong with it
  headcount site add example.org --timezone Europe/Berlin
  headcount key create --site example.org --scope read
  headcount demo --hits 20000                          realistic traffic for a running server

Configuration: defaults, then the file of --config (or HEADCOUNT_CONFIG), then HEADCOUNT_SECTION__KEY variables, such \
as HEADCOUNT_LISTEN__PUBLIC=0.0.0.0:8600. config/headcount.toml documents every key. State is kept in \
HEADCOUNT_STATE_DIR (./state). Commands work whether the server runs or not, and take effect within two seconds.

Exit codes: 0 done; 1 refused or failed (one line on stderr says why and what to do); 2 usage or configuration.";

/// Headcount counts people and keeps nobody: privacy-preserving analytics for websites and apps.
#[derive(Debug, Parser)]
#[command(name = "headcount", version, max_term_width = 110, after_help = EXAMPLES)]
pub struct Cli {
    /// Configuration file (TOML); also HEADCOUNT_CONFIG. None is read unless named
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do; serve unless said otherwise.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the collector, dashboards and API (the default)
    #[command(after_help = "\
Examples:
  headcount serve
  HEADCOUNT_LISTEN__PUBLIC=0.0.0.0:8600 headcount serve --config /etc/headcount.toml

The first start prints a one-time link with which the owner sets a password; every start does until that is done. \
Stop it with SIGTERM or Ctrl-C: hits in memory are written first. A second signal ends it at once.")]
    Serve,
    /// Print the resolved configuration, or every error in it (exit code 2)
    #[command(after_help = "\
Examples:
  headcount check
  headcount check --config /etc/headcount.toml

Prints TOML: defaults, file and environment together. Secrets are shown as (secret).")]
    Check,
    /// Add, list, edit or remove sites
    #[command(subcommand)]
    Site(site::SiteCommand),
    /// Add, list, edit or remove users of the dashboards
    #[command(subcommand)]
    User(user::UserCommand),
    /// Add, list or remove goals of a site
    #[command(subcommand)]
    Goal(goal::GoalCommand),
    /// Add, list or remove funnels of a site
    #[command(subcommand)]
    Funnel(funnel::FunnelCommand),
    /// Create, list or revoke keys of the API
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Make, list or remove links with which anybody reads a site
    #[command(subcommand)]
    Share(share::ShareCommand),
    /// Send realistic traffic through the real endpoints of a running server
    #[command(after_help = "\
Examples:
  headcount demo                            2000 hits of today
  headcount demo --hits 200000 --rate 2000  200000 hits, 2000 a second
  headcount demo --hits 50000 --days 14     spread over two weeks

The same seed sends the same hits. The server must run; it is found through the configuration.")]
    Demo(DemoArgs),
    /// Seal days that are over: integers only, groups of few folded, the day's random key destroyed
    #[command(after_help = "\
Examples:
  headcount seal                                   everything that is due
  headcount seal --site example.org --day yesterday
  headcount seal --day today --now                 a day that is not over: it counts no more visitors
  headcount seal --site example.org --filled       the past days an import has filled in

A running server does this by itself two hours after each site's midnight. Later events of a sealed day are added to \
its counts, but to no visitors.")]
    Seal(seal::SealArgs),
    /// Write published numbers of a site to a file
    #[command(after_help = "\
Examples:
  headcount export --site blog --from 2026-01-01 --to 2026-12-31 > blog.csv
  headcount export --site blog --from 2026-11-01 --to today --table crossings --format parquet --output blog.parquet

Cells hold counts of one attribute, crossings of two. Everything is under the rules of every other reader: groups of few \
visitors are not there. Days that are not sealed yet have `sealed` false and may still grow.")]
    Export(export::ExportArgs),
    /// Count past access logs and what other products exported
    #[command(after_help = "\
Examples:
  headcount import --site blog --format combined /var/log/nginx/access.log.2.gz /var/log/nginx/access.log.1
  headcount import --site blog --format combined --follow /var/log/nginx/access.log
  headcount import --site blog --format jsonl --field agent=ua --field uri=request.path access.json
  headcount import --site shop --format mixpanel events.jsonl
  headcount import --site blog --format plausible export.zip

The server must run; it is found through the configuration. Give files in the order of their time. What was imported \
before is not counted again: a run that was cut short is simply started again, and a file that has grown goes on where \
it ended. Days up to 800 back have visitors and visits if they were never finished here.")]
    Import(import::ImportArgs),
    /// Show what is stored about people; exit code 1 if a rule is broken
    #[command(after_help = "\
Examples:
  headcount audit
  headcount audit --json | jq .holds
  HEADCOUNT_STATE_DIR=/var/lib/headcount headcount audit

Rules checked: nothing in the state directory can be read by others (mode 0700, files 0600); no salt and no sketch is \
older than its site's day and the two hours after it; sealed days hold integers only, and no crossing of fewer visitors \
than their k; nothing is left of seals that were cut short, or of removed sites; of who opted out there is a number a \
day; no table has a column but the known ones. What the tables hold is looked at when ClickHouse can be reached.")]
    Audit {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Run the embedded ClickHouse engine; started by `serve`
    #[command(hide = true)]
    Engine(EngineArgs),
}

/// Arguments of `demo`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct DemoArgs {
    /// Hits to send
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub hits: u64,
    /// Days to spread them over, today and those before it (1 to 366)
    #[arg(long, value_name = "D", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=366))]
    pub days: u32,
    /// Hits a second; 0: as fast as the server takes them
    #[arg(long, value_name = "R", default_value_t = 0)]
    pub rate: u32,
    /// Site to send them to
    #[arg(long, value_name = "ID", default_value = "demo")]
    pub site: String,
    /// Seed of the random choices
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub seed: u64,
}

/// Arguments of `engine`, handed to the engine as they are.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct EngineArgs {
    /// Arguments of ClickHouse
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<OsString>,
}

/// The configuration of a command: `--config`, else `HEADCOUNT_CONFIG`, else no file.
///
/// # Errors
/// Every error in it.
pub fn configuration(named: Option<PathBuf>) -> Result<Config, Vec<ConfigError>> {
    let variable = || std::env::var_os("HEADCOUNT_CONFIG").filter(|path| !path.is_empty());
    let file = named.or_else(|| variable().map(PathBuf::from));
    config::load(file.as_deref())
}

#[cfg(test)]
mod tests;
