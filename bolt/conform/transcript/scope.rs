//! What a conversation knows while it is played, and the comparison of what came with what was to come.

use std::collections::HashMap;

use super::{Data, Entry, Guarded, Term, TypeName};
use crate::generated::Version;

/// What a conversation knows while it is played.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The version at hand.
    pub version: Version,
    /// The credentials of the runner.
    pub credentials: Vec<(String, Data)>,
    variables: Vec<(String, Data)>,
}

impl Scope {
    /// A scope in which `$run` is bound, to a string that no other play has.
    #[must_use]
    pub fn new(version: Version, credentials: Vec<(String, Data)>, run: &str) -> Self {
        Self { version, credentials, variables: vec![("run".to_owned(), Data::String(run.to_owned()))] }
    }

    /// What is bound to a name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Data> {
        self.variables.iter().find(|(bound, _)| bound == name).map(|(_, data)| data)
    }

    /// Whether a value is what a pattern asks for. Variables that are met first are bound.
    pub fn matches(&mut self, pattern: &Term, data: &Data) -> bool {
        match (pattern, data) {
            (Term::Data(expected), data) => expected.same(data),
            (Term::List(patterns, open), Data::List(items)) => self.match_items(patterns, *open, items),
            (Term::Dictionary(entries, open), Data::Dictionary(dictionary)) => self.match_entries(entries, *open, dictionary),
            (Term::Structure(expected, patterns), Data::Structure(tag, fields)) => {
                expected == tag && self.match_items(patterns, false, fields)
            }
            (Term::Variable(name), data) => match self.variable(name) {
                Some(bound) => bound.same(data),
                None => {
                    self.variables.push((name.clone(), data.clone()));
                    true
                }
            },
            (Term::Type(expected), data) => expected.includes(data),
            (Term::Holds(part), Data::String(text)) => text.contains(part.as_str()),
            (Term::Either(patterns), data) => patterns.iter().any(|pattern| self.matches(pattern, data)),
            _ => false,
        }
    }

    /// Whether values are what patterns ask for, one by one; when the patterns are open, more may follow.
    pub fn match_items(&mut self, patterns: &[Guarded<Term>], open: bool, items: &[Data]) -> bool {
        let version = self.version;
        let here: Vec<_> = patterns.iter().filter(|pattern| pattern.is_in(version)).collect();
        let count = here.len() == items.len() || open && here.len() < items.len();
        count && here.iter().zip(items).all(|(pattern, item)| self.matches(&pattern.item, item))
    }

    fn match_entries(&mut self, entries: &[Guarded<Entry>], open: bool, dictionary: &[(String, Data)]) -> bool {
        // Dictionaries may be large, and come in any order.
        let by_key: HashMap<&str, &Data> = dictionary.iter().map(|(key, data)| (key.as_str(), data)).collect();
        let mut known = 0;
        for entry in entries {
            let Entry::Key { key, optional, term } = &entry.item else { return false };
            if !entry.is_in(self.version) {
                continue;
            }
            match by_key.get(key.as_str()) {
                Some(data) if self.matches(term, data) => known += 1,
                None if *optional => {}
                _ => return false,
            }
        }
        open || known == dictionary.len()
    }
}

impl TypeName {
    fn includes(self, data: &Data) -> bool {
        match (self, data) {
            (Self::Any, _)
            | (Self::Boolean, Data::Boolean(_))
            | (Self::Integer, Data::Integer(_))
            | (Self::Float, Data::Float(_))
            | (Self::Bytes, Data::Bytes(_))
            | (Self::String, Data::String(_))
            | (Self::List, Data::List(_))
            | (Self::Dictionary, Data::Dictionary(_)) => true,
            (Self::Structure(expected), Data::Structure(tag, _)) => expected == *tag,
            _ => false,
        }
    }
}
