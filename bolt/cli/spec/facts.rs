//! What a version is, as facts that can be shown and compared: sections of items, items of lines.

use boltwright::generated::Version;
use boltwright::generated::reflection::{DICTIONARIES, REQUESTS, RESPONSES, STATES, STRUCTURES, VALUES};
use boltwright::wire::reflect::{FieldInfo, MessageInfo, Outcome, StructureInfo};

/// All that is said about one kind of thing.
#[derive(Clone, Debug)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) items: Vec<Item>,
}

/// A message, a structure, a dictionary, a state, a value.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// What it is called in all versions.
    pub(super) key: &'static str,
    /// What it is called in this one.
    pub(super) name: &'static str,
    /// What can be said in a word or two: its tag.
    pub(super) head: String,
    pub(super) doc: &'static str,
    pub(super) lines: Vec<Line>,
}

/// A field, an entry, a request that a state takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Line {
    pub(super) key: String,
    pub(super) text: String,
    pub(super) doc: &'static str,
}

/// All facts of a version.
pub(super) fn of(version: Version) -> Vec<Section> {
    vec![
        Section { title: "Requests", items: messages(REQUESTS, version) },
        Section { title: "Responses", items: messages(RESPONSES, version) },
        Section { title: "Dictionaries", items: dictionaries(version) },
        Section { title: "Structures", items: structures(version) },
        Section { title: "Values", items: values(version) },
        Section { title: "States", items: states(version) },
    ]
}

fn messages(messages: &'static [MessageInfo], version: Version) -> Vec<Item> {
    let item = |message: &'static MessageInfo| {
        let success = message.success.map(|success| format!(", SUCCESS carries {success}")).unwrap_or_default();
        Item {
            key: message.name,
            name: message.name_in(version),
            head: format!("{:02X}{success}", message.tag),
            doc: message.doc,
            lines: fields(message.fields, version),
        }
    };
    messages.iter().filter(|message| message.versions.contains(version)).map(item).collect()
}

fn structures(version: Version) -> Vec<Item> {
    let item = |structure: &'static StructureInfo| {
        let patched = match (structure.versions.contains(version), structure.patch, structure.unless) {
            (false, Some(patch), _) => format!(", with the patch {patch}"),
            (true, _, Some(patch)) => format!(", without the patch {patch}"),
            _ => String::new(),
        };
        let from = if structure.from_server { ", sent by servers only" } else { "" };
        Item {
            key: structure.name,
            name: structure.name,
            head: format!("{:02X}{patched}{from}", structure.tag),
            doc: structure.doc,
            lines: fields(structure.fields, version),
        }
    };
    STRUCTURES.iter().filter(|structure| structure.with_patch.contains(version) || structure.versions.contains(version)).map(item).collect()
}

/// The dictionaries that messages of the version carry, directly or inside each other.
fn dictionaries(version: Version) -> Vec<Item> {
    let messages = || REQUESTS.iter().chain(RESPONSES).filter(|message| message.versions.contains(version));
    let types = messages()
        .flat_map(|message| message.fields_in(version))
        .map(|field| field.type_name)
        .chain(messages().filter_map(|message| message.success));
    let mut open: Vec<&str> = types.collect();
    let mut names = Vec::new();
    while let Some(type_) = open.pop() {
        for dictionary in DICTIONARIES.iter().filter(|dictionary| words(type_).any(|word| word == dictionary.name)) {
            if !names.contains(&dictionary.name) {
                names.push(dictionary.name);
                open.extend(dictionary.entries.iter().filter(|entry| entry.versions.contains(version)).map(|entry| entry.type_name));
            }
        }
    }
    let used = DICTIONARIES.iter().filter(|dictionary| names.contains(&dictionary.name));
    used.map(|dictionary| Item {
        key: dictionary.name,
        name: dictionary.name,
        head: String::new(),
        doc: dictionary.doc,
        lines: fields(dictionary.entries, version),
    })
    .collect()
}

fn words(type_: &str) -> impl Iterator<Item = &str> {
    type_.split(|c: char| !c.is_alphanumeric())
}

fn values(version: Version) -> Vec<Item> {
    let known = VALUES.iter().filter(|value| value.packstream <= version.packstream());
    known.map(|value| Item { key: value.name, name: value.name, head: String::new(), doc: value.doc, lines: Vec::new() }).collect()
}

fn states(version: Version) -> Vec<Item> {
    let state = |name: &str| STATES.iter().find(|state| state.name == name);
    let state_name = |name: &'static str| match state(name).and_then(|state| state.formerly) {
        Some((older, versions)) if versions.contains(version) => older,
        _ => name,
    };
    let outcome = |outcome: Outcome| match outcome {
        Outcome::Ignored(to) => format!("ignored, {}", state_name(to)),
        Outcome::Served { success, open, failure } => {
            let mut text = state_name(success).to_owned();
            if let Some(open) = open {
                text.push_str(&format!(", {} while rows are left", state_name(open)));
            }
            if let Some(failure) = failure {
                text.push_str(&format!(", {} on failure", state_name(failure)));
            }
            text
        }
    };
    let item = |state: &'static boltwright::wire::reflect::StateInfo| {
        let rows = state.rows.iter().filter(|row| row.versions.contains(version));
        let lines = rows.flat_map(|row| {
            let requests = row.requests.iter().filter_map(|name| REQUESTS.iter().find(|request| request.name == *name));
            let accepted = requests.filter(|request| request.versions.contains(version));
            accepted.map(|request| Line { key: request.name_in(version).to_owned(), text: outcome(row.outcome), doc: "" })
        });
        Item { key: state.name, name: state_name(state.name), head: String::new(), doc: state.doc, lines: lines.collect() }
    };
    STATES.iter().filter(|state| state.versions.contains(version)).map(item).collect()
}

fn fields(fields: &'static [FieldInfo], version: Version) -> Vec<Line> {
    let line = |field: &'static FieldInfo| {
        let mut text = field.type_name.to_owned();
        if let Some((entry, versions)) = field.bare
            && versions.contains(version)
        {
            text = format!("{entry} alone");
        }
        if let Some(allow) = field.allow {
            text.push_str(&format!(" ({allow})"));
        }
        Line { key: field.name.to_owned(), text, doc: field.doc }
    };
    fields.iter().filter(|field| field.versions.contains(version)).map(line).collect()
}
