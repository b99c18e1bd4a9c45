//! Every request with something wrong in it, or something unusual that is right.

use super::super::transcript::{Data, Entry, Source, Term};
use super::case::Case;
use super::path::{self, Edge};
use super::probe;
use super::sample::{Allow, base, dictionary_info, info, inner, value_of_type};
use super::term::{Message, bare, dictionary, entry, integer, list, string};
use crate::generated::reflection::{CHECKS, STRUCTURES, VALUES};
use crate::generated::{RequestKind, State, Version};
use crate::wire::reflect::{CheckKind, DictionaryInfo, FieldInfo, Reaction, SampleOutcome};

pub(super) fn cases(version: Version) -> Vec<Case> {
    path::requests(version).filter_map(|request| of_request(request, version)).flatten().collect()
}

/// Why other keys are read than the documentation names.
const ALIAS: &str = "Clients of other databases call it so; Neo4j passes over it.";

/// One change of a request.
struct Fault {
    /// Where and what, as the name of a case has it.
    name: String,
    /// The same for the title.
    title: String,
    /// What is wrong, or nothing.
    kind: Option<CheckKind>,
    /// What it is wrong in.
    of: String,
    /// The type that stands there.
    with: Option<&'static str>,
    /// Where the specification has from what is right.
    source: Source,
    message: Message,
    by_tag: bool,
}

fn of_request(request: RequestKind, version: Version) -> Option<Vec<Case>> {
    let serves = |state: &State| path::edge(*state, request, SampleOutcome::Success, version);
    let places = State::ALL.iter().filter_map(|state| Some((path::way_to(*state, version)?, serves(state)?)));
    let (way, edge) = places.min_by_key(|(way, _)| way.len())?;
    let faults = faults(&edge.sample.message, version);
    Some(faults.iter().map(|fault| case(way, &edge, fault, version)).collect())
}

fn case(way: &[Edge], edge: &Edge, fault: &Fault, version: Version) -> Case {
    let state = edge.from;
    let name = format!("requests/{}/{}", info(edge.request).name, fault.name);
    let title = format!("{} with {}", edge.request.name(version), fault.title);
    let (start, rest) = path::shortened(way);
    let mut case = Case::new(name, title, version, start);
    let reaction = match fault.kind {
        Some(kind) => {
            let check = super::check(kind, &fault.of, fault.with, state, version);
            case.by_check(check);
            check.reaction
        }
        None => {
            case.from(fault.source, (fault.source == Source::Decision).then_some(ALIAS));
            Reaction::Taken
        }
    };
    rest.iter().for_each(|edge| {
        case.builds_on(edge);
        case.step(edge);
    });
    case.client(if fault.by_tag { fault.message.by_tag() } else { fault.message.text(version) });
    if reaction == Reaction::Taken {
        case.lines(&edge.sample.answers);
        return case;
    }
    let open = probe::react(&mut case, reaction);
    if open {
        // The way back, and the same request as it should be; before a client is authenticated there is none.
        match path::path(state.malformed(), state, version) {
            Some(back) => {
                back.iter().for_each(|edge| case.step(edge));
                case.step(edge);
            }
            None => probe::probe(&mut case, state.malformed(), &[state, edge.to], version),
        }
    }
    case
}

/// Everything that can be wrong with a request.
fn faults(message: &Message, version: Version) -> Vec<Fault> {
    let mut faults = Vec::new();
    let fields: Vec<&'static FieldInfo> = message.info.fields_in(version).collect();
    let of = |field: &FieldInfo| format!("{}.{}", message.info.name, field.name);
    for (index, field) in fields.iter().enumerate() {
        let mut fewer = message.clone();
        fewer.fields.remove(index);
        faults.push(Fault {
            name: format!("{}/missing", field.name),
            title: format!("no {}", field.name),
            kind: Some(CheckKind::FieldMissing),
            of: of(field),
            with: None,
            source: field.source,
            message: fewer,
            by_tag: true,
        });
    }
    let mut more = message.clone();
    more.fields.push(Term::Data(Data::Null));
    faults.push(Fault {
        name: "one-too-many".to_owned(),
        title: "a field too many".to_owned(),
        kind: Some(CheckKind::FieldTooMany),
        of: message.info.name.to_owned(),
        with: None,
        source: message.info.source,
        message: more,
        by_tag: true,
    });
    for (index, field) in fields.iter().enumerate() {
        for change in changes(field, &of(field), &message.fields[index], version) {
            let mut changed = message.clone();
            changed.fields[index] = change.term;
            faults.push(Fault {
                name: format!("{}{}", field.name, change.name),
                title: change.title,
                kind: change.kind,
                of: change.of,
                with: change.with,
                source: change.source,
                message: changed,
                by_tag: false,
            });
        }
    }
    faults
}

/// Another value for a field or entry.
struct Change {
    /// Behind the name of the field: `/null`, `/n/String`.
    name: String,
    title: String,
    kind: Option<CheckKind>,
    of: String,
    with: Option<&'static str>,
    source: Source,
    term: Term,
}

impl Change {
    fn new(name: impl Into<String>, title: impl Into<String>, kind: Option<CheckKind>, of: &str, field: &FieldInfo, term: Term) -> Self {
        let (name, title, of) = (format!("/{}", name.into()), title.into(), of.to_owned());
        // What a field has from elsewhere is its aliases.
        let source = if field.source == Source::Nornicdb { Source::Docs } else { field.source };
        Self { name, title, kind, of, with: None, source, term }
    }
}

/// All other values that tell something.
fn changes(field: &'static FieldInfo, of: &str, now: &Term, version: Version) -> Vec<Change> {
    let mut changes = Vec::new();
    let bare_here = field.bare.filter(|(_, versions)| versions.contains(version));
    let type_name = field.type_name;
    let nullable = type_name.ends_with('?') || bare_here.is_some();
    // What the specification lets pass may still have a row of its own that says otherwise, and the other way round.
    let null = Some(CheckKind::NullHere).filter(|kind| !nullable || named(*kind, of, version));
    let mut change = Change::new("null", format!("null for {}", field.name), null, of, field, Term::Data(Data::Null));
    change.with = Some("Null");
    changes.push(change);
    for (name, term) in other_types(type_name, version) {
        // Alone in its place, it may be of the type of the entry.
        let entry = bare_here.and_then(|(entry, _)| dictionary_info(base(type_name))?.entries.iter().find(|info| info.name == entry));
        if entry.is_some_and(|entry| base(entry.type_name) == name) {
            continue;
        }
        let title = format!("{} {name} for {}", article(name), field.name);
        let mut change = Change::new(name, title, Some(CheckKind::WrongType), of, field, term);
        change.with = Some(name);
        changes.push(change);
    }
    changes.extend(allowed(field, of));
    if let (Some(of_items), Some(Allow::Words(words))) = (inner(type_name), Allow::of(field)) {
        changes.extend(items(field, of, of_items, words.first().map(|word| string(word)), version));
    } else if let Some(of_items) = inner(type_name) {
        changes.extend(items(field, of, of_items, None, version));
    }
    if let Some(info) = dictionary_info(base(type_name)) {
        // Where an entry stands alone in the place of the dictionary, the dictionary is taken too.
        let whole = value_of_type(type_name, version);
        changes.extend(entries(info, if bare_here.is_some() { &whole } else { now }, version));
    }
    changes
}

/// Whether a row of the checks names what something is about.
fn named(kind: CheckKind, of: &str, version: Version) -> bool {
    CHECKS.iter().any(|row| row.kind == kind && row.of.contains(&of) && row.versions.contains(version))
}

fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" }
}

/// A value of each type but this.
pub(super) fn other_types(type_name: &str, version: Version) -> Vec<(&'static str, Term)> {
    let is = match dictionary_info(base(type_name)) {
        Some(_) => "Dictionary",
        None => base(type_name),
    };
    let values = VALUES.iter().filter(|value| value.packstream <= version.packstream() && !matches!(value.name, "Null"));
    let structure = STRUCTURES.iter().find(|info| !info.from_server && info.versions.contains(version)).map(|info| info.name);
    let names = values.map(|value| value.name).chain(structure).filter(|name| *name != is);
    names.map(|name| (name, value_of_type(name, version))).collect()
}

/// The edges of what is allowed, and what is beyond them.
fn allowed(field: &FieldInfo, of: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let wraps = |term: Term| if base(field.type_name) == "List" { list([term]) } else { term };
    let mut add = |right: bool, name: &str, term: Term| {
        let kind = Some(CheckKind::NotAllowed).filter(|_| !right);
        let title = format!("{}: {name}", field.name);
        changes.push(Change::new(name, title, kind, of, field, wraps(term)));
    };
    match Allow::of(field) {
        Some(Allow::Integers(ranges)) => {
            let inside = |value: i64| ranges.iter().any(|(first, last)| (*first..=*last).contains(&value));
            let mut edges: Vec<i64> = ranges
                .iter()
                .flat_map(|(first, last)| [first.checked_sub(1), Some(*first), Some(*last), last.checked_add(1)])
                .flatten()
                .collect();
            edges.sort_unstable();
            edges.dedup();
            edges.into_iter().for_each(|edge| add(inside(edge), &edge.to_string(), integer(edge)));
        }
        Some(Allow::Words(words)) => {
            for word in &words {
                add(true, word, string(word));
            }
            for word in &words {
                let other: String = word
                    .chars()
                    .map(|char| if char.is_ascii_uppercase() { char.to_ascii_lowercase() } else { char.to_ascii_uppercase() })
                    .collect();
                add(field.any_case, &other, string(&other));
            }
            add(false, "another-word", string("another"));
            add(false, "empty", string(""));
        }
        Some(Allow::Finite | Allow::TimeZone) | None => {}
    }
    if field.blank_is_absent {
        changes.push(Change::new("empty", format!("an empty {}", field.name), None, of, field, string("")));
    }
    changes
}

/// What a list or a dictionary of one type must not hold.
fn items(field: &FieldInfo, of: &str, of_items: &str, right: Option<Term>, version: Version) -> Vec<Change> {
    let right = right.unwrap_or_else(|| value_of_type(of_items, version));
    let holding = |term: Term| match base(field.type_name) {
        "List" => list([right.clone(), term]),
        _ => dictionary([("one", right.clone()), ("two", term)]),
    };
    let mut changes = Vec::new();
    let of = &format!("{of}[]");
    let null = Some(CheckKind::NullHere).filter(|_| !of_items.ends_with('?'));
    // Whether these strings are known to anybody is another question: a null says something only where nothing else is in the list.
    let only_null = if base(field.type_name) == "List" { list([Term::Data(Data::Null)]) } else { holding(Term::Data(Data::Null)) };
    let mut change = Change::new("items/null", format!("null inside {}", field.name), null, of, field, only_null);
    change.with = Some("Null");
    changes.push(change);
    for (name, term) in other_types(of_items, version) {
        let title = format!("{} {name} inside {}", article(name), field.name);
        let mut change = Change::new(format!("items/{name}"), title, Some(CheckKind::WrongType), of, field, holding(term));
        change.with = Some(name);
        changes.push(change);
    }
    changes
}

/// Everything that can be wrong with the entries of a dictionary.
fn entries(info: &'static DictionaryInfo, now: &Term, version: Version) -> Vec<Change> {
    let Term::Dictionary(now, _) = now else { return Vec::new() };
    let value = |key: &str| {
        now.iter().find_map(|entry| match &entry.item {
            Entry::Key { key: name, term, .. } if name == key => Some(term),
            _ => None,
        })
    };
    let without = |key: &str| {
        let others = now.iter().filter(|entry| !matches!(&entry.item, Entry::Key { key: name, .. } if name == key));
        others.cloned().collect::<Vec<_>>()
    };
    let with = |key: &str, term: Term| {
        let mut entries = without(key);
        entries.insert(0, entry(key, term));
        Term::Dictionary(entries, false)
    };
    let mut changes = Vec::new();
    for field in info.entries.iter().filter(|field| field.versions.contains(version)) {
        let of = format!("{}.{}", info.name, field.name);
        if field.required {
            let title = format!("no entry {}", field.name);
            let term = Term::Dictionary(without(field.name), false);
            changes.push(Change::new(format!("{}/missing", field.name), title, Some(CheckKind::EntryMissing), &of, field, term));
        }
        let default = value_of_type(field.type_name, version);
        for change in self::changes(field, &of, value(field.name).unwrap_or(&default), version) {
            let term = with(field.name, change.term);
            changes.push(Change { name: format!("/{}{}", field.name, change.name), term, ..change });
        }
        for alias in field.aliases {
            let title = format!("{alias} for {}", field.name);
            let change = Change::new(*alias, title, None, &of, field, with(alias, value_of_type(field.type_name, version)));
            changes.push(Change { source: Source::Decision, ..change });
        }
    }
    let term = Term::Dictionary(
        now.iter().cloned().chain([bare(Entry::Key { key: "colour".to_owned(), optional: false, term: string("blue") })]).collect(),
        false,
    );
    changes.push(Change {
        name: "/unknown-key".to_owned(),
        title: format!("a key that {} does not name", info.name),
        kind: Some(CheckKind::KeyUnknown),
        of: info.name.to_owned(),
        with: None,
        source: Source::Docs,
        term,
    });
    changes
}
