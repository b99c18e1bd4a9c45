//! Installing releases below the target folder, each once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::plan::{Language, Release};
use crate::server::succeed;
use crate::{Error, Plan};

/// Where the release is installed; installs it when what pins it has changed since.
pub(crate) fn install(plan: &Plan, cache: &Path, release: &Release) -> Result<PathBuf, Error> {
    let suite = plan.folder.join(release.language.folder());
    let pins = suite.join("releases").join(&release.version);
    let folder = cache.join(release.language.folder()).join(&release.version);
    let stamp = folder.join("installed");
    let wanted = pinned(release.language, &pins)?;
    if fs::read_to_string(&stamp).ok().as_ref() != Some(&wanted) {
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Error::file(&folder))?;
        }
        fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
        match release.language {
            Language::Python => python(&pins, &folder)?,
            Language::JavaScript => javascript(&suite, &pins, &folder)?,
        }
        fs::write(&stamp, wanted).map_err(Error::file(&stamp))?;
    }
    Ok(folder)
}

/// What is installed again when it has changed.
fn pinned(language: Language, pins: &Path) -> Result<String, Error> {
    let files = match language {
        Language::Python => [pins.join("requirements.txt")],
        Language::JavaScript => [pins.join("package-lock.json")],
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
