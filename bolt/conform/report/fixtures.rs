//! A made-up run.

use crate::conform::outcome::{Deviation, Effect, Exchange, Outcome, Run, Severity, Verdict};
use crate::conform::transcript::Source;
use crate::generated::Version;

pub(crate) fn outcome(name: &str, version: Version, verdict: Verdict) -> Outcome {
    let area = name.split('/').next().unwrap().to_owned();
    Outcome { name: name.to_owned(), area, title: format!("What {name} shows"), version, source: Source::Neo4j, why: None, verdict }
}

pub(crate) fn passed(name: &str, version: Version) -> Outcome {
    outcome(name, version, Verdict::Passed)
}

pub(crate) fn deviated(name: &str, version: Version, what: &str) -> Outcome {
    let exchange = |text: &str, hex: &str| Exchange { text: text.to_owned(), hex: hex.to_owned() };
    let effect = Effect {
        what: what.to_owned(),
        consequence: "The driver gives the connection up: ServiceUnavailable, or SessionExpired under neo4j://.".to_owned(),
        severity: if what.contains("without") { Severity::WrongResult } else { Severity::Broken },
    };
    let sent =
        vec![exchange("RUN \"RETURN 1 AS n\" {} {}", "B3108E52455455524E2031204153206EA0A0"), exchange("PULL {\"n\": -1}", "B13FA1816EFF")];
    let got =
        exchange(&format!("FAILURE {{\"code\": \"Neo.DatabaseError.General.UnknownError\", \"message\": \"at {version}\"}}"), "B17FA0");
    outcome(
        name,
        version,
        Verdict::Deviated(Deviation { line: 7, sent, expected: "SUCCESS {\"fields\": [\"n\"], ..}".to_owned(), got, effect }),
    )
}

/// Each standing, in several versions.
pub(crate) fn run() -> Run {
    let versions = [Version::V4_2, Version::V4_3, Version::V4_4, Version::V5_0, Version::V6_1];
    let mut outcomes = Vec::new();
    for version in versions {
        outcomes.push(passed("handshake/one-version", version));
    }
    for case in ["states/READY/BEGIN", "states/READY/RUN"] {
        for version in versions {
            let differs = version < Version::V5_0;
            outcomes.push(if differs { deviated(case, version, "closed instead of SUCCESS") } else { passed(case, version) });
        }
    }
    for version in versions {
        outcomes.push(passed("states/READY/RESET", version));
        outcomes.push(deviated("states/TX_READY/PULL", version, "SUCCESS without \"has_more\""));
    }
    for version in versions {
        let choice = deviated("states/TX_READY/RUN", version, "nothing came instead of FAILURE");
        let why = Some("Neo4j closes without a word, which tells nobody what was wrong.".to_owned());
        outcomes.push(Outcome { source: Source::Decision, why, ..choice });
    }
    for version in versions {
        outcomes.push(outcome(
            "values/Uuid",
            version,
            Verdict::NotRun("it needs the query 'echo', which is null in the profile".to_owned()),
        ));
    }
    Run { address: "bolt://127.0.0.1:7687".to_owned(), server: Some("Example/1.2".to_owned()), versions: versions.to_vec(), outcomes }
}
