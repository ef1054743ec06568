//! One start of the child: spawn, wait until it answers, report why not. Called by the supervisor.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::Instant;

use super::files::{DATA, PORT, failed, prepare, target};
use super::{EngineError, Launcher, Program, Settings, discover, ping};
use crate::clickhouse::Target;

/// Time an engine has to become ready. It takes half a second; a large directory on a slow disk takes longer.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// Time between two looks at a starting engine.
const LOOK: Duration = Duration::from_millis(10);
/// How much of what a failing engine says is kept.
const LAST_WORDS: usize = 600;

/// A child that answers.
#[derive(Debug)]
pub(crate) struct Running {
    /// The process. Killed when dropped.
    pub(crate) child: Child,
    /// Its life line. Kept apart, since waiting for a child closes the standard input it still holds.
    pub(crate) stdin: Option<ChildStdin>,
    /// Its port.
    pub(crate) port: u16,
    /// How to reach it.
    pub(crate) target: Target,
}

/// Starts the engine and waits until it answers.
pub(crate) async fn start(settings: &Settings) -> Result<Running, EngineError> {
    let program = discover(settings.library.as_deref())?;
    let password = prepare(settings)?;
    let directory = settings.directory();
    // Each start announces its port in a file of its own: one that fails must not hide the one that runs.
    let announced = format!("{PORT}.{}.new", std::process::id());
    // Absolute: given a relative path, ClickHouse starts and then fails every insert with FILE_DOESNT_EXIST.
    let data = std::path::absolute(directory.join(DATA)).map_err(failed(&directory))?;
    let announcement = directory.join(&announced);
    let _ = std::fs::remove_file(&announcement);
    let mut child = command(&program, &settings.launcher, &engine_arguments(&announced, &data))
        .current_dir(&directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|source| EngineError::Spawn { source })?;
    let stdin = child.stdin.take();
    let outcome = until_ready(&mut child, &announcement).await;
    let Ok(port) = outcome else {
        let _ = std::fs::remove_file(&announcement);
        return Err(explain(outcome.err(), child, settings).await);
    };
    let place = directory.join(PORT);
    // ClickHouse made the file, with the rights it gives its own.
    std::fs::set_permissions(&announcement, PermissionsExt::from_mode(0o600))
        .and_then(|()| std::fs::rename(&announcement, &place))
        .map_err(failed(&place))?;
    // Nobody listens from here on: what a running engine says may quote data.
    drop(child.stderr.take());
    Ok(Running { child, stdin, port, target: target(settings, port, password) })
}

/// What ClickHouse is told. Its working directory is the engine's own, so that no path needs quoting in SQL. The last
/// statement blocks until standard input closes, and needs no right to read files.
fn engine_arguments(announced: &str, data: &Path) -> Vec<OsString> {
    let statements = format!(
        "SYSTEM START LISTEN HTTP; SELECT getServerPort('http_port') INTO OUTFILE '{announced}' FORMAT TSV; \
         INSERT INTO FUNCTION null('line String') FROM INFILE '/dev/stdin' FORMAT LineAsString"
    );
    let mut path = OsString::from("--path=");
    path.push(data);
    vec![
        "--config-file=config.xml".into(),
        path,
        "--listen_host=127.0.0.1".into(),
        "--http_port=0".into(),
        format!("--query={statements}").into(),
    ]
}

fn command(program: &Program, launcher: &Launcher, arguments: &[OsString]) -> Command {
    let library = match program {
        Program::Library(library) => library,
        Program::ClickHouse(path) => {
            let mut command = Command::new(path);
            command.arg("local").args(arguments);
            return command;
        }
    };
    let mut command = Command::new(&launcher.program);
    command.args(&launcher.arguments);
    let Some(variable) = launcher.variable else {
        command.arg(library).args(arguments);
        return command;
    };
    let mut all = vec![library.clone().into_os_string()];
    all.extend_from_slice(arguments);
    command.env(variable, all.join("\u{1f}".as_ref()));
    command
}

/// Waits for the announcement of the port, then for the first answer. `None`: the child has ended.
async fn until_ready(child: &mut Child, announcement: &Path) -> Result<u16, Option<EngineError>> {
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        if let Some(port) = announced_port(announcement)
            && ping::answers(port).await
        {
            return Ok(port);
        }
        match child.try_wait() {
            Ok(Some(_)) => return Err(None),
            Ok(None) => {}
            Err(source) => return Err(Some(EngineError::Spawn { source })),
        }
        if Instant::now() > deadline {
            let seconds = READY_WITHIN.as_secs();
            return Err(Some(EngineError::Slow { seconds }));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The port, once the whole line is there.
fn announced_port(file: &Path) -> Option<u16> {
    std::fs::read_to_string(file).ok()?.strip_suffix('\n')?.parse().ok()
}

/// The error of a start that failed: the one that is known, else what the child said last.
async fn explain(known: Option<Option<EngineError>>, mut child: Child, settings: &Settings) -> EngineError {
    if let Some(Some(error)) = known {
        return error;
    }
    let mut said = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        // A child that ended leaves a finite rest; one that handed its end to somebody must not hold us up.
        let mut rest = stderr.take(64 * 1024);
        let _ = tokio::time::timeout(Duration::from_secs(1), rest.read_to_end(&mut said)).await;
    }
    let said = String::from_utf8_lossy(&said);
    if said.contains("Cannot lock file") {
        let path = settings.directory();
        return EngineError::Locked { path };
    }
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
    let last_words = line.chars().take(LAST_WORDS).collect();
    EngineError::Ended { last_words }
}
