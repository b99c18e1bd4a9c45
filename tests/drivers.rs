//! The official Python and JavaScript drivers against the real binary.
//!
//! Their suites are under `tests/drivers/`, each to be run by hand too (see `server.py` and `server.js` for how they find a
//! server). Here the drivers are installed below the target directory, once, a suite runs against a server without users,
//! its part about authentication against one with users, and what a failing suite said is what this test says.
//!
//! Beside them, a release of a driver for each version of Bolt goes through the scenarios of `cargo drivers`, which runs them all.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use drivers::{Language, Mark, Outcome, Plan, Records, Target, User};

const USERS: [(&str, &str); 2] = [("ada", "first password"), ("grace", "second password")];

#[test]
fn a_release_for_each_version_of_bolt_does_what_it_does_on_neo4j() {
    let folder = suite("");
    let mut plan = Plan::load(&folder).unwrap();
    plan.releases.retain(|release| release.verify);
    let records = Records::load(&folder.join("expected")).unwrap();
    let boltwright = PathBuf::from(env!("CARGO_BIN_EXE_boltwright"));
    let echo = boltwright.with_file_name("examples").join("echo_backend");
    if !echo.exists() {
        succeed(Command::new(env!("CARGO")).args(["build", "--workspace", "--ignore-rust-version", "--example", "echo_backend"]));
    }
    let cache = boltwright.parent().and_then(Path::parent).unwrap().join("drivers");
    let runs = drivers::run(&plan, &records, &Target::Here { boltwright, echo }, &cache, 2, &|_, _| ()).unwrap();
    let failed = runs.iter().flat_map(|run| &run.cells).any(|cell| cell.mark == Mark::Failed);
    assert!(!failed, "{}", drivers::print(&runs));
}

#[test]
fn the_releases_of_cargo_verify_pick_every_version() {
    let plan = Plan::load(&suite("")).unwrap();
    let verified: Vec<_> = plan.releases.iter().filter(|release| release.verify).collect();
    for version in boltwright::generated::Version::ALL {
        assert!(verified.iter().any(|release| release.bolt == version.to_string()), "no release for Bolt {version}");
    }
    for language in Language::ALL {
        let newest = plan.releases.iter().rfind(|release| release.language == language && !release.version.contains('+')).unwrap();
        assert!(newest.verify, "{newest} is the newest");
    }
}

#[test]
fn releases_that_tell_their_version_of_bolt_pick_the_one_they_are_listed_with() {
    let folder = suite("");
    let (plan, records) = (Plan::load(&folder).unwrap(), Records::load(&folder.join("expected")).unwrap());
    // 5, 5.0, "5.0", [5, 0] and {"major": 5, "minor": 0} are the same version.
    let parts = |text: &str| {
        let mut parts: Vec<u32> = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
        parts.truncate(parts.iter().rposition(|part| *part != 0).map_or(0, |last| last + 1));
        parts
    };
    let mut told = 0;
    for release in &plan.releases {
        let Some(Outcome::Value(server)) = records.cell(release, "summary.server").map(|recorded| &recorded.neo4j) else { continue };
        let Some(protocol) = server.get("protocol") else { continue };
        assert_eq!(parts(&protocol.to_string()), parts(&release.bolt), "{release}");
        told += 1;
    }
    assert!(told > plan.releases.len() / 2, "only {told} releases told");
}

#[test]
fn the_pages_show_what_is_recorded() {
    let folder = suite("");
    let (plan, records) = (Plan::load(&folder).unwrap(), Records::load(&folder.join("expected")).unwrap());
    let read = |name: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    let advice = "`cargo drivers --render` writes it anew";
    assert!(read("docs/drivers.md") == drivers::page(&plan, &records), "docs/drivers.md is out of date: {advice}");
    let readme = read("README.md");
    let table = drivers::summary_table(&plan, &records);
    assert_eq!(drivers::with_table(&readme, &table).as_deref(), Some(readme.as_str()), "the table of README.md is out of date: {advice}");
}

#[test]
fn every_release_has_done_every_scenario_on_neo4j_and_here() {
    let folder = suite("");
    let (plan, records) = (Plan::load(&folder).unwrap(), Records::load(&folder.join("expected")).unwrap());
    for release in &plan.releases {
        for scenario in &plan.scenarios {
            let recorded = records.cell(release, &scenario.id);
            assert!(recorded.is_some_and(|recorded| recorded.done), "{release} {} was not recorded on a Neo4j and here", scenario.id);
            let explained = recorded.is_some_and(|recorded| recorded.here.is_none()) || plan.reason(release, &scenario.id).is_some();
            assert!(explained, "{release} {} differs without a reason", scenario.id);
        }
    }
}

#[test]
fn every_reason_explains_something() {
    let folder = suite("");
    let (plan, records) = (Plan::load(&folder).unwrap(), Records::load(&folder.join("expected")).unwrap());
    for reason in &plan.reasons {
        let explains = plan.releases.iter().any(|release| {
            let differs = |scenario: &&String| records.cell(release, scenario).is_some_and(|recorded| recorded.here.is_some());
            reason.releases.iter().any(|pattern| release.is_meant_by(pattern)) && reason.scenarios.iter().any(|scenario| differs(&scenario))
        });
        assert!(explains, "'{}' explains nothing that differs", reason.id);
    }
}

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

/// A running `boltwright serve`, and the environment that tells a suite about it.
struct Server {
    server: drivers::Server,
    environment: Vec<(String, String)>,
}

impl Server {
    fn without_users(language: &str) -> Self {
        Self::start(&scratch(&format!("{language}-without-users")), &[], &[])
    }

    fn with_users(language: &str) -> Self {
        let users = USERS.map(|(name, password)| User::new(name, password));
        Self::start(&scratch(&format!("{language}-with-users")), &users, &["BOLT", "BOLT_OTHER"])
    }

    fn start(folder: &Path, users: &[User], prefixes: &[&str]) -> Self {
        let server = drivers::Server::boltwright(Path::new(env!("CARGO_BIN_EXE_boltwright")), folder, users, &[]).unwrap();
        let mut environment = vec![("BOLT_URI".to_owned(), format!("bolt://{}", server.address()))];
        for (user, prefix) in users.iter().zip(prefixes) {
            environment.push((format!("{prefix}_USER"), user.name.clone()));
            environment.push((format!("{prefix}_PASSWORD"), user.password.clone()));
        }
        Self { server, environment }
    }

    fn passes(&self, suite: &mut Command) {
        let output = output(suite.envs(self.environment.iter().map(|(variable, value)| (variable, value))));
        assert!(output.status.success(), "{}\nThe server said:\n{}", text(&output), self.server.said());
    }
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
