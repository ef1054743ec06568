//! What keeps people out of the numbers: the cut of addresses, the place of a network, the hygiene of texts, salts,
//! pseudonyms and opt-outs, the threshold of what is shown, and the statement that says so. Called by `http` (the cut,
//! the statement), `ingest` (most), the seal and reading (the threshold); knows nothing of counting or storage.

pub mod address;
pub mod hygiene;
pub mod opt_out;
pub mod place;
pub mod pseudonym;
pub mod salt;
pub mod statement;
pub mod threshold;
