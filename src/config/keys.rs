//! Every key an operator may set, with what it may hold. `load` checks raw text against this table before anything
//! is typed; a test holds it equal to the fields of [`Config`](super::Config).

use std::net::SocketAddr;

use toml::Value;

/// What a key may hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// Text that is never repeated.
    Secret,
    /// A path that need not exist.
    Path,
    /// A path to a file that must exist; empty means none.
    File,
    /// A whole number between the two.
    Number(i64, i64),
    /// `address:port`.
    Address,
    /// Networks or single addresses; separated by commas in the environment.
    Networks,
    /// `http://` or `https://` and a host; empty means none.
    Url,
    /// `http://` and a host; empty means none.
    PlainUrl,
    /// Any `http://` or `https://` address; empty means none.
    Link,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A log level, or directives.
    Level,
    /// The name of a database.
    Name,
}

/// One key. `section` is empty at the top level.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) section: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

const fn key(section: &'static str, name: &'static str, kind: Kind) -> Key {
    Key { section, name, kind }
}

const DAY: i64 = 86_400;
const MEBI_LIMIT: i64 = 16 * 1024 * 1024;

/// The table, in the order of `config/headcount.toml`.
pub(super) const KEYS: &[Key] = &[
    key("", "state_dir", Kind::Path),
    key("listen", "public", Kind::Address),
    key("listen", "ops", Kind::Address),
    key("listen", "trusted_proxies", Kind::Networks),
    key("listen", "public_url", Kind::Url),
    key("listen", "max_connections", Kind::Number(1, 1_000_000)),
    key("listen", "head_timeout_seconds", Kind::Number(1, 3_600)),
    key("listen", "body_timeout_seconds", Kind::Number(1, 3_600)),
    key("listen", "shed_after_ms", Kind::Number(10, 60_000)),
    key("listen", "threads", Kind::Number(0, 1_024)),
    key("clickhouse", "url", Kind::PlainUrl),
    key("clickhouse", "user", Kind::Text),
    key("clickhouse", "password", Kind::Secret),
    key("clickhouse", "password_file", Kind::File),
    key("clickhouse", "database", Kind::Name),
    key("clickhouse", "timeout_seconds", Kind::Number(1, 3_600)),
    key("clickhouse", "answer_max_rows", Kind::Number(100, 100_000_000)),
    key("engine", "library", Kind::File),
    key("engine", "memory_mib", Kind::Number(256, MEBI_LIMIT)),
    key("engine", "threads", Kind::Number(0, 1_024)),
    key("geo", "file", Kind::File),
    key("geo", "credit", Kind::Text),
    key("geo", "credit_url", Kind::Link),
    key("geo", "reload_seconds", Kind::Number(1, DAY)),
    key("ingest", "rate_per_second", Kind::Number(0, u32::MAX as i64)),
    key("ingest", "rate_burst", Kind::Number(1, u32::MAX as i64)),
    key("ingest", "batch_rate_per_second", Kind::Number(0, u32::MAX as i64)),
    key("ingest", "max_values_per_dimension", Kind::Number(1, 10_000_000)),
    key("ingest", "visits_max_mib", Kind::Number(16, MEBI_LIMIT)),
    key("ingest", "batch_ids_with_key", Kind::Number(1_000, 1_000_000_000)),
    key("ingest", "batch_ids_without_key", Kind::Number(1_000, 1_000_000_000)),
    key("ingest", "spam_hosts_file", Kind::File),
    key("ingest", "sources_file", Kind::File),
    key("deliver", "commit_interval_ms", Kind::Number(1, 10_000)),
    key("deliver", "load_interval_ms", Kind::Number(10, 60_000)),
    key("deliver", "crossings_interval_ms", Kind::Number(10, 60_000)),
    key("deliver", "spool_max_mib", Kind::Number(1, MEBI_LIMIT)),
    key("deliver", "segment_mib", Kind::Number(1, 4_096)),
    key("deliver", "load_max_cells", Kind::Number(1_000, 10_000_000)),
    key("deliver", "stop_timeout_seconds", Kind::Number(1, 3_600)),
    key("log", "format", Kind::Word(&["text", "json"])),
    key("log", "level", Kind::Level),
    key("log", "audit_max_mib", Kind::Number(1, MEBI_LIMIT)),
];

impl Key {
    /// `section.name`, or the name alone at the top level.
    pub(super) fn path(&self) -> String {
        match self.section {
            "" => self.name.to_owned(),
            section => format!("{section}.{}", self.name),
        }
    }

    /// The environment variable that sets this key.
    pub(super) fn variable(&self) -> String {
        match self.section {
            "" => format!("HEADCOUNT_{}", self.name.to_uppercase()),
            section => format!("HEADCOUNT_{}__{}", section.to_uppercase(), self.name.to_uppercase()),
        }
    }

    /// Whether an empty text means that the key is not set.
    pub(super) fn empty_is_absent(&self) -> bool {
        matches!(self.kind, Kind::File)
    }
}

impl Kind {
    /// What an operator may write, in words.
    pub(super) fn allowed(self) -> String {
        match self {
            Self::Text | Self::Secret => "a text in quotes".into(),
            Self::Path => "a path in quotes, not empty".into(),
            Self::File => "the path of a file that exists and can be read".into(),
            Self::Number(low, high) => format!("a whole number from {low} to {high}"),
            Self::Address => "an address and a port, such as 127.0.0.1:8600 or [::1]:8600".into(),
            Self::Networks => "a list of networks or addresses, such as 127.0.0.1/32".into(),
            Self::Url => "http:// or https:// and a host, with no path, or nothing".into(),
            Self::PlainUrl => "http:// and a host, with no path, or nothing; for https:// use a tunnel".into(),
            Self::Link => "an http:// or https:// address, or nothing".into(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Level => {
                "error, warn, info, debug, trace, off, or directives such as headcount=debug,hyper=warn".into()
            }
            Self::Name => "1 to 64 letters, digits and underscores, not starting with a digit".into(),
        }
    }

    /// Types a text of the environment; the result is checked like a value of the file.
    pub(super) fn read_text(self, text: &str) -> Value {
        match self {
            Self::Number(..) => text.trim().parse().map_or_else(|_| Value::String(text.into()), Value::Integer),
            Self::Networks => text
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| Value::String(item.into()))
                .collect::<Vec<_>>()
                .into(),
            _ => Value::String(text.into()),
        }
    }

    /// The value as `Config` wants it, or `None` when it is not allowed.
    pub(super) fn accept(self, value: &Value) -> Option<Value> {
        match (self, value) {
            (Self::Number(low, high), Value::Integer(n)) => (low..=high).contains(n).then(|| value.clone()),
            (Self::Networks, Value::Array(items)) => {
                items.iter().map(network).collect::<Option<Vec<_>>>().map(Value::Array)
            }
            (Self::Number(..) | Self::Networks, _) => None,
            (kind, Value::String(text)) => kind.accept_text(text).then(|| value.clone()),
            _ => None,
        }
    }

    fn accept_text(self, text: &str) -> bool {
        match self {
            Self::Text | Self::Secret => true,
            Self::Path => !text.is_empty(),
            Self::File => std::fs::File::open(text).is_ok_and(|file| file.metadata().is_ok_and(|m| m.is_file())),
            Self::Address => text.parse::<SocketAddr>().is_ok(),
            Self::Url => text.is_empty() || is_origin(text),
            Self::PlainUrl => text.is_empty() || (is_origin(text) && text.starts_with("http://")),
            Self::Link => text.is_empty() || is_link(text),
            Self::Word(words) => words.contains(&text),
            Self::Level => text.split(',').all(is_directive),
            Self::Name => is_name(text),
            Self::Number(..) | Self::Networks => false,
        }
    }
}

/// A network, or an address that stands for itself.
fn network(value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let single = || format!("[{text}]:0").parse().or_else(|_| format!("{text}:0").parse::<SocketAddr>());
    let net = text.parse::<ipnet::IpNet>().ok().or_else(|| Some(ipnet::IpNet::from(single().ok()?.ip())))?;
    Some(Value::String(net.to_string()))
}

/// `http(s)://host[:port]`, with at most a closing slash.
fn is_origin(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")) else {
        return false;
    };
    let host = rest.strip_suffix('/').unwrap_or(rest);
    !host.is_empty() && host.parse::<http::uri::Authority>().is_ok_and(|a| !a.as_str().contains('@'))
}

/// A level, or `target=level`.
fn is_directive(text: &str) -> bool {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let (target, level) = text.trim().split_once('=').unwrap_or(("headcount", text.trim()));
    !target.is_empty() && LEVELS.contains(&level)
}

fn is_link(text: &str) -> bool {
    text.parse::<http::Uri>()
        .is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
}

fn is_name(text: &str) -> bool {
    let starts_well = text.bytes().next().is_some_and(|c| c.is_ascii_alphabetic() || c == b'_');
    starts_well && text.len() <= 64 && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
}
