//! Who is called what: each name once in its kind, and the look-up of a name with a hint where it is wrong.

use crate::locate::Place;
use crate::mistake::{Mistakes, did_you_mean};
use crate::model::File;

/// The names of everything that is referred to by name.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) structures: Vec<String>,
    pub(super) dictionaries: Vec<String>,
    pub(super) requests: Vec<String>,
    pub(super) states: Vec<String>,
}

pub(super) fn collect(file: &File, mistakes: &mut Mistakes<'_>) -> Names {
    let names = Names {
        structures: file.structures.iter().map(|item| item.name.clone()).collect(),
        dictionaries: file.dictionaries.iter().map(|item| item.name.clone()).collect(),
        requests: file.requests.iter().map(|item| item.name.clone()).collect(),
        states: file.states.iter().map(|item| item.name.clone()).collect(),
    };
    let values: Vec<String> = file.values.iter().map(|item| item.name.clone()).collect();
    let responses: Vec<String> = file.responses.iter().map(|item| item.name.clone()).collect();
    let markers: Vec<String> = file.markers.iter().map(|item| item.name.clone()).collect();
    let examples: Vec<String> = file.examples.iter().map(|item| item.name.clone()).collect();
    let patches: Vec<String> = file.patches.iter().map(|item| item.name.clone()).collect();
    for (list, names) in [
        ("structures", &names.structures),
        ("dictionaries", &names.dictionaries),
        ("requests", &names.requests),
        ("states", &names.states),
        ("values", &values),
        ("responses", &responses),
        ("markers", &markers),
        ("examples", &examples),
        ("patches", &patches),
    ] {
        unique(list, names, mistakes);
    }
    for (index, name) in names.dictionaries.iter().enumerate() {
        if names.structures.contains(name) || values.contains(name) {
            mistakes.add(&Place::item("dictionaries", index).key("name"), format!("'{name}' names a value type already"));
        }
    }
    for (list, names) in [("requests", &names.requests), ("responses", &responses), ("states", &names.states)] {
        for (index, name) in names.iter().enumerate() {
            if !name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') {
                let sentence = format!("expected a name in capitals such as PULL, got '{name}'");
                mistakes.add(&Place::item(list, index).key("name"), sentence);
            }
        }
    }
    for (list, names) in [("structures", &names.structures), ("dictionaries", &names.dictionaries)] {
        for (index, name) in names.iter().enumerate() {
            let fits = name.bytes().all(|b| b.is_ascii_alphanumeric()) && name.starts_with(|c: char| c.is_ascii_uppercase());
            if !fits {
                let sentence = format!("expected a name such as LocalTime, got '{name}'");
                mistakes.add(&Place::item(list, index).key("name"), sentence);
            }
        }
    }
    names
}

fn unique(list: &'static str, names: &[String], mistakes: &mut Mistakes<'_>) {
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            mistakes.add(&Place::item(list, index).key("name"), format!("'{name}' is there twice in '{list}'"));
        }
    }
}

/// The position of a name, or a mistake that names the kind and the nearest name.
pub(super) fn find(kind: &str, name: &str, names: &[String], place: &Place, mistakes: &mut Mistakes<'_>) -> Option<usize> {
    let found = names.iter().position(|candidate| candidate == name);
    if found.is_none() {
        let hint = did_you_mean(name, names.iter().map(String::as_str));
        mistakes.add(place, format!("no {kind} is named '{name}'{hint}"));
    }
    found
}

/// `PULL_ALL` as Rust writes the name of a type: `PullAll`.
pub(super) fn pascal(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters.map(|letter| letter.to_ascii_lowercase())).collect::<String>()
    };
    name.split('_').map(word).collect()
}

/// `operatorType`, `nodes-created`, `_severity` as Rust writes the name of a member: `operator_type`, `nodes_created`, `severity`.
pub(super) fn snake(key: &str) -> String {
    let capitals = key.bytes().all(|b| !b.is_ascii_lowercase());
    let mut name = String::new();
    for letter in key.chars() {
        match letter {
            '-' | '.' | '_' => name.push('_'),
            letter if letter.is_ascii_uppercase() && !capitals => {
                name.push('_');
                name.push(letter.to_ascii_lowercase());
            }
            letter => name.push(letter.to_ascii_lowercase()),
        }
    }
    let name = name.trim_matches('_');
    if name == "type" { "type_".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_the_names_that_rust_writes() {
        assert_eq!(pascal("TWO_WORDS"), "TwoWords");
        assert_eq!(snake("operatorType"), "operator_type");
        assert_eq!(snake("nodes-created"), "nodes_created");
        assert_eq!(snake("connection.recv_timeout_seconds"), "connection_recv_timeout_seconds");
        assert_eq!(snake("_severity"), "severity");
        assert_eq!(snake("OPERATION_CODE"), "operation_code");
        assert_eq!(snake("type"), "type_");
    }
}
