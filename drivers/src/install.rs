//! Installing releases below the target folder, each once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::plan::{Language, Release};
use crate::server::succeed;
use crate::{Error, Plan};

/// Fetches what Java releases are to be installed from, for all of them at once: Maven starts slowly.
pub(crate) fn fetch_jars(plan: &Plan, cache: &Path) -> Result<(), Error> {
    let mut modules = Vec::new();
    for release in plan.releases.iter().filter(|release| release.language == Language::Java) {
        if outdated(plan, cache, release)?.is_some() {
            modules.push(format!("releases/{}", release.version));
        }
    }
    if modules.is_empty() {
        return Ok(());
    }
    let mut maven = Command::new("mvn");
    maven.args(["--quiet", "--batch-mode", "--file"]).arg(suite(plan, Language::Java).join("pom.xml"));
    maven.arg(format!("-Dmaven.repo.local={}", cache.join("maven").display())).arg(format!("-Djars={}", jars(cache).display()));
    maven.arg("--projects").arg(modules.join(",")).arg("dependency:copy-dependencies");
    succeed(&mut maven)?;
    Ok(())
}

/// Where the release is installed; installs it when what pins it has changed since.
pub(crate) fn install(plan: &Plan, cache: &Path, release: &Release) -> Result<PathBuf, Error> {
    let (suite, pins, folder) = (suite(plan, release.language), pins(plan, release), folder(cache, release));
    if let Some(wanted) = outdated(plan, cache, release)? {
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Error::file(&folder))?;
        }
        fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
        match release.language {
            Language::Python => python(&pins, &folder)?,
            Language::JavaScript => javascript(&suite, &pins, &folder)?,
            Language::Go => go(&suite, &pins, &release.version, &folder)?,
            Language::Java => java(&suite, &jars(cache).join(&release.version), &folder, release)?,
        }
        let stamp = stamp(&folder);
        fs::write(&stamp, wanted).map_err(Error::file(&stamp))?;
    }
    Ok(folder)
}

fn suite(plan: &Plan, language: Language) -> PathBuf {
    plan.folder.join(language.folder())
}

fn pins(plan: &Plan, release: &Release) -> PathBuf {
    suite(plan, release.language).join("releases").join(&release.version)
}

fn folder(cache: &Path, release: &Release) -> PathBuf {
    cache.join(release.language.folder()).join(&release.version)
}

fn stamp(folder: &Path) -> PathBuf {
    folder.join("installed")
}

/// Where Maven puts the jars of releases.
fn jars(cache: &Path) -> PathBuf {
    cache.join("jars")
}

/// What is to be installed, when it is not what is installed.
fn outdated(plan: &Plan, cache: &Path, release: &Release) -> Result<Option<String>, Error> {
    let wanted = pinned(plan, release)?;
    let installed = fs::read_to_string(stamp(&folder(cache, release)));
    Ok(if installed.ok().as_ref() == Some(&wanted) { None } else { Some(wanted) })
}

/// What is installed again when it has changed.
fn pinned(plan: &Plan, release: &Release) -> Result<String, Error> {
    let (suite, pins) = (suite(plan, release.language), pins(plan, release));
    let files = match release.language {
        Language::Python => vec![pins.join("requirements.txt")],
        Language::JavaScript => vec![pins.join("package-lock.json")],
        Language::Go => [vec![pins.join("go.mod"), pins.join("go.sum")], sources(&suite, "go")?].concat(),
        Language::Java => [vec![pins.join("pom.xml")], sources(&suite, "java")?].concat(),
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

/// Compiles the program for the release, whose package is another one before 4.0.
fn java(suite: &Path, jars: &Path, folder: &Path, release: &Release) -> Result<(), Error> {
    let (own_jars, copies) = (folder.join("jars"), folder.join("sources"));
    fs::rename(jars, &own_jars).map_err(Error::file(jars))?;
    fs::create_dir(&copies).map_err(Error::file(&copies))?;
    let mut compiler = Command::new("javac");
    compiler.args(["-J-XX:TieredStopAtLevel=1", "-proc:none", "-encoding", "UTF-8", "-cp", "jars/*", "-d", "classes"]);
    for path in sources(suite, "java")? {
        let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
        let text = if release.version.starts_with("1.") { text.replace("org.neo4j.driver.", "org.neo4j.driver.v1.") } else { text };
        let copy = copies.join(path.file_name().unwrap_or_default());
        fs::write(&copy, text).map_err(Error::file(&copy))?;
        compiler.arg(copy);
    }
    succeed(compiler.current_dir(folder))?;
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
