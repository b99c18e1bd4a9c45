//! Bolt, every version of it, generated from one specification.

pub mod conform;
pub mod generated;
pub mod wire;
