//! Log lines for people or for machines, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Log, LogFormat};

/// Starts logging for the rest of the process.
///
/// # Errors
/// When `level` is not a level or list of directives, or when logging was started before.
pub fn start(config: &Log) -> anyhow::Result<()> {
    // Libraries that speak HTTP log what they read and write below this level.
    let quiet = ["hyper=warn", "hyper_util=warn", "clickhouse=warn", "tower=warn", "h2=warn"];
    let mut filter = EnvFilter::try_new(&config.level)?;
    for directive in quiet {
        filter = filter.add_directive(directive.parse()?);
    }
    let registry = tracing_subscriber::registry().with(filter);
    // Colours are for eyes: in a file or a journal they would cut every `key=value` in two.
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false).with_ansi(colours);
    match config.format {
        LogFormat::Text => registry.with(lines.compact()).try_init()?,
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init()?,
    }
    std::panic::set_hook(Box::new(|panic| report(panic.location())));
    Ok(())
}

/// Says where a defect showed, and nothing else: the message of a panic may quote the text it failed on.
fn report(location: Option<&std::panic::Location<'_>>) {
    let (file, line) = location.map_or(("unknown", 0), |location| (location.file(), location.line()));
    tracing::error!(file, line, "a defect of this program; one request failed, please report the place");
}
