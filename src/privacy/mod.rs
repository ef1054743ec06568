//! What keeps people out of the numbers: the cut of addresses, the place of a network, the hygiene of texts, salts,
//! pseudonyms and opt-outs, and the threshold of what is shown. Called by `http` (the cut), `ingest` (most), the seal and
//! reading (the threshold); knows nothing of counting or storage.

pub mod address;
pub mod hygiene;
pub mod opt_out;
pub mod place;
pub mod pseudonym;
pub mod salt;
pub mod threshold;
