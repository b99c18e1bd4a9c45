//! What the embedded database can and cannot do. `docs/embedded.md` names these tests.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod commands;
mod elements;
mod harness;
mod running;
mod statements;
mod values;
