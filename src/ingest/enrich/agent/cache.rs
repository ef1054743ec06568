//! The bounded memory of verdicts. Associative, since with one place per hash two common agents that collide evict each other for
//! ever; seeded and compared by the whole text, so that nobody can aim at a place or borrow another agent's verdict.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;

use super::AgentVerdict;

const WAYS: usize = 4;
const SETS: usize = 1_024;

#[derive(Debug)]
struct Entry {
    agent: Box<str>,
    verdict: AgentVerdict,
    /// When it was last asked for, in askings.
    used: u64,
}

/// Up to 4,096 verdicts.
#[derive(Debug)]
pub struct Cache {
    /// Full hashes beside the entries, so that a miss touches one cache line; 0 is an empty place.
    hashes: Vec<[u64; WAYS]>,
    entries: Vec<[Option<Entry>; WAYS]>,
    seed: RandomState,
    askings: u64,
}

/// Where an agent that was not found belongs.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    hash: u64,
}

impl Place {
    const fn set(self) -> usize {
        (self.hash >> 32) as usize % SETS
    }
}

impl Cache {
    /// An empty cache with a seed of its own.
    pub fn new() -> Self {
        Self {
            hashes: vec![[0; WAYS]; SETS],
            entries: (0..SETS).map(|_| Default::default()).collect(),
            seed: RandomState::default(),
            askings: 0,
        }
    }

    /// The verdict on an agent, or where to put it.
    pub fn find(&mut self, agent: &str) -> Result<AgentVerdict, Place> {
        self.askings += 1;
        let place = Place { hash: self.seed.hash_one(agent) | 1 };
        let hashes = &self.hashes[place.set()];
        for (way, _) in hashes.iter().enumerate().filter(|(_, hash)| **hash == place.hash) {
            if let Some(entry) = self.entries[place.set()][way].as_mut().filter(|entry| *entry.agent == *agent) {
                entry.used = self.askings;
                return Ok(entry.verdict.clone());
            }
        }
        Err(place)
    }

    /// Remembers a verdict in the place of the one asked for longest ago.
    pub fn put(&mut self, place: Place, agent: &str, verdict: AgentVerdict) {
        let set = &mut self.entries[place.set()];
        let oldest = |way: &usize| set[*way].as_ref().map_or(0, |entry| entry.used);
        let way = (0..WAYS).min_by_key(oldest).unwrap_or(0);
        set[way] = Some(Entry { agent: agent.into(), verdict, used: self.askings });
        self.hashes[place.set()][way] = place.hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_and_stays_bounded() {
        let mut cache = Cache::new();
        for round in 0..20_000 {
            let agent = format!("agent {round}");
            if let Err(place) = cache.find(&agent) {
                cache.put(place, &agent, AgentVerdict::Bot);
            }
            assert_eq!(cache.find(&agent).ok(), Some(AgentVerdict::Bot), "{round}");
            assert!(round == 0 || cache.find("agent 0").is_ok(), "what is asked for often stays");
        }
        let kept = cache.entries.iter().flatten().flatten().count();
        assert!((WAYS * SETS * 9 / 10..=WAYS * SETS).contains(&kept), "{kept}");
    }

    #[test]
    fn equal_hashes_do_not_share_a_verdict() {
        let mut cache = Cache::new();
        let Err(place) = cache.find("a") else { panic!("an empty cache found something") };
        cache.put(place, "another text in this place", AgentVerdict::Bot);
        assert!(cache.find("a").is_err());
    }
}
