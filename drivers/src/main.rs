//! `cargo drivers`: runs releases of the official drivers through the scenarios and prints the matrix.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Parser;
use drivers::{Error, Mark, Plan, Records, Release, Run, Target, User};

/// Runs releases of the official drivers through the same scenarios, and compares what their users see with what they see on Neo4j
#[derive(Debug, Parser)]
#[command(name = "drivers")]
struct Arguments {
    /// The releases to run, such as python:6.4.1, python:5.28 or python
    #[arg(long, value_name = "RELEASE", value_delimiter = ',')]
    only: Vec<String>,

    /// The scenarios to run, or their areas, such as value.date or value
    #[arg(long, value_name = "SCENARIO", value_delimiter = ',')]
    scenarios: Vec<String>,

    /// Only the releases that `cargo verify` runs
    #[arg(long, conflicts_with = "beyond_verify")]
    verify: bool,

    /// Only the releases that `cargo verify` does not run
    #[arg(long)]
    beyond_verify: bool,

    /// A server that runs already; otherwise this project's is started
    #[arg(long, value_name = "HOST:PORT")]
    against: Option<String>,

    /// A user of that server, and the password
    #[arg(long, value_name = "NAME:PASSWORD", default_value = "neo4j:password", value_parser = user)]
    user: User,

    /// Another user of that server, and the password
    #[arg(long, value_name = "NAME:PASSWORD", default_value = "grace:second password", value_parser = user)]
    other_user: User,

    /// How many releases run at once
    #[arg(long, value_name = "NUMBER", default_value_t = 2)]
    jobs: usize,

    /// Keep what came: with --against as what Neo4j does, without as what differs here for a reason
    #[arg(long)]
    record: bool,

    /// Only releases that were recorded on this Neo4j
    #[arg(long, value_name = "VERSION")]
    neo4j: Option<String>,

    /// Write docs/drivers.md and the README's table out of what is recorded, and run nothing
    #[arg(long)]
    render: bool,
}

fn user(text: &str) -> Result<User, String> {
    let (name, password) = text.split_once(':').ok_or("expected a name and a password with a colon between")?;
    Ok(User::new(name, password))
}

fn main() -> ExitCode {
    match work(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn work(arguments: &Arguments) -> Result<bool, Error> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let folder = root.join("tests/drivers");
    let whole = Plan::load(&folder)?;
    let mut records = Records::load(&folder.join("expected"))?;
    if arguments.render {
        return drivers::write_pages(root, &whole, &records).map(|()| true);
    }

    let mut plan = Plan::load(&folder)?;
    plan.keep_releases(&arguments.only)?;
    plan.keep_scenarios(&arguments.scenarios)?;
    plan.releases.retain(|release| if release.verify { !arguments.beyond_verify } else { !arguments.verify });
    plan.releases.retain(|release| arguments.neo4j.as_ref().is_none_or(|neo4j| *neo4j == release.neo4j));

    let target_folder = target_folder();
    let target = match &arguments.against {
        Some(address) => {
            let address = address.trim_start_matches("bolt://").to_owned();
            Target::There { address, users: [arguments.user.clone(), arguments.other_user.clone()] }
        }
        None => built(root, &target_folder)?,
    };
    let done = |run: &Run, seconds: f64| {
        let failed = run.cells.iter().filter(|cell| cell.mark == Mark::Failed).count();
        let word = if failed == 0 { String::new() } else { format!(", {failed} not as expected") };
        eprintln!("{} in {seconds:.0} s{word}", run.release);
    };
    let runs = drivers::run(&plan, &records, &target, &target_folder.join("drivers"), arguments.jobs, &done)?;

    if arguments.record {
        for run in &runs {
            drivers::keep(&whole, &mut records, run, arguments.against.is_some());
        }
        let scenarios: Vec<_> = whole.scenarios.iter().map(|scenario| scenario.id.clone()).collect();
        let is_new = |release: &&Release| runs.iter().any(|run| run.release.language == release.language);
        let releases: Vec<_> = whole.releases.iter().filter(is_new).cloned().collect();
        records.save(&folder.join("expected"), &releases, &scenarios)?;
        drivers::write_pages(root, &whole, &records)?;
        println!("Recorded; `git diff` shows what is new.");
        return Ok(true);
    }
    print!("{}", drivers::print(&runs));
    Ok(runs.iter().flat_map(|run| &run.cells).all(|cell| cell.mark != Mark::Failed))
}

/// The folder that this program was built in.
fn target_folder() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let found = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    found.map_or_else(|| PathBuf::from("target"), Path::to_path_buf)
}

/// Builds what the drivers are run against.
fn built(root: &Path, target_folder: &Path) -> Result<Target, Error> {
    let mut build = Command::new(env!("CARGO"));
    build.args([
        "build",
        "--quiet",
        "--workspace",
        "--ignore-rust-version",
        "--bin",
        "boltwright",
        "--example",
        "echo_backend",
        "--target-dir",
    ]);
    build.arg(target_folder).current_dir(root);
    let status = build.status().map_err(|error| Error::Tool("cargo".to_owned(), error))?;
    if !status.success() {
        return Err(Error::Failed { command: format!("{build:?}"), output: "see above".to_owned() });
    }
    let debug = target_folder.join("debug");
    let echo = debug.join("examples/echo_backend");
    fs::metadata(&echo).map_err(|source| Error::File { path: echo.clone(), source })?;
    Ok(Target::Here { boltwright: debug.join("boltwright"), echo })
}
