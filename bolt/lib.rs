//! Bolt, every version of it, generated from one specification.

pub mod backend;
pub mod conform;
pub mod generated;
#[cfg(feature = "server")]
pub mod server;
pub mod session;
pub mod wire;
