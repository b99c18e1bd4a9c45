//! What the embedded database can and cannot do. `docs/embedded.md` names these tests.

mod commands;
mod elements;
mod harness;
mod running;
mod statements;
mod values;
