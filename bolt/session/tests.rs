//! The session without a server: what it answers by itself, and what it makes of outcomes.

use bytes::BytesMut;

use super::*;
use crate::backend::{ResultKind, Summary};
use crate::generated::request::{Request, Reset, Run};
use crate::generated::response::Response;
use crate::generated::{Dialect, Signal};
use crate::generated::{ErrorCode, RequestKind, State, Transition, Version, request, transition};
use crate::wire::Failure;
use crate::wire::chunk::{self, Dechunker};
use crate::wire::handshake::{Agreed, Capabilities};
use crate::wire::packstream::{Dictionary, Origin, Reader, Writer};

fn config() -> SessionConfig {
    SessionConfig {
        agent: "Neo4j/5.26.0".to_owned(),
        connection_id: "bolt-1".to_owned(),
        advertised_address: "localhost:7687".to_owned(),
        recv_timeout_seconds: 120,
        output_mark: 1000,
        message_limit: 1 << 20,
        open_results: 3,
    }
}

fn session(version: Version) -> Session {
    Session::new(Agreed { version, manifest: false, capabilities: Capabilities::NONE }, config())
}

fn payload(request: &Request<'_>, version: Version) -> BytesMut {
    let mut out = BytesMut::new();
    request.encode(&mut Writer::new(&mut out, Dialect::new(version))).unwrap();
    out
}

/// The names of the answers, and the codes of failures.
fn answers(session: &mut Session, version: Version) -> Vec<String> {
    let (mut chunks, mut names) = (Dechunker::new(chunk::LIMIT), Vec::new());
    let output = session.output();
    while let Some(message) = chunks.next(output).unwrap() {
        names.push(match Response::decode(&mut Reader::new(&message, Dialect::new(version), Origin::Server)).unwrap() {
            Response::Success(_) => "SUCCESS".to_owned(),
            Response::Record(_) => "RECORD".to_owned(),
            Response::Ignored(_) => "IGNORED".to_owned(),
            Response::Failure(failure) => failure.metadata.code.into_owned(),
        });
    }
    names
}

/// A session of a client that has logged on.
fn ready(version: Version) -> Session {
    let mut session = session(version);
    let extra = crate::generated::HelloExtra {
        user_agent: "test/1.0".into(),
        bolt_agent: (version >= Version::V5_3).then(|| crate::generated::BoltAgent { product: "test/1.0".into(), ..Default::default() }),
        ..Default::default()
    };
    let hello = payload(&Request::Hello(request::Hello { extra }), version);
    let logon = (version >= Version::V5_1).then(|| payload(&Request::Logon(request::Logon { auth: Dictionary::new() }), version));
    for message in std::iter::once(hello).chain(logon) {
        if let Some(Work::Authenticate(_)) = session.handle(&message, 0) {
            session.authenticated(Identity { user: "neo4j".to_owned(), credentials_expired: false });
        }
    }
    assert!(session.is_authenticated());
    session.output().clear();
    session
}

fn run(version: Version, query: &str) -> BytesMut {
    payload(&Request::Run(Run { query: query.to_owned().into(), parameters: Dictionary::new(), extra: Default::default() }), version)
}

#[test]
fn every_version_logs_on() {
    for &version in Version::ALL {
        ready(version);
    }
}

#[test]
fn what_stands_before_an_interrupt_is_ignored_and_of_several_the_last_restores() {
    for &version in Version::ALL {
        let mut session = ready(version);
        let (run, reset) = (run(version, "RETURN 1"), payload(&Request::Reset(Reset), version));
        assert!(session.handle(&run, 2).is_none());
        assert!(session.handle(&reset, 1).is_none());
        assert!(session.handle(&reset, 0).is_none());
        assert_eq!(answers(&mut session, version), ["IGNORED", "IGNORED", "SUCCESS"], "{version}");
        assert!(matches!(session.handle(&run, 0), Some(Work::Run { .. })));
    }
}

#[test]
fn an_interrupt_does_not_log_on() {
    let version = Version::V5_4;
    let mut session = session(version);
    let reset = payload(&Request::Reset(Reset), version);
    assert!(session.handle(&reset, 1).is_none());
    assert_eq!(answers(&mut session, version), ["Neo.ClientError.Request.Invalid"]);
    assert!(session.is_closed());
}

#[test]
fn an_interrupt_behind_the_log_on_waits_for_it() {
    let version = Version::V4_4;
    let mut session = session(version);
    let hello = payload(
        &Request::Hello(request::Hello { extra: crate::generated::HelloExtra { user_agent: "test/1.0".into(), ..Default::default() } }),
        version,
    );
    assert!(matches!(session.handle(&hello, 1), Some(Work::Authenticate(_))));
}

#[test]
fn a_failure_ends_the_transaction() {
    let version = Version::V5_4;
    let mut session = ready(version);
    let begin = payload(&Request::Begin(request::Begin { extra: Default::default() }), version);
    assert!(matches!(session.handle(&begin, 0), Some(Work::Begin(_))));
    session.begun("neo4j", 0);
    assert!(session.in_transaction());
    let run = run(version, "NONSENSE");
    assert!(matches!(session.handle(&run, 0), Some(Work::Run { opening: None, .. })));
    session.failed(&Failure::new(ErrorCode::StatementSyntaxError, "no"));
    assert!(!session.in_transaction());
    assert_eq!(answers(&mut session, version), ["SUCCESS", "Neo.ClientError.Statement.SyntaxError"]);
}

#[test]
fn a_transaction_whose_time_is_up_fails_the_next_request_but_not_a_reset() {
    let version = Version::V5_4;
    for resets in [false, true] {
        let mut session = ready(version);
        let begin = payload(&Request::Begin(request::Begin { extra: Default::default() }), version);
        assert!(session.handle(&begin, 0).is_some());
        session.begun("neo4j", 0);
        session.expire(Failure::new(ErrorCode::TransactionTransactionTimedOut, "late"));
        assert!(!session.in_transaction());
        let next = if resets { payload(&Request::Reset(Reset), version) } else { run(version, "RETURN 1") };
        assert!(session.handle(&next, 0).is_none());
        let expected = if resets { "SUCCESS" } else { "Neo.ClientError.Transaction.TransactionTimedOut" };
        assert_eq!(answers(&mut session, version), ["SUCCESS", expected]);
    }
}

#[test]
fn no_more_results_are_open_than_allowed() {
    let version = Version::V5_4;
    let mut session = ready(version);
    let begin = payload(&Request::Begin(request::Begin { extra: Default::default() }), version);
    assert!(session.handle(&begin, 0).is_some());
    session.begun("neo4j", 0);
    let run = run(version, "RETURN 1");
    for id in 0..3 {
        assert!(session.handle(&run, 0).is_some());
        assert_eq!(session.opened(&["1".to_owned()], "neo4j", 0), Some(id));
    }
    assert!(session.handle(&run, 0).is_none());
    assert_eq!(answers(&mut session, version).last().unwrap(), "Neo.ClientError.Request.Invalid");
}

#[test]
fn rows_stop_at_the_demand_and_at_the_mark() {
    let version = Version::V5_4;
    let mut session = ready(version);
    let message = run(version, "UNWIND");
    assert!(session.handle(&message, 0).is_some());
    session.opened(&["n".to_owned()], "neo4j", 0);
    let pull = payload(&Request::Pull(request::Pull { extra: crate::generated::PullExtra { n: 500, ..Default::default() } }), version);
    assert!(matches!(session.handle(&pull, 0), Some(Work::Fetch { result: 0 })));
    session.output().clear();
    let mut written = 0;
    while session.demands_rows() {
        let mut rows = session.rows();
        while rows.wants_more() {
            rows.begin_row().unwrap();
            rows.integer(1).unwrap();
            rows.end_row().unwrap();
            written += 1;
        }
        drop(rows);
        assert!(session.output().len() < 1010);
        session.output().clear();
    }
    assert_eq!(written, 500);
    session.paused();
    assert_eq!(answers(&mut session, version), ["SUCCESS"]);
}

#[test]
fn a_row_that_is_not_ended_leaves_no_trace() {
    let version = Version::V5_4;
    let mut session = ready(version);
    let message = run(version, "UNWIND");
    assert!(session.handle(&message, 0).is_some());
    session.opened(&["a".to_owned(), "b".to_owned()], "neo4j", 0);
    let pull = payload(&Request::Pull(request::Pull { extra: Default::default() }), version);
    assert!(session.handle(&pull, 0).is_some());
    session.output().clear();
    let mut rows = session.rows();
    rows.begin_row().unwrap();
    rows.integer(1).unwrap();
    assert!(rows.end_row().is_err(), "a column is missing");
    rows.begin_row().unwrap();
    rows.integer(1).unwrap();
    drop(rows);
    assert!(session.output().is_empty());
    session.finished(Finished { summary: Summary::new(ResultKind::Read), bookmark: None, database: "neo4j", elapsed: 0 });
    assert_eq!(answers(&mut session, version), ["SUCCESS"]);
}

#[test]
fn the_table_of_states_is_complete_for_interrupts_and_ends() {
    for &version in Version::ALL {
        for &state in State::ALL.iter().filter(|state| state.authenticated()) {
            let interrupted = |request: &&RequestKind| request.signal() == Some(Signal::Interrupt);
            let reset = RequestKind::ALL.iter().find(interrupted).unwrap();
            let exists = (version >= Version::V3) || !matches!(state.name(version), "TX_READY" | "TX_STREAMING");
            assert!(!exists || matches!(transition(version, state, *reset), Transition::Served { .. }), "{version} {state:?}");
        }
    }
}

#[test]
fn an_inbox_sees_what_jumps_the_queue() {
    let version = Version::V5_4;
    let mut input = BytesMut::new();
    for message in
        [run(version, "RETURN 1"), payload(&Request::Reset(Reset), version), payload(&Request::Goodbye(request::Goodbye), version)]
    {
        let start = chunk::begin_message(&mut input);
        input.extend_from_slice(&message);
        chunk::end_message(&mut input, start);
    }
    let mut inbox = Inbox::new(version, input, chunk::LIMIT);
    assert_eq!((inbox.interrupts(), inbox.closing()), (0, false));
    inbox.look_ahead();
    assert_eq!((inbox.interrupts(), inbox.closing()), (1, true));
    inbox.take().unwrap().unwrap();
    inbox.take().unwrap().unwrap();
    assert_eq!((inbox.interrupts(), inbox.closing()), (0, true));
    inbox.take().unwrap().unwrap();
    assert!(!inbox.closing() && inbox.take().unwrap().is_none());
}

#[test]
fn an_inbox_takes_each_message_under_the_limit_of_its_turn() {
    let mut input = BytesMut::new();
    for length in [10, 100] {
        let start = chunk::begin_message(&mut input);
        input.resize(input.len() + length, 0xB0);
        chunk::end_message(&mut input, start);
    }
    let mut inbox = Inbox::new(Version::V5_4, input, 50);
    assert_eq!(inbox.take().unwrap().unwrap().len(), 10);
    assert!(inbox.clone().take().is_err());
    inbox.set_limit(100);
    assert_eq!(inbox.take().unwrap().unwrap().len(), 100);
}
