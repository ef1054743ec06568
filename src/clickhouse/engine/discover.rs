//! Where the engine is: the configured library, the usual places, or a `clickhouse` program. Called once per start.

use std::path::{Path, PathBuf};

use super::EngineError;

/// File name of the library; the packages for macOS use the same.
const LIBRARY: &str = "libchdb.so";

/// What can be run as the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// ClickHouse as a shared library, loaded by our own child.
    Library(PathBuf),
    /// A `clickhouse` program, run as `clickhouse local`.
    ClickHouse(PathBuf),
}

/// Finds the engine. A configured library is used or refused, never passed over in silence.
///
/// # Errors
/// [`EngineError::NoSuchLibrary`] and [`EngineError::Missing`]; both say how to get it.
pub fn discover(configured: Option<&Path>) -> Result<Program, EngineError> {
    if let Some(path) = configured {
        return existing(path.to_owned())
            .map(Program::Library)
            .ok_or_else(|| EngineError::NoSuchLibrary { path: path.to_owned() });
    }
    let executable = std::env::current_exe().ok();
    let directory = std::env::current_dir().ok();
    if let Some(library) = places(executable.as_deref(), directory.as_deref()).into_iter().find_map(existing) {
        return Ok(Program::Library(library));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|directory| directory.join("clickhouse"))
        .find_map(existing)
        .map(Program::ClickHouse)
        .ok_or(EngineError::Missing)
}

/// Every place a library may be at, best first.
fn places(executable: Option<&Path>, working_directory: Option<&Path>) -> Vec<PathBuf> {
    let mut places = Vec::new();
    let beside = executable.and_then(Path::parent);
    places.extend(beside.map(|directory| directory.join(LIBRARY)));
    for start in beside.into_iter().chain(working_directory) {
        places.extend(start.ancestors().map(in_checkout));
    }
    places.push(Path::new("/usr/lib/headcount").join(LIBRARY));
    places.push(Path::new("/usr/local/lib/headcount").join(LIBRARY));
    places
}

/// Where `npm ci --prefix dashboards` puts the library in a checkout.
fn in_checkout(checkout: &Path) -> PathBuf {
    checkout.join("dashboards/node_modules/@chdb").join(package()).join(LIBRARY)
}

/// The npm package for this machine, in npm's words.
fn package() -> String {
    let processor = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    match std::env::consts::OS {
        "macos" => format!("lib-darwin-{processor}"),
        system => format!("lib-{system}-{processor}-gnu"),
    }
}

fn existing(path: PathBuf) -> Option<PathBuf> {
    path.is_file().then(|| std::path::absolute(&path).unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkout_is_found_from_the_program_and_from_the_working_directory() {
        let places = places(Some(Path::new("/a/target/release/headcount")), Some(Path::new("/b/c")));
        let package = package();
        let inside = |root: &str| PathBuf::from(format!("{root}/dashboards/node_modules/@chdb/{package}/libchdb.so"));
        let expected = [
            "/a/target/release/libchdb.so".into(),
            inside("/a/target/release"),
            inside("/a/target"),
            inside("/a"),
            inside(""),
            inside("/b/c"),
            inside("/b"),
            inside(""),
            "/usr/lib/headcount/libchdb.so".into(),
            "/usr/local/lib/headcount/libchdb.so".into(),
        ];
        assert_eq!(places, expected);
    }

    #[test]
    fn a_configured_library_that_is_missing_is_refused() {
        let error = discover(Some(Path::new("/nowhere/libchdb.so"))).expect_err("missing");
        assert_eq!(
            error.to_string(),
            "engine.library: no file at /nowhere/libchdb.so; get it with `make build` or leave the key out to have it \
             looked for"
        );
    }
}
