//! A request's body, whole, unpacked and never larger than allowed; and the memory all bodies together may hold.
//! Called by `collect` and `compat`; knows nothing of what a body says.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::Body;
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::ingest::reason::{Outcome, Rejected, Shed};

/// KiB that bodies beyond [`FREE_KIB`] hold together, as sent and unpacked: some fifty of the largest batches at once.
/// Without it, ten thousand connections that send half a batch each would hold 50 GB.
const ALL_BODIES_KIB: usize = 256 * 1024;
/// KiB of a body that need no permit. Beacons are never larger.
const FREE_KIB: usize = 64;
/// KiB by which a body's permit grows.
const STEP_KIB: usize = 64;
/// Bytes of a body that is not taken which are still read, so that the client sees the answer.
const DRAIN_BYTES: usize = 1024 * 1024;
/// How many times its size a packed body is expected to unpack to.
const FIRST_GUESS: usize = 4;
/// Bytes of the smallest buffer to unpack into.
const SMALLEST_BUFFER: usize = 1024;

/// Memory for large bodies, shared by all threads.
#[derive(Clone)]
pub struct BodyMemory(Arc<Semaphore>);

impl Default for BodyMemory {
    fn default() -> Self {
        Self::of_kib(ALL_BODIES_KIB)
    }
}

impl BodyMemory {
    fn of_kib(kib: usize) -> Self {
        Self(Arc::new(Semaphore::new(kib)))
    }

    /// What one request holds of it: nothing yet.
    pub fn hold(&self) -> Hold {
        Hold { memory: self.clone(), permit: None }
    }
}

/// The memory one request's body holds, until this is dropped.
pub struct Hold {
    memory: BodyMemory,
    permit: Option<OwnedSemaphorePermit>,
}

impl Hold {
    /// Grows to `bytes` in all; never shrinks.
    fn grow_to(&mut self, bytes: usize) -> Result<(), Shed> {
        let beyond = bytes.div_ceil(1024).saturating_sub(FREE_KIB).next_multiple_of(STEP_KIB);
        let held = self.permit.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let Some(missing) = beyond.checked_sub(held).filter(|missing| *missing > 0) else { return Ok(()) };
        let missing = u32::try_from(missing).map_err(|_| Shed::Overloaded)?;
        let more = self.memory.0.clone().try_acquire_many_owned(missing).map_err(|_| Shed::Overloaded)?;
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            None => self.permit = Some(more),
        }
        Ok(())
    }

    fn release(&mut self) {
        self.permit = None;
    }
}

/// Why a body could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoBody {
    /// The client's fault.
    Rejected(Rejected),
    /// No memory is left for it.
    Shed(Shed),
}

impl From<Rejected> for NoBody {
    fn from(reason: Rejected) -> Self {
        Self::Rejected(reason)
    }
}

impl From<Shed> for NoBody {
    fn from(reason: Shed) -> Self {
        Self::Shed(reason)
    }
}

impl From<NoBody> for Outcome {
    fn from(reason: NoBody) -> Self {
        match reason {
            NoBody::Rejected(reason) => Self::Rejected(reason),
            NoBody::Shed(reason) => Self::Shed(reason),
        }
    }
}

/// A body that could not be had, and whether the connection must be closed with the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyError {
    /// Why.
    pub reason: NoBody,
    /// Whether unread bytes are left on the connection.
    pub close: bool,
}

/// A body whose reading ended early.
struct Stopped {
    reason: NoBody,
    read: usize,
}

/// Reads a whole body of at most `limit` bytes within `patience`.
///
/// # Errors
/// Too large, too slow, cut off, no memory for it.
pub async fn read<B>(mut body: B, limit: usize, patience: Duration, hold: &mut Hold) -> Result<Bytes, BodyError>
where
    B: Body<Data = Bytes> + Unpin,
{
    let whole = async {
        let stopped = match gather(&mut body, limit, hold).await {
            Ok(whole) => return Ok(whole),
            Err(stopped) => stopped,
        };
        // What was gathered is gone; what is read from here on is thrown away.
        hold.release();
        let close = stopped.reason == INCOMPLETE || !drain(&mut body, stopped.read).await;
        Err(BodyError { reason: stopped.reason, close })
    };
    let late = BodyError { reason: INCOMPLETE, close: true };
    tokio::time::timeout(patience, whole).await.unwrap_or(Err(late))
}

const INCOMPLETE: NoBody = NoBody::Rejected(Rejected::Incomplete);

async fn gather<B>(body: &mut B, limit: usize, hold: &mut Hold) -> Result<Bytes, Stopped>
where
    B: Body<Data = Bytes> + Unpin,
{
    let stopped = |reason: NoBody, read| Stopped { reason, read };
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(stopped(Rejected::TooLarge.into(), 0));
    }
    let mut first = Bytes::new();
    let mut all = Vec::new();
    while let Some(frame) = body.frame().await {
        let earlier = first.len() + all.len();
        let frame = frame.map_err(|_| stopped(INCOMPLETE, earlier))?;
        let Ok(data) = frame.into_data() else { continue };
        let length = earlier + data.len();
        if length > limit {
            return Err(stopped(Rejected::TooLarge.into(), length));
        }
        // One frame is the common case and needs no copy.
        if earlier == 0 {
            hold.grow_to(length).map_err(|shed| stopped(shed.into(), length))?;
            first = data;
            continue;
        }
        if length > all.capacity() {
            let capacity = (all.capacity() * 2).max(length).min(limit);
            hold.grow_to(capacity).map_err(|shed| stopped(shed.into(), length))?;
            all.reserve_exact(capacity - all.len());
        }
        all.extend_from_slice(&std::mem::take(&mut first));
        all.extend_from_slice(&data);
    }
    Ok(if all.is_empty() { first } else { all.into() })
}

/// Reads on for a while, since a client that is still writing would not see the answer. Returns whether it is at its
/// end.
async fn drain<B>(body: &mut B, read: usize) -> bool
where
    B: Body<Data = Bytes> + Unpin,
{
    let mut drained = read;
    while drained < DRAIN_BYTES {
        match body.frame().await {
            Some(Ok(frame)) => drained += frame.data_ref().map_or(0, Bytes::remaining),
            Some(Err(_)) => return false,
            None => return true,
        }
    }
    false
}

/// Unpacks a body by its `Content-Encoding`: `gzip`, `br`, `zstd` or none, to at most `limit` bytes.
///
/// # Errors
/// Another encoding, bytes that are not of it, too many bytes, no memory for them.
pub fn unpack(headers: &HeaderMap, body: Bytes, limit: usize, hold: &mut Hold) -> Result<Bytes, NoBody> {
    let encoding = match headers.get(http::header::CONTENT_ENCODING) {
        Some(value) => value.to_str().map_err(|_| Rejected::UnsupportedEncoding)?.trim().to_ascii_lowercase(),
        None => return Ok(body),
    };
    let bounds = Bounds { packed: body.len(), limit };
    match encoding.as_str() {
        "" | "identity" => Ok(body),
        "gzip" | "x-gzip" => bounded(flate2::bufread::MultiGzDecoder::new(&*body), bounds, hold),
        "br" => bounded(brotli_decompressor::Decompressor::new(&*body, 16 * 1024), bounds, hold),
        "zstd" => bounded(zstd_decoder(&body)?, bounds, hold),
        _ => Err(Rejected::UnsupportedEncoding.into()),
    }
}

/// Unpacks a body that is gzip by its first bytes, whatever its headers say, to at most `limit` bytes.
///
/// # Errors
/// Bytes that only begin like gzip, too many bytes, no memory for them.
pub fn unpack_unnamed(body: Bytes, limit: usize, hold: &mut Hold) -> Result<Bytes, NoBody> {
    if !body.starts_with(b"\x1f\x8b") {
        return Ok(body);
    }
    bounded(flate2::bufread::MultiGzDecoder::new(&*body), Bounds { packed: body.len(), limit }, hold)
}

fn zstd_decoder(body: &[u8]) -> Result<impl Read + '_, Rejected> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(|_| Rejected::BadEncoding)?;
    // A frame may ask for a window of gigabytes; 8 MiB is what RFC 8878 recommends to support.
    decoder.window_log_max(23).map_err(|_| Rejected::BadEncoding)?;
    Ok(decoder)
}

/// Sizes in bytes: of the body as sent, and the most it may unpack to.
#[derive(Clone, Copy)]
struct Bounds {
    packed: usize,
    limit: usize,
}

/// Unpacks into a buffer that grows only as far as there is memory for it.
fn bounded(mut decoder: impl Read, bounds: Bounds, hold: &mut Hold) -> Result<Bytes, NoBody> {
    let Bounds { packed, limit } = bounds;
    let guess = (packed * FIRST_GUESS).max(SMALLEST_BUFFER);
    let mut unpacked = Vec::new();
    loop {
        // One byte more than allowed tells a bomb from a body that just fits.
        let capacity = (unpacked.len() * 2).max(guess).min(limit + 1);
        hold.grow_to(packed + capacity)?;
        let room = capacity - unpacked.len();
        unpacked.reserve_exact(room);
        let read = decoder.by_ref().take(room as u64).read_to_end(&mut unpacked);
        if read.map_err(|_: io::Error| Rejected::BadEncoding)? < room {
            return Ok(unpacked.into());
        }
        if unpacked.len() > limit {
            return Err(Rejected::TooLarge.into());
        }
    }
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
