//! What is left of a salt when nobody owns it any more: hashing takes copies of the key to the stack, where they would
//! stay until something else is written there. On a quiet night that is never.

use std::hint::black_box;

use zeroize::Zeroize as _;

use super::SaltStore;

/// Bytes of a stack that are overwritten: several times as deep as a hit is worked on.
const DEPTH: usize = 64 * 1024;

/// Overwrites what calls that have returned left on this thread's stack.
#[inline(never)]
pub fn wipe_stack() {
    let mut below = [0_u8; DEPTH];
    below.zeroize();
    black_box(&below);
}

impl SaltStore {
    /// Wipes the stack of the thread it runs on whenever salts were let go of. For threads that make pseudonyms; never
    /// ends by itself.
    pub async fn wipe_after_each_end(&self) {
        let mut ended = self.ended.subscribe();
        while ended.changed().await.is_ok() {
            wipe_stack();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::test_directory;
    use crate::model::{Day, Site};

    #[tokio::test]
    async fn every_end_of_a_salt_is_told() {
        let (directory, now) = (test_directory(), 20_000 * 86_400);
        let site = Site::new("demo".parse().expect("an id"), jiff::tz::TimeZone::UTC);
        let salts = SaltStore::open(directory.path(), [&site].into_iter(), now).expect("opens");
        let mut ended = salts.ended.subscribe();
        let mut told = || ended.has_changed().expect("the store is there") && *ended.borrow_and_update() > 0;
        salts.of(&site, Day(20_000), now).expect("a salt");
        assert!(!told());
        salts.close(&site.id, Day(20_000)).expect("closes");
        assert!(told());
        assert!(!told());
        salts.of(&site, Day(20_001), now).expect("a salt");
        salts.destroy_closed(now + 3 * 86_400, |_| true).expect("closes");
        assert!(told());
        salts.forget_site(&site.id).expect("forgotten");
        assert!(told());
    }
}
