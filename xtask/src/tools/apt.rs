//! Installation of system packages with apt, and the machine's package archive.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::process;

/// The result of an attempt to install packages.
pub enum Installed {
    Yes,
    /// The reason of the failure, which names the missing packages.
    No(String),
}

/// Installs packages with apt, as root or with a `sudo` that needs no password. Elsewhere it only returns the
/// reason.
pub fn install(why: &str, packages: &[&str]) -> Result<Installed> {
    let names = packages.join(" ");
    if process::find(&["apt-get"]).is_none() {
        return Ok(Installed::No(format!("install {names}: {why}")));
    }
    let Some(mut update) = apt_get() else {
        return Ok(Installed::No(format!("run `sudo apt-get install {names}`: {why}")));
    };
    let what = format!("Installing {names}: {why}");
    let mut install = apt_get().unwrap_or_else(|| Command::new("apt-get"));
    install.args(["install", "-y", "--no-install-recommends"]).args(packages);
    // Package lists may be missing or old. A failed update is ignored, because the present lists may be good
    // enough.
    let _ = process::quiet("Updating the package lists", update.arg("update"));
    if process::succeeds(&what, &mut install)? {
        return Ok(Installed::Yes);
    }
    Ok(Installed::No(format!("apt could not install {names}: {why}")))
}

/// Returns an `apt-get` command with the rights to install; `None` without root or a `sudo` that needs no
/// password.
fn apt_get() -> Option<Command> {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else {
        process::output(Command::new("sudo").args(["-n", "true"])).ok()?;
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Some(command)
}

pub fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// A package archive: its address and the keyring that signs it.
#[derive(Debug, PartialEq, Eq)]
pub struct Archive {
    pub uri: String,
    pub signed_by: Option<String>,
}

/// Finds the archive of the distribution itself in the machine's apt sources.
pub fn main_archive() -> Option<Archive> {
    let folder = fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten();
    let mut files: Vec<_> = folder.map(|entry| entry.path()).collect();
    files.sort();
    files.insert(0, "/etc/apt/sources.list".into());
    files.iter().find_map(|file| {
        let text = fs::read_to_string(file).ok()?;
        match file.extension()?.to_str()? {
            "sources" => from_stanzas(&text),
            "list" => from_lines(&text),
            _ => None,
        }
    })
}

/// Parses the `deb822` form: stanzas of `Key: value`.
fn from_stanzas(text: &str) -> Option<Archive> {
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    kept.split(|line| line.trim().is_empty()).find_map(|stanza| {
        let field = |key: &str| {
            stanza.iter().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case(key).then(|| value.trim().to_owned())
            })
        };
        let uri = field("URIs")?.split_whitespace().next()?.to_owned();
        let archive = Archive { uri, signed_by: field("Signed-By").filter(|key| key.starts_with('/')) };
        let types = field("Types")?;
        (types.split_whitespace().any(|kind| kind == "deb")
            && is_main(&archive.uri, &field("Suites")?, &field("Components")?))
        .then_some(archive)
    })
}

/// Parses the one-line form: `deb [options] uri suite components`.
fn from_lines(text: &str) -> Option<Archive> {
    text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("deb ")?.trim_start();
        let (options, rest) = match rest.strip_prefix('[') {
            Some(rest) => rest.split_once(']')?,
            None => ("", rest),
        };
        let mut words = rest.split_whitespace();
        let (uri, suite) = (words.next()?.to_owned(), words.next()?);
        let components = words.collect::<Vec<_>>().join(" ");
        let signed_by = options
            .split_whitespace()
            .find_map(|option| option.strip_prefix("signed-by="))
            .map(str::to_owned);
        is_main(&uri, suite, &components).then_some(Archive { uri, signed_by })
    })
}

/// Tells whether an entry is the main archive. Archives of third parties and of security updates are not,
/// because they lack suites such as backports.
fn is_main(uri: &str, suites: &str, components: &str) -> bool {
    uri.trim_end_matches('/').ends_with("/debian")
        && !suites.contains("-security")
        && components.split_whitespace().any(|component| component == "main")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_archive_is_found_in_stanzas() {
        let text = "Types: deb\nURIs: http://mirror.example/debian-security\nSuites: b-security\nComponents: main\n\n\
                    # a note: with a colon\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: b b-updates\n\
                    Components: main\nSigned-By: /usr/share/keyrings/k.gpg\n";
        let archive = from_stanzas(text).expect("one of the two");
        assert_eq!(archive.uri, "http://mirror.example/debian");
        assert_eq!(archive.signed_by.as_deref(), Some("/usr/share/keyrings/k.gpg"));
    }

    #[test]
    fn the_main_archive_is_found_in_lines() {
        let text = "# deb http://old.example/debian b main\ndeb http://third.example/apt stable main\n\
                    deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian/ b main contrib\n";
        let archive = from_lines(text).expect("the third");
        assert_eq!(archive.uri, "http://mirror.example/debian/");
        assert_eq!(archive.signed_by.as_deref(), Some("/k.gpg"));
        assert_eq!(from_lines("deb http://third.example/apt stable main"), None);
    }
}
