//! A spool that an earlier version left is read by this one. The bytes are written here by hand, as that version wrote
//! them: whoever changes the format must go on reading these, or begin another.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::account::SITE;
use crate::support::server::Server;
use crate::support::until_equal;

/// What segments of this format begin with.
const HEADER: &[u8] = b"HCSPOOL2";

/// A cell of a whole day: number of its dimension, position of its value in the table of texts.
struct Cell {
    dimension: u8,
    value: u8,
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.push(text.len() as u8);
    out.extend_from_slice(text.as_bytes());
}

/// One batch: two page views of one visitor on `/kept`.
fn batch(day: u16) -> Vec<u8> {
    let mut out = vec![1, 4];
    ["demo", "", "/kept", "pageview"].into_iter().for_each(|value| text(&mut out, value));
    let cells = [Cell { dimension: 0, value: 1 }, Cell { dimension: 1, value: 2 }, Cell { dimension: 2, value: 3 }];
    out.push(cells.len() as u8);
    for Cell { dimension, value } in cells {
        out.extend([0, value]);
        out.extend(day.to_le_bytes());
        // Noon; page views and events, both zigzag(2).
        out.extend([dimension, 12, 0b11, 4, 4, 1]);
        out.extend((77 + u64::from(dimension)).to_le_bytes());
    }
    // Crossings: one site-day, two texts, one row of page and event with the same numbers and one hash of 32 bits.
    out.push(1);
    text(&mut out, "demo");
    out.extend(day.to_le_bytes());
    out.push(2);
    ["/kept", "pageview"].into_iter().for_each(|value| text(&mut out, value));
    out.extend([1, 0, 1, 2, 0, 1, 0b11, 4, 4, 1]);
    out.extend(99_u32.to_le_bytes());
    // One id of a client's batch.
    out.push(1);
    out.extend(0x1234_5678_9abc_def0_u64.to_le_bytes());
    out.extend(day.to_le_bytes());
    out
}

/// CRC-32 of IEEE 802.3, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
    !bytes.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}

#[test]
fn the_spool_of_an_earlier_version_is_counted() {
    let mut server = Server::prepare(&[]);
    server.add_site(SITE);
    let key = server.create_key(SITE, "read");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    // In the site's zone it is between 12 and 13 o'clock: the day is that of UTC, whatever the hour there.
    let day = u16::try_from(now / 86_400).expect("a day");
    let payload = batch(day);
    let length = u32::try_from(payload.len()).expect("short").to_le_bytes();
    let segment = [HEADER, &length, &crc32(&payload).to_le_bytes(), &payload].concat();
    let spool = server.state_dir().join("spool");
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&spool).expect("made");
    let path = spool.join("00000000000000000001.spool");
    fs::write(&path, segment).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("private");
    server.start_again();
    assert!(server.log().contains("batches=1 cut_bytes=0 damaged_records=0"), "{}", server.log());
    until_equal("it is counted", &[1, 2, 2], || server.totals(&key, SITE));
    let metrics = || server.metrics();
    until_equal("its ids are remembered", &1, || metrics().sum("headcount_remembered_batch_ids"));
    until_equal("nothing waits", &0, || metrics().sum("headcount_spool_bytes"));
    assert_eq!(metrics().sum("headcount_load_crossings_total"), 1);
}
