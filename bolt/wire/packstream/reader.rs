//! Reads PackStream out of one whole message, borrowing what it can.

use std::borrow::Cow;

use ascii::AsciiStr;

use super::{
    DICTIONARY_TINY_LAST, DecodeError, DecodeErrorKind, Dictionary, INTEGER_TINY_MIN, LIST_TINY_LAST, NESTING_CAP, STRING_TINY_LAST,
    STRUCTURE_CAP, STRUCTURE_TINY_LAST, TINY_MAX, UUID_PACKSTREAM, error::type_of, first_with_packstream,
};
use crate::generated::{Dialect, Value, marker};

/// Who sent the bytes: some structures may come from one side only.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Origin {
    /// Requests, and the values in them.
    Client,
    /// Responses, and the values in them.
    Server,
}

/// Reads the values of one message, from its first byte to its last.
///
/// Each method that is named after a type reads one value of it, and fails without moving on when another type stands there.
/// A declared length is checked against the bytes that remain before anything is reserved for it.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    length: usize,
    dialect: Dialect,
    origin: Origin,
    nesting_cap: u16,
    nesting: u16,
    structures: u16,
}

impl<'a> Reader<'a> {
    /// A reader at the first byte of a message.
    #[must_use]
    pub const fn new(bytes: &'a [u8], dialect: Dialect, origin: Origin) -> Self {
        Self { rest: bytes, length: bytes.len(), dialect, origin, nesting_cap: NESTING_CAP, nesting: 0, structures: 0 }
    }

    /// Sets how deep values may nest.
    #[must_use]
    pub const fn with_nesting_cap(mut self, cap: u16) -> Self {
        self.nesting_cap = cap;
        self
    }

    /// The dialect that the bytes are read in.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Who sent the bytes.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// How many bytes are read.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.length - self.rest.len()
    }

    /// How many bytes are left.
    #[must_use]
    pub const fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// The marker of the next value, which stays unread.
    ///
    /// # Errors
    /// When the message is at its end.
    #[inline]
    pub fn marker(&self) -> Result<u8, DecodeError> {
        match self.rest.first() {
            Some(&byte) => Ok(byte),
            None => Err(self.ends_early(1)),
        }
    }

    /// An error at the current offset.
    #[cold]
    #[must_use]
    pub fn error(&self, kind: DecodeErrorKind) -> DecodeError {
        DecodeError::new(self.offset(), kind)
    }

    /// The error that something else stands where `expected`, such as "a string or null", should.
    #[cold]
    #[must_use]
    pub fn unexpected(&self, expected: &'static str) -> DecodeError {
        match self.marker() {
            Ok(got) => self.error(self.mismatch(expected, got)),
            Err(error) => error,
        }
    }

    /// Reads a null if one is next, and says whether it did.
    ///
    /// # Errors
    /// When the message is at its end.
    #[inline]
    pub fn null(&mut self) -> Result<bool, DecodeError> {
        let (marker, rest) = self.next()?;
        let null = marker == marker::NULL;
        if null {
            self.rest = rest;
        }
        Ok(null)
    }

    /// Reads a boolean.
    ///
    /// # Errors
    /// When something else stands there.
    #[inline]
    pub fn boolean(&mut self) -> Result<bool, DecodeError> {
        let (marker, rest) = self.next()?;
        let value = match marker {
            marker::FALSE => false,
            marker::TRUE => true,
            _ => return Err(self.unexpected("a boolean")),
        };
        self.rest = rest;
        Ok(value)
    }

    /// Reads an integer of any width.
    ///
    /// # Errors
    /// When something else stands there, or the message ends in it.
    #[inline]
    pub fn integer(&mut self) -> Result<i64, DecodeError> {
        let (marker, rest) = self.next()?;
        match marker {
            tiny if tiny.cast_signed() >= INTEGER_TINY_MIN => {
                self.rest = rest;
                Ok(i64::from(tiny.cast_signed()))
            }
            marker::INTEGER_8 => Ok(i64::from(i8::from_be_bytes(self.array(rest)?))),
            marker::INTEGER_16 => Ok(i64::from(i16::from_be_bytes(self.array(rest)?))),
            marker::INTEGER_32 => Ok(i64::from(i32::from_be_bytes(self.array(rest)?))),
            marker::INTEGER_64 => Ok(i64::from_be_bytes(self.array(rest)?)),
            _ => Err(self.unexpected("an integer")),
        }
    }

    /// Reads a float.
    ///
    /// # Errors
    /// When something else stands there, or the message ends in it.
    #[inline]
    pub fn float(&mut self) -> Result<f64, DecodeError> {
        match self.next()? {
            (marker::FLOAT, rest) => Ok(f64::from_be_bytes(self.array(rest)?)),
            _ => Err(self.unexpected("a float")),
        }
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// When something else stands there, or the message ends in them.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let (marker, rest) = self.next()?;
        let length = match marker {
            marker::BYTES_8 => self.length_8(rest)?,
            marker::BYTES_16 => self.length_16(rest)?,
            marker::BYTES_32 => self.length_32(rest)?,
            _ => return Err(self.unexpected("bytes")),
        };
        self.take(length)
    }

    /// Reads a string.
    ///
    /// # Errors
    /// When something else stands there, the message ends in it, or it is not valid UTF-8.
    #[inline]
    pub fn string(&mut self) -> Result<&'a str, DecodeError> {
        let (marker, rest) = self.next()?;
        let length = match marker {
            tiny @ marker::STRING_TINY..=STRING_TINY_LAST => self.tiny_length(tiny, rest),
            marker::STRING_8 => self.length_8(rest)?,
            marker::STRING_16 => self.length_16(rest)?,
            marker::STRING_32 => self.length_32(rest)?,
            _ => return Err(self.unexpected("a string")),
        };
        self.text(length)
    }

    /// Reads a UUID, which is a value from PackStream 2 on.
    ///
    /// # Errors
    /// When something else stands there, the message ends in it, or the version has no UUID.
    #[inline]
    pub fn uuid(&mut self) -> Result<[u8; 16], DecodeError> {
        match self.next()? {
            (marker::UUID, rest) if self.dialect.version.packstream() >= UUID_PACKSTREAM => self.array(rest),
            _ => Err(self.unexpected("a UUID")),
        }
    }

    /// Reads the start of a list: the number of values that follow.
    ///
    /// # Errors
    /// When something else stands there, or the message is too short for so many values.
    #[inline]
    pub fn list_header(&mut self) -> Result<usize, DecodeError> {
        let (marker, rest) = self.next()?;
        let length = match marker {
            tiny @ marker::LIST_TINY..=LIST_TINY_LAST => self.tiny_length(tiny, rest),
            marker::LIST_8 => self.length_8(rest)?,
            marker::LIST_16 => self.length_16(rest)?,
            marker::LIST_32 => self.length_32(rest)?,
            _ => return Err(self.unexpected("a list")),
        };
        self.holds(length)
    }

    /// Reads the start of a dictionary: the number of keys, each with a value, that follow.
    ///
    /// # Errors
    /// When something else stands there, or the message is too short for so many.
    #[inline]
    pub fn dictionary_header(&mut self) -> Result<usize, DecodeError> {
        let (marker, rest) = self.next()?;
        let length = match marker {
            tiny @ marker::DICTIONARY_TINY..=DICTIONARY_TINY_LAST => self.tiny_length(tiny, rest),
            marker::DICTIONARY_8 => self.length_8(rest)?,
            marker::DICTIONARY_16 => self.length_16(rest)?,
            marker::DICTIONARY_32 => self.length_32(rest)?,
            _ => return Err(self.unexpected("a dictionary")),
        };
        self.holds(length.saturating_mul(2)).map(|_| length)
    }

    /// Reads the start of a structure: the number of fields that follow, and its tag.
    ///
    /// # Errors
    /// When something else stands there, or the message is too short for so many fields.
    #[inline]
    pub fn structure_header(&mut self) -> Result<(usize, u8), DecodeError> {
        let (marker, rest) = self.next()?;
        let fields = match marker {
            tiny @ marker::STRUCTURE_TINY..=STRUCTURE_TINY_LAST => self.tiny_length(tiny, rest),
            _ => return Err(self.unexpected("a structure")),
        };
        let (tag, rest) = self.next()?;
        self.rest = rest;
        self.holds(fields).map(|fields| (fields, tag))
    }

    /// Reads the key of a dictionary's next entry.
    ///
    /// # Errors
    /// When it is no string.
    #[inline]
    pub fn key(&mut self) -> Result<&'a str, DecodeError> {
        if self.marker()? == marker::NULL {
            return Err(self.error(DecodeErrorKind::NullKey));
        }
        self.string()
    }

    /// Reads a value of any type.
    ///
    /// # Errors
    /// When the bytes are no value that this version knows and this side may send.
    #[inline]
    pub fn value(&mut self) -> Result<Value<'a>, DecodeError> {
        match self.leaf()? {
            Some(value) => Ok(value),
            None => self.tree(),
        }
    }

    /// Reads a list of values of any type.
    ///
    /// # Errors
    /// When something else stands there, or one of its values is wrong.
    pub fn list(&mut self) -> Result<Vec<Value<'a>>, DecodeError> {
        if is_list(self.marker()?)
            && let Value::List(values) = self.tree()?
        {
            return Ok(values);
        }
        Err(self.unexpected("a list"))
    }

    /// Reads a dictionary with values of any type.
    ///
    /// # Errors
    /// When something else stands there, one of its values is wrong, or a key comes twice.
    pub fn dictionary(&mut self) -> Result<Dictionary<'a>, DecodeError> {
        if is_dictionary(self.marker()?)
            && let Value::Dictionary(dictionary) = self.tree()?
        {
            return Ok(dictionary);
        }
        Err(self.unexpected("a dictionary"))
    }

    /// Skips one value without looking into it: its markers and lengths have to fit, its text is not read.
    ///
    /// # Errors
    /// When a marker is reserved, or the message ends in the value.
    pub fn skip(&mut self) -> Result<(), DecodeError> {
        // Values inside values are added to those still to skip, so that depth costs nothing.
        let mut values: usize = 1;
        while values > 0 {
            values -= 1;
            let (marker, rest) = self.next()?;
            let bytes = match marker {
                list if is_list(list) => {
                    values += self.list_header()?;
                    continue;
                }
                dictionary if is_dictionary(dictionary) => {
                    values += 2 * self.dictionary_header()?;
                    continue;
                }
                marker::STRUCTURE_TINY..=STRUCTURE_TINY_LAST => {
                    values += self.structure_header()?.0;
                    continue;
                }
                tiny @ marker::STRING_TINY..=STRING_TINY_LAST => self.tiny_length(tiny, rest),
                marker::STRING_8 | marker::BYTES_8 => self.length_8(rest)?,
                marker::STRING_16 | marker::BYTES_16 => self.length_16(rest)?,
                marker::STRING_32 | marker::BYTES_32 => self.length_32(rest)?,
                _ => {
                    self.leaf()?;
                    continue;
                }
            };
            self.take(bytes)?;
        }
        Ok(())
    }

    /// Ends the message.
    ///
    /// # Errors
    /// When bytes are left over.
    pub fn finish(&self) -> Result<(), DecodeError> {
        match self.rest.len() {
            0 => Ok(()),
            count => Err(self.error(DecodeErrorKind::TrailingBytes { count })),
        }
    }

    /// Reads one level deeper.
    ///
    /// # Errors
    /// When that is deeper than the cap, or reading fails.
    pub fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, DecodeError>) -> Result<T, DecodeError> {
        self.enter()?;
        let value = read(self)?;
        self.leave();
        Ok(value)
    }

    /// Counts one level more; [`leave`](Self::leave) ends it. After an error a reader is of no more use, so none needs to be left.
    ///
    /// # Errors
    /// When that is deeper than the cap.
    #[inline]
    pub fn enter(&mut self) -> Result<(), DecodeError> {
        if self.nesting >= self.nesting_cap {
            return Err(self.error(DecodeErrorKind::TooDeep { cap: self.nesting_cap }));
        }
        self.nesting += 1;
        Ok(())
    }

    /// Ends the level that [`enter`](Self::enter) began.
    #[inline]
    pub fn leave(&mut self) {
        self.nesting = self.nesting.saturating_sub(1);
    }

    /// Reads a value unless it is a list or a dictionary.
    #[inline]
    pub(super) fn leaf(&mut self) -> Result<Option<Value<'a>>, DecodeError> {
        let (marker, rest) = self.next()?;
        Ok(Some(match marker {
            tiny if tiny.cast_signed() >= INTEGER_TINY_MIN => {
                self.rest = rest;
                Value::Integer(i64::from(tiny.cast_signed()))
            }
            tiny @ marker::STRING_TINY..=STRING_TINY_LAST => {
                let length = self.tiny_length(tiny, rest);
                Value::String(Cow::Borrowed(self.text(length)?))
            }
            marker::STRING_8 | marker::STRING_16 | marker::STRING_32 => Value::String(Cow::Borrowed(self.string()?)),
            marker::INTEGER_8 | marker::INTEGER_16 | marker::INTEGER_32 | marker::INTEGER_64 => Value::Integer(self.integer()?),
            marker::NULL => {
                self.rest = rest;
                Value::Null
            }
            marker::FALSE | marker::TRUE => Value::Boolean(self.boolean()?),
            marker::FLOAT => Value::Float(f64::from_be_bytes(self.array(rest)?)),
            marker::BYTES_8 | marker::BYTES_16 | marker::BYTES_32 => Value::Bytes(Cow::Borrowed(self.bytes()?)),
            marker::UUID => Value::Uuid(self.uuid()?),
            marker::STRUCTURE_TINY..=STRUCTURE_TINY_LAST => return self.structure_value().map(Some),
            marker if is_list(marker) || is_dictionary(marker) => return Ok(None),
            _ => return Err(self.unexpected("a value")),
        }))
    }

    fn structure_value(&mut self) -> Result<Value<'a>, DecodeError> {
        let offset = self.offset();
        let (fields, tag) = self.structure_header()?;
        self.enter()?;
        if self.structures >= STRUCTURE_CAP {
            return Err(DecodeError::new(offset, DecodeErrorKind::TooDeep { cap: STRUCTURE_CAP }));
        }
        self.structures += 1;
        let value = Value::decode_structure(self, tag, fields, offset)?;
        self.structures -= 1;
        self.leave();
        Ok(value)
    }

    #[inline]
    fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        match self.rest.split_at_checked(count) {
            Some((bytes, rest)) => {
                self.rest = rest;
                Ok(bytes)
            }
            None => Err(self.ends_early(count)),
        }
    }

    /// The next marker, which stays unread, and what is behind it.
    #[inline]
    fn next(&self) -> Result<(u8, &'a [u8]), DecodeError> {
        match self.rest {
            [marker, rest @ ..] => Ok((*marker, rest)),
            [] => Err(self.ends_early(1)),
        }
    }

    /// The bytes at the front of what is behind a marker, which is read with them.
    #[inline]
    fn array<const N: usize>(&mut self, behind: &'a [u8]) -> Result<[u8; N], DecodeError> {
        match behind.split_first_chunk() {
            Some((bytes, rest)) => {
                self.rest = rest;
                Ok(*bytes)
            }
            None => {
                self.rest = behind;
                Err(self.ends_early(N))
            }
        }
    }

    #[inline]
    fn tiny_length(&mut self, marker: u8, behind: &'a [u8]) -> usize {
        self.rest = behind;
        usize::from(marker & TINY_MAX)
    }

    #[inline]
    fn length_8(&mut self, behind: &'a [u8]) -> Result<usize, DecodeError> {
        Ok(usize::from(u8::from_be_bytes(self.array(behind)?)))
    }

    #[inline]
    fn length_16(&mut self, behind: &'a [u8]) -> Result<usize, DecodeError> {
        Ok(usize::from(u16::from_be_bytes(self.array(behind)?)))
    }

    #[inline]
    fn length_32(&mut self, behind: &'a [u8]) -> Result<usize, DecodeError> {
        // What does not fit a `usize` is more than any message holds.
        Ok(usize::try_from(u32::from_be_bytes(self.array(behind)?)).unwrap_or(usize::MAX))
    }

    #[inline]
    fn text(&mut self, length: usize) -> Result<&'a str, DecodeError> {
        let bytes = self.take(length)?;
        // Nearly all text is ASCII, which is told in a few instructions.
        match AsciiStr::from_ascii(bytes) {
            Ok(text) => Ok(text.as_str()),
            Err(_) => self.unicode(bytes),
        }
    }

    #[inline(never)]
    fn unicode(&self, bytes: &'a [u8]) -> Result<&'a str, DecodeError> {
        std::str::from_utf8(bytes).map_err(|error| {
            let offset = self.offset() - bytes.len() + error.valid_up_to();
            DecodeError::new(offset, DecodeErrorKind::InvalidUtf8)
        })
    }

    /// Checks that `count` values, of a byte each at least, can follow.
    #[inline]
    fn holds(&self, count: usize) -> Result<usize, DecodeError> {
        if count > self.rest.len() { Err(self.ends_early(count)) } else { Ok(count) }
    }

    #[cold]
    fn ends_early(&self, needed: usize) -> DecodeError {
        self.error(DecodeErrorKind::UnexpectedEnd { needed, remaining: self.rest.len() })
    }

    fn mismatch(&self, expected: &'static str, got: u8) -> DecodeErrorKind {
        let version = self.dialect.version;
        match got {
            marker::UUID if version.packstream() < UUID_PACKSTREAM => {
                DecodeErrorKind::NotInPackStream { name: "UUID", version, since: first_with_packstream(UUID_PACKSTREAM) }
            }
            got if type_of(got).is_none() => DecodeErrorKind::ReservedMarker { got },
            got => DecodeErrorKind::UnexpectedMarker { expected, got },
        }
    }
}

#[inline]
pub(super) const fn is_list(marker: u8) -> bool {
    matches!(marker, marker::LIST_TINY..=LIST_TINY_LAST | marker::LIST_8 | marker::LIST_16 | marker::LIST_32)
}

#[inline]
const fn is_dictionary(marker: u8) -> bool {
    matches!(marker, marker::DICTIONARY_TINY..=DICTIONARY_TINY_LAST | marker::DICTIONARY_8 | marker::DICTIONARY_16 | marker::DICTIONARY_32)
}
