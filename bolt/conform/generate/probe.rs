//! Which state a connection is in, as far as a request can tell.

use super::super::transcript::Source;
use super::case::Case;
use super::path::{self, Edge, OUTCOMES};
use super::sample::{Sample, info, row};
use crate::generated::{RequestKind, Signal, State, Transition, Version, transition};
use crate::wire::reflect::{CheckKind, Reaction, SampleOutcome};

/// What of an answer can be told from others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Seen {
    Success,
    Failure,
    Ignored,
    Refused,
    Closed,
    /// Nobody knows what a request would come to.
    Unknown,
}

fn seen(state: State, request: RequestKind, version: Version) -> Seen {
    match transition(version, state, request) {
        Transition::Refused if state == State::CLOSED => Seen::Closed,
        Transition::Refused => Seen::Refused,
        Transition::Ignored(_) => Seen::Ignored,
        Transition::Served { .. } => match first_edge(state, request, version).map(|edge| edge.outcome) {
            Some(SampleOutcome::Failure) => Seen::Failure,
            Some(_) if request.signal() == Some(Signal::Close) => Seen::Closed,
            Some(_) => Seen::Success,
            None => Seen::Unknown,
        },
    }
}

fn first_edge(state: State, request: RequestKind, version: Version) -> Option<Edge> {
    OUTCOMES.into_iter().find_map(|outcome| path::edge(state, request, outcome, version))
}

/// Shows that the connection is in a state, and in none of the others that it could be mistaken for.
pub(super) fn probe(case: &mut Case, state: State, others: &[State], version: Version) {
    if state == State::CLOSED {
        return;
    }
    let told_apart = |request: &RequestKind| {
        let here = seen(state, *request, version);
        let others = others.iter().filter(|other| **other != state && seen(**other, *request, version) != here);
        let closes = matches!(here, Seen::Refused | Seen::Closed);
        // What is not settled would make every case that ends so fail against Neo4j.
        (here != Seen::Unknown).then(|| (is_settled(state, *request, version), others.count(), !closes))
    };
    // The first of the best: `max_by_key` would take the last.
    let best = path::requests(version).collect::<Vec<_>>().into_iter().rev().max_by_key(told_apart);
    if let Some(request) = best {
        ask(case, state, request, version);
    }
}

/// Whether no server is known to do otherwise.
fn is_settled(state: State, request: RequestKind, version: Version) -> bool {
    match row(state, request, version) {
        Some(row) => row.source == Source::Neo4j || (row.source == Source::Docs && row.why.is_none()),
        None => super::check(CheckKind::OutOfPlace, info(request).name, None, state, version).source == Source::Neo4j,
    }
}

/// Sends a request, and expects what the state makes of it.
fn ask(case: &mut Case, state: State, request: RequestKind, version: Version) {
    if let Some(edge) = first_edge(state, request, version) {
        case.step(&edge);
        return;
    }
    let Some(message) = any_sample(request, version) else { return };
    case.client(message.message.text(version));
    match transition(version, state, request) {
        Transition::Ignored(_) => case.server("IGNORED"),
        _ => {
            let check = super::check(CheckKind::OutOfPlace, info(request).name, None, state, version);
            react(case, check.reaction);
        }
    }
}

/// The answer to something that is wrong; whether the connection is open then.
pub(super) fn react(case: &mut Case, reaction: Reaction) -> bool {
    match reaction {
        Reaction::Taken => true,
        Reaction::Fails { codes, closes } => {
            case.server(format_args!("FAILURE {}", codes.join(" | ")));
            if closes {
                case.server("<CLOSED>");
            }
            !closes
        }
        Reaction::Closes => {
            case.server("<CLOSED>");
            false
        }
    }
}

/// A request as it is sent where it is not carried out.
pub(super) fn any_sample(request: RequestKind, version: Version) -> Option<Sample> {
    let in_any = |outcome| State::ALL.iter().find_map(|state| Sample::of(request, outcome, *state, version));
    OUTCOMES.into_iter().find_map(in_any)
}
