//! What a run has come to, for the author of the server: judged, put together, and written in one of several formats.

pub mod json;
mod junit;
mod markdown;
mod matrix;
pub mod table;
mod text;

use std::fmt;

use thiserror::Error;

use super::known::{Entry, Known, Outdated};
use super::outcome::{Deviation, Effect, Outcome, Run, Verdict};
use super::transcript::Source;
use crate::generated::Version;
use crate::wire::reflect::VersionSet;

/// A run, and what is to be said about it.
#[derive(Clone, Debug)]
pub struct Review<'r> {
    /// The run.
    pub run: &'r Run,
    /// What is known to differ.
    pub known: &'r Known,
    /// Each outcome, in the order of the run.
    pub judged: Vec<Judged<'r>>,
    /// What is known to differ, and does not.
    pub outdated: Vec<(&'r Entry, Outdated)>,
}

/// An outcome, and how it stands.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'r> {
    /// The outcome.
    pub outcome: &'r Outcome,
    /// How it stands.
    pub standing: Standing<'r>,
}

/// How an outcome stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing<'r> {
    /// All went as expected.
    Passed,
    /// It differs, and that is a fault.
    Unexpected,
    /// It differs from what was chosen for this specification, where nothing else says how it has to be.
    ByChoice,
    /// It differs, and that is known, for this reason.
    Known(&'r str),
    /// It was not tried, for this reason.
    NotRun(&'r str),
}

/// How a run is judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// What differs from a choice of this specification is a fault as well.
    pub strict: bool,
    /// Every case was meant to run, so that an entry of the known-file that fits none has no reason to be there.
    pub whole: bool,
}

impl<'r> Review<'r> {
    /// Judges a run.
    #[must_use]
    pub fn new(run: &'r Run, known: &'r Known, rules: Rules) -> Self {
        let judge = |outcome: &'r Outcome| {
            let standing = match &outcome.verdict {
                Verdict::Passed => Standing::Passed,
                Verdict::NotRun(reason) => Standing::NotRun(reason),
                Verdict::Deviated(_) => match known.entry(&outcome.name, outcome.version) {
                    Some(entry) => Standing::Known(&entry.why),
                    None if outcome.source == Source::Decision && !rules.strict => Standing::ByChoice,
                    None => Standing::Unexpected,
                },
            };
            Judged { outcome, standing }
        };
        Self { run, known, judged: run.outcomes.iter().map(judge).collect(), outdated: known.outdated(run, rules.whole) }
    }

    /// Whether nothing differs that was not expected to.
    #[must_use]
    pub fn conforms(&self) -> bool {
        self.judged.iter().all(|judged| judged.standing != Standing::Unexpected)
    }

    /// How many outcomes there are of each standing.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.judged.iter().collect()
    }

    /// The areas, in the order of the run.
    #[must_use]
    pub fn areas(&self) -> Vec<&'r str> {
        let mut areas = Vec::new();
        for judged in &self.judged {
            if !areas.contains(&judged.outcome.area.as_str()) {
                areas.push(&judged.outcome.area);
            }
        }
        areas
    }

    /// What differs, put together: the worst first within an area, and then what the most cases meet.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding<'r>> {
        let mut findings: Vec<Finding<'r>> = Vec::new();
        for judged in &self.judged {
            let Verdict::Deviated(deviation) = &judged.outcome.verdict else { continue };
            let (outcome, standing) = (judged.outcome, judged.standing);
            let same = |finding: &&mut Finding<'r>| {
                let first = finding.outcome;
                finding.standing == standing
                    && finding.deviation.effect == deviation.effect
                    && (&first.area, first.source, &first.why) == (&outcome.area, outcome.source, &outcome.why)
            };
            let finding = match findings.iter_mut().find(same) {
                Some(finding) => finding,
                None => {
                    findings.push(Finding { standing, outcome, deviation, cases: Vec::new() });
                    let Some(finding) = findings.last_mut() else { continue };
                    finding
                }
            };
            match finding.cases.iter_mut().find(|case| case.name == outcome.name) {
                Some(case) => case.versions = case.versions.iter().chain([outcome.version]).collect(),
                None => finding.cases.push(Case {
                    name: &outcome.name,
                    title: &outcome.title,
                    versions: [outcome.version].into_iter().collect(),
                }),
            }
            // The newest version is what most of its clients speak.
            if finding.outcome.name == outcome.name && finding.outcome.version <= outcome.version {
                (finding.outcome, finding.deviation) = (outcome, deviation);
            }
        }
        let areas = self.areas();
        let place = |finding: &Finding<'_>| areas.iter().position(|area| *area == finding.outcome.area);
        findings.sort_by_key(|finding| (place(finding), finding.deviation.effect.severity, std::cmp::Reverse(finding.count())));
        findings
    }

    /// What was not tried, by the reasons, those of the most cases first.
    #[must_use]
    pub fn not_run(&self) -> Vec<(&'r str, Vec<Case<'r>>)> {
        let mut reasons: Vec<(&str, Vec<Case<'_>>)> = Vec::new();
        for judged in &self.judged {
            let (Standing::NotRun(reason), outcome) = (judged.standing, judged.outcome) else { continue };
            let case = Case { name: &outcome.name, title: &outcome.title, versions: [outcome.version].into_iter().collect() };
            match reasons.iter_mut().find(|(other, _)| *other == reason) {
                None => reasons.push((reason, vec![case])),
                Some((_, cases)) => match cases.iter_mut().find(|other| other.name == case.name) {
                    Some(other) => other.versions = other.versions.iter().chain(case.versions.iter()).collect(),
                    None => cases.push(case),
                },
            }
        }
        reasons.sort_by_key(|(_, cases)| std::cmp::Reverse(cases.len()));
        reasons
    }
}

/// One thing that differs, in however many cases and versions: an example, and where else it was met.
#[derive(Clone, Debug)]
pub struct Finding<'r> {
    /// How it stands.
    pub standing: Standing<'r>,
    /// The example: the first case, in the newest version that it was met in.
    pub outcome: &'r Outcome,
    /// What happened there.
    pub deviation: &'r Deviation,
    /// Every case that it was met in.
    pub cases: Vec<Case<'r>>,
}

impl Finding<'_> {
    /// How often it was met.
    #[must_use]
    pub fn count(&self) -> usize {
        self.cases.iter().map(|case| case.versions.iter().count()).sum()
    }

    fn effect(&self) -> &Effect {
        &self.deviation.effect
    }
}

/// A case, and the versions that something is said of.
#[derive(Clone, Copy, Debug)]
pub struct Case<'r> {
    /// Its name.
    pub name: &'r str,
    /// What it shows.
    pub title: &'r str,
    /// The versions.
    pub versions: VersionSet,
}

/// How many outcomes there are of each standing.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Counts {
    /// As expected.
    pub passed: usize,
    /// Faults.
    pub unexpected: usize,
    /// Different from a choice of this specification.
    pub by_choice: usize,
    /// Known to differ.
    pub known: usize,
    /// Not tried.
    pub not_run: usize,
}

impl<'j, 'r: 'j> FromIterator<&'j Judged<'r>> for Counts {
    fn from_iter<I: IntoIterator<Item = &'j Judged<'r>>>(judged: I) -> Self {
        let mut counts = Self::default();
        for judged in judged {
            *match judged.standing {
                Standing::Passed => &mut counts.passed,
                Standing::Unexpected => &mut counts.unexpected,
                Standing::ByChoice => &mut counts.by_choice,
                Standing::Known(_) => &mut counts.known,
                Standing::NotRun(_) => &mut counts.not_run,
            } += 1;
        }
        counts
    }
}

/// In one sentence: `210 of 300 cases passed, 3 differ unexpectedly`.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.passed + self.unexpected + self.by_choice + self.known + self.not_run;
        write!(f, "{} of {all} passed", self.passed)?;
        for (count, what) in [
            (self.unexpected, "unexpectedly different"),
            (self.by_choice, "different by choice"),
            (self.known, "known to differ"),
            (self.not_run, "not run"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Format {
    /// For people, on a terminal.
    #[default]
    Text,
    /// For programs: [`json::Report`].
    Json,
    /// For continuous integration.
    Junit,
    /// For people, on a page.
    Markdown,
}

/// Why a report cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReportError {
    /// As JSON.
    #[error("cannot write the report as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// As JUnit's XML.
    #[error("cannot write the report as JUnit's XML: {0}")]
    Junit(#[from] quick_junit::SerializeError),
}

impl Format {
    /// Writes a report.
    ///
    /// # Errors
    /// When the format cannot take what there is to be written.
    pub fn write(self, review: &Review<'_>) -> Result<String, ReportError> {
        match self {
            Self::Text => Ok(text::write(review)),
            Self::Json => Ok(serde_json::to_string_pretty(&json::Report::new(review))? + "\n"),
            Self::Junit => Ok(junit::write(review)?),
            Self::Markdown => Ok(markdown::write(review)),
        }
    }
}

/// Where an expectation comes from, in words.
fn origin(source: Source) -> &'static str {
    match source {
        Source::Docs => "the official documentation of Bolt says so",
        Source::Neo4j => "real Neo4j servers answer so",
        Source::Driver => "official drivers need it",
        Source::Nornicdb => "clients of NornicDB need it",
        Source::Decision => "a choice of this specification",
    }
}

/// The version and the line of an example.
fn place(line: usize, version: Version) -> String {
    if line == 0 { format!("Bolt {version}, before the conversation begins") } else { format!("Bolt {version}, line {line}") }
}

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;
