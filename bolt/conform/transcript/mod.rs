//! A conversation as data: what a client sends, and what has to come back. `spec/conversations/README.md` has the format.

mod area;
mod data;
mod error;
mod lines;
pub(in crate::conform) mod names;
mod scope;
mod term;
pub mod versions;

use std::time::Duration;

use crate::generated::Version;
pub use crate::wire::reflect::Source;
use crate::wire::reflect::VersionSet;
pub use area::{Area, Need};
pub use data::Data;
pub use error::{ParseError, Problem};
pub use scope::Scope;
pub use term::{Entry, Guarded, Term, TypeName};

/// One conversation.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// What it shows.
    pub title: String,
    /// What it belongs to.
    pub area: Area,
    /// The versions it is played in.
    pub versions: VersionSet,
    /// Where it is from.
    pub source: Source,
    /// Why it differs from what Neo4j or its documentation has.
    pub why: Option<String>,
    /// How far the connection is when it starts.
    pub start: Start,
    /// How what the client sends is cut into writes.
    pub writes: Writes,
    /// What a server has to have for it.
    pub needs: Vec<Need>,
    /// What is said, in order.
    pub lines: Vec<Line>,
}

impl Transcript {
    /// Reads a conversation.
    ///
    /// # Errors
    /// The first mistake in the text.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        lines::parse(text)
    }

    /// What is said in a version.
    pub fn lines_in(&self, version: Version) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.versions.is_none_or(|versions| versions.contains(version)))
    }
}

/// How far a connection is when its conversation starts.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Start {
    /// Connected, and nothing sent.
    Tcp,
    /// The handshake is done.
    Negotiation,
    /// HELLO as well, where credentials follow on their own.
    Authentication,
    /// Logged on.
    Ready,
}

/// How what a client sends is cut into writes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Writes {
    /// What follows each other without an answer in between goes out at once.
    AtOnce,
    /// Each line alone.
    ByLine,
    /// Each byte alone.
    ByByte,
}

/// One line of a conversation.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number in the file.
    pub number: usize,
    /// Its text.
    pub text: String,
    /// The versions it is for, if not for all.
    pub versions: Option<VersionSet>,
    /// What it says.
    pub step: Step,
}

/// What a line says.
#[derive(Clone, Debug)]
pub enum Step {
    /// The client sends a request.
    Request(Request),
    /// The client sends a message of these bytes.
    Payload(Vec<Piece>),
    /// The client sends these bytes as they are.
    Raw(Vec<Piece>),
    /// The client drops the connection and takes another one.
    Reconnect,
    /// The client waits.
    Pause(Duration),
    /// The server answers with one of these.
    Answer(Times, Vec<Answer>),
    /// The server sends these bytes.
    RawAnswer(Vec<Piece>),
    /// The server sends a handshake manifest that offers the version.
    Manifest,
    /// The server closes the connection.
    Closed,
    /// The server says nothing.
    Silence,
}

/// A request to be sent.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its tag.
    pub tag: u8,
    /// Where each field exists, as the newest version orders them; a request given by its tag has none here.
    pub shape: Vec<VersionSet>,
    /// Its fields, as the newest version has them.
    pub fields: Vec<Guarded<Term>>,
}

impl Request {
    /// The text of the query, if it is a RUN that has one.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        match self.fields.first().map(|field| &field.item) {
            Some(Term::Data(Data::String(query))) if Some(self.tag) == names::request("RUN").map(|(tag, _)| tag) => Some(query),
            _ => None,
        }
    }

    /// The same RUN with another query.
    #[must_use]
    pub(in crate::conform) fn with_query(&self, query: &str) -> Self {
        let mut request = self.clone();
        if let Some(field) = request.fields.first_mut() {
            field.item = Term::Data(Data::String(query.to_owned()));
        }
        request
    }

    /// The message as a version writes it: the fields that it lacks are left out.
    #[must_use]
    pub fn data(&self, scope: &Scope) -> Data {
        let lacks = |index: usize| self.shape.get(index).is_some_and(|versions| !versions.contains(scope.version));
        let fields = self.fields.iter().enumerate().filter(|(index, field)| !lacks(*index) && field.is_in(scope.version));
        Data::Structure(self.tag, fields.map(|(_, field)| field.item.data(scope)).collect())
    }
}

/// How often an answer comes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Times {
    /// Once.
    Once,
    /// Once, or not at all.
    AtMostOnce,
    /// Any number of times.
    Any,
}

/// What a server may answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A message, with patterns for its fields.
    Message(u8, Vec<Guarded<Term>>),
    /// A failure with one of these codes.
    Failure(Vec<String>),
}

impl Answer {
    /// Whether a message is this answer. Variables that are met first are bound.
    pub fn matches(&self, message: &Data, scope: &mut Scope) -> bool {
        let Data::Structure(tag, fields) = message else { return false };
        match self {
            Self::Message(expected, patterns) => expected == tag && scope.match_items(patterns, false, fields),
            Self::Failure(codes) => {
                let Some(Data::Dictionary(metadata)) = fields.first() else { return false };
                // The key changed its name with the shape of a failure; what stands under it did not.
                let code = metadata.iter().find_map(|(key, value)| match value {
                    Data::String(code) if matches!(key.as_str(), "code" | "neo4j_code") => Some(code),
                    _ => None,
                });
                names::response("FAILURE") == Some(*tag) && code.is_some_and(|code| codes.contains(code))
            }
        }
    }
}

/// A piece of bytes.
#[derive(Clone, Debug)]
pub enum Piece {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The version at hand as the handshake writes it.
    Version,
}

/// Bytes out of their pieces.
#[must_use]
pub fn bytes_of(pieces: &[Piece], version: Version) -> Vec<u8> {
    let mut bytes = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Bytes(piece) => bytes.extend_from_slice(piece),
            Piece::Version => bytes.extend_from_slice(&[0, 0, version.minor(), version.major()]),
        }
    }
    bytes
}

#[cfg(test)]
mod tests;
