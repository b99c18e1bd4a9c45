//! The project's own specification.

use std::path::Path;

fn spec() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec")
}

#[test]
fn the_specification_has_no_mistake() {
    if let Err(mistakes) = boltwright_codegen::check(&spec()) {
        panic!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }
}
