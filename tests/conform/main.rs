//! The kit finds faults: those that were put into our own server for it to find, and those of somebody else's server.
#![allow(clippy::unwrap_used, reason = "what fails here is the test")]

mod boltr_server;
mod command;
mod faults;
mod ours;
mod proxy;
