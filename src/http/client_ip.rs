//! Whose request it is: the peer, or, behind trusted proxies, the nearest address none of them vouches for.
//!
//! Outside `privacy` this is the only file that may name an address type. What leaves it is a
//! [`ClientAddr`], which can only be cut.

use std::net::{IpAddr, SocketAddr};

use http::header::FORWARDED;
use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use crate::privacy::address::ClientAddr;

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Proxies a request may have come through; further ones are not walked.
const MAX_HOPS: usize = 32;

/// Networks whose word on the client's address is taken.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

/// The other end of a connection.
#[derive(Clone, Copy)]
pub struct Peer(IpAddr);

impl Peer {
    /// The peer at `address`.
    pub fn new(address: SocketAddr) -> Self {
        Self(address.ip().to_canonical())
    }
}

impl TrustedProxies {
    /// Trusts these networks and nobody else.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// The client of a request that came from `peer` with `headers`.
    ///
    /// `X-Forwarded-For` is read when present, else `Forwarded` (RFC 7239); both from the right, for as long as the
    /// address at hand is trusted. An entry that is no address ends the walk. Most proxies write the first and pass a
    /// client's own `Forwarded` on, so that one must not win; a proxy that writes the second must take away the first.
    pub fn client(&self, peer: Peer, headers: &HeaderMap) -> ClientAddr {
        let mut client = peer.0;
        if !self.trusts(client) {
            return ClientAddr::new(client);
        }
        let forwarded = !headers.contains_key(&X_FORWARDED_FOR);
        let name = if forwarded { &FORWARDED } else { &X_FORWARDED_FOR };
        let lines: Vec<&[u8]> = headers.get_all(name).into_iter().map(|value| value.as_bytes()).collect();
        let hops = lines.iter().rev().flat_map(|line| line.rsplit(|byte| *byte == b','));
        for hop in hops.take(MAX_HOPS) {
            // Bytes a client made up cost their own entry only, never the one a proxy appended.
            let hop = std::str::from_utf8(hop).unwrap_or_default();
            let address = if forwarded { forwarded_for(hop) } else { node_address(hop) };
            let Some(address) = address else { break };
            client = address;
            if !self.trusts(client) {
                break;
            }
        }
        ClientAddr::new(client)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The `for` parameter of one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, node) = pairs.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    node_address(node)
}

/// An address with or without quotes, brackets and port.
fn node_address(node: &str) -> Option<IpAddr> {
    let node = node.trim().trim_matches('"');
    let bare = node.parse::<IpAddr>().or_else(|_| node.parse::<SocketAddr>().map(|socket| socket.ip()));
    let bare = bare.or_else(|_| node.trim_start_matches('[').trim_end_matches(']').parse());
    bare.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies() -> TrustedProxies {
        let networks = ["127.0.0.0/8", "10.0.0.0/8", "fd00::/8"];
        TrustedProxies(networks.map(|network| network.parse().expect("a network")).to_vec())
    }

    fn client(proxies: &TrustedProxies, peer: &str, headers: &[(&'static str, &str)]) -> ClientAddr {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, http::HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        proxies.client(Peer::new(SocketAddr::new(peer.parse().expect("an address"), 1)), &map)
    }

    fn is(found: ClientAddr, wanted: &str) -> bool {
        found.cut() == ClientAddr::new(wanted.parse().expect("an address")).cut()
    }

    #[test]
    fn nobody_is_believed_by_default() {
        let nobody = TrustedProxies::default();
        assert!(is(client(&nobody, "127.0.0.1", &[("x-forwarded-for", "203.0.113.7")]), "127.0.0.1"));
        assert!(is(client(&proxies(), "198.51.100.1", &[("x-forwarded-for", "203.0.113.7")]), "198.51.100.1"));
    }

    #[test]
    fn the_walk_goes_from_the_right_to_the_first_stranger() {
        let spoofed = [("x-forwarded-for", "192.0.2.1, 203.0.113.7, 10.0.0.3")];
        assert!(is(client(&proxies(), "127.0.0.1", &spoofed), "203.0.113.7"));
        let lines = [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-for", "203.0.113.7:4711")];
        assert!(is(client(&proxies(), "127.0.0.1", &lines), "203.0.113.7"));
    }

    #[test]
    fn forwarded_is_read_with_quotes_brackets_and_ports() {
        let header = [("forwarded", "for=192.0.2.1, For=\"[2001:db8:7::1]:4711\";proto=https;by=10.0.0.1")];
        assert!(is(client(&proxies(), "10.0.0.1", &header), "2001:db8:7::1"));
    }

    #[test]
    fn what_is_no_address_ends_the_walk() {
        for junk in ["unknown", "", "_hidden", "999.1.1.1", "\u{e9}"] {
            let header = [("x-forwarded-for", format!("203.0.113.7, {junk}, 10.0.0.3"))];
            let header = header.each_ref().map(|(name, value)| (*name, value.as_str()));
            assert!(is(client(&proxies(), "127.0.0.1", &header), "10.0.0.3"));
        }
    }

    #[test]
    fn what_a_client_sends_along_does_not_win() {
        let own = [("forwarded", "for=127.0.0.1"), ("x-forwarded-for", "\u{e9}, 203.0.113.7")];
        assert!(is(client(&proxies(), "127.0.0.1", &own), "203.0.113.7"));
    }

    #[test]
    fn trusted_all_the_way_is_the_farthest() {
        assert!(is(client(&proxies(), "127.0.0.1", &[("x-forwarded-for", "10.0.0.9, 10.0.0.8")]), "10.0.0.9"));
    }
}
