//! Dependencies between crates and between modules point one way: `protocol ← core ← {src, server}`, and in
//! the page `components → call → browser → web_sys`.

use super::modules::{self, Order};
use super::repo::{File, Problem, Repo};

/// The order of the server's modules: foundations, shared state and media, the app, helpers of all domains,
/// the domains (calls, conversations, people), the entry points, the start.
const SERVER: Order = Order {
    root: "server/src",
    rows: &[
        &["assets", "clock", "metrics", "secret", "storage"],
        &["error"],
        &["cluster"],
        &["config"],
        &["log", "media", "oidc"],
        &["app"],
        &["access", "http", "wire"],
        &["calls"],
        &["conversations"],
        &["people"],
        &["jobs", "openapi", "ws"],
        &["routes", "start"],
        &["serve"],
    ],
    exempt: &[],
};

/// The order of the page's modules: wrappers of the browser and texts, access to browser and server, state,
/// calls and routing, then components and pages. The one circle is lazy loading: `bundles` contains the
/// components and pages that it loads, and they name it.
const PAGE: Order = Order {
    root: "src",
    rows: &[
        &["browser", "words"],
        &["api", "platform"],
        &["state"],
        &["call", "lazy", "router"],
        &["bundles"],
        &["components"],
        &["pages"],
        &["app"],
    ],
    exempt: &["bundles"],
};

/// Crates that the dependencies of a manifest must not name; dev-dependencies are not checked.
const MANIFESTS: [(&str, &[&str]); 4] = [
    (
        "protocol/Cargo.toml",
        &["parley", "parley-core", "parley-server", "tokio", "axum", "web-sys", "js-sys", "leptos"],
    ),
    (
        "core/Cargo.toml",
        &[
            "parley",
            "parley-server",
            "tokio",
            "async-std",
            "futures",
            "axum",
            "sea-orm",
            "web-sys",
            "js-sys",
            "wasm-bindgen",
            "leptos",
            "gloo-timers",
            "rand",
            "getrandom",
            "chrono",
        ],
    ),
    ("server/Cargo.toml", &["parley", "leptos", "web-sys", "js-sys", "wasm-bindgen"]),
    ("xtask/Cargo.toml", &["parley", "parley-protocol", "parley-core", "parley-server", "tokio"]),
];

/// Features of `uuid` that bring clocks and randomness, which the core must not have.
const CORE_FEATURES: [&str; 5] = ["v1", "v4", "v7", "rng", "fast-rng"];

/// Reports dependencies and features that a manifest must not have.
pub fn manifests(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, banned) in MANIFESTS {
        let Some(file) = repo.file(path) else { continue };
        for (line, text) in dependencies(&file.text) {
            let name = text.split(['=', '.', ' ']).next().unwrap_or_default();
            if banned.contains(&name) {
                problems.push(file.problem(line, format!("must not depend on `{name}`")));
            }
            let feature = CORE_FEATURES.iter().find(|feature| text.contains(&format!("\"{feature}\"")));
            if let Some(feature) = feature.filter(|_| path == "core/Cargo.toml") {
                problems.push(
                    file.problem(line, format!("the feature `{feature}` brings a clock or randomness")),
                );
            }
        }
    }
    problems
}

/// Lists the lines of `[dependencies]` with their numbers. Dependencies of tests are left out.
fn dependencies(manifest: &str) -> Vec<(usize, &str)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (at, line) in manifest.lines().enumerate() {
        if let Some(section) = line.trim().strip_prefix('[') {
            let section = section.trim_end_matches(']');
            inside = section == "dependencies" || section.ends_with(".dependencies");
            if let Some(name) = section.strip_prefix("dependencies.") {
                found.push((at + 1, name));
            }
        } else if inside && !line.trim_start().starts_with('#') {
            found.push((at + 1, line.trim()));
        }
    }
    found
}

/// Reports imports against the order of the server's modules. The order rules out circles of imports.
pub fn server(repo: &Repo) -> Vec<Problem> {
    modules::against(repo, &SERVER)
}

/// Reports imports against the order of the page's modules.
pub fn page_modules(repo: &Repo) -> Vec<Problem> {
    modules::against(repo, &PAGE)
}

/// Reports files of the page that use browser APIs or layers they must not use.
pub fn page(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in repo.rust().filter(|file| file.within("src")) {
        if !knows_browser(file) {
            let what = "only src/browser/ may use browser APIs";
            problems.extend(file.naming(&file.code, &["web_sys", "js_sys", "JsValue", "JsCast"], what));
        }
        if is_component(file) {
            let what = "components and pages must use `call::handle`, not the browser layer";
            problems.extend(file.naming(&file.code, &["browser::", "crate::browser"], what));
        }
        if is_browser(file) {
            let what = "the browser layer must not import layers above it";
            let above = ["crate::components", "crate::pages", "crate::call"];
            problems.extend(file.naming(&file.code, &above, what));
        }
    }
    problems
}

fn is_component(file: &File) -> bool {
    file.within("src/components")
        || file.within("src/pages")
        || ["src/components.rs", "src/pages.rs"].contains(&file.path.as_str())
}

fn is_browser(file: &File) -> bool {
    file.within("src/browser") || file.path == "src/browser.rs"
}

/// Tells whether a file may use browser APIs: the browser layer, and `main.rs` for the panic hook.
fn knows_browser(file: &File) -> bool {
    is_browser(file) || file.path == "src/main.rs"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_against_the_direction_is_found() {
        let repo = Repo::fixture(&[
            ("protocol/Cargo.toml", "[dependencies]\nserde = \"1\"\nparley-core.workspace = true\n"),
            (
                "core/Cargo.toml",
                "[dependencies.tokio]\nversion = \"1\"\n[dev-dependencies]\nrand = \"0.9\"\n",
            ),
            ("server/Cargo.toml", "[dependencies]\nparley-core = { path = \"../core\" }\n"),
        ]);
        let found: Vec<String> = manifests(&repo).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "protocol/Cargo.toml:3: must not depend on `parley-core`",
                "core/Cargo.toml:1: must not depend on `tokio`",
            ]
        );
    }

    #[test]
    fn core_has_no_random_ids() {
        let text = "[dependencies]\nuuid = { version = \"1\", features = [\"v7\"] }\n";
        assert_eq!(manifests(&Repo::fixture(&[("core/Cargo.toml", text)])).len(), 1);
    }

    #[test]
    fn a_component_that_reaches_down_is_found() {
        let repo = Repo::fixture(&[
            (
                "src/components/tile.rs",
                "use crate::browser::peer;\nfn f(v: JsValue) {}\n// web_sys in prose\n",
            ),
            ("src/browser/peer.rs", "use web_sys::RtcPeerConnection;\n"),
            ("src/call/driver.rs", "use crate::browser::peer;\n"),
        ]);
        let found: Vec<String> = page(&repo).iter().map(|p| format!("{}:{}", p.path, p.line)).collect();
        assert_eq!(found, ["src/components/tile.rs:2", "src/components/tile.rs:1"]);
    }

    #[test]
    fn an_import_of_a_higher_layer_by_the_browser_layer_is_found() {
        let repo = Repo::fixture(&[("src/browser/peer.rs", "use crate::call::driver;\n")]);
        assert_eq!(page(&repo).len(), 1);
    }

    /// Returns the problems of a page with these files, and an empty file for every other module.
    fn page_with(files: &[(&'static str, &'static str)]) -> Vec<String> {
        let modules_of_page = PAGE.rows.iter().copied().flatten().map(|module| format!("src/{module}.rs"));
        let is_given = |module: &str| files.iter().any(|(path, _)| *path == module);
        let others: Vec<String> = modules_of_page.filter(|module| !is_given(module)).collect();
        let others = others.iter().map(|path| (path.as_str(), ""));
        let all: Vec<(&str, &str)> = files.iter().copied().chain(others).collect();
        page_modules(&Repo::fixture(&all)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_import_from_above_in_the_page_is_found() {
        for (path, text, above) in [
            ("src/words.rs", "use super::api;", "api"),
            ("src/state/inbox.rs", "use crate::{\n    call::driver::News,\n    words::say,\n};", "call"),
            ("src/lazy.rs", "use crate::components::kit;", "components"),
            ("src/components/kit/known.rs", "use crate::pages::home;", "pages"),
            ("src/components/kit/sign.rs", "fn f() -> crate::app::App {}", "app"),
        ] {
            let found = page_with(&[(path, text)]);
            assert!(
                found.iter().any(|problem| problem.contains(&format!("must not import `{above}`"))),
                "{found:?}"
            );
        }
    }

    #[test]
    fn only_lazy_loading_may_import_in_a_circle() {
        let round = [
            ("src/components/call/screen.rs", "use crate::bundles::ROOM;"),
            ("src/bundles.rs", "use crate::{components::call, pages::home};"),
        ];
        assert_eq!(page_with(&round), [""; 0]);
        assert_eq!(page_with(&[("src/call/driver.rs", "use crate::bundles::ROOM;")]).len(), 1);
    }
}
