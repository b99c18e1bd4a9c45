//! What can go wrong between a client and its server.

use std::io;

use thiserror::Error;

use crate::wire::chunk::ChunkError;
use crate::wire::handshake::HandshakeError;
use crate::wire::packstream::{DecodeError, EncodeError};

/// Why a client got no answer that it can use. But for [`Failed`](Self::Failed) and [`Unsendable`](Self::Unsendable), the connection
/// is of no more use.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// There is nobody at the address.
    #[error("cannot connect to {address}: {source}; is the server running, and is this its address?")]
    Connect {
        /// The address.
        address: String,
        /// Why.
        source: io::Error,
    },

    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(#[from] io::Error),

    /// No version was agreed on.
    #[error(transparent)]
    Handshake(#[from] HandshakeError),

    /// A message is larger than it may be.
    #[error("the server sent {0}; ask for less at once, or allow larger messages")]
    TooLarge(#[from] ChunkError),

    /// A request that the version cannot say. Nothing of it was sent.
    #[error("the request cannot be sent: {0}")]
    Unsendable(#[from] EncodeError),

    /// An answer that is none.
    #[error("the answer to {request} cannot be read: {source}")]
    Malformed {
        /// The request that was answered.
        request: &'static str,
        /// What is wrong with it.
        source: DecodeError,
    },

    /// The server closed the connection where an answer was due.
    #[error("the server closed the connection instead of answering {request}")]
    Closed {
        /// The request that should have been answered.
        request: &'static str,
    },

    /// An answer was waited for, or came, and no request is open.
    #[error("no request is open that could be answered: send one first")]
    NothingAsked,

    /// The server refused the request.
    #[error("{request} failed with {code}: {message}")]
    Failed {
        /// The request.
        request: &'static str,
        /// The code.
        code: String,
        /// What the server says of it.
        message: String,
    },

    /// The server answered with something that this request is not answered with.
    #[error("expected SUCCESS or FAILURE in answer to {request}, got {got}")]
    Unexpected {
        /// The request.
        request: &'static str,
        /// What came.
        got: &'static str,
    },
}
