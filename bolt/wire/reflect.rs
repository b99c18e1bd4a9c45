//! How the specification is described to programs. The constants are generated: see [`crate::generated::reflection`].

use std::fmt;

use super::support::Code;
use crate::generated::Version;

/// A set of versions.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct VersionSet(pub u32);

impl VersionSet {
    /// Whether a version is in it.
    #[must_use]
    pub const fn contains(self, version: Version) -> bool {
        self.0 & (1 << version as u32) != 0
    }

    /// The versions in it, the oldest first.
    pub fn iter(self) -> impl Iterator<Item = Version> {
        Version::ALL.iter().copied().filter(move |version| self.contains(*version))
    }

    /// Whether nothing is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Version> for VersionSet {
    fn from_iter<I: IntoIterator<Item = Version>>(versions: I) -> Self {
        Self(versions.into_iter().fold(0, |bits, version| bits | 1 << version as u32))
    }
}

/// As ranges: `3, 4.2-4.4`. None is open, for it would grow with every version to come.
impl fmt::Display for VersionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut runs: Vec<(Version, Version)> = Vec::new();
        for (index, version) in Version::ALL.iter().enumerate().filter(|(_, version)| self.contains(**version)) {
            match runs.last_mut() {
                Some((_, last)) if index.checked_sub(1).and_then(|before| Version::ALL.get(before)) == Some(last) => *last = *version,
                _ => runs.push((*version, *version)),
            }
        }
        for (index, (first, last)) in runs.into_iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            if first == last { write!(f, "{first}")? } else { write!(f, "{first}-{last}")? }
        }
        Ok(())
    }
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Source {
    /// The official documentation.
    Docs,
    /// What real Neo4j servers do.
    Neo4j,
    /// What official drivers do.
    Driver,
    /// What NornicDB's clients send.
    Nornicdb,
    /// Chosen here, where the others leave it open or are accidents.
    Decision,
}

/// A version.
#[derive(Clone, Copy, Debug)]
pub struct VersionInfo {
    /// The version.
    pub version: Version,
    /// What it brought.
    pub doc: &'static str,
    /// Where that comes from.
    pub source: Source,
}

/// Releases of Neo4j.
#[derive(Clone, Copy, Debug)]
pub struct ReleaseInfo {
    /// The releases, such as `5.0-5.4`.
    pub neo4j: &'static str,
    /// The versions they speak.
    pub versions: VersionSet,
    /// Where that comes from.
    pub source: Source,
}

/// A type of value that is no structure.
#[derive(Clone, Copy, Debug)]
pub struct ValueInfo {
    /// Its name.
    pub name: &'static str,
    /// The version of PackStream that brought it.
    pub packstream: u8,
    /// What it is.
    pub doc: &'static str,
}

/// A field of a structure or message, or an entry of a dictionary.
#[derive(Clone, Copy, Debug)]
pub struct FieldInfo {
    /// Its name or key.
    pub name: &'static str,
    /// Its type as the specification writes it, such as `List<String>?`.
    pub type_name: &'static str,
    /// Where it exists.
    pub versions: VersionSet,
    /// Whether it has to be there.
    pub required: bool,
    /// Which values it may have, such as `-1, 1..`.
    pub allow: Option<&'static str>,
    /// Whether the allowed strings may come in any letter case.
    pub any_case: bool,
    /// Whether the empty string is as good as absent.
    pub blank_is_absent: bool,
    /// The values of a byte, with their names.
    pub codes: &'static [Code],
    /// Other keys that are read in its place.
    pub aliases: &'static [&'static str],
    /// The entry that stands alone in its place, and where.
    pub bare: Option<(&'static str, VersionSet)>,
    /// What it is.
    pub doc: &'static str,
    /// Where that comes from.
    pub source: Source,
}

/// A structure that is a value.
#[derive(Clone, Copy, Debug)]
pub struct StructureInfo {
    /// Its name.
    pub name: &'static str,
    /// The byte that says which it is.
    pub tag: u8,
    /// Where it exists without a patch.
    pub versions: VersionSet,
    /// Where it exists with its patch too.
    pub with_patch: VersionSet,
    /// The patch that brings it to further versions.
    pub patch: Option<&'static str>,
    /// The patch that takes it away.
    pub unless: Option<&'static str>,
    /// The newer structure that it is an older spelling of.
    pub stands_for: Option<&'static str>,
    /// Whether only a server sends it.
    pub from_server: bool,
    /// Its fields.
    pub fields: &'static [FieldInfo],
    /// What it is.
    pub doc: &'static str,
    /// Where that comes from.
    pub source: Source,
}

/// A request or a response.
#[derive(Clone, Copy, Debug)]
pub struct MessageInfo {
    /// Its name in the newest version.
    pub name: &'static str,
    /// Its name in older versions, and which.
    pub formerly: Option<(&'static str, VersionSet)>,
    /// The byte that says which it is.
    pub tag: u8,
    /// Where it exists.
    pub versions: VersionSet,
    /// The dictionary that its SUCCESS carries.
    pub success: Option<&'static str>,
    /// Its fields.
    pub fields: &'static [FieldInfo],
    /// What it does.
    pub doc: &'static str,
    /// Where that comes from.
    pub source: Source,
}

impl MessageInfo {
    /// Its name in a version.
    #[must_use]
    pub fn name_in(&self, version: Version) -> &'static str {
        match self.formerly {
            Some((older, versions)) if versions.contains(version) => older,
            _ => self.name,
        }
    }

    /// Its fields in a version.
    pub fn fields_in(&self, version: Version) -> impl Iterator<Item = &'static FieldInfo> + use<> {
        self.fields.iter().filter(move |field| field.versions.contains(version))
    }
}

/// A dictionary that messages carry.
#[derive(Clone, Copy, Debug)]
pub struct DictionaryInfo {
    /// Its name.
    pub name: &'static str,
    /// Whether only requests carry it.
    pub of_request: bool,
    /// Its entries.
    pub entries: &'static [FieldInfo],
    /// What it is.
    pub doc: &'static str,
}

/// A state of a connection.
#[derive(Clone, Copy, Debug)]
pub struct StateInfo {
    /// Its name in the newest version.
    pub name: &'static str,
    /// Its name in older versions, and which.
    pub formerly: Option<(&'static str, VersionSet)>,
    /// Where it exists.
    pub versions: VersionSet,
    /// What it takes.
    pub rows: &'static [RowInfo],
    /// What it means.
    pub doc: &'static str,
}

/// Requests that a state takes.
#[derive(Clone, Copy, Debug)]
pub struct RowInfo {
    /// The requests by name.
    pub requests: &'static [&'static str],
    /// Where the row is written to hold.
    pub versions: VersionSet,
    /// What happens.
    pub outcome: Outcome,
    /// Where that comes from.
    pub source: Source,
    /// Why it is so.
    pub why: Option<&'static str>,
}

/// What a state does with a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It is answered IGNORED, and leads there.
    Ignored(&'static str),
    /// It is carried out.
    Served {
        /// Where SUCCESS leads.
        success: &'static str,
        /// Where SUCCESS leads that leaves a result to pull from.
        open: Option<&'static str>,
        /// Where FAILURE leads; absent where there is no answer.
        failure: Option<&'static str>,
    },
}

/// A request as a generated case sends it, and what it is answered with.
#[derive(Clone, Copy, Debug)]
pub struct SampleInfo {
    /// The request.
    pub request: &'static str,
    /// What becomes of it.
    pub outcome: SampleOutcome,
    /// The states in which that becomes of it; none is all.
    pub states: &'static [&'static str],
    /// The versions in which that becomes of it.
    pub versions: VersionSet,
    /// The patch that it asks for.
    pub patch: Option<&'static str>,
    /// The request, as a conversation writes it.
    pub sends: &'static str,
    /// The answers, as a conversation writes them behind `S:`.
    pub answers: &'static [&'static str],
    /// What the server must have, as a conversation's header says it.
    pub needs: Option<&'static str>,
    /// Where that comes from.
    pub source: Source,
    /// Why it is so.
    pub why: Option<&'static str>,
}

/// What becomes of a sample.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SampleOutcome {
    /// SUCCESS, to the row's `success`.
    Success,
    /// SUCCESS, to the row's `open`.
    Open,
    /// FAILURE, to the row's `failure`.
    Failure,
    /// It cannot be read, and leads to the state's `malformed`.
    Malformed,
    /// SUCCESS, and the value that was sent comes back.
    Echo,
}

/// What a server makes of something that is out of place or wrong. The row that names most comes first.
#[derive(Clone, Copy, Debug)]
pub struct CheckInfo {
    /// What is wrong.
    pub kind: CheckKind,
    /// What it is wrong in: `RUN`, `RUN.query`, `PullExtra.n`, `Date`, `Date.days`; none is anything.
    pub of: &'static [&'static str],
    /// The types that came in its place; none is any.
    pub with: &'static [&'static str],
    /// The states it came in; none is all.
    pub states: &'static [&'static str],
    /// The versions.
    pub versions: VersionSet,
    /// What the server does.
    pub reaction: Reaction,
    /// Where that comes from.
    pub source: Source,
    /// Why it is so.
    pub why: Option<&'static str>,
}

/// What may be wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CheckKind {
    /// A request that no row of the state names.
    OutOfPlace,
    /// A message with a tag that is no request of the version.
    UnknownTag,
    /// A message with a field too few.
    FieldMissing,
    /// A message with a field too many.
    FieldTooMany,
    /// A dictionary without an entry that it has to have.
    EntryMissing,
    /// A dictionary with a key that it does not name.
    KeyUnknown,
    /// Null where there has to be a value.
    NullHere,
    /// A value of another type.
    WrongType,
    /// A value of the right type, but none of those allowed.
    NotAllowed,
    /// A structure, or a type of value, that the version lacks.
    ValueLacking,
    /// A structure that only a server sends.
    ValueFromServer,
    /// A structure that no version has.
    ValueUnknown,
    /// A chunk without bytes where a message would start.
    ChunkEmpty,
}

/// What a server does about something that is out of place or wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reaction {
    /// Nothing: it takes it.
    Taken,
    /// A FAILURE with one of these codes.
    Fails {
        /// The codes.
        codes: &'static [&'static str],
        /// Whether the connection is closed then.
        closes: bool,
    },
    /// It closes the connection without a word.
    Closes,
}

/// Which keys an answer has in one place of a conversation.
#[derive(Clone, Copy, Debug)]
pub struct SituationInfo {
    /// The place in a few words.
    pub name: &'static str,
    /// The request that is answered.
    pub request: &'static str,
    /// The state it is sent in.
    pub state: &'static str,
    /// What becomes of it.
    pub outcome: SampleOutcome,
    /// The versions.
    pub versions: VersionSet,
    /// The keys that are there beside those that always are.
    pub has: &'static [&'static str],
    /// The keys that are not there, though they are elsewhere.
    pub lacks: &'static [&'static str],
    /// Where that comes from.
    pub source: Source,
    /// Why it is so.
    pub why: Option<&'static str>,
}

/// A value or message with its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its name.
    pub name: &'static str,
    /// The versions in which it holds.
    pub versions: VersionSet,
    /// The patch that is in force.
    pub patch: Option<&'static str>,
    /// What it is an example of.
    pub kind: ExampleKind,
    /// Whether the bytes are only read: the value is written otherwise.
    pub read_only: bool,
    /// The bytes.
    pub bytes: &'static [u8],
}

/// What an example is of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ExampleKind {
    /// A value.
    Value,
    /// What a client sends.
    Request,
    /// What a server answers.
    Response,
}
