//! P3 and P4: the keyed functions between a person and a number.
//!
//! `ingest` asks for a visitor; `count` turns visitors into hashes that mean nothing outside their cell.
//! All functions are SipHash (Aumasson and Bernstein, 2012), keyed with the salt of the site-local date.

use std::hash::Hasher;

use siphasher::sip::{SipHasher13, SipHasher24};
use siphasher::sip128::{Hasher128, SipHasher24 as SipHasher24x128};

use super::address::CutAddress;
use super::salt::Salt;
use crate::model::{Dimension, Visitor};

/// By what a visitor is told from others, for the length of one day.
pub enum Identity<'a> {
    /// The cut address and the user agent of a browser.
    Network {
        /// Address, cut to /24 or /48.
        address: CutAddress,
        /// The `User-Agent` as sent.
        agent: &'a str,
    },
    /// The anonymous id an app's SDK sent with the event.
    Client(&'a str),
}

/// The keys of the uses never meet: each hash begins with its purpose.
#[derive(Clone, Copy)]
enum Purpose {
    Network = 1,
    Client = 2,
    Cell = 3,
    Crossing = 4,
}

/// The visitor of one site and one day.
pub fn visitor(salt: &Salt, site: &str, identity: &Identity<'_>) -> Visitor {
    let mut framed = match identity {
        Identity::Network { .. } => Framed::new(salt, Purpose::Network),
        Identity::Client(_) => Framed::new(salt, Purpose::Client),
    };
    framed.field(site.as_bytes());
    match identity {
        Identity::Network { address, agent } => {
            let (bytes, length) = address.bytes();
            framed.field(&bytes[..length]);
            framed.field(agent.as_bytes());
        }
        Identity::Client(id) => framed.field(id.as_bytes()),
    }
    Visitor(framed.finish())
}

/// The key under which visitors enter the sketch of one cell, all its hours together.
#[derive(Clone, Copy)]
pub struct SketchKey([u8; 16]);

impl SketchKey {
    /// The key of the cell (dimension, value).
    pub fn of(salt: &Salt, dimension: Dimension, value: &str) -> Self {
        let mut framed = Framed::new(salt, Purpose::Cell);
        framed.field(dimension.code().as_bytes());
        framed.field(value.as_bytes());
        Self(framed.finish().to_le_bytes())
    }

    /// What enters the sketch for `visitor`.
    pub fn hash(&self, visitor: Visitor) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.0);
        hasher.write(&visitor.0.to_le_bytes());
        hasher.finish()
    }
}

/// One of the two attributes of a crossing, ready to be paired: a key that depends on salt, dimension and value, and
/// that no cell uses.
#[derive(Clone, Copy)]
pub struct CrossingPart([u8; 16]);

impl CrossingPart {
    /// The part of (dimension, value).
    pub fn of(salt: &Salt, dimension: Dimension, value: &str) -> Self {
        let mut framed = Framed::new(salt, Purpose::Crossing);
        framed.field(dimension.code().as_bytes());
        framed.field(value.as_bytes());
        Self(framed.finish().to_le_bytes())
    }
}

/// The key under which visitors enter the sketch of one crossing.
#[derive(Clone, Copy)]
pub struct CrossingKey([u8; 16]);

impl CrossingKey {
    /// The key of a crossing: a cascade of two keyed functions, salt → one part → the other, so that crossings that
    /// differ in any dimension or value have unrelated keys. The parts come in wire order of their dimensions.
    pub fn of(one: &CrossingPart, other: &CrossingPart) -> Self {
        Self(SipHasher24x128::new_with_key(&one.0).hash(&other.0).as_bytes())
    }

    /// What enters the sketch for `visitor`. SipHash-1-3: there are dozens of these for each page view, and no attack
    /// on it as a keyed function is known that would come near a key which lives for two days.
    pub fn hash(&self, visitor: Visitor) -> u32 {
        let wide = SipHasher13::new_with_key(&self.0).hash(&visitor.0.to_le_bytes());
        (wide >> 32) as u32
    }
}

/// A hash over fields, each preceded by its length, so that `ab|c` and `a|bc` differ.
struct Framed(SipHasher24x128);

impl Framed {
    fn new(salt: &Salt, purpose: Purpose) -> Self {
        let mut hasher = SipHasher24x128::new_with_key(salt.bytes());
        hasher.write(&[purpose as u8]);
        Self(hasher)
    }

    fn field(&mut self, bytes: &[u8]) {
        self.0.write(&(bytes.len() as u64).to_le_bytes());
        self.0.write(bytes);
    }

    fn finish(self) -> u128 {
        self.0.finish128().as_u128()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn salt(byte: u8) -> Salt {
        Salt::from_bytes([byte; 16])
    }

    fn client(salt: &Salt, site: &str, id: &str) -> Visitor {
        visitor(salt, site, &Identity::Client(id))
    }

    #[test]
    fn a_visitor_is_bound_to_salt_and_site() {
        let same = client(&salt(1), "a", "x");
        assert!(same == client(&salt(1), "a", "x"));
        assert!(same != client(&salt(2), "a", "x") && same != client(&salt(1), "b", "x"));
    }

    #[test]
    fn cells_of_different_values_share_no_hash() {
        let person = Visitor(7);
        let keys = [(Dimension::Page, "/a"), (Dimension::Page, "/b"), (Dimension::Section, "/a")];
        let hashes = keys.map(|(dimension, value)| SketchKey::of(&salt(1), dimension, value).hash(person));
        assert!(hashes[0] != hashes[1] && hashes[0] != hashes[2] && hashes[1] != hashes[2]);
    }

    #[test]
    fn p4_crossings_share_no_hash_with_each_other_or_with_cells() {
        let (person, salt) = (Visitor(7), salt(1));
        let part = |dimension, value| CrossingPart::of(&salt, dimension, value);
        let (a, b) = (part(Dimension::Page, "/a"), part(Dimension::Page, "/b"));
        let (de, firefox) = (part(Dimension::Country, "DE"), part(Dimension::Browser, "Firefox"));
        let keys = [(&a, &de), (&b, &de), (&a, &firefox), (&de, &firefox), (&de, &a)];
        let mut hashes: Vec<u32> = keys.map(|(one, other)| CrossingKey::of(one, other).hash(person)).to_vec();
        hashes.push((SketchKey::of(&salt, Dimension::Page, "/a").hash(person) >> 32) as u32);
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 6);
        assert!(a.0 != SketchKey::of(&salt, Dimension::Page, "/a").0);
    }

    proptest! {
        #[test]
        fn moving_a_boundary_changes_the_visitor(text in "[a-c]{1,12}", at in 0usize..12, other in 0usize..12) {
            let (at, other) = (at.min(text.len()), other.min(text.len()));
            prop_assume!(at != other);
            let split = |i: usize| client(&salt(1), &text[..i], &text[i..]);
            prop_assert!(split(at) != split(other));
        }
    }
}
