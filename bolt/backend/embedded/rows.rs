//! Open results: rows that the engine has computed, on their way out.

use grafeo_common::types::Value;

use crate::backend::{Progress, RowWriter, Summary};
use crate::generated::Plan;
use crate::wire::Failure;

use super::values::Output;

/// An open result. The engine computes all rows when the statement runs; they are encoded as they are asked for.
#[derive(Debug)]
pub struct Rows {
    pub(super) columns: Vec<String>,
    /// Which of the engine's columns these are.
    places: Vec<usize>,
    rows: std::vec::IntoIter<Vec<Value>>,
    summary: Summary,
}

impl Rows {
    /// Rows of the engine; `places` says which of its columns are to be seen, under which name.
    pub(super) fn new(columns: Vec<String>, places: Vec<usize>, rows: Vec<Vec<Value>>, summary: Summary) -> Self {
        Self { columns, places, rows: rows.into_iter(), summary }
    }

    /// A result without columns.
    pub(super) fn none(summary: Summary) -> Self {
        Self::new(Vec::new(), Vec::new(), Vec::new(), summary)
    }

    /// Says how the statement was run.
    pub(super) fn set_profile(&mut self, profile: Plan<'static>) {
        self.summary.profile = Some(profile);
    }

    /// Writes rows as long as they are wanted.
    pub(super) fn write(&mut self, writer: &mut RowWriter<'_>) -> Result<Progress, Failure> {
        let output = Output::default();
        while writer.wants_more() {
            let Some(row) = self.rows.next() else { break };
            writer.begin_row()?;
            for &place in &self.places {
                output.write(writer.writer(), &row[place])?;
            }
            output.check()?;
            writer.end_row()?;
        }
        if self.rows.len() > 0 { Ok(Progress::More) } else { Ok(Progress::Done(self.summary.clone())) }
    }

    /// What there is to say at the end.
    pub(super) fn into_summary(self) -> Summary {
        self.summary
    }
}
