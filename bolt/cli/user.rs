//! `boltwright user`: the users file.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use boltwright::server::auth::{UserName, Users, UsersError};
use clap::{Args, Subcommand};

use super::error::CliError;

#[derive(Args, Debug)]
pub(crate) struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add a user, or give an old one a new password
    ///
    /// The password is asked for, or read as one line from the standard input. A server that uses the file takes note by itself.
    Add(Named),
    /// Remove a user
    Remove(Named),
    /// List the users
    List(File),
}

#[derive(Args, Debug)]
struct Named {
    /// The user's name
    name: String,
    #[command(flatten)]
    file: File,
}

#[derive(Args, Debug)]
struct File {
    /// The users file
    #[arg(long, value_name = "FILE", env = "BOLTWRIGHT_USERS")]
    users: PathBuf,
}

impl User {
    pub(crate) fn run(self) -> Result<(), CliError> {
        match self.command {
            Command::Add(Named { name, file: File { users: path } }) => {
                let name = UserName::new(&name)?;
                let mut users = read_or_new(&path)?;
                let password = password()?;
                let new = users.set(name.clone(), password.as_bytes())?;
                users.write(&path)?;
                let done = if new { "added to" } else { "has a new password in" };
                writeln!(io::stdout(), "{name} {done} {}", path.display())?;
            }
            Command::Remove(Named { name, file: File { users: path } }) => {
                let mut users = Users::read(&path)?;
                if !users.remove(&UserName::new(&name)?) {
                    return Err(CliError::NoSuchUser { name, path });
                }
                users.write(&path)?;
                writeln!(io::stdout(), "{name} removed from {}", path.display())?;
            }
            Command::List(File { users: path }) => {
                for name in Users::read(&path)?.names() {
                    writeln!(io::stdout(), "{name}")?;
                }
            }
        }
        Ok(())
    }
}

/// The first user makes the file.
fn read_or_new(path: &std::path::Path) -> Result<Users, UsersError> {
    match Users::read(path) {
        Err(UsersError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(Users::default()),
        read => read,
    }
}

fn password() -> Result<String, CliError> {
    let password = if io::stdin().is_terminal() {
        let password = rpassword::prompt_password("Password: ").map_err(CliError::Password)?;
        let again = rpassword::prompt_password("Again: ").map_err(CliError::Password)?;
        if again != password {
            return Err(CliError::Typo);
        }
        password
    } else {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map_err(CliError::Password)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    if password.is_empty() { Err(CliError::NoPassword) } else { Ok(password) }
}
