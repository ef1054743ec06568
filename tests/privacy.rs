//! Privacy.
fn main() {}
