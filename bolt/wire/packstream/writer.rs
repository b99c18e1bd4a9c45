//! Writes PackStream straight into the output buffer.

use bytes::BytesMut;

use super::{Dictionary, EncodeError, NESTING_CAP, STRUCTURE_CAP, TINY_MAX, UUID_PACKSTREAM, first_with_packstream};
use crate::generated::{Dialect, UnsupportedType, Value, Version, marker};

/// Writes values behind what the buffer holds already.
///
/// A header ([`list_header`](Self::list_header) and its like) promises as many values behind it; nothing counts them.
#[derive(Debug)]
pub struct Writer<'b> {
    out: &'b mut BytesMut,
    dialect: Dialect,
    nesting: u16,
    structures: u16,
    placeholders: usize,
}

/// A place in the output to go back to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Mark {
    length: usize,
    placeholders: usize,
    nesting: u16,
    structures: u16,
}

impl<'b> Writer<'b> {
    /// A writer at the end of the buffer.
    #[must_use]
    pub const fn new(out: &'b mut BytesMut, dialect: Dialect) -> Self {
        Self { out, dialect, nesting: 0, structures: 0, placeholders: 0 }
    }

    /// The dialect that values are written in.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// How many bytes the buffer holds.
    #[must_use]
    pub fn position(&self) -> usize {
        self.out.len()
    }

    /// The buffer itself, for what stands between messages.
    pub(crate) const fn buffer(&mut self) -> &mut BytesMut {
        self.out
    }

    /// Where the output ends now.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark { length: self.out.len(), placeholders: self.placeholders, nesting: self.nesting, structures: self.structures }
    }

    /// Undoes everything that was written since the mark.
    pub fn truncate(&mut self, mark: Mark) {
        self.out.truncate(mark.length);
        self.placeholders = mark.placeholders;
        self.nesting = mark.nesting;
        self.structures = mark.structures;
    }

    /// How many values were replaced by a dictionary that names their type, since the version cannot carry them: a client is
    /// told so, once a result.
    #[must_use]
    pub const fn placeholders(&self) -> usize {
        self.placeholders
    }

    /// Writes null.
    ///
    /// # Errors
    /// Never; all values are written through one signature.
    #[inline]
    pub fn null(&mut self) -> Result<(), EncodeError> {
        self.out.extend_from_slice(&[marker::NULL]);
        Ok(())
    }

    /// Writes a boolean.
    ///
    /// # Errors
    /// Never; all values are written through one signature.
    #[inline]
    pub fn boolean(&mut self, value: bool) -> Result<(), EncodeError> {
        self.out.extend_from_slice(&[if value { marker::TRUE } else { marker::FALSE }]);
        Ok(())
    }

    /// Writes an integer, as narrow as it fits.
    ///
    /// # Errors
    /// Never; all values are written through one signature.
    #[inline]
    pub fn integer(&mut self, value: i64) -> Result<(), EncodeError> {
        // Nine bytes are always written and the surplus is cut off, so that no branch depends on the width.
        let bits = u64::BITS - (value ^ (value >> 63)).leading_zeros();
        let step = usize::from(bits > 7) + usize::from(bits > 15) + usize::from(bits > 31);
        let width = 1_usize << step;
        let tiny = (-16..=127).contains(&value);
        let marker = if tiny { value.to_be_bytes()[7] } else { INTEGERS[step] };
        let length = if tiny { 1 } else { 1 + width };

        let mut bytes = [marker; 9];
        bytes[1..].copy_from_slice(&(value << (64 - 8 * width)).to_be_bytes());
        let end = self.out.len() + length;
        self.out.extend_from_slice(&bytes);
        self.out.truncate(end);
        Ok(())
    }

    /// Writes a float.
    ///
    /// # Errors
    /// Never; all values are written through one signature.
    #[inline]
    pub fn float(&mut self, value: f64) -> Result<(), EncodeError> {
        let mut bytes = [marker::FLOAT; 9];
        bytes[1..].copy_from_slice(&value.to_be_bytes());
        self.out.extend_from_slice(&bytes);
        Ok(())
    }

    /// Writes bytes.
    ///
    /// # Errors
    /// When they are too long for a length of 32 bits.
    #[inline]
    pub fn bytes(&mut self, value: &[u8]) -> Result<(), EncodeError> {
        self.header(value.len(), [marker::BYTES_8, marker::BYTES_16, marker::BYTES_32], "a value of bytes")?;
        self.out.extend_from_slice(value);
        Ok(())
    }

    /// Writes a string.
    ///
    /// # Errors
    /// When it is too long for a length of 32 bits.
    #[inline]
    pub fn string(&mut self, value: &str) -> Result<(), EncodeError> {
        match tiny(value.len()) {
            Some(length) => self.out.extend_from_slice(&[marker::STRING_TINY | length]),
            None => self.header(value.len(), [marker::STRING_8, marker::STRING_16, marker::STRING_32], "a string")?,
        }
        self.out.extend_from_slice(value.as_bytes());
        Ok(())
    }

    /// Writes a UUID, or what stands for it below PackStream 2.
    ///
    /// # Errors
    /// As [`unsupported`](Self::unsupported).
    pub fn uuid(&mut self, value: [u8; 16]) -> Result<(), EncodeError> {
        if self.dialect.version.packstream() < UUID_PACKSTREAM {
            return self.unsupported("UUID", first_with_packstream(UUID_PACKSTREAM));
        }
        let mut bytes = [marker::UUID; 17];
        bytes[1..].copy_from_slice(&value);
        self.out.extend_from_slice(&bytes);
        Ok(())
    }

    /// Writes what stands for a value of a type that starts at a later version: a structure that says so where the version
    /// has it, a dictionary before.
    ///
    /// # Errors
    /// When the name is too long for a length of 32 bits.
    pub fn unsupported(&mut self, type_name: &str, since: Version) -> Result<(), EncodeError> {
        if UnsupportedType::available(self.dialect) {
            let (major, minor) = (i64::from(since.major()), i64::from(since.minor()));
            return UnsupportedType::write(self, type_name, major, minor, |w| w.dictionary_header(0));
        }
        self.placeholders += 1;
        self.dictionary_header(2)?;
        self.string("originalType")?;
        self.string(type_name)?;
        self.string("reason")?;
        self.string("UNKNOWN_TYPE")
    }

    /// Writes the start of a list; as many values have to follow.
    ///
    /// # Errors
    /// When there are too many for a length of 32 bits.
    #[inline]
    pub fn list_header(&mut self, length: usize) -> Result<(), EncodeError> {
        match tiny(length) {
            Some(length) => self.out.extend_from_slice(&[marker::LIST_TINY | length]),
            None => self.header(length, [marker::LIST_8, marker::LIST_16, marker::LIST_32], "a list")?,
        }
        Ok(())
    }

    /// Writes the start of a dictionary; as many pairs of a string and a value have to follow.
    ///
    /// # Errors
    /// When there are too many for a length of 32 bits.
    #[inline]
    pub fn dictionary_header(&mut self, length: usize) -> Result<(), EncodeError> {
        match tiny(length) {
            Some(length) => self.out.extend_from_slice(&[marker::DICTIONARY_TINY | length]),
            None => self.header(length, [marker::DICTIONARY_8, marker::DICTIONARY_16, marker::DICTIONARY_32], "a dictionary")?,
        }
        Ok(())
    }

    /// Writes the start of a structure; as many fields have to follow.
    ///
    /// # Errors
    /// When there are more than 15 fields.
    #[inline]
    pub fn structure_header(&mut self, fields: usize, tag: u8) -> Result<(), EncodeError> {
        let count = tiny(fields).ok_or(EncodeError::TooManyFields { got: fields })?;
        self.out.extend_from_slice(&[marker::STRUCTURE_TINY | count, tag]);
        Ok(())
    }

    /// Writes a list of strings.
    ///
    /// # Errors
    /// When there are too many, or one is too long, for a length of 32 bits.
    pub fn string_list<S: AsRef<str>>(&mut self, values: &[S]) -> Result<(), EncodeError> {
        self.list_header(values.len())?;
        values.iter().try_for_each(|value| self.string(value.as_ref()))
    }

    /// Writes a value of any type.
    ///
    /// # Errors
    /// When the version cannot carry it, or it is nested too deep.
    pub fn value(&mut self, value: &Value<'_>) -> Result<(), EncodeError> {
        match value {
            Value::Null => self.null(),
            Value::Boolean(value) => self.boolean(*value),
            Value::Integer(value) => self.integer(*value),
            Value::Float(value) => self.float(*value),
            Value::Bytes(value) => self.bytes(value),
            Value::String(value) => self.string(value),
            Value::List(values) => self.list(values),
            Value::Dictionary(dictionary) => self.dictionary(dictionary),
            Value::Uuid(value) => self.uuid(*value),
            structure => self.structure(structure),
        }
    }

    /// Writes a list of values of any type.
    ///
    /// # Errors
    /// When one of them cannot be written.
    pub fn list(&mut self, values: &[Value<'_>]) -> Result<(), EncodeError> {
        self.list_header(values.len())?;
        self.enter()?;
        for value in values {
            self.value(value)?;
        }
        self.nesting -= 1;
        Ok(())
    }

    /// Writes a dictionary with values of any type.
    ///
    /// # Errors
    /// When one of them cannot be written.
    pub fn dictionary(&mut self, dictionary: &Dictionary<'_>) -> Result<(), EncodeError> {
        self.dictionary_header(dictionary.len())?;
        self.enter()?;
        for (key, value) in dictionary {
            self.string(key)?;
            self.value(value)?;
        }
        self.nesting -= 1;
        Ok(())
    }

    fn structure(&mut self, value: &Value<'_>) -> Result<(), EncodeError> {
        self.enter()?;
        if self.structures >= STRUCTURE_CAP {
            return Err(EncodeError::TooDeep { cap: STRUCTURE_CAP });
        }
        self.structures += 1;
        value.encode_structure(self)?;
        self.structures -= 1;
        self.nesting -= 1;
        Ok(())
    }

    fn enter(&mut self) -> Result<(), EncodeError> {
        if self.nesting >= NESTING_CAP {
            return Err(EncodeError::TooDeep { cap: NESTING_CAP });
        }
        self.nesting += 1;
        Ok(())
    }

    /// A marker by the width of the length, and the length.
    #[inline]
    fn header(&mut self, length: usize, markers: [u8; 3], what: &'static str) -> Result<(), EncodeError> {
        if let Ok(length) = u8::try_from(length) {
            self.out.extend_from_slice(&[markers[0], length]);
        } else if let Ok(length) = u16::try_from(length) {
            let [high, low] = length.to_be_bytes();
            self.out.extend_from_slice(&[markers[1], high, low]);
        } else if let Ok(length) = u32::try_from(length) {
            let mut bytes = [markers[2]; 5];
            bytes[1..].copy_from_slice(&length.to_be_bytes());
            self.out.extend_from_slice(&bytes);
        } else {
            return Err(EncodeError::TooLong { what, length });
        }
        Ok(())
    }
}

/// The markers of integers by their width: 1, 2, 4 and 8 bytes.
const INTEGERS: [u8; 4] = [marker::INTEGER_8, marker::INTEGER_16, marker::INTEGER_32, marker::INTEGER_64];

/// A length as the low nibble of a marker, if it fits there.
#[inline]
fn tiny(length: usize) -> Option<u8> {
    u8::try_from(length).ok().filter(|length| *length <= TINY_MAX)
}
