//! Why a handshake settled nothing.

use std::fmt;

use thiserror::Error;

use super::{Capabilities, Proposal, Proposals};

/// Why a handshake settled nothing. The connection ends with it, and what is in the output goes out first.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum HandshakeError {
    /// The server speaks nothing of what the client proposed. A server has answered so in its output.
    #[error("no version in common: the client proposed {proposals}")]
    NoCommonVersion {
        /// What the client proposed.
        proposals: Proposals,
    },

    /// The manifest of the server has no version that the client would speak.
    #[error("no version in common: the server offers {}", list(ranges))]
    NothingInManifest {
        /// What the server offers.
        ranges: Vec<Proposal>,
    },

    /// The first bytes are none of Bolt's.
    #[error("not Bolt: expected 60 60 B0 17, got {}", hex(first))]
    NotBolt {
        /// The bytes that came.
        first: Vec<u8>,
    },

    /// An HTTP request, or the answer of an HTTP server. The input still holds it.
    #[error("HTTP on a Bolt port: check the scheme and the port of the address")]
    Http,

    /// A TLS handshake. The input still holds it.
    #[error("TLS on a connection without it: check the scheme of the address, bolt:// is without TLS and bolt+s:// with it")]
    Tls,

    /// The client chose what the manifest did not offer.
    #[error("the client chose {choice}, which the manifest did not offer")]
    BadChoice {
        /// What it chose.
        choice: Proposal,
    },

    /// The client chose capabilities that the manifest did not offer.
    #[error("the client chose the capabilities {:b}, offered were {:b}", chosen.bits(), offered.bits())]
    BadCapabilities {
        /// What it chose.
        chosen: Capabilities,
        /// What was offered.
        offered: Capabilities,
    },

    /// The server answered what the client had not proposed.
    #[error("the server answered {answer}, which was not proposed")]
    BadAnswer {
        /// What it answered.
        answer: Proposal,
    },

    /// The server's manifest lists more than there can be.
    #[error("the server's manifest lists {count} ranges of versions")]
    ManifestTooLong {
        /// How many ranges it lists.
        count: u64,
    },

    /// A variable-length integer of more than 64 bits or 10 bytes.
    #[error("a variable-length integer of more than 64 bits")]
    BadVarint,
}

fn hex(bytes: &[u8]) -> impl fmt::Display {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}

fn list(ranges: &[Proposal]) -> impl fmt::Display {
    ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
