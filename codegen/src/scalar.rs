//! The scalars of the specification that mean more than their text. Each is parsed where serde meets it, so that a mistake has its exact place.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A version as it is written: `4.3`, or `3` for `3.0`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Version {
    /// The number before the dot.
    pub major: u8,
    /// The number behind it.
    pub minor: u8,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.major, self.minor) {
            (major @ 0..=3, 0) => write!(f, "{major}"),
            (major, minor) => write!(f, "{major}.{minor}"),
        }
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("expected a version such as 3 or 4.4, got '{text}'");
        let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
        let number = |digits: &str| match digits {
            "" => Err(expected()),
            _ if !digits.bytes().all(|b| b.is_ascii_digit()) => Err(expected()),
            _ => digits.parse().map_err(|_| expected()),
        };
        Ok(Self { major: number(major)?, minor: number(minor)? })
    }
}

/// A range of versions: `5.0+`, `4.3`, `4.3-4.4`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct VersionRange {
    /// The first version of it.
    pub first: Version,
    /// The last version of it; absent where it stays open.
    pub last: Option<Version>,
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            None => write!(f, "{}+", self.first),
            Some(last) if last == self.first => write!(f, "{last}"),
            Some(last) => write!(f, "{}-{last}", self.first),
        }
    }
}

impl FromStr for VersionRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = |_| format!("expected a range of versions such as 4.3, 4.3-4.4 or 5.0+, got '{text}'");
        if let Some(first) = text.strip_suffix('+') {
            return Ok(Self { first: first.parse().map_err(expected)?, last: None });
        }
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (first.parse().map_err(expected)?, last.parse().map_err(expected)?);
        if last < first {
            return Err(format!("the range of versions '{text}' ends before it starts"));
        }
        Ok(Self { first, last: Some(last) })
    }
}

/// A byte in hexadecimal: `0x4E`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Byte(pub u8);

impl FromStr for Byte {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("0x").filter(|digits| digits.len() == 2).map(|digits| u8::from_str_radix(digits, 16)) {
            Some(Ok(byte)) => Ok(Self(byte)),
            _ => Err(format!("expected a byte such as 0x4E, got '{text}'")),
        }
    }
}

impl fmt::Display for Byte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:02X}", self.0)
    }
}

/// Four bytes in hexadecimal: `0x6060B017`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Word(pub [u8; 4]);

impl FromStr for Word {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("0x").filter(|digits| digits.len() == 8).map(|digits| u32::from_str_radix(digits, 16)) {
            Some(Ok(word)) => Ok(Self(word.to_be_bytes())),
            _ => Err(format!("expected four bytes such as 0x6060B017, got '{text}'")),
        }
    }
}

/// Bytes in hexadecimal with blanks between them: `B1 71 91 01`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hex(pub Vec<u8>);

impl FromStr for Hex {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let byte = |digits: &str| match digits.len() {
            2 => u8::from_str_radix(digits, 16).ok(),
            _ => None,
        };
        text.split_whitespace()
            .map(|digits| byte(digits).ok_or_else(|| format!("expected bytes such as 'B1 71', got '{digits}'")))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// The type of a field: `Integer`, `List<String>`, `Node`, and `String?` for one that may be absent or null.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TypeExpr {
    /// What it is called.
    pub name: String,
    /// What is between the angle brackets.
    pub of: Option<Box<Self>>,
    /// Whether a `?` follows.
    pub nullable: bool,
}

impl fmt::Display for TypeExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(of) = &self.of {
            write!(f, "<{of}>")?;
        }
        if self.nullable { f.write_str("?") } else { Ok(()) }
    }
}

impl FromStr for TypeExpr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("expected a type such as Integer, String? or List<String>, got '{text}'");
        let (rest, nullable) = match text.strip_suffix('?') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let (name, of) = match rest.split_once('<') {
            None => (rest, None),
            Some((name, of)) => {
                let of = of.strip_suffix('>').ok_or_else(expected)?;
                (name, Some(Box::new(of.parse().map_err(|_| expected())?)))
            }
        };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(expected());
        }
        Ok(Self { name: name.to_owned(), of, nullable })
    }
}

/// Which values a field may have: `-1, 1..`, `0..3`, `r, w`, `finite` or `time_zone`.
#[derive(Clone, Debug, PartialEq)]
pub enum Allow {
    /// Integers in one of these ranges, both ends included.
    Integers(Vec<(i64, i64)>),
    /// One of these strings.
    Strings(Vec<String>),
    /// A float that is a number and not infinite.
    Finite,
    /// The name of a time zone that the time zone database knows.
    TimeZone,
}

impl FromStr for Allow {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "finite" => return Ok(Self::Finite),
            "time_zone" => return Ok(Self::TimeZone),
            _ => {}
        }
        let items: Vec<&str> = text.split(',').map(str::trim).collect();
        let range = |item: &str| -> Option<(i64, i64)> {
            match item.split_once("..") {
                None => item.parse().ok().map(|only| (only, only)),
                Some((first, "")) => Some((first.parse().ok()?, i64::MAX)),
                Some((first, last)) => Some((first.parse().ok()?, last.parse().ok()?)),
            }
        };
        if let Some(ranges) = items.iter().map(|item| range(item)).collect::<Option<Vec<_>>>() {
            return match ranges.iter().find(|(first, last)| last < first) {
                Some((first, last)) => Err(format!("the range {first}..{last} ends before it starts")),
                None => Ok(Self::Integers(ranges)),
            };
        }
        let word = |item: &&str| !item.is_empty() && item.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if items.iter().all(word) {
            return Ok(Self::Strings(items.into_iter().map(str::to_owned).collect()));
        }
        Err(format!("expected what is allowed, such as '-1, 1..', 'r, w', finite or time_zone, got '{text}'"))
    }
}

/// Gives a scalar its deserialization, which parses in the visitor, and its JSON Schema.
macro_rules! scalar {
    ($type:ty, $pattern:literal, $description:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($description)
                    }

                    fn visit_str<E: Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": ["string", "number"], "pattern": $pattern, "description": $description })
            }
        }
    };
}

scalar!(Version, r"^[0-9]+(\.[0-9]+)?$", "a version such as 3 or 4.4");
scalar!(VersionRange, r"^[0-9]+(\.[0-9]+)?(\+|-[0-9]+(\.[0-9]+)?)?$", "a range of versions such as 4.3, 4.3-4.4 or 5.0+");
scalar!(Byte, "^0x[0-9A-F]{2}$", "a byte such as 0x4E");
scalar!(Word, "^0x[0-9A-F]{8}$", "four bytes such as 0x6060B017");
scalar!(Hex, "^([0-9A-F]{2}( |$))*$", "bytes such as 'B1 71'");
scalar!(TypeExpr, r"^[A-Za-z0-9]+(<[A-Za-z0-9<>?]+>)?\??$", "a type such as Integer, String? or List<String>");
scalar!(Allow, "^.+$", "what is allowed, such as '-1, 1..', 'r, w', finite or time_zone");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_shows_as_it_is_written() {
        for text in ["1", "3", "4.0", "4.4", "5.0", "6.1"] {
            assert_eq!(text.parse::<Version>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_range_shows_as_it_is_written() {
        for text in ["1-2", "4.3", "5.0+", "4.3-4.4"] {
            assert_eq!(text.parse::<VersionRange>().unwrap().to_string(), text);
        }
        assert!("4.4-4.3".parse::<VersionRange>().is_err());
        assert!("4.x".parse::<VersionRange>().is_err());
    }

    #[test]
    fn what_is_allowed_is_numbers_or_words() {
        assert_eq!("-1, 1..".parse(), Ok(Allow::Integers(vec![(-1, -1), (1, i64::MAX)])));
        assert_eq!("r, w".parse(), Ok(Allow::Strings(vec!["r".to_owned(), "w".to_owned()])));
        assert_eq!("finite".parse(), Ok(Allow::Finite));
        assert!("3..1".parse::<Allow>().is_err());
    }
}
