//! A plain table with aligned columns.

use assay_types::Printable;

/// Rows of text; cells may come from outside and are escaped.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with a head.
    pub fn new<const N: usize>(head: [&str; N]) -> Self {
        Self {
            rows: vec![head.iter().map(|it| (*it).to_owned()).collect()],
        }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [&str; N]) {
        self.rows
            .push(cells.iter().map(|it| Printable(it).to_string()).collect());
    }

    /// The lines, the head first.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<_> = (0..columns).map(width).collect();
        self.rows.iter().map(move |row| {
            let cells = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
    }
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
}
