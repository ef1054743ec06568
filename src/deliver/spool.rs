//! The disk queue of batches between the collector and ClickHouse.
//!
//! Append-only segment files named after the sequence of their first batch. A record is length, CRC-32 and the bytes
//! of `codec.rs`. A record is on disk when [`Spool::append`] returns. A torn tail is cut when the spool is
//! opened, nothing else. Segments vanish as soon as everything in them is in ClickHouse.

pub mod segment;

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use self::segment::{Scan, Wanted};
use super::codec;
use super::fault::Fault;
use super::table::Table;
use crate::files;
use crate::model::Batch;

/// Bytes of batches kept in memory for the loaders, as they are on disk; older ones are read back. In memory they take
/// some twice as much.
const RECENT_BYTES: usize = 12 * 1024 * 1024;

/// The spool cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("spool file {path}: {error}")]
pub struct SpoolError {
    path: PathBuf,
    #[source]
    error: io::Error,
}

impl SpoolError {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self { path, error }
    }
}

/// Sizes of a spool, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct SpoolLimits {
    /// All segments together; the spool is full beyond.
    pub total: u64,
    /// One segment; the next is begun beyond.
    pub segment: u64,
}

/// What was found when a spool was opened.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Batches on disk; the last of them may be in ClickHouse already.
    pub batches: u64,
    /// Bytes of a torn tail that were cut.
    pub cut_bytes: u64,
    /// Records whose checksum was wrong and that were skipped.
    pub damaged: u64,
    /// Client batch ids remembered in waiting batches.
    pub remembered: Vec<(u64, u16)>,
}

/// The disk queue. Appended to by the commit thread, read and released by the loaders.
pub struct Spool {
    directory: PathBuf,
    limits: SpoolLimits,
    // A std mutex, held through an fsync: only the commit thread and the loader take it, where blocking is allowed.
    state: Mutex<State>,
    bytes: AtomicU64,
    /// Crossings appended since the spool was opened.
    crossings: AtomicU64,
    /// Where to die, in tests.
    fault: Option<Fault>,
}

struct State {
    segments: VecDeque<Segment>,
    /// The last segment, open for appending; none when the spool is empty.
    file: Option<File>,
    recent: VecDeque<(Arc<Batch>, usize)>,
    recent_bytes: usize,
    next_sequence: u64,
}

struct Segment {
    first: u64,
    last: u64,
    bytes: u64,
    path: PathBuf,
}

impl Spool {
    /// Opens the spool in `directory`, which is made when absent. `floor`: the highest
    /// sequence a loader ever wrote down; new batches get higher ones.
    ///
    /// # Errors
    /// When files cannot be read, cut or made.
    pub fn open(directory: &Path, limits: SpoolLimits, floor: u64) -> Result<(Self, Recovered), SpoolError> {
        files::make_private_directory(directory).map_err(SpoolError::at(directory))?;
        let mut recovered = Recovered::default();
        let mut segments = VecDeque::new();
        let mut newest = floor;
        let paths = segment::list(directory).map_err(SpoolError::at(directory))?;
        let begun_last = paths.last().cloned();
        for path in paths {
            let scan = segment::scan(&path, begun_last.as_ref() == Some(&path), &mut |batch| {
                recovered.batches += 1;
                recovered.remembered.extend(batch.remembered);
            });
            let Scan { first, last: end, bytes, torn, damaged, whole } = scan.map_err(SpoolError::at(&path))?;
            recovered.cut_bytes += torn;
            recovered.damaged += damaged;
            if !whole.is_empty() {
                segment::mend(&path, &whole).map_err(SpoolError::at(&path))?;
            } else if torn > 0 {
                segment::cut(&path, bytes).map_err(SpoolError::at(&path))?;
            }
            newest = newest.max(end);
            segments.push_back(Segment { first, last: end, bytes, path });
        }
        let bytes = segments.iter().map(|segment| segment.bytes).sum();
        let state = State { segments, file: None, recent: VecDeque::new(), recent_bytes: 0, next_sequence: newest + 1 };
        let directory = directory.to_owned();
        let (state, bytes, crossings) = (Mutex::new(state), AtomicU64::new(bytes), AtomicU64::new(0));
        let spool = Self { directory, limits, state, bytes, crossings, fault: None };
        Ok((spool, recovered))
    }

    /// The same spool, which ends the program at a point; for tests.
    pub fn dying_at(self, fault: Option<Fault>) -> Self {
        Self { fault, ..self }
    }

    /// Writes a batch under the next sequence; it is on disk when this returns.
    ///
    /// # Errors
    /// When writing or syncing fails. The same batch must be appended again, and no other before it: what the failed
    /// write left behind is unknown, and a record that did reach the disk is recognised by its sequence.
    pub fn append(&self, batch: &mut Batch) -> Result<(), SpoolError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        batch.sequence = state.next_sequence;
        let record = record(batch);
        if let Err(error) = self.write(&mut state, batch.sequence, &record) {
            state.file = None;
            return Err(error);
        }
        let written = Batch {
            sequence: batch.sequence,
            cells: std::mem::take(&mut batch.cells),
            crossings: std::mem::take(&mut batch.crossings),
            remembered: Vec::new(),
        };
        state.next_sequence += 1;
        self.crossings.fetch_add(written.crossings.len() as u64, Ordering::Relaxed);
        state.recent_bytes += record.len();
        state.recent.push_back((Arc::new(written), record.len()));
        while state.recent_bytes > RECENT_BYTES
            && let Some((_, size)) = state.recent.pop_front()
        {
            state.recent_bytes -= size;
        }
        Ok(())
    }

    fn write(&self, state: &mut State, sequence: u64, record: &[u8]) -> Result<(), SpoolError> {
        let begun = state.segments.back().is_some_and(|segment| segment.bytes < self.limits.segment);
        if state.file.is_none() || !begun {
            self.begin_segment(state, sequence)?;
        }
        let (Some(file), Some(segment)) = (state.file.as_mut(), state.segments.back_mut()) else { return Ok(()) };
        file.write_all(record).map_err(SpoolError::at(&segment.path))?;
        Fault::BeforeSync.reached(self.fault);
        file.sync_data().map_err(SpoolError::at(&segment.path))?;
        Fault::AfterSync.reached(self.fault);
        segment.last = sequence;
        segment.bytes += record.len() as u64;
        self.bytes.fetch_add(record.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    fn begin_segment(&self, state: &mut State, sequence: u64) -> Result<(), SpoolError> {
        // A segment of the same name holds nothing but a write that failed; it is made anew.
        if let Some(failed) = state.segments.pop_back_if(|segment| segment.first == sequence) {
            self.bytes.fetch_sub(failed.bytes, Ordering::Relaxed);
        }
        let (path, file) = segment::create(&self.directory, sequence).map_err(SpoolError::at(&self.directory))?;
        Fault::MidRotation.reached(self.fault);
        state.segments.push_back(Segment {
            first: sequence,
            last: sequence - 1,
            bytes: segment::HEADER.len() as u64,
            path,
        });
        state.file = Some(file);
        self.bytes.fetch_add(segment::HEADER.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    /// Hands out batches with sequences above `after`, in order, until `take` says that it has enough or there are no more:
    /// whole, or as far as `table` needs them.
    ///
    /// # Errors
    /// When a segment cannot be read back.
    pub fn read(
        &self,
        mut after: u64,
        table: Option<Table>,
        take: &mut dyn FnMut(&Batch) -> bool,
    ) -> Result<(), SpoolError> {
        loop {
            let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.recent.front().is_some_and(|(oldest, _)| oldest.sequence <= after + 1) {
                let waiting = state.recent.iter().map(|(batch, _)| batch).filter(|batch| batch.sequence > after);
                let waiting: Vec<Arc<Batch>> = waiting.cloned().collect();
                drop(state);
                let _ = waiting.iter().all(|batch| take(batch));
                return Ok(());
            }
            let Some(segment) = state.segments.iter().find(|segment| segment.last > after) else { return Ok(()) };
            let (path, last) = (segment.path.clone(), segment.last);
            drop(state);
            if segment::read(&path, Wanted { after, last, table }, take).map_err(SpoolError::at(&path))? {
                return Ok(());
            }
            after = last;
        }
    }

    /// Removes segments in which no batch is above `confirmed`.
    ///
    /// # Errors
    /// When a segment cannot be removed.
    pub fn release(&self, confirmed: u64) -> Result<(), SpoolError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.recent.front().is_some_and(|(batch, _)| batch.sequence <= confirmed) {
            let size = state.recent.pop_front().map_or(0, |(_, size)| size);
            state.recent_bytes -= size;
        }
        while state.segments.front().is_some_and(|segment| segment.last <= confirmed) {
            let Some(segment) = state.segments.pop_front() else { break };
            if state.segments.is_empty() {
                state.file = None;
            }
            Fault::BeforeRelease.reached(self.fault);
            fs::remove_file(&segment.path)
                .and_then(|()| files::sync_directory_of(&segment.path))
                .map_err(SpoolError::at(&segment.path))?;
            Fault::AfterRelease.reached(self.fault);
            self.bytes.fetch_sub(segment.bytes, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Whether the oldest segment begins after `sequence`, which means that its batch is in ClickHouse.
    pub fn is_past(&self, sequence: u64) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.segments.front().is_none_or(|oldest| oldest.first > sequence)
    }

    /// The sequence of the newest batch.
    pub fn newest(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).next_sequence - 1
    }

    /// Ends the current segment: the next batch begins another, so that everything before it vanishes when it is in
    /// ClickHouse, and not only when the segment is full.
    pub fn end_segment(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).file = None;
    }

    /// Crossings appended since the spool was opened.
    pub fn crossings(&self) -> u64 {
        self.crossings.load(Ordering::Relaxed)
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Whether nothing more may be taken in until ClickHouse has taken some.
    pub fn is_full(&self) -> bool {
        self.bytes() >= self.limits.total
    }
}

/// The bytes of a batch as a record of the spool.
pub(super) fn record(batch: &Batch) -> Vec<u8> {
    segment::record(&codec::encode(batch))
}

#[cfg(test)]
mod tests;
