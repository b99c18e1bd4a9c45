//! Examples: the bytes of each are those that the specification gives it, and reading them gives the example again.

use serde_yaml::Value as Yaml;

use crate::ir::{Example, ExampleKind, Message, Spec, Structure, Versions};
use crate::literal::{self, Literal, Names};
use crate::locate::Place;
use crate::mistake::{Mistakes, did_you_mean};
use crate::model::{self, File};

pub(super) fn lower(file: &File, spec: &Spec, mistakes: &mut Mistakes<'_>) -> Vec<Example> {
    let examples = file.examples.iter().enumerate();
    examples.filter_map(|(index, example)| self::example(example, &Place::item("examples", index), spec, mistakes)).collect()
}

fn example(written: &model::Example, place: &Place, spec: &Spec, mistakes: &mut Mistakes<'_>) -> Option<Example> {
    let versions = versions(written, place, spec, mistakes)?;
    let patch = match &written.patch {
        None => None,
        Some(name) => {
            let found = spec.patches.iter().position(|patch| patch.name == *name);
            if found.is_none() {
                let hint = did_you_mean(name, spec.patches.iter().map(|patch| patch.name.as_str()));
                mistakes.add(&place.key("patch"), format!("no patch is named '{name}'{hint}"));
            }
            Some(found?)
        }
    };
    let (key, yaml) = match &written.message {
        Some(message) => ("message", message.clone()),
        None => ("value", written.value.clone().unwrap_or(Yaml::Null)),
    };
    let mut kind = None;
    for version in versions.iter() {
        let dialect = Dialect { spec, version, patch };
        let read = match key {
            "message" => dialect.message(&yaml).map(|(of, literal)| {
                kind = Some(of);
                literal
            }),
            _ => literal::from_yaml(&yaml, &dialect).inspect(|_| kind = Some(ExampleKind::Value)),
        };
        let number = &spec.versions[version].number;
        let literal = match read {
            Ok(literal) => literal,
            Err(sentence) => {
                mistakes.add(&place.key(key), format!("{sentence} (at version {number})"));
                return None;
            }
        };
        let bytes = literal::encode(&literal);
        if bytes != written.bytes.0 && !written.read_only {
            let sentence = format!("at version {number} this is encoded as '{}'", literal::hex(&bytes));
            mistakes.add(&place.key("bytes"), sentence);
            return None;
        }
        match literal::decode(&written.bytes.0) {
            Ok(decoded) if decoded.same(&literal) => {}
            Ok(decoded) => {
                mistakes.add(&place.key("bytes"), format!("these bytes are {decoded:?}, which is not the example"));
                return None;
            }
            Err(sentence) => {
                mistakes.add(&place.key("bytes"), sentence);
                return None;
            }
        }
    }
    let (name, read_only, bytes) = (written.name.clone(), written.read_only, written.bytes.0.clone());
    Some(Example { name, versions, patch, kind: kind?, read_only, bytes })
}

fn versions(written: &model::Example, place: &Place, spec: &Spec, mistakes: &mut Mistakes<'_>) -> Option<Versions> {
    let number = |version: usize| spec.versions[version].number.parse::<crate::scalar::Version>().ok();
    let inside = |version: &usize| match written.versions {
        None => true,
        Some(range) => number(*version).is_some_and(|it| range.first <= it && range.last.is_none_or(|last| it <= last)),
    };
    let set = Versions((0..spec.versions.len()).filter(inside).map(|version| 1 << version).sum());
    if set.is_empty() {
        mistakes.add(&place.key("versions"), "the range holds no version that may be negotiated");
        return None;
    }
    Some(set)
}

/// The specification at one version.
#[derive(Clone, Copy)]
struct Dialect<'s> {
    spec: &'s Spec,
    version: usize,
    patch: Option<usize>,
}

impl Dialect<'_> {
    fn message(&self, yaml: &Yaml) -> Result<(ExampleKind, Literal), String> {
        let expected = "expected a message as its name and its fields, such as {RUN: [\"RETURN 1\", {}, {}]}";
        let Yaml::Mapping(mapping) = yaml else { return Err(expected.to_owned()) };
        let (Some((Yaml::String(name), Yaml::Sequence(fields))), 1) = (mapping.iter().next(), mapping.len()) else {
            return Err(expected.to_owned());
        };
        let name_here = |message: &Message| match &message.formerly {
            Some((formerly, versions)) if versions.contains(self.version) => formerly.clone(),
            _ => message.name.clone(),
        };
        let of = |messages: &[Message]| {
            messages.iter().position(|message| message.versions.contains(self.version) && name_here(message) == *name)
        };
        let (kind, message) = match (of(&self.spec.requests), of(&self.spec.responses)) {
            (Some(index), _) => (ExampleKind::Request, &self.spec.requests[index]),
            (None, Some(index)) => (ExampleKind::Response, &self.spec.responses[index]),
            (None, None) => return Err(format!("no message is named '{name}'")),
        };
        let count = message.shape.wire.iter().filter(|field| field.versions.contains(self.version)).count();
        if count != fields.len() {
            return Err(format!("'{name}' has {count} fields, got {}", fields.len()));
        }
        let fields = fields.iter().map(|field| literal::from_yaml(field, self)).collect::<Result<_, _>>()?;
        Ok((kind, Literal::Structure(message.tag, fields)))
    }

    fn exists(&self, structure: &Structure) -> bool {
        let in_force = |patch: Option<usize>| patch.is_some() && patch == self.patch;
        (structure.versions.contains(self.version) || in_force(structure.patch)) && !in_force(structure.unless)
    }
}

impl Names for Dialect<'_> {
    fn structure(&self, name: &str) -> Result<(u8, Vec<String>), String> {
        let named = |structure: &&Structure| structure.name == name;
        let Some(structure) = self.spec.structures.iter().find(named) else {
            let hint = did_you_mean(name, self.spec.structures.iter().map(|structure| structure.name.as_str()));
            return Err(format!("no structure is named '{name}'{hint}"));
        };
        if !self.exists(structure) {
            return Err(format!("'{name}' does not exist"));
        }
        let fields = structure.shape.wire.iter().filter(|field| field.versions.contains(self.version) || self.patch.is_some());
        Ok((structure.tag, fields.map(|field| field.key.clone()).collect()))
    }
}
