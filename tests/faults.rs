//! Faults: kills, stops, full and torn spools, engines that die, answers that get lost. The real binary with the real
//! engine; each test keeps an account of every acknowledged event and compares it with what the stats API says.

mod support;

#[path = "privacy/engine.rs"]
#[expect(dead_code, reason = "the tests of privacy use all of it")]
mod sql;

#[path = "../benches/load/mod.rs"]
mod traffic;

#[path = "faults/account.rs"]
mod account;
#[path = "faults/load.rs"]
mod load;
#[path = "faults/proxy.rs"]
mod proxy;

#[path = "faults/clock.rs"]
mod clock;
#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/engine.rs"]
mod engine;
#[path = "faults/kill.rs"]
mod kill;
#[path = "faults/lent.rs"]
mod lent;
#[path = "faults/lost.rs"]
mod lost;
#[path = "faults/network.rs"]
mod network;
#[path = "faults/overload.rs"]
mod overload;
#[path = "faults/points.rs"]
mod points;
#[path = "faults/retry.rs"]
mod retry;
#[path = "faults/seal.rs"]
mod seal;
#[path = "faults/spool.rs"]
mod spool;
#[path = "faults/start.rs"]
mod start;
#[path = "faults/stop.rs"]
mod stop;
#[path = "faults/upgrade.rs"]
mod upgrade;
#[path = "faults/visits.rs"]
mod visits;
