//! What is wrong with bytes that came in, or with a value that should go out.

use std::fmt;
use std::ops::Deref;

use thiserror::Error;

use super::{DICTIONARY_TINY_LAST, INTEGER_TINY_MIN, LIST_TINY_LAST, LONG_STRUCTURES, STRING_TINY_LAST, STRUCTURE_TINY_LAST};
use crate::generated::{Version, marker};

/// Why bytes are not the value that was expected there.
///
/// It is one pointer, so that reading what is right does not pay for what could be wrong.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(transparent)]
pub struct DecodeError(Box<Malformed>);

impl DecodeError {
    /// An error at an offset, in no field yet.
    #[cold]
    #[must_use]
    pub fn new(offset: usize, kind: DecodeErrorKind) -> Self {
        Self(Box::new(Malformed { place: None, offset, kind }))
    }

    /// Names the field that was being read, unless one further in is named already.
    #[cold]
    #[must_use]
    pub fn in_field(mut self, owner: &'static str, field: &'static str) -> Self {
        self.0.place.get_or_insert(Place { owner, field });
        self
    }

    /// Whether the message ended before its value did, which no longer tells what the next bytes mean.
    #[must_use]
    pub fn ends_early(&self) -> bool {
        matches!(self.kind, DecodeErrorKind::UnexpectedEnd { .. })
    }
}

impl Deref for DecodeError {
    type Target = Malformed;

    fn deref(&self) -> &Malformed {
        &self.0
    }
}

/// What is wrong, and where.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{}byte {offset}: {kind}", Prefix(*place))]
pub struct Malformed {
    /// The field that was being read, when it is known.
    pub place: Option<Place>,
    /// Where in the message, counted from 0.
    pub offset: usize,
    /// What is wrong.
    pub kind: DecodeErrorKind,
}

/// A field of a message, of a structure or of a dictionary.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// The message, structure or dictionary.
    pub owner: &'static str,
    /// Its field or entry.
    pub field: &'static str,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.owner, self.field)
    }
}

/// What is wrong with the bytes.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The message ends inside a value.
    #[error("the value goes on for {needed} more bytes, but the message has only {remaining} left")]
    UnexpectedEnd {
        /// Bytes that the value takes at least.
        needed: usize,
        /// Bytes that are left.
        remaining: usize,
    },

    /// A value of another type.
    #[error("expected {expected}, got {} ({got:02X})", type_of(*got).unwrap_or("a reserved marker"))]
    UnexpectedMarker {
        /// What may stand here, with its article.
        expected: &'static str,
        /// The marker that stands here.
        got: u8,
    },

    /// A byte that starts no value.
    #[error("{got:02X} starts no value{}", reserved_note(*got))]
    ReservedMarker {
        /// The byte.
        got: u8,
    },

    /// A type that only a later PackStream has.
    #[error("a {name} needs PackStream {}, which starts at Bolt {since}; this connection speaks Bolt {version}", since.packstream())]
    NotInPackStream {
        /// The type.
        name: &'static str,
        /// The version of this connection.
        version: Version,
        /// The version that brought it.
        since: Version,
    },

    /// Text that is not text.
    #[error("the string is not valid UTF-8")]
    InvalidUtf8,

    /// Lists, dictionaries and structures inside each other without end.
    #[error("values are nested deeper than {cap} levels")]
    TooDeep {
        /// The depth that is read.
        cap: u16,
    },

    /// One key twice in a dictionary.
    #[error("the key '{key}' comes twice in a dictionary")]
    DuplicateKey {
        /// The key.
        key: String,
    },

    /// A dictionary's key that is null.
    #[error("a dictionary's key is null; keys are strings")]
    NullKey,

    /// A structure or message with too few or too many fields.
    #[error("{structure}: expected {expected} fields, got {got}")]
    FieldCount {
        /// The structure or message.
        structure: &'static str,
        /// How many it has in this version.
        expected: usize,
        /// How many there are.
        got: usize,
    },

    /// A tag that names nothing in any version.
    #[error("nothing has the tag {tag:02X} in Bolt {version}")]
    UnknownTag {
        /// The tag.
        tag: u8,
        /// The version of this connection.
        version: Version,
    },

    /// Something that other versions have.
    #[error("Bolt {version} has no {name}")]
    NotInVersion {
        /// What it is.
        name: &'static str,
        /// The version of this connection.
        version: Version,
    },

    /// Something that only the other side may send.
    #[error("{name} may not come from this side")]
    NotFrom {
        /// What it is.
        name: &'static str,
    },

    /// An entry that has to be there.
    #[error("the entry is required, but is missing")]
    Missing,

    /// A value of the right type, but none that is allowed here.
    #[error("expected {expected}, got {got}")]
    InvalidValue {
        /// What is allowed.
        expected: &'static str,
        /// What came.
        got: String,
    },

    /// A time zone that the database of time zones does not know.
    #[error("no time zone is named '{id}'; names are spelled as in Europe/Stockholm, or offsets such as +01:00")]
    UnknownTimeZone {
        /// The name that came.
        id: String,
    },

    /// A number outside of what it stands for.
    #[error("{value} is out of range for {what}")]
    OutOfRange {
        /// What it stands for, with its article.
        what: &'static str,
        /// The number.
        value: i64,
    },

    /// Bytes behind the end of the message.
    #[error("{count} bytes are left over behind the end of the message")]
    TrailingBytes {
        /// How many.
        count: usize,
    },
}

/// Why a value cannot be written.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum EncodeError {
    /// A value that the connection's version cannot carry.
    #[error("Bolt {version} cannot carry a {name}")]
    NotInVersion {
        /// The type of the value.
        name: &'static str,
        /// The version of the connection.
        version: Version,
    },

    /// More than a length of 32 bits can count.
    #[error("{what} of {length} does not fit: the most is {}", u32::MAX)]
    TooLong {
        /// What is too long, with its article.
        what: &'static str,
        /// How long it is, in bytes or items.
        length: usize,
    },

    /// More fields than a structure's marker can count.
    #[error("a structure of {got} fields does not fit: the most is 15")]
    TooManyFields {
        /// How many.
        got: usize,
    },

    /// Lists, dictionaries and structures inside each other without end.
    #[error("values are nested deeper than {cap} levels")]
    TooDeep {
        /// The depth that is written.
        cap: u16,
    },

    /// A time zone that the database of time zones does not know.
    #[error("no time zone is named '{id}', so its local clock is not known; versions before 5.0 need it")]
    UnknownTimeZone {
        /// The name.
        id: String,
    },

    /// A number outside of what it stands for.
    #[error("{value} is out of range for {what}")]
    OutOfRange {
        /// What it stands for, with its article.
        what: &'static str,
        /// The number.
        value: i64,
    },

    /// A field that this version needs and that is not set.
    #[error("{owner}.{field} has to be set in Bolt {version}")]
    Missing {
        /// The message, structure or dictionary.
        owner: &'static str,
        /// Its field or entry.
        field: &'static str,
        /// The version of the connection.
        version: Version,
    },
}

struct Prefix(Option<Place>);

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(place) => write!(f, "{place}, "),
            None => Ok(()),
        }
    }
}

/// The type of the value that a marker starts, with its article; none for a reserved marker.
pub(super) fn type_of(marker: u8) -> Option<&'static str> {
    Some(match marker {
        marker::STRING_TINY..=STRING_TINY_LAST | marker::STRING_8 | marker::STRING_16 | marker::STRING_32 => "a string",
        marker::LIST_TINY..=LIST_TINY_LAST | marker::LIST_8 | marker::LIST_16 | marker::LIST_32 => "a list",
        marker::DICTIONARY_TINY..=DICTIONARY_TINY_LAST | marker::DICTIONARY_8 | marker::DICTIONARY_16 | marker::DICTIONARY_32 => {
            "a dictionary"
        }
        marker::STRUCTURE_TINY..=STRUCTURE_TINY_LAST => "a structure",
        marker::NULL => "null",
        marker::FALSE | marker::TRUE => "a boolean",
        marker::FLOAT => "a float",
        marker::BYTES_8 | marker::BYTES_16 | marker::BYTES_32 => "bytes",
        marker::UUID => "a UUID",
        marker::INTEGER_8 | marker::INTEGER_16 | marker::INTEGER_32 | marker::INTEGER_64 => "an integer",
        tiny if tiny.cast_signed() >= INTEGER_TINY_MIN => "an integer",
        _ => return None,
    })
}

fn reserved_note(marker: u8) -> &'static str {
    if LONG_STRUCTURES.contains(&marker) {
        ": a structure has at most 15 fields, and its marker is B0 to BF"
    } else {
        ": the marker is reserved"
    }
}
