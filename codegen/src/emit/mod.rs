//! From the IR to tokens, one output for each file. Everything is decided in the IR; here it is put in its place.

mod codes;
mod dictionaries;
mod examples;
mod markers;
mod messages;
mod reflection;
mod shape;
mod states;
mod structures;
mod text;
mod types;
mod values;
mod versions;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Spec;

/// One generated file.
#[derive(Debug)]
pub struct Output {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: String,
}

/// All outputs.
pub(crate) fn emit(spec: &Spec) -> Vec<Output> {
    [
        ("versions.rs", versions::emit(spec)),
        ("markers.rs", markers::emit(spec)),
        ("values.rs", values::emit(spec)),
        ("structures.rs", structures::emit(spec)),
        ("dictionaries.rs", dictionaries::emit(spec)),
        ("requests.rs", messages::requests(spec)),
        ("responses.rs", messages::responses(spec)),
        ("states.rs", states::emit(spec)),
        ("codes.rs", codes::emit(spec)),
        ("reflection.rs", reflection::emit(spec)),
        ("examples.rs", examples::emit(spec)),
    ]
    .map(|(name, tokens)| Output { name, text: format(name, tokens) })
    .into()
}

/// The conversations, taken in from where they stand, so that a build without the specification beside it has them too.
pub(crate) fn conversations(names: &[String]) -> Output {
    let entries = names.iter().map(|name| {
        let path = format!("/spec/conversations/{name}.script");
        quote!((#name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), #path))))
    });
    let tokens = quote! {
        /// The conversations that a server is held against: the name of each, and its text.
        pub const CONVERSATIONS: &[(&str, &str)] = &[#(#entries),*];
    };
    Output { name: "conversations.rs", text: format("conversations.rs", tokens) }
}

/// Lays tokens out. Tokens that are no Rust stay as they are, so that the compiler shows what is wrong with them.
fn format(name: &str, tokens: TokenStream) -> String {
    let text = tokens.to_string();
    let laid_out = syn::parse2(tokens).map(|file| prettyplease::unparse(&file)).unwrap_or(text);
    format!("// Generated from spec/ into {name}. Edit the YAML, not this.\n\n{}", with_blank_lines(&laid_out))
}

/// prettyplease sets items without a blank line between them; a person would not.
fn with_blank_lines(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let starts_item =
        |line: &str| ["///", "#[", "pub ", "impl", "fn ", "const ", "type "].iter().any(|start| line.trim_start().starts_with(start));
    let mut spaced = String::with_capacity(text.len());
    let mut before = "";
    for line in text.lines() {
        let ends_item = before.trim() == "}" || before.starts_with("use ") && !line.starts_with("use ") || before == "};";
        if ends_item && indent(line) == indent(before) && starts_item(line) {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        before = line;
    }
    spaced
}
