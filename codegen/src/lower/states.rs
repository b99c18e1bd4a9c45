//! The state table: one for all versions as it is written, and the distinct machines that it comes to.

use super::names::{Names, find, pascal};
use super::versions::Calendar;
use crate::ir::{Message, Row, State, Transition, Versions};
use crate::locate::Place;
use crate::mistake::Mistakes;
use crate::model::{self, File};

/// The states and their machines.
#[derive(Debug)]
pub(super) struct Lowered {
    pub(super) states: Vec<State>,
    pub(super) machine_of: Vec<usize>,
    pub(super) machines: Vec<Vec<Vec<Transition>>>,
}

pub(super) fn lower(file: &File, calendar: &Calendar, names: &Names, requests: &[Message], mistakes: &mut Mistakes<'_>) -> Lowered {
    let mut states = Vec::new();
    for (index, written) in file.states.iter().enumerate() {
        states.push(state(index, written, file, calendar, names, mistakes));
    }
    check_shape(&states, mistakes);
    check_rows(&states, requests, calendar, mistakes);
    let (machine_of, machines) = machines(&states, requests, calendar.versions.len());
    check_reach(&states, &machine_of, &machines, calendar, mistakes);
    check_accepted(requests, &machine_of, &machines, calendar, mistakes);
    Lowered { states, machine_of, machines }
}

fn state(index: usize, written: &model::State, file: &File, calendar: &Calendar, names: &Names, mistakes: &mut Mistakes<'_>) -> State {
    let place = Place::item("states", index);
    let versions = calendar.subset(written.versions, calendar.all(), &place, mistakes);
    let rows = written.accepts.iter().enumerate();
    let rows = rows.map(|(row, accepts)| self::row(accepts, versions, &place.key("accepts").index(row), file, calendar, names, mistakes));
    let rows = rows.collect();
    State {
        name: written.name.clone(),
        formerly: written
            .formerly
            .as_ref()
            .map(|formerly| (formerly.name.clone(), calendar.subset(Some(formerly.versions), versions, &place.key("formerly"), mistakes))),
        ident: pascal(&written.name),
        versions,
        start: written.start,
        authenticated: written.authenticated,
        interrupted: written.interrupted,
        closed: written.closed,
        malformed: find("state", &written.malformed, &names.states, &place.key("malformed"), mistakes).unwrap_or_default(),
        doc: written.doc.clone(),
        rows,
    }
}

fn row(
    written: &model::Row,
    owner: Versions,
    place: &Place,
    file: &File,
    calendar: &Calendar,
    names: &Names,
    mistakes: &mut Mistakes<'_>,
) -> Row {
    let mut requests = Vec::new();
    for (index, name) in written.messages.iter().enumerate() {
        requests.extend(find("request", name, &names.requests, &place.key("messages").index(index), mistakes));
    }
    let mut state = |key: &'static str, name: &Option<String>| {
        let name = name.as_ref()?;
        find("state", name, &names.states, &place.key(key), mistakes)
    };
    let (success, open) = (state("success", &written.success), state("open", &written.open));
    let (failure, ignored) = (state("failure", &written.failure), state("ignored", &written.ignored));
    let silent = requests.iter().all(|request| file.requests[*request].success.is_none());
    let transition = match (&written.ignored, &written.success, &written.failure) {
        (Some(_), None, None) if written.open.is_none() => Transition::Ignored(ignored.unwrap_or_default()),
        (None, Some(_), Some(_)) => Transition::Served { success: success.unwrap_or_default(), open, failure },
        (None, Some(_), None) if silent => Transition::Served { success: success.unwrap_or_default(), open, failure: None },
        (None, Some(_), None) => {
            mistakes.add(place, "a row with 'success' needs a 'failure' too");
            Transition::Refused
        }
        (None, None, _) => {
            mistakes.add(place, "a row needs 'success' and 'failure', or 'ignored'");
            Transition::Refused
        }
        _ => {
            mistakes.add(&place.key("ignored"), "a row has 'ignored' alone, or 'success' and 'failure'");
            Transition::Refused
        }
    };
    let versions = calendar.subset(written.versions, owner, place, mistakes);
    Row { requests, versions, transition, source: written.source, why: written.why.clone() }
}

fn check_shape(states: &[State], mistakes: &mut Mistakes<'_>) {
    let starts = states.iter().filter(|state| state.start).count();
    if starts != 1 {
        mistakes.add(&Place::top("states"), format!("expected one state with 'start: true', got {starts}"));
    }
    if !states.iter().any(|state| state.closed) {
        mistakes.add(&Place::top("states"), "expected a state with 'closed: true'");
    }
    if !states.iter().any(|state| state.interrupted) {
        mistakes.add(&Place::top("states"), "expected a state with 'interrupted: true'");
    }
}

/// No two rows for one request in one version, and no row that leads where a version lacks the state.
fn check_rows(states: &[State], requests: &[Message], calendar: &Calendar, mistakes: &mut Mistakes<'_>) {
    for (index, state) in states.iter().enumerate() {
        for (number, row) in state.rows.iter().enumerate() {
            let place = Place::item("states", index).key("accepts").index(number);
            for (position, request) in row.requests.iter().enumerate() {
                let here = row.versions.and(requests[*request].versions);
                let name = &requests[*request].name;
                if here.is_empty() {
                    let sentence = format!("'{name}' exists in no version of this row");
                    mistakes.add(&place.key("messages").index(position), sentence);
                }
                let earlier = state.rows[..number].iter().filter(|earlier| earlier.requests.contains(request));
                for twice in earlier.map(|earlier| earlier.versions.and(here)).filter(|twice| !twice.is_empty()) {
                    let sentence = format!("'{}' takes '{name}' twice in {}", state.name, calendar.show(twice));
                    mistakes.add(&place.key("messages").index(position), sentence);
                }
                for (key, target) in targets(row.transition) {
                    let missing = Versions(here.0 & !states[target].versions.0);
                    if !missing.is_empty() {
                        let sentence =
                            format!("'{}' does not exist in {}, where '{name}' leads to it", states[target].name, calendar.show(missing));
                        mistakes.add(&place.key(key), sentence);
                    }
                }
            }
        }
    }
}

fn targets(transition: Transition) -> Vec<(&'static str, usize)> {
    match transition {
        Transition::Refused => Vec::new(),
        Transition::Ignored(state) => vec![("ignored", state)],
        Transition::Served { success, open, failure } => [("success", Some(success)), ("open", open), ("failure", failure)]
            .into_iter()
            .filter_map(|(key, state)| Some((key, state?)))
            .collect(),
    }
}

/// The machine of each version, and each distinct machine once.
fn machines(states: &[State], requests: &[Message], versions: usize) -> (Vec<usize>, Vec<Vec<Vec<Transition>>>) {
    let mut machines: Vec<Vec<Vec<Transition>>> = Vec::new();
    let mut machine_of = Vec::new();
    for version in 0..versions {
        let mut table = vec![vec![Transition::Refused; requests.len()]; states.len()];
        for (state, cells) in states.iter().zip(&mut table) {
            for row in state.rows.iter().filter(|row| row.versions.contains(version)) {
                for request in row.requests.iter().filter(|request| requests[**request].versions.contains(version)) {
                    cells[*request] = row.transition;
                }
            }
        }
        machine_of.push(machines.iter().position(|machine| *machine == table).unwrap_or_else(|| {
            machines.push(table);
            machines.len() - 1
        }));
    }
    (machine_of, machines)
}

/// Every state can be reached in every version that has it.
fn check_reach(
    states: &[State],
    machine_of: &[usize],
    machines: &[Vec<Vec<Transition>>],
    calendar: &Calendar,
    mistakes: &mut Mistakes<'_>,
) {
    let mut unreached = vec![Versions::default(); states.len()];
    for (version, machine) in machine_of.iter().enumerate() {
        let mut reached = vec![false; states.len()];
        let mut open: Vec<usize> = (0..states.len()).filter(|state| states[*state].start || states[*state].interrupted).collect();
        while let Some(state) = open.pop() {
            if !std::mem::replace(&mut reached[state], true) {
                open.extend(machines[*machine][state].iter().flat_map(|cell| targets(*cell)).map(|(_, target)| target));
                open.push(states[state].malformed);
            }
        }
        for state in 0..states.len() {
            if states[state].versions.contains(version) && !reached[state] {
                unreached[state] = unreached[state].or(Versions(1 << version));
            }
        }
    }
    for (index, versions) in unreached.into_iter().enumerate().filter(|(_, versions)| !versions.is_empty()) {
        let sentence = format!("no row leads to '{}' in {}", states[index].name, calendar.show(versions));
        mistakes.add(&Place::item("states", index).key("name"), sentence);
    }
}

/// Every request is carried out by some state in every version that has it.
fn check_accepted(
    requests: &[Message],
    machine_of: &[usize],
    machines: &[Vec<Vec<Transition>>],
    calendar: &Calendar,
    mistakes: &mut Mistakes<'_>,
) {
    for (index, request) in requests.iter().enumerate() {
        let served = |version: usize| machines[machine_of[version]].iter().any(|cells| matches!(cells[index], Transition::Served { .. }));
        let unserved = request.versions.iter().filter(|version| *version < machine_of.len() && !served(*version));
        let unserved = Versions(unserved.map(|version| 1 << version).sum());
        if !unserved.is_empty() {
            let sentence = format!("no state takes '{}' in {}", request.name, calendar.show(unserved));
            mistakes.add(&Place::item("requests", index).key("name"), sentence);
        }
    }
}
