//! docs/vouching.md, followed by somebody who reads only that.

use assay_testkit::server::IndexServer;

use crate::{
    guide::{page, printed},
    machine::{Machine, Outcome, index, simple},
};

const PAGE: &str = include_str!("../../../../../docs/vouching.md");

#[test]
fn every_command_prints_what_the_page_shows() {
    let machine = Machine::new();
    machine.write("requirements.txt", "sampleproject\n");
    let mut server = serve(&["4.0.0"]);
    for step in page::steps(PAGE) {
        match step {
            page::Step::File { name, text } => {
                // Some day it will be over.
                machine.write(&name, text.replace("2027-06-30", "2999-12-31"));
                if name != "assay.toml" {
                    types(&machine, &server, &format!("assay policy check {name}")).ok();
                }
            }
            page::Step::End { name, .. } => panic!("{name} is not changed on this page"),
            page::Step::NextRelease => server = serve(&["4.0.0", "4.0.1"]),
            page::Step::Command { line, shown } => {
                let outcome = types(&machine, &server, &line);
                let printed = outcome
                    .out
                    .replace(&server.index_url(), "https://pypi.example/simple/");
                printed::assert_shown(&line, &shown, &printed);
                let refused = shown.iter().any(|it| it.starts_with("refused: "));
                let expected = if refused { 4 } else { 0 };
                assert_eq!(outcome.code, expected, "{line}\n{}", outcome.out);
            }
        }
    }
}

fn serve(versions: &[&str]) -> IndexServer {
    let samples = versions
        .iter()
        .map(|it| simple("sampleproject", it, &["peppercorn"]));
    let wheels: Vec<_> = samples.chain([simple("peppercorn", "0.6", &[])]).collect();
    index(&wheels)
}

/// Runs a line as a shell does; what is printed, on either stream, is in `out`.
fn types(machine: &Machine, server: &IndexServer, line: &str) -> Outcome {
    let (assay, index) = (env!("CARGO_BIN_EXE_assay"), server.index_url());
    let start = format!("export PIP_INDEX_URL='{index}'; assay() {{ '{assay}' \"$@\"; }}");
    machine.run(
        "sh".as_ref(),
        &["-c", &format!("{start}\n{{ {line}\n}} 2>&1\n")],
    )
}
