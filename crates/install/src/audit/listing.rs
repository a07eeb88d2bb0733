//! Which files the RECORDs list, and how.

use std::collections::{BTreeMap, HashMap};

use assay_types::{
    Digest, ProjectName, Sha256,
    record::{self, Row},
};

use super::{Report, finding::Fact};
use crate::{
    Environment, Error, Installed, Result,
    environment::{InstalledKind, Place},
    hash,
    plan::place_of_row,
    workers,
};

/// What lies in a metadata folder.
#[derive(Debug)]
pub(super) struct Head {
    /// RECORD's rows, or why there are none.
    pub rows: Result<Vec<Row>, Fact>,
    /// Paths of a RECORD whose rows cannot be relied on.
    pub paths: Vec<String>,
    /// SHA-256 of RECORD.
    pub record: Option<Sha256>,
    /// SHA-256 of `assay.json`.
    pub receipt: Option<Sha256>,
    /// Who says to have installed it.
    pub installer: Option<String>,
}

/// Reads RECORDs and receipts; in the order of `installed`.
pub(super) fn read(installed: &[Installed], threads: usize) -> Result<Vec<Head>> {
    let jobs: Vec<_> = installed.iter().enumerate().collect();
    let work = |(): &mut (), (index, it): &(usize, &Installed)| Ok((*index, Head::of(it)));
    let mut heads = workers::run(&jobs, threads, || (), work)?;
    heads.sort_by_key(|it| it.0);
    Ok(heads.into_iter().map(|it| it.1).collect())
}

impl Head {
    fn of(installed: &Installed) -> Self {
        let mut paths = Vec::new();
        let bytes = match installed.kind() {
            InstalledKind::DistInfo => installed.file("RECORD"),
            InstalledKind::EggInfo | InstalledKind::EggFile => Ok(None),
        };
        let mut record = None;
        let rows = match bytes {
            Ok(None) => Err(Fact::NoRecord),
            Err(error) => Err(Fact::BadRecord(reason(&error))),
            Ok(Some(bytes)) => {
                record = Some(hash::bytes(&bytes));
                record::parse(&bytes).map_err(|error| {
                    paths = record::paths(&bytes).unwrap_or_default();
                    Fact::BadRecord(error.to_string())
                })
            }
        };
        // What cannot be read has no digest, and so is not what the state noted.
        let receipt = installed.file("assay.json").ok().flatten();
        Self {
            rows,
            paths,
            record,
            receipt: receipt.map(|it| hash::bytes(&it)),
            installer: installed.installer().ok().flatten(),
        }
    }
}

/// What the system says, without the path that the finding has anyway.
pub(super) fn reason(error: &Error) -> String {
    match error {
        Error::Io { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

/// One row about a file.
#[derive(Debug)]
pub(super) struct Claim {
    /// Index of the distribution.
    pub by: usize,
    pub digest: Option<Digest>,
    pub size: Option<u64>,
    /// Whether it needs no digest: RECORD itself, and what a RECORD lists that cannot be relied on.
    pub is_free: bool,
}

/// Who lists a file.
pub(super) type Claims = Vec<Claim>;

/// All that is listed.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    installed: &'a [Installed],
    /// Names and their claims, by folder.
    pub folders: HashMap<Place, BTreeMap<String, Claims>>,
}

impl<'a> Listing<'a> {
    /// Puts the RECORDs together. Paths that lead out, and RECORDs that cannot be read, are found.
    pub fn of(
        environment: &Environment,
        installed: &'a [Installed],
        heads: &[Head],
        report: &mut Report,
    ) -> Self {
        let mut listing = Self {
            installed,
            folders: HashMap::new(),
        };
        for (by, (distribution, head)) in installed.iter().zip(heads).enumerate() {
            let own = distribution.place.join("RECORD");
            if head.record.is_some() {
                // It accounts for itself, whether it says so or not.
                listing.add(own.clone(), Claim::free(by));
            }
            match &head.rows {
                Ok(rows) => {
                    for row in rows {
                        listing.take(environment, (by, &own), row, report);
                    }
                }
                Err(fact) => {
                    let project = vec![distribution.name().clone()];
                    let place = match fact {
                        Fact::NoRecord => &distribution.place,
                        _ => &own,
                    };
                    report.find(environment.shown(place), project, fact.clone());
                    let paths = head.paths.iter();
                    let places = paths.filter_map(|it| place_of_row(environment, distribution, it));
                    for place in places.filter(|it| *it != own) {
                        listing.add(place, Claim::free(by));
                    }
                }
            }
        }
        listing
    }

    fn take(
        &mut self,
        environment: &Environment,
        (by, own): (usize, &Place),
        row: &Row,
        report: &mut Report,
    ) {
        let distribution = &self.installed[by];
        match place_of_row(environment, distribution, &row.path) {
            Some(place) if place == *own => {}
            Some(place) if place.split().is_some() => {
                let claim = Claim {
                    by,
                    digest: row.digest.clone(),
                    size: row.size,
                    is_free: false,
                };
                self.add(place, claim);
            }
            _ => {
                let project = vec![distribution.name().clone()];
                report.find(row.path.clone(), project, Fact::Outside);
            }
        }
    }

    fn add(&mut self, place: Place, claim: Claim) {
        // A root itself is never listed: see `take`.
        if let Some((folder, name)) = place.split() {
            let names = self.folders.entry(folder).or_default();
            names.entry(name.to_owned()).or_default().push(claim);
        }
    }

    /// Who lists a file.
    pub fn claims(&self, folder: &Place, name: &str) -> Option<&Claims> {
        self.folders.get(folder)?.get(name)
    }

    /// The projects of claims, each once.
    pub fn projects(&self, claims: &[Claim]) -> Vec<ProjectName> {
        let mut projects: Vec<_> = claims.iter().map(|it| self.project(it).clone()).collect();
        projects.sort();
        projects.dedup();
        projects
    }

    /// The project of a claim.
    pub fn project(&self, claim: &Claim) -> &'a ProjectName {
        self.installed[claim.by].name()
    }
}

impl Claim {
    fn free(by: usize) -> Self {
        Self {
            by,
            digest: None,
            size: None,
            is_free: true,
        }
    }
}
