//! File, then environment, then checks: raw text in, [`Config`] out, or every error at once.
//! Called by `cli` and by nobody else; reads no file but the one named and those that hold secrets.

use std::ffi::OsString;
use std::path::Path;

use toml::{Table, Value};

use super::Config;
use super::keys::{KEYS, Key, Kind};

/// What is wrong with the configuration: where, which key, which value (never a secret) and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// Variables that are ours but set no key.
const OTHER_VARIABLES: [&str; 2] = ["HEADCOUNT_CONFIG", "HEADCOUNT_FAULT"];

/// Reads `file` (defaults when `None`), lays `HEADCOUNT_SECTION__KEY` over it and checks the result.
///
/// # Errors
/// Every error found, each naming file or variable, key, value and what is allowed.
pub fn load(file: Option<&Path>) -> Result<Config, Vec<ConfigError>> {
    load_with(file, std::env::vars_os())
}

/// [`load`] with the environment as a parameter.
pub(super) fn load_with(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Config, Vec<ConfigError>> {
    let mut raw = Raw::default();
    if let Some(path) = file {
        raw.read_file(path);
    }
    let mut variables: Vec<_> = environment.into_iter().collect();
    variables.sort();
    for (name, value) in variables {
        raw.read_variable(&name, &value);
    }
    raw.validate()
}

/// A value and the words for where it was found.
struct Found {
    key: Key,
    value: Value,
    origin: String,
}

/// Values as found, not yet checked; the last one of a key counts.
#[derive(Default)]
struct Raw {
    found: Vec<Found>,
    errors: Vec<ConfigError>,
}

impl Raw {
    fn refuse(&mut self, text: String) {
        self.errors.push(ConfigError(text));
    }

    fn put(&mut self, key: Key, value: Value, origin: String) {
        self.found.retain(|earlier| earlier.key.path() != key.path());
        self.found.push(Found { key, value, origin });
    }

    fn read_file(&mut self, path: &Path) {
        let shown = path.display();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                return self.refuse(format!("{shown}: cannot be read ({error}); name a TOML file that exists"));
            }
        };
        let table = match text.parse::<Table>() {
            Ok(table) => table,
            Err(error) => return self.refuse(format!("{shown}: not TOML: {}", place(&text, &error))),
        };
        for (name, value) in table {
            match value {
                Value::Table(section) if is_section(&name) => self.read_section(path, &name, section),
                value => self.take(path, "", &name, value),
            }
        }
    }

    fn read_section(&mut self, path: &Path, section: &str, keys: Table) {
        for (name, value) in keys {
            self.take(path, section, &name, value);
        }
    }

    fn take(&mut self, path: &Path, section: &str, name: &str, value: Value) {
        let known = KEYS.iter().find(|key| key.section == section && key.name == name);
        match known {
            Some(key) => self.put(*key, value, path.display().to_string()),
            None => self.refuse(unknown_in_file(path, section, name)),
        }
    }

    fn read_variable(&mut self, name: &OsString, value: &OsString) {
        let Some(name) = name.to_str().filter(|name| name.starts_with("HEADCOUNT_")) else {
            return;
        };
        if OTHER_VARIABLES.contains(&name) {
            return;
        }
        let Some(key) = KEYS.iter().find(|key| key.variable() == name) else {
            return self.refuse(unknown_variable(name));
        };
        let Some(text) = value.to_str() else {
            return self.refuse(format!("environment: {name}: not UTF-8; allowed is {}", key.kind.allowed()));
        };
        self.put(*key, key.kind.read_text(text), format!("environment: {name}"));
    }

    fn validate(mut self) -> Result<Config, Vec<ConfigError>> {
        let mut table = Table::new();
        for found in std::mem::take(&mut self.found) {
            self.place_value(&mut table, &found);
        }
        self.fill_secrets(&mut table);
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        let config = Config::deserialize_table(table).map_err(|error| vec![ConfigError(error)])?;
        let errors = cross_checks(&config);
        if errors.is_empty() { Ok(config) } else { Err(errors) }
    }

    fn place_value(&mut self, table: &mut Table, found: &Found) {
        let Found { key, value, origin } = found;
        if key.empty_is_absent() && value.as_str() == Some("") {
            return;
        }
        let Some(value) = key.kind.accept(value) else {
            return self.refuse(bad_value(found));
        };
        let section = match key.section {
            "" => table,
            name => match table.entry(name).or_insert_with(|| Value::Table(Table::new())) {
                Value::Table(section) => section,
                _ => return self.refuse(format!("{origin}: {name} is not a section")),
            },
        };
        section.insert(key.name.into(), value);
    }

    /// The first line of `clickhouse.password_file` becomes `clickhouse.password`.
    fn fill_secrets(&mut self, table: &mut Table) {
        let Some(Value::Table(section)) = table.get_mut("clickhouse") else {
            return;
        };
        let Some(path) = section.get("password_file").and_then(Value::as_str).map(str::to_owned) else {
            return;
        };
        let given = section.get("password").and_then(Value::as_str).is_some_and(|text| !text.is_empty());
        if given {
            return self.refuse(
                "clickhouse.password and clickhouse.password_file are both set; allowed is one of them".into(),
            );
        }
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let line = text.lines().next().unwrap_or_default().to_owned();
                section.insert("password".into(), Value::String(line));
            }
            Err(error) => self.refuse(format!("clickhouse.password_file: {path} cannot be read ({error})")),
        }
    }
}

impl Config {
    fn deserialize_table(table: Table) -> Result<Self, String> {
        table.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
    }
}

fn is_section(name: &str) -> bool {
    !name.is_empty() && KEYS.iter().any(|key| key.section == name)
}

fn unknown_in_file(path: &Path, section: &str, name: &str) -> String {
    let shown = path.display();
    let known = KEYS.iter().filter(|key| key.section == section).map(|key| key.name).collect::<Vec<_>>().join(", ");
    if !section.is_empty() {
        return format!("{shown}: unknown key {section}.{name}; allowed in [{section}] are {known}");
    }
    let mut sections: Vec<_> = KEYS.iter().map(|key| key.section).filter(|section| !section.is_empty()).collect();
    sections.dedup();
    let sections = sections.join(", ");
    format!("{shown}: unknown key {name}; allowed at the top are {known} and the sections {sections}")
}

/// Names the variables of the section that was meant; without one, how variables are named.
fn unknown_variable(name: &str) -> String {
    let section = name.split_once("__").map_or(name, |(section, _)| section);
    let meant = KEYS.iter().map(Key::variable).filter(|known| known.starts_with(&format!("{section}__")));
    let known = meant.collect::<Vec<_>>().join(", ");
    if known.is_empty() {
        let other =
            "HEADCOUNT_STATE_DIR, HEADCOUNT_CONFIG and HEADCOUNT_SECTION__KEY for keys of config/headcount.toml";
        return format!("environment: unknown variable {name}; allowed are {other}");
    }
    format!("environment: unknown variable {name}; allowed are {known}")
}

fn bad_value(found: &Found) -> String {
    let Found { key, value, origin } = found;
    let shown = match key.kind {
        Kind::Secret => "(secret)".to_owned(),
        _ => value.to_string(),
    };
    format!("{origin}: {} = {shown}: allowed is {}", key.path(), key.kind.allowed())
}

/// Line and words of a syntax error; the text itself is not repeated, since it may hold a secret.
fn place(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    format!("line {line}: {}", error.message().lines().next().unwrap_or("syntax error"))
}

/// Rules over more than one key.
fn cross_checks(config: &Config) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let (public, ops) = (config.listen.public, config.listen.ops);
    if public == ops && public.port() != 0 {
        errors.push(ConfigError(format!(
            "listen.ops = {ops}: the same as listen.public; allowed is another address or port"
        )));
    }
    let (segment, spool) = (config.deliver.segment_mib, config.deliver.spool_max_mib);
    if segment > spool {
        errors.push(ConfigError(format!(
            "deliver.segment_mib = {segment}: allowed is at most deliver.spool_max_mib, which is {spool}"
        )));
    }
    errors
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
