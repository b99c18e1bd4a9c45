//! The specification resolved: names point to what they name, ranges are sets of versions, and Rust's names are decided.

pub use crate::model::{CheckKind, Classification, SampleOutcome, Side, Signal, Source};
pub use crate::scalar::Allow;

/// The whole of it.
#[derive(Debug)]
pub struct Spec {
    /// The versions that may be negotiated, in order.
    pub versions: Vec<Version>,
    /// Numbers that are never negotiated: the number and the reason.
    pub reserved: Vec<(String, String)>,
    /// The patches.
    pub patches: Vec<Patch>,
    /// The handshake.
    pub handshake: Handshake,
    /// Releases of Neo4j.
    pub releases: Vec<Release>,
    /// The types of a value.
    pub values: Vec<Value>,
    /// The bytes that a value starts with.
    pub markers: Vec<Marker>,
    /// The structures that are values.
    pub structures: Vec<Structure>,
    /// The dictionaries.
    pub dictionaries: Vec<Dictionary>,
    /// What a client sends.
    pub requests: Vec<Message>,
    /// What a server answers.
    pub responses: Vec<Message>,
    /// Statements that stand for requests.
    pub spelled: Vec<Spelled>,
    /// The states, as they are written.
    pub states: Vec<State>,
    /// The machine of each version: an index into `machines`.
    pub machine_of: Vec<usize>,
    /// The distinct machines that the state table comes to: by state, then by request.
    pub machines: Vec<Vec<Vec<Transition>>>,
    /// The codes of a FAILURE.
    pub errors: Vec<ErrorCode>,
    /// The codes of a notification.
    pub notifications: Vec<NotificationCode>,
    /// The statuses of a result.
    pub statuses: Vec<ResultStatus>,
    /// Values and messages with their bytes.
    pub examples: Vec<Example>,
    /// What generated cases send.
    pub samples: Vec<Sample>,
    /// What a server makes of what is out of place or wrong.
    pub checks: Vec<Check>,
    /// Numbers worth a try: the fields, and the numbers.
    pub edges: Vec<(Vec<String>, Vec<i64>)>,
    /// Which keys an answer has where.
    pub situations: Vec<Situation>,
}

/// A set of versions, one bit for each.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Versions(pub u32);

impl Versions {
    /// Whether a version is in it.
    #[must_use]
    pub fn contains(self, version: usize) -> bool {
        self.0 & (1 << version) != 0
    }

    /// Whether all of another set is in it.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in one or the other.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The numbers of the versions in it.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..32).filter(move |version| self.contains(*version))
    }

    /// The first and the last version in it, where nothing is missing between them.
    #[must_use]
    pub fn bounds(self) -> Option<(usize, usize)> {
        let (first, last) = (self.iter().next()?, self.iter().last()?);
        (first..=last).all(|version| self.contains(version)).then_some((first, last))
    }
}

/// A version that may be negotiated.
#[derive(Debug)]
pub struct Version {
    /// `V4_3`.
    pub ident: String,
    /// `4.3`.
    pub number: String,
    /// The number before the dot.
    pub major: u8,
    /// The number behind it.
    pub minor: u8,
    /// The version of PackStream.
    pub packstream: u8,
    /// Clients ask for it through the handshake's manifest only.
    pub manifest: bool,
    /// What it brought.
    pub doc: String,
    /// Where that comes from.
    pub source: Source,
}

/// A change of the encoding that a client may ask for.
#[derive(Debug)]
pub struct Patch {
    /// What a client asks for.
    pub name: String,
    /// Where it is answered.
    pub versions: Versions,
    /// What it changes.
    pub doc: String,
}

/// The handshake.
#[derive(Debug)]
pub struct Handshake {
    /// The bytes that a client opens with.
    pub magic: [u8; 4],
    /// What stands for a manifest.
    pub manifest: [u8; 4],
    /// The answer where no version is in common.
    pub refusal: [u8; 4],
    /// How many proposals a client sends.
    pub proposals: usize,
    /// The names of the capability bits.
    pub capabilities: Vec<String>,
}

/// Releases of Neo4j.
#[derive(Debug)]
pub struct Release {
    /// The releases.
    pub neo4j: String,
    /// The versions they speak.
    pub versions: Versions,
    /// Where that comes from.
    pub source: Source,
}

/// A type of value.
#[derive(Debug)]
pub struct Value {
    /// The variant.
    pub name: String,
    /// Which it is to the generator.
    pub builtin: Builtin,
    /// The version of PackStream that brought it.
    pub packstream: u8,
    /// What it is.
    pub doc: String,
}

/// The types of PackStream that are not structures.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Builtin {
    /// Nothing.
    Null,
    /// `bool`.
    Boolean,
    /// `i64`.
    Integer,
    /// `f64`.
    Float,
    /// Borrowed or owned bytes.
    Bytes,
    /// Borrowed or owned text.
    String,
    /// Values in order.
    List,
    /// Values by name.
    Dictionary,
    /// Sixteen bytes.
    Uuid,
}

impl Builtin {
    /// All of them by the name that the specification uses.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("Null", Self::Null),
        ("Boolean", Self::Boolean),
        ("Integer", Self::Integer),
        ("Float", Self::Float),
        ("Bytes", Self::Bytes),
        ("String", Self::String),
        ("List", Self::List),
        ("Dictionary", Self::Dictionary),
        ("Uuid", Self::Uuid),
    ];
}

/// A byte, or a run of bytes, that a value starts with.
#[derive(Debug)]
pub struct Marker {
    /// The constant.
    pub name: String,
    /// The byte, or the first of the run.
    pub byte: u8,
    /// The last of the run.
    pub to: u8,
    /// What follows it.
    pub doc: String,
}

/// What has fields: a structure, a message, or a dictionary.
#[derive(Debug, Default)]
pub struct Shape {
    /// What is on the wire, in order.
    pub wire: Vec<WireField>,
    /// What is in the Rust struct, in order.
    pub members: Vec<Member>,
    /// Whether the Rust struct has a lifetime.
    pub borrows: bool,
}

/// A field or an entry as it is on the wire.
#[derive(Debug)]
pub struct WireField {
    /// Its name or key.
    pub key: String,
    /// Where it is in Rust: a member, or a member of a member.
    pub path: Vec<String>,
    /// Its type.
    pub type_: Type,
    /// Its type as it is written.
    pub type_name: String,
    /// Whether it may be absent or null.
    pub nullable: bool,
    /// Where it exists.
    pub versions: Versions,
    /// Other keys that are read in its place.
    pub aliases: Vec<String>,
    /// Which values it may have.
    pub allow: Option<Allow>,
    /// Whether the allowed strings may come in any letter case.
    pub any_case: bool,
    /// Whether the empty string is as good as absent.
    pub blank_is_absent: bool,
    /// Only the items with this member are sent.
    pub only_with: Option<String>,
    /// Where an entry of it stands alone in its place: the key, its member, and the versions.
    pub bare: Option<(String, String, Versions)>,
    /// The values of a byte.
    pub codes: Vec<Code>,
    /// What it is.
    pub doc: String,
    /// Where that comes from.
    pub source: Source,
}

/// A value of a byte.
#[derive(Clone, Debug)]
pub struct Code {
    /// The byte.
    pub code: u8,
    /// Its name.
    pub name: String,
    /// Bytes that one item of it takes.
    pub size: usize,
    /// What it is.
    pub doc: String,
}

/// A member of a Rust struct.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name in Rust.
    pub name: String,
    /// Its type.
    pub type_: Type,
    /// Whether it may be missing.
    pub presence: Presence,
    /// Whether it is boxed, since it holds its own type.
    pub boxed: bool,
    /// Where it exists, if that is not wherever its owner does.
    pub gate: Option<Versions>,
    /// What it is.
    pub doc: String,
}

/// Whether a member of a Rust struct may be missing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Presence {
    /// Never.
    Required,
    /// An `Option`.
    Optional,
    /// It has this value then, which is not written.
    Default(Fallback),
    /// It has this value where the version lacks it, and is written everywhere else.
    Otherwise(Fallback),
}

/// The value of a member that is missing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fallback {
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// Rust's own default of its type.
    Empty,
}

/// The type of a field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Type {
    /// A type of PackStream; a list or dictionary of anything.
    Builtin(Builtin),
    /// A list whose items have one type; nulls among them are passed over where `true`.
    List(Box<Self>, bool),
    /// A dictionary whose values have one type.
    DictionaryOf(Builtin),
    /// A structure.
    Structure(usize),
    /// A dictionary of the specification.
    Dictionary(usize),
}

/// A structure that is a value.
#[derive(Debug)]
pub struct Structure {
    /// Its name, in Rust too.
    pub name: String,
    /// The byte that says which it is.
    pub tag: u8,
    /// Where it exists without a patch.
    pub versions: Versions,
    /// The patch that brings it to further versions.
    pub patch: Option<usize>,
    /// The patch that takes it away.
    pub unless: Option<usize>,
    /// Only this side may send it.
    pub from: Option<Side>,
    /// The newer structure that it is an older spelling of.
    pub stands_for: Option<usize>,
    /// Whether a placeholder is sent where it does not exist.
    pub placeholder: bool,
    /// Whether it is boxed inside a value.
    pub boxed: bool,
    /// What it is.
    pub doc: String,
    /// Where that comes from.
    pub source: Source,
    /// Its fields.
    pub shape: Shape,
}

/// A request or a response.
#[derive(Debug)]
pub struct Message {
    /// Its name in the newest version.
    pub name: String,
    /// Its name in older versions, and which.
    pub formerly: Option<(String, Versions)>,
    /// Its name in Rust.
    pub ident: String,
    /// The byte that says which it is.
    pub tag: u8,
    /// Where it exists.
    pub versions: Versions,
    /// A wrong number of fields that is taken for the right one, and where.
    pub miscounted: Option<(usize, Versions)>,
    /// What it does to the queue.
    pub signal: Option<Signal>,
    /// The dictionary that its SUCCESS carries.
    pub success: Option<usize>,
    /// What it does.
    pub doc: String,
    /// Where that comes from.
    pub source: Source,
    /// Its fields.
    pub shape: Shape,
}

/// A statement that stands for a request.
#[derive(Debug)]
pub struct Spelled {
    /// The statement in upper case.
    pub query: String,
    /// Where it stands for the request.
    pub versions: Versions,
    /// The request that carries it.
    pub request: usize,
    /// The request it stands for.
    pub means: usize,
}

/// A dictionary.
#[derive(Debug)]
pub struct Dictionary {
    /// Its name, in Rust too.
    pub name: String,
    /// Whether only requests carry it: a client is told what a version lacks, a server leaves it out.
    pub of_request: bool,
    /// The member for the keys that it does not name, with the versions where that is not `rest`.
    pub rest: Option<(String, Versions, String)>,
    /// What it is.
    pub doc: String,
    /// Its entries.
    pub shape: Shape,
}

/// A state as it is written.
#[derive(Debug)]
pub struct State {
    /// Its name in the newest version.
    pub name: String,
    /// Its name in older versions, and which.
    pub formerly: Option<(String, Versions)>,
    /// Its name in Rust.
    pub ident: String,
    /// Where it exists.
    pub versions: Versions,
    /// A conversation starts here.
    pub start: bool,
    /// The user is known.
    pub authenticated: bool,
    /// An interrupt waits in the queue.
    pub interrupted: bool,
    /// The connection is closed.
    pub closed: bool,
    /// Where a message leads that cannot be read.
    pub malformed: usize,
    /// What it means.
    pub doc: String,
    /// What it takes.
    pub rows: Vec<Row>,
}

/// Requests that a state takes.
#[derive(Debug)]
pub struct Row {
    /// The requests.
    pub requests: Vec<usize>,
    /// Where the row is written to hold; a request narrows it to its own versions.
    pub versions: Versions,
    /// Where they lead.
    pub transition: Transition,
    /// Where that comes from.
    pub source: Source,
    /// Why it is so.
    pub why: Option<String>,
}

/// What a state does with a request.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Transition {
    /// FAILURE, and the connection is closed.
    #[default]
    Refused,
    /// IGNORED, and this state.
    Ignored(usize),
    /// It is carried out.
    Served {
        /// Where SUCCESS leads.
        success: usize,
        /// Where SUCCESS leads that leaves a result to pull from.
        open: Option<usize>,
        /// Where FAILURE leads; absent where there is no answer at all.
        failure: Option<usize>,
    },
}

/// The code of a FAILURE.
#[derive(Debug)]
pub struct ErrorCode {
    /// Its name in Rust.
    pub ident: String,
    /// The Neo4j code.
    pub code: String,
    /// The GQLSTATUS code.
    pub gql_status: String,
    /// What that means.
    pub description: String,
    /// Whose fault it is.
    pub classification: Classification,
    /// Whether the official drivers try again.
    pub retryable: bool,
    /// When it is sent.
    pub doc: String,
}

/// The code of a notification.
#[derive(Debug)]
pub struct NotificationCode {
    /// Its name in Rust.
    pub ident: String,
    /// The Neo4j code.
    pub code: String,
    /// The GQLSTATUS code.
    pub gql_status: String,
    /// What that means.
    pub description: String,
    /// The notification in short.
    pub title: String,
    /// WARNING or INFORMATION.
    pub severity: String,
    /// The kind of notification.
    pub category: String,
    /// When it is sent.
    pub doc: String,
}

/// The status of a result.
#[derive(Debug)]
pub struct ResultStatus {
    /// Its name in Rust.
    pub ident: String,
    /// The GQLSTATUS code.
    pub gql_status: String,
    /// What it means.
    pub description: String,
    /// When it is sent.
    pub doc: String,
}

/// A value or message with its bytes.
#[derive(Debug)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// The versions in which it holds.
    pub versions: Versions,
    /// The patch that is in force.
    pub patch: Option<usize>,
    /// What it is an example of.
    pub kind: ExampleKind,
    /// Whether the bytes are only read: the value is written otherwise.
    pub read_only: bool,
    /// The bytes.
    pub bytes: Vec<u8>,
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

/// A request as a generated case sends it.
#[derive(Debug)]
pub struct Sample {
    /// The request.
    pub request: usize,
    /// What becomes of it.
    pub outcome: SampleOutcome,
    /// The states in which that becomes of it; none is all.
    pub states: Vec<usize>,
    /// The versions in which that becomes of it.
    pub versions: Versions,
    /// The patch that it asks for.
    pub patch: Option<usize>,
    /// The request, as a conversation writes it.
    pub sends: String,
    /// The answers, as a conversation writes them.
    pub answers: Vec<String>,
    /// What the server must have.
    pub needs: Option<String>,
    /// Where that comes from.
    pub source: Source,
    /// Why it is so.
    pub why: Option<String>,
}

/// What a server makes of something that is out of place or wrong.
#[derive(Debug)]
pub struct Check {
    /// What is wrong.
    pub kind: CheckKind,
    /// What it is wrong in; none is anything.
    pub of: Vec<String>,
    /// The types that came in its place; none is any.
    pub with: Vec<String>,
    /// The states it came in; none is all.
    pub states: Vec<usize>,
    /// The versions.
    pub versions: Versions,
    /// What the server does.
    pub reaction: Reaction,
    /// Where that comes from.
    pub source: Source,
    /// Why it is so.
    pub why: Option<String>,
}

impl Check {
    /// How much it names. What it is about counts more than what came, and that more than where.
    #[must_use]
    pub fn rank(&self) -> u8 {
        4 * u8::from(!self.of.is_empty()) + 2 * u8::from(!self.with.is_empty()) + u8::from(!self.states.is_empty())
    }
}

/// What a server does about something that is out of place or wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reaction {
    /// Nothing: it takes it.
    Taken,
    /// A FAILURE with one of these codes.
    Fails {
        /// The codes.
        codes: Vec<String>,
        /// Whether the connection is closed then.
        closes: bool,
    },
    /// It closes the connection without a word.
    Closes,
}

/// Which keys an answer has in one place of a conversation.
#[derive(Debug)]
pub struct Situation {
    /// The place.
    pub name: String,
    /// The request that is answered.
    pub request: usize,
    /// The state it is sent in.
    pub state: usize,
    /// What becomes of it.
    pub outcome: SampleOutcome,
    /// The versions.
    pub versions: Versions,
    /// The keys that are there.
    pub has: Vec<String>,
    /// The keys that are not.
    pub lacks: Vec<String>,
    /// Where that comes from.
    pub source: Source,
    /// Why it is so.
    pub why: Option<String>,
}
