//! A backend that does what the statement says, and counts what is done to it.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use boltwright::backend::{
    Access, Backend, BackendSession, Bookmark, Opened, Progress, ResultKind, RowWriter, Summary, TransactionSettings,
};
use boltwright::generated::{Date, ErrorCode, Value};
use boltwright::wire::Failure;
use boltwright::wire::packstream::Dictionary;

#[derive(Clone, Debug, Default)]
pub(crate) struct Scripted(pub Arc<Counts>);

#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) open: AtomicI64,
    pub(crate) committed: AtomicI64,
    pub(crate) cancelled: AtomicI64,
    pub(crate) rows: AtomicI64,
}

pub(crate) struct Transaction(Arc<Counts>);

pub(crate) enum Cursor {
    /// Numbers until the end; the one at which it fails; a text that each row has beside its number.
    Numbers {
        next: i64,
        end: i64,
        fails: Option<i64>,
        text: String,
    },
    Values(Vec<Value<'static>>),
    Nothing,
}

impl Scripted {
    pub(crate) fn open(&self) -> i64 {
        self.0.open.load(Ordering::SeqCst)
    }
    pub(crate) fn committed(&self) -> i64 {
        self.0.committed.load(Ordering::SeqCst)
    }
    pub(crate) fn cancelled(&self) -> i64 {
        self.0.cancelled.load(Ordering::SeqCst)
    }
    pub(crate) fn rows(&self) -> i64 {
        self.0.rows.load(Ordering::SeqCst)
    }
}

impl Backend for Scripted {
    type Session = Transaction;
    async fn open(&self, access: Access<'_>) -> Result<Transaction, Failure> {
        if access.database == Some("nowhere") {
            return Err(Failure::new(ErrorCode::DatabaseDatabaseNotFound, "No database has this name."));
        }
        self.0.open.fetch_add(1, Ordering::SeqCst);
        Ok(Transaction(Arc::clone(&self.0)))
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl BackendSession for Transaction {
    type Cursor = Cursor;

    fn database(&self) -> &str {
        "home"
    }

    async fn begin(&mut self, _: TransactionSettings<'_>) -> Result<(), Failure> {
        Ok(())
    }

    async fn run(&mut self, query: &str, parameters: Dictionary<'_>) -> Result<Opened<Cursor>, Failure> {
        let words: Vec<_> = query.split(' ').collect();
        let number = |index: usize| words.get(index).and_then(|word| word.parse().ok()).unwrap_or(0);
        let columns = |count: usize| (0..count).map(|column| format!("c{column}")).collect();
        let numbers = |fails, text: String| Cursor::Numbers { next: 0, end: number(1), fails, text };
        let values = |values: Vec<Value<'static>>| Ok(Opened { columns: columns(values.len()), cursor: Cursor::Values(values) });
        match words[0] {
            "ROWS" => Ok(Opened { columns: columns(1), cursor: numbers(None, String::new()) }),
            "FAILAT" => Ok(Opened { columns: columns(1), cursor: numbers(Some(number(2)), String::new()) }),
            "BIG" => Ok(Opened { columns: columns(2), cursor: numbers(None, "x".repeat(number(2) as usize)) }),
            "HANG" => pending().await,
            "SLEEP" => {
                tokio::time::sleep(Duration::from_millis(number(1) as u64)).await;
                Ok(Opened { columns: Vec::new(), cursor: Cursor::Nothing })
            }
            "NOTHING" => Ok(Opened { columns: Vec::new(), cursor: Cursor::Nothing }),
            "UUID" => values(vec![Value::Uuid([7; 16])]),
            "DATE" => values(vec![Value::Integer(1), Value::Date(Date { days: 1 })]),
            "ECHO" => values(vec![parameters.get("x").cloned().unwrap_or(Value::Null).into_owned()]),
            _ => Err(Failure::new(ErrorCode::StatementSyntaxError, "Expected something else.")),
        }
    }

    async fn fetch(&mut self, cursor: &mut Cursor, rows: &mut RowWriter<'_>) -> Result<Progress, Failure> {
        match cursor {
            Cursor::Nothing => {}
            Cursor::Values(values) => {
                rows.begin_row()?;
                for value in values.iter() {
                    rows.value(value)?;
                }
                rows.end_row()?;
            }
            Cursor::Numbers { next, end, fails, text } => {
                while rows.wants_more() && next < end {
                    rows.begin_row()?;
                    if Some(*next) == *fails {
                        return Err(Failure::new(ErrorCode::StatementArithmeticError, "There is no such number."));
                    }
                    rows.integer(*next)?;
                    if rows.columns() > 1 {
                        rows.string(text)?;
                    }
                    rows.end_row()?;
                    *next += 1;
                    self.0.rows.fetch_add(1, Ordering::SeqCst);
                }
                if next < end {
                    return Ok(Progress::More);
                }
            }
        }
        Ok(Progress::Done(Summary::new(ResultKind::Read)))
    }

    async fn discard(&mut self, _: Cursor) -> Result<Summary, Failure> {
        Ok(Summary::new(ResultKind::Read))
    }

    async fn commit(&mut self) -> Result<Bookmark, Failure> {
        let count = self.0.committed.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(Bookmark(format!("b{count}")))
    }

    async fn rollback(&mut self) -> Result<(), Failure> {
        Ok(())
    }

    async fn cancel(self) {
        self.0.cancelled.fetch_add(1, Ordering::SeqCst);
    }
}
