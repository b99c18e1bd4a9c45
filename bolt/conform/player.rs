//! Plays a conversation against a server, over whatever carries bytes to it and back.

use std::io;
use std::thread;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use thiserror::Error;

use super::transcript::{Answer, Data, Line, Piece, Scope, Start, Step, Times, Transcript, Writes, bytes_of};
use crate::generated::{Version, handshake};
use crate::wire::chunk::{Dechunker, LIMIT, begin_message, end_message};

/// A server that conversations are played against.
pub trait Server {
    /// What carries bytes to it and back.
    type Connection: Connection;

    /// Takes a new connection.
    ///
    /// # Errors
    /// When there is none to be had.
    fn connect(&mut self) -> io::Result<Self::Connection>;

    /// What is sent to log on.
    fn credentials(&self) -> Vec<(String, Data)>;

    /// How long to wait for an answer.
    fn patience(&self) -> Duration {
        Duration::from_secs(10)
    }

    /// How long nothing has to come to be silence.
    fn silence(&self) -> Duration {
        Duration::from_millis(200)
    }
}

/// What carries bytes to a server and back. To drop it is to drop the connection.
pub trait Connection {
    /// Sends bytes, in one write.
    ///
    /// # Errors
    /// When the connection is gone.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits for bytes, which go behind those that are there.
    ///
    /// # Errors
    /// When the connection is gone otherwise than by being closed.
    fn receive(&mut self, input: &mut BytesMut, patience: Duration) -> io::Result<Received>;
}

/// What became of waiting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Received {
    /// There are more bytes.
    Bytes,
    /// The server closed the connection.
    Closed,
    /// Nothing came.
    Nothing,
}

/// What went otherwise than the conversation has it.
#[derive(Clone, Debug, Error)]
#[error("line {line}, at version {version}: {expected}\n  got {got}")]
pub struct Deviation {
    /// The line, counted from 1; 0 is before the conversation.
    pub line: usize,
    /// The version that was played.
    pub version: Version,
    /// What the line says.
    pub expected: String,
    /// What happened.
    pub got: String,
}

/// Plays a conversation in one version.
///
/// # Errors
/// The first line that went otherwise.
pub fn play<S: Server>(transcript: &Transcript, version: Version, run: &str, server: &mut S) -> Result<(), Deviation> {
    let scope = Scope::new(version, server.credentials(), run);
    let link = Link::connect(server).map_err(|error| Deviation {
        line: 0,
        version,
        expected: "a connection".to_owned(),
        got: error.to_string(),
    })?;
    let mut player = Player { server, scope, link, writes: transcript.writes, start: transcript.start };
    player.start_up()?;
    for line in transcript.lines_in(version) {
        player.say(line)?;
    }
    player.end()
}

/// What comes before a conversation, each part as a conversation of its own.
const START: [(Start, &str); 3] = [
    (
        Start::Negotiation,
        "title: The handshake\narea: handshake\nversions: 1+\nsource: docs\n\
         C: raw 60 60 B0 17 <version> 00*12\n\
         S: raw <version>\n",
    ),
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

struct Player<'s, S: Server> {
    server: &'s mut S,
    scope: Scope,
    link: Link<S::Connection>,
    writes: Writes,
    start: Start,
}

impl<S: Server> Player<'_, S> {
    fn start_up(&mut self) -> Result<(), Deviation> {
        for (reached, text) in START {
            let version = self.scope.version;
            let unreadable = |got: String| Deviation { line: 0, version, expected: text.to_owned(), got };
            let part = Transcript::parse(text).map_err(|error| unreadable(error.to_string()))?;
            if self.start < reached || !part.versions.contains(version) {
                continue;
            }
            for line in part.lines_in(version) {
                self.say(line).map_err(|deviation| Deviation { line: 0, ..deviation })?;
            }
        }
        Ok(())
    }

    fn say(&mut self, line: &Line) -> Result<(), Deviation> {
        match &line.step {
            Step::Request(request) => {
                let message = request.data(&self.scope);
                let start = begin_message(&mut self.link.output);
                message.encode(&mut self.link.output).map_err(|error| self.deviation(line, error.to_string()))?;
                end_message(&mut self.link.output, start);
                self.link.unanswered += 1;
                self.sent(line)
            }
            Step::Payload(pieces) => {
                let start = begin_message(&mut self.link.output);
                self.link.output.extend_from_slice(&bytes_of(pieces, self.scope.version));
                end_message(&mut self.link.output, start);
                self.link.unanswered += 1;
                self.sent(line)
            }
            Step::Raw(pieces) => {
                self.link.output.extend_from_slice(&bytes_of(pieces, self.scope.version));
                self.sent(line)
            }
            Step::Reconnect => {
                self.flush(line)?;
                self.link = Link::connect(self.server).map_err(|error| self.deviation(line, error.to_string()))?;
                self.start_up()
            }
            Step::Pause(time) => {
                self.flush(line)?;
                thread::sleep(*time);
                Ok(())
            }
            Step::Answer(times, answers) => {
                self.flush(line)?;
                self.answer(line, *times, answers)
            }
            Step::RawAnswer(pieces) => {
                self.flush(line)?;
                self.raw_answer(line, pieces)
            }
            Step::Manifest => {
                self.flush(line)?;
                self.manifest(line)
            }
            Step::Closed => {
                self.flush(line)?;
                match self.next(self.server.patience()) {
                    Came::Closed => Ok(()),
                    came => Err(self.deviation(line, came.to_string())),
                }
            }
            Step::Silence => {
                self.flush(line)?;
                match self.next(self.server.silence()) {
                    Came::Nothing => Ok(()),
                    came => Err(self.deviation(line, came.to_string())),
                }
            }
        }
    }

    fn end(&mut self) -> Result<(), Deviation> {
        let last = Line { number: 0, text: "the end of the conversation".to_owned(), versions: None, step: Step::Silence };
        self.flush(&last)?;
        match self.next(Duration::ZERO) {
            Came::Nothing | Came::Closed => Ok(()),
            came => Err(self.deviation(&last, came.to_string())),
        }
    }

    fn sent(&mut self, line: &Line) -> Result<(), Deviation> {
        if self.writes == Writes::ByLine { self.flush(line) } else { Ok(()) }
    }

    fn flush(&mut self, line: &Line) -> Result<(), Deviation> {
        let output = self.link.output.split();
        let sent = match self.writes {
            _ if output.is_empty() => Ok(()),
            Writes::AtOnce | Writes::ByLine => self.link.connection.send(&output),
            Writes::ByByte => output.chunks(1).try_for_each(|byte| self.link.connection.send(byte)),
        };
        match sent {
            // A server that has closed already is met where its answer is looked at.
            Err(error)
                if !matches!(
                    error.kind(),
                    io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted
                ) =>
            {
                Err(self.deviation(line, error.to_string()))
            }
            _ => Ok(()),
        }
    }

    fn answer(&mut self, line: &Line, times: Times, answers: &[Answer]) -> Result<(), Deviation> {
        loop {
            if times != Times::Once && self.link.unanswered == 0 {
                return Ok(());
            }
            let came = self.next(self.server.patience());
            let expected = match &came {
                Came::Message(message) => answers.iter().any(|answer| answer.matches(message, &mut self.scope)),
                _ => false,
            };
            match (expected, times) {
                (true, _) => {
                    if came.ends_a_request() {
                        self.link.unanswered = self.link.unanswered.saturating_sub(1);
                    }
                    if times != Times::Any {
                        return Ok(());
                    }
                }
                (false, Times::Once) => return Err(self.deviation(line, came.to_string())),
                (false, _) => {
                    self.link.put_back = Some(came);
                    return Ok(());
                }
            }
        }
    }

    fn raw_answer(&mut self, line: &Line, pieces: &[Piece]) -> Result<(), Deviation> {
        let expected = bytes_of(pieces, self.scope.version);
        match self.take(expected.len()) {
            Ok(bytes) if bytes == expected => Ok(()),
            Ok(bytes) => Err(self.deviation(line, Data::Bytes(bytes).to_string())),
            Err(came) => Err(self.deviation(line, came.to_string())),
        }
    }

    fn manifest(&mut self, line: &Line) -> Result<(), Deviation> {
        let version = self.scope.version;
        let offers = |proposal: &[u8]| {
            let (range, minor) = (proposal[1], proposal[2]);
            proposal[3] == version.major() && (minor.saturating_sub(range)..=minor).contains(&version.minor())
        };
        let mut read = || -> Result<bool, Came> {
            if self.take(4)? != handshake::MANIFEST {
                return Ok(false);
            }
            let mut found = false;
            for _ in 0..self.varint()? {
                found |= offers(&self.take(4)?);
            }
            self.varint()?;
            Ok(found)
        };
        match read() {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.deviation(line, "no manifest that offers it".to_owned())),
            Err(came) => Err(self.deviation(line, came.to_string())),
        }
    }

    fn varint(&mut self) -> Result<u64, Came> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte < 0x80 {
                return Ok(value);
            }
        }
    }

    fn take(&mut self, count: usize) -> Result<Vec<u8>, Came> {
        while self.link.input.len() < count {
            match self.link.connection.receive(&mut self.link.input, self.server.patience()) {
                Ok(Received::Bytes) => {}
                Ok(Received::Closed) => return Err(Came::Closed),
                Ok(Received::Nothing) => return Err(Came::Nothing),
                Err(error) => return Err(Came::Garbage(error.to_string())),
            }
        }
        let bytes = self.link.input[..count].to_vec();
        self.link.input.advance(count);
        Ok(bytes)
    }

    fn next(&mut self, patience: Duration) -> Came {
        if let Some(came) = self.link.put_back.take() {
            return came;
        }
        loop {
            match self.link.chunks.next(&mut self.link.input) {
                Ok(Some(message)) => {
                    return match Data::decode(&message) {
                        Ok(message) => Came::Message(message),
                        Err(error) => Came::Garbage(format!("{}, which cannot be read: {error}", Data::Bytes(message.to_vec()))),
                    };
                }
                Ok(None) => {}
                Err(error) => return Came::Garbage(error.to_string()),
            }
            match self.link.connection.receive(&mut self.link.input, patience) {
                Ok(Received::Bytes) => {}
                Ok(Received::Closed) => return Came::Closed,
                Ok(Received::Nothing) => return Came::Nothing,
                // Closing with bytes unread resets the connection, which is an end like any other.
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Came::Closed,
                Err(error) => return Came::Garbage(error.to_string()),
            }
        }
    }

    fn deviation(&self, line: &Line, got: String) -> Deviation {
        Deviation { line: line.number, version: self.scope.version, expected: line.text.clone(), got }
    }
}

/// One connection, and what is on its way.
struct Link<C> {
    connection: C,
    input: BytesMut,
    output: BytesMut,
    chunks: Dechunker,
    unanswered: usize,
    put_back: Option<Came>,
}

impl<C: Connection> Link<C> {
    fn connect<S: Server<Connection = C>>(server: &mut S) -> io::Result<Self> {
        Ok(Self {
            connection: server.connect()?,
            input: BytesMut::new(),
            output: BytesMut::new(),
            chunks: Dechunker::new(LIMIT),
            unanswered: 0,
            put_back: None,
        })
    }
}

/// What came from the server.
#[derive(Debug)]
enum Came {
    Message(Data),
    Closed,
    Nothing,
    Garbage(String),
}

impl Came {
    /// Whether it is the last that a request is answered with: all but a RECORD is.
    fn ends_a_request(&self) -> bool {
        matches!(self, Self::Message(message) if !message.is_response("RECORD"))
    }
}

impl std::fmt::Display for Came {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Message(message) => f.write_str(&message.as_message()),
            Self::Closed => f.write_str("<CLOSED>"),
            Self::Nothing => f.write_str("<SILENCE>"),
            Self::Garbage(text) => f.write_str(text),
        }
    }
}
