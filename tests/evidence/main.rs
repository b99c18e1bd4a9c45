//! What the specification says of Neo4j was seen at Neo4j: the reports under `docs/conformance/` show it.
//!
//! They are made with `boltwright conform` against the releases themselves; `docs/conformance/README.md` says how.
#![allow(clippy::unwrap_used, reason = "what fails here is the test")]

mod codes;
mod differences;
mod known;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use boltwright::conform::case::Case;
use boltwright::conform::report::json::Report;
use boltwright::conform::transcript::{Source, versions};
use boltwright::generated::Version;
use boltwright::generated::reflection::STATES;

/// The releases that the specification is held against, the oldest first.
pub(crate) const RELEASES: [&str; 5] = ["3.5.30", "4.4.30", "5.26.0", "2025.10.1", "2026.08.1"];

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/conformance")
}

/// The report on each release.
pub(crate) fn reports() -> Vec<Report> {
    let read = |release: &str| {
        let path = folder().join(format!("neo4j-{release}.json"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let report: Report = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(report.server, Some(format!("Neo4j/{release}")), "{}", path.display());
        report
    };
    RELEASES.map(read).into()
}

/// The state that a connection is in while a RESET waits in the queue.
const INTERRUPTED: &str = "INTERRUPTED";

fn passed(report: &Report, case: &str, version: Version) -> bool {
    report.passed.get(case).is_some_and(|ranges| versions::parse(ranges).unwrap().contains(version))
}

#[test]
fn what_the_specification_says_of_neo4j_was_seen_there() {
    let reports = reports();
    let mut unseen = Vec::new();
    for version in Version::ALL.iter().copied() {
        for case in Case::all(version).unwrap() {
            let seen = reports.iter().any(|report| passed(report, &case.name, version));
            if case.transcript.source == Source::Neo4j && !seen {
                unseen.push(format!("{} at {version}", case.name));
            }
        }
    }
    assert!(unseen.is_empty(), "{} are said to be what Neo4j does, and no report shows it:\n{}", unseen.len(), unseen.join("\n"));
}

#[test]
fn every_row_of_the_state_table_that_is_neo4js_was_seen() {
    let reports = reports();
    let mut unseen = BTreeSet::new();
    for state in STATES {
        for row in state.rows.iter().filter(|row| row.source == Source::Neo4j) {
            for request in row.requests {
                // A state that only an interrupt in the queue brings about is none to wait in: one conversation passes through it,
                // and takes the answer of a server that was faster as well.
                let names = match state.name == INTERRUPTED {
                    true => ["reset/reset-jumps-every-queue"; 2].map(str::to_owned),
                    false => ["states", "pipelined"].map(|area| format!("{area}/{}/{request}", state.name)),
                };
                let cases = reports.iter().flat_map(|report| report.passed.keys());
                let seen = cases.into_iter().any(|case| names.iter().any(|name| case.starts_with(name.as_str())));
                if !seen {
                    unseen.insert(format!("{} in {}", request, state.name));
                }
            }
        }
    }
    assert!(unseen.is_empty(), "no report shows these rows:\n{unseen:?}");
}

#[test]
fn reports_hold_nothing_unexplained() {
    for report in reports() {
        let server = report.server.unwrap();
        let unexplained: Vec<_> = report.deviations.iter().filter(|deviation| deviation.standing == "unexpected").collect();
        assert!(unexplained.is_empty(), "{server}: {:?}", unexplained.iter().map(|deviation| &deviation.case).collect::<Vec<_>>());
        assert!(report.outdated.is_empty(), "{server}: {:?}", report.outdated);
        let of: Vec<_> = report.not_run.iter().map(|not_run| &not_run.reason).collect();
        assert!(of.is_empty(), "{server} has everything that the cases need, yet some were not run: {of:?}");
    }
}

#[test]
fn every_version_was_seen_at_a_release() {
    let seen: BTreeSet<String> = reports().into_iter().flat_map(|report| report.versions).collect();
    let all: BTreeSet<String> = Version::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(seen, all);
}
