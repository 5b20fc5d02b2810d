//! Checks that a dependency that is declared more than once takes its version from the workspace table.

use std::collections::BTreeMap;

use super::repo::{File, Problem, Repo};

/// Reports declarations of a repeated dependency that do not take the version from the workspace table.
pub fn shared(repo: &Repo) -> Vec<Problem> {
    let manifests = repo.files.iter().filter(|file| file.path.rsplit('/').next() == Some("Cargo.toml"));
    let mut entries: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    for entry in manifests.flat_map(entries_of) {
        entries.entry(entry.name).or_default().push(entry);
    }
    let repeated = entries.into_values().filter(|of_one| of_one.len() > 1).flatten();
    let stray = repeated.filter(|entry| !entry.shared);
    stray
        .map(|entry| {
            let name = entry.name;
            entry.file.problem(
                entry.line,
                format!("`{name}` is declared twice: use [workspace.dependencies] and `workspace = true`"),
            )
        })
        .collect()
}

struct Entry<'a> {
    file: &'a File,
    line: usize,
    name: &'a str,
    /// Whether the entry is in the workspace table, or takes its version from there.
    shared: bool,
}

/// Lists the dependencies of a manifest, in either way of writing them.
fn entries_of(file: &File) -> Vec<Entry<'_>> {
    let mut found: Vec<Entry> = Vec::new();
    let mut section = Section::Other;
    for (at, line) in file.text.lines().enumerate() {
        let line = line.trim();
        let entry = |name, shared| Entry { file, line: at + 1, name, shared };
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = Section::of(header);
            if let Section::One(name) = section {
                found.push(entry(name, header.starts_with("workspace.")));
            }
        } else if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            let (key, inherits) = (key.trim(), value.contains("workspace = true"));
            match section {
                Section::Many { shared } if is_name(key) => {
                    let name = key.split('.').next().unwrap_or(key);
                    found.push(entry(name, shared || inherits || key.ends_with(".workspace")));
                }
                Section::One(_) if key == "workspace" => {
                    found.last_mut().into_iter().for_each(|entry| entry.shared = true);
                }
                _ => {}
            }
        }
    }
    found
}

enum Section<'a> {
    /// A table such as `[dependencies]`, with one dependency per line.
    Many {
        shared: bool,
    },
    /// A table of one dependency: `[dependencies.name]`.
    One(&'a str),
    Other,
}

impl<'a> Section<'a> {
    fn of(header: &'a str) -> Self {
        let (table, last) = header.rsplit_once('.').unwrap_or(("", header));
        if last.ends_with("dependencies") {
            Self::Many { shared: table == "workspace" }
        } else if table.ends_with("dependencies") {
            Self::One(last)
        } else {
            Self::Other
        }
    }
}

/// Tells whether a key is the name of a dependency, as opposed to the rest of a value that spans several
/// lines.
fn is_name(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        shared(&Repo::fixture(files)).iter().map(|p| format!("{}:{}", p.path, p.line)).collect()
    }

    const TABLE: &str = "[workspace.dependencies]\nserde = { version = \"1\", features = [\"derive\"] }\n";

    #[test]
    fn a_version_that_stands_twice_is_found() {
        let files = [
            ("server/Cargo.toml", "[dependencies]\naxum = { version = \"0.8\" }\nbytes = \"1\"\n"),
            ("tests/e2e/Cargo.toml", "[dev-dependencies.axum]\nversion = \"0.8\"\n"),
        ];
        assert_eq!(found(&files), ["server/Cargo.toml:2", "tests/e2e/Cargo.toml:1"]);
        let twice = "[dependencies]\nweb-sys = \"0.3\"\n[dev-dependencies]\nweb-sys = \"0.3\"\n";
        assert_eq!(found(&[("Cargo.toml", twice)]), ["Cargo.toml:2", "Cargo.toml:4"]);
    }

    #[test]
    fn a_version_beside_the_workspace_table_is_found() {
        let files = [("Cargo.toml", TABLE), ("core/Cargo.toml", "[dependencies]\nserde = \"1\"\n")];
        assert_eq!(found(&files), ["core/Cargo.toml:2"]);
    }

    #[test]
    fn a_version_from_the_workspace_table_is_fine() {
        let files = [
            ("Cargo.toml", TABLE),
            ("a/Cargo.toml", "[dependencies]\nserde.workspace = true\n"),
            (
                "b/Cargo.toml",
                "[target.'cfg(unix)'.dependencies]\nserde = { workspace = true, features = [\n  \"x\",\n] }\n",
            ),
            ("c/Cargo.toml", "[dependencies.serde]\nworkspace = true\n[features]\nserde = []\n"),
        ];
        assert_eq!(found(&files), Vec::<String>::new());
    }
}
