//! The claim that nothing changed between two versions: no range may begin or end between them.

use std::collections::BTreeSet;

use super::versions::Calendar;
use crate::locate::Place;
use crate::mistake::{Mistakes, did_you_mean};
use crate::model::{Field, File};
use crate::scalar::{Version, VersionRange};

/// The lists that a claim speaks of.
const LISTS: &[&str] = &["structures", "requests", "responses", "dictionaries", "states"];

pub(super) fn check(file: &File, calendar: &Calendar, mistakes: &mut Mistakes<'_>) {
    let ranges = ranges(file);
    for (index, version) in file.versions.iter().enumerate() {
        let place = Place::item("versions", index);
        for (number, list) in version.except.iter().enumerate().filter(|(_, list)| !LISTS.contains(&list.as_str())) {
            let hint = did_you_mean(list, LISTS.iter().copied());
            mistakes.add(&place.key("except").index(number), format!("no list is named '{list}'{hint}"));
        }
        let Some(same_as) = version.same_as else { continue };
        let place = place.key("same_as");
        if !calendar.numbers.contains(&same_as) || same_as >= version.number {
            mistakes.add(&place, format!("expected an earlier version, got {same_as}"));
            continue;
        }
        let differing: BTreeSet<&str> = ranges
            .iter()
            .filter(|(list, range)| {
                !version.except.iter().any(|except| except == list) && contains(range, same_as) != contains(range, version.number)
            })
            .map(|(list, _)| *list)
            .collect();
        for list in differing {
            let sentence =
                format!("{} is said to be the same as {same_as}, and a range in '{list}' begins or ends between them", version.number);
            mistakes.add(&place, sentence);
        }
    }
}

fn contains(range: &VersionRange, version: Version) -> bool {
    range.first <= version && range.last.is_none_or(|last| version <= last)
}

/// Every range, with the list that it stands in.
fn ranges(file: &File) -> Vec<(&'static str, VersionRange)> {
    fn of_fields<'a>(list: &'static str, fields: impl Iterator<Item = &'a Field>, all: &mut Vec<(&'static str, VersionRange)>) {
        for field in fields {
            all.extend(field.versions.into_iter().chain(field.bare.as_ref().map(|bare| bare.versions)).map(|range| (list, range)));
        }
    }
    let mut all = Vec::new();
    all.extend(file.structures.iter().filter_map(|item| Some(("structures", item.versions?))));
    of_fields("structures", file.structures.iter().flat_map(|item| &item.fields), &mut all);
    for (list, messages) in [("requests", &file.requests), ("responses", &file.responses)] {
        for message in messages {
            let spelled = message.spelled.iter().map(|spelled| spelled.versions);
            let miscounted = message.miscounted.as_ref().map(|wrong| wrong.versions);
            all.extend(message.versions.into_iter().chain(spelled).chain(miscounted).map(|range| (list, range)));
        }
        of_fields(list, messages.iter().flat_map(|item| &item.fields), &mut all);
    }
    all.extend(file.dictionaries.iter().filter_map(|item| Some(("dictionaries", item.rest.as_ref()?.versions))));
    of_fields("dictionaries", file.dictionaries.iter().flat_map(|item| &item.entries), &mut all);
    for state in &file.states {
        let rows = state.accepts.iter().filter_map(|row| row.versions);
        all.extend(state.versions.into_iter().chain(rows).map(|range| ("states", range)));
    }
    all
}
