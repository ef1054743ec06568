//! The command line: help, commands on a real registry, the audit's rules.

use std::collections::VecDeque;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use clap::CommandFactory;
use jiff::Timestamp;

use super::audit::{Audited, StoredTable};
use super::*;
use crate::clock::Clock;
use crate::files::{TestDirectory, test_directory};
use crate::registry::{Registry, verify_password};

const URL: &str = "http://127.0.0.1:8600";
const NOW: i64 = 1_795_262_400; // 2026-11-21 12:00 UTC

struct Fixture {
    scratch: TestDirectory,
    registry: Arc<Registry>,
}

fn fixture() -> Fixture {
    let scratch = test_directory();
    let registry = Registry::open_at(scratch.path(), Clock::fixed(NOW)).expect("a registry");
    Fixture { scratch, registry }
}

impl Fixture {
    /// What a command line writes to stdout, or the line on stderr.
    fn type_in(&self, line: &str, input: &str) -> Result<String, String> {
        let words = std::iter::once("headcount").chain(line.split_whitespace());
        let command = Cli::try_parse_from(words).map_err(|error| error.kind().to_string())?.command;
        let mut out = Vec::new();
        let done = match command.expect("a command") {
            Command::Site(command) => site::run(command, &self.registry, URL, &mut out),
            Command::User(command) => user::run(command, &self.registry, URL, &mut input.as_bytes(), &mut out),
            Command::Goal(command) => goal::run(command, &self.registry, &mut out),
            Command::Funnel(command) => funnel::run(command, &self.registry, &mut out),
            Command::Key(command) => key::run(command, &self.registry, &mut out),
            Command::Share(command) => share::run(command, &self.registry, URL, &mut input.as_bytes(), &mut out),
            other => panic!("{other:?} needs no registry"),
        };
        done.map_err(|error| format!("{error:#}"))?;
        Ok(String::from_utf8(out).expect("UTF-8"))
    }

    fn ok(&self, line: &str) -> String {
        self.type_in(line, "").expect(line)
    }

    fn audit(&self, tables: Option<&[StoredTable]>) -> (usize, String) {
        let mut out = Vec::new();
        let snapshot = self.registry.snapshot();
        let audited = Audited {
            state_dir: self.scratch.path(),
            registry: Some(&snapshot),
            tables,
            rows: None,
            now: Timestamp::from_second(NOW).expect("in range"),
        };
        let broken = audit::run(&audited, false, &mut out).expect("readable");
        let text = String::from_utf8(out).expect("UTF-8");
        (broken, text.replace(self.scratch.path().to_str().expect("UTF-8"), "STATE"))
    }

    fn put(&self, name: &str, mode: u32) {
        let path = self.scratch.path().join(name);
        let folder = path.parent().expect("below the state directory");
        fs::create_dir_all(folder).expect("writable");
        for above in folder.ancestors().take_while(|above| above.starts_with(self.scratch.path())) {
            fs::set_permissions(above, fs::Permissions::from_mode(0o700)).expect("ours");
        }
        fs::write(&path, "x").expect("writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("ours");
    }
}

#[test]
fn the_help_of_every_command() {
    let mut root = Cli::command().term_width(110);
    root.build();
    let mut texts = Vec::new();
    let mut waiting = VecDeque::from([root]);
    while let Some(mut command) = waiting.pop_front() {
        let title = command.get_bin_name().unwrap_or("headcount").to_owned();
        texts.push(format!("$ {title} --help\n{}", command.render_long_help()));
        let shown = |sub: &&clap::Command| !sub.is_hide_set() && sub.get_name() != "help";
        waiting.extend(command.get_subcommands().filter(shown).cloned());
    }
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn usage_errors_are_refused_before_anything_is_read() {
    let lines = [
        "seal --now",
        "import",
        "export",
        "site",
        "site add",
        "site edit app",
        "key create --site app",
        "key create --site app --scope all",
        "user add anna",
        "demo --days 0",
        "demo --days 367",
        "serve --colour",
        "site edit app --domain a.example --any-host",
    ];
    for line in lines {
        let words = std::iter::once("headcount").chain(line.split_whitespace());
        let refused = Cli::try_parse_from(words).expect_err(line);
        assert_eq!(refused.exit_code(), 2, "{line}");
    }
}

#[test]
fn no_command_is_serve_and_config_may_stand_anywhere() {
    for line in ["headcount --config a.toml", "headcount serve --config a.toml", "headcount --config a.toml serve"] {
        let cli = Cli::try_parse_from(line.split(' ')).expect(line);
        assert!(matches!(cli.command, None | Some(Command::Serve)), "{line}");
        assert_eq!(cli.config, Some("a.toml".into()));
    }
    let cli = Cli::try_parse_from("headcount engine --path=a --http_port 1 --help".split(' ')).expect("an engine");
    let Some(Command::Engine(engine)) = cli.command else { panic!("not an engine") };
    assert_eq!(engine.arguments, ["--path=a", "--http_port", "1", "--help"]);
}

#[test]
fn sites_are_added_listed_changed_and_removed() {
    let here = fixture();
    assert_eq!(
        here.ok("site add shop.example --timezone Europe/Berlin --accept ga4:G-1"),
        "Site shop.example is added. Put this into its pages:\n\
         <script defer src=\"http://127.0.0.1:8600/hc.js\" data-site=\"shop.example\"></script>\n"
    );
    here.ok("site add app --min-visitors 10 --domain a.example --domain b.example");
    here.ok("site add any");
    here.ok("site edit shop.example --any-host --accept-none --min-visitors 7");
    insta::assert_snapshot!(here.ok("site list"));
    assert_eq!(here.ok("site remove any"), "Site any is removed, with its keys and rights.\n");
    let json: serde_json::Value = serde_json::from_str(&here.ok("site list --json")).expect("JSON");
    assert_eq!(
        (json[0]["id"].as_str(), json[1]["timezone"].as_str(), json.as_array().map(Vec::len)),
        (Some("app"), Some("Europe/Berlin"), Some(2))
    );
    let refused = ["site add app", "site add any", "site remove no", "site edit app --timezone Mars"]
        .map(|line| here.type_in(line, ""));
    let expected = [
        "site app exists already; change it with `headcount site edit app`",
        "what the removed site any counted is not erased yet: that takes a running server, or `headcount site remove \
         any` again, and ClickHouse; then add it",
        "there is no site no; `headcount site list` shows them",
        "\"Mars\" is not a time zone known here; give an IANA name such as Europe/Berlin or UTC",
    ];
    assert_eq!(refused, expected.map(|text| Err(text.to_owned())));
}

#[test]
fn users_get_a_link_rights_and_a_password() {
    let here = fixture();
    here.ok("site add app");
    let link = here.ok("user add anna --role viewer --site app");
    let token = link.strip_prefix("http://127.0.0.1:8600/sign-in?token=").expect("a link").trim_end();
    let (snapshot, now) = (here.registry.snapshot(), here.registry.now());
    assert_eq!(snapshot.user_of_link(token, now), Some("anna"));
    here.ok("user add boss --role owner");
    here.ok("user edit anna --role editor --site app");
    let set = here.type_in("user password anna --stdin", "correct horse\nignored\n");
    assert_eq!(set, Ok("The password of anna is set.\n".to_owned()));
    let phc = here.registry.snapshot().user("anna").and_then(|user| user.password.clone());
    assert!(verify_password("correct horse", phc.as_deref()));
    here.ok("user add carl --role viewer --site app");
    here.ok("user edit carl --role none");
    insta::assert_snapshot!(here.ok("user list"));
    assert!(!here.ok("user list --json").contains("argon2id"));
    assert_eq!(here.ok("user remove carl"), "User carl is removed.\n");
    let weak = "a password has at least 10 characters and at most 1024 bytes; choose another one";
    assert_eq!(here.type_in("user password anna --stdin", "short"), Err(weak.to_owned()));
    let all = "the role viewer is given per site; name one with --site";
    assert_eq!(here.type_in("user add dora --role viewer", ""), Err(all.to_owned()));
}

#[test]
fn a_link_stands_alone_on_stdout_and_is_listed_without_its_secret() {
    let here = fixture();
    here.ok("site add app");
    let open = here.ok("share add Press --site app");
    let token = open.strip_prefix("http://127.0.0.1:8600/s/app?share=").expect("a link").trim_end();
    assert!(here.registry.share(token).is_some_and(|grant| grant.is_open), "{open}");
    let guarded = here.type_in("share add Board --site app --password-stdin", "correct horse\nignored\n");
    let token = guarded.expect("made").trim_end().rsplit('=').next().unwrap_or_default().to_owned();
    assert!(here.registry.share(&token).is_some_and(|grant| !grant.is_open));
    let ids: Vec<_> = here.registry.snapshot().book().shares.iter().map(|share| share.id.clone()).collect();
    let listed = here.ok("share list --site app").replace(&ids[0], "s00000001").replace(&ids[1], "s00000002");
    insta::assert_snapshot!(listed);
    let json = here.ok("share list --site app --json");
    assert!(!json.contains("token") && !json.contains("argon2id"), "{json}");
    assert_eq!(
        here.ok(&format!("share remove {} --site app", ids[0])),
        format!("Link {} of app is removed.\n", ids[0])
    );
    assert_eq!(
        here.type_in("share list --site none", ""),
        Err("there is no site none; `headcount site list` shows them".to_owned())
    );
}

#[test]
fn a_key_stands_alone_on_stdout_and_is_listed_without_itself() {
    let here = fixture();
    here.ok("site add app");
    let printed = here.ok("key create --site app --scope admin --label weekly");
    let key = printed.trim_end();
    assert!(key.starts_with("hc_a_") && !key.contains(char::is_whitespace), "{printed}");
    assert!(here.registry.snapshot().grant_of_key(key).is_some());
    let id = here.registry.snapshot().book().keys[0].id.clone();
    assert_eq!(here.ok(&format!("key revoke {id}")), format!("Key {id} is revoked.\n"));
    insta::assert_snapshot!(here.ok("key list").replace(&id, "kXXXXXXXX"));
    assert_eq!(here.ok("key list --site other --json"), "[]\n");
    assert!(!here.ok("key list --json").contains("token"));
}

#[test]
fn check_prints_a_configuration_that_can_be_read_back_and_no_secret() {
    let mut config = Config::default();
    config.clickhouse.password = "swordfish".into();
    let mut out = Vec::new();
    check::run(&config, &mut out).expect("written");
    let text = String::from_utf8(out).expect("UTF-8");
    assert!(text.contains("password = \"(secret)\"") && !text.contains("swordfish"), "{text}");
    let back: Config = toml::from_str(&text).expect("TOML");
    assert_eq!(serde_json::to_value(&back).expect("JSON"), serde_json::to_value(&config).expect("JSON"));
}

#[test]
fn an_audit_shows_what_is_stored_when_every_rule_holds() {
    let here = fixture();
    here.ok("site add app --timezone Pacific/Auckland");
    here.put("salts/app/2026-11-22", 0o600);
    here.put("engine/store/part.bin", 0o644);
    let columns = vec![["day", "Date", "site-local day"].map(str::to_owned)];
    let tables = [StoredTable { name: "cells_open".into(), comment: "open days".into(), columns }];
    let (broken, text) = here.audit(Some(&tables));
    let sizes = regex::Regex::new(r"(registry +\d+ +)\d+ KiB").expect("a pattern");
    insta::assert_snapshot!(sizes.replace(&text, "${1}N KiB"));
    assert_eq!(broken, 0);
}

#[test]
fn an_audit_names_old_salts_and_files_others_can_read() {
    let here = fixture();
    here.ok("site add app --timezone UTC");
    // At 12:00 on the 21st: yesterday's salt was due at 02:00. Days end last at UTC-12, where the 20th has just ended.
    for salt in ["app/2026-11-21", "app/2026-11-20", "app/leftover.tmp", "gone/2026-11-20", "gone/2026-11-19"] {
        here.put(&format!("salts/{salt}"), 0o600);
    }
    here.put("spool/0001", 0o640);
    let (broken, text) = here.audit(None);
    let (_, rules) = text.split_once("\nRules\n").expect("rules");
    assert_eq!(broken, 2);
    insta::assert_snapshot!(rules);
}

#[test]
fn an_audit_of_nothing_finds_nothing_and_makes_nothing() {
    let scratch = test_directory();
    let nothing = scratch.path().join("nothing");
    let audited = Audited { state_dir: &nothing, registry: None, tables: None, rows: None, now: Timestamp::UNIX_EPOCH };
    let broken = audit::run(&audited, false, &mut Vec::new()).expect("readable");
    assert_eq!((broken, nothing.exists()), (0, false));
}

#[test]
fn goals_and_funnels_are_added_listed_and_removed() {
    let here = fixture();
    here.ok("site add app");
    here.ok("goal add Cart --site app --page /cart/**");
    here.ok("goal add Paid --site app --event paid --property plan=pro");
    let added = here.ok("funnel add Checkout --site app --step Cart --step Paid");
    let id = here.registry.snapshot().record("app").expect("a site").funnels[0].id.clone();
    assert_eq!(added, format!("Funnel Checkout of app is added; its id is {id}.\n"));
    let goals = "GOAL  PAGE      EVENT  PROPERTY\nCart  /cart/**  -      -\nPaid  -         paid   plan=pro\n";
    assert_eq!(here.ok("goal list --site app"), goals);
    let funnels = here.ok("funnel list --site app");
    assert_eq!(funnels.lines().nth(1), Some(format!("{id}  Checkout  Cart > Paid  2026-11-21").as_str()));
    let refused = [
        "goal add Both --site app --page / --event x",
        "goal remove Cart --site app",
        "goal list --site none",
        "funnel add Empty --site app",
        "funnel add Circle --site app --step Cart --step Paid --step Cart",
    ]
    .map(|line| here.type_in(line, "").expect_err(line));
    let parts = ["cannot be used", "a funnel has this goal", "no site none", "without steps", "goes in a circle"];
    for (words, part) in refused.iter().zip(parts) {
        assert!(words.contains(part), "{words}");
    }
    here.ok(&format!("funnel remove {id} --site app"));
    assert_eq!(here.ok("goal remove Cart --site app"), "Goal Cart of app is removed.\n");
}

#[test]
fn what_a_site_keeps_is_edited() {
    let here = fixture();
    here.ok("site add app --crossings device,page --filter-property plan --number load_ms");
    let record = || here.registry.snapshot().record("app").expect("a site").clone();
    let codes = Some(["page", "device"].map(str::to_owned).to_vec());
    let seen = record();
    assert_eq!(
        (seen.crossings, seen.filter_properties, seen.numbers),
        (codes, vec!["plan".into()], vec!["load_ms".into()])
    );
    here.ok("site edit app --crossings none --no-filter-properties --no-numbers");
    let seen = record();
    assert_eq!((seen.crossings, seen.filter_properties.len(), seen.numbers.len()), (Some(Vec::new()), 0, 0));
    here.ok("site edit app --crossings all");
    assert_eq!(record().crossings, None);
    let refused = here.type_in("site edit app --crossings colour", "").expect_err("no dimension");
    assert!(refused.starts_with("crossings are kept for page, event"), "{refused}");
}

#[test]
fn an_audit_judges_what_the_rows_say() {
    let here = fixture();
    here.ok("site add app");
    let day = |text: &str| text.parse().expect("a date");
    let rows = audit::StoredRows {
        // Today and yesterday may have sketches until two hours and one of slack after midnight.
        open: vec![("app".into(), day("2026-11-21"), 9), ("app".into(), day("2026-11-20"), 8)],
        left_open: vec![("app".into(), day("2026-11-19"), 1)],
        small: vec![("app".into(), day("2026-11-19"), 2)],
        unnamed: vec![("app".into(), day("2026-11-19"), 3)],
        opted_out: vec![("app".into(), day("2026-11-19"), 4)],
        too_fine: vec![("app".into(), day("2026-11-19"), 5)],
        sites: vec!["app".into(), "gone".into()],
    };
    let columns = vec![["day", "Date", ""].map(str::to_owned), ["seen_at", "DateTime", ""].map(str::to_owned)];
    let tables = [StoredTable { name: "cells".into(), comment: String::new(), columns }];
    let snapshot = here.registry.snapshot();
    let audited = Audited {
        state_dir: here.scratch.path(),
        registry: Some(&snapshot),
        tables: Some(&tables),
        rows: Some(&rows),
        now: Timestamp::from_second(NOW).expect("in range"),
    };
    let mut out = Vec::new();
    assert_eq!(audit::run(&audited, true, &mut out).expect("readable"), 8);
    let report: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
    insta::assert_json_snapshot!(report["rules"]);
}
