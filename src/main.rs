//! The program: command line, configuration, dispatch. Everything else is in the library.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Parser;
use headcount::app;
use headcount::cli::{self, Cli, Command};
use headcount::clickhouse::engine;
use headcount::clock::Clock;
use headcount::config::Config;
use headcount::demo;
use headcount::import;
use headcount::registry::{self, Registry};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let command = cli.command.unwrap_or(Command::Serve);
    if let Command::Engine(arguments) = command {
        engine::run_child(arguments.arguments);
    }
    let config = match cli::configuration(cli.config) {
        Ok(config) => config,
        Err(errors) => {
            for error in errors {
                eprintln!("headcount: {error}");
            }
            return ExitCode::from(2);
        }
    };
    match run(command, config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("headcount: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, config: Config) -> anyhow::Result<()> {
    let mut out = io::stdout();
    let url = config.listen.url();
    let registry = || {
        let registry = Registry::open(&config.state_dir)?;
        registry.bound_audit(config.log.audit_max_mib << 20);
        anyhow::Ok(registry)
    };
    match command {
        Command::Serve | Command::Engine(_) => app::run(config),
        Command::Demo(arguments) => {
            demo::run(&arguments, &*registry()?, config.listen.public, &mut out)?;
            if arguments.days > 1 { app::seal_filled(&config, &arguments.site, &mut out) } else { Ok(()) }
        }
        Command::Check => cli::check::run(&config, &mut out),
        Command::Site(command) => {
            let removed = command.removes().map(str::to_owned);
            cli::site::run(command, &*registry()?, &url, &mut out)?;
            removed.map_or(Ok(()), |site| app::erase(&config, &site, &mut out))
        }
        Command::Export(arguments) => app::export(&config, &arguments, &mut out),
        Command::Import(arguments) => {
            Ok(import::run(&arguments, &*registry()?, (&config.state_dir, config.listen.public), &mut out)?)
        }
        Command::User(command) => cli::user::run(command, &*registry()?, &url, &mut io::stdin().lock(), &mut out),
        Command::Goal(command) => cli::goal::run(command, &*registry()?, &mut out),
        Command::Funnel(command) => cli::funnel::run(command, &*registry()?, &mut out),
        Command::Key(command) => cli::key::run(command, &*registry()?, &mut out),
        Command::Share(command) => cli::share::run(command, &*registry()?, &url, &mut io::stdin().lock(), &mut out),
        Command::Seal(arguments) => app::seal(&config, arguments, &mut out),
        Command::Audit { json } => audit(&config, json, &mut out),
    }
}

/// An audit changes nothing: the registry is looked at, not opened.
fn audit(config: &Config, json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let registry = registry::look(&config.state_dir, &Clock::System)?;
    let stored = app::stored(config)?;
    if stored.is_none() && !config.state_dir.exists() {
        let directory = config.state_dir.display();
        bail!("there is no state directory {directory}: nothing was kept there yet, or `state_dir` is to name another");
    }
    let audited = cli::audit::Audited {
        state_dir: &config.state_dir,
        registry: registry.as_ref(),
        tables: stored.as_ref().map(|(tables, _)| tables.as_slice()),
        rows: stored.as_ref().map(|(_, rows)| rows),
        now: jiff::Timestamp::from_second(Clock::System.unix_seconds())?,
    };
    match cli::audit::run(&audited, json, out).context("the state directory cannot be read; run this as its owner")? {
        0 => Ok(()),
        _ => bail!(
            "a rule is broken: mend modes with `chmod -R go= DIR`; a running server destroys old salts and seals days"
        ),
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
