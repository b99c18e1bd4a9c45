//! Installing releases below the target folder, each once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::plan::{Language, Release};
use crate::server::succeed;
use crate::{Error, Plan};

/// Where the release is installed; installs it when what pins it has changed since.
pub(crate) fn install(plan: &Plan, cache: &Path, release: &Release) -> Result<PathBuf, Error> {
    let suite = plan.folder.join(release.language.folder());
    let pins = suite.join("releases").join(&release.version);
    let folder = cache.join(release.language.folder()).join(&release.version);
    let stamp = folder.join("installed");
    let wanted = pinned(release.language, &suite, &pins)?;
    if fs::read_to_string(&stamp).ok().as_ref() != Some(&wanted) {
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Error::file(&folder))?;
        }
        fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
        match release.language {
            Language::Python => python(&pins, &folder)?,
            Language::JavaScript => javascript(&suite, &pins, &folder)?,
            Language::Go => go(&suite, &pins, &release.version, &folder)?,
        }
        fs::write(&stamp, wanted).map_err(Error::file(&stamp))?;
    }
    Ok(folder)
}

/// What is installed again when it has changed.
fn pinned(language: Language, suite: &Path, pins: &Path) -> Result<String, Error> {
    let files = match language {
        Language::Python => vec![pins.join("requirements.txt")],
        Language::JavaScript => vec![pins.join("package-lock.json")],
        Language::Go => [vec![pins.join("go.mod"), pins.join("go.sum")], sources(suite, "go")?].concat(),
    };
    let texts: Result<Vec<_>, _> = files.iter().map(|path| fs::read_to_string(path).map_err(Error::file(path))).collect();
    Ok(texts?.concat())
}

fn python(pins: &Path, folder: &Path) -> Result<(), Error> {
    let pip = ["-m", "pip", "install", "--quiet", "--no-compile", "--no-deps", "--disable-pip-version-check", "--target"];
    succeed(Command::new("python3").args(pip).arg(folder.join("packages")).arg("--requirement").arg(pins.join("requirements.txt")))?;
    Ok(())
}

fn javascript(suite: &Path, pins: &Path, folder: &Path) -> Result<(), Error> {
    for path in [pins.join("package.json"), pins.join("package-lock.json"), suite.join(".npmrc")] {
        let name = path.file_name().unwrap_or_default();
        fs::copy(&path, folder.join(name)).map_err(Error::file(&path))?;
    }
    succeed(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder))?;
    Ok(())
}

/// One compiles at a time, since the next one finds the standard library compiled.
static COMPILING: Mutex<()> = Mutex::new(());

/// Compiles the program with the release; what is downloaded and compiled for several releases is kept beside them.
fn go(suite: &Path, pins: &Path, version: &str, folder: &Path) -> Result<(), Error> {
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    // Before 2, the major version is not part of a module's path.
    let module = if major < 2 { "neo4j-go-driver/".to_owned() } else { format!("neo4j-go-driver/v{major}/") };
    for path in sources(suite, "go")? {
        let source = fs::read_to_string(&path).map_err(Error::file(&path))?;
        let copy = folder.join(path.file_name().unwrap_or_default());
        fs::write(&copy, source.replace("neo4j-go-driver/v6/", &module)).map_err(Error::file(&copy))?;
    }
    for name in ["go.mod", "go.sum"] {
        fs::copy(pins.join(name), folder.join(name)).map_err(Error::file(&pins.join(name)))?;
    }
    let tags = (1..=major).map(|major| format!("driver{major}")).chain((0..=minor).map(|minor| format!("driver{major}.{minor}")));
    let mut build = Command::new("go");
    build.args(["build", "-modcacherw", "-buildvcs=false", "-tags", &tags.collect::<Vec<_>>().join(","), "-o", "matrix"]);
    for (variable, cache) in [("GOPATH", "path"), ("GOMODCACHE", "modules"), ("GOCACHE", "build")] {
        build.env(variable, folder.with_file_name("cache").join(cache));
    }
    build.env("CGO_ENABLED", "0").env("GOWORK", "off").current_dir(folder);
    let _alone = COMPILING.lock().unwrap_or_else(PoisonError::into_inner);
    succeed(&mut build)?;
    Ok(())
}

/// The sources of a program that is compiled.
fn sources(suite: &Path, extension: &str) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(suite).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(Error::file(suite))?;
    let mut sources: Vec<_> =
        entries.iter().map(fs::DirEntry::path).filter(|path| path.extension().is_some_and(|of| of == extension)).collect();
    sources.sort();
    Ok(sources)
}
