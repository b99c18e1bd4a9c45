//! Any value as it is on the wire: structures by their tags, with whatever fields they have.
//!
//! The generated types read only what is right, and correct what can be corrected. A conversation has to send what is wrong and to see
//! what came as it came.

use std::fmt;

use bytes::BytesMut;

use super::names::{self, newest};
use crate::generated::{Dialect, RequestKind, Version, marker};
use crate::wire::packstream::{DecodeError, DecodeErrorKind, EncodeError, Origin, Reader, Writer};

/// A value.
#[derive(Clone, Debug)]
pub enum Data {
    /// Null.
    Null,
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A string.
    String(String),
    /// A list.
    List(Vec<Self>),
    /// A dictionary, in the order it was written in.
    Dictionary(Vec<(String, Self)>),
    /// A structure or a message: its tag and its fields.
    Structure(u8, Vec<Self>),
    /// A UUID.
    Uuid([u8; 16]),
}

impl Data {
    /// Reads the one value that bytes are.
    ///
    /// # Errors
    /// When they are none.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes, Dialect::new(newest()), Origin::Server);
        let data = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(data)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let byte = reader.marker()?;
        Ok(match byte {
            marker::NULL => {
                reader.null()?;
                Self::Null
            }
            marker::FALSE | marker::TRUE => Self::Boolean(reader.boolean()?),
            marker::FLOAT => Self::Float(reader.float()?),
            marker::BYTES_8 | marker::BYTES_16 | marker::BYTES_32 => Self::Bytes(reader.bytes()?.to_vec()),
            marker::STRING_8 | marker::STRING_16 | marker::STRING_32 => Self::String(reader.string()?.to_owned()),
            marker::LIST_8 | marker::LIST_16 | marker::LIST_32 => Self::read_list(reader)?,
            marker::DICTIONARY_8 | marker::DICTIONARY_16 | marker::DICTIONARY_32 => Self::read_dictionary(reader)?,
            marker::UUID => Self::Uuid(reader.uuid()?),
            marker::INTEGER_8 | marker::INTEGER_16 | marker::INTEGER_32 | marker::INTEGER_64 => Self::Integer(reader.integer()?),
            _ => match byte & HIGH_NIBBLE {
                marker::STRING_TINY => Self::String(reader.string()?.to_owned()),
                marker::LIST_TINY => Self::read_list(reader)?,
                marker::DICTIONARY_TINY => Self::read_dictionary(reader)?,
                marker::STRUCTURE_TINY => {
                    let (fields, tag) = reader.structure_header()?;
                    Self::Structure(tag, (0..fields).map(|_| Self::read(reader)).collect::<Result<_, _>>()?)
                }
                HIGH_NIBBLE | 0x00..0x80 => Self::Integer(reader.integer()?),
                _ => return Err(reader.error(DecodeErrorKind::ReservedMarker { got: byte })),
            },
        })
    }

    fn read_list(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let length = reader.list_header()?;
        (0..length).map(|_| Self::read(reader)).collect::<Result<_, _>>().map(Self::List)
    }

    fn read_dictionary(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let length = reader.dictionary_header()?;
        let entry = |_| Ok((reader.string()?.to_owned(), Self::read(reader)?));
        (0..length).map(entry).collect::<Result<_, _>>().map(Self::Dictionary)
    }

    /// Writes the value as it stands, whatever the version at hand.
    ///
    /// # Errors
    /// When a structure has more fields, or a value is longer, than PackStream can say.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), EncodeError> {
        self.write(&mut Writer::new(out, Dialect::new(newest())))
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
        match self {
            Self::Null => writer.null(),
            Self::Boolean(value) => writer.boolean(*value),
            Self::Integer(value) => writer.integer(*value),
            Self::Float(value) => writer.float(*value),
            Self::Bytes(value) => writer.bytes(value),
            Self::String(value) => writer.string(value),
            Self::Uuid(value) => writer.uuid(*value),
            Self::List(items) => {
                writer.list_header(items.len())?;
                items.iter().try_for_each(|item| item.write(writer))
            }
            Self::Dictionary(entries) => {
                writer.dictionary_header(entries.len())?;
                entries.iter().try_for_each(|(key, value)| {
                    writer.string(key)?;
                    value.write(writer)
                })
            }
            Self::Structure(tag, fields) => {
                writer.structure_header(fields.len(), *tag)?;
                fields.iter().try_for_each(|field| field.write(writer))
            }
        }
    }

    /// Whether two values are the same: floats by their bits, but for NaN, which is like any other; dictionaries in any order.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        let all = |one: &[Self], other: &[Self]| one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.same(other));
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Boolean(one), Self::Boolean(other)) => one == other,
            (Self::Integer(one), Self::Integer(other)) => one == other,
            (Self::Float(one), Self::Float(other)) => one.to_bits() == other.to_bits() || one.is_nan() && other.is_nan(),
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::String(one), Self::String(other)) => one == other,
            (Self::Uuid(one), Self::Uuid(other)) => one == other,
            (Self::List(one), Self::List(other)) => all(one, other),
            (Self::Structure(tag, one), Self::Structure(other_tag, other)) => tag == other_tag && all(one, other),
            (Self::Dictionary(one), Self::Dictionary(other)) => {
                let holds = |(key, value): &(String, Self)| other.iter().any(|(name, other)| name == key && value.same(other));
                one.len() == other.len() && one.iter().all(holds)
            }
            _ => false,
        }
    }

    /// Whether it is the response of a name.
    #[must_use]
    pub fn is_response(&self, name: &str) -> bool {
        matches!(self, Self::Structure(tag, _) if names::response(name) == Some(*tag))
    }

    /// The response that a value is, with its name: `SUCCESS {"fields": []}`.
    #[must_use]
    pub fn as_response(&self) -> String {
        self.as_message(names::response_of)
    }

    /// The request that a value is, with its name in a version: `RUN "RETURN 1" {}`.
    #[must_use]
    pub fn as_request(&self, version: Version) -> String {
        self.as_message(|tag| RequestKind::from_tag(tag, version).map(|kind| kind.name(version)))
    }

    fn as_message(&self, name: impl FnOnce(u8) -> Option<&'static str>) -> String {
        let Self::Structure(tag, fields) = self else { return self.to_string() };
        let mut text = name(*tag).map_or_else(|| format!("0x{tag:02X}"), str::to_owned);
        for field in fields {
            text.push(' ');
            text.push_str(&field.to_string());
        }
        text
    }
}

impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = |f: &mut fmt::Formatter<'_>, items: &[Self]| {
            items.iter().enumerate().try_for_each(|(index, item)| write!(f, "{}{item}", if index == 0 { "" } else { ", " }))
        };
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Float(value) if value.is_infinite() => f.write_str(if *value > 0.0 { "Infinity" } else { "-Infinity" }),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::String(value) if value.len() > LONG => {
                write!(f, "{:?}… of {} bytes", value.chars().take(LONG).collect::<String>(), value.len())
            }
            Self::String(value) => write!(f, "{value:?}"),
            Self::Bytes(value) => {
                f.write_str("#")?;
                value.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
            }
            Self::Uuid(value) => {
                f.write_str("Uuid(")?;
                value.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
                f.write_str(")")
            }
            Self::List(list) => {
                f.write_str("[")?;
                items(f, list)?;
                f.write_str("]")
            }
            Self::Dictionary(entries) => {
                f.write_str("{")?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{}{key:?}: {value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
            Self::Structure(tag, fields) => {
                match names::structure_of(*tag) {
                    Some(name) => write!(f, "{name}(")?,
                    None => write!(f, "0x{tag:02X}(")?,
                }
                items(f, fields)?;
                f.write_str(")")
            }
        }
    }
}

const HIGH_NIBBLE: u8 = 0xF0;

/// From how many bytes on a string is cut off where it is shown.
const LONG: usize = 400;
