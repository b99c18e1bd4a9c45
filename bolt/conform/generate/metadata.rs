//! Which keys an answer has: those that must be there are, and no others.

use super::case::Case;
use super::path;
use super::sample::{Allow, base, dictionary_info, state_name};
use crate::generated::reflection::{RESPONSES, SITUATIONS};
use crate::generated::{RequestKind, State, Version};
use crate::wire::reflect::{DictionaryInfo, FieldInfo, SituationInfo};

pub(super) fn cases(version: Version) -> Vec<Case> {
    SITUATIONS.iter().filter(|row| row.versions.contains(version)).filter_map(|row| situation(row, version)).flatten().collect()
}

fn situation(row: &'static SituationInfo, version: Version) -> Option<Vec<Case>> {
    let state = State::ALL.iter().copied().find(|state| state_name(*state) == row.state)?;
    let request = RequestKind::ALL.iter().copied().find(|request| super::sample::info(*request).name == row.request)?;
    let way = path::way_to(state, version)?;
    let edge = path::edge(state, request, row.outcome, version)?;
    let (answer, before) = edge.sample.answers.split_last()?;
    let response = RESPONSES.iter().find(|response| answer.starts_with(&format!("S: {} ", response.name)))?;
    // What a success holds depends on the request; everything else says by itself what it holds.
    let field = response.fields_in(version).next()?;
    let holds = dictionary_info(base(field.type_name)).or_else(|| edge.sample.message.info.success.and_then(dictionary_info))?;

    let here: Vec<&'static FieldInfo> = holds.entries.iter().filter(|entry| entry.versions.contains(version)).collect();
    let place = row.name.replace(' ', "-");
    let case = |name: &str, title: &str, pattern: String| {
        let (start, rest) = path::shortened(way);
        let title = format!("{} {}: {title}", request.name(version), row.name);
        let mut case = Case::new(format!("metadata/{}/{place}/{name}", row.request), title, version, start);
        case.from(row.source, row.why);
        rest.iter().for_each(|edge| {
            case.builds_on(edge);
            case.step(edge);
        });
        case.builds_on(&edge);
        case.client(edge.sample.message.text(version));
        case.lines(before);
        case.server(format_args!("{} {{{pattern}}}", response.name));
        case
    };
    let must = |entry: &&&'static FieldInfo| entry.required || row.has.contains(&entry.name);
    let mut cases: Vec<Case> = here
        .iter()
        .filter(must)
        .map(|entry| case(entry.name, &format!("{} is there", entry.name), format!("\"{}\": {}, ..", entry.name, pattern(entry, version))))
        .collect();
    let may: Vec<String> =
        here.iter().filter(|entry| !row.lacks.contains(&entry.name)).map(|entry| format!("?\"{}\": <any>", entry.name)).collect();
    cases.push(case("no-other-key", "nothing else is there", may.join(", ")));
    Some(cases)
}

/// What stands under a key: a value of its type, and in dictionaries the keys that they have in the version.
fn pattern(entry: &FieldInfo, version: Version) -> String {
    if let Some(Allow::Words(words)) = Allow::of(entry) {
        return words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" | ");
    }
    match dictionary_info(base(entry.type_name)) {
        Some(info) => entries(info, version),
        None => format!("<{}>", base(entry.type_name)),
    }
}

fn entries(info: &DictionaryInfo, version: Version) -> String {
    let holds_itself = |entry: &&FieldInfo| base(entry.type_name) == info.name;
    let here = info.entries.iter().filter(|entry| entry.versions.contains(version) && !holds_itself(entry));
    let entry = |entry: &FieldInfo| {
        let optional = if entry.required { "" } else { "?" };
        format!("{optional}\"{}\": {}", entry.name, pattern(entry, version))
    };
    format!("{{{}}}", here.map(entry).collect::<Vec<_>>().join(", "))
}
