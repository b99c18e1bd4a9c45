//! A mistake in the specification is one sentence at one place, and all are shown at once.

#![allow(clippy::unwrap_used, reason = "what fails here is the test")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// One edit: the file, what stands there, and what is written in its place.
struct Edit {
    claim: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
}

const fn edit(claim: &'static str, file: &'static str, old: &'static str, new: &'static str) -> Edit {
    Edit { claim, file, old, new }
}

const EDITS: &[Edit] = &[
    // What the shape of the YAML tells
    edit(
        "a key that does not exist",
        "structures.yaml",
        "    from: server\n    doc: A snapshot of a node.",
        "    form: server\n    doc: A snapshot of a node.",
    ),
    edit("a key that is missing", "messages.yaml", "    tag: 0x6B\n", ""),
    edit("a key that is there twice", "structures.yaml", "    tag: 0x4E\n", "    tag: 0x4E\n    tag: 0x4F\n"),
    edit("a word that is not one of the known ones", "versions.yaml", "    source: driver", "    source: hearsay"),
    edit(
        "a list where a text belongs",
        "states.yaml",
        "    malformed: FAILED\n    doc: The server waits",
        "    malformed: [FAILED]\n    doc: The server waits",
    ),
    // What a scalar tells
    edit("a version that is no number", "versions.yaml", "number: 4.3", "number: four"),
    edit(
        "a range that is none",
        "structures.yaml",
        "type: String, versions: 5.0+, doc: The text that names the node.",
        "type: String, versions: from 5.0, doc: The text that names the node.",
    ),
    edit(
        "a range that ends before it starts",
        "messages.yaml",
        "versions: 5.2-5.4\n        field: disabled_notifications\n        allow: &kinds",
        "versions: 5.4-5.2\n        field: disabled_notifications\n        allow: &kinds",
    ),
    edit("a byte that is none", "messages.yaml", "tag: 0x66", "tag: 66"),
    edit("a type that is none", "structures.yaml", "type: List<String>,", "type: \"List<String\","),
    edit("values that nothing can be", "messages.yaml", "allow: 0..3", "allow: 3..0"),
    edit("bytes that are none", "examples.yaml", "bytes: \"C0\"", "bytes: \"C\""),
    edit("a magic of three bytes", "versions.yaml", "magic: 0x6060B017", "magic: 0x6060B0"),
    // Versions
    edit("a version that stands in the wrong place", "versions.yaml", "number: 4.4", "number: 4.0"),
    edit(
        "a range to a version that nobody listed",
        "messages.yaml",
        "versions: 5.3+, doc: \"The driver",
        "versions: 5.9+, doc: \"The driver",
    ),
    edit("a range of nothing but a reserved version", "messages.yaml", "type: Boolean?, versions: 5.4+,", "type: Boolean?, versions: 5.5,"),
    edit("a version that is not the same as it says", "versions.yaml", "    same_as: 1\n    except: [structures]", "    same_as: 1"),
    edit("an exception that is no list", "versions.yaml", "except: [structures]", "except: [structure]"),
    edit("a version the same as a later one", "versions.yaml", "    same_as: 4.1", "    same_as: 4.3"),
    edit("a field outside of its owner", "messages.yaml", "bare: { entry: db, versions: 4.3 }", "bare: { entry: db, versions: 4.2 }"),
    edit(
        "a patch that does not exist",
        "structures.yaml",
        "    patch: utc\n    doc: An instant, with the offset",
        "    patch: utf\n    doc: An instant, with the offset",
    ),
    // Names
    edit("a structure that is there twice", "structures.yaml", "name: LocalTime", "name: Time"),
    edit("a tag that is taken", "structures.yaml", "tag: 0x74", "tag: 0x54"),
    edit("a request's tag that is taken", "messages.yaml", "tag: 0x6B", "tag: 0x6A"),
    edit("a type that nothing has", "structures.yaml", "type: List<Node>", "type: List<Nod>"),
    edit("a dictionary that nothing is", "messages.yaml", "success: RouteSuccess", "success: RouteSucess"),
    edit("a dictionary that nothing carries", "messages.yaml", "type: BoltAgent,", "type: Dictionary,"),
    edit("a marker of a type that nothing is", "packstream.yaml", "to: 0x8F, type: String", "to: 0x8F, type: Strin"),
    edit("a marker that is taken", "packstream.yaml", "byte: 0xC8", "byte: 0xC1"),
    edit(
        "a value type that is missing",
        "packstream.yaml",
        "  - { name: Float, doc: \"A floating-point number, IEEE 754 double precision, big-endian.\" }\n",
        "",
    ),
    // Fields
    edit("an entry that is there twice", "messages.yaml", "name: platform", "name: product"),
    edit(
        "keys that fold into one and meet",
        "messages.yaml",
        "{ name: neo4j_code, type: String, versions: 5.7+, field: code",
        "{ name: neo4j_code, type: String, versions: 5.6+, field: code",
    ),
    edit("keys that fold into one and differ", "messages.yaml", "name: t_first, type: Integer,", "name: t_first, type: Float,"),
    edit("a key that folds into nothing", "messages.yaml", "into: extra.user_agent", "into: extra.user_agnet"),
    edit("an entry that stands alone and is none", "messages.yaml", "bare: { entry: db,", "bare: { entry: database,"),
    edit("a condition on nothing", "messages.yaml", "only_with: neo4j_code", "only_with: neo4j_cod"),
    edit(
        "a default of another type",
        "messages.yaml",
        "type: Boolean?, versions: 4.0+, default: false",
        "type: Boolean?, versions: 4.0+, default: 0",
    ),
    edit("what is allowed does not fit", "messages.yaml", "name: api, type: Integer,", "name: api, type: String,"),
    // States
    edit("a request that nothing is", "states.yaml", "messages: [TELEMETRY], success", "messages: [TELEMETRI], success"),
    edit("a state that nothing is", "states.yaml", "success: STREAMING, failure: FAILED", "success: STREAMNG, failure: FAILED"),
    edit(
        "a request that a state takes twice",
        "states.yaml",
        "messages: [RUN, PULL], ignored: FAILED",
        "messages: [RUN, PULL, DISCARD], ignored: FAILED",
    ),
    edit("a request that no state takes", "states.yaml", "      - { messages: [TELEMETRY], success: READY, failure: FAILED }\n", ""),
    edit("a state that nothing leads to", "states.yaml", "messages: [RUN], success: TX_STREAMING", "messages: [RUN], success: TX_READY"),
    edit("a row without an end", "states.yaml", "messages: [ROUTE], success: READY, failure: FAILED", "messages: [ROUTE], success: READY"),
    edit(
        "a row that goes two ways",
        "states.yaml",
        "messages: [COMMIT, ROLLBACK], ignored: FAILED",
        "messages: [COMMIT, ROLLBACK], ignored: FAILED, failure: FAILED",
    ),
    edit(
        "a row that leads where the version has no state",
        "states.yaml",
        "messages: [HELLO], versions: 1-5.0, success: READY",
        "messages: [HELLO], versions: 1-5.0, success: AUTHENTICATION",
    ),
    edit(
        "a request in a row of other versions",
        "states.yaml",
        "messages: [HELLO], versions: 1-3, ignored: INTERRUPTED",
        "messages: [ROUTE], versions: 1-3, ignored: INTERRUPTED",
    ),
    edit("no start", "states.yaml", "    start: true\n", ""),
    // Codes
    edit("a code that is no code", "errors.yaml", "code: Neo.ClientError.Statement.SyntaxError", "code: Statement.SyntaxError"),
    edit(
        "a code and a classification that differ",
        "errors.yaml",
        "code: Neo.ClientError.Request.Invalid\n    gql_status: \"08N06\"\n    description: \"error: connection exception - protocol error\"\n    classification: CLIENT_ERROR",
        "code: Neo.ClientError.Request.Invalid\n    gql_status: \"08N06\"\n    description: \"error: connection exception - protocol error\"\n    classification: DATABASE_ERROR",
    ),
    edit("a status that is no status", "errors.yaml", "gql_status: \"08N06\"", "gql_status: \"8N06\""),
    // Examples
    edit("an example with other bytes", "examples.yaml", "value: 127\n    bytes: \"7F\"", "value: 127\n    bytes: \"7E\""),
    edit("an example of a field that is not there", "examples.yaml", "{$Date: {days:", "{$Date: {day:"),
    edit("an example of a message that is not there", "examples.yaml", "message: {LOGOFF: []}", "message: {LOGOF: []}"),
    edit("an example in a version that lacks it", "examples.yaml", "    message: {LOGOFF: []}", "    message: {LOGOFF: [1]}"),
    // Cases
    edit("a sample of a request that does not exist", "cases.yaml", "- { request: LOGON,", "- { request: LOGIN,"),
    edit("an echo without its value", "cases.yaml", "{\"a\": $value} {}", "{\"a\": 1} {}"),
    edit("a check that is no check", "cases.yaml", "check: unknown-tag", "check: unknown-tags"),
    edit("a check of something that does not exist", "cases.yaml", "of: [TELEMETRY.api]", "of: [TELEMETRY.apis]"),
    edit(
        "a check with a code that no failure has",
        "cases.yaml",
        "codes: &either [Neo.ClientError.Statement.TypeError,",
        "codes: &either [Neo.ClientError.Statement.TypeErr,",
    ),
    edit("a check that says nothing", "cases.yaml", "{ check: key-unknown, taken: true,", "{ check: key-unknown,"),
    edit(
        "a check without a row for everything",
        "cases.yaml",
        "{ check: entry-missing, versions: 4.0+,",
        "{ check: entry-missing, versions: 4.1+,",
    ),
    edit(
        "a check that is there twice",
        "cases.yaml",
        "    versions: 1-3\n    codes: [Neo.ClientError.Request.InvalidFormat]\n    source: decision\n    why: &older",
        "    codes: [Neo.ClientError.Request.InvalidFormat]\n    source: decision\n    why: &older",
    ),
    edit(
        "edges of a field that does not exist",
        "cases.yaml",
        "of: [Duration.months, Duration.days]",
        "of: [Duration.month, Duration.days]",
    ),
    edit("a situation with a key that the answer never has", "cases.yaml", "has: [advertised_address]", "has: [advertised_adress]"),
    edit("a situation in a state that does not exist", "cases.yaml", "request: TELEMETRY, in: READY", "request: TELEMETRY, in: REDY"),
    edit("a sample with a patch that does not exist", "cases.yaml", "    patch: utc\n", "    patch: udt\n"),
];

/// A copy of the project's specification.
fn copy() -> TempDir {
    let copy = TempDir::new().unwrap();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    copy
}

fn apply(folder: &TempDir, edit: &Edit) {
    let path = folder.path().join(edit.file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(edit.old), "{}: nothing to edit in {}", edit.claim, edit.file);
    fs::write(path, text.replacen(edit.old, edit.new, 1)).unwrap();
}

/// The mistakes, with the files named as in the project.
fn mistakes(folder: &TempDir) -> Vec<String> {
    let mistakes = boltwright_codegen::check(folder.path()).err().unwrap_or_default();
    mistakes.iter().map(|mistake| mistake.to_string().replace(&folder.path().display().to_string(), "spec")).collect()
}

#[test]
fn every_mistake_is_a_sentence_at_its_place() {
    let (mut all, mut unseen) = (String::new(), Vec::new());
    for edit in EDITS {
        let folder = copy();
        apply(&folder, edit);
        writeln!(all, "{}:", edit.claim).unwrap();
        let mistakes = mistakes(&folder);
        if mistakes.is_empty() {
            unseen.push(edit.claim);
        }
        for mistake in mistakes {
            assert!(mistake.starts_with("spec/"), "{}: {mistake}", edit.claim);
            assert_eq!(mistake.lines().count(), 1, "{}: {mistake}", edit.claim);
            writeln!(all, "  {mistake}").unwrap();
        }
    }
    assert!(unseen.is_empty(), "nobody saw: {unseen:?}");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(all) });
}

#[test]
fn several_mistakes_are_shown_together() {
    let folder = copy();
    for claim in ["a type that nothing has", "a state that nothing is", "a dictionary that nothing is", "a status that is no status"] {
        apply(&folder, EDITS.iter().find(|edit| edit.claim == claim).unwrap());
    }
    insta::assert_snapshot!(mistakes(&folder).join("\n"));
}

#[test]
fn several_mistakes_of_form_are_shown_together() {
    let folder = copy();
    for claim in ["a key that does not exist", "a type that is none", "a byte that is none", "a key that is missing"] {
        apply(&folder, EDITS.iter().find(|edit| edit.claim == claim).unwrap());
    }
    insta::assert_snapshot!(mistakes(&folder).join("\n"));
}

#[test]
fn a_file_that_is_no_yaml_is_a_mistake() {
    let folder = copy();
    fs::write(folder.path().join("states.yaml"), "states: [\n").unwrap();
    insta::assert_snapshot!(mistakes(&folder).join("\n"));
}

#[test]
fn a_folder_that_is_not_there_is_a_mistake() {
    let missing = Path::new("no/such/folder");
    assert_eq!(boltwright_codegen::check(missing).unwrap_err().len(), 1);
}
