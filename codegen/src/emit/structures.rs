//! One struct for each structure: what it reads, what it writes, and what stands in its place where a version lacks it.

use proc_macro2::TokenStream;
use quote::quote;

use super::markers::hex;
use super::shape;
use super::text::{all, condition, doc, ident};
use crate::ir::{Builtin, Spec, Structure, Type, Versions};

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
    let direct = shape::encode_fields(text, &structure.shape, owner, spec);
    let version = quote!(#(#direct)*).to_string().contains("version").then(|| quote!(let version = w.dialect().version;));
    let (parameters, pushes) = parameters(structure, owner, spec);
    let push_version = quote!(#(#pushes)*).to_string().contains("version").then(|| quote!(let version = w.dialect().version;));
    let many = (parameters.len() > 6).then(|| quote!(#[allow(clippy::too_many_arguments, reason = "one for each field")]));
    let push = if older.is_some() || structure.placeholder {
        // What stands for it needs the whole, and every field is plain.
        let fields = structure.shape.members.iter().map(|member| {
            let name = ident(&member.name);
            match member.type_ {
                Type::Builtin(Builtin::String | Builtin::Bytes) => quote!(#name: Cow::Borrowed(#name)),
                _ => quote!(#name),
            }
        });
        let name = ident(text);
        quote!(#name { #(#fields),* }.encode(w))
    } else {
        quote! {
            #guard
            #push_version
            w.structure_header(Self::size(w.dialect()), Self::TAG)?;
            #(#pushes)*
            Ok(())
        }
    };
    quote! {
        /// Writes one, or what stands for it in the dialect.
        ///
        /// # Errors
        /// When the dialect has nothing for it, or needs a field that is not set.
        pub fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
            #guard
            #version
            w.structure_header(Self::size(w.dialect()), Self::TAG)?;
            #(#direct)*
            Ok(())
        }

        /// Writes one out of its fields, those that the dialect lacks left out. What has parts is written by a closure.
        ///
        /// # Errors
        /// When the dialect has nothing for it, or a closure fails.
        #many
        pub fn write(w: &mut Writer<'_>, #(#parameters),*) -> Result<(), EncodeError> {
            #push
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

/// The parameters of `write`, and what it does with them.
fn parameters(structure: &Structure, owner: Versions, spec: &Spec) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let (mut parameters, mut pushes) = (Vec::new(), Vec::new());
    for field in &structure.shape.wire {
        let name = shape::local(field);
        if field.nullable {
            // Whoever has a value for it writes the struct; so a new field of this kind breaks no caller.
            pushes.push(match condition(field.versions, owner, &quote!(version), spec) {
                None => quote!(w.null()?;),
                Some(condition) => quote!(if #condition { w.null()?; }),
            });
            continue;
        }
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
