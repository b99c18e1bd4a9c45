//! The matrix at the top of a report: areas and versions.

use super::{Counts, Review};
use crate::generated::Version;
use crate::wire::reflect::VersionSet;

/// How an area does in some versions.
pub(super) struct Matrix<'r> {
    /// The versions; those in which every area does the same are one column.
    pub(super) columns: Vec<VersionSet>,
    /// The areas: name, marks, and the counts over all versions.
    pub(super) rows: Vec<(&'r str, Vec<String>, Counts)>,
}

/// What the marks mean.
pub(super) const LEGEND: &str = "✓ as expected, ✗ unexpectedly different, ~ different by choice, k known to differ, – not run";

impl<'r> Matrix<'r> {
    pub(super) fn new(review: &Review<'r>) -> Self {
        let areas = review.areas();
        let marks = |version: Version| -> Vec<String> {
            let here = |area: &str| -> Counts {
                review.judged.iter().filter(|judged| judged.outcome.version == version && judged.outcome.area == area).collect()
            };
            areas.iter().map(|area| mark(here(area))).collect()
        };
        let mut columns: Vec<(VersionSet, Vec<String>)> = Vec::new();
        for version in &review.run.versions {
            let marks = marks(*version);
            match columns.last_mut() {
                Some((versions, same)) if *same == marks => *versions = versions.iter().chain([*version]).collect(),
                _ => columns.push(([*version].into_iter().collect(), marks)),
            }
        }
        let row = |(index, area): (usize, &&'r str)| {
            let marks = columns.iter().map(|(_, marks)| marks[index].clone()).collect();
            (*area, marks, review.judged.iter().filter(|judged| judged.outcome.area == **area).collect())
        };
        Self { rows: areas.iter().enumerate().map(row).collect(), columns: columns.into_iter().map(|(versions, _)| versions).collect() }
    }
}

/// All that is not as expected, the worst first, or one mark for what is.
fn mark(counts: Counts) -> String {
    let others = [(counts.unexpected, "✗"), (counts.by_choice, "~"), (counts.known, "k")];
    let marks: Vec<_> = others.into_iter().filter(|(count, _)| *count > 0).map(|(count, mark)| format!("{mark}{count}")).collect();
    match (marks.is_empty(), counts.passed, counts.not_run) {
        (false, ..) => marks.join(" "),
        (true, 0, 0) => String::new(),
        (true, 0, _) => "–".to_owned(),
        (true, ..) => "✓".to_owned(),
    }
}
