//! The golden vectors as data, for tests and for the inspector.

use proc_macro2::TokenStream;
use quote::quote;

use super::reflection::versions;
use crate::ir::{ExampleKind, Spec};

pub(super) fn emit(spec: &Spec) -> TokenStream {
    let examples = spec.examples.iter().map(|example| {
        let (name, bytes, read_only) = (&example.name, proc_macro2::Literal::byte_string(&example.bytes), example.read_only);
        let versions = versions(example.versions);
        let patch = match example.patch {
            None => quote!(None),
            Some(patch) => {
                let name = &spec.patches[patch].name;
                quote!(Some(#name))
            }
        };
        let kind = match example.kind {
            ExampleKind::Value => quote!(ExampleKind::Value),
            ExampleKind::Request => quote!(ExampleKind::Request),
            ExampleKind::Response => quote!(ExampleKind::Response),
        };
        quote!(Example { name: #name, versions: #versions, patch: #patch, kind: #kind, read_only: #read_only, bytes: #bytes })
    });
    quote! {
        use crate::wire::reflect::{Example, ExampleKind, VersionSet};

        /// Values and messages with their bytes.
        pub const EXAMPLES: &[Example] = &[#(#examples),*];
    }
}
