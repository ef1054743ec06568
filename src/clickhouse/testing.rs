//! A real engine for tests. The child is the test program itself, told by an environment variable to be one.

use std::path::Path;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::Store;
use super::engine::{Engine, Launcher, Settings, Status, run_child};
use crate::files::{TestDirectory, test_directory};

const VARIABLE: &str = "HEADCOUNT_TEST_ENGINE";

/// Not a test: the engine child of the tests below.
#[test]
#[ignore = "the engine child of other tests"]
fn engine_child() {
    if let Some(arguments) = std::env::var_os(VARIABLE) {
        let arguments = arguments.into_string().expect("made of text by the launcher");
        run_child(arguments.split('\u{1f}').map(Into::into));
    }
}

const PARENT_VARIABLE: &str = "HEADCOUNT_TEST_ENGINE_PARENT";

/// Not a test: a collector that starts an engine and is then killed by one.
#[tokio::test]
#[ignore = "the parent process of a test"]
async fn engine_parent() {
    if let Some(directory) = std::env::var_os(PARENT_VARIABLE) {
        let _engine = Engine::start(settings(Path::new(&directory))).await.expect("starts");
        std::future::pending::<()>().await;
    }
}

/// Starts another process that runs an engine in `directory`.
pub(crate) fn start_parent(directory: &Path) -> std::process::Child {
    std::process::Command::new(std::env::current_exe().expect("the test program has a path"))
        .args(["--exact", "clickhouse::testing::engine_parent", "--ignored"])
        .env(PARENT_VARIABLE, directory)
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the test program can be started")
}

/// Settings of an engine in `state_dir`, its child being the test program.
pub(crate) fn settings(state_dir: &Path) -> Settings {
    Settings {
        state_dir: state_dir.to_owned(),
        library: std::env::var_os("HEADCOUNT_ENGINE__LIBRARY").map(Into::into),
        memory_mib: 1024,
        threads: 2,
        database: "headcount".to_owned(),
        launcher: Launcher {
            program: std::env::current_exe().expect("the test program has a path"),
            arguments: ["--exact", "clickhouse::testing::engine_child", "--ignored", "--nocapture"]
                .map(Into::into)
                .to_vec(),
            variable: Some(VARIABLE),
        },
    }
}

/// A supervised engine with our tables, and a store on it.
pub(crate) struct TestEngine {
    pub(crate) store: Store,
    pub(crate) status: std::sync::Arc<Status>,
    pub(crate) process_id: u32,
    stop: CancellationToken,
    task: JoinHandle<()>,
    // Last, so that it goes last.
    _directory: TestDirectory,
}

impl TestEngine {
    pub(crate) async fn start() -> Self {
        let directory = test_directory();
        let engine = Engine::start(settings(directory.path())).await.expect("the engine starts");
        let store = Store::connect(engine.targets(), Duration::from_secs(30));
        store.migrate().await.expect("the tables are made");
        let stop = CancellationToken::new();
        Self {
            store,
            status: engine.status(),
            process_id: engine.process_id().expect("a running child has an id"),
            task: tokio::spawn(engine.run(stop.clone())),
            stop,
            _directory: directory,
        }
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.task.await.expect("the supervisor ends");
    }
}

impl Store {
    /// Runs a statement that answers nothing, for tests outside this folder.
    pub(crate) async fn run(&self, statement: &str) {
        self.client().query(statement).with_setting("async_insert", "0").execute().await.expect("it runs");
    }

    /// How many `SELECT`s the engine has answered.
    pub(crate) async fn selects(&self) -> u64 {
        let text = "SELECT sum(value) FROM system.events WHERE event = 'SelectQuery'";
        self.client().query(text).fetch_one().await.expect("it is answered")
    }

    /// The one text column a statement answers with, for tests outside this folder.
    pub(crate) async fn texts(&self, statement: &str) -> Vec<String> {
        self.client().query(statement).fetch_all().await.expect("it is answered")
    }
}
