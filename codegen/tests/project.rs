//! The project's own specification: what is generated from it, for a reviewer to see.

#![allow(clippy::unwrap_used, reason = "what fails here is the test")]

use std::fs;
use std::path::{Path, PathBuf};

fn spec() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec")
}

#[test]
fn the_generated_code_is_what_was_reviewed() {
    let outputs = boltwright_codegen::generate(&spec()).unwrap_or_else(|mistakes| {
        panic!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    });
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        // The conversations are only listed there; each is reviewed where it stands.
        for output in outputs.iter().filter(|output| output.name != "conversations.rs") {
            insta::assert_snapshot!(output.name, &output.text);
        }
    });
}

/// `UPDATE_SCHEMA=1 cargo test -p boltwright-codegen` writes the schema anew.
#[test]
fn the_schema_is_that_of_the_model() {
    let path = spec().join("schema.json");
    let schema = boltwright_codegen::schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(written == schema, "spec/schema.json is not that of the model: run the tests with UPDATE_SCHEMA=1 and commit it");
}

#[test]
fn every_file_names_the_schema_in_its_first_line() {
    for entry in fs::read_dir(spec()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = fs::read_to_string(&path).unwrap();
            assert_eq!(text.lines().next(), Some("# yaml-language-server: $schema=schema.json"), "{}", path.display());
        }
    }
}

#[test]
fn what_is_generated_is_the_same_every_time() {
    let texts = || boltwright_codegen::generate(&spec()).unwrap().into_iter().map(|output| output.text).collect::<Vec<_>>();
    assert!(texts() == texts());
}
