//! What a server's author knows to differ and accepts: the file of `--known`.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;
use wildmatch::WildMatch;

use super::outcome::{Outcome, Run, Verdict};
use super::report::{Review, Standing};
use super::transcript::versions;
use crate::generated::Version;
use crate::wire::reflect::VersionSet;

/// Deviations that are known.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Known {
    /// One after the other; the first that fits a case counts.
    pub entries: Vec<Entry>,
}

/// A deviation that is known.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The cases.
    pub case: Pattern,
    /// The versions, if not all.
    #[serde(default, deserialize_with = "read_versions", serialize_with = "write_versions", skip_serializing_if = "Option::is_none")]
    pub versions: Option<VersionSet>,
    /// Why it is accepted.
    #[serde(deserialize_with = "read_why")]
    pub why: String,
}

/// A pattern for the names of cases, in which `*` stands for any text and `?` for one character.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    matcher: WildMatch,
}

/// Why the file cannot be read.
#[derive(Debug, Error)]
#[error("{0}; it takes a list of {{ case: \"states/READY/RUN\", versions: 4.0-4.4, why: \"…\" }}, where * stands for any text")]
pub struct KnownError(#[from] serde_yaml::Error);

/// Why an entry can go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outdated {
    /// Its cases were played, and all of them passed.
    NoLongerDiffers,
    /// There is no case of this name.
    NoSuchCase,
}

impl Known {
    /// Reads the file.
    ///
    /// # Errors
    /// When it has another shape, with the place.
    pub fn parse(text: &str) -> Result<Self, KnownError> {
        // A file of comments only, as somebody leaves who has got rid of the last entry.
        let entries: Option<Vec<Entry>> = serde_yaml::from_str(text)?;
        Ok(Self { entries: entries.unwrap_or_default() })
    }

    /// The first entry that holds a case in a version.
    #[must_use]
    pub fn entry(&self, case: &str, version: Version) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.holds(case, version))
    }

    /// The entries that can go. That there is no such case is only said of a `whole` run, in which every case is there.
    #[must_use]
    pub fn outdated(&self, run: &Run, whole: bool) -> Vec<(&Entry, Outdated)> {
        let state = |entry: &Entry| {
            let mut cases = run.outcomes.iter().filter(|outcome| entry.holds(&outcome.name, outcome.version)).peekable();
            if cases.peek().is_none() {
                let here = entry.versions.is_none_or(|versions| run.versions.iter().any(|version| versions.contains(*version)));
                return (whole && here).then_some(Outdated::NoSuchCase);
            }
            cases.all(|outcome| matches!(outcome.verdict, Verdict::Passed)).then_some(Outdated::NoLongerDiffers)
        };
        self.entries.iter().filter_map(|entry| state(entry).map(|state| (entry, state))).collect()
    }

    /// What a file has to say for a run to have nothing unexpected: the entries that still hold, and one for each deviation that none of them
    /// covers.
    #[must_use]
    pub fn of(review: &Review<'_>) -> Self {
        let mut entries: Vec<_> = review
            .known
            .entries
            .iter()
            .filter(|entry| review.outdated.iter().all(|(outdated, _)| !std::ptr::eq(*outdated, *entry)))
            .cloned()
            .collect();
        let mut new: Vec<(&Outcome, &str, Vec<Version>)> = Vec::new();
        for judged in &review.judged {
            let (Standing::Unexpected, Verdict::Deviated(deviation)) = (judged.standing, &judged.outcome.verdict) else { continue };
            let what = deviation.effect.what.as_str();
            match new.iter_mut().find(|(outcome, other, _)| outcome.name == judged.outcome.name && *other == what) {
                Some((_, _, versions)) => versions.push(judged.outcome.version),
                None => new.push((judged.outcome, what, vec![judged.outcome.version])),
            }
        }
        entries.extend(new.into_iter().map(|(outcome, what, versions)| Entry {
            case: Pattern::new(&outcome.name),
            versions: Some(versions.into_iter().collect()),
            why: format!("{UNEXPLAINED}{what}"),
        }));
        Self { entries }
    }

    /// The text of the file.
    ///
    /// # Errors
    /// When it cannot be written as YAML.
    pub fn to_yaml(&self) -> Result<String, KnownError> {
        let entries = if self.entries.is_empty() { "[]\n".to_owned() } else { serde_yaml::to_string(self)? };
        Ok(format!("{HEADER}{entries}"))
    }
}

/// What stands in a file that the kit has written.
const HEADER: &str = "\
# Deviations that are accepted: 'boltwright conform --known' with this file fails on others only.
# Replace each 'not explained yet' by the reason, or fix what differs and remove the entry.
";

const UNEXPLAINED: &str = "not explained yet: ";

impl Entry {
    /// Whether it is about a case in a version.
    #[must_use]
    pub fn holds(&self, case: &str, version: Version) -> bool {
        self.versions.is_none_or(|versions| versions.contains(version)) && self.case.matches(case)
    }
}

impl Pattern {
    /// A pattern. Every text is one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), matcher: WildMatch::new(text) }
    }

    /// Whether a name fits.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.matcher.matches(name)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            Err(D::Error::custom("'case' is empty, expected the name of a case or a pattern"))
        } else {
            Ok(Self::new(&text))
        }
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

fn read_versions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<VersionSet>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let expected = || D::Error::custom(format!("expected versions such as 4.4, 4.0-4.4, 5.1+ or 3,5.0+, got '{text}'"));
    versions::parse(&text).filter(|versions| !versions.is_empty()).map(Some).ok_or_else(expected)
}

#[allow(clippy::ref_option, reason = "serde hands over the field as it is")]
fn write_versions<S: Serializer>(versions: &Option<VersionSet>, serializer: S) -> Result<S::Ok, S::Error> {
    versions.map(|versions| versions.to_string().replace(", ", ",")).serialize(serializer)
}

fn read_why<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let why = String::deserialize(deserializer)?;
    if why.trim().is_empty() { Err(D::Error::custom("'why' is empty, expected the reason why this is accepted")) } else { Ok(why) }
}

#[cfg(test)]
mod tests;
