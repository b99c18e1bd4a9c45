//! What users of the drivers saw, on Neo4j and here: one file a language.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Error, Language, Release};

/// What came of a scenario.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "lowercase", tag = "outcome", content = "observed")]
pub enum Outcome {
    /// What the driver's user saw.
    Value(Value),
    /// The release lacks what the scenario is about: why.
    Absent(String),
    /// The scenario did not come to its end: the exception.
    Error(Value),
}

/// What was recorded of a release in a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// On Neo4j.
    pub neo4j: Outcome,
    /// Here, where it differs.
    pub here: Option<Outcome>,
    /// The release has done it here, too.
    pub done: bool,
}

/// What users of the drivers saw.
#[derive(Debug, Default)]
pub struct Records {
    cells: BTreeMap<(Language, String), BTreeMap<String, Recorded>>,
}

/// Releases that saw the same.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Alike {
    releases: Vec<String>,
    neo4j: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    here: Option<Outcome>,
    /// Whether they have done it here.
    done: bool,
}

impl Records {
    /// Reads the files in the folder `expected`.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let mut records = Self::default();
        for language in Language::ALL {
            let path = file(folder, language);
            if !path.exists() {
                continue;
            }
            let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
            let scenarios: BTreeMap<String, Vec<Alike>> = serde_json::from_str(&text).map_err(|error| Error::text(&path)(&error))?;
            for (scenario, groups) in scenarios {
                for Alike { releases, neo4j, here, done } in groups {
                    for label in releases {
                        let recorded = Recorded { neo4j: neo4j.clone(), here: here.clone(), done };
                        records.cells.entry((language, label)).or_default().insert(scenario.clone(), recorded);
                    }
                }
            }
        }
        Ok(records)
    }

    /// What was recorded of a release in a scenario.
    #[must_use]
    pub fn cell(&self, release: &Release, scenario: &str) -> Option<&Recorded> {
        self.cells.get(&(release.language, release.label()))?.get(scenario)
    }

    /// Keeps what came on Neo4j.
    pub fn set_neo4j(&mut self, release: &Release, scenario: &str, neo4j: Outcome) {
        let cells = self.cells.entry((release.language, release.label())).or_default();
        match cells.get_mut(scenario) {
            Some(recorded) if recorded.neo4j == neo4j => {}
            _ => drop(cells.insert(scenario.to_owned(), Recorded { neo4j, here: None, done: false })),
        }
    }

    /// Keeps that it was done here, and what came where that differs.
    pub fn set_here(&mut self, release: &Release, scenario: &str, here: Option<Outcome>) {
        let cells = self.cells.entry((release.language, release.label())).or_default();
        if let Some(recorded) = cells.get_mut(scenario) {
            recorded.here = here;
            recorded.done = true;
        }
    }

    /// Writes the files: a line for all releases that saw the same. What is not planned any more is forgotten.
    pub fn save(&self, folder: &Path, releases: &[Release], scenarios: &[String]) -> Result<(), Error> {
        fs::create_dir_all(folder).map_err(Error::file(folder))?;
        for language in Language::ALL {
            let releases: Vec<_> = releases.iter().filter(|release| release.language == language).collect();
            let mut parts = Vec::new();
            for scenario in scenarios {
                let groups = self.alike(&releases, scenario);
                if groups.is_empty() {
                    continue;
                }
                let mut part = format!("\"{scenario}\": [");
                for (number, group) in groups.iter().enumerate() {
                    let line = serde_json::to_string(group).map_err(|error| Error::text(folder)(&error))?;
                    let _ = write!(part, "{}\n  {line}", if number == 0 { "" } else { "," });
                }
                part.push_str("\n]");
                parts.push(part);
            }
            let path = file(folder, language);
            if !parts.is_empty() {
                fs::write(&path, format!("{{\n{}\n}}\n", parts.join(",\n"))).map_err(Error::file(&path))?;
            }
        }
        Ok(())
    }

    fn alike(&self, releases: &[&Release], scenario: &str) -> Vec<Alike> {
        let mut groups: Vec<Alike> = Vec::new();
        for release in releases {
            let Some(Recorded { neo4j, here, done }) = self.cell(release, scenario) else { continue };
            match groups.iter_mut().find(|group| (&group.neo4j, &group.here, group.done) == (neo4j, here, *done)) {
                Some(group) => group.releases.push(release.label()),
                None => groups.push(Alike { releases: vec![release.label()], neo4j: neo4j.clone(), here: here.clone(), done: *done }),
            }
        }
        groups
    }
}

fn file(folder: &Path, language: Language) -> PathBuf {
    folder.join(format!("{}.json", language.folder()))
}
