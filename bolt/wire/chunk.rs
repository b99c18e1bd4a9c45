//! Messages as chunks: a length of two bytes and as many bytes, repeated; a length of zero ends the message.

use bytes::{Buf, Bytes, BytesMut};
use thiserror::Error;

/// What a client may send in one message before it is authenticated, in bytes.
pub const LIMIT_BEFORE_AUTHENTICATION: usize = 8192;

/// What a message may hold otherwise, unless a server is told something else: 128 MiB.
pub const LIMIT: usize = 128 << 20;

/// The longest chunk that is written. The Java driver 1.5 takes none that is longer than 32 767 bytes with its header.
const CHUNK_MAX: usize = i16::MAX as usize - HEADER;
const HEADER: usize = size_of::<u16>();
const END: [u8; HEADER] = [0; HEADER];

/// Begins a message behind what the buffer holds. What is then written behind it is the message, until [`end_message`].
///
/// Returns the place where it starts, which `end_message` takes; cutting the buffer off there undoes the message.
#[must_use]
pub fn begin_message(out: &mut BytesMut) -> usize {
    let start = out.len();
    out.extend_from_slice(&END);
    start
}

/// Ends the message that began at `start`: patches its length in, and splits it when it is too long for one chunk.
/// Of a message without a byte nothing is left, since it would be a NOOP.
pub fn end_message(out: &mut BytesMut, start: usize) {
    let length = out.len().saturating_sub(start + HEADER);
    match length {
        0 => out.truncate(start),
        1..=CHUNK_MAX => {
            out[start..start + HEADER].copy_from_slice(&(length as u16).to_be_bytes());
            out.extend_from_slice(&END);
        }
        _ => split(out, start, length),
    }
}

/// Writes a chunk that says nothing but that the connection is alive. It goes between messages.
pub fn write_noop(out: &mut BytesMut) {
    out.extend_from_slice(&END);
}

/// Makes room for the headers of all chunks but the first, from the last chunk to the first, so that each byte moves once.
fn split(out: &mut BytesMut, start: usize, length: usize) {
    let chunks = length.div_ceil(CHUNK_MAX);
    out.resize(out.len() + chunks * HEADER, 0);
    for chunk in (0..chunks).rev() {
        let from = start + HEADER + chunk * CHUNK_MAX;
        let size = CHUNK_MAX.min(length - chunk * CHUNK_MAX);
        let to = from + chunk * HEADER;
        out.copy_within(from..from + size, to);
        // `size` is at most CHUNK_MAX, which is what fits.
        out[to - HEADER..to].copy_from_slice(&(size as u16).to_be_bytes());
    }
    let end = out.len() - HEADER;
    out[end..].copy_from_slice(&END);
}

/// Why chunks make no message.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum ChunkError {
    /// A message over the limit; the chunk that leads over it need not be there yet.
    #[error("a message of {size} bytes or more is over the limit of {limit}")]
    TooLarge {
        /// The most that a message may hold.
        limit: usize,
        /// What the message holds at least.
        size: usize,
    },
}

/// Takes messages out of the bytes that came in.
///
/// It remembers how far it has looked, so that bytes which come one by one are looked at once. Nothing of an unfinished message
/// is taken out of the input.
#[derive(Clone, Debug)]
pub struct Dechunker {
    limit: usize,
    /// How much of the unfinished message is in one piece at the front of the input.
    message: usize,
    /// How far the chunk that follows is from there: one header for each chunk behind the first.
    gap: usize,
}

impl Dechunker {
    /// A dechunker between messages.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { limit, message: 0, gap: 0 }
    }

    /// The most that a message may hold.
    #[must_use]
    pub const fn limit(&self) -> usize {
        self.limit
    }

    /// Sets the most that a message may hold; for a message that has begun, it counts from the next chunk on.
    pub const fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Whether a message has begun that is not all there: at the end of a connection it is lost. NOOPs and whole messages have to be
    /// taken out before.
    #[must_use]
    pub fn in_message(&self, input: &BytesMut) -> bool {
        !input.is_empty()
    }

    /// How many bytes more are needed at least before there can be a message, to read them at once.
    #[must_use]
    pub fn needs(&self, input: &BytesMut) -> usize {
        let unread = input.len().saturating_sub(self.message + self.gap);
        let next = self.chunk(input).map_or(0, |size| if size == 0 { 0 } else { size + HEADER });
        (HEADER + next).saturating_sub(unread)
    }

    /// Takes the next message out of the input, once it is all there. A message of one chunk is not copied, and of another one
    /// each byte is moved once.
    ///
    /// # Errors
    /// When the message is over the limit, as soon as the length of the chunk that leads over it has come. The input then still
    /// holds that chunk, so that nothing sensible can follow.
    pub fn next(&mut self, input: &mut BytesMut) -> Result<Option<Bytes>, ChunkError> {
        while let Some(size) = self.chunk(input) {
            if size == 0 && self.message == 0 {
                input.advance(HEADER); // A NOOP.
                continue;
            }
            if size == 0 {
                let message = input.split_to(self.message).freeze();
                input.advance(self.gap + HEADER);
                self.message = 0;
                self.gap = 0;
                return Ok(Some(message));
            }

            let total = self.message + size;
            if total > self.limit {
                return Err(ChunkError::TooLarge { limit: self.limit, size: total });
            }
            let from = self.message + self.gap + HEADER;
            if input.len() < from + size {
                break;
            }
            if self.message == 0 {
                input.advance(HEADER);
            } else {
                input.copy_within(from..from + size, self.message);
                self.gap += HEADER;
            }
            self.message = total;
        }
        Ok(None)
    }

    /// The length of the next chunk, if it has come.
    #[inline]
    fn chunk(&self, input: &BytesMut) -> Option<usize> {
        let (header, _) = input.get(self.message + self.gap..)?.split_first_chunk()?;
        Some(usize::from(u16::from_be_bytes(*header)))
    }
}

impl Default for Dechunker {
    fn default() -> Self {
        Self::new(LIMIT_BEFORE_AUTHENTICATION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunked(message: &[u8]) -> BytesMut {
        let mut out = BytesMut::new();
        let start = begin_message(&mut out);
        out.extend_from_slice(message);
        end_message(&mut out, start);
        out
    }

    fn all(dechunker: &mut Dechunker, input: &mut BytesMut) -> Vec<Bytes> {
        std::iter::from_fn(|| dechunker.next(input).unwrap()).collect()
    }

    fn pattern(length: usize) -> Vec<u8> {
        (0..length).map(|index| (index % 251) as u8).collect()
    }

    #[test]
    fn message_has_its_length_in_front_and_zero_behind() {
        assert_eq!(chunked(&[0xB0, 0x0F]).as_ref(), [0x00, 0x02, 0xB0, 0x0F, 0x00, 0x00]);
    }

    #[test]
    fn message_goes_behind_what_the_buffer_holds() {
        let mut out = BytesMut::from(&[0xAA][..]);
        write_noop(&mut out);
        let start = begin_message(&mut out);
        out.extend_from_slice(&[0x01]);
        end_message(&mut out, start);
        assert_eq!(out.as_ref(), [0xAA, 0x00, 0x00, 0x00, 0x01, 0x01, 0x00, 0x00]);
    }

    #[test]
    fn empty_message_leaves_nothing() {
        assert!(chunked(&[]).is_empty());
    }

    #[test]
    fn long_messages_are_split_at_32765() {
        for length in [32_764, 32_765, 32_766, 65_529, 65_530, 65_531, 200_000] {
            let message = pattern(length);
            let mut expected = Vec::new();
            for chunk in message.chunks(32_765) {
                expected.extend_from_slice(&(chunk.len() as u16).to_be_bytes());
                expected.extend_from_slice(chunk);
            }
            expected.extend_from_slice(&[0x00, 0x00]);
            assert!(chunked(&message).as_ref() == expected, "{length}");
        }
    }

    #[test]
    fn long_messages_come_back_whole() {
        for length in [32_765, 32_766, 65_531, 1 << 20] {
            let message = pattern(length);
            let mut input = BytesMut::from(&[0x00, 0x00][..]);
            input.unsplit(chunked(&message));
            input.unsplit(chunked(&[0x7F]));
            let frames = all(&mut Dechunker::new(LIMIT), &mut input);
            assert_eq!(frames.len(), 2);
            assert!(frames[0] == message, "{length}");
            assert_eq!(frames[1].as_ref(), [0x7F]);
            assert!(input.is_empty());
        }
    }

    #[test]
    fn noops_are_skipped_anywhere_between_messages() {
        let bytes = [0, 0, 0, 0, 0, 1, 0x11, 0, 0, 0, 0, 0, 1, 0x22, 0, 1, 0x33, 0, 0, 0, 0];
        let mut input = BytesMut::from(&bytes[..]);
        let frames = all(&mut Dechunker::default(), &mut input);
        assert_eq!(frames, [&[0x11][..], &[0x22, 0x33]]);
        assert!(input.is_empty());
    }

    #[test]
    fn bytes_may_come_in_any_pieces() {
        let bytes = [0, 0, 0, 2, 0x11, 0x12, 0, 0, 0, 1, 0x21, 0, 2, 0x22, 0x23, 0, 1, 0x24, 0, 0, 0, 0, 0, 1, 0x31, 0, 0];
        let expected = [&[0x11, 0x12][..], &[0x21, 0x22, 0x23, 0x24], &[0x31]];
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let mut dechunker = Dechunker::default();
                let mut input = BytesMut::new();
                let mut frames = Vec::new();
                for piece in [&bytes[..first], &bytes[first..second], &bytes[second..]] {
                    input.extend_from_slice(piece);
                    frames.extend(all(&mut dechunker, &mut input));
                }
                assert_eq!(frames, expected, "cut at {first} and {second}");
                assert!(!dechunker.in_message(&input));
            }
        }
    }

    #[test]
    fn bytes_may_come_one_by_one() {
        let message = pattern(70_000);
        let mut dechunker = Dechunker::new(LIMIT);
        let mut input = BytesMut::new();
        let mut frames = Vec::new();
        for byte in chunked(&message) {
            input.extend_from_slice(&[byte]);
            frames.extend(all(&mut dechunker, &mut input));
        }
        assert!(frames == [message]);
    }

    #[test]
    fn one_chunk_is_not_copied() {
        let mut input = chunked(&[0x11, 0x12]);
        let place = input[2..].as_ptr();
        let frame = Dechunker::default().next(&mut input).unwrap().unwrap();
        assert_eq!(frame.as_ptr(), place);
    }

    #[test]
    fn limit_is_what_is_accepted() {
        let mut dechunker = Dechunker::new(4);
        assert_eq!(all(&mut dechunker, &mut chunked(&[1, 2, 3, 4])).len(), 1);
        assert_eq!(dechunker.next(&mut chunked(&[1, 2, 3, 4, 5])), Err(ChunkError::TooLarge { limit: 4, size: 5 }));
        dechunker.set_limit(5);
        assert_eq!(all(&mut dechunker, &mut chunked(&[1, 2, 3, 4, 5])).len(), 1);
    }

    #[test]
    fn limit_counts_all_chunks_and_is_noticed_before_the_bytes_come() {
        let mut dechunker = Dechunker::new(4);
        let mut input = BytesMut::from(&[0, 3, 1, 2, 3, 0xFF][..]);
        assert_eq!(dechunker.next(&mut input), Ok(None));
        input.extend_from_slice(&[0xFF]);
        let error = dechunker.next(&mut input).unwrap_err();
        assert_eq!(error, ChunkError::TooLarge { limit: 4, size: 65_538 });
        assert_eq!(error.to_string(), "a message of 65538 bytes or more is over the limit of 4");
    }

    #[test]
    fn needs_says_what_is_missing_to_the_end() {
        let mut dechunker = Dechunker::default();
        let mut input = BytesMut::new();
        assert_eq!(dechunker.needs(&input), 2);
        input.extend_from_slice(&[0x00]);
        assert_eq!(dechunker.needs(&input), 1);
        input.extend_from_slice(&[0x05, 0xAA]);
        assert_eq!(dechunker.next(&mut input), Ok(None));
        assert!(dechunker.in_message(&input));
        assert_eq!(dechunker.needs(&input), 6);
        input.extend_from_slice(&[0xAA; 4]);
        assert_eq!(dechunker.next(&mut input), Ok(None));
        assert_eq!(dechunker.needs(&input), 2);
        input.extend_from_slice(&[0x00, 0x00]);
        assert_eq!(dechunker.needs(&input), 0);
        assert!(dechunker.next(&mut input).unwrap().is_some());
        assert!(!dechunker.in_message(&input));
    }
}
