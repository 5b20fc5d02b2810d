//! The configuration reference in docs/deploy.md matches the settings that the server reads.

use parley_server::config::SETTINGS;
use std::fmt::Write;

#[test]
fn the_reference_names_every_setting_as_it_is() {
    let mut table = String::from("| setting | value | what it is (default) |\n|---|---|---|\n");
    for setting in SETTINGS {
        // A bare `|` ends a cell, even inside backticks.
        let cell = |text: &str| text.replace('|', "\\|");
        let value = cell(if setting.value.is_empty() { "BOOL" } else { setting.value });
        let _ = writeln!(table, "| `{}` | `{value}` | {} |", setting.name, cell(setting.help));
    }
    let page = include_str!("../../../docs/deploy.md");
    assert!(page.contains(&table), "docs/deploy.md should have this table:\n{table}");
}
