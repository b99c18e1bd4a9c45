//! A value as a parameter, and back.

use bytes::BytesMut;

use super::super::transcript::{Data, Term};
use super::case::Case;
use super::path::{self, Edge};
use super::sample::{Sample, info};
use super::term::{Message, hex, show};
use crate::generated::{RequestKind, State, Version};
use crate::wire::reflect::{CheckInfo, Reaction, SampleOutcome};

/// How a version lets a value come back: the way to where it does, and the requests that make it.
#[derive(Debug)]
pub(super) struct Echo {
    version: Version,
    state: State,
    start: &'static str,
    way: Vec<Edge>,
    steps: Vec<(RequestKind, Sample)>,
}

/// What stands for the value in a sample.
const VALUE: &str = "value";

impl Echo {
    /// The echo of a version, with a patch in force or with none.
    pub(super) fn new(version: Version, patch: Option<&str>) -> Option<Self> {
        let start = State::ALL.iter().filter(|state| state.authenticated());
        let ways = start.filter_map(|state| Some((*state, path::way_to(*state, version)?)));
        let (state, way) = ways.min_by_key(|(_, way)| way.len())?;
        let mut at = state;
        let mut steps = Vec::new();
        while let Some(edge) = path::requests(version).find_map(|request| path::edge(at, request, SampleOutcome::Echo, version)) {
            at = edge.to;
            steps.push((edge.request, edge.sample));
            if at == state {
                break;
            }
        }
        let Some(patch) = patch else {
            let (start, rest) = path::shortened(way);
            return Some(Self { version, state, start, way: rest.to_vec(), steps });
        };
        let patched = |mut edge: Edge| {
            edge.sample = Sample::patched(edge.request, patch, version).unwrap_or(edge.sample);
            edge
        };
        let way = way.iter().cloned().map(patched).collect();
        Some(Self { version, state, start: super::sample::state_name(State::START), way, steps })
    }

    /// A case that is where a value can be sent.
    pub(super) fn case(&self, name: String, title: String) -> Case {
        let mut case = Case::new(name, title, self.version, self.start);
        self.way.iter().for_each(|edge| {
            case.step(edge);
            case.builds_on(edge);
        });
        case
    }

    /// The value goes out, and is the same when it comes back.
    pub(super) fn there_and_back(&self, case: &mut Case, value: &Term) {
        self.text_and_back(case, &show(value));
    }

    /// The same of a value that is written already.
    pub(super) fn text_and_back(&self, case: &mut Case, value: &str) {
        self.through(case, |message| message.text(self.version).replace(&format!("${VALUE}"), value), value);
    }

    /// The value goes out in these bytes.
    pub(super) fn bytes_and_back(&self, case: &mut Case, bytes: &str, back: &Term) {
        self.through(case, |message| self.payload(message, bytes).unwrap_or_default(), &show(back));
    }

    fn through(&self, case: &mut Case, first: impl Fn(&Message) -> String, back: &str) {
        let sends_value = |message: &Message| message.fields.iter().any(holds);
        for (_, sample) in &self.steps {
            match sends_value(&sample.message) {
                true => case.client(first(&sample.message)),
                false => case.client(sample.message.text(self.version)),
            }
            let answers: Vec<String> = sample.answers.iter().map(|answer| answer.replace(&format!("${VALUE}"), back)).collect();
            case.lines(&answers);
        }
    }

    /// The messages of the way there and back as they are on the wire, each with its answers.
    pub(super) fn messages(&self, value: &Term) -> Vec<(Vec<u8>, Vec<String>)> {
        let back = show(value);
        let message = |(_, sample): &(RequestKind, Sample)| {
            let answers = sample.answers.iter().map(|answer| answer.replace(&format!("${VALUE}"), &back)).collect();
            Some((filled(&sample.message, value).bytes(self.version)?, answers))
        };
        self.steps.iter().filter_map(message).collect()
    }

    /// The value goes out, and is not taken.
    pub(super) fn refused(&self, case: &mut Case, value: &Term, check: &CheckInfo) {
        let Some((request, sample)) = self.steps.first() else { return };
        case.client(filled(&sample.message, value).text(self.version));
        self.refusal(case, *request, sample, check);
    }

    fn refusal(&self, case: &mut Case, request: RequestKind, sample: &Sample, check: &CheckInfo) {
        if check.reaction == Reaction::Taken {
            case.lines(&sample.answers);
            return;
        }
        // What a value is refused for is found where it is read, or by what it is handed to; both leave the same behind.
        let open = super::probe::react(case, check.reaction);
        if let (true, Some(back)) = (open, path::path(self.state.malformed(), self.state, self.version)) {
            debug_assert!(info(request).versions.contains(self.version));
            back.iter().for_each(|edge| case.step(edge));
        }
    }

    /// Where what is refused stands.
    pub(super) const fn state(&self) -> State {
        self.state
    }

    /// The message as bytes, with other bytes in the place of the value.
    fn payload(&self, message: &Message, bytes: &str) -> Option<String> {
        let whole = filled(message, &Term::Data(Data::String(MARK.to_owned()))).bytes(self.version)?;
        let mut mark = BytesMut::new();
        Data::String(MARK.to_owned()).encode(&mut mark).ok()?;
        let at = whole.windows(mark.len()).position(|window| window == &mark[..])?;
        Some(format!("payload {} {bytes} {}", hex(&whole[..at]), hex(&whole[at + mark.len()..])).trim_end().to_owned())
    }
}

/// What nobody sends.
const MARK: &str = "the place of the value";

/// The value in its place.
fn filled(message: &Message, value: &Term) -> Message {
    Message { info: message.info, fields: message.fields.iter().map(|field| fill(field, value)).collect() }
}

fn fill(term: &Term, value: &Term) -> Term {
    use super::super::transcript::{Entry, Guarded};
    use super::term::bare;
    match term {
        Term::Variable(name) if name == VALUE => value.clone(),
        Term::List(items, open) => Term::List(items.iter().map(|item| bare(fill(&item.item, value))).collect(), *open),
        Term::Dictionary(entries, open) => {
            let entry = |entry: &Guarded<Entry>| match &entry.item {
                Entry::Key { key, optional, term } => bare(Entry::Key { key: key.clone(), optional: *optional, term: fill(term, value) }),
                Entry::Credentials => bare(Entry::Credentials),
            };
            Term::Dictionary(entries.iter().map(entry).collect(), *open)
        }
        other => other.clone(),
    }
}

fn holds(term: &Term) -> bool {
    use super::super::transcript::Entry;
    match term {
        Term::Variable(name) => name == VALUE,
        Term::List(items, _) => items.iter().any(|item| holds(&item.item)),
        Term::Dictionary(entries, _) => entries.iter().any(|entry| matches!(&entry.item, Entry::Key { term, .. } if holds(term))),
        _ => false,
    }
}
