//! A request's body, whole, unpacked and never larger than allowed.

use std::io::{self, Read};
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use http::HeaderMap;
use http_body::Body as _;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use crate::ingest::reason::Rejected;

/// Bytes of a body that is too large which are still read, so that the client sees the answer.
const DRAIN_BYTES: usize = 1024 * 1024;
/// Growth of the first reservation for an unpacked body.
const FIRST_GUESS: usize = 4;

/// A body that could not be had, and whether the connection must be closed with the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyError {
    /// Why.
    pub reason: Rejected,
    /// Whether unread bytes are left on the connection.
    pub close: bool,
}

/// Reads a whole body of at most `limit` bytes within `patience`.
///
/// # Errors
/// Too large, too slow, cut off.
pub async fn read(mut body: Incoming, limit: usize, patience: Duration) -> Result<Bytes, BodyError> {
    let incomplete = BodyError { reason: Rejected::Incomplete, close: true };
    tokio::time::timeout(patience, collect(&mut body, limit)).await.unwrap_or(Err(incomplete))
}

async fn collect(body: &mut Incoming, limit: usize) -> Result<Bytes, BodyError> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(too_large(body, 0).await);
    }
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BodyError { reason: Rejected::Incomplete, close: true })?;
        let Ok(data) = frame.into_data() else { continue };
        let length = first.as_ref().map_or(all.len(), Bytes::len) + data.len();
        if length > limit {
            return Err(too_large(body, length).await);
        }
        // One frame is the common case and needs no copy.
        match first.take() {
            None if all.is_empty() => first = Some(data),
            None => all.extend_from_slice(&data),
            Some(earlier) => {
                all.reserve(length);
                all.extend_from_slice(&earlier);
                all.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| all.freeze()))
}

/// Reads on for a while, since a client that is still writing would not see the answer.
async fn too_large(body: &mut Incoming, read: usize) -> BodyError {
    let mut drained = read;
    while drained < DRAIN_BYTES {
        match body.frame().await {
            Some(Ok(frame)) => drained += frame.data_ref().map_or(0, Bytes::remaining),
            Some(Err(_)) => break,
            None => return BodyError { reason: Rejected::TooLarge, close: false },
        }
    }
    BodyError { reason: Rejected::TooLarge, close: true }
}

/// Unpacks a body by its `Content-Encoding`: `gzip`, `br`, `zstd` or none, to at most `limit` bytes.
///
/// # Errors
/// Another encoding, bytes that are not of it, too many bytes.
pub fn unpack(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, Rejected> {
    let encoding = match headers.get(http::header::CONTENT_ENCODING) {
        Some(value) => value.to_str().map_err(|_| Rejected::UnsupportedEncoding)?.trim().to_ascii_lowercase(),
        None => return Ok(body),
    };
    let packed = body.len();
    match encoding.as_str() {
        "" | "identity" => Ok(body),
        "gzip" | "x-gzip" => bounded(flate2::bufread::MultiGzDecoder::new(&*body), packed, limit),
        "br" => bounded(brotli_decompressor::Decompressor::new(&*body, 16 * 1024), packed, limit),
        "zstd" => bounded(zstd_decoder(&body)?, packed, limit),
        _ => Err(Rejected::UnsupportedEncoding),
    }
}

fn zstd_decoder(body: &[u8]) -> Result<impl Read + '_, Rejected> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(|_| Rejected::BadEncoding)?;
    // A frame may ask for a window of gigabytes; 8 MiB is what RFC 8878 recommends to support.
    decoder.window_log_max(23).map_err(|_| Rejected::BadEncoding)?;
    Ok(decoder)
}

fn bounded(decoder: impl Read, packed: usize, limit: usize) -> Result<Bytes, Rejected> {
    let mut unpacked = Vec::with_capacity((packed * FIRST_GUESS).min(limit));
    // One byte more than allowed tells a bomb from a body that just fits.
    let read = decoder.take(limit as u64 + 1).read_to_end(&mut unpacked);
    read.map_err(|_: io::Error| Rejected::BadEncoding)?;
    if unpacked.len() > limit {
        return Err(Rejected::TooLarge);
    }
    Ok(unpacked.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    fn headers(encoding: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_ENCODING, encoding.parse().expect("a value"));
        headers
    }

    fn gzip(bytes: &[u8]) -> Bytes {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).expect("in memory");
        encoder.finish().expect("in memory").into()
    }

    #[test]
    fn packed_bodies_come_out_whole() {
        let text = "headcount ".repeat(1000);
        let zstd = zstd::encode_all(text.as_bytes(), 3).expect("in memory").into();
        for (encoding, packed) in [("gzip", gzip(text.as_bytes())), ("zstd", zstd), ("identity", text.clone().into())] {
            assert_eq!(unpack(&headers(encoding), packed, text.len()), Ok(text.clone().into()), "{encoding}");
        }
    }

    #[test]
    fn a_bomb_is_too_large_and_never_unpacked_whole() {
        let bomb = gzip(&vec![0; 50 * 1024 * 1024]);
        assert_eq!(unpack(&headers("gzip"), bomb, 1000), Err(Rejected::TooLarge));
        let bomb = zstd::encode_all(&*vec![0; 50 * 1024 * 1024], 3).expect("in memory");
        assert_eq!(unpack(&headers("zstd"), bomb.into(), 1000), Err(Rejected::TooLarge));
    }

    #[test]
    fn other_encodings_are_not_supported() {
        assert_eq!(unpack(&headers("compress"), Bytes::new(), 10), Err(Rejected::UnsupportedEncoding));
        assert_eq!(unpack(&headers("gzip"), Bytes::from_static(b"plain"), 10), Err(Rejected::BadEncoding));
    }

    proptest! {
        #[test]
        fn any_bytes_are_unpacked_or_refused(encoding in "gzip|br|zstd", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpack(&headers(&encoding), bytes.into(), 1000);
        }
    }
}
