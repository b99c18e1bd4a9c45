//! Running the plan.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use crate::judge::{self, Cell, Mark};
use crate::plan::{Backend, Scenario};
use crate::record::{Outcome, Records};
use crate::server::{Server, User};
use crate::{Error, Plan, Release, install, program};

/// What the drivers are run against.
#[derive(Clone, Debug)]
pub enum Target {
    /// This server, started from these binaries.
    Here {
        /// `boltwright`.
        boltwright: PathBuf,
        /// The echo backend.
        echo: PathBuf,
    },
    /// A server that runs already.
    There {
        /// Its host and port.
        address: String,
        /// Two of its users.
        users: [User; 2],
    },
}

/// What came of a release.
#[derive(Debug)]
pub struct Run {
    /// Which.
    pub release: Release,
    /// One a scenario, in their order.
    pub cells: Vec<Cell>,
    /// What came, to be recorded.
    pub outcomes: BTreeMap<String, Outcome>,
}

/// Runs all that is planned, so many releases at once. `cache` is where releases are installed. Each release is told when it is done.
pub fn run(
    plan: &Plan,
    records: &Records,
    target: &Target,
    cache: &Path,
    at_once: usize,
    done: &(dyn Fn(&Run, f64) + Sync),
) -> Result<Vec<Run>, Error> {
    install::fetch_jars(plan, cache)?;
    let servers = Servers::start(plan, target, &cache.join("servers"))?;
    let next = Mutex::new(plan.releases.iter().enumerate());
    let runs = Mutex::new(Vec::new());
    thread::scope(|scope| {
        let worker = || -> Result<(), Error> {
            loop {
                let Some((number, release)) = next.lock().ok().and_then(|mut next| next.next()) else { return Ok(()) };
                let started = Instant::now();
                let run = release_run(plan, records, target, cache, &servers, release)?;
                done(&run, started.elapsed().as_secs_f64());
                if let Ok(mut runs) = runs.lock() {
                    runs.push((number, run));
                }
            }
        };
        let workers: Vec<_> = (0..at_once.max(1)).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })?;
    let mut runs = runs.into_inner().unwrap_or_default();
    runs.sort_by_key(|(number, _)| *number);
    Ok(runs.into_iter().map(|(_, run)| run).collect())
}

fn release_run(plan: &Plan, records: &Records, target: &Target, cache: &Path, servers: &Servers, release: &Release) -> Result<Run, Error> {
    let packages = install::install(plan, cache, release)?;
    let (mut outcomes, mut remarks, mut noise) = (BTreeMap::new(), BTreeMap::new(), String::new());
    for backend in [Backend::Embedded, Backend::Echo] {
        let scenarios: Vec<_> = plan.scenarios.iter().filter(|scenario| scenario.server == backend).map(|s| s.id.as_str()).collect();
        if scenarios.is_empty() {
            continue;
        }
        let (address, users) = servers.place(release, backend);
        let told = program::run(plan, release, &packages, address, users, &scenarios)?;
        outcomes.extend(told.outcomes);
        remarks.extend(told.remarks);
        noise.push_str(&told.noise);
    }
    let judged = |scenario: &Scenario| {
        let came = outcomes.get(&scenario.id);
        let mut cell = match target {
            Target::Here { .. } => judge::here(plan, records, release, scenario, came),
            Target::There { .. } => judge::elsewhere(records, release, scenario, came),
        };
        if cell.mark == Mark::Failed {
            let remark = if came.is_none() { Some(&noise) } else { remarks.get(&scenario.id) };
            cell.note.extend(remark.map(|remark| format!("\n{remark}")));
        }
        cell
    };
    let cells = plan.scenarios.iter().map(judged).collect();
    Ok(Run { release: release.clone(), cells, outcomes })
}

/// Keeps what came of a run: as what Neo4j does, or as what differs here for a reason.
pub fn keep(plan: &Plan, records: &mut Records, run: &Run, is_neo4j: bool) {
    for (scenario, outcome) in &run.outcomes {
        if is_neo4j {
            records.set_neo4j(&run.release, scenario, outcome.clone());
        } else {
            let differs = records.cell(&run.release, scenario).is_some_and(|recorded| !judge::alike(outcome, &recorded.neo4j));
            if !differs || plan.reason(&run.release, scenario).is_some() {
                records.set_here(&run.release, scenario, differs.then(|| outcome.clone()));
            }
        }
    }
}

/// The servers of a run.
struct Servers {
    there: Option<String>,
    here: BTreeMap<(Option<String>, bool), Server>,
    users: [User; 2],
}

impl Servers {
    fn start(plan: &Plan, target: &Target, folder: &Path) -> Result<Self, Error> {
        let mut here = BTreeMap::new();
        let (boltwright, echo) = match target {
            Target::There { address, users } => return Ok(Self { there: Some(address.clone()), here, users: users.clone() }),
            Target::Here { boltwright, echo } => (boltwright, echo),
        };
        let users = [User::new("ada", "first password"), User::new("grace", "second password")];
        for release in &plan.releases {
            let cap = release.cap.clone();
            let folder = folder.join(cap.as_deref().unwrap_or("all"));
            if here.contains_key(&(cap.clone(), false)) {
                continue;
            }
            let versions = cap.as_ref().map(|cap| format!("1-{cap}"));
            let arguments: Vec<_> = versions.iter().flat_map(|versions| ["--bolt", versions]).collect();
            let server = Server::boltwright(boltwright, &folder, &users, &arguments)?;
            here.insert((cap.clone(), false), server);
            here.insert((cap.clone(), true), Server::echo(echo, &folder, cap.as_deref())?);
        }
        Ok(Self { there: None, here, users })
    }

    fn place(&self, release: &Release, backend: Backend) -> (&str, &[User; 2]) {
        let here = || self.here.get(&(release.cap.clone(), backend == Backend::Echo)).map_or("", Server::address);
        (self.there.as_deref().unwrap_or_else(here), &self.users)
    }
}
