//! Tests of loading: precedence, types, refusals, and the shipped file.

use std::collections::BTreeSet;

use super::*;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/config/headcount.toml");
const WRONG_KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/config/fixtures/wrong-key.toml");
const WRONG_VALUES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/config/fixtures/wrong-values.toml");

fn json(config: &Config) -> serde_json::Value {
    serde_json::to_value(config).expect("a config is JSON")
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn refusals(file: Option<&str>, pairs: &[(&str, &str)]) -> Vec<String> {
    let errors = load_with(file.map(Path::new), variables(pairs)).expect_err("refused");
    errors.iter().map(|error| error.to_string().replace(env!("CARGO_MANIFEST_DIR"), "")).collect()
}

/// `section.key` of every field, `null` ones included.
fn fields() -> BTreeSet<String> {
    let mut names = BTreeSet::from(["clickhouse.password".to_owned()]);
    for (name, value) in json(&Config::default()).as_object().expect("a table") {
        match value.as_object() {
            Some(section) => names.extend(section.keys().map(|key| format!("{name}.{key}"))),
            None => drop(names.insert(name.clone())),
        }
    }
    names
}

#[test]
fn the_table_of_keys_is_the_fields_of_config() {
    let keys: BTreeSet<_> = KEYS.iter().map(Key::path).collect();
    assert_eq!((keys.len(), keys), (KEYS.len(), fields()));
}

#[test]
fn the_shipped_file_is_the_defaults() {
    let shipped = load_with(Some(Path::new(SHIPPED)), []).expect("the shipped file is right");
    assert_eq!(json(&shipped), json(&Config::default()));
}

#[test]
fn the_shipped_file_documents_every_key() {
    let text = std::fs::read_to_string(SHIPPED).expect("shipped");
    let (mut section, mut documented, mut above) = (String::new(), BTreeSet::new(), "");
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("{name}.");
        }
        let key = line.trim_start_matches("# ").split_once(" = ").map(|(key, _)| key);
        if let Some(key) = key.filter(|key| key.bytes().all(|c| c.is_ascii_lowercase() || c == b'_')) {
            assert!(above.starts_with("# "), "{section}{key} has no words above it");
            documented.insert(format!("{section}{key}"));
        }
        above = line;
    }
    assert_eq!(documented, fields());
}

#[test]
fn the_environment_is_typed_by_the_field_and_wins() {
    let given = variables(&[
        ("HEADCOUNT_STATE_DIR", "/var/lib/headcount"),
        ("HEADCOUNT_LISTEN__PUBLIC", "[::1]:80"),
        ("HEADCOUNT_LISTEN__TRUSTED_PROXIES", "127.0.0.1/32, 10.1.2.3,fd00::/8"),
        ("HEADCOUNT_DELIVER__SEGMENT_MIB", "4"),
        ("HEADCOUNT_CLICKHOUSE__PASSWORD", "swordfish"),
        ("HEADCOUNT_LOG__FORMAT", "json"),
        ("HEADCOUNT_LOG__LEVEL", "warn,headcount=debug"),
        ("HEADCOUNT_GEO__FILE", ""),
        ("HEADCOUNT_CONFIG", "elsewhere"),
        ("PATH", "/bin"),
    ]);
    let config = load_with(Some(Path::new(SHIPPED)), given).expect("right");
    let mut expected = json(&Config::default());
    expected["state_dir"] = "/var/lib/headcount".into();
    expected["listen"]["public"] = "[::1]:80".into();
    expected["listen"]["trusted_proxies"] = serde_json::json!(["127.0.0.1/32", "10.1.2.3/32", "fd00::/8"]);
    expected["deliver"]["segment_mib"] = 4.into();
    expected["log"]["format"] = "json".into();
    expected["log"]["level"] = "warn,headcount=debug".into();
    assert_eq!((json(&config), config.clickhouse.password.as_str()), (expected, "swordfish"));
}

#[test]
fn a_wrong_key_is_refused() {
    assert_eq!(
        refusals(Some(WRONG_KEY), &[]),
        [
            "/src/config/fixtures/wrong-key.toml: unknown key colour; allowed at the top are state_dir and the sections \
             listen, clickhouse, engine, geo, ingest, deliver, log",
            "/src/config/fixtures/wrong-key.toml: unknown key listen.pubic; allowed in [listen] are public, ops, \
             trusted_proxies, public_url, max_connections, head_timeout_seconds, body_timeout_seconds, shed_after_ms, threads",
        ]
    );
}

#[test]
fn every_wrong_value_is_named_at_once() {
    assert_eq!(
        refusals(Some(WRONG_VALUES), &[("HEADCOUNT_ENGINE__THREADS", "many")]),
        [
            "/src/config/fixtures/wrong-values.toml: clickhouse.password = (secret): allowed is a text in quotes",
            "/src/config/fixtures/wrong-values.toml: geo.file = \"/nonexistent/countries.mmdb\": allowed is the path of \
             a file that exists and can be read",
            "/src/config/fixtures/wrong-values.toml: listen.public = \"8600\": allowed is an address and a port, such as \
             127.0.0.1:8600 or [::1]:8600",
            "/src/config/fixtures/wrong-values.toml: listen.trusted_proxies = [\"everyone\"]: allowed is a list of \
             networks or addresses, such as 127.0.0.1/32",
            "/src/config/fixtures/wrong-values.toml: log.format = \"xml\": allowed is one of text, json",
            "/src/config/fixtures/wrong-values.toml: log.level = \"loud\": allowed is error, warn, info, debug, trace, off, \
             or directives such as headcount=debug,hyper=warn",
            "environment: HEADCOUNT_ENGINE__THREADS: engine.threads = \"many\": allowed is a whole number from 0 to 1024",
        ]
    );
}

#[test]
fn a_missing_file_and_unknown_variables_are_all_named() {
    let variables = [("HEADCOUNT_LOG__LEVEI", "x"), ("HEADCOUNT_STATEDIR", "x"), ("HEADCOUNT_LOGS__LEVEL", "x")];
    let other = "HEADCOUNT_STATE_DIR, HEADCOUNT_CONFIG and HEADCOUNT_SECTION__KEY for keys of config/headcount.toml";
    assert_eq!(
        refusals(Some("/nonexistent/headcount.toml"), &variables),
        [
            "/nonexistent/headcount.toml: cannot be read (No such file or directory (os error 2)); name a TOML file that \
             exists"
                .to_owned(),
            format!("environment: unknown variable HEADCOUNT_LOGS__LEVEL; allowed are {other}"),
            "environment: unknown variable HEADCOUNT_LOG__LEVEI; allowed are HEADCOUNT_LOG__FORMAT, HEADCOUNT_LOG__LEVEL, \
             HEADCOUNT_LOG__AUDIT_MAX_MIB"
                .to_owned(),
            format!("environment: unknown variable HEADCOUNT_STATEDIR; allowed are {other}"),
        ]
    );
}

#[test]
fn a_syntax_error_names_the_line_and_repeats_nothing() {
    let file = scratch("syntax.toml", "[clickhouse]\npassword = swordfish\n");
    let refused = refusals(file.to_str(), &[]);
    assert_eq!(refused.len(), 1);
    assert!(refused[0].contains("not TOML: line 2:") && !refused[0].contains("swordfish"), "{refused:?}");
}

#[test]
fn a_secret_comes_from_the_first_line_of_its_file() {
    let file = scratch("password", "swordfish\nignored\n");
    let path = file.to_str().expect("UTF-8");
    let config = load_with(None, variables(&[("HEADCOUNT_CLICKHOUSE__PASSWORD_FILE", path)])).expect("right");
    assert_eq!(config.clickhouse.password, "swordfish");
    let both = [("HEADCOUNT_CLICKHOUSE__PASSWORD_FILE", path), ("HEADCOUNT_CLICKHOUSE__PASSWORD", "other")];
    assert_eq!(
        refusals(None, &both),
        ["clickhouse.password and clickhouse.password_file are both set; allowed is one of them"]
    );
}

#[test]
fn keys_that_contradict_each_other_are_refused() {
    let pairs = [("HEADCOUNT_LISTEN__OPS", "127.0.0.1:8600"), ("HEADCOUNT_DELIVER__SEGMENT_MIB", "2048")];
    assert_eq!(
        refusals(None, &pairs),
        [
            "listen.ops = 127.0.0.1:8600: the same as listen.public; allowed is another address or port",
            "deliver.segment_mib = 2048: allowed is at most deliver.spool_max_mib, which is 1024",
        ]
    );
}

fn scratch(name: &str, text: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("headcount-config-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a writable temporary folder");
    let file = folder.join(name);
    std::fs::write(&file, text).expect("a writable temporary folder");
    file
}

#[test]
fn a_database_behind_tls_is_refused_with_the_way_out() {
    let refused = refusals(None, &[("HEADCOUNT_CLICKHOUSE__URL", "https://db.example:8443")]);
    assert!(refused.len() == 1 && refused[0].contains("use a tunnel"), "{refused:?}");
}
