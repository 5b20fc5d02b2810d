//! `cargo xtask test quick`: runs the tests that are most likely to fail after a change, chosen by the files
//! that changed.
//!
//! The longest path of `REACH` that a changed file begins with decides. This is a guess that gives a first
//! answer within minutes. The output lists the tests that did not run; only the whole suite is conclusive.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;

use super::{Report, suites};
use crate::{paths, process};

/// Runs the chosen tests and lists the others.
pub fn run(since: Option<&str>) -> Result<ExitCode> {
    let changed = changed(since)?;
    process::say(&format!("{} files differ from {}", changed.len(), since.unwrap_or("the main branch")));
    let choice = Choice::of(&changed);
    let mut report = Report::default();
    suites::quick_checks(&mut report, &choice);
    if !choice.unit.is_empty() {
        suites::unit_of(&mut report, &choice.unit, &[]);
    }
    if !choice.server.is_empty() {
        suites::server_alone(&mut report, &filters(&choice.server));
    }
    if !choice.web.is_empty() {
        suites::web(&mut report, &filters(&choice.web));
    }
    let unchosen = suites::quick_stories(&mut report, &choice);
    let code = report.print();
    println!("\nLeft out");
    for (what, left) in choice.left_out(unchosen) {
        println!("  {what}: {left}");
    }
    println!("`cargo xtask test` runs everything.");
    Ok(code)
}

/// Returns the names as filters; the empty name stands for all tests, so it gives no filter.
fn filters(names: &BTreeSet<String>) -> Vec<String> {
    if names.contains("") { Vec::new() } else { names.iter().cloned().collect() }
}

/// The tests that are likely to notice a change below one path.
struct Reach {
    path: &'static str,
    /// Packages whose own tests run.
    unit: &'static [&'static str],
    /// Parts of the names of server tests.
    server: &'static [&'static str],
    /// Parts of the names of browser tests.
    web: &'static [&'static str],
    /// Beginnings of the names of stories. A story for several pairs of browsers runs in Chromium only.
    stories: &'static [&'static str],
}

const NOTHING: Reach = Reach { path: "", unit: &[], server: &[], web: &[], stories: &[] };
const CALL: &str = "call::video_is_silent_until_answered_then_flows_until_the_caller_leaves";

const REACH: &[Reach] = &[
    NOTHING,
    Reach {
        path: "protocol",
        unit: &["parley-protocol", "parley-core"],
        server: &["api::openapi", "reference::", "ws::frames"],
        stories: &[CALL],
        ..NOTHING
    },
    Reach { path: "core", unit: &["parley-core"], stories: &[CALL], ..NOTHING },
    Reach {
        path: "core/src/peer",
        unit: &["parley-core"],
        stories: &[CALL, "glare::", "network_lost::a_call_resumes"],
        ..NOTHING
    },
    Reach {
        path: "core/src/call",
        unit: &["parley-core"],
        server: &["api::calls", "reference::"],
        stories: &[CALL, "decline::a_declined"],
        ..NOTHING
    },
    Reach {
        path: "core/src/quality",
        unit: &["parley-core"],
        stories: &["quality::the_counters"],
        ..NOTHING
    },
    Reach {
        path: "server",
        server: &["api::calls", "api::conversations", "ws::"],
        stories: &[CALL],
        ..NOTHING
    },
    Reach { path: "server/src/assets", server: &["page::"], ..NOTHING },
    Reach {
        path: "server/src/calls",
        server: &["api::calls", "ws::", "reference::"],
        stories: &[CALL],
        ..NOTHING
    },
    Reach { path: "server/src/cluster", server: &["bus::", "limits::", "servers::"], ..NOTHING },
    Reach { path: "server/src/config", server: &["config"], ..NOTHING },
    Reach { path: "server/src/conversations", server: &["api::conversations", "api::groups"], ..NOTHING },
    Reach { path: "server/src/http", server: &["api::input", "api::origin", "limits::"], ..NOTHING },
    Reach { path: "server/src/jobs", server: &["jobs::"], ..NOTHING },
    Reach { path: "server/src/media", server: &["api::config", "api::calls"], ..NOTHING },
    Reach { path: "server/src/oidc", server: &["api::auth"], ..NOTHING },
    Reach { path: "server/src/openapi", server: &["api::docs", "api::openapi"], ..NOTHING },
    Reach { path: "server/src/people", server: &["api::blocks", "api::me", "api::users"], ..NOTHING },
    Reach { path: "server/src/serve", server: &["process::", "ready::"], ..NOTHING },
    Reach { path: "server/src/storage", server: &["storage::", "api::calls"], ..NOTHING },
    Reach { path: "server/src/ws", server: &["ws::"], stories: &["socket_dropped::"], ..NOTHING },
    Reach { path: "src", web: &[""], stories: &[CALL], ..NOTHING },
    Reach {
        path: "src/call",
        web: &["call_screens::"],
        stories: &[CALL, "glare::", "camera_light::"],
        ..NOTHING
    },
    Reach { path: "src/components/conversation", web: &["inbox::"], stories: &["messages::"], ..NOTHING },
    Reach { path: "src/components/settings", web: &["around::"], stories: &["settings::"], ..NOTHING },
    Reach {
        path: "src/pages",
        web: &["around::", "sign_in::"],
        stories: &["accessible::screens_around"],
        ..NOTHING
    },
    Reach { path: "style", web: &["call_screens::"], stories: &["accessible::screens_around"], ..NOTHING },
    Reach { path: "words", web: &["words::"], stories: &["language::"], ..NOTHING },
    Reach { path: "bench", unit: &["parley-bench"], ..NOTHING },
    Reach { path: "fuzz", unit: &["parley-fuzz"], ..NOTHING },
    Reach { path: "xtask", unit: &["xtask"], ..NOTHING },
    Reach { path: "tests/e2e/src", stories: &["harness::", CALL], ..NOTHING },
];

/// Folders of tests in which a file holds the module of its own name.
const TESTS: [(&str, Kind); 3] = [
    ("server/tests/all", Kind::Server),
    ("tests/web", Kind::Web),
    ("tests/e2e/tests/scenarios", Kind::Stories),
];

#[derive(Debug, Clone, Copy)]
enum Kind {
    Server,
    Web,
    Stories,
}

/// The tests that are worth running first.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub unit: BTreeSet<String>,
    pub server: BTreeSet<String>,
    pub web: BTreeSet<String>,
    pub stories: BTreeSet<String>,
    /// Whether sources of the page have changed.
    pub page: bool,
    /// Whether other Rust sources have changed.
    pub native: bool,
}

impl Choice {
    pub fn of(files: &[String]) -> Self {
        let mut choice = Self::default();
        for file in files {
            choice.add(file);
        }
        choice
    }

    fn add(&mut self, file: &str) {
        self.page |= ["src", "tests/web", "core/src", "protocol/src", "Cargo.toml"]
            .iter()
            .any(|path| is_below(file, path));
        let rust = Path::new(file).extension().is_some_and(|extension| extension == "rs");
        self.native |= rust && !["src", "tests/web"].iter().any(|path| is_below(file, path));
        let own = TESTS.into_iter().find(|(folder, _)| rust && is_below(file, folder));
        if let Some((folder, kind)) = own {
            let module = file[folder.len() + 1..].trim_end_matches(".rs").replace('/', "::");
            // Files that all tests of a suite share do not point to a particular test.
            let names = match kind {
                Kind::Server => &mut self.server,
                Kind::Web => &mut self.web,
                Kind::Stories => &mut self.stories,
            };
            if !["main", "media"].contains(&module.as_str()) && !module.starts_with("support") {
                names.insert(module + "::");
            }
            return;
        }
        let below = REACH.iter().filter(|reach| is_below(file, reach.path));
        if let Some(reach) = below.max_by_key(|reach| reach.path.len()) {
            let add = |names: &mut BTreeSet<String>, more: &[&str]| {
                names.extend(more.iter().map(|&name| name.to_owned()));
            };
            add(&mut self.unit, reach.unit);
            add(&mut self.server, reach.server);
            add(&mut self.web, reach.web);
            add(&mut self.stories, reach.stories);
        }
    }

    /// Lists the tests that do not run, by suite. `unchosen` is the number of stories that do not run; `None`
    /// if no story does.
    fn left_out(&self, unchosen: Option<usize>) -> Vec<(&'static str, String)> {
        let but = |names: &BTreeSet<String>| match names {
            names if names.is_empty() => Some("all".to_owned()),
            names if names.contains("") => None,
            names => Some(format!("all but {}", names.iter().cloned().collect::<Vec<_>>().join(" "))),
        };
        let lints = match (self.native, self.page) {
            (true, true) => None,
            (true, false) => Some("the page".to_owned()),
            (false, true) => Some("server and tools".to_owned()),
            (false, false) => Some("all".to_owned()),
        };
        let stories = unchosen.map_or_else(
            || "all".to_owned(),
            |unchosen| format!("{unchosen} stories, and the page as released"),
        );
        let left = [
            ("clippy", lints),
            ("unit", but(&self.unit)),
            ("server", but(&self.server)),
            ("server: on PostgreSQL and Redis", Some("all".to_owned())),
            ("web", but(&self.web)),
            ("e2e", Some(stories)),
        ];
        left.into_iter().filter_map(|(suite, left)| Some((suite, left?))).collect()
    }

    /// Tells whether a story is in the choice.
    pub fn has_story(&self, name: &str) -> bool {
        let pair = name.rsplit("::").next().unwrap_or_default();
        let pairs = ["Firefox", "Mixed", "MixedBack"];
        self.stories.iter().any(|begins| name.starts_with(begins)) && !pairs.contains(&pair)
    }
}

/// Tells whether the path is this file, a folder that contains it, or the file without `.rs`: `core/src/peer`
/// covers both `peer.rs` and the folder beside it.
fn is_below(file: &str, path: &str) -> bool {
    path.is_empty()
        || file
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
}

/// Lists the files that differ from a commit, or else from the point at which this work left the main branch:
/// changed in commits or in the checkout, or new.
fn changed(since: Option<&str>) -> Result<Vec<String>> {
    let git = |args: &[&str]| process::output(Command::new("git").args(args).current_dir(paths::root()));
    // The main branch of the remote is preferred; a local one may be missing or behind.
    let of_main = || ["origin/main", "main"].iter().find_map(|main| git(&["merge-base", "HEAD", main]).ok());
    let base = since.map(str::to_owned).or_else(of_main).unwrap_or_else(|| "HEAD".to_owned());
    let changed = git(&["diff", "--name-only", base.trim()])?;
    let new = git(&["ls-files", "--others", "--exclude-standard"])?;
    Ok(changed.lines().chain(new.lines()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(files: &[&str]) -> Choice {
        Choice::of(&files.iter().map(|&file| file.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_longest_path_decides() {
        assert!(choice(&["core/src/peer/channel.rs"]).stories.contains("glare::"));
        assert!(choice(&["core/src/peer.rs"]).stories.contains("glare::"));
        assert!(!choice(&["core/src/peers.rs"]).stories.contains("glare::"));
        assert_eq!(choice(&["server/src/jobs/clean.rs"]).server, BTreeSet::from(["jobs::".to_owned()]));
    }

    #[test]
    fn a_changed_test_file_runs_itself() {
        let choice = choice(&["server/tests/all/api/calls/start.rs", "tests/e2e/tests/scenarios/float.rs"]);
        assert_eq!(choice.server, BTreeSet::from(["api::calls::start::".to_owned()]));
        assert_eq!(choice.stories, BTreeSet::from(["float::".to_owned()]));
        assert!(choice.native && !choice.page);
    }

    #[test]
    fn stories_run_in_one_browser() {
        let choice = choice(&["tests/e2e/tests/scenarios/glare.rs"]);
        assert!(choice.has_story("glare::two_starts_at_once_become_one_call::Chromium"));
        assert!(!choice.has_story("glare::two_starts_at_once_become_one_call::Mixed"));
        assert!(!choice.has_story("call::other::Chromium"));
    }

    #[test]
    fn documents_need_no_tests() {
        assert_eq!(choice(&["README.md", "docs/protocol.md"]), Choice::default());
    }

    /// Checks that `REACH` names existing paths only: a row for a path that is gone would silently choose
    /// nothing.
    #[test]
    fn every_path_and_every_story_file_exists() {
        let root = paths::root();
        for reach in REACH {
            let found = root.join(reach.path).exists() || root.join(format!("{}.rs", reach.path)).exists();
            assert!(found, "{} is gone", reach.path);
            let file = |folder: &str, name: &str| {
                let module: Vec<&str> = name.split("::").collect();
                let folder = root.join(folder);
                folder.join(format!("{}.rs", module[0])).exists()
            };
            assert!(
                reach.stories.iter().all(|name| file("tests/e2e/tests/scenarios", name)),
                "{}",
                reach.path
            );
            assert!(
                reach.web.iter().all(|name| name.is_empty() || file("tests/web", name)),
                "{}",
                reach.path
            );
        }
    }
}
