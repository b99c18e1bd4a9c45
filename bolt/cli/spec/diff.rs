//! `boltwright spec diff`: what changed from one version to another.

use std::io::{self, Write};

use boltwright::generated::Version;

use super::facts::{self, Item, Line};

/// What changed. `+` is new, `-` is gone, `~` has changed.
pub(super) fn versions(from: Version, to: Version, out: &mut impl Write) -> io::Result<()> {
    let mut any = false;
    for (before, after) in facts::of(from).into_iter().zip(facts::of(to)) {
        let mut lines = Vec::new();
        for (old, new) in pairs(&before.items, &after.items, |item| item.key) {
            item(old, new, &mut lines);
        }
        if !lines.is_empty() {
            any = true;
            writeln!(out, "{}", after.title.to_uppercase())?;
            for line in lines {
                writeln!(out, "{line}")?;
            }
            writeln!(out)?;
        }
    }
    if any { Ok(()) } else { writeln!(out, "Bolt {to} is Bolt {from}: nothing on the wire has changed.") }
}

fn item(old: Option<&Item>, new: Option<&Item>, lines: &mut Vec<String>) {
    match (old, new) {
        (None, Some(new)) => {
            let head = if new.head.is_empty() { String::new() } else { format!(" ({})", new.head) };
            lines.push(format!("  + {}{head}: {}", new.name, new.doc));
            lines.extend(new.lines.iter().map(|line| format!("      + {}", spelled(line))));
        }
        (Some(old), None) => lines.push(format!("  - {}", old.name)),
        (Some(old), Some(new)) => {
            let changed: Vec<_> = pairs(&old.lines, &new.lines, |line| &line.key).filter_map(|(old, new)| line(old, new)).collect();
            let renamed = old.name != new.name;
            if renamed || old.head != new.head || !changed.is_empty() {
                let was = if renamed { format!(", was {}", old.name) } else { String::new() };
                let head = if old.head == new.head { String::new() } else { format!(" ({}, was {})", new.head, old.head) };
                lines.push(format!("  ~ {}{was}{head}", new.name));
                lines.extend(changed);
            }
        }
        (None, None) => {}
    }
}

fn line(old: Option<&Line>, new: Option<&Line>) -> Option<String> {
    match (old, new) {
        (None, Some(new)) => Some(format!("      + {}", spelled(new))),
        (Some(old), None) => Some(format!("      - {}", old.key)),
        (Some(old), Some(new)) if old.text != new.text => Some(format!("      ~ {}: {}, was {}", new.key, new.text, old.text)),
        _ => None,
    }
}

fn spelled(line: &Line) -> String {
    let doc = if line.doc.is_empty() { String::new() } else { format!(". {}", line.doc) };
    format!("{}: {}{doc}", line.key, line.text)
}

/// What has the same key in both: those of the older first, then what the newer has beyond them.
fn pairs<'a, T, K: PartialEq + ?Sized>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&T) -> &K + Copy + 'a,
) -> impl Iterator<Item = (Option<&'a T>, Option<&'a T>)> {
    let both = old.iter().map(move |item| (Some(item), new.iter().find(|other| key(other) == key(item))));
    let added = new.iter().filter(move |item| !old.iter().any(|other| key(other) == key(item))).map(|item| (None, Some(item)));
    both.chain(added)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(from: Version, to: Version) -> String {
        let mut out = Vec::new();
        versions(from, to, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn versions_that_are_the_same_differ_in_nothing() {
        assert_eq!(diff(Version::V4_1, Version::V4_2), "Bolt 4.2 is Bolt 4.1: nothing on the wire has changed.\n");
    }

    #[test]
    fn what_a_version_brought_is_new() {
        let text = diff(Version::V5_0, Version::V5_1);
        assert!(
            text.contains("  + LOGON (6A") && text.contains("  + AUTHENTICATION") && text.contains("NEGOTIATION, was CONNECTED"),
            "{text}"
        );
        let text = diff(Version::V4_4, Version::V5_0);
        assert!(text.contains("  ~ Node\n      + element_id: String"), "{text}");
    }
}
