//! Running a language's program, and reading what it tells.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;

use crate::record::Outcome;
use crate::server::User;
use crate::{Error, Language, Plan, Release};

/// How long the program may be silent: the longest scenario, on a machine that does other things too.
const SILENCE: Duration = Duration::from_secs(180);

/// What a program told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) outcomes: BTreeMap<String, Outcome>,
    /// Why scenarios failed, and what the program said beside its lines.
    pub(crate) remarks: BTreeMap<String, String>,
    pub(crate) noise: String,
    pub(crate) slowest: Option<(String, Duration)>,
}

#[derive(Deserialize)]
struct Line {
    scenario: String,
    outcome: String,
    #[serde(default)]
    observed: Value,
    #[serde(default)]
    reason: String,
}

/// Runs these scenarios with an installed release.
pub(crate) fn run(
    plan: &Plan,
    release: &Release,
    packages: &Path,
    address: &str,
    users: &[User; 2],
    scenarios: &[&str],
) -> Result<Told, Error> {
    let mut command = command(plan, release, packages);
    let [first, second] = users;
    command.env("BOLT_ADDRESS", address).env("BOLT_USER", &first.name).env("BOLT_PASSWORD", &first.password);
    command.env("BOLT_OTHER_USER", &second.name).env("BOLT_OTHER_PASSWORD", &second.password);
    command.args(scenarios).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let name = command.get_program().to_string_lossy().into_owned();
    let mut process = command.spawn().map_err(|error| Error::Tool(name, error))?;
    Ok(listen(&mut process))
}

fn command(plan: &Plan, release: &Release, packages: &Path) -> Command {
    let suite = plan.folder.join(release.language.folder());
    match release.language {
        Language::Python => {
            let mut command = Command::new("python3");
            command.args(["-B", "-s"]).arg(suite.join("matrix.py")).env("PYTHONPATH", packages.join("packages"));
            command
        }
        Language::JavaScript => {
            let mut command = Command::new("node");
            command.arg(suite.join("matrix.cjs")).env("NODE_PATH", packages.join("node_modules"));
            command
        }
        Language::Go => Command::new(packages.join("matrix")),
        Language::Java => {
            let mut command = Command::new("java");
            command.args(["-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "classes:jars/*", "matrix.Matrix"]);
            command.current_dir(packages);
            command
        }
    }
}

fn listen(process: &mut Child) -> Told {
    let (sender, lines) = mpsc::channel();
    let output = process.stdout.take();
    let reader = thread::spawn(move || {
        for line in output.into_iter().flat_map(|output| BufReader::new(output).lines()).map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let errors = process.stderr.take();
    let noise = thread::spawn(move || {
        let mut noise = Vec::new();
        // What cannot be read is not said.
        let _ = errors.map(|mut errors| errors.read_to_end(&mut noise));
        String::from_utf8_lossy(&noise).into_owned()
    });
    let mut told = Told::default();
    loop {
        let waiting = Instant::now();
        match lines.recv_timeout(SILENCE) {
            Ok(line) => told.take(&line, waiting.elapsed()),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                told.noise = format!("The program was silent for {} seconds and was ended.\n", SILENCE.as_secs());
                // One that has ended already is as good.
                let _ = process.kill();
                break;
            }
        }
    }
    // The program has closed its output; how it ends is of no interest.
    let _ = process.wait();
    let _ = reader.join();
    told.noise.push_str(&noise.join().unwrap_or_default());
    told
}

impl Told {
    fn take(&mut self, line: &str, time: Duration) {
        let Ok(Line { scenario, outcome, observed, reason }) = serde_json::from_str(line) else {
            self.noise.push_str(line);
            self.noise.push('\n');
            return;
        };
        if self.slowest.as_ref().is_none_or(|(_, slowest)| time > *slowest) {
            self.slowest = Some((scenario.clone(), time));
        }
        let outcome = match outcome.as_str() {
            "value" => Outcome::Value(observed),
            "absent" => Outcome::Absent(reason),
            _ => {
                self.remarks.insert(scenario.clone(), reason);
                Outcome::Error(observed)
            }
        };
        self.outcomes.insert(scenario, outcome);
    }
}
