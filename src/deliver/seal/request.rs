//! A request to seal, from the command line to the collector that runs, through files in the state directory:
//! `requests/ID.json`, answered in `requests/ID.answer`. Written by the command, answered by `watch`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files;
use crate::model::Day;

/// What to seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealRequest {
    /// One site; all of them when absent.
    pub site: Option<String>,
    /// `today`, `yesterday` or a date, in each site's own zone. Everything that is due when absent.
    pub day: Option<String>,
    /// Also a day that is not over.
    pub now: bool,
    /// The past days that an owner has filled in, instead of one day or of those that are due.
    #[serde(default)]
    pub filled: bool,
}

/// What became of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealAnswer {
    /// A line for each site-day that was looked at.
    pub lines: Vec<String>,
    /// Why not everything was done, and what to do.
    pub refused: Option<String>,
}

/// A day as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedDay {
    /// The site's current day.
    Today,
    /// The one before.
    Yesterday,
    /// This one.
    Date(Day),
}

impl AskedDay {
    /// Reads `today`, `yesterday` or a date.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "today" => Some(Self::Today),
            "yesterday" => Some(Self::Yesterday),
            date => date.parse().ok().and_then(Day::from_date).map(Self::Date),
        }
    }
}

/// The directory of requests.
#[derive(Clone, Debug)]
pub struct Requests(PathBuf);

/// A request that was handed in; taken back when dropped.
pub struct Pending {
    asked: PathBuf,
    answer: PathBuf,
}

impl Requests {
    /// Those of a state directory.
    pub fn of(state_dir: &Path) -> Self {
        Self(state_dir.join("requests"))
    }

    /// Hands a request in.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn ask(&self, request: &SealRequest) -> io::Result<Pending> {
        files::make_private_directory(&self.0)?;
        let id = getrandom::u64().map_err(|_| io::Error::other("no random bytes from the operating system"))?;
        let path = |extension: &str| self.0.join(format!("{id:016x}.{extension}"));
        files::replace(&path("json"), &serde_json::to_vec(request)?)?;
        Ok(Pending { asked: path("json"), answer: path("answer") })
    }

    /// Takes the next request; its answer goes to the path beside it. One that cannot be read is removed.
    ///
    /// # Errors
    /// When the directory or a file cannot be read or removed.
    pub fn next(&self) -> io::Result<Option<(SealRequest, PathBuf)>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let read = fs::read(&path);
            fs::remove_file(&path)?;
            if let Ok(request) = serde_json::from_slice(&read?) {
                return Ok(Some((request, path.with_extension("answer"))));
            }
        }
        Ok(None)
    }

    /// Removes everything: nobody waits for what an earlier run was asked.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Pending {
    /// The answer, once it is there.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn answer(&self) -> io::Result<Option<SealAnswer>> {
        match fs::read(&self.answer) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            bytes => Ok(Some(serde_json::from_slice(&bytes?)?)),
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // Whoever is asked may have taken the one and not written the other yet; the next start removes that.
        let _ = fs::remove_file(&self.asked);
        let _ = fs::remove_file(&self.answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::test_directory;

    #[test]
    fn a_request_is_taken_once_and_its_answer_comes_back() {
        let directory = test_directory();
        let requests = Requests::of(directory.path());
        assert!(requests.next().expect("read").is_none());
        let request = SealRequest { site: Some("demo".into()), day: None, now: false, filled: true };
        let pending = requests.ask(&request).expect("written");
        assert_eq!(pending.answer().expect("read"), None);
        let (taken, answer) = requests.next().expect("read").expect("there");
        assert_eq!((taken, requests.next().expect("read").is_none()), (request, true));
        let said = SealAnswer { lines: vec!["demo".into()], refused: None };
        files::replace(&answer, &serde_json::to_vec(&said).expect("text")).expect("written");
        assert_eq!(pending.answer().expect("read"), Some(said));
        drop(pending);
        assert_eq!(fs::read_dir(directory.path().join("requests")).expect("read").count(), 0);
    }

    #[test]
    fn days_are_names_or_dates() {
        let days = ["today", "yesterday", "2026-11-21", "tomorrow", "2026-02-30"].map(AskedDay::parse);
        let date = Some(AskedDay::Date(Day(20_778)));
        assert_eq!(days, [Some(AskedDay::Today), Some(AskedDay::Yesterday), date, None, None]);
    }
}
