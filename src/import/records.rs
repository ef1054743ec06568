//! The records of a file: lines, or in CSV what stands between line ends outside of quotation marks. Each knows where it ends,
//! and everything read so far has a digest. Called by [`super::reading`].

use std::io::{self, BufRead};

use sha2::{Digest, Sha256};

/// Bytes of a record at the most; what is longer is passed over.
const LONGEST: usize = 512 * 1024;

/// One record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// What it says, without the line end. Empty when it is too long.
    pub text: String,
    /// The byte after it.
    pub ends: u64,
    /// The number of its last line, from 1.
    pub line: u64,
    /// Whether it was longer than any record should be.
    pub is_too_long: bool,
}

/// Reads records.
pub struct Records<R> {
    input: R,
    is_csv: bool,
    /// Whether a last line without an end may still grow.
    grows: bool,
    digest: Sha256,
    /// The digest with what was read of the next record.
    digest_begun: Sha256,
    offset: u64,
    line: u64,
    /// What was read of the next record.
    begun: Vec<u8>,
    is_too_long: bool,
    lines_begun: u64,
    bytes_begun: u64,
}

impl<R: BufRead> Records<R> {
    /// Records of `input`, whose digest begins as `digest`.
    pub fn new(input: R, digest: Sha256, is_csv: bool, grows: bool) -> Self {
        Self {
            input,
            is_csv,
            grows,
            digest_begun: digest.clone(),
            digest,
            offset: 0,
            line: 0,
            begun: Vec::new(),
            is_too_long: false,
            lines_begun: 0,
            bytes_begun: 0,
        }
    }

    /// The next record; `None` at the end, which may be the end for now.
    ///
    /// # Errors
    /// The input cannot be read.
    pub fn read(&mut self) -> io::Result<Option<Record>> {
        loop {
            let has_ended = self.take_line()?;
            let is_over = has_ended.is_none();
            if is_over && (self.grows || self.bytes_begun == 0) {
                return Ok(None);
            }
            // An odd number of quotation marks: the line end is part of a value. Comments have no values.
            let is_row = self.is_csv && !self.begun.starts_with(b"#");
            let is_open = is_row && !self.is_too_long && quotes(&self.begun) % 2 == 1;
            if is_over || !is_open {
                return Ok(Some(self.finish()));
            }
        }
    }

    /// Bytes of whole records read so far.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The digest of those.
    pub fn digest(&self) -> &Sha256 {
        &self.digest
    }

    /// The input.
    pub fn input(&self) -> &R {
        &self.input
    }

    /// Reads to the next line end; `None` when there is none.
    fn take_line(&mut self) -> io::Result<Option<()>> {
        loop {
            let read = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if read.is_empty() {
                return Ok(None);
            }
            let end = read.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(read.len(), |at| at + 1);
            self.digest_begun.update(&read[..taken]);
            if self.begun.len() + taken > LONGEST {
                self.is_too_long = true;
                self.begun.clear();
            }
            if !self.is_too_long {
                self.begun.extend_from_slice(&read[..taken]);
            }
            self.bytes_begun += taken as u64;
            self.input.consume(taken);
            if end.is_some() {
                self.lines_begun += 1;
                return Ok(Some(()));
            }
        }
    }

    fn finish(&mut self) -> Record {
        self.offset += std::mem::take(&mut self.bytes_begun);
        self.digest = self.digest_begun.clone();
        self.line += std::mem::take(&mut self.lines_begun).max(1);
        let bytes = std::mem::take(&mut self.begun);
        let is_too_long = std::mem::take(&mut self.is_too_long);
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}').to_owned();
        Record { text, ends: self.offset, line: self.line, is_too_long }
    }
}

fn quotes(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'"').count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, is_csv: bool, grows: bool) -> Vec<(String, u64, u64)> {
        let mut records = Records::new(text.as_bytes(), Sha256::new(), is_csv, grows);
        let next = || records.read().expect("memory").map(|record| (record.text, record.ends, record.line));
        std::iter::from_fn(next).collect()
    }

    fn wanted(records: &[(&str, u64, u64)]) -> Vec<(String, u64, u64)> {
        records.iter().map(|(text, ends, line)| ((*text).to_owned(), *ends, *line)).collect()
    }

    #[test]
    fn lines_know_where_they_end() {
        assert_eq!(read("a\r\n\nb", false, false), wanted(&[("a", 3, 1), ("", 4, 2), ("b", 5, 3)]));
        assert_eq!(read("a\nb", false, true), wanted(&[("a", 2, 1)]));
        assert_eq!(read("", false, false), wanted(&[]));
    }

    #[test]
    fn a_value_of_csv_may_hold_line_ends() {
        assert_eq!(read("a,\"b\nc\"\nd\n", true, false), wanted(&[("a,\"b\nc\"", 8, 2), ("d", 10, 3)]));
        assert_eq!(read("# a \"b\nc\n", true, false), wanted(&[("# a \"b", 7, 1), ("c", 9, 2)]));
        assert_eq!(read("\u{feff}a,\"b\n", true, false), wanted(&[("a,\"b", 8, 1)]));
    }

    #[test]
    fn what_is_too_long_is_passed_over() {
        let text = format!("{}\nb\n", "a".repeat(LONGEST));
        let mut records = Records::new(text.as_bytes(), Sha256::new(), false, false);
        let first = records.read().expect("memory").expect("a record");
        assert_eq!((first.is_too_long, first.text.as_str(), first.ends), (true, "", LONGEST as u64 + 1));
        assert_eq!(records.read().expect("memory").map(|record| record.text), Some("b".to_owned()));
    }

    proptest! {
        #[test]
        fn every_byte_is_in_one_record_and_in_the_digest(text in "[ab\"\r\n]{0,40}", is_csv in any::<bool>()) {
            let mut records = Records::new(text.as_bytes(), Sha256::new(), is_csv, false);
            let mut ends = 0;
            while let Some(record) = records.read().expect("memory") {
                prop_assert!(record.ends > ends);
                ends = record.ends;
            }
            prop_assert_eq!(ends, text.len() as u64);
            prop_assert_eq!(records.digest().clone().finalize(), Sha256::digest(text.as_bytes()));
        }
    }
}
