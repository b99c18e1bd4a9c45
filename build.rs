//! Generates the protocol from `spec/`.

fn main() {}
