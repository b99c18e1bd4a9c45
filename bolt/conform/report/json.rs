//! A report for programs, and for the repository of a server: small, and in the same order every time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Counts, Review, Standing};
use crate::conform::known::{Entry, Outdated};
use crate::conform::outcome::{Deviation, Effect, Exchange, Outcome, Verdict};
use crate::conform::transcript::Source;
use crate::generated::Version;
use crate::wire::reflect::VersionSet;

/// The number of this shape. It grows when something changes that a program has to know of; new keys do not count.
pub const FORMAT: u32 = 1;

/// A whole run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: u32,
    /// The address that was given.
    pub address: String,
    /// What the server calls itself.
    pub server: Option<String>,
    /// The versions that it accepts, the oldest first.
    pub versions: Vec<String>,
    /// How many outcomes there are of each standing.
    pub counts: Counts,
    /// The cases that passed, and in which versions, as ranges: `"4.0-4.4, 5.6"`.
    pub passed: BTreeMap<String, String>,
    /// What went otherwise: one entry for a case that goes wrong in the same way in several versions.
    pub deviations: Vec<Differing>,
    /// What was not tried.
    pub not_run: Vec<NotRun>,
    /// What can go from the file of what is known.
    pub outdated: Vec<OutdatedEntry>,
}

/// What went otherwise.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Differing {
    /// The case.
    pub case: String,
    /// What it belongs to.
    pub area: String,
    /// What it shows.
    pub title: String,
    /// The versions, as ranges.
    pub versions: String,
    /// `unexpected`, `by-choice` or `known`.
    pub standing: String,
    /// Where what was expected comes from: `docs`, `neo4j`, `driver`, `nornicdb` or `decision`.
    pub source: String,
    /// Why it was decided so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Why it is known to differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
    /// The version that the rest is from: the newest.
    pub example: String,
    /// The line of the conversation, counted from 1; 0 is before it.
    pub line: usize,
    /// What was sent since the last answer that was as expected.
    pub sent: Vec<Exchange>,
    /// What should have come.
    pub expected: String,
    /// What came.
    pub got: Exchange,
    /// What it means.
    #[serde(flatten)]
    pub effect: Effect,
}

/// What was not tried.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct NotRun {
    /// Why.
    pub reason: String,
    /// The cases, and in which versions.
    pub cases: BTreeMap<String, String>,
}

/// An entry of the file of what is known that can go.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct OutdatedEntry {
    /// The entry.
    pub entry: Entry,
    /// `no-longer-differs` or `no-such-case`.
    pub because: String,
}

impl Report {
    /// The report on a run.
    #[must_use]
    pub fn new(review: &Review<'_>) -> Self {
        let run = review.run;
        Self {
            format: FORMAT,
            address: run.address.clone(),
            server: run.server.clone(),
            versions: run.versions.iter().map(ToString::to_string).collect(),
            counts: review.counts(),
            passed: passed(review),
            deviations: deviations(review),
            not_run: not_run(review),
            outdated: review.outdated.iter().map(|(entry, state)| outdated(entry, *state)).collect(),
        }
    }
}

fn passed(review: &Review<'_>) -> BTreeMap<String, String> {
    let mut passed: BTreeMap<&str, Vec<Version>> = BTreeMap::new();
    for judged in review.judged.iter().filter(|judged| judged.standing == Standing::Passed) {
        passed.entry(&judged.outcome.name).or_default().push(judged.outcome.version);
    }
    passed.into_iter().map(|(name, versions)| (name.to_owned(), ranges(versions))).collect()
}

fn ranges(versions: Vec<Version>) -> String {
    versions.into_iter().collect::<VersionSet>().to_string()
}

fn deviations(review: &Review<'_>) -> Vec<Differing> {
    let mut found: Vec<(&Outcome, &Deviation, Standing<'_>, Vec<Version>)> = Vec::new();
    for judged in &review.judged {
        let (Verdict::Deviated(deviation), outcome) = (&judged.outcome.verdict, judged.outcome) else { continue };
        let same = found.iter_mut().find(|(first, other, standing, _)| {
            first.name == outcome.name && other.line == deviation.line && other.effect == deviation.effect && *standing == judged.standing
        });
        match same {
            Some((newest, example, _, versions)) => {
                (*newest, *example) = (outcome, deviation);
                versions.push(outcome.version);
            }
            None => found.push((outcome, deviation, judged.standing, vec![outcome.version])),
        }
    }
    found.into_iter().map(|(outcome, deviation, standing, versions)| differing(outcome, deviation, standing, versions)).collect()
}

fn differing(outcome: &Outcome, deviation: &Deviation, standing: Standing<'_>, versions: Vec<Version>) -> Differing {
    let (standing, known) = match standing {
        Standing::Known(why) => ("known", Some(why.to_owned())),
        Standing::ByChoice => ("by-choice", None),
        Standing::Unexpected | Standing::Passed | Standing::NotRun(_) => ("unexpected", None),
    };
    Differing {
        case: outcome.name.clone(),
        area: outcome.area.clone(),
        title: outcome.title.clone(),
        versions: ranges(versions),
        standing: standing.to_owned(),
        source: source(outcome.source).to_owned(),
        why: outcome.why.clone(),
        known,
        example: outcome.version.to_string(),
        line: deviation.line,
        sent: deviation.sent.clone(),
        expected: deviation.expected.clone(),
        got: deviation.got.clone(),
        effect: deviation.effect.clone(),
    }
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Docs => "docs",
        Source::Neo4j => "neo4j",
        Source::Driver => "driver",
        Source::Nornicdb => "nornicdb",
        Source::Decision => "decision",
    }
}

fn not_run(review: &Review<'_>) -> Vec<NotRun> {
    let reason = |(reason, cases): (&str, Vec<super::Case<'_>>)| NotRun {
        reason: reason.to_owned(),
        cases: cases.iter().map(|case| (case.name.to_owned(), case.versions.to_string())).collect(),
    };
    review.not_run().into_iter().map(reason).collect()
}

fn outdated(entry: &Entry, state: Outdated) -> OutdatedEntry {
    let because = match state {
        Outdated::NoLongerDiffers => "no-longer-differs",
        Outdated::NoSuchCase => "no-such-case",
    };
    OutdatedEntry { entry: entry.clone(), because: because.to_owned() }
}
