//! Reads lists and dictionaries in each other without recursion.

use std::borrow::Cow;
use std::collections::HashSet;

use super::reader::is_list;
use super::{DecodeError, DecodeErrorKind, Dictionary, FEW_KEYS, Reader};
use crate::generated::Value;

impl<'a> Reader<'a> {
    /// Reads a list or a dictionary with all that is in it. Those around the one that is being filled wait on the heap, so that
    /// only structures in each other take more of the stack.
    pub(super) fn tree(&mut self) -> Result<Value<'a>, DecodeError> {
        let mut around = Vec::new();
        let mut open = self.open()?;
        loop {
            if self.fill(&mut open)? {
                self.leave();
                let value = open.into_value();
                match around.pop() {
                    None => return Ok(value),
                    Some(outer) => open = outer,
                }
                open.put(value);
            } else {
                let inner = self.open()?;
                around.push(std::mem::replace(&mut open, inner));
            }
        }
    }

    fn open(&mut self) -> Result<Open<'a>, DecodeError> {
        let open = if is_list(self.marker()?) {
            let left = self.list_header()?;
            Open::List { values: Vec::with_capacity(left.min(RESERVE_MAX)), left }
        } else {
            let left = self.dictionary_header()?;
            let dictionary = Dictionary::with_capacity(left.min(RESERVE_MAX));
            Open::Dictionary { dictionary, keys: Keys::new(left), key: "", left }
        };
        self.enter()?;
        Ok(open)
    }

    /// Fills a list or dictionary, and says whether it is whole. If not, the value that goes in next holds others itself.
    fn fill(&mut self, open: &mut Open<'a>) -> Result<bool, DecodeError> {
        match open {
            Open::List { values, left } => {
                while *left > 0 {
                    let Some(value) = self.leaf()? else { return Ok(false) };
                    values.push(value);
                    *left -= 1;
                }
            }
            Open::Dictionary { dictionary, keys, key, left } => {
                while *left > 0 {
                    *key = self.unused_key(keys, dictionary)?;
                    let Some(value) = self.leaf()? else { return Ok(false) };
                    dictionary.push(Cow::Borrowed(key), value);
                    *left -= 1;
                }
            }
        }
        Ok(true)
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
}

/// A list or dictionary that is being filled.
enum Open<'a> {
    List {
        values: Vec<Value<'a>>,
        left: usize,
    },
    /// With the key that the next value belongs to.
    Dictionary {
        dictionary: Dictionary<'a>,
        keys: Keys<'a>,
        key: &'a str,
        left: usize,
    },
}

impl<'a> Open<'a> {
    fn put(&mut self, value: Value<'a>) {
        match self {
            Self::List { values, left } => {
                values.push(value);
                *left -= 1;
            }
            Self::Dictionary { dictionary, key, left, .. } => {
                dictionary.push(Cow::Borrowed(key), value);
                *left -= 1;
            }
        }
    }

    fn into_value(self) -> Value<'a> {
        match self {
            Self::List { values, .. } => Value::List(values),
            Self::Dictionary { dictionary, .. } => Value::Dictionary(dictionary),
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
