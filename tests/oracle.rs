//! An independent judge of counting: recorded traffic is sent to the real binary and to a counter in memory that has
//! full knowledge of every event; every answer of the API must be that counter's, before and after the day is sealed.
//!
//! The counter follows the written rules and shares no code with the program. Sizes: `HEADCOUNT_ORACLE_PERSONS`;
//! every question in every phase: `HEADCOUNT_ORACLE_THINNED=1`, which takes minutes.

#[path = "oracle/acts.rs"]
mod acts;
#[path = "oracle/added_up.rs"]
mod added_up;
#[path = "oracle/asked.rs"]
mod asked;
#[allow(dead_code, reason = "the bench of sealed history uses the rest")]
#[path = "oracle/cap.rs"]
mod cap;
#[path = "oracle/compare.rs"]
mod compare;
#[allow(dead_code, reason = "the bench of sealed history uses the rest")]
#[path = "oracle/count.rs"]
mod count;
#[path = "oracle/count_tests.rs"]
mod count_tests;
#[path = "oracle/differences.rs"]
mod differences;
#[allow(dead_code, reason = "the tests of privacy use the rest")]
#[path = "privacy/engine.rs"]
mod engine;
#[path = "oracle/exported.rs"]
mod exported;
#[path = "oracle/fact.rs"]
mod fact;
#[path = "oracle/group.rs"]
mod group;
#[path = "oracle/hours.rs"]
mod hours;
#[path = "oracle/imported.rs"]
mod imported;
#[path = "oracle/money.rs"]
mod money;
#[path = "oracle/numbers.rs"]
mod numbers;
#[path = "oracle/person.rs"]
mod person;
#[path = "oracle/places.rs"]
mod places;
#[path = "oracle/questions.rs"]
mod questions;
#[path = "oracle/random.rs"]
mod random;
#[path = "oracle/replay.rs"]
mod replay;
#[path = "oracle/rules.rs"]
mod rules;
#[path = "oracle/send.rs"]
mod send;
#[path = "oracle/special.rs"]
mod special;
mod support;
#[path = "oracle/traffic.rs"]
mod traffic;
#[path = "oracle/trial.rs"]
mod trial;
#[path = "oracle/visit.rs"]
mod visit;
#[path = "oracle/world.rs"]
mod world;
#[path = "oracle/zones.rs"]
mod zones;
