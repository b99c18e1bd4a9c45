//! Returns what it is given: `RETURN $x` gives back the parameter, whatever its type. Drivers can be tried on it without a database.
//!
//! Two more statements show what a backend can say beside rows: one that matches a label gets a notification that nothing has it,
//! and `UNWIND [1, 2, 0] AS n RETURN 6 / n AS n` fails behind its second row. Whatever else it unwinds is of the wrong type.

use std::vec::IntoIter;

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

/// The rows of a result, and what is said at its end.
pub struct Answer {
    rows: IntoIter<Vec<Value<'static>>>,
    end: Result<Summary, Failure>,
}

impl Answer {
    fn new(rows: Vec<Vec<Value<'static>>>, end: Result<Summary, Failure>) -> Self {
        Self { rows: rows.into_iter(), end }
    }
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
            return Ok(Opened { columns: vec!["n".to_owned()], cursor: Answer::new(Vec::new(), Ok(summary)) });
        }
        if let Some(division) = query.strip_prefix("UNWIND ") {
            let (quotients, end) = divided(division, summary);
            return Ok(Opened { columns: vec!["n".to_owned()], cursor: Answer::new(quotients, end) });
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
        Ok(Opened { columns, cursor: Answer::new(vec![row], Ok(summary)) })
    }
    async fn fetch(&mut self, answer: &mut Self::Cursor, rows: &mut RowWriter<'_>) -> Result<Progress, Failure> {
        while let Some(row) = rows.wants_more().then(|| answer.rows.next()).flatten() {
            rows.begin_row()?;
            for value in &row {
                rows.value(value)?;
            }
            rows.end_row()?;
        }
        if answer.rows.len() > 0 { Ok(Progress::More) } else { answer.end.clone().map(Progress::Done) }
    }
    async fn discard(&mut self, answer: Self::Cursor) -> Result<Summary, Failure> {
        answer.end
    }
    async fn commit(&mut self) -> Result<Bookmark, Failure> {
        Ok(Bookmark::default())
    }
}

/// The quotients of `[1, 2, 0] AS n RETURN 6 / n AS n` up to the first that is none, and what comes behind them.
fn divided(division: &str, summary: Summary) -> (Vec<Vec<Value<'static>>>, Result<Summary, Failure>) {
    let numbers = || {
        let (divisors, rest) = division.strip_prefix('[')?.split_once("] AS n RETURN ")?;
        let divisors: Result<Vec<i64>, _> = divisors.split(", ").map(str::parse).collect();
        Some((rest.strip_suffix(" / n AS n")?.parse::<i64>().ok()?, divisors.ok()?))
    };
    let Some((dividend, divisors)) = numbers() else {
        let message = "Expected a division such as UNWIND [1, 2, 0] AS n RETURN 6 / n AS n; nothing else is computed here.";
        return (Vec::new(), Err(Failure::new(ErrorCode::StatementTypeError, message)));
    };
    let quotients: Vec<_> = divisors.iter().map_while(|divisor| dividend.checked_div(*divisor)).collect();
    let is_whole = quotients.len() == divisors.len();
    let end = if is_whole { Ok(summary) } else { Err(Failure::new(ErrorCode::StatementArithmeticError, format!("{dividend} / 0"))) };
    (quotients.into_iter().map(|quotient| vec![Value::Integer(quotient)]).collect(), end)
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
