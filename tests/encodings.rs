//! How every message and every structure is encoded, in every version where that differs, for a reviewer to see. The samples come from the
//! specification's reflection, so a new version brings its own.

#![allow(clippy::unwrap_used, reason = "what fails here is the test")]

mod annotate;
mod sample;

use std::fmt::Write;

use boltwright::generated::reflection::{REQUESTS, RESPONSES, STATES, STRUCTURES};
use boltwright::generated::request::Request;
use boltwright::generated::response::Response;
use boltwright::generated::{Dialect, MACHINE_OF, RequestKind, State, SuccessMetadata, Transition, Version, transition};
use boltwright::wire::packstream::{Origin, Reader, Writer};
use boltwright::wire::reflect::MessageInfo;
use bytes::BytesMut;

/// What a sample becomes in each dialect, equal neighbours together.
fn by_dialect(dialects: &[Dialect], encode: impl Fn(Dialect) -> Option<Vec<u8>>) -> String {
    let mut groups: Vec<(Dialect, Dialect, Vec<u8>)> = Vec::new();
    for dialect in dialects {
        let Some(bytes) = encode(*dialect) else { continue };
        match groups.last_mut() {
            Some((first, last, same)) if *same == bytes && first.utc == dialect.utc => *last = *dialect,
            _ => groups.push((*dialect, *dialect, bytes)),
        }
    }
    let mut text = String::new();
    for (first, last, bytes) in groups {
        let patch = if first.utc { ", utc" } else { "" };
        match first.version == last.version {
            true => writeln!(text, "Bolt {}{patch}", first.version).unwrap(),
            false => writeln!(text, "Bolt {} to {}{patch}", first.version, last.version).unwrap(),
        }
        writeln!(text, "{}", annotate::annotate(&bytes, first)).unwrap();
    }
    text
}

fn versions() -> Vec<Dialect> {
    Version::ALL.iter().copied().map(Dialect::new).collect()
}

/// Every version, and behind them those that a patch changes.
fn dialects() -> Vec<Dialect> {
    let mut dialects = versions();
    for version in Version::ALL {
        let mut patched = Dialect::new(*version);
        if patched.apply("utc") {
            dialects.push(patched);
        }
    }
    dialects
}

fn snapshot(folder: &str, name: &str, text: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => format!("snapshots/{folder}") }, {
        insta::assert_snapshot!(name, text);
    });
}

fn written(dialect: Dialect, write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut bytes = BytesMut::new();
    write(&mut Writer::new(&mut bytes, dialect));
    bytes.to_vec()
}

#[test]
fn requests_are_encoded_as_reviewed() {
    for info in REQUESTS {
        let text = by_dialect(&versions(), |dialect| {
            let bytes = sample::message(info, dialect)?;
            let request = Request::decode(&mut Reader::new(&bytes, dialect, Origin::Client));
            let request = request.unwrap_or_else(|error| panic!("{} at {}: {error}", info.name, dialect.version));
            Some(written(dialect, |w| request.encode(w).unwrap()))
        });
        snapshot("requests", info.name, &text);
    }
}

#[test]
fn responses_are_encoded_as_reviewed() {
    for info in RESPONSES {
        let text = by_dialect(&versions(), |dialect| {
            let bytes = sample::message(info, dialect)?;
            let response = Response::decode(&mut Reader::new(&bytes, dialect, Origin::Server));
            let response = response.unwrap_or_else(|error| panic!("{} at {}: {error}", info.name, dialect.version));
            Some(written(dialect, |w| response.encode(w).unwrap()))
        });
        snapshot("responses", info.name, &text);
    }
}

#[test]
fn success_metadata_is_encoded_as_reviewed() {
    for (kind, info) in RequestKind::ALL.iter().zip(REQUESTS) {
        let Some(success) = info.success else { continue };
        let text = by_dialect(&versions(), |dialect| {
            info.versions.contains(dialect.version).then(|| {
                let bytes = sample::dictionary(success, dialect);
                let metadata = SuccessMetadata::decode(*kind, &mut Reader::new(&bytes, dialect, Origin::Server)).unwrap().unwrap();
                written(dialect, |w| metadata.encode(w).unwrap())
            })
        });
        snapshot("success", info.name, &text);
    }
}

#[test]
fn structures_are_encoded_as_reviewed() {
    for info in STRUCTURES {
        let text = by_dialect(&dialects(), |dialect| {
            let bytes = sample::structure(info, dialect)?;
            let value = Reader::new(&bytes, dialect, Origin::Server).value();
            let value = value.unwrap_or_else(|error| panic!("{} at {}: {error}", info.name, dialect.version));
            Some(written(dialect, |w| w.value(&value).unwrap()))
        });
        snapshot("structures", info.name, &text);
    }
}

/// One table for each machine that the states come to: what each state does with each request.
#[test]
fn the_machines_are_as_reviewed() {
    for machine in 0..=*MACHINE_OF.iter().max().unwrap() {
        let of_machine: Vec<Version> = Version::ALL.iter().copied().filter(|version| MACHINE_OF[*version as usize] == machine).collect();
        let version = of_machine[0];
        let mut text = of_machine.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") + "\n";
        for (state, _) in State::ALL.iter().zip(STATES).filter(|(_, info)| info.versions.contains(version)) {
            writeln!(text, "\n{}  (malformed: {})", info_name(*state, version), info_name(state.malformed(), version)).unwrap();
            for request in RequestKind::ALL.iter().filter(|request| request.exists_in(version)) {
                let outcome = match transition(version, *state, *request) {
                    Transition::Refused => continue,
                    Transition::Ignored(to) => format!("IGNORED -> {}", info_name(to, version)),
                    Transition::Served { success, open, failure } => {
                        let open = open.map_or(String::new(), |open| format!(", open -> {}", info_name(open, version)));
                        format!("SUCCESS -> {}{open}, FAILURE -> {}", info_name(success, version), info_name(failure, version))
                    }
                };
                writeln!(text, "  {:<12} {outcome}", request.name(version)).unwrap();
            }
        }
        snapshot("machines", &format!("from_{version}"), &text);
    }
}

fn info_name(state: State, version: Version) -> &'static str {
    state.name(version)
}

#[test]
fn a_request_that_a_version_lacks_is_not_read_there() {
    for info in REQUESTS {
        let newest = Dialect::new(*Version::ALL.last().unwrap());
        let Some(bytes) = newest_sample(info, newest) else { continue };
        for version in Version::ALL.iter().filter(|version| !info.versions.contains(**version)) {
            let dialect = Dialect::new(*version);
            let read = Request::decode(&mut Reader::new(&bytes, dialect, Origin::Client));
            assert!(read.is_err() || read.is_ok_and(|request| request.kind().name(*version) != info.name), "{} at {version}", info.name);
        }
    }
}

fn newest_sample(info: &MessageInfo, newest: Dialect) -> Option<Vec<u8>> {
    sample::message(info, newest)
}
