//! One fault a test: the kit tells it in the right area, with the right expectation, and without the fault the same case passes.

use std::sync::Mutex;
use std::time::Duration;

use boltwright::conform::outcome::{Deviation, Run, Severity, Verdict};
use boltwright::conform::run::{Options, run};
use boltwright::conform::tcp::Address;
use boltwright::conform::transcript::Data;
use boltwright::generated::Version;

use crate::ours::{PASSWORD, USER, serve};
use crate::proxy::{Fault, OPENING, put_before};

const GOODBYE: u8 = 0x02;
const RESET: u8 = 0x0F;
const RUN: u8 = 0x10;
const PULL: u8 = 0x3F;
const SUCCESS: u8 = 0x70;
const RECORD: u8 = 0x71;
const IGNORED: u8 = 0x7E;
const FAILURE: u8 = 0x7F;
const NODE: u8 = 0x4E;

/// Plays one case in one version against our server, with a fault before it.
async fn play(case: &str, version: Version, fault: impl Fault, patience: Duration) -> Run {
    let address = put_before(serve().await, fault).await;
    let options = Options {
        user: Some((USER.to_owned(), PASSWORD.to_owned())),
        versions: Some(vec![version]),
        patience,
        silence: Duration::from_millis(100),
        ..Options::default()
    };
    let address: Address = format!("bolt://{address}").parse().unwrap();
    run(address.into(), &options, |name| name == case, |_| {}).await.unwrap()
}

struct NoFault;

impl Fault for NoFault {}

/// What the kit says of a fault that does not keep anybody from logging on, after it has said nothing without it.
async fn found(case: &str, version: Version, fault: impl Fault) -> Deviation {
    found_within(PATIENCE, case, version, fault).await
}

/// How long an answer may take on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(20);

/// For what is waited for in vain: it comes later than this, or not at all.
const LITTLE_PATIENCE: Duration = Duration::from_secs(1);

/// The same, where the fault is that something does not come in time.
async fn found_within(patience: Duration, case: &str, version: Version, fault: impl Fault) -> Deviation {
    let without = play(case, version, NoFault, PATIENCE).await;
    assert!(matches!(without.outcomes.as_slice(), [outcome] if matches!(outcome.verdict, Verdict::Passed)), "{without:?}");
    let mut with = play(case, version, fault, patience).await;
    assert_eq!(with.outcomes.len(), 1);
    let outcome = with.outcomes.remove(0);
    assert_eq!((outcome.name.as_str(), outcome.version), (case, version));
    assert!(case.starts_with(&format!("{}/", outcome.area)), "{case} is told in {}", outcome.area);
    match outcome.verdict {
        Verdict::Deviated(deviation) => deviation,
        verdict => panic!("{case} does not find it: {verdict:?}"),
    }
}

/// What was told, beside the hexadecimal digits.
#[track_caller]
fn tells(deviation: &Deviation, expected: &str, what: &str, severity: Severity, consequence: &str) {
    assert_eq!((deviation.expected.as_str(), deviation.effect.what.as_str()), (expected, what), "{deviation:?}");
    assert_eq!(deviation.effect.severity, severity, "{deviation:?}");
    assert!(deviation.effect.consequence.contains(consequence), "{deviation:?}");
    assert!(!deviation.sent.is_empty(), "{deviation:?}");
}

/// Changes the metadata of each message of a tag that answers a request.
struct Metadata(u8, u8, fn(&mut Vec<(String, Data)>));

impl Fault for Metadata {
    fn answer(&self, to: u8, mut message: Data) -> Vec<Data> {
        if let Data::Structure(tag, fields) = &mut message
            && (to, *tag) == (self.0, self.1)
            && let Some(Data::Dictionary(metadata)) = fields.first_mut()
        {
            (self.2)(metadata);
        }
        vec![message]
    }
}

/// Changes each message of a tag into others.
struct Messages(u8, fn(Vec<Data>) -> Vec<Data>);

impl Fault for Messages {
    fn answer(&self, _: u8, message: Data) -> Vec<Data> {
        match message {
            Data::Structure(tag, fields) if tag == self.0 => (self.1)(fields),
            message => vec![message],
        }
    }
}

#[tokio::test]
async fn a_key_that_is_dropped_from_success() {
    let fault = Metadata(RUN, SUCCESS, |metadata| metadata.retain(|(key, _)| key != "fields"));
    let deviation = found("results/batches", Version::V5_4, fault).await;
    tells(&deviation, "SUCCESS {\"fields\": [\"n\"], ..}", "SUCCESS without \"fields\"", Severity::Broken, "the names of the columns");
    assert_eq!(deviation.sent[0].text, "RUN \"UNWIND [1, 2, 3] AS n RETURN n\" {} {}");
}

#[tokio::test]
async fn a_key_that_is_renamed() {
    let fault = Metadata(PULL, SUCCESS, |metadata| {
        metadata.iter_mut().filter(|(key, _)| key == "has_more").for_each(|(key, _)| "hasMore".clone_into(key));
    });
    let deviation = found("results/batches", Version::V4_4, fault).await;
    tells(
        &deviation,
        "SUCCESS {\"has_more\": true}",
        "SUCCESS without \"has_more\", SUCCESS with \"hasMore\", which does not belong there",
        Severity::WrongResult,
        "the rows that are left are lost",
    );
}

#[tokio::test]
async fn a_value_of_another_type() {
    let fault = Metadata(PULL, SUCCESS, |metadata| {
        metadata.iter_mut().filter(|(key, _)| key == "type").for_each(|(_, value)| *value = Data::Integer(1));
    });
    let deviation = found("results/batches", Version::V6_0, fault).await;
    tells(
        &deviation,
        "SUCCESS {\"type\": \"r\", ..}",
        "\"type\" in SUCCESS of type Integer instead of String",
        Severity::Broken,
        "static types",
    );
}

#[tokio::test]
async fn a_query_without_its_number_inside_a_transaction() {
    let fault = Metadata(RUN, SUCCESS, |metadata| metadata.retain(|(key, _)| key != "qid"));
    let deviation = found("results/open-results", Version::V4_0, fault).await;
    tells(&deviation, "SUCCESS {\"fields\": [\"n\"], \"qid\": $one, ..}", "SUCCESS without \"qid\"", Severity::WrongResult, "wrong result");
}

/// Answers RESET late.
struct LateReset;

impl Fault for LateReset {
    fn delay(&self, to: u8) -> Duration {
        Duration::from_secs(if to == RESET { 3 } else { 0 })
    }
}

#[tokio::test]
async fn a_reset_that_is_answered_late() {
    let deviation = found_within(LITTLE_PATIENCE, "failures/failure-then-reset", Version::V5_0, LateReset).await;
    tells(&deviation, "SUCCESS {}", "nothing came instead of SUCCESS", Severity::Hang, "connection.recv_timeout_seconds");
    assert_eq!(deviation.sent[0].text, "RESET");
}

/// Answers RESET before the PULL that it was sent behind.
#[derive(Default)]
struct HastyReset(Mutex<Vec<Data>>);

impl Fault for HastyReset {
    fn answer(&self, to: u8, message: Data) -> Vec<Data> {
        let mut held = self.0.lock().unwrap();
        match (to, &message) {
            (PULL, Data::Structure(IGNORED, _)) => {
                held.push(message);
                Vec::new()
            }
            (RESET, _) => std::iter::once(message).chain(held.drain(..)).collect(),
            _ => vec![message],
        }
    }
}

#[tokio::test]
async fn a_reset_that_is_answered_out_of_order() {
    let deviation = found("reset/reset-behind-a-failure", Version::V5_1, HastyReset::default()).await;
    tells(&deviation, "IGNORED", "SUCCESS instead of IGNORED", Severity::WrongResult, "skipped");
}

/// Keeps the connection when the server is done with it.
struct Open;

impl Fault for Open {
    fn keeps_open(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_connection_that_is_kept_open_behind_goodbye() {
    let deviation = found_within(LITTLE_PATIENCE, "authentication/goodbye", Version::V5_8, Open).await;
    tells(&deviation, "<CLOSED>", "nothing came instead of the end of the connection", Severity::Slight, "waits on");
    assert_eq!(deviation.got.text, "<SILENCE>");
}

#[tokio::test]
async fn an_answer_to_goodbye() {
    struct Polite;
    impl Fault for Polite {
        fn request(&self, message: Data) -> Data {
            // RESET is answered; what closes is the client then.
            if matches!(message, Data::Structure(GOODBYE, _)) { Data::Structure(RESET, Vec::new()) } else { message }
        }
    }
    let deviation = found("authentication/goodbye", Version::V4_4, Polite).await;
    tells(&deviation, "<CLOSED>", "SUCCESS instead of the end of the connection", Severity::Misled, "close by themselves");
}

#[tokio::test]
async fn a_field_too_many_in_a_structure() {
    let fault = Messages(RECORD, |mut fields| {
        if let Some(Data::List(values)) = fields.first_mut()
            && let Some(Data::Structure(NODE, fields)) = values.first_mut()
        {
            fields.push(Data::Null);
        }
        vec![Data::Structure(RECORD, fields)]
    });
    let deviation = found("values/node", Version::V4_4, fault).await;
    assert_eq!(deviation.effect.what, "Node of 4 fields instead of 3 fields");
    assert!(deviation.effect.consequence.contains("count the fields"), "{deviation:?}");
    assert!(deviation.got.text.starts_with("RECORD [Node("), "{deviation:?}");
}

#[tokio::test]
async fn a_field_too_many_in_a_record() {
    let fault = Messages(RECORD, |mut fields| {
        fields.push(Data::Null);
        vec![Data::Structure(RECORD, fields)]
    });
    let deviation = found("results/batches", Version::V4_3, fault).await;
    tells(&deviation, "RECORD [1]", "RECORD with 2 fields instead of a list", Severity::Broken, "Go counts");
}

#[tokio::test]
async fn a_value_too_many_in_a_record() {
    let fault = Messages(RECORD, |mut fields| {
        if let Some(Data::List(values)) = fields.first_mut() {
            values.push(Data::Null);
        }
        vec![Data::Structure(RECORD, fields)]
    });
    let deviation = found("results/batches", Version::V6_1, fault).await;
    tells(&deviation, "RECORD [1]", "RECORD of 2 values instead of 1 value", Severity::WrongResult, "columns");
}

#[tokio::test]
async fn a_field_too_many_in_ignored() {
    let fault = Messages(IGNORED, |_| vec![Data::Structure(IGNORED, vec![Data::Dictionary(Vec::new())])]);
    let deviation = found("failures/failure-then-reset", Version::V3, fault).await;
    tells(&deviation, "IGNORED", "IGNORED with fields that it does not have", Severity::Broken, "Go counts");
}

#[tokio::test]
async fn a_wrong_failure_code() {
    let fault = Metadata(RUN, FAILURE, |metadata| {
        let code = "Neo.TransientError.General.DatabaseUnavailable";
        metadata.iter_mut().filter(|(key, _)| key == "code").for_each(|(_, value)| *value = Data::String(code.to_owned()));
    });
    let deviation = found("failures/failure-then-reset", Version::V4_2, fault).await;
    tells(
        &deviation,
        "FAILURE Neo.ClientError.Statement.SyntaxError",
        "FAILURE Neo.TransientError.General.DatabaseUnavailable instead of Neo.ClientError.Statement.SyntaxError",
        Severity::Misled,
        "tried again and again",
    );
}

#[tokio::test]
async fn a_failure_in_the_shape_of_another_version() {
    let fault = Metadata(RUN, FAILURE, |metadata| {
        metadata.retain(|(key, _)| matches!(key.as_str(), "neo4j_code" | "message"));
        metadata.iter_mut().filter(|(key, _)| key == "neo4j_code").for_each(|(key, _)| "code".clone_into(key));
    });
    let deviation = found("failures/failure-shape", Version::V5_7, fault).await;
    assert_eq!(deviation.effect.severity, Severity::Misled);
    assert!(deviation.effect.what.starts_with("FAILURE without \"neo4j_code\""), "{deviation:?}");
}

/// Sends the second row before the first, where there are two.
#[derive(Default)]
struct Swapped(Mutex<Option<Data>>);

impl Fault for Swapped {
    fn answer(&self, _: u8, message: Data) -> Vec<Data> {
        let mut held = self.0.lock().unwrap();
        match (held.take(), &message) {
            (None, Data::Structure(RECORD, _)) => {
                *held = Some(message);
                Vec::new()
            }
            (Some(first), Data::Structure(RECORD, _)) => vec![message, first],
            (first, _) => first.into_iter().chain([message]).collect(),
        }
    }
}

#[tokio::test]
async fn two_records_in_the_wrong_order() {
    let deviation = found("results/batches", Version::V4_4, Swapped::default()).await;
    tells(&deviation, "RECORD [1]", "RECORD with another value", Severity::WrongResult, "the wrong value, and no error");
}

#[tokio::test]
async fn a_server_that_sends_all_rows_however_few_were_asked_for() {
    struct AllAtOnce;
    impl Fault for AllAtOnce {
        fn request(&self, message: Data) -> Data {
            match message {
                Data::Structure(PULL, _) => Data::Structure(PULL, vec![Data::Dictionary(vec![("n".to_owned(), Data::Integer(-1))])]),
                message => message,
            }
        }
    }
    let deviation = found("results/batches", Version::V5_6, AllAtOnce).await;
    tells(&deviation, "SUCCESS {\"has_more\": true}", "RECORD instead of SUCCESS", Severity::Broken, "A row where none belongs");
}

#[tokio::test]
async fn an_answer_too_many() {
    struct Twice;
    impl Fault for Twice {
        fn answer(&self, to: u8, message: Data) -> Vec<Data> {
            if to == RESET { vec![message.clone(), message] } else { vec![message] }
        }
    }
    let deviation = found("reset/reset-in-ready", Version::V2, Twice).await;
    assert!(deviation.effect.what.starts_with("SUCCESS "), "{deviation:?}");
}

#[tokio::test]
async fn a_connection_that_is_closed_instead_of_an_answer() {
    struct Gone;
    impl Fault for Gone {
        fn request(&self, message: Data) -> Data {
            // A server closes on this one without a word.
            if matches!(message, Data::Structure(RESET, _)) { Data::Structure(GOODBYE, Vec::new()) } else { message }
        }
    }
    let deviation = found("reset/reset-in-ready", Version::V5_3, Gone).await;
    assert_eq!(deviation.effect.what, "closed instead of SUCCESS");
    assert_eq!(deviation.got.text, "<CLOSED>");
    assert!(deviation.effect.consequence.contains("ServiceUnavailable"), "{deviation:?}");
}

#[tokio::test]
async fn a_handshake_that_takes_the_newest_proposal_instead_of_the_first() {
    struct Newest;
    impl Fault for Newest {
        fn handshake(&self, opening: [u8; OPENING], answer: [u8; 4]) -> [u8; 4] {
            // The kit looks at a server with one proposal at a time, and is left alone then.
            if opening[8..].iter().all(|byte| *byte == 0) { answer } else { [0, 0, 4, 5] }
        }
    }
    let deviation = found("handshake/handshake-first-match", Version::V5_4, Newest).await;
    tells(&deviation, "raw 00 00 02 05", "other bytes instead of the version", Severity::Broken, "another version");
    assert_eq!(deviation.got.hex, "00 00 04 05");
}
