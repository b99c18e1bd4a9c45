//! Turns the specification of Bolt under `spec/` into Rust: YAML → model → IR → tokens.
//!
//! [`generate`] is what a build script calls, [`check`] what an author of a specification calls.

mod emit;
pub mod ir;
mod literal;
mod load;
mod locate;
mod lower;
mod mistake;
pub mod model;
pub mod scalar;

use std::path::Path;

pub use emit::Output;
pub use mistake::Mistake;

/// Reads and checks a specification, and generates the code for it.
///
/// # Errors
/// Every mistake in the specification, in the order of the text.
pub fn generate(folder: &Path) -> Result<Vec<Output>, Vec<Mistake>> {
    let conversations = load::conversations(folder)?;
    let mut outputs = read(folder).map(|spec| emit::emit(&spec))?;
    outputs.push(emit::conversations(&conversations));
    Ok(outputs)
}

/// Reads and checks a specification.
///
/// # Errors
/// Every mistake in the specification, in the order of the text.
pub fn check(folder: &Path) -> Result<(), Vec<Mistake>> {
    read(folder).map(drop)
}

/// Reads, checks and resolves a specification.
///
/// # Errors
/// Every mistake in the specification, in the order of the text.
pub fn read(folder: &Path) -> Result<ir::Spec, Vec<Mistake>> {
    let (file, sources) = load::load(folder)?;
    lower::lower(&file, &sources)
}

/// The JSON Schema of the files under `spec/`, for completion and checks in editors.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(model::File);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
