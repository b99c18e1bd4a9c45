//! What a deviation does to applications: a sentence about what the official drivers make of it.
//!
//! The sentences are about the newest Python, JavaScript, Java and Go drivers. They read every answer in the order of their requests, read
//! no more than they have asked for, and wait for an answer until the time that the hint `connection.recv_timeout_seconds` gives them.

use super::outcome::{Effect, Severity};
use super::transcript::{Answer, Data, Entry, Guarded, Scope, Step, Term, TypeName, bytes_of, names};
use crate::generated::{Classification, ErrorCode, handshake};

/// What came from a server.
#[derive(Clone, Copy, Debug)]
pub enum Came<'c> {
    /// A message.
    Message(&'c Data),
    /// Bytes of a handshake.
    Bytes(&'c [u8]),
    /// The end of the connection.
    Closed,
    /// Nothing, in the time there was.
    Nothing,
    /// What cannot be read.
    Garbage,
}

/// What it means that something else came than what was to come. `expected` is the line that was not met, or nothing at the end of the
/// conversation.
#[must_use]
pub fn effect(expected: Option<&Step>, came: Came<'_>, scope: &Scope) -> Effect {
    match expected {
        Some(Step::Answer(_, answers)) => answer(answers, came, scope),
        Some(Step::RawAnswer(pieces)) => handshake_answer(&bytes_of(pieces, scope.version), came),
        Some(Step::Manifest) => manifest(came),
        Some(Step::Closed) => not_closed(came),
        Some(Step::Silence) | None => not_silent(came),
        // Nothing comes while the client has the word: what failed is the connection itself.
        Some(_) => lost(&format!("{} while the client was sending", name_of(came))),
    }
}

fn of(severity: Severity, what: impl Into<String>, consequence: impl Into<String>) -> Effect {
    Effect { what: what.into(), consequence: consequence.into(), severity }
}

fn lost(what: &str) -> Effect {
    of(
        Severity::Broken,
        what,
        "The driver gives the connection up: ServiceUnavailable, or SessionExpired under neo4j://. A managed transaction is tried again \
         on another connection, where the same happens.",
    )
}

fn hang(what: String) -> Effect {
    of(
        Severity::Hang,
        what,
        "The driver waits: as many seconds as the hint connection.recv_timeout_seconds said, without such a hint for ever.",
    )
}

fn garbled(what: &str) -> Effect {
    of(Severity::Broken, what, "The driver cannot read the answer, takes that for a broken protocol and closes the connection.")
}

fn name_of(came: Came<'_>) -> String {
    match came {
        Came::Message(message) => kind_of(message),
        Came::Bytes(_) => "other bytes".to_owned(),
        Came::Closed => "closed".to_owned(),
        Came::Nothing => "nothing came".to_owned(),
        Came::Garbage => "unreadable bytes".to_owned(),
    }
}

/// `SUCCESS`, or `FAILURE Neo.ClientError.Request.Invalid`.
fn kind_of(message: &Data) -> String {
    match (message, code_of(message)) {
        (_, Some(code)) => format!("FAILURE {code}"),
        (Data::Structure(tag, _), None) => names::response_of(*tag).map_or_else(|| format!("message 0x{tag:02X}"), str::to_owned),
        _ => "a value that is no message".to_owned(),
    }
}

fn code_of(message: &Data) -> Option<&str> {
    let Data::Structure(_, fields) = message else { return None };
    let Some(Data::Dictionary(metadata)) = fields.first().filter(|_| message.is_response("FAILURE")) else { return None };
    metadata.iter().find_map(|(key, value)| match value {
        Data::String(code) if matches!(key.as_str(), "code" | "neo4j_code") => Some(code.as_str()),
        _ => None,
    })
}

/// What answers the alternatives are of, each once: `SUCCESS or IGNORED`.
fn kinds(answers: &[Answer]) -> String {
    let mut kinds = Vec::new();
    for answer in answers {
        let kind = match answer {
            Answer::Message(tag, _) => names::response_of(*tag).map_or_else(|| format!("message 0x{tag:02X}"), str::to_owned),
            Answer::Failure(codes) => format!("FAILURE {}", codes.join(" or ")),
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds.join(" or ")
}

fn is(answer: &Answer, name: &str) -> bool {
    match answer {
        Answer::Message(tag, _) => names::response(name) == Some(*tag),
        Answer::Failure(_) => name == "FAILURE",
    }
}

fn answer(answers: &[Answer], came: Came<'_>, scope: &Scope) -> Effect {
    let wanted = kinds(answers);
    let wants = |name: &str| answers.iter().any(|answer| is(answer, name));
    let what = format!("{} instead of {wanted}", name_of(came));
    let message = match came {
        Came::Message(message) => message,
        Came::Nothing => return hang(what),
        Came::Garbage | Came::Bytes(_) => return garbled(&what),
        Came::Closed if wants("FAILURE") => {
            return of(
                Severity::Broken,
                what,
                "The application is not told what was wrong: it gets ServiceUnavailable, or SessionExpired under neo4j://, and a managed \
                 transaction tries again what cannot succeed.",
            );
        }
        Came::Closed => return lost(&what),
    };
    for (index, name) in ["SUCCESS", "RECORD", "IGNORED", "FAILURE"].into_iter().enumerate() {
        if !message.is_response(name) {
            continue;
        }
        if let Some(same) = answers.iter().find(|answer| is(answer, name)) {
            return match (same, index) {
                (Answer::Failure(codes), _) => other_code(codes, message),
                (Answer::Message(_, patterns), 0 | 3) => metadata(name, patterns, message, scope),
                (Answer::Message(_, patterns), 1) => record(patterns, message, scope),
                (Answer::Message(..), _) => ignored_with_fields(),
            };
        }
        return match index {
            0 => succeeded(what, answers),
            1 => of(
                Severity::Broken,
                what,
                "A row where none belongs: it joins the rows of another result, or the driver takes it for a broken protocol and closes \
                 the connection.",
            ),
            2 => ignored(what, wants("FAILURE")),
            _ => failed(what, message, wants("IGNORED") && !wants("SUCCESS"), wants("RECORD")),
        };
    }
    of(Severity::Broken, what, "No driver knows this message: it is a broken protocol to them, and they close the connection.")
}

fn succeeded(what: String, answers: &[Answer]) -> Effect {
    if answers.iter().any(|answer| is(answer, "RECORD")) {
        return of(
            Severity::WrongResult,
            what,
            "The result is over before its last row: the driver hands the rest of it out as complete, or asks for rows that are gone.",
        );
    }
    if answers.iter().any(|answer| is(answer, "IGNORED")) {
        return of(
            Severity::WrongResult,
            what,
            "What stands behind a failed request is carried out though it was to be skipped: drivers pipeline, so work is done that the \
             application believes undone.",
        );
    }
    of(
        Severity::Misled,
        what,
        "The server accepts what it has to refuse: whoever sends it is not told of the mistake, and the two sides no longer agree on what \
         comes next.",
    )
}

fn ignored(what: String, failure: bool) -> Effect {
    if failure {
        return of(
            Severity::Misled,
            what,
            "The request counts as skipped because of an earlier failure, of which the driver knows nothing: it has no error to show, and \
             some drivers show none at all.",
        );
    }
    of(
        Severity::Broken,
        what,
        "The server skips a request that nothing has failed before: JavaScript and Go raise an error without a cause, drivers that count on \
         the error that came before have none to show.",
    )
}

fn failed(what: String, message: &Data, ignored: bool, row: bool) -> Effect {
    if ignored {
        return of(
            Severity::Misled,
            what,
            "One failure becomes two: the first reaches the application, the second may take its place or meet a driver that has begun to \
             recover from the first.",
        );
    }
    let happens = match verdict(code_of(message)) {
        Handling::Retried => {
            "The driver takes it for a passing trouble: a managed transaction is tried again until its time is over, then \
                              the application gets the error"
        }
        Handling::Client => "The application gets a ClientError for something that is right, and no driver tries again",
        Handling::Database => "The application gets a DatabaseError, and no driver tries again",
        Handling::Uncoded => "The application gets an error without a code, which drivers take for a DatabaseError: no driver tries again",
    };
    let rows = if row { "; the rows that are missing never come" } else { "" };
    of(Severity::Broken, what, format!("{happens}{rows}."))
}

/// What drivers make of a code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Handling {
    Retried,
    Client,
    Database,
    Uncoded,
}

fn verdict(code: Option<&str>) -> Handling {
    let Some(code) = code else { return Handling::Uncoded };
    match ErrorCode::from_code(code) {
        Some(known) if known.retryable() => Handling::Retried,
        Some(known) => match known.classification() {
            Classification::DatabaseError => Handling::Database,
            // Those that are transient by name only are client errors to every driver.
            Classification::ClientError | Classification::TransientError => Handling::Client,
        },
        None => match code.split('.').nth(1) {
            Some("TransientError") => Handling::Retried,
            Some("ClientError") => Handling::Client,
            _ => Handling::Database,
        },
    }
}

fn other_code(codes: &[String], message: &Data) -> Effect {
    let wanted = codes.join(" or ");
    let Some(code) = code_of(message) else {
        return of(
            Severity::Misled,
            format!("FAILURE without a code instead of {wanted}"),
            "Drivers fill in Neo.DatabaseError.General.UnknownError: the application cannot tell what went wrong, and nothing is tried again.",
        );
    };
    let what = format!("FAILURE {code} instead of {wanted}");
    let right: Vec<_> = codes.iter().map(|code| verdict(Some(code))).collect();
    match verdict(Some(code)) {
        handling if right.contains(&handling) => of(
            Severity::Slight,
            what,
            "Drivers treat both codes alike; an application that looks at the code itself meets one that it does not know.",
        ),
        Handling::Retried => of(
            Severity::Misled,
            what,
            "The driver takes it for a passing trouble: a managed transaction is tried again and again until its time is over, though it \
             can never succeed.",
        ),
        handling => {
            let class = if handling == Handling::Client { "ClientError" } else { "DatabaseError" };
            let retry = if right.contains(&Handling::Retried) {
                " and is not tried again, though the next try may succeed"
            } else {
                ", of another class than it handles"
            };
            of(Severity::Misled, what, format!("The application gets a {class}{retry}."))
        }
    }
}

fn ignored_with_fields() -> Effect {
    of(
        Severity::Broken,
        "IGNORED with fields that it does not have",
        "Go counts the fields of every answer and takes this for a broken protocol, which ends the connection; the other drivers overlook it.",
    )
}

fn record(patterns: &[Guarded<Term>], message: &Data, scope: &Scope) -> Effect {
    let (Some(Guarded { item: Term::List(expected, open), .. }), Data::Structure(_, fields)) = (patterns.first(), message) else {
        return other_values();
    };
    match fields.as_slice() {
        [Data::List(values)] => {
            let count = expected.iter().filter(|value| value.is_in(scope.version)).count();
            if count == values.len() || *open && count < values.len() {
                let mut scope = scope.clone();
                let here = expected.iter().filter(|value| value.is_in(scope.version)).cloned().collect::<Vec<_>>();
                let differing = here.iter().zip(values).find(|(pattern, value)| !scope.matches(&pattern.item, value));
                return match differing {
                    Some((pattern, value)) => other_value(&pattern.item, value, &scope),
                    None => other_values(),
                };
            }
            of(
                Severity::WrongResult,
                format!("RECORD of {} instead of {}", plural(values.len(), "value"), plural(count, "value")),
                "Drivers lay the values beside the names of the columns without counting them: columns go missing, or values without a name.",
            )
        }
        fields => of(
            Severity::Broken,
            format!("RECORD with {} instead of a list", plural(fields.len(), "field")),
            "Go counts the fields of every answer and takes this for a broken protocol, which ends the connection; the other drivers read the \
             first one and overlook the rest.",
        ),
    }
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn other_values() -> Effect {
    of(Severity::WrongResult, "RECORD with another value", "The application gets the wrong value, and no error.")
}

fn other_value(pattern: &Term, value: &Data, scope: &Scope) -> Effect {
    let right = type_of_pattern(pattern, scope);
    let came = type_of(value);
    match (pattern, value) {
        (Term::Data(Data::Structure(right, fields)), Data::Structure(came, others)) if right == came && fields.len() != others.len() => {
            wrong_shape(&type_of(value), fields.len(), others.len())
        }
        (Term::Structure(right, fields), Data::Structure(came, others)) if right == came => {
            let count = fields.iter().filter(|field| field.is_in(scope.version)).count();
            if count == others.len() {
                return of(
                    Severity::WrongResult,
                    format!("RECORD with another {}", type_of(value)),
                    "The application gets the wrong value, and no error.",
                );
            }
            wrong_shape(&type_of(value), count, others.len())
        }
        _ if right.as_ref().is_some_and(|right| *right != came) => of(
            Severity::WrongResult,
            format!("RECORD with a value of type {came} instead of {}", right.unwrap_or_default()),
            "The application gets a value of another type: it fails where it uses it, or goes on with a wrong one.",
        ),
        _ => other_values(),
    }
}

fn wrong_shape(name: &str, right: usize, came: usize) -> Effect {
    of(
        Severity::Broken,
        format!("{name} of {} instead of {}", plural(came, "field"), plural(right, "field")),
        "Drivers count the fields of a structure: Go, Java and JavaScript take this for a broken protocol and drop the result, Python raises \
         an error when the value is read.",
    )
}

fn metadata(name: &str, patterns: &[Guarded<Term>], message: &Data, scope: &Scope) -> Effect {
    let Data::Structure(_, fields) = message else { return other_metadata(name) };
    let (entries, open) = match patterns.iter().find(|pattern| pattern.is_in(scope.version)).map(|pattern| &pattern.item) {
        Some(Term::Dictionary(entries, open)) => (entries.clone(), *open),
        Some(Term::Data(Data::Dictionary(entries))) => (entries.iter().map(|(key, value)| fixed(key, value)).collect(), false),
        _ => return other_metadata(name),
    };
    let dictionary = match fields.as_slice() {
        [Data::Dictionary(dictionary)] => dictionary,
        [_] => return garbled(&format!("{name} whose field is no dictionary")),
        fields => {
            return of(
                Severity::Broken,
                format!("{name} with {} instead of 1 field", plural(fields.len(), "field")),
                "Go counts the fields of every answer and takes this for a broken protocol, which ends the connection; the other drivers look \
                 at the first field only.",
            );
        }
    };
    let mut scope = scope.clone();
    let mut found: Vec<Effect> = Vec::new();
    let mut known = Vec::new();
    for entry in &entries {
        let Entry::Key { key, optional, term } = &entry.item else { continue };
        if !entry.is_in(scope.version) {
            continue;
        }
        known.push(key.as_str());
        match dictionary.iter().find(|(name, _)| name == key) {
            None if *optional => {}
            None => found.push(missing(name, key)),
            Some((_, value)) if !scope.matches(term, value) => found.push(wrong_entry(name, key, term, value, &scope)),
            Some(_) => {}
        }
    }
    if !open {
        let strange = dictionary.iter().filter(|(key, _)| !known.contains(&key.as_str()));
        found.extend(strange.map(|(key, value)| unexpected(name, key, value)));
    }
    // All of it is said in a few words, and the worst in a sentence.
    let what = found.iter().map(|effect| effect.what.as_str()).collect::<Vec<_>>().join(", ");
    found.sort_by_key(|effect| effect.severity);
    found.into_iter().next().map_or_else(|| other_metadata(name), |worst| Effect { what, ..worst })
}

fn fixed(key: &str, value: &Data) -> Guarded<Entry> {
    Guarded { versions: None, item: Entry::Key { key: key.to_owned(), optional: false, term: Term::Data(value.clone()) } }
}

fn other_metadata(name: &str) -> Effect {
    of(Severity::Slight, format!("{name} with other metadata"), "What the driver makes of it depends on the key; nothing fails at once.")
}

fn missing(name: &str, key: &str) -> Effect {
    let (severity, consequence) = match (name, key) {
        (_, "fields") => (
            Severity::Broken,
            "The driver does not learn the names of the columns: Python fails on the first row, the others hand out rows in which no value \
             is found by its name.",
        ),
        (_, "has_more") => {
            (Severity::WrongResult, "The driver takes the result for complete: the rows that are left are lost, and no error tells.")
        }
        (_, "qid") => (
            Severity::WrongResult,
            "The driver asks for rows of 'the last result', which is another one as soon as a transaction has two open: rows of the wrong \
             result, and no error.",
        ),
        (_, "server") => (
            Severity::Broken,
            "Python before 6 and Java check what the server calls itself, and refuse one that does not say it: no connection.",
        ),
        (_, "rt") => (Severity::Broken, "There is no routing table in the answer: neo4j:// addresses fail with ServiceUnavailable."),
        (_, "bookmark") => (
            Severity::Misled,
            "The session has no bookmark to pass on: on a cluster, what follows may not see what this transaction wrote.",
        ),
        (_, "patch_bolt") => (
            Severity::Misled,
            "The driver believes that the server does not know the utc patch, and goes on with the old encoding of moments with a zone; a \
             server that then uses the new one is not understood.",
        ),
        (_, "stats") => (Severity::Misled, "The summary says that nothing was changed: its counters are all 0."),
        (_, "type") => (Severity::Slight, "The summary does not say whether the query read or wrote."),
        (_, "code" | "neo4j_code") => (
            Severity::Misled,
            "Drivers fill in Neo.DatabaseError.General.UnknownError: the application cannot tell what went wrong, and nothing is tried again.",
        ),
        (_, "message") => (Severity::Misled, "The error has no text: who reads the log does not learn what went wrong."),
        (_, "gql_status" | "description" | "diagnostic_record" | "cause") => {
            (Severity::Slight, "The driver fills in a general GQLSTATUS (50N42): the error is right by its code, and says less.")
        }
        (_, "connection_id") => {
            (Severity::Slight, "The connection has no name in the logs of the driver, which cannot be laid beside the server's.")
        }
        (_, "hints") => (Severity::Slight, "The driver has no hints: it waits without a time-out, and sends no telemetry."),
        (_, "plan" | "profile") => (Severity::Slight, "The summary has no plan."),
        (_, "notifications" | "statuses") => {
            (Severity::Slight, "The summary has no warnings, or only those that the driver makes up itself.")
        }
        (_, "db") => (
            Severity::Slight,
            "The summary does not name the database; from 5.8 on the driver cannot remember which one is the user's home.",
        ),
        (_, "t_first" | "t_last" | "result_available_after" | "result_consumed_after") => {
            (Severity::Slight, "The summary has no time in this place.")
        }
        _ => (Severity::Slight, "The driver goes on without it."),
    };
    of(severity, format!("{name} without \"{key}\""), consequence)
}

fn unexpected(name: &str, key: &str, value: &Data) -> Effect {
    let what = format!("{name} with \"{key}\", which does not belong there");
    match key {
        "has_more" if matches!(value, Data::Boolean(false)) => of(
            Severity::Slight,
            what,
            "Drivers take false for what its absence means; a client that looks for the key alone asks for more.",
        ),
        "has_more" => of(
            Severity::Hang,
            what,
            "The driver asks for the rest of a result that has none: what comes then is a failure at best, and a hang where it comes again and \
             again.",
        ),
        "qid" => {
            of(Severity::Slight, what, "The driver sends it back with every PULL of this result; harmless as long as the server knows it.")
        }
        "patch_bolt" => of(
            Severity::WrongResult,
            what,
            "The driver switches to the encoding of moments in UTC though it did not ask for it, and misreads every moment with a zone.",
        ),
        "credentials_expired" => of(Severity::Slight, what, "The driver logs it, if it looks at it at all."),
        _ => of(Severity::Slight, what, "Drivers pass over keys that they do not know; a client that is strict about them does not."),
    }
}

fn wrong_entry(name: &str, key: &str, term: &Term, value: &Data, scope: &Scope) -> Effect {
    let came = type_of(value);
    if let Some(right) = type_of_pattern(term, scope).filter(|right| *right != came) {
        return of(
            Severity::Broken,
            format!("\"{key}\" in {name} of type {came} instead of {right}"),
            "Drivers in languages with static types cannot read it, and end the connection or leave it out; Python and JavaScript hand it on \
             as it is.",
        );
    }
    let (severity, consequence) = match key {
        "type" => (
            Severity::Broken,
            "Go and JavaScript refuse every type but r, w, rw and s as a broken protocol; where it is one of these, the summary is wrong.",
        ),
        "fields" => {
            (Severity::WrongResult, "The columns have other names: the application does not find its values, or finds the wrong ones.")
        }
        "has_more" => (Severity::WrongResult, "The driver stops too early, or asks for rows that do not exist."),
        "qid" => (Severity::WrongResult, "The driver asks for rows of another result."),
        "stats" => (Severity::Misled, "The summary's counters say something else than what was done."),
        "rt" => {
            (Severity::Broken, "The driver sends queries to the wrong servers, or finds none for them: ServiceUnavailable under neo4j://.")
        }
        "bookmark" => (Severity::Misled, "The session passes on a bookmark that does not stand for what it has done."),
        "server" => (Severity::Broken, "Python before 6 and Java refuse a server that does not call itself Neo4j/ and a version."),
        "gql_status" => (Severity::Misled, "An application that decides by the GQLSTATUS takes this for another error."),
        _ => (Severity::Slight, "The summary or the error says something else than what is; nothing fails."),
    };
    of(severity, format!("\"{key}\" in {name} with another value"), consequence)
}

/// The name of a value's type.
fn type_of(value: &Data) -> String {
    match value {
        Data::Null => "Null".to_owned(),
        Data::Boolean(_) => "Boolean".to_owned(),
        Data::Integer(_) => "Integer".to_owned(),
        Data::Float(_) => "Float".to_owned(),
        Data::Bytes(_) => "Bytes".to_owned(),
        Data::String(_) => "String".to_owned(),
        Data::List(_) => "List".to_owned(),
        Data::Dictionary(_) => "Dictionary".to_owned(),
        Data::Uuid(_) => "Uuid".to_owned(),
        Data::Structure(tag, _) => structure(*tag),
    }
}

fn structure(tag: u8) -> String {
    names::structure_of(tag).map_or_else(|| format!("structure 0x{tag:02X}"), str::to_owned)
}

/// The name of the type that a pattern asks for, where it is one.
fn type_of_pattern(pattern: &Term, scope: &Scope) -> Option<String> {
    Some(match pattern {
        Term::Data(value) => type_of(value),
        Term::List(..) | Term::Type(TypeName::List) => "List".to_owned(),
        Term::Dictionary(..) | Term::Type(TypeName::Dictionary) | Term::Credentials => "Dictionary".to_owned(),
        Term::Structure(tag, _) | Term::Type(TypeName::Structure(tag)) => structure(*tag),
        Term::Variable(name) => type_of(scope.variable(name)?),
        Term::Type(TypeName::Boolean) => "Boolean".to_owned(),
        Term::Type(TypeName::Integer) => "Integer".to_owned(),
        Term::Type(TypeName::Float) => "Float".to_owned(),
        Term::Type(TypeName::Bytes) => "Bytes".to_owned(),
        Term::Type(TypeName::String) | Term::Holds(_) => "String".to_owned(),
        Term::Type(TypeName::Any) => return None,
        Term::Either(patterns) => {
            let first = type_of_pattern(patterns.first()?, scope)?;
            return patterns.iter().all(|pattern| type_of_pattern(pattern, scope).as_ref() == Some(&first)).then_some(first);
        }
    })
}

fn handshake_answer(expected: &[u8], came: Came<'_>) -> Effect {
    let refusal = expected == handshake::REFUSAL;
    let what = |came: &str| format!("{came} instead of {}", if refusal { "the refusal 00 00 00 00" } else { "the version" });
    match came {
        Came::Bytes(bytes) if bytes == handshake::REFUSAL => of(
            Severity::Broken,
            what("the refusal 00 00 00 00"),
            "The driver finds no version that both speak, and gives up: no connection.",
        ),
        Came::Bytes(_) if refusal => of(
            Severity::Broken,
            what("other bytes"),
            "The driver is offered a version that it did not ask for; it takes that for a broken handshake and closes the connection.",
        ),
        Came::Bytes(_) => of(
            Severity::Broken,
            what("other bytes"),
            "The driver goes on in another version than the one it would get elsewhere, or takes the handshake for broken and gives up.",
        ),
        Came::Closed if refusal => of(
            Severity::Slight,
            what("closed"),
            "There is no connection in either case; the error speaks of a lost connection instead of versions that do not fit.",
        ),
        Came::Closed => lost(&what("closed")),
        Came::Nothing => {
            of(Severity::Hang, what("nothing"), "The driver waits in the handshake until its time-out for new connections, 30 s or more.")
        }
        Came::Message(_) | Came::Garbage => garbled(&what("something else")),
    }
}

fn manifest(came: Came<'_>) -> Effect {
    let what = format!("{} instead of a manifest that offers the version", name_of(came));
    match came {
        Came::Closed => lost(&what),
        Came::Nothing => {
            of(Severity::Hang, what, "The driver waits in the handshake until its time-out for new connections, 30 s or more.")
        }
        Came::Bytes(_) | Came::Message(_) | Came::Garbage => of(
            Severity::Misled,
            what,
            "Drivers of today reach Bolt 6 through the manifest only: without it they settle on 5.8 or less, and what came with 6 stays out \
             of reach.",
        ),
    }
}

fn not_closed(came: Came<'_>) -> Effect {
    let what = format!("{} instead of the end of the connection", name_of(came));
    match came {
        Came::Message(_) | Came::Bytes(_) | Came::Garbage => of(
            Severity::Misled,
            what,
            "Drivers close by themselves here and do not see it; a client that reads on takes it for the answer to something else.",
        ),
        Came::Nothing | Came::Closed => of(
            Severity::Slight,
            what,
            "Drivers close by themselves here and notice nothing; a client that waits for the end waits on, and the connection takes up \
             room in the server.",
        ),
    }
}

fn not_silent(came: Came<'_>) -> Effect {
    let what = format!("{} where nothing was to come", name_of(came));
    match came {
        Came::Closed => of(
            Severity::Broken,
            what,
            "A dead connection lies in the driver's pool: the next query that takes it fails with ServiceUnavailable, or SessionExpired under \
             neo4j://.",
        ),
        _ => of(
            Severity::WrongResult,
            what,
            "One answer too many: the driver takes it for the answer to its next request, and each answer behind it for that of the next \
             but one.",
        ),
    }
}

#[cfg(test)]
mod tests;
