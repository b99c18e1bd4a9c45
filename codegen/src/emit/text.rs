//! Identifiers, documentation and conditions.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use crate::ir::{Spec, Versions};

/// A name as an identifier; a keyword as a raw one.
pub(super) fn ident(name: &str) -> Ident {
    match syn::parse_str::<Ident>(name) {
        Ok(ident) => ident,
        Err(_) => Ident::new_raw(name, Span::call_site()),
    }
}

/// A documentation comment, which ends with a full stop.
pub(super) fn doc(text: &str) -> TokenStream {
    let text = text.trim();
    let stop = if text.ends_with(['.', '?', '!', ':']) { "" } else { "." };
    let text = format!(" {text}{stop}");
    quote!(#[doc = #text])
}

/// A documentation comment with the versions in which the thing exists.
pub(super) fn doc_with_gate(text: &str, gate: Option<Versions>, spec: &Spec) -> TokenStream {
    match gate {
        None => doc(text),
        Some(versions) => doc(&format!("{} {}", with_stop(text), show(versions, spec))),
    }
}

fn with_stop(text: &str) -> String {
    let text = text.trim();
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

/// A set of versions in words: `Since 4.4.`, `Versions 4.3 to 4.4.`, `Version 4.3 only.`
pub(super) fn show(versions: Versions, spec: &Spec) -> String {
    let number = |index: usize| &spec.versions[index].number;
    match versions.bounds() {
        Some((first, last)) if last + 1 == spec.versions.len() => format!("Since {}.", number(first)),
        Some((first, last)) if first == last => format!("Version {} only.", number(first)),
        Some((first, last)) => format!("Versions {} to {}.", number(first), number(last)),
        None => format!("Versions {}.", versions.iter().map(|version| number(version).as_str()).collect::<Vec<_>>().join(", ")),
    }
}

/// All versions.
pub(super) fn all(spec: &Spec) -> Versions {
    Versions(u32::try_from((1_u64 << spec.versions.len()) - 1).unwrap_or(u32::MAX))
}

/// A version as a constant.
fn constant(index: usize, spec: &Spec) -> TokenStream {
    let name = format_ident!("{}", spec.versions[index].ident);
    quote!(Version::#name)
}

/// The condition that `version`, an expression, is in a set; nothing where it always is.
pub(super) fn condition(versions: Versions, owner: Versions, version: &TokenStream, spec: &Spec) -> Option<TokenStream> {
    if versions.covers(owner) {
        return None;
    }
    let constant = |index: usize| constant(index, spec);
    Some(match versions.bounds() {
        Some((first, last)) if last + 1 == spec.versions.len() => {
            let first = constant(first);
            quote!(#version >= #first)
        }
        Some((0, last)) => {
            let last = constant(last);
            quote!(#version <= #last)
        }
        Some((first, last)) if first == last => {
            let only = constant(first);
            quote!(#version == #only)
        }
        Some((first, last)) => {
            let (first, last) = (constant(first), constant(last));
            quote!((#first..=#last).contains(&#version))
        }
        None => {
            let each = versions.iter().map(constant);
            quote!(matches!(#version, #(#each)|*))
        }
    })
}

/// The condition that `version` is not in a set; nothing where it always is.
pub(super) fn no_condition(versions: Versions, owner: Versions, version: &TokenStream, spec: &Spec) -> Option<TokenStream> {
    let condition = condition(versions, owner, version, spec)?;
    let constant = |index: usize| constant(index, spec);
    Some(match versions.bounds() {
        Some((first, last)) if last + 1 == spec.versions.len() => {
            let first = constant(first);
            quote!(#version < #first)
        }
        Some((0, last)) => {
            let last = constant(last);
            quote!(#version > #last)
        }
        Some((first, last)) if first == last => {
            let only = constant(first);
            quote!(#version != #only)
        }
        _ => quote!(!#condition),
    })
}
