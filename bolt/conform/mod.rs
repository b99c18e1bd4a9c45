//! The conformance kit: conversations between a client and a server, to be played against any server that speaks Bolt.

pub mod case;
pub mod consequence;
pub mod generate;
pub mod known;
pub mod outcome;
pub mod player;
pub mod profile;
pub mod report;
pub mod run;
pub mod tcp;
pub mod transcript;
