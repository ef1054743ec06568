//! Secrets that are handed out once and kept only as SHA-256: keys, one-time links, dashboard sessions.
//! They are 256 random bits, so a plain hash is enough; passwords are another matter (`password`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

use super::RegistryError;

/// A fresh secret: `prefix` and 256 random bits in base64url.
///
/// # Errors
/// [`RegistryError::Random`] when the machine gives no randomness.
pub(super) fn fresh(prefix: &str) -> Result<String, RegistryError> {
    Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random::<32>()?)))
}

/// A short random name that is no secret: the id of a key.
pub(super) fn fresh_id(prefix: &str) -> Result<String, RegistryError> {
    Ok(format!("{prefix}{:08x}", u32::from_be_bytes(random()?)))
}

/// `N` random bytes.
pub(super) fn random<const N: usize>() -> Result<[u8; N], RegistryError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| RegistryError::Random)?;
    Ok(bytes)
}

/// SHA-256 of a secret. Compared in constant time; written as hexadecimal.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `secret`.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    fn bucket(&self) -> u64 {
        self.0.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Digest {}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digest(…)")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hex: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        serializer.serialize_str(&hex)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("expected 64 hexadecimal digits");
        if text.len() != 64 || !text.bytes().all(|c| c.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (position, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[position * 2..position * 2 + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// Things found by the digest of a secret. A look-up walks one bucket, chosen by the digest's first bytes (which an
/// attacker cannot steer without breaking SHA-256), and compares in constant time.
#[derive(Debug)]
pub(super) struct ByDigest<T>(hashbrown::HashMap<u64, Vec<(Digest, T)>>);

impl<T> ByDigest<T> {
    pub(super) fn new(things: impl IntoIterator<Item = (Digest, T)>) -> Self {
        let mut map: hashbrown::HashMap<u64, Vec<(Digest, T)>> = hashbrown::HashMap::new();
        for (digest, thing) in things {
            map.entry(digest.bucket()).or_default().push((digest, thing));
        }
        Self(map)
    }

    pub(super) fn get(&self, secret: &str) -> Option<&T> {
        let wanted = Digest::of(secret);
        let bucket = self.0.get(&wanted.bucket())?;
        bucket.iter().find(|(digest, _)| *digest == wanted).map(|(_, thing)| thing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_256_bits_and_differ() {
        let (one, two) = (fresh("hc_r_").expect("random"), fresh("hc_r_").expect("random"));
        assert_eq!((one.len(), one.starts_with("hc_r_"), one == two), (5 + 43, true, false));
    }

    #[test]
    fn a_digest_is_sha_256_in_hexadecimal_and_back() {
        let text = serde_json::to_string(&Digest::of("abc")).expect("JSON");
        assert_eq!(text, "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"");
        assert_eq!(serde_json::from_str::<Digest>(&text).expect("back"), Digest::of("abc"));
        for bad in ["\"\"", "\"zz\"", &format!("\"{}\"", "é".repeat(32)), &format!("\"{}\"", "g".repeat(64))] {
            assert!(serde_json::from_str::<Digest>(bad).is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_digest_or_an_error(text in ".*") {
            let read = serde_json::from_value::<Digest>(serde_json::Value::String(text.clone()));
            let hex = text.len() == 64 && text.bytes().all(|c| c.is_ascii_hexdigit());
            proptest::prop_assert_eq!(read.is_ok(), hex);
        }
    }

    #[test]
    fn things_are_found_by_their_secret_only() {
        let things = ByDigest::new([(Digest::of("a"), 1), (Digest::of("b"), 2)]);
        assert_eq!([things.get("a"), things.get("b"), things.get("c")], [Some(&1), Some(&2), None]);
    }
}
