//! A whole backend: names, added with `ADD $name` and read with `LIST`, inside transactions.

use std::sync::{Arc, Mutex, PoisonError};

use boltwright::backend::*;
use boltwright::generated::{ErrorCode, Value};
use boltwright::server::{Server, Settings, auth::Open};
use boltwright::wire::{Failure, packstream::Dictionary};

/// The names that are committed.
#[derive(Default)]
pub struct Database(Arc<Mutex<Vec<String>>>);
/// What is added stays here until it is committed: to drop it is to roll back.
pub struct Transaction(Arc<Mutex<Vec<String>>>, Vec<String>);

impl Backend for Database {
    type Session = Transaction;
    async fn open(&self, _: Access<'_>) -> Result<Transaction, Failure> {
        Ok(Transaction(Arc::clone(&self.0), Vec::new()))
    }
}

impl BackendSession for Transaction {
    type Cursor = std::vec::IntoIter<String>;
    fn database(&self) -> &str {
        "names"
    }
    async fn run(&mut self, query: &str, parameters: Dictionary<'_>) -> Result<Opened<Self::Cursor>, Failure> {
        if let ("ADD $name", Some(Value::String(name))) = (query, parameters.get("name")) {
            self.1.push(name.to_string());
            return Ok(Opened { columns: Vec::new(), cursor: Vec::new().into_iter() });
        } else if query != "LIST" {
            return Err(Failure::new(ErrorCode::StatementSyntaxError, "Expected LIST, or ADD $name with a string."));
        }
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Opened { columns: vec!["name".to_owned()], cursor: [&names[..], &self.1].concat().into_iter() })
    }
    async fn fetch(&mut self, names: &mut Self::Cursor, rows: &mut RowWriter<'_>) -> Result<Progress, Failure> {
        while let Some(name) = rows.wants_more().then(|| names.next()).flatten() {
            rows.begin_row()?;
            rows.string(&name)?;
            rows.end_row()?;
        }
        Ok(if names.len() > 0 { Progress::More } else { Progress::Done(Summary::new(ResultKind::ReadWrite)) })
    }
    async fn discard(&mut self, _: Self::Cursor) -> Result<Summary, Failure> {
        Ok(Summary::new(ResultKind::ReadWrite))
    }
    async fn commit(&mut self) -> Result<Bookmark, Failure> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).append(&mut self.1);
        Ok(Bookmark::default())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    Server::bind("127.0.0.1:7687", Database::default(), Open, Settings::default()).await?.run(std::future::pending()).await;
    Ok(())
}
