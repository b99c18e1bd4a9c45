use super::*;
use crate::conform::report::Rules;
use crate::conform::report::fixtures::{deviated, outcome, passed, run};
use crate::generated::Version;

#[test]
fn an_entry_takes_names_with_stars_and_versions_as_the_specification_writes_them() {
    let known = Known::parse(
        "- { case: \"states/READY/RUN\", versions: 4.0-4.4, why: \"a\" }\n\
         - { case: \"states/*/RESET\", why: \"b\" }\n\
         - { case: \"fields/*\", versions: 5.0+, why: \"c\" }\n\
         - { case: \"values/Uuid\", versions: 4.0, why: \"d\" }\n",
    )
    .unwrap();
    let why = |case, version| known.entry(case, version).map(|entry| entry.why.as_str());
    assert_eq!(why("states/READY/RUN", Version::V4_4), Some("a"));
    assert_eq!(why("states/READY/RUN", Version::V5_0), None);
    assert_eq!(why("states/READY/RUN2", Version::V4_4), None);
    assert_eq!(why("states/TX_READY/RESET", Version::V1), Some("b"));
    assert_eq!(why("fields/RUN/query/missing", Version::V6_1), Some("c"));
    assert_eq!(why("fields/RUN/query/missing", Version::V4_4), None);
    assert_eq!(why("values/Uuid", Version::V4_0), Some("d"));
}

#[test]
fn a_mistake_in_the_file_is_told_with_its_place_and_what_is_expected() {
    for (text, says) in [
        ("- { case: \"a/b\", versions: 5.5, why: \"x\" }", "expected versions such as 4.4, 4.0-4.4, 5.1+ or 3,5.0+, got '5.5' at line 1"),
        ("- { case: \"a/b\", why: \"x\" }\n- { case: \"a/c\", why: \" \" }", "'why' is empty"),
        ("- { case: \"a/b\" }", "missing field `why`"),
        ("- { case: \"\", why: \"x\" }", "'case' is empty"),
        ("- { name: \"a/b\", why: \"x\" }", "unknown field `name`"),
        ("case: a/b", "expected a sequence"),
    ] {
        let error = Known::parse(text).unwrap_err().to_string();
        assert!(error.contains(says) && error.contains("it takes a list"), "{text}: {error}");
    }
}

#[test]
fn a_file_without_entries_is_a_file() {
    assert_eq!(Known::parse("").unwrap(), Known::default());
    assert_eq!(Known::parse("# all is well\n").unwrap(), Known::default());
    assert_eq!(Known::parse(&Known::default().to_yaml().unwrap()).unwrap(), Known::default());
}

#[test]
fn what_is_written_accepts_all_that_differed_and_nothing_else() {
    let run = run();
    let known = Known::default();
    let review = Review::new(&run, &known, Rules { strict: true, whole: true });
    assert!(!review.conforms());
    let written = Known::of(&review).to_yaml().unwrap();
    let read = Known::parse(&written).unwrap();
    let again = Review::new(&run, &read, Rules { strict: true, whole: true });
    assert!(again.conforms() && again.outdated.is_empty());
    assert_eq!(again.counts().passed, review.counts().passed);
    assert_eq!(again.counts().known, review.counts().unexpected);
    insta::assert_snapshot!(written);
}

#[test]
fn what_is_written_keeps_the_reasons_that_stand_there_and_drops_what_no_longer_differs() {
    let mut run = run();
    run.outcomes.retain(|outcome| outcome.area == "states");
    let old = "- { case: \"states/READY/RUN\", why: \"We say why.\" }\n- { case: \"states/READY/RESET\", why: \"Gone by now.\" }\n";
    let known = Known::parse(old).unwrap();
    let written = Known::of(&Review::new(&run, &known, Rules::default()));
    assert_eq!(written.entries[0].why, "We say why.");
    assert!(written.entries.iter().all(|entry| entry.case.as_str() != "states/READY/RESET"));
}

#[test]
fn an_entry_goes_when_its_cases_pass_but_not_when_they_were_not_played() {
    let mut run = run();
    run.outcomes = vec![passed("a/passes", Version::V5_0), deviated("a/differs", Version::V5_0, "closed instead of SUCCESS")];
    run.outcomes.push(outcome("a/waits", Version::V5_0, Verdict::NotRun("it needs another server".to_owned())));
    let entries =
        ["a/passes", "a/differs", "a/waits", "a/*", "b/none"].map(|case| format!("- {{ case: \"{case}\", why: \"x\" }}\n")).concat();
    let known = Known::parse(&entries).unwrap();
    let names = |whole| known.outdated(&run, whole).into_iter().map(|(entry, state)| (entry.case.as_str(), state)).collect::<Vec<_>>();
    assert_eq!(names(true), [("a/passes", Outdated::NoLongerDiffers), ("b/none", Outdated::NoSuchCase)]);
    assert_eq!(names(false), [("a/passes", Outdated::NoLongerDiffers)]);
}

#[test]
fn an_entry_for_versions_that_the_server_lacks_is_not_outdated() {
    let mut run = run();
    run.versions = vec![Version::V5_0];
    run.outcomes = vec![passed("a/b", Version::V5_0)];
    let known = Known::parse("- { case: \"a/b\", versions: 4.4, why: \"x\" }").unwrap();
    assert_eq!(known.outdated(&run, true), []);
}
