//! The YAML as it is written, and nothing more. Every file may hold any of the lists, each list stands in one file.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scalar::{Allow, Byte, Hex, TypeExpr, Version, VersionRange, Word};

/// Declares [`File`], whose keys are the lists of the specification, and the table of readers that finds every mistake of a broken file.
macro_rules! file {
    ($($(#[$doc:meta])* $key:ident: $type:ty,)*) => {
        /// One file under `spec/`.
        #[derive(Debug, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct File {
            $($(#[$doc])* pub $key: Vec<$type>,)*
            /// The handshake.
            pub handshake: Option<Handshake>,
        }

        impl File {
            /// The lists of the specification by key, each with a reader for one of its items.
            pub(crate) const LISTS: &[(&str, crate::locate::ItemReader)] =
                &[$((stringify!($key), crate::locate::read_item::<$type>),)*];

            /// How many items each list has, by key.
            pub(crate) fn lengths(&self) -> Vec<(&'static str, usize)> {
                vec![$((stringify!($key), self.$key.len()),)* ("handshake", usize::from(self.handshake.is_some()))]
            }

            /// Takes the lists of another file in.
            pub(crate) fn merge(&mut self, other: Self) {
                $(self.$key.extend(other.$key);)*
                self.handshake = other.handshake.or(self.handshake.take());
            }
        }
    };
}

file! {
    /// The versions in order.
    versions: VersionItem,
    /// Changes of the encoding that a client may ask for.
    patches: Patch,
    /// Which releases of Neo4j speak which versions.
    releases: Release,
    /// The types of a value.
    values: Value,
    /// The bytes that a value starts with.
    markers: Marker,
    /// The structures that are values.
    structures: Structure,
    /// What a client sends.
    requests: Message,
    /// What a server answers.
    responses: Message,
    /// The dictionaries that messages carry.
    dictionaries: Dictionary,
    /// The states of a connection.
    states: State,
    /// The codes of a FAILURE.
    errors: ErrorCode,
    /// The codes of a notification.
    notifications: NotificationCode,
    /// The statuses of a result.
    statuses: ResultStatus,
    /// Values and messages with their bytes.
    examples: Example,
    /// What a generated case sends, where the types do not say it.
    samples: Sample,
    /// What a server makes of what is out of place or wrong.
    checks: Check,
    /// Numbers worth a try where the types do not say which.
    edges: Edges,
    /// Which keys an answer has where.
    situations: Situation,
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The official documentation.
    #[default]
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

/// A version of Bolt.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionItem {
    /// Its number.
    pub number: Version,
    /// The claim that nothing changed since that version; checked.
    pub same_as: Option<Version>,
    /// The lists in which something did change all the same.
    #[serde(default)]
    pub except: Vec<String>,
    /// Why the number is never negotiated.
    pub reserved: Option<String>,
    /// The version of PackStream from here on.
    pub packstream: Option<u8>,
    /// Clients ask for it through the handshake's manifest only.
    #[serde(default)]
    pub manifest: bool,
    /// What it brought.
    pub doc: Option<String>,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
}

/// A change of the encoding that a client may ask for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// What a client asks for.
    pub name: String,
    /// Where it is answered.
    pub versions: VersionRange,
    /// What it changes.
    pub doc: String,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
}

/// The handshake.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handshake {
    /// The bytes that a client opens with.
    pub magic: Word,
    /// The proposal, and the answer, that stands for a manifest.
    pub manifest: Word,
    /// The answer where no version is in common.
    pub refusal: Word,
    /// How many proposals a client sends.
    pub proposals: usize,
    /// The names of the capability bits, the lowest first.
    pub capabilities: Vec<String>,
}

/// Releases of Neo4j.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The releases.
    pub neo4j: String,
    /// The versions they speak.
    pub versions: VersionRange,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
}

/// A type of value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// Its name.
    pub name: String,
    /// The version of PackStream that brought it; absent is the first.
    pub packstream: Option<u8>,
    /// What it is.
    pub doc: String,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
}

/// A byte, or a run of bytes, that a value starts with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Marker {
    /// Its name.
    pub name: String,
    /// The byte, or the first of the run.
    pub byte: Byte,
    /// The last of the run.
    pub to: Option<Byte>,
    /// The type of value; absent where a structure starts.
    #[serde(rename = "type")]
    pub type_: Option<String>,
    /// What follows it.
    pub doc: String,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
}

/// A structure that is a value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Structure {
    /// Its name.
    pub name: String,
    /// The byte that says which structure it is.
    pub tag: Byte,
    /// Where it exists; absent is everywhere.
    pub versions: Option<VersionRange>,
    /// The patch that brings it to the versions of the patch.
    pub patch: Option<String>,
    /// The patch that takes it away.
    pub unless: Option<String>,
    /// Only this side may send it; absent is both.
    pub from: Option<Side>,
    /// The newer structure that it is an older spelling of.
    pub stands_for: Option<String>,
    /// Where a version lacks it, a placeholder is sent in its place.
    #[serde(default)]
    pub placeholder: bool,
    /// What it is.
    pub doc: String,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
    /// Its fields in order.
    pub fields: Vec<Field>,
}

/// One end of a connection.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The end that connects.
    Client,
    /// The end that listens.
    Server,
}

/// A request or a response.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Its name in the newest version.
    pub name: String,
    /// Its name in older versions.
    pub formerly: Option<Formerly>,
    /// The byte that says which message it is.
    pub tag: Byte,
    /// Where it exists; absent is everywhere.
    pub versions: Option<VersionRange>,
    /// A wrong number of fields that some clients announce before all of them.
    pub miscounted: Option<Miscounted>,
    /// What it does to the queue.
    pub signal: Option<Signal>,
    /// The dictionary that its SUCCESS carries.
    pub success: Option<String>,
    /// Statements that older versions write in place of other messages.
    #[serde(default)]
    pub spelled: Vec<Spelled>,
    /// What it does.
    pub doc: String,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
    /// Its fields in order.
    #[serde(default)]
    pub fields: Vec<Field>,
}

/// The older name of a thing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Formerly {
    /// The older name.
    pub name: String,
    /// Where it is used.
    pub versions: VersionRange,
}

/// A wrong number of fields that is taken for the right one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Miscounted {
    /// The wrong number.
    #[serde(rename = "as")]
    pub number: usize,
    /// Where.
    pub versions: VersionRange,
}

/// What a request does to the requests around it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
pub enum Signal {
    /// It goes ahead of the queue and interrupts what runs.
    Interrupt,
    /// It ends the conversation.
    Close,
}

/// A statement that stands for a message.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spelled {
    /// The statement, in any letter case.
    pub query: String,
    /// Where it stands for the message.
    pub versions: VersionRange,
    /// The message.
    pub means: String,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
}

/// A field of a structure or message, or an entry of a dictionary.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name; for an entry, the key on the wire.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub type_: TypeExpr,
    /// Where it exists; absent is wherever its owner does.
    pub versions: Option<VersionRange>,
    /// The Rust field it is folded into, where several keys say the same.
    pub field: Option<String>,
    /// The field of a nested dictionary that it is folded into: `extra.auth`.
    pub into: Option<String>,
    /// Other keys that are read in its place.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What an absent value means.
    pub default: Option<Literal>,
    /// What it is in versions that lack it.
    pub otherwise: Option<Literal>,
    /// Which values it may have.
    pub allow: Option<Allow>,
    /// Whether the allowed strings may come in any letter case.
    #[serde(default)]
    pub any_case: bool,
    /// What the empty string means.
    pub blank: Option<Blank>,
    /// Only the items of the list that have this member are sent.
    pub only_with: Option<String>,
    /// In these versions an entry of the dictionary stands alone in its place.
    pub bare: Option<Bare>,
    /// The values of a byte, with their names.
    #[serde(default)]
    pub codes: Vec<Code>,
    /// What it is.
    pub doc: String,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
}

/// A value given in the specification.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(try_from = "serde_yaml::Value")]
#[schemars(with = "serde_json::Value")]
pub enum Literal {
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// The empty list, dictionary or string.
    Empty,
}

impl TryFrom<serde_yaml::Value> for Literal {
    type Error = String;

    fn try_from(value: serde_yaml::Value) -> Result<Self, String> {
        match value {
            serde_yaml::Value::Bool(value) => Ok(Self::Boolean(value)),
            serde_yaml::Value::Number(number) if number.is_i64() => Ok(Self::Integer(number.as_i64().unwrap_or_default())),
            serde_yaml::Value::String(text) if text == "empty" => Ok(Self::Empty),
            other => Err(format!("expected an integer, true, false or 'empty', got {other:?}")),
        }
    }
}

/// What the empty string means.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Blank {
    /// As if the key were not there.
    Absent,
}

/// An entry that stands alone in place of its dictionary.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bare {
    /// The entry.
    pub entry: String,
    /// Where.
    pub versions: VersionRange,
}

/// A value of a byte.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The byte.
    pub code: Byte,
    /// Its name.
    pub name: String,
    /// Bytes that one item of it takes.
    pub size: usize,
    /// What it is.
    pub doc: String,
}

/// A dictionary that messages carry.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dictionary {
    /// Its name.
    pub name: String,
    /// What it is.
    pub doc: String,
    /// Where the keys go that it does not name.
    pub rest: Option<Rest>,
    /// Its entries, in the order they are written.
    #[serde(default)]
    pub entries: Vec<Field>,
}

/// Where the keys go that a dictionary does not name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    /// The Rust field.
    pub field: String,
    /// Where.
    pub versions: VersionRange,
    /// What they are.
    pub doc: String,
}

/// A state of a connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Its name in the newest version.
    pub name: String,
    /// Its name in older versions.
    pub formerly: Option<Formerly>,
    /// Where it exists; absent is everywhere.
    pub versions: Option<VersionRange>,
    /// A conversation starts here.
    #[serde(default)]
    pub start: bool,
    /// The user is known.
    #[serde(default)]
    pub authenticated: bool,
    /// An interrupt waits in the queue.
    #[serde(default)]
    pub interrupted: bool,
    /// The connection is closed.
    #[serde(default)]
    pub closed: bool,
    /// Where a message leads that cannot be read.
    pub malformed: String,
    /// What it means.
    pub doc: String,
    /// The requests that it takes.
    #[serde(default)]
    pub accepts: Vec<Row>,
}

/// Requests that a state takes, and where they lead.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The requests.
    pub messages: Vec<String>,
    /// Where the row holds; absent is wherever state and request exist.
    pub versions: Option<VersionRange>,
    /// Where SUCCESS leads.
    pub success: Option<String>,
    /// Where SUCCESS leads that leaves a result to pull from.
    pub open: Option<String>,
    /// Where FAILURE leads.
    pub failure: Option<String>,
    /// The request is answered IGNORED and leads there.
    pub ignored: Option<String>,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
    /// Why it is so.
    pub why: Option<String>,
}

/// Whose fault a failure is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Classification {
    /// The client's.
    ClientError,
    /// The database's.
    DatabaseError,
    /// Nobody's: it may work the next time.
    TransientError,
}

/// The code of a FAILURE.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// The Neo4j code, `Neo.ClientError.Statement.SyntaxError`.
    pub code: String,
    /// The GQLSTATUS code.
    pub gql_status: String,
    /// What the GQLSTATUS code means.
    pub description: String,
    /// Whose fault it is.
    pub classification: Classification,
    /// Whether the official drivers try again.
    pub retryable: bool,
    /// When it is sent.
    pub doc: String,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
}

/// The code of a notification.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationCode {
    /// The Neo4j code.
    pub code: String,
    /// The GQLSTATUS code.
    pub gql_status: String,
    /// What the GQLSTATUS code means.
    pub description: String,
    /// The notification in short.
    pub title: String,
    /// WARNING or INFORMATION.
    pub severity: String,
    /// The kind of notification.
    pub category: String,
    /// When it is sent.
    pub doc: String,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
}

/// The status of a result.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultStatus {
    /// Its name.
    pub name: String,
    /// The GQLSTATUS code.
    pub gql_status: String,
    /// What it means.
    pub description: String,
    /// When it is sent.
    pub doc: String,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
}

/// A value or message with its bytes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub doc: Option<String>,
    /// The versions in which it holds; absent is all.
    pub versions: Option<VersionRange>,
    /// The patch that is in force.
    pub patch: Option<String>,
    /// The value.
    #[schemars(with = "Option<serde_json::Value>")]
    pub value: Option<serde_yaml::Value>,
    /// The message: its name, and its fields in order.
    #[schemars(with = "Option<serde_json::Value>")]
    pub message: Option<serde_yaml::Value>,
    /// Whether the bytes are only read: the value is written otherwise.
    #[serde(default)]
    pub read_only: bool,
    /// The bytes.
    pub bytes: Hex,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
}

/// A request as a generated case sends it, and what it is answered with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The request.
    pub request: String,
    /// What becomes of it.
    pub outcome: SampleOutcome,
    /// The states in which that becomes of it; absent is all.
    #[serde(default, rename = "in")]
    pub states: Vec<String>,
    /// The versions in which that becomes of it; absent is wherever the request exists.
    pub versions: Option<VersionRange>,
    /// The patch that it asks for.
    pub patch: Option<String>,
    /// The request, as a conversation writes it. An echo has `$value` in it.
    pub sends: String,
    /// The answers, as a conversation writes them behind `S:`; absent is what its SUCCESS has to hold.
    #[serde(default)]
    pub answers: Vec<String>,
    /// What the server must have, as a conversation's header says it.
    pub needs: Option<String>,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
    /// Why it is so.
    pub why: Option<String>,
}

/// What becomes of a sample.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
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

/// What a server makes of something that is out of place or wrong. Of several that fit, the one counts that names most.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What is wrong.
    pub check: CheckKind,
    /// What it is wrong in: `RUN`, `RUN.query`, `PullExtra.n`, `Date`, `Date.days`, `ROUTE.bookmarks[]` for what is inside; absent is
    /// anything.
    #[serde(default)]
    pub of: Vec<String>,
    /// The type that came in its place; absent is any.
    #[serde(default)]
    pub with: Vec<String>,
    /// The states it came in; absent is all.
    #[serde(default, rename = "in")]
    pub states: Vec<String>,
    /// The versions; absent is all.
    pub versions: Option<VersionRange>,
    /// Nothing comes of it: the server takes it.
    #[serde(default)]
    pub taken: bool,
    /// The codes of the FAILURE, of which one is enough.
    #[serde(default)]
    pub codes: Vec<String>,
    /// The server closes the connection, after the FAILURE where there is one.
    #[serde(default)]
    pub closes: bool,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
    /// Why it is so.
    pub why: Option<String>,
}

/// What may be wrong.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "kebab-case")]
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

impl CheckKind {
    /// Everything that may be wrong.
    pub const ALL: &'static [Self] = &[
        Self::OutOfPlace,
        Self::UnknownTag,
        Self::FieldMissing,
        Self::FieldTooMany,
        Self::EntryMissing,
        Self::KeyUnknown,
        Self::NullHere,
        Self::WrongType,
        Self::NotAllowed,
        Self::ValueLacking,
        Self::ValueFromServer,
        Self::ValueUnknown,
        Self::ChunkEmpty,
    ];
}

impl std::fmt::Display for CheckKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::OutOfPlace => "out-of-place",
            Self::UnknownTag => "unknown-tag",
            Self::FieldMissing => "field-missing",
            Self::FieldTooMany => "field-too-many",
            Self::EntryMissing => "entry-missing",
            Self::KeyUnknown => "key-unknown",
            Self::NullHere => "null-here",
            Self::WrongType => "wrong-type",
            Self::NotAllowed => "not-allowed",
            Self::ValueLacking => "value-lacking",
            Self::ValueFromServer => "value-from-server",
            Self::ValueUnknown => "value-unknown",
            Self::ChunkEmpty => "chunk-empty",
        })
    }
}

/// Numbers worth a try in a field.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edges {
    /// The fields, `Date.days`.
    pub of: Vec<String>,
    /// The numbers.
    pub values: Vec<i64>,
}

/// An answer in one place of a conversation, and which of its keys are there and which are not.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    /// The place in a few words.
    pub name: String,
    /// The request that is answered.
    pub request: String,
    /// The state it is sent in.
    #[serde(rename = "in")]
    pub state: String,
    /// What becomes of it.
    pub outcome: SampleOutcome,
    /// The versions; absent is wherever request and state exist.
    pub versions: Option<VersionRange>,
    /// The keys that are there beside those that always are.
    #[serde(default)]
    pub has: Vec<String>,
    /// The keys that are not there, though they are elsewhere.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// Where that comes from.
    #[serde(default)]
    pub source: Source,
    /// Why it is so.
    pub why: Option<String>,
}
