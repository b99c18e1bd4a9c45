//! Cases out of the specification's reflection: a new version in `spec/` brings its own.

mod case;
mod chunking;
mod echo;
mod handshake;
mod metadata;
mod path;
mod probe;
mod requests;
mod sample;
mod states;
mod tags;
mod term;
mod values;

use crate::generated::reflection::CHECKS;
use crate::generated::{State, Version};
use crate::wire::reflect::{CheckInfo, CheckKind};

/// The cases of a version: the name of each, and its text in the format of the conversations.
#[must_use]
pub fn cases(version: Version) -> Vec<(String, String)> {
    let areas = [
        handshake::cases(version),
        chunking::cases(version),
        states::cases(version),
        requests::cases(version),
        tags::cases(version),
        values::cases(version),
        metadata::cases(version),
    ];
    areas.into_iter().flatten().map(case::Case::finish).collect()
}

/// What a server makes of something that is wrong: the row that names most of it. There is one for everything.
fn check(kind: CheckKind, of: &str, with: Option<&str>, state: State, version: Version) -> &'static CheckInfo {
    let fits = |row: &&CheckInfo| {
        row.kind == kind
            && row.versions.contains(version)
            && (row.of.is_empty() || row.of.contains(&of))
            && (row.with.is_empty() || with.is_some_and(|with| row.with.contains(&with)))
            && (row.states.is_empty() || row.states.contains(&sample::state_name(state)))
    };
    CHECKS.iter().find(fits).unwrap_or(&CHECKS[0])
}
