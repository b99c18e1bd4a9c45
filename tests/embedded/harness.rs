//! Runs statements through the backend trait and reads the rows that it writes.

use std::borrow::Cow;
use std::time::Duration;

use boltwright::backend::embedded::{Embedded, EmbeddedSession};
use boltwright::backend::{
    Access, AccessMode, Backend, BackendSession, Bookmark, Progress, RowWriter, Summary, Tally, TransactionSettings,
};
use boltwright::generated::{Dialect, ErrorCode, Node, Relationship, Value, Version};
use boltwright::wire::Failure;
use boltwright::wire::chunk::Dechunker;
use boltwright::wire::packstream::{Dictionary, Origin, Reader};
use bytes::BytesMut;

/// What a statement has come to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Value<'static>>>,
    pub(crate) summary: Summary,
    pub(crate) bookmark: Bookmark,
}

impl Outcome {
    /// The only value.
    pub(crate) fn value(&self) -> &Value<'static> {
        assert_eq!((self.rows.len(), self.columns.len()), (1, 1), "{self:?}");
        &self.rows[0][0]
    }

    /// The only column.
    pub(crate) fn column(&self) -> Vec<Value<'static>> {
        self.rows.iter().map(|row| row[0].clone()).collect()
    }
}

/// A client of one database.
pub(crate) struct Client {
    pub(crate) embedded: Embedded,
    pub(crate) database: Option<&'static str>,
    pub(crate) mode: AccessMode,
}

pub(crate) fn in_memory() -> Client {
    Client::new(Embedded::in_memory().unwrap())
}

impl Client {
    pub(crate) fn new(embedded: Embedded) -> Self {
        Self { embedded, database: None, mode: AccessMode::Write }
    }

    pub(crate) fn on(&self, database: &'static str) -> Self {
        Self { embedded: self.embedded.clone(), database: Some(database), mode: self.mode }
    }

    pub(crate) fn reading(&self) -> Self {
        Self { embedded: self.embedded.clone(), database: self.database, mode: AccessMode::Read }
    }

    pub(crate) async fn open(&self, settings: TransactionSettings<'_>) -> Result<EmbeddedSession, Failure> {
        let access = Access { user: "ada", impersonated: None, database: self.database, mode: self.mode, address: "db.example:7687" };
        let mut session = self.embedded.open(access).await?;
        session.begin(settings).await?;
        Ok(session)
    }

    /// Begins an explicit transaction.
    pub(crate) async fn begin(&self) -> EmbeddedSession {
        self.open(TransactionSettings::default()).await.unwrap()
    }

    /// Runs a statement in a transaction of its own.
    pub(crate) async fn try_run(&self, query: &str, parameters: Dictionary<'_>) -> Result<Outcome, Failure> {
        let settings = TransactionSettings { auto_commit: true, ..TransactionSettings::default() };
        let mut session = self.open(settings).await?;
        let outcome = run_in(&mut session, query, parameters).await;
        match outcome {
            Ok(outcome) => Ok(Outcome { bookmark: session.commit().await?, ..outcome }),
            Err(failure) => {
                session.cancel().await;
                Err(failure)
            }
        }
    }

    pub(crate) async fn run_with(&self, query: &str, parameters: impl IntoIterator<Item = (&'static str, Value<'static>)>) -> Outcome {
        let parameters = parameters.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        self.try_run(query, parameters).await.unwrap_or_else(|failure| panic!("{query}: {failure}"))
    }

    pub(crate) async fn run(&self, query: &str) -> Outcome {
        self.run_with(query, []).await
    }

    /// Why a statement fails.
    pub(crate) async fn failure(&self, query: &str) -> Failure {
        self.failure_with(query, []).await
    }

    pub(crate) async fn failure_with(&self, query: &str, parameters: impl IntoIterator<Item = (&'static str, Value<'static>)>) -> Failure {
        let parameters = parameters.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        match self.try_run(query, parameters).await {
            Ok(outcome) => panic!("{query} succeeds: {outcome:?}"),
            Err(failure) => failure,
        }
    }

    pub(crate) async fn code(&self, query: &str) -> ErrorCode {
        self.failure(query).await.code
    }
}

/// Runs a statement inside a transaction, and reads all its rows.
pub(crate) async fn run_in(session: &mut EmbeddedSession, query: &str, parameters: Dictionary<'_>) -> Result<Outcome, Failure> {
    let opened = session.run(query, parameters).await?;
    let (columns, mut cursor) = (opened.columns, opened.cursor);
    let dialect = Dialect::new(Version::V6_1);
    let mut rows = Vec::new();
    loop {
        let mut out = BytesMut::new();
        let mut tally = Tally { demand: Some(2), ..Tally::default() };
        let mut writer = RowWriter::new(&mut out, dialect, columns.len(), &mut tally, 1 << 16);
        let progress = session.fetch(&mut cursor, &mut writer).await?;
        drop(writer);
        let mut dechunker = Dechunker::default();
        dechunker.set_limit(1 << 28);
        while let Some(message) = dechunker.next(&mut out).unwrap() {
            let mut reader = Reader::new(&message, dialect, Origin::Server);
            assert_eq!(reader.structure_header().unwrap().1, 0x71);
            let row = reader.list().unwrap();
            reader.finish().unwrap();
            rows.push(row.into_iter().map(Value::into_owned).collect());
        }
        if let Progress::Done(summary) = progress {
            return Ok(Outcome { columns, rows, summary, bookmark: Bookmark::default() });
        }
    }
}

/// Runs a statement without parameters inside a transaction.
pub(crate) async fn run(session: &mut EmbeddedSession, query: &str) -> Result<Outcome, Failure> {
    run_in(session, query, Dictionary::default()).await
}

pub(crate) fn timeout(milliseconds: u64) -> TransactionSettings<'static> {
    TransactionSettings { auto_commit: true, timeout: Some(Duration::from_millis(milliseconds)), ..TransactionSettings::default() }
}

pub(crate) fn int(value: i64) -> Value<'static> {
    Value::Integer(value)
}

pub(crate) fn ints(values: &[i64]) -> Value<'static> {
    Value::List(values.iter().map(|&value| int(value)).collect())
}

pub(crate) fn text(value: &'static str) -> Value<'static> {
    Value::from(value)
}

pub(crate) fn map(entries: impl IntoIterator<Item = (&'static str, Value<'static>)>) -> Value<'static> {
    Value::from(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect::<Dictionary<'static>>())
}

pub(crate) fn node(value: &Value<'static>) -> Node<'static> {
    match value {
        Value::Node(node) => (**node).clone(),
        other => panic!("not a node: {other:?}"),
    }
}

pub(crate) fn relationship(value: &Value<'static>) -> Relationship<'static> {
    match value {
        Value::Relationship(relationship) => (**relationship).clone(),
        other => panic!("not a relationship: {other:?}"),
    }
}
