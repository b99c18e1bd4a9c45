//! The text of a conversation: its header, its lines, and the terms in them.

use std::time::Duration;

use super::term::{Entry, Guarded, Term, TypeName};
use super::{
    Answer, Area, Data, Line, Need, ParseError, Piece, Problem, Request, Source, Start, Step, Times, Transcript, Writes, names, versions,
};
use crate::wire::reflect::VersionSet;

pub(super) fn parse(text: &str) -> Result<Transcript, ParseError> {
    let mut header = Vec::new();
    let mut lines = Vec::new();
    for (number, text) in logical_lines(text) {
        let at = |problem| ParseError { line: number, problem };
        let said = text.starts_with("C:") || text.starts_with('S') || text.starts_with('@');
        match text.split_once(':') {
            Some((key, value)) if !said && lines.is_empty() => header.push((number, key.to_owned(), value.trim().to_owned())),
            _ => lines.push(line(number, &text).map_err(at)?),
        }
    }
    transcript(&header, lines)
}

/// The lines with those that continue them, without those that say nothing.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match lines.last_mut() {
            Some((_, above)) if line.starts_with([' ', '\t']) => {
                above.push(' ');
                above.push_str(line.trim());
            }
            _ => lines.push((index + 1, line.trim_end().to_owned())),
        }
    }
    lines
}

fn transcript(header: &[(usize, String, String)], lines: Vec<Line>) -> Result<Transcript, ParseError> {
    let value = |key: &'static str| header.iter().find(|(_, name, _)| name == key).map(|(_, _, value)| value.as_str());
    let needed = |key: &'static str| value(key).ok_or(ParseError { line: 1, problem: Problem::Missing { key } });
    for (line, key, value) in header {
        let sound = match key.as_str() {
            "title" | "why" => !value.is_empty(),
            "versions" => versions::parse(value).is_some(),
            "source" => source(value).is_some(),
            "start" => start(value).is_some(),
            "write" => writes(value).is_some(),
            "area" => Area::named(value).is_some(),
            "needs" => needs(value).is_some(),
            _ => false,
        };
        if !sound {
            return Err(ParseError { line: *line, problem: Problem::Header { key: key.clone(), value: value.clone() } });
        }
    }
    let unsound = |key| ParseError { line: 1, problem: Problem::Missing { key } };
    Ok(Transcript {
        title: needed("title")?.to_owned(),
        area: Area::named(needed("area")?).ok_or_else(|| unsound("area"))?,
        versions: versions::parse(needed("versions")?).ok_or_else(|| unsound("versions"))?,
        source: source(needed("source")?).ok_or_else(|| unsound("source"))?,
        why: value("why").map(str::to_owned),
        start: value("start").and_then(start).unwrap_or(Start::Ready),
        writes: value("write").and_then(writes).unwrap_or(Writes::AtOnce),
        needs: value("needs").and_then(needs).unwrap_or_default(),
        lines,
    })
}

fn source(text: &str) -> Option<Source> {
    Some(match text {
        "docs" => Source::Docs,
        "neo4j" => Source::Neo4j,
        "decision" => Source::Decision,
        _ => return None,
    })
}

/// Names of what is needed, with commas between them.
fn needs(text: &str) -> Option<Vec<Need>> {
    text.split(',').map(|name| Need::named(name.trim())).collect()
}

fn start(text: &str) -> Option<Start> {
    Some(match text {
        "TCP" => Start::Tcp,
        "NEGOTIATION" => Start::Negotiation,
        "AUTHENTICATION" => Start::Authentication,
        "READY" => Start::Ready,
        _ => return None,
    })
}

fn writes(text: &str) -> Option<Writes> {
    Some(match text {
        "at once" => Writes::AtOnce,
        "by line" => Writes::ByLine,
        "by byte" => Writes::ByByte,
        _ => return None,
    })
}

fn line(number: usize, text: &str) -> Result<Line, Problem> {
    let mut cursor = Cursor { rest: text, sends: false };
    let here = cursor.guard()?;
    let step = if cursor.eat("C:") {
        cursor.sends = true;
        client(&mut cursor)?
    } else if cursor.eat("S:") {
        server(&mut cursor, Times::Once)?
    } else if cursor.eat("S?:") {
        server(&mut cursor, Times::AtMostOnce)?
    } else if cursor.eat("S*:") {
        server(&mut cursor, Times::Any)?
    } else {
        return Err(cursor.expected("a line of the client, 'C:', or of the server, 'S:'"));
    };
    if !cursor.at_end() {
        return Err(cursor.expected("the end of the line"));
    }
    Ok(Line { number, text: text.to_owned(), versions: here, step })
}

fn client(cursor: &mut Cursor<'_>) -> Result<Step, Problem> {
    if cursor.eat("<RECONNECT>") {
        return Ok(Step::Reconnect);
    }
    if cursor.eat("<PAUSE ") {
        let got = cursor.expected("a number of milliseconds");
        let milliseconds = cursor.run(|char| char.is_ascii_digit()).parse().map_err(|_| got)?;
        cursor.need(">")?;
        return Ok(Step::Pause(Duration::from_millis(milliseconds)));
    }
    if cursor.eat("raw ") {
        return Ok(Step::Raw(cursor.pieces()?));
    }
    if cursor.eat("payload ") {
        return Ok(Step::Payload(cursor.pieces()?));
    }
    if let Some(tag) = cursor.tag()? {
        let (fields, _) = cursor.items(")")?;
        return Ok(Step::Request(Request { tag, shape: Vec::new(), fields }));
    }
    let name = cursor.message_name()?;
    let (tag, shape) = names::request(name).ok_or_else(|| Problem::UnknownMessage { name: name.to_owned() })?;
    let mut fields = Vec::new();
    while !cursor.at_end() {
        fields.push(Guarded { versions: cursor.guard()?, item: cursor.term()? });
    }
    Ok(Step::Request(Request { tag, shape, fields }))
}

fn server(cursor: &mut Cursor<'_>, times: Times) -> Result<Step, Problem> {
    if times == Times::Once {
        if cursor.eat("raw ") {
            return Ok(Step::RawAnswer(cursor.pieces()?));
        }
        for (text, step) in [("<MANIFEST>", Step::Manifest), ("<CLOSED>", Step::Closed), ("<SILENCE>", Step::Silence)] {
            if cursor.eat(text) {
                return Ok(step);
            }
        }
    }
    let mut answers = Vec::new();
    loop {
        if let Some(code) = cursor.code() {
            match answers.last_mut() {
                Some(Answer::Failure(codes)) => codes.push(code),
                _ => return Err(cursor.expected("FAILURE before a code")),
            }
        } else {
            answers.push(answer(cursor)?);
        }
        if !cursor.eat("|") {
            return Ok(Step::Answer(times, answers));
        }
    }
}

fn answer(cursor: &mut Cursor<'_>) -> Result<Answer, Problem> {
    let name = cursor.message_name()?;
    let tag = names::response(name).ok_or_else(|| Problem::UnknownMessage { name: name.to_owned() })?;
    if let Some(code) = cursor.code() {
        return Ok(Answer::Failure(vec![code]));
    }
    let mut fields = Vec::new();
    while !cursor.at_end() && !cursor.sees("|") {
        fields.push(Guarded { versions: cursor.guard()?, item: cursor.term()? });
    }
    Ok(Answer::Message(tag, fields))
}

/// The rest of a line.
struct Cursor<'t> {
    rest: &'t str,
    /// Whether it is the client's, where patterns mean nothing.
    sends: bool,
}

impl<'t> Cursor<'t> {
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn at_end(&mut self) -> bool {
        self.skip_blanks();
        self.rest.is_empty()
    }

    fn sees(&mut self, text: &str) -> bool {
        self.skip_blanks();
        self.rest.starts_with(text)
    }

    fn eat(&mut self, text: &str) -> bool {
        self.skip_blanks();
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The characters from here on that are of a kind.
    fn run(&mut self, of: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|char| !of(char)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        run
    }

    fn need(&mut self, text: &'static str) -> Result<(), Problem> {
        if self.eat(text) { Ok(()) } else { Err(self.expected(text)) }
    }

    fn expected(&self, expected: &'static str) -> Problem {
        Problem::Expected { expected, got: self.rest.chars().take(30).collect() }
    }

    /// A word and the bracket right behind it: `Node(`.
    fn called(&mut self) -> Option<&'t str> {
        self.skip_blanks();
        let end = self.rest.find(|char: char| !char.is_ascii_alphanumeric())?;
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix('(').filter(|_| !name.is_empty())?;
        Some(name)
    }

    fn tag(&mut self) -> Result<Option<u8>, Problem> {
        if !self.sees("0x") {
            return Ok(None);
        }
        let got = self.expected("a tag of two hexadecimal digits and its fields, such as 0x33(1, 2)");
        match self.called().map(|tag| u8::from_str_radix(&tag[2..], 16)) {
            Some(Ok(tag)) => Ok(Some(tag)),
            _ => Err(got),
        }
    }

    fn guard(&mut self) -> Result<Option<VersionSet>, Problem> {
        if !self.eat("@") {
            return Ok(None);
        }
        let got = self.expected("a range of versions");
        // The comma that separates items may stand right behind a range only after a blank.
        let range = self.run(|char| char.is_ascii_digit() || matches!(char, '.' | '+' | '-' | ','));
        versions::parse(range).map(Some).ok_or(got)
    }

    fn message_name(&mut self) -> Result<&'t str, Problem> {
        self.skip_blanks();
        let name = self.run(|char| char.is_ascii_uppercase() || char == '_');
        if name.is_empty() { Err(self.expected("the name of a message")) } else { Ok(name) }
    }

    fn code(&mut self) -> Option<String> {
        self.sees("Neo.").then(|| self.run(|char| char.is_ascii_alphanumeric() || char == '.').to_owned())
    }

    /// One or several terms, of which one is enough.
    fn alternatives(&mut self) -> Result<Term, Problem> {
        let first = self.term()?;
        if !self.sees("|") {
            return Ok(first);
        }
        let mut terms = vec![first];
        while self.eat("|") {
            terms.push(self.term()?);
        }
        self.pattern(Term::Either(terms))
    }

    fn term(&mut self) -> Result<Term, Problem> {
        let word = [("null", Data::Null), ("true", Data::Boolean(true)), ("false", Data::Boolean(false))];
        let float = [("NaN", f64::NAN), ("-Infinity", f64::NEG_INFINITY), ("Infinity", f64::INFINITY)];
        for (text, data) in word.into_iter().chain(float.map(|(text, float)| (text, Data::Float(float)))) {
            if self.eat(text) {
                return Ok(Term::Data(data));
            }
        }
        if self.eat("[") {
            let (items, open) = self.items("]")?;
            let times = self.times()?;
            return Ok(Term::List((0..times).flat_map(|_| items.iter().cloned()).collect(), open));
        }
        if self.eat("{") {
            return self.dictionary();
        }
        if self.eat("~") {
            let part = self.string()?;
            return self.pattern(Term::Holds(part));
        }
        if self.eat("<auth>") {
            return Ok(Term::Credentials);
        }
        if self.sees("<") {
            return self.type_name();
        }
        if self.eat("$") {
            return Ok(Term::Variable(self.run(|char| char.is_ascii_alphanumeric() || char == '_').to_owned()));
        }
        if self.eat("#") {
            let got = self.expected("hexadecimal digits in pairs");
            return hex(self.run(|char| char.is_ascii_hexdigit())).map(|bytes| Term::Data(Data::Bytes(bytes))).ok_or(got);
        }
        if self.sees("\"") {
            return self.string().map(|text| Term::Data(Data::String(text)));
        }
        if let Some(tag) = self.tag()? {
            return self.items(")").map(|(fields, _)| Term::Structure(tag, fields));
        }
        if self.rest.starts_with(|char: char| char.is_ascii_alphabetic()) {
            return self.structure();
        }
        self.number()
    }

    /// Lets a pattern pass where one may stand.
    fn pattern(&self, pattern: Term) -> Result<Term, Problem> {
        if self.sends { Err(Problem::NotSendable { got: format!("{pattern:?}") }) } else { Ok(pattern) }
    }

    fn type_name(&mut self) -> Result<Term, Problem> {
        let got = self.expected("the name of a type");
        self.need("<")?;
        let of = match self.run(|char| char.is_ascii_alphanumeric()) {
            "any" => TypeName::Any,
            "Boolean" => TypeName::Boolean,
            "Integer" => TypeName::Integer,
            "Float" => TypeName::Float,
            "Bytes" => TypeName::Bytes,
            "String" => TypeName::String,
            "List" => TypeName::List,
            "Dictionary" => TypeName::Dictionary,
            name => TypeName::Structure(names::structure(name).ok_or(got)?),
        };
        self.need(">")?;
        self.pattern(Term::Type(of))
    }

    fn structure(&mut self) -> Result<Term, Problem> {
        let got = self.expected("a value");
        let name = self.called().ok_or(got)?;
        if name == "Uuid" {
            let text = self.string()?;
            let bytes = hex(&text.replace('-', "")).and_then(|bytes| bytes.try_into().ok());
            let uuid = bytes.ok_or(Problem::Expected { expected: "a UUID", got: text })?;
            self.need(")")?;
            return Ok(Term::Data(Data::Uuid(uuid)));
        }
        let tag = names::structure(name).ok_or_else(|| Problem::UnknownStructure { name: name.to_owned() })?;
        self.items(")").map(|(fields, _)| Term::Structure(tag, fields))
    }

    fn items(&mut self, end: &'static str) -> Result<(Vec<Guarded<Term>>, bool), Problem> {
        let mut items = Vec::new();
        while !self.eat(end) {
            if self.eat("..") {
                self.pattern(Term::Type(TypeName::Any))?;
                self.need(end)?;
                return Ok((items, true));
            }
            items.push(Guarded { versions: self.guard()?, item: self.alternatives()? });
            if !self.eat(",") {
                self.need(end)?;
                break;
            }
        }
        Ok((items, false))
    }

    fn dictionary(&mut self) -> Result<Term, Problem> {
        let (mut entries, mut open) = (Vec::new(), false);
        while !self.eat("}") {
            let here = self.guard()?;
            if self.eat("..<auth>") {
                entries.push(Guarded { versions: here, item: Entry::Credentials });
            } else if self.eat("..") {
                self.pattern(Term::Type(TypeName::Any))?;
                open = true;
            } else {
                let optional = self.eat("?");
                let key = self.string()?;
                self.need(":")?;
                entries.push(Guarded { versions: here, item: Entry::Key { key, optional, term: self.alternatives()? } });
            }
            if !self.eat(",") {
                self.need("}")?;
                break;
            }
        }
        let times = self.times()?;
        if times == 1 {
            return Ok(Term::Dictionary(entries, open));
        }
        let numbered = |number: usize| {
            entries.iter().cloned().map(move |mut entry| {
                if let Entry::Key { key, .. } = &mut entry.item {
                    *key = key.replace('#', &number.to_string());
                }
                entry
            })
        };
        Ok(Term::Dictionary((0..times).flat_map(numbered).collect(), open))
    }

    /// How often what stands before it is there: `*300`, or nothing for once.
    fn times(&mut self) -> Result<usize, Problem> {
        let got = self.expected("a number of repetitions");
        match self.rest.strip_prefix('*') {
            None => Ok(1),
            Some(times) => {
                self.rest = times;
                self.run(|char| char.is_ascii_digit()).parse().map_err(|_| got)
            }
        }
    }

    fn number(&mut self) -> Result<Term, Problem> {
        let got = self.expected("a value");
        let text = self.run(|char| char.is_ascii_digit() || matches!(char, '-' | '+' | '.' | 'e' | 'E'));
        let data = match text.contains(['.', 'e', 'E']) {
            true => text.parse().ok().map(Data::Float),
            false => text.parse().ok().map(Data::Integer),
        };
        data.map(Term::Data).ok_or(got)
    }

    fn string(&mut self) -> Result<String, Problem> {
        let got = self.expected("a string");
        self.need("\"").map_err(|_| got.clone())?;
        let mut text = String::new();
        loop {
            let mut chars = self.rest.chars();
            let char = chars.next().ok_or_else(|| got.clone())?;
            self.rest = chars.as_str();
            match char {
                '"' => break,
                '\\' => text.push(self.escape().ok_or_else(|| got.clone())?),
                char => text.push(char),
            }
        }
        let Some(times) = self.rest.strip_prefix('*') else { return Ok(text) };
        self.rest = times;
        let times = self.run(|char| char.is_ascii_digit()).parse().map_err(|_| got)?;
        Ok(text.repeat(times))
    }

    fn escape(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let char = chars.next()?;
        self.rest = chars.as_str();
        Some(match char {
            '"' | '\\' | '/' => char,
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'u' => {
                let (digits, rest) = self.rest.split_at_checked(4)?;
                self.rest = rest;
                char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
            }
            _ => return None,
        })
    }

    fn pieces(&mut self) -> Result<Vec<Piece>, Problem> {
        let mut pieces = Vec::new();
        while !self.at_end() {
            if self.eat("<version>") {
                pieces.push(Piece::Version);
                continue;
            }
            if self.sees("\"") {
                pieces.push(Piece::Bytes(self.string()?.into_bytes()));
                continue;
            }
            let got = self.expected("hexadecimal digits in pairs, a string or <version>");
            let bytes = hex(self.run(|char| char.is_ascii_hexdigit())).filter(|bytes| !bytes.is_empty()).ok_or_else(|| got.clone())?;
            let times = match self.rest.strip_prefix('*') {
                None => 1,
                Some(times) => {
                    self.rest = times;
                    self.run(|char| char.is_ascii_digit()).parse().map_err(|_| got)?
                }
            };
            pieces.push(Piece::Bytes(bytes.repeat(times)));
        }
        Ok(pieces)
    }
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()).collect()
}
