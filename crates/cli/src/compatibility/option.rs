//! An option of pip's, and what becomes of it here.

/// An option of pip's.
#[derive(Debug, Clone, Copy)]
pub struct PipOption {
    /// Its names in pip's order, with dashes.
    pub names: &'static [&'static str],
    /// What it does with a value.
    pub action: Action,
    /// What it sets, where several options set the same; else empty.
    pub sets: &'static str,
    /// Whether `~` begins a path in its value.
    pub is_path: bool,
    /// Here.
    pub standing: Standing,
}

/// What an option does with a value; decides how a setting of that name is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Takes none and switches something on.
    On,
    /// Takes none and switches something off, such as `--no-compile`: in pip.conf `no-compile = no`
    /// does that, and `yes` does not.
    Off,
    /// Takes none and switches something off; in pip.conf, whatever truth value it has.
    Always,
    /// Takes none and counts.
    Count,
    /// Takes one; the last one counts.
    One,
    /// Takes one and may be repeated; a setting lists several, and replaces those of earlier files.
    List,
    /// Takes one and may be repeated; a setting gives one more.
    Gather,
}

/// What becomes of an option or a command here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The same as in pip.
    Same,
    /// Offered, with less room for harm.
    Safer(&'static str),
    /// Refused where it is typed.
    NotOffered {
        /// Why.
        why: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
    /// Not offered and harmless to leave out: accepted with a note.
    NoUse(&'static str),
}

impl PipOption {
    /// The first long name, by which it is known.
    pub fn name(&self) -> &'static str {
        let long = self.names.iter().find(|it| it.starts_with("--"));
        long.copied().unwrap_or_default()
    }

    /// Whether one of its long names is this.
    pub fn is_called(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// Whether it takes a value.
    pub fn takes_value(&self) -> bool {
        matches!(self.action, Action::One | Action::List | Action::Gather)
    }

    /// Whether both set the same.
    pub fn competes_with(&self, other: &Self) -> bool {
        self.name() == other.name() || (!self.sets.is_empty() && self.sets == other.sets)
    }

    pub(super) const fn new(names: &'static [&'static str], action: Action) -> Self {
        Self {
            names,
            action,
            sets: "",
            is_path: false,
            standing: Standing::Same,
        }
    }

    pub(super) const fn on(names: &'static [&'static str]) -> Self {
        Self::new(names, Action::On)
    }

    pub(super) const fn off(names: &'static [&'static str]) -> Self {
        Self::new(names, Action::Off)
    }

    pub(super) const fn one(names: &'static [&'static str]) -> Self {
        Self::new(names, Action::One)
    }

    pub(super) const fn list(names: &'static [&'static str]) -> Self {
        Self::new(names, Action::List)
    }

    pub(super) const fn gather(names: &'static [&'static str]) -> Self {
        Self::new(names, Action::Gather)
    }

    pub(super) const fn path(mut self) -> Self {
        self.is_path = true;
        self
    }

    pub(super) const fn sets(mut self, what: &'static str) -> Self {
        self.sets = what;
        self
    }

    pub(super) const fn safer(mut self, how: &'static str) -> Self {
        self.standing = Standing::Safer(how);
        self
    }

    pub(super) const fn no_use(mut self, why: &'static str) -> Self {
        self.standing = Standing::NoUse(why);
        self
    }

    pub(super) const fn not_offered(mut self, why: &'static str, instead: &'static str) -> Self {
        self.standing = Standing::NotOffered { why, instead };
        self
    }
}
