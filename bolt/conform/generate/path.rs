//! The ways through the table of states that samples make.

use std::collections::VecDeque;
use std::sync::OnceLock;

use super::super::transcript::Transcript;
use super::sample::{Sample, state_name};
use crate::generated::{RequestKind, State, Transition, Version, transition};
use crate::wire::reflect::SampleOutcome;

/// A step from one state to another.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) from: State,
    pub(super) to: State,
    pub(super) request: RequestKind,
    pub(super) outcome: SampleOutcome,
    pub(super) sample: Sample,
}

/// The outcomes of a sample that lead on, those first that a client would rather have.
pub(super) const OUTCOMES: [SampleOutcome; 4] =
    [SampleOutcome::Success, SampleOutcome::Open, SampleOutcome::Failure, SampleOutcome::Malformed];

/// The requests of a version.
pub(super) fn requests(version: Version) -> impl Iterator<Item = RequestKind> {
    RequestKind::ALL.iter().copied().filter(move |request| request.exists_in(version))
}

/// What was worked out for each version: it follows from constants.
type PerVersion<T> = [OnceLock<T>; Version::ALL.len()];

/// The step that a request is in a state, where it comes to this.
pub(super) fn edge(from: State, request: RequestKind, outcome: SampleOutcome, version: Version) -> Option<Edge> {
    static EDGES: PerVersion<Vec<Edge>> = [const { OnceLock::new() }; Version::ALL.len()];
    let all = || {
        let outcomes = OUTCOMES.into_iter().chain([SampleOutcome::Echo]);
        let steps = outcomes.flat_map(|outcome| State::ALL.iter().map(move |state| (outcome, *state)));
        let edges =
            steps.flat_map(|(outcome, state)| requests(version).filter_map(move |request| new_edge(state, request, outcome, version)));
        edges.collect()
    };
    let edges = EDGES[version as usize].get_or_init(all);
    edges.iter().find(|edge| (edge.from, edge.request, edge.outcome) == (from, request, outcome)).cloned()
}

fn new_edge(from: State, request: RequestKind, outcome: SampleOutcome, version: Version) -> Option<Edge> {
    let Transition::Served { success, open, failure } = transition(version, from, request) else {
        return None;
    };
    let to = match outcome {
        SampleOutcome::Success | SampleOutcome::Echo => success,
        SampleOutcome::Open => open?,
        SampleOutcome::Failure => failure,
        SampleOutcome::Malformed => from.malformed(),
    };
    let mut sample = Sample::of(request, outcome, from, version)?;
    let end = "S: <CLOSED>".to_owned();
    if to == State::CLOSED && sample.answers.last() != Some(&end) {
        sample.answers.push(end);
    }
    Some(Edge { from, to, request, outcome, sample })
}

/// The shortest way from one state to another; of several, the one whose requests succeed.
pub(super) fn path(from: State, to: State, version: Version) -> Option<Vec<Edge>> {
    let mut known = vec![from];
    let mut open = VecDeque::from([(from, Vec::new())]);
    while let Some((state, path)) = open.pop_front() {
        if state == to {
            return Some(path);
        }
        for outcome in OUTCOMES {
            for edge in requests(version).filter_map(|request| edge(state, request, outcome, version)) {
                if !known.contains(&edge.to) {
                    known.push(edge.to);
                    let mut longer: Vec<Edge> = path.clone();
                    let next = edge.to;
                    longer.push(edge);
                    open.push_back((next, longer));
                }
            }
        }
    }
    None
}

/// The way from the start of a conversation to a state.
pub(super) fn way_to(state: State, version: Version) -> Option<&'static [Edge]> {
    static WAYS: PerVersion<Vec<Option<Vec<Edge>>>> = [const { OnceLock::new() }; Version::ALL.len()];
    let all = || State::ALL.iter().map(|state| path(State::START, *state, version)).collect();
    WAYS[version as usize].get_or_init(all)[state as usize].as_deref()
}

/// The last state of a way that a conversation may start in, and what of the way is left then.
pub(super) fn shortened(way: &[Edge]) -> (&'static str, &[Edge]) {
    let starts = (0..way.len()).rev().map(|index| (state_name(way[index].to), &way[index + 1..]));
    starts.into_iter().find(|(name, _)| is_start(name)).unwrap_or((state_name(State::START), way))
}

fn is_start(name: &str) -> bool {
    Transcript::parse(&format!("title: A start\narea: states\nversions: 1+\nsource: docs\nstart: {name}\n")).is_ok()
}
