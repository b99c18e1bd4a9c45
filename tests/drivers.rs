//! The official Python and JavaScript drivers against the real binary.
//!
//! Their suites are under `tests/drivers/`, each to be run by hand too (see `server.py` and `server.js` for how they find a
//! server). Here the drivers are installed below the target directory, once, a suite runs against a server without users,
//! its part about authentication against one with users, and what a failing suite said is what this test says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const USERS: [(&str, &str); 2] = [("ada", "first password"), ("grace", "second password")];
const START: Duration = Duration::from_secs(30);

#[test]
fn the_python_driver_is_served() {
    let suite = suite("python");
    let requirements = suite.join("requirements.txt");
    let environment = installed("python", &requirements, |folder| {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(folder));
        let pip = ["-m", "pip", "install", "--quiet", "--requirement"];
        succeed(Command::new(folder.join("bin/python")).args(pip).arg(&requirements));
    });
    let pytest = |tests: &[&str]| {
        let mut command = Command::new(environment.join("bin/python"));
        command.args(["-B", "-m", "pytest"]).args(tests).current_dir(&suite);
        command
    };
    Server::without_users("python").passes(&mut pytest(&[]));
    Server::with_users("python").passes(&mut pytest(&["test_authentication.py"]));
}

#[test]
fn the_javascript_driver_is_served() {
    let suite = suite("javascript");
    let packages = installed("javascript", &suite.join("package-lock.json"), |folder| {
        for name in ["package.json", "package-lock.json", ".npmrc"] {
            fs::copy(suite.join(name), folder.join(name)).unwrap();
        }
        succeed(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder));
    });
    let npm_test = |tests: &[&str]| {
        let mut command = Command::new("npm");
        command.args(["--silent", "test", "--"]).args(tests);
        command.current_dir(&suite).env("NODE_PATH", packages.join("node_modules"));
        command
    };
    Server::without_users("javascript").passes(&mut npm_test(&[]));
    Server::with_users("javascript").passes(&mut npm_test(&["authentication.test.js"]));
}

/// A running `boltwright serve`, ended when dropped.
struct Server {
    process: Child,
    log: PathBuf,
    uri: String,
    users: Vec<(&'static str, String)>,
}

impl Server {
    fn without_users(language: &str) -> Self {
        Self::start(&scratch(&format!("{language}-without-users")), Vec::new())
    }

    fn with_users(language: &str) -> Self {
        let folder = scratch(&format!("{language}-with-users"));
        let file = folder.join("users");
        for (name, password) in USERS {
            add_user(&file, name, password);
        }
        let [(user, password), (other_user, other_password)] = USERS;
        let users =
            [("BOLT_USER", user), ("BOLT_PASSWORD", password), ("BOLT_OTHER_USER", other_user), ("BOLT_OTHER_PASSWORD", other_password)];
        Self::start(&folder, users.map(|(variable, value)| (variable, value.to_owned())).to_vec())
    }

    fn start(folder: &Path, users: Vec<(&'static str, String)>) -> Self {
        let log = folder.join("server.log");
        let output = File::create(&log).unwrap();
        let mut serve = boltwright(&["serve", "--memory", "--listen", "127.0.0.1:0"]);
        if !users.is_empty() {
            serve.arg("--users").arg(folder.join("users"));
        }
        let process = serve.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output).spawn().unwrap();
        let mut server = Self { process, log, uri: String::new(), users };
        server.uri = server.ready();
        server
    }

    /// Waits for the line that says where it listens.
    fn ready(&mut self) -> String {
        let started = Instant::now();
        loop {
            let log = self.said();
            let uri = log.lines().find_map(|line| line.find("bolt://").map(|at| &line[at..]));
            if let (Some(uri), true) = (uri, log.ends_with('\n')) {
                return uri.split_whitespace().next().unwrap().to_owned();
            }
            let ended = self.process.try_wait().unwrap();
            assert!(ended.is_none() && started.elapsed() < START, "the server did not start:\n{log}");
            sleep(Duration::from_millis(20));
        }
    }

    fn passes(&self, suite: &mut Command) {
        let output = output(suite.env("BOLT_URI", &self.uri).envs(self.users.iter().map(|(variable, value)| (variable, value))));
        assert!(output.status.success(), "{}\nThe server said:\n{}", text(&output), self.said());
    }

    fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn boltwright(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boltwright"));
    command.args(arguments);
    command
}

fn add_user(file: &Path, name: &str, password: &str) {
    let mut add = boltwright(&["user", "add", "--users"]);
    add.arg(file).arg(name).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = add.spawn().unwrap();
    writeln!(process.stdin.take().unwrap(), "{password}").unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "adding the user {name}:\n{}", text(&output));
}

fn suite(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drivers").join(language)
}

/// An empty folder of that name for this run.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("drivers").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The folder in which a driver is installed; installs it when the file that pins its version has changed since.
fn installed(language: &str, pins: &Path, install: impl FnOnce(&Path)) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("drivers").join(language);
    let stamp = folder.join("installed");
    let wanted = fs::read(pins).unwrap();
    if fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        install(&scratch(language));
        fs::write(stamp, wanted).unwrap();
    }
    folder
}

fn succeed(command: &mut Command) {
    let output = output(command);
    assert!(output.status.success(), "{command:?}:\n{}", text(&output));
}

fn output(command: &mut Command) -> Output {
    let tool = command.get_program().to_string_lossy().into_owned();
    command.output().unwrap_or_else(|error| match error.kind() {
        ErrorKind::NotFound => {
            panic!("`{tool}` is needed to test the official drivers, and is not installed")
        }
        _ => panic!("`{tool}` does not start: {error}"),
    })
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
