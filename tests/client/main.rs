//! The client against our own server, in every version: what is written in the newest words arrives in the version's own.
#![allow(clippy::unwrap_used, reason = "what fails here is the test")]

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use boltwright::backend::embedded::Embedded;
use boltwright::client::{ClientError, Connection, Login, Reply};
use boltwright::generated::request::{Begin, Commit, Hello, Pull, Request, Rollback, Run};
use boltwright::generated::{
    BoltAgent, Dialect, ErrorCode, HelloExtra, PullExtra, RequestKind, SuccessMetadata, TransactionExtra, Value, Version, marker,
};
use boltwright::server::auth::{Authenticator, Verdict};
use boltwright::server::{Service, Settings};
use boltwright::session::{Credentials, Identity};
use boltwright::wire::Failure;
use boltwright::wire::handshake::ClientHandshake;
use boltwright::wire::packstream::Dictionary;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::timeout;

const USER: &str = "ada";
const PASSWORD: &str = "right";

struct OneUser;

impl Authenticator for OneUser {
    fn authenticate<'a>(&'a self, credentials: &'a Credentials<'_>) -> Verdict<'a> {
        let right = credentials.principal() == Some(USER) && credentials.secret() == Some(PASSWORD.as_bytes());
        let identity = Identity { user: USER.to_owned(), credentials_expired: false };
        Box::pin(ready(if right { Ok(identity) } else { Err(Failure::new(ErrorCode::SecurityUnauthorized, "no")) }))
    }
}

fn service() -> Arc<Service<Embedded>> {
    Arc::new(Service::new(Embedded::in_memory().unwrap(), OneUser, Settings::default(), "localhost:7687".to_owned()))
}

async fn agreed(service: &Arc<Service<Embedded>>, wanted: &[Version]) -> Connection<DuplexStream> {
    let (ours, theirs) = tokio::io::duplex(1 << 14);
    let service = Arc::clone(service);
    tokio::spawn(async move { service.serve(theirs).await });
    Connection::agree(ours, ClientHandshake::new(wanted)).await.unwrap()
}

fn login(password: &'static str) -> Login<'static> {
    let auth = [("scheme", "basic"), ("principal", USER), ("credentials", password)].map(|(key, value)| (key, Value::from(value)));
    let routing = [("address", Value::from("localhost:7687"))].into_iter().collect();
    Login { user_agent: "test/1.0", auth: auth.into_iter().collect(), routing: Some(routing) }
}

async fn logged_on(service: &Arc<Service<Embedded>>, version: Version) -> Connection<DuplexStream> {
    let mut connection = agreed(service, &[version]).await;
    connection.log_on(&login(PASSWORD)).await.unwrap();
    connection
}

fn run(query: &str) -> Request<'_> {
    Request::Run(Run { query: query.into(), parameters: Dictionary::new(), extra: TransactionExtra::default() })
}

fn pull<'a>() -> Request<'a> {
    Request::Pull(Pull { extra: PullExtra::default() })
}

fn begin<'a>(bookmarks: &[String]) -> Request<'a> {
    let bookmarks = bookmarks.iter().cloned().map(Into::into).collect();
    Request::Begin(Begin { extra: TransactionExtra { bookmarks, ..TransactionExtra::default() } })
}

/// The integers of the one column.
async fn integers(connection: &mut Connection<DuplexStream>) -> Vec<i64> {
    let mut values = Vec::new();
    loop {
        match connection.receive().await.unwrap() {
            Reply::Row(row) => {
                let (count, mut reader) = row.reader().unwrap();
                assert_eq!(count, 1);
                values.push(reader.integer().unwrap());
            }
            Reply::Success(_) => return values,
            other => panic!("{other:?}"),
        }
    }
}

async fn count(connection: &mut Connection<DuplexStream>) -> i64 {
    connection.send(&run("MATCH (n:Written) RETURN count(n) AS n")).unwrap();
    connection.send(&pull()).unwrap();
    connection.success().await.unwrap();
    integers(connection).await[0]
}

#[tokio::test]
async fn every_version_logs_on_and_reads() {
    let service = service();
    for version in Version::ALL.iter().copied() {
        let mut connection = logged_on(&service, version).await;
        assert_eq!(connection.agreed().version, version);
        connection.send(&run("UNWIND [1, 2, 3] AS n RETURN n")).unwrap();
        connection.send(&pull()).unwrap();
        let SuccessMetadata::RunSuccess(run) = connection.success().await.unwrap() else { panic!("{version}") };
        assert_eq!(run.fields, ["n"]);
        assert_eq!(integers(&mut connection).await, [1, 2, 3], "{version}");
        connection.close().await.unwrap();
    }
}

#[tokio::test]
async fn newest_version_in_common_is_agreed_on() {
    let service = service();
    let connection = agreed(&service, Version::ALL).await;
    assert_eq!(Some(&connection.agreed().version), Version::ALL.last());
    assert!(connection.agreed().manifest);
    let connection = agreed(&service, &[Version::V3, Version::V4_4, Version::V4_3]).await;
    assert_eq!(connection.agreed().version, Version::V4_4);
}

#[tokio::test]
async fn transactions_are_said_alike_in_every_version() {
    let service = service();
    let mut written = 0;
    for version in Version::ALL.iter().copied() {
        let mut connection = logged_on(&service, version).await;
        for (end, lasts) in [(Request::Rollback(Rollback), 0), (Request::Commit(Commit), 1)] {
            let committed = end.kind() == RequestKind::Commit;
            connection.send(&begin(&[])).unwrap();
            connection.send(&run("CREATE (:Written)")).unwrap();
            connection.send(&pull()).unwrap();
            connection.send(&end).unwrap();
            assert_eq!(connection.unanswered(), if version < Version::V3 { 6 } else { 4 });
            assert!(matches!(connection.success().await.unwrap(), SuccessMetadata::BeginSuccess(_)), "{version}");
            assert!(matches!(connection.success().await.unwrap(), SuccessMetadata::RunSuccess(_)), "{version}");
            assert!(matches!(connection.success().await.unwrap(), SuccessMetadata::Summary(_)), "{version}");
            let bookmark = match connection.success().await.unwrap() {
                SuccessMetadata::CommitSuccess(commit) => commit.bookmark.clone().map(|bookmark| bookmark.into_owned()),
                _ => None,
            };
            assert_eq!(bookmark.is_some(), committed, "{version}");
            assert_eq!(connection.unanswered(), 0);
            written += lasts;
            assert_eq!(count(&mut connection).await, written, "{version}");

            // A transaction behind a bookmark sees what it stands for.
            connection.send(&begin(bookmark.as_slice())).unwrap();
            connection.send(&Request::Rollback(Rollback)).unwrap();
            connection.success().await.unwrap();
            connection.success().await.unwrap();
        }
    }
}

#[tokio::test]
async fn failure_of_a_spelled_request_is_one_answer() {
    let service = service();
    for version in [Version::V1, Version::V2] {
        let mut connection = logged_on(&service, version).await;
        connection.send(&Request::Commit(Commit)).unwrap();
        connection.send(&run("RETURN 1 AS n")).unwrap();
        let error = connection.success().await.unwrap_err();
        assert!(matches!(&error, ClientError::Failed { request: "COMMIT", code, .. } if code.ends_with("SemanticError")), "{error}");
        assert_eq!(connection.unanswered(), 1);
        assert_eq!(connection.receive().await.unwrap(), Reply::Ignored);
        assert!(matches!(connection.receive().await, Err(ClientError::NothingAsked)));
        connection.reset().await.unwrap();
        assert_eq!(count(&mut connection).await, 0);
    }
}

#[tokio::test]
async fn bad_bookmark_is_told_in_every_version() {
    let service = service();
    for version in Version::ALL.iter().copied() {
        let mut connection = logged_on(&service, version).await;
        connection.send(&begin(&["nonsense".to_owned()])).unwrap();
        let error = connection.success().await.unwrap_err();
        assert!(matches!(&error, ClientError::Failed { code, .. } if code.ends_with("InvalidBookmark")), "{version}: {error}");
    }
}

#[tokio::test]
async fn reset_passes_over_what_is_open() {
    let service = service();
    for version in Version::ALL.iter().copied() {
        let mut connection = logged_on(&service, version).await;
        connection.send(&begin(&[])).unwrap();
        connection.send(&run("CREATE (:Written)")).unwrap();
        connection.send(&pull()).unwrap();
        connection.reset().await.unwrap();
        assert_eq!(connection.unanswered(), 0);
        assert_eq!(count(&mut connection).await, 0, "{version}");
    }
}

#[tokio::test]
async fn wrong_password_is_told() {
    let service = service();
    for version in [Version::V1, Version::V4_4, Version::V5_4] {
        let mut connection = agreed(&service, &[version]).await;
        let error = connection.log_on(&login("wrong")).await.unwrap_err();
        assert!(matches!(&error, ClientError::Failed { code, .. } if code == "Neo.ClientError.Security.Unauthorized"), "{error}");
    }
}

#[tokio::test]
async fn patch_is_in_force_once_the_server_has_said_so() {
    let service = service();
    let mut connection = agreed(&service, &[Version::V4_4]).await;
    let auth = login(PASSWORD).auth;
    let extra = HelloExtra { user_agent: "test/1.0".into(), patch_bolt: vec!["utc".into()], auth, ..HelloExtra::default() };
    connection.send(&Request::Hello(Hello { extra })).unwrap();
    assert_eq!(connection.dialect(), Dialect::new(Version::V4_4));
    connection.success().await.unwrap();
    assert!(connection.dialect().utc);
}

#[tokio::test]
async fn what_a_version_cannot_say_is_not_sent() {
    let service = service();
    let mut connection = logged_on(&service, Version::V3).await;
    let extra = PullExtra { n: 5, ..PullExtra::default() };
    let limited = Request::Pull(Pull { extra });
    let error = connection.send(&limited).unwrap_err();
    assert!(matches!(error, ClientError::Unsendable(_)), "{error}");
    assert_eq!((connection.unanswered(), connection.raw().output().len()), (0, 0));

    let extra =
        HelloExtra { bolt_agent: Some(BoltAgent::default()), notifications_minimum_severity: Some("OFF".into()), ..HelloExtra::default() };
    let fitted = extra.clone().fitted(Version::V3);
    assert_eq!((fitted.bolt_agent, fitted.notifications_minimum_severity), (None, None));
    assert_eq!(extra.clone().fitted(Version::V6_1), extra);
}

/// The server stops reading when its answers are not read; whoever writes has to read too.
#[tokio::test]
async fn pipeline_longer_than_all_buffers_comes_through() {
    const REQUESTS: i64 = 5_000;
    let service = service();
    let mut connection = logged_on(&service, Version::V5_4).await;
    for _ in 0..REQUESTS {
        connection.send(&run("UNWIND [1, 2, 3, 4, 5, 6, 7, 8] AS n RETURN n")).unwrap();
        connection.send(&pull()).unwrap();
    }
    let all = async {
        let mut sum = 0;
        for _ in 0..REQUESTS {
            connection.success().await.unwrap();
            sum += integers(&mut connection).await.iter().sum::<i64>();
        }
        sum
    };
    assert_eq!(timeout(Duration::from_secs(60), all).await.unwrap(), 36 * REQUESTS);
}

/// A server that agrees on a version and then says these bytes.
async fn saying(bytes: &'static [u8]) -> Connection<DuplexStream> {
    let (ours, mut theirs) = tokio::io::duplex(1 << 10);
    tokio::spawn(async move {
        let mut opening = [0; 20];
        theirs.read_exact(&mut opening).await.unwrap();
        theirs.write_all(&[0, 0, 4, 5]).await.unwrap();
        theirs.write_all(bytes).await.unwrap();
        let mut rest = Vec::new();
        theirs.shutdown().await.unwrap();
        theirs.read_to_end(&mut rest).await.unwrap();
    });
    Connection::agree(ours, ClientHandshake::new(&[Version::V5_4])).await.unwrap()
}

#[tokio::test]
async fn answers_that_are_none_are_told_with_their_request() {
    for (bytes, expected) in [
        (&[][..], "the server closed the connection instead of answering RUN"),
        (&[0, 3, 0xB1, 0x70], "the server closed the connection instead of answering RUN"),
        (&[0, 2, 0xB0, 0x55, 0, 0], "the answer to RUN cannot be read: byte 0: "),
        (&[0, 3, 0xB1, 0x70, 0xA0, 0, 0], "the answer to RUN cannot be read: RunSuccess.fields, byte 3: the entry is required"),
        (&[0, 2, 0xB0, 0x70, 0, 0], "the answer to RUN cannot be read: byte 0: "),
        (&[0, 2, 0xB0, 0x7E, 0, 0], "expected SUCCESS or FAILURE in answer to RUN, got IGNORED"),
        (&[0xFF, 0xFF, 1], "the server sent a message of 65535 bytes or more"),
    ] {
        let mut connection = saying(bytes).await;
        connection.raw().set_message_limit(1_000);
        connection.send(&run("RETURN 1 AS n")).unwrap();
        let error = connection.success().await.unwrap_err().to_string();
        assert!(error.starts_with(expected), "{bytes:02X?}: {error}");
    }
}

#[tokio::test]
async fn rows_are_borrowed_as_they_came() {
    // RECORD [null, 5]
    const ROW: &[u8] = &[0, 5, 0xB1, 0x71, 0x92, marker::NULL, 0x05, 0, 0];
    let mut connection = saying(ROW).await;
    connection.send(&pull()).unwrap();
    let Reply::Row(row) = connection.receive().await.unwrap() else { panic!("no row") };
    assert_eq!(row.bytes(), &ROW[2..7]);
    assert_eq!(row.read().unwrap().data, [Value::Null, Value::Integer(5)]);
    assert_eq!(connection.unanswered(), 1);
}

#[tokio::test]
async fn nobody_at_the_address_is_told() {
    let error = Connection::connect("127.0.0.1:1", &[Version::V5_4]).await.unwrap_err();
    assert!(error.to_string().starts_with("cannot connect to 127.0.0.1:1: "), "{error}");
}
