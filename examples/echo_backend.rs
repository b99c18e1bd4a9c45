//! Returns what it is given: `RETURN $x` gives back the parameter, whatever its type. Drivers can be tried on it without a database.
//!
//! Two more statements show what a backend can say beside rows: one that matches a label gets a notification that nothing has it,
//! and one that unwinds a list gets a type error.

use boltwright::backend::*;
use boltwright::generated::{ErrorCode, NotificationCode, Value, Version};
use boltwright::server::{Server, Settings, auth::Open};
use boltwright::wire::{Failure, packstream::Dictionary};

/// The database that is none.
pub struct Echo;

impl Backend for Echo {
    type Session = Self;
    async fn open(&self, _: Access<'_>) -> Result<Self, Failure> {
        Ok(Self)
    }
}

/// The only row of a result, if it has one, and what is said at its end.
pub struct Answer {
    row: Option<Vec<Value<'static>>>,
    summary: Summary,
}

impl BackendSession for Echo {
    type Cursor = Answer;
    fn database(&self) -> &str {
        "echo"
    }
    async fn run(&mut self, query: &str, parameters: Dictionary<'_>) -> Result<Opened<Self::Cursor>, Failure> {
        let mut summary = Summary::new(ResultKind::Read);
        if query.trim_start_matches("EXPLAIN ").starts_with("MATCH (n:") {
            summary.notifications.push(notification(NotificationCode::StatementUnknownLabelWarning));
            return Ok(Opened { columns: vec!["n".to_owned()], cursor: Answer { row: None, summary } });
        }
        if query.starts_with("UNWIND ") {
            return Err(Failure::new(ErrorCode::StatementTypeError, "Nothing is computed here, of whatever type it is."));
        }
        let Some(items) = query.trim().strip_prefix("RETURN ") else {
            return Err(Failure::new(ErrorCode::StatementSyntaxError, "Expected RETURN and parameters, such as RETURN $x, $y."));
        };
        let (mut columns, mut row) = (Vec::new(), Vec::new());
        for item in items.split(',').map(str::trim) {
            let (item, column) = item.split_once(" AS ").unwrap_or((item, item.trim_start_matches('$')));
            columns.push(column.to_owned());
            row.push(value(item, &parameters)?);
        }
        Ok(Opened { columns, cursor: Answer { row: Some(row), summary } })
    }
    async fn fetch(&mut self, answer: &mut Self::Cursor, rows: &mut RowWriter<'_>) -> Result<Progress, Failure> {
        if let Some(row) = answer.row.take() {
            rows.begin_row()?;
            for value in &row {
                rows.value(value)?;
            }
            rows.end_row()?;
        }
        Ok(Progress::Done(answer.summary.clone()))
    }
    async fn discard(&mut self, answer: Self::Cursor) -> Result<Summary, Failure> {
        Ok(answer.summary)
    }
    async fn commit(&mut self) -> Result<Bookmark, Failure> {
        Ok(Bookmark::default())
    }
}

/// A parameter, or an integer that is written out.
fn value(item: &str, parameters: &Dictionary<'_>) -> Result<Value<'static>, Failure> {
    if let Ok(number) = item.parse() {
        return Ok(Value::Integer(number));
    }
    let name = item.trim_start_matches('$');
    let missing = || Failure::new(ErrorCode::StatementParameterMissing, format!("Expected a parameter {name}; send it along."));
    Ok(parameters.get(name).cloned().ok_or_else(missing)?.into_owned())
}

/// `echo_backend [HOST:PORT [NEWEST VERSION]]`
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let address = arguments.first().map_or("127.0.0.1:7687", String::as_str);
    let mut settings = Settings::default();
    if let Some(newest) = arguments.get(1) {
        let newest: Version = newest.parse()?;
        settings.versions.retain(|version| *version <= newest);
    }
    let server = Server::bind(address, Echo, Open, settings).await?;
    println!("Bolt: listening on bolt://{}", server.local_address());
    server.run(std::future::pending()).await;
    Ok(())
}
