//! Reads the files of a specification. What serde finds wrong is shown for every item of a list at once, not only for the first.

use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;

use crate::locate::{self, Place};
use crate::mistake::Mistake;
use crate::model::File;

/// The files of a specification as text, to find places in.
#[derive(Debug)]
pub(crate) struct Sources(Vec<Source>);

#[derive(Debug)]
struct Source {
    path: PathBuf,
    text: String,
    lists: Vec<&'static str>,
}

impl Sources {
    /// The file, the line and the column of a place.
    pub(crate) fn position(&self, place: &Place) -> (PathBuf, usize, usize) {
        match self.0.iter().find(|source| source.lists.contains(&place.list())) {
            Some(source) => {
                let (line, column) = locate::position(&source.text, place);
                (source.path.clone(), line, column)
            }
            None => (self.0.first().map(|source| source.path.clone()).unwrap_or_default(), 1, 1),
        }
    }
}

/// Reads every `*.yaml` of a folder, in the order of their names.
///
/// # Errors
/// Every item that does not fit the model, every list that stands in two files, and files that cannot be read.
pub(crate) fn load(folder: &Path) -> Result<(File, Sources), Vec<Mistake>> {
    let paths = files(folder, "yaml").map_err(|error| vec![unreadable(folder, &error)])?;
    let (mut whole, mut sources, mut mistakes) = (File::default(), Vec::<Source>::new(), Vec::new());
    for path in paths {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                mistakes.push(unreadable(&path, &error));
                continue;
            }
        };
        match serde_yaml::from_str::<File>(&text) {
            Err(error) => mistakes.extend(all_mistakes(&path, &text, &error)),
            Ok(file) => {
                let lists: Vec<_> = file.lengths().into_iter().filter(|(_, length)| *length > 0).map(|(key, _)| key).collect();
                for list in &lists {
                    if let Some(other) = sources.iter().find(|source| source.lists.contains(list)) {
                        let (line, column) = locate::position(&text, &Place::top(list));
                        let sentence = format!("'{list}' stands in {} already; a list stands in one file", other.path.display());
                        mistakes.push(Mistake { file: path.clone(), line, column, sentence });
                    }
                }
                whole.merge(file);
                sources.push(Source { path, text, lists });
            }
        }
    }
    if mistakes.is_empty() { Ok((whole, Sources(sources))) } else { Err(mistakes) }
}

/// The names of the conversations of a specification, in their order; it may have none.
///
/// # Errors
/// When their folder cannot be read.
pub(crate) fn conversations(folder: &Path) -> Result<Vec<String>, Vec<Mistake>> {
    let folder = folder.join("conversations");
    let files = match files(&folder, "script") {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        files => files.map_err(|error| vec![unreadable(&folder, &error)])?,
    };
    Ok(files.iter().filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect())
}

/// The files of a folder that have an extension, in the order of their names.
fn files(folder: &Path, extension: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    Ok(paths)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Mistake {
    Mistake { file: path.to_owned(), line: 1, column: 1, sentence: format!("cannot be read: {error}") }
}

/// Reads a broken file again item by item, so that each shows its mistake. `first` is what reading it whole found.
fn all_mistakes(path: &Path, text: &str, first: &serde_yaml::Error) -> Vec<Mistake> {
    let mut mistakes = vec![mistake(path, first)];
    if serde_yaml::from_str::<IgnoredAny>(text).is_err() {
        return mistakes; // not YAML at all: nothing behind the first mistake can be trusted
    }
    for (list, read) in File::LISTS {
        for index in 0.. {
            match read(text, list, index) {
                Err(error) => mistakes.push(mistake(path, &error)),
                Ok(()) if locate::has_item(text, list, index) => {}
                Ok(()) => break,
            }
        }
    }
    mistakes.sort();
    mistakes.dedup_by(|later, earlier| (later.line, later.column) == (earlier.line, earlier.column));
    mistakes
}

/// serde_yaml's error as a sentence at a place: its message without the path before it and the position behind it.
fn mistake(path: &Path, error: &serde_yaml::Error) -> Mistake {
    let (line, column) = error.location().map_or((1, 1), |location| (location.line(), location.column()));
    let whole = error.to_string();
    let message = whole.split(&format!(" at line {line} column {column}")).next().unwrap_or(&whole);
    let is_path = |prefix: &str| !prefix.contains(' ');
    let sentence = match message.split_once(": ") {
        Some((prefix, sentence)) if is_path(prefix) => sentence,
        _ => message,
    };
    Mistake { file: path.to_owned(), line, column, sentence: sentence.replace('`', "'") }
}
