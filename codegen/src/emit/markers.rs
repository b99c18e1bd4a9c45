//! The markers of PackStream and the words of the handshake, as constants.

use proc_macro2::TokenStream;
use quote::quote;

use super::text::{doc, ident};
use crate::ir::Spec;

pub(super) fn emit(spec: &Spec) -> TokenStream {
    let markers = spec.markers.iter().map(|marker| {
        let (name, byte) = (ident(&marker.name), hex(marker.byte));
        let doc = match marker.to {
            to if to == marker.byte => doc(&marker.doc),
            to => doc(&format!("{} The first of the run that ends with 0x{to:02X}.", marker.doc)),
        };
        quote!(#doc pub const #name: u8 = #byte;)
    });
    let word = |word: [u8; 4]| {
        let bytes = word.map(hex);
        quote!([#(#bytes),*])
    };
    let (magic, manifest, refusal) = (word(spec.handshake.magic), word(spec.handshake.manifest), word(spec.handshake.refusal));
    let (proposals, capabilities) = (spec.handshake.proposals, &spec.handshake.capabilities);
    quote! {
        /// The bytes that PackStream values start with.
        pub mod marker {
            #(#markers)*
        }

        /// The words of the handshake.
        pub mod handshake {
            /// The bytes that a client opens with.
            pub const MAGIC: [u8; 4] = #magic;
            /// The proposal, and the answer, that stands for a manifest.
            pub const MANIFEST: [u8; 4] = #manifest;
            /// The answer where no version is in common.
            pub const REFUSAL: [u8; 4] = #refusal;
            /// How many proposals a client sends.
            pub const PROPOSALS: usize = #proposals;
            /// The names of the capability bits, the lowest first.
            pub const CAPABILITIES: &[&str] = &[#(#capabilities),*];
        }
    }
}

/// A byte as it is read in this field.
pub(super) fn hex(byte: u8) -> proc_macro2::Literal {
    format!("0x{byte:02X}").parse().unwrap_or_else(|_| proc_macro2::Literal::u8_unsuffixed(byte))
}
