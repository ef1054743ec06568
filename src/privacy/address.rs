//! The client's address, and what is left of it after the door (rule P2). `http` makes a [`ClientAddr`] and cuts it at once;
//! everything behind sees a [`CutAddress`]. Must not be able to print, store or copy a full address.

use std::fmt;
use std::net::IpAddr;

use zeroize::Zeroize;

/// A full client address. It cannot be formatted, serialised or cloned, and its bytes are wiped when it goes.
pub struct ClientAddr {
    /// The address as IPv6; IPv4 in its mapped form.
    octets: [u8; 16],
    v6: bool,
}

impl ClientAddr {
    /// Takes an address over. An IPv4 address inside IPv6 (`::ffff:a.b.c.d`) is IPv4.
    pub fn new(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self { octets: v4.to_ipv6_mapped().octets(), v6: false },
            IpAddr::V6(v6) => Self { octets: v6.octets(), v6: true },
        }
    }

    /// The address a text spells.
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self::new)
    }

    /// Cuts the address to its network, /24 or /48, and wipes the rest.
    pub fn cut(self) -> CutAddress {
        let kept = if self.v6 { &self.octets[..6] } else { &self.octets[12..15] };
        let bits = kept.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        CutAddress { bits, v6: self.v6 }
    }
}

impl Drop for ClientAddr {
    fn drop(&mut self) {
        self.octets.zeroize();
    }
}

/// The network a hit came from: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CutAddress {
    /// The 24 or 48 bits, right-aligned.
    bits: u64,
    v6: bool,
}

impl CutAddress {
    /// The network as bytes for hashing and how many of them count. The first byte is the family, so that no IPv4 network
    /// equals the beginning of an IPv6 one.
    pub fn bytes(self) -> ([u8; 7], usize) {
        let [_, _, b @ ..] = self.bits.to_be_bytes();
        if self.v6 { ([6, b[0], b[1], b[2], b[3], b[4], b[5]], 7) } else { ([4, b[3], b[4], b[5], 0, 0, 0], 4) }
    }

    /// Whether the network is this machine: 127.0.0.0/8, or the one that holds `::1` and nobody else.
    pub fn is_loopback(self) -> bool {
        if self.v6 { self.bits == 0 } else { self.bits >> 16 == 127 }
    }

    /// The first address of an IPv4 network as a number: 24 bits of network, 8 zero bits.
    pub fn v4(self) -> Option<u32> {
        (!self.v6).then_some((self.bits as u32) << 8)
    }

    /// The first 64 bits of an IPv6 network: 48 bits of network, 16 zero bits.
    pub fn v6(self) -> Option<u64> {
        self.v6.then_some(self.bits << 16)
    }
}

impl fmt::Debug for CutAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CutAddress(…)")
    }
}

/// One network for each number.
#[cfg(test)]
pub(crate) fn test_network(number: u8) -> CutAddress {
    ClientAddr::new(IpAddr::from([203, 0, number, 1])).cut()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> CutAddress {
        ClientAddr::new(text.parse().expect("a test's address")).cut()
    }

    #[test]
    fn only_the_network_is_left() {
        assert_eq!(cut("203.0.113.77"), cut("203.0.113.1"));
        assert_ne!(cut("203.0.113.77"), cut("203.0.114.77"));
        assert_eq!(cut("2001:db8:7:1::5"), cut("2001:db8:7:ffff::9"));
        assert_ne!(cut("2001:db8:7:1::5"), cut("2001:db8:8:1::5"));
        assert_eq!(cut("::ffff:203.0.113.77"), cut("203.0.113.9"));
    }

    #[test]
    fn bytes_tell_the_families_apart() {
        assert_eq!(cut("203.0.113.77").bytes(), ([4, 203, 0, 113, 0, 0, 0], 4));
        assert_eq!(cut("2001:db8:7:1::5").bytes(), ([6, 0x20, 0x01, 0x0d, 0xb8, 0, 7], 7));
    }

    #[test]
    fn bits_are_left_aligned() {
        assert_eq!((cut("203.0.113.77").v4(), cut("203.0.113.77").v6()), (Some(0xcb00_7100), None));
        assert_eq!((cut("2001:db8:7:1::5").v6(), cut("2001:db8:7:1::5").v4()), (Some(0x2001_0db8_0007_0000), None));
    }

    #[test]
    fn this_machine_is_known_by_its_network() {
        let machines = ["127.0.0.1", "127.8.8.8", "::1", "128.0.0.1", "0.0.0.1", "2001:db8:7::1"];
        assert_eq!(machines.map(|text| cut(text).is_loopback()), [true, true, true, false, false, false]);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", cut("203.0.113.77")), "CutAddress(…)");
    }
}
