//! The members of a zip file, as far as exports use it: stored or deflated, not encrypted. A whole library for this would weigh
//! more than the hundred bytes of headers that have to be understood. Called by [`super::input`].

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;
use indicatif::ProgressBar;

/// Bytes at the end in which the directory's end is looked for: its own 22 and the longest comment.
const TAIL: u64 = 22 + 65_535;
/// Members of a zip at the most.
const MOST: usize = 100_000;

/// A file in a zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its path in the zip.
    pub name: String,
    /// Bytes it takes there.
    pub packed_size: u64,
    /// How it is packed: 0 not at all, 8 deflated.
    method: u16,
    /// Where its own header is.
    header: u64,
}

/// All members.
///
/// # Errors
/// It is no zip, or one of a kind that is not understood.
pub fn members(file: &mut File) -> io::Result<Vec<Member>> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let end = tail.windows(4).rposition(|bytes| bytes == b"PK\x05\x06").ok_or_else(no_zip)?;
    let (count, from) = (number::<2>(&tail, end + 10)?, number::<4>(&tail, end + 16)?);
    if from == 0xffff_ffff || count == 0xffff {
        return Err(io::Error::new(ErrorKind::InvalidData, "it is larger than 4 GiB: unpack it and name its files"));
    }
    file.seek(SeekFrom::Start(from))?;
    let mut directory = Vec::new();
    file.take(length.saturating_sub(from)).read_to_end(&mut directory)?;
    let (mut all, mut at) = (Vec::new(), 0);
    for _ in 0..count.min(MOST as u64) {
        if directory.get(at..at + 4) != Some(b"PK\x01\x02".as_slice()) {
            return Err(no_zip());
        }
        let [name, extra, comment] = [28, 30, 32].map(|offset| number::<2>(&directory, at + offset));
        let (name, extra, comment) = (name? as usize, extra? as usize, comment? as usize);
        let text = directory.get(at + 46..at + 46 + name).ok_or_else(no_zip)?;
        all.push(Member {
            name: String::from_utf8_lossy(text).into_owned(),
            packed_size: number::<4>(&directory, at + 20)?,
            method: number::<2>(&directory, at + 10)? as u16,
            header: number::<4>(&directory, at + 42)?,
        });
        at += 46 + name + extra + comment;
    }
    Ok(all)
}

impl Member {
    /// What it holds.
    ///
    /// # Errors
    /// It is packed in another way, or the zip is damaged.
    pub fn open(&self, mut file: File, progress: &ProgressBar) -> io::Result<Box<dyn Read>> {
        file.seek(SeekFrom::Start(self.header))?;
        let mut header = [0; 30];
        file.read_exact(&mut header)?;
        if header[..4] != *b"PK\x03\x04" || number::<2>(&header, 6)? & 1 == 1 {
            return Err(io::Error::new(ErrorKind::InvalidData, "it is damaged or encrypted"));
        }
        let skipped = number::<2>(&header, 26)? + number::<2>(&header, 28)?;
        file.seek(SeekFrom::Current(skipped as i64))?;
        let packed = progress.wrap_read(file).take(self.packed_size);
        match self.method {
            0 => Ok(Box::new(packed)),
            8 => Ok(Box::new(DeflateDecoder::new(BufReader::new(packed)))),
            _ => {
                Err(io::Error::new(ErrorKind::InvalidData, "it is packed in a way that is not known: unpack it first"))
            }
        }
    }
}

fn number<const BYTES: usize>(bytes: &[u8], at: usize) -> io::Result<u64> {
    let found = bytes.get(at..at + BYTES).ok_or_else(no_zip)?;
    Ok(found.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn no_zip() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "it is no zip file")
}

/// A zip of one deflated and one stored member, for tests.
#[cfg(test)]
pub fn packed(members: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write as _;

    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (position, (name, text)) in members.iter().enumerate() {
        let is_stored = position % 2 == 1;
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).expect("memory");
        let data = if is_stored { text.as_bytes().to_vec() } else { encoder.finish().expect("memory") };
        let mut shared = vec![20, 0, 0, 0, if is_stored { 0 } else { 8 }, 0];
        shared.extend([0; 8]);
        shared.extend((data.len() as u32).to_le_bytes());
        shared.extend((text.len() as u32).to_le_bytes());
        shared.extend((name.len() as u16).to_le_bytes());
        shared.extend([0, 0]);
        directory.extend([b"PK\x01\x02\x14\0".as_slice(), &shared, &[0; 10]].concat());
        directory.extend((file.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        file.extend([b"PK\x03\x04".as_slice(), &shared, name.as_bytes(), &data].concat());
    }
    let (from, count) = (file.len() as u32, (members.len() as u16).to_le_bytes());
    file.extend(&directory);
    file.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count].concat());
    file.extend([&(directory.len() as u32).to_le_bytes()[..], &from.to_le_bytes(), &[0, 0]].concat());
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::test_directory;

    #[test]
    fn members_are_read_and_what_is_no_zip_is_refused() {
        let directory = test_directory();
        let path = directory.path().join("x.zip");
        let texts = [("a/one.csv", "one one one one"), ("two.csv", "two"), ("empty", "")];
        std::fs::write(&path, packed(&texts)).expect("written");
        let open = || File::open(&path).expect("there");
        let read = |member: &Member| {
            let mut text = String::new();
            member.open(open(), &ProgressBar::hidden()).expect("opens").read_to_string(&mut text).expect("reads");
            (member.name.clone(), text)
        };
        let found: Vec<(String, String)> = members(&mut open()).expect("a zip").iter().map(read).collect();
        assert_eq!(found, texts.map(|(name, text)| (name.to_owned(), text.to_owned())));
        let whole = std::fs::read(&path).expect("there");
        for cut in [0, 10, whole.len() - 5] {
            std::fs::write(&path, &whole[..cut]).expect("written");
            assert!(members(&mut open()).is_err(), "{cut}");
        }
    }
}
