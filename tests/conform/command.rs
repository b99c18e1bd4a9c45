//! `boltwright conform` as people call it.

use std::net::SocketAddr;
use std::process::{Command, Output, Stdio};

use boltwright::conform::report::json::Report;
use boltwright::conform::transcript::Data;

use crate::ours::{PASSWORD, USER, serve};
use crate::proxy::{Fault, put_before};

/// What the command says, with the password of our server in a variable.
fn conform(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boltwright"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BOLTWRIGHT_")) {
        command.env_remove(name);
    }
    command.arg("conform").args(arguments).env("PASSWORD_OF_THE_TEST", PASSWORD).stdin(Stdio::null()).output().unwrap()
}

/// The same against a server, as its user, with a few cases.
async fn test(server: SocketAddr, arguments: &[&str]) -> Output {
    let address = format!("bolt://{server}");
    let arguments: Vec<String> =
        [&address, "--user", USER, "--password-env", "PASSWORD_OF_THE_TEST", "--bolt", "4.4,5.3-5.6", "--patience", "20"]
            .iter()
            .chain(arguments)
            .map(ToString::to_string)
            .collect();
    let play = move || conform(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    tokio::task::spawn_blocking(play).await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Does not say that there is more.
struct NothingMore;

impl Fault for NothingMore {
    fn answer(&self, _: u8, mut message: Data) -> Vec<Data> {
        if let Data::Structure(_, fields) = &mut message
            && let Some(Data::Dictionary(metadata)) = fields.first_mut()
        {
            metadata.retain(|(key, _)| key != "has_more");
        }
        vec![message]
    }
}

#[tokio::test]
async fn a_server_that_is_as_expected_gets_0_and_a_report() {
    let output = test(serve().await, &["--only", "results/batches", "--format", "json"]).await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report: Report = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report.versions, ["4.4", "5.3", "5.4", "5.6"]);
    assert_eq!(report.passed.into_iter().collect::<Vec<_>>(), [("results/batches".to_owned(), "4.4, 5.3-5.6".to_owned())]);
    let progress = text(&output.stderr);
    assert!(progress.contains("accepts Bolt 4.4, 5.3-5.6: 4 cases to play") && progress.contains("4 of 4 cases played"), "{progress}");
}

#[tokio::test]
async fn a_server_that_differs_gets_1_until_that_is_known() {
    let server = put_before(serve().await, NothingMore).await;
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known.yaml");
    let known = known.to_str().unwrap();
    let only = ["--only", "results/batches", "--only", "results/no-rows"];

    let output = test(server, &[&only[..], &["--write-known", known]].concat()).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).ends_with("boltwright: 4 answers are unexpectedly different\n"), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("✗ SUCCESS without \"has_more\""), "{}", text(&output.stdout));

    let output = test(server, &[&only[..], &["--known", known]].concat()).await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("Known to differ"), "{}", text(&output.stdout));

    // Once it is repaired, the file says too much.
    let output = test(serve().await, &[&only[..], &["--known", known]].concat()).await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("results/batches (4.4, 5.3-5.6) no longer differs: remove it"), "{}", text(&output.stdout));
}

#[tokio::test]
async fn the_report_goes_where_it_is_asked_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.xml");
    let arguments = ["--only", "results/batches", "--format", "junit", "--output", path.to_str().unwrap()];
    let output = test(serve().await, &arguments).await;
    assert_eq!(text(&output.stdout), format!("4 of 4 passed; the report is in {}\n", path.display()));
    assert!(std::fs::read_to_string(path).unwrap().contains("<testsuite name=\"Bolt 5.6\" tests=\"1\""));
}

#[test]
fn cases_can_be_listed_and_shown_without_a_server() {
    let listed = conform(&["--list", "--only", "results", "--bolt", "3,4.0"]);
    let line = text(&listed.stdout).lines().find(|line| line.starts_with("results/batches ")).unwrap().to_owned();
    assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["results/batches", "4.0", "A", "result", "in", "batches"]);
    assert!(text(&listed.stdout).lines().all(|line| line.starts_with("results/")));
    assert!(text(&conform(&["--show", "results/batches"]).stdout).starts_with("title: A result in batches\n"));
}

#[test]
fn what_keeps_a_run_from_starting_is_one_sentence_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file.yaml");
    std::fs::write(&file, "- { case: \"a/b\", versions: 7, why: \"x\" }").unwrap();
    let file = file.to_str().unwrap();
    for (arguments, code, remedy) in [
        (&["bolt+s://localhost"][..], 2, "test the server without it: bolt://localhost"),
        (&["localhost:7687"], 2, "expected an address such as bolt://localhost:7687"),
        (&["bolt://127.0.0.1:1"], 1, "is the server running"),
        (&["bolt://127.0.0.1:1", "--user", "ada"], 1, "environment variable BOLTWRIGHT_PASSWORD"),
        (&["bolt://127.0.0.1:1", "--bolt", "5.5"], 2, "expected versions such as"),
        (&["bolt://127.0.0.1:1", "--known", file], 1, "expected versions such as"),
        (&["bolt://127.0.0.1:1", "--profile", file], 1, "the profile cannot be read"),
        (&["bolt://127.0.0.1:1", "--known", "no such file"], 1, "cannot read no such file"),
        (&["--show", "no/case"], 1, "--list shows those there are"),
        (&[], 2, "<ADDRESS>"),
    ] {
        let output = conform(arguments);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(error.contains(remedy), "{arguments:?}: {error}");
        assert!(code == 2 || error.lines().count() == 1, "{arguments:?}: {error}");
    }
}

#[tokio::test]
async fn no_case_of_a_name_is_told() {
    let output = test(serve().await, &["--only", "no/case"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("--list shows them"), "{}", text(&output.stderr));
}

#[test]
fn the_files_of_what_is_known_of_neo4j_can_be_read() {
    use boltwright::conform::known::Known;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/conformance/known");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!Known::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())).entries.is_empty());
        count += 1;
    }
    assert_eq!(count, 5);
}
