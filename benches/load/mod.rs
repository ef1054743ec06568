//! The load: requests as browsers, images and servers send them, and connections that send them as fast as they are
//! answered or at a rate. Used by the benches, the soak and the tests of faults; knows the program from outside only.
#![allow(dead_code, reason = "every program that includes this uses a part of it")]

pub mod answer;
pub mod clock;
pub mod day;
pub mod drive;
pub mod fresh;
pub mod hostile;
pub mod mix;
pub mod people;
pub mod random;
