//! Bodies: whole, unpacked, within their memory.

use std::io::Write;

use proptest::prelude::*;

use super::*;

fn headers(encoding: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(http::header::CONTENT_ENCODING, encoding.parse().expect("a value"));
    headers
}

fn unpack(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, NoBody> {
    super::unpack(headers, body, limit, &mut BodyMemory::default().hold())
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
    assert_eq!(unpack(&headers("gzip"), bomb, 1000), Err(Rejected::TooLarge.into()));
    let bomb = zstd::encode_all(&*vec![0; 50 * 1024 * 1024], 3).expect("in memory");
    assert_eq!(unpack(&headers("zstd"), bomb.into(), 1000), Err(Rejected::TooLarge.into()));
}

#[test]
fn other_encodings_are_not_supported() {
    assert_eq!(unpack(&headers("compress"), Bytes::new(), 10), Err(Rejected::UnsupportedEncoding.into()));
    assert_eq!(unpack(&headers("gzip"), Bytes::from_static(b"plain"), 10), Err(Rejected::BadEncoding.into()));
}

/// A body that arrives in `frames` of 50 000 bytes.
fn in_frames(frames: usize) -> impl Body<Data = Bytes> + Unpin {
    let frame = |_| Ok::<_, io::Error>(http_body::Frame::data(Bytes::from(vec![b'x'; 50_000])));
    http_body_util::StreamBody::new(tokio_stream::iter((0..frames).map(frame)))
}

async fn read(frames: usize, hold: &mut Hold) -> Result<usize, BodyError> {
    let patience = Duration::from_secs(3600);
    super::read(in_frames(frames), 5_000_000, patience, hold).await.map(|body| body.len())
}

#[tokio::test]
async fn large_bodies_share_their_memory_and_give_it_back() {
    let memory = BodyMemory::of_kib(512);
    let free = || memory.0.available_permits();
    let mut small = memory.hold();
    assert_eq!((read(1, &mut small).await, free()), (Ok(50_000), 512));
    let mut large = memory.hold();
    // 200 000 bytes: 195.3 KiB, of which 131.3 are not free, in steps of 64.
    assert_eq!((read(4, &mut large).await, free()), (Ok(200_000), 320));
    let shed = BodyError { reason: Shed::Overloaded.into(), close: false };
    let mut another = memory.hold();
    // Its buffer grows to 400 000 bytes, which is more than is left.
    assert_eq!((read(8, &mut another).await, free()), (Err(shed), 320));
    let endless = BodyError { reason: Shed::Overloaded.into(), close: true };
    assert_eq!((read(90, &mut another).await, free()), (Err(endless), 320));
    drop(large);
    assert_eq!(free(), 512);
    assert_eq!((read(8, &mut another).await, free()), (Ok(400_000), 128));
}

#[test]
fn unpacked_bytes_are_held_too() {
    let memory = BodyMemory::of_kib(500);
    let packed = gzip(&vec![0; 300_000]);
    let mut hold = memory.hold();
    let unpacked = super::unpack(&headers("gzip"), packed.clone(), 300_000, &mut hold).map(|body| body.len());
    assert_eq!((unpacked, memory.0.available_permits()), (Ok(300_000), 244));
    let again = super::unpack(&headers("gzip"), packed, 300_000, &mut memory.hold());
    assert_eq!((again, memory.0.available_permits()), (Err(Shed::Overloaded.into()), 244));
}

proptest! {
    #[test]
    fn any_bytes_are_unpacked_or_refused(encoding in "gzip|br|zstd", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = unpack(&headers(&encoding), bytes.into(), 1000);
    }
}
