//! A client of raw bytes: it sends exactly what it is told, and reads answers one by one.

use std::time::Duration;

use boltwright::generated::request::{Begin, Goodbye, Hello, Logoff, Logon, Pull, Request, Reset, Run};
use boltwright::generated::response::Response;
use boltwright::generated::{BoltAgent, Dialect, HelloExtra, PullExtra, TransactionExtra, Value, Version, request};
use boltwright::wire::chunk::{self, Dechunker};
use boltwright::wire::packstream::{Dictionary, Origin, Reader, Writer};
use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, ToSocketAddrs};
use tokio::time::timeout;

/// Long enough for whatever a server does, and short enough to notice that it does nothing.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    dialect: Dialect,
    input: BytesMut,
    chunks: Dechunker,
}

/// An answer, as far as the tests look at it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    Success(Dictionary<'static>),
    Record(Vec<Value<'static>>),
    Ignored,
    Failure(String, String),
    Closed,
}

impl Client {
    /// Connects and agrees on a version, and nothing more.
    pub(crate) async fn agree(address: impl ToSocketAddrs, version: Version) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut hello = vec![0x60, 0x60, 0xB0, 0x17, 0, 0, version.minor(), version.major()];
        hello.resize(20, 0);
        stream.write_all(&hello).await.unwrap();
        let mut answer = [0; 4];
        timeout(PATIENCE, stream.read_exact(&mut answer)).await.unwrap().unwrap();
        assert_eq!(answer, [0, 0, version.minor(), version.major()]);
        Self::over(stream, version)
    }

    pub(crate) fn over(stream: TcpStream, version: Version) -> Self {
        Self { stream, dialect: Dialect::new(version), input: BytesMut::new(), chunks: Dechunker::new(chunk::LIMIT) }
    }

    /// Connects, agrees and logs on.
    pub(crate) async fn connect(address: impl ToSocketAddrs, version: Version) -> Self {
        let mut client = Self::agree(address, version).await;
        let requests = log_on(version, "neo4j", "");
        client.send(&requests).await;
        for _ in requests {
            client.success().await;
        }
        client
    }

    pub(crate) fn encode(&self, requests: &[Request<'_>]) -> BytesMut {
        let mut out = BytesMut::new();
        for request in requests {
            let start = chunk::begin_message(&mut out);
            request.encode(&mut Writer::new(&mut out, self.dialect)).unwrap();
            chunk::end_message(&mut out, start);
        }
        out
    }

    pub(crate) async fn send(&mut self, requests: &[Request<'_>]) {
        let bytes = self.encode(requests);
        self.stream.write_all(&bytes).await.unwrap();
    }

    /// A message of these bytes.
    pub(crate) async fn send_message(&mut self, payload: &[u8]) {
        let mut out = BytesMut::new();
        let start = chunk::begin_message(&mut out);
        out.extend_from_slice(payload);
        chunk::end_message(&mut out, start);
        self.stream.write_all(&out).await.unwrap();
    }

    pub(crate) async fn receive(&mut self) -> Answer {
        loop {
            if let Some(message) = self.chunks.next(&mut self.input).unwrap() {
                return answer(&message, self.dialect);
            }
            match timeout(PATIENCE, self.stream.read_buf(&mut self.input)).await.expect("the server says nothing") {
                Ok(0) | Err(_) => return Answer::Closed,
                Ok(_) => {}
            }
        }
    }

    pub(crate) async fn success(&mut self) -> Dictionary<'static> {
        match self.receive().await {
            Answer::Success(metadata) => metadata,
            other => panic!("expected SUCCESS, got {other:?}"),
        }
    }

    pub(crate) async fn record(&mut self) -> Vec<Value<'static>> {
        match self.receive().await {
            Answer::Record(values) => values,
            other => panic!("expected RECORD, got {other:?}"),
        }
    }

    /// The code of a failure.
    pub(crate) async fn failure(&mut self) -> String {
        match self.receive().await {
            Answer::Failure(code, message) => {
                assert!(!message.is_empty());
                code
            }
            other => panic!("expected FAILURE, got {other:?}"),
        }
    }

    pub(crate) async fn ignored(&mut self) {
        assert_eq!(self.receive().await, Answer::Ignored);
    }

    pub(crate) async fn closed(&mut self) {
        assert_eq!(self.receive().await, Answer::Closed);
    }

    /// Runs a statement of its own, and returns its rows and its summary.
    pub(crate) async fn rows(&mut self, query: &str) -> (Vec<Vec<Value<'static>>>, Dictionary<'static>) {
        self.send(&[run(query), pull(-1)]).await;
        self.success().await;
        let mut rows = Vec::new();
        loop {
            match self.receive().await {
                Answer::Record(row) => rows.push(row),
                Answer::Success(summary) => return (rows, summary),
                other => panic!("expected rows, got {other:?}"),
            }
        }
    }
}

fn answer(message: &[u8], dialect: Dialect) -> Answer {
    match Response::decode(&mut Reader::new(message, dialect, Origin::Server)).unwrap() {
        Response::Success(success) => Answer::Success(success.metadata.into_owned()),
        Response::Record(record) => Answer::Record(record.data.into_iter().map(Value::into_owned).collect()),
        Response::Ignored(_) => Answer::Ignored,
        Response::Failure(failure) => {
            let metadata = failure.metadata.into_owned();
            Answer::Failure(metadata.code.into_owned(), metadata.message.unwrap_or_default().into_owned())
        }
    }
}

pub(crate) fn log_on(version: Version, user: &str, password: &str) -> Vec<Request<'static>> {
    let auth: Dictionary<'static> = [("scheme", "basic"), ("principal", user), ("credentials", password)]
        .map(|(key, value)| (key.to_owned(), Value::String(value.to_owned().into())))
        .into_iter()
        .collect();
    let mut extra = HelloExtra { user_agent: "test/1.0".into(), ..HelloExtra::default() };
    if version >= Version::V5_3 {
        extra.bolt_agent = Some(BoltAgent { product: "test/1.0".into(), ..BoltAgent::default() });
    }
    if version < Version::V5_1 {
        extra.auth = auth;
        return vec![Request::Hello(Hello { extra })];
    }
    vec![Request::Hello(Hello { extra }), Request::Logon(Logon { auth })]
}

pub(crate) fn run(query: &str) -> Request<'static> {
    run_with(query, Dictionary::new(), TransactionExtra::default())
}

pub(crate) fn run_with(query: &str, parameters: Dictionary<'static>, extra: TransactionExtra<'static>) -> Request<'static> {
    Request::Run(Run { query: query.to_owned().into(), parameters, extra })
}

pub(crate) fn begin() -> Request<'static> {
    begin_with(TransactionExtra::default())
}

pub(crate) fn begin_with(extra: TransactionExtra<'static>) -> Request<'static> {
    Request::Begin(Begin { extra })
}

pub(crate) fn pull(n: i64) -> Request<'static> {
    pull_of(n, -1)
}

pub(crate) fn pull_of(n: i64, qid: i64) -> Request<'static> {
    Request::Pull(Pull { extra: PullExtra { n, qid, ..PullExtra::default() } })
}

pub(crate) fn discard(n: i64) -> Request<'static> {
    Request::Discard(request::Discard { extra: PullExtra { n, ..PullExtra::default() } })
}

pub(crate) const COMMIT: Request<'static> = Request::Commit(request::Commit);
pub(crate) const ROLLBACK: Request<'static> = Request::Rollback(request::Rollback);
pub(crate) const RESET: Request<'static> = Request::Reset(Reset);
pub(crate) const GOODBYE: Request<'static> = Request::Goodbye(Goodbye);
pub(crate) const LOGOFF: Request<'static> = Request::Logoff(Logoff);
