//! `boltwright spec`: a look into the specification.

mod diff;
mod facts;
mod show;

use std::io;
use std::path::PathBuf;

use boltwright::generated::Version;
use clap::{Args, Subcommand};

use super::error::CliError;

#[derive(Args, Debug)]
pub(crate) struct Spec {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the YAML of a specification, and show every mistake at its place
    Check {
        /// The directory that it is in
        #[arg(value_name = "DIR", default_value = "spec")]
        directory: PathBuf,
    },
    /// Show all versions, or what one of them is
    Show {
        /// The version
        #[arg(long, value_name = "V")]
        bolt: Option<Version>,
    },
    /// Show what changed from one version to another
    Diff {
        /// The older version
        #[arg(value_name = "V1")]
        from: Version,
        /// The newer version
        #[arg(value_name = "V2")]
        to: Version,
    },
}

impl Spec {
    pub(crate) fn run(self) -> Result<(), CliError> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match self.command {
            Command::Check { directory } => check(directory, &mut out),
            Command::Show { bolt: None } => Ok(show::versions(&mut out)?),
            Command::Show { bolt: Some(version) } => Ok(show::version(version, &mut out)?),
            Command::Diff { from, to } if from > to => Err(CliError::Order(from, to)),
            Command::Diff { from, to } => Ok(diff::versions(from, to, &mut out)?),
        }?;
        Ok(io::Write::flush(&mut out)?)
    }
}

fn check(path: PathBuf, out: &mut impl io::Write) -> Result<(), CliError> {
    match boltwright_codegen::check(&path) {
        Ok(()) => Ok(writeln!(out, "no mistake found in {}", path.display())?),
        Err(mistakes) => {
            for mistake in &mistakes {
                writeln!(out, "{mistake}")?;
            }
            out.flush()?;
            Err(CliError::Mistakes { count: mistakes.len(), path })
        }
    }
}
