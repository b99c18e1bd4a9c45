//! From a place in the specification to a line and a column. serde_yaml knows where it is while it reads, so the text is read again up to
//! the place, and fails there on purpose.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A step from a value to one inside it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// To the value of a key.
    Key(&'static str),
    /// To an item of a list.
    Index(usize),
}

/// The way from the top of a file to one of its values. It starts with the key of a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Place(pub(crate) Vec<Step>);

impl Place {
    /// An item of a list at the top.
    #[must_use]
    pub(crate) fn item(list: &'static str, index: usize) -> Self {
        Self(vec![Step::Key(list), Step::Index(index)])
    }

    /// The value of a key at the top.
    #[must_use]
    pub(crate) fn top(key: &'static str) -> Self {
        Self(vec![Step::Key(key)])
    }

    /// The value of a key inside this one.
    #[must_use]
    pub(crate) fn key(&self, key: &'static str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key));
        Self(steps)
    }

    /// An item of a list inside this one.
    #[must_use]
    pub(crate) fn index(&self, index: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Index(index));
        Self(steps)
    }

    /// The key of the list at the top.
    pub(crate) fn list(&self) -> &'static str {
        match self.0.first() {
            Some(Step::Key(key)) => key,
            _ => "",
        }
    }
}

/// Reads one item of a list at the top of a text; the error has the place of what is wrong with it.
pub(crate) type ItemReader = fn(text: &str, list: &'static str, index: usize) -> Result<(), serde_yaml::Error>;

/// Reads the item of a list as a `T`, passing over everything else.
pub(crate) fn read_item<T: for<'de> Deserialize<'de>>(text: &str, list: &'static str, index: usize) -> Result<(), serde_yaml::Error> {
    let steps = [Step::Key(list), Step::Index(index)];
    Walk { steps: &steps, end: Read(PhantomData::<T>) }.deserialize(serde_yaml::Deserializer::from_str(text))
}

/// The line and the column of a place, both counted from 1; where the place does not exist, of the last value on the way that does.
pub(crate) fn position(text: &str, place: &Place) -> (usize, usize) {
    for length in (0..=place.0.len()).rev() {
        let walk = Walk { steps: &place.0[..length], end: Fail };
        if let Err(error) = walk.deserialize(serde_yaml::Deserializer::from_str(text))
            && let Some(location) = error.location()
        {
            return (location.line(), location.column());
        }
    }
    (1, 1)
}

/// Whether a list at the top of a text has an item of this number.
pub(crate) fn has_item(text: &str, list: &'static str, index: usize) -> bool {
    let steps = [Step::Key(list), Step::Index(index)];
    Walk { steps: &steps, end: Fail }.deserialize(serde_yaml::Deserializer::from_str(text)).is_err()
}

/// What to do at the end of the way.
trait End<'de>: Copy {
    fn at<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error>;
}

#[derive(Clone, Copy)]
struct Fail;

impl<'de> End<'de> for Fail {
    fn at<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Fail {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("to stop here")
    }
}

struct Read<T>(PhantomData<T>);

impl<T> Clone for Read<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Read<T> {}

impl<'de, T: Deserialize<'de>> End<'de> for Read<T> {
    fn at<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::deserialize(deserializer).map(drop)
    }
}

#[derive(Clone, Copy)]
struct Walk<'a, E> {
    steps: &'a [Step],
    end: E,
}

impl<'de, E: End<'de>> DeserializeSeed<'de> for Walk<'_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.steps {
            [] => self.end.at(deserializer),
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl<'de, E: End<'de>> Visitor<'de> for Walk<'_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((Step::Key(wanted), rest)) = self.steps.split_first() else {
            return Err(A::Error::custom("expected a list"));
        };
        while let Some(key) = map.next_key::<String>()? {
            if key == *wanted {
                map.next_value_seed(Walk { steps: rest, end: self.end })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Some((Step::Index(wanted), rest)) = self.steps.split_first() else {
            return Err(A::Error::custom("expected a mapping"));
        };
        let mut index = 0;
        loop {
            let more = if index == *wanted {
                items.next_element_seed(Walk { steps: rest, end: self.end })?.is_some()
            } else {
                items.next_element::<IgnoredAny>()?.is_some()
            };
            if !more {
                return Ok(());
            }
            index += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "versions:\n  - number: 1\n  - number: 2\n    doc: Two.\n";

    #[test]
    fn a_place_has_the_line_and_column_of_its_value() {
        assert_eq!(position(TEXT, &Place::item("versions", 1).key("doc")), (4, 10));
        assert_eq!(position(TEXT, &Place::item("versions", 1)), (3, 5));
    }

    #[test]
    fn a_place_that_is_missing_has_the_position_of_its_owner() {
        assert_eq!(position(TEXT, &Place::item("versions", 0).key("doc")), (2, 5));
    }
}
