//! The types of fields in Rust: how they are written, read, owned and defaulted.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::text::ident;
use crate::ir::{Allow, Builtin, Fallback, Member, Presence, Spec, Type, WireField};

/// A type, with the lifetime `'a` where it borrows.
pub(super) fn rust(type_: &Type, spec: &Spec) -> TokenStream {
    match type_ {
        Type::Builtin(Builtin::Null) => quote!(()),
        Type::Builtin(Builtin::Boolean) => quote!(bool),
        Type::Builtin(Builtin::Integer) => quote!(i64),
        Type::Builtin(Builtin::Float) => quote!(f64),
        Type::Builtin(Builtin::Bytes) => quote!(Cow<'a, [u8]>),
        Type::Builtin(Builtin::String) => quote!(Cow<'a, str>),
        Type::Builtin(Builtin::List) => quote!(Vec<Value<'a>>),
        Type::Builtin(Builtin::Dictionary) | Type::DictionaryOf(_) => quote!(Dictionary<'a>),
        Type::Builtin(Builtin::Uuid) => quote!([u8; 16]),
        Type::List(of, _) => {
            let of = rust(of, spec);
            quote!(Vec<#of>)
        }
        Type::Structure(index) => {
            let structure = &spec.structures[*index];
            let name = ident(&structure.name);
            if structure.shape.borrows { quote!(#name<'a>) } else { quote!(#name) }
        }
        Type::Dictionary(index) => {
            let name = ident(&spec.dictionaries[*index].name);
            quote!(#name<'a>)
        }
    }
}

/// The type of a member.
pub(super) fn member(member: &Member, spec: &Spec) -> TokenStream {
    let type_ = rust(&member.type_, spec);
    let type_ = if member.boxed { quote!(Box<#type_>) } else { type_ };
    if member.presence == Presence::Optional { quote!(Option<#type_>) } else { type_ }
}

/// Reads a value of a wire field, checked against what it allows: an expression of `Result<T, DecodeError>` over the reader `r`.
pub(super) fn read(field: &WireField, spec: &Spec) -> TokenStream {
    match (&field.allow, &field.type_) {
        (Some(Allow::Integers(ranges)), _) => {
            let expected = ranges.iter().map(|range| show_range(*range)).collect::<Vec<_>>().join(" or ");
            let ranges = ranges.iter().map(|(first, last)| quote!((#first, #last)));
            quote!(support::integer_in(r, &[#(#ranges),*], #expected))
        }
        (Some(Allow::Strings(words)), type_) => {
            let (expected, any_case) = (format!("one of {}", words.join(", ")), field.any_case);
            let one = quote!(support::string_of(r, &[#(#words),*], #any_case, #expected));
            if matches!(type_, Type::List(..)) { quote!(support::list(r, |r| #one)) } else { one }
        }
        (Some(Allow::Finite), _) => quote!(support::finite(r)),
        (Some(Allow::TimeZone), _) => quote!(support::time_zone(r)),
        (None, _) if !field.codes.is_empty() => {
            let codes = field.codes.iter().map(|code| code.code);
            let expected = field.codes.iter().map(|code| format!("{:02X}", code.code)).collect::<Vec<_>>().join(", ");
            let expected = format!("one byte of {expected}");
            quote!(support::code(r, &[#(#codes),*], #expected))
        }
        (None, type_) => read_type(type_, spec),
    }
}

fn show_range((first, last): (i64, i64)) -> String {
    match (first, last) {
        (first, last) if first == last => first.to_string(),
        (first, i64::MAX) => format!("{first} and more"),
        (first, last) => format!("{first} to {last}"),
    }
}

fn read_type(type_: &Type, spec: &Spec) -> TokenStream {
    match type_ {
        Type::Builtin(Builtin::Null) => quote!(support::null(r)),
        Type::Builtin(Builtin::Boolean) => quote!(r.boolean()),
        Type::Builtin(Builtin::Integer) => quote!(r.integer()),
        Type::Builtin(Builtin::Float) => quote!(r.float()),
        Type::Builtin(Builtin::Bytes) => quote!(r.bytes().map(Cow::Borrowed)),
        Type::Builtin(Builtin::String) => quote!(r.string().map(Cow::Borrowed)),
        Type::Builtin(Builtin::List) => quote!(r.list()),
        Type::Builtin(Builtin::Dictionary) => quote!(r.dictionary()),
        Type::Builtin(Builtin::Uuid) => quote!(r.uuid()),
        Type::DictionaryOf(builtin) => {
            let name = Builtin::ALL.iter().find(|(_, candidate)| candidate == builtin).map_or("", |(name, _)| name);
            quote!(support::dictionary_of(r, #name))
        }
        Type::List(of, false) => {
            let of = reader(&read_type(of, spec));
            quote!(support::list(r, #of))
        }
        Type::List(of, true) => {
            let of = reader(&read_type(of, spec));
            quote!(support::list_without_nulls(r, #of))
        }
        Type::Structure(index) => {
            let name = ident(&spec.structures[*index].name);
            quote!(#name::decode(r))
        }
        Type::Dictionary(index) => {
            let name = ident(&spec.dictionaries[*index].name);
            quote!(#name::decode(r))
        }
    }
}

/// Reads a value that may be null: an expression of `Result<Option<T>, DecodeError>`.
pub(super) fn read_nullable(read: &TokenStream) -> TokenStream {
    let read = reader(read);
    quote!(support::nullable(r, #read))
}

/// What reads a value, to hand on: the function itself where one does, else a closure.
fn reader(read: &TokenStream) -> TokenStream {
    let mut tokens: Vec<_> = read.clone().into_iter().collect();
    match tokens.last() {
        Some(TokenTree::Group(arguments))
            if arguments.stream().to_string() == "r" && tokens.len() == 5 && read.to_string().contains(":: decode") =>
        {
            tokens.pop();
            tokens.into_iter().collect()
        }
        _ => quote!(|r| #read),
    }
}

/// An expression to write: a place, or a reference to one.
#[derive(Clone, Copy)]
pub(super) enum Expr<'t> {
    Place(&'t TokenStream),
    Reference(&'t TokenStream),
}

/// Writes a value: an expression of `Result<(), EncodeError>` over the writer `w`.
pub(super) fn write(type_: &Type, expr: Expr<'_>, only_with: Option<&str>) -> TokenStream {
    let copied = match expr {
        Expr::Place(place) => place.clone(),
        Expr::Reference(reference) => quote!(*#reference),
    };
    let borrowed = match expr {
        Expr::Place(place) => quote!(&#place),
        Expr::Reference(reference) => reference.clone(),
    };
    match type_ {
        Type::Builtin(Builtin::Null) => quote!(w.null()),
        Type::Builtin(Builtin::Boolean) => quote!(w.boolean(#copied)),
        Type::Builtin(Builtin::Integer) => quote!(w.integer(#copied)),
        Type::Builtin(Builtin::Float) => quote!(w.float(#copied)),
        Type::Builtin(Builtin::Uuid) => quote!(w.uuid(#copied)),
        Type::Builtin(Builtin::Bytes) => quote!(w.bytes(#borrowed)),
        Type::Builtin(Builtin::String) => quote!(w.string(#borrowed)),
        Type::Builtin(Builtin::List) => quote!(w.list(#borrowed)),
        Type::Builtin(Builtin::Dictionary) | Type::DictionaryOf(_) => quote!(w.dictionary(#borrowed)),
        Type::List(of, _) => {
            let item = quote!(item);
            let each = write(of, Expr::Reference(&item), None);
            match only_with {
                None => quote!(support::write_list(w, #borrowed, |w, item| #each)),
                Some(member) => {
                    let member = ident(member);
                    quote!(support::write_list_where(w, #borrowed, |item| item.#member.is_some(), |w, item| #each))
                }
            }
        }
        Type::Structure(_) | Type::Dictionary(_) => match expr {
            Expr::Place(inner) | Expr::Reference(inner) => quote!(#inner.encode(w)),
        },
    }
}

/// Takes what is borrowed into ownership.
pub(super) fn own(type_: &Type, expr: &TokenStream, spec: &Spec) -> TokenStream {
    match type_ {
        Type::Builtin(Builtin::Null | Builtin::Boolean | Builtin::Integer | Builtin::Float | Builtin::Uuid) => quote!(#expr),
        Type::Builtin(Builtin::Bytes | Builtin::String) => quote!(Cow::Owned(#expr.into_owned())),
        Type::Builtin(Builtin::List) => quote!(crate::wire::packstream::owned::list(#expr)),
        Type::Builtin(Builtin::Dictionary) | Type::DictionaryOf(_) | Type::Dictionary(_) => quote!(#expr.into_owned()),
        Type::Structure(index) if spec.structures[*index].shape.borrows => quote!(#expr.into_owned()),
        Type::Structure(_) => quote!(#expr),
        Type::List(of, _) => {
            let item = quote!(item);
            let owned = own(of, &item, spec);
            if owned.to_string() == "item" { quote!(#expr) } else { quote!(#expr.into_iter().map(|item| #owned).collect()) }
        }
    }
}

/// What stands in the place of a missing value.
pub(super) fn fallback(fallback: &Fallback) -> TokenStream {
    match fallback {
        Fallback::Boolean(value) => quote!(#value),
        Fallback::Integer(value) => quote!(#value),
        Fallback::Empty => quote!(Default::default()),
    }
}

/// Whether a list or dictionary member differs from the empty one.
pub(super) fn is_not_empty(type_: &Type, expr: &TokenStream, only_with: Option<&str>) -> TokenStream {
    match (type_, only_with) {
        (Type::List(..), Some(member)) => {
            let member = ident(member);
            quote!(#expr.iter().any(|item| item.#member.is_some()))
        }
        (Type::Dictionary(_), _) => quote!(#expr != Default::default()),
        _ => quote!(!#expr.is_empty()),
    }
}

/// Wraps the default of a scalar so that it can stand in `derive(Default)`'s place.
pub(super) fn needs_own_default(members: &[Member]) -> bool {
    members.iter().any(|member| match &member.presence {
        Presence::Default(value) | Presence::Otherwise(value) => {
            !matches!(value, Fallback::Empty | Fallback::Boolean(false) | Fallback::Integer(0))
        }
        _ => false,
    })
}
