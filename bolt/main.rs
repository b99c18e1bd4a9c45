//! The `boltwright` command.

fn main() {}
