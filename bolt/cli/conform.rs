//! `boltwright conform`: the conformance kit.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use boltwright::conform::case::Case;
use boltwright::conform::known::{Known, Pattern};
use boltwright::conform::profile::Profile;
use boltwright::conform::report::table::Table;
use boltwright::conform::report::{Format, Review, Rules};
use boltwright::conform::run::{Options, Progress, run};
use boltwright::conform::tcp::Address;
use boltwright::generated::Version;
use boltwright::wire::reflect::VersionSet;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::error::CliError;

#[derive(Args, Debug)]
pub(crate) struct Conform {
    /// The server's address: bolt://HOST:PORT
    ///
    /// A neo4j:// address is taken as well; the kit tests the server there and follows no routing table.
    #[arg(value_name = "ADDRESS", required_unless_present_any = ["list", "show"])]
    address: Option<Address>,

    /// The user to log on as; without one the server is taken to let everybody in
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    /// The environment variable that holds the password; when it is not set, a terminal is asked
    #[arg(long, value_name = "VARIABLE", default_value = "BOLTWRIGHT_PASSWORD")]
    password_env: String,

    /// The versions to try, out of those that the server accepts: 4.4,5.0-5.4,6.0+
    #[arg(long, value_name = "VERSIONS", value_parser = versions)]
    bolt: Option<VersionSet>,

    /// The cases to try: a name, an area, or a pattern in which * stands for any text; may be given several times
    #[arg(long, value_name = "PATTERN")]
    only: Vec<String>,

    /// The queries as the server wants them, where it is not Cypher that it speaks (YAML)
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,

    /// The deviations that are accepted (YAML); only others count
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,

    /// Write a file of all deviations, to be taken with --known from then on
    #[arg(long, value_name = "FILE")]
    write_known: Option<PathBuf>,

    /// Count what differs from a choice of the specification as well, where neither documentation nor Neo4j settles it
    #[arg(long)]
    strict: bool,

    /// How to write the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: ReportFormat,

    /// Where to write the report, instead of the standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// How many cases to play at once
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,

    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    patience: u64,

    /// List the cases, and connect to nothing
    #[arg(long, conflicts_with = "show")]
    list: bool,

    /// Print a case as the conversation that it is, and connect to nothing
    #[arg(long, value_name = "CASE")]
    show: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum ReportFormat {
    /// For people, on a terminal
    #[default]
    Text,
    /// For programs
    Json,
    /// For continuous integration
    Junit,
    /// For people, on a page
    Markdown,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Text => Self::Text,
            ReportFormat::Json => Self::Json,
            ReportFormat::Junit => Self::Junit,
            ReportFormat::Markdown => Self::Markdown,
        }
    }
}

fn versions(text: &str) -> Result<VersionSet, String> {
    let versions = boltwright::conform::transcript::versions::parse(text).filter(|versions| !versions.is_empty());
    versions.ok_or_else(|| "expected versions such as 4.4, 5.0-5.4, 6.0+ or 4.4,5.4".to_owned())
}

impl Conform {
    pub(crate) fn run(self) -> Result<(), CliError> {
        match (&self.show, &self.address) {
            (Some(name), _) => self.show(name),
            (None, Some(address)) if !self.list => self.test(address),
            (None, _) => self.list(),
        }
    }

    fn asks_for(&self, version: Version) -> bool {
        self.bolt.is_none_or(|versions| versions.contains(version))
    }

    fn list(&self) -> Result<(), CliError> {
        let only = self.only();
        let mut cases: Vec<(Case, VersionSet)> = Vec::new();
        for version in Version::ALL.iter().copied().filter(|version| self.asks_for(*version)) {
            for case in Case::named(version, |name| only.holds(name))? {
                match cases.iter_mut().find(|(other, _)| other.name == case.name) {
                    Some((_, versions)) => *versions = versions.iter().chain([version]).collect(),
                    None => cases.push((case, [version].into_iter().collect())),
                }
            }
        }
        cases.sort_by(|(one, _), (other, _)| (one.transcript.area, &one.name).cmp(&(other.transcript.area, &other.name)));
        let mut table = Table::default();
        for (case, versions) in cases {
            table.row([case.name, versions.to_string(), case.transcript.title]);
        }
        Ok(table.write(&mut io::stdout(), "")?)
    }

    /// The newest version that has the case and is asked for.
    fn show(&self, name: &str) -> Result<(), CliError> {
        for version in Version::ALL.iter().rev().copied().filter(|version| self.asks_for(*version)) {
            if let Some(case) = Case::named(version, |other| other == name)?.pop() {
                return Ok(io::stdout().write_all(case.text.as_bytes())?);
            }
        }
        Err(CliError::NoSuchCase { name: name.to_owned() })
    }

    fn test(&self, address: &Address) -> Result<(), CliError> {
        let known = match &self.known {
            Some(path) => Known::parse(&read(path)?).map_err(|source| CliError::Known { path: path.clone(), source })?,
            None => Known::default(),
        };
        let profile = match &self.profile {
            Some(path) => Profile::load(&read(path)?).map_err(|source| CliError::Profile { path: path.clone(), source })?,
            None => Profile::default(),
        };
        let options = Options {
            address: address.to_string(),
            user: self.user.clone().map(|user| self.password(&user).map(|password| (user, password))).transpose()?,
            versions: self.bolt.map(|versions| versions.iter().collect()),
            profile,
            connections: self.connections.into(),
            patience: Duration::from_secs(self.patience),
            ..Options::default()
        };
        let only = self.only();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::Runtime)?;
        let mut shown = Shown::new();
        let run = runtime.block_on(run(Arc::new(address.clone()), &options, |name| only.holds(name), |progress| shown.show(progress)))?;
        shown.end();

        let review = Review::new(&run, &known, Rules { strict: self.strict, whole: self.only.is_empty() });
        if let Some(path) = &self.write_known {
            let text = Known::of(&review).to_yaml().map_err(|source| CliError::Known { path: path.clone(), source })?;
            write(path, &text)?;
        }
        let report = Format::from(self.format).write(&review)?;
        match &self.output {
            Some(path) => {
                write(path, &report)?;
                writeln!(io::stdout(), "{}; the report is in {}", review.counts(), path.display())?;
            }
            None => io::stdout().write_all(report.as_bytes())?,
        }
        if review.conforms() { Ok(()) } else { Err(CliError::Differs { count: review.counts().unexpected }) }
    }

    fn only(&self) -> Only {
        Only(self.only.iter().flat_map(|text| [Pattern::new(text), Pattern::new(&format!("{}/*", text.trim_end_matches('/')))]).collect())
    }

    fn password(&self, user: &str) -> Result<String, CliError> {
        if let Some(password) = std::env::var_os(&self.password_env) {
            return password.into_string().map_err(|_| CliError::PasswordText { variable: self.password_env.clone() });
        }
        if !io::stdin().is_terminal() {
            return Err(CliError::PasswordMissing { user: user.to_owned(), variable: self.password_env.clone() });
        }
        rpassword::prompt_password(format!("Password of {user}: ")).map_err(CliError::Password)
    }
}

/// The cases that are asked for.
struct Only(Vec<Pattern>);

impl Only {
    fn holds(&self, name: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|pattern| pattern.matches(name))
    }
}

fn read(path: &Path) -> Result<String, CliError> {
    fs::read_to_string(path).map_err(|source| CliError::Read { path: path.to_owned(), source })
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    fs::write(path, text).map_err(|source| CliError::Write { path: path.to_owned(), source })
}

/// How far a run is: a bar on a terminal, a line for each tenth elsewhere.
struct Shown {
    bar: Option<ProgressBar>,
    played: usize,
    cases: usize,
}

impl Shown {
    fn new() -> Self {
        Self { bar: None, played: 0, cases: 0 }
    }

    fn show(&mut self, progress: &Progress) {
        match progress {
            Progress::Found { server, versions, cases } => {
                let versions: VersionSet = versions.iter().copied().collect();
                let server = server.as_deref().unwrap_or("a server that lets nobody in");
                self.cases = *cases;
                eprintln!("{server} accepts Bolt {versions}: {cases} cases to play");
                self.bar = io::stderr().is_terminal().then(|| bar(*cases));
            }
            Progress::Played(outcome) => {
                self.played += 1;
                match &self.bar {
                    Some(bar) => {
                        bar.set_message(outcome.name.clone());
                        bar.inc(1);
                    }
                    None if self.played * 10 / self.cases.max(1) != (self.played - 1) * 10 / self.cases.max(1) => {
                        eprintln!("{} of {} cases played", self.played, self.cases);
                    }
                    None => {}
                }
            }
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(cases: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta} {wide_msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(cases as u64).with_style(style)
}
