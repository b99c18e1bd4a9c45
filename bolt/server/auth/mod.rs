//! Who may come in.

mod basic;
mod rate;
mod users;

use std::pin::Pin;

pub use basic::Basic;
pub use users::{UserName, Users, UsersError};

use crate::session::{Credentials, Identity};
use crate::wire::Failure;

/// What an authenticator comes to, as soon as it knows.
pub type Verdict<'a> = Pin<Box<dyn Future<Output = Result<Identity, Failure>> + Send + 'a>>;

/// Decides who may come in.
pub trait Authenticator: Send + Sync + 'static {
    /// Whether the credentials are right. A failure is sent to the client, and the connection is closed.
    fn authenticate<'a>(&'a self, credentials: &'a Credentials<'_>) -> Verdict<'a>;

    /// Whether everybody is let in, so that only this machine may come.
    fn is_open(&self) -> bool {
        false
    }
}

/// Lets everybody in, under the name they give.
#[derive(Clone, Copy, Debug, Default)]
pub struct Open;

/// The name of a user who gives none.
const NAMELESS: &str = "neo4j";

impl Authenticator for Open {
    fn authenticate<'a>(&'a self, credentials: &'a Credentials<'_>) -> Verdict<'a> {
        let user = credentials.principal().filter(|name| !name.is_empty()).unwrap_or(NAMELESS).to_owned();
        Box::pin(async move { Ok(Identity { user, credentials_expired: false }) })
    }

    fn is_open(&self) -> bool {
        true
    }
}
