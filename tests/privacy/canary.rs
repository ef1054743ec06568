//! The canary: marks in everything a person sends, through every way in; then every byte at rest is searched.

use std::path::PathBuf;

use serde_json::json;

use crate::ENVIRONMENT;
use crate::engine::dump;
use crate::marks::{Found, Searcher};
use crate::planted::{self, CONTROLS};
use crate::support::http::Answer;
use crate::support::server::{Server, files_below};
use crate::support::{until, until_equal};

const PASSWORD: &str = "zq-password-of-the-owner";

/// A collector that tells as much as it can, with a site of its own, keys and a person signed in.
struct Canary {
    server: Server,
    write: String,
    read: String,
    token: String,
    cookie: String,
}

fn canary() -> Canary {
    let talkative = [
        ("HEADCOUNT_LOG__LEVEL", "trace"),
        ("HEADCOUNT_LOG__FORMAT", "json"),
        ("HEADCOUNT_LISTEN__BODY_TIMEOUT_SECONDS", "1"),
    ];
    let server = Server::start_with(&[&ENVIRONMENT[..], &talkative].concat());
    server.succeed(&[
        "site",
        "add",
        "canary",
        "--domain",
        "a.test",
        "--timezone",
        &crate::support::server::noon_zone(),
    ]);
    let [write, read] = ["write", "read"].map(|scope| server.create_key("canary", scope));
    let token = server.sign_in_link().split_once("token=").expect("a link").1.to_owned();
    let claim = json!({ "token": token, "password": PASSWORD }).to_string();
    let headers = [("Content-Type", "application/json"), ("Sec-Fetch-Site", "same-origin")];
    let signed_in = server.send("POST", "/api/v1/claim", &headers, claim.as_bytes());
    let cookie =
        signed_in.header("set-cookie").and_then(|cookie| cookie.split([';', '=']).nth(1)).expect("a cookie").to_owned();
    let query = json!({ "site_id": "canary", "metrics": ["events"], "date_range": "day" });
    until("the keys are known", || server.try_query(&read, &query));
    Canary { server, write, read, token, cookie }
}

impl Canary {
    /// Every byte below the server's directory: state and log.
    fn at_rest(&self, searcher: &Searcher) -> Vec<Found> {
        let state = self.server.state_dir();
        // Beside the state lies what was said on stderr.
        searcher.look_below(state.parent().expect("a scratch directory"))
    }

    /// Whether a control mark is in a file of the spool.
    fn spool_holds(&self, control: &str) -> bool {
        let holds = |path: &PathBuf| {
            std::fs::read(path)
                .is_ok_and(|bytes| bytes.windows(control.len()).any(|window| window == control.as_bytes()))
        };
        files_below(&self.server.state_dir().join("spool")).iter().any(holds)
    }
}

fn none(when: &str, found: &[Found]) {
    assert!(found.is_empty(), "{when}: {found:#?}");
}

#[test]
fn canary_nothing_of_a_person_is_found_at_rest() {
    let mut canary = canary();
    // While the engine stands still, what was accepted waits in the spool.
    let engine = canary.server.engine_pid().expect("an engine");
    assert!(crate::support::process::signal(engine, libc::SIGSTOP));
    let secrets = [
        ("password", PASSWORD),
        ("sign-in token", canary.token.as_str()),
        ("session cookie", canary.cookie.as_str()),
        ("write key", canary.write.as_str()),
        ("read key", canary.read.as_str()),
    ];
    let (marks, refused) = planted::send(&canary.server, &canary.write, &secrets);
    let searcher = marks.searcher();
    until("the spool holds what was accepted", || canary.spool_holds(CONTROLS[0]).then_some(()));
    none("in the spool", &canary.at_rest(&searcher));
    none("in answers", &in_answers(&searcher, &refused));

    assert!(crate::support::process::signal(engine, libc::SIGCONT));
    none("in answers of the API", &in_answers(&searcher, &planted::ask(&canary.server, &canary.read)));
    until("the engine has it all", || stored(&canary).then_some(()));
    until_equal("the spool is empty", &0, || canary.server.metrics().sum("headcount_spool_bytes"));
    let told = dump(&canary.server);
    let missing: Vec<&str> = CONTROLS.into_iter().filter(|control| !told.contains(control)).collect();
    assert_eq!(missing, [] as [&str; 0], "the search would find something");
    none("in tables", &searcher.look("tables", told.as_bytes()));
    none("in metrics", &searcher.look("metrics", canary.server.ops_get("/metrics").text().as_bytes()));
    none("in files while it runs", &canary.at_rest(&searcher));
    canary.server.end(libc::SIGKILL);
    none("after a kill", &canary.at_rest(&searcher));
    canary.server.start_again();
    until("it is all there again", || stored(&canary).then_some(()));
    none("after a restart", &searcher.look("tables", dump(&canary.server).as_bytes()));
    canary.server.end(libc::SIGTERM);
    none("after a stop", &canary.at_rest(&searcher));
    assert!(canary.server.log().contains("\"level\":\"INFO\""), "the log was there to be searched");
}

fn stored(canary: &Canary) -> bool {
    dump(&canary.server).contains(CONTROLS[0])
}

/// Marks in the bodies and headers of refusals.
fn in_answers(searcher: &Searcher, refused: &[Answer]) -> Vec<Found> {
    assert!(refused.len() >= 8, "{}", refused.len());
    let looks = refused.iter().map(|answer| {
        let headers: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        searcher.look(&format!("{}", answer.status), format!("{headers}{}", answer.text()).as_bytes())
    });
    looks.flatten().collect()
}
