//! Values by name, in the order they were sent in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::{fmt, slice, vec};

use super::{FEW_KEYS, owned};
use crate::generated::Value;

/// Values by name, in order, each name once.
///
/// Two dictionaries are equal when they hold the same entries, in whatever order.
#[derive(Clone, Default)]
pub struct Dictionary<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Dictionary<'a> {
    /// An empty dictionary.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// An empty dictionary with room for some entries.
    #[must_use]
    pub fn with_capacity(entries: usize) -> Self {
        Self(Vec::with_capacity(entries))
    }

    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Whether it has a key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets the value of a key: at the end if the key is new, else in its place. Returns the value that the key had.
    pub fn insert(&mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Value<'a>>) -> Option<Value<'a>> {
        let (key, value) = (key.into(), value.into());
        match self.0.iter_mut().find(|(name, _)| *name == key) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                self.push(key, value);
                None
            }
        }
    }

    /// Takes an entry out; the order of the others stays.
    pub fn remove(&mut self, key: &str) -> Option<Value<'a>> {
        let index = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(index).1)
    }

    /// The entries in order.
    pub fn iter(&self) -> Iter<'_, 'a> {
        Iter(self.0.iter())
    }

    /// The same with nothing borrowed.
    #[must_use]
    pub fn into_owned(self) -> Dictionary<'static> {
        owned::dictionary(self)
    }

    fn places(&self) -> HashMap<Cow<'a, str>, usize> {
        self.0.iter().enumerate().map(|(place, (key, _))| (key.clone(), place)).collect()
    }

    /// Adds an entry whose key is known to be new.
    #[inline]
    pub(crate) fn push(&mut self, key: Cow<'a, str>, value: Value<'a>) {
        self.0.push((key, value));
    }
}

impl fmt::Debug for Dictionary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl PartialEq for Dictionary<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            // Most often the order is the same too, and then nothing has to be searched for.
            && self.0.iter().zip(&other.0).all(|(mine, theirs)| {
                if mine.0 == theirs.0 { mine.1 == theirs.1 } else { other.get(&mine.0) == Some(&mine.1) }
            })
    }
}

/// Of a key that comes twice, the last value counts.
impl<'a, K: Into<Cow<'a, str>>, V: Into<Value<'a>>> FromIterator<(K, V)> for Dictionary<'a> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut dictionary = Self::new();
        dictionary.extend(entries);
        dictionary
    }
}

impl<'a, K: Into<Cow<'a, str>>, V: Into<Value<'a>>> Extend<(K, V)> for Dictionary<'a> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        let mut places = None;
        for (key, value) in entries {
            let (key, value) = (key.into(), value.into());
            if self.len() < FEW_KEYS {
                self.insert(key, value);
                continue;
            }
            let places = places.get_or_insert_with(|| self.places());
            match places.get(&key) {
                Some(&place) => self.0[place].1 = value,
                None => {
                    places.insert(key.clone(), self.len());
                    self.push(key, value);
                }
            }
        }
    }
}

impl<'a> IntoIterator for Dictionary<'a> {
    type Item = (Cow<'a, str>, Value<'a>);
    type IntoIter = IntoIter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        IntoIter(self.0.into_iter())
    }
}

impl<'d, 'a> IntoIterator for &'d Dictionary<'a> {
    type Item = (&'d str, &'d Value<'a>);
    type IntoIter = Iter<'d, 'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The entries of a dictionary in order.
#[derive(Clone, Debug)]
pub struct Iter<'d, 'a>(slice::Iter<'d, (Cow<'a, str>, Value<'a>)>);

impl<'d, 'a> Iterator for Iter<'d, 'a> {
    type Item = (&'d str, &'d Value<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key.as_ref(), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_, '_> {}

/// The entries of a dictionary in order, taken out of it.
#[derive(Debug)]
pub struct IntoIter<'a>(vec::IntoIter<(Cow<'a, str>, Value<'a>)>);

impl<'a> Iterator for IntoIter<'a> {
    type Item = (Cow<'a, str>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for IntoIter<'_> {}
