//! A minimal parser for the tables of a Markdown document.

/// A row of a table, with the heading above the table.
pub struct Row<'a> {
    pub line: usize,
    pub heading: &'a str,
    cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    pub fn cell(&self, at: usize) -> &'a str {
        self.cells.get(at).copied().unwrap_or_default()
    }

    /// Returns the names in backticks in a cell.
    pub fn names(&self, at: usize) -> Vec<&'a str> {
        names(self.cell(at)).collect()
    }
}

/// Parses every row of every table. The head and the line of dashes are rows too, but contain no names in
/// backticks.
pub fn rows(page: &str) -> Vec<Row<'_>> {
    let mut heading = "";
    let mut found = Vec::new();
    for (at, line) in page.lines().enumerate() {
        if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim();
        } else if let Some(row) = line.trim().strip_prefix('|') {
            found.push(Row { line: at + 1, heading, cells: row.split('|').map(str::trim).collect() });
        }
    }
    found
}

/// Returns the names in backticks on a line: every second piece between backticks.
pub fn names(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_know_their_heading_and_cells() {
        let page = "# A\ntext with `name`\n\n| x | y |\n|---|---|\n| `a` · `b` | 1,000 |\n## B\n | `c` |\n";
        let rows = rows(page);
        let shown: Vec<_> = rows.iter().map(|row| (row.line, row.heading, row.names(0))).collect();
        assert_eq!(
            shown,
            [(4, "A", vec![]), (5, "A", vec![]), (6, "A", vec!["a", "b"]), (8, "B", vec!["c"])]
        );
        assert_eq!((rows[2].cell(1), rows[3].cell(7)), ("1,000", ""));
    }
}
