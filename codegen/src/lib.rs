//! Turns the specification of Bolt under `spec/` into Rust.
