//! One connection's protocol life on the server's side, as data in and data out: no I/O, no clock, no task.
//!
//! An [`Inbox`] takes the bytes that come in and gives back whole messages. A [`Session`] is handed one message at a time; it answers by
//! itself into its output, or gives back [`Work`] for the backend and is then told what came of it.

mod authentication;
mod commands;
mod inbox;
mod machine;
mod metadata;
mod results;
#[allow(clippy::module_inception, reason = "it is the session itself; what it is made of stands beside it")]
mod session;
#[cfg(test)]
mod tests;
mod transaction;
mod work;

pub use authentication::{Credentials, Identity};
pub use inbox::Inbox;
pub use machine::{Machine, Served, Step};
pub use session::{Session, SessionConfig};
pub use work::{Finished, Opening, RouteRequest, Work};
