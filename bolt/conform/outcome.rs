//! What became of each case: the data that every report is written from.

use serde::{Deserialize, Serialize};

use super::transcript::Source;
use crate::generated::Version;

/// What a run of the kit against one server has come to.
#[derive(Clone, Debug)]
pub struct Run {
    /// The address that was given.
    pub address: String,
    /// What the server calls itself, `Neo4j/5.26.0`; absent when nobody could log on.
    pub server: Option<String>,
    /// The versions that it accepts, the oldest first.
    pub versions: Vec<Version>,
    /// Every case that was meant to run, in the order of area, name and version.
    pub outcomes: Vec<Outcome>,
}

/// What became of one case in one version.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The case, `states/READY/RUN`; the same in every version and every run.
    pub name: String,
    /// What it belongs to, `states`.
    pub area: String,
    /// What it shows.
    pub title: String,
    /// The version that it was played in.
    pub version: Version,
    /// Where what it expects comes from.
    pub source: Source,
    /// Why it differs from what Neo4j or its documentation has.
    pub why: Option<String>,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a case.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// All went as expected.
    Passed,
    /// Something went otherwise.
    Deviated(Deviation),
    /// It could not be tried, for this reason.
    NotRun(String),
}

/// What went otherwise than a case has it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Deviation {
    /// The line of the conversation, counted from 1; 0 is before it.
    pub line: usize,
    /// What was sent since the last answer that was as expected, the oldest first.
    pub sent: Vec<Exchange>,
    /// What should have come, as the conversation writes it.
    pub expected: String,
    /// What came.
    pub got: Exchange,
    /// What it means: [`effect`](super::consequence::effect) says it.
    pub effect: Effect,
}

/// What a deviation is in a few words, and what it does to drivers.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Effect {
    /// What differs: `SUCCESS without "fields"`. It is the same in every version that goes wrong in the same way.
    pub what: String,
    /// What the official drivers do when they meet it, in a sentence.
    pub consequence: String,
    /// How bad that is.
    pub severity: Severity,
}

/// How bad it is for an application, the worst first.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Results are wrong, and nobody is told.
    WrongResult,
    /// The application waits.
    Hang,
    /// The application cannot go on with this connection, or at all.
    Broken,
    /// The application goes on, with the wrong idea: it does not try again, or in vain, or reads what it wrote before it is there.
    Misled,
    /// It takes a close look to notice.
    Slight,
}

/// Something that went over the connection.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Exchange {
    /// For people: `RUN "RETURN 1 AS n" {} {}`, `<CLOSED>`, `<SILENCE>`.
    pub text: String,
    /// The bytes without their chunks, in hexadecimal; cut off with `…` where they are long, empty where nothing came.
    pub hex: String,
}

impl Exchange {
    /// What stands for nothing having come.
    pub const SILENCE: &'static str = "<SILENCE>";

    /// What stands for the end of the connection.
    pub const CLOSED: &'static str = "<CLOSED>";

    /// Whether nothing came.
    #[must_use]
    pub fn is_silence(&self) -> bool {
        self.text == Self::SILENCE
    }
}
