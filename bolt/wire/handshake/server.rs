//! The server's side of the handshake.

use bytes::{Buf, BytesMut};

use super::proposal::ranges;
use super::{Agreed, Capabilities, HandshakeError, OPENING, Proposal, Proposals, WORD, varint, version_of, word_of};
use crate::generated::{Version, handshake};

/// A server's handshake with one client: bytes in, bytes out, until a version is agreed on.
#[derive(Clone, Debug)]
pub struct ServerHandshake {
    offered: Vec<Version>,
    capabilities: Capabilities,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Waits for the magic number and the proposals.
    Proposals,
    /// The manifest is out, the choice is to come.
    Choice,
    Done(Agreed),
}

impl ServerHandshake {
    /// A handshake that settles on one of the versions offered.
    #[must_use]
    pub fn new(offered: &[Version]) -> Self {
        Self { offered: offered.to_vec(), capabilities: Capabilities::NONE, state: State::Proposals }
    }

    /// Offers capabilities too. Only the manifest can tell the client of them.
    #[must_use]
    pub const fn with_capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// Takes what has come, and answers into `out` when it is the server's turn. An answer is written whole, and is to be sent in
    /// one piece: some drivers do not wait for the rest of a manifest.
    ///
    /// Bytes behind the handshake stay in the input. Nothing comes back as long as bytes are missing.
    ///
    /// # Errors
    /// When the client does not speak Bolt, no version that is offered, or chooses what is not offered. Then what is in `out` goes out and
    /// the connection ends. What is no Bolt stays in the input.
    pub fn receive(&mut self, input: &mut BytesMut, out: &mut BytesMut) -> Result<Option<Agreed>, HandshakeError> {
        loop {
            let step = match self.state {
                State::Proposals => self.answer(input, out)?,
                State::Choice => self.accept(input)?,
                State::Done(agreed) => return Ok(Some(agreed)),
            };
            match step {
                Some(state) => self.state = state,
                None => return Ok(None),
            }
        }
    }

    fn answer(&self, input: &mut BytesMut, out: &mut BytesMut) -> Result<Option<State>, HandshakeError> {
        sniff(input)?;
        if input.len() < OPENING {
            return Ok(None);
        }
        input.advance(WORD);
        let mut words = [Proposal(handshake::REFUSAL); handshake::PROPOSALS];
        for word in &mut words {
            word.0.copy_from_slice(&input[..WORD]);
            input.advance(WORD);
        }

        for proposal in words {
            if proposal.is_manifest() {
                self.write_manifest(out);
                return Ok(Some(State::Choice));
            }
            if let Some(version) = self.offered.iter().copied().filter(|version| proposal.holds(*version)).max() {
                out.extend_from_slice(&word_of(version));
                return Ok(Some(State::Done(Agreed { version, manifest: false, capabilities: Capabilities::NONE })));
            }
        }
        out.extend_from_slice(&handshake::REFUSAL);
        Err(HandshakeError::NoCommonVersion { proposals: Proposals(words) })
    }

    fn write_manifest(&self, out: &mut BytesMut) {
        let ranges = ranges(&self.offered, |older, newer| older.minor() + 1 == newer.minor());
        out.extend_from_slice(&handshake::MANIFEST);
        varint::write(out, ranges.len() as u64);
        for (oldest, newest) in ranges {
            out.extend_from_slice(&Proposal::range(newest, oldest).0);
        }
        varint::write(out, self.capabilities.bits());
    }

    fn accept(&self, input: &mut BytesMut) -> Result<Option<State>, HandshakeError> {
        let Some((&word, behind)) = input.split_first_chunk::<WORD>() else {
            return Ok(None);
        };
        let Some(version) = version_of(word).filter(|version| self.offered.contains(version)) else {
            return Err(HandshakeError::BadChoice { choice: Proposal(word) });
        };
        let Some((bits, length)) = varint::read(behind)? else {
            return Ok(None);
        };
        let capabilities = Capabilities::from_bits(bits);
        if !self.capabilities.contains(capabilities) {
            return Err(HandshakeError::BadCapabilities { chosen: capabilities, offered: self.capabilities });
        }
        input.advance(WORD + length);
        Ok(Some(State::Done(Agreed { version, manifest: true, capabilities })))
    }
}

/// The start of an HTTP request that a browser or a WebSocket client sends.
const HTTP: [u8; WORD] = *b"GET ";

/// The start of a TLS handshake: the type of its record, and the major number of the version that it claims.
const TLS: [u8; 2] = [0x16, 0x03];

/// Tells what does not speak Bolt, as soon as it can be told.
fn sniff(input: &[u8]) -> Result<(), HandshakeError> {
    let first = &input[..input.len().min(WORD)];
    if handshake::MAGIC.starts_with(first) || first.len() < HTTP.len() && HTTP.starts_with(first) || first == &TLS[..1] {
        Ok(())
    } else if first == HTTP {
        Err(HandshakeError::Http)
    } else if first.starts_with(&TLS) {
        Err(HandshakeError::Tls)
    } else {
        Err(HandshakeError::NotBolt { first: first.to_vec() })
    }
}
