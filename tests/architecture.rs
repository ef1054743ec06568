//! The rules about the sources themselves: who may know whom, what may stand where. Each rule is a function in
//! `rules`; here it is run over the sources, and over a snippet that breaks it, so that a rule that never fires is seen.

#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/source.rs"]
mod source;

use std::path::Path;

use self::source::{Source, read_all};

type Rule = fn(&Source) -> Vec<String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Nothing in `folders` breaks `rule`.
fn holds(folders: &[&str], rule: Rule) {
    let sources: Vec<Source> = folders.iter().flat_map(|folder| read_all(root(), folder)).collect();
    assert!(!sources.is_empty(), "no sources found");
    let found: Vec<String> = sources.iter().flat_map(rule).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// `rule` finds exactly these lines in a snippet.
fn finds(rule: Rule, path: &str, text: &str, lines: &[usize]) {
    let found = rule(&Source::new(path, text));
    let told: Vec<usize> = found
        .iter()
        .map(|line| line.split(':').nth(1).and_then(|number| number.parse().ok()).expect("file:line: what"))
        .collect();
    assert_eq!(told, lines, "{found:?}");
}

#[test]
fn imports_point_down_the_pipeline() {
    holds(&["src"], rules::imports_point_down);
}

#[test]
fn an_import_that_points_up_is_found() {
    let rule = rules::imports_point_down;
    finds(rule, "src/model/cell.rs", "use crate::count::Window;\n", &[1]);
    finds(rule, "src/count/window.rs", "use crate::{\n    model::Day,\n    ingest::{hit::Hit, x},\n};\n", &[1]);
    finds(rule, "src/count/mod.rs", "fn f() { super::deliver::x(); }\n", &[1]);
    finds(rule, "src/count/fold.rs", "use super::super::deliver::Spool;\nuse super::window::Row;\n", &[1]);
    finds(rule, "src/api/query.rs", "use crate::http::problem::Problem;\nuse crate::http::server::Worker;\n", &[2]);
    finds(rule, "src/count/fold.rs", "// crate::app\nuse crate::model::Day;\nlet x = \"crate::app\";\n", &[]);
    finds(rule, "src/count/fold.rs", "#[cfg(test)]\nmod tests {\n    use crate::files::x;\n}\n", &[]);
    finds(rule, "src/novelty.rs", "//! New.\n", &[1]);
}

#[test]
fn every_module_has_a_row_in_the_table() {
    let mut tops: Vec<String> = read_all(root(), "src").iter().map(|source| source.top().to_owned()).collect();
    tops.sort();
    tops.dedup();
    let mut rows: Vec<&str> = rules::MAY_KNOW.iter().map(|(module, _)| *module).collect();
    rows.sort_unstable();
    assert_eq!(tops, rows);
}

#[test]
fn the_table_has_no_circle() {
    // Each row may name rows above it only. `http` hosts what `api` answers with, in `http::problem`.
    for (position, (module, known)) in rules::MAY_KNOW.iter().enumerate() {
        let above = &rules::MAY_KNOW[..position];
        for name in known.iter().filter(|name| **name != "http::problem") {
            let top = name.split("::").next();
            assert!(
                above.iter().any(|(earlier, _)| Some(*earlier) == top),
                "{module} names {name}, which is not above"
            );
        }
    }
}

#[test]
fn http_libraries_stay_at_the_outside() {
    holds(&["src"], rules::http_libraries_stay_outside);
    finds(
        rules::http_libraries_stay_outside,
        "src/ingest/mod.rs",
        "use hyper::body;\n// axum\nuse axum::x;\n",
        &[1, 3],
    );
}

#[test]
fn sql_stays_in_clickhouse() {
    holds(&["src"], rules::sql_stays_in_clickhouse);
    let text = "const A: &str = \"SELECT 1\";\n// SELECT 2\nconst B: &str = r#\"\nINSERT INTO x\"#;\n";
    finds(rules::sql_stays_in_clickhouse, "src/stats/plan.rs", text, &[1, 4]);
}

#[test]
fn only_the_clock_knows_the_time() {
    holds(&["src"], rules::only_the_clock_knows_the_time);
    let text = "let a = SystemTime::now();\nlet b = jiff::Timestamp::now();\n#[cfg(test)]\nfn t() { Zoned::now() }\n";
    finds(rules::only_the_clock_knows_the_time, "src/app/mod.rs", text, &[1, 2]);
}

#[test]
fn only_app_and_the_server_spawn() {
    holds(&["src"], rules::only_app_and_server_spawn);
    let text = "tokio::spawn(x);\nstd::thread::spawn(y);\nlet respawned = 1;\ntokio::task::spawn_blocking(z);\n";
    finds(rules::only_app_and_server_spawn, "src/deliver/loader.rs", text, &[1, 2, 4]);
    finds(rules::only_app_and_server_spawn, "src/api/state.rs", text, &[1, 2]);
}

#[test]
fn p2_addresses_stay_at_the_door() {
    holds(&["src"], rules::addresses_stay_at_the_door);
    let text = "use std::net::IpAddr;\nfn f(a: Ipv6Addr) {}\nuse std::net::SocketAddr;\n";
    finds(rules::addresses_stay_at_the_door, "src/ingest/limit.rs", text, &[1, 2]);
    finds(rules::addresses_stay_at_the_door, "src/http/client_ip.rs", text, &[]);
    let whole = "use crate::privacy::address::ClientAddr;\nfn f(a: CutAddress) {}\n";
    finds(rules::addresses_stay_at_the_door, "src/stats/plan.rs", whole, &[1]);
    finds(rules::addresses_stay_at_the_door, "src/ingest/batch.rs", whole, &[]);
}

#[test]
fn p12_hits_end_in_ingest() {
    holds(&["src"], rules::hits_end_in_ingest);
    finds(rules::hits_end_in_ingest, "src/count/window.rs", "fn count(hit: &Hit<'_>) {}\nfn hits(Hits: u8) {}\n", &[1]);
}

#[test]
fn names_say_something() {
    holds(&["src", "tests"], rules::names_say_something);
    finds(rules::names_say_something, "src/http/utils.rs", "//! x\n", &[1]);
    finds(rules::names_say_something, "src/http/mod.rs", "//! x\nmod helpers;\npub mod router;\n", &[2]);
}

#[test]
fn every_file_introduces_itself() {
    holds(&["src", "tests"], rules::every_file_introduces_itself);
    finds(rules::every_file_introduces_itself, "src/x.rs", "use a::b;\n", &[1]);
}

#[test]
fn files_are_short() {
    holds(&["src", "tests"], rules::files_are_short);
    finds(rules::files_are_short, "src/x.rs", &"let x = 1;\n".repeat(401), &[400]);
    let tests = format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", "let x = 1;\n".repeat(400), "let y = 1;\n".repeat(400));
    finds(rules::files_are_short, "src/x.rs", &tests, &[]);
}

#[test]
fn functions_are_short() {
    holds(&["src"], rules::functions_are_short);
    let long = format!("//! x\nfn f(x: fn(u8) -> u8) -> [u8; 2] {{\n{}}}\nfn g() {{}}\n", "    x;\n".repeat(59));
    finds(rules::functions_are_short, "src/x.rs", &long, &[2]);
    finds(rules::functions_are_short, "src/x.rs", &long.replacen("    x;\n", "", 1), &[]);
}

#[test]
fn nothing_is_unwrapped() {
    holds(&["src"], rules::nothing_is_unwrapped);
    finds(rules::nothing_is_unwrapped, "src/x.rs", "a.unwrap();\n/// b.unwrap()\nc.unwrap_or(1);\n", &[1]);
}

#[test]
fn p9_nothing_is_printed_past_the_log() {
    holds(&["src"], rules::nothing_is_printed);
    finds(rules::nothing_is_printed, "src/deliver/x.rs", "println!();\nwriteln!(a);\neprintln!(\"x\");\n", &[1, 3]);
}

#[test]
fn strings_comments_and_tests_are_told_from_code() {
    let text = "let a = \"// x \\\" y\"; // c\nlet b = '\"'; let c: &'a str = r#\"q\"z\"#; /* d\n e */ f();\n";
    let source = Source::new("src/x.rs", text);
    let squeezed: Vec<String> =
        source.code.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(squeezed, ["let a = ;", "let b = ; let c: &'a str = ;", "f();"]);
    let text = "#[cfg(test)]\nmod tests {\n    fn a() {}\n}\nfn b() {}\n#[cfg(test)]\nmod other;\nfn c() {}\n";
    assert_eq!(Source::new("src/x.rs", text).is_test, [true, true, true, true, false, true, true, false]);
}
