//! Bolt, every version of it, generated from one specification.

pub mod backend;
pub mod generated;
pub mod session;
pub mod wire;
