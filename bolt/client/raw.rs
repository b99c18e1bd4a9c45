//! Bytes and messages as they are, in both directions.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::AsyncReadExt;

use super::ClientError;
use crate::transport::Transport;
use crate::wire::chunk::{self, Dechunker};

/// A stream with what is on its way: bytes to be sent, and bytes that came. Nothing in it knows of versions or of the handshake.
///
/// Everything that waits may be given up and asked again: no byte is lost by it.
#[derive(Debug)]
pub struct Raw<T> {
    transport: T,
    input: BytesMut,
    output: BytesMut,
    chunks: Dechunker,
    ended: bool,
}

/// The least that there is room for in a read.
const READ: usize = 8 << 10;

/// The most that room is made for in one read.
const READ_MOST: usize = 1 << 20;

/// A buffer that grew over this is not kept.
const KEPT: usize = 1 << 20;

impl<T: Transport> Raw<T> {
    /// A stream on which nothing was said yet.
    #[must_use]
    pub fn new(transport: T) -> Self {
        Self { transport, input: BytesMut::new(), output: BytesMut::new(), chunks: Dechunker::new(chunk::LIMIT), ended: false }
    }

    /// Sets the most that a message of the server may hold, in bytes. Without it, it is [`chunk::LIMIT`].
    pub const fn set_message_limit(&mut self, limit: usize) {
        self.chunks.set_limit(limit);
    }

    /// What goes out with the next [`flush`](Self::flush). Bytes written here are sent as they are.
    pub const fn output(&mut self) -> &mut BytesMut {
        &mut self.output
    }

    /// What came and was not taken yet.
    pub const fn input(&mut self) -> &mut BytesMut {
        &mut self.input
    }

    /// Both, for what reads and writes at once, as a handshake does.
    pub const fn buffers(&mut self) -> (&mut BytesMut, &mut BytesMut) {
        (&mut self.input, &mut self.output)
    }

    /// Puts a message behind what goes out, in chunks. When writing it fails, nothing of it is left.
    ///
    /// # Errors
    /// Those of writing it.
    pub fn put<E>(&mut self, write: impl FnOnce(&mut BytesMut) -> Result<(), E>) -> Result<(), E> {
        let start = chunk::begin_message(&mut self.output);
        match write(&mut self.output) {
            Ok(()) => chunk::end_message(&mut self.output, start),
            Err(error) => {
                self.output.truncate(start);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Sends all that is there to go out. What comes meanwhile is taken in, so that a server which waits to be read from is not waited for.
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn flush(&mut self) -> io::Result<()> {
        poll_fn(|cx| self.poll_flush(cx)).await
    }

    /// Waits for more bytes, which go behind the [`input`](Self::input). False is the end of the stream.
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn receive(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        poll_fn(|cx| self.poll_receive(cx)).await
    }

    /// Waits for as many bytes as are asked for and takes them. Nothing comes back when the stream ends before.
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn take(&mut self, count: usize) -> io::Result<Option<Bytes>> {
        while self.input.len() < count {
            if !self.receive().await? {
                return Ok(None);
            }
        }
        Ok(Some(self.input.split_to(count).freeze()))
    }

    /// Waits for the next message and takes it; NOOPs before it are passed over. Nothing comes back when the stream ends before.
    ///
    /// # Errors
    /// When the connection is broken, or the message is over the limit.
    pub async fn message(&mut self) -> Result<Option<Bytes>, ClientError> {
        loop {
            if let Some(message) = self.chunks.next(&mut self.input)? {
                return Ok(Some(message));
            }
            if !self.receive().await? {
                return Ok(None);
            }
        }
    }

    /// Says that nothing more will be sent. The server may still answer.
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn shut(&mut self) -> io::Result<()> {
        poll_fn(|cx| Pin::new(&mut self.transport).poll_shutdown(cx)).await
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.output.is_empty() {
            match Pin::new(&mut self.transport).poll_write(cx, &self.output)? {
                Poll::Ready(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(written) => self.output.advance(written),
                // A server that says more than it may without being asked gets no memory for it.
                Poll::Pending if self.ended || self.input.len() > self.chunks.limit() => return Poll::Pending,
                Poll::Pending => {
                    ready!(self.poll_receive(cx))?;
                }
            }
        }
        // What was advanced over is given back, so that the buffer is used from its start again.
        if self.output.capacity() > KEPT {
            self.output = BytesMut::new()
        } else {
            self.output.clear()
        }
        Pin::new(&mut self.transport).poll_flush(cx)
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let room = self.chunks.needs(&self.input).clamp(READ, READ_MOST);
        self.input.reserve(room);
        let count = ready!(pin!(self.transport.read_buf(&mut self.input)).poll(cx))?;
        self.ended = count == 0;
        Poll::Ready(Ok(!self.ended))
    }
}
