//! `Version`, `Dialect`, and the releases that speak them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::text::{all, condition, doc, ident};
use crate::ir::Spec;

pub(super) fn emit(spec: &Spec) -> TokenStream {
    let version = version(spec);
    let dialect = dialect(spec);
    quote! {
        use std::fmt;
        use std::str::FromStr;

        #version
        #dialect
    }
}

fn version(spec: &Spec) -> TokenStream {
    let idents: Vec<_> = spec.versions.iter().map(|version| ident(&version.ident)).collect();
    let docs = spec.versions.iter().map(|version| doc(&format!("{}: {}", version.number, version.doc)));
    let majors = spec.versions.iter().map(|version| version.major);
    let minors = spec.versions.iter().map(|version| version.minor);
    let by_manifest: Vec<_> = spec.versions.iter().filter(|version| version.manifest).map(|version| ident(&version.ident)).collect();
    let by_manifest = if by_manifest.is_empty() { quote!(false) } else { quote!(matches!(self, #(Self::#by_manifest)|*)) };
    let packstreams = spec.versions.iter().map(|version| version.packstream);
    let numbers: Vec<_> = spec.versions.iter().map(|version| &version.number).collect();
    let known = numbers.iter().map(|number| number.as_str()).collect::<Vec<_>>().join(", ");
    let expected = format!("expected a version of Bolt, one of {known}, got '{{}}'");
    quote! {
        /// A version of Bolt that may be negotiated, in the order in which they came.
        #[allow(non_camel_case_types, reason = "the underscore is the dot of the number")]
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[repr(u8)]
        pub enum Version {
            #(#docs #idents,)*
        }

        impl Version {
            /// Every version, the oldest first.
            pub const ALL: &'static [Self] = &[#(Self::#idents),*];

            /// The number before the dot.
            #[must_use]
            pub const fn major(self) -> u8 {
                match self { #(Self::#idents => #majors,)* }
            }

            /// The number behind the dot.
            #[must_use]
            pub const fn minor(self) -> u8 {
                match self { #(Self::#idents => #minors,)* }
            }

            /// The version of PackStream that it speaks.
            #[must_use]
            pub const fn packstream(self) -> u8 {
                match self { #(Self::#idents => #packstreams,)* }
            }

            /// Whether clients ask for it through the handshake's manifest only.
            #[must_use]
            pub const fn manifest(self) -> bool {
                #by_manifest
            }

            /// The number, such as `5.4`; `3` for 3.0.
            #[must_use]
            pub const fn number(self) -> &'static str {
                match self { #(Self::#idents => #numbers,)* }
            }

            /// The version of these two numbers.
            #[must_use]
            pub fn from_numbers(major: u8, minor: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|version| (version.major(), version.minor()) == (major, minor))
            }
        }

        impl fmt::Display for Version {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.number())
            }
        }

        impl FromStr for Version {
            type Err = UnknownVersion;

            fn from_str(text: &str) -> Result<Self, UnknownVersion> {
                let number = if text.contains('.') { text.trim_end_matches(".0") } else { text };
                let same = |version: &&Self| version.number() == text || version.number() == number;
                Self::ALL.iter().find(same).copied().ok_or_else(|| UnknownVersion(text.to_owned()))
            }
        }

        /// A text that is no version of Bolt.
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct UnknownVersion(pub String);

        impl fmt::Display for UnknownVersion {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, #expected, self.0)
            }
        }

        impl std::error::Error for UnknownVersion {}
    }
}

fn dialect(spec: &Spec) -> TokenStream {
    let names: Vec<_> = spec.patches.iter().map(|patch| ident(&patch.name)).collect();
    let docs = spec.patches.iter().map(|patch| doc(&format!("The patch `{}`: {}", patch.name, patch.doc)));
    let texts: Vec<_> = spec.patches.iter().map(|patch| &patch.name).collect();
    let version = quote!(self.version);
    let offered = spec.patches.iter().map(|patch| condition(patch.versions, all(spec), &version, spec).unwrap_or(quote!(true)));
    let since = format_ident!("patches");
    quote! {
        /// What decides the encoding on a connection: the version, and the patches in force.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub struct Dialect {
            /// The version.
            pub version: Version,
            #(#docs pub #names: bool,)*
        }

        impl Dialect {
            /// A version without patches.
            #[must_use]
            pub const fn new(version: Version) -> Self {
                Self { version, #(#names: false),* }
            }

            /// Puts a patch in force, and says whether the version has it.
            pub fn apply(&mut self, patch: &str) -> bool {
                match patch {
                    #(#texts if #offered => self.#names = true,)*
                    _ => return false,
                }
                true
            }

            /// The names of the patches in force.
            pub fn #since(self) -> impl Iterator<Item = &'static str> {
                [#((self.#names, #texts)),*].into_iter().filter_map(|(in_force, name)| in_force.then_some(name))
            }
        }
    }
}
