//! What may be told about salts: how many there are, their ages and their commitments. For the privacy statement and
//! metrics; tells neither a salt nor whose it is.

use super::{Salt, SaltStore, wipe_stack};

/// What may be told about the salts that exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaltsTold {
    /// Hours since the hour in which the oldest was made; `None` without salts.
    pub oldest_hours: Option<i64>,
    /// The public commitment of each, sorted, so that the order tells nothing of sites.
    pub commitments: Vec<[u8; 32]>,
}

impl SaltStore {
    /// What may be told at `now`.
    pub fn told(&self, now: i64) -> SaltsTold {
        let open = self.open.load();
        let days = || open.values().flat_map(|days| days.values());
        let mut commitments: Vec<_> = days().map(|day| Salt::commitment(&day.salt)).collect();
        commitments.sort_unstable();
        wipe_stack();
        SaltsTold { oldest_hours: days().map(|day| (now - day.made_at).max(0) / 3600).max(), commitments }
    }
}
