//! Tests of [`super`] on files written here: no real geography.

use std::path::PathBuf;

use proptest::prelude::*;

use super::fixture::{Value, flat, flat_city, mmdb, nested, nested_city};
use super::*;
use crate::privacy::address::ClientAddr;

/// A file that goes away with the test.
struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("headcount-place-{}-{name}.mmdb", std::process::id()));
        std::fs::write(&path, bytes).expect("a writable temporary directory");
        Self(path)
    }

    /// Puts a new file in place by rename, as operators should.
    fn replace(&self, bytes: &[u8]) {
        let beside = self.0.with_extension("new");
        std::fs::write(&beside, bytes).expect("a writable temporary directory");
        std::fs::rename(&beside, &self.0).expect("a rename within one directory");
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn at(places: &Places, address: &str) -> Option<(String, Option<String>)> {
    let cut = ClientAddr::new(address.parse().expect("a test's address")).cut();
    let table = places.current();
    let place = table.lookup(cut)?;
    Some((place.country.to_owned(), place.region.map(str::to_owned)))
}

fn country(code: &str) -> Option<(String, Option<String>)> {
    Some((code.to_owned(), None))
}

#[test]
fn both_families_and_gaps() {
    let bytes = mmdb(
        6,
        &[
            ("10.0.0.0/8", flat("AA", None)),
            ("203.0.113.0/24", flat("bb", None)),
            ("2001:db8::/32", flat("CC", None)),
            ("2001:db9:1::/48", flat("DD", None)),
            ("ff00::/8", flat("EE", None)),
        ],
    );
    let file = TempFile::new("families", &bytes);
    let places = Places::open(&file.0).expect("a good file");
    let addresses = [
        "10.255.1.1",
        "11.0.0.1",
        "203.0.113.200",
        "203.0.112.1",
        "2001:db8:ffff::1",
        "2001:db9:1:2::3",
        "2001:db9:2::",
        "ffff::1",
        "0.0.0.1",
        "255.255.255.255",
    ];
    assert_eq!(
        addresses.map(|address| at(&places, address)),
        [country("AA"), None, country("BB"), None, country("CC"), country("DD"), None, country("EE"), None, None,]
    );
}

#[test]
fn networks_finer_than_ours_count_by_the_first_address() {
    let bytes = mmdb(
        6,
        &[
            ("203.0.113.0/25", flat("AA", None)),
            ("203.0.113.128/25", flat("BB", None)),
            ("203.0.114.64/26", flat("CC", None)),
            ("2001:db8:1::/49", flat("DD", None)),
            ("2001:db8:1:8000::/49", flat("EE", None)),
            ("2001:db8:2::/80", flat("FF", None)),
            ("2001:db8:3:0:1::/80", flat("GG", None)),
        ],
    );
    let file = TempFile::new("finer", &bytes);
    let places = Places::open(&file.0).expect("a good file");
    assert_eq!(
        ["203.0.113.200", "203.0.114.65", "2001:db8:1:9000::", "2001:db8:2::1", "2001:db8:3:0:1::"]
            .map(|a| at(&places, a)),
        [country("AA"), None, country("DD"), country("FF"), None]
    );
}

#[test]
fn record_shapes() {
    let bare = Value::Map(vec![("country", Value::Text("EE"))]);
    let registered = Value::Map(vec![("registered_country", Value::Map(vec![("iso_code", Value::Text("FF"))]))]);
    let unknown = flat("ZZ", None);
    let bytes = mmdb(
        6,
        &[
            ("10.0.0.0/24", flat("DE", Some("Bavaria"))),
            ("10.0.1.0/24", nested("DE", Some("Saxony"))),
            ("10.0.2.0/24", nested("AT", None)),
            ("10.0.3.0/24", bare),
            ("10.0.4.0/24", registered),
            ("10.0.5.0/24", unknown),
        ],
    );
    let file = TempFile::new("shapes", &bytes);
    let places = Places::open(&file.0).expect("a good file");
    let region = |country: &str, region: &str| Some((country.to_owned(), Some(region.to_owned())));
    assert_eq!(
        ["10.0.0.1", "10.0.1.1", "10.0.2.1", "10.0.3.1", "10.0.4.1", "10.0.5.1"].map(|address| at(&places, address)),
        [region("DE", "DE-Bavaria"), region("DE", "DE-Saxony"), country("AT"), country("EE"), country("FF"), None,]
    );
}

#[test]
fn cities_are_named_below_their_region_and_nowhere_else() {
    let bytes = mmdb(
        6,
        &[
            ("10.0.0.0/24", nested_city("DE", Some("Bavaria"), "Munich")),
            ("10.0.1.0/24", flat_city("DE", Some("Bavaria"), "Munich")),
            ("10.0.2.0/24", flat_city("IT", Some("Trentino-Alto Adige/Südtirol"), "Bozen / Bolzano")),
            ("10.0.3.0/24", nested_city("AT", None, "Vienna")),
            ("10.0.4.0/24", flat_city("FR", Some("Normandy"), "\u{7} ")),
            ("10.0.5.0/24", flat("FR", Some("Normandy"))),
        ],
    );
    let file = TempFile::new("cities", &bytes);
    let places = Places::open(&file.0).expect("a good file");
    let table = places.current();
    let cities = ["10.0.0.1", "10.0.1.1", "10.0.2.1", "10.0.3.1", "10.0.4.1", "10.0.5.1"].map(|address| {
        let cut = ClientAddr::new(address.parse().expect("a test's address")).cut();
        table.lookup(cut).map(|place| (place.country, place.region, place.city))
    });
    let munich = Some(("DE", Some("DE-Bavaria"), Some("DE-Bavaria/Munich")));
    let bozen =
        Some(("IT", Some("IT-Trentino-Alto Adige-Südtirol"), Some("IT-Trentino-Alto Adige-Südtirol/Bozen - Bolzano")));
    let normandy = Some(("FR", Some("FR-Normandy"), None));
    assert_eq!(cities, [munich, munich, bozen, Some(("AT", None, None)), normandy, normandy]);
}

#[test]
fn a_file_of_ipv4_only_answers_ipv6_with_nothing() {
    let file = TempFile::new("v4", &mmdb(4, &[("10.0.0.0/8", flat("AA", None))]));
    let places = Places::open(&file.0).expect("a good file");
    assert_eq!(["10.9.9.9", "2001:db8::1"].map(|address| at(&places, address)), [country("AA"), None]);
}

#[test]
fn errors_name_the_file_and_the_reason() {
    let city = TempFile::new("asn", &mmdb(6, &[("10.0.0.0/8", Value::Map(vec![("asn", Value::Number(1))]))]));
    let junk = TempFile::new("junk", b"not a database");
    let messages = [&city.0, &junk.0, &PathBuf::from("/nowhere/x.mmdb")].map(|path| {
        Places::open(path)
            .map(|_| ())
            .expect_err("an unusable file")
            .to_string()
            .replace(&path.display().to_string(), "FILE")
    });
    assert!(messages[0].starts_with("FILE holds no countries (looked for `country_code`"), "{}", messages[0]);
    assert!(messages[1].starts_with("FILE is not a usable .mmdb file"), "{}", messages[1]);
    assert!(messages[2].starts_with("cannot read FILE"), "{}", messages[2]);
}

#[test]
fn a_changed_file_is_read_again_and_a_broken_one_changes_nothing() {
    let file = TempFile::new("reload", &mmdb(6, &[("10.0.0.0/8", flat("AA", None))]));
    let places = Places::open(&file.0).expect("a good file");
    assert!(matches!(places.reload_if_changed(), Reload::Unchanged));
    file.replace(&mmdb(6, &[("10.0.0.0/8", flat("BB", None)), ("11.0.0.0/8", flat("CC", None))]));
    assert!(matches!(places.reload_if_changed(), Reload::Loaded(2)));
    assert_eq!(at(&places, "10.1.1.1"), country("BB"));
    file.replace(b"broken");
    assert!(matches!(places.reload_if_changed(), Reload::Failed(PlaceError::Broken { .. })));
    assert!(matches!(places.reload_if_changed(), Reload::Unchanged));
    assert_eq!(at(&places, "10.1.1.1"), country("BB"));
    std::fs::remove_file(&file.0).expect("our own file");
    assert!(matches!(places.reload_if_changed(), Reload::Failed(PlaceError::Unreadable { .. })));
    assert!(matches!(places.reload_if_changed(), Reload::Unchanged));
    file.replace(&mmdb(4, &[("10.0.0.0/8", flat("DD", None))]));
    assert!(matches!(places.reload_if_changed(), Reload::Loaded(1)));
    assert_eq!(at(&places, "10.1.1.1"), country("DD"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The flattened table and the tree agree on the first address of every network.
    #[test]
    fn the_table_agrees_with_the_tree(networks in prop::collection::btree_map((0_u32..64, 8_u32..30), 0..3_usize, 1..20), probes in prop::collection::vec(any::<u32>(), 40)) {
        let codes = ["AA", "BB", "CC"];
        let texts: Vec<String> = networks.keys()
            .map(|(position, prefix)| {
                let spread = u32::from_be_bytes([1, 0, 0, 0]).wrapping_mul(position + 1) ^ position.wrapping_mul(0x0004_1234);
                let network = spread & (u32::MAX << (32 - prefix));
                format!("{}/{prefix}", std::net::Ipv4Addr::from_bits(network))
            })
            .collect();
        let entries: Vec<(&str, Value)> =
            texts.iter().map(String::as_str).zip(networks.values().map(|code| flat(codes[*code], None))).collect();
        let bytes = mmdb(4, &entries);
        let file = TempFile::new("agree", &bytes);
        let places = Places::open(&file.0).expect("a good file");
        let reader = maxminddb::Reader::from_source(bytes).expect("a good file");
        let near = texts.iter().filter_map(|text| text.split('/').next()?.parse::<std::net::Ipv4Addr>().ok()).map(|a| a.to_bits());
        for probe in probes.into_iter().chain(near.clone()).chain(near.map(|n| n.wrapping_sub(256))) {
            let first = std::net::Ipv4Addr::from_bits(probe & 0xffff_ff00);
            let expected: Option<String> =
                reader.lookup(first.into()).expect("a good file").decode_path(&[maxminddb::PathElement::Key("country_code")]).expect("a text");
            prop_assert_eq!(at(&places, &first.to_string()).map(|(country, _)| country), expected);
        }
    }

    /// A damaged file is an error or a table, never a panic.
    #[test]
    fn damage_never_panics(position in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = mmdb(6, &[("10.0.0.0/8", flat("AA", Some("North"))), ("2001:db8::/32", nested("BB", Some("South")))]);
        let at = position.index(bytes.len());
        bytes[at] = byte;
        bytes.truncate(cut.index(bytes.len()).max(bytes.len() / 2));
        let file = TempFile::new("damage", &bytes);
        if let Ok(places) = Places::open(&file.0) {
            for address in ["10.0.0.0", "255.255.255.255", "2001:db8::"] {
                super::tests::at(&places, address);
            }
        }
    }
}

/// The file the black-box tests run the server with: the networks of documentation and loopback, in both shapes.
/// Written anew with `HEADCOUNT_WRITE_FIXTURES=1`.
#[test]
fn the_committed_fixture_is_what_the_writer_writes() {
    let bytes = mmdb(
        6,
        &[
            ("127.0.0.0/8", flat_city("AQ", Some("Ross Island"), "McMurdo Station")),
            ("192.0.2.0/24", nested_city("DE", Some("Bavaria"), "Munich")),
            ("198.51.100.0/24", flat_city("FR", None, "Paris")),
            ("203.0.113.0/24", flat("JP", Some("Tokyo"))),
            ("2001:db8::/32", nested("NL", Some("Utrecht"))),
        ],
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/places.mmdb");
    if std::env::var_os("HEADCOUNT_WRITE_FIXTURES").is_some() {
        std::fs::write(&path, &bytes).expect("a writable checkout");
    }
    assert!(std::fs::read(&path).expect("a committed file") == bytes, "the fixture is stale");
    let places = Places::open(&path).expect("a good file");
    assert_eq!(at(&places, "127.0.0.1"), Some(("AQ".to_owned(), Some("AQ-Ross Island".to_owned()))));
}
