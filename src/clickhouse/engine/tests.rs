//! One engine, or two on one directory: locks, accounts, files, the end.

use std::time::Duration;

use super::{Engine, EngineError, attach, start_once};
use crate::clickhouse::Store;
use crate::clickhouse::testing::{settings, start_parent};
use crate::files::test_directory;

#[tokio::test]
async fn a_second_engine_on_the_same_directory_is_locked_out_and_the_first_can_be_attached_to() {
    let directory = test_directory();
    let first = Engine::start(settings(directory.path())).await.expect("starts");
    let target = attach(&settings(directory.path())).await.expect("answers");
    assert_eq!(target, *first.targets().borrow());
    let second = start_once(&settings(directory.path())).await;
    assert!(matches!(second, Err(EngineError::Locked { .. })), "{second:?}");
    // The one that failed has taken nothing from the one that runs.
    let store = Store::connect(first.targets(), Duration::from_secs(5));
    assert_eq!(store.ping().await, Ok(()));
    assert_eq!(attach(&settings(directory.path())).await, Some(target));
    drop(first);
}

#[tokio::test]
async fn nobody_gets_in_without_the_password_and_files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let directory = test_directory();
    let engine = Engine::start(settings(directory.path())).await.expect("starts");
    let mut target = engine.targets().borrow().clone();
    let store = Store::fixed(target.clone(), Duration::from_secs(5));
    let query = store.client_of_server().query("SELECT count() FROM file('/etc/passwd', LineAsString)");
    let refused = store.within(query.execute()).await.map_err(|error| error.to_string());
    assert_eq!(refused, Err("ClickHouse answered 497 ACCESS_DENIED".to_owned()));
    target.password = "guess".to_owned();
    let refused = Store::fixed(target.clone(), Duration::from_secs(5)).ping().await.map_err(|e| e.to_string());
    assert_eq!(refused, Err("ClickHouse answered 516 AUTHENTICATION_FAILED".to_owned()));
    (target.user, target.password) = ("default".to_owned(), String::new());
    let refused = Store::fixed(target, Duration::from_secs(5)).ping().await.map_err(|e| e.to_string());
    assert_eq!(refused, Err("ClickHouse answered 700 USER_SESSION_LIMIT_EXCEEDED".to_owned()));
    let mode = |name: &str| {
        let path = directory.path().join("engine").join(name);
        std::fs::metadata(path).expect("is there").permissions().mode() & 0o777
    };
    let modes = ["", "config.xml", "users.xml", "password", "port", "data"].map(mode);
    assert_eq!(modes, [0o700, 0o600, 0o600, 0o600, 0o600, 0o700]);
    drop(engine);
}

#[tokio::test]
async fn closing_standard_input_ends_the_engine_and_lets_the_next_one_in() {
    let directory = test_directory();
    let settings = settings(directory.path());
    let mut first = start_once(&settings).await.expect("starts");
    let waiting = tokio::spawn(Engine::start(settings.clone()));
    drop(first.stdin.take());
    let status = first.child.wait().await.expect("it can be waited for");
    assert!(status.success(), "{status}");
    let next = waiting.await.expect("no panic").expect("waits for the lock, then starts");
    assert_eq!(attach(&settings).await, Some(next.targets().borrow().clone()));
}

#[tokio::test]
async fn an_engine_does_not_outlive_a_killed_collector() {
    let directory = test_directory();
    let settings = settings(directory.path());
    let mut parent = start_parent(directory.path());
    let story = async {
        while attach(&settings).await.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        parent.kill().expect("it can be killed");
        while attach(&settings).await.is_some() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Engine::start(settings.clone()).await.map(drop)
    };
    let outcome = tokio::time::timeout(Duration::from_secs(60), story).await;
    parent.wait().expect("it was killed");
    assert!(matches!(outcome, Ok(Ok(()))), "{outcome:?}");
}
