//! What there is to run: releases, scenarios, and the reasons for what differs.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Error;

/// What there is to run.
#[derive(Debug)]
pub struct Plan {
    /// The folder `tests/drivers`.
    pub folder: PathBuf,
    /// In the order of the list.
    pub releases: Vec<Release>,
    /// Releases that are not run, and why.
    pub left_out: Vec<LeftOut>,
    /// In the order of the list.
    pub scenarios: Vec<Scenario>,
    /// Why something differs from Neo4j.
    pub reasons: Vec<Reason>,
}

/// A language that has an official driver.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// `neo4j`, before 4.0 `neo4j-driver`.
    Python,
    /// `neo4j-driver`.
    JavaScript,
    /// `github.com/neo4j/neo4j-go-driver`.
    Go,
    /// `org.neo4j.driver:neo4j-java-driver`.
    Java,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Python, Self::JavaScript, Self::Go, Self::Java];

    /// As its folder is called.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::JavaScript => "javascript",
            Self::Go => "go",
            Self::Java => "java",
        }
    }

    /// As people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::JavaScript => "JavaScript",
            Self::Go => "Go",
            Self::Java => "Java",
        }
    }
}

/// A release of a driver, as it is run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Whose it is.
    pub language: Language,
    /// Its version; behind a `+` an addition that is installed with it.
    pub version: String,
    /// The version of Bolt that it picks.
    pub bolt: String,
    /// The newest version that the server may speak, where it is held back.
    pub cap: Option<String>,
    /// The Neo4j that it was recorded against.
    pub neo4j: String,
    /// It is among those that `cargo verify` runs.
    #[serde(default)]
    pub verify: bool,
    /// What is special about it.
    pub note: Option<String>,
}

impl Release {
    /// Its version, and what the server is held back to.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.cap {
            Some(cap) => format!("{}@{cap}", self.version),
            None => self.version.clone(),
        }
    }

    /// The version of Bolt in its parts, by which versions are ordered.
    #[must_use]
    pub(crate) fn bolt_parts(&self) -> Vec<u32> {
        self.bolt.split('.').filter_map(|part| part.parse().ok()).collect()
    }

    /// Whether `python`, `python:5`, `python:5.28.8` or the like means it.
    #[must_use]
    pub fn is_meant_by(&self, pattern: &str) -> bool {
        let (language, version) = pattern.split_once(':').unwrap_or((pattern, ""));
        let label = self.label();
        let rest = label.strip_prefix(version).filter(|rest| version.is_empty() || rest.is_empty() || rest.starts_with(['.', '+', '@']));
        language == self.language.folder() && rest.is_some()
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.language.folder(), self.label())
    }
}

/// A release that is not run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// Whose it is.
    pub language: Language,
    /// Its version.
    pub version: String,
    /// Why it is not run.
    pub reason: String,
}

/// Something that every release is asked to do.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is called.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// What it runs against.
    #[serde(default)]
    pub server: Backend,
}

/// What a scenario runs against.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// `boltwright serve`.
    #[default]
    Embedded,
    /// `examples/echo_backend.rs`.
    Echo,
}

/// Why something differs from what Neo4j did.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// What it is called.
    pub id: String,
    /// What kind of difference it is.
    pub kind: Difference,
    /// The reason, in a sentence.
    pub why: String,
    /// The scenarios that it explains.
    pub scenarios: Vec<String>,
    /// The releases that it explains, such as `python:4.0`.
    pub releases: Vec<String>,
}

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Difference {
    /// The embedded database cannot do it.
    Embedded,
    /// A newer Neo4j does it as this server.
    Newer,
    /// The driver fails of itself, there and here or where chance has it.
    Driver,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Releases {
    releases: Vec<Release>,
    left_out: Vec<LeftOut>,
}

impl Plan {
    /// What the folder `tests/drivers` says.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let Releases { releases, left_out } = read(&folder.join("releases.yaml"))?;
        let scenarios = read(&folder.join("scenarios.yaml"))?;
        let reasons = read(&folder.join("reasons.yaml"))?;
        Ok(Self { folder: folder.to_owned(), releases, left_out, scenarios, reasons })
    }

    /// Keeps the releases that one of the patterns means; without any, all.
    pub fn keep_releases(&mut self, patterns: &[String]) -> Result<(), Error> {
        for pattern in patterns {
            if !self.releases.iter().any(|release| release.is_meant_by(pattern)) {
                return Err(Error::Release { given: pattern.clone() });
            }
        }
        self.releases.retain(|release| patterns.is_empty() || patterns.iter().any(|pattern| release.is_meant_by(pattern)));
        Ok(())
    }

    /// Keeps these scenarios, or those of these areas; without any, all.
    pub fn keep_scenarios(&mut self, names: &[String]) -> Result<(), Error> {
        let is_meant = |id: &str, name: &str| id.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        for name in names {
            if !self.scenarios.iter().any(|scenario| is_meant(&scenario.id, name)) {
                return Err(Error::Scenario { given: name.clone() });
            }
        }
        self.scenarios.retain(|scenario| names.is_empty() || names.iter().any(|name| is_meant(&scenario.id, name)));
        Ok(())
    }

    /// Why this release may see something else than on Neo4j.
    #[must_use]
    pub fn reason(&self, release: &Release, scenario: &str) -> Option<&Reason> {
        self.reasons.iter().find(|reason| {
            reason.scenarios.iter().any(|id| id == scenario) && reason.releases.iter().any(|pattern| release.is_meant_by(pattern))
        })
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = fs::read_to_string(path).map_err(Error::file(path))?;
    serde_yaml::from_str(&text).map_err(|error| Error::text(path)(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_whole_parts_of_a_version() {
        let release = Release {
            language: Language::Python,
            version: "5.28.8+rust".to_owned(),
            bolt: "5.8".to_owned(),
            cap: None,
            neo4j: "2026.08.1".to_owned(),
            verify: false,
            note: None,
        };
        for pattern in ["python", "python:5", "python:5.28", "python:5.28.8", "python:5.28.8+rust"] {
            assert!(release.is_meant_by(pattern), "{pattern}");
        }
        for pattern in ["javascript", "python:5.2", "python:5.28.8+", "python:28", "py"] {
            assert!(!release.is_meant_by(pattern), "{pattern}");
        }
    }
}
