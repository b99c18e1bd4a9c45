//! Reads PackStream out of one whole message, borrowing what it can.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{
    DICTIONARY_TINY_LAST, DecodeError, DecodeErrorKind, Dictionary, FEW_KEYS, INTEGER_TINY_MIN, LIST_TINY_LAST, NESTING_CAP,
    STRING_TINY_LAST, STRUCTURE_CAP, STRUCTURE_TINY_LAST, TINY_MAX, UUID_PACKSTREAM, error::type_of, first_with_packstream,
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
        let null = self.marker()? == marker::NULL;
        if null {
            self.rest = &self.rest[1..];
        }
        Ok(null)
    }

    /// Reads a boolean.
    ///
    /// # Errors
    /// When something else stands there.
    #[inline]
    pub fn boolean(&mut self) -> Result<bool, DecodeError> {
        let value = match self.marker()? {
            marker::FALSE => false,
            marker::TRUE => true,
            _ => return Err(self.unexpected("a boolean")),
        };
        self.rest = &self.rest[1..];
        Ok(value)
    }

    /// Reads an integer of any width.
    ///
    /// # Errors
    /// When something else stands there, or the message ends in it.
    #[inline]
    pub fn integer(&mut self) -> Result<i64, DecodeError> {
        let marker = self.marker()?;
        let tiny = marker.cast_signed();
        if tiny >= INTEGER_TINY_MIN {
            self.rest = &self.rest[1..];
            return Ok(i64::from(tiny));
        }
        match marker {
            marker::INTEGER_8 => Ok(i64::from(i8::from_be_bytes(self.behind_marker()?))),
            marker::INTEGER_16 => Ok(i64::from(i16::from_be_bytes(self.behind_marker()?))),
            marker::INTEGER_32 => Ok(i64::from(i32::from_be_bytes(self.behind_marker()?))),
            marker::INTEGER_64 => Ok(i64::from_be_bytes(self.behind_marker()?)),
            _ => Err(self.unexpected("an integer")),
        }
    }

    /// Reads a float.
    ///
    /// # Errors
    /// When something else stands there, or the message ends in it.
    #[inline]
    pub fn float(&mut self) -> Result<f64, DecodeError> {
        match self.marker()? {
            marker::FLOAT => Ok(f64::from_be_bytes(self.behind_marker()?)),
            _ => Err(self.unexpected("a float")),
        }
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// When something else stands there, or the message ends in them.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = match self.marker()? {
            marker::BYTES_8 => self.length_8()?,
            marker::BYTES_16 => self.length_16()?,
            marker::BYTES_32 => self.length_32()?,
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
        let length = match self.marker()? {
            byte @ marker::STRING_TINY..=STRING_TINY_LAST => self.tiny_length(byte),
            marker::STRING_8 => self.length_8()?,
            marker::STRING_16 => self.length_16()?,
            marker::STRING_32 => self.length_32()?,
            _ => return Err(self.unexpected("a string")),
        };
        let bytes = self.take(length)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(error) => {
                let offset = self.offset() - length + error.valid_up_to();
                Err(DecodeError::new(offset, DecodeErrorKind::InvalidUtf8))
            }
        }
    }

    /// Reads a UUID, which is a value from PackStream 2 on.
    ///
    /// # Errors
    /// When something else stands there, the message ends in it, or the version has no UUID.
    #[inline]
    pub fn uuid(&mut self) -> Result<[u8; 16], DecodeError> {
        match self.marker()? {
            marker::UUID if self.dialect.version.packstream() >= UUID_PACKSTREAM => self.behind_marker(),
            _ => Err(self.unexpected("a UUID")),
        }
    }

    /// Reads the start of a list: the number of values that follow.
    ///
    /// # Errors
    /// When something else stands there, or the message is too short for so many values.
    #[inline]
    pub fn list_header(&mut self) -> Result<usize, DecodeError> {
        let length = match self.marker()? {
            byte @ marker::LIST_TINY..=LIST_TINY_LAST => self.tiny_length(byte),
            marker::LIST_8 => self.length_8()?,
            marker::LIST_16 => self.length_16()?,
            marker::LIST_32 => self.length_32()?,
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
        let length = match self.marker()? {
            byte @ marker::DICTIONARY_TINY..=DICTIONARY_TINY_LAST => self.tiny_length(byte),
            marker::DICTIONARY_8 => self.length_8()?,
            marker::DICTIONARY_16 => self.length_16()?,
            marker::DICTIONARY_32 => self.length_32()?,
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
        let fields = match self.marker()? {
            byte @ marker::STRUCTURE_TINY..=STRUCTURE_TINY_LAST => self.tiny_length(byte),
            _ => return Err(self.unexpected("a structure")),
        };
        let tag = self.marker()?;
        self.rest = &self.rest[1..];
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
    pub fn value(&mut self) -> Result<Value<'a>, DecodeError> {
        // Only the arms for what holds other values are here: they recur, and unoptimised builds keep a place on the stack for
        // every arm there is.
        match self.marker()? {
            marker::LIST_TINY..=LIST_TINY_LAST | marker::LIST_8 | marker::LIST_16 | marker::LIST_32 => self.list_value(),
            marker::DICTIONARY_TINY..=DICTIONARY_TINY_LAST | marker::DICTIONARY_8 | marker::DICTIONARY_16 | marker::DICTIONARY_32 => {
                self.dictionary_value()
            }
            marker::STRUCTURE_TINY..=STRUCTURE_TINY_LAST => self.structure_value(),
            byte => self.scalar(byte),
        }
    }

    /// Reads a list of values of any type.
    ///
    /// # Errors
    /// When something else stands there, or one of its values is wrong.
    pub fn list(&mut self) -> Result<Vec<Value<'a>>, DecodeError> {
        let length = self.list_header()?;
        self.enter()?;
        let mut values = Vec::with_capacity(length.min(RESERVE_MAX));
        for _ in 0..length {
            values.push(self.value()?);
        }
        self.leave();
        Ok(values)
    }

    /// Reads a dictionary with values of any type.
    ///
    /// # Errors
    /// When something else stands there, one of its values is wrong, or a key comes twice.
    pub fn dictionary(&mut self) -> Result<Dictionary<'a>, DecodeError> {
        let length = self.dictionary_header()?;
        self.enter()?;
        let mut keys = Keys::new(length);
        let mut dictionary = Dictionary::with_capacity(length.min(RESERVE_MAX));
        for _ in 0..length {
            let key = self.unused_key(&mut keys, &dictionary)?;
            dictionary.push(Cow::Borrowed(key), self.value()?);
        }
        self.leave();
        Ok(dictionary)
    }

    /// Skips one value without looking into it: its markers and lengths have to fit, its text is not read.
    ///
    /// # Errors
    /// When a marker is reserved, or the message ends in the value.
    pub fn skip(&mut self) -> Result<(), DecodeError> {
        // Values inside values are added to those still to skip, so that depth costs nothing.
        let mut values: usize = 1;
        while values > 0 {
            let byte = self.marker()?;
            values -= 1;
            match byte {
                marker::LIST_TINY..=LIST_TINY_LAST | marker::LIST_8 | marker::LIST_16 | marker::LIST_32 => {
                    values += self.list_header()?;
                }
                marker::DICTIONARY_TINY..=DICTIONARY_TINY_LAST | marker::DICTIONARY_8 | marker::DICTIONARY_16 | marker::DICTIONARY_32 => {
                    values += 2 * self.dictionary_header()?
                }
                marker::STRUCTURE_TINY..=STRUCTURE_TINY_LAST => values += self.structure_header()?.0,
                byte @ marker::STRING_TINY..=STRING_TINY_LAST => {
                    let length = self.tiny_length(byte);
                    self.take(length)?;
                }
                marker::STRING_8 | marker::BYTES_8 => {
                    let length = self.length_8()?;
                    self.take(length)?;
                }
                marker::STRING_16 | marker::BYTES_16 => {
                    let length = self.length_16()?;
                    self.take(length)?;
                }
                marker::STRING_32 | marker::BYTES_32 => {
                    let length = self.length_32()?;
                    self.take(length)?;
                }
                byte => {
                    self.scalar(byte)?;
                }
            }
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

    fn list_value(&mut self) -> Result<Value<'a>, DecodeError> {
        Ok(Value::List(self.list()?))
    }

    fn dictionary_value(&mut self) -> Result<Value<'a>, DecodeError> {
        Ok(Value::Dictionary(self.dictionary()?))
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
    fn scalar(&mut self, byte: u8) -> Result<Value<'a>, DecodeError> {
        Ok(match byte {
            marker::STRING_TINY..=STRING_TINY_LAST | marker::STRING_8 | marker::STRING_16 | marker::STRING_32 => {
                Value::String(Cow::Borrowed(self.string()?))
            }
            marker::NULL => {
                self.rest = &self.rest[1..];
                Value::Null
            }
            marker::FALSE | marker::TRUE => Value::Boolean(self.boolean()?),
            marker::FLOAT => Value::Float(self.float()?),
            marker::BYTES_8 | marker::BYTES_16 | marker::BYTES_32 => Value::Bytes(Cow::Borrowed(self.bytes()?)),
            marker::UUID => Value::Uuid(self.uuid()?),
            marker::INTEGER_8 | marker::INTEGER_16 | marker::INTEGER_32 | marker::INTEGER_64 => Value::Integer(self.integer()?),
            byte if byte.cast_signed() >= INTEGER_TINY_MIN => Value::Integer(self.integer()?),
            _ => return Err(self.unexpected("a value")),
        })
    }

    fn unused_key(&mut self, keys: &mut Keys<'a>, dictionary: &Dictionary<'a>) -> Result<&'a str, DecodeError> {
        let offset = self.offset();
        let key = self.key()?;
        if keys.is_new(key, dictionary) {
            Ok(key)
        } else {
            Err(DecodeError::new(offset, DecodeErrorKind::DuplicateKey { key: key.to_owned() }))
        }
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

    /// The fixed number of bytes behind the marker that is next.
    #[inline]
    fn behind_marker<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        self.rest = &self.rest[1..];
        match self.rest.split_first_chunk() {
            Some((bytes, rest)) => {
                self.rest = rest;
                Ok(*bytes)
            }
            None => Err(self.ends_early(N)),
        }
    }

    #[inline]
    fn tiny_length(&mut self, byte: u8) -> usize {
        self.rest = &self.rest[1..];
        usize::from(byte & TINY_MAX)
    }

    #[inline]
    fn length_8(&mut self) -> Result<usize, DecodeError> {
        Ok(usize::from(u8::from_be_bytes(self.behind_marker()?)))
    }

    #[inline]
    fn length_16(&mut self) -> Result<usize, DecodeError> {
        Ok(usize::from(u16::from_be_bytes(self.behind_marker()?)))
    }

    #[inline]
    fn length_32(&mut self) -> Result<usize, DecodeError> {
        // What does not fit a `usize` is more than any message holds.
        Ok(usize::try_from(u32::from_be_bytes(self.behind_marker()?)).unwrap_or(usize::MAX))
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

/// The most entries that are reserved for at once: a message can declare many more than it holds.
const RESERVE_MAX: usize = 4096;

/// The keys of a dictionary that is being read.
enum Keys<'a> {
    Few,
    Many(HashSet<&'a str>),
}

impl<'a> Keys<'a> {
    fn new(length: usize) -> Self {
        if length <= FEW_KEYS { Self::Few } else { Self::Many(HashSet::with_capacity(length.min(RESERVE_MAX))) }
    }

    #[inline]
    fn is_new(&mut self, key: &'a str, dictionary: &Dictionary<'a>) -> bool {
        match self {
            Self::Few => dictionary.get(key).is_none(),
            Self::Many(keys) => keys.insert(key),
        }
    }
}
