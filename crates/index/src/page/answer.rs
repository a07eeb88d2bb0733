//! What an index says about a name: that it does not have it, a page, or something that may as well
//! come from whoever stands between here and the index.

use assay_types::{ProjectName, Url, listing::Listing};

use super::{Kind, PageContext, Reading, fetch::fetch_bytes};
use crate::{Client, IndexError, IndexUrl, http::same_origin};

/// An index's word on one project.
pub(crate) enum Answer {
    /// 404 or 410: it does not have the name.
    Absent,
    /// It has the name, perhaps without a file.
    Page(Box<Listing>),
    /// A page that lists nothing and does not say that it is a project's: that of a server that
    /// answers so for every name, or a page to log in, or one that a proxy put there. The error
    /// says so, for whoever would go on to the next index.
    Nothing(Box<IndexError>),
}

impl Client {
    /// Asks one index for one project; `None` where it does not have it or its page says nothing.
    /// Every failure is an error, so that nobody is sent on to the next index by breaking this one.
    pub fn fetch_page(
        &self,
        index: &IndexUrl,
        project: &ProjectName,
    ) -> Result<Option<Listing>, IndexError> {
        Ok(match self.ask_index(index, project)? {
            Answer::Page(listing) => Some(*listing),
            Answer::Absent | Answer::Nothing(_) => None,
        })
    }

    pub(crate) fn ask_index(
        &self,
        index: &IndexUrl,
        project: &ProjectName,
    ) -> Result<Answer, IndexError> {
        let asked = index.page(project);
        let page = match fetch_bytes(self, &asked, Some(project))? {
            Ok(page) => page,
            // Somebody else's "not found" says nothing about this index.
            Err(answered) if leads_away(&asked, &answered) => {
                let fact = "a redirect led elsewhere, and what is there answers that it has no such \
                     page; the indexes after this one are not asked";
                return Ok(Answer::Nothing(Box::new(IndexError::no_way_on(
                    &asked, fact,
                ))));
            }
            Err(_) => return Ok(Answer::Absent),
        };
        let context = PageContext {
            url: &page.meta.url,
            origin: &index.origin(),
            project,
            kind: Kind::Project,
        };
        let Reading { listing, is_marked } = page.read(context)?;
        let says_nothing = listing.skipped.is_empty() || leads_away(&asked, &page.meta.url);
        if is_marked || !listing.files.is_empty() || !says_nothing {
            return Ok(Answer::Page(Box::new(listing)));
        }
        Ok(Answer::Nothing(Box::new(nothing(&asked, project))))
    }
}

/// Whether redirects ended elsewhere than at a page of this project.
fn leads_away(asked: &Url, answered: &Url) -> bool {
    let name = |url: &Url| {
        let last = url.path().trim_end_matches('/').rsplit('/').next();
        last.and_then(|it| it.parse::<ProjectName>().ok())
    };
    !same_origin(asked, answered) || name(asked) != name(answered)
}

fn nothing(asked: &Url, project: &ProjectName) -> IndexError {
    IndexError::no_way_on(
        asked,
        format!(
            "the answer is a page without any file, and nothing on it says that it is {project}'s: \
             it may be a page to log in, or of a proxy; the indexes after this one are not asked"
        ),
    )
}
