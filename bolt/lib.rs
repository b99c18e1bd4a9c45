//! Bolt, every version of it, generated from one specification.

pub mod backend;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "conform")]
pub mod conform;
pub mod generated;
#[cfg(feature = "server")]
pub mod server;
pub mod session;
#[cfg(any(feature = "client", feature = "server"))]
pub mod transport;
pub mod wire;
