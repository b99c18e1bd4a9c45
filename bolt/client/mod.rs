//! The client's side of a connection: what a gateway, a load generator and the conformance kit stand on.
//!
//! [`Connection`] is typed by the generated messages and blind to versions: requests are written, and answers read, as the newest version
//! has them, and the generated code says it in the version that was agreed on. [`Raw`] below it sends any bytes and any message.

mod connection;
mod error;
mod raw;
mod reply;

pub use connection::{Connection, Login};
pub use error::ClientError;
pub use raw::Raw;
pub use reply::{Reply, Row};
