//! What a client says of who its user is, and what that came to.

use std::borrow::Cow;

use crate::generated::Value;
use crate::wire::packstream::Dictionary;

/// What a client logs on with. Nothing in it is known to be right, or even to be of the right type.
#[derive(Clone)]
pub struct Credentials<'f>(Dictionary<'f>);

impl<'f> Credentials<'f> {
    /// Credentials as the client sent them.
    #[must_use]
    pub const fn new(token: Dictionary<'f>) -> Self {
        Self(token)
    }

    /// How the client wants to be known: `basic`, `none`.
    #[must_use]
    pub fn scheme(&self) -> Option<&str> {
        self.text("scheme")
    }

    /// The user's name.
    #[must_use]
    pub fn principal(&self) -> Option<&str> {
        self.text("principal")
    }

    /// The password, or what the scheme has in its place. Text and bytes are the same here.
    #[must_use]
    pub fn secret(&self) -> Option<&[u8]> {
        match self.0.get("credentials")? {
            Value::String(secret) => Some(secret.as_bytes()),
            Value::Bytes(secret) => Some(secret),
            _ => None,
        }
    }

    /// All that was sent.
    #[must_use]
    pub const fn token(&self) -> &Dictionary<'f> {
        &self.0
    }

    fn text(&self, key: &str) -> Option<&str> {
        match self.0.get(key)? {
            Value::String(text) => Some(Cow::as_ref(text)),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Credentials<'_> {
    /// Leaves the secret out: this ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("scheme", &self.scheme()).field("principal", &self.principal()).finish_non_exhaustive()
    }
}

/// A user who is known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// The user's name.
    pub user: String,
    /// The password is right, but has to be changed.
    pub credentials_expired: bool,
}
