//! What the generated code stands on: the steps that its readers and writers have in common.

use std::borrow::Cow;
use std::collections::HashSet;

use super::packstream::{DecodeError, DecodeErrorKind, Dictionary, EncodeError, Reader, Writer};
use super::zone;
use crate::generated::{Value, marker};

/// A named value of a byte.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Code {
    /// The byte.
    pub code: u8,
    /// Its name.
    pub name: &'static str,
    /// Bytes that one item of it takes.
    pub size: usize,
    /// What it is.
    pub doc: &'static str,
}

/// Reads the header of the structure of a tag, and gives the number of its fields.
pub(crate) fn structure(r: &mut Reader<'_>, name: &'static str, tag: u8) -> Result<usize, DecodeError> {
    let offset = r.offset();
    match r.structure_header()? {
        (size, got) if got == tag => Ok(size),
        (_, got) => {
            let kind = DecodeErrorKind::InvalidValue { expected: name, got: format!("a structure with the tag {got:02X}") };
            Err(DecodeError::new(offset, kind))
        }
    }
}

/// Checks the number of fields.
#[inline]
pub(crate) fn size(structure: &'static str, expected: usize, got: usize, offset: usize) -> Result<(), DecodeError> {
    if expected == got { Ok(()) } else { Err(DecodeError::new(offset, DecodeErrorKind::FieldCount { structure, expected, got })) }
}

/// Whether more values follow than were announced.
pub(crate) fn more_than(r: &Reader<'_>, announced: usize) -> bool {
    let mut ahead = r.clone();
    (0..announced).all(|_| ahead.skip().is_ok()) && ahead.remaining() > 0
}

/// Reads a null, or a value.
#[inline]
pub(crate) fn nullable<'a, T>(
    r: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<Option<T>, DecodeError> {
    if r.null()? { Ok(None) } else { read(r).map(Some) }
}

/// Reads a list whose items have one type.
pub(crate) fn list<'a, T>(r: &mut Reader<'a>, read: impl Fn(&mut Reader<'a>) -> Result<T, DecodeError>) -> Result<Vec<T>, DecodeError> {
    r.nested(|r| (0..r.list_header()?).map(|_| read(r)).collect())
}

/// Reads a list whose items have one type or are null, which are passed over.
pub(crate) fn list_without_nulls<'a, T>(
    r: &mut Reader<'a>,
    read: impl Fn(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    r.nested(|r| (0..r.list_header()?).filter_map(|_| nullable(r, &read).transpose()).collect())
}

/// Reads a dictionary whose values have one type.
pub(crate) fn dictionary_of<'a>(r: &mut Reader<'a>, type_name: &'static str) -> Result<Dictionary<'a>, DecodeError> {
    let offset = r.offset();
    let dictionary = r.dictionary()?;
    match dictionary.iter().find(|(_, value)| value.type_name() != type_name) {
        None => Ok(dictionary),
        Some((key, value)) => {
            let got = format!("{} under the key '{key}'", value.type_name());
            Err(DecodeError::new(offset, DecodeErrorKind::InvalidValue { expected: type_name, got }))
        }
    }
}

/// Whether a dictionary is next.
pub(crate) fn dictionary_is_next(r: &Reader<'_>) -> bool {
    let wide = [marker::DICTIONARY_8, marker::DICTIONARY_16, marker::DICTIONARY_32];
    r.marker().is_ok_and(|next| next & 0xF0 == marker::DICTIONARY_TINY || wide.contains(&next))
}

/// Reads an integer in one of these ranges, both ends included.
pub(crate) fn integer_in(r: &mut Reader<'_>, ranges: &[(i64, i64)], expected: &'static str) -> Result<i64, DecodeError> {
    let offset = r.offset();
    let value = r.integer()?;
    if ranges.iter().any(|(first, last)| (*first..=*last).contains(&value)) {
        return Ok(value);
    }
    Err(DecodeError::new(offset, DecodeErrorKind::InvalidValue { expected, got: value.to_string() }))
}

/// Reads one of these strings, and gives it as it is spelled there.
pub(crate) fn string_of<'a>(
    r: &mut Reader<'a>,
    words: &[&'static str],
    any_case: bool,
    expected: &'static str,
) -> Result<Cow<'a, str>, DecodeError> {
    let offset = r.offset();
    let text = r.string()?;
    let same = |word: &&&'static str| **word == text || (any_case && word.eq_ignore_ascii_case(text));
    match words.iter().find(same) {
        Some(word) => Ok(Cow::Borrowed(word)),
        None => Err(DecodeError::new(offset, DecodeErrorKind::InvalidValue { expected, got: format!("'{text}'") })),
    }
}

/// Reads a float that is a number and not infinite.
pub(crate) fn finite(r: &mut Reader<'_>) -> Result<f64, DecodeError> {
    let offset = r.offset();
    let value = r.float()?;
    if value.is_finite() {
        return Ok(value);
    }
    Err(DecodeError::new(offset, DecodeErrorKind::InvalidValue { expected: "a finite number", got: value.to_string() }))
}

/// Reads the name of a time zone that the time zone database knows.
pub(crate) fn time_zone<'a>(r: &mut Reader<'a>) -> Result<Cow<'a, str>, DecodeError> {
    let offset = r.offset();
    let id = r.string()?;
    if zone::is_known(id) {
        return Ok(Cow::Borrowed(id));
    }
    Err(DecodeError::new(offset, DecodeErrorKind::UnknownTimeZone { id: id.to_owned() }))
}

/// Reads bytes of one, which is one of these codes.
pub(crate) fn code<'a>(r: &mut Reader<'a>, codes: &[u8], expected: &'static str) -> Result<Cow<'a, [u8]>, DecodeError> {
    let offset = r.offset();
    match r.bytes()? {
        bytes @ [code] if codes.contains(code) => Ok(Cow::Borrowed(bytes)),
        bytes => Err(DecodeError::new(offset, DecodeErrorKind::InvalidValue { expected, got: format!("{bytes:02X?}") })),
    }
}

/// Notes that a key has come, which it may only once.
#[inline]
pub(crate) fn once(seen: &mut u64, bit: u64, r: &Reader<'_>, key: &str) -> Result<(), DecodeError> {
    if *seen & bit != 0 {
        return Err(r.error(DecodeErrorKind::DuplicateKey { key: key.to_owned() }));
    }
    *seen |= bit;
    Ok(())
}

/// The error that an entry is not there.
#[cold]
pub(crate) fn missing(r: &Reader<'_>, owner: &'static str, field: &'static str) -> DecodeError {
    r.error(DecodeErrorKind::Missing).in_field(owner, field)
}

/// The error that an entry is not set which the version needs.
#[cold]
pub(crate) fn unset(owner: &'static str, field: &'static str, w: &Writer<'_>) -> EncodeError {
    EncodeError::Missing { owner, field, version: w.dialect().version }
}

/// The entries of a dictionary that have no field.
#[derive(Debug, Default)]
pub(crate) struct Rest<'a> {
    dictionary: Dictionary<'a>,
    keys: HashSet<&'a str>,
}

impl<'a> Rest<'a> {
    /// Reads the value of a key.
    pub(crate) fn read(&mut self, r: &mut Reader<'a>, key: &'a str) -> Result<(), DecodeError> {
        if !self.keys.insert(key) {
            return Err(r.error(DecodeErrorKind::DuplicateKey { key: key.to_owned() }));
        }
        let value = r.value()?;
        self.dictionary.push(Cow::Borrowed(key), value);
        Ok(())
    }

    pub(crate) fn into_dictionary(self) -> Dictionary<'a> {
        self.dictionary
    }
}

/// Writes a list.
pub(crate) fn write_list<T>(
    w: &mut Writer<'_>,
    items: &[T],
    write: impl Fn(&mut Writer<'_>, &T) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    w.list_header(items.len())?;
    items.iter().try_for_each(|item| write(w, item))
}

/// Writes a list of those items that fulfil a condition.
pub(crate) fn write_list_where<T>(
    w: &mut Writer<'_>,
    items: &[T],
    condition: impl Fn(&T) -> bool,
    write: impl Fn(&mut Writer<'_>, &T) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    w.list_header(items.iter().filter(|item| condition(item)).count())?;
    items.iter().filter(|item| condition(item)).try_for_each(|item| write(w, item))
}

/// Writes the entries of a dictionary, without its header.
pub(crate) fn write_entries(w: &mut Writer<'_>, dictionary: &Dictionary<'_>) -> Result<(), EncodeError> {
    dictionary.iter().try_for_each(|(key, value)| {
        w.string(key)?;
        w.value(value)
    })
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::String(Cow::Borrowed(value))
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::String(Cow::Owned(value))
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(value: Cow<'a, str>) -> Self {
        Self::String(value)
    }
}

impl From<Vec<Self>> for Value<'_> {
    fn from(value: Vec<Self>) -> Self {
        Self::List(value)
    }
}

impl<'a> From<Dictionary<'a>> for Value<'a> {
    fn from(value: Dictionary<'a>) -> Self {
        Self::Dictionary(value)
    }
}
