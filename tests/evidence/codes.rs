//! Codes of failures, notifications and results.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use boltwright::conform::transcript::{Step, Times, Transcript};
use boltwright::generated::Version;
use boltwright::generated::conversations::CONVERSATIONS;
use serde::Deserialize;

use crate::{passed, reports};

/// What `spec/errors.yaml` says of where its codes come from.
#[derive(Deserialize)]
struct Codes {
    errors: Vec<Code>,
    notifications: Vec<Code>,
    statuses: Vec<Code>,
}

#[derive(Deserialize)]
struct Code {
    code: Option<String>,
    gql_status: String,
    source: Option<String>,
}

impl Code {
    /// Failures are told apart by their code; notifications, of which some share one, by their status, as results are.
    fn distinct(self, is_failure: bool) -> String {
        self.code.filter(|_| is_failure).unwrap_or(self.gql_status)
    }
}

/// The codes and statuses that a release sent in a conversation, where nothing else would have passed.
fn seen() -> BTreeSet<String> {
    let reports = reports();
    let mut seen = BTreeSet::new();
    for (name, text) in CONVERSATIONS {
        let conversation = Transcript::parse(text).unwrap();
        let name = format!("{}/{name}", conversation.area.name());
        for version in Version::ALL.iter().copied().filter(|version| reports.iter().any(|report| passed(report, &name, *version))) {
            for line in conversation.lines.iter().filter(|line| line.versions.is_none_or(|versions| versions.contains(version))) {
                // A `|` stands between alternatives, of which nobody knows which one it was.
                if matches!(line.step, Step::Answer(Times::Once, _)) && !line.text.contains('|') {
                    let words = line.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
                    seen.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
                }
            }
        }
    }
    seen
}

#[test]
fn every_code_that_is_neo4js_was_seen() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/errors.yaml");
    let Codes { errors, notifications, statuses } = serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let from_neo4j = |codes: Vec<Code>, is_failure| {
        codes.into_iter().filter(|code| code.source.as_deref() == Some("neo4j")).map(move |code| code.distinct(is_failure))
    };
    let claimed: Vec<_> = from_neo4j(errors, true).chain(from_neo4j(notifications, false)).chain(from_neo4j(statuses, false)).collect();
    assert!(!claimed.is_empty());
    let seen = seen();
    let unseen: Vec<_> = claimed.into_iter().filter(|code| !seen.contains(code)).collect();
    assert!(unseen.is_empty(), "these codes are said to be Neo4j's, and no report shows them:\n{}", unseen.join("\n"));
}
