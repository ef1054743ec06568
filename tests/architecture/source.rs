//! Rust sources as the rules look at them: text with comments and strings blanked out, line for line, and a note which
//! lines belong to tests. A scanner, no parser: it knows comments, strings, characters and matching braces.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// One file.
pub struct Source {
    /// Path below the repository, with slashes.
    pub path: String,
    /// The text as written.
    pub text: String,
    /// Without comments; strings are there.
    pub uncommented: String,
    /// Without comments and without the inside of strings and characters.
    pub code: String,
    /// For each line, whether it is compiled for tests only.
    pub is_test: Vec<bool>,
}

impl Source {
    /// Looks at a text that lies at `path`.
    pub fn new(path: &str, text: &str) -> Self {
        let (uncommented, code) = blank(text);
        let mut is_test = vec![is_test_path(path); text.lines().count().max(1)];
        for (first, last, _) in test_items(&code) {
            is_test[first..=last.min(text.lines().count() - 1)].fill(true);
        }
        Self { path: path.to_owned(), text: text.to_owned(), uncommented, code, is_test }
    }

    /// Module path below the crate: `["http", "collect"]`; empty for `lib.rs` and `main.rs`.
    pub fn modules(&self) -> Vec<&str> {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let stem = below.strip_suffix(".rs").unwrap_or(below);
        let stem = stem.strip_suffix("/mod").unwrap_or(stem);
        if matches!(stem, "lib" | "main") { Vec::new() } else { stem.split('/').collect() }
    }

    /// The top module, or the file's own name.
    pub fn top(&self) -> &str {
        self.modules().first().copied().unwrap_or("main")
    }

    /// Lines of production code with their numbers, from 1, comments and strings blanked.
    pub fn production(&self) -> impl Iterator<Item = (usize, &str)> {
        self.numbered(&self.code)
    }

    /// The same with strings.
    pub fn production_with_strings(&self) -> impl Iterator<Item = (usize, &str)> {
        self.numbered(&self.uncommented)
    }

    fn numbered<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        let lines = text.lines().zip(&self.is_test).enumerate();
        lines.filter(|(_, (_, is_test))| !**is_test).map(|(number, (line, _))| (number + 1, line))
    }
}

/// Every `.rs` file below `folder`, with files of test modules marked.
pub fn read_all(root: &Path, folder: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    collect(&root.join(folder), &mut paths);
    paths.sort();
    let mut sources: Vec<Source> = paths.iter().map(|path| read(root, path)).collect();
    let tests: BTreeSet<String> = sources.iter().flat_map(files_of_test_modules).collect();
    for source in &mut sources {
        let below = |test: &String| source.path == *test || source.path.starts_with(&format!("{test}/"));
        if tests.iter().any(below) {
            source.is_test.fill(true);
        }
    }
    sources
}

fn read(root: &Path, path: &Path) -> Source {
    let text = fs::read_to_string(path).expect("a source file is UTF-8");
    let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
    Source::new(&name, &text)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn is_test_path(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.ends_with("_tests.rs") || path.contains("/tests/") || path.starts_with("tests/")
}

/// What `#[cfg(test)] mod name;` names: the file and the folder of that module.
fn files_of_test_modules(source: &Source) -> Vec<String> {
    let folder = match source.path.strip_suffix("/mod.rs").or(source.path.strip_suffix("/lib.rs")) {
        Some(folder) => folder.to_owned(),
        None => source.path.trim_end_matches(".rs").to_owned(),
    };
    let names = test_items(&source.code).into_iter().filter_map(|(_, _, module)| module);
    names.flat_map(|name| [format!("{folder}/{name}.rs"), format!("{folder}/{name}")]).collect()
}

/// Items behind `#[cfg(test)]`: first line, last line (from 0), and the name when it is a module in another file.
fn test_items(code: &str) -> Vec<(usize, usize, Option<String>)> {
    let mut items = Vec::new();
    let mut from = 0;
    while let Some(at) = code[from..].find("#[cfg(test)]").map(|at| at + from) {
        let end = item_end(code, at + "#[cfg(test)]".len());
        let item = &code[at..end];
        let module = item.ends_with(';').then(|| item.split("mod ").nth(1)).flatten();
        let module = module.map(|name| name.trim_end_matches(';').trim().to_owned());
        items.push((line_of(code, at), line_of(code, end.saturating_sub(1)), module));
        from = end;
    }
    items
}

/// Where the item that begins at `from` ends: behind its `;` or its closing brace.
fn item_end(code: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code[from..].char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return from + at + 1;
                }
            }
            ';' if depth == 0 => return from + at + 1,
            _ => {}
        }
    }
    code.len()
}

/// The line a byte is on, from 0.
pub fn line_of(text: &str, at: usize) -> usize {
    text[..at.min(text.len())].bytes().filter(|byte| *byte == b'\n').count()
}

/// Every function with a body in `code`: name, first line and last line, from 1.
pub fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for at in words(code, "fn") {
        let rest = &code[at + 2..];
        let name: String = rest.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if name.is_empty() {
            continue;
        }
        let end = item_end(code, at);
        if code[..end].ends_with('}') {
            found.push((name, line_of(code, at) + 1, line_of(code, end) + 1));
        }
    }
    found
}

/// Where `word` stands as a whole identifier.
pub fn words(code: &str, word: &str) -> Vec<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let whole = |at: &usize| {
        let before = code[..*at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    };
    code.match_indices(word).map(|(at, _)| at).filter(whole).collect()
}

/// The text without comments, and without comments and the inside of strings; line breaks stay where they are.
fn blank(text: &str) -> (String, String) {
    let mut out = (String::with_capacity(text.len()), String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (length, kind) = token(rest, text.len() - rest.len(), text);
        let piece = &rest[..length];
        match kind {
            Kind::Comment => {
                out.0.push_str(&spaces(piece));
                out.1.push_str(&spaces(piece));
            }
            Kind::Text => {
                out.0.push_str(piece);
                out.1.push_str(&spaces(piece));
            }
            Kind::Code => {
                out.0.push(c);
                out.1.push(c);
            }
        }
        rest = &rest[length..];
    }
    out
}

enum Kind {
    Comment,
    Text,
    Code,
}

/// Length and kind of what `rest` begins with.
fn token(rest: &str, at: usize, text: &str) -> (usize, Kind) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Kind::Comment);
    }
    if rest.starts_with("/*") {
        return (rest.find("*/").map_or(rest.len(), |end| end + 2), Kind::Comment);
    }
    if rest.starts_with('"') {
        return (quoted(rest), Kind::Text);
    }
    let after_word = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
    if !after_word && let Some(length) = raw_string(rest) {
        return (length, Kind::Text);
    }
    if let Some(length) = character(rest) {
        return (length, Kind::Text);
    }
    (rest.chars().next().map_or(1, char::len_utf8), Kind::Code)
}

/// A string with its quotes.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `br#"…"#`.
fn raw_string(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('b').unwrap_or(rest).strip_prefix('r')?;
    let hashes = inside.len() - inside.trim_start_matches('#').len();
    let body = inside[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = body.find(&close).map_or(body.len(), |end| end + close.len());
    Some(rest.len() - body.len() + end)
}

/// `'x'` or `'\n'`; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    if let Some(escape) = inside.strip_prefix('\\') {
        return escape.char_indices().skip(1).find(|(_, c)| *c == '\'').map(|(at, _)| at + 3);
    }
    let c = inside.chars().next()?;
    inside[c.len_utf8()..].starts_with('\'').then(|| c.len_utf8() + 2)
}

/// As many bytes of nothing, line breaks kept.
fn spaces(piece: &str) -> String {
    piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}
