//! PackStream: a reader that borrows from the message, and a writer that encodes straight into the output buffer.

mod dictionary;
mod error;
pub(crate) mod owned;
#[cfg(test)]
mod properties;
mod reader;
#[cfg(test)]
pub(crate) mod strategies;
#[cfg(test)]
mod tests;
mod tree;
mod writer;

use crate::generated::{Version, marker};

pub use dictionary::{Dictionary, IntoIter, Iter};
pub use error::{DecodeError, DecodeErrorKind, EncodeError, Malformed, Place};
pub use reader::{Origin, Reader};
pub use writer::{Mark, Writer};

/// How deep values may nest unless the reader is told otherwise. A thread with a stack of 2 MiB holds it, also unoptimised.
pub const NESTING_CAP: u16 = 1000;

/// How deep structures may nest inside each other. They take more of the stack than lists do, and nothing real nests them more
/// than three deep: a path in a list, its nodes, their properties.
const STRUCTURE_CAP: u16 = 32;

/// Up to this many keys, comparing each with each is faster than hashing them.
const FEW_KEYS: usize = 16;

/// The most that fits into the low nibble of a marker.
const TINY_MAX: u8 = 0x0F;
const STRING_TINY_LAST: u8 = marker::STRING_TINY | TINY_MAX;
const LIST_TINY_LAST: u8 = marker::LIST_TINY | TINY_MAX;
const DICTIONARY_TINY_LAST: u8 = marker::DICTIONARY_TINY | TINY_MAX;
const STRUCTURE_TINY_LAST: u8 = marker::STRUCTURE_TINY | TINY_MAX;

/// The smallest integer that is its own marker.
const INTEGER_TINY_MIN: i8 = -16;

/// Structures whose number of fields follows the marker, of early drafts.
const LONG_STRUCTURES: [u8; 2] = [0xDC, 0xDD];

/// The PackStream that has UUIDs.
const UUID_PACKSTREAM: u8 = 2;

/// The first version that speaks a given PackStream.
fn first_with_packstream(packstream: u8) -> Version {
    let newest = Version::ALL[Version::ALL.len() - 1];
    Version::ALL.iter().copied().find(|version| version.packstream() >= packstream).unwrap_or(newest)
}
