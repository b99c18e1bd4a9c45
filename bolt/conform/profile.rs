//! The queries that cases need, and what a server says in their place.

use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use thiserror::Error;

use super::transcript::{Need, Step, Transcript};
use crate::generated::Version;

/// What a server understands in the place of the kit's Cypher, and what it lacks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Profile {
    /// A query's name, and what stands in its place; null where the server has nothing of the kind.
    texts: Vec<(String, Option<String>)>,
    lacks: Vec<Need>,
}

/// What becomes of the text of a RUN.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Translation<'p> {
    /// It is sent as it is.
    AsItIs,
    /// Another text is sent.
    Other(&'p str),
    /// The server has nothing of the kind that has this name.
    Lacking(&'p str),
}

/// One of the queries that cases need.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// What a profile calls it.
    pub name: String,
    /// Its text in Cypher, as cases have it.
    pub cypher: String,
    /// What a text has to do that stands in its place.
    pub does: String,
}

/// Why a profile cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// It is no YAML, or has another shape.
    #[error("the profile cannot be read: {0}; it takes 'queries', texts or null by name, and 'lacks', a list")]
    Unreadable(#[from] serde_yaml::Error),
    /// It names a query that no case needs.
    #[error("the profile has the query '{name}', which no case needs{near}")]
    UnknownQuery {
        /// The name.
        name: String,
        /// The name that may have been meant, as a question.
        near: String,
    },
    /// It gives two texts for a query.
    #[error("the profile has the query '{name}' twice; one of them has to go")]
    Repeated {
        /// The name.
        name: String,
    },
    /// It lacks what no case needs.
    #[error("the profile lacks '{name}', which no case needs{near}; there are {}", names_of_needs())]
    UnknownNeed {
        /// The name.
        name: String,
        /// The name that may have been meant, as a question.
        near: String,
    },
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// When it cannot be read, or names what is not there.
    pub fn load(text: &str) -> Result<Self, ProfileError> {
        let file: File = serde_yaml::from_str(text)?;
        for (index, (name, _)) in file.queries.0.iter().enumerate() {
            if !queries().iter().any(|query| query.name == *name) {
                let near = did_you_mean(name, queries().iter().map(|query| query.name.as_str()));
                return Err(ProfileError::UnknownQuery { name: name.clone(), near });
            }
            if file.queries.0[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(ProfileError::Repeated { name: name.clone() });
            }
        }
        let need = |name: &String| {
            Need::named(name).ok_or_else(|| ProfileError::UnknownNeed {
                name: name.clone(),
                near: did_you_mean(name, Need::ALL.iter().map(|need| need.name())),
            })
        };
        let lacks = file.lacks.iter().map(need).collect::<Result<_, _>>()?;
        Ok(Self { texts: file.queries.0, lacks })
    }

    /// What becomes of the text of a RUN. What is no query of the kit is left alone.
    #[must_use]
    pub fn translate(&self, cypher: &str) -> Translation<'_> {
        let Some(query) = queries().iter().find(|query| query.cypher == cypher) else { return Translation::AsItIs };
        match self.texts.iter().find(|(name, _)| *name == query.name) {
            None => Translation::AsItIs,
            Some((_, Some(text))) => Translation::Other(text),
            Some((name, None)) => Translation::Lacking(name),
        }
    }

    /// Whether a server with this profile has to do without something.
    #[must_use]
    pub fn lacks(&self, need: Need) -> bool {
        // What cannot be translated is only for servers to which nothing is.
        self.lacks.contains(&need) || need == Need::Cypher && !self.texts.is_empty()
    }

    /// Why a case cannot be played in a version against a server with this profile.
    #[must_use]
    pub fn hinders(&self, case: &Transcript, version: Version) -> Option<String> {
        if let Some(need) = case.needs.iter().find(|need| self.lacks(**need)) {
            return Some(format!("it needs {}, which the profile lacks", need.name()));
        }
        case.lines_in(version).find_map(|line| {
            let Step::Request(request) = &line.step else { return None };
            match self.translate(request.query()?) {
                Translation::Lacking(name) => Some(format!("it needs the query '{name}', which is null in the profile")),
                Translation::AsItIs | Translation::Other(_) => None,
            }
        })
    }
}

/// Every query that cases need.
#[must_use]
pub fn queries() -> &'static [Query] {
    &DEFAULT.queries
}

/// Whether a text is said by the protocol rather than to a database: no profile changes it.
#[must_use]
pub fn is_protocol(text: &str) -> bool {
    DEFAULT.protocol.iter().any(|protocol| protocol == text)
}

/// The default profile; a test reads it, so that it never is the empty one here.
static DEFAULT: LazyLock<DefaultFile> = LazyLock::new(|| serde_yaml::from_str(include_str!("profile.yaml")).unwrap_or_default());

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DefaultFile {
    queries: Vec<Query>,
    protocol: Vec<String>,
}

/// A profile as its author writes it.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    queries: Texts,
    lacks: Vec<String>,
}

/// A map as a list, so that a name that stands twice is seen.
#[derive(Default)]
struct Texts(Vec<(String, Option<String>)>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("texts or null by the names of queries")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    texts.push(entry);
                }
                Ok(Texts(texts))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

/// The name nearest to a wrong one, as a question.
fn did_you_mean<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> String {
    names
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, name)| *distance <= name.len().max(3) / 3)
        .min()
        .map(|(_, name)| format!(" (did you mean '{name}'?)"))
        .unwrap_or_default()
}

fn names_of_needs() -> String {
    Need::ALL.map(Need::name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::{DefaultFile, Profile, Translation, is_protocol, queries};
    use crate::conform::transcript::{Need, Transcript};
    use crate::generated::Version;

    #[test]
    fn default_profile_can_be_read() {
        serde_yaml::from_str::<DefaultFile>(include_str!("profile.yaml")).unwrap();
    }

    #[test]
    fn no_query_is_there_twice() {
        for (index, query) in queries().iter().enumerate() {
            let earlier = &queries()[..index];
            assert!(!earlier.iter().any(|other| other.name == query.name || other.cypher == query.cypher), "{}", query.name);
            assert!(!is_protocol(&query.cypher), "{}", query.name);
        }
    }

    #[test]
    fn default_profile_translates_nothing() {
        let profile = Profile::default();
        assert!(queries().iter().all(|query| profile.translate(&query.cypher) == Translation::AsItIs));
        assert!(Need::ALL.iter().all(|need| !profile.lacks(*need)));
    }

    #[test]
    fn texts_of_a_profile_stand_in_for_the_query() {
        let profile = Profile::load("queries:\n  one: SELECT 1 AS n\n  path: null\nlacks: [routing]\n").unwrap();
        assert_eq!(profile.translate("RETURN 1 AS n"), Translation::Other("SELECT 1 AS n"));
        assert_eq!(profile.translate("RETURN $a AS a"), Translation::AsItIs);
        assert_eq!(profile.translate("BEGIN"), Translation::AsItIs);
        let path = &queries().iter().find(|query| query.name == "path").unwrap().cypher;
        assert_eq!(profile.translate(path), Translation::Lacking("path"));
        assert!(profile.lacks(Need::Routing) && profile.lacks(Need::Cypher) && !profile.lacks(Need::Authentication));
    }

    #[test]
    fn what_a_case_lacks_is_told() {
        let profile = Profile::load("queries: { syntax_error: null }\nlacks: [routing]\n").unwrap();
        let hinders = |text: &str, version| profile.hinders(&Transcript::parse(text).unwrap(), version);
        let text = "title: T\narea: failures\nversions: 1+\nsource: docs\n@3+ C: RUN \"RETRUN 1\" {} {}\nS: <SILENCE>\n";
        assert_eq!(hinders(text, Version::V2), None);
        assert_eq!(hinders(text, Version::V3).unwrap(), "it needs the query 'syntax_error', which is null in the profile");
        let text = "title: T\narea: routing\nversions: 1+\nsource: docs\nneeds: routing\nS: <SILENCE>\n";
        assert_eq!(hinders(text, Version::V2).unwrap(), "it needs routing, which the profile lacks");
    }

    #[test]
    fn mistakes_in_a_profile_are_named() {
        let error = |text: &str| Profile::load(text).unwrap_err().to_string();
        assert_eq!(error("queries: { pth: null }"), "the profile has the query 'pth', which no case needs (did you mean 'path'?)");
        assert_eq!(error("queries: { weather: null }"), "the profile has the query 'weather', which no case needs");
        assert_eq!(error("queries:\n  one: A\n  one: B\n"), "the profile has the query 'one' twice; one of them has to go");
        assert_eq!(
            error("lacks: [ruting]"),
            "the profile lacks 'ruting', which no case needs (did you mean 'routing'?); \
             there are authentication, databases, routing, timeouts, cypher"
        );
        assert!(error("texts: {}").contains("unknown field `texts`"));
        assert!(error("queries: [one]").contains("texts or null by the names of queries"));
    }
}
