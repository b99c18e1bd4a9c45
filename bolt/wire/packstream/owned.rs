//! Takes lists and dictionaries into ownership, those in each other without recursion: they nest deeper than values do elsewhere.

use std::borrow::Cow;
use std::vec;

use super::{Dictionary, IntoIter};
use crate::generated::Value;

/// The list with nothing borrowed.
pub(crate) fn list(values: Vec<Value<'_>>) -> Vec<Value<'static>> {
    match own(Open::list(values)) {
        Value::List(values) => values,
        other => vec![other],
    }
}

/// The dictionary with nothing borrowed.
pub(super) fn dictionary(dictionary: Dictionary<'_>) -> Dictionary<'static> {
    match own(Open::dictionary(dictionary)) {
        Value::Dictionary(dictionary) => dictionary,
        _ => Dictionary::new(),
    }
}

fn own(mut open: Open<'_>) -> Value<'static> {
    let mut around = Vec::new();
    loop {
        match open.next() {
            Some(Value::List(values)) => around.push(std::mem::replace(&mut open, Open::list(values))),
            Some(Value::Dictionary(dictionary)) => around.push(std::mem::replace(&mut open, Open::dictionary(dictionary))),
            Some(leaf) => open.put(leaf.into_owned()),
            None => {
                let value = open.into_value();
                match around.pop() {
                    None => return value,
                    Some(outer) => open = outer,
                }
                open.put(value);
            }
        }
    }
}

/// What is left to take, and what is taken.
enum Open<'a> {
    List(vec::IntoIter<Value<'a>>, Vec<Value<'static>>),
    /// With the key of the value that is being taken.
    Dictionary(IntoIter<'a>, Dictionary<'static>, Cow<'static, str>),
}

impl<'a> Open<'a> {
    fn list(values: Vec<Value<'a>>) -> Self {
        let owned = Vec::with_capacity(values.len());
        Self::List(values.into_iter(), owned)
    }

    fn dictionary(dictionary: Dictionary<'a>) -> Self {
        let owned = Dictionary::with_capacity(dictionary.len());
        Self::Dictionary(dictionary.into_iter(), owned, Cow::Borrowed(""))
    }

    fn next(&mut self) -> Option<Value<'a>> {
        match self {
            Self::List(values, _) => values.next(),
            Self::Dictionary(entries, _, current) => {
                let (key, value) = entries.next()?;
                *current = Cow::Owned(key.into_owned());
                Some(value)
            }
        }
    }

    fn put(&mut self, value: Value<'static>) {
        match self {
            Self::List(_, owned) => owned.push(value),
            Self::Dictionary(_, owned, key) => owned.push(std::mem::take(key), value),
        }
    }

    fn into_value(self) -> Value<'static> {
        match self {
            Self::List(_, owned) => Value::List(owned),
            Self::Dictionary(_, owned, _) => Value::Dictionary(owned),
        }
    }
}
