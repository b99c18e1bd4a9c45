//! A report for a terminal.

use textwrap::{Options, fill};

use super::matrix::{LEGEND, Matrix};
use super::table::Table;
use super::{Case, Finding, Review, Standing, origin, place};
use crate::conform::known::Outdated;
use crate::conform::outcome::Exchange;

/// How wide lines are.
const WIDTH: usize = 100;

/// How much of the bytes is shown, in digits and blanks.
const HEX: usize = 2 * 84;

/// From how many cases on a list of them is cut.
const MANY: usize = 8;

pub(super) fn write(review: &Review<'_>) -> String {
    let mut out = head(review);
    let findings = review.findings();
    let (unexpected, others): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.standing == Standing::Unexpected);
    let choices: Vec<_> = others.iter().copied().filter(|finding| finding.standing == Standing::ByChoice).collect();
    section(&mut out, "Unexpectedly different", &unexpected);
    section(&mut out, "Different by choice of this specification, which counts with --strict only", &choices);
    not_run(&mut out, review);
    known(&mut out, &others);
    outdated(&mut out, review);
    out.push_str(&format!("\n{}: {}\n", if review.conforms() { "Conforms" } else { "Does not conform" }, review.counts()));
    out
}

fn head(review: &Review<'_>) -> String {
    let run = review.run;
    let server = run.server.as_deref().unwrap_or("a server that let nobody in");
    let versions = run.versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut out = format!("{server} at {}\nBolt {}\n\n", run.address, if versions.is_empty() { "in no version" } else { &versions });
    let matrix = Matrix::new(review);
    let mut table = Table::default();
    let columns = matrix.columns.iter().map(ToString::to_string);
    table.row(["".to_owned()].into_iter().chain(columns).chain(["passed", "all"].map(str::to_owned)));
    for (area, marks, counts) in matrix.rows {
        let all = counts.passed + counts.unexpected + counts.by_choice + counts.known + counts.not_run;
        table.row([area.to_owned()].into_iter().chain(marks).chain([counts.passed.to_string(), all.to_string()]));
    }
    out.push_str(&table.to_text(""));
    out.push_str(&format!("\n{LEGEND}\n"));
    out
}

fn heading(out: &mut String, text: &str, underline: &str) {
    out.push_str(&format!("\n{text}\n{}\n", underline.repeat(text.chars().count())));
}

fn section(out: &mut String, title: &str, findings: &[&Finding<'_>]) {
    let Some(first) = findings.first() else { return };
    heading(out, title, "=");
    let mut area = "";
    for finding in findings {
        if area != finding.outcome.area || std::ptr::eq(*finding, *first) {
            area = &finding.outcome.area;
            heading(out, area, "-");
        }
        entry(out, finding);
    }
}

/// One finding: what it is, where, one example of it, and what it does.
fn entry(out: &mut String, finding: &Finding<'_>) {
    let mark = if finding.standing == Standing::Unexpected { "✗" } else { "~" };
    out.push_str(&format!("\n{}\n", wrapped(&finding.effect().what, &format!("{mark} "), "  ")));
    cases(out, &finding.cases);
    let deviation = finding.deviation;
    line(out, "example", &format!("{}, {}", finding.outcome.name, place(deviation.line, finding.outcome.version)));
    for (index, sent) in deviation.sent.iter().enumerate() {
        line(out, if index == 0 { "sent" } else { "" }, &sent.text);
        hex(out, sent);
    }
    line(out, "expected", &deviation.expected);
    line(out, "because", origin(finding.outcome.source));
    if let Some(why) = &finding.outcome.why {
        line(out, "", why);
    }
    line(out, "came", &deviation.got.text);
    hex(out, &deviation.got);
    line(out, "drivers", &finding.effect().consequence);
}

/// The bytes, as far as two lines hold them: JSON has more.
fn hex(out: &mut String, exchange: &Exchange) {
    let hex = &exchange.hex;
    if exchange.text.ends_with(hex.as_str()) {
        return;
    }
    match hex.char_indices().nth(HEX) {
        Some((end, _)) => line(out, "", &format!("{}…", hex[..end].trim_end())),
        None => line(out, "", hex),
    }
}

fn line(out: &mut String, label: &str, text: &str) {
    for (index, text) in text.lines().enumerate() {
        let label = if index == 0 { label } else { "" };
        out.push_str(&wrapped(text, &format!("    {label:9} "), &" ".repeat(14)));
        out.push('\n');
    }
}

fn wrapped(text: &str, first: &str, others: &str) -> String {
    fill(text, Options::new(WIDTH).initial_indent(first).subsequent_indent(others))
}

fn cases(out: &mut String, cases: &[Case<'_>]) {
    for case in cases.iter().take(if cases.len() == MANY + 1 { MANY + 1 } else { MANY }) {
        out.push_str(&wrapped(&format!("{} ({}): {}", case.name, case.versions, case.title), "    ", "      "));
        out.push('\n');
    }
    if cases.len() > MANY + 1 {
        out.push_str(&format!("    and {} more, which --format json lists\n", cases.len() - MANY));
    }
}

fn not_run(out: &mut String, review: &Review<'_>) {
    let reasons = review.not_run();
    if reasons.is_empty() {
        return;
    }
    heading(out, "Not run", "=");
    for (reason, without) in reasons {
        out.push_str(&format!("\n{}\n", wrapped(reason, "– ", "  ")));
        cases(out, &without);
    }
}

fn known(out: &mut String, findings: &[&Finding<'_>]) {
    let known = findings.iter().filter_map(|finding| match finding.standing {
        Standing::Known(why) => Some((finding, why)),
        _ => None,
    });
    for (index, (finding, why)) in known.enumerate() {
        if index == 0 {
            heading(out, "Known to differ", "=");
        }
        out.push_str(&format!("\n{}\n", wrapped(&finding.effect().what, "k ", "  ")));
        cases(out, &finding.cases);
        line(out, "why", why);
    }
}

fn outdated(out: &mut String, review: &Review<'_>) {
    if review.outdated.is_empty() {
        return;
    }
    heading(out, "Outdated in the file of what is known", "=");
    out.push('\n');
    for (entry, state) in &review.outdated {
        let versions = entry.versions.map_or_else(String::new, |versions| format!(" ({versions})"));
        let says = match state {
            Outdated::NoLongerDiffers => "no longer differs: remove it",
            Outdated::NoSuchCase => "is no case: remove it, or look for its new name with --list",
        };
        out.push_str(&format!("{}{versions} {says}\n", entry.case.as_str()));
    }
}
