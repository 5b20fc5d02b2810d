//! Limits on the length of files and functions.

use super::repo::{File, Problem, Repo};
use super::rust_text::{block_end, lines_of_code};

/// Most lines of code in a file.
const FILE: usize = 500;
/// The one file without a limit: the texts of the page.
const CATALOGUE: &str = "src/words/english.rs";
/// Most lines of code in a function.
const FUNCTION: usize = 70;
/// Most lines of code in a component, which is mostly markup.
const COMPONENT: usize = 120;

pub fn files(repo: &Repo) -> Vec<Problem> {
    let too_long = |file: &File| {
        let lines = lines_of_code(if file.is_test() { &file.code } else { &file.shipped });
        (lines > FILE).then(|| file.problem(0, format!("has {lines} lines of code; the limit is {FILE}")))
    };
    repo.rust().filter(|file| file.path != CATALOGUE).filter_map(too_long).collect()
}

pub fn functions(repo: &Repo) -> Vec<Problem> {
    repo.rust().flat_map(long_functions).collect()
}

fn long_functions(file: &File) -> Vec<Problem> {
    let code = &file.code;
    let starts = code
        .match_indices("fn ")
        .map(|(at, _)| at)
        .filter(|at| !code[..*at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_'));
    starts
        .filter_map(|at| {
            let (name, body) = body(code, at)?;
            let lines = lines_of_code(body);
            let limit = if body.contains("view!") { COMPONENT } else { FUNCTION };
            let line = code[..at].matches('\n').count() + 1;
            (lines > limit).then(|| {
                file.problem(line, format!("`{name}` has {lines} lines of code; the limit is {limit}"))
            })
        })
        .collect()
}

/// Returns name and block of the function whose `fn` is at `at`; `None` for a declaration or a function type.
fn body(code: &str, at: usize) -> Option<(&str, &str)> {
    let rest = &code[at + 3..];
    let name = &rest[..rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))?];
    if name.is_empty() {
        return None;
    }
    let open = at + code[at..].find(['{', ';'])?;
    code[open..].starts_with('{').then(|| (name, &code[open..block_end(code, open)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(lines: usize) -> String {
        format!("fn long(a: u8) -> u8 {{\n{}}}\n", "    a;\n\n    // why\n".repeat(lines))
    }

    #[test]
    fn a_long_file_is_found() {
        let line = "static A: u8 = 0;\n";
        let repo = |lines: usize| Repo::fixture(&[("src/a.rs", &line.repeat(lines))]);
        assert_eq!(files(&repo(FILE)).len(), 0);
        assert_eq!(files(&repo(FILE + 1)).len(), 1);
    }

    #[test]
    fn tests_in_a_file_do_not_count() {
        let text = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "static A: u8 = 0;\n".repeat(FILE + 1));
        assert_eq!(files(&Repo::fixture(&[("src/a.rs", &text)])).len(), 0);
        assert_eq!(files(&Repo::fixture(&[("server/tests/a.rs", &"a;\n".repeat(FILE + 1))])).len(), 1);
    }

    #[test]
    fn a_long_function_is_found() {
        // The signature and the closing brace add two lines.
        assert_eq!(functions(&Repo::fixture(&[("src/a.rs", &function(FUNCTION - 2))])).len(), 0);
        let problems = functions(&Repo::fixture(&[("src/a.rs", &format!("\n{}", function(FUNCTION - 1)))]));
        assert_eq!(problems[0].to_string(), "src/a.rs:2: `long` has 71 lines of code; the limit is 70");
    }

    #[test]
    fn markup_may_be_longer() {
        let text = function(FUNCTION).replacen("a;", "view! {", 1).replacen("a;", "}", 1);
        assert_eq!(functions(&Repo::fixture(&[("src/a.rs", &text)])).len(), 0);
    }
}
