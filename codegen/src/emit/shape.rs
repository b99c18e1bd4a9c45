//! What structures, messages and dictionaries have in common: the struct, its ownership, and its fields one behind the other.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::text::{condition, doc_with_gate, ident, no_condition};
use super::types::{self, Expr};
use crate::ir::{Presence, Shape, Spec, Type, Versions, WireField};

/// The members of a struct, with their documentation.
pub(super) fn members(shape: &Shape, spec: &Spec) -> Vec<TokenStream> {
    let member = |member: &crate::ir::Member| {
        let (name, type_) = (ident(&member.name), types::member(member, spec));
        let doc = doc_with_gate(&member.doc, member.gate, spec);
        quote!(#doc pub #name: #type_)
    };
    shape.members.iter().map(member).collect()
}

/// The members of `into_owned`.
pub(super) fn owned_members(shape: &Shape, spec: &Spec) -> Vec<TokenStream> {
    let owned = |member: &crate::ir::Member| {
        let name = ident(&member.name);
        let value = match (&member.presence, member.boxed) {
            (Presence::Optional, true) => quote!(self.#name.map(|value| Box::new(value.into_owned()))),
            (Presence::Optional, false) => {
                let value = quote!(value);
                let owned = types::own(&member.type_, &value, spec);
                if owned.to_string() == "value" { quote!(self.#name) } else { quote!(self.#name.map(|value| #owned)) }
            }
            _ => types::own(&member.type_, &quote!(self.#name), spec),
        };
        quote!(#name: #value)
    };
    shape.members.iter().map(owned).collect()
}

/// The number of fields in a dialect: an expression over `dialect`.
pub(super) fn size(shape: &Shape, owner: Versions, spec: &Spec) -> TokenStream {
    let version = quote!(dialect.version);
    let conditions: Vec<_> = shape.wire.iter().map(|field| condition(field.versions, owner, &version, spec)).collect();
    let always = conditions.iter().filter(|condition| condition.is_none()).count();
    let gated = conditions.iter().flatten().map(|condition| quote!(usize::from(#condition)));
    let number = proc_macro2::Literal::usize_unsuffixed(always);
    let always = (always > 0 || conditions.is_empty()).then(|| quote!(#number));
    let parts = always.into_iter().chain(gated);
    quote!(#(#parts)+*)
}

/// Whether the number of fields depends on the dialect.
pub(super) fn is_gated(shape: &Shape, owner: Versions) -> bool {
    shape.wire.iter().any(|field| !field.versions.covers(owner))
}

/// Reads the fields of a structure or message in order, and ends with the struct: statements and an expression over `r`.
pub(super) fn decode_fields(name: &str, shape: &Shape, owner: Versions, spec: &Spec) -> TokenStream {
    let version = quote!(version);
    let mut statements = Vec::new();
    let bare = shape.wire.iter().any(|field| field.bare.is_some());
    if is_gated(shape, owner) || bare {
        statements.push(quote!(let version = r.dialect().version;));
    }
    for field in &shape.wire {
        let (local, key) = (local(field), &field.key);
        let read = types::read(field, spec);
        let read = if field.nullable { types::read_nullable(&read) } else { read };
        let read = bare_or(field, read, spec);
        let read = quote!(#read.map_err(|error| error.in_field(#name, #key))?);
        let optional = field.path.len() == 2 || presence(shape, field) == Presence::Optional;
        let value = match condition(field.versions, owner, &version, spec) {
            None if optional && !field.nullable => quote!(Some(#read)),
            None => read,
            Some(condition) => {
                let missing = match presence(shape, field) {
                    _ if field.path.len() == 2 => quote!(None),
                    Presence::Optional => quote!(None),
                    Presence::Required => quote!(Default::default()),
                    Presence::Default(value) | Presence::Otherwise(value) => types::fallback(&value),
                };
                let read = if optional && !field.nullable { quote!(Some(#read)) } else { read };
                quote!(if #condition { #read } else { #missing })
            }
        };
        let mutable = shape.wire.iter().any(|other| other.path.len() == 2 && other.path[0] == field.path[0]) && field.path.len() == 1;
        let mutable = mutable.then(|| quote!(mut));
        statements.push(quote!(let #mutable #local = #value;));
    }
    statements.extend(fold(shape, spec));
    let names = shape.members.iter().map(|member| ident(&member.name));
    quote! {
        #(#statements)*
        Ok(Self { #(#names),* })
    }
}

/// Where an entry may stand alone in place of its dictionary, reads that.
fn bare_or(field: &WireField, read: TokenStream, spec: &Spec) -> TokenStream {
    let (Some((key, member, versions)), Type::Dictionary(index)) = (&field.bare, &field.type_) else { return read };
    let dictionary = &spec.dictionaries[*index];
    let Some(entry) = dictionary.shape.wire.iter().find(|entry| entry.key == *key) else { return read };
    let Some(condition) = condition(*versions, field.versions, &quote!(version), spec) else { return read };
    let (name, member) = (ident(&dictionary.name), ident(member));
    let blank = blank_is_absent(entry);
    let alone = types::read(entry, spec);
    quote! {
        if #condition && !support::dictionary_is_next(r) {
            support::nullable(r, |r| #alone).map(|value| #name { #member: value #blank, ..Default::default() })
        } else {
            #read
        }
    }
}

pub(super) fn blank_is_absent(field: &WireField) -> Option<TokenStream> {
    field.blank_is_absent.then(|| quote!(.filter(|text| !text.is_empty())))
}

/// The local variable that a wire field is read into.
pub(super) fn local(field: &WireField) -> proc_macro2::Ident {
    match &field.path[..] {
        [member] => ident(member),
        path => format_ident!("{}", path.join("_")),
    }
}

/// What the Rust member of a wire field is when it is missing.
pub(super) fn presence(shape: &Shape, field: &WireField) -> Presence {
    let member = shape.members.iter().find(|member| member.name == field.path[0]);
    member.map_or(Presence::Optional, |member| member.presence.clone())
}

/// Puts what was read into locals of their own into the members of members that they fold into.
pub(super) fn fold(shape: &Shape, spec: &Spec) -> Vec<TokenStream> {
    let mut statements = Vec::new();
    for field in shape.wire.iter().filter(|field| field.path.len() == 2) {
        let (local, outer, inner) = (local(field), ident(&field.path[0]), ident(&field.path[1]));
        let value = if target_is_optional(shape, field, spec) { quote!(Some(value)) } else { quote!(value) };
        statements.push(quote!(if let Some(value) = #local { #outer.#inner = #value; }));
    }
    statements
}

/// Whether the member of a member that a wire field folds into is an `Option`.
pub(super) fn target_is_optional(shape: &Shape, field: &WireField, spec: &Spec) -> bool {
    let outer = shape.members.iter().find(|member| member.name == field.path[0]);
    let Some(Type::Dictionary(index)) = outer.map(|member| &member.type_) else { return false };
    let inner = spec.dictionaries[*index].shape.members.iter().find(|member| member.name == field.path[1]);
    inner.is_some_and(|member| member.presence == Presence::Optional)
}

/// Refuses to encode a request with a member that the version lacks: statements over `version`.
pub(super) fn refuse_missing_versions(name: &str, shape: &Shape, owner: Versions, spec: &Spec) -> Vec<TokenStream> {
    let mut statements = Vec::new();
    for member in &shape.members {
        let Some(lacks) = member.gate.and_then(|gate| no_condition(gate, owner, &quote!(version), spec)) else { continue };
        let place = ident(&member.name);
        let expr = quote!(self.#place);
        let set = match &member.presence {
            Presence::Optional => quote!(#expr.is_some()),
            Presence::Default(crate::ir::Fallback::Empty) | Presence::Otherwise(crate::ir::Fallback::Empty) => {
                types::is_not_empty(&member.type_, &expr, None)
            }
            Presence::Default(value) | Presence::Otherwise(value) => {
                let value = types::fallback(value);
                quote!(#expr != #value)
            }
            Presence::Required => continue,
        };
        let path = format!("{name}.{}", member.name);
        statements.push(quote! {
            if #lacks && #set {
                return Err(EncodeError::NotInVersion { name: #path, version });
            }
        });
    }
    statements
}

/// Takes out of a request what the version lacks: statements over `self` and `version`.
pub(super) fn drop_missing_versions(shape: &Shape, owner: Versions, spec: &Spec) -> Vec<TokenStream> {
    let mut statements = Vec::new();
    for member in &shape.members {
        let Some(lacks) = member.gate.and_then(|gate| no_condition(gate, owner, &quote!(version), spec)) else { continue };
        let place = ident(&member.name);
        let nothing = match &member.presence {
            Presence::Optional => quote!(None),
            Presence::Default(value) | Presence::Otherwise(value) => types::fallback(value),
            Presence::Required => continue,
        };
        statements.push(quote!(if #lacks { self.#place = #nothing; }));
    }
    statements
}

/// Writes the fields of a message in order: statements over `self`, `w` and `version`.
pub(super) fn encode_fields(name: &str, shape: &Shape, owner: Versions, spec: &Spec) -> Vec<TokenStream> {
    let mut statements = Vec::new();
    for field in &shape.wire {
        let path = field.path.iter().map(|step| ident(step));
        let place = quote!(self #(.#path)*);
        let optional = match field.path.len() {
            2 => target_is_optional(shape, field, spec),
            _ => presence(shape, field) == Presence::Optional,
        };
        let key = &field.key;
        let write = if optional {
            let value = types::write(&field.type_, Expr::Reference(&quote!(value)), None);
            let missing = if field.nullable { quote!(w.null()?) } else { quote!(return Err(support::unset(#name, #key, w))) };
            quote!(match &#place { Some(value) => #value?, None => #missing })
        } else {
            let value = types::write(&field.type_, Expr::Place(&place), None);
            quote!(#value?;)
        };
        let write = bare_write(field, &place, write, spec);
        statements.push(match condition(field.versions, owner, &quote!(version), spec) {
            None => write,
            Some(condition) => quote!(if #condition { #write }),
        });
    }
    statements
}

fn bare_write(field: &WireField, place: &TokenStream, write: TokenStream, spec: &Spec) -> TokenStream {
    let (Some((key, member, versions)), Type::Dictionary(index)) = (&field.bare, &field.type_) else { return write };
    let entry = spec.dictionaries[*index].shape.wire.iter().find(|entry| entry.key == *key);
    let condition = condition(*versions, field.versions, &quote!(version), spec);
    let (Some(entry), Some(condition)) = (entry, condition) else { return write };
    let member = ident(member);
    let value = types::write(&entry.type_, Expr::Reference(&quote!(value)), None);
    quote! {
        if #condition {
            match &#place.#member { Some(value) => #value?, None => w.null()? }
        } else {
            #write
        }
    }
}
