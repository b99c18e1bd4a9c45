//! Returns what it is given: `RETURN $x` gives back the parameter, whatever its type. Drivers can be tried on it without a database.

use boltwright::backend::*;
use boltwright::generated::{ErrorCode, Value};
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

impl BackendSession for Echo {
    type Cursor = Vec<Value<'static>>;
    fn database(&self) -> &str {
        "echo"
    }
    async fn run(&mut self, query: &str, parameters: Dictionary<'_>) -> Result<Opened<Self::Cursor>, Failure> {
        let Some(names) = query.trim().strip_prefix("RETURN ") else {
            return Err(Failure::new(ErrorCode::StatementSyntaxError, "Expected RETURN and parameters, such as RETURN $x, $y."));
        };
        let (mut columns, mut cursor) = (Vec::new(), Vec::new());
        for name in names.split(',').map(|name| name.trim().trim_start_matches('$')) {
            let missing = || Failure::new(ErrorCode::StatementParameterMissing, format!("Expected a parameter {name}; send it along."));
            columns.push(name.to_owned());
            cursor.push(parameters.get(name).cloned().ok_or_else(missing)?.into_owned());
        }
        Ok(Opened { columns, cursor })
    }
    async fn fetch(&mut self, row: &mut Self::Cursor, rows: &mut RowWriter<'_>) -> Result<Progress, Failure> {
        rows.begin_row()?;
        for value in row.iter() {
            rows.value(value)?;
        }
        rows.end_row()?;
        Ok(Progress::Done(Summary::new(ResultKind::Read)))
    }
    async fn discard(&mut self, _: Self::Cursor) -> Result<Summary, Failure> {
        Ok(Summary::new(ResultKind::Read))
    }
    async fn commit(&mut self) -> Result<Bookmark, Failure> {
        Ok(Bookmark::default())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::bind("127.0.0.1:7687", Echo, Open, Settings::default()).await?;
    println!("Bolt: listening on bolt://{}", server.local_address());
    server.run(std::future::pending()).await;
    Ok(())
}
