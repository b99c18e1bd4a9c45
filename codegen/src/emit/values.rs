//! `Value`: what a field of any type holds.

use proc_macro2::TokenStream;
use quote::quote;

use super::markers::hex;
use super::text::{doc, doc_with_gate, ident};
use super::types;
use crate::ir::{Side, Spec, Structure, Type, Value, Versions};

pub(super) fn emit(spec: &Spec) -> TokenStream {
    let value = value(spec);
    let codec = codec(spec);
    quote! {
        use std::borrow::Cow;

        use super::*;
        use crate::wire::packstream::{DecodeError, DecodeErrorKind, Dictionary, EncodeError, Origin, Reader, Writer};

        #value
        #codec
    }
}

/// The structures that are variants; those that stand for others become these.
fn variants(spec: &Spec) -> impl Iterator<Item = &Structure> {
    spec.structures.iter().filter(|structure| structure.stands_for.is_none())
}

fn since_packstream(value: &Value, spec: &Spec) -> Option<Versions> {
    let has = |(index, version): (usize, &crate::ir::Version)| (version.packstream >= value.packstream).then_some(1 << index);
    (value.packstream > 1).then(|| Versions(spec.versions.iter().enumerate().filter_map(has).sum()))
}

fn value(spec: &Spec) -> TokenStream {
    let primitives = spec.values.iter().map(|value| {
        let name = ident(&value.name);
        let doc = doc_with_gate(&value.doc, since_packstream(value, spec), spec);
        let default = (value.builtin == crate::ir::Builtin::Null).then(|| quote!(#[default]));
        match value.builtin {
            crate::ir::Builtin::Null => quote!(#doc #default #name),
            builtin => {
                let type_ = types::rust(&Type::Builtin(builtin), spec);
                quote!(#doc #name(#type_))
            }
        }
    });
    let structures = variants(spec).map(|structure| {
        let (name, doc) = (ident(&structure.name), doc(&structure.doc));
        let type_ = if structure.shape.borrows { quote!(#name<'a>) } else { quote!(#name) };
        let type_ = if structure.boxed { quote!(Box<#type_>) } else { type_ };
        quote!(#doc #name(#type_))
    });
    let owned_primitives = spec.values.iter().map(|value| {
        let name = ident(&value.name);
        match value.builtin {
            crate::ir::Builtin::Null => quote!(Self::#name => Value::#name),
            builtin => {
                let owned = types::own(&Type::Builtin(builtin), &quote!(value), spec);
                quote!(Self::#name(value) => Value::#name(#owned))
            }
        }
    });
    let owned_structures = variants(spec).map(|structure| {
        let name = ident(&structure.name);
        match (structure.shape.borrows, structure.boxed) {
            (true, true) => quote!(Self::#name(value) => Value::#name(Box::new(value.into_owned()))),
            (true, false) => quote!(Self::#name(value) => Value::#name(value.into_owned())),
            (false, _) => quote!(Self::#name(value) => Value::#name(value)),
        }
    });
    let names = spec.values.iter().map(|value| {
        let (name, text) = (ident(&value.name), &value.name);
        match value.builtin {
            crate::ir::Builtin::Null => quote!(Self::#name => #text),
            _ => quote!(Self::#name(_) => #text),
        }
    });
    let structure_names = variants(spec).map(|structure| {
        let (name, text) = (ident(&structure.name), &structure.name);
        quote!(Self::#name(_) => #text)
    });
    let from = variants(spec).map(|structure| {
        let name = ident(&structure.name);
        let lifetime = structure.shape.borrows.then(|| quote!(<'a>));
        let boxed = if structure.boxed { quote!(Box::new(value)) } else { quote!(value) };
        quote! {
            impl<'a> From<#name #lifetime> for Value<'a> {
                fn from(value: #name #lifetime) -> Self {
                    Self::#name(#boxed)
                }
            }
        }
    });
    quote! {
        /// A value of any type. Above the wire it has the shape of the newest version; the dialect decides how it is written.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub enum Value<'a> {
            #(#primitives,)*
            #(#structures,)*
        }

        impl Value<'_> {
            /// Takes what is borrowed into ownership.
            #[must_use]
            pub fn into_owned(self) -> Value<'static> {
                match self {
                    #(#owned_primitives,)*
                    #(#owned_structures,)*
                }
            }

            /// The name of its type.
            #[must_use]
            pub const fn type_name(&self) -> &'static str {
                match self {
                    #(#names,)*
                    #(#structure_names,)*
                }
            }
        }

        #(#from)*
    }
}

fn codec(spec: &Spec) -> TokenStream {
    let decode = spec.structures.iter().map(|structure| decode_one(structure, spec));
    let names = spec.structures.iter().map(|structure| {
        let (tag, name) = (hex(structure.tag), &structure.name);
        quote!(#tag => Some(#name))
    });
    let encode = variants(spec).map(|structure| {
        let name = ident(&structure.name);
        quote!(Self::#name(value) => value.encode(w))
    });
    quote! {
        impl<'a> Value<'a> {
            /// Reads the fields of a structure whose header has been read.
            pub(crate) fn decode_structure(r: &mut Reader<'a>, tag: u8, size: usize, offset: usize) -> Result<Self, DecodeError> {
                let dialect = r.dialect();
                match tag {
                    #(#decode)*
                    _ => {
                        let version = dialect.version;
                        Err(DecodeError::new(offset, match Self::structure_name(tag) {
                            Some(name) => DecodeErrorKind::NotInVersion { name, version },
                            None => DecodeErrorKind::UnknownTag { tag, version },
                        }))
                    }
                }
            }

            /// The structure of a tag, in whichever version.
            #[allow(unreachable_patterns, reason = "a tag may name one structure in some versions and another in others")]
            const fn structure_name(tag: u8) -> Option<&'static str> {
                match tag {
                    #(#names,)*
                    _ => None,
                }
            }
        }

        impl Value<'_> {
            /// Writes a structure; the writer writes the other types itself.
            pub(crate) fn encode_structure(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
                match self {
                    #(#encode,)*
                    other => w.value(other),
                }
            }
        }
    }
}

fn decode_one(structure: &Structure, spec: &Spec) -> TokenStream {
    let (name, text) = (ident(&structure.name), &structure.name);
    let variant = match structure.stands_for {
        Some(newer) => &spec.structures[newer],
        None => structure,
    };
    let into = ident(&variant.name);
    let wrap = if variant.boxed { quote!(|value| Self::#into(Box::new(value))) } else { quote!(Self::#into) };
    let read = match structure.stands_for {
        Some(_) => quote!(#name::decode_newer(r, size, offset)),
        None => quote!(#name::decode_fields(r, size, offset)),
    };
    let side = structure.from.map(|side| {
        let origin = match side {
            Side::Client => quote!(Origin::Client),
            Side::Server => quote!(Origin::Server),
        };
        quote! {
            if r.origin() != #origin {
                return Err(DecodeError::new(offset, DecodeErrorKind::NotFrom { name: #text }));
            }
        }
    });
    let tag = hex(structure.tag);
    let read = quote!(#read.map(#wrap));
    match side {
        None => quote!(#tag if #name::available(dialect) => #read,),
        Some(side) => quote!(#tag if #name::available(dialect) => { #side #read }),
    }
}
