//! The files of the engine's directory: generated configuration, password, port. Written before each start, all of
//! them readable by the owner alone. ClickHouse reads only what is named here.
//!
//! ```text
//! engine/            0700, working directory of the child
//!   config.xml       memory, caches, pools; no log, no query log
//!   users.xml        two accounts; the password as SHA-256
//!   password         in clear, for commands that talk to a running engine
//!   port             of the running engine
//!   data/            what ClickHouse stores
//! ```

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{EngineError, Settings, USER, ping};
use crate::clickhouse::Target;

/// Name of the file that holds the port of a running engine.
pub(super) const PORT: &str = "port";
/// Bytes of the disk that the engine leaves free.
const KEPT_FREE: u64 = 64 << 20;
/// Name of the directory ClickHouse stores its data in.
pub(super) const DATA: &str = "data";

/// Writes everything a start needs and returns the password. An existing password is kept, so that a command which
/// starts an engine does not lock out the one that is running.
pub(super) fn prepare(settings: &Settings) -> Result<String, EngineError> {
    let directory = settings.directory();
    make_directory(&settings.state_dir)?;
    make_directory(&directory)?;
    make_directory(&directory.join(DATA))?;
    let password = password(&directory)?;
    write_private(&directory.join("users.xml"), &users_xml(&settings.database, &password))?;
    write_private(&directory.join("config.xml"), &config_xml(settings))?;
    Ok(password)
}

/// The engine that runs on this state directory, if one does and answers: for commands beside a running server.
pub async fn attach(settings: &Settings) -> Option<Target> {
    let directory = settings.directory();
    let port: u16 = fs::read_to_string(directory.join(PORT)).ok()?.trim().parse().ok()?;
    let password = fs::read_to_string(directory.join("password")).ok()?;
    ping::answers(port).await.then(|| target(settings, port, password))
}

/// How to reach the engine that listens on `port`.
pub(super) fn target(settings: &Settings, port: u16, password: String) -> Target {
    Target {
        url: format!("http://127.0.0.1:{port}"),
        user: USER.to_owned(),
        password,
        database: settings.database.clone(),
    }
}

/// Reads the password or makes one up.
fn password(directory: &Path) -> Result<String, EngineError> {
    let path = directory.join("password");
    if let Ok(known) = fs::read_to_string(&path)
        && known.len() == 64
    {
        return Ok(known);
    }
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|error| failed(&path)(std::io::Error::other(error)))?;
    let fresh = hex(&random);
    write_private(&path, &fresh)?;
    Ok(fresh)
}

fn make_directory(path: &Path) -> Result<(), EngineError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(path).map_err(failed(path))
}

/// Replaces a file in one step: a reader sees the old text or the new one.
fn write_private(path: &Path, text: &str) -> Result<(), EngineError> {
    let fresh = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options
        .open(&fresh)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&fresh, path))
        .map_err(failed(path))
}

pub(super) fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> EngineError {
    let path: PathBuf = path.to_owned();
    |source| EngineError::Directory { path, source }
}

/// The two accounts. `default` is the one ClickHouse's own command line runs as and cannot be given a password: its
/// single permitted session is taken from the start, so nobody else on the machine can use it. `headcount` may
/// do what the collector needs in its own database and read `system`: no files, no URLs, no other servers.
fn users_xml(database: &str, password: &str) -> String {
    let database = escape(&format!("`{}`", database.replace('`', "\\`")));
    let hash = hex(&Sha256::digest(password.as_bytes()));
    format!(
        "<clickhouse>
 <profiles>
  <default><async_insert>0</async_insert><log_queries>0</log_queries></default>
  <starter><max_sessions_for_user>1</max_sessions_for_user></starter>
 </profiles>
 <quotas><default/></quotas>
 <users>
  <default>
   <no_password/><networks><ip>127.0.0.1</ip></networks><profile>starter</profile><quota>default</quota>
   <grants>
    <query>GRANT SYSTEM LISTEN ON *.*</query>
    <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
   </grants>
  </default>
  <{USER}>
   <password_sha256_hex>{hash}</password_sha256_hex>
   <networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
   <grants>
    <query>GRANT SELECT, INSERT, ALTER, CREATE, DROP, TRUNCATE, OPTIMIZE, SHOW ON {database}.*</query>
    <query>GRANT SELECT ON system.*</query>
    <query>GRANT TABLE ENGINE ON *</query>
   </grants>
  </{USER}>
 </users>
</clickhouse>
"
    )
}

/// Everything lowered to what a small machine can spare. There is no section for any log table, so none exists,
/// and no log file is named, so none is written: ClickHouse's logs would quote data.
fn config_xml(settings: &Settings) -> String {
    let bytes = settings.memory_mib.max(256) * 1024 * 1024;
    let cache = (bytes / 32).clamp(8 << 20, 128 << 20);
    let pool = settings.threads.clamp(2, 16);
    let mut text = String::from("<clickhouse>\n <users_config>users.xml</users_config>\n");
    text.push_str(" <logger><level>none</level><console>0</console></logger>\n");
    let mut put = |name: &str, value: u64| {
        let _ = writeln!(text, " <{name}>{value}</{name}>");
    };
    put("max_server_memory_usage", bytes);
    put("mark_cache_size", cache);
    put("primary_index_cache_size", cache);
    put("uncompressed_cache_size", 0);
    put("index_mark_cache_size", 1 << 20);
    put("index_uncompressed_cache_size", 0);
    put("mmap_cache_size", 16);
    put("compiled_expression_cache_size", 4 << 20);
    put("background_pool_size", pool as u64);
    put("background_move_pool_size", 1);
    put("background_fetches_pool_size", 1);
    put("background_common_pool_size", 2);
    put("background_schedule_pool_size", 4);
    put("max_connections", 128);
    put("max_concurrent_queries", 64);
    put("keep_alive_timeout", 30);
    // It looks how much memory is taken, 20 times a second by itself: half of what an idle engine does.
    put("memory_worker_period_ms", 500);
    text.push_str(" <send_crash_reports><enabled>0</enabled></send_crash_reports>\n");
    text.push_str(&tables_xml());
    text.push_str("</clickhouse>\n");
    text
}

/// How tables merge, and what they leave of the disk.
fn tables_xml() -> String {
    let mut text = String::from(" <merge_tree>\n");
    // Their defaults ask for more merge threads than a small pool has, and ClickHouse refuses to start then.
    for name in ["lower_max_size_of_merge", "execute_mutation", "execute_optimize_entire_partition"] {
        let _ =
            writeln!(text, "  <number_of_free_entries_in_pool_to_{name}>1</number_of_free_entries_in_pool_to_{name}>");
    }
    // On a disk that is full, ClickHouse now and then takes rows and merges parts into files that stay empty, and says
    // that all went well. It takes no rows and merges nothing while less than this is free.
    let free = "min_free_disk_bytes_to_perform_insert";
    let _ = writeln!(text, "  <{free}>{KEPT_FREE}</{free}>\n </merge_tree>");
    let free = format!("<default><keep_free_space_bytes>{KEPT_FREE}</keep_free_space_bytes></default>");
    let _ = writeln!(text, " <storage_configuration><disks>{free}</disks></storage_configuration>");
    text
}

/// Text as it may stand between two tags.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_stored_as_its_hash_alone() {
        let text = users_xml("head<count", "secret");
        assert!(text.contains("2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"));
        assert!(text.contains("ON `head&lt;count`.*"));
        assert!(!text.contains("secret"));
    }
}
