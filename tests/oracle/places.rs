//! Writes the geography of the made-up world as an `.mmdb` file, in the shape MaxMind gives its city files.

use super::world::Place;

/// A value of the format.
enum Value {
    Text(&'static str),
    Short(u16),
    Number(u32),
    Long(u64),
    List(Vec<Value>),
    Map(Vec<(&'static str, Value)>),
}

const NOTHING: u32 = u32::MAX;
/// Marks a link that leads to data.
const DATA: u32 = 1 << 30;

/// The bytes of a file with these places, each a network of fourteen bits.
pub fn mmdb(places: &[Place]) -> Vec<u8> {
    let mut nodes = vec![[NOTHING; 2]];
    let mut data = Vec::new();
    for place in places {
        let offset = data.len() as u32;
        encode(&record(place), &mut data);
        let address = u32::from_be_bytes([place.network[0], place.network[1], 0, 0]);
        insert(&mut nodes, address, 14, offset);
    }
    let count = nodes.len() as u32;
    let mut file = Vec::new();
    for link in nodes.iter().flatten() {
        let record = match *link {
            NOTHING => count,
            data if data >= DATA => count + 16 + (data - DATA),
            node => node,
        };
        file.extend_from_slice(&record.to_be_bytes()[1..]);
    }
    file.extend_from_slice(&[0; 16]);
    file.extend_from_slice(&data);
    file.extend_from_slice(b"\xab\xcd\xefMaxMind.com");
    let mut fields = vec![("node_count", Value::Number(count)), ("build_epoch", Value::Long(1))];
    let shorts = [("record_size", 24), ("ip_version", 4), ("binary_format_major_version", 2)];
    fields.extend(shorts.map(|(name, number)| (name, Value::Short(number))));
    fields.push(("binary_format_minor_version", Value::Short(0)));
    fields.extend([("database_type", Value::Text("Test")), ("languages", Value::List(Vec::new()))]);
    fields.push(("description", Value::Map(vec![("en", Value::Text("Test"))])));
    encode(&Value::Map(fields), &mut file);
    file
}

fn record(place: &Place) -> Value {
    let named = |name| Value::Map(vec![("names", Value::Map(vec![("en", Value::Text(name))]))]);
    let mut fields = vec![("country", Value::Map(vec![("iso_code", Value::Text(place.country))]))];
    if !place.region.is_empty() {
        fields.push(("subdivisions", Value::List(vec![named(place.region)])));
    }
    if !place.city.is_empty() {
        fields.push(("city", named(place.city)));
    }
    Value::Map(fields)
}

fn insert(nodes: &mut Vec<[u32; 2]>, address: u32, prefix: u32, offset: u32) {
    let mut node = 0;
    for depth in 0..prefix {
        let side = (address >> (31 - depth) & 1) as usize;
        if depth + 1 == prefix {
            nodes[node][side] = DATA + offset;
            return;
        }
        if nodes[node][side] == NOTHING {
            nodes.push([NOTHING; 2]);
            nodes[node][side] = nodes.len() as u32 - 1;
        }
        node = nodes[node][side] as usize;
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
            head(7, fields.len(), out);
            for (key, value) in fields {
                encode(&Value::Text(key), out);
                encode(value, out);
            }
        }
    }
}

/// A control byte, for fewer than 29 bytes or items; types above 7 are extended.
fn head(kind: u8, size: usize, out: &mut Vec<u8>) {
    assert!(size < 29, "short names only");
    out.push(if kind > 7 { 0 } else { kind << 5 } | size as u8);
    if kind > 7 {
        out.push(kind - 7);
    }
}
