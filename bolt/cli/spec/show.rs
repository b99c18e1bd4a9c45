//! `boltwright spec show`: all versions in a table, or all there is in one.

use std::io::{self, Write};

use boltwright::generated::Version;
use boltwright::generated::reflection::{RELEASES, RESERVED, VERSIONS};

use super::facts;
use boltwright::conform::report::table::Table;

/// What all versions brought.
pub(super) fn versions(out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::default();
    table.row(["Bolt", "Neo4j", "What it brought"]);
    for info in VERSIONS {
        let first = RELEASES.iter().find(|release| release.versions.contains(info.version));
        let neo4j = first.map_or("", |release| release.neo4j.split('-').next().unwrap_or_default());
        table.row([info.version.number(), neo4j, info.doc]);
    }
    for (number, reason) in RESERVED {
        table.row([number, "", reason]);
    }
    table.write(out, "")?;
    writeln!(out, "\nNeo4j is the first release that speaks it. 'boltwright spec show --bolt V' shows a version.")
}

/// All there is in a version.
pub(super) fn version(version: Version, out: &mut impl Write) -> io::Result<()> {
    let doc = VERSIONS.iter().find(|info| info.version == version).map_or("", |info| info.doc);
    writeln!(out, "Bolt {version}: {doc}")?;
    for section in facts::of(version) {
        writeln!(out, "\n{}\n", section.title.to_uppercase())?;
        for item in &section.items {
            let head = if item.head.is_empty() { String::new() } else { format!(" ({})", item.head) };
            writeln!(out, "  {}{head}: {}", item.name, item.doc)?;
            let mut table = Table::default();
            for line in &item.lines {
                table.row([line.key.as_str(), line.text.as_str(), line.doc]);
            }
            table.write(out, "      ")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(show: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        show(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_version_is_in_the_table() {
        let text = text(versions);
        for version in Version::ALL {
            assert!(text.lines().any(|line| line.starts_with(&format!("{version} "))), "{version}");
        }
    }

    #[test]
    fn every_version_has_requests_and_states_under_its_own_names() {
        for &version in Version::ALL {
            let text = text(|out| super::version(version, out));
            let request = if version < Version::V4_0 { "PULL_ALL (3F" } else { "PULL (3F" };
            assert!(text.contains(request), "{version}");
            assert!(text.contains("  STREAMING: "), "{version}");
        }
    }
}
