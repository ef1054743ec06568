//! The rules, one function each: from sources to what breaks the rule, as `file:line: what`.

use super::source::{Source, functions, line_of, words};

/// Who may know whom, top module by top module. The order is the pipeline's: what stands below knows nothing of what
/// stands above. `http::problem` and the like open one file only.
pub const MAY_KNOW: [(&str, &[&str]); 20] = [
    // Leaves.
    ("model", &[]),
    ("clock", &[]),
    ("files", &[]),
    ("config", &[]),
    // Who is who, and what may leave the door.
    ("privacy", &["model", "files"]),
    ("registry", &["model", "files", "clock"]),
    // Counting and storing.
    ("count", &["model", "privacy"]),
    ("clickhouse", &["config", "model"]),
    // The seal destroys salts and asks what may be shown.
    ("deliver", &["count", "model", "files", "clickhouse", "clock", "privacy"]),
    // Reading.
    ("stats", &["clickhouse", "model", "privacy"]),
    // The path of a hit.
    ("ingest", &["clock", "count", "deliver", "model", "privacy", "registry"]),
    // The outside.
    ("telemetry", &["config", "deliver", "ingest", "privacy"]),
    // What is asked and answered has its types in `stats`: the description of the API is generated from them.
    // `privacy::address`: attempts to sign in are paced for each network, never for an address.
    ("api", &["clock", "http::problem", "model", "privacy::address", "registry", "stats"]),
    ("http", &["api", "deliver", "ingest", "model", "privacy", "telemetry"]),
    ("cli", &["clock", "config", "registry"]),
    // Commands that send from outside: they know nothing of what counts it.
    ("courier", &["registry"]),
    ("demo", &["cli", "clock", "courier", "model", "registry"]),
    ("import", &["cli", "courier", "files", "model", "registry"]),
    // Builds everything.
    (
        "app",
        &[
            "api",
            "cli",
            "clickhouse",
            "clock",
            "config",
            "count",
            "deliver",
            "files",
            "http",
            "ingest",
            "model",
            "privacy",
            "registry",
            "stats",
            "telemetry",
        ],
    ),
    ("main", &["app", "cli", "clickhouse::engine", "clock", "config", "registry", "demo", "import"]),
];

fn broken(source: &Source, line: usize, what: &str) -> String {
    format!("{}:{line}: {what}", source.path)
}

/// Imports point down only.
pub fn imports_point_down(source: &Source) -> Vec<String> {
    let allowed = MAY_KNOW.iter().find(|(module, _)| *module == source.top());
    let Some((_, allowed)) = allowed else {
        return if source.path == "src/lib.rs" {
            Vec::new()
        } else {
            vec![broken(source, 1, "is in no row of MAY_KNOW")]
        };
    };
    let code = production_text(source);
    let mut found = Vec::new();
    for (at, path) in paths_from_the_root(source, &code) {
        let top = path.split("::").next().unwrap_or_default();
        let is_own = top == source.top();
        let opened = |known: &&&str| **known == top || path == **known || path.starts_with(&format!("{known}::"));
        if !is_own && !allowed.iter().any(|known| opened(&known)) {
            found.push(broken(source, line_of(&code, at) + 1, &format!("`{}` may not know `{path}`", source.top())));
        }
    }
    found
}

/// Production code as one text, test lines emptied.
fn production_text(source: &Source) -> String {
    let lines = source.code.lines().zip(&source.is_test);
    lines.map(|(line, is_test)| if *is_test { "\n".to_owned() } else { format!("{line}\n") }).collect()
}

/// Every path that begins at the crate's root, to its second segment: (byte, `http::problem`).
fn paths_from_the_root(source: &Source, code: &str) -> Vec<(usize, String)> {
    let up = "super::".repeat(source.modules().len());
    let mut found = Vec::new();
    for root in ["crate::", "headcount::", up.as_str()].into_iter().filter(|root| !root.is_empty()) {
        for (at, _) in code.match_indices(root) {
            let part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            // `$crate::`, `pub(in crate::…)` and longer chains of `super` are other paths.
            if code[..at].chars().next_back().is_some_and(part) || code[at + root.len()..].starts_with("super::") {
                continue;
            }
            found.extend(branches(&code[at + root.len()..]).into_iter().map(|path| (at, path)));
        }
    }
    found
}

/// `a::b` of `a::b::C`; each of `{a::b, c}`.
fn branches(rest: &str) -> Vec<String> {
    if let Some(group) = rest.strip_prefix('{') {
        let (mut depth, mut from, mut all) = (0, 0, Vec::new());
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => {
                    all.extend(branches(group[from..at].trim()));
                    return all;
                }
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    all.extend(branches(group[from..at].trim()));
                    from = at + 1;
                }
                _ => {}
            }
        }
        return all;
    }
    let path: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':').collect();
    let two: Vec<&str> = path.split("::").filter(|part| !part.is_empty()).take(2).collect();
    if two.is_empty() { Vec::new() } else { vec![two.join("::")] }
}

/// hyper and axum stay at the outside.
pub fn http_libraries_stay_outside(source: &Source) -> Vec<String> {
    if matches!(source.top(), "http" | "api" | "app") {
        return Vec::new();
    }
    forbidden_words(source, &["axum", "hyper", "hyper_util"], "belongs to http and api")
}

/// SQL stays in one folder.
pub fn sql_stays_in_clickhouse(source: &Source) -> Vec<String> {
    if source.top() == "clickhouse" {
        return Vec::new();
    }
    let statements = ["SELECT ", "INSERT INTO", "CREATE TABLE", "ALTER TABLE", "DROP TABLE", "OPTIMIZE "];
    let lines = source.production_with_strings();
    let hits = lines.filter(|(_, line)| statements.iter().any(|statement| line.contains(statement)));
    hits.map(|(number, _)| broken(source, number, "SQL belongs to clickhouse")).collect()
}

/// One place asks the machine for the time.
pub fn only_the_clock_knows_the_time(source: &Source) -> Vec<String> {
    if source.path == "src/clock.rs" {
        return Vec::new();
    }
    let calls = ["SystemTime::now", "Timestamp::now", "Zoned::now", "SystemTime::UNIX_EPOCH.elapsed"];
    let lines = source.production();
    let hits = lines.filter(|(_, line)| calls.iter().any(|call| line.contains(call)));
    hits.map(|(number, _)| broken(source, number, "only clock.rs asks for the time")).collect()
}

/// Nothing runs in the server that `app` does not know of. `courier` belongs to programs of their own beside it, whose
/// threads end before its one function returns.
pub fn only_app_and_server_spawn(source: &Source) -> Vec<String> {
    if matches!(source.top(), "app" | "courier")
        || source.path == "src/http/server.rs"
        || source.path.starts_with("src/clickhouse/engine/")
    {
        return Vec::new();
    }
    let mut words = vec!["spawn", "spawn_local"];
    // A handler may wait for a password to be hashed, a question for days to be judged: they await what they start.
    if source.top() != "api" && source.path != "src/stats/judging.rs" {
        words.push("spawn_blocking");
    }
    forbidden_words(source, &words, "tasks and threads are started by app")
}

/// P2 and P12: an address has two places.
pub fn addresses_stay_at_the_door(source: &Source) -> Vec<String> {
    if source.path == "src/http/client_ip.rs" || source.top() == "privacy" {
        return Vec::new();
    }
    let why = "addresses belong to http/client_ip and privacy (P2)";
    let mut found = forbidden_words(source, &["IpAddr", "Ipv4Addr", "Ipv6Addr"], why);
    // A relay says in its batch whose event it passes on, and the log of a proxy has a field of this name.
    if !["src/ingest/batch.rs", "src/import/decode/json_log.rs"].contains(&source.path.as_str()) {
        found.extend(forbidden_words(source, &["ClientAddr"], why));
    }
    found
}

/// P12: behind ingest there is no hit.
pub fn hits_end_in_ingest(source: &Source) -> Vec<String> {
    if !matches!(source.top(), "count" | "deliver" | "clickhouse" | "stats" | "api" | "registry" | "telemetry") {
        return Vec::new();
    }
    forbidden_words(source, &["Hit"], "only Event may be known here (P12)")
}

fn forbidden_words(source: &Source, forbidden: &[&str], why: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in source.production() {
        for word in forbidden.iter().filter(|word| !words(line, word).is_empty()) {
            found.push(broken(source, number, &format!("`{word}`: {why}")));
        }
    }
    found
}

/// A name says what is inside.
pub fn names_say_something(source: &Source) -> Vec<String> {
    const EMPTY: [&str; 12] = [
        "utils", "util", "common", "helpers", "helper", "manager", "managers", "misc", "shared", "tools", "stuff",
        "base",
    ];
    let file = source.path.split('/').map(|part| part.trim_end_matches(".rs")).find(|part| EMPTY.contains(part));
    let mut found: Vec<String> =
        file.map(|name| broken(source, 1, &format!("`{name}` names nothing"))).into_iter().collect();
    for (number, line) in source.code.lines().enumerate() {
        let module = line.trim().trim_start_matches("pub ").strip_prefix("mod ").unwrap_or_default();
        let name = module.trim_end_matches([';', '{', ' ']);
        if EMPTY.contains(&name) {
            found.push(broken(source, number + 1, &format!("`{name}` names nothing")));
        }
    }
    found
}

/// Every file says what it owns.
pub fn every_file_introduces_itself(source: &Source) -> Vec<String> {
    if source.text.starts_with("//! ") || source.path.ends_with("/tests.rs") {
        return Vec::new();
    }
    vec![broken(source, 1, "does not open with `//! …`")]
}

/// Lines of production code a file may have.
pub const FILE_LINES: usize = 400;

/// Files stay readable in one sitting.
pub fn files_are_short(source: &Source) -> Vec<String> {
    let lines = source.production().count();
    if lines <= FILE_LINES {
        return Vec::new();
    }
    vec![broken(source, FILE_LINES, &format!("{lines} lines; {FILE_LINES} are the wall"))]
}

/// Lines a function may have.
pub const FUNCTION_LINES: usize = 60;

/// Functions stay readable at one glance.
pub fn functions_are_short(source: &Source) -> Vec<String> {
    let production = |first: &usize| source.is_test.get(first - 1) == Some(&false);
    let long = functions(&source.code)
        .into_iter()
        .filter(|(_, first, last)| last - first + 1 > FUNCTION_LINES && production(first));
    long.map(|(name, first, last)| {
        broken(source, first, &format!("`{name}` has {} lines; {FUNCTION_LINES} are the wall", last - first + 1))
    })
    .collect()
}

/// Production code says why something cannot fail, or handles it.
pub fn nothing_is_unwrapped(source: &Source) -> Vec<String> {
    let lines = source.production().filter(|(_, line)| line.contains(".unwrap()"));
    lines.map(|(number, _)| broken(source, number, "`unwrap()` outside tests")).collect()
}

/// P9: what is printed past the log is not seen by its rules. The program's own words go to a writer.
pub fn nothing_is_printed(source: &Source) -> Vec<String> {
    if matches!(source.top(), "main" | "cli" | "courier" | "import") {
        return Vec::new();
    }
    let macros = ["println!", "eprintln!", "print!", "eprint!", "dbg!"];
    let is_call = |line: &str, name: &str| {
        line.match_indices(name).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    let lines = source.production().filter(|(_, line)| macros.iter().any(|name| is_call(line, name)));
    lines.map(|(number, _)| broken(source, number, "prints past the log (P9)")).collect()
}
