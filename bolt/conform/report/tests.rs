use super::fixtures::{deviated, passed, run};
use super::*;

const KNOWN: &str = "- { case: \"states/READY/B*\", versions: 4.2-4.3, why: \"Fixed in the next release.\" }\n\
                     - { case: \"handshake/*\", why: \"It was so once.\" }\n\
                     - { case: \"nowhere/*\", why: \"Nobody knows.\" }\n";

fn written(format: Format, strict: bool) -> String {
    let (run, known) = (run(), Known::parse(KNOWN).unwrap());
    format.write(&Review::new(&run, &known, Rules { strict, whole: true })).unwrap()
}

#[test]
fn a_terminal_shows_the_matrix_then_what_differs() {
    insta::assert_snapshot!(written(Format::Text, false));
}

#[test]
fn a_page_shows_the_matrix_then_what_differs() {
    insta::assert_snapshot!(written(Format::Markdown, false));
}

#[test]
fn programs_get_all_of_it() {
    insta::assert_snapshot!(written(Format::Json, false));
}

#[test]
fn continuous_integration_gets_a_suite_for_each_version() {
    insta::assert_snapshot!(written(Format::Junit, false));
}

#[test]
fn what_is_written_as_json_can_be_read() {
    let report: json::Report = serde_json::from_str(&written(Format::Json, false)).unwrap();
    assert_eq!(report.passed["states/READY/RUN"], "5.0, 6.1");
    assert_eq!(report.deviations.len(), 5);
    assert_eq!(serde_json::to_string_pretty(&report).unwrap() + "\n", written(Format::Json, false));
}

#[test]
fn only_what_is_unexpected_does_not_conform() {
    let versions = [Version::V5_0];
    let source = |source: Source, strict: bool, known: &str| {
        let outcomes = vec![Outcome { source, ..deviated("a/b", Version::V5_0, "x") }, passed("a/c", Version::V5_0)];
        let run = Run { outcomes, versions: versions.to_vec(), ..run() };
        let known = Known::parse(known).unwrap();
        let review = Review::new(&run, &known, Rules { strict, whole: true });
        (review.conforms(), review.counts())
    };
    let one = Counts { passed: 1, ..Counts::default() };
    let known = "- { case: \"a/*\", why: \"x\" }";
    assert_eq!(source(Source::Docs, false, ""), (false, Counts { unexpected: 1, ..one }));
    assert_eq!(source(Source::Neo4j, false, ""), (false, Counts { unexpected: 1, ..one }));
    assert_eq!(source(Source::Decision, false, ""), (true, Counts { by_choice: 1, ..one }));
    assert_eq!(source(Source::Decision, true, ""), (false, Counts { unexpected: 1, ..one }));
    assert_eq!(source(Source::Decision, true, known), (true, Counts { known: 1, ..one }));
    assert_eq!(source(Source::Neo4j, false, known), (true, Counts { known: 1, ..one }));
}

#[test]
fn the_same_fault_in_many_versions_and_cases_is_one_finding_and_the_worst_come_first() {
    let versions = Version::ALL;
    let mut outcomes = Vec::new();
    for case in 0..20 {
        outcomes.extend(versions.iter().map(|version| deviated(&format!("a/{case}"), *version, "closed instead of SUCCESS")));
    }
    outcomes.push(deviated("a/rows", Version::V5_0, "SUCCESS without \"has_more\""));
    let run = Run { outcomes, versions: versions.to_vec(), ..run() };
    let known = Known::default();
    let review = Review::new(&run, &known, Rules::default());
    let findings: Vec<_> = review.findings().iter().map(|finding| (finding.deviation.effect.what.clone(), finding.count())).collect();
    assert_eq!(findings, [("SUCCESS without \"has_more\"".to_owned(), 1), ("closed instead of SUCCESS".to_owned(), 20 * versions.len())]);
    let text = Format::Text.write(&review).unwrap();
    assert!(text.lines().count() < 60, "{text}");
    assert!(text.contains("and 12 more"), "{text}");
}
