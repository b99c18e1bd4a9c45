//! The command as its users call it.

#![allow(missing_docs, clippy::unwrap_used, reason = "what fails here is the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};

fn boltwright(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boltwright"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BOLTWRIGHT_")) {
        command.env_remove(name);
    }
    command
}

fn output(arguments: &[&str]) -> Output {
    boltwright(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn with_input(arguments: &[&str], input: &str) -> Output {
    let mut child = boltwright(arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// A server that is ready, and the line that says so.
fn serve(arguments: &[&str]) -> (Child, String) {
    let mut child = boltwright(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    (child, line)
}

fn port(line: &str) -> u16 {
    let address = line.strip_prefix("Bolt: listening on bolt://127.0.0.1:").unwrap_or_else(|| panic!("{line}"));
    address.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn a_server_says_that_it_is_ready_in_one_line_with_its_port() {
    let (mut child, line) = serve(&["--memory"]);
    assert!(line.ends_with(")\n") && line.contains("in memory"), "{line}");
    let mut stream = TcpStream::connect(("127.0.0.1", port(&line))).unwrap();
    stream.write_all(&[0x60, 0x60, 0xB0, 0x17, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer, [0, 0, 0, 6]);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_server_cleanly() {
    let directory = tempfile::tempdir().unwrap();
    let (child, line) = serve(&["--data", directory.path().join("data").to_str().unwrap()]);
    let _idle = TcpStream::connect(("127.0.0.1", port(&line))).unwrap();
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert!(child.wait_with_output().unwrap().status.success());
}

#[test]
fn the_versions_that_are_offered_can_be_capped() {
    let (mut child, line) = serve(&["--memory", "--bolt", "1-5.1"]);
    for (minor, expected) in [(1, [0, 0, 1, 5]), (2, [0, 0, 0, 0])] {
        let mut stream = TcpStream::connect(("127.0.0.1", port(&line))).unwrap();
        stream.write_all(&[0x60, 0x60, 0xB0, 0x17, 0, 0, minor, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
        let mut answer = [0xFF; 4];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(answer, expected);
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn users_are_added_listed_and_removed() {
    let directory = tempfile::tempdir().unwrap();
    let users = directory.path().join("users");
    let users = users.to_str().unwrap();
    let added = with_input(&["user", "add", "alice", "--users", users], "secret\n");
    assert!(added.status.success(), "{}", text(&added.stderr));
    assert!(with_input(&["user", "add", "bob", "--users", users], "secret").status.success());
    assert_eq!(text(&output(&["user", "list", "--users", users]).stdout), "alice\nbob\n");
    assert!(output(&["user", "remove", "alice", "--users", users]).status.success());
    assert_eq!(text(&output(&["user", "list", "--users", users]).stdout), "bob\n");
    assert!(!std::fs::read_to_string(users).unwrap().contains("secret"));
}

#[test]
fn what_goes_wrong_is_one_sentence_that_says_what_to_do() {
    for (arguments, code, remedy) in [
        (&["serve", "--memory", "--listen", "0.0.0.0:0"][..], 1, "boltwright user add"),
        (&["serve", "--memory", "--users", "no such file"], 1, "boltwright user add"),
        (&["serve", "--memory", "--bolt", "5.5"], 2, "5.4"),
        (&["user", "list", "--users", "no such file"], 1, "boltwright user add"),
        (&["spec", "diff", "5.1", "4.4"], 1, "comes first"),
        (&["spec", "check", "no such directory"], 1, "1 mistake"),
    ] {
        let output = output(arguments);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(error.contains(remedy), "{arguments:?}: {error}");
        assert!(code == 2 || error.lines().count() == 1, "{arguments:?}: {error}");
    }
}

#[test]
fn the_specification_of_this_project_has_no_mistake() {
    let output = output(&["spec", "check", concat!(env!("CARGO_MANIFEST_DIR"), "/spec")]);
    assert!(output.status.success(), "{}", text(&output.stdout));
}

#[test]
fn versions_can_be_looked_at() {
    assert!(text(&output(&["spec", "show"]).stdout).contains("never negotiated"));
    assert!(text(&output(&["spec", "show", "--bolt", "4.4"]).stdout).contains("ROUTE (66"));
    assert!(text(&output(&["spec", "diff", "4.2", "4.3"]).stdout).contains("+ ROUTE (66"));
}
