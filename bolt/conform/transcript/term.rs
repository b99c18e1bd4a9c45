//! Values to be sent and patterns to be met, as they are written: one notation for both.

use super::{Data, Scope};
use crate::generated::Version;
use crate::wire::reflect::VersionSet;

/// A value, or a pattern of one.
#[derive(Clone, Debug)]
pub enum Term {
    /// A value as it stands.
    Data(Data),
    /// A list. When it is open, more may follow.
    List(Vec<Guarded<Self>>, bool),
    /// A dictionary. When it is open, it may hold more.
    Dictionary(Vec<Guarded<Entry>>, bool),
    /// A structure with these fields.
    Structure(u8, Vec<Guarded<Self>>),
    /// What is bound to a name, or binds it.
    Variable(String),
    /// The credentials of the runner.
    Credentials,
    /// Any value of a type.
    Type(TypeName),
    /// A string that holds another one.
    Holds(String),
    /// One of several.
    Either(Vec<Self>),
}

impl Term {
    /// The value to be sent. What is a pattern, which parsing keeps from here, is null; a variable that is not bound yet likewise.
    #[must_use]
    pub fn data(&self, scope: &Scope) -> Data {
        let items =
            |items: &[Guarded<Self>]| items.iter().filter(|item| item.is_in(scope.version)).map(|item| item.item.data(scope)).collect();
        match self {
            Self::Data(data) => data.clone(),
            Self::List(list, _) => Data::List(items(list)),
            Self::Dictionary(entries, _) => {
                let mut dictionary = Vec::new();
                for entry in entries.iter().filter(|entry| entry.is_in(scope.version)) {
                    match &entry.item {
                        Entry::Key { key, term, .. } => dictionary.push((key.clone(), term.data(scope))),
                        Entry::Credentials => dictionary.extend(scope.credentials.iter().cloned()),
                    }
                }
                Data::Dictionary(dictionary)
            }
            Self::Structure(tag, fields) => Data::Structure(*tag, items(fields)),
            Self::Variable(name) => scope.variable(name).cloned().unwrap_or(Data::Null),
            Self::Credentials => Data::Dictionary(scope.credentials.clone()),
            Self::Type(_) | Self::Holds(_) | Self::Either(_) => Data::Null,
        }
    }
}

/// An entry of a dictionary.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A key with its value.
    Key {
        /// The key.
        key: String,
        /// Whether it may be absent.
        optional: bool,
        /// Its value.
        term: Term,
    },
    /// The entries of the runner's credentials.
    Credentials,
}

/// Something that is there in some versions.
#[derive(Clone, Debug)]
pub struct Guarded<T> {
    /// The versions, if not all.
    pub versions: Option<VersionSet>,
    /// What it is.
    pub item: T,
}

impl<T> Guarded<T> {
    /// Whether it is there in a version.
    #[must_use]
    pub fn is_in(&self, version: Version) -> bool {
        self.versions.is_none_or(|versions| versions.contains(version))
    }
}

/// The types that a pattern can ask for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TypeName {
    /// Any type.
    Any,
    /// A boolean.
    Boolean,
    /// An integer.
    Integer,
    /// A float.
    Float,
    /// Bytes.
    Bytes,
    /// A string.
    String,
    /// A list.
    List,
    /// A dictionary.
    Dictionary,
    /// A structure with a tag.
    Structure(u8),
}
