//! What is said beside an answer.

use std::borrow::Cow;

use super::Finished;
use super::results::Rows;
use crate::backend::{Bookmark, NotificationFilter, Tally, notification};
use crate::generated::{Counters, NotificationCode, Plan, ResultStatus, Status, Summary};

/// The last word about a result.
pub(super) fn summary<'a>(finished: Finished<'a>, rows: &Rows, filter: &NotificationFilter, tells_bookmark: bool) -> Summary<'a> {
    let Finished { summary, bookmark: mark, database, elapsed } = finished;
    let wanted = summary.notifications.into_iter().filter(|notification| filter.admits(notification));
    let mut statuses: Vec<_> = wanted.chain((rows.tally.placeholders > 0).then(unsupported_type)).chain([result_status(rows)]).collect();
    statuses.sort_by_key(|status| precedence(status.gql_status.as_deref().unwrap_or_default()));
    Summary {
        bookmark: mark.filter(|_| tells_bookmark).and_then(bookmark),
        type_: Some(Cow::Borrowed(summary.kind.as_str())),
        t_last: Some(integer(elapsed)),
        db: Some(Cow::Borrowed(database)),
        stats: counters(summary.counters),
        plan: summary.plan,
        profile: summary.profile.map(profile),
        statuses,
        ..Summary::default()
    }
}

/// Neo4j tells rows and hits a second time, among the arguments, and JavaScript drivers before 4.0 look for them only there.
fn profile(mut plan: Plan<'static>) -> Plan<'static> {
    for (name, number) in [("DbHits", plan.db_hits), ("Rows", plan.rows)] {
        if let (Some(number), None) = (number, plan.args.get(name)) {
            plan.args.insert(name, number);
        }
    }
    plan.children = plan.children.into_iter().map(profile).collect();
    plan
}

/// What was changed, if anything was.
fn counters(mut counters: Counters<'static>) -> Option<Counters<'static>> {
    let before = Counters { contains_updates: false, contains_system_updates: false, ..counters.clone() };
    if before == Counters::default() {
        return None;
    }
    counters.contains_system_updates |= counters.system_updates > 0;
    counters.contains_updates |= Counters { system_updates: 0, ..before } != Counters::default();
    Some(counters)
}

/// How the result ended.
fn result_status(rows: &Rows) -> Status<'static> {
    let status = match rows {
        Rows { columns: 0, .. } => ResultStatus::NoColumns,
        Rows { pulled: false, .. } => ResultStatus::Discarded,
        Rows { tally: Tally { rows: 0, .. }, .. } => ResultStatus::NoRows,
        _ => ResultStatus::Rows,
    };
    Status {
        gql_status: Some(Cow::Borrowed(status.gql_status())),
        status_description: Some(Cow::Borrowed(status.description())),
        ..Status::default()
    }
}

/// A value of the result was replaced, since the version cannot carry it.
fn unsupported_type() -> Status<'static> {
    notification(NotificationCode::RequestUnsupportedType)
}

/// Statuses are in this order: no data, warnings, success, information.
fn precedence(gql_status: &str) -> usize {
    CLASSES.iter().position(|class| gql_status.starts_with(class)).unwrap_or(CLASSES.len())
}

const CLASSES: [&str; 4] = ["02", "01", "00", "03"];

/// A bookmark, where there is one.
pub(super) fn bookmark(Bookmark(bookmark): Bookmark) -> Option<Cow<'static, str>> {
    Some(bookmark).filter(|bookmark| !bookmark.is_empty()).map(Cow::Owned)
}

/// The notifications that a client asks for.
pub(super) fn filter(minimum_severity: Option<Cow<'_, str>>, disabled: Option<Vec<Cow<'_, str>>>) -> NotificationFilter {
    NotificationFilter {
        minimum_severity: minimum_severity.map(|severity| severity.to_uppercase()),
        disabled: disabled.map(|disabled| disabled.iter().map(|kind| kind.to_uppercase()).collect()),
    }
}

/// A count of milliseconds, as the protocol has it.
pub(super) fn integer(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// "A, B or C"; for none, what to say then.
pub(super) fn listed<T: ToString>(items: impl Iterator<Item = T>) -> String {
    let items: Vec<_> = items.map(|item| item.to_string()).collect();
    match items.split_last() {
        None => "but there is none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::Value;

    #[test]
    fn a_profile_tells_rows_and_hits_among_the_arguments_too() {
        let child = Plan { rows: Some(2), ..Plan::default() };
        let told = profile(Plan { rows: Some(1), db_hits: Some(3), children: vec![child], ..Plan::default() });
        assert_eq!((told.args.get("Rows"), told.args.get("DbHits")), (Some(&Value::Integer(1)), Some(&Value::Integer(3))));
        assert_eq!((told.children[0].args.get("Rows"), told.children[0].args.get("DbHits")), (Some(&Value::Integer(2)), None));
    }
}
