//! Log lines for people or for machines, on standard error.

use std::io::IsTerminal as _;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt as _, Targets};
use tracing_subscriber::layer::{Filter, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::config::{Log, LogFormat};

/// Libraries that speak HTTP: below a warning they log what they read and write (P9). Each stands for every target
/// that begins with it.
const QUIET: [&str; 5] = ["hyper", "clickhouse", "tower", "h2", "axum"];

/// Starts logging for the rest of the process.
///
/// # Errors
/// When `level` is not a level or list of directives, or when logging was started before.
pub fn start(config: &Log) -> anyhow::Result<()> {
    let filter = filter(&config.level)?;
    let registry = tracing_subscriber::registry();
    // Colours are for eyes: in a file or a journal they would cut every `key=value` in two.
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false).with_ansi(colours);
    match config.format {
        LogFormat::Text => registry.with(lines.compact().with_filter(filter)).try_init()?,
        LogFormat::Json => registry.with(lines.json().flatten_event(true).with_filter(filter)).try_init()?,
    }
    std::panic::set_hook(Box::new(|panic| report(panic.location())));
    Ok(())
}

/// What is configured, of which nothing can make the quiet ones speak.
fn filter<S: Subscriber>(level: &str) -> anyhow::Result<impl Filter<S> + use<S>> {
    let quiet = QUIET.map(|target| (target, LevelFilter::WARN));
    let quiet = Targets::new().with_default(LevelFilter::TRACE).with_targets(quiet);
    Ok(EnvFilter::try_new(level)?.and(quiet))
}

/// Says where a defect showed, and nothing else: the message of a panic may quote the text it failed on.
fn report(location: Option<&std::panic::Location<'_>>) {
    let (file, line) = location.map_or(("unknown", 0), |location| (location.file(), location.line()));
    tracing::error!(file, line, "a defect of this program; one request failed, please report the place");
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::{Context, Layer};

    use super::*;

    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Heard {
        fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
            let line = format!("{} {}", event.metadata().level(), event.metadata().target());
            self.0.lock().expect("nobody panics").push(line);
        }
    }

    fn heard(level: &str) -> Vec<String> {
        let heard = Heard::default();
        let subscriber =
            tracing_subscriber::registry().with(heard.clone().with_filter(filter(level).expect("a level")));
        tracing::subscriber::with_default(subscriber, || {
            tracing::trace!(target: "hyper::proto", "bytes");
            tracing::debug!(target: "hyper_util::client", "bytes");
            tracing::info!(target: "clickhouse::query", "a statement");
            tracing::warn!(target: "hyper::proto", "trouble");
            tracing::debug!(target: "headcount::clickhouse", "ours");
            tracing::info!(target: "headcount::app", "ours");
        });
        std::mem::take(&mut *heard.0.lock().expect("nobody panics"))
    }

    #[test]
    fn no_level_makes_libraries_say_what_they_carry() {
        let ours = ["WARN hyper::proto", "DEBUG headcount::clickhouse", "INFO headcount::app"];
        assert_eq!(heard("trace"), ours);
        assert_eq!(heard("trace,hyper::proto=trace,hyper_util::client=trace,clickhouse::query=trace"), ours);
        assert_eq!(heard("info"), ["WARN hyper::proto", "INFO headcount::app"]);
        assert_eq!(heard("info,hyper=error"), ["INFO headcount::app"]);
        assert_eq!(heard("off"), [""; 0]);
    }

    #[test]
    fn what_is_no_level_is_an_error() {
        assert!(filter::<tracing_subscriber::Registry>("loud=very").is_err());
    }
}
