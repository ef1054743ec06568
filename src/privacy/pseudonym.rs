//! P3 and P4: the keyed functions between a person and a number.
//!
//! `ingest` asks for a visitor; `count` turns visitors into hashes that mean nothing outside their cell.
//! All functions are SipHash (Aumasson and Bernstein, 2012), keyed with the salt of the site-local date.

use siphasher::sip128::SipHasher24 as SipHasher24x128;
use smallvec::{SmallVec, smallvec};

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

    /// What enters the sketch for `visitor`: SipHash-2-4 of the pseudonym, written out for a message of sixteen bytes, of
    /// which there are a dozen for each page view.
    pub fn hash(&self, visitor: Visitor) -> u64 {
        let mut state = begin(&self.0);
        let [low, high] = halves(&visitor.0.to_le_bytes());
        [low, high, 16 << 56].into_iter().for_each(|word| absorb::<2>(&mut state, word));
        end::<4>(state)
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

/// The key under which visitors enter the sketch of one crossing: SipHash-1-3, keyed with one part and fed with the
/// other, ready for visitors.
#[derive(Clone, Copy)]
pub struct CrossingKey([u64; 4]);

impl CrossingKey {
    /// The key of a crossing, of its parts in wire order of their dimensions.
    pub fn of(one: &CrossingPart, other: &CrossingPart) -> Self {
        let mut state = begin(&one.0);
        halves(&other.0).into_iter().for_each(|half| absorb::<1>(&mut state, half));
        Self(state)
    }

    /// What enters the sketch for `visitor`: SipHash-1-3 of the other part and the lower half of the pseudonym, which
    /// tells visitors apart as well as all of it. Crossings that differ in a dimension or a value differ in the key or
    /// in what is hashed, so that nothing relates their hashes. It is written out here because there are fifty of
    /// these for each page view and most of the work is the same for all visitors of a crossing; no attack on it as a
    /// keyed function is known that would come near a key which lives for two days.
    pub fn hash(&self, visitor: Visitor) -> u32 {
        let mut state = self.0;
        [visitor.0 as u64, 24 << 56].into_iter().for_each(|word| absorb::<1>(&mut state, word));
        (end::<3>(state) >> 32) as u32
    }
}

fn halves(bytes: &[u8; 16]) -> [u64; 2] {
    let number = u128::from_le_bytes(*bytes);
    [number as u64, (number >> 64) as u64]
}

/// The state of SipHash under a key.
fn begin(key: &[u8; 16]) -> [u64; 4] {
    let [k0, k1] = halves(key);
    // "somepseudorandomlygeneratedbytes", as SipHash begins.
    [k0 ^ 0x736f_6d65_7073_6575, k1 ^ 0x646f_7261_6e64_6f6d, k0 ^ 0x6c79_6765_6e65_7261, k1 ^ 0x7465_6462_7974_6573]
}

/// Takes in eight bytes; the last ones are what is left and, on top, the length of all.
#[inline]
fn absorb<const ROUNDS: usize>(state: &mut [u64; 4], word: u64) {
    state[3] ^= word;
    (0..ROUNDS).for_each(|_| round(state));
    state[0] ^= word;
}

#[inline]
fn end<const ROUNDS: usize>(mut state: [u64; 4]) -> u64 {
    state[2] ^= 0xff;
    (0..ROUNDS).for_each(|_| round(&mut state));
    state[0] ^ state[1] ^ state[2] ^ state[3]
}

#[inline]
fn round([v0, v1, v2, v3]: &mut [u64; 4]) {
    *v0 = v0.wrapping_add(*v1);
    *v1 = v1.rotate_left(13) ^ *v0;
    *v0 = v0.rotate_left(32);
    *v2 = v2.wrapping_add(*v3);
    *v3 = v3.rotate_left(16) ^ *v2;
    *v0 = v0.wrapping_add(*v3);
    *v3 = v3.rotate_left(21) ^ *v0;
    *v2 = v2.wrapping_add(*v1);
    *v1 = v1.rotate_left(17) ^ *v2;
    *v2 = v2.rotate_left(32);
}

/// A hash over fields, each preceded by its length, so that `ab|c` and `a|bc` differ. The fields are put side by side first:
/// hashing one text costs half of hashing its pieces.
struct Framed<'s> {
    salt: &'s Salt,
    fields: SmallVec<[u8; 320]>,
}

impl<'s> Framed<'s> {
    fn new(salt: &'s Salt, purpose: Purpose) -> Self {
        Self { salt, fields: smallvec![purpose as u8] }
    }

    fn field(&mut self, bytes: &[u8]) {
        self.fields.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.fields.extend_from_slice(bytes);
    }

    fn finish(self) -> u128 {
        SipHasher24x128::new_with_key(self.salt.bytes()).hash(&self.fields).as_u128()
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
        fn crossings_are_hashed_with_siphash_1_3(one: [u8; 16], other: [u8; 16], visitor: u128) {
            let key = CrossingKey::of(&CrossingPart(one), &CrossingPart(other));
            let message = [&other[..], &(visitor as u64).to_le_bytes()].concat();
            let expected = siphasher::sip::SipHasher13::new_with_key(&one).hash(&message);
            prop_assert_eq!(key.hash(Visitor(visitor)), (expected >> 32) as u32);
        }

        #[test]
        fn cells_are_hashed_with_siphash_2_4(key: [u8; 16], visitor: u128) {
            let expected = siphasher::sip::SipHasher24::new_with_key(&key).hash(&visitor.to_le_bytes());
            prop_assert_eq!(SketchKey(key).hash(Visitor(visitor)), expected);
        }

        #[test]
        fn moving_a_boundary_changes_the_visitor(text in "[a-c]{1,12}", at in 0usize..12, other in 0usize..12) {
            let (at, other) = (at.min(text.len()), other.min(text.len()));
            prop_assume!(at != other);
            let split = |i: usize| client(&salt(1), &text[..i], &text[i..]);
            prop_assert!(split(at) != split(other));
        }
    }
}
