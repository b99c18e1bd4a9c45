//! Bolt, every version of it, generated from one specification.
