//! Opening: from admitted bytes to a wheel that agrees with its name.

use assay_trust::{Admission, Admitted, ReadAt, sha256};
use assay_types::{
    Digest, SafePath, Sha256, WheelName,
    entry_points::{self, EntryPoint},
    metadata::{self, Metadata},
    wheel_info::WheelInfo,
};

use super::{
    Content, Options, Wheel, WheelFile, extract,
    folders::{self, Folders},
    identity,
    record::{self, Record},
    schemes,
};
use crate::{
    ArchiveError, Kind, Limits,
    error::{refused, require},
    zip::{self, Entry},
};

const RECORD_LIMIT: u64 = 64 << 20;
/// What a row needs beside its path, quotes included: the longest digest and the longest size.
const ROW: u64 = 160;
/// RECORD may be this much longer than its entries need (it may list other files under
/// [`Options::bad_record`]).
const RECORD_SLACK: u64 = 1 << 20;
const METADATA_LIMIT: u64 = metadata::LIMIT as u64;
const WHEEL_LIMIT: u64 = 1 << 20;
const ENTRY_POINTS_LIMIT: u64 = 1 << 20;

impl<B: ReadAt> Wheel<B> {
    /// Opens and checks; nothing is written. Reads the central directory, each local header and
    /// four files of the dist-info folder.
    pub fn open(admitted: Admitted<B>, options: Options) -> Result<Self, ArchiveError> {
        let name = wheel_name(admitted.admission())?;
        let body = admitted.body();
        let entries = zip::walk(body, &Limits::DEFAULT)?;
        let folders = folders::find(&entries, &name)?;
        schemes::check(&entries, &folders)?;
        let (record, record_sha256) = read_record(body, &entries, &folders)?;
        if !options.bad_record {
            record.check_set(&entries, &folders)?;
        }
        let reader = Reader {
            body,
            entries: &entries,
            folders: &folders,
            record: (!options.bad_record).then_some(&record),
        };
        let metadata_bytes = reader.required("METADATA", METADATA_LIMIT)?;
        let metadata = Metadata::parse(&metadata_bytes).map_err(|why| refused("METADATA", why))?;
        identity::check_metadata(&metadata, &name)?;
        let info = WheelInfo::parse(&reader.required("WHEEL", WHEEL_LIMIT)?)
            .map_err(|why| refused("WHEEL", why))?;
        let built = admitted.admission().built();
        identity::check_info(&info, &name, built.is_some_and(|it| it.how.editable))?;
        let entry_points = entry_points(&reader)?;
        let record_signature = find(&entries, &folders, "RECORD.jws").cloned();
        let (files, contents) = contents(entries, &folders, &record, options);
        Ok(Self {
            name,
            dist_info: folders.dist_info,
            data: folders.data,
            metadata,
            metadata_bytes,
            info,
            entry_points,
            files,
            contents,
            record: record_sha256,
            record_signature,
            admitted,
        })
    }
}

/// The artifact was judged under a project and version: the file name must be of the same.
fn wheel_name(admission: &Admission) -> Result<WheelName, ArchiveError> {
    let artifact = admission.artifact();
    let name =
        WheelName::parse(&artifact.file_name).map_err(|why| refused("wheel file name", why))?;
    let same = name.project() == &artifact.project && name.version() == &artifact.version;
    require(same, "wheel file name", || {
        format!(
            "{} is not of {} {}",
            artifact.file_name, artifact.project, artifact.version
        )
    })?;
    Ok(name)
}

fn read_record(
    body: &impl ReadAt,
    entries: &[Entry],
    folders: &Folders,
) -> Result<(Record, Sha256), ArchiveError> {
    let entry =
        find(entries, folders, "RECORD").ok_or_else(|| refused("RECORD", "the wheel has none"))?;
    // So that what is parsed, and held in memory, is in proportion to the archive.
    let needed: u64 = entries.iter().map(|it| row_limit(&it.path)).sum();
    let bytes = small(body, entry, None, RECORD_LIMIT.min(needed + RECORD_SLACK))?;
    Ok((record::read(&bytes)?, sha256(&bytes)))
}

fn row_limit(path: &SafePath) -> u64 {
    path.as_str().len() as u64 + ROW
}

/// Reads files of the dist-info folder, as RECORD has them.
struct Reader<'a, B> {
    body: &'a B,
    entries: &'a [Entry],
    folders: &'a Folders,
    record: Option<&'a Record>,
}

impl<B: ReadAt> Reader<'_, B> {
    fn required(&self, name: &'static str, limit: u64) -> Result<Vec<u8>, ArchiveError> {
        self.optional(name, limit)?
            .ok_or_else(|| refused(name, "the wheel has none"))
    }

    fn optional(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, ArchiveError> {
        let Some(entry) = find(self.entries, self.folders, name) else {
            return Ok(None);
        };
        let digest = self.record.and_then(|it| it.digest(&entry.path));
        small(self.body, entry, digest, limit).map(Some)
    }
}

fn find<'a>(entries: &'a [Entry], folders: &Folders, name: &str) -> Option<&'a Entry> {
    let path = format!("{}/{name}", folders.dist_info);
    entries
        .iter()
        .find(|it| it.path.as_str() == path && it.kind != Kind::Directory)
}

pub(super) fn small(
    body: &impl ReadAt,
    entry: &Entry,
    digest: Option<&Digest>,
    limit: u64,
) -> Result<Vec<u8>, ArchiveError> {
    require(entry.size <= limit, "size limit", || {
        format!(
            "{}: {} bytes, at most {limit} are accepted",
            entry.path, entry.size
        )
    })?;
    let mut content = Vec::new();
    extract::verified(body, entry, digest, &mut content)?;
    Ok(content)
}

fn entry_points<B: ReadAt>(reader: &Reader<'_, B>) -> Result<Vec<EntryPoint>, ArchiveError> {
    match reader.optional("entry_points.txt", ENTRY_POINTS_LIMIT)? {
        None => Ok(Vec::new()),
        Some(bytes) => entry_points::parse(&bytes).map_err(|why| refused("entry points", why)),
    }
}

fn contents(
    entries: Vec<Entry>,
    folders: &Folders,
    record: &Record,
    options: Options,
) -> (Vec<WheelFile>, Vec<Content>) {
    let mut files = Vec::with_capacity(entries.len());
    let mut contents = Vec::with_capacity(entries.len());
    for entry in entries {
        let Kind::File { executable } = entry.kind else {
            continue;
        };
        if folders.is_record(&entry.path) {
            continue;
        }
        let digest = record.digest(&entry.path).cloned();
        let digest = digest.filter(|_| !options.bad_record);
        files.push(WheelFile {
            path: entry.path.clone(),
            size: entry.size,
            executable,
        });
        contents.push(Content { entry, digest });
    }
    (files, contents)
}
