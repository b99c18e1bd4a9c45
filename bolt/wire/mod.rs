//! Bytes to values and back: PackStream, chunking, and the handshake that settles a version. No I/O, no clock.

pub mod chunk;
mod convert;
mod failure;
pub mod handshake;
pub mod packstream;
pub mod reflect;
pub mod support;
pub mod zone;

pub use failure::Failure;
