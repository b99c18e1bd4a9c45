//! A report for a page.

use super::matrix::{LEGEND, Matrix};
use super::{Case, Finding, Review, Standing, origin, place};
use crate::conform::known::Outdated;

pub(super) fn write(review: &Review<'_>) -> String {
    let run = review.run;
    let server = run.server.as_deref().unwrap_or("a server that let nobody in");
    let versions = run.versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut out = format!("# Conformance of {server}\n\nBolt {versions} at `{}`: {}.\n\n", run.address, review.counts());
    matrix(&mut out, review);
    let findings = review.findings();
    section(&mut out, "Unexpectedly different", &findings, Standing::Unexpected);
    section(&mut out, "Different by choice", &findings, Standing::ByChoice);
    let not_run = review.not_run();
    if !not_run.is_empty() {
        out.push_str("\n## Not run\n");
        for (reason, without) in not_run {
            out.push_str(&format!("\n{}:\n\n", plain(reason)));
            cases(&mut out, &without);
        }
    }
    known(&mut out, &findings);
    if !review.outdated.is_empty() {
        out.push_str("\n## Outdated in the file of what is known\n\n");
        for (entry, state) in &review.outdated {
            let versions = entry.versions.map_or_else(String::new, |versions| format!(" ({versions})"));
            let says = match state {
                Outdated::NoLongerDiffers => "no longer differs: remove it",
                Outdated::NoSuchCase => "is no case: remove it, or look for its new name",
            };
            out.push_str(&format!("- `{}`{versions} {says}\n", entry.case.as_str()));
        }
    }
    out
}

fn matrix(out: &mut String, review: &Review<'_>) {
    let matrix = Matrix::new(review);
    out.push_str("| |");
    matrix.columns.iter().for_each(|versions| out.push_str(&format!(" {versions} |")));
    out.push_str(" passed | all |\n|---|");
    out.push_str(&"---|".repeat(matrix.columns.len() + 2));
    out.push('\n');
    for (area, marks, counts) in matrix.rows {
        let all = counts.passed + counts.unexpected + counts.by_choice + counts.known + counts.not_run;
        out.push_str(&format!("| {area} | {} | {} | {all} |\n", marks.join(" | "), counts.passed));
    }
    out.push_str(&format!("\n{LEGEND}\n"));
}

fn section(out: &mut String, title: &str, findings: &[Finding<'_>], standing: Standing<'_>) {
    let mut area = "";
    for (index, finding) in findings.iter().filter(|finding| finding.standing == standing).enumerate() {
        if index == 0 {
            out.push_str(&format!("\n## {title}\n"));
        }
        if area != finding.outcome.area {
            area = &finding.outcome.area;
            out.push_str(&format!("\n### {area}\n"));
        }
        entry(out, finding);
    }
}

fn entry(out: &mut String, finding: &Finding<'_>) {
    let deviation = finding.deviation;
    out.push_str(&format!("\n#### {}\n\n", plain(&finding.effect().what)));
    cases(out, &finding.cases);
    out.push_str(&format!("\n{}\n\n```text\n", plain(&finding.effect().consequence)));
    out.push_str(&format!("# {}, {}\n", finding.outcome.name, place(deviation.line, finding.outcome.version)));
    for sent in &deviation.sent {
        out.push_str(&format!("C: {}\n", sent.text));
        hex(out, &sent.hex);
    }
    let why = finding.outcome.why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
    out.push_str(&format!("# expected ({}{why})\n{}\n", origin(finding.outcome.source), deviation.expected));
    out.push_str(&format!("# came\nS: {}\n", deviation.got.text));
    hex(out, &deviation.got.hex);
    out.push_str("```\n");
}

fn hex(out: &mut String, hex: &str) {
    if !hex.is_empty() {
        out.push_str(&format!("#  {hex}\n"));
    }
}

fn cases(out: &mut String, cases: &[Case<'_>]) {
    for case in cases {
        out.push_str(&format!("- `{}` ({}): {}\n", case.name, case.versions, plain(case.title)));
    }
}

fn known(out: &mut String, findings: &[Finding<'_>]) {
    let known = findings.iter().filter_map(|finding| match finding.standing {
        Standing::Known(why) => Some((finding, why)),
        _ => None,
    });
    for (index, (finding, why)) in known.enumerate() {
        if index == 0 {
            out.push_str("\n## Known to differ\n");
        }
        out.push_str(&format!("\n{}. {}\n\n", plain(&finding.effect().what), plain(why)));
        cases(out, &finding.cases);
    }
}

/// Text in which nothing is markup.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '<' | '[' | ']' | '|' | '#') {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}
