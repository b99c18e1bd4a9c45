//! Samples out of the specification's reflection: everything that a version has is there, with a value that its type and its limits allow.

use boltwright::generated::Dialect;
use boltwright::generated::reflection::{DICTIONARIES, STRUCTURES};
use boltwright::wire::packstream::Writer;
use boltwright::wire::reflect::{FieldInfo, MessageInfo, StructureInfo};
use bytes::BytesMut;

/// How deep a type that holds itself is filled.
const DEPTH: usize = 6;

/// A message with all its fields; nothing where the version lacks it.
pub(crate) fn message(info: &MessageInfo, dialect: Dialect) -> Option<Vec<u8>> {
    info.versions.contains(dialect.version).then(|| written(dialect, |w| structure_of(info.tag, info.fields, dialect, 0, w)))
}

/// A structure with all its fields; nothing where the dialect lacks it.
pub(crate) fn structure(info: &StructureInfo, dialect: Dialect) -> Option<Vec<u8>> {
    exists(info, dialect).then(|| written(dialect, |w| structure_of(info.tag, info.fields, dialect, 0, w)))
}

/// A dictionary with all its entries.
pub(crate) fn dictionary(name: &str, dialect: Dialect) -> Vec<u8> {
    written(dialect, |w| value(name, None, name, dialect, 0, w))
}

fn written(dialect: Dialect, write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut bytes = BytesMut::new();
    write(&mut Writer::new(&mut bytes, dialect));
    bytes.to_vec()
}

fn exists(info: &StructureInfo, dialect: Dialect) -> bool {
    let in_force = |patch: Option<&str>| patch == Some("utc") && dialect.utc;
    (info.versions.contains(dialect.version) || in_force(info.patch)) && !in_force(info.unless)
}

fn structure_of(tag: u8, fields: &'static [FieldInfo], dialect: Dialect, depth: usize, w: &mut Writer<'_>) {
    let here: Vec<_> = fields.iter().filter(|field| field.versions.contains(dialect.version)).collect();
    w.structure_header(here.len(), tag).unwrap();
    here.into_iter().for_each(|field| self::field(field, dialect, depth + 1, w));
}

fn field(info: &FieldInfo, dialect: Dialect, depth: usize, w: &mut Writer<'_>) {
    match info.bare {
        Some((entry, versions)) if versions.contains(dialect.version) => w.string(entry).unwrap(),
        _ => value(info.type_name, info.allow, info.name, dialect, depth, w),
    }
}

fn value(type_name: &str, allow: Option<&str>, name: &str, dialect: Dialect, depth: usize, w: &mut Writer<'_>) {
    let type_name = type_name.trim_end_matches('?');
    let first = allow.and_then(|allow| allow.split([',', '.']).next());
    match type_name {
        "Null" => w.null(),
        "Boolean" => w.boolean(true),
        "Integer" => w.integer(first.map_or(1, |first| first.parse().unwrap())),
        "Float" => w.float(0.5),
        "Bytes" => w.bytes(if name == "type_marker" { &[0xC8] } else { &[1, 2] }),
        "String" if allow == Some("time_zone") => w.string("Europe/Stockholm"),
        "String" => w.string(first.unwrap_or(name)),
        "List" => list("Integer", None, name, dialect, depth, w),
        "Dictionary" => entry(w, |w| w.integer(1)),
        "Dictionary<String>" => entry(w, |w| w.string("text")),
        _ => {
            named(type_name, allow, name, dialect, depth, w);
            Ok(())
        }
    }
    .unwrap();
}

fn entry(
    w: &mut Writer<'_>,
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), boltwright::wire::packstream::EncodeError>,
) -> Result<(), boltwright::wire::packstream::EncodeError> {
    w.dictionary_header(1)?;
    w.string("key")?;
    write(w)
}

fn list(
    of: &str,
    allow: Option<&str>,
    name: &str,
    dialect: Dialect,
    depth: usize,
    w: &mut Writer<'_>,
) -> Result<(), boltwright::wire::packstream::EncodeError> {
    if depth > DEPTH {
        return w.list_header(0);
    }
    w.list_header(1)?;
    value(of, allow, name, dialect, depth + 1, w);
    Ok(())
}

fn named(type_name: &str, allow: Option<&str>, name: &str, dialect: Dialect, depth: usize, w: &mut Writer<'_>) {
    if let Some(of) = type_name.strip_prefix("List<").and_then(|rest| rest.strip_suffix('>')) {
        return list(of, allow, name, dialect, depth, w).unwrap();
    }
    if let Some(structure) = STRUCTURES.iter().find(|structure| structure.name == type_name) {
        return structure_of(structure.tag, structure.fields, dialect, depth, w);
    }
    let dictionary = DICTIONARIES.iter().find(|dictionary| dictionary.name == type_name).unwrap_or_else(|| panic!("no type {type_name}"));
    let holds_itself = |entry: &&FieldInfo| depth > DEPTH && entry.type_name.contains(type_name) && !entry.required;
    let entries: Vec<_> = dictionary.entries.iter().filter(|entry| entry.versions.contains(dialect.version)).collect();
    let entries: Vec<_> = entries.into_iter().filter(|entry| !holds_itself(entry)).collect();
    w.dictionary_header(entries.len()).unwrap();
    for entry in entries {
        w.string(entry.name).unwrap();
        field(entry, dialect, depth + 1, w);
    }
}
