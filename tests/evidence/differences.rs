//! The page that says what we do otherwise than Neo4j, made out of the reports: `UPDATE_DIFFERENCES=1` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use boltwright::conform::report::json::{Differing, Report};
use boltwright::conform::transcript::versions;
use boltwright::generated::Version;
use boltwright::wire::reflect::VersionSet;

use crate::{RELEASES, folder, reports};

const INTRODUCTION: &str = "\
# What we do otherwise than Neo4j, and why

Boltwright serves what the specification under `spec/` says, and the specification follows real servers: the newest release of Neo4j that
speaks a version is right about it. `boltwright conform` was run against five releases, which speak every version between them:

```console
$ boltwright conform bolt://HOST:PORT --user neo4j --known docs/conformance/known/neo4j-RELEASE.yaml \\
    --format json --output docs/conformance/neo4j-RELEASE.json
```

Everything in which a release differs from the specification is on this page, which is made out of
those reports (`UPDATE_DIFFERENCES=1 cargo verify --test evidence`); a test holds one against the other, and every row of the specification
that is marked `source: neo4j` against what the releases were seen to do. Our own server differs in nothing: that is a test as well.
";

#[test]
fn page_of_differences_is_what_the_reports_say() {
    let page = page(&reports());
    let path = folder().join("README.md");
    if std::env::var_os("UPDATE_DIFFERENCES").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/conformance/README.md is not what the reports say: run this test with UPDATE_DIFFERENCES=1 and commit it"
    );
}

fn page(reports: &[Report]) -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str("\n| Neo4j | versions | passed | differs by choice | known to differ | report |\n|---|---|---|---|---|---|\n");
    for (release, report) in RELEASES.iter().zip(reports) {
        let (counts, spoken) = (report.counts, ranges(report.versions.iter().map(|version| version.parse().unwrap()).collect()));
        let (passed, choice, known) = (counts.passed, counts.by_choice, counts.known);
        writeln!(page, "| {release} | {spoken} | {passed} | {choice} | {known} | [neo4j-{release}](neo4j-{release}.json) |").unwrap();
    }
    let all: Vec<_> =
        RELEASES.iter().zip(reports).flat_map(|(release, report)| report.deviations.iter().map(|one| (*release, one))).collect();

    page.push_str(
        "\n## Chosen here\n\nNeither the documentation nor Neo4j settles these, or what Neo4j does is an accident of its making.\n",
    );
    let chosen: Vec<_> = all.iter().copied().filter(|(_, one)| one.source == "decision").collect();
    table(&mut page, &chosen, |one| one.why.clone().unwrap_or_default());

    page.push_str("\n## As the documentation has it\n\nNeo4j does otherwise than its own documentation here, and no client is known to rely on that.\n");
    let documented: Vec<_> = all.iter().copied().filter(|(_, one)| one.source == "docs").collect();
    table(&mut page, &documented, reason);

    page.push_str("\n## As other releases have it\n\nReleases that speak the same version contradict each other here. We do what the newest of them does.\n");
    let older: Vec<_> = all.iter().copied().filter(|(_, one)| !matches!(one.source.as_str(), "decision" | "docs")).collect();
    table(&mut page, &older, reason);
    page
}

/// Why a deviation is accepted.
fn reason(one: &Differing) -> String {
    one.known.clone().or_else(|| one.why.clone()).unwrap_or_default()
}

/// What is grouped into one row.
#[derive(Default)]
struct Row<'r> {
    cases: BTreeSet<&'r str>,
    versions: Vec<VersionSet>,
    /// What each release was seen to do instead.
    seen: BTreeMap<usize, BTreeSet<&'r str>>,
}

fn table<'r>(page: &mut String, deviations: &[(&'r str, &'r Differing)], why: impl Fn(&Differing) -> String) {
    let mut rows: BTreeMap<(String, &str), Row<'r>> = BTreeMap::new();
    for (release, one) in deviations {
        let row = rows.entry((why(one), &one.area)).or_default();
        row.cases.insert(&one.case);
        row.versions.push(versions::parse(&one.versions).unwrap());
        row.seen.entry(RELEASES.iter().position(|other| other == release).unwrap()).or_default().insert(&one.effect.what);
    }
    page.push_str("\n| cases | versions | what Neo4j does | why we do otherwise |\n|---|---|---|---|\n");
    for ((why, _), row) in rows {
        let set = Version::ALL.iter().copied().filter(|version| row.versions.iter().any(|set| set.contains(*version))).collect();
        let seen: Vec<_> = row.seen.iter().map(|(release, what)| format!("{}: {}", RELEASES[*release], few(what))).collect();
        let (cases, versions, seen) = (few(&row.cases), ranges(set), seen.join("<br>"));
        writeln!(page, "| {cases} | {versions} | {} | {} |", escaped(&seen), escaped(&why)).unwrap();
    }
}

fn ranges(versions: Vec<Version>) -> String {
    versions.into_iter().collect::<VersionSet>().to_string()
}

/// The first of many; the reports have the others.
fn few(all: &BTreeSet<&str>) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<_> = all.iter().take(SHOWN).copied().collect();
    let more = if all.len() > SHOWN { format!(" and {} more", all.len() - SHOWN) } else { String::new() };
    shown.join(", ") + &more
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}
