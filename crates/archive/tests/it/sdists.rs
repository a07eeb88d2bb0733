//! Hostile sdists: the generator's, a folder of them where one is given, and what Python sees.

use std::process::Command;

use assay_archive::{ArchiveError, Sdist};
use assay_testkit::{
    hostile::{self, Case},
    peers,
};

use crate::support::{Files, admitted, judge};

/// Paths with the folder at the top, and contents.
fn read_all(file_name: &str, bytes: &[u8]) -> Result<Files, ArchiveError> {
    let sdist = Sdist::open(admitted(file_name, bytes))?;
    let paths = sdist.files().iter();
    let mut files: Files = paths
        .map(|it| (format!("{}/{}", sdist.top(), it.path), Vec::new()))
        .collect();
    sdist.contents(|index, piece| {
        files[index].1.extend(piece);
        Ok(())
    })?;
    for (file, (_, content)) in sdist.files().iter().zip(&files) {
        assert_eq!(file.size, content.len() as u64);
    }
    Ok(files)
}

#[test]
fn every_sdist_is_judged_as_it_says() {
    let judged = |it: &Case| judge(it, read_all(&it.file_name, &it.bytes));
    let wrong: Vec<_> = hostile::sdist_cases().iter().filter_map(judged).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_bit_of_a_mode_but_execution_is_told() {
    let cases = hostile::sdist_cases();
    let case = cases.iter().find(|it| it.id == "s08_setuid").unwrap();
    let sdist = Sdist::open(admitted(&case.file_name, &case.bytes)).unwrap();
    let executable = |name: &str| {
        let file = sdist.files().iter().find(|it| it.path.as_str() == name);
        file.unwrap().executable
    };
    assert!(executable("su") && !executable("PKG-INFO"));
}

/// These are for the build: the reader opens them.
const JUDGED_LATER: [&str; 2] = ["s15_backend_path", "s16_build_req_url"];

#[test]
fn the_shared_sdists_are_judged_as_they_say() {
    let Some(folder) = peers::collection("ASSAY_HOSTILE_DIR") else {
        return;
    };
    let table = std::fs::read_to_string(folder.join("cases.tsv")).unwrap();
    let mut seen = 0;
    for line in table.lines().filter(|it| it.contains(".tar.gz\t")) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, file, _, _, expected] = columns[..] else {
            panic!("{line:?} does not have five columns");
        };
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let refuse = expected == "reject" && !JUDGED_LATER.contains(&id);
        let verdict = read_all("evil-1.0.tar.gz", &bytes);
        assert_eq!(verdict.is_err(), refuse, "{id}: {:?}", verdict.err());
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}

/// Prints each regular file as Python's own readers see it.
const READ: &str = "
import hashlib, sys, tarfile, zipfile
def show(name, data): print(name.removeprefix('./'), hashlib.sha256(data).hexdigest())
path = sys.argv[1]
if path.endswith('.zip'):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.endswith('/'): show(name, archive.read(name))
else:
    with tarfile.open(path) as archive:
        for member in archive:
            if not member.isdir(): show(member.name, archive.extractfile(member).read())
";

#[test]
fn what_is_accepted_is_what_python_sees() {
    let Some(python) = peers::python() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let cases = hostile::sdist_cases();
    let accepted = cases.iter().filter(|it| it.id != "s21_bomb_ok");
    let mut compared = 0;
    for case in accepted {
        let Ok(files) = read_all(&case.file_name, &case.bytes) else {
            continue;
        };
        let path = folder.path().join(&case.file_name);
        std::fs::write(&path, &case.bytes).unwrap();
        let mut command = Command::new(&python);
        let output = command
            .args(["-I", "-c", READ])
            .arg(&path)
            .output()
            .unwrap();
        let seen = String::from_utf8(output.stdout).unwrap();
        let lines = files.iter().map(|(name, content)| {
            let digest = assay_trust::sha256(content);
            format!("{name} {digest}\n")
        });
        assert_eq!(lines.collect::<String>(), seen, "{}", case.id);
        compared += 1;
    }
    assert!(compared > 10, "{compared}");
}
