//! Requests to be sent, and what they are answered with: out of the specification's samples, or else out of the types of the fields.

use super::super::transcript::{Data, Source, Term};
use super::term::{Message, dictionary, integer, list, string};
use crate::generated::reflection::{DICTIONARIES, REQUESTS, SAMPLES, STATES, STRUCTURES};
use crate::generated::{RequestKind, State, Version};
use crate::wire::reflect::{DictionaryInfo, FieldInfo, MessageInfo, RowInfo, SampleInfo, SampleOutcome, StructureInfo};

/// A request with its answers.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) message: Message,
    /// Whole lines.
    pub(super) answers: Vec<String>,
    pub(super) needs: Option<&'static str>,
    pub(super) source: Source,
    pub(super) why: Option<&'static str>,
}

impl Sample {
    /// The request that comes to this in a state, if there is one.
    pub(super) fn of(request: RequestKind, outcome: SampleOutcome, state: State, version: Version) -> Option<Self> {
        let info = info(request);
        let mut rows = SAMPLES
            .iter()
            .filter(|row| row.request == info.name && row.outcome == outcome && row.patch.is_none() && row.versions.contains(version));
        let fits = |row: &&SampleInfo| row.states.is_empty() || row.states.contains(&state_name(state));
        if let Some(row) = rows.clone().find(fits) {
            return Self::from_row(row, version);
        }
        if outcome != SampleOutcome::Success || rows.next().is_some() {
            return None;
        }
        let fields = info.fields_in(version).map(|field| value_of(field, version)).collect();
        let message = Message { info, fields };
        Some(Self { message, answers: expected(info, version), needs: None, source: Source::Docs, why: None })
    }

    /// The request that asks for a patch.
    pub(super) fn patched(request: RequestKind, patch: &str, version: Version) -> Option<Self> {
        let asks = |row: &&SampleInfo| row.request == info(request).name && row.patch == Some(patch) && row.versions.contains(version);
        Self::from_row(SAMPLES.iter().find(asks)?, version)
    }

    /// The request that a row is, where it is one.
    fn from_row(row: &SampleInfo, version: Version) -> Option<Self> {
        let message = Message::parse(row.sends, version)?;
        let answers = match row.answers {
            [] => expected(message.info, version),
            answers => answers.iter().map(|answer| (*answer).to_owned()).collect(),
        };
        Some(Self { message, answers, needs: row.needs, source: row.source, why: row.why })
    }
}

/// What the specification says of a request.
pub(super) fn info(request: RequestKind) -> &'static MessageInfo {
    REQUESTS.iter().find(|info| info.tag == request.tag()).unwrap_or(&REQUESTS[0])
}

/// The row of the specification that says what becomes of a request in a state.
pub(super) fn row(state: State, request: RequestKind, version: Version) -> Option<&'static RowInfo> {
    let name = info(request).name;
    STATES[state as usize].rows.iter().find(|row| row.requests.contains(&name) && row.versions.contains(version))
}

/// A state's name in the newest version, as the specification has it.
pub(super) fn state_name(state: State) -> &'static str {
    STATES[state as usize].name
}

/// What a SUCCESS has to hold, as an answer.
fn expected(info: &MessageInfo, version: Version) -> Vec<String> {
    let Some(success) = info.success.and_then(dictionary_info) else {
        return Vec::new();
    };
    let required = success.entries.iter().filter(|entry| entry.required && entry.versions.contains(version));
    let keys: Vec<String> = required.map(|entry| format!("\"{}\": {}", entry.name, pattern(entry.type_name))).collect();
    let keys: String = keys.iter().flat_map(|key| [key.as_str(), ", "]).collect();
    vec![format!("S: SUCCESS {{{keys}..}}")]
}

/// Any value of a type, as a pattern.
pub(super) fn pattern(type_name: &str) -> String {
    let name = base(type_name);
    match dictionary_info(name) {
        Some(_) => "<Dictionary>".to_owned(),
        None => format!("<{name}>"),
    }
}

/// A type without what is around its name: `List` of `List<String>?`.
pub(super) fn base(type_name: &str) -> &str {
    let end = type_name.find(['<', '?']).unwrap_or(type_name.len());
    &type_name[..end]
}

/// What is inside a list or a dictionary of one type: `String` of `List<String>?`.
pub(super) fn inner(type_name: &str) -> Option<&str> {
    type_name.trim_end_matches('?').split_once('<').and_then(|(_, rest)| rest.strip_suffix('>'))
}

/// A dictionary of the specification by its name.
pub(super) fn dictionary_info(name: &str) -> Option<&'static DictionaryInfo> {
    DICTIONARIES.iter().find(|dictionary| dictionary.name == name)
}

/// A structure of the specification by its name.
pub(super) fn structure_info(name: &str) -> Option<&'static StructureInfo> {
    STRUCTURES.iter().find(|structure| structure.name == name)
}

/// A value that a field may have.
pub(super) fn value_of(field: &FieldInfo, version: Version) -> Term {
    if field.bare.is_some_and(|(_, versions)| versions.contains(version)) {
        return Term::Data(Data::Null);
    }
    if let Some(code) = field.codes.first() {
        return Term::Data(Data::Bytes(vec![code.code]));
    }
    match (base(field.type_name), Allow::of(field)) {
        ("Integer", Some(Allow::Integers(ranges))) => integer(ranges.first().map_or(1, |(first, _)| *first)),
        ("String", Some(Allow::Words(words))) => string(words.first().copied().unwrap_or_default()),
        ("String", Some(Allow::TimeZone)) => string("Europe/Stockholm"),
        _ => value_of_type(field.type_name, version),
    }
}

/// A value of a type.
pub(super) fn value_of_type(type_name: &str, version: Version) -> Term {
    let name = base(type_name);
    if let Some(info) = dictionary_info(name) {
        let required = info.entries.iter().filter(|entry| entry.required && entry.versions.contains(version));
        return dictionary(required.map(|entry| (entry.name, value_of(entry, version))));
    }
    if let Some(info) = structure_info(name) {
        let fields = info.fields.iter().filter(|field| field.versions.contains(version));
        return Term::Structure(info.tag, fields.map(|field| super::term::bare(value_of(field, version))).collect());
    }
    match name {
        "Boolean" => Term::Data(Data::Boolean(true)),
        "Integer" => integer(10_000),
        "Float" => Term::Data(Data::Float(0.5)),
        "String" => string("text"),
        "Bytes" => Term::Data(Data::Bytes(vec![1])),
        "List" => list([]),
        "Dictionary" => dictionary([]),
        "Uuid" => Term::Data(Data::Uuid(*b"boltwright cases")),
        _ => Term::Data(Data::Null),
    }
}

/// Which values a field may have.
#[derive(Clone, Debug)]
pub(super) enum Allow {
    /// Integers in one of these ranges, both ends included.
    Integers(Vec<(i64, i64)>),
    /// One of these strings.
    Words(Vec<&'static str>),
    /// A float that is a number and not infinite.
    Finite,
    /// The name of a time zone.
    TimeZone,
}

impl Allow {
    /// What the specification allows; nothing where it allows everything.
    pub(super) fn of(field: &FieldInfo) -> Option<Self> {
        let text = field.allow?;
        match text {
            "finite" => return Some(Self::Finite),
            "time_zone" => return Some(Self::TimeZone),
            _ => {}
        }
        let range = |item: &str| match item.split_once("..") {
            None => item.parse().ok().map(|only| (only, only)),
            Some((first, "")) => Some((first.parse().ok()?, i64::MAX)),
            Some((first, last)) => Some((first.parse().ok()?, last.parse().ok()?)),
        };
        let ranges: Option<Vec<(i64, i64)>> = text.split(", ").map(range).collect();
        Some(ranges.map_or_else(|| Self::Words(text.split(", ").collect()), Self::Integers))
    }
}

/// The patches that a client may ask for in a version.
pub(super) fn patches(version: Version) -> impl Iterator<Item = &'static str> {
    SAMPLES.iter().filter(move |row| row.versions.contains(version)).filter_map(|row| row.patch)
}

/// Whether a structure exists in a version with a patch in force, or with none.
pub(super) fn exists(info: &StructureInfo, version: Version, patch: Option<&str>) -> bool {
    let brought = info.patch.is_some() && info.patch == patch && info.with_patch.contains(version);
    let taken = info.unless.is_some() && info.unless == patch;
    (info.versions.contains(version) || brought) && !taken
}
