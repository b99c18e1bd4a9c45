//! One case as text, in the format of the conversations.

use std::fmt::Write;

use super::super::transcript::Source;
use super::path::Edge;
use crate::generated::Version;
use crate::wire::reflect::CheckInfo;

/// A case that is being written.
#[derive(Clone, Debug)]
pub(super) struct Case {
    name: String,
    title: String,
    version: Version,
    source: Source,
    why: Option<String>,
    start: &'static str,
    needs: Vec<String>,
    body: String,
}

impl Case {
    /// A case that starts in a state of this name.
    pub(super) fn new(name: impl Into<String>, title: impl Into<String>, version: Version, start: &'static str) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            version,
            source: Source::Docs,
            why: None,
            start,
            needs: Vec::new(),
            body: String::new(),
        }
    }

    /// Where what it expects comes from. What only we do outweighs everything that it builds on.
    pub(super) fn from(&mut self, source: Source, why: Option<&str>) {
        self.source = source;
        self.why = why.map(str::to_owned);
    }

    /// Where it comes from, as a check says.
    pub(super) fn by_check(&mut self, check: &CheckInfo) {
        self.from(check.source, check.why);
    }

    /// What a step on the way to it builds on: it is no more certain than that.
    pub(super) fn builds_on(&mut self, edge: &Edge) {
        if edge.sample.source == Source::Decision && self.source != Source::Decision {
            self.from(edge.sample.source, edge.sample.why);
        }
        self.needs(edge.sample.needs);
    }

    /// What the server must have.
    pub(super) fn needs(&mut self, needs: Option<&str>) {
        for word in needs.into_iter().flat_map(|needs| needs.split(", ")) {
            if !self.needs.iter().any(|known| known == word) {
                self.needs.push(word.to_owned());
            }
        }
    }

    /// The client sends this.
    pub(super) fn client(&mut self, sends: impl std::fmt::Display) {
        let _ = writeln!(self.body, "C: {sends}");
    }

    /// The server answers this.
    pub(super) fn server(&mut self, answers: impl std::fmt::Display) {
        let _ = writeln!(self.body, "S: {answers}");
    }

    /// Whole lines as they stand.
    pub(super) fn lines<'l>(&mut self, lines: impl IntoIterator<Item = &'l String>) {
        for line in lines {
            let _ = writeln!(self.body, "{line}");
        }
    }

    /// A step: the request, and its answers.
    pub(super) fn step(&mut self, edge: &Edge) {
        self.client(edge.sample.message.text(self.version));
        self.lines(&edge.sample.answers);
    }

    /// Its name and its text.
    pub(super) fn finish(self) -> (String, String) {
        let area = self.name.split('/').next().unwrap_or_default();
        let mut text = format!("title: {}\narea: {area}\nversions: {}\nsource: {}\n", self.title, self.version, source(self.source));
        if let Some(why) = &self.why {
            let _ = writeln!(text, "why: {why}");
        }
        let _ = writeln!(text, "start: {}", self.start);
        if !self.needs.is_empty() {
            let _ = writeln!(text, "needs: {}", self.needs.join(", "));
        }
        let _ = write!(text, "\n{}", self.body);
        (self.name, text)
    }
}

/// What drivers and other servers do is a fact like any other where a case is concerned: the newest servers are held against it.
const fn source(source: Source) -> &'static str {
    match source {
        Source::Docs => "docs",
        Source::Neo4j | Source::Driver => "neo4j",
        Source::Nornicdb | Source::Decision => "decision",
    }
}
