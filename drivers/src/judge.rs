//! What a cell of the matrix is worth.

use crate::plan::{Backend, Difference, Plan, Reason, Release, Scenario};
use crate::record::{Outcome, Recorded, Records};

/// A release in a scenario.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The scenario.
    pub scenario: String,
    /// What it is worth.
    pub mark: Mark,
    /// What was expected and what came, where that is of interest.
    pub note: String,
}

/// What a cell is worth.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Mark {
    /// The user saw what they see on Neo4j.
    Same,
    /// They saw it on the echo backend: the embedded database cannot do it.
    Echo,
    /// The driver itself fails, on Neo4j too.
    FailsThereToo,
    /// The release lacks it.
    Absent,
    /// The embedded database cannot do it, for a known reason.
    Embedded,
    /// It is as on a newer Neo4j, for a known reason.
    Newer,
    /// It is not as expected.
    Failed,
}

impl Mark {
    /// All of them, the best first.
    pub const ALL: [Self; 7] = [Self::Same, Self::Echo, Self::FailsThereToo, Self::Absent, Self::Embedded, Self::Newer, Self::Failed];

    /// As the matrix shows it.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Same => "✓",
            Self::Echo => "e",
            Self::FailsThereToo => "≈",
            Self::Absent => "·",
            Self::Embedded => "d",
            Self::Newer => "n",
            Self::Failed => "✗",
        }
    }

    /// What it means.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Same => "the driver's user sees what they see on Neo4j",
            Self::Echo => "the same, with the echo backend behind the server: the embedded database cannot do it",
            Self::FailsThereToo => "the driver itself fails, on Neo4j too",
            Self::Absent => "the release lacks it",
            Self::Embedded => "the embedded database cannot do it; the reason is below",
            Self::Newer => "as on a newer Neo4j than the release was made for; the reason is below",
            Self::Failed => "not as on Neo4j, and nobody knows why",
        }
    }
}

/// What is recorded of a cell makes it worth; nothing, when the release has not done it on Neo4j and here.
#[must_use]
pub(crate) fn recorded(plan: &Plan, records: &Records, release: &Release, scenario: &Scenario) -> Option<Mark> {
    let recorded = records.cell(release, &scenario.id).filter(|recorded| recorded.done)?;
    Some(match (&recorded.here, plan.reason(release, &scenario.id)) {
        (None, _) => same(&recorded.neo4j, scenario),
        (Some(_), Some(reason)) => different(reason),
        (Some(_), None) => Mark::Failed,
    })
}

/// Holds what came here against what is recorded.
pub(crate) fn here(plan: &Plan, records: &Records, release: &Release, scenario: &Scenario, came: Option<&Outcome>) -> Cell {
    let (mark, note) = match (came, records.cell(release, &scenario.id)) {
        (None, _) => (Mark::Failed, "the program ended without a word about it".to_owned()),
        (Some(came), None) => (Mark::Failed, format!("never recorded on Neo4j (`--against … --record`)\n  came:     {}", shown(came))),
        (Some(came), Some(Recorded { neo4j, here, .. })) => match (here, plan.reason(release, &scenario.id)) {
            (None, _) if alike(came, neo4j) => (same(neo4j, scenario), String::new()),
            (Some(_), _) if alike(came, neo4j) => {
                (Mark::Failed, "it is as on Neo4j now: `--record`, and take it out of its reason".to_owned())
            }
            (Some(here), Some(reason)) if alike(came, here) => (different(reason), reason.id.clone()),
            (Some(here), Some(_)) => (Mark::Failed, differs(here, came)),
            (_, reason) => {
                let hint = if reason.is_some() { "\n  there is a reason for a difference: `--record` keeps it" } else { "" };
                (Mark::Failed, differs(neo4j, came) + hint)
            }
        },
    };
    Cell { scenario: scenario.id.clone(), mark, note }
}

/// Holds what came on any other server against what came on Neo4j.
pub(crate) fn elsewhere(records: &Records, release: &Release, scenario: &Scenario, came: Option<&Outcome>) -> Cell {
    let (mark, note) = match (came, records.cell(release, &scenario.id)) {
        (None, _) => (Mark::Failed, "the program ended without a word about it".to_owned()),
        (Some(_), None) => (Mark::Failed, "never recorded on Neo4j".to_owned()),
        (Some(came), Some(recorded)) if alike(came, &recorded.neo4j) => match same(came, scenario) {
            Mark::Echo => (Mark::Same, String::new()),
            mark => (mark, String::new()),
        },
        (Some(came), Some(recorded)) => (Mark::Failed, differs(&recorded.neo4j, came)),
    };
    Cell { scenario: scenario.id.clone(), mark, note }
}

fn same(outcome: &Outcome, scenario: &Scenario) -> Mark {
    match (outcome, scenario.server) {
        (Outcome::Absent(_), _) => Mark::Absent,
        (Outcome::Error(_), _) => Mark::FailsThereToo,
        (Outcome::Value(_), Backend::Embedded) => Mark::Same,
        (Outcome::Value(_), Backend::Echo) => Mark::Echo,
    }
}

const fn different(reason: &Reason) -> Mark {
    match reason.kind {
        Difference::Embedded => Mark::Embedded,
        Difference::Newer => Mark::Newer,
        Difference::Driver => Mark::FailsThereToo,
    }
}

pub(crate) fn alike(one: &Outcome, other: &Outcome) -> bool {
    matches!((one, other), (Outcome::Absent(_), Outcome::Absent(_))) || one == other
}

fn differs(expected: &Outcome, came: &Outcome) -> String {
    format!("  expected: {}\n  came:     {}", shown(expected), shown(came))
}

fn shown(outcome: &Outcome) -> String {
    let text = match outcome {
        Outcome::Value(value) => value.to_string(),
        Outcome::Absent(reason) => format!("absent: {reason}"),
        Outcome::Error(exception) => format!("an exception: {exception}"),
    };
    if text.chars().count() > 2000 { text.chars().take(2000).collect::<String>() + "…" } else { text }
}
