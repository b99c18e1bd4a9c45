//! The lists of what each release of Neo4j does otherwise can be read, and hold nothing that is not there.

use std::fs;

use boltwright::conform::case::Case;
use boltwright::conform::known::Known;
use boltwright::generated::Version;

use crate::{RELEASES, folder};

#[test]
fn lists_of_known_deviations_are_about_cases_that_exist() {
    let cases: Vec<_> =
        Version::ALL.iter().flat_map(|version| Case::all(*version).unwrap().into_iter().map(|case| (case.name, *version))).collect();
    let mut releases = 0;
    for file in fs::read_dir(folder().join("known")).unwrap() {
        let path = file.unwrap().path();
        let known = Known::parse(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for entry in &known.entries {
            let exists = cases.iter().any(|(name, version)| entry.holds(name, *version));
            assert!(exists, "{}: no case is named '{:?}'", path.display(), entry.case);
        }
        releases += 1;
    }
    assert_eq!(releases, RELEASES.len(), "one list for each release that the specification is compared with");
}
