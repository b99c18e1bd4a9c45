//! Rows, written column by column straight into the connection's output.

use bytes::BytesMut;

use crate::generated::{Dialect, ErrorCode, Value, response};
use crate::wire::packstream::{EncodeError, Mark, Writer};
use crate::wire::{Failure, chunk};

/// Takes the rows of a result: [`begin_row`](Self::begin_row), each column in order, [`end_row`](Self::end_row), as long as it
/// [wants more](Self::wants_more). Nothing is kept of a row but its bytes.
///
/// ```no_run
/// # use boltwright::backend::RowWriter;
/// # use boltwright::wire::Failure;
/// fn write(rows: &mut RowWriter<'_>, people: &mut impl Iterator<Item = (String, i64)>) -> Result<(), Failure> {
///     while rows.wants_more() {
///         let Some((name, age)) = people.next() else { break };
///         rows.begin_row()?;
///         rows.string(&name)?;
///         rows.integer(age)?;
///         rows.end_row()?;
///     }
///     Ok(())
/// }
/// ```
///
/// A row that is begun and not ended leaves no trace.
#[derive(Debug)]
pub struct RowWriter<'a> {
    writer: Writer<'a>,
    columns: usize,
    tally: &'a mut Tally,
    /// Where the buffer is full enough to be sent.
    mark: usize,
    /// Rows written by this writer.
    rows: usize,
    row: Option<Row>,
}

/// What was asked for of a result, and what came of it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// How many rows are still asked for; none is all there are.
    pub demand: Option<u64>,
    /// Rows are counted but not sent.
    pub discards: bool,
    /// How many rows there were so far.
    pub rows: u64,
    /// How many values in them were replaced, since the version of the connection cannot carry them.
    pub placeholders: usize,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    undo: Mark,
    /// How many values were replaced before it.
    placeholders: usize,
    /// Where its message starts.
    start: usize,
    /// Columns written so far.
    columns: usize,
}

/// Rows that are thrown away before others get a turn.
const DISCARDED_AT_ONCE: usize = 4096;

impl<'a> RowWriter<'a> {
    /// A writer of rows with so many columns, behind what the buffer holds, until the buffer is at its mark.
    pub fn new(out: &'a mut BytesMut, dialect: Dialect, columns: usize, tally: &'a mut Tally, mark: usize) -> Self {
        Self { writer: Writer::new(out, dialect), columns, tally, mark, rows: 0, row: None }
    }

    /// Whether another row should be written now. The first one always fits, so that every call gets on.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        let room = match self.rows {
            0 => true,
            rows if self.tally.discards => rows < DISCARDED_AT_ONCE,
            _ => self.writer.position() < self.mark,
        };
        room && self.tally.demand != Some(0)
    }

    /// How many columns a row has.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// Begins a row. One that was begun before and not ended is dropped.
    ///
    /// # Errors
    /// When there are more columns than a list can hold.
    pub fn begin_row(&mut self) -> Result<(), EncodeError> {
        self.undo_row();
        let (undo, placeholders) = (self.writer.mark(), self.writer.placeholders());
        let start = chunk::begin_message(self.writer.buffer());
        self.row = Some(Row { undo, placeholders, start, columns: 0 });
        response::Record::write(&mut self.writer, |writer| writer.list_header(self.columns))
    }

    /// Ends the row: now it counts.
    ///
    /// # Errors
    /// When the row was not begun, or has too few or too many columns. It is dropped then.
    pub fn end_row(&mut self) -> Result<(), Failure> {
        let columns = self.row.map(|row| row.columns);
        let Some(row) = self.row.take_if(|row| row.columns == self.columns) else {
            self.undo_row();
            return Err(wrong_columns(self.columns, columns));
        };
        if self.tally.discards {
            self.writer.truncate(row.undo);
        } else {
            chunk::end_message(self.writer.buffer(), row.start);
            self.tally.placeholders += self.writer.placeholders() - row.placeholders;
        }
        self.rows += 1;
        self.tally.rows += 1;
        if let Some(demand) = &mut self.tally.demand {
            *demand = demand.saturating_sub(1);
        }
        Ok(())
    }

    /// The writer for the next column, which takes exactly one value: for nodes, lists and all else that is written piece by piece.
    pub fn writer(&mut self) -> &mut Writer<'a> {
        if let Some(row) = &mut self.row {
            row.columns += 1;
        }
        &mut self.writer
    }

    /// Writes null as the next column.
    ///
    /// # Errors
    /// Never; all columns are written through one signature.
    pub fn null(&mut self) -> Result<(), EncodeError> {
        self.writer().null()
    }

    /// Writes a boolean as the next column.
    ///
    /// # Errors
    /// Never; all columns are written through one signature.
    pub fn boolean(&mut self, value: bool) -> Result<(), EncodeError> {
        self.writer().boolean(value)
    }

    /// Writes an integer as the next column.
    ///
    /// # Errors
    /// Never; all columns are written through one signature.
    pub fn integer(&mut self, value: i64) -> Result<(), EncodeError> {
        self.writer().integer(value)
    }

    /// Writes a float as the next column.
    ///
    /// # Errors
    /// Never; all columns are written through one signature.
    pub fn float(&mut self, value: f64) -> Result<(), EncodeError> {
        self.writer().float(value)
    }

    /// Writes bytes as the next column.
    ///
    /// # Errors
    /// When they are too long for the protocol.
    pub fn bytes(&mut self, value: &[u8]) -> Result<(), EncodeError> {
        self.writer().bytes(value)
    }

    /// Writes a string as the next column.
    ///
    /// # Errors
    /// When it is too long for the protocol.
    pub fn string(&mut self, value: &str) -> Result<(), EncodeError> {
        self.writer().string(value)
    }

    /// Writes a value of any type as the next column.
    ///
    /// # Errors
    /// When the version of the connection cannot carry it.
    pub fn value(&mut self, value: &Value<'_>) -> Result<(), EncodeError> {
        self.writer().value(value)
    }

    fn undo_row(&mut self) {
        if let Some(row) = self.row.take() {
            self.writer.truncate(row.undo);
        }
    }
}

impl Drop for RowWriter<'_> {
    fn drop(&mut self) {
        self.undo_row();
    }
}

fn wrong_columns(expected: usize, got: Option<usize>) -> Failure {
    let message = match got {
        Some(got) => {
            format!("The database wrote {got} columns of a row that has {expected}. This is a fault of the server; please report it.")
        }
        None => "The database ended a row that it had not begun. This is a fault of the server; please report it.".to_owned(),
    };
    Failure::new(ErrorCode::GeneralUnknownError, message)
}
