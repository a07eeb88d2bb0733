//! Hostile wheels: the generator's, and a folder of them where one is given.

use std::{collections::BTreeSet, path::Path};

use assay_archive::Options;
use assay_testkit::{hostile::Case, peers};

use crate::support::{CASES, judge, read_all};

#[test]
fn every_case_is_judged_as_it_says() {
    let ids: BTreeSet<_> = CASES.iter().map(|it| it.id).collect();
    assert_eq!(ids.len(), CASES.len(), "each case has its own id");
    let wrong: Vec<String> = CASES.iter().filter_map(wrong_of).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn wrong_of(case: &Case) -> Option<String> {
    judge(
        case,
        read_all(&case.file_name, &case.bytes, Options::default()),
    )
}

/// Wheels that have to be refused by other rooms: this one opens them.
const JUDGED_LATER: [&str; 3] = [
    "c04_overwrite_other",
    "d09_purelib_pip",
    "n11_requires_python",
];

#[test]
fn the_shared_folder_is_judged_as_it_says() {
    let Some(folder) = peers::collection("ASSAY_HOSTILE_DIR") else {
        return;
    };
    let table = std::fs::read_to_string(folder.join("cases.tsv")).unwrap();
    let mut wrong = Vec::new();
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, file, _, _, expected] = columns[..] else {
            panic!("{line:?} does not have five columns");
        };
        if file.ends_with(".whl") {
            wrong.extend(judge_shared(id, &folder.join(file), expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn judge_shared(id: &str, file: &Path, expected: &str) -> Option<String> {
    let name = file.file_name().unwrap().to_str().unwrap();
    let bytes = std::fs::read(file).unwrap();
    let verdict = read_all(name, &bytes, Options::default());
    if expected == "accept or reject" {
        return None;
    }
    let refuse = matches!(expected, "reject" | "limit") && !JUDGED_LATER.contains(&id);
    match verdict {
        Ok(_) if refuse => Some(format!("{id}: not refused")),
        Err(error) if !refuse => Some(format!("{id}: refused: {error}")),
        _ => None,
    }
}
