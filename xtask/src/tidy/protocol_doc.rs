//! Checks that `docs/protocol.md` agrees with the sources, in both directions: messages and their fields,
//! error codes, limits and their values, routes.
//!
//! Only the tables are compared, because prose cannot be. The routes that prose names are checked as well.

mod markdown;
mod source;

use std::collections::{BTreeMap, BTreeSet};

use super::repo::{Problem, Repo};
use markdown::{Row, rows};
use source::{Token, tokens};

const DOC: &str = "docs/protocol.md";
/// The tagged enums of the protocol, each with its file and the heading above its table.
const MESSAGES: [(&str, &str, &str); 5] = [
    ("protocol/src/ws.rs", "ClientMessage", "Client → server"),
    ("protocol/src/ws.rs", "ServerMessage", "Server → client"),
    ("protocol/src/ws.rs", "ServerNotice", "Further messages"),
    ("protocol/src/data.rs", "DataMessage", "Between two devices"),
    ("protocol/src/signal.rs", "SignalPayload", "Payload kinds"),
];
const CODES: (&str, &str, &str) = ("protocol/src/error.rs", "ErrorCode", "Error codes");
const LIMITS: (&str, &str) = ("protocol/src/limits.rs", "Limits");
/// Folder of the route handlers, each with its description.
const ROUTES: &str = "server/src/routes";

/// Reports every difference between the document and the sources.
pub fn in_step(repo: &Repo) -> Vec<Problem> {
    let text = repo.file(DOC).map_or("", |doc| &doc.text);
    let page = Page { repo, text, rows: rows(text) };
    let mut problems = Vec::new();
    for (path, name, heading) in MESSAGES {
        problems.extend(page.messages(path, name, heading));
    }
    problems.extend(page.codes());
    problems.extend(page.limits());
    problems.extend(page.routes());
    problems.extend(page.bodies());
    problems.extend(routes_elsewhere(repo));
    problems
}

/// The document, and the sources that it is compared with.
struct Page<'a> {
    repo: &'a Repo,
    text: &'a str,
    rows: Vec<Row<'a>>,
}

impl<'a> Page<'a> {
    /// Returns the tokens of a file. A missing file has none, so that every row about it becomes a problem.
    fn tokens(&self, path: &str) -> Vec<Token<'a>> {
        self.repo.file(path).map_or_else(Vec::new, |file| tokens(&file.text))
    }

    /// Returns the rows below a heading by the names in their first cell.
    fn table(&self, heading: &str) -> BTreeMap<&'a str, &Row<'a>> {
        let rows = self.rows.iter().filter(|row| row.heading == heading);
        rows.flat_map(|row| row.names(0).into_iter().map(move |name| (name, row))).collect()
    }

    fn messages(&self, path: &str, name: &str, heading: &str) -> Vec<Problem> {
        let tokens = self.tokens(path);
        let variants = source::variants(&tokens, name);
        let table = self.table(heading);
        let mut problems = Vec::new();
        for variant in &variants {
            let Some(tag) = variant.tag else {
                let what = format!("`{name}::{}` has no `#[serde(rename = \"…\")]`", variant.name);
                problems.push(Problem { path: path.to_owned(), line: 0, what });
                continue;
            };
            let Some(row) = table.get(tag) else { continue };
            let (said, is) = (sorted(row.names(1)), sorted(variant.fields.iter().map(String::as_str)));
            if said != is {
                problems.push(problem(row.line, format!("`{tag}` has the fields {is:?}, not {said:?}")));
            }
        }
        let tags = variants.iter().filter_map(|variant| variant.tag).collect();
        problems.extend(differences(&format!("`{name}`"), heading, &tags, &table));
        problems
    }

    fn codes(&self) -> Vec<Problem> {
        let (path, name, heading) = CODES;
        let codes = source::words(&self.tokens(path), name).into_iter().collect();
        differences(&format!("`{name}`"), heading, &codes, &self.table(heading))
    }

    fn limits(&self) -> Vec<Problem> {
        let (path, heading) = LIMITS;
        let limits = source::constants(&self.tokens(path));
        let table = self.table(heading);
        let mut problems = differences(path, heading, &limits.keys().copied().collect(), &table);
        for (name, row) in table {
            let Some(value) = limits.get(name) else { continue };
            let said = row.cell(1);
            match value {
                None => problems.push(problem(
                    row.line,
                    format!("the value of `{name}` cannot be computed from the source"),
                )),
                Some(value) if said.replace(',', "") != value.to_string() => {
                    problems.push(problem(row.line, format!("`{name}` is {value}, not {said}")));
                }
                Some(_) => {}
            }
        }
        problems
    }

    fn routes(&self) -> Vec<Problem> {
        let handlers = self.repo.rust().filter(|file| file.within(ROUTES));
        let routes: BTreeSet<String> =
            handlers.flat_map(|file| source::routes(&tokens(&file.text))).collect();
        let in_tables: BTreeSet<&str> =
            self.rows.iter().flat_map(|row| row.names(0)).filter_map(route).collect();
        let missing = routes.iter().filter(|route| !in_tables.contains(route.as_str()));
        let mut problems: Vec<Problem> =
            missing.map(|route| problem(0, format!("has no row for the route `{route}`"))).collect();
        for (at, line) in self.text.lines().enumerate() {
            let unknown = markdown::names(line).filter_map(route).filter(|route| !routes.contains(*route));
            problems.extend(
                unknown
                    .map(|route| problem(at + 1, format!("names the route `{route}`, which is not served"))),
            );
        }
        problems
    }

    /// Reports types in the rows of routes, as in `NewMessage` → `Message`, that the protocol does not have.
    fn bodies(&self) -> Vec<Problem> {
        let protocol = self.repo.rust().filter(|file| file.within("protocol/src"));
        let known: BTreeSet<&str> = protocol.flat_map(|file| source::defined(&tokens(&file.text))).collect();
        let mut problems = Vec::new();
        for row in self.rows.iter().filter(|row| row.names(0).into_iter().any(|name| route(name).is_some())) {
            for name in row.names(1).into_iter().filter(|name| is_type(name) && !known.contains(name)) {
                problems.push(problem(
                    row.line,
                    format!("names the type `{name}`, which is not in protocol/src"),
                ));
            }
        }
        problems
    }
}

/// Reports routes that are mounted past `routes!`, which the OpenAPI document would not contain.
fn routes_elsewhere(repo: &Repo) -> Vec<Problem> {
    let what = "describe the route at its handler, and mount it with `routes!`";
    let server = repo.rust().filter(|file| file.within("server/src"));
    server
        .flat_map(|file| file.naming(&file.shipped, &[".route(", ".route_service(", ".nest_service("], what))
        .collect()
}

/// Reports names without a row, and rows whose name the sources do not have.
fn differences(
    owner: &str,
    heading: &str,
    names: &BTreeSet<&str>,
    table: &BTreeMap<&str, &Row>,
) -> Vec<Problem> {
    let missing = names.iter().filter(|name| !table.contains_key(*name));
    let missing = missing.map(|name| problem(0, format!("has no row for `{name}` under \"{heading}\"")));
    let unknown = table.iter().filter(|(name, _)| !names.contains(*name));
    let unknown =
        unknown.map(|(name, row)| problem(row.line, format!("names `{name}`, which {owner} does not have")));
    missing.chain(unknown).collect()
}

/// Returns the route in a name: `GET /api/users` for `GET /api/users?query=`; `None` if it is no route.
fn route(name: &str) -> Option<&str> {
    let (method, path) = name.split_once(' ')?;
    let is_route = method.chars().all(|c| c.is_ascii_uppercase()) && path.starts_with('/');
    is_route.then(|| name.split('?').next().unwrap_or(name))
}

fn is_type(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(char::is_alphanumeric)
}

fn sorted<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    names
}

fn problem(line: usize, what: String) -> Problem {
    Problem { path: DOC.to_owned(), line, what }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: [(&str, &str); 7] = [
        (
            "protocol/src/ws.rs",
            "enum ClientMessage { #[serde(rename = \"ping\")] Ping,\n\
             #[serde(rename = \"hello\")] Hello { device_id: Option<Id>, name: Name } }\n\
             tagged! { pub enum ServerMessage by \"type\" { #[serde(rename = \"pong\")] Pong {} } }\n",
        ),
        ("protocol/src/data.rs", "pub enum DataMessage { #[serde(rename = \"bye\")] Bye { call_id: Id } }"),
        (
            "protocol/src/signal.rs",
            "enum SignalPayload { #[serde(rename = \"offer\")] Offer { sdp: String } }",
        ),
        ("protocol/src/error.rs", "words!(ErrorCode {\n    Internal = \"internal\",\n});\n"),
        ("protocol/src/limits.rs", "pub const FRAME_MAX_BYTES: usize = 64 * 1024;\n"),
        ("server/src/routes/health.rs", "#[utoipa::path(get, path = \"/health\")]"),
        (
            "server/src/routes/api/users.rs",
            "#[utoipa::path(get, path = \"/api/users\")] #[utoipa::path(post, path = \"/api/users\")]",
        ),
    ];

    const COMPLETE: &str = "\
| request | |\n|---|---|\n| `GET /health` · `GET /api/users?query=` | |\n| `POST /api/users` | |
### Client → server\n| `ping` | | answered with `pong` |\n| `hello` | `device_id?`, `name` | |
### Server → client\n| `pong` | | |
## Between two devices\n| `bye` | `call_id` | |
### Payload kinds\n| `offer` | `sdp` | |
## Error codes\n| `internal` | 500 | |
## Limits\n| `FRAME_MAX_BYTES` | 65,536 | |
## Fields\nProse about `anything`, and `POST /api/users`.\n| `anything` | x |\n";

    fn problems(doc: &str) -> Vec<String> {
        let files: Vec<_> = SOURCES.iter().copied().chain([(DOC, doc)]).collect();
        in_step(&Repo::fixture(&files)).iter().map(|problem| problem.what.clone()).collect()
    }

    /// Returns the problems that appear when one piece of the complete document is replaced.
    fn with(before: &str, after: &str) -> Vec<String> {
        assert!(COMPLETE.contains(before), "{before}");
        problems(&COMPLETE.replacen(before, after, 1))
    }

    #[test]
    fn a_complete_document_has_no_problems() {
        assert_eq!(problems(COMPLETE), Vec::<String>::new());
    }

    #[test]
    fn a_missing_row_is_found() {
        // The complete document has ten rows for things of the sources; this one has none in a table.
        assert_eq!(problems("`ping` `internal` `FRAME_MAX_BYTES`").len(), 10);
        assert_eq!(
            with("| `bye` | `call_id` | |\n", ""),
            ["has no row for `bye` under \"Between two devices\""]
        );
        assert_eq!(with("| `internal` | 500 | |\n", ""), ["has no row for `internal` under \"Error codes\""]);
    }

    #[test]
    fn a_row_for_a_missing_item_is_found() {
        assert_eq!(
            with("| `pong` | | |", "| `pong` | | |\n| `call.gone` | | |"),
            ["names `call.gone`, which `ServerMessage` does not have"]
        );
        let gone = with("## Fields", "| `GONE_MAX` | 1 |\n## Fields");
        assert_eq!(gone, ["names `GONE_MAX`, which protocol/src/limits.rs does not have"]);
    }

    #[test]
    fn a_message_in_the_other_direction_is_found() {
        let found = with("| `ping` | | answered with `pong` |\n", "| `pong` | | |\n");
        let expected = [
            "has no row for `ping` under \"Client → server\"",
            "names `pong`, which `ClientMessage` does not have",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_field_that_differs_is_found() {
        let is = "`hello` has the fields [\"device_id?\", \"name\"], not";
        assert_eq!(with("`device_id?`, `name`", "`name`"), [format!("{is} [\"name\"]")]);
        assert_eq!(with("`device_id?`", "`device_id`"), [format!("{is} [\"device_id\", \"name\"]")]);
        assert_eq!(with("| `sdp` |", "| |"), ["`offer` has the fields [\"sdp\"], not []"]);
    }

    #[test]
    fn a_value_that_differs_is_found() {
        assert_eq!(with("65,536", "65,535"), ["`FRAME_MAX_BYTES` is 65536, not 65,535"]);
    }

    #[test]
    fn a_route_on_one_side_only_is_found() {
        assert_eq!(
            with("| `POST /api/users` | |\n", ""),
            ["has no row for the route `POST /api/users`"],
            "prose is no row"
        );
        assert_eq!(
            with("Prose about", "`DELETE /api/users`"),
            ["names the route `DELETE /api/users`, which is not served"]
        );
    }

    #[test]
    fn a_type_that_is_gone_is_found() {
        let row =
            |name: &str| with("| `POST /api/users` | |", &format!("| `POST /api/users` | → `{name}` |"));
        assert_eq!(row("ServerMessage"), [""; 0]);
        assert_eq!(row("Gone"), ["names the type `Gone`, which is not in protocol/src"]);
    }

    #[test]
    fn a_route_that_is_not_described_is_found() {
        let code = "fn router() { Router::new().route(\"/a\", get(a)) }\n#[cfg(test)]\nmod tests {\n x.route(\"/b\");\n}\n";
        assert_eq!(in_step(&Repo::fixture(&[("server/src/routes/media.rs", code)])).len(), 1);
    }

    #[test]
    fn a_message_without_a_tag_is_found() {
        let ws = "enum ClientMessage { Ping }";
        let repo = Repo::fixture(&[("protocol/src/ws.rs", ws)]);
        assert_eq!(in_step(&repo)[0].what, "`ClientMessage::Ping` has no `#[serde(rename = \"…\")]`");
    }
}
