//! Reading a stored wheel without installing it.

use std::{fs, io::Write as _, os::unix::fs::PermissionsExt as _};

use assay_install::Error;

use crate::common::Home;
use crate::install::demo;

#[test]
fn a_file_is_given_as_far_as_asked_for_and_only_unchanged() {
    let Some(home) = Home::new() else { return };
    let content: Vec<_> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    let wheel = demo("1.0").file("demo/large.bin", &content);
    let (_, stored) = home.publish(&wheel.data("scripts", "tool", b"#!python\n").build());
    assert_eq!(stored.dist_info(), "demo-1.0.dist-info");
    assert_eq!(stored.data(), Some("demo-1.0.data"));
    let files = stored.files().unwrap();
    let find = |path: &str| files.iter().find(|it| it.path == path).unwrap();
    let tool = find("demo-1.0.data/scripts/tool");
    assert_eq!(stored.beginning(tool, 100).unwrap(), b"#!python\n");
    let large = find("demo/large.bin");
    assert_eq!(
        (large.size, large.executable),
        (content.len() as u64, false)
    );
    for limit in [0, 1, 65_537, content.len(), content.len() + 1] {
        let expected = &content[..limit.min(content.len())];
        assert_eq!(stored.beginning(large, limit).unwrap(), expected);
    }
    // Far behind what is asked for.
    let edited = fs::read_dir(stored.folder()).unwrap();
    let mut edited = edited.map(|it| it.unwrap().path());
    let is_large = |it: &std::path::PathBuf| fs::metadata(it).unwrap().len() == large.size;
    let path = edited.find(is_large).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"#").unwrap();
    let failed = stored.beginning(large, 1);
    assert!(matches!(failed, Err(Error::Damaged { .. })), "{failed:?}");
    assert!(stored.beginning(tool, 1).is_ok());
}
