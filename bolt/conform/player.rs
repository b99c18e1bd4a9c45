//! Plays a conversation against a server, over whatever carries bytes to it and back.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use thiserror::Error;
use tokio::time::{sleep, timeout};

use super::consequence::{self, effect};
use super::outcome::{Deviation, Exchange, Verdict};
use super::profile::{Profile, Translation};
use super::transcript::{Answer, Data, Line, Piece, Request, Scope, Start, Step, Times, Transcript, Writes, bytes_of};
use crate::client::{ClientError, Raw};
use crate::generated::{Version, handshake};
use crate::transport::Transport;
use crate::wire::handshake::{ClientHandshake, Proposal, Proposals};

/// A server that conversations are played against.
pub trait Target: Send + Sync + 'static {
    /// What carries bytes to it and back.
    type Transport: Transport;

    /// Takes a new connection.
    fn connect(&self) -> impl Future<Output = io::Result<Self::Transport>> + Send;
}

/// What a play needs to know beside the conversation.
#[derive(Clone, Debug)]
pub struct Setting {
    /// What is sent to log on.
    pub credentials: Vec<(String, Data)>,
    /// The queries as the server wants them.
    pub profile: Profile,
    /// How long to wait for an answer.
    pub patience: Duration,
    /// How long nothing has to come to be silence.
    pub silence: Duration,
}

/// How a version is agreed on before a conversation that starts behind the handshake.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Agreement {
    /// It is the only proposal.
    Proposed,
    /// It is chosen from the manifest, the only proposal.
    Manifest,
}

impl Agreement {
    /// The handshake that settles on one version and no other.
    pub(super) fn handshake(self, version: Version) -> ClientHandshake {
        let first = match self {
            Self::Proposed => Proposal::range(version, version),
            Self::Manifest => Proposal(handshake::MANIFEST),
        };
        let mut words = [Proposal(handshake::REFUSAL); handshake::PROPOSALS];
        words[0] = first;
        ClientHandshake::new(&[version]).with_proposals(Proposals(words))
    }
}

/// Plays a conversation in one version. `run` is a string that no other play has.
pub async fn play<T: Target>(
    target: &T,
    setting: &Setting,
    transcript: &Transcript,
    version: Version,
    agreement: Agreement,
    run: &str,
) -> Verdict {
    if let Some(reason) = setting.profile.hinders(transcript, version) {
        return Verdict::NotRun(reason);
    }
    let scope = Scope::new(version, setting.credentials.clone(), run);
    let played = async {
        let raw = match connect(target, setting).await {
            Ok(raw) => raw,
            Err(came) => {
                let connected = step("a connection", Step::Reconnect);
                return Err(deviation(&connected, &came, Vec::new(), &scope));
            }
        };
        let mut player = Player {
            target,
            setting,
            scope,
            raw,
            agreement,
            writes: transcript.writes,
            start: transcript.start,
            batch: Batch::default(),
            unanswered: 0,
            put_back: None,
        };
        player.start_up().await?;
        for line in transcript.lines_in(version) {
            player.say(line).await?;
        }
        player.end().await
    };
    match played.await {
        Ok(()) => Verdict::Passed,
        Err(deviation) => Verdict::Deviated(*deviation),
    }
}

async fn connect<T: Target>(target: &T, setting: &Setting) -> Result<Raw<T::Transport>, Came> {
    match timeout(setting.patience, target.connect()).await {
        Ok(Ok(transport)) => Ok(Raw::new(transport)),
        Ok(Err(error)) => Err(Came::Garbage(Trouble::Connection(error.to_string()), Vec::new())),
        Err(_) => Err(Came::Nothing),
    }
}

/// What comes between the handshake and a conversation, each part as a conversation of its own.
const START: [(Start, &str); 2] = [
    (
        Start::Authentication,
        "title: Who the client is\narea: authentication\nversions: 1+\nsource: docs\n\
         @1-2 C: INIT \"conversation/1.0\" <auth>\n\
         @3+ C: HELLO {\"user_agent\": \"conversation/1.0\", @5.3+ \"bolt_agent\": {\"product\": \"conversation/1.0\"}, @3-5.0 ..<auth>}\n\
         S: SUCCESS {..}\n",
    ),
    (
        Start::Ready,
        "title: Who the user is\narea: authentication\nversions: 5.1+\nsource: docs\n\
         C: LOGON <auth>\n\
         S: SUCCESS {..}\n",
    ),
];

type Played = Result<(), Box<Deviation>>;

struct Player<'s, T: Target> {
    target: &'s T,
    setting: &'s Setting,
    scope: Scope,
    raw: Raw<T::Transport>,
    agreement: Agreement,
    writes: Writes,
    start: Start,
    batch: Batch,
    unanswered: usize,
    put_back: Option<Came>,
}

/// What was sent since the last answers.
#[derive(Debug, Default)]
struct Batch {
    sent: Vec<Exchange>,
    answered: bool,
}

impl Batch {
    fn add(&mut self, text: String, bytes: &[u8]) {
        if self.answered {
            self.sent.clear();
            self.answered = false;
        }
        self.sent.push(Exchange { text, hex: hex(bytes) });
    }
}

impl<T: Target> Player<'_, T> {
    async fn start_up(&mut self) -> Played {
        if self.start >= Start::Negotiation {
            self.agree().await?;
        }
        let version = self.scope.version;
        for (reached, text) in START {
            let Ok(part) = Transcript::parse(text) else { continue };
            if self.start < reached || !part.versions.contains(version) {
                continue;
            }
            for line in part.lines_in(version) {
                Box::pin(self.say(line)).await.map_err(|mut deviation| {
                    deviation.line = 0;
                    deviation
                })?;
            }
        }
        Ok(())
    }

    /// The handshake, which says nothing that a conversation is about.
    async fn agree(&mut self) -> Played {
        let version = self.scope.version;
        let mut handshake = self.agreement.handshake(version);
        handshake.start(self.raw.output());
        let sent = self.raw.output().to_vec();
        let line = step(&format!("the handshake settles on {version}"), Step::RawAnswer(vec![Piece::Version]));
        self.batch.add("the handshake".to_owned(), &sent);
        loop {
            self.flush(&line).await?;
            self.receive(self.setting.patience).await.map_err(|came| self.deviation(&line, &came))?;
            let (input, output) = self.raw.buffers();
            match handshake.receive(input, output) {
                Ok(Some(_)) => break,
                Ok(None) => {}
                Err(error) => {
                    let came = Came::Garbage(Trouble::Handshake(error.to_string()), input.to_vec());
                    return Err(self.deviation(&line, &came));
                }
            }
        }
        self.batch.answered = true;
        self.flush(&line).await
    }

    async fn say(&mut self, line: &Line) -> Played {
        match &line.step {
            Step::Request(request) => {
                let message = self.request(request).data(&self.scope);
                self.message(line, message.as_request(self.scope.version), |output| message.encode(output)).await
            }
            Step::Payload(pieces) => {
                let bytes = bytes_of(pieces, self.scope.version);
                self.message(line, said(line), |output| {
                    output.extend_from_slice(&bytes);
                    Ok::<(), io::Error>(())
                })
                .await
            }
            Step::Raw(pieces) => {
                let bytes = bytes_of(pieces, self.scope.version);
                self.raw.output().extend_from_slice(&bytes);
                self.batch.add(said(line), &bytes);
                self.sent(line).await
            }
            Step::Reconnect => {
                self.flush(line).await?;
                self.raw = connect(self.target, self.setting).await.map_err(|came| self.deviation(line, &came))?;
                (self.batch, self.unanswered, self.put_back) = (Batch::default(), 0, None);
                self.start_up().await
            }
            Step::Pause(time) => {
                self.flush(line).await?;
                sleep(*time).await;
                Ok(())
            }
            Step::Answer(times, answers) => {
                self.flush(line).await?;
                self.answer(line, *times, answers).await
            }
            Step::RawAnswer(pieces) => {
                self.flush(line).await?;
                self.raw_answer(line, pieces).await
            }
            Step::Manifest => {
                self.flush(line).await?;
                self.manifest(line).await
            }
            Step::Closed => {
                self.flush(line).await?;
                match self.next(self.setting.patience).await {
                    Came::Closed => Ok(()),
                    came => Err(self.deviation(line, &came)),
                }
            }
            Step::Silence => {
                self.flush(line).await?;
                match self.next(self.setting.silence).await {
                    Came::Nothing => Ok(()),
                    came => Err(self.deviation(line, &came)),
                }
            }
        }
    }

    /// The request with its query as the server wants it.
    fn request<'r>(&self, request: &'r Request) -> Cow<'r, Request> {
        match request.query().map(|query| self.setting.profile.translate(query)) {
            Some(Translation::Other(query)) => Cow::Owned(request.with_query(query)),
            _ => Cow::Borrowed(request),
        }
    }

    async fn message<E: std::fmt::Display>(
        &mut self,
        line: &Line,
        text: String,
        write: impl FnOnce(&mut bytes::BytesMut) -> Result<(), E>,
    ) -> Played {
        let mut bytes = Vec::new();
        let put = self.raw.put(|output| {
            let start = output.len();
            write(output)?;
            bytes.extend_from_slice(&output[start..]);
            Ok(())
        });
        self.batch.add(text, &bytes);
        put.map_err(|error: E| self.deviation(line, &Came::Garbage(Trouble::Unsendable(error.to_string()), Vec::new())))?;
        self.unanswered += 1;
        self.sent(line).await
    }

    async fn end(&mut self) -> Played {
        let last = step("nothing more", Step::Silence);
        self.flush(&last).await?;
        match self.next(Duration::ZERO).await {
            Came::Nothing | Came::Closed => Ok(()),
            came => Err(self.deviation(&last, &came)),
        }
    }

    async fn sent(&mut self, line: &Line) -> Played {
        if self.writes == Writes::AtOnce { Ok(()) } else { self.flush(line).await }
    }

    async fn flush(&mut self, line: &Line) -> Played {
        let pieces = match self.writes {
            _ if self.raw.output().is_empty() => return Ok(()),
            Writes::AtOnce | Writes::ByLine => 1,
            Writes::ByByte => self.raw.output().len(),
        };
        let mut rest = self.raw.output().split();
        let size = rest.len().div_ceil(pieces);
        while !rest.is_empty() {
            let piece = rest.split_to(size.min(rest.len()));
            *self.raw.output() = piece;
            match timeout(self.setting.patience, self.raw.flush()).await {
                Ok(Ok(())) => {}
                // A server that has closed already is met where its answer is looked at.
                Ok(Err(error)) if is_end(&error) => {
                    self.raw.output().clear();
                    return Ok(());
                }
                Ok(Err(error)) => return Err(self.deviation(line, &Came::Garbage(Trouble::Connection(error.to_string()), Vec::new()))),
                Err(_) => return Err(self.deviation(line, &Came::Garbage(Trouble::NotRead, Vec::new()))),
            }
        }
        Ok(())
    }

    async fn answer(&mut self, line: &Line, times: Times, answers: &[Answer]) -> Played {
        loop {
            if times != Times::Once && self.unanswered == 0 {
                return Ok(());
            }
            let came = self.next(self.setting.patience).await;
            let expected = match &came {
                Came::Message(message, _) => answers.iter().any(|answer| answer.matches(message, &mut self.scope)),
                _ => false,
            };
            match (expected, times) {
                (true, _) => {
                    self.batch.answered = true;
                    if came.ends_a_request() {
                        self.unanswered = self.unanswered.saturating_sub(1);
                    }
                    if times != Times::Any {
                        return Ok(());
                    }
                }
                (false, Times::Once) => return Err(self.deviation(line, &came)),
                (false, _) => {
                    self.put_back = Some(came);
                    return Ok(());
                }
            }
        }
    }

    async fn raw_answer(&mut self, line: &Line, pieces: &[Piece]) -> Played {
        let expected = bytes_of(pieces, self.scope.version);
        match self.take(expected.len()).await {
            Ok(bytes) if bytes == expected => {
                self.batch.answered = true;
                Ok(())
            }
            Ok(bytes) => Err(self.deviation(line, &Came::Bytes(bytes))),
            Err(came) => Err(self.deviation(line, &came)),
        }
    }

    async fn manifest(&mut self, line: &Line) -> Played {
        match self.read_manifest().await {
            Ok((true, _)) => {
                self.batch.answered = true;
                Ok(())
            }
            Ok((false, bytes)) => Err(self.deviation(line, &Came::Bytes(bytes))),
            Err(came) => Err(self.deviation(line, &came)),
        }
    }

    /// Whether what comes is a manifest that offers the version, and its bytes.
    async fn read_manifest(&mut self) -> Result<(bool, Vec<u8>), Came> {
        let version = self.scope.version;
        let mut bytes = self.take(handshake::MANIFEST.len()).await?;
        if bytes != handshake::MANIFEST {
            return Ok((false, bytes));
        }
        let mut found = false;
        for _ in 0..self.varint(&mut bytes).await? {
            let word = self.take(handshake::MANIFEST.len()).await?;
            found |= Proposal(word.as_slice().try_into().unwrap_or_default()).holds(version);
            bytes.extend(word);
        }
        self.varint(&mut bytes).await?;
        Ok((found, bytes))
    }

    async fn varint(&mut self, bytes: &mut Vec<u8>) -> Result<u64, Came> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.take(1).await?[0];
            bytes.push(byte);
            value |= u64::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte < 0x80 {
                return Ok(value);
            }
        }
    }

    async fn take(&mut self, count: usize) -> Result<Vec<u8>, Came> {
        while self.raw.input().len() < count {
            if let Err(came) = self.receive(self.setting.patience).await {
                let there = self.raw.input().split();
                return Err(if there.is_empty() { came } else { Came::Bytes(there.to_vec()) });
            }
        }
        Ok(self.raw.input().split_to(count).to_vec())
    }

    /// Waits for more bytes.
    async fn receive(&mut self, patience: Duration) -> Result<(), Came> {
        match timeout(patience, self.raw.receive()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Came::Closed),
            Ok(Err(error)) => Err(Came::from_error(&error)),
            Err(_) => Err(Came::Nothing),
        }
    }

    async fn next(&mut self, patience: Duration) -> Came {
        if let Some(came) = self.put_back.take() {
            return came;
        }
        match timeout(patience, self.raw.message()).await {
            Err(_) => Came::Nothing,
            Ok(Ok(None)) => Came::Closed,
            Ok(Ok(Some(message))) => match Data::decode(&message) {
                Ok(data) => Came::Message(data, message.to_vec()),
                Err(error) => Came::Garbage(Trouble::Message(error.to_string()), message.to_vec()),
            },
            Ok(Err(ClientError::Broken(error))) => Came::from_error(&error),
            Ok(Err(error)) => Came::Garbage(Trouble::Connection(error.to_string()), Vec::new()),
        }
    }

    fn deviation(&self, line: &Line, came: &Came) -> Box<Deviation> {
        deviation(line, came, self.batch.sent.clone(), &self.scope)
    }
}

fn deviation(line: &Line, came: &Came, sent: Vec<Exchange>, scope: &Scope) -> Box<Deviation> {
    let effect = effect(Some(&line.step), came.seen(), scope);
    Box::new(Deviation { line: line.number, sent, expected: said(line), got: came.exchange(), effect })
}

/// A line that no conversation has.
fn step(text: &str, step: Step) -> Line {
    Line { number: 0, text: text.to_owned(), versions: None, step }
}

/// What a line says, without who says it.
fn said(line: &Line) -> String {
    let text = line.text.trim();
    text.split_once(": ").filter(|(who, _)| who.contains(['C', 'S'])).map_or(text, |(_, said)| said).to_owned()
}

/// Closing with bytes unread resets the connection, which is an end like any other.
fn is_end(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted)
}

/// What came from the server.
#[derive(Debug)]
pub(super) enum Came {
    /// A message, and its bytes.
    Message(Data, Vec<u8>),
    /// Bytes where a handshake's were expected.
    Bytes(Vec<u8>),
    /// The end of the stream.
    Closed,
    /// Nothing, for as long as was waited.
    Nothing,
    /// Something that cannot be read, and its bytes as far as there are any.
    Garbage(Trouble, Vec<u8>),
}

/// Why what came is of no use.
#[derive(Clone, Debug, Error)]
pub(super) enum Trouble {
    #[error("no handshake: {0}")]
    Handshake(String),
    #[error("no message: {0}")]
    Message(String),
    #[error("no connection: {0}")]
    Connection(String),
    #[error("what should be sent cannot be encoded: {0}")]
    Unsendable(String),
    #[error("<SILENCE>: the server reads no more")]
    NotRead,
}

impl Came {
    fn from_error(error: &io::Error) -> Self {
        if is_end(error) { Self::Closed } else { Self::Garbage(Trouble::Connection(error.to_string()), Vec::new()) }
    }

    /// The same, as what it does to drivers is told by.
    fn seen(&self) -> consequence::Came<'_> {
        match self {
            Self::Message(message, _) => consequence::Came::Message(message),
            Self::Bytes(bytes) => consequence::Came::Bytes(bytes),
            Self::Closed => consequence::Came::Closed,
            Self::Nothing | Self::Garbage(Trouble::NotRead, _) => consequence::Came::Nothing,
            Self::Garbage(..) => consequence::Came::Garbage,
        }
    }

    /// Whether it is the last that a request is answered with: all but a RECORD is.
    fn ends_a_request(&self) -> bool {
        matches!(self, Self::Message(message, _) if !message.is_response("RECORD"))
    }

    fn exchange(&self) -> Exchange {
        match self {
            Self::Message(message, bytes) => Exchange { text: message.as_response(), hex: hex(bytes) },
            Self::Bytes(bytes) => Exchange { text: format!("{} bytes", bytes.len()), hex: hex(bytes) },
            Self::Closed => Exchange { text: Exchange::CLOSED.to_owned(), hex: String::new() },
            Self::Nothing => Exchange { text: Exchange::SILENCE.to_owned(), hex: String::new() },
            Self::Garbage(trouble, bytes) => Exchange { text: trouble.to_string(), hex: hex(bytes) },
        }
    }
}

/// Bytes in hexadecimal, as many as a reader looks through.
fn hex(bytes: &[u8]) -> String {
    let shown: Vec<_> = bytes.iter().take(SHOWN).map(|byte| format!("{byte:02X}")).collect();
    let more = if bytes.len() > SHOWN { format!(" … {} bytes", bytes.len()) } else { String::new() };
    shown.join(" ") + &more
}

/// How many bytes of a message a report shows.
const SHOWN: usize = 128;
