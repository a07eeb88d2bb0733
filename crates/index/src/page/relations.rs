//! PEP 708: which projects of other repositories a page says to be the same as its own.

use assay_types::{ProjectName, Url, listing::Relations, names, requirement::redacted};

use super::{Kind, PageContext};

/// Most URLs in one of the two lists.
pub(super) const MOST_CLAIMS: usize = 64;

/// Reads both lists of a project's own page. One URL that cannot be what PEP 708 demands makes the
/// whole of it count as nothing said: half of a claim is another claim.
pub(super) fn read<'a>(
    context: PageContext<'_>,
    tracks: impl ExactSizeIterator<Item = &'a str>,
    alternate_locations: impl ExactSizeIterator<Item = &'a str>,
) -> Relations {
    if !matches!(context.kind, Kind::Project) {
        return Relations::default();
    }
    let both = || -> Result<_, String> {
        Ok(Relations {
            tracks: pages("tracks", tracks, context.project)?,
            alternate_locations: pages(
                "alternate locations",
                alternate_locations,
                context.project,
            )?,
            malformed: None,
        })
    };
    both().unwrap_or_else(Relations::malformed)
}

fn pages<'a>(
    what: &str,
    urls: impl ExactSizeIterator<Item = &'a str>,
    project: &ProjectName,
) -> Result<Vec<Url>, String> {
    if urls.len() > MOST_CLAIMS {
        return Err(format!("it names more than {MOST_CLAIMS} {what}"));
    }
    urls.map(|it| page(it, project).map_err(|why| format!("of its {what}, {why}")))
        .collect()
}

/// The URL of a project's page, "not the base URL", "with the exact same name (after
/// normalization)", in the form that [`crate::IndexUrl::page`] gives.
fn page(text: &str, project: &ProjectName) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|error| format!("one is not a URL: {error}"))?;
    let shown = redacted(&url);
    if !matches!(url.scheme(), "https" | "http") {
        return Err(format!("{shown} is not the URL of a page"));
    }
    let has_secrets = !url.username().is_empty() || url.password().is_some();
    if has_secrets || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{shown} has more than a path"));
    }
    let path = url.path().strip_suffix('/').unwrap_or(url.path());
    let (root, name) = path.rsplit_once('/').unwrap_or_default();
    if names::project(name).as_ref() != Some(project) {
        return Err(format!("{shown} is not a page of {project}"));
    }
    let path = format!("{root}/{project}/");
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_the_same_project_is_named() {
        let project: ProjectName = "holy-grail".parse().unwrap();
        for accepted in [
            "https://example.com/simple/holy-grail/",
            "https://example.com/simple/holy-grail",
            "https://EXAMPLE.com:443/simple/Holy_Grail/",
        ] {
            assert_eq!(
                page(accepted, &project).unwrap().as_str(),
                "https://example.com/simple/holy-grail/"
            );
        }
        for refused in [
            "https://example.com/simple/",
            "https://example.com/simple/other/",
            "https://example.com/simple/holy-grail//",
            "https://example.com/simple/holy-grail/?x",
            "https://example.com/simple/holy-grail/#x",
            "https://u:p@example.com/simple/holy-grail/",
            "ftp://example.com/simple/holy-grail/",
            "/simple/holy-grail/",
            "",
        ] {
            assert!(page(refused, &project).is_err(), "{refused}");
        }
    }
}
