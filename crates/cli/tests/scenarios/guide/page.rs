//! What a page has somebody do.

/// One thing after the other.
pub enum Step {
    /// A block with `file=NAME` beside its language: a file of this name and content.
    File { name: String, text: String },
    /// The same with `end-of=NAME`: what the file has from this text's first line on.
    End { name: String, text: String },
    /// A line after `$ `, and the lines that the guide shows below it.
    Command { line: String, shown: Vec<String> },
    /// The comment for this test in the last part.
    NextRelease,
}

/// Of a page in Markdown. Commands other than `assay` and `echo` get assay there, and are left out.
pub fn steps(page: &str) -> Vec<Step> {
    steps_with(page, &["assay ", "echo "])
}

/// The same, with the commands that begin like one of these.
pub fn steps_with(page: &str, run: &[&str]) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("<!-- The test's index has sampleproject 4.0.1") {
            steps.push(Step::NextRelease);
        }
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let block: Vec<_> = lines.by_ref().take_while(|it| *it != "```").collect();
        match info {
            "console" => steps.extend(commands(&block, run)),
            _ => steps.push(file(info, &block)),
        }
    }
    steps
}

/// The lines of a workflow that run assay.
pub fn runs(workflow: &str) -> Vec<&str> {
    let runs = workflow
        .lines()
        .filter_map(|it| it.trim().strip_prefix("- run: "));
    runs.filter(|it| it.starts_with("assay ")).collect()
}

fn commands(block: &[&str], run: &[&str]) -> Vec<Step> {
    let starts = |it: &&str| it.starts_with("$ ");
    let blocks = block.chunk_by(|_, next| !starts(next));
    let all = blocks.map(|it| {
        let line = it[0].strip_prefix("$ ");
        let line = line.unwrap_or_else(|| panic!("no command prints {:?}", it[0]));
        let shown = it[1..].iter().map(ToString::to_string).collect();
        (line.to_owned(), shown)
    });
    let run = all.filter(|(line, _)| run.iter().any(|it| line.starts_with(it)));
    run.map(|(line, shown)| Step::Command { line, shown })
        .collect()
}

fn file(info: &str, block: &[&str]) -> Step {
    let text = block.join("\n") + "\n";
    let (_, place) = info.split_once(' ').unwrap_or_default();
    match place.split_once('=') {
        Some(("file", name)) => Step::File {
            name: name.to_owned(),
            text,
        },
        Some(("end-of", name)) => Step::End {
            name: name.to_owned(),
            text,
        },
        _ => panic!("no file is named for {text}"),
    }
}
