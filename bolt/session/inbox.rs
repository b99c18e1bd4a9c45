//! What has come in on a connection: bytes, then whole messages in a queue that can be looked through for what jumps it.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

use crate::generated::{RequestKind, Signal, Version, marker};
use crate::wire::chunk::{ChunkError, Dechunker};

/// Bytes and messages that came in and are not dealt with yet.
///
/// Messages are taken out of the bytes one at a time, each under the limit in force at that moment, unless
/// [`look_ahead`](Self::look_ahead) is called: then what interrupts or closes is seen before its turn.
#[derive(Clone, Debug)]
pub struct Inbox {
    version: Version,
    input: BytesMut,
    chunks: Dechunker,
    queue: VecDeque<Bytes>,
    queued: usize,
    interrupts: usize,
    closes: usize,
    error: Option<ChunkError>,
}

/// Bytes that may wait before no more are read.
const ROOM: usize = 256 << 10;

/// Messages that may wait before no more are taken out of the bytes.
const MESSAGES: usize = 1024;

impl Inbox {
    /// An inbox that starts with what came behind the handshake.
    #[must_use]
    pub fn new(version: Version, input: BytesMut, limit: usize) -> Self {
        let chunks = Dechunker::new(limit);
        Self { version, input, chunks, queue: VecDeque::new(), queued: 0, interrupts: 0, closes: 0, error: None }
    }

    /// Where to put bytes that came in.
    pub const fn input(&mut self) -> &mut BytesMut {
        &mut self.input
    }

    /// The most that a message may hold, from the next one on that is taken out of the bytes.
    pub const fn set_limit(&mut self, limit: usize) {
        self.chunks.set_limit(limit);
    }

    /// Whether more should be read now. A message that is not all there always has room, up to the limit of a message.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.error.is_none() && (self.queued + self.input.len() < ROOM || self.queue.is_empty() && self.chunks.needs(&self.input) > 0)
    }

    /// How many bytes there should be room for in the next read.
    #[must_use]
    pub fn needs(&self) -> usize {
        self.chunks.needs(&self.input)
    }

    /// The next message.
    ///
    /// # Errors
    /// When the next message is over the limit; then nothing sensible can follow.
    pub fn take(&mut self) -> Result<Option<Bytes>, ChunkError> {
        if self.queue.is_empty() {
            return match self.error.clone() {
                Some(error) => Err(error),
                None => self.chunks.next(&mut self.input),
            };
        }
        let message = self.queue.pop_front();
        if let Some(message) = &message {
            self.queued -= message.len();
            match self.signal(message) {
                Some(Signal::Interrupt) => self.interrupts -= 1,
                Some(Signal::Close) => self.closes -= 1,
                None => {}
            }
        }
        Ok(message)
    }

    /// Takes messages out of the bytes before their turn, to see what interrupts or closes.
    pub fn look_ahead(&mut self) {
        while self.error.is_none() && self.queue.len() < MESSAGES {
            match self.chunks.next(&mut self.input) {
                Ok(Some(message)) => self.push(message),
                Ok(None) => break,
                Err(error) => self.error = Some(error),
            }
        }
    }

    /// How many interrupts are in the queue.
    #[must_use]
    pub const fn interrupts(&self) -> usize {
        self.interrupts
    }

    /// Whether the client says in the queue that it closes.
    #[must_use]
    pub const fn closing(&self) -> bool {
        self.closes > 0
    }

    /// Whether a message has begun that is not all there.
    #[must_use]
    pub fn in_message(&self) -> bool {
        self.chunks.in_message(&self.input)
    }

    fn push(&mut self, message: Bytes) {
        match self.signal(&message) {
            Some(Signal::Interrupt) => self.interrupts += 1,
            Some(Signal::Close) => self.closes += 1,
            None => {}
        }
        self.queued += message.len();
        self.queue.push_back(message);
    }

    fn signal(&self, message: &[u8]) -> Option<Signal> {
        kind_of(message, self.version)?.signal()
    }
}

/// The request that a message starts as, if it is one of the version's.
pub(super) fn kind_of(message: &[u8], version: Version) -> Option<RequestKind> {
    let [first, tag, ..] = *message else {
        return None;
    };
    (first & 0xF0 == marker::STRUCTURE_TINY).then(|| RequestKind::from_tag(tag, version)).flatten()
}
