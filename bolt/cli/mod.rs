//! The command line: one file a subcommand.

mod conform;
mod error;
mod serve;
mod spec;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::error::CliError;

/// A Bolt server, and the specification that it is made from.
///
/// Applications written for Neo4j connect with its official drivers: bolt://127.0.0.1:7687 once 'boltwright serve' says that it listens.
#[derive(Debug, Parser)]
#[command(name = "boltwright", version, max_term_width = 100, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a graph database over Bolt
    Serve(Box<serve::Serve>),
    /// Manage the users who may come in
    User(user::User),
    /// Test any Bolt server against the specification
    ///
    /// Each case is played on a connection of its own, in every version that the server accepts. What the cases write they remove again, but
    /// use a server whose data may go. The exit code is 0 only if nothing is unexpectedly different.
    Conform(Box<conform::Conform>),
    /// Look into the specification of the protocol
    Spec(spec::Spec),
}

/// Does what the command line says. A mistake is one sentence, and the exit code 1; 2 is a command line that cannot be read.
pub(crate) fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(serve) => serve.run(),
        Command::User(user) => user.run(),
        Command::Conform(conform) => conform.run(),
        Command::Spec(spec) => spec.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(CliError::PipeClosed) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("boltwright: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_has_an_environment_variable_and_a_help_text() {
        let command = Cli::command();
        for subcommand in command.get_subcommands().flat_map(|command| std::iter::once(command).chain(command.get_subcommands())) {
            for option in subcommand.get_arguments().filter(|option| option.get_long().is_some_and(|long| long != "help")) {
                let name = option.get_id();
                assert!(option.get_help().is_some(), "{name}");
                if subcommand.get_name() == "serve" {
                    let expected = format!("BOLTWRIGHT_{}", option.get_long().unwrap().to_uppercase().replace('-', "_"));
                    assert_eq!(option.get_env().unwrap(), expected.as_str(), "{name}");
                }
            }
        }
    }
}
