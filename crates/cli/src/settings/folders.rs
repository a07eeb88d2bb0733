//! Where the cache and the state are.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use assay_files::{Error, PrivateFolder};
use assay_install::Store;
use assay_trust::Moment;
use assay_types::Timestamp;

use super::{
    clock,
    state::{self, Standing},
    temporary::Temporary,
};
use crate::{
    args::CommonArgs,
    failure::{Failure, Result},
    known::{KnownPublishers, KnownTrustRoot},
    surroundings::Surroundings,
    ui::Ui,
};

/// The folders that outlive a run, or that stand in for them.
///
/// Without a usable state there is no use for a cache either: an entry counts only with a memo in
/// the state, and one that is replaced by a run whose memos are thrown away would look damaged to
/// the next. The other way round the state is kept where the cache is not: what was installed must
/// be known afterwards.
#[derive(Debug, Clone)]
pub struct Folders {
    cache: PathBuf,
    state: PathBuf,
    keeps: Keeps,
    /// What is not kept lies in here and goes with this run.
    temporary: Option<Arc<Temporary>>,
}

/// What outlives the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    Both,
    State,
    Nothing,
}

/// What a command wants of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To look at an environment: the state is a convenience.
    Look,
    /// To install, remove or judge: the state says what was verified.
    Change,
}

/// A folder that is there and can be written to, or why it cannot be used.
type Usable = Result<PathBuf, String>;

impl Folders {
    /// Finds them and makes them. Where they cannot be made or written to, as in a container
    /// without a home, this run goes without, and says so.
    ///
    /// Fails where the user named a cache that cannot be made, and where a newer assay wrote the
    /// state and the command would have to rely on it.
    pub fn new(
        common: &CommonArgs,
        around: &Surroundings,
        ui: &Ui,
        purpose: Purpose,
    ) -> Result<Self> {
        let state = usable(around.state_home.as_deref().map(|it| it.join("assay")));
        let state = match state {
            Ok(state) => state,
            Err(why) => {
                ui.warn(&format!("nothing is kept for the next run: {why}"));
                return Self::without(None);
            }
        };
        let folders = match cache(common, around)? {
            Some(Ok(cache)) => Self {
                cache,
                state,
                keeps: Keeps::Both,
                temporary: None,
            },
            Some(Err(why)) => {
                ui.warn(&format!("no cache is used: {why}"));
                Self::without(Some(state))?
            }
            None => Self::without(Some(state))?,
        };
        folders.look_at_state(ui, purpose)
    }

    /// A cache, and a state unless there is one, that go with this run.
    fn without(state: Option<PathBuf>) -> Result<Self> {
        let folder = Temporary::new()
            .map_err(|error| Failure::could_not(format!("making a temporary folder: {error}")))?;
        let keeps = state.as_ref().map_or(Keeps::Nothing, |_| Keeps::State);
        Ok(Self {
            cache: folder.path().join("cache"),
            state: state.unwrap_or_else(|| folder.path().join("state")),
            keeps,
            temporary: Some(Arc::new(folder)),
        })
    }

    fn look_at_state(self, ui: &Ui, purpose: Purpose) -> Result<Self> {
        let (state, cache) = (self.private_state(), PrivateFolder::new(&self.cache));
        let standing = match state::open(&state, &cache, Timestamp::now()) {
            Ok(standing) => standing,
            // Whether they are the user's own is judged where they are used.
            Err(Error::NotPrivate { .. }) => return Ok(self),
            Err(error) => return Err(Failure::could_not(error.to_string())),
        };
        let path = self.state.display();
        match standing {
            Standing::New | Standing::Known => {}
            Standing::Older | Standing::Unmarked => {
                ui.detail(&format!("{path} now says which format it has"))
            }
            Standing::Lost { since } => ui.warn(&lost(&self.state, since)),
            Standing::Damaged { why, kept_as } => {
                let kept = kept_as.map_or(String::new(), |it| {
                    format!("; it was set aside as {}", it.display())
                });
                ui.warn(&format!(
                    "{path}/format.json is damaged: {why}{kept}. The rest is judged file by file"
                ));
            }
            Standing::Newer { format } if purpose == Purpose::Change => {
                return Err(newer(&self.state, format));
            }
            Standing::Newer { format } => {
                ui.note(&format!(
                    "{path} was written by a newer assay (format {format}); this goes on without it"
                ));
                return Self::without(None);
            }
        }
        Ok(self)
    }

    /// The cache: index pages, the store, staging files.
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// Fails where the cache goes with this run: nothing of it is worth looking at.
    pub fn expect_cache(&self) -> Result<()> {
        match self.keeps {
            Keeps::Both => Ok(()),
            Keeps::State | Keeps::Nothing => Err(Failure::could_not("this run has no cache")
                .hint("name a folder that can be written to with --cache-dir")),
        }
    }

    /// The state: what must not be lost or forged.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Whether what is written into the state is there in the next run.
    pub fn keeps_state(&self) -> bool {
        self.keeps != Keeps::Nothing
    }

    /// The state, where the cache outlives this run, for what is remembered of the cache.
    pub fn lasting_state(&self) -> Option<&Path> {
        (self.keeps == Keeps::Both).then_some(&*self.state)
    }

    /// The store of unpacked wheels. What is remembered of one that goes with this run goes too.
    pub fn store(&self) -> Store {
        match &self.temporary {
            None => Store::new(&self.cache, &self.state),
            Some(folder) => Store::new(&self.cache, &folder.path().join("state")),
        }
    }

    /// Sdists that were fetched, by their digests.
    pub fn sdists(&self) -> PrivateFolder {
        PrivateFolder::new(&self.cache).below("sdists")
    }

    /// What failed builds wrote.
    pub fn build_logs(&self) -> PrivateFolder {
        PrivateFolder::new(&self.cache).below("build-logs")
    }

    /// From what wheels of the cache were built, where the cache outlives this run.
    pub fn built(&self) -> Option<PrivateFolder> {
        let state = self.lasting_state()?;
        Some(PrivateFolder::new(state).below("built"))
    }

    /// Who may publish which project, as far as earlier runs and the user said.
    pub fn publishers(&self) -> KnownPublishers {
        KnownPublishers::new(&self.state)
    }

    /// Sigstore's trusted root, as far as earlier runs know a newer one than this assay carries.
    pub fn trust_root(&self) -> KnownTrustRoot {
        KnownTrustRoot::new(&self.state)
    }

    /// What to say of the clock, if anything.
    pub fn judge_clock(&self, now: Timestamp) -> Result<Option<String>> {
        let judged = clock::judge(&self.private_state(), now);
        judged.map_err(|error| assay_install::Error::from(error).into())
    }

    /// By when what ends has ended: the later of our clock and of what earlier runs saw.
    pub fn latest(&self, now: Timestamp) -> Result<Timestamp> {
        self.moment(now).map(Moment::latest)
    }

    /// Our clock, and what earlier runs saw.
    pub fn moment(&self, now: Timestamp) -> Result<Moment> {
        let moment = clock::moment(&self.private_state(), now);
        moment.map_err(|error| assay_install::Error::from(error).into())
    }

    /// Something was verified at this time.
    pub fn saw(&self, now: Timestamp) -> Result<()> {
        let raised = clock::raise(&self.private_state(), now);
        raised.map_err(|error| assay_install::Error::from(error).into())
    }

    fn private_state(&self) -> PrivateFolder {
        PrivateFolder::new(&self.state)
    }
}

/// The cache, or why there is none; `None` where none is wanted.
fn cache(common: &CommonArgs, around: &Surroundings) -> Result<Option<Usable>> {
    if common.no_cache_dir {
        return Ok(None);
    }
    let Some(named) = &common.cache_dir else {
        let usual = around.cache_home.as_deref().map(|it| it.join("assay"));
        return Ok(Some(usable(usual)));
    };
    let cache = PrivateFolder::new(around.absolute(named));
    match cache.make() {
        // The user named this very folder.
        Err(error @ Error::Io { .. }) => Err(Failure::could_not(error.to_string())),
        Ok(()) | Err(Error::NotPrivate { .. }) => Ok(Some(writable(&cache))),
    }
}

fn usable(path: Option<PathBuf>) -> Usable {
    let folder = PrivateFolder::new(path.ok_or("HOME is not set")?);
    match folder.make() {
        // Whether they are the user's own is judged where they are used.
        Ok(()) | Err(Error::NotPrivate { .. }) => writable(&folder),
        Err(error) => Err(error.to_string()),
    }
}

fn writable(folder: &PrivateFolder) -> Usable {
    let path = folder.path();
    // Somebody else's folder is refused where it is used, which says more.
    if folder.is_writable() || matches!(folder.check(), Err(Error::NotPrivate { .. })) {
        Ok(path.to_owned())
    } else {
        Err(format!("{path:?} cannot be written to"))
    }
}

fn lost(state: &Path, since: Option<Timestamp>) -> String {
    let since = since.map_or(String::new(), |it| format!(" since {it:.0}"));
    format!(
        "{} is gone; the cache knows that it was there{since}. Wheels are fetched and verified \
         again, and nothing vouches for the receipts of earlier installs",
        state.display()
    )
}

fn newer(state: &Path, format: u64) -> Failure {
    let path = state.display();
    Failure::could_not(format!(
        "{path} was written by a newer assay (format {format}) and was left alone"
    ))
    .detail("what it knows of trust cannot be read, and must not be ignored")
    .hint("use that assay, or name another folder with XDG_STATE_HOME")
}
