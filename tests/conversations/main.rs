//! The conversations under `spec/conversations` can be read, cover what they are there to cover, and are what our own server says.
#![allow(clippy::unwrap_used, reason = "what fails here is the test")]

#[cfg(feature = "embedded")]
mod in_process;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use boltwright::conform::case::Case;
use boltwright::conform::generate;
use boltwright::conform::profile;
use boltwright::conform::transcript::{Source, Step, Transcript};
use boltwright::generated::Version;

/// Every conversation with the name of its file.
fn conversations() -> Vec<(String, Transcript)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/conversations");
    let mut conversations = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "script") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            let transcript = Transcript::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            conversations.push((name, transcript));
        }
    }
    conversations.sort_by(|(one, _), (other, _)| one.cmp(other));
    conversations
}

#[test]
fn every_conversation_can_be_read() {
    assert!(conversations().len() > 100);
}

#[test]
fn every_version_has_conversations() {
    let conversations = conversations();
    for version in Version::ALL {
        let count = conversations.iter().filter(|(_, transcript)| transcript.versions.contains(*version)).count();
        assert!(count > 60, "{version} has {count}");
    }
}

#[test]
fn every_conversation_says_something_in_each_of_its_versions() {
    for (name, transcript) in conversations() {
        for version in transcript.versions.iter() {
            let answers = transcript
                .lines_in(version)
                .filter(|line| !matches!(line.step, Step::Request(_) | Step::Payload(_) | Step::Raw(_) | Step::Reconnect | Step::Pause(_)));
            assert!(answers.count() > 0, "{name} expects nothing at {version}");
        }
    }
}

#[test]
fn what_is_decided_here_says_why() {
    for (name, transcript) in conversations() {
        assert!(transcript.source != Source::Decision || transcript.why.is_some(), "{name} does not say why");
    }
}

#[test]
fn every_query_is_in_the_default_profile() {
    let generated = Version::ALL.iter().flat_map(|version| Case::all(*version).unwrap());
    for (name, transcript) in generated.map(|case| (case.name, case.transcript)) {
        for line in &transcript.lines {
            let Step::Request(request) = &line.step else { continue };
            let Some(query) = request.query() else { continue };
            let known = profile::is_protocol(query) || profile::queries().iter().any(|known| known.cypher == query);
            assert!(known, "{name}, line {}: bolt/conform/profile.yaml has no query '{query}'", line.number);
        }
    }
}

#[test]
fn every_query_of_the_default_profile_is_needed() {
    let conversations = conversations();
    let requests = conversations.iter().flat_map(|(_, transcript)| &transcript.lines).filter_map(|line| match &line.step {
        Step::Request(request) => request.query(),
        _ => None,
    });
    let needed: BTreeSet<_> = requests.collect();
    for query in profile::queries() {
        assert!(needed.contains(query.cypher.as_str()), "no conversation needs the query '{}'", query.name);
    }
}

#[test]
fn titles_do_not_repeat_within_a_version() {
    for version in Version::ALL {
        let mut titles = BTreeSet::new();
        for (name, transcript) in conversations() {
            assert!(
                !transcript.versions.contains(*version) || titles.insert(transcript.title),
                "{name} is not the only one of its title at {version}"
            );
        }
    }
}

#[cfg(feature = "embedded")]
#[tokio::test(flavor = "multi_thread")]
async fn our_own_server_says_what_every_case_says() {
    let (played, deviations) = in_process::play_all().await;
    let count = deviations.lines().filter(|line| line.contains(" at ")).count();
    assert!(deviations.is_empty(), "{count} of {played} went otherwise:\n{deviations}");
}

#[test]
fn every_generated_case_can_be_read_and_has_a_name_of_its_own() {
    let mut areas = BTreeMap::new();
    for version in Version::ALL {
        let (mut names, mut titles) = (BTreeSet::new(), BTreeSet::new());
        for (name, text) in generate::cases(*version) {
            let transcript = Transcript::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
            assert!(name.starts_with(&format!("{}/", transcript.area.name())), "{name}");
            assert!(transcript.source != Source::Decision || transcript.why.is_some(), "{name} does not say why");
            *areas.entry(transcript.area.name()).or_insert(0) += 1;
            assert!(titles.insert((transcript.area, transcript.title)), "{name} is not the only one of its title at {version}");
            assert!(names.insert(name.clone()), "{name} is there twice at {version}");
        }
    }
    println!("{areas:?}");
    assert!(areas.len() >= 3, "{areas:?}");
}
