//! What a connection runs over.

use tokio::io::{AsyncRead, AsyncWrite};

/// A stream of bytes in both directions: TCP today, and whatever else carries Bolt. A connection asks for nothing more.
pub trait Transport: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Transport for T {}
