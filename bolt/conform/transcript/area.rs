//! What conversations belong to, and what a server may lack as a whole: the only place where either is listed.

/// What a conversation belongs to: a row of a report's matrix, and the first word of a case's name.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Area {
    /// How a version is agreed on.
    Handshake,
    /// How messages are cut into chunks.
    Chunking,
    /// HELLO, LOGON, LOGOFF.
    Authentication,
    /// Statements of their own.
    Statements,
    /// Reading what a statement gave.
    Results,
    /// BEGIN, COMMIT, ROLLBACK.
    Transactions,
    /// What a request says beside its statement.
    Settings,
    /// What a summary says beside the rows.
    Metadata,
    /// What a failure says, and what it leaves behind.
    Failures,
    /// RESET.
    Reset,
    /// Messages that break the format.
    Malformed,
    /// Values and structures.
    Values,
    /// Routing tables.
    Routing,
    /// Each request in each state.
    States,
    /// The same, without waiting for answers.
    Pipelined,
    /// Each request with each field spoiled.
    Requests,
    /// Tags that a version lacks.
    Tags,
}

impl Area {
    /// Every area, in the order of a report.
    pub const ALL: [Self; 17] = [
        Self::Handshake,
        Self::Chunking,
        Self::Authentication,
        Self::Statements,
        Self::Results,
        Self::Transactions,
        Self::Settings,
        Self::Metadata,
        Self::Failures,
        Self::Reset,
        Self::Malformed,
        Self::Values,
        Self::Routing,
        Self::States,
        Self::Pipelined,
        Self::Requests,
        Self::Tags,
    ];

    /// The area of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.name() == name)
    }

    /// Its name, as headers and reports write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.texts().0
    }

    /// What its cases are about, in a sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        self.texts().1
    }

    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Handshake => ("handshake", "Client and server agree on a version: single ones, ranges, manifests, and nonsense."),
            Self::Chunking => ("chunking", "Messages arrive in chunks, bytes and writes of any size, with empty chunks between them."),
            Self::Authentication => ("authentication", "A client says who it is, logs on, off, and on again, and is refused."),
            Self::Statements => ("statements", "Statements of their own are run, one by one and pipelined."),
            Self::Results => ("results", "A result is read whole, in batches, next to others, or dropped."),
            Self::Transactions => {
                ("transactions", "Transactions are opened, committed and rolled back, and told from one another by bookmarks.")
            }
            Self::Settings => {
                ("settings", "A request names a database, an access mode, a time limit, filters for notifications, or an interface.")
            }
            Self::Metadata => ("metadata", "A success says how a statement ended: its kind, counts, plan, statuses."),
            Self::Failures => ("failures", "A failure has a code and a shape that drivers decide by, and what follows it is ignored."),
            Self::Reset => ("reset", "RESET interrupts what runs, drops what waits, and restores the connection."),
            Self::Malformed => ("malformed", "Messages break the format, and the connection lives on where it can."),
            Self::Values => ("values", "Values and structures go out as parameters and come back in rows."),
            Self::Routing => ("routing", "A client asks which servers to use."),
            Self::States => ("states", "Each request is sent in each state of the protocol."),
            Self::Pipelined => ("pipelined", "Each request is sent in each state, with all that leads there in one write."),
            Self::Requests => ("requests", "Each request is sent with each field missing, null, of a wrong type, or one too many."),
            Self::Tags => ("tags", "Messages are sent that no version has, or not this one."),
        }
    }
}

/// What a server has to have for a conversation, where its author may want to do without as a whole.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Need {
    /// Credentials that can be wrong.
    Authentication,
    /// Databases with names, so that there is a name that none has.
    Databases,
    /// Routing tables.
    Routing,
    /// Time limits of transactions.
    Timeouts,
    /// Statements in Cypher, for they stand among the bytes of a message and no profile can put others there.
    Cypher,
}

impl Need {
    /// Every need.
    pub const ALL: [Self; 5] = [Self::Authentication, Self::Databases, Self::Routing, Self::Timeouts, Self::Cypher];

    /// The need of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|need| need.name() == name)
    }

    /// Its name, as headers and profiles write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Databases => "databases",
            Self::Routing => "routing",
            Self::Timeouts => "timeouts",
            Self::Cypher => "cypher",
        }
    }
}
