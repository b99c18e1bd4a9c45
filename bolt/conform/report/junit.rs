//! A report for continuous integration: a suite for each version, a test case for each case.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{Judged, Review, Standing, origin, place};
use crate::conform::outcome::Verdict;

pub(super) fn write(review: &Review<'_>) -> Result<String, SerializeError> {
    let mut report = Report::new(format!("Bolt conformance of {}", review.run.server.as_deref().unwrap_or(&review.run.address)));
    for version in &review.run.versions {
        let mut suite = TestSuite::new(format!("Bolt {version}"));
        suite.add_test_cases(review.judged.iter().filter(|judged| judged.outcome.version == *version).map(case));
        report.add_test_suite(suite);
    }
    report.to_string()
}

fn case(judged: &Judged<'_>) -> TestCase {
    let outcome = judged.outcome;
    let skipped = |why: String| {
        let mut status = TestCaseStatus::skipped();
        status.set_message(why);
        status
    };
    let status = match (&outcome.verdict, judged.standing) {
        (Verdict::Deviated(deviation), Standing::Unexpected) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let mut description = place(deviation.line, outcome.version);
            for sent in &deviation.sent {
                description.push_str(&format!("\nsent      {}\n          {}", sent.text, sent.hex));
            }
            description.push_str(&format!("\nexpected  {}\nbecause   {}", deviation.expected, origin(outcome.source)));
            description.push_str(&format!("\ncame      {}\n          {}", deviation.got.text, deviation.got.hex));
            description.push_str(&format!("\ndrivers   {}", deviation.effect.consequence));
            status.set_message(deviation.effect.what.clone()).set_type(outcome.area.clone()).set_description(description);
            status
        }
        (Verdict::Deviated(deviation), Standing::Known(why)) => skipped(format!("known to differ: {} ({why})", deviation.effect.what)),
        (Verdict::Deviated(deviation), _) => skipped(format!("different by choice: {}", deviation.effect.what)),
        (Verdict::NotRun(reason), _) => skipped(format!("not run: {reason}")),
        (Verdict::Passed, _) => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(outcome.name.clone(), status);
    case.set_classname(outcome.area.clone());
    case
}
