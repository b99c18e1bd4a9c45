//! Requests and responses: one struct each, and an enum of either.

use proc_macro2::TokenStream;
use quote::quote;

use super::markers::hex;
use super::shape;
use super::text::{all, condition, doc, ident, no_condition};
use super::types::{self, Expr};
use crate::ir::{Builtin, Message, Signal, Spec, Type};

pub(super) fn requests(spec: &Spec) -> TokenStream {
    let kinds = kinds(spec);
    let module = module("request", "Request", "RequestKind", "What a client sends.", &spec.requests, true, spec);
    quote!(#kinds #module)
}

pub(super) fn responses(spec: &Spec) -> TokenStream {
    let idents: Vec<_> = spec.responses.iter().map(|message| ident(&message.ident)).collect();
    let docs = spec.responses.iter().map(|message| doc(&message.doc));
    let names = spec.responses.iter().map(|message| &message.name);
    let tags: Vec<_> = spec.responses.iter().map(|message| hex(message.tag)).collect();
    let module = module("response", "Response", "ResponseKind", "What a server answers.", &spec.responses, false, spec);
    quote! {
        use super::Version;

        /// Which response.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum ResponseKind {
            #(#docs #idents,)*
        }

        impl ResponseKind {
            /// Every response.
            pub const ALL: &'static [Self] = &[#(Self::#idents),*];

            /// The response of a tag.
            #[must_use]
            pub const fn from_tag(tag: u8, _version: Version) -> Option<Self> {
                match tag {
                    #(#tags => Some(Self::#idents),)*
                    _ => None,
                }
            }

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { #(Self::#idents => #names,)* }
            }
        }

        #module
    }
}

fn kinds(spec: &Spec) -> TokenStream {
    let idents: Vec<_> = spec.requests.iter().map(|message| ident(&message.ident)).collect();
    let docs = spec.requests.iter().map(|message| doc(&message.doc));
    let tags = spec.requests.iter().map(|message| hex(message.tag));
    let version = quote!(version);
    let names = spec.requests.iter().flat_map(|message| {
        let (kind, name) = (ident(&message.ident), &message.name);
        let older = message.formerly.as_ref().map(|(older, versions)| {
            let guard = condition(*versions, all(spec), &version, spec).map(|condition| quote!(if #condition));
            quote!(Self::#kind #guard => #older)
        });
        older.into_iter().chain([quote!(Self::#kind => #name)])
    });
    let exists = spec.requests.iter().map(|message| {
        let kind = ident(&message.ident);
        let condition = condition(message.versions, all(spec), &version, spec).unwrap_or(quote!(true));
        quote!(Self::#kind => #condition)
    });
    let from_tag = spec.requests.iter().map(|message| {
        let (tag, kind) = (hex(message.tag), ident(&message.ident));
        let guard = condition(message.versions, all(spec), &version, spec).map(|condition| quote!(if #condition));
        quote!(#tag #guard => Some(Self::#kind))
    });
    let signals = spec.requests.iter().filter_map(|message| {
        let kind = ident(&message.ident);
        let signal = match message.signal? {
            Signal::Interrupt => quote!(Interrupt),
            Signal::Close => quote!(Close),
        };
        Some(quote!(Self::#kind => Some(Signal::#signal)))
    });
    let spelled = spec.spelled.iter().map(|spelled| {
        let (query, means) = (&spelled.query, ident(&spec.requests[spelled.means].ident));
        let guard = condition(spelled.versions, all(spec), &version, spec).map(|condition| quote!(#condition &&));
        quote!(if #guard query.eq_ignore_ascii_case(#query) { return Some(RequestKind::#means); })
    });
    let spellings = spec.spelled.iter().map(|spelled| {
        let (query, means) = (&spelled.query, ident(&spec.requests[spelled.means].ident));
        let guard = condition(spelled.versions, all(spec), &version, spec).map(|condition| quote!(if #condition));
        quote!(RequestKind::#means #guard => Some(#query))
    });
    quote! {
        use super::Version;

        /// Which request.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[repr(u8)]
        pub enum RequestKind {
            #(#docs #idents,)*
        }

        /// What a request does to the requests around it.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum Signal {
            /// It goes ahead of the queue and interrupts what runs.
            Interrupt,
            /// It ends the conversation.
            Close,
        }

        impl RequestKind {
            /// Every request.
            pub const ALL: &'static [Self] = &[#(Self::#idents),*];

            /// The byte that says which request it is.
            #[must_use]
            pub const fn tag(self) -> u8 {
                match self { #(Self::#idents => #tags,)* }
            }

            /// The request of a tag in a version.
            #[must_use]
            pub fn from_tag(tag: u8, version: Version) -> Option<Self> {
                match tag {
                    #(#from_tag,)*
                    _ => None,
                }
            }

            /// Its name in a version.
            #[must_use]
            pub fn name(self, version: Version) -> &'static str {
                match self { #(#names,)* }
            }

            /// Whether a version has it.
            #[must_use]
            pub fn exists_in(self, version: Version) -> bool {
                match self { #(#exists,)* }
            }

            /// What it does to the requests around it.
            #[must_use]
            pub const fn signal(self) -> Option<Signal> {
                match self {
                    #(#signals,)*
                    _ => None,
                }
            }
        }

        /// The request that a statement stands for in a version, written in any letter case, with blanks around it and a semicolon behind it.
        #[must_use]
        pub fn spelled(version: Version, query: &str) -> Option<RequestKind> {
            let query = query.trim();
            let query = query.strip_suffix(';').unwrap_or(query).trim_end();
            #(#spelled)*
            None
        }

        /// The statement that stands for a request in a version which has no message for it.
        #[must_use]
        pub fn spelling(version: Version, request: RequestKind) -> Option<&'static str> {
            match request {
                #(#spellings,)*
                _ => None,
            }
        }
    }
}

fn module(module: &str, name: &str, kind: &str, text: &str, messages: &[Message], is_request: bool, spec: &Spec) -> TokenStream {
    let (module, name, kind) = (ident(module), ident(name), ident(kind));
    let structs: TokenStream = messages.iter().map(|message| struct_(message, is_request, spec)).collect();
    let cow = structs.to_string().contains("Cow").then(|| {
        quote!(
            use std::borrow::Cow;
        )
    });
    let idents: Vec<_> = messages.iter().map(|message| ident(&message.ident)).collect();
    let docs = messages.iter().map(|message| doc(&message.doc));
    let lifetimes = messages.iter().map(|message| message.shape.borrows.then(|| quote!(<'a>)));
    let doc = doc(text);
    let kind_doc = self::doc(&format!("Which {} it is", module));
    quote! {
        #doc
        pub mod #module {
            #cow

            use super::#kind;
            use crate::generated::*;
            use crate::wire::packstream::{DecodeError, DecodeErrorKind, Dictionary, EncodeError, Reader, Writer};
            use crate::wire::support;

            #doc
            #[allow(clippy::large_enum_variant, reason = "a message is on its way and not kept")]
            #[derive(Clone, Debug, PartialEq)]
            pub enum #name<'a> {
                #(#docs #idents(#idents #lifetimes),)*
            }

            impl<'a> #name<'a> {
                #kind_doc
                #[must_use]
                pub const fn kind(&self) -> #kind {
                    match self { #(Self::#idents(_) => #kind::#idents,)* }
                }

                /// Reads a whole message.
                ///
                /// # Errors
                /// When it is none of the version, or not what it should be.
                pub fn decode(r: &mut Reader<'a>) -> Result<Self, DecodeError> {
                    let offset = r.offset();
                    let (size, tag) = r.structure_header()?;
                    let version = r.dialect().version;
                    let Some(kind) = #kind::from_tag(tag, version) else {
                        return Err(DecodeError::new(offset, DecodeErrorKind::UnknownTag { tag, version }));
                    };
                    let message = match kind {
                        #(#kind::#idents => #idents::decode_fields(r, size, offset).map(Self::#idents)?,)*
                    };
                    r.finish()?;
                    Ok(message)
                }

                /// Writes a whole message.
                ///
                /// # Errors
                /// When the version lacks it, or needs something that is not set.
                pub fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
                    match self { #(Self::#idents(message) => message.encode(w),)* }
                }
            }

            #structs
        }
    }
}

fn struct_(message: &Message, is_request: bool, spec: &Spec) -> TokenStream {
    let (name, text) = (ident(&message.ident), &message.name);
    let shape = &message.shape;
    let (doc, tag) = (doc(&message.doc), hex(message.tag));
    let lifetime = shape.borrows.then(|| quote!(<'a>));
    let reader = if shape.borrows { quote!(Reader<'a>) } else { quote!(Reader<'_>) };
    let members = shape::members(shape, spec);
    let declaration = if members.is_empty() { quote!(;) } else { quote!({ #(#members,)* }) };
    let copy = if members.is_empty() { quote!(Copy, Eq,) } else { quote!() };
    let size = shape::size(shape, message.versions, spec);
    let size_argument = if shape::is_gated(shape, message.versions) { quote!(dialect) } else { quote!(_dialect) };
    let check = quote!(support::size(#text, Self::size(r.dialect()), size, offset)?;);
    let check = message.miscounted.as_ref().map_or_else(
        || check.clone(),
        |(number, versions)| {
            let number = proc_macro2::Literal::usize_unsuffixed(*number);
            let there = condition(*versions, message.versions, &quote!(r.dialect().version), spec).map(|condition| quote!(&& #condition));
            quote!(if !(size == #number #there && support::more_than(r, size)) { #check })
        },
    );
    let decode = shape::decode_fields(text, shape, message.versions, spec);
    let (borrow, owned) = (lifetime.as_ref().map(|_| quote!(<'_>)), shape::owned_members(shape, spec));
    let owned = lifetime.as_ref().map(|_| {
        quote! {
            impl #name #borrow {
                /// Takes what is borrowed into ownership.
                #[must_use]
                pub fn into_owned(self) -> #name<'static> {
                    #name { #(#owned),* }
                }
            }
        }
    });
    let unavailable = no_condition(message.versions, all(spec), &quote!(version), spec).map(|lacks| {
        quote! {
            if #lacks {
                return Err(EncodeError::NotInVersion { name: #text, version });
            }
        }
    });
    let mut statements = Vec::new();
    statements.extend(unavailable);
    if is_request {
        statements.extend(shape::refuse_missing_versions(text, shape, message.versions, spec));
    }
    let fields = shape::encode_fields(text, shape, message.versions, spec);
    let let_version =
        quote!(#(#statements)* #(#fields)*).to_string().contains("version").then(|| quote!(let version = w.dialect().version;));
    let push = (!is_request).then(|| push(message));
    quote! {
        #doc
        #[derive(Clone, #copy Debug, PartialEq)]
        pub struct #name #lifetime #declaration

        impl #lifetime #name #lifetime {
            /// The byte that says which message it is.
            pub const TAG: u8 = #tag;

            /// The number of its fields in a dialect.
            #[must_use]
            pub fn size(#size_argument: Dialect) -> usize {
                #size
            }

            pub(crate) fn decode_fields(r: &mut #reader, size: usize, offset: usize) -> Result<Self, DecodeError> {
                #check
                #decode
            }

            /// Writes the whole message.
            ///
            /// # Errors
            /// When the version lacks it, or needs something that is not set.
            pub fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
                #let_version
                #(#statements)*
                w.structure_header(Self::size(w.dialect()), Self::TAG)?;
                #(#fields)*
                Ok(())
            }

            #push
        }

        #owned
    }
}

/// Writes a response without its struct, what has parts by closures.
fn push(message: &Message) -> TokenStream {
    let (mut parameters, mut writes) = (Vec::new(), Vec::new());
    for field in &message.shape.wire {
        let name = shape::local(field);
        match &field.type_ {
            Type::Builtin(Builtin::Boolean | Builtin::Integer | Builtin::Float | Builtin::Uuid | Builtin::String | Builtin::Bytes) => {
                let write = types::write(&field.type_, Expr::Reference(&quote!(#name)), None);
                parameters.push(quote!(#name: &Value<'_>));
                writes.push(quote!(#write?;));
            }
            _ => {
                parameters.push(quote!(#name: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>));
                writes.push(quote!(#name(w)?;));
            }
        }
    }
    quote! {
        /// Writes the whole message, what has parts by closures.
        ///
        /// # Errors
        /// When a closure fails.
        pub fn write(w: &mut Writer<'_>, #(#parameters),*) -> Result<(), EncodeError> {
            w.structure_header(Self::size(w.dialect()), Self::TAG)?;
            #(#writes)*
            Ok(())
        }
    }
}
