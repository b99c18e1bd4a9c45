//! A new version is an edit of the specification: a copy of it with Bolt 7.0 in it generates, compiles and round-trips, and no Rust is
//! touched.

#![allow(clippy::unwrap_used, reason = "what fails here is the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the author of Bolt 7.0 writes: the file, what stands there, and what is written in its place.
const EDITS: &[(&str, &str, &str)] = &[
    // The version itself
    ("versions.yaml", "\npatches:", "  - number: 7.0\n    manifest: true\n    doc: When a node was created, and PING.\n\npatches:"),
    // A new field
    (
        "structures.yaml",
        "doc: The text that names the node. }\n",
        "doc: The text that names the node. }\n      - { name: created, type: DateTime?, versions: 7.0+, doc: When it was created. }\n",
    ),
    // A new message
    (
        "messages.yaml",
        "  - name: GOODBYE\n",
        "  - name: PING\n    tag: 0x41\n    versions: 7.0+\n    success: EmptySuccess\n    doc: Asks whether the server is there.\n    \
         fields:\n      - { name: payload, type: Bytes, doc: Anything. }\n\n  - name: GOODBYE\n",
    ),
    // A new row of a state
    (
        "states.yaml",
        "      - { messages: [TELEMETRY], success: READY, failure: FAILED }\n",
        "      - { messages: [TELEMETRY], success: READY, failure: FAILED }\n      - { messages: [PING], success: READY, failure: FAILED }\n",
    ),
];

/// The new shape of a node as a golden vector.
const EXAMPLE: &str = r#"
  - name: node since 7.0
    versions: 7.0
    value: {$Node: {id: 1, labels: [], properties: {}, element_id: "a", created: null}}
    bytes: "B5 4E 01 90 A0 81 61 C0"
"#;

/// What a user of the crate can do then.
const PROOF: &str = r#"
use std::borrow::Cow;

use boltwright::conform::generate::cases;
use boltwright::generated::request::{Ping, Request};
use boltwright::generated::{DateTime, Dialect, Node, RequestKind, State, Transition, Value, Version, transition};
use boltwright::wire::packstream::{Dictionary, Origin, Reader, Writer};
use bytes::BytesMut;

fn main() {
    let new = Dialect::new(Version::V7_0);
    let created = DateTime { seconds: 1, nanoseconds: 2, tz_offset_seconds: 3600 };
    let node = Node {
        id: 1,
        labels: vec![Cow::Borrowed("Person")],
        properties: Dictionary::default(),
        element_id: Some(Cow::Borrowed("4:db:1")),
        created: Some(created),
    };
    assert_eq!(round_trip(&node, new), Value::from(node.clone()));
    let before = round_trip(&node, Dialect::new(Version::V6_1));
    assert_eq!(before, Value::from(Node { created: None, ..node }));

    let ping = Request::Ping(Ping { payload: Cow::Borrowed(b"there?") });
    let mut bytes = BytesMut::new();
    ping.encode(&mut Writer::new(&mut bytes, new)).unwrap();
    assert_eq!(bytes[..], *b"\xB1\x41\xCC\x06there?");
    assert_eq!(Request::decode(&mut Reader::new(&bytes, new, Origin::Client)), Ok(ping.clone()));
    assert!(ping.encode(&mut Writer::new(&mut BytesMut::new(), Dialect::new(Version::V6_1))).is_err());

    let served = Transition::Served { success: State::Ready, open: None, failure: State::Failed };
    assert_eq!(transition(Version::V7_0, State::Ready, RequestKind::Ping), served);
    assert_eq!(transition(Version::V6_1, State::Ready, RequestKind::Ping), Transition::Refused);
    // The conformance kit has cases of what is new, and of its absence before.
    let names = |version| cases(version).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let (new, old) = (names(Version::V7_0), names(Version::V6_1));
    for name in ["states/READY/PING", "pipelined/TX_READY/PING", "requests/PING/payload/String", "requests/PING/one-too-many"] {
        assert!(new.iter().any(|new| new == name) && !old.iter().any(|old| old == name), "{name}");
    }
    assert!(old.iter().any(|old| old == "tags/41") && !new.iter().any(|new| new == "tags/41"));
    println!("Bolt 7.0 works");
}

fn round_trip(node: &Node<'_>, dialect: Dialect) -> Value<'static> {
    let mut bytes = BytesMut::new();
    node.encode(&mut Writer::new(&mut bytes, dialect)).unwrap();
    Reader::new(&bytes, dialect, Origin::Server).value().unwrap().into_owned()
}
"#;

const MANIFEST: &str = r#"
[package]
name = "proof"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
boltwright = { path = "../project", default-features = false, features = ["conform"] }
bytes = "1"
"#;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

#[test]
fn bolt_7_0_needs_no_line_of_rust() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new_version");
    let _ = fs::remove_dir_all(folder.join("project"));
    for part in ["Cargo.toml", "build.rs", "spec", "bolt", "codegen/Cargo.toml", "codegen/src", "benches", "examples", "tests"] {
        let (from, to) = (project().join(part), folder.join("project").join(part));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        if from.exists() {
            copy(&from, &to);
        }
    }
    for (file, old, new) in EDITS {
        let path = folder.join("project/spec").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "nothing to edit in {file}");
        fs::write(path, text.replacen(old, new, 1)).unwrap();
    }
    // The golden vectors of a node end with the version before; the new shape has one of its own.
    let examples = folder.join("project/spec/examples.yaml");
    let text = fs::read_to_string(&examples).unwrap().replace("versions: 5.0+", "versions: 5.0-6.1");
    fs::write(examples, text + EXAMPLE).unwrap();
    let proof = folder.join("proof");
    fs::create_dir_all(proof.join("src")).unwrap();
    fs::write(proof.join("Cargo.toml"), MANIFEST).unwrap();
    fs::write(proof.join("src/main.rs"), PROOF).unwrap();
    fs::copy(project().join("Cargo.lock"), proof.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--ignore-rust-version"])
        .current_dir(&proof)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(stdout, "Bolt 7.0 works\n", "{stderr}");
}
