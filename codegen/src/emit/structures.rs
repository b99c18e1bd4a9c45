//! One struct for each structure: what it reads, what it writes, and what stands in its place where a version lacks it.

use proc_macro2::TokenStream;
use quote::quote;

use super::markers::hex;
use super::shape;
use super::text::{all, condition, doc, ident};
use super::types::{self, Expr};
use crate::ir::{Builtin, Presence, Spec, Structure, Type, Versions};

pub(super) fn emit(spec: &Spec) -> TokenStream {
    let structures = (0..spec.structures.len()).map(|index| structure(index, spec));
    quote! {
        use std::borrow::Cow;

        use super::{Dialect, Version};
        use crate::wire::packstream::{DecodeError, DecodeErrorKind, Dictionary, EncodeError, Reader, Writer};
        use crate::wire::support;

        #(#structures)*
    }
}

/// Where a structure's fields may be found: in its versions and, with a patch, in the patch's.
pub(super) fn owner(structure: &Structure, spec: &Spec) -> Versions {
    structure.patch.map_or(structure.versions, |patch| structure.versions.or(spec.patches[patch].versions))
}

/// The condition that a structure exists in `dialect`; nothing where it always does.
fn available(structure: &Structure, spec: &Spec) -> Option<TokenStream> {
    let mut exists = condition(structure.versions, all(spec), &quote!(dialect.version), spec);
    if let (Some(patch), Some(condition)) = (structure.patch, &exists) {
        let patch = ident(&spec.patches[patch].name);
        exists = Some(quote!(#condition || dialect.#patch));
    }
    match (structure.unless, exists) {
        (None, exists) => exists,
        (Some(patch), exists) => {
            let patch = ident(&spec.patches[patch].name);
            let exists = exists.map(|exists| quote!((#exists) &&));
            Some(quote!(#exists !dialect.#patch))
        }
    }
}

fn structure(index: usize, spec: &Spec) -> TokenStream {
    let structure = &spec.structures[index];
    let (name, text) = (ident(&structure.name), &structure.name);
    let lifetime = structure.shape.borrows.then(|| quote!(<'a>));
    let reader = if structure.shape.borrows { quote!(Reader<'a>) } else { quote!(Reader<'_>) };
    let doc = doc(&structure.doc);
    let members = shape::members(&structure.shape, spec);
    let tag = hex(structure.tag);
    let owner = owner(structure, spec);
    let size = shape::size(&structure.shape, owner, spec);
    let gated = shape::is_gated(&structure.shape, owner);
    let size_argument = if gated { quote!(dialect) } else { quote!(_dialect) };
    let decode = shape::decode_fields(text, &structure.shape, owner, spec);
    let copy = if copies(structure) { quote!(Copy,) } else { quote!() };
    let (available, available_argument) = match available(structure, spec) {
        Some(condition) => (condition, quote!(dialect)),
        None => (quote!(true), quote!(_dialect)),
    };
    let write = write(index, spec);
    let codes = codes(structure);
    let owned = owned(structure, spec);
    quote! {
        #doc
        #[derive(Clone, #copy Debug, PartialEq)]
        pub struct #name #lifetime {
            #(#members,)*
        }

        impl #lifetime #name #lifetime {
            /// The byte that says which structure it is.
            pub const TAG: u8 = #tag;

            /// Whether a dialect has it.
            #[must_use]
            pub fn available(#available_argument: Dialect) -> bool {
                #available
            }

            /// The number of its fields in a dialect.
            #[must_use]
            pub fn size(#size_argument: Dialect) -> usize {
                #size
            }

            /// Reads one.
            ///
            /// # Errors
            /// When something else is next, or its fields are not those of the dialect.
            pub fn decode(r: &mut #reader) -> Result<Self, DecodeError> {
                let offset = r.offset();
                let size = support::structure(r, #text, Self::TAG)?;
                Self::decode_fields(r, size, offset)
            }

            pub(crate) fn decode_fields(r: &mut #reader, size: usize, offset: usize) -> Result<Self, DecodeError> {
                support::size(#text, Self::size(r.dialect()), size, offset)?;
                #decode
            }

            #write
        }

        #codes
        #owned
    }
    .into_iter()
    .chain(older_spelling(structure, spec))
    .collect()
}

/// Whether the struct is plain numbers.
pub(super) fn copies(structure: &Structure) -> bool {
    let plain = |type_: &Type| matches!(type_, Type::Builtin(Builtin::Boolean | Builtin::Integer | Builtin::Float | Builtin::Uuid));
    structure.shape.members.iter().all(|member| plain(&member.type_))
}

/// `encode`, and `write`, which does the same without the struct.
fn write(index: usize, spec: &Spec) -> TokenStream {
    let structure = &spec.structures[index];
    let (text, owner) = (&structure.name, owner(structure, spec));
    let older = spec.structures.iter().find(|older| older.stands_for == Some(index));
    let guard = guard(structure, older, spec);
    let (parameters, pushes) = parameters(structure, owner, spec);
    if older.is_some() || structure.placeholder {
        // Every field is plain, so the push form can go through the struct.
        let fields = structure.shape.members.iter().map(|member| {
            let name = ident(&member.name);
            match member.type_ {
                Type::Builtin(Builtin::String | Builtin::Bytes) => quote!(#name: Cow::Borrowed(#name)),
                _ => quote!(#name),
            }
        });
        let name = ident(text);
        let direct = shape::encode_fields(text, &structure.shape, owner, spec);
        return quote! {
            /// Writes one, or what stands for it in the dialect.
            ///
            /// # Errors
            /// When the dialect has nothing for it.
            pub fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
                #guard
                w.structure_header(Self::size(w.dialect()), Self::TAG)?;
                #(#direct)*
                Ok(())
            }

            /// Writes one out of its fields.
            ///
            /// # Errors
            /// When the dialect has nothing for it.
            pub fn write(w: &mut Writer<'_>, #(#parameters),*) -> Result<(), EncodeError> {
                #name { #(#fields),* }.encode(w)
            }
        };
    }
    let arguments = arguments(structure);
    let checks = missing(structure, owner, spec);
    let needs_version = shape::is_gated(&structure.shape, owner);
    let version = needs_version.then(|| quote!(let version = w.dialect().version;));
    let check_version = (!checks.is_empty()).then(|| quote!(let version = w.dialect().version;));
    let many = (parameters.len() > 6).then(|| quote!(#[allow(clippy::too_many_arguments, reason = "one for each field")]));
    quote! {
        /// Writes one.
        ///
        /// # Errors
        /// When the dialect lacks it, or needs a field that is not set.
        pub fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
            #check_version
            #(#checks)*
            Self::write(w, #(#arguments),*)
        }

        /// Writes one out of its fields, those that the dialect lacks left out. What has parts is written by a closure.
        ///
        /// # Errors
        /// When the dialect lacks it, or a closure fails.
        #many
        pub fn write(w: &mut Writer<'_>, #(#parameters),*) -> Result<(), EncodeError> {
            #guard
            #version
            w.structure_header(Self::size(w.dialect()), Self::TAG)?;
            #(#pushes)*
            Ok(())
        }
    }
}

/// What happens where the dialect lacks the structure.
fn guard(structure: &Structure, older: Option<&Structure>, spec: &Spec) -> Option<TokenStream> {
    available(structure, spec)?;
    let text = &structure.name;
    let otherwise = if let Some(older) = older {
        let name = ident(&older.name);
        quote! {
            if #name::available(w.dialect()) {
                return #name::try_from(self)?.encode(w);
            }
            return Err(EncodeError::NotInVersion { name: #text, version: w.dialect().version });
        }
    } else if structure.placeholder {
        let since = structure.versions.iter().next().map(|version| ident(&spec.versions[version].ident));
        quote!(return w.unsupported(&self.type_name(), Version::#since);)
    } else {
        quote!(return Err(EncodeError::NotInVersion { name: #text, version: w.dialect().version });)
    };
    Some(quote! {
        if !Self::available(w.dialect()) {
            #otherwise
        }
    })
}

fn missing(structure: &Structure, owner: Versions, spec: &Spec) -> Vec<TokenStream> {
    let text = &structure.name;
    let gated =
        structure.shape.wire.iter().filter(|field| shape::presence(&structure.shape, field) == Presence::Optional && !field.nullable);
    let check = |field: &crate::ir::WireField| {
        let (member, key) = (ident(&field.path[0]), &field.key);
        let condition = condition(field.versions, owner, &quote!(version), spec).map(|condition| quote!(#condition &&));
        quote! {
            if #condition self.#member.is_none() {
                return Err(EncodeError::Missing { owner: #text, field: #key, version });
            }
        }
    };
    gated.map(check).collect()
}

/// The parameters of `write`, and what it does with them.
fn parameters(structure: &Structure, owner: Versions, spec: &Spec) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let (mut parameters, mut pushes) = (Vec::new(), Vec::new());
    for field in &structure.shape.wire {
        let name = shape::local(field);
        let (type_, push) = match &field.type_ {
            Type::Builtin(Builtin::Boolean) => (quote!(bool), quote!(w.boolean(#name)?;)),
            Type::Builtin(Builtin::Integer) => (quote!(i64), quote!(w.integer(#name)?;)),
            Type::Builtin(Builtin::Float) => (quote!(f64), quote!(w.float(#name)?;)),
            Type::Builtin(Builtin::Uuid) => (quote!([u8; 16]), quote!(w.uuid(#name)?;)),
            Type::Builtin(Builtin::String) => (quote!(&str), quote!(w.string(#name)?;)),
            Type::Builtin(Builtin::Bytes) => (quote!(&[u8]), quote!(w.bytes(#name)?;)),
            _ => (quote!(impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>), quote!(#name(w)?;)),
        };
        parameters.push(quote!(#name: #type_));
        pushes.push(match condition(field.versions, owner, &quote!(version), spec) {
            None => push,
            Some(condition) => quote!(if #condition { #push }),
        });
    }
    (parameters, pushes)
}

/// What `encode` gives `write`.
fn arguments(structure: &Structure) -> Vec<TokenStream> {
    let argument = |field: &crate::ir::WireField| {
        let member = ident(&field.path[0]);
        let optional = shape::presence(&structure.shape, field) == Presence::Optional;
        match (&field.type_, optional) {
            (Type::Builtin(Builtin::Boolean | Builtin::Integer | Builtin::Float | Builtin::Uuid), false) => quote!(self.#member),
            (Type::Builtin(Builtin::Boolean | Builtin::Integer | Builtin::Float | Builtin::Uuid), true) => {
                quote!(self.#member.unwrap_or_default())
            }
            (Type::Builtin(Builtin::String | Builtin::Bytes), false) => quote!(&self.#member),
            (Type::Builtin(Builtin::String | Builtin::Bytes), true) => quote!(self.#member.as_deref().unwrap_or_default()),
            (type_, false) => {
                let write = types::write(type_, Expr::Place(&quote!(self.#member)), None);
                quote!(|w| #write)
            }
            (type_, true) => {
                let write = types::write(type_, Expr::Reference(&quote!(value)), None);
                quote!(|w| match &self.#member { Some(value) => #write, None => w.null() })
            }
        }
    };
    structure.shape.wire.iter().map(argument).collect()
}

/// The named values of a byte.
fn codes(structure: &Structure) -> TokenStream {
    let fields = structure.shape.wire.iter().filter(|field| !field.codes.is_empty());
    let tables = fields.map(|field| {
        let name = ident(&format!("{}_{}", structure.name, field.key).to_uppercase());
        let doc = doc(&format!("The values of `{}.{}`", structure.name, field.key));
        let rows = field.codes.iter().map(|code| {
            let (byte, name, size, doc) = (hex(code.code), &code.name, code.size, &code.doc);
            quote!(support::Code { code: #byte, name: #name, size: #size, doc: #doc })
        });
        quote!(#doc pub const #name: &[support::Code] = &[#(#rows),*];)
    });
    quote!(#(#tables)*)
}

fn owned(structure: &Structure, spec: &Spec) -> TokenStream {
    if !structure.shape.borrows {
        return quote!();
    }
    let name = ident(&structure.name);
    let members = shape::owned_members(&structure.shape, spec);
    quote! {
        impl #name<'_> {
            /// Takes what is borrowed into ownership.
            #[must_use]
            pub fn into_owned(self) -> #name<'static> {
                #name { #(#members),* }
            }
        }
    }
}

/// From an older spelling to the structure it stands for. What that takes is written by hand in `wire`.
fn older_spelling(structure: &Structure, spec: &Spec) -> TokenStream {
    let Some(newer) = structure.stands_for.map(|index| &spec.structures[index]) else { return quote!() };
    let (older, newer) = (ident(&structure.name), ident(&newer.name));
    let lifetime = structure.shape.borrows.then(|| quote!(<'a>));
    let reader = if structure.shape.borrows { quote!(Reader<'a>) } else { quote!(Reader<'_>) };
    quote! {
        impl #lifetime #older #lifetime {
            /// Reads one, and gives what it stands for.
            pub(crate) fn decode_newer(r: &mut #reader, size: usize, offset: usize) -> Result<#newer #lifetime, DecodeError> {
                let older = Self::decode_fields(r, size, offset)?;
                #newer::try_from(older).map_err(|kind: DecodeErrorKind| DecodeError::new(offset, kind))
            }
        }
    }
}
