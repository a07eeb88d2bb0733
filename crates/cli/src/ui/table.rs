//! A plain table with aligned columns.

use assay_types::Printable;

use super::Ui;
use crate::failure::Result;

/// Rows of text; cells may come from outside and are escaped.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with a head.
    pub fn new<T: AsRef<str>>(head: impl IntoIterator<Item = T>) -> Self {
        let mut table = Self::default();
        table.row(head);
        table
    }

    /// Adds a row.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let cells = cells.into_iter();
        let cells = cells.map(|it| Printable(it.as_ref()).to_string());
        self.rows.push(cells.collect());
    }

    /// The lines, the head first.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let widths = self.widths();
        self.rows.iter().map(move |row| joined(row, &widths, "  "))
    }

    /// Prints it with the head in bold.
    pub fn print(&self, ui: &Ui) -> Result<()> {
        self.lines()
            .enumerate()
            .try_for_each(|(at, line)| match at {
                0 => ui.output(ui.bold(&line)),
                _ => ui.output(line),
            })
    }

    /// The lines as pip prints tables: columns one space apart, a ruled line below the head.
    pub fn ruled(&self) -> impl Iterator<Item = String> + '_ {
        let widths = self.widths();
        let rule: Vec<_> = widths.iter().map(|it| "-".repeat(*it)).collect();
        let rule = rule.join(" ");
        let rows = self.rows.iter().enumerate();
        rows.flat_map(move |(at, row)| {
            let line = joined(row, &widths, " ");
            let rule = (at == 0).then(|| rule.clone());
            std::iter::once(line).chain(rule)
        })
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|it| it.chars().count()).max().unwrap_or(0)
        };
        (0..columns).map(width).collect()
    }
}

fn joined(row: &[String], widths: &[usize], between: &str) -> String {
    let cells = row.iter().zip(widths);
    let cells = cells.map(|(cell, width)| format!("{cell:<width$}"));
    let line = cells.collect::<Vec<_>>().join(between);
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_are_aligned_and_cells_escaped() {
        let mut table = Table::new(["Package", "Version"]);
        table.row(["a", "1"]);
        table.row(["long-name", "\x1b[2J"]);
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(
            lines,
            [
                "Package    Version",
                "a          1",
                "long-name  \\u{1b}[2J"
            ]
        );
    }

    #[test]
    fn a_ruled_table_is_pips() {
        let mut table = Table::new(["Package", "Version"]);
        table.row(["a", "1"]);
        table.row(["long-name", "2.0"]);
        let lines: Vec<_> = table.ruled().collect();
        assert_eq!(
            lines,
            [
                "Package   Version",
                "--------- -------",
                "a         1",
                "long-name 2.0"
            ]
        );
    }
}
