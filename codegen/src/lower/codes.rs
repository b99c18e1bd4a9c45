//! The codes of failures, notifications and results.

use super::names::pascal;
use crate::ir::{Classification, ErrorCode, NotificationCode, ResultStatus};
use crate::locate::Place;
use crate::mistake::Mistakes;
use crate::model::File;

/// The three lists of codes.
#[derive(Debug)]
pub(super) struct Codes {
    pub(super) errors: Vec<ErrorCode>,
    pub(super) notifications: Vec<NotificationCode>,
    pub(super) statuses: Vec<ResultStatus>,
}

pub(super) fn lower(file: &File, mistakes: &mut Mistakes<'_>) -> Codes {
    Codes { errors: errors(file, mistakes), notifications: notifications(file, mistakes), statuses: statuses(file, mistakes) }
}

fn errors(file: &File, mistakes: &mut Mistakes<'_>) -> Vec<ErrorCode> {
    let titles: Vec<String> = file.errors.iter().map(|error| title(&error.code)).collect();
    let mut errors: Vec<ErrorCode> = Vec::new();
    for (index, error) in file.errors.iter().enumerate() {
        let place = Place::item("errors", index);
        check_gql_status(&error.gql_status, &place, mistakes);
        let class = match error.classification {
            Classification::ClientError => "ClientError",
            Classification::DatabaseError => "DatabaseError",
            Classification::TransientError => "TransientError",
        };
        let parts: Vec<&str> = error.code.split('.').collect();
        if parts.len() != 4 || parts[0] != "Neo" {
            let sentence = format!("expected a code such as Neo.ClientError.Statement.SyntaxError, got '{}'", error.code);
            mistakes.add(&place.key("code"), sentence);
        } else if parts[1] != class {
            let sentence = format!("'{}' says {}, and its code says {}", "classification", class, parts[1]);
            mistakes.add(&place.key("classification"), sentence);
        }
        if errors.iter().any(|other| other.code == error.code) {
            mistakes.add(&place.key("code"), format!("'{}' is there twice in 'errors'", error.code));
        }
        let shared = titles.iter().filter(|title| **title == titles[index]).count() > 1;
        let ident = if shared { format!("{}{}", class.trim_end_matches("Error"), titles[index]) } else { titles[index].clone() };
        errors.push(ErrorCode {
            ident,
            code: error.code.clone(),
            gql_status: error.gql_status.clone(),
            description: error.description.clone(),
            classification: error.classification,
            retryable: error.retryable,
            doc: error.doc.clone(),
        });
    }
    errors
}

fn notifications(file: &File, mistakes: &mut Mistakes<'_>) -> Vec<NotificationCode> {
    let titles: Vec<String> = file.notifications.iter().map(|notification| title(&notification.code)).collect();
    let mut notifications: Vec<NotificationCode> = Vec::new();
    for (index, notification) in file.notifications.iter().enumerate() {
        let place = Place::item("notifications", index);
        check_gql_status(&notification.gql_status, &place, mistakes);
        if !matches!(notification.severity.as_str(), "WARNING" | "INFORMATION") {
            let sentence = format!("expected WARNING or INFORMATION, got '{}'", notification.severity);
            mistakes.add(&place.key("severity"), sentence);
        }
        let shared = titles.iter().filter(|title| **title == titles[index]).count() > 1;
        let ident = if shared { format!("{}{}", titles[index], notification.gql_status) } else { titles[index].clone() };
        if notifications.iter().any(|other| other.ident == ident) {
            mistakes.add(&place.key("code"), format!("'{}' is there twice with one status in 'notifications'", notification.code));
        }
        notifications.push(NotificationCode {
            ident,
            code: notification.code.clone(),
            gql_status: notification.gql_status.clone(),
            description: notification.description.clone(),
            title: notification.title.clone(),
            severity: notification.severity.clone(),
            category: notification.category.clone(),
            doc: notification.doc.clone(),
        });
    }
    notifications
}

fn statuses(file: &File, mistakes: &mut Mistakes<'_>) -> Vec<ResultStatus> {
    let status = |(index, status): (usize, &crate::model::ResultStatus)| {
        check_gql_status(&status.gql_status, &Place::item("statuses", index), mistakes);
        ResultStatus {
            ident: pascal(&status.name),
            gql_status: status.gql_status.clone(),
            description: status.description.clone(),
            doc: status.doc.clone(),
        }
    };
    file.statuses.iter().enumerate().map(status).collect()
}

/// `Neo.ClientError.Statement.SyntaxError` as Rust names it: `StatementSyntaxError`.
fn title(code: &str) -> String {
    code.split('.').skip(2).collect()
}

fn check_gql_status(status: &str, place: &Place, mistakes: &mut Mistakes<'_>) {
    if status.len() != 5 || !status.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
        mistakes.add(&place.key("gql_status"), format!("expected a GQLSTATUS of five digits or capitals such as 42N51, got '{status}'"));
    }
}
