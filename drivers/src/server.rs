//! Servers that end with the run.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Error;

const START: Duration = Duration::from_secs(30);

/// Somebody whom a server lets in.
#[derive(Clone, Debug)]
pub struct User {
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}

impl User {
    /// A user of that name and password.
    pub fn new(name: impl Into<String>, password: impl Into<String>) -> Self {
        Self { name: name.into(), password: password.into() }
    }
}

/// A running server, ended when dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    command: String,
    log: PathBuf,
    address: String,
}

impl Server {
    /// Starts `boltwright serve` in memory on a free port, with these users and further arguments. The folder is for what it writes.
    pub fn boltwright(binary: &Path, folder: &Path, users: &[User], arguments: &[&str]) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(Error::file(folder))?;
        let mut serve = Command::new(binary);
        serve.args(["serve", "--memory", "--listen", "127.0.0.1:0"]).args(arguments);
        if !users.is_empty() {
            let file = folder.join("users");
            if file.exists() {
                fs::remove_file(&file).map_err(Error::file(&file))?;
            }
            for user in users {
                add_user(binary, &file, user)?;
            }
            serve.arg("--users").arg(file);
        }
        Self::start(serve, &folder.join("server.log"))
    }

    /// Starts the echo backend on a free port; `cap` is the newest version that it speaks.
    pub fn echo(binary: &Path, folder: &Path, cap: Option<&str>) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(Error::file(folder))?;
        let mut echo = Command::new(binary);
        echo.arg("127.0.0.1:0").args(cap);
        Self::start(echo, &folder.join("echo.log"))
    }

    fn start(mut command: Command, log: &Path) -> Result<Self, Error> {
        let output = File::create(log).map_err(Error::file(log))?;
        let errors = output.try_clone().map_err(Error::file(log))?;
        let name = format!("{command:?}");
        let process = command.stdin(Stdio::null()).stdout(output).stderr(errors).spawn();
        let process = process.map_err(|error| Error::Tool(name.clone(), error))?;
        let mut server = Self { process, command: name, log: log.to_owned(), address: String::new() };
        server.address = server.ready()?;
        Ok(server)
    }

    /// Waits for the line that says where it listens.
    fn ready(&mut self) -> Result<String, Error> {
        let started = Instant::now();
        loop {
            let output = self.said();
            let address = output.lines().find_map(|line| line.split_once("bolt://")?.1.split_whitespace().next());
            if let (Some(address), true) = (address, output.ends_with('\n')) {
                return Ok(address.to_owned());
            }
            if !matches!(self.process.try_wait(), Ok(None)) || started.elapsed() > START {
                return Err(Error::Server { command: self.command.clone(), output });
            }
            sleep(Duration::from_millis(20));
        }
    }

    /// Its host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it has logged.
    #[must_use]
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn add_user(binary: &Path, file: &Path, user: &User) -> Result<(), Error> {
    let mut add = Command::new(binary);
    add.args(["user", "add", "--users"]).arg(file).arg(&user.name);
    let command = format!("{add:?}");
    let tool = |error| Error::Tool(command.clone(), error);
    let mut process = add.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(tool)?;
    if let Some(mut input) = process.stdin.take() {
        writeln!(input, "{}", user.password).map_err(tool)?;
    }
    let output = process.wait_with_output().map_err(tool)?;
    if output.status.success() { Ok(()) } else { Err(Error::Failed { command, output: text(&output) }) }
}

/// Runs a tool to its end.
pub(crate) fn succeed(command: &mut Command) -> Result<Output, Error> {
    let output = command.output().map_err(|error| Error::Tool(command.get_program().to_string_lossy().into_owned(), error))?;
    if output.status.success() { Ok(output) } else { Err(Error::Failed { command: format!("{command:?}"), output: text(&output) }) }
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
