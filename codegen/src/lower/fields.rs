//! Fields and entries: what is on the wire in which version, and the members of the Rust struct that they fold into.

use super::names::{Names, find, snake};
use super::types;
use super::versions::Calendar;
use crate::ir::{Builtin, Code, Dictionary, Fallback, Member, Presence, Shape, Spec, Type, Versions, WireField};
use crate::locate::Place;
use crate::mistake::{Mistakes, did_you_mean};
use crate::model::{Field, File, Literal};
use crate::scalar::Allow;

/// Lowers the fields of one owner. `list` is the place of their list.
pub(super) fn lower(
    fields: &[Field],
    owner: Versions,
    list: &Place,
    calendar: &Calendar,
    names: &Names,
    mistakes: &mut Mistakes<'_>,
) -> Shape {
    let mut shape = Shape::default();
    for (index, field) in fields.iter().enumerate() {
        let place = list.index(index);
        let wire = wire_field(field, owner, &place, calendar, names, mistakes);
        check_overlap(&wire, &shape.wire, &place, calendar, mistakes);
        let fallback = fallback(field, &wire.type_, &place, mistakes);
        if let [member] = &wire.path[..] {
            add_member(member, &wire, fallback, &mut shape.members, &place, mistakes);
        }
        shape.wire.push(wire);
    }
    for member in &mut shape.members {
        let of_member = shape.wire.iter().filter(|wire| wire.path[0] == member.name);
        let versions = of_member.fold(Versions::default(), |all, wire| all.or(wire.versions));
        if !versions.covers(owner) {
            member.gate = Some(versions);
            if member.presence == Presence::Required {
                member.presence = Presence::Optional;
            }
        }
    }
    shape
}

fn wire_field(field: &Field, owner: Versions, place: &Place, calendar: &Calendar, names: &Names, mistakes: &mut Mistakes<'_>) -> WireField {
    let type_ = types::resolve(&field.type_, names, &place.key("type"), mistakes);
    let versions = calendar.subset(field.versions, owner, place, mistakes);
    let path = match (&field.into, &field.field) {
        (Some(_), Some(_)) => {
            mistakes.add(&place.key("field"), "expected 'field' or 'into', not both");
            vec![snake(&field.name)]
        }
        (Some(into), None) => match into.split_once('.') {
            Some((member, inner)) if !inner.contains('.') => vec![member.to_owned(), inner.to_owned()],
            _ => {
                mistakes.add(&place.key("into"), format!("expected a member and one of its members, 'extra.auth', got '{into}'"));
                vec![snake(&field.name)]
            }
        },
        (None, field_name) => vec![field_name.clone().unwrap_or_else(|| snake(&field.name))],
    };
    if let Some(allow) = &field.allow {
        check_allow(allow, &type_, field, place, mistakes);
    }
    if !field.codes.is_empty() && type_ != Type::Builtin(Builtin::Bytes) {
        mistakes.add(&place.key("codes"), format!("'codes' name the values of Bytes, and this is {}", field.type_));
    }
    let bare = field.bare.as_ref().map(|bare| {
        let set = calendar.subset(Some(bare.versions), versions, &place.key("bare"), mistakes);
        (bare.entry.clone(), snake(&bare.entry), set)
    });
    let code = |code: &crate::model::Code| Code { code: code.code.0, name: code.name.clone(), size: code.size, doc: code.doc.clone() };
    WireField {
        key: field.name.clone(),
        path,
        type_,
        type_name: field.type_.to_string(),
        nullable: field.type_.nullable,
        versions,
        aliases: field.aliases.clone(),
        allow: field.allow.clone(),
        any_case: field.any_case,
        blank_is_absent: field.blank.is_some(),
        only_with: field.only_with.clone(),
        bare,
        codes: field.codes.iter().map(code).collect(),
        doc: field.doc.clone(),
        source: field.source,
    }
}

/// No key twice, and no two keys for one member, in the same version.
fn check_overlap(wire: &WireField, earlier: &[WireField], place: &Place, calendar: &Calendar, mistakes: &mut Mistakes<'_>) {
    for other in earlier {
        let both = other.versions.and(wire.versions);
        if both.is_empty() {
            continue;
        }
        let both = calendar.show(both);
        if other.key == wire.key || other.aliases.contains(&wire.key) {
            mistakes.add(&place.key("name"), format!("'{}' is there twice in {both}", wire.key));
        } else if other.path == wire.path {
            let sentence = format!("'{}' and '{}' fold into one field and are both there in {both}", other.key, wire.key);
            mistakes.add(&place.key("name"), sentence);
        }
    }
}

fn check_allow(allow: &Allow, type_: &Type, field: &Field, place: &Place, mistakes: &mut Mistakes<'_>) {
    let is = |builtin| *type_ == Type::Builtin(builtin);
    let of_strings = matches!(type_, Type::List(of, _) if **of == Type::Builtin(Builtin::String));
    let fits = match allow {
        Allow::Integers(_) => is(Builtin::Integer),
        Allow::Strings(_) => is(Builtin::String) || of_strings,
        Allow::Finite => is(Builtin::Float),
        Allow::TimeZone => is(Builtin::String),
    };
    if !fits {
        mistakes.add(&place.key("allow"), format!("'allow' does not fit the type {}", field.type_));
    }
}

/// What a missing value is.
fn fallback(field: &Field, type_: &Type, place: &Place, mistakes: &mut Mistakes<'_>) -> Presence {
    let (key, literal, presence): (_, _, fn(Fallback) -> Presence) = match (&field.default, &field.otherwise) {
        (Some(_), Some(_)) => {
            mistakes.add(&place.key("otherwise"), "expected 'default' or 'otherwise', not both");
            return Presence::Optional;
        }
        (Some(literal), None) => ("default", literal, Presence::Default),
        (None, Some(literal)) => ("otherwise", literal, Presence::Otherwise),
        (None, None) if field.type_.nullable => return Presence::Optional,
        (None, None) => return Presence::Required,
    };
    let fallback = match literal {
        Literal::Boolean(value) if *type_ == Type::Builtin(Builtin::Boolean) => Fallback::Boolean(*value),
        Literal::Integer(value) if *type_ == Type::Builtin(Builtin::Integer) => Fallback::Integer(*value),
        Literal::Empty if matches!(type_, Type::List(..) | Type::Dictionary(_) | Type::Builtin(Builtin::List | Builtin::Dictionary)) => {
            Fallback::Empty
        }
        other => {
            mistakes.add(&place.key(key), format!("'{key}' does not fit the type {}: {other:?}", field.type_));
            Fallback::Empty
        }
    };
    presence(fallback)
}

fn add_member(name: &str, wire: &WireField, presence: Presence, members: &mut Vec<Member>, place: &Place, mistakes: &mut Mistakes<'_>) {
    let Some(member) = members.iter_mut().find(|member| member.name == name) else {
        let (type_, doc) = (wire.type_.clone(), wire.doc.clone());
        members.push(Member { name: name.to_owned(), type_, presence, boxed: false, gate: None, doc });
        return;
    };
    if member.type_ != wire.type_ {
        mistakes.add(&place.key("type"), format!("the keys that fold into '{name}' have different types"));
    }
    member.doc.clone_from(&wire.doc);
    member.presence = match (&member.presence, presence) {
        (earlier, later) if *earlier == later => later,
        (Presence::Required, later) | (_, later @ Presence::Default(_)) => later,
        (earlier, _) => earlier.clone(),
    };
}

/// Keys that fold into a member of a member, entries that stand alone and lists with a condition: what they name exists.
pub(super) fn check_folding(spec: &Spec, file: &File, mistakes: &mut Mistakes<'_>) {
    let structures = spec.structures.iter().zip(&file.structures).map(|(lowered, written)| (&lowered.shape, &written.fields));
    let requests = spec.requests.iter().zip(&file.requests).map(|(lowered, written)| (&lowered.shape, &written.fields));
    let responses = spec.responses.iter().zip(&file.responses).map(|(lowered, written)| (&lowered.shape, &written.fields));
    let dictionaries = spec.dictionaries.iter().zip(&file.dictionaries).map(|(lowered, written)| (&lowered.shape, &written.entries));
    check_shapes("structures", "fields", structures, spec, mistakes);
    check_shapes("requests", "fields", requests, spec, mistakes);
    check_shapes("responses", "fields", responses, spec, mistakes);
    check_shapes("dictionaries", "entries", dictionaries, spec, mistakes);
}

fn check_shapes<'a>(
    list: &'static str,
    key: &'static str,
    shapes: impl Iterator<Item = (&'a Shape, &'a Vec<Field>)>,
    spec: &Spec,
    mistakes: &mut Mistakes<'_>,
) {
    for (owner, (shape, _)) in shapes.enumerate() {
        for (index, wire) in shape.wire.iter().enumerate() {
            let place = Place::item(list, owner).key(key).index(index);
            check_into(wire, shape, spec, &place, mistakes);
            let inner = match &wire.type_ {
                Type::Dictionary(inner) => Some(&spec.dictionaries[*inner]),
                Type::List(of, _) => match **of {
                    Type::Dictionary(inner) => Some(&spec.dictionaries[inner]),
                    _ => None,
                },
                _ => None,
            };
            if let Some((entry, _, _)) = &wire.bare {
                check_entry(entry, inner, &place.key("bare").key("entry"), mistakes);
            }
            if let Some(member) = &wire.only_with {
                check_entry(member, inner, &place.key("only_with"), mistakes);
            }
        }
    }
}

fn check_entry(entry: &str, inner: Option<&Dictionary>, place: &Place, mistakes: &mut Mistakes<'_>) {
    let keys: Vec<String> = inner.map(|inner| inner.shape.wire.iter().map(|wire| wire.key.clone()).collect()).unwrap_or_default();
    find("entry of this dictionary", entry, &keys, place, mistakes);
}

fn check_into(wire: &WireField, shape: &Shape, spec: &Spec, place: &Place, mistakes: &mut Mistakes<'_>) {
    let [outer, inner] = &wire.path[..] else { return };
    let place = place.key("into");
    let Some(member) = shape.members.iter().find(|member| member.name == *outer) else {
        let hint = did_you_mean(outer, shape.members.iter().map(|member| member.name.as_str()));
        mistakes.add(&place, format!("no field is named '{outer}' here{hint}"));
        return;
    };
    let Type::Dictionary(target) = member.type_ else {
        mistakes.add(&place, format!("'{outer}' is no dictionary of the specification"));
        return;
    };
    let target = &spec.dictionaries[target];
    if target.rest.as_ref().is_some_and(|(rest, _, _)| rest == inner) && wire.type_ == Type::Builtin(Builtin::Dictionary) {
        return;
    }
    match target.shape.members.iter().find(|member| member.name == *inner) {
        None => {
            let hint = did_you_mean(inner, target.shape.members.iter().map(|member| member.name.as_str()));
            mistakes.add(&place, format!("'{}' has no field '{inner}'{hint}", target.name));
        }
        Some(member) if member.type_ != wire.type_ => {
            mistakes.add(&place, format!("'{}' and the field it folds into have different types", wire.key));
        }
        Some(_) => {}
    }
}
