//! What generated cases send and expect: every name exists, each check has an answer in every version, and no two rows speak of the same.

use std::collections::BTreeSet;

use super::names::{Names, find};
use super::versions::Calendar;
use crate::ir::{Check, CheckKind, Message, Reaction, Sample, SampleOutcome, Situation, Versions};
use crate::locate::Place;
use crate::mistake::{Mistakes, did_you_mean};
use crate::model::{self, File};

/// The lists.
#[derive(Debug)]
pub(super) struct Cases {
    pub(super) samples: Vec<Sample>,
    pub(super) checks: Vec<Check>,
    pub(super) edges: Vec<(Vec<String>, Vec<i64>)>,
    pub(super) situations: Vec<Situation>,
}

pub(super) fn lower(file: &File, calendar: &Calendar, names: &Names, requests: &[Message], mistakes: &mut Mistakes<'_>) -> Cases {
    let context = Context { file, calendar, names, requests };
    let samples = file.samples.iter().enumerate().filter_map(|(index, row)| context.sample(index, row, mistakes)).collect();
    let checks: Vec<Check> = file.checks.iter().enumerate().map(|(index, row)| context.check(index, row, mistakes)).collect();
    check_cover(&checks, calendar, mistakes);
    check_rivals(&checks, calendar, mistakes);
    let situations = file.situations.iter().enumerate().filter_map(|(index, row)| context.situation(index, row, mistakes)).collect();
    let things = things(file);
    for (index, edges) in file.edges.iter().enumerate() {
        for (position, name) in edges.of.iter().enumerate() {
            find("thing", name, &things, &Place::item("edges", index).key("of").index(position), mistakes);
        }
    }
    let edges = file.edges.iter().map(|edges| (edges.of.clone(), edges.values.clone())).collect();
    Cases { samples, checks, edges, situations }
}

struct Context<'f> {
    file: &'f File,
    calendar: &'f Calendar,
    names: &'f Names,
    requests: &'f [Message],
}

impl Context<'_> {
    fn sample(&self, index: usize, written: &model::Sample, mistakes: &mut Mistakes<'_>) -> Option<Sample> {
        let place = Place::item("samples", index);
        let states = self.states(&written.states, &place.key("in"), mistakes);
        let request = find("request", &written.request, &self.names.requests, &place.key("request"), mistakes)?;
        let versions = self.calendar.subset(written.versions, self.requests[request].versions, &place, mistakes);
        if (written.outcome == SampleOutcome::Echo)
            && !written.sends.contains(VALUE)
            && !written.answers.iter().any(|it| it.contains(VALUE))
        {
            mistakes.add(&place.key("sends"), format!("an echo sends '{VALUE}', or is answered with it"));
        }
        Some(Sample {
            request,
            outcome: written.outcome,
            states,
            versions,
            patch: self.calendar.patch(written.patch.as_deref(), &place.key("patch"), mistakes),
            sends: written.sends.clone(),
            answers: written.answers.clone(),
            needs: written.needs.clone(),
            source: written.source,
            why: written.why.clone(),
        })
    }

    fn check(&self, index: usize, written: &model::Check, mistakes: &mut Mistakes<'_>) -> Check {
        let place = Place::item("checks", index);
        let (things, types) = (things(self.file), types(self.file));
        for (list, known, kind, named) in [("of", &things, "thing", &written.of), ("with", &types, "type", &written.with)] {
            for (position, name) in named.iter().enumerate() {
                find(kind, name, known, &place.key(list).index(position), mistakes);
            }
        }
        for (position, code) in written.codes.iter().enumerate() {
            if !self.file.errors.iter().any(|error| error.code == *code) {
                let hint = did_you_mean(code, self.file.errors.iter().map(|error| error.code.as_str()));
                mistakes.add(&place.key("codes").index(position), format!("no error has the code '{code}'{hint}"));
            }
        }
        let reaction = match (written.taken, written.codes.is_empty(), written.closes) {
            (true, true, false) => Reaction::Taken,
            (false, false, closes) => Reaction::Fails { codes: written.codes.clone(), closes },
            (false, true, true) => Reaction::Closes,
            _ => {
                mistakes.add(&place, "a check has 'taken: true' alone, or 'codes', 'closes: true' or both");
                Reaction::Taken
            }
        };
        let all = self.calendar.all();
        Check {
            kind: written.check,
            of: written.of.clone(),
            with: written.with.clone(),
            states: self.states(&written.states, &place.key("in"), mistakes),
            versions: self.calendar.subset(written.versions, all, &place, mistakes),
            reaction,
            source: written.source,
            why: written.why.clone(),
        }
    }

    fn situation(&self, index: usize, written: &model::Situation, mistakes: &mut Mistakes<'_>) -> Option<Situation> {
        let place = Place::item("situations", index);
        let request = find("request", &written.request, &self.names.requests, &place.key("request"), mistakes);
        let state = find("state", &written.state, &self.names.states, &place.key("in"), mistakes);
        let (request, state) = (request?, state?);
        let success = self.file.requests[request].success.as_ref();
        let success = self.file.dictionaries.iter().find(|dictionary| Some(&dictionary.name) == success);
        let keys: Vec<String> = success.iter().flat_map(|dictionary| &dictionary.entries).map(|entry| entry.name.clone()).collect();
        for (list, named) in [("has", &written.has), ("lacks", &written.lacks)] {
            for (position, key) in named.iter().enumerate() {
                find("key of this answer", key, &keys, &place.key(list).index(position), mistakes);
            }
        }
        Some(Situation {
            name: written.name.clone(),
            request,
            state,
            outcome: written.outcome,
            versions: self.calendar.subset(written.versions, self.requests[request].versions, &place, mistakes),
            has: written.has.clone(),
            lacks: written.lacks.clone(),
            source: written.source,
            why: written.why.clone(),
        })
    }

    fn states(&self, written: &[String], place: &Place, mistakes: &mut Mistakes<'_>) -> Vec<usize> {
        let state = |(position, name): (usize, &String)| find("state", name, &self.names.states, &place.index(position), mistakes);
        written.iter().enumerate().filter_map(state).collect()
    }
}

/// What stands for the value of an echo.
const VALUE: &str = "$value";

/// What something can be wrong in: requests, structures, the fields and entries of everything, and with `[]` what those hold.
fn things(file: &File) -> Vec<String> {
    let messages = file.requests.iter().map(|message| (&message.name, &message.fields));
    let structures = file.structures.iter().map(|structure| (&structure.name, &structure.fields));
    let dictionaries = file.dictionaries.iter().map(|dictionary| (&dictionary.name, &dictionary.entries));
    let of = |(owner, fields): (&String, &Vec<model::Field>)| {
        let named = fields.iter().map(|field| format!("{owner}.{}", field.name));
        let held = fields.iter().filter(|field| field.type_.of.is_some()).map(|field| format!("{owner}.{}[]", field.name));
        std::iter::once(owner.clone()).chain(named).chain(held).collect::<Vec<_>>()
    };
    let values = file.values.iter().map(|value| value.name.clone());
    messages.chain(structures).chain(dictionaries).flat_map(of).chain(values).collect()
}

/// The types of a value.
fn types(file: &File) -> Vec<String> {
    let structures = file.structures.iter().map(|structure| structure.name.clone());
    file.values.iter().map(|value| value.name.clone()).chain(structures).collect()
}

/// For each check there is a row that names nothing, in every version.
fn check_cover(checks: &[Check], calendar: &Calendar, mistakes: &mut Mistakes<'_>) {
    for kind in CheckKind::ALL {
        let general = checks.iter().filter(|check| check.kind == *kind && check.rank() == 0);
        let covered = general.fold(Versions::default(), |all, check| all.or(check.versions));
        let open = Versions(calendar.all().0 & !covered.0);
        if !open.is_empty() {
            let sentence = format!("expected a row for '{kind}' that names nothing else, in {}", calendar.show(open));
            mistakes.add(&Place::top("checks"), sentence);
        }
    }
}

/// No two rows name as much as each other and fit the same.
fn check_rivals(checks: &[Check], calendar: &Calendar, mistakes: &mut Mistakes<'_>) {
    fn meet<T: Ord>(one: &[T], other: &[T]) -> bool {
        let one: BTreeSet<_> = one.iter().collect();
        one.is_empty() && other.is_empty() || other.iter().any(|item| one.contains(item))
    }
    for (index, check) in checks.iter().enumerate() {
        let rival = checks[..index].iter().find(|other| {
            other.kind == check.kind
                && other.rank() == check.rank()
                && !other.versions.and(check.versions).is_empty()
                && meet(&other.of, &check.of)
                && meet(&other.with, &check.with)
                && meet(&other.states, &check.states)
        });
        if let Some(rival) = rival {
            let both = calendar.show(rival.versions.and(check.versions));
            let sentence = format!("an earlier row says what comes of '{}' here, in {both}", check.kind);
            mistakes.add(&Place::item("checks", index).key("check"), sentence);
        }
    }
}
