//! Words that must not occur in parts of the code base, such as clocks in the core or SQL outside the
//! storage.

use super::repo::{File, Problem, Repo};

/// A rule: words that must not occur in the files that it applies to.
struct Absence {
    words: &'static [&'static str],
    /// A longer name that is allowed although it begins with one of the words; empty for none.
    except: &'static str,
    why: &'static str,
    applies: fn(&File) -> bool,
}

const ABSENCES: [Absence; 5] = [
    Absence {
        words: &[
            "Instant::now",
            "SystemTime",
            "std::fs",
            "std::net",
            "std::io",
            "std::thread",
            "async fn",
            "async move",
            "tokio",
            "rand::",
            "HashMap",
            "HashSet",
            "println!",
            "eprintln!",
        ],
        except: "",
        why: "core must not use clocks, randomness, I/O, async or unordered iteration",
        applies: |file| file.within("core/src"),
    },
    Absence {
        words: &["sea_orm", "sea_query", "sqlx", "rusqlite", "SELECT ", "INSERT INTO", "DELETE FROM"],
        except: "",
        why: "only server/src/storage may use the database",
        applies: |file| file.within("server/src") && !is_storage(file),
    },
    Absence {
        words: &["ServerMessage::Call"],
        // A signal is passed on unchanged, so it needs no conversion.
        except: "ServerMessage::CallSignal",
        why: "only core/src/call/message.rs may turn a call into messages",
        applies: |file| file.within("server/src"),
    },
    Absence {
        words: &[".forget()", "mem::forget", "Box::leak", ".into_js_value()"],
        except: "",
        why: "a closure must be owned by a wrapper that drops it; src/browser/listener.rs has the exceptions",
        applies: |file| file.within("src") && file.path != "src/browser/listener.rs",
    },
    Absence {
        words: &["inner_html", "set_inner_html", "insert_adjacent_html", "innerHTML"],
        except: "",
        why: "text from people must become text nodes, never markup",
        applies: |file| file.within("src") || file.within("tests"),
    },
];

fn is_storage(file: &File) -> bool {
    file.within("server/src/storage") || file.path == "server/src/storage.rs"
}

/// Reports every line with a word that must not occur there.
pub fn words(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in repo.rust() {
        for absence in ABSENCES.iter().filter(|absence| (absence.applies)(file)) {
            problems.extend(names_any(file, absence));
        }
    }
    problems
}

/// Reports the lines of a file that name one of the words. A word such as `ServerMessage::Call` also matches
/// longer names. SQL is looked for in strings as well, which are blank in the code.
fn names_any(file: &File, absence: &Absence) -> Vec<Problem> {
    let lines = file.shipped.lines().zip(file.text.lines()).enumerate();
    lines
        .filter_map(|(at, (code, text))| {
            let is_sql = |word: &str| word.ends_with(' ') || word.contains(" FROM") || word.contains(" INTO");
            let found = absence.words.iter().find(|word| {
                if is_sql(word) {
                    !code.trim().is_empty() && text.contains(**word)
                } else {
                    starts_word(code, word, absence.except)
                }
            })?;
            Some(file.problem(at + 1, format!("`{}`: {}", found.trim(), absence.why)))
        })
        .collect()
}

fn starts_word(code: &str, word: &str, except: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        if !except.is_empty() && code[at..].starts_with(except) {
            return false;
        }
        let before = code[..at].chars().next_back();
        !word.starts_with(char::is_alphabetic) || !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(path: &str, text: &str) -> usize {
        words(&Repo::fixture(&[(path, text)])).len()
    }

    #[test]
    fn core_is_pure() {
        assert_eq!(broken("core/src/a.rs", "let now = Instant::now();"), 1);
        assert_eq!(broken("core/src/a.rs", "use std::collections::HashMap;"), 1);
        assert_eq!(broken("core/src/a.rs", "use rand::Rng;"), 1);
        assert_eq!(broken("core/src/a.rs", "async fn f() {}"), 1);
        assert_eq!(broken("core/src/a.rs", "// no tokio here\nuse std::collections::BTreeMap;"), 0);
        assert_eq!(broken("core/src/a.rs", "#[cfg(test)]\nmod tests { use std::collections::HashSet; }"), 0);
        assert_eq!(broken("server/src/a.rs", "let now = Instant::now();"), 0);
    }

    #[test]
    fn only_storage_knows_the_database() {
        assert_eq!(broken("server/src/routes/me.rs", "use sea_orm::EntityTrait;"), 1);
        assert_eq!(broken("server/src/routes/me.rs", "query(\"SELECT name\")"), 1);
        assert_eq!(broken("server/src/storage/calls.rs", "use sea_orm::EntityTrait;"), 0);
        assert_eq!(broken("server/src/storage.rs", "use sea_orm::EntityTrait;"), 0);
    }

    #[test]
    fn only_one_file_makes_messages_about_calls() {
        let text = "let m = ServerMessage::CallEnded { call };";
        assert_eq!(broken("server/src/ws/socket.rs", text), 1);
        assert_eq!(broken("core/src/call/message.rs", text), 0);
        assert_eq!(broken("server/src/ws/signal.rs", "ServerMessage::CallSignal { signal }"), 0);
    }

    #[test]
    fn closures_are_not_forgotten() {
        assert_eq!(broken("src/call/driver.rs", "closure.forget();"), 1);
        assert_eq!(broken("src/browser/listener.rs", "closure.forget();"), 0);
    }

    #[test]
    fn there_is_no_markup_from_text() {
        assert_eq!(broken("src/components/chat.rs", "view! { <p inner_html=text/> }"), 1);
    }
}
