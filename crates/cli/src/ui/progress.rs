//! Progress of resolving, downloading and installing: bars on a terminal, plain lines elsewhere.

use std::{
    collections::BTreeSet,
    io::Write as _,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use assay_types::Printable;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::log::Log;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Moving bars.
    Bars,
    /// A line on standard output when something begins or ends, as pip has it: what goes to
    /// standard error is trouble.
    Lines,
    /// Nothing.
    Off,
}

/// What is going on, for all threads of a command.
#[derive(Debug)]
pub struct Progress {
    mode: Mode,
    bars: MultiProgress,
    /// What goes on as a whole; none while nothing does.
    phase: Mutex<Option<ProgressBar>>,
    /// The phases that were said.
    said: Mutex<BTreeSet<String>>,
    resolved: AtomicUsize,
    bytes: AtomicU64,
    started: Instant,
    log: Option<Arc<Log>>,
}

/// One download.
#[derive(Debug)]
pub struct Task<'a> {
    progress: &'a Progress,
    bar: Option<ProgressBar>,
    arrived: AtomicU64,
}

/// Smaller downloads get no bar of their own.
const WORTH_A_BAR: u64 = 1 << 20;

impl Progress {
    pub(super) fn new(mode: Mode, log: Option<Arc<Log>>) -> Self {
        let target = if mode == Mode::Bars {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bars = MultiProgress::with_draw_target(target);
        Self {
            mode,
            bars,
            phase: Mutex::new(None),
            said: Mutex::default(),
            resolved: AtomicUsize::new(0),
            bytes: AtomicU64::new(0),
            started: Instant::now(),
            log,
        }
    }

    /// A phase begins: `Resolving`, `Fetching`, `Installing`. One that begins anew is not said again.
    pub fn phase(&self, text: &str) {
        if self.mode == Mode::Bars {
            let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
            phase
                .get_or_insert_with(|| self.spinner())
                .set_message(text.to_owned());
        }
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.insert(text.to_owned()) {
            self.say(format_args!("{text} …"));
        }
    }

    fn spinner(&self) -> ProgressBar {
        let spinner = ProgressBar::new_spinner().with_style(style("{spinner} {msg}"));
        let spinner = self.bars.insert(0, spinner);
        spinner.enable_steady_tick(Duration::from_millis(100));
        spinner
    }

    /// One more project was looked at.
    pub fn looked_at(&self, project: &str) {
        let count = self.resolved.fetch_add(1, Relaxed) + 1;
        let phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(spinner) = &*phase {
            spinner.set_message(format!(
                "Resolving: {count} projects, {}",
                Printable(project)
            ));
        }
    }

    /// A download begins; `size` in bytes where it is known.
    pub fn download(&self, file_name: &str, size: Option<u64>) -> Task<'_> {
        let shown = self.mode == Mode::Bars && size.is_some_and(|it| it >= WORTH_A_BAR);
        let bar = shown.then(|| {
            let template = "  {bytes:>10}/{total_bytes:10} {bar:24} {msg}";
            let bar = ProgressBar::new(size.unwrap_or_default()).with_style(style(template));
            let bar = self.bars.add(bar);
            bar.set_message(Printable(file_name).to_string());
            bar
        });
        if size.is_some_and(|it| it >= WORTH_A_BAR) {
            self.say(format_args!("Downloading {}", Printable(file_name)));
        }
        Task {
            progress: self,
            bar,
            arrived: AtomicU64::new(0),
        }
    }

    /// A repository is fetched.
    pub fn fetching(&self, what: &str) {
        self.tell(&format!("Fetching {} …", Printable(what)));
    }

    /// A backend begins to run, held by this.
    pub fn building(&self, of: &str, tier: &str, what: &str) {
        let of = Printable(of);
        self.tell(&format!("{what} {of} in a sandbox ({tier}) …"));
    }

    /// Another assay fetches a file that is wanted here too.
    pub fn waiting(&self, file_name: &str) {
        let text = format!(
            "Waiting for another assay that fetches {}",
            Printable(file_name)
        );
        self.tell(&text);
    }

    /// The search goes on for longer than people expect: `tried` versions of one project so far.
    pub fn still_searching(&self, project: &str, tried: usize) {
        let project = Printable(project);
        match tried {
            3 | 9 => self.tell(&format!(
                "assay is {}looking at multiple versions of {project} to determine which version \
                 is compatible with other requirements. This could take a while.",
                if tried == 3 { "" } else { "still " }
            )),
            14 => self.tell(
                "This is taking longer than usual: stricter requirements or constraints make the \
                 search shorter. If you want to abort this run, press Ctrl + C.",
            ),
            _ => {}
        }
    }

    /// A line between the bars, or among the lines.
    fn tell(&self, text: &str) {
        if self.mode == Mode::Bars {
            // A terminal that went away shows nothing.
            let _ = self.bars.println(text);
        }
        self.say(format_args!("{text}"));
    }

    /// What arrived for something of which nothing is shown arrived all the same.
    pub fn add_bytes_of(&self, other: &Self) {
        let bytes = other.bytes.swap(0, Relaxed);
        self.bytes.fetch_add(bytes, Relaxed);
    }

    /// Bytes that arrived so far.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Time since the command began.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Takes all bars away, so that lines can be printed.
    pub fn pause(&self) {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(spinner) = phase.take() {
            spinner.finish_and_clear();
        }
        // A terminal that went away has no bars to clear.
        let _ = self.bars.clear();
    }

    fn say(&self, text: std::fmt::Arguments<'_>) {
        if let Some(log) = &self.log {
            log.write(&text.to_string());
        }
        if self.mode == Mode::Lines {
            // Who does not listen misses nothing that matters.
            let _ = writeln!(std::io::stdout().lock(), "{text}");
        }
    }
}

impl Task<'_> {
    /// So many bytes have arrived in all; falls back when a transfer starts over.
    pub fn arrived(&self, bytes: u64) {
        let before = self.arrived.swap(bytes, Relaxed);
        self.progress
            .bytes
            .fetch_add(bytes.saturating_sub(before), Relaxed);
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
        }
    }
}

impl Drop for Task<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    // The templates are constants of this file; a mistake in one falls back to the plain bar.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
