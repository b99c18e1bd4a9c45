//! One struct for each dictionary: keys in any order, unknown ones kept.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::shape::{self, blank_is_absent, local, presence};
use super::text::{all, condition, doc, ident, no_condition};
use super::types::{self, Expr};
use crate::ir::{Dictionary, Presence, Spec, WireField};

pub(super) fn emit(spec: &Spec) -> TokenStream {
    let dictionaries = spec.dictionaries.iter().map(|dictionary| self::dictionary(dictionary, spec));
    let metadata = metadata(spec);
    quote! {
        use std::borrow::Cow;

        use super::*;
        use crate::wire::packstream::{DecodeError, Dictionary, EncodeError, Reader, Writer};
        use crate::wire::support;

        #(#dictionaries)*
        #metadata
    }
}

/// The metadata of a SUCCESS by the request that it answers.
fn metadata(spec: &Spec) -> TokenStream {
    let mut carried: Vec<usize> = spec.requests.iter().filter_map(|request| request.success).collect();
    carried.sort_unstable();
    carried.dedup();
    let names: Vec<_> = carried.iter().map(|index| ident(&spec.dictionaries[*index].name)).collect();
    let docs = carried.iter().map(|index| doc(&spec.dictionaries[*index].doc));
    let of_request = spec.requests.iter().map(|request| {
        let kind = ident(&request.ident);
        match request.success {
            None => quote!(RequestKind::#kind => return Ok(None)),
            Some(index) => {
                let name = ident(&spec.dictionaries[index].name);
                quote!(RequestKind::#kind => Self::#name(Box::new(#name::decode(r)?)))
            }
        }
    });
    quote! {
        /// The metadata of a SUCCESS.
        #[derive(Clone, Debug, PartialEq)]
        pub enum SuccessMetadata<'a> {
            #(#docs #names(Box<#names<'a>>),)*
        }

        impl<'a> SuccessMetadata<'a> {
            /// Reads what answers a request; nothing where it has no answer.
            ///
            /// # Errors
            /// When something else is next, an entry is missing, comes twice, or is not what it should be.
            pub fn decode(request: RequestKind, r: &mut Reader<'a>) -> Result<Option<Self>, DecodeError> {
                Ok(Some(match request { #(#of_request,)* }))
            }

            /// Writes it; entries that the version lacks are left out.
            ///
            /// # Errors
            /// When the version needs an entry that is not set.
            pub fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
                match self { #(Self::#names(metadata) => metadata.encode(w),)* }
            }
        }
    }
}

fn dictionary(dictionary: &Dictionary, spec: &Spec) -> TokenStream {
    let (name, doc) = (ident(&dictionary.name), doc(&dictionary.doc));
    let mut members = shape::members(&dictionary.shape, spec);
    let mut owned = shape::owned_members(&dictionary.shape, spec);
    if let Some((rest, _, text)) = &dictionary.rest {
        let (rest, doc) = (ident(rest), self::doc(text));
        members.push(quote!(#doc pub #rest: Dictionary<'a>));
        owned.push(quote!(#rest: self.#rest.into_owned()));
    }
    let default = default(dictionary);
    let derived = default.is_none().then(|| quote!(Default,));
    let decode = decode(dictionary, spec);
    let encode = encode(dictionary, spec);
    let fitted = fitted(dictionary, spec);
    quote! {
        #doc
        #[derive(Clone, Debug, #derived PartialEq)]
        pub struct #name<'a> {
            #(#members,)*
            /// The entries that have no field here.
            pub rest: Dictionary<'a>,
        }

        #default

        impl<'a> #name<'a> {
            /// Reads one.
            ///
            /// # Errors
            /// When something else is next, an entry is missing, comes twice, or is not what it should be.
            pub fn decode(r: &mut Reader<'a>) -> Result<Self, DecodeError> {
                #decode
            }

            /// Writes one; entries that the version lacks are left out of an answer and refused in a request.
            ///
            /// # Errors
            /// When the version needs an entry that is not set, or a request sets one that the version lacks.
            pub fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
                #encode
            }

            #fitted

            /// Takes what is borrowed into ownership.
            #[must_use]
            pub fn into_owned(self) -> #name<'static> {
                #name { #(#owned,)* rest: self.rest.into_owned() }
            }
        }
    }
}

/// A request that was made for another version is fitted to the one that it is sent in.
fn fitted(dictionary: &Dictionary, spec: &Spec) -> Option<TokenStream> {
    let drops = shape::drop_missing_versions(&dictionary.shape, all(spec), spec);
    let used = dictionary.of_request && !drops.is_empty();
    used.then(|| {
        quote! {
            /// The same without the entries that a version lacks, which it would refuse to send.
            #[must_use]
            pub fn fitted(mut self, version: Version) -> Self {
                #(#drops)*
                self
            }
        }
    })
}

fn default(dictionary: &Dictionary) -> Option<TokenStream> {
    if !types::needs_own_default(&dictionary.shape.members) {
        return None;
    }
    let name = ident(&dictionary.name);
    let members = dictionary.shape.members.iter().map(|member| {
        let name = ident(&member.name);
        let value = match &member.presence {
            Presence::Default(value) | Presence::Otherwise(value) => types::fallback(value),
            Presence::Required | Presence::Optional => quote!(Default::default()),
        };
        quote!(#name: #value)
    });
    let rest = dictionary.rest.as_ref().map(|(rest, _, _)| {
        let rest = ident(rest);
        quote!(#rest: Dictionary::default(),)
    });
    Some(quote! {
        impl Default for #name<'_> {
            fn default() -> Self {
                Self { #(#members,)* #rest rest: Dictionary::default() }
            }
        }
    })
}

fn decode(dictionary: &Dictionary, spec: &Spec) -> TokenStream {
    let (name, shape) = (&dictionary.name, &dictionary.shape);
    let version = quote!(version);
    let gated = shape.wire.iter().any(|field| !field.versions.covers(all(spec))) || dictionary.rest.is_some();
    let let_version = gated.then(|| quote!(let version = r.dialect().version;));
    let mut locals: Vec<_> = Vec::new();
    for field in &shape.wire {
        let local = local(field);
        if !locals.contains(&local) {
            locals.push(local);
        }
    }
    let aliased = |field: &&WireField| !field.aliases.is_empty();
    let aliases: Vec<_> = shape.wire.iter().filter(aliased).map(|field| format_ident!("{}_alias", local(field))).collect();
    let mut arms = Vec::new();
    for (number, field) in shape.wire.iter().enumerate() {
        let guard = condition(field.versions, all(spec), &version, spec).map(|condition| quote!(if #condition));
        let (key, bit, local) = (&field.key, proc_macro2::Literal::u64_unsuffixed(1 << number), local(field));
        let read = read_entry(name, field, spec);
        arms.push(quote! {
            #key #guard => {
                support::once(&mut seen, #bit, r, key)?;
                #local = #read;
            }
        });
        if !field.aliases.is_empty() {
            let (keys, alias) = (&field.aliases, format_ident!("{local}_alias"));
            arms.push(quote!(#(#keys)|* #guard => #alias = #read,));
        }
    }
    let seen = (!shape.wire.is_empty()).then(|| quote!(let mut seen = 0_u64;));
    let finish = finish(dictionary, spec);
    let names = shape.members.iter().map(|member| ident(&member.name));
    let (split, rest) = match &dictionary.rest {
        None => (quote!(), quote!(rest)),
        Some((field, versions, _)) => {
            let field = ident(field);
            let split = match condition(*versions, all(spec), &version, spec) {
                None => quote!(let (#field, rest) = (rest, Dictionary::default());),
                Some(condition) => {
                    quote!(let (#field, rest) = if #condition { (rest, Dictionary::default()) } else { (Dictionary::default(), rest) };)
                }
            };
            (split, quote!(#field, rest))
        }
    };
    let body = if shape.wire.is_empty() { quote!(rest.read(r, key)?;) } else { quote!(match key { #(#arms)* _ => rest.read(r, key)?, }) };
    quote! {
        #let_version
        #seen
        #(let mut #locals = None;)*
        #(let mut #aliases = None;)*
        let mut rest = support::Rest::default();
        r.enter()?;
        for _ in 0..r.dictionary_header()? {
            let key = r.key()?;
            #body
        }
        r.leave();
        let rest = rest.into_dictionary();
        #split
        #finish
        Ok(Self { #(#names,)* #rest })
    }
}

/// Reads an entry's value: an expression of an `Option`.
fn read_entry(owner: &str, field: &WireField, spec: &Spec) -> TokenStream {
    let (read, key, blank) = (types::read(field, spec), &field.key, blank_is_absent(field));
    let read = if field.nullable { types::read_nullable(&read) } else { quote!(#read.map(Some)) };
    quote!(#read.map_err(|error| error.in_field(#owner, #key))? #blank)
}

/// From the locals to the members: what has to be there is, and what is not has its default.
fn finish(dictionary: &Dictionary, spec: &Spec) -> TokenStream {
    let (owner, shape) = (&dictionary.name, &dictionary.shape);
    let mut statements = Vec::new();
    for field in shape.wire.iter().filter(|field| !field.aliases.is_empty()) {
        let (local, alias) = (local(field), format_ident!("{}_alias", local(field)));
        statements.push(quote!(let #local = #local.or(#alias);));
    }
    for field in shape.wire.iter().filter(|field| !field.nullable) {
        let (local, key) = (local(field), &field.key);
        let optional = field.path.len() == 2 || presence(shape, field) != Presence::Required;
        let guard = condition(field.versions, all(spec), &quote!(version), spec);
        let folded = shape.wire.iter().filter(|other| other.path == field.path).count() > 1;
        statements.push(match guard {
            Some(condition) if optional || folded => quote! {
                if #condition && #local.is_none() {
                    return Err(support::missing(r, #owner, #key));
                }
            },
            _ if optional => quote! {
                if #local.is_none() {
                    return Err(support::missing(r, #owner, #key));
                }
            },
            _ => quote!(let Some(#local) = #local else { return Err(support::missing(r, #owner, #key)) };),
        });
    }
    for member in &shape.members {
        let name = ident(&member.name);
        let folded = shape.wire.iter().filter(|field| field.path == [member.name.clone()]).count() > 1;
        let mutable = shape.wire.iter().any(|field| field.path.len() == 2 && field.path[0] == member.name).then(|| quote!(mut));
        match (&member.presence, member.boxed) {
            (Presence::Optional, true) => statements.push(quote!(let #name = #name.map(Box::new);)),
            (Presence::Optional, false) => {}
            (Presence::Required, _) if folded => statements.push(quote!(let #name = #name.unwrap_or_default();)),
            (Presence::Required, _) => {}
            (Presence::Default(value) | Presence::Otherwise(value), _) => {
                let value = match value {
                    crate::ir::Fallback::Empty => quote!(unwrap_or_default()),
                    value => {
                        let value = types::fallback(value);
                        quote!(unwrap_or(#value))
                    }
                };
                statements.push(quote!(let #mutable #name = #name.#value;));
            }
        }
    }
    statements.extend(shape::fold(shape, spec));
    quote!(#(#statements)*)
}

fn encode(dictionary: &Dictionary, spec: &Spec) -> TokenStream {
    let (owner, shape) = (&dictionary.name, &dictionary.shape);
    let version = quote!(version);
    let mut checks = Vec::new();
    if dictionary.of_request {
        checks.extend(shape::refuse_missing_versions(owner, shape, all(spec), spec));
    }
    let (mut sizes, mut writes, mut always) = (Vec::new(), Vec::new(), 0_usize);
    for field in &shape.wire {
        let entry = entry(owner, field, dictionary, spec);
        match &entry.present {
            None => always += 1,
            Some(present) => {
                let (name, let_present) = (format_ident!("has_{}", local_key(field)), present);
                checks.push(quote!(let #name = #let_present;));
                sizes.push(quote!(usize::from(#name)));
            }
        }
        checks.extend(entry.check);
        let (key, write) = (&field.key, entry.write);
        writes.push(match entry.present {
            None => quote!(w.string(#key)?; #write),
            Some(_) => {
                let name = format_ident!("has_{}", local_key(field));
                quote!(if #name { w.string(#key)?; #write })
            }
        });
    }
    let mut own_rest = quote!();
    if let Some((rest, versions, _)) = &dictionary.rest {
        let (member, path) = (ident(rest), format!("{owner}.{rest}"));
        let condition = condition(*versions, all(spec), &version, spec).unwrap_or(quote!(true));
        if dictionary.of_request {
            let lacks = no_condition(*versions, all(spec), &version, spec).unwrap_or(quote!(false));
            checks.push(quote! {
                if #lacks && !self.#member.is_empty() {
                    return Err(EncodeError::NotInVersion { name: #path, version });
                }
            });
        }
        sizes.push(quote!(if #condition { self.#member.len() } else { 0 }));
        own_rest = quote!(if #condition { support::write_entries(w, &self.#member)?; });
    }
    let sizes = std::iter::once(quote!(self.rest.len()))
        .chain((always > 0).then(|| {
            let always = proc_macro2::Literal::usize_unsuffixed(always);
            quote!(#always)
        }))
        .chain(sizes);
    let needs_version = quote!(#(#checks)* #own_rest).to_string().contains("version");
    let let_version = needs_version.then(|| quote!(let version = w.dialect().version;));
    quote! {
        #let_version
        #(#checks)*
        w.dictionary_header(#(#sizes)+*)?;
        #(#writes)*
        #own_rest
        support::write_entries(w, &self.rest)
    }
}

fn local_key(field: &WireField) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
    field.key.trim_start_matches('_').chars().map(letter).collect()
}

/// How an entry is written.
struct Entry {
    /// Whether it is written; nothing where it always is.
    present: Option<TokenStream>,
    /// What has to hold before anything is written.
    check: Option<TokenStream>,
    /// Writes its value.
    write: TokenStream,
}

fn entry(owner: &str, field: &WireField, dictionary: &Dictionary, spec: &Spec) -> Entry {
    let path = field.path.iter().map(|step| ident(step));
    let place = quote!(self #(.#path)*);
    let guard = condition(field.versions, all(spec), &quote!(version), spec);
    let only_with = field.only_with.as_deref();
    let presence = match field.path.len() {
        2 if shape::target_is_optional(&dictionary.shape, field, spec) => Presence::Optional,
        2 => Presence::Required,
        _ => presence(&dictionary.shape, field),
    };
    let and_guard = |present: TokenStream| match &guard {
        None => present,
        Some(condition) => quote!(#condition && #present),
    };
    let direct = || {
        let value = types::write(&field.type_, Expr::Place(&place), only_with);
        quote!(#value?;)
    };
    match presence {
        Presence::Required | Presence::Otherwise(_) => Entry { present: guard, check: None, write: direct() },
        Presence::Default(crate::ir::Fallback::Empty) => {
            let set = types::is_not_empty(&field.type_, &place, only_with);
            Entry { present: Some(and_guard(set)), check: None, write: direct() }
        }
        Presence::Default(value) => {
            let value = types::fallback(&value);
            let set = match value.to_string().as_str() {
                "false" => quote!(#place),
                "true" => quote!(!#place),
                _ => quote!(#place != #value),
            };
            Entry { present: Some(and_guard(set)), check: None, write: direct() }
        }
        Presence::Optional => {
            let value = types::write(&field.type_, Expr::Reference(&quote!(value)), only_with);
            let write = quote!(if let Some(value) = &#place { #value?; });
            let key = &field.key;
            let check = (!field.nullable).then(|| {
                let absent = and_guard(quote!(#place.is_none()));
                quote!(if #absent { return Err(support::unset(#owner, #key, w)); })
            });
            let present = and_guard(quote!(#place.is_some()));
            Entry { present: Some(present), check, write }
        }
    }
}
