//! What protects the people who are counted: the address cut at the door, the hygiene of texts, the place of a network.
//! Called by `http` and `ingest`; knows nothing of counting or storing.

pub mod address;
pub mod hygiene;
pub mod place;
