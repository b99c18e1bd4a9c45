//! The cases that come out of the specification, for a reviewer to see, and that nothing of it is left out.
#![allow(clippy::unwrap_used, reason = "what fails here is the test")]
#![cfg(feature = "conform")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use boltwright::conform::generate::cases;
use boltwright::generated::reflection::{DICTIONARIES, REQUESTS, STATES, STRUCTURES, VALUES};
use boltwright::generated::{MACHINE_OF, State, Version};

fn names(version: Version) -> BTreeSet<String> {
    cases(version).into_iter().map(|(name, _)| name).collect()
}

/// A snapshot among those of the cases.
fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "snapshots/cases", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn the_names_of_the_cases_are_what_was_reviewed() {
    let mut seen = BTreeSet::new();
    for version in Version::ALL.iter().copied().filter(|version| seen.insert(MACHINE_OF[*version as usize])) {
        let names = names(version);
        let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (folder, name) in names.iter().map(|name| name.rsplit_once('/').unwrap()) {
            folders.entry(folder).or_default().push(name);
        }
        let mut text = format!("{} cases\n", names.len());
        for (folder, names) in folders {
            writeln!(text, "{folder}\n    {}", names.join(" ")).unwrap();
        }
        snapshot(&format!("names_at_{version}"), &text);
    }
}

/// Cases to be read as a whole: of each area one or two, of versions that differ.
const READ: &[(Version, &[&str])] = &[
    (Version::V1, &["states/FAILED/ACK_FAILURE", "pipelined/STREAMING/RESET", "requests/RUN/parameters/null", "tags/parameters/Date"]),
    (Version::V3, &["states/TX_STREAMING/RUN", "metadata/PULL/last/no-other-key", "chunking/no-ops-between"]),
    (Version::V4_4, &["values/DateTime/utc/nested", "tags/parameters/utc/LegacyDateTime", "requests/ROUTE/routing/items/Integer"]),
    (Version::V5_4, &["handshake/range-2", "handshake/range-from-reserved-5.5", "states/STREAMING/PULL/open", "pipelined/TX_READY/PULL"]),
    (
        Version::V6_1,
        &[
            "requests/PULL/extra/n/0",
            "requests/HELLO/extra/bolt_agent/product/missing",
            "values/Integer/wide",
            "values/List/16-bits",
            "tags/0E",
        ],
    ),
];

#[test]
fn the_texts_of_some_cases_are_what_was_reviewed() {
    for (version, chosen) in READ {
        let cases: BTreeMap<_, _> = cases(*version).into_iter().collect();
        let text: String =
            chosen.iter().map(|name| format!("==== {name}\n{}\n", cases.get(*name).unwrap_or_else(|| panic!("{name}")))).collect();
        snapshot(&format!("texts_at_{version}"), &text);
    }
}

#[test]
fn every_request_is_tried_in_every_state_and_every_version() {
    for version in Version::ALL {
        let names = names(*version);
        let states = STATES.iter().zip(State::ALL).filter(|(info, state)| {
            // Nobody can wait in the one, and nobody says anything in the other.
            info.versions.contains(*version) && ![State::INTERRUPTED, State::CLOSED].contains(state)
        });
        for (state, _) in states {
            for request in REQUESTS.iter().filter(|request| request.versions.contains(*version)) {
                let name = format!("states/{}/{}", state.name, request.name);
                assert!(names.contains(&name), "{name} is missing at {version}");
            }
        }
    }
}

#[test]
fn every_field_and_entry_of_every_request_is_tried() {
    for version in Version::ALL {
        let names = names(*version);
        for request in REQUESTS.iter().filter(|request| request.versions.contains(*version)) {
            for field in request.fields_in(*version) {
                let place = format!("requests/{}/{}", request.name, field.name);
                let mut wanted = vec![format!("{place}/missing"), format!("{place}/null")];
                if let Some(info) = DICTIONARIES.iter().find(|info| info.name == field.type_name) {
                    let entries = info.entries.iter().filter(|entry| entry.versions.contains(*version));
                    wanted.extend(entries.map(|entry| format!("{place}/{}/null", entry.name)));
                    wanted.push(format!("{place}/unknown-key"));
                }
                for name in wanted {
                    assert!(names.contains(&name), "{name} is missing at {version}");
                }
            }
        }
    }
}

#[test]
fn every_value_is_tried_where_it_exists_and_where_not() {
    for version in Version::ALL {
        let names = names(*version);
        for structure in STRUCTURES {
            let carried = structure.versions.contains(*version) && !structure.from_server;
            let name = if carried { format!("values/{}/nested", structure.name) } else { format!("tags/parameters/{}", structure.name) };
            assert!(names.contains(&name), "{name} is missing at {version}");
        }
        for value in VALUES {
            let of = if value.packstream <= version.packstream() { "nested" } else { "lacking" };
            let name = format!("values/{}/{of}", value.name);
            assert!(names.contains(&name), "{name} is missing at {version}");
        }
    }
}
