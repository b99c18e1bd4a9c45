//! Generates the protocol from `spec/`. A mistake there is an error of the build, shown where it is.

use std::path::Path;
use std::{env, fs, process};

fn main() {
    println!("cargo::rerun-if-changed=spec");
    println!("cargo::rerun-if-changed=codegen/src");
    let outputs = boltwright_codegen::generate(Path::new("spec")).unwrap_or_else(|mistakes| {
        for mistake in mistakes {
            println!("cargo::error={mistake}");
        }
        process::exit(1);
    });
    let folder = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    for output in outputs {
        let path = Path::new(&folder).join(output.name);
        if fs::read_to_string(&path).is_ok_and(|text| text == output.text) {
            continue; // untouched, so that nothing is compiled again
        }
        fs::write(&path, output.text).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    }
}
