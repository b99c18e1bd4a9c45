use super::{Answer, Area, Data, Need, Problem, Scope, Source, Start, Step, Times, Transcript, Writes};
use crate::generated::Version;

const HEADER: &str = "title: A test\narea: tags\nversions: 1+\nsource: decision\n";

fn parse(lines: &str) -> Transcript {
    Transcript::parse(&format!("{HEADER}{lines}")).unwrap()
}

fn problem(lines: &str) -> Problem {
    Transcript::parse(&format!("{HEADER}{lines}")).unwrap_err().problem
}

fn scope(version: Version) -> Scope {
    let credentials = vec![("scheme".to_owned(), Data::String("none".to_owned()))];
    Scope::new(version, credentials, "run-1")
}

fn sent(line: &str, version: Version) -> String {
    let transcript = parse(line);
    let Step::Request(request) = &transcript.lines[0].step else { panic!("no request: {line}") };
    let Data::Structure(tag, fields) = request.data(&scope(version)) else { panic!("no structure") };
    let fields: Vec<_> = fields.iter().map(Data::to_string).collect();
    format!("{tag:02X} {}", fields.join(" "))
}

fn matches(pattern: &str, value: &str, version: Version) -> bool {
    let transcript = parse(&format!("S: RECORD {pattern}\nC: 0x71({value})\n"));
    let (Step::Answer(_, answers), Step::Request(request)) = (&transcript.lines[0].step, &transcript.lines[1].step) else {
        panic!("no answer and request")
    };
    let mut scope = scope(version);
    let message = request.data(&scope);
    answers.iter().any(|answer| answer.matches(&message, &mut scope))
}

#[test]
fn header_says_what_the_conversation_is() {
    let text = "title: T\narea: reset\nversions: 1-3,5.0+\nsource: neo4j\nwhy: because\n  of this\n\
                start: TCP\nwrite: by byte\nneeds: authentication, routing\n";
    let transcript = Transcript::parse(text).unwrap();
    assert_eq!(transcript.source, Source::Neo4j);
    assert_eq!(transcript.why.as_deref(), Some("because of this"));
    assert_eq!((transcript.start, transcript.writes), (Start::Tcp, Writes::ByByte));
    assert_eq!((transcript.area, transcript.needs), (Area::Reset, vec![Need::Authentication, Need::Routing]));
    assert!(transcript.versions.contains(Version::V2) && transcript.versions.contains(Version::V5_8));
    assert!(!transcript.versions.contains(Version::V4_4));
}

#[test]
fn header_has_to_be_complete_and_known() {
    let error = Transcript::parse("title: T\narea: tags\nsource: docs\n").unwrap_err();
    assert_eq!(error.to_string(), "line 1: the header has no 'versions'");
    let error = Transcript::parse("title: T\nversions: 1\nsource: docs\n").unwrap_err();
    assert_eq!(error.to_string(), "line 1: the header has no 'area'");
    let error = Transcript::parse("title: T\narea: weather\nversions: 1\nsource: docs\n").unwrap_err();
    assert_eq!(error.to_string(), "line 2: the header has 'area: weather', which means nothing");
    let error = Transcript::parse("title: T\narea: tags\nversions: 9\nsource: docs\n").unwrap_err();
    assert_eq!(error.to_string(), "line 3: the header has 'versions: 9', which means nothing");
    let error = Transcript::parse("title: T\narea: tags\nversions: 1\nsource: docs\nmood: good\n").unwrap_err();
    assert_eq!(error.to_string(), "line 5: the header has 'mood: good', which means nothing");
}

#[test]
fn fields_that_a_version_lacks_are_left_out() {
    let run = "C: RUN \"RETURN 1\" {} {\"db\": \"x\"}";
    assert_eq!(sent(run, Version::V1), "10 \"RETURN 1\" {}");
    assert_eq!(sent(run, Version::V5_4), "10 \"RETURN 1\" {} {\"db\": \"x\"}");
    assert_eq!(sent("C: PULL {\"n\": -1}", Version::V3), "3F ");
    assert_eq!(sent("C: PULL {\"n\": -1}", Version::V4_0), "3F {\"n\": -1}");
    assert_eq!(sent("C: INIT \"a/1\" <auth>", Version::V1), "01 \"a/1\" {\"scheme\": \"none\"}");
}

#[test]
fn the_query_of_a_request_is_that_of_run() {
    let query = |line: &str| {
        let transcript = parse(line);
        let Step::Request(request) = &transcript.lines[0].step else { panic!("no request: {line}") };
        request.query().map(str::to_owned)
    };
    assert_eq!(query("C: RUN \"RETURN 1\" {} {}").as_deref(), Some("RETURN 1"));
    assert_eq!(query("C: 0x10(\"RETURN 1\")").as_deref(), Some("RETURN 1"));
    assert_eq!(query("C: 0x10(1, {}, {})"), None);
    assert_eq!(query("C: INIT \"a/1\" <auth>"), None);
}

#[test]
fn a_message_by_its_tag_is_sent_as_it_stands() {
    assert_eq!(sent("C: 0x10(1, @4.0+ {}, @1-3 [])", Version::V3), "10 1 []");
    assert_eq!(sent("C: 0x33()", Version::V3), "33 ");
}

#[test]
fn values_are_written_as_json_and_more() {
    let value = r#"C: 0x01([null, true, -16, 1.5, 5e-324, -Infinity, "a\"\u00e4", "ab"*2, #01FF, Date(1), 0x33(2), Uuid("00112233-4455-6677-8899-aabbccddeeff"), {"k": {}}])"#;
    let sent = sent(value, Version::V6_1);
    let expected = r#"01 [null, true, -16, 1.5, 5e-324, -Infinity, "a\"ä", "abab", #01FF, Date(1), 0x33(2), Uuid(00112233445566778899aabbccddeeff), {"k": {}}]"#;
    assert_eq!(sent, expected);
}

#[test]
fn credentials_stand_as_a_value_or_among_entries() {
    let hello = "C: HELLO {\"user_agent\": \"a/1\", @3-5.0 ..<auth>}";
    assert_eq!(sent(hello, Version::V4_4), "01 {\"user_agent\": \"a/1\", \"scheme\": \"none\"}");
    assert_eq!(sent(hello, Version::V5_1), "01 {\"user_agent\": \"a/1\"}");
}

#[test]
fn dictionaries_match_exactly_unless_they_are_open() {
    assert!(matches(r#"{"a": 1, ?"b": 2}"#, r#"{"a": 1}"#, Version::V1));
    assert!(!matches(r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#, Version::V1));
    assert!(matches(r#"{"a": 1, ..}"#, r#"{"b": 2, "a": 1}"#, Version::V1));
    assert!(!matches(r#"{"a": 1, ..}"#, r#"{"b": 2}"#, Version::V1));
    assert!(matches(r#"{"a": 1, @5.0+ "b": 2}"#, r#"{"a": 1}"#, Version::V4_4));
    assert!(!matches(r#"{"a": 1, @5.0+ "b": 2}"#, r#"{"a": 1}"#, Version::V5_0));
}

#[test]
fn lists_match_exactly_unless_they_are_open() {
    assert!(matches("[1, 2]", "[1, 2]", Version::V1));
    assert!(!matches("[1]", "[1, 2]", Version::V1));
    assert!(matches("[1, ..]", "[1, 2]", Version::V1));
    assert!(!matches("[1, 2, ..]", "[1]", Version::V1));
}

#[test]
fn types_and_alternatives_match() {
    assert!(matches("[<Integer> | null]", "[null]", Version::V1));
    assert!(matches("[<Node>, <any>, ~\"ell\"]", "[Node(1, [], {}), 0x33(), \"hello\"]", Version::V1));
    assert!(!matches("<Integer>", "1.0", Version::V1));
    assert!(!matches("1", "1.0", Version::V1));
    assert!(matches("NaN", "NaN", Version::V1));
    assert!(!matches("0.0", "-0.0", Version::V1));
}

#[test]
fn a_variable_is_what_it_met_first() {
    assert!(matches("[$a, $a]", "[1, 1]", Version::V1));
    assert!(!matches("[$a, $a]", "[1, 2]", Version::V1));
    assert!(matches("$run", "\"run-1\"", Version::V1));
}

#[test]
fn a_failure_is_known_by_its_code_in_every_version() {
    let transcript =
        parse("S: IGNORED | FAILURE Neo.A.B.C | Neo.D.E.F\nC: 0x7F({\"code\": \"Neo.D.E.F\"})\nC: 0x7F({\"neo4j_code\": \"Neo.X\"})\n");
    let Step::Answer(Times::Once, answers) = &transcript.lines[0].step else { panic!("no answer") };
    assert!(matches!(answers.as_slice(), [Answer::Message(0x7E, _), Answer::Failure(codes)] if codes.len() == 2));
    let any = |line: usize| {
        let Step::Request(request) = &transcript.lines[line].step else { panic!("no request") };
        let mut scope = scope(Version::V5_8);
        let message = request.data(&scope);
        answers.iter().any(|answer| answer.matches(&message, &mut scope))
    };
    assert!(any(1));
    assert!(!any(2));
}

#[test]
fn bytes_are_digits_strings_repetitions_and_the_version() {
    let transcript = parse("C: raw 6060 B017 <version> 00*3 \"AB\"\n");
    let Step::Raw(pieces) = &transcript.lines[0].step else { panic!("no bytes") };
    let bytes = super::bytes_of(pieces, Version::V5_4);
    assert_eq!(bytes, [0x60, 0x60, 0xB0, 0x17, 0, 0, 4, 5, 0, 0, 0, 0x41, 0x42]);
}

#[test]
fn lines_are_for_their_versions() {
    let transcript = parse("@1-3 C: RESET\n@4.0+ C: RESET\nS:\n  SUCCESS {}\n# nothing\n\n");
    let numbers = |version| transcript.lines_in(version).map(|line| line.number).collect::<Vec<_>>();
    assert_eq!(numbers(Version::V3), [5, 7]);
    assert_eq!(numbers(Version::V5_0), [6, 7]);
}

#[test]
fn mistakes_are_named() {
    assert_eq!(problem("C: GREET {}\n").to_string(), "no message is named 'GREET'");
    assert_eq!(problem("C: RUN Colour(1)\n").to_string(), "no structure is named 'Colour'");
    assert_eq!(problem("S: SUCCESS {\"a\" 1}\n").to_string(), "expected :, got '1}'");
    assert!(matches!(problem("C: RUN <String>\n"), Problem::NotSendable { .. }));
    assert!(matches!(problem("C: RUN {..}\n"), Problem::NotSendable { .. }));
    assert!(matches!(problem("X: RUN\n"), Problem::Header { .. }));
    assert!(matches!(problem("C: raw 123\n"), Problem::Expected { .. }));
    assert!(matches!(problem("C: <PAUSE long>\n"), Problem::Expected { .. }));
}

#[test]
fn lists_and_dictionaries_may_repeat() {
    assert_eq!(sent("C: 0x33([1, 2]*2, {\"k#\": []}*2)", Version::V6_1), "33 [1, 2, 1, 2] {\"k0\": [], \"k1\": []}");
    assert!(matches("{\"a#\": <Integer>}*3", "{\"a2\": 2, \"a0\": 0, \"a1\": 1}", Version::V1));
}
