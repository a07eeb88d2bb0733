//! `assay build`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assay_trust::{Admission, Built};
use assay_types::Printable;

use super::{Context, fitting::Fitting, request::Asked, target};
use crate::{
    args::{PlatformArgs, ProjectArgs, RequirementArgs, ResolveArgs},
    failure::{Failure, Result},
    pipeline::{self, Own, Products},
    report::origin_of,
};

/// Where archives go when nobody says.
const DIST: &str = "dist";

/// Builds a project of the user's own; what came of it is written when all of it is known to be good.
pub fn run(args: &ProjectArgs, context: &Context<'_>) -> Result<()> {
    let folder = project(args, context)?;
    let outdir = outdir(args, &folder, context)?;
    let interpreter = target::interpreter(context.python.as_deref(), context)?;
    let fitting = Fitting::new(&interpreter, &PlatformArgs::default())?;
    let asked = asked(args, &fitting, context)?;
    let (store, progress) = (context.folders.store(), context.ui.progress());
    let builder = asked.builder(&fitting, &store, &progress, context);
    let both = args.sdist == args.wheel;
    let products = builder.build_own(&Own {
        folder: &folder,
        left_out: &of_archives(&folder, &outdir),
        sdist: both || args.sdist,
        wheel: both || args.wheel,
    });
    progress.pause();
    builder.warnings().iter().for_each(|it| context.ui.warn(it));
    let products = products?;
    let files = write(&products, &outdir)?;
    asked.note_time(context);
    report(&files, context)
}

fn project(args: &ProjectArgs, context: &Context<'_>) -> Result<PathBuf> {
    let path = context.around.absolute(&args.path);
    let shown = args.path.display();
    let failed = |why: String| Failure::usage(format!("{shown}: {why}"));
    let folder = path.canonicalize().map_err(|it| failed(it.to_string()))?;
    let is_project = ["pyproject.toml", "setup.py"]
        .iter()
        .any(|it| folder.join(it).is_file());
    match folder.is_dir() {
        true if is_project => Ok(folder),
        true => Err(failed(
            "it holds no project (pyproject.toml or setup.py)".to_owned(),
        )),
        false => Err(failed("it is no folder".to_owned())
            .hint("`assay wheel` builds a wheel of a source distribution")),
    }
}

/// A link that lies in the tree says nothing of where its user wants files.
fn outdir(args: &ProjectArgs, folder: &Path, context: &Context<'_>) -> Result<PathBuf> {
    if let Some(typed) = &args.outdir {
        return Ok(context.around.absolute(typed));
    }
    let dist = folder.join(DIST);
    match dist.symlink_metadata() {
        Ok(found) if !found.is_dir() => Err(Failure::could_not(format!(
            "{} is no folder",
            dist.display()
        ))
        .hint("name the folder to write to with --outdir")),
        _ => Ok(dist),
    }
}

/// Folders in the tree that hold finished archives and nothing else: these are not packed again.
fn of_archives(folder: &Path, outdir: &Path) -> Vec<PathBuf> {
    let folders = [folder.join(DIST), outdir.to_owned()];
    let real = folders.iter().filter_map(|it| it.canonicalize().ok());
    let mut found: Vec<_> = real
        .filter(|it| it != folder && it.starts_with(folder) && is_of_archives(it))
        .collect();
    found.dedup();
    found
}

fn is_of_archives(folder: &Path) -> bool {
    let is_archive = |entry: fs::DirEntry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_folder = entry.file_type().is_ok_and(|it| it.is_dir());
        !is_folder && (name.ends_with(".whl") || name.ends_with(".tar.gz"))
    };
    fs::read_dir(folder).is_ok_and(|mut it| it.all(|it| it.is_ok_and(is_archive)))
}

fn asked(args: &ProjectArgs, fitting: &Fitting, context: &Context<'_>) -> Result<Asked> {
    let resolve = ResolveArgs {
        builds: args.builds.clone(),
        ..ResolveArgs::default()
    };
    let nothing = RequirementArgs::default();
    let asked = Asked::new(
        &nothing,
        &resolve,
        &args.policy,
        &args.index,
        &fitting.markers,
        context,
    )?;
    let builds = asked.builds.of_own_project(context.around)?;
    Ok(Asked { builds, ..asked })
}

/// An archive that lies in the folder now.
struct Made<'a> {
    path: PathBuf,
    admission: &'a Admission,
    tier: &'a str,
}

fn write<'a>(products: &'a Products, outdir: &Path) -> Result<Vec<Made<'a>>> {
    fs::create_dir_all(outdir)
        .map_err(|error| Failure::could_not(format!("making {}: {error}", outdir.display())))?;
    let sdist = products.sdist.as_ref();
    let sdist = sdist.map(|it| (it.body(), it.admission()));
    let wheel = products.wheel.as_ref();
    let wheel = wheel.map(|it| (it.body(), it.admission()));
    let archives: Vec<_> = sdist.into_iter().chain(wheel).collect();
    // The name of an archive has no separator: it was parsed.
    let path = |it: &Admission| outdir.join(&it.artifact().file_name);
    let paths: Vec<_> = archives.iter().map(|it| path(it.1)).collect();
    let bodies = archives.iter().map(|it| it.0);
    let files: Vec<_> = bodies.zip(paths.iter().map(PathBuf::as_path)).collect();
    pipeline::write(&files)?;
    let made = archives.iter().zip(&paths).map(|(it, path)| Made {
        path: path.clone(),
        admission: it.1,
        tier: &products.tier,
    });
    Ok(made.collect())
}

fn report(files: &[Made<'_>], context: &Context<'_>) -> Result<()> {
    let ui = context.ui;
    if ui.json() {
        let rows: Vec<_> = files.iter().map(row).collect();
        return ui.json_output(&rows);
    }
    for file in files {
        let path = file.path.display().to_string();
        let how = match file.admission.built() {
            Some(built) => format!("built {}", origin_of(built)),
            None => format!("packed ({})", file.tier),
        };
        ui.line(format_args!("Wrote {}", Printable(&path)))?;
        ui.line(format_args!("  sha256:{}", file.admission.sha256()))?;
        ui.line(format_args!("  {}", Printable(&how)))?;
    }
    let names = files
        .iter()
        .map(|it| it.admission.artifact().file_name.as_str());
    let names = names.collect::<Vec<_>>().join(" and ");
    ui.line(ui.green(&format!("Successfully built {}", Printable(&names))))
}

fn row(file: &Made<'_>) -> serde_json::Value {
    let artifact = file.admission.artifact();
    serde_json::json!({
        "path": file.path,
        "name": artifact.project.to_string(),
        "version": artifact.version.to_string(),
        "sha256": file.admission.sha256().to_string(),
        "size": file.admission.measured().size(),
        "sandbox": file.tier,
        "built": file.admission.built().map(Built::json),
    })
}
