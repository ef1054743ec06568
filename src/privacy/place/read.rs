//! Reads a `.mmdb` file of any of the usual record shapes into a [`PlaceTable`]. Called by [`super::Places`].

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;

use maxminddb::PathElement::{self, Index, Key};
use maxminddb::{LookupResult, MaxMindDbError, Reader};

use super::ranges::{Builder, NOWHERE};
use super::{Name, PlaceError, PlaceTable};
use crate::privacy::hygiene::head;

/// Where the country is looked for, in this order. Country files of the npm packages are flat, MaxMind's are nested,
/// and some have a bare code under `country`.
const COUNTRY: [&[PathElement<'static>]; 4] = [
    &[Key("country_code")],
    &[Key("country"), Key("iso_code")],
    &[Key("country")],
    &[Key("registered_country"), Key("iso_code")],
];

/// Where the region is looked for, in this order.
const REGION: [&[PathElement<'static>]; 4] = [
    &[Key("state1")],
    &[Key("subdivisions"), Index(0), Key("names"), Key("en")],
    &[Key("subdivisions"), Index(0), Key("iso_code")],
    &[Key("region")],
];

/// Where the city is looked for, in this order.
const CITY: [&[PathElement<'static>]; 2] = [&[Key("city"), Key("names"), Key("en")], &[Key("city")]];

/// Longest name of a region or city kept, in bytes; longer ones are cut.
const NAME_MAX: usize = 64;
/// Distinct places kept. The largest files have a third of that.
const MAX_PLACES: usize = 1_000_000;

/// Reads a file.
pub fn table(path: &Path) -> Result<PlaceTable, PlaceError> {
    let bytes = std::fs::read(path).map_err(|cause| PlaceError::Unreadable { path: path.to_owned(), cause })?;
    let broken = |cause| PlaceError::Broken { path: path.to_owned(), cause };
    let reader = Reader::from_source(bytes).map_err(broken)?;
    let table = flatten(&reader).map_err(broken)?;
    if table.names.is_empty() {
        return Err(PlaceError::NoCountries { path: path.to_owned() });
    }
    Ok(table)
}

fn flatten(reader: &Reader<Vec<u8>>) -> Result<PlaceTable, MaxMindDbError> {
    let mut names = Names::default();
    let mut v4 = Builder::<u32>::new();
    let mut v6 = Builder::<u64>::new();
    for record in reader.networks(maxminddb::WithinOptions::default())? {
        let record = record?;
        let Some(place) = names.of(&record)? else { continue };
        let network = record.network()?;
        // A network finer than ours counts only if it holds the first address of ours.
        match network.ip() {
            IpAddr::V4(first) => {
                let first = u64::from(first.to_bits());
                let last = first | low_bits(32, network.prefix()) as u64;
                push(&mut v4, first, last, 8, place);
            }
            IpAddr::V6(first) => {
                let upper = |address: u128| (address >> 64) as u64;
                let last = first.to_bits() | low_bits(128, network.prefix());
                if network.prefix() <= 64 || first.to_bits() as u64 == 0 {
                    push(&mut v6, upper(first.to_bits()), upper(last), 16, place);
                }
            }
        }
    }
    Ok(PlaceTable { v4: v4.finish(24), v6: v6.finish(48), names: names.list })
}

/// As many one bits as a network of this prefix has addresses bits.
fn low_bits(width: u32, prefix: u8) -> u128 {
    let free = width.saturating_sub(u32::from(prefix));
    if free == 0 { 0 } else { u128::MAX >> (128 - free) }
}

/// Adds the networks whose first address lies in `first..=last`, cutting `cut` bits.
fn push<K: Copy + Ord + Into<u64> + TryFrom<u64>>(
    ranges: &mut Builder<K>,
    first: u64,
    last: u64,
    cut: u32,
    place: u32,
) {
    let after_first = u64::from(first & ((1 << cut) - 1) != 0);
    ranges.push((first >> cut) + after_first, last >> cut, place);
}

/// The distinct places of a file. Records are decoded once per offset, since files share them.
#[derive(Default)]
struct Names {
    list: Vec<Name>,
    by_name: HashMap<Name, u32>,
    by_offset: HashMap<usize, Option<u32>>,
}

impl Names {
    fn of(&mut self, record: &LookupResult<'_, Vec<u8>>) -> Result<Option<u32>, MaxMindDbError> {
        let Some(offset) = record.offset() else { return Ok(None) };
        if let Some(known) = self.by_offset.get(&offset) {
            return Ok(*known);
        }
        let position = name(record)?.and_then(|name| self.intern(name));
        self.by_offset.insert(offset, position);
        Ok(position)
    }

    /// The position of a name. A file of more places than are kept loses the regions and cities of the rest.
    fn intern(&mut self, mut name: Name) -> Option<u32> {
        if self.list.len() >= MAX_PLACES {
            (name.region, name.city) = (None, None);
        }
        if let Some(position) = self.by_name.get(&name) {
            return Some(*position);
        }
        let position = u32::try_from(self.list.len()).ok().filter(|position| *position != NOWHERE)?;
        self.list.push(name.clone());
        self.by_name.insert(name, position);
        Some(position)
    }
}

fn name(record: &LookupResult<'_, Vec<u8>>) -> Result<Option<Name>, MaxMindDbError> {
    let Some(country) = first_text(record, &COUNTRY, is_country)? else {
        return Ok(None);
    };
    let country = country.to_ascii_uppercase();
    let named = |text: &str| !short(text).is_empty();
    let region = first_text(record, &REGION, named)?.map(|region| format!("{country}-{}", short(&region)));
    let city = match &region {
        Some(region) => first_text(record, &CITY, named)?.map(|city| format!("{region}/{}", short(&city))),
        None => None,
    };
    let boxed = String::into_boxed_str;
    Ok(Some(Name { country: country.into(), region: region.map(boxed), city: city.map(boxed) }))
}

/// The first of the paths that holds a text which passes. A value of another type is as good as none.
fn first_text(
    record: &LookupResult<'_, Vec<u8>>,
    paths: &[&[PathElement<'_>]],
    passes: fn(&str) -> bool,
) -> Result<Option<String>, MaxMindDbError> {
    for path in paths {
        match record.decode_path::<String>(path) {
            Ok(Some(text)) if passes(&text) => return Ok(Some(text)),
            Ok(_) | Err(MaxMindDbError::Decoding { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Two letters, and not one of the codes files use for "unknown".
fn is_country(text: &str) -> bool {
    let code = text.as_bytes();
    code.len() == 2 && code.iter().all(u8::is_ascii_alphabetic) && !["ZZ", "XX"].contains(&text)
}

/// A name without control characters, and without slashes, since one parts region and city.
fn short(name: &str) -> String {
    let clean: String =
        name.trim().chars().filter(|c| !c.is_control()).map(|c| if c == '/' { '-' } else { c }).collect();
    head(clean.trim(), NAME_MAX).to_owned()
}
