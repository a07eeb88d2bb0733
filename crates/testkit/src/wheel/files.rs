//! The files that a builder writes by itself.

use super::{Member, RecordRow, WheelBuilder, record_digest};
use crate::zip::Entry;

impl WheelBuilder {
    pub(super) fn stem(&self) -> String {
        format!("{}-{}", escape(&self.name), self.version)
    }

    pub(super) fn own_file_name(&self) -> String {
        if let Some(name) = &self.file_name {
            return name.clone();
        }
        let build = match &self.build_tag {
            Some(build) => format!("-{build}"),
            None => String::new(),
        };
        format!("{}{build}-{}.whl", self.stem(), self.tags)
    }

    /// The files in archive order: contents, then the dist-info, RECORD and its signature last.
    pub(super) fn all_members(&self, metadata: &[u8]) -> Vec<Member> {
        let folder = match &self.dist_info_folder {
            Some(folder) => folder.clone(),
            None => format!("{}.dist-info", self.stem()),
        };
        let mut dist_info = vec![
            ("METADATA".to_owned(), metadata.to_vec()),
            ("WHEEL".to_owned(), self.wheel_file()),
        ];
        if !self.scripts.is_empty() || !self.gui_scripts.is_empty() {
            dist_info.push(("entry_points.txt".to_owned(), self.entry_points_file()));
        }
        for (name, content) in self.dist_info.iter().filter(|it| it.0 != "RECORD") {
            let place = dist_info.iter().position(|it| it.0 == *name);
            match (place, content) {
                (Some(i), Some(content)) => dist_info[i].1.clone_from(content),
                (Some(i), None) => _ = dist_info.remove(i),
                (None, Some(content)) => dist_info.push((name.clone(), content.clone())),
                (None, None) => {}
            }
        }
        let mut members = self.members.clone();
        members.extend(dist_info.into_iter().map(|(name, content)| Member {
            path: format!("{folder}/{name}"),
            content,
            mode: 0o644,
        }));
        let record = self.record_file(&members, &folder);
        let sign = self.sign.as_ref();
        let signature = record.as_deref().zip(sign).map(|(record, it)| it(record));
        for (name, content) in [("RECORD", record), ("RECORD.jws", signature)] {
            members.extend(content.map(|content| Member {
                path: format!("{folder}/{name}"),
                content,
                mode: 0o644,
            }));
        }
        members
    }

    pub(super) fn metadata(&self) -> Vec<u8> {
        if let Some((_, Some(content))) = self.dist_info.iter().find(|it| it.0 == "METADATA") {
            return content.clone();
        }
        let mut text = format!(
            "Metadata-Version: 2.1\nName: {}\nVersion: {}\n",
            self.name, self.version
        );
        for line in &self.headers {
            text.push_str(line);
            text.push('\n');
        }
        text.into_bytes()
    }

    fn wheel_file(&self) -> Vec<u8> {
        let pure = self.tags.ends_with("-none-any");
        let mut text =
            format!("Wheel-Version: 1.0\nGenerator: assay-testkit\nRoot-Is-Purelib: {pure}\n");
        for tag in expand(&self.tags) {
            text.push_str(&format!("Tag: {tag}\n"));
        }
        if let Some(build) = &self.build_tag {
            text.push_str(&format!("Build: {build}\n"));
        }
        text.into_bytes()
    }

    fn entry_points_file(&self) -> Vec<u8> {
        let mut text = String::new();
        for (group, lines) in [
            ("console_scripts", &self.scripts),
            ("gui_scripts", &self.gui_scripts),
        ] {
            if !lines.is_empty() {
                text.push_str(&format!("[{group}]\n{}\n\n", lines.join("\n")));
            }
        }
        text.into_bytes()
    }

    fn record_file(&self, members: &[Member], folder: &str) -> Option<Vec<u8>> {
        if let Some((_, content)) = self.dist_info.iter().find(|it| it.0 == "RECORD") {
            return content.clone();
        }
        let mut rows: Vec<RecordRow> = members
            .iter()
            .map(|it| RecordRow {
                path: it.path.clone(),
                digest: record_digest(&it.content),
                size: it.content.len().to_string(),
            })
            .collect();
        rows.push(RecordRow {
            path: format!("{folder}/RECORD"),
            digest: String::new(),
            size: String::new(),
        });
        self.change_record.iter().for_each(|it| it(&mut rows));
        let lines = rows
            .iter()
            .map(|it| format!("{},{},{}\n", quote(&it.path), it.digest, it.size));
        Some(lines.collect::<String>().into_bytes())
    }
}

pub(super) fn directories(members: &[Member]) -> Vec<Entry> {
    let mut paths = std::collections::BTreeSet::new();
    for member in members {
        let slashes = member.path.match_indices('/');
        paths.extend(slashes.map(|(i, _)| member.path[..=i].to_owned()));
    }
    paths.iter().map(|it| Entry::directory(it)).collect()
}

/// A project name as file names write it (binary distribution format, "Escaping").
fn escape(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|it| !it.is_empty());
    parts.collect::<Vec<_>>().join("_").to_lowercase()
}

/// The product of a compressed tag set.
fn expand(tags: &str) -> Vec<String> {
    let sets: Vec<Vec<&str>> = tags.split('-').map(|it| it.split('.').collect()).collect();
    let [python, abi, platform] = sets.as_slice() else {
        return vec![tags.to_owned()];
    };
    let mut all = Vec::new();
    for p in python {
        for a in abi {
            all.extend(platform.iter().map(|it| format!("{p}-{a}-{it}")));
        }
    }
    all
}

fn quote(path: &str) -> String {
    if path.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", path.replace('"', "\"\""))
    } else {
        path.to_owned()
    }
}
