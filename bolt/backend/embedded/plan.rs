//! Plans and profiles in the shape that drivers read.

use std::borrow::Cow;

use grafeo_engine::database::OperatorProfile;

use crate::generated::{Plan, Value};
use crate::wire::packstream::Dictionary;

/// The plan that the engine's EXPLAIN gives as text, an operator a line, each indented under the one it serves.
pub(super) fn explained(text: &str) -> Option<Plan<'static>> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(|line| {
        let trimmed = line.trim_start();
        (line.len() - trimmed.len(), trimmed)
    });
    let mut lines = lines.by_ref().collect::<Vec<_>>().into_iter().peekable();
    let (indent, first) = lines.next()?;
    let mut root = operator_of_line(first);
    attach(&mut root, indent, &mut lines);
    root.args.insert("planner", "GRAFEO");
    root.args.insert("runtime", "GRAFEO");
    root.args.insert("version", "5");
    Some(root)
}

/// Attaches the lines that are indented deeper.
fn attach<'t>(parent: &mut Plan<'static>, indent: usize, lines: &mut std::iter::Peekable<impl Iterator<Item = (usize, &'t str)>>) {
    while let Some((deeper, line)) = lines.next_if(|(deeper, _)| *deeper > indent) {
        let mut child = operator_of_line(line);
        attach(&mut child, deeper, lines);
        parent.children.push(child);
    }
}

/// `Filter (n.id Eq 1) [label-first]`
fn operator_of_line(line: &str) -> Plan<'static> {
    let end = line.find([' ', '(']).unwrap_or(line.len());
    let (name, details) = line.split_at(end);
    operator(name, details.trim())
}

/// How the engine has run a statement.
pub(super) fn profiled(profile: &OperatorProfile) -> Plan<'static> {
    let mut plan = operator(&profile.operator, &profile.detail);
    plan.rows = i64::try_from(profile.rows).ok();
    // The engine does not count these.
    plan.db_hits = Some(0);
    plan.page_cache_hits = Some(0);
    plan.page_cache_misses = Some(0);
    plan.page_cache_hit_ratio = Some(0.0);
    #[allow(clippy::cast_possible_truncation, reason = "as many nanoseconds as fit")]
    let nanoseconds = (profile.self_time_ms * 1_000_000.0) as i64;
    plan.time = Some(nanoseconds);
    plan.children = profile.children.iter().map(profiled).collect();
    plan
}

fn operator(name: &str, details: &str) -> Plan<'static> {
    let mut args = Dictionary::default();
    if !details.is_empty() {
        args.insert("Details", Value::from(details.to_owned()));
    }
    Plan { operator_type: Cow::Owned(format!("{name}@grafeo")), identifiers: identifiers(details), args, ..Plan::default() }
}

/// The variables that the details name: words that stand alone.
fn identifiers(details: &str) -> Vec<Cow<'static, str>> {
    let inner = details.trim_start_matches('(');
    let end = inner.find([')', ':', '.', ' ']).unwrap_or(inner.len());
    let name = &inner[..end];
    let is_name = name.starts_with(|first: char| first.is_alphabetic())
        && name.chars().all(|character| character.is_alphanumeric() || character == '_');
    if is_name { vec![Cow::Owned(name.to_owned())] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indented_lines_become_a_tree() {
        let plan =
            explained("Return (n)\n  Join\n    Filter (n.id Eq 1) [label-first]\n      NodeScan (n:P)\n    NodeScan (m:Q)\n").unwrap();
        assert_eq!(plan.operator_type, "Return@grafeo");
        assert_eq!(plan.identifiers, ["n"]);
        let join = &plan.children[0];
        assert_eq!(join.children.len(), 2);
        assert_eq!(join.children[0].args.get("Details"), Some(&Value::from("(n.id Eq 1) [label-first]")));
        assert_eq!(join.children[0].children[0].operator_type, "NodeScan@grafeo");
    }

    #[test]
    fn no_lines_are_no_plan() {
        assert!(explained("\n").is_none());
    }
}
