//! The cases of a version: the conversations that are written down, and those that follow from the specification.

use super::generate;
use super::transcript::{ParseError, Transcript};
use crate::generated::Version;
use crate::generated::conversations::CONVERSATIONS;

/// One thing to try.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, which starts with its area: `results/batches`. It is the same in every version and every run.
    pub name: String,
    /// Its text, as people read it.
    pub text: String,
    /// What is said.
    pub transcript: Transcript,
}

impl Case {
    /// Every case that is to be tried in a version, in the order of areas and names.
    ///
    /// # Errors
    /// When the specification holds a conversation that cannot be read; a test reads them all.
    pub fn all(version: Version) -> Result<Vec<Self>, ParseError> {
        Self::named(version, |_| true)
    }

    /// Those of them whose name is asked for.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn named(version: Version, asked_for: impl Fn(&str) -> bool) -> Result<Vec<Self>, ParseError> {
        let mut cases = Vec::new();
        for (stem, text) in CONVERSATIONS {
            let transcript = Transcript::parse(text)?;
            if transcript.versions.contains(version) {
                let name = format!("{}/{stem}", transcript.area.name());
                cases.push(Self { name, text: (*text).to_owned(), transcript });
            }
        }
        cases.retain(|case| asked_for(&case.name));
        for (name, text) in generate::cases(version).into_iter().filter(|(name, _)| asked_for(name)) {
            let transcript = Transcript::parse(&text)?;
            cases.push(Self { name, text, transcript });
        }
        cases.sort_by(|one, other| (one.transcript.area, &one.name).cmp(&(other.transcript.area, &other.name)));
        Ok(cases)
    }
}
