//! The matrix as text: for a terminal, and for the pages of the project.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::Error;
use crate::judge::{self, Mark};
use crate::plan::{Language, Plan, Release};
use crate::record::{Outcome, Records};
use crate::run::Run;

/// The matrix of a run, and what was not as expected.
#[must_use]
pub fn print(runs: &[Run]) -> String {
    let mut text = String::new();
    for run in runs {
        for cell in run.cells.iter().filter(|cell| cell.mark == Mark::Failed) {
            let _ = writeln!(text, "{} {}\n{}\n", run.release, cell.scenario, cell.note);
        }
    }
    let width = runs.iter().map(|run| run.release.to_string().len()).max().unwrap_or_default();
    for run in runs {
        let signs: String = run.cells.iter().map(|cell| cell.mark.sign()).collect();
        let _ = writeln!(text, "{:width$} {signs}", run.release.to_string());
    }
    let marks = runs.iter().flat_map(|run| &run.cells).map(|cell| cell.mark);
    let _ = writeln!(text, "\n{}", counted(marks));
    text
}

/// How often each mark was given.
fn counted(marks: impl Iterator<Item = Mark>) -> String {
    let mut counts = HashMap::new();
    for mark in marks {
        *counts.entry(mark).or_insert(0) += 1;
    }
    let part = |mark: Mark| counts.get(&mark).map(|count| format!("{count} {}", mark.sign()));
    let legend = Mark::ALL.iter().filter(|mark| counts.contains_key(mark)).map(|mark| format!("{} {}", mark.sign(), mark.meaning()));
    format!("{}\n{}", Mark::ALL.into_iter().filter_map(part).collect::<Vec<_>>().join("  "), legend.collect::<Vec<_>>().join("\n"))
}

/// The short table of the README.
#[must_use]
pub fn summary_table(plan: &Plan, records: &Records) -> String {
    let mut text = String::from(
        "| Driver | Releases | Bolt | As on Neo4j | Release lacks it | Fails on Neo4j too | Known differences |\n|---|---|---|---|---|---|---|\n",
    );
    for language in Language::ALL {
        let releases = of(plan, language);
        let (Some(first), Some(last)) = (releases.first(), releases.last()) else { continue };
        let marks: Vec<_> = marks(plan, records, &releases).collect();
        let count = |wanted: &[Mark]| marks.iter().filter(|mark| wanted.contains(mark)).count();
        let bolt: BTreeMap<_, _> = releases.iter().map(|release| (release.bolt_parts(), release.bolt.as_str())).collect();
        let _ = writeln!(
            text,
            "| {} | {} from {} to {} | {} | {} | {} | {} | {} |",
            language.name(),
            releases.len(),
            first.version,
            last.version.split('+').next().unwrap_or_default(),
            bolt.into_values().collect::<Vec<_>>().join(", "),
            count(&[Mark::Same, Mark::Echo]),
            count(&[Mark::Absent]),
            count(&[Mark::FailsThereToo]),
            count(&[Mark::Embedded, Mark::Newer, Mark::Failed])
        );
    }
    text
}

fn of(plan: &Plan, language: Language) -> Vec<&Release> {
    plan.releases.iter().filter(|release| release.language == language).collect()
}

fn marks<'a>(plan: &'a Plan, records: &'a Records, releases: &'a [&Release]) -> impl Iterator<Item = Mark> + 'a {
    let cell = move |release: &'a Release| plan.scenarios.iter().filter_map(move |s| judge::recorded(plan, records, release, s));
    releases.iter().flat_map(move |release| cell(release))
}

/// Writes `docs/drivers.md`, and the table of the README between its two marks.
pub fn write_pages(root: &Path, plan: &Plan, records: &Records) -> Result<(), Error> {
    let docs = root.join("docs/drivers.md");
    fs::write(&docs, page(plan, records)).map_err(Error::file(&docs))?;
    let readme = root.join("README.md");
    let text = fs::read_to_string(&readme).map_err(Error::file(&readme))?;
    let text = with_table(&text, &summary_table(plan, records)).ok_or_else(|| Error::text(&readme)(&format!("no {BEGIN} and {END}")))?;
    fs::write(&readme, text).map_err(Error::file(&readme))
}

const BEGIN: &str = "<!-- drivers -->\n";
const END: &str = "<!-- /drivers -->";

/// The README with this table in its place.
#[must_use]
pub fn with_table(readme: &str, table: &str) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{table}{END}{after}"))
}

/// The page `docs/drivers.md`.
#[must_use]
pub fn page(plan: &Plan, records: &Records) -> String {
    let mut text = String::from(HEAD);
    for mark in Mark::ALL.into_iter().filter(|mark| *mark != Mark::Failed) {
        let _ = writeln!(text, "| {} | {} |", mark.sign(), mark.meaning());
    }
    let _ = write!(text, "\n{}", summary_table(plan, records));
    for language in Language::ALL {
        let releases = of(plan, language);
        if !releases.is_empty() {
            language_part(&mut text, plan, records, language, &releases);
        }
    }
    reasons_part(&mut text, plan, records);
    text
}

fn language_part(text: &mut String, plan: &Plan, records: &Records, language: Language, releases: &[&Release]) {
    let _ = writeln!(text, "\n## {}\n", language.name());
    let row = |text: &mut String, head: &str, cells: &mut dyn Iterator<Item = String>| {
        let _ = writeln!(text, "| {head} | {} |", cells.collect::<Vec<_>>().join(" | "));
    };
    row(text, "", &mut releases.iter().map(|release| release.label()));
    row(text, "---", &mut releases.iter().map(|_| ":-:".to_owned()));
    row(text, "Bolt", &mut releases.iter().map(|release| release.bolt.clone()));
    row(text, "recorded on Neo4j", &mut releases.iter().map(|release| release.neo4j.clone()));
    for scenario in &plan.scenarios {
        let sign = |release: &&Release| judge::recorded(plan, records, release, scenario).map_or("", Mark::sign).to_owned();
        row(text, &format!("{} <br> `{}`", scenario.title, scenario.id), &mut releases.iter().map(sign));
    }
    for release in releases {
        if let Some(note) = &release.note {
            let _ = write!(text, "\n{}: {note}\n", release.label());
        }
    }
    for left_out in plan.left_out.iter().filter(|left_out| left_out.language == language) {
        let _ = write!(text, "\n{} is left out: {}\n", left_out.version, left_out.reason);
    }
}

fn reasons_part(text: &mut String, plan: &Plan, records: &Records) {
    text.push_str("\n## Reasons\n");
    for reason in &plan.reasons {
        let _ = write!(
            text,
            "\n**{}.** {} Scenarios: `{}`. Releases: {}.\n",
            reason.id,
            reason.why,
            reason.scenarios.join("`, `"),
            reason.releases.join(", ")
        );
    }
    text.push_str("\n## What releases lack\n\n| | |\n|---|---|\n");
    for language in Language::ALL {
        for scenario in &plan.scenarios {
            let mut lacking: Vec<(String, Vec<String>)> = Vec::new();
            for release in of(plan, language) {
                let Some(Outcome::Absent(why)) = records.cell(release, &scenario.id).map(|recorded| &recorded.neo4j) else { continue };
                match lacking.iter_mut().find(|(other, _)| other == why) {
                    Some((_, releases)) => releases.push(release.label()),
                    None => lacking.push((why.clone(), vec![release.label()])),
                }
            }
            for (why, releases) in lacking {
                let through = match releases.as_slice() {
                    [one] => one.clone(),
                    [first, .., last] => format!("{first} … {last}"),
                    [] => continue,
                };
                let _ = writeln!(text, "| {} {through}: `{}` | {why} |", language.name(), scenario.id);
            }
        }
    }
}

const HEAD: &str = "\
# Official drivers

<!-- Written by `cargo drivers --render`; edit drivers/src/report.rs and tests/drivers/*.yaml instead. -->

Each release below has done each scenario against the real binary, and what its user saw was compared with what users of the same
release saw on a real Neo4j: values with their types, exceptions with class and code, parts of summaries. `cargo drivers` does it
again; `cargo drivers --against HOST:PORT` does it with any other Bolt server. How is in
[tests/drivers/README.md](../tests/drivers/README.md). Encryption is switched off for 1.x releases, which would ask for TLS by default.

| | |
|---|---|
";
