//! The client's side of the handshake.

use bytes::{Buf, BytesMut};

use super::proposal::ranges;
use super::{Agreed, Capabilities, HandshakeError, Proposal, Proposals, WORD, varint, version_of, word_of};
use crate::generated::{Version, handshake};

/// A client's handshake with one server: bytes out, bytes in, until a version is agreed on.
#[derive(Clone, Debug)]
pub struct ClientHandshake {
    wanted: Vec<Version>,
    capabilities: Capabilities,
    proposals: Proposals,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Waits for a version, or for the start of a manifest.
    Answer,
    /// Waits for the rest of the manifest.
    Manifest,
    Done(Agreed),
}

impl ClientHandshake {
    /// A handshake that settles on one of the versions wanted: the newest that the server speaks.
    ///
    /// It proposes the manifest, and behind it as many ranges of versions as fit, newest first, but for those that only servers
    /// with a manifest speak. What else should be proposed is said with [`with_proposals`](Self::with_proposals).
    #[must_use]
    pub fn new(wanted: &[Version]) -> Self {
        let manifest = wanted.iter().any(|version| version.manifest()).then_some(Proposal(handshake::MANIFEST));
        // A range may span a number that is no version (any more): no server chooses it.
        let successive = |older, newer| Version::ALL.iter().all(|version| *version <= older || *version >= newer);
        let ranges = ranges(wanted, successive);
        let legacy = ranges.into_iter().rev().filter(|(oldest, _)| !oldest.manifest());

        let mut words = [Proposal(handshake::REFUSAL); handshake::PROPOSALS];
        let proposals = manifest.into_iter().chain(legacy.map(|(oldest, newest)| Proposal::range(newest, oldest)));
        for (word, proposal) in words.iter_mut().zip(proposals) {
            *word = proposal;
        }
        Self { wanted: wanted.to_vec(), capabilities: Capabilities::NONE, proposals: Proposals(words), state: State::Answer }
    }

    /// Proposes this instead, in this order.
    #[must_use]
    pub const fn with_proposals(mut self, proposals: Proposals) -> Self {
        self.proposals = proposals;
        self
    }

    /// Asks for capabilities too: those that the server's manifest offers are then agreed on.
    #[must_use]
    pub const fn with_capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// What is proposed, in order of preference.
    #[must_use]
    pub const fn proposals(&self) -> Proposals {
        self.proposals
    }

    /// Writes the magic number and the proposals, with which the handshake begins.
    pub fn start(&self, out: &mut BytesMut) {
        out.extend_from_slice(&handshake::MAGIC);
        for proposal in self.proposals.0 {
            out.extend_from_slice(&proposal.0);
        }
    }

    /// Takes what has come, and writes the choice from a manifest into `out`. Requests may follow right behind it.
    ///
    /// Bytes behind the handshake stay in the input. Nothing comes back as long as bytes are missing.
    ///
    /// # Errors
    /// When the server does not speak Bolt, no version that is wanted, or answers what was not proposed.
    pub fn receive(&mut self, input: &mut BytesMut, out: &mut BytesMut) -> Result<Option<Agreed>, HandshakeError> {
        loop {
            let step = match self.state {
                State::Answer => self.read_answer(input)?,
                State::Manifest => self.choose(input, out)?,
                State::Done(agreed) => return Ok(Some(agreed)),
            };
            match step {
                Some(state) => self.state = state,
                None => return Ok(None),
            }
        }
    }

    fn read_answer(&self, input: &mut BytesMut) -> Result<Option<State>, HandshakeError> {
        let Some(&word) = input.first_chunk::<WORD>() else {
            return Ok(None);
        };
        let proposed = |version: Version| self.proposals.0.iter().any(|proposal| proposal.holds(version));
        let state = match word {
            HTTP => return Err(HandshakeError::Http),
            handshake::REFUSAL => return Err(HandshakeError::NoCommonVersion { proposals: self.proposals }),
            handshake::MANIFEST if self.proposals.0.iter().any(|proposal| proposal.is_manifest()) => State::Manifest,
            word => version_of(word)
                .filter(|version| self.wanted.contains(version) && proposed(*version))
                .map(|version| State::Done(Agreed { version, manifest: false, capabilities: Capabilities::NONE }))
                .ok_or(HandshakeError::BadAnswer { answer: Proposal(word) })?,
        };
        input.advance(WORD);
        Ok(Some(state))
    }

    fn choose(&self, input: &mut BytesMut, out: &mut BytesMut) -> Result<Option<State>, HandshakeError> {
        let Some((count, ranges_start)) = varint::read(input)? else {
            return Ok(None);
        };
        let ranges_end = match usize::try_from(count) {
            Ok(count) if count <= RANGES_MAX => ranges_start + count * WORD,
            _ => return Err(HandshakeError::ManifestTooLong { count }),
        };
        let Some(words) = input.get(ranges_start..ranges_end) else {
            return Ok(None);
        };
        let Some((offered, bits_length)) = varint::read(&input[ranges_end..])? else {
            return Ok(None);
        };

        let (words, _) = words.as_chunks::<WORD>();
        let speaks = |version: Version| words.iter().any(|word| Proposal(*word).holds(version));
        let Some(version) = self.wanted.iter().copied().filter(|version| speaks(*version)).max() else {
            return Err(HandshakeError::NothingInManifest { ranges: words.iter().copied().map(Proposal).collect() });
        };
        let capabilities = self.capabilities.intersection(Capabilities::from_bits(offered));
        input.advance(ranges_end + bits_length);
        out.extend_from_slice(&word_of(version));
        varint::write(out, capabilities.bits());
        Ok(Some(State::Done(Agreed { version, manifest: true, capabilities })))
    }
}

/// The most ranges that a manifest is read with, so that a peer which speaks something else cannot keep us waiting for gigabytes.
const RANGES_MAX: usize = 256;

/// How the answer of an HTTP server starts.
const HTTP: [u8; WORD] = *b"HTTP";
