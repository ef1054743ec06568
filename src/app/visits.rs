//! The file of visits over a clean restart: written by the commit thread at its end, read and destroyed here at the start.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::config::Config;
use crate::count::Folder;
use crate::files;

/// Where visits are kept over a clean restart.
pub fn file(config: &Config) -> PathBuf {
    config.state_dir.join("visits")
}

/// Goes on with the visits of a clean stop. Their file is destroyed before anything is accepted (P6).
///
/// # Errors
/// When the file cannot be read or destroyed.
pub fn restore(folder: &mut Folder, config: &Config, now: i64) -> anyhow::Result<()> {
    let path = file(config);
    let here = || path.display().to_string();
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error).with_context(here),
    };
    // One that was cut short while it was written lies beside it.
    for file in [path.as_path(), &path.with_extension("tmp")] {
        files::destroy(file).with_context(here)?;
    }
    if bytes.is_empty() {
        return Ok(());
    }
    match folder.restore_visits(&bytes, now) {
        Ok(visitors) => tracing::info!(visitors, "visits of before the restart go on"),
        Err(error) => tracing::warn!(error = %error, "visits of before the restart are counted anew"),
    }
    Ok(())
}
