//! One segment file: a header, then records.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::deliver::codec;
use crate::deliver::table::Table;
use crate::files;
use crate::model::Batch;

/// The first bytes of a segment; the digit is the version of the format.
pub const HEADER: &[u8; 8] = b"HCSPOOL2";
/// The first bytes of a segment of any version.
const NAME: &[u8; 7] = b"HCSPOOL";
/// Length and checksum in front of every record.
const FRAME: usize = 8;
/// How many records may be missing between two of a segment.
const SEQUENCES_SKIPPED: u64 = 1_000_000;
/// Bytes that are read at once.
const READ_BYTES: usize = 64 * 1024;

/// What a walk over a segment found.
pub struct Scan {
    /// Sequence the file is named after.
    pub first: u64,
    /// Sequence of the last batch; one below `first` when there is none.
    pub last: u64,
    /// Bytes of the header and of whole records.
    pub bytes: u64,
    /// Bytes after the last of them.
    pub torn: u64,
    /// Records, or several in a row, that were skipped because their checksum or content is wrong.
    pub damaged: u64,
    /// Where whole records lie, when something damaged lies between them; else empty.
    pub whole: Vec<Range<usize>>,
}

impl Scan {
    fn empty(first: u64) -> Self {
        Self { first, last: first.saturating_sub(1), bytes: 0, torn: 0, damaged: 0, whole: Vec::new() }
    }
}

/// The segments of a directory in order.
pub fn list(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "spool") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Begins a segment whose first batch will be `sequence`.
pub fn create(directory: &Path, sequence: u64) -> io::Result<(PathBuf, File)> {
    // A failed append may have left a file of the same name behind: nothing in it was acknowledged.
    let path = directory.join(format!("{sequence:020}.spool"));
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = files::open_private_append(&path)?;
    file.write_all(HEADER)?;
    files::sync_directory_of(&path)?;
    Ok((path, file))
}

/// The bytes of a record.
pub fn record(payload: &[u8]) -> Vec<u8> {
    let mut record = Vec::with_capacity(FRAME + payload.len());
    record.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
    record.extend_from_slice(&crc32fast::hash(payload).to_le_bytes());
    record.extend_from_slice(payload);
    record
}

/// Walks over a segment and hands out every batch, each sequence once. `is_newest`: it may have been begun just before the
/// machine lost its power.
///
/// # Errors
/// When the file cannot be read, is of another version or no segment.
pub fn scan(path: &Path, is_newest: bool, found: &mut dyn FnMut(Batch)) -> io::Result<Scan> {
    let first = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok()).unwrap_or(0);
    let bytes = fs::read(path)?;
    // The file got its length, but none of its bytes: nothing in it was synced, so nothing in it was acknowledged. Of an
    // older segment that would be a loss, which somebody must look at.
    if is_newest && bytes.iter().all(|byte| *byte == 0) {
        return Ok(Scan { torn: bytes.len() as u64, ..Scan::empty(first) });
    }
    walk(&bytes, first, 0, found)
}

/// [`scan`] of bytes that may be anything, of the segment named after `first`.
///
/// # Errors
/// When they begin like another version's.
pub fn walk(bytes: &[u8], first: u64, after: u64, found: &mut dyn FnMut(Batch)) -> io::Result<Scan> {
    let mut scan = Scan::empty(first);
    let Some(mut rest) = bytes.strip_prefix(HEADER) else {
        if HEADER.starts_with(bytes) {
            scan.torn = bytes.len() as u64;
            return Ok(scan);
        }
        return Err(not_ours(bytes));
    };
    let mut newest = after;
    let (mut begun, mut whole) = (bytes.len() - rest.len(), Vec::new());
    while !rest.is_empty() {
        let Some((payload, after_it)) = sound(rest) else {
            // A bit of a length is as easily damaged as any other: what was acknowledged behind it is looked for.
            let Some(skipped) = resume(rest, newest.max(first)) else { break };
            let at = bytes.len() - rest.len();
            whole.push(begun..at);
            (begun, rest) = (at + skipped, &rest[skipped..]);
            scan.damaged += 1;
            continue;
        };
        match codec::decode(payload) {
            Ok(batch) => {
                scan.last = scan.last.max(batch.sequence);
                if batch.sequence > newest {
                    newest = batch.sequence;
                    found(batch);
                }
            }
            Err(_) => scan.damaged += 1,
        }
        rest = after_it;
    }
    scan.torn = rest.len() as u64;
    scan.bytes = (bytes.len() - rest.len()) as u64;
    if !whole.is_empty() {
        whole.push(begun..bytes.len() - rest.len());
        scan.bytes = (HEADER.len() + whole.iter().map(Range::len).sum::<usize>()) as u64;
        scan.whole = whole;
    }
    Ok(scan)
}

/// Where the next whole record begins, behind bytes that are none. Most places are told by their length and sequence, so that
/// few checksums are made.
fn resume(rest: &[u8], newest: u64) -> Option<usize> {
    let is_near = |payload: &[u8]| {
        let sequence = codec::sequence(payload).unwrap_or(0);
        sequence >= newest && sequence - newest < SEQUENCES_SKIPPED
    };
    (1..rest.len()).find(|at| {
        let candidate = &rest[*at..];
        frame(candidate).is_some_and(|(payload, ..)| is_near(payload)) && sound(candidate).is_some()
    })
}

/// Why a file that does not begin like a segment of ours stops the start: its batches must not be thrown away.
fn not_ours(bytes: &[u8]) -> io::Error {
    let what = match bytes.strip_prefix(NAME).and_then(|rest| rest.first()) {
        Some(version) if version.is_ascii_digit() => format!(
            "it is of version {} of the spool, this program reads version {}; start the one that wrote it, and stop that cleanly",
            char::from(*version),
            char::from(HEADER[NAME.len()])
        ),
        _ => "not a spool segment; when nothing of it can be restored, move it out of the spool".to_owned(),
    };
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// The next record when it is whole, and what follows.
fn sound(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (payload, checksum, after) = frame(rest)?;
    (!payload.is_empty() && crc32fast::hash(payload) == checksum).then_some((payload, after))
}

/// The next record: payload, the checksum it should have, what follows.
fn frame(rest: &[u8]) -> Option<(&[u8], u32, &[u8])> {
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (checksum, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (payload, after) = rest.split_at_checked(length)?;
    Some((payload, u32::from_le_bytes(*checksum), after))
}

/// Batches of a segment that are read back: those above `after` up to `last`, whole or as far as one table needs them.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// The sequence before the first that is wanted.
    pub after: u64,
    /// The last that is wanted: one behind it is being written, and nobody may learn of it.
    pub last: u64,
    /// The table that wants them.
    pub table: Option<Table>,
}

/// Hands out the batches that are wanted, in order, until `take` says that it has enough. Others are neither read nor
/// decoded: loads come by every second, and a segment is large. Returns whether there was enough.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path, wanted: Wanted, take: &mut dyn FnMut(&Batch) -> bool) -> io::Result<bool> {
    let mut records = Records::open(path)?;
    let mut newest = wanted.after;
    while let Some(checksum) = records.next(|sequence| sequence > newest && sequence <= wanted.last)? {
        let payload = &records.payload[..];
        if crc32fast::hash(payload) != checksum {
            continue;
        }
        let batch = wanted.table.map_or_else(|| codec::decode(payload), |table| codec::decode_for(table, payload));
        let Ok(batch) = batch else { continue };
        newest = batch.sequence;
        if !take(&batch) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The records of a segment that may be appended to meanwhile.
struct Records {
    file: BufReader<File>,
    /// Bytes of the file that are left, as far as it went when it was opened.
    left: u64,
    /// The record at hand.
    payload: Vec<u8>,
}

impl Records {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let left = file.metadata()?.len();
        let mut records = Self { file: BufReader::with_capacity(READ_BYTES, file), left, payload: Vec::new() };
        let mut header = [0; HEADER.len()];
        if !records.fill(&mut header)? || header != *HEADER {
            records.left = 0;
        }
        Ok(records)
    }

    /// Reads on to the next record whose sequence is `wanted`; the checksum it should have. `None` at the end and at a torn
    /// tail.
    fn next(&mut self, wanted: impl Fn(u64) -> bool) -> io::Result<Option<u32>> {
        let mut frame = [0; FRAME];
        while self.fill(&mut frame)? {
            let [length, checksum] = [0, 4].map(|at| u32::from_le_bytes([0, 1, 2, 3].map(|byte| frame[at + byte])));
            if u64::from(length) > self.left {
                break;
            }
            let mut payload = std::mem::take(&mut self.payload);
            payload.resize((length as usize).min(codec::SEQUENCE_BYTES), 0);
            self.fill(&mut payload)?;
            let is_wanted = codec::sequence(&payload).is_ok_and(&wanted);
            let rest = length as usize - payload.len();
            if is_wanted {
                let begun = payload.len();
                payload.resize(length as usize, 0);
                self.fill(&mut payload[begun..])?;
            } else {
                self.file.seek_relative(rest as i64)?;
                self.left -= rest as u64;
            }
            self.payload = payload;
            if is_wanted {
                return Ok(Some(checksum));
            }
        }
        Ok(None)
    }

    /// Fills `bytes`, unless fewer are left.
    fn fill(&mut self, bytes: &mut [u8]) -> io::Result<bool> {
        if bytes.len() as u64 > self.left {
            self.left = 0;
            return Ok(false);
        }
        self.file.read_exact(bytes)?;
        self.left -= bytes.len() as u64;
        Ok(true)
    }
}

/// Leaves nothing of a segment but its header and these bytes of it, so that readers meet whole records only.
pub fn mend(path: &Path, whole: &[Range<usize>]) -> io::Result<()> {
    let bytes = fs::read(path)?;
    let mut kept = HEADER.to_vec();
    whole.iter().filter_map(|range| bytes.get(range.clone())).for_each(|records| kept.extend_from_slice(records));
    let new = path.with_extension("mended");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = files::open_private_append(&new)?;
    file.write_all(&kept)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    files::sync_directory_of(path)
}

/// Cuts a segment to `bytes`.
pub fn cut(path: &Path, bytes: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    file.set_len(bytes)?;
    file.sync_all()
}
