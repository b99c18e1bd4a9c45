//! A mistake in the specification: one sentence at one place.

use std::fmt;
use std::path::PathBuf;

use crate::load::Sources;
use crate::locate::Place;

/// One thing that is wrong in the specification.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, thiserror::Error)]
pub struct Mistake {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
    /// What was expected, what is there, and what may have been meant.
    pub sentence: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file.display(), self.line, self.column, self.sentence)
    }
}

/// Collects the mistakes of all checks, so that an author sees them together.
#[derive(Debug)]
pub(crate) struct Mistakes<'s> {
    sources: &'s Sources,
    found: Vec<Mistake>,
}

impl<'s> Mistakes<'s> {
    pub(crate) fn new(sources: &'s Sources) -> Self {
        Self { sources, found: Vec::new() }
    }

    /// Notes what is wrong at a place.
    pub(crate) fn add(&mut self, place: &Place, sentence: impl Into<String>) {
        let (file, line, column) = self.sources.position(place);
        self.found.push(Mistake { file, line, column, sentence: sentence.into() });
    }

    /// All mistakes in the order of the text, or none.
    pub(crate) fn into_result(mut self) -> Result<(), Vec<Mistake>> {
        self.found.sort();
        self.found.dedup();
        if self.found.is_empty() { Ok(()) } else { Err(self.found) }
    }
}

/// The name nearest to a wrong one, as a question: ` (did you mean 'RUN'?)`, or nothing where none is near.
pub(crate) fn did_you_mean<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= name.len().max(3) / 3)
        .min()
        .map(|(_, name)| format!(" (did you mean '{name}'?)"))
        .unwrap_or_default()
}
