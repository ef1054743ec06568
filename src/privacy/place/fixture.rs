//! A small writer of `.mmdb` files, so that tests state their own geography and never the real one.

use std::collections::BTreeMap;
use std::net::IpAddr;

/// A value of the format's data section.
pub(crate) enum Value {
    Text(&'static str),
    Short(u16),
    Number(u32),
    Long(u64),
    List(Vec<Value>),
    Map(Vec<(&'static str, Value)>),
}

/// `{country_code, state1?}`: the flat shape of the npm packages.
pub(crate) fn flat(country: &'static str, region: Option<&'static str>) -> Value {
    let mut fields = vec![("country_code", Value::Text(country))];
    fields.extend(region.map(|region| ("state1", Value::Text(region))));
    Value::Map(fields)
}

/// `{country: {iso_code}, subdivisions?: [{iso_code, names: {en}}]}`: the shape of MaxMind.
pub(crate) fn nested(country: &'static str, region: Option<&'static str>) -> Value {
    let mut fields = vec![("country", Value::Map(vec![("iso_code", Value::Text(country))]))];
    fields.extend(region.map(|region| {
        let names = Value::Map(vec![("de", Value::Text("?")), ("en", Value::Text(region))]);
        let part = Value::Map(vec![("iso_code", Value::Text("X")), ("names", names)]);
        ("subdivisions", Value::List(vec![part]))
    }));
    Value::Map(fields)
}

/// [`flat`] with a city, as city files of the npm packages have it.
pub(crate) fn flat_city(country: &'static str, region: Option<&'static str>, city: &'static str) -> Value {
    with(flat(country, region), "city", Value::Text(city))
}

/// [`nested`] with a city: `{city: {names: {en}}, …}`, the shape of MaxMind's and DB-IP's city files.
pub(crate) fn nested_city(country: &'static str, region: Option<&'static str>, city: &'static str) -> Value {
    let names = Value::Map(vec![("de", Value::Text("?")), ("en", Value::Text(city))]);
    with(nested(country, region), "city", Value::Map(vec![("geoname_id", Value::Number(1)), ("names", names)]))
}

fn with(record: Value, key: &'static str, value: Value) -> Value {
    match record {
        Value::Map(mut fields) => {
            fields.push((key, value));
            Value::Map(fields)
        }
        other => other,
    }
}

#[derive(Clone, Copy)]
enum Link {
    Nothing,
    Node(usize),
    Data(usize),
}

/// The bytes of a file with these networks (`a.b.c.d/n` or `x::/n`). `ip_version` 4 takes IPv4 networks only.
pub(crate) fn mmdb(ip_version: u16, networks: &[(&str, Value)]) -> Vec<u8> {
    let mut nodes = vec![[Link::Nothing; 2]];
    let mut data = Vec::new();
    for (network, value) in networks {
        let (bits, prefix) = bits(ip_version, network);
        let offset = data.len();
        encode(value, &mut data);
        insert(&mut nodes, bits, prefix, offset);
    }
    let count = nodes.len();
    let mut file = Vec::new();
    for link in nodes.iter().flatten() {
        let record = match *link {
            Link::Nothing => count,
            Link::Node(node) => node,
            Link::Data(offset) => count + 16 + offset,
        };
        file.extend_from_slice(&u32::try_from(record).expect("a small file").to_be_bytes()[1..]);
    }
    file.extend_from_slice(&[0; 16]);
    file.extend_from_slice(&data);
    file.extend_from_slice(b"\xab\xcd\xefMaxMind.com");
    encode(&metadata(ip_version, count), &mut file);
    file
}

fn metadata(ip_version: u16, nodes: usize) -> Value {
    Value::Map(vec![
        ("node_count", Value::Number(u32::try_from(nodes).expect("a small file"))),
        ("record_size", Value::Short(24)),
        ("ip_version", Value::Short(ip_version)),
        ("database_type", Value::Text("Test")),
        ("languages", Value::List(vec![])),
        ("binary_format_major_version", Value::Short(2)),
        ("binary_format_minor_version", Value::Short(0)),
        ("build_epoch", Value::Long(1)),
        ("description", Value::Map(vec![("en", Value::Text("Test"))])),
    ])
}

/// The network's bits from the left of a u128, and how many count. IPv4 lies at `::/96` of an IPv6 file.
fn bits(ip_version: u16, network: &str) -> (u128, u32) {
    let (address, prefix) = network.split_once('/').expect("a network");
    let prefix: u32 = prefix.parse().expect("a prefix");
    match (address.parse().expect("an address"), ip_version) {
        (IpAddr::V4(v4), 4) => (u128::from(v4.to_bits()) << 96, prefix),
        (IpAddr::V4(v4), _) => (u128::from(v4.to_bits()), prefix + 96),
        (IpAddr::V6(v6), _) => (v6.to_bits(), prefix),
    }
}

fn insert(nodes: &mut Vec<[Link; 2]>, bits: u128, prefix: u32, offset: usize) {
    let mut node = 0;
    for depth in 0..prefix {
        let side = (bits >> (127 - depth) & 1) as usize;
        if depth + 1 == prefix {
            nodes[node][side] = Link::Data(offset);
            return;
        }
        node = match nodes[node][side] {
            Link::Node(next) => next,
            _ => {
                nodes.push([Link::Nothing; 2]);
                let next = nodes.len() - 1;
                nodes[node][side] = Link::Node(next);
                next
            }
        };
    }
}

fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Text(text) => {
            head(2, text.len(), out);
            out.extend_from_slice(text.as_bytes());
        }
        Value::Short(number) => {
            head(5, 2, out);
            out.extend_from_slice(&number.to_be_bytes());
        }
        Value::Number(number) => {
            head(6, 4, out);
            out.extend_from_slice(&number.to_be_bytes());
        }
        Value::Long(number) => {
            head(9, 8, out);
            out.extend_from_slice(&number.to_be_bytes());
        }
        Value::List(items) => {
            head(11, items.len(), out);
            items.iter().for_each(|item| encode(item, out));
        }
        Value::Map(fields) => {
            let sorted: BTreeMap<_, _> = fields.iter().map(|(key, value)| (*key, value)).collect();
            head(7, sorted.len(), out);
            for (key, value) in sorted {
                encode(&Value::Text(key), out);
                encode(value, out);
            }
        }
    }
}

/// A control byte for fewer than 285 bytes or items; types above 7 are extended.
fn head(kind: u8, size: usize, out: &mut Vec<u8>) {
    let kind_bits = if kind > 7 { 0 } else { kind << 5 };
    out.push(kind_bits | u8::try_from(size.min(29)).expect("at most 29"));
    if kind > 7 {
        out.push(kind - 7);
    }
    if size >= 29 {
        out.push(u8::try_from(size - 29).expect("a small value"));
    }
}
