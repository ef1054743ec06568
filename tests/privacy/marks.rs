//! Marks: texts nobody else writes, planted in traffic and searched for afterwards in every spelling a program might
//! keep them in.

use std::fmt::Write as _;
use std::path::Path;

use aho_corasick::AhoCorasick;
use base64::Engine as _;

use crate::support::server::files_below;

/// Something that must not be found, and where it was planted.
#[derive(Clone)]
struct Mark {
    what: String,
    spellings: Vec<Vec<u8>>,
}

/// Everything that was planted.
#[derive(Clone, Default)]
pub struct Marks(Vec<Mark>);

/// What was found: which mark, and where.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Where the mark was planted.
    pub what: String,
    /// Where it was found.
    pub place: String,
}

impl Marks {
    /// Takes note of a text: it is searched for as it is (in any case), percent-encoded, in hexadecimal and base64.
    pub fn text(&mut self, what: &str, text: &str) {
        assert!(text.len() >= 8, "too short to be told from chance: {text}");
        let mut spellings =
            vec![text.as_bytes().to_vec(), percent(text).into_bytes(), hex(text.as_bytes()).into_bytes()];
        spellings.extend(base64s(text.as_bytes()).map(String::into_bytes));
        self.0.push(Mark { what: what.to_owned(), spellings });
    }

    /// Takes note of bytes, such as a packed address.
    pub fn bytes(&mut self, what: &str, bytes: &[u8]) {
        let mut spellings = vec![bytes.to_vec(), hex(bytes).into_bytes()];
        spellings.extend(base64s(bytes).into_iter().map(String::into_bytes).filter(|text| text.len() >= 8));
        self.0.push(Mark { what: what.to_owned(), spellings });
    }

    /// Ready to search.
    pub fn searcher(&self) -> Searcher {
        let all = self.0.iter().flat_map(|mark| mark.spellings.iter().map(|spelling| (mark.what.clone(), spelling)));
        let (names, spellings): (Vec<String>, Vec<&Vec<u8>>) = all.unzip();
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(spellings).expect("an automaton");
        Searcher { names, automaton }
    }
}

/// Searches for all marks at once.
pub struct Searcher {
    names: Vec<String>,
    automaton: AhoCorasick,
}

impl Searcher {
    /// Every mark in `bytes`, each once.
    pub fn look(&self, place: &str, bytes: &[u8]) -> Vec<Found> {
        let hits = self.automaton.find_overlapping_iter(bytes);
        let mut found: Vec<Found> = hits
            .map(|hit| Found { what: self.names[hit.pattern().as_usize()].clone(), place: place.to_owned() })
            .collect();
        found.sort();
        found.dedup();
        found
    }

    /// Every mark in every byte, and every name, of every file below `directory`.
    pub fn look_below(&self, directory: &Path) -> Vec<Found> {
        let mut found = Vec::new();
        for path in files_below(directory) {
            let place = path.display().to_string();
            found.extend(self.look(&format!("the name of {place}"), place.as_bytes()));
            // A file may go while it is looked at; what replaced it is in the next listing.
            found.extend(std::fs::read(&path).map(|bytes| self.look(&place, &bytes)).unwrap_or_default());
        }
        found
    }
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "%{byte:02X}");
        out
    })
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// What stays the same in base64 wherever the bytes stand in a longer text: one spelling for each alignment.
fn base64s(bytes: &[u8]) -> [String; 3] {
    [0, 1, 2].map(|before| {
        let padded = [&vec![0; before], bytes].concat();
        let text = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&padded);
        let first = [0, 2, 3][before];
        let whole = padded.len() / 3 * 4;
        text[first..whole].to_owned()
    })
}

#[test]
fn a_mark_is_found_in_every_spelling() {
    let mut marks = Marks::default();
    marks.text("mark", "Jane.Doe@example.org");
    marks.bytes("address", &[0x20, 1, 0xd, 0xb8, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    let searcher = marks.searcher();
    let encoder = base64::engine::general_purpose::STANDARD;
    let places: [Vec<u8>; 8] = [
        b"xx jane.doe@EXAMPLE.org yy".to_vec(),
        percent("Jane.Doe@example.org").into_bytes(),
        hex(b"Jane.Doe@example.org").into_bytes(),
        encoder.encode("Jane.Doe@example.org").into_bytes(),
        encoder.encode("1Jane.Doe@example.org").into_bytes(),
        encoder.encode("22Jane.Doe@example.orgxx").into_bytes(),
        [b"\xff\xff".as_slice(), &[0x20, 1, 0xd, 0xb8, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]].concat(),
        b"address=20010DB800070102030405060708090A".to_vec(),
    ];
    for (number, place) in places.iter().enumerate() {
        assert_eq!(searcher.look("here", place).len(), 1, "{number}");
    }
    assert_eq!(searcher.look("here", b"john.doe@example.org"), []);
}
