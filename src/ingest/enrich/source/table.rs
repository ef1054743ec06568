//! The table of known sources: the built-in one and the operator's, read at start. Called by [`super`] and `app`.

use std::path::{Path, PathBuf};

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::super::channel::Medium;
use super::Known;

const BUILT_IN: &str = include_str!("../../data/sources.csv");

/// Why a table of sources cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourcesError {
    /// The file cannot be read.
    #[error("cannot read {}: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A line is not `host-suffix,name,medium`.
    #[error(
        "{}, line {line}: expected `host-suffix,name,medium` with a medium of \
         search, social, video, shopping, email, ai, news, dev or other",
        path.display()
    )]
    BadLine {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
}

type Map = HashMap<Box<str>, Entry, RandomState>;

#[derive(Clone, Debug)]
struct Entry {
    name: Box<str>,
    medium: Medium,
}

impl Entry {
    fn known(&self) -> Known<'_> {
        Known { name: &self.name, medium: self.medium }
    }
}

/// Known sources by host and by tag.
#[derive(Debug)]
pub struct Sources {
    hosts: Map,
    /// `google` for `google.*`.
    any_suffix: Map,
    tags: Map,
}

impl Sources {
    /// The built-in table, with the lines of `extra` before it.
    ///
    /// # Errors
    /// When `extra` cannot be read or has a line that is no source.
    pub fn load(extra: Option<&Path>) -> Result<Self, SourcesError> {
        let mut sources = Self { hosts: Map::default(), any_suffix: Map::default(), tags: Map::default() };
        if let Some(path) = extra {
            let text = std::fs::read_to_string(path)
                .map_err(|cause| SourcesError::Unreadable { path: path.to_owned(), cause })?;
            sources.add(&text).map_err(|line| SourcesError::BadLine { path: path.to_owned(), line })?;
        }
        sources.add(BUILT_IN).map_err(|line| SourcesError::BadLine { path: "sources.csv".into(), line })?;
        Ok(sources)
    }

    /// The source a host (lower case, no port) belongs to: the longest suffix that is known.
    pub fn by_host(&self, host: &str) -> Option<Known<'_>> {
        let mut suffix = host;
        loop {
            if let Some(entry) = self.hosts.get(suffix) {
                return Some(entry.known());
            }
            let (label, rest) = suffix.split_once('.')?;
            if let Some(entry) = self.any_suffix.get(label).filter(|_| is_public_suffix(rest)) {
                return Some(entry.known());
            }
            suffix = rest;
        }
    }

    /// The source a campaign's tag means: an alias, a name (`Google`, `hacker news`) or a host, in any case.
    pub fn by_tag(&self, tag: &str) -> Option<Known<'_>> {
        let lower;
        let tag = if tag.bytes().any(|c| c.is_ascii_uppercase()) {
            lower = tag.to_ascii_lowercase();
            &lower
        } else {
            tag
        };
        let by_name = self.tags.get(tag).map(Entry::known);
        by_name.or_else(|| tag.contains('.').then(|| self.by_host(tag.strip_prefix("www.").unwrap_or(tag)))?)
    }

    /// Adds the lines of a table; what is known already stays. The error is the number of the bad line.
    fn add(&mut self, text: &str) -> Result<(), usize> {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            self.add_line(line).ok_or(number + 1)?;
        }
        Ok(())
    }

    fn add_line(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split(',').map(str::trim);
        let (key, name, medium) = (fields.next()?, fields.next()?, Medium::from_word(fields.next()?)?);
        if key.is_empty() || name.is_empty() || fields.next().is_some() {
            return None;
        }
        let key = key.to_ascii_lowercase();
        let entry = Entry { name: name.into(), medium };
        if let Some(tag) = key.strip_prefix('=') {
            self.tags.entry(tag.into()).or_insert(entry);
            return Some(());
        }
        self.tags.entry(name.to_ascii_lowercase().into()).or_insert_with(|| entry.clone());
        let (map, key) = match key.strip_suffix(".*") {
            Some(label) => (&mut self.any_suffix, label),
            None => (&mut self.hosts, key.as_str()),
        };
        map.entry(key.into()).or_insert(entry);
        Some(())
    }
}

/// Whether a text is like `de`, `com`, `co.uk` or `com.br`: one label, or a short one before a country's.
fn is_public_suffix(text: &str) -> bool {
    match text.split_once('.') {
        None => (2..=4).contains(&text.len()),
        Some((second, country)) => second.len() <= 3 && country.len() == 2,
    }
}
