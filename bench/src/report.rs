//! The figures, as Markdown and as JSON, from the same values.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{
    measure::Sample,
    rounds::Series,
    tools::{Action, Tool, template},
};

/// What was measured and where.
pub struct Report {
    /// What the wheelhouse holds, in one line.
    pub wheelhouse: String,
    /// The machine and the versions, in one line.
    pub machine: String,
    /// One for each case and tool.
    pub series: Vec<Series>,
}

/// Median, smallest and largest of one quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Half of them are not above it.
    pub median: f64,
    /// The smallest.
    pub min: f64,
    max: f64,
}

impl Report {
    /// A table to paste, with the command lines below it.
    pub fn markdown(&self) -> String {
        let mut text = format!("{}  \n{}\n\n", self.wheelhouse, self.machine);
        text += "| case | tool | wall, median (min to max) | CPU | peak memory |";
        for peer in self.peers() {
            let _ = write!(text, " wall against {peer} |");
        }
        text += "\n|---|---|---|---|---|";
        text += &"---|".repeat(self.peers().len());
        text += "\n";
        for series in &self.series {
            text += &self.row(series);
        }
        text += "\n";
        for tool in self.tools() {
            for action in [Action::Install, Action::Resolve] {
                let _ = writeln!(text, "    {}", template(tool, action));
            }
        }
        text
    }

    fn row(&self, series: &Series) -> String {
        let wall = spread(values(series, |it| it.wall));
        let cpu = spread(values(series, |it| it.cpu));
        let memory = spread(values(series, mebibytes));
        let mut row = format!(
            "| {} | {} | {} ({} to {}) | {} | {:.0} MiB |",
            series.case,
            series.tool,
            time(wall.median),
            time(wall.min),
            time(wall.max),
            time(cpu.median),
            memory.median,
        );
        for peer in self.peers() {
            let ratio = match self.ratios(series, peer) {
                Some(it) => format!("{:.2} ({:.2} to {:.2})", it.median, it.min, it.max),
                None => String::new(),
            };
            let _ = write!(row, " {ratio} |");
        }
        row + "\n"
    }

    /// With whom the others are compared: uv, and assay where it runs with and without attestations.
    fn peers(&self) -> Vec<Tool> {
        let tools = self.tools();
        let mut peers = vec![Tool::Uv];
        if tools.contains(&Tool::Attested) {
            peers.push(Tool::Assay);
        }
        peers.retain(|it| tools.contains(it));
        peers
    }

    /// Wall time over another tool's of the same round.
    fn ratios(&self, series: &Series, peer: Tool) -> Option<Spread> {
        let is_peer = |it: &&Series| it.case == series.case && it.tool == peer;
        let peer = self.series.iter().find(is_peer)?;
        let pairs = series.samples.iter().zip(&peer.samples);
        Some(spread(
            pairs.map(|(own, other)| own.wall / other.wall).collect(),
        ))
    }

    fn tools(&self) -> Vec<Tool> {
        let mut tools: Vec<_> = self.series.iter().map(|it| it.tool).collect();
        tools.sort();
        tools.dedup();
        tools
    }

    /// Every sample, with times in seconds and memory in bytes.
    pub fn json(&self) -> Value {
        let series = self.series.iter().map(|it| {
            json!({
                "case": it.case.to_string(),
                "tool": it.tool.to_string(),
                "command": template(it.tool, it.case.action()),
                "samples": it.samples,
                "median_wall": spread(values(it, |sample| sample.wall)).median,
                "median_ratio_to_uv": self.ratios(it, Tool::Uv).map(|ratio| ratio.median),
                "median_ratio_to_assay": self.ratios(it, Tool::Assay).map(|ratio| ratio.median),
            })
        });
        json!({
            "wheelhouse": self.wheelhouse,
            "machine": self.machine,
            "series": series.collect::<Vec<_>>(),
        })
    }
}

fn values(series: &Series, of: impl Fn(&Sample) -> f64) -> Vec<f64> {
    series.samples.iter().map(of).collect()
}

fn mebibytes(sample: &Sample) -> f64 {
    sample.peak_memory as f64 / f64::from(1 << 20)
}

/// Of at least one value; of an even number the middle is the mean of two.
pub fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let median = match values.len() % 2 {
        0 => f64::midpoint(values[middle - 1], values[middle]),
        _ => values[middle],
    };
    Spread {
        median,
        min: values[0],
        max: values[values.len() - 1],
    }
}

/// A time to read.
pub fn time(seconds: f64) -> String {
    match seconds {
        ..0.1 => format!("{:.1} ms", seconds * 1000.0),
        ..1.0 => format!("{:.0} ms", seconds * 1000.0),
        _ => format!("{seconds:.2} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounds::Case;

    fn series(tool: Tool, walls: &[f64]) -> Series {
        let sample = |wall: &f64| Sample {
            wall: *wall,
            cpu: 0.05,
            peak_memory: 30 << 20,
        };
        Series {
            case: Case::Noop,
            tool,
            samples: walls.iter().map(sample).collect(),
        }
    }

    #[test]
    fn medians_of_odd_and_even_numbers() {
        assert_eq!(spread(vec![3.0, 1.0, 2.0]).median, 2.0);
        assert_eq!(spread(vec![4.0, 1.0, 2.0, 3.0]).median, 2.5);
    }

    #[test]
    fn ratios_are_taken_round_by_round_before_the_median() {
        let report = Report {
            wheelhouse: "two wheels".into(),
            machine: "a machine".into(),
            series: vec![
                series(Tool::Uv, &[0.010, 0.020, 0.040]),
                series(Tool::Assay, &[0.010, 0.010, 0.010]),
            ],
        };
        assert_eq!(report.json()["series"][1]["median_ratio_to_uv"], json!(0.5));
        let row = "| nothing to do | assay | 10.0 ms (10.0 ms to 10.0 ms) | 50.0 ms | 30 MiB \
                   | 0.50 (0.25 to 1.00) |";
        assert!(report.markdown().contains(row), "{}", report.markdown());
    }

    #[test]
    fn attestations_are_weighed_against_the_same_program_without_them() {
        let report = Report {
            wheelhouse: "two wheels".into(),
            machine: "a machine".into(),
            series: vec![
                series(Tool::Assay, &[0.010, 0.020]),
                series(Tool::Attested, &[0.011, 0.022]),
            ],
        };
        let text = report.markdown();
        assert!(
            text.contains("| peak memory | wall against assay |\n"),
            "{text}"
        );
        assert!(text.contains("| 1.10 (1.10 to 1.10) |\n"), "{text}");
    }
}
