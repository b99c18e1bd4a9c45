//! Every release of every official driver, through the same scenarios.
//!
//! What is asked of them is `tests/drivers/scenarios.yaml`. A program in each language (in `tests/drivers/<language>/`) does it
//! with whichever release is installed and tells what its user saw. What users saw on a real Neo4j is kept in
//! `tests/drivers/expected/`, and so is what they see here where that differs, which needs a reason in `tests/drivers/reasons.yaml`.

mod error;
mod install;
mod judge;
mod plan;
mod program;
mod record;
mod report;
mod run;
mod server;

pub use error::Error;
pub use judge::{Cell, Mark};
pub use plan::{Backend, Difference, Language, LeftOut, Plan, Reason, Release, Scenario};
pub use record::{Outcome, Recorded, Records};
pub use report::{page, print, summary_table, with_table, write_pages};
pub use run::{Run, Target, keep, run};
pub use server::{Server, User};
