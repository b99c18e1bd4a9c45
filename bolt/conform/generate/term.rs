//! Terms as text again, and requests to be changed before they are written.

use std::fmt::Write;

use bytes::BytesMut;

use super::super::transcript::{Data, Entry, Guarded, Scope, Step, Term, Transcript};
use crate::generated::Version;
use crate::generated::reflection::{REQUESTS, STRUCTURES};
use crate::wire::reflect::MessageInfo;

/// A request, as a version writes it.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) info: &'static MessageInfo,
    pub(super) fields: Vec<Term>,
}

impl Message {
    /// Reads a request as a sample has it; nothing where it is none.
    pub(super) fn parse(text: &str, version: Version) -> Option<Self> {
        let whole = format!("title: A sample\narea: states\nversions: {version}\nsource: docs\n\nC: {text}\n");
        let transcript = Transcript::parse(&whole).ok()?;
        let Step::Request(request) = &transcript.lines.first()?.step else { return None };
        let info = REQUESTS.iter().find(|info| info.tag == request.tag)?;
        let here = |(index, field): &(usize, &Guarded<Term>)| {
            field.is_in(version) && request.shape.get(*index).is_none_or(|versions| versions.contains(version))
        };
        let fields = request.fields.iter().enumerate().filter(here).map(|(_, field)| resolved(&field.item, version)).collect();
        Some(Self { info, fields })
    }

    /// The request by its name.
    pub(super) fn text(&self, version: Version) -> String {
        self.fields.iter().fold(self.info.name_in(version).to_owned(), |text, field| text + " " + &show(field))
    }

    /// The request as it is on the wire, without its chunks. Who the user is only a runner knows, so that requests of that kind have none.
    pub(super) fn bytes(&self, version: Version) -> Option<Vec<u8>> {
        let scope = Scope::new(version, Vec::new(), "");
        let message = Data::Structure(self.info.tag, self.fields.iter().map(|field| field.data(&scope)).collect());
        let mut bytes = BytesMut::new();
        message.encode(&mut bytes).ok()?;
        Some(bytes.to_vec())
    }

    /// The request by its tag, for fields that its name would not let pass.
    pub(super) fn by_tag(&self) -> String {
        let fields: Vec<String> = self.fields.iter().map(show).collect();
        format!("0x{:02X}({})", self.info.tag, fields.join(", "))
    }
}

/// A term with what it has in a version, and nothing else.
fn resolved(term: &Term, version: Version) -> Term {
    let items =
        |items: &[Guarded<Term>]| items.iter().filter(|item| item.is_in(version)).map(|item| bare(resolved(&item.item, version))).collect();
    match term {
        Term::List(list, open) => Term::List(items(list), *open),
        Term::Structure(tag, fields) => Term::Structure(*tag, items(fields)),
        Term::Dictionary(entries, open) => {
            let entry = |entry: &Guarded<Entry>| match &entry.item {
                Entry::Key { key, optional, term } => {
                    bare(Entry::Key { key: key.clone(), optional: *optional, term: resolved(term, version) })
                }
                Entry::Credentials => bare(Entry::Credentials),
            };
            Term::Dictionary(entries.iter().filter(|entry| entry.is_in(version)).map(entry).collect(), *open)
        }
        other => other.clone(),
    }
}

/// Something that is there in every version.
pub(super) const fn bare<T>(item: T) -> Guarded<T> {
    Guarded { versions: None, item }
}

/// An entry of a dictionary.
pub(super) fn entry(key: &str, term: Term) -> Guarded<Entry> {
    bare(Entry::Key { key: key.to_owned(), optional: false, term })
}

/// A dictionary of these entries.
pub(super) fn dictionary<'k>(entries: impl IntoIterator<Item = (&'k str, Term)>) -> Term {
    Term::Dictionary(entries.into_iter().map(|(key, term)| entry(key, term)).collect(), false)
}

/// A list of these items.
pub(super) fn list(items: impl IntoIterator<Item = Term>) -> Term {
    Term::List(items.into_iter().map(bare).collect(), false)
}

/// A string.
pub(super) fn string(text: &str) -> Term {
    Term::Data(Data::String(text.to_owned()))
}

/// An integer.
pub(super) const fn integer(value: i64) -> Term {
    Term::Data(Data::Integer(value))
}

/// A term as a conversation writes it.
pub(super) fn show(term: &Term) -> String {
    let items = |items: &[Guarded<Term>]| items.iter().map(|item| show(&item.item)).collect::<Vec<_>>();
    match term {
        Term::Data(data) => show_data(data),
        Term::List(list, open) => enclosed("[", items(list), *open, "]"),
        Term::Dictionary(entries, open) => {
            let entry = |entry: &Guarded<Entry>| match &entry.item {
                Entry::Key { key, optional, term } => {
                    format!("{}{}: {}", if *optional { "?" } else { "" }, show_string(key), show(term))
                }
                Entry::Credentials => "..<auth>".to_owned(),
            };
            enclosed("{", entries.iter().map(entry).collect(), *open, "}")
        }
        Term::Structure(tag, fields) => enclosed(&opened(*tag), items(fields), false, ")"),
        Term::Variable(name) => format!("${name}"),
        Term::Credentials => "<auth>".to_owned(),
        Term::Holds(part) => format!("~{}", show_string(part)),
        Term::Either(terms) => terms.iter().map(show).collect::<Vec<_>>().join(" | "),
        Term::Type(_) => "<any>".to_owned(),
    }
}

fn show_data(data: &Data) -> String {
    match data {
        Data::String(text) => show_string(text),
        Data::List(list) => enclosed("[", list.iter().map(show_data).collect(), false, "]"),
        Data::Dictionary(entries) => {
            let entry = |(key, value): &(String, Data)| format!("{}: {}", show_string(key), show_data(value));
            enclosed("{", entries.iter().map(entry).collect(), false, "}")
        }
        Data::Structure(tag, fields) => enclosed(&opened(*tag), fields.iter().map(show_data).collect(), false, ")"),
        Data::Uuid(bytes) => format!("Uuid(\"{}\")", hex(bytes)),
        Data::Bytes(bytes) => format!("#{}", hex(bytes)),
        // A float that is no fraction keeps its point, as it has to.
        Data::Float(value) if value.is_nan() => "NaN".to_owned(),
        other => other.to_string(),
    }
}

fn opened(tag: u8) -> String {
    match STRUCTURES.iter().find(|structure| structure.tag == tag) {
        Some(structure) => format!("{}(", structure.name),
        None => format!("0x{tag:02X}("),
    }
}

fn enclosed(start: &str, mut items: Vec<String>, open: bool, end: &str) -> String {
    if open {
        items.push("..".to_owned());
    }
    format!("{start}{}{end}", items.join(", "))
}

/// From how many characters on a string that repeats one is written as a repetition.
const REPEATED: usize = 16;

fn show_string(text: &str) -> String {
    let first = text.chars().next().unwrap_or_default();
    let count = text.chars().count();
    if count >= REPEATED && text.chars().all(|char| char == first) {
        return format!("{}*{count}", quoted(&first.to_string()));
    }
    quoted(text)
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            control if control < ' ' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            char => quoted.push(char),
        }
    }
    quoted + "\""
}

/// Bytes as digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}
