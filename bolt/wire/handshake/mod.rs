//! The handshake that settles a version, from the server's side and from the client's.
//!
//! A client sends a magic number and four proposals; the server answers with a version, with zeros, or with the manifest of all
//! that it speaks, of which the client then chooses.

mod client;
mod error;
mod proposal;
mod server;
mod varint;

use crate::generated::{Version, handshake};

pub use client::ClientHandshake;
pub use error::HandshakeError;
pub use proposal::{Proposal, Proposals};
pub use server::ServerHandshake;

/// What a handshake settled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Agreed {
    /// The version that both sides speak from now on.
    pub version: Version,
    /// Whether it was chosen from the server's manifest.
    pub manifest: bool,
    /// What both sides agreed on beside the version.
    pub capabilities: Capabilities,
}

/// A set of capabilities, one bit each, as the manifest offers them.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Capabilities(u64);

impl Capabilities {
    /// No capability.
    pub const NONE: Self = Self(0);

    /// The capabilities whose bits are set.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The bits of the capabilities.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether all of the other set are in this one.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// The capabilities that are in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// How many bytes each part of the handshake takes but the manifest.
const WORD: usize = 4;

/// All that a client sends at first: the magic number and its proposals.
const OPENING: usize = WORD + handshake::PROPOSALS * WORD;

/// The version that a word names, when it names one and no range.
fn version_of([reserved, range, minor, major]: [u8; WORD]) -> Option<Version> {
    if reserved != 0 || range != 0 {
        return None;
    }
    Version::ALL.iter().copied().find(|version| (version.major(), version.minor()) == (major, minor))
}

fn word_of(version: Version) -> [u8; WORD] {
    [0, 0, version.minor(), version.major()]
}

#[cfg(test)]
mod tests;
