//! The types of fields; and what follows from them once all are known: who borrows, and who is boxed.

use super::names::Names;
use crate::ir::{Builtin, Presence, Shape, Spec, Type};
use crate::locate::Place;
use crate::mistake::{Mistakes, did_you_mean};
use crate::scalar::TypeExpr;

/// What a type is called points to what it is. Structures may hold structures, dictionaries may hold both.
pub(super) fn resolve(expr: &TypeExpr, names: &Names, place: &Place, mistakes: &mut Mistakes<'_>) -> Type {
    let builtin = |name: &str| Builtin::ALL.iter().find(|(candidate, _)| *candidate == name).map(|(_, builtin)| *builtin);
    match (builtin(&expr.name), &expr.of) {
        (Some(Builtin::List), Some(of)) => Type::List(Box::new(resolve(of, names, place, mistakes)), of.nullable),
        (Some(Builtin::Dictionary), Some(of)) => match builtin(&of.name) {
            Some(values) if of.of.is_none() => Type::DictionaryOf(values),
            _ => {
                mistakes.add(place, format!("expected a value type between the brackets of '{expr}', got '{of}'"));
                Type::Builtin(Builtin::Dictionary)
            }
        },
        (_, Some(_)) => {
            mistakes.add(place, format!("'{}' takes no type between brackets; List and Dictionary do", expr.name));
            Type::Builtin(Builtin::Null)
        }
        (Some(builtin), None) => Type::Builtin(builtin),
        (None, None) => {
            if let Some(index) = names.structures.iter().position(|name| *name == expr.name) {
                return Type::Structure(index);
            }
            if let Some(index) = names.dictionaries.iter().position(|name| *name == expr.name) {
                return Type::Dictionary(index);
            }
            let builtins = Builtin::ALL.iter().map(|(name, _)| *name);
            let all = builtins.chain(names.structures.iter().map(String::as_str)).chain(names.dictionaries.iter().map(String::as_str));
            let hint = did_you_mean(&expr.name, all);
            mistakes.add(place, format!("no type is named '{}'{hint}", expr.name));
            Type::Builtin(Builtin::Null)
        }
    }
}

/// Decides what depends on all types: lifetimes, boxes, and whose dictionaries are only a request's.
pub(super) fn finish(spec: &mut Spec) {
    for index in 0..spec.dictionaries.len() {
        for member in &mut spec.dictionaries[index].shape.members {
            member.boxed = member.type_ == Type::Dictionary(index) && member.presence == Presence::Optional;
        }
        spec.dictionaries[index].shape.borrows = true; // of what it does not name
    }
    loop {
        let borrows: Vec<bool> = spec.structures.iter().map(|structure| structure.shape.borrows).collect();
        let mut changed = false;
        for structure in &mut spec.structures {
            let now = shape_borrows(&structure.shape, &borrows);
            changed |= now != structure.shape.borrows;
            structure.shape.borrows = now;
        }
        if !changed {
            for message in spec.requests.iter_mut().chain(&mut spec.responses) {
                message.shape.borrows = shape_borrows(&message.shape, &borrows);
            }
            break;
        }
    }
    for structure in &mut spec.structures {
        structure.boxed = structure.shape.members.iter().map(|member| size(&member.type_)).sum::<usize>() > 24;
    }
    let answered: Vec<usize> = spec.requests.iter().filter_map(|request| request.success).collect();
    let mut of_response = vec![false; spec.dictionaries.len()];
    let roots = spec.responses.iter().flat_map(|response| response.shape.members.iter().map(|member| member.type_.clone()));
    let mut open: Vec<Type> = answered.into_iter().map(Type::Dictionary).chain(roots).collect();
    while let Some(type_) = open.pop() {
        match type_ {
            Type::List(of, _) => open.push(*of),
            Type::Dictionary(index) if !of_response[index] => {
                of_response[index] = true;
                open.extend(spec.dictionaries[index].shape.members.iter().map(|member| member.type_.clone()));
            }
            _ => {}
        }
    }
    for (dictionary, of_response) in spec.dictionaries.iter_mut().zip(of_response) {
        dictionary.of_request = !of_response;
    }
}

fn shape_borrows(shape: &Shape, structures: &[bool]) -> bool {
    shape.members.iter().any(|member| type_borrows(&member.type_, structures))
}

fn type_borrows(type_: &Type, structures: &[bool]) -> bool {
    match type_ {
        Type::Builtin(Builtin::Null | Builtin::Boolean | Builtin::Integer | Builtin::Float | Builtin::Uuid) => false,
        Type::Builtin(_) | Type::DictionaryOf(_) | Type::Dictionary(_) => true,
        Type::List(of, _) => type_borrows(of, structures),
        Type::Structure(index) => structures[*index],
    }
}

/// Bytes of a member, to keep a value small: what is larger is boxed.
fn size(type_: &Type) -> usize {
    match type_ {
        Type::Builtin(Builtin::Null | Builtin::Boolean) => 1,
        Type::Builtin(Builtin::Integer | Builtin::Float) => 8,
        Type::Builtin(Builtin::Uuid) => 16,
        Type::Builtin(_) | Type::List(..) | Type::DictionaryOf(_) => 24,
        Type::Structure(_) | Type::Dictionary(_) => 64,
    }
}
