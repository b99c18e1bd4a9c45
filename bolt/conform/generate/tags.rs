//! Tags that a version lacks: of messages, and of structures.

use super::case::Case;
use super::echo::Echo;
use super::path::{self, Edge};
use super::probe;
use super::sample::{self, exists, value_of, value_of_type};
use super::term::{Message, bare};
use crate::generated::reflection::{REQUESTS, RESPONSES, STRUCTURES};
use crate::generated::{RequestKind, State, Version};
use crate::wire::reflect::{CheckKind, MessageInfo};

use super::super::transcript::Term;

pub(super) fn cases(version: Version) -> Vec<Case> {
    let mut cases = messages(version);
    cases.extend(structures(version));
    cases
}

fn messages(version: Version) -> Vec<Case> {
    let start = State::ALL.iter().filter(|state| state.authenticated());
    let Some((state, way)) = start.filter_map(|state| Some((*state, path::way_to(*state, version)?))).min_by_key(|(_, way)| way.len())
    else {
        return Vec::new();
    };
    let of_requests = REQUESTS.iter().filter(|info| !info.versions.contains(version));
    let mut cases: Vec<Case> = of_requests
        .chain(RESPONSES)
        .map(|info| {
            let title = format!("{}, which is no request of this version", info.name);
            let mut case = begin(format!("tags/{:02X}", info.tag), title, way, version);
            let check = super::check(CheckKind::UnknownTag, info.name, None, state, version);
            case.by_check(check);
            case.client(elsewhere(info).by_tag());
            probe::react(&mut case, check.reaction);
            case
        })
        .collect();
    for nibble in 0..16_u8 {
        let assigned = |tag: u8| REQUESTS.iter().chain(RESPONSES).any(|info| info.tag == tag);
        let tags = (0..16).map(|low| nibble << 4 | low).filter(|tag| !assigned(*tag));
        let title = format!("The tags {nibble:X}0 to {nibble:X}F that no version has");
        let mut case = begin(format!("tags/unassigned-{nibble:X}"), title, way, version);
        let check = super::check(CheckKind::UnknownTag, "", None, state, version);
        case.by_check(check);
        for (index, tag) in tags.enumerate() {
            if index > 0 {
                case.client("<RECONNECT>");
                path::shortened(way).1.iter().for_each(|edge| case.step(edge));
            }
            case.client(format_args!("0x{tag:02X}()"));
            probe::react(&mut case, check.reaction);
        }
        cases.push(case);
    }
    cases
}

fn begin(name: String, title: String, way: &[Edge], version: Version) -> Case {
    let (start, rest) = path::shortened(way);
    let mut case = Case::new(name, title, version, start);
    rest.iter().for_each(|edge| case.step(edge));
    case
}

/// A message as the newest version that has it sends it.
fn elsewhere(info: &'static MessageInfo) -> Message {
    let version = info.versions.iter().last().unwrap_or(Version::ALL[0]);
    let request = RequestKind::ALL.iter().find(|request| request.tag() == info.tag && info.success.is_some());
    let sample = request.and_then(|request| probe::any_sample(*request, version));
    sample.map_or_else(
        || Message { info, fields: info.fields_in(version).map(|field| value_of(field, version)).collect() },
        |sample| sample.message,
    )
}

fn structures(version: Version) -> Vec<Case> {
    let mut cases = Vec::new();
    let patches: Vec<Option<&str>> = std::iter::once(None).chain(sample::patches(version).map(Some)).collect();
    for patch in patches {
        let Some(echo) = Echo::new(version, patch) else { continue };
        let (with, folder) = match patch {
            Some(patch) => (format!(" with the patch {patch}"), format!("{patch}/")),
            None => (String::new(), String::new()),
        };
        for info in STRUCTURES {
            let kind = match (exists(info, version, patch), info.from_server) {
                (false, _) => CheckKind::ValueLacking,
                (true, true) => CheckKind::ValueFromServer,
                (true, false) => continue,
            };
            // A patch changes little, and that is what is tried again.
            if patch.is_some() && info.patch != patch && info.unless != patch {
                continue;
            }
            let check = super::check(kind, info.name, None, echo.state(), version);
            let said = if kind == CheckKind::ValueLacking { "which the version lacks" } else { "which only a server sends" };
            let mut case =
                echo.case(format!("tags/parameters/{folder}{}", info.name), format!("A {} as a parameter, {said}{with}", info.name));
            case.by_check(check);
            let newest = info.versions.iter().last().unwrap_or(version);
            let shape = if info.versions.contains(version) { version } else { newest };
            let value = value_of_type(info.name, shape);
            echo.refused(&mut case, &value, check);
            echo.refused(&mut case, &super::term::list([super::term::dictionary([("in", value)])]), check);
            cases.push(case);
        }
    }
    let Some(echo) = Echo::new(version, None) else { return cases };
    for nibble in 0..16_u8 {
        let assigned = |tag: u8| STRUCTURES.iter().any(|info| info.tag == tag);
        let title = format!("The structures {nibble:X}0 to {nibble:X}F that no version has, as parameters");
        let mut case = echo.case(format!("tags/parameters/unassigned-{nibble:X}"), title);
        let check = super::check(CheckKind::ValueUnknown, "", None, echo.state(), version);
        case.by_check(check);
        for tag in (0..16).map(|low| nibble << 4 | low).filter(|tag| !assigned(*tag)) {
            echo.refused(&mut case, &Term::Structure(tag, vec![bare(super::term::integer(1))]), check);
        }
        cases.push(case);
    }
    cases
}
