//! Every state and every request, one by one and pipelined.

use super::super::transcript::Source;
use super::case::Case;
use super::path::{self, Edge, OUTCOMES};
use super::probe;
use super::sample::{info, row, state_name};
use crate::generated::{ErrorCode, RequestKind, Signal, State, Transition, Version, transition};
use crate::wire::reflect::{CheckKind, SampleOutcome};

pub(super) fn cases(version: Version) -> Vec<Case> {
    let mut cases = Vec::new();
    for state in State::ALL.iter().copied().filter(|state| *state != State::CLOSED) {
        // A state that only an interrupt in the queue brings about is none to wait in.
        let Some(way) = path::way_to(state, version) else { continue };
        for request in path::requests(version) {
            match transition(version, state, request) {
                Transition::Served { .. } => {
                    let edges = OUTCOMES.into_iter().filter(|outcome| *outcome != SampleOutcome::Malformed);
                    let edges: Vec<Edge> = edges.filter_map(|outcome| path::edge(state, request, outcome, version)).collect();
                    for (index, edge) in edges.iter().enumerate() {
                        let suffix = if index == 0 { "" } else { suffix(edge.outcome) };
                        cases.extend(served(way, edge, suffix, version));
                    }
                }
                _ => cases.extend(unserved(way, state, request, version)),
            }
        }
    }
    cases
}

const fn suffix(outcome: SampleOutcome) -> &'static str {
    match outcome {
        SampleOutcome::Open => "/open",
        SampleOutcome::Failure => "/failure",
        _ => "",
    }
}

fn served(way: &[Edge], edge: &Edge, suffix: &str, version: Version) -> Vec<Case> {
    let (request, state) = (edge.request.name(version), edge.from.name(version));
    let outcome = match edge.outcome {
        SampleOutcome::Open => " leaves rows to pull",
        SampleOutcome::Failure => " fails",
        _ => " succeeds",
    };
    let others = others(edge.from, edge.request, version);
    let finish = |mut case: Case| {
        case.builds_on(edge);
        probe::probe(&mut case, edge.to, &others, version);
        case
    };
    let mut cases = Vec::new();
    let mut case = one_by_one(way, edge.from, edge.request, suffix, format!("{request} in {state}{outcome}"), version);
    case.step(edge);
    cases.push(finish(case));
    let title = format!("{request} right behind the way to {state}{outcome}");
    if let Some(mut case) = pipelined(way, edge.from, edge.request, suffix, title, version) {
        case.client(edge.sample.message.text(version));
        answers_to_way(&mut case, way, edge.request);
        case.lines(&edge.sample.answers);
        cases.push(finish(case));
    }
    cases
}

fn unserved(way: &[Edge], state: State, request: RequestKind, version: Version) -> Vec<Case> {
    let Some(sample) = probe::any_sample(request, version) else { return Vec::new() };
    let transition = transition(version, state, request);
    let (name, state_in) = (request.name(version), state.name(version));
    let outcome = if matches!(transition, Transition::Ignored(_)) { "ignored" } else { "refused" };
    let answer = |mut case: Case| {
        if let Transition::Ignored(to) = transition {
            case.server("IGNORED");
            probe::probe(&mut case, to, &others(state, request, version), version);
        } else {
            probe::react(&mut case, super::check(CheckKind::OutOfPlace, info(request).name, None, state, version).reaction);
        }
        case
    };
    let mut cases = Vec::new();
    let mut case = one_by_one(way, state, request, "", format!("{name} in {state_in} is {outcome}"), version);
    case.client(sample.message.text(version));
    cases.push(answer(case));
    let title = format!("{name} right behind the way to {state_in} is {outcome}");
    if let Some(mut case) = pipelined(way, state, request, "", title, version) {
        case.client(sample.message.text(version));
        answers_to_way(&mut case, way, request);
        cases.push(answer(case));
    }
    cases
}

/// The states that a connection could be in by mistake after a request.
fn others(state: State, request: RequestKind, version: Version) -> Vec<State> {
    let mut others = vec![state, state.malformed()];
    match transition(version, state, request) {
        Transition::Refused => {}
        Transition::Ignored(to) => others.push(to),
        Transition::Served { success, open, failure } => others.extend([Some(success), open, Some(failure)].into_iter().flatten()),
    }
    others.extend(way_states(state, version));
    others
}

fn way_states(state: State, version: Version) -> Vec<State> {
    path::way_to(state, version).unwrap_or_default().iter().map(|edge| edge.from).filter(|state| state.authenticated()).collect()
}

/// Each answer is awaited before the next request is sent.
fn one_by_one(way: &[Edge], state: State, request: RequestKind, suffix: &str, title: String, version: Version) -> Case {
    let (start, rest) = path::shortened(way);
    let name = format!("states/{}/{}{suffix}", state_name(state), info(request).name);
    let mut case = Case::new(name, title, version, start);
    source(&mut case, way, state, request, version);
    rest.iter().for_each(|edge| case.step(edge));
    case
}

/// The way in one write with the request behind it, where that can be told apart from what is one by one.
fn pipelined(way: &[Edge], state: State, request: RequestKind, suffix: &str, title: String, version: Version) -> Option<Case> {
    let start = match request.signal() {
        // An interrupt that comes before its client is authenticated finds a connection in whatever state it happens to be.
        Some(Signal::Interrupt) => path::shortened(way),
        _ => (state_name(State::START), way),
    };
    let (start, rest) = start;
    if rest.is_empty() || (request.signal() == Some(Signal::Interrupt) && !state.authenticated()) {
        return None;
    }
    let name = format!("pipelined/{}/{}{suffix}", state_name(state), info(request).name);
    let mut case = Case::new(name, title, version, start);
    source(&mut case, way, state, request, version);
    rest.iter().for_each(|edge| case.client(edge.sample.message.text(version)));
    if request.signal() == Some(Signal::Interrupt) {
        // What stands before it may be interrupted, and then counts as sent in another state.
        let rows = rest.iter().filter_map(|edge| row(State::INTERRUPTED, edge.request, version));
        if let Some(row) = rows.into_iter().find(|row| row.source == Source::Docs && row.why.is_some()) {
            case.from(row.source, row.why);
        }
    }
    Some(case)
}

/// The answers to a way in front of a request. What jumps the queue or ends it overtakes them.
fn answers_to_way(case: &mut Case, way: &[Edge], request: RequestKind) {
    let Some(signal) = request.signal() else {
        way.iter().for_each(|edge| case.lines(&edge.sample.answers));
        return;
    };
    let rest = if signal == Signal::Interrupt { path::shortened(way).1 } else { way };
    let mut terminated = vec![ErrorCode::ClientTransactionTerminated, ErrorCode::TransientTransactionTerminated];
    if signal == Signal::Close {
        // Whatever comes to a connection that is being closed is out of place.
        terminated.push(ErrorCode::RequestInvalid);
    }
    let terminated: Vec<&str> = terminated.into_iter().map(ErrorCode::code).collect();
    for edge in rest {
        let failures = edge.sample.answers.iter().filter_map(|answer| answer.split_once("FAILURE ")).map(|(_, codes)| codes);
        let codes: Vec<&str> = failures.chain(terminated.iter().copied()).collect();
        let (times, records) = if signal == Signal::Close { ("S?", "S*") } else { ("S", "S*") };
        if edge.sample.answers.iter().any(|answer| answer.contains("RECORD")) {
            case.lines(&[format!("{records}: RECORD [..]")]);
        }
        case.lines(&[format!("{times}: SUCCESS {{..}} | IGNORED | FAILURE {}", codes.join(" | "))]);
    }
}

fn source(case: &mut Case, way: &[Edge], state: State, request: RequestKind, version: Version) {
    match row(state, request, version) {
        Some(row) => case.from(row.source, row.why),
        None => case.by_check(super::check(CheckKind::OutOfPlace, info(request).name, None, state, version)),
    }
    way.iter().for_each(|edge| case.builds_on(edge));
}
