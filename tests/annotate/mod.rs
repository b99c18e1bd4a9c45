//! PackStream bytes for people: a value a line, its bytes in front, what it is behind.

use std::fmt::Write;

use boltwright::generated::reflection::{REQUESTS, RESPONSES, STRUCTURES};
use boltwright::generated::{Dialect, marker};
use boltwright::wire::packstream::{Origin, Reader};

/// Bytes that a line shows before it says how many more there are.
const SHOWN: usize = 16;

pub(crate) fn annotate(bytes: &[u8], dialect: Dialect) -> String {
    let mut text = String::new();
    let mut r = Reader::new(bytes, dialect, Origin::Server);
    value(&mut r, bytes, dialect, 0, "", &mut text);
    r.finish().unwrap();
    text
}

fn line(bytes: &[u8], depth: usize, what: &str, text: &mut String) {
    let shown: Vec<String> = bytes.iter().take(SHOWN).map(|byte| format!("{byte:02X}")).collect();
    let more = if bytes.len() > SHOWN { format!(" … {} more", bytes.len() - SHOWN) } else { String::new() };
    writeln!(text, "  {:<56}{}{what}", shown.join(" ") + &more, "  ".repeat(depth)).unwrap();
}

fn value(r: &mut Reader<'_>, bytes: &[u8], dialect: Dialect, depth: usize, name: &str, text: &mut String) {
    let start = r.offset();
    let name = if name.is_empty() { String::new() } else { format!("{name}: ") };
    let next = r.marker().unwrap();
    match next & 0xF0 {
        marker::STRUCTURE_TINY => {
            let (fields, tag) = r.structure_header().unwrap();
            let (what, names) = named(tag, fields, depth, dialect);
            line(&bytes[start..r.offset()], depth, &format!("{name}{what}"), text);
            for field in names.iter().map(String::as_str).chain(std::iter::repeat("")).take(fields) {
                value(r, bytes, dialect, depth + 1, field, text);
            }
        }
        marker::LIST_TINY => {
            let length = r.list_header().unwrap();
            line(&bytes[start..r.offset()], depth, &format!("{name}list of {length}"), text);
            (0..length).for_each(|_| value(r, bytes, dialect, depth + 1, "", text));
        }
        marker::DICTIONARY_TINY => {
            let length = r.dictionary_header().unwrap();
            line(&bytes[start..r.offset()], depth, &format!("{name}dictionary of {length}"), text);
            entries(r, bytes, dialect, depth, length, text);
        }
        _ if next == marker::DICTIONARY_8 => {
            let length = r.dictionary_header().unwrap();
            line(&bytes[start..r.offset()], depth, &format!("{name}dictionary of {length}"), text);
            entries(r, bytes, dialect, depth, length, text);
        }
        _ => {
            let value = r.value().unwrap();
            line(&bytes[start..r.offset()], depth, &format!("{name}{value:?}"), text);
        }
    }
}

fn entries(r: &mut Reader<'_>, bytes: &[u8], dialect: Dialect, depth: usize, length: usize, text: &mut String) {
    for _ in 0..length {
        let start = r.offset();
        let key = r.key().unwrap();
        line(&bytes[start..r.offset()], depth + 1, &format!("{key:?}"), text);
        value(r, bytes, dialect, depth + 2, "", text);
    }
}

/// What a tag stands for. At the top it is a message.
fn named(tag: u8, fields: usize, depth: usize, dialect: Dialect) -> (String, Vec<String>) {
    let version = dialect.version;
    let message = REQUESTS.iter().chain(RESPONSES).filter(|message| message.tag == tag && message.versions.contains(version));
    let mut message = message.filter(|message| message.fields_in(version).count() == fields);
    let structure = STRUCTURES.iter().find(|structure| {
        let patched = dialect.utc && structure.patch.is_some() && structure.with_patch.contains(version);
        structure.tag == tag && (structure.versions.contains(version) || patched)
    });
    match (depth, message.next_back(), structure) {
        (0, Some(message), None) => {
            let names = message.fields_in(version).map(|field| field.name.to_owned()).collect();
            (message.name_in(version).to_owned(), names)
        }
        (_, _, Some(structure)) => {
            let fields = structure.fields.iter().filter(|field| field.versions.contains(version));
            (structure.name.to_owned(), fields.map(|field| field.name.to_owned()).collect())
        }
        (_, Some(message), None) => (message.name_in(version).to_owned(), Vec::new()),
        _ => (format!("structure {tag:02X}"), Vec::new()),
    }
}
